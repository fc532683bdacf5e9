"""For how long a request to be written to elsewhere stands, and what stands in its way. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import N_, Refusal

REQUEST_LIFE = timedelta(hours=48)
# For how long the organiser is shown that somebody asked for an address that another record has.
TAKEN_LIFE = timedelta(days=30)


class AddressChangeState(StrEnum):
    """`taken`: both mailboxes confirmed, and another record of the project has the address by now."""

    asked = "asked"
    changed = "changed"
    taken = "taken"


class Mailbox(StrEnum):
    """Which of the two mailboxes a link went to."""

    former = "former"
    new = "new"


class AddressLinkIsOver(Refusal):
    status = 410
    code = "address-link-over"
    title = N_("This link has been used, or is too old. For another address, please ask anew on your page.")


class SameAddress(Refusal):
    status = 422
    code = "same-address"
    title = N_("We write to this address already.")


def is_open(ends_at: datetime, *, at: datetime) -> bool:
    """Whether a link still counts; the ending moment itself is too late."""
    return at < ends_at
