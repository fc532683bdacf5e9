"""Places and the waiting list. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class RegistrationStatus(StrEnum):
    """Whether a registration holds a place: a confirmed one does, and one to whom a place is offered."""

    confirmed = "confirmed"
    offered = "offered"
    waiting = "waiting"
    pending = "pending"
    withdrawn = "withdrawn"


HOLDING = (RegistrationStatus.confirmed, RegistrationStatus.offered)


class NotRegistered(Refusal):
    status = 409
    code = "not-registered"
    title = N_("Please accept the invitation first.")


class AttendanceRecorded(Refusal):
    status = 409
    code = "attendance-recorded"
    title = N_(
        "You have signed or checked in at this event, so the place cannot be given back or handed over here. Please "
        "write to the organiser."
    )
