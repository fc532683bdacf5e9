"""What a desk link is good for, and for how long. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from core.errors import N_, Refusal
from core.zones import start_of_day

# Queues that were filled offline are sent until then.
AFTER_THE_EVENT = timedelta(hours=12)
MOST_DEVICES = 20


class DeskRole(StrEnum):
    """What whoever holds a device may do."""

    desk = "desk"
    gate = "gate"


DESK_ROLES = {
    DeskRole.desk: N_("Desk: checks people in and adds walk-ins"),
    DeskRole.gate: N_("Gate: checks people in and out"),
}


class DeskLinkIsOver(Refusal):
    """Expired twelve hours after the event, or withdrawn."""

    status = 410
    code = "desk-link-over"
    title = N_("This desk link is no longer valid. Please ask the organiser for a new one.")


class TooManyDevices(Refusal):
    """The link has let in as many devices as it was made for."""

    status = 409
    code = "too-many-devices"
    title = N_("This link is already used on %(count)s devices, which is all it was made for.")


def ends_at(last_day: date, zone: str) -> datetime:
    """When links of an event end: twelve hours after its last day is over, by the event's own clock."""
    return start_of_day(last_day + timedelta(days=1), zone) + AFTER_THE_EVENT
