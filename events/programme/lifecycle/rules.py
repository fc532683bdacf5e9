"""Moving an agenda by days so that its local times stay. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal

MOST_COPIES = 60


class SameDays(Refusal):
    status = 422
    code = "same-days"
    title = N_("These are the days it has already.")


class TakenMeanwhile(Refusal):
    status = 409
    code = "taken-meanwhile"
    title = N_("Another event has this title and these days now. Please rename or move that one first.")


@dataclass(frozen=True)
class Shift:
    """So many days between the old first day and the new one, in zones that may differ."""

    days: int
    from_zone: str
    to_zone: str

    @classmethod
    def between(cls, before: date, after: date, from_zone: str, to_zone: str | None = None) -> "Shift":
        return cls((after - before).days, from_zone, to_zone or from_zone)

    def day(self, day: date | None) -> date | None:
        return day + timedelta(days=self.days) if day else None

    def moment(self, moment: datetime) -> datetime:
        """The same time on the clock, so many days later: 09:30 stays 09:30 across a clock change.

        A time that the clocks skip becomes the moment at which they jump past it; of one that happens twice
        the first is taken.
        """
        wall = moment.astimezone(ZoneInfo(self.from_zone)).replace(tzinfo=None, fold=0) + timedelta(days=self.days)
        return wall.replace(tzinfo=ZoneInfo(self.to_zone)).astimezone(UTC)
