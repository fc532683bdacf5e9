"""From legs, stays, agenda and signatures to a mission: what counts as a night, a meal, and being away."""

from datetime import date, time
from decimal import Decimal

import pytest

from finance.missions.rules import EventFrame, KnownJourney, NightsStayed, mission_of, time_away
from finance.rules.facts import MealKind, PayPlace, ProvidedBy, ProvidedMeal, TimeAway, official
from visits.places.rules import Place
from visits.travel_types import LocalTime, TravelLeg

VIENNA, ANKARA = PayPlace("AT", "Vienna"), PayPlace("TR", "Ankara")
ZONES = {"ESB": "Europe/Istanbul", "VIE": "Europe/Vienna", "HNL": "Pacific/Honolulu", "CXI": "Pacific/Kiritimati"}
TOWNS = {"ESB": ("Ankara", "TR"), "VIE": ("Vienna", "AT"), "HNL": ("Honolulu", "US"), "CXI": ("Kiritimati", "KI")}


def day(number: int) -> date:
    return date(2026, 4, number)


def place(code: str) -> Place:
    town, country = TOWNS[code]
    return Place(town, code, town, country, ZONES[code])


def leg(origin: str, leaves: tuple[int, int], to: str, arrives: tuple[int, int]) -> TravelLeg:
    """Both by the clock of their place: day of April and hour."""
    return TravelLeg(
        place(origin),
        place(to),
        LocalTime(day(leaves[0]), ZONES[origin], time(leaves[1])),
        LocalTime(day(arrives[0]), ZONES[to], time(arrives[1])),
    )


FRAME = EventFrame(day(14), day(16), VIENNA, "Europe/Vienna")
THERE, BACK = leg("ESB", (13, 18), "VIE", (13, 19)), leg("VIE", (16, 20), "ESB", (17, 0))


def stay(first: int, last: int, **more: bool) -> NightsStayed:
    return NightsStayed(day(first), day(last), VIENNA, **more)


def nights(known: KnownJourney, frame: EventFrame = FRAME) -> list[tuple[int, str, bool]]:
    return [(one.day.day, one.bed.value, one.is_personal) for one in mission_of(frame, known).nights]


def test_nights_are_those_of_the_stays() -> None:
    assert nights(KnownJourney(stays=[stay(13, 16, is_bed_provided=True)])) == [
        (13, "organiser", False),
        (14, "organiser", False),
        (15, "organiser", False),
    ]


def test_of_two_beds_for_one_night_that_of_the_earlier_check_in_counts() -> None:
    known = KnownJourney(stays=[stay(13, 15), stay(14, 16, is_bed_provided=True)])
    assert nights(known) == [(13, "self", False), (14, "self", False), (15, "organiser", False)]


def test_who_goes_on_to_somewhere_else_is_away_for_the_event_alone() -> None:
    """Nobody enters where a private week is spent; the legs around it say enough."""
    late = KnownJourney(legs=[THERE, leg("VIE", (22, 20), "ESB", (23, 0))], stays=[stay(13, 17)])
    early = KnownJourney(legs=[leg("ESB", (9, 18), "VIE", (9, 19)), BACK], stays=[stay(13, 16)])
    after, before = official(mission_of(FRAME, late)), official(mission_of(FRAME, early))
    assert after.mission.away
    assert before.mission.away
    assert (after.mission.away.returns.day, [one.day for one in after.personal_days]) == (day(18), [18, 19, 20, 21, 22])
    assert (before.mission.away.leaves.day, [one.day for one in before.personal_days]) == (day(13), [9, 10, 11, 12])


def test_nights_outside_the_official_days_are_private() -> None:
    assert nights(KnownJourney(stays=[stay(11, 19)])) == [
        (11, "self", True),
        (12, "self", True),
        (13, "self", False),
        (14, "self", False),
        (15, "self", False),
        (16, "self", False),
        (17, "self", True),
        (18, "self", True),
    ]


def test_a_night_on_the_way_is_one_in_a_vehicle() -> None:
    overnight = leg("ESB", (13, 22), "VIE", (14, 6))
    known = KnownJourney(legs=[overnight, BACK], stays=[stay(14, 16)])
    assert nights(known) == [(13, "vehicle", False), (14, "self", False), (15, "self", False)]


def test_a_night_of_which_nobody_knows_the_place_is_there_without_one() -> None:
    found = mission_of(FRAME, KnownJourney(legs=[THERE, BACK], stays=[stay(13, 15)])).nights
    assert [(one.day.day, one.place.country) for one in found] == [(13, "AT"), (14, "AT"), (15, "")]


def test_eastward_over_the_date_line_a_date_is_slept_twice() -> None:
    frame = EventFrame(day(10), day(12), PayPlace("US", "Honolulu"), ZONES["HNL"], official_days=5)
    legs = [
        leg("ESB", (8, 8), "CXI", (9, 20)),
        leg("CXI", (11, 9), "HNL", (10, 12)),
        leg("HNL", (13, 9), "ESB", (14, 20)),
    ]
    stays = [
        NightsStayed(day(9), day(11), PayPlace("KI")),
        NightsStayed(day(10), day(13), PayPlace("US", "Honolulu")),
    ]
    found = [(one.day.day, one.place.country) for one in mission_of(frame, KnownJourney(legs=legs, stays=stays)).nights]
    assert [one for one in found if one[0] == 10] == [(10, "KI"), (10, "US")]


def test_nobody_is_paid_for_nights_that_nobody_entered_unless_the_project_says_so() -> None:
    assume = EventFrame(day(14), day(16), ANKARA, "Europe/Istanbul", assumes_nights=True)
    assert (nights(KnownJourney()), nights(KnownJourney(), assume)) == ([], [(14, "self", False), (15, "self", False)])


MEALS = [
    ProvidedMeal(day(14), MealKind.lunch),
    ProvidedMeal(day(15), MealKind.dinner),
    ProvidedMeal(day(16), MealKind.dinner),
]


def test_what_somebody_said_of_being_away_wins_over_legs() -> None:
    away = TimeAway(LocalTime(day(13), ZONES["ESB"], time(6)), LocalTime(day(17), ZONES["ESB"], time(9)))
    for known, expected in ((None, time_away([THERE, BACK])), (away, away)):
        assert mission_of(FRAME, KnownJourney(legs=[THERE, BACK], away=known)).away == expected


LATE_AND_EARLY = [leg("ESB", (14, 13), "VIE", (14, 15)), leg("VIE", (16, 17), "ESB", (16, 21))]


@pytest.mark.parametrize(
    ("known", "meals"),
    [
        (KnownJourney(meals=MEALS), [14, 15, 16]),
        (KnownJourney(meals=MEALS, attended=frozenset({day(15), day(16)})), [15, 16]),
        # Arrived in the afternoon of the first day, left before the last dinner.
        (
            KnownJourney(
                meals=MEALS, legs=[leg("ESB", (14, 13), "VIE", (14, 15)), leg("VIE", (16, 17), "ESB", (16, 21))]
            ),
            [15],
        ),
    ],
    ids=["all", "signed", "reached"],
)
def test_meals_are_those_that_the_person_had_or_could_have_reached(known: KnownJourney, meals: list[int]) -> None:
    assert [one.day.day for one in mission_of(FRAME, known).meals] == meals


def test_who_is_back_is_away_from_the_first_departure_to_the_last_arrival() -> None:
    away = time_away([THERE, BACK])
    assert away is not None
    assert (away.leaves.day, away.returns.day, away.length.total_seconds() / 3600) == (day(13), day(17), 78)


def test_without_a_way_back_nobody_knows_how_long_somebody_was_away() -> None:
    assert time_away([THERE]) is None


def test_a_bill_of_a_hotel_is_the_cost_of_its_night_and_not_of_a_bed_that_is_given() -> None:
    known = KnownJourney(
        stays=[stay(13, 15), stay(15, 16, is_bed_provided=True)],
        bills={day(14): Decimal(120), day(15): Decimal(90)},
    )
    found = mission_of(FRAME, known).nights
    assert [(one.day.day, one.cost) for one in found] == [(13, None), (14, Decimal(120)), (15, None)]
    assert found[2].bed is ProvidedBy.organiser
