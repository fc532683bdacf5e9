"""What study visits bring, and what packages below are told of them."""

from core.wiring import Wiring
from events.calendars.entries import service as feed_entries
from events.calendars.entries.service import Source
from events.messaging.attachments.rules import AttachmentKind
from events.messaging.reminders import service as reminders
from events.programme.lifecycle import service as lifecycle
from events.programme.lifecycle.service import Follower
from visits import personal_data
from visits.acts import ACTS
from visits.itineraries.service import itinerary
from visits.stays.service import count_stays, entries, journeys_of, move_stays, state


def wire() -> Wiring:
    """The share of visits: nights move with their event, stand in calendars, and say when people are away."""
    reminders.JOURNEYS[:] = [journeys_of]
    lifecycle.FOLLOWERS.append(Follower(count_stays, move_stays))
    feed_entries.SOURCES[:] = [Source(state, entries)]
    return Wiring(
        attachment_builders={AttachmentKind.itinerary: itinerary},
        feed_tables=["stay"],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
    )
