"""What an absence can be, and what entering one for several people would do. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core.errors import N_, Unacceptable
from core.zones import day_in

# People come early or stay on, but not by more than a month.
AROUND = timedelta(days=31)
MOST_AT_ONCE = 5000


@dataclass(frozen=True)
class ToldAbsence:
    """Both moments in UTC with the zones whose clocks showed them."""

    leaves_at: datetime
    leaves_zone: str
    returns_at: datetime
    returns_zone: str

    def must_fit(self, first_day: date, last_day: date) -> None:
        """Back after leaving, within a month around these days and with at least one of them in it.

        Raises Unacceptable beside the field.
        """
        if self.returns_at <= self.leaves_at:
            raise Unacceptable("returns_day", N_("This is back before it leaves."))
        leaves, returns = (
            day_in(self.leaves_zone, at=self.leaves_at),
            day_in(self.returns_zone, at=self.returns_at),
        )
        if not first_day - AROUND <= leaves <= last_day:
            raise Unacceptable("leaves_day", N_("Leaving has to be in the month before the event, or during it."))
        if not first_day <= returns <= last_day + AROUND:
            raise Unacceptable("returns_day", N_("Being back has to be during the event, or in the month after it."))


@dataclass(frozen=True)
class AbsencePlan:
    """What entering the same absence for several people does: for how many it is new, of how many it replaces what is
    entered, how many of these told it themselves, and of how many what is entered stays."""

    people: int
    new: int
    replaced: int
    told: int
    kept: int


def plan_of(
    people: Collection[UUID], entered: Mapping[UUID, UUID | None], *, replaces: bool
) -> tuple[AbsencePlan, list[UUID]]:
    """The plan, and whose absence is written; `entered` are those there are, with the account that entered them."""
    there = [id for id in people if id in entered]
    written: Iterable[UUID] = people if replaces else [id for id in people if id not in entered]
    plan = AbsencePlan(
        people=len(people),
        new=len(people) - len(there),
        replaced=len(there) if replaces else 0,
        told=sum(entered[id] is None for id in there),
        kept=0 if replaces else len(there),
    )
    return plan, list(written)
