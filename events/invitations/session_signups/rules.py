"""What stands in the way of choosing a session. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.errors import N_, Refusal


class SessionNews(StrEnum):
    """What somebody who waits for a session is told."""

    given = "given"
    offered = "offered"
    expired = "expired"


class SignupState(StrEnum):
    """How somebody who chose a session stands to it."""

    taken = "taken"
    kept = "kept"
    waiting = "waiting"


SIGNUP_STATES = {
    SignupState.taken: N_("Has a place"),
    SignupState.kept: N_("A place is kept"),
    SignupState.waiting: N_("Waits"),
}


def signup_state(waiting_since: datetime | None, offered_until: datetime | None) -> SignupState:
    """How somebody who has not left stands to a session."""
    if offered_until:
        return SignupState.kept
    return SignupState.waiting if waiting_since else SignupState.taken


# What the table of a session is headed by.
HEADS = (
    N_("Name"),
    N_("Institution"),
    N_("State"),
    N_("Position"),
    N_("Since"),
    N_("Kept until"),
    N_("At the same time"),
)


@dataclass(frozen=True)
class SignupLine:
    """Somebody on the list of a session: since when, until when a place is kept, the number among those who wait, from
    1, and the sessions at the same time that they have chosen as well."""

    invitation_id: UUID
    name: str
    institution: str
    state: SignupState
    position: int | None
    since: datetime
    until: datetime | None
    clashes_with: Sequence[str] = ()


class SessionHasBegun(Refusal):
    status = 409
    code = "session-begun"
    title = N_("“%(session)s” has begun.")


class SessionClash(Refusal):
    """Somebody is in one place at a time."""

    status = 409
    code = "session-clash"
    title = N_("“%(session)s” is at the same time as “%(other)s” (%(starts)s–%(ends)s). Please leave that one first.")


class NothingToChoose(Refusal):
    status = 409
    code = "nothing-to-choose"
    title = N_("Everybody takes part in this session; there is nothing to choose.")


class PlaceNeeded(Refusal):
    status = 409
    code = "place-needed"
    title = N_("You can choose sessions as soon as you have a place at the event.")
