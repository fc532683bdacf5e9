"""What is ordered for whom: diets as people write them, counted by the codes of caterers. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.columns import folded
from core.errors import N_
from events.programme.events.rules import SessionKind
from visits.checks.connections import in_order
from visits.places.lookup import is_near
from visits.places.rules import Place
from visits.travel_types import BedNights, TravelLeg


class Diet(StrEnum):
    """What people say they eat, to the code of airlines and caterers (as of 2009, when HFML, LPML, ORML, PRML went)."""

    vegan = "VGML"
    vegetarian = "VLML"
    hindu_vegetarian = "AVML"
    raw_vegetarian = "RVML"
    jain_vegetarian = "VJML"
    oriental_vegetarian = "VOML"
    halal = "MOML"
    kosher = "KSML"
    hindu = "HNML"
    gluten_free = "GFML"
    lactose_free = "NLML"
    diabetic = "DBML"
    low_salt = "LSML"
    low_fat = "LFML"
    low_calorie = "LCML"
    bland = "BLML"
    fruit = "FPML"
    seafood = "SFML"
    child = "CHML"
    baby = "BBML"
    # No code for allergies: this one, with the text.
    other = "SPML"


DIETS = {
    Diet.vegan: N_("Vegan"),
    Diet.vegetarian: N_("Vegetarian, with milk and egg"),
    Diet.hindu_vegetarian: N_("Hindu vegetarian"),
    Diet.raw_vegetarian: N_("Raw vegetarian"),
    Diet.jain_vegetarian: N_("Jain vegetarian"),
    Diet.oriental_vegetarian: N_("Oriental vegetarian"),
    Diet.halal: N_("Halal"),
    Diet.kosher: N_("Kosher"),
    Diet.hindu: N_("Hindu, no beef"),
    Diet.gluten_free: N_("Gluten-free"),
    Diet.lactose_free: N_("Lactose-free"),
    Diet.diabetic: N_("Diabetic"),
    Diet.low_salt: N_("Low salt"),
    Diet.low_fat: N_("Low fat"),
    Diet.low_calorie: N_("Low calorie"),
    Diet.bland: N_("Bland"),
    Diet.fruit: N_("Fruit"),
    Diet.seafood: N_("Seafood"),
    Diet.child: N_("Child"),
    Diet.baby: N_("Baby"),
    Diet.other: N_("Something else, see the text"),
}
# How people write them, folded, without what every diet may carry. Only a text that says one of these and nothing else
# is counted under its code: "no seafood" is no seafood diet.
_WORDS = {
    Diet.vegan: "vegan",
    Diet.vegetarian: "vegetarian vejetaryen vejeteryan vegetaryen lacto-ovo",
    Diet.halal: "halal helal",
    Diet.kosher: "kosher koser kasher",
    Diet.gluten_free: "gluten-free glutenfree glutensiz gluten colyak celiac coeliac",
    Diet.lactose_free: "lactose-free lactosefree laktozsuz laktoz lactose",
    Diet.diabetic: "diabetic diabetes diyabetik diyabet",
    Diet.low_salt: "low-salt tuzsuz salt-free",
    Diet.low_fat: "low-fat yagsiz fat-free",
    Diet.low_calorie: "low-calorie",
    Diet.fruit: "fruit meyve",
}
_SAID = {word: diet for diet, words in _WORDS.items() for word in words.split()} | {
    diet.value.casefold(): diet for diet in Diet
}
_NOTHING = frozenset(
    {"", "-", "no", "none", "nothing", "normal", "yok", "hayir", "hepsi", "her sey", "everything", "n/a"}
)
_FILLERS = re.compile(
    r"\b(?:diet|food|meals?|only|please|i am|im|beslenme|beslenirim|yemek(?:ler)?|diyet|diyeti|lutfen|intolerance)\b"
)


def diet_of(text: str) -> Diet | None:
    """The code of what somebody wrote; None eats what there is. What has no code, or is more than one, is `other`: then
    the text counts."""
    said = " ".join(_FILLERS.sub(" ", folded(text)).strip(" .,;!").split())
    if said in _NOTHING:
        return None
    return _SAID.get(said.replace(" ", "-")) or _SAID.get(said) or Diet.other


@dataclass(frozen=True)
class Meal:
    """One meal of the programme, by the clock of the visit. `starts` is the moment."""

    key: str
    day: date
    kind: SessionKind
    starts: datetime


@dataclass(frozen=True)
class Eater:
    """One person at the table: what they wrote, where their nights and legs put them. `people` counts those they bring
    along, of whom nothing is known."""

    diet: str
    stays: Sequence[BedNights] = ()
    legs: Sequence[TravelLeg] = ()
    home: Place | None = None
    chosen: frozenset[str] | None = None
    people: int = 1
    # Where they are at home before the last leg, if that is elsewhere than after it.
    starts: Place | None = None


@dataclass(frozen=True)
class MealCount:
    """How many eat what at one meal, by code; "" is what there is. `texts` are what has no code, each with how often it
    was written, never by whom."""

    meal: Meal
    total: int
    counts: Mapping[str, int]
    texts: Sequence[tuple[str, int]]


def count_meals(meals: Iterable[tuple[Meal, bool]], eaters: Sequence[Eater]) -> list[MealCount]:
    """Each meal with who is there; of one that people sign up for (True), who did."""
    found = []
    for meal, is_chosen in meals:
        there = [
            eater for eater in eaters if (not is_chosen or meal.key in (eater.chosen or ())) and is_there(eater, meal)
        ]
        diets = [diet_of(eater.diet) for eater in there]
        counts = Counter(diet.value if diet else "" for diet in diets)
        total = sum(eater.people for eater in there)
        counts[""] += total - len(there)
        texts = Counter(
            " ".join(eater.diet.split()) for eater, diet in zip(there, diets, strict=True) if diet is Diet.other
        )
        found.append(
            MealCount(meal, total, {code: n for code, n in sorted(counts.items()) if n}, sorted(texts.items()))
        )
    return found


def is_there(eater: Eater, meal: Meal) -> bool:
    """Where the legs put somebody when the meal begins; without legs, by their nights; of whom nothing is known, they
    are there. Breakfast is eaten after a night, dinner before one."""
    timed = [leg for leg in eater.legs if leg.departs or leg.arrives]
    if timed:
        return _is_there_by_legs(timed, eater, meal)
    if not eater.stays:
        return True
    before, after = meal.day - timedelta(days=1), meal.day
    nights = {SessionKind.breakfast: [before], SessionKind.dinner: [after]}.get(meal.kind, [before, after])
    return any(stay.holds(night) for stay in eater.stays for night in nights)


def _is_there_by_legs(legs: Sequence[TravelLeg], eater: Eater, meal: Meal) -> bool:
    last, ordered = None, in_order(legs)
    for leg in ordered:
        if not _has_begun(leg, meal):
            break
        last = leg
    if last is None:
        return False
    if last.arrives and last.arrives.instant and last.arrives.instant > meal.starts:
        return False
    home = eater.home if last is ordered[-1] else eater.starts or eater.home
    return home is None or not is_near(last.destination, home)


def _has_begun(leg: TravelLeg, meal: Meal) -> bool:
    """A leg of which only the day is known begins after the meals of that day."""
    moment = leg.departs or leg.boards
    if moment is None:
        return leg.arrives is not None and leg.arrives.day <= meal.day
    return moment.instant <= meal.starts if moment.instant else moment.day < meal.day
