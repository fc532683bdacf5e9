"""One person's way through a visit: for a mail, for the organiser, for a telephone."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import NotFound
from core.i18n import Words
from core.zones import start_of_day
from directory.accounts.access import Caller
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from visits.itineraries.composition import items_of
from visits.itineraries.rules import KEPT_ON_DEVICE
from visits.itineraries.schemas import ItineraryItemOut, KeptItinerary
from visits.journeys.service import TravellerJourney, journeys_for


async def journey_of(
    db: AsyncSession, event_id: UUID, registration_id: UUID, caller: Caller, *, at: datetime
) -> tuple[Event, TravellerJourney]:
    """One person's journey for somebody who may look at the event. Raises NotFound."""
    event, found = await journeys_for(db, event_id, caller, at=at, only=registration_id)
    if not found:
        raise NotFound()
    return event, found[0]


def kept_itinerary(journey: TravellerJourney, event: Event, contact: str, say: Words, *, at: datetime) -> KeptItinerary:
    """What the traveller's telephone keeps, until a few days after the visit."""
    items = items_of(journey, event, say)
    ends = start_of_day(event.last_day + timedelta(days=1), event.zone) + KEPT_ON_DEVICE
    days = {item.starts.day: say.weekday(item.starts.day) for item in items}
    days |= {
        item.ends.day: say.day(item.ends.day, "medium") for item in items if item.ends and item.ends.day not in days
    }
    title = event.title_in(say.language)
    return KeptItinerary(
        event=title if event.state is not EventState.cancelled else f"{title}: {say.translate('Cancelled')}",
        name=journey.person.name,
        zone=event.zone,
        ends_at=ends,
        made_at=at,
        contact=contact,
        days=days,
        items=[ItineraryItemOut.of(item, say) for item in items],
    )
