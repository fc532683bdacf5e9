"""The waiting list: who may hope. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class NotWaiting(Refusal):
    status = 409
    code = "not-waiting"
    title = N_("This person is not on the waiting list.")


class NoPlaceToGive(Refusal):
    status = 409
    code = "no-place-to-give"
    title = N_("Nobody waits for whom a place is free.")


class Chance(StrEnum):
    """How likely somebody who waits still gets a place."""

    likely = "likely"
    possible = "possible"
    unlikely = "unlikely"


CHANCES = {
    Chance.likely: N_("Likely"),
    Chance.possible: N_("Possible"),
    Chance.unlikely: N_("Unlikely"),
}


def chance(position: int, confirmed: int, cancelled_before: int, said_yes_before: int) -> Chance:
    """Whether the place numbered `position` (from 1) on the list will come free, if as many give theirs back as did
    in the project's earlier events. Where there were none, one in ten is assumed: an assumption of ours, no figure."""
    share = cancelled_before / said_yes_before if said_yes_before else 0.1
    expected = confirmed * share
    if position <= expected:
        return Chance.likely
    return Chance.possible if position <= 2 * expected + 1 else Chance.unlikely
