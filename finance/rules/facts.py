"""What the rules of per diems are about, as plain values: one person's absence, nights, meals, rides, work, receipts.

Nothing here reads a clock, a database or a file. Times are those of travel (`visits.travel_types.LocalTime`); a *day*
is a calendar date where the person is, a *night* a stay whose check-in is that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

from visits.travel_types import LocalTime, TravelLeg, TravelMode, local_time


class MealKind(StrEnum):
    """In the order in which deductions are taken."""

    breakfast = "breakfast"
    lunch = "lunch"
    dinner = "dinner"


class ProvidedBy(StrEnum):
    """Who gives a meal or a bed. `itself` is the person, `vehicle` and `home` are of beds only."""

    itself = "self"
    organiser = "organiser"
    host = "host"
    hotel = "hotel"
    fee = "fee"
    carrier = "carrier"
    vehicle = "vehicle"
    home = "home"


BED_GIVEN = frozenset({ProvidedBy.organiser, ProvidedBy.host})
MEAL_GIVEN = frozenset({ProvidedBy.organiser, ProvidedBy.host, ProvidedBy.hotel, ProvidedBy.fee})
# Lunch and dinner are the Turkish law's own (6245, art. 39); breakfast is a convention of ours.
HOURS = {MealKind.breakfast: time(8), MealKind.lunch: time(13), MealKind.dinner: time(19)}


@lru_cache(maxsize=8192)
def instant_at(day: date, zone: str, clock: time = time()) -> datetime:
    """The instant at which the clocks of a zone show a time; asked again for the same days by everybody of an event."""
    return LocalTime(day, zone, clock).earliest


@dataclass(frozen=True)
class PayPlace:
    """A country (ISO 3166) and, where known, a city."""

    country: str = ""
    city: str = ""

    @property
    def label(self) -> str:
        return f"{self.country}/{self.city}" if self.city else self.country


NO_PLACE = PayPlace()


@dataclass(frozen=True)
class MissionNight:
    """A night by the day of its check-in. `cost` is the person's own invoice, `provided_cost` the organiser's."""

    day: date
    place: PayPlace = NO_PLACE
    bed: ProvidedBy = ProvidedBy.itself
    has_breakfast: bool = False
    is_personal: bool = False
    cost: Decimal | None = None
    provided_cost: Decimal | None = None

    @property
    def is_bed_given(self) -> bool:
        return self.bed in BED_GIVEN


@dataclass(frozen=True)
class ProvidedMeal:
    """A meal that the person had or could have had from somebody. A snack is none and reduces nothing.

    `zone` is needed only where an hour decides; `cost` only where a project takes off what a meal really cost.
    """

    day: date
    meal: MealKind
    by: ProvidedBy = ProvidedBy.organiser
    zone: str = ""
    is_snack: bool = False
    cost: Decimal | None = None


@dataclass(frozen=True)
class MissionRide:
    """One ride between two countries; a time that is not known is None."""

    origin: PayPlace
    destination: PayPlace
    departs: LocalTime | None = None
    arrives: LocalTime | None = None
    mode: TravelMode = TravelMode.flight

    @classmethod
    def of_leg(cls, leg: TravelLeg) -> "MissionRide":
        origin, destination = (PayPlace(place.country, place.town) for place in (leg.origin, leg.destination))
        return cls(origin, destination, leg.departs, leg.arrives, leg.mode)


@dataclass(frozen=True)
class TimeAway:
    """From leaving home or the duty station to being back: half-open, as instants. Both times are known."""

    leaves: LocalTime
    returns: LocalTime

    @cached_property
    def start(self) -> datetime:
        return self.leaves.earliest

    @cached_property
    def end(self) -> datetime:
        return self.returns.earliest

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @cached_property
    def dates(self) -> list[date]:
        """Calendar dates of which some time is spent away; back at midnight sharp leaves that date out."""
        if self.length <= timedelta():
            return []
        last = local_time(self.end - timedelta(minutes=1), self.returns.zone).day
        count = max(0, (last - self.leaves.day).days)
        return [self.leaves.day + timedelta(days=number) for number in range(count + 1)]

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True)
class WorkDay:
    """The last place of work of a day."""

    day: date
    place: PayPlace


@dataclass(frozen=True)
class PaidUnit:
    """A day or night of a flat amount; `share` as it is told ("1", "0.5"), `provided` by component ("bed", "lunch")."""

    day: date
    share: str = "1"
    provided: frozenset[str] = frozenset()
    is_personal: bool = False
    place: PayPlace = NO_PLACE


@dataclass(frozen=True)
class PaidReceipt:
    """A cost that was paid; what a receipt does not say is None. `missing` names what somebody found missing on it."""

    kind: str
    day: date | None
    amount: Decimal | None
    currency: str
    missing: str = ""


@dataclass(frozen=True)
class Mission:
    """One person's journey and all that its per diem rests on. `attended` is None while signatures do not decide.

    `place` is that of the work, for days without a night; `day_places` name the place of each date in turn where
    somebody laid it down.
    """

    home: PayPlace = NO_PLACE
    away: TimeAway | None = None
    place: PayPlace = NO_PLACE
    nights: Sequence[MissionNight] = ()
    meals: Sequence[ProvidedMeal] = ()
    rides: Sequence[MissionRide] = ()
    work: Sequence[WorkDay] = ()
    day_places: Sequence[PayPlace] = ()
    attended: frozenset[date] | None = None
    meeting_days: Sequence[date] = ()
    units: Sequence[PaidUnit] = ()
    receipts: Sequence[PaidReceipt] = ()

    @property
    def home_country(self) -> PayPlace:
        """Home without its city: what a rate of the own country is looked up by."""
        return PayPlace(self.home.country)

    @cached_property
    def ordered_nights(self) -> list[MissionNight]:
        """By day; two of one day (eastward over the date line) keep their order."""
        return sorted(self.nights, key=lambda night: night.day)

    @cached_property
    def _last_nights(self) -> Mapping[date, MissionNight]:
        return {night.day: night for night in self.ordered_nights}

    def night_of(self, day: date) -> MissionNight | None:
        """The last of a day: where the person sleeps when the day is over."""
        return self._last_nights.get(day)

    @cached_property
    def _arrivals(self) -> Sequence[tuple[datetime, str]]:
        return sorted(
            (ride.arrives.instant, ride.arrives.zone) for ride in self.rides if ride.arrives and ride.arrives.instant
        )

    def zone_at(self, moment: datetime) -> str:
        """Of the place last reached; the zone of departure before the first arrival."""
        for instant, zone in reversed(self._arrivals):
            if instant <= moment:
                return zone
        return self.away.leaves.zone if self.away else ""

    @cached_property
    def meals_by_day(self) -> Mapping[date, Sequence[ProvidedMeal]]:
        """Without snacks, which reduce nothing."""
        found: dict[date, list[ProvidedMeal]] = {}
        for meal in self.meals:
            if not meal.is_snack:
                found.setdefault(meal.day, []).append(meal)
        return found

    @cached_property
    def room_breakfasts(self) -> frozenset[date]:
        """Mornings after nights with breakfast that are not private."""
        nights = (night for night in self.nights if night.has_breakfast and not night.is_personal)
        return frozenset(night.day + timedelta(days=1) for night in nights)

    @cached_property
    def _breakfasts(self) -> frozenset[date]:
        """Evenings of nights with breakfast."""
        return frozenset(night.day for night in self.nights if night.has_breakfast)

    def given_on(self, day: date, who: frozenset[ProvidedBy]) -> frozenset[MealKind]:
        """Meals of a day from those who count; breakfast with the room is of the day after the night."""
        given = {one.meal for one in self.meals_by_day.get(day, ()) if one.by in who}
        if ProvidedBy.hotel in who and day - timedelta(days=1) in self._breakfasts:
            given.add(MealKind.breakfast)
        return frozenset(given)


def nights_with_meals(mission: Mission) -> list[tuple[MissionNight, dict[MealKind, ProvidedMeal]]]:
    """Each night with what others give: lunch and dinner of its day, breakfast of the next.

    Of two nights of one day (eastward over the date line) each takes its own meals: the first of a kind the first.
    """
    left = {day: [meal for meal in meals if meal.by in MEAL_GIVEN] for day, meals in mission.meals_by_day.items()}
    pairs = []
    for night in mission.ordered_nights:
        meals = {}
        for kind in MealKind:
            there = left.get(night.day + timedelta(days=kind is MealKind.breakfast), [])
            for number, meal in enumerate(there):
                if meal.meal is kind:
                    meals[kind] = there.pop(number)
                    break
        pairs.append((night, meals))
    return pairs


@dataclass(frozen=True)
class OfficialMission:
    """A journey as if only its official part had been made, and the days that were cut off."""

    mission: Mission
    personal_days: Sequence[date] = ()


def official(mission: Mission) -> OfficialMission:
    """Cut private nights off both ends: the person leaves, or is back, so many days later or earlier by the clock.

    Private nights between official ones stay, marked. (BRKG § 13(1): as if only the official journey had been made.)
    """
    away, nights = mission.away, mission.ordered_nights
    if away is None or not any(night.is_personal for night in nights):
        return OfficialMission(mission)
    last = next((number for number, night in enumerate(reversed(nights)) if not night.is_personal), len(nights))
    kept = nights[: len(nights) - last]
    first = next((number for number, night in enumerate(kept) if not night.is_personal), 0)
    shorter = TimeAway(away.leaves.later_by(first), away.returns.later_by(-last))
    dates = set(shorter.dates)
    cut = replace(mission, away=shorter, nights=kept[first:])
    return OfficialMission(cut, [day for day in away.dates if day not in dates])


def can_have_reached(mission: Mission, meal: ProvidedMeal, zone: str) -> bool:
    """Whether a person can have had a meal of the agenda: not before arriving, not after leaving the place.

    For those who turn an agenda into meals while attendance is not known; without rides the time away decides.
    """
    moment = instant_at(meal.day, meal.zone or zone, HOURS[meal.meal])
    arrivals = [ride.arrives.instant for ride in mission.rides if ride.arrives and ride.arrives.instant]
    departures = [ride.departs.instant for ride in mission.rides if ride.departs and ride.departs.instant]
    if len(mission.rides) > 1 and arrivals and departures:
        return min(arrivals) <= moment < max(departures)
    return mission.away is None or mission.away.holds(moment)
