"""The daily subsistence of the European Union's staff on mission. Pure.

Staff Regulations, annex VII, article 13: a flat sum for breakfast, two main meals, incidentals and local travel; the
hotel is reimbursed on documents up to the country's ceiling (tables of Regulations 1066/2006 and 337/2007, now
2016/1611). Guide to missions C(2008)6215, recalled: up to 6 hours nothing, up to 12 a half, up to 24 a whole, then a
half for each started 12 hours; meals that are given take off 15, 30 and 30 % of the whole allowance.
Ours: one line for each 24 hours from the start, at the rate of the place slept in during them, else of the place of
work; a meal belongs to the period in which its hour lies.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import HOURS, MEAL_GIVEN, MealKind, Mission, PayPlace, ProvidedMeal, instant_at, official
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    beds_on_invoice,
    computation,
    night_counts,
)
from finance.rules.periods import MissionPeriod, periods_of

SHARES = {"breakfast": Decimal("0.15"), "lunch": Decimal("0.30"), "dinner": Decimal("0.30")}
SHORTEST = timedelta(hours=6)
HALF = timedelta(hours=12)


def mission_periods(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "EUR",
    shares: Mapping[str, Decimal] = SHARES,
) -> Computation:
    """Lines of the periods, then of the hotel bills."""
    cut = official(mission)
    shares = {**SHARES, **shares}
    found: list[PayLine | OpenLine] = []
    periods = periods_of(cut.mission)
    for period in periods:
        found.append(_line(cut.mission, period, rates, currency, shares, len(periods) == 1))
    for day in cut.personal_days:
        found.append(LineHead("period", day, _place(mission, day), currency).unpaid("personal"))
    return computation(currency, [*found, *beds_on_invoice(mission, rates, currency, "hotel_ceiling", "hotel ceiling")])


def _line(
    mission: Mission,
    period: MissionPeriod,
    rates: DatedRates,
    currency: str,
    shares: Mapping[str, Decimal],
    is_only: bool,
) -> PayLine | OpenLine:
    place = _place(mission, period.day)
    pick = rates.find(place.country, place.city, period.day)
    head = LineHead("period", period.day, place, currency, pick)
    rate = head.amount
    night = mission.night_of(period.day)
    if night is not None and night.is_personal:
        return head.unpaid("personal", rate)
    if not night_counts(period.day, mission.attended):
        return head.unpaid("not_attended", rate)
    if is_only and period.length <= SHORTEST:
        return head.unpaid("up_to_6_hours", rate)
    if rate is None:
        return head.missing()
    share = "0.5" if period.length <= HALF else "1"
    given = _meals(mission, period)
    cuts = [Cut(kind.value, rate * shares[kind.value], shares[kind.value]) for kind in MealKind if kind in given]
    return head.paid(rate, share, rate * Decimal(share), cuts)


def _place(mission: Mission, day: date) -> PayPlace:
    night = mission.night_of(day)
    if night is not None and night.place.country:
        return night.place
    work = [one for one in mission.work if one.day == day]
    nights = mission.ordered_nights
    if work:
        return work[-1].place
    return mission.place if mission.place.country or not nights else nights[-1].place


def _meals(mission: Mission, period: MissionPeriod) -> set[MealKind]:
    """Kinds of the meals whose hour lies in the period; of the given ones and of breakfasts with the room."""
    found = set()
    # The dates that 24 hours touch, in whatever zone the meal is.
    for away in range(-2, 4):
        day = period.day + timedelta(days=away)
        meals = [meal for meal in mission.meals_by_day.get(day, ()) if meal.by in MEAL_GIVEN]
        if day in mission.room_breakfasts:
            meals.append(ProvidedMeal(day, MealKind.breakfast))
        for meal in meals:
            if period.holds(instant_at(meal.day, meal.zone or period.zone, HOURS[meal.meal])):
                found.add(meal.meal)
    return found
