"""Turkish daily amounts abroad: law 6245, articles 34 and 43, the yearly decree on foreign daily amounts. Pure.

Each exit: the first ten days at 150 % of the table, then 100 % (decree; worked case China: 95 × 1.5 × 8 = 1,140).
Started 24 hours are a day (art. 43). Several countries: each for its stay. Bed, first ten days only, on the invoice:
70 % of what exceeds 40 % of the raised amount, at most 100 % of it (columns I to III) or 70 % (IV to VIII). What a
foreign state or body pays the person comes off. The law knows no deduction for meals or a bed that is given; an
institution may pay less.
"""

import re
from datetime import date
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import Mission, MissionNight, PayPlace, ProvidedBy, official
from finance.rules.lines import (
    ZERO,
    Computation,
    LineHead,
    OpenLine,
    PayLine,
    computation,
    night_counts,
    rounded,
    unpaid_night,
)
from finance.rules.periods import periods_of

RAISED_DAYS = 10
RAISED = Decimal("1.5")
BED_SHARE, BED_FROM = Decimal("0.70"), Decimal("0.40")
BED_CEILINGS = {True: Decimal("1.00"), False: Decimal("0.70")}
HIGH_COLUMNS = frozenset({"I", "II", "III", "1", "2", "3"})


def days_abroad(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "USD",
    column: str = "",
    received_per_day: Decimal = ZERO,
) -> Computation:
    """Lines of the started days, then of the hotel bills of the first ten. `column` is that of the person's rank."""
    cut = official(mission)
    found: list[PayLine | OpenLine] = []
    beds: list[PayLine | OpenLine] = []
    number = 0
    for period in periods_of(cut.mission):
        night = cut.mission.night_of(period.day)
        if night is not None and night.bed is ProvidedBy.home:
            number = 0
            found.append(LineHead("period", period.day, night.place, currency).unpaid("home"))
            continue
        number += 1
        found.append(_line(cut.mission, period.day, number, rates, currency, received_per_day))
        if number <= RAISED_DAYS:
            of_day = [one for one in cut.mission.ordered_nights if one.day == period.day]
            bills = [one for one in of_day if one.cost is not None and not one.is_bed_given]
            beds += [_bed(cut.mission, one, rates, currency, column) for one in bills]
    for day in cut.personal_days:
        found.append(LineHead("period", day, _place(mission, day), currency).unpaid("personal"))
    return computation(currency, [*found, *beds])


def _line(
    mission: Mission, day: date, number: int, rates: DatedRates, currency: str, received: Decimal
) -> PayLine | OpenLine:
    place = _place(mission, day)
    pick = rates.find(place.country, place.city, day)
    head = LineHead("period", day, place, currency, pick)
    night = mission.night_of(day)
    if night is not None and night.is_personal:
        return head.unpaid("personal", head.amount)
    if not night_counts(day, mission.attended):
        return head.unpaid("not_attended", head.amount)
    if pick is None:
        return head.missing()
    share = RAISED if number <= RAISED_DAYS else Decimal(1)
    line = head.paid(pick.amount, str(share), pick.amount * share)
    return line.less(rounded(received, currency)) if received else line


def _place(mission: Mission, day: date) -> PayPlace:
    """Where the person sleeps; on a day without a night where it slept last, else the place of the work."""
    night = mission.night_of(day)
    if night is not None and night.place.country:
        return night.place
    before = [one for one in mission.ordered_nights if one.day < day and one.place.country]
    is_abroad = bool(before) and before[-1].bed is not ProvidedBy.home
    return before[-1].place if is_abroad else mission.place


def _bed(mission: Mission, night: MissionNight, rates: DatedRates, currency: str, column: str) -> PayLine | OpenLine:
    pick = rates.find(night.place.country, night.place.city, night.day)
    head = LineHead("bed", night.day, night.place, currency, pick)
    reason = unpaid_night(night, mission.attended, vehicle_pays=True)
    if reason:
        return head.unpaid(reason)
    if pick is None:
        return head.missing()
    raised = rounded(pick.amount * RAISED, currency)
    above = (night.cost or ZERO) - raised * BED_FROM
    ceiling = raised * BED_CEILINGS[is_high_column(column)]
    due = max(ZERO, above * BED_SHARE)
    reason = "below_40_percent" if above <= 0 else ("ceiling" if due > ceiling else "")
    line = head.paid(None, str(BED_SHARE), min(due, ceiling), reason=reason)
    return line.by("bill_abroad", bill=night.cost or ZERO, raised=raised, ceiling=ceiling)


def is_high_column(column: str) -> bool:
    """Whether a column of rank, or a span of them ("I-III"), is one of the first three."""
    parts = [part for part in re.split(r"\W+", column.upper()) if part]
    return bool(parts) and HIGH_COLUMNS.issuperset(parts)
