"""Meals, incidentals and lodging of the United States (41 CFR 301-11). Pure.

§ 301-11.101 (text of 2024): 12 hours or less nothing; more than 12 and less than 24 hours 75 % for each calendar day;
else 75 % on the first and the last day and the whole between. § 301-11.102: the rate of the place that needs lodging,
on the way to a new place the new one, on the day of return that of the day before; several places under 24 hours: the
highest. Meals that the government or a fee gives take off the tier's own amounts and never leave less than the
incidentals; the hotel's complimentary breakfast and meals of a carrier do not count (GSA). Above $265: 15, 25 and 40
%, the rest incidentals. Lodging on the receipt up to the place's maximum. § 301-11.11 (2026): over the date line
elapsed time instead of dates.
Ours: a host's meal counts; over the date line a started day counts whole.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from finance.rates.rules import DatedRates, FoundRate
from finance.rules.facts import MealKind, Mission, PayPlace, ProvidedBy, official
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    beds_on_invoice,
    computation,
    counts,
    rounded,
)
from finance.rules.periods import periods_of
from visits.travel_types import LocalTime

GIVEN = frozenset({ProvidedBy.organiser, ProvidedBy.host, ProvidedBy.fee})
FIRST_AND_LAST = Decimal("0.75")
NOTHING_UP_TO = timedelta(hours=12)
SHORT_TRIP = timedelta(hours=24)
# For rates without a row of meals: what part each meal is; the rest are incidentals.
SPLIT = {MealKind.breakfast: Decimal("0.15"), MealKind.lunch: Decimal("0.25"), MealKind.dinner: Decimal("0.40")}


def meals_and_incidentals(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "USD",
    first_and_last_share: Decimal = FIRST_AND_LAST,
) -> Computation:
    """Lines of the days, then of the hotel bills."""
    cut = official(mission)
    away = cut.mission.away
    days = _days(cut.mission)
    found: list[PayLine | OpenLine] = []
    places = _places(cut.mission, days)
    if away is not None and away.length < SHORT_TRIP:
        places = _highest(places, days, rates)
    for number, (day, place) in enumerate(zip(days, places, strict=True)):
        is_edge = number in (0, len(days) - 1) or (away is not None and away.length < SHORT_TRIP)
        share = str(first_and_last_share) if is_edge else "1"
        found.append(_line(cut.mission, day, place, rates, currency, share))
    for day in cut.personal_days:
        found.append(LineHead("day", day, _night_place(mission, day), currency).unpaid("personal"))
    return computation(currency, [*found, *beds_on_invoice(mission, rates, currency, "lodging_max", "lodging")])


def _days(mission: Mission) -> list[date]:
    """Calendar dates; over the date line the days on which started 24 hours begin."""
    away = mission.away
    if away is None:
        return []
    started = [period.day for period in periods_of(mission)]
    rides = [(ride.departs, ride.arrives) for ride in mission.rides if ride.departs and ride.arrives]
    is_over = any(_crosses_date_line(*ends) for ends in [*rides, (away.leaves, away.returns)])
    # Places that were laid down for as many days as 24 hours started tell the same where no ride is known.
    is_said = len(mission.day_places) == len(started) != len(away.dates)
    return started if is_over or is_said else away.dates


def _crosses_date_line(departs: LocalTime, arrives: LocalTime) -> bool:
    """Whether clocks at both ends are more than twelve hours apart: then the short way leads over the date line."""
    offsets = [end.earliest.astimezone(ZoneInfo(end.zone)).utcoffset() or timedelta() for end in (departs, arrives)]
    return abs(offsets[1] - offsets[0]) > timedelta(hours=12)


def _line(
    mission: Mission, day: date, place: PayPlace, rates: DatedRates, currency: str, share: str
) -> PayLine | OpenLine:
    pick = rates.find(place.country, place.city, day)
    head = LineHead("day", day, place, currency, pick)
    night = mission.night_of(day)
    if mission.away is not None and mission.away.length <= NOTHING_UP_TO:
        return head.unpaid("up_to_12_hours")
    if night is not None and night.is_personal:
        return head.unpaid("personal", head.amount)
    if not counts(day, mission.attended):
        return head.unpaid("not_attended", head.amount)
    if pick is None:
        return head.missing()
    given = mission.given_on(day, GIVEN)
    cuts = [Cut(kind.value, meal_amount(pick, kind, currency)) for kind in MealKind if kind in given]
    return head.paid(pick.amount, share, pick.amount * Decimal(share), cuts, floor=incidentals(pick, currency))


def meal_amount(pick: FoundRate, kind: MealKind, currency: str) -> Decimal:
    """The tier's own amount, else the meal's part of the rate."""
    own = pick.get(kind.value)
    return rounded(pick.amount * SPLIT[kind], currency) if own is None else own


def incidentals(pick: FoundRate, currency: str) -> Decimal:
    own = pick.get("incidentals")
    return pick.amount - sum(meal_amount(pick, kind, currency) for kind in MealKind) if own is None else own


def _places(mission: Mission, days: Sequence[date]) -> list[PayPlace]:
    """The place laid down for each day, else that slept in; on the way the next one, on the way home the last."""
    lodged = [night for night in mission.ordered_nights if night.bed not in (ProvidedBy.vehicle, ProvidedBy.home)]
    places: list[PayPlace] = []
    for number, day in enumerate(days):
        coming = bisect_left(lodged, day, key=lambda night: night.day)
        before = places[-1] if places else mission.place
        if number < len(mission.day_places):
            places.append(mission.day_places[number])
        else:
            places.append(lodged[coming].place if coming < len(lodged) else before)
    return places


def _night_place(mission: Mission, day: date) -> PayPlace:
    night = mission.night_of(day)
    return night.place if night else mission.place


def _highest(places: Sequence[PayPlace], days: Sequence[date], rates: DatedRates) -> list[PayPlace]:
    """Under 24 hours: the place with the highest rate, for every day; as they are where one has no rate."""
    picks = [rates.find(place.country, place.city, day) for place, day in zip(places, days, strict=True)]
    known = [(pick.amount, number) for number, pick in enumerate(picks) if pick]
    if len(known) < len(places) or not known:
        return list(places)
    best = max(amount for amount, _ in known)
    return [next(places[number] for amount, number in known if amount == best)] * len(places)
