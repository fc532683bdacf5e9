"""Places and the waiting list. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class Standing(StrEnum):
    """Whether a registration holds a place."""

    confirmed = "confirmed"
    waiting = "waiting"
    withdrawn = "withdrawn"


class NotRegistered(Refusal):
    status = 409
    code = "not-registered"
    title = N_("Please accept the invitation first.")
