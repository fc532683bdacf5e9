"""From legs, stays, agenda and signatures to a mission, as the rules of per diems take it. Pure.

Ours where the texts are silent: nights more than the project's official days before or after an event are private; of
two beds for one night that of the earlier check-in counts; a night of which only legs before and after are known has
no place, so that its line stays open and says so, unless it is private.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from finance.rules.facts import (
    NO_PLACE,
    Mission,
    MissionNight,
    MissionRide,
    PaidUnit,
    PayPlace,
    ProvidedBy,
    ProvidedMeal,
    TimeAway,
    WorkDay,
    can_have_reached,
)
from visits.travel_types import TravelLeg

DAY = timedelta(days=1)
NIGHT_ENDS = time(4)


@dataclass(frozen=True)
class NightsStayed:
    """Nights in one place from check-in to check-out. `cost` is what the organiser paid for one of them, if known."""

    check_in: date
    check_out: date
    place: PayPlace
    is_bed_provided: bool = False
    has_breakfast: bool = False
    is_personal: bool = False
    cost: Decimal | None = None

    @property
    def nights(self) -> list[date]:
        return [self.check_in + timedelta(days=n) for n in range((self.check_out - self.check_in).days)]


@dataclass(frozen=True)
class EventFrame:
    """What is the same for everybody at an event. `official_days` before and after it still belong to a journey."""

    first_day: date
    last_day: date
    place: PayPlace
    zone: str
    official_days: int = 1
    assumes_nights: bool = False

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)]

    def is_official(self, night: date) -> bool:
        """Whether a night belongs to the journey and not to the person."""
        before, after = timedelta(days=self.official_days), timedelta(days=self.official_days - 1)
        return self.first_day - before <= night <= self.last_day + after


@dataclass(frozen=True)
class KnownJourney:
    """All that is known of one person: `away` where somebody told when they left and were back, `bills` of hotels by
    night, `attended` days with a signature (None while signatures do not decide)."""

    home: PayPlace = NO_PLACE
    legs: Sequence[TravelLeg] = ()
    stays: Sequence[NightsStayed] = ()
    meals: Sequence[ProvidedMeal] = ()
    attended: frozenset[date] | None = None
    away: TimeAway | None = None
    bills: Mapping[date, Decimal] = field(default_factory=dict)


def mission_of(frame: EventFrame, known: KnownJourney, *, unit: str = "day") -> Mission:
    """The mission of one person. `unit` is what a flat amount is paid for."""
    rides = [MissionRide.of_leg(leg) for leg in known.legs]
    away = known.away or time_away(known.legs)
    nights = _nights(frame, known)
    bare = Mission(home=known.home, away=away, place=frame.place, nights=nights, rides=rides)
    meals = _meals(frame, known, bare)
    is_counted = known.attended is not None
    days = [day for day in frame.days if known.attended is None or day in known.attended]
    return Mission(
        home=known.home,
        away=away,
        place=frame.place,
        nights=nights,
        meals=meals,
        rides=rides,
        work=[WorkDay(day, frame.place) for day in (days if is_counted and days else frame.days)],
        attended=known.attended,
        meeting_days=days,
        units=_units(frame, nights, meals, unit),
    )


def time_away(legs: Sequence[TravelLeg]) -> TimeAway | None:
    """From the first departure to the last arrival, where both times are known and there is a way back."""
    if len(legs) < 2:
        return None
    first, last = legs[0], legs[-1]
    if first.departs is None or last.arrives is None or not (first.departs.instant and last.arrives.instant):
        return None
    return TimeAway(first.departs, last.arrives)


def _nights(frame: EventFrame, known: KnownJourney) -> list[MissionNight]:
    found: list[MissionNight] = []
    # Eastward over the date line a date is slept twice; without such a leg a second bed is one too many.
    again = {leg.arrives.day for leg in known.legs if leg.departs and leg.arrives and leg.arrives.day < leg.departs.day}
    used: Counter[date] = Counter()
    for stay in sorted(known.stays, key=lambda one: one.check_in):
        for day in stay.nights:
            if used[day] > (day in again):
                continue
            used[day] += 1
            found.append(
                MissionNight(
                    day,
                    stay.place,
                    ProvidedBy.organiser if stay.is_bed_provided else ProvidedBy.itself,
                    stay.has_breakfast,
                    stay.is_personal or not frame.is_official(day),
                    None if stay.is_bed_provided else known.bills.get(day),
                    stay.cost if stay.is_bed_provided else None,
                )
            )
    for leg in known.legs:
        for day in _on_the_way(leg):
            if not used[day]:
                used[day] += 1
                found.append(MissionNight(day, _end(leg), ProvidedBy.vehicle))
    if found or known.legs:
        found += [
            MissionNight(day, NO_PLACE, is_personal=not frame.is_official(day))
            for day in _between(known.legs)
            if not used[day]
        ]
    elif frame.assumes_nights:
        found = [MissionNight(day, frame.place, cost=known.bills.get(day)) for day in frame.days[:-1]]
    return sorted(found, key=lambda night: night.day)


def _on_the_way(leg: TravelLeg) -> list[date]:
    """Dates whose night is spent on this leg: under way before midnight and still at four, by the clock of arrival."""
    if leg.departs is None or leg.arrives is None:
        return []
    last = leg.arrives.day if (leg.arrives.clock or NIGHT_ENDS) >= NIGHT_ENDS else leg.arrives.day - DAY
    return [leg.departs.day + timedelta(days=n) for n in range((last - leg.departs.day).days)]


def _end(leg: TravelLeg) -> PayPlace:
    return PayPlace(leg.destination.country, leg.destination.town)


def _between(legs: Sequence[TravelLeg]) -> list[date]:
    """Nights between the first arrival and the last departure."""
    if len(legs) < 2 or legs[0].arrives is None or legs[-1].departs is None:
        return []
    first, last = legs[0].arrives.day, legs[-1].departs.day
    return [first + timedelta(days=n) for n in range((last - first).days)]


def _meals(frame: EventFrame, known: KnownJourney, mission: Mission) -> list[ProvidedMeal]:
    """Meals of the agenda that the person had: on days they signed, or where that is not known, could have reached."""
    return [
        meal
        for meal in known.meals
        if (known.attended is None or meal.day in known.attended) and can_have_reached(mission, meal, frame.zone)
    ]


def _units(
    frame: EventFrame, nights: Sequence[MissionNight], meals: Sequence[ProvidedMeal], unit: str
) -> list[PaidUnit]:
    """Days of the event, or nights, with what is provided on them."""
    given: dict[date, set[str]] = {}
    for meal in meals:
        given.setdefault(meal.day, set()).add(meal.meal.value)
    for night in nights:
        if night.is_bed_given:
            given.setdefault(night.day, set()).add("bed")
        if night.has_breakfast:
            given.setdefault(night.day + (DAY if unit == "day" else timedelta()), set()).add("breakfast")
    if unit == "night":
        return [
            PaidUnit(
                one.day,
                provided=frozenset(given.get(one.day, ())),
                is_personal=one.is_personal or one.bed is ProvidedBy.vehicle,
                place=one.place,
            )
            for one in nights
        ]
    return [PaidUnit(day, provided=frozenset(given.get(day, ())), place=frame.place) for day in frame.days]


def usual_place(country: str, slept: Iterable[PayPlace]) -> PayPlace:
    """Where an event takes place, for rates: its country, with the city in which most stays are; of several with as
    many the first by the alphabet."""
    cities = Counter(one.city for one in slept if one.country == country and one.city)
    return PayPlace(country, min(cities, key=lambda city: (-cities[city], city)) if cities else "")
