"""One person's way through a visit: for a mail, for the organiser, for a telephone."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.pdf import PDF
from core.errors import NotFound
from core.i18n import Words, words
from core.settings import Settings
from core.zones import start_of_day
from directory.accounts.access import Caller
from events.invitations.session_signups.service import sessions_left_out
from events.messaging.attachments.service import Concerned, of_confirmed
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.service import programme_for
from events.programme.events.models import Event
from notifications.jobs.context import Attached
from visits.itineraries.composition import items_of
from visits.itineraries.rules import KEPT_ON_DEVICE
from visits.itineraries.schemas import ItineraryItemOut, KeptItinerary
from visits.journeys.service import TravellerJourney, journeys_for
from visits.stays.models import Stay


@of_confirmed
async def itinerary(db: AsyncSession, one: Concerned, settings: Settings, *, at: datetime) -> Attached:
    """The sessions the person attends and where they sleep, as a PDF in their language."""
    registration, event, person, _ = one
    say = words(person.language)
    left_out = await sessions_left_out(db, event.id, registration.id)
    programme = await programme_for(db, event, person.language, at=at, files=settings.files, without=left_out)
    stays = await db.exec(select(Stay).where(Stay.registration_id == registration.id).order_by(col(Stay.check_in)))
    nights = "; ".join(
        f"{stay.city or say.country(stay.country)}, {say.days(stay.check_in, stay.check_out)}" for stay in stays
    )
    venue = " · ".join(filter(None, [event.venue, f"{say.translate('Nights')}: {nights}" if nights else ""]))
    document = replace(programme, title=f"{programme.title}: {person.name}", venue=venue)
    return Attached("itinerary.pdf", PDF, programme_pdf(document))


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
    return KeptItinerary(
        event=event.title_in(say.language),
        name=journey.person.name,
        zone=event.zone,
        ends_at=ends,
        made_at=at,
        contact=contact,
        days=days,
        items=[ItineraryItemOut.of(item, say) for item in items],
    )
