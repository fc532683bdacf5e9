"""Turkish daily amounts at home: law 6245, articles 33, 39 and 41 to 43, budget law table H. Pure.

Art. 39: away at 13:00 (lunch) or 19:00 (dinner) a third each, both two thirds, with the night the whole; within the
place of duty nothing. Practice pays two thirds for a night with one meal, so night, lunch and dinner are a third
each; `night_is_full` makes any night a whole day. Ours: a night is being away at 24:00 and still at 04:00. Art. 33/d
with table H: the bed on the invoice, up to a part of the daily amount that the year's table says by the number of the
night. Art. 42, at one place for one work in a year: 90 days whole, 90 days two thirds, then nothing. The gross is
rounded once. Nothing comes off for meals: the law knows no deductions.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

from finance.rates.rules import DatedRates
from finance.rates.shipped import LodgingStep
from finance.rules.facts import HOURS, MealKind, Mission, PayPlace, ProvidedBy, TimeAway, instant_at, official
from finance.rules.lines import (
    ZERO,
    Computation,
    LineHead,
    OpenLine,
    PayLine,
    bed_on_invoice,
    computation,
    counts,
    unpaid_night,
)

WHOLE_DAYS, REDUCED_DAYS = 90, 180
STILL_AWAY = time(4)


def thirds_of_days(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "TRY",
    lodging: Sequence[LodgingStep] = (),
    night_is_full: bool = False,
    days_before: int = 0,
) -> Computation:
    """Lines of the days, then of the hotel bills. `days_before`: already paid this year at the place for this work."""
    cut = official(mission)
    away = cut.mission.away
    found: list[PayLine | OpenLine] = []
    paid = days_before
    for day in away.dates if away else ():
        thirds = _thirds(away, day, night_is_full, cut.mission) if away else 0
        paid += thirds > 0
        found.append(_line(cut.mission, day, rates, currency, Fraction(thirds, 3), paid))
    for day in cut.personal_days:
        found.append(LineHead("day", day, _place(mission, day), currency).unpaid("personal"))
    return computation(currency, [*found, *_beds(mission, rates, currency, lodging)])


def _thirds(away: TimeAway, day: date, night_is_full: bool, mission: Mission) -> int:
    zone = away.leaves.zone

    def is_away(at: time, of: date) -> bool:
        return away.holds(instant_at(of, zone, at))

    meals = sum(is_away(HOURS[kind], day) for kind in (MealKind.lunch, MealKind.dinner))
    night, next_day = mission.night_of(day), day + timedelta(days=1)
    slept = is_away(time(), next_day) and is_away(STILL_AWAY, next_day)
    slept = slept and not (night and night.bed is ProvidedBy.home)
    return 3 if slept and night_is_full else meals + slept


def _line(
    mission: Mission, day: date, rates: DatedRates, currency: str, part: Fraction, number: int
) -> PayLine | OpenLine:
    place = _place(mission, day)
    pick = rates.find(place.country, place.city, day)
    head = LineHead("day", day, place, currency, pick)
    rate = head.amount
    night = mission.night_of(day)
    if night is not None and night.is_personal:
        return head.unpaid("personal", rate)
    if place.city and place == mission.home:
        return head.unpaid("home", rate)
    if not counts(day, mission.attended):
        return head.unpaid("not_attended", rate)
    if not part:
        return head.unpaid("no_meal_time", rate)
    if number > REDUCED_DAYS:
        return head.unpaid("after_180_days", rate)
    if rate is None:
        return head.missing()
    share = f"{part * 3}/3"
    if number > WHOLE_DAYS:
        part *= Fraction(2, 3)
        share = str(part)
    return head.paid(rate, share, rate * part.numerator / part.denominator)


def _place(mission: Mission, day: date) -> PayPlace:
    """Where the person sleeps if its town is known, else the place of the work."""
    night = mission.night_of(day)
    if night is not None and night.place.city:
        return night.place
    if mission.place.country:
        return mission.place
    before = [one.place for one in mission.ordered_nights if one.day <= day and one.place.country]
    return before[-1] if before else mission.home_country


def _beds(
    mission: Mission, rates: DatedRates, currency: str, lodging: Sequence[LodgingStep]
) -> list[PayLine | OpenLine]:
    found: list[PayLine | OpenLine] = []
    number = 0
    for night in mission.ordered_nights:
        number += not night.is_personal and night.bed is not ProvidedBy.home
        if night.cost is None or night.is_bed_given:
            continue
        place = night.place if night.place.city or not mission.place.country else mission.place
        pick = rates.find(place.country, place.city, night.day)
        head = LineHead("bed", night.day, place, currency, pick)
        reason = unpaid_night(night, mission.attended, vehicle_pays=True)
        percent = lodging_percent(lodging, night.day.year, number)
        if reason:
            found.append(head.unpaid(reason))
        elif pick is None or percent is None:
            found.append(head.missing("rate" if pick is None else "lodging percentage"))
        else:
            found.append(bed_on_invoice(head, night.cost, pick.amount * percent / 100))
    return found


def lodging_percent(lodging: Sequence[LodgingStep], year: int, number: int) -> Decimal | None:
    """Of the year itself, else the latest before it, else the first there is; nothing after the last step."""
    steps = [step for step in lodging if step.first_night <= number <= step.last_night]
    if not steps:
        return ZERO if lodging else None
    return max(steps, key=lambda step: (step.year <= year, step.year if step.year <= year else -step.year)).percent
