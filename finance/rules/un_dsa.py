"""The daily subsistence allowance of the United Nations. Pure.

ST/AI/2014/2: lodging, meals, gratuities and other payments. One allowance for each night at the place slept in, none
for the day of return; a day trip of ten hours or more 40 %, a shorter one nothing (recalled). A bed that is given
takes off the place's own room percentage (UNDP: 65 % of 150 is 97.50), 50 % where the table has none; meals 6, 12 and
12 % (recalled). A night on board is not paid (UNDP manual). Same place for long: from the 61st night 75 % (recalled),
from the 121st 60 % of the first rate (UNDP manual). Early check-in and stopovers of seven hours are paid on receipts:
set `actuals`.
Ours: nights at one place add up over a journey until one at home; private ones do not count.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal

from finance.rates.rules import DatedRates, FoundRate
from finance.rules.facts import MEAL_GIVEN, MealKind, Mission, MissionNight, PayPlace, nights_with_meals
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    computation,
    counts,
    unpaid_night,
)

SHARES = {"bed": Decimal("0.50"), "breakfast": Decimal("0.06"), "lunch": Decimal("0.12"), "dinner": Decimal("0.12")}
DAY_TRIP = Decimal("0.40")
DAY_TRIP_FROM = timedelta(hours=10)
# After so many nights at one place, which share is paid.
LONG_STAYS = ((120, "0.60"), (60, "0.75"), (0, "1"))


def subsistence_nights(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "USD",
    shares: Mapping[str, Decimal] | None = None,
    day_trip_share: Decimal = DAY_TRIP,
) -> Computation:
    """One line for each night; without any the one of a day trip. A project's own `shares` go before the place's."""
    if not mission.nights:
        return computation(currency, _day_trip(mission, rates, currency, shares or {}, day_trip_share))
    found: list[PayLine | OpenLine] = []
    slept: Counter[PayPlace] = Counter()
    first: dict[PayPlace, FoundRate] = {}
    for night, meals in nights_with_meals(mission):
        pick = rates.find(night.place.country, night.place.city, night.day)
        head = LineHead("night", night.day, night.place, currency, pick)
        reason = unpaid_night(night, mission.attended)
        if reason == "home":
            slept.clear()
            first.clear()
        if reason in ("", "not_attended"):
            slept[night.place] += 1
        if reason:
            found.append(head.unpaid(reason, pick.amount if pick and reason != "home" else None))
        elif pick is None:
            found.append(head.missing())
        else:
            first.setdefault(night.place, pick)
            share = next(share for after, share in LONG_STAYS if slept[night.place] > after)
            base = first[night.place] if share == "0.60" else pick
            gross = base.amount * Decimal(share)
            found.append(head.paid(base.amount, share, gross, _cuts(meals, night, base, gross, shares or {})))
    return computation(currency, found)


def _cuts(
    meals: Collection[MealKind], night: MissionNight, pick: FoundRate, gross: Decimal, shares: Mapping[str, Decimal]
) -> list[Cut]:
    """Shares of the line itself."""
    given = frozenset(meals) | ({MealKind.breakfast} if night.has_breakfast else set())
    room = pick.get("room_percent")
    of_bed = shares.get("bed", SHARES["bed"] if room is None else room / 100)
    cuts = [Cut("bed", gross * of_bed, of_bed)] if night.is_bed_given else []
    return cuts + _meal_cuts(given, gross, shares)


def _meal_cuts(given: frozenset[MealKind], gross: Decimal, shares: Mapping[str, Decimal]) -> list[Cut]:
    parts = {kind: shares.get(kind.value, SHARES[kind.value]) for kind in MealKind if kind in given}
    return [Cut(kind.value, gross * share, share) for kind, share in parts.items()]


def _day_trip(
    mission: Mission, rates: DatedRates, currency: str, shares: Mapping[str, Decimal], trip_share: Decimal
) -> list[PayLine | OpenLine]:
    away = mission.away
    if away is None or away.length <= timedelta():
        return []
    day = away.leaves.day
    worked = [one.place for one in mission.work if one.day == day]
    place = worked[-1] if worked else mission.place
    pick = rates.find(place.country, place.city, day)
    head = LineHead("day", day, place, currency, pick)
    if away.length < DAY_TRIP_FROM:
        return [head.unpaid("under_10_hours", head.amount)]
    if not counts(day, mission.attended):
        return [head.unpaid("not_attended", head.amount)]
    if pick is None:
        return [head.missing()]
    gross = pick.amount * trip_share
    cuts = _meal_cuts(mission.given_on(day, MEAL_GIVEN), gross, shares)
    return [head.paid(pick.amount, str(trip_share), gross, cuts)]
