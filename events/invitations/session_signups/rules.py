"""What stands in the way of choosing a session. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class SessionNews(StrEnum):
    """What somebody who waits for a session is told."""

    given = "given"
    offered = "offered"
    expired = "expired"


class SessionHasBegun(Refusal):
    status = 409
    code = "session-begun"
    title = N_("“%(session)s” has begun.")


class NothingToChoose(Refusal):
    status = 409
    code = "nothing-to-choose"
    title = N_("Everybody takes part in this session; there is nothing to choose.")


class PlaceNeeded(Refusal):
    status = 409
    code = "place-needed"
    title = N_("You can choose sessions as soon as you have a place at the event.")
