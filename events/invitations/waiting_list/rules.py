"""The waiting list: how long an offered place is kept, and who may hope. Pure."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal

OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5


class OfferIsOver(Refusal):
    status = 409
    code = "offer-over"
    title = N_("This place was kept for you until %(until)s and went to somebody else. You can ask again.")


class NotWaiting(Refusal):
    status = 409
    code = "not-waiting"
    title = N_("This person is not on the waiting list.")


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


def after_working_hours(at: datetime, hours: int, zone: str) -> datetime:
    """The moment when so many working hours have passed, Monday to Friday from nine to five on the wall clock
    of the event's zone. Public holidays count as working days: an offer may then be short, never lost silently."""
    clock = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    left = timedelta(hours=hours)
    while True:
        opens, closes = datetime.combine(clock.date(), OPENS), datetime.combine(clock.date(), CLOSES)
        clock = max(clock, opens)
        if clock.weekday() < _SATURDAY and clock < closes:
            if clock + left <= closes:
                return (clock + left).replace(tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)
            left -= closes - clock
        clock = datetime.combine(clock.date() + timedelta(days=1), OPENS)


def chance(position: int, confirmed: int, cancelled_before: int, said_yes_before: int) -> Chance:
    """Whether the place numbered `position` on the list will come free, if as many give theirs back as did in
    the project's earlier events. Where there were none, one in ten is assumed."""
    share = cancelled_before / said_yes_before if said_yes_before else 0.1
    expected = confirmed * share
    if position <= expected:
        return Chance.likely
    return Chance.possible if position <= 2 * expected + 1 else Chance.unlikely
