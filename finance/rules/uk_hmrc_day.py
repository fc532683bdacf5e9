"""British day meals by HMRC's benchmark scale rates. Pure; the example of a set in one file (docs/per-diem-rules.md).

5 hours or more away 5 pounds, 10 hours or more 10, 15 hours or more and still away at 20:00 25 (two accountants' pages
on the benchmark rates; for the last figure one). A ceiling of what the employer may pay without receipts.
Ours: each calendar day counts by its own hours; days with a night away are taken alike; given meals take off nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import Mission, TimeAway, instant_at, official
from finance.rules.lines import Computation, LineHead, OpenLine, PayLine, computation, counts


@dataclass(frozen=True)
class HoursStep:
    """Away for so long, and where it is said still away at that hour: then so much is paid."""

    at_least: timedelta
    amount: Decimal
    still_away_at: time | None = None


STEPS = (
    HoursStep(timedelta(hours=15), Decimal(25), time(20)),
    HoursStep(timedelta(hours=10), Decimal(10)),
    HoursStep(timedelta(hours=5), Decimal(5)),
)


def british_days(
    mission: Mission,
    _rates: DatedRates,
    *,
    currency: str = "GBP",
    steps: Sequence[HoursStep] = STEPS,
) -> Computation:
    """One line for each calendar day; `steps` from the highest down."""
    cut = official(mission)
    away, private = cut.mission.away, {night.day for night in cut.mission.nights if night.is_personal}
    found: list[PayLine | OpenLine] = []
    for day in away.dates if away else ():
        head = LineHead("day", day, mission.place, currency)
        amount = _amount(away, day, steps) if away else None
        if day in private:
            found.append(head.unpaid("personal"))
        elif not counts(day, mission.attended):
            found.append(head.unpaid("not_attended"))
        else:
            found.append(head.unpaid("under_5_hours") if amount is None else head.paid(amount, "1", amount))
    found += [LineHead("day", day, mission.place, currency).unpaid("personal") for day in cut.personal_days]
    return computation(currency, found)


def _amount(away: TimeAway, day: date, steps: Sequence[HoursStep]) -> Decimal | None:
    zone = away.leaves.zone
    starts, ends = (instant_at(one, zone) for one in (day, day + timedelta(days=1)))
    length = min(ends, away.end) - max(starts, away.start)
    for step in steps:
        is_still = step.still_away_at is None or away.holds(instant_at(day, zone, step.still_away_at))
        if length >= step.at_least and is_still:
            return step.amount
    return None
