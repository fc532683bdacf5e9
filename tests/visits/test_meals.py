"""Meals: how many eat what at which meal, never who."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from events.programme.events.rules import SessionKind
from tests.people import App
from tests.visits.test_legs import VIENNA
from tests.visits.test_legs import entered as leg_entered
from tests.visits.test_nights import nights_of, set_nights
from visits.meals.rules import Diet, Eater, Meal, count_meals, diet_of, is_there
from visits.places.lookup import any_place
from visits.travel_types import BedNights, TravelLeg, local_time

ZONE = "Europe/Vienna"
MEALS = [
    {"title": "Lunch", "kind": "lunch", "starts": "2026-05-11T12:00", "ends": "2026-05-11T13:00"},
    {"title": "Dinner", "kind": "dinner", "starts": "2026-05-11T19:00", "ends": "2026-05-11T21:00"},
    {"title": "Talk", "kind": "content", "starts": "2026-05-12T09:00", "ends": "2026-05-12T10:00"},
    {"title": "Lunch", "kind": "lunch", "starts": "2026-05-12T12:00", "ends": "2026-05-12T13:00", "capacity": 5},
]
DETAILS = {"passport_name": "X", "mobile": "+90 532 000 00 00", "emergency_contact": "Y", "agrees_data_use": True}


@pytest.mark.parametrize(
    ("text", "diet"),
    [
        ("", None),
        ("yok", None),
        ("No", None),
        ("vegetarian", Diet.vegetarian),
        ("Vejetaryenim", Diet.other),
        ("VEJETARYEN beslenme", Diet.vegetarian),
        ("Vegan diet", Diet.vegan),
        ("I am vegan.", Diet.vegan),
        ("Helal yemek", Diet.halal),
        ("halal food only", Diet.halal),
        ("glutensiz", Diet.gluten_free),
        ("Gluten free", Diet.gluten_free),
        ("Çölyak", Diet.gluten_free),
        ("MOML", Diet.halal),
        # More than one, or anything else that somebody said: the text counts.
        ("no seafood", Diet.other),
        ("vegan, gluten-free", Diet.other),
        ("Fıstık alerjim var", Diet.other),
    ],
)
def test_a_text_has_a_code_only_where_it_says_nothing_else(text: str, diet: Diet | None) -> None:
    assert diet_of(text) is diet


def meal(day: int, kind: SessionKind, hour: int) -> Meal:
    return Meal(f"{day}-{kind}", date(2026, 5, day), kind, datetime(2026, 5, day, hour - 2, tzinfo=UTC))


def flight(origin: str, destination: str, leaves: datetime, arrives: datetime) -> TravelLeg:
    one, other = any_place(origin), any_place(destination)
    return TravelLeg(one, other, local_time(leaves, one.zone), local_time(arrives, other.zone))


def test_legs_say_who_is_there_else_nights_else_everybody_is() -> None:
    there = flight("IST", "VIE", datetime(2026, 5, 11, 9, tzinfo=UTC), datetime(2026, 5, 11, 11, 35, tzinfo=UTC))
    back = flight("VIE", "IST", datetime(2026, 5, 13, 16, tzinfo=UTC), datetime(2026, 5, 13, 18, 35, tzinfo=UTC))
    flying = Eater("", legs=(there, back), home=any_place("IST"))
    slept = Eater("", stays=(BedNights(date(2026, 5, 11), date(2026, 5, 13)),))
    lunch, dinner, breakfast = SessionKind.lunch, SessionKind.dinner, SessionKind.breakfast
    expected = {
        (11, breakfast, 8): (False, False, True),
        (11, lunch, 12): (False, True, True),
        (11, dinner, 19): (True, True, True),
        (13, breakfast, 8): (True, True, True),
        (13, lunch, 12): (True, True, True),
        (13, dinner, 19): (False, False, True),
        (14, lunch, 12): (False, False, True),
    }
    found = {
        at: tuple(is_there(eater, meal(at[0], at[1], at[2])) for eater in (flying, slept, Eater(""))) for at in expected
    }
    assert found == expected


def test_companions_count_without_a_diet_and_sign_ups_alone_where_there_are_any() -> None:
    one = meal(11, SessionKind.lunch, 12)
    eaters = [Eater("vegan", people=2), Eater("nut allergy"), Eater("nut  allergy", chosen=frozenset({one.key}))]
    (everybody,) = count_meals([(one, False)], eaters)
    assert (everybody.total, everybody.counts) == (4, {"": 1, "SPML": 2, "VGML": 1})
    assert everybody.texts == [("nut allergy", 2)]
    (chosen,) = count_meals([(one, True)], eaters)
    assert (chosen.total, chosen.counts) == (1, {"SPML": 1})


async def eating(app: App) -> tuple[dict[str, Any], dict[str, str]]:
    names = ["Ayşe Bir", "Ali İki", "Fatma Üç"]
    days = {"first_day": "2026-05-11", "last_day": "2026-05-15", "zone": ZONE}
    event, tokens = await app.accepted_event(names, **VIENNA, **days, sessions=MEALS)
    for name, diet in zip(names, ("vegan", "=1+1", ""), strict=True):
        guest = await app.owner(tokens[name])
        answer = await guest.put("/api/v1/invitation/details", json=DETAILS | {"diet": diet})
        assert answer.status_code == 200, answer.text
    return event, await app.registrations(event)


async def test_each_meal_counts_who_is_there_and_names_nobody(app: App) -> None:
    event, of = await eating(app)
    # Ayşe lands at 14:40, after lunch; Fatma has a night from the 12th on.
    await leg_entered(app, event, [of["Ayşe Bir"]], departs="13:05", arrives="14:40")
    await set_nights(app, event, [nights_of(of["Fatma Üç"], 12)], country="AT")
    answer = await app.api().get(f"/api/v1/events/{event['id']}/meals")
    shown = [(one["day"], one["kind"], one["total"], one["counts"]) for one in answer.json()]
    assert shown == [
        ("2026-05-11", "lunch", 1, {"SPML": 1}),
        ("2026-05-11", "dinner", 2, {"SPML": 1, "VGML": 1}),
        ("2026-05-12", "lunch", 0, {}),
    ]
    assert answer.json()[0]["texts"] == [{"text": "=1+1", "people": 1}]
    assert not any(name in answer.text for name in of)
    assert (await app.api("finance").get(f"/api/v1/events/{event['id']}/meals")).status_code == 403


async def test_counts_as_a_page_and_as_files_for_hosts(sqlite_app: App) -> None:
    app = sqlite_app
    event, of = await eating(app)
    desk = await app.at_desk()
    here = f"/events/{event['id']}/meals"
    page = (await desk.get(here)).text.rpartition("History")[0]
    assert ("VGML Vegan" in page, "=1+1" in page, any(name in page for name in of)) == (True, True, False)
    sheet = load_workbook(io.BytesIO((await desk.get(f"{here}.xlsx")).content)).worksheets[0]
    rows = list(sheet.values)
    assert rows[0] == ("Day", "Meal", "Time", "People", "No special diet", "VGML Vegan", ANY_OTHER, "Without a code")
    assert rows[1][1:] == ("Lunch", "12:00", 3, 1, 1, 1, "=1+1 (1)")
    assert sheet.cell(2, 8).data_type == "s"
    text = (await desk.get(f"{here}.csv")).content.decode("utf-8-sig")
    assert ("'=1+1 (1)" in text, any(name in text for name in of)) == (True, False)
    bare = await app.event(title="Without meals", kind="study-visit")
    assert "No meals in the programme" in (await desk.get(f"/events/{bare['id']}/meals")).text


ANY_OTHER = "SPML Something else, see the text"
