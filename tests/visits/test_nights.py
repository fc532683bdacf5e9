"""Nights of each person: entered and taken away one by one, and seen on one page."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import subscribe
from tests.people import App, names, problem_fields
from tests.visits.test_legs import entered as leg_entered
from tests.visits.test_legs import travelling
from visits.stays.rules import NightSpan, StayPlace, cleared, entered

FIRST = date(2026, 5, 11)
HOTEL = {
    "name": "Hotel Regina",
    "address": "Rooseveltplatz 15",
    "city": "Vienna",
    "country": "AT",
    "phone": "+43 1 404",
}
PLACES = [StayPlace("AT", "Vienna"), StayPlace("AT", "Graz"), StayPlace("TR", "Ankara", is_bed_provided=True)]


async def a_hotel(app: App, event: dict[str, Any], **changed: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/hotels", json=HOTEL | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def nights_of(id: str, *days: int) -> dict[str, Any]:
    return {"registration_id": id, "nights": [f"2026-05-{day}" for day in days]}


async def set_nights(app: App, event: dict[str, Any], people: list[dict[str, Any]], **where: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/stays/nights", json={"people": people} | where)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def stays(app: App, event: dict[str, Any]) -> list[tuple[str, str, str, str | None]]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    return sorted((s["registration_id"], s["check_in"], s["check_out"], s["hotel_id"]) for s in found)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from(PLACES), st.booleans()), max_size=8),
)
def test_each_night_is_where_it_was_entered_last_and_stays_of_one_place_are_one(
    acts: list[tuple[int, int, StayPlace, bool]],
) -> None:
    spans: list[NightSpan] = []
    expected: dict[date, StayPlace] = {}
    for first, length, place, is_clearing in acts:
        check_in, check_out = FIRST + timedelta(days=first), FIRST + timedelta(days=first + length)
        nights = [check_in + timedelta(days=n) for n in range(length)]
        if is_clearing:
            spans = cleared(spans, check_in, check_out)
            expected = {night: there for night, there in expected.items() if night not in nights}
        else:
            spans = entered(spans, check_in, check_out, place)
            expected |= dict.fromkeys(nights, place)
        # As the database would: each stay that is new gets an id, and no id stands twice.
        spans = [span if span.key else NightSpan(span.check_in, span.check_out, span.place, uuid4()) for span in spans]
        assert len({span.key for span in spans}) == len(spans)
    found: dict[date, StayPlace] = {}
    for span in spans:
        for n in range((span.check_out - span.check_in).days):
            assert span.check_in + timedelta(days=n) not in found
            found[span.check_in + timedelta(days=n)] = span.place
    assert found == expected


async def test_nights_of_one_differ_from_those_of_the_others(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    ayse, ali = of["Ayşe Bir"], of["Ali İki"]
    done = await set_nights(app, event, [nights_of(id, 11, 12, 13, 14) for id in (ayse, ali)], hotel_id=hotel["id"])
    assert done == {"people": 2, "without_room": 0}
    gone = {"people": [nights_of(ayse, 12)]}
    path = f"/api/v1/events/{event['id']}/stays/nights/removal"
    assert (await app.api().post(path, json=gone)).json()["people"] == 1
    expected = [
        (ayse, "2026-05-11", "2026-05-12", hotel["id"]),
        (ayse, "2026-05-13", "2026-05-15", hotel["id"]),
        (ali, "2026-05-11", "2026-05-15", hotel["id"]),
    ]
    assert await stays(app, event) == sorted(expected)
    # The night between joins both into one stay again.
    await set_nights(app, event, [nights_of(ayse, 12)], hotel_id=hotel["id"])
    assert await stays(app, event) == sorted((id, "2026-05-11", "2026-05-15", hotel["id"]) for id in (ayse, ali))


async def test_nights_far_from_the_visit_and_of_strangers_are_refused(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/stays/nights"
    api = sqlite_app.api()
    far = {"people": [{"registration_id": of["Ayşe Bir"], "nights": ["2026-06-11"]}], "country": "AT"}
    assert (await api.post(path, json=far)).status_code == 422
    nobody = {"people": [nights_of(str(uuid4()), 11)], "country": "AT"}
    assert list(problem_fields(await api.post(path, json=nobody))) == ["people"]
    other, _ = await sqlite_app.accepted_event(
        ["Can Üç"], title="Another", first_day="2026-05-11", last_day="2026-05-15"
    )
    foreign = await a_hotel(sqlite_app, other)
    mixed = {"people": [nights_of(of["Ayşe Bir"], 11)], "hotel_id": foreign["id"]}
    assert (await api.post(path, json=mixed)).status_code == 404
    assert (await sqlite_app.api("auditor").post(path, json=mixed)).status_code == 403


async def test_a_calendar_entry_moves_with_the_nights_and_names_the_hotel(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11, 12, 13)], hotel_id=hotel["id"])
    feed = await subscribe(app, tokens["Ayşe Bir"])

    async def entry() -> Any:
        content = (await app.stranger().get(feed)).content
        return next(one for one in Calendar.from_ical(content).walk("VEVENT") if "Regina" in str(one["summary"]))

    before = await entry()
    assert "Rooseveltplatz 15" in before["location"]
    app.clock.forward(minutes=5)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 14)], hotel_id=hotel["id"])
    after = await entry()
    # From the day of arrival to the day of departure, which a calendar writes as the day after.
    assert (after["uid"], after["dtend"].dt) == (before["uid"], date(2026, 5, 16))
    assert after["sequence"] > before["sequence"]
    app.clock.forward(minutes=5)
    moved = HOTEL | {"address": "Ring 1"}
    assert (await app.api().put(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}", json=moved)).status_code == 200
    renamed = await entry()
    assert ("Ring 1" in renamed["location"], renamed["sequence"] > after["sequence"]) == (True, True)


async def test_the_grid_marks_gaps_and_enters_what_is_ticked(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    desk = await app.at_desk()
    here = f"/events/{event['id']}/stays"
    page = (await desk.get(here)).text
    assert page.count("No bed") == 8
    # A day before and a day after the visit are there to be ticked.
    boxes = set(re.findall(r'name="cells\[\]"\s+value="([\w:-]+)"', page))
    assert len(boxes) == 2 * 6
    assert f"{of['Ayşe Bir']}:2026-05-10" in boxes
    refused = await desk.send(f"{here}/nights", {"act": "enter", "hotel_id": hotel["id"]})
    assert (refused.status_code, "Tick the nights first." in refused.text) == (422, True)
    await desk.get(here)
    cells = [f"{of['Ayşe Bir']}:2026-05-{day}" for day in (11, 12, 13, 14)] + [f"{of['Ali İki']}:2026-05-11"]
    sent = await desk.send(
        f"{here}/nights", {"act": "enter", "hotel_id": hotel["id"], "is_bed_provided": "yes", "cells[]": cells}
    )
    assert sent.status_code == 303
    page = (await desk.get(here)).text
    assert (page.count("No bed"), page.count("Hotel Regina<br>")) == (0, 5)
    await leg_entered(app, event, [of["Ali İki"]])
    assert (await desk.get(here)).text.count("No bed") == 3
    await desk.send(f"{here}/nights", {"act": "clear", "cells[]": cells[:1]})
    assert [check_in for id, check_in, *_ in await stays(app, event) if id == of["Ayşe Bir"]] == ["2026-05-12"]


@pytest.mark.parametrize("kind", ["study-visit", "training"])
async def test_only_a_study_visit_has_the_tab_of_stays(sqlite_app: App, kind: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"], kind=kind)
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")).text
    tabs = page.partition('<nav class="tabs')[2].partition("</nav>")[0].partition("<details")[0]
    assert (f'href="/events/{event["id"]}/stays"' in tabs) is (kind == "study-visit")


async def test_whose_place_is_gone_is_shown_with_the_nights_that_are_left(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11)], country="AT", city="Vienna")
    answer = await app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/decline", json={"reason": "ill"})
    assert answer.status_code < 300, answer.text
    desk = await app.at_desk()
    here = f"/events/{event['id']}/stays"
    page = (await desk.get(here)).text
    assert ("No place any more" in page, "Ayşe Bir" in page) == (True, True)
    await desk.send(f"{here}/nights", {"act": "clear", "cells[]": [f"{of['Ayşe Bir']}:2026-05-11"]})
    assert "Ayşe Bir" not in (await desk.get(here)).text.partition("History")[0]


async def test_the_grid_of_thirty_costs_as_many_queries_as_that_of_two(sqlite_app: App) -> None:
    app, costs = sqlite_app, []
    for size in (2, 30):
        visit = {
            "kind": "study-visit",
            "title": f"Visit of {size}",
            "first_day": "2026-05-11",
            "last_day": "2026-05-15",
        }
        event, _ = await app.accepted_event(names(size), **visit)
        of = await app.registrations(event)
        hotel = await a_hotel(app, event)
        await set_nights(app, event, [nights_of(id, 11, 12) for id in of.values()], hotel_id=hotel["id"])
        room = (await app.api().post(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/rooms", json={})).json()
        (stay, *_) = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
        await app.api().post(f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests", json={"stays": [stay["id"]]})
        desk = await app.at_desk()
        paths = ("stays", "travel", "rooms", f"hotels/{hotel['id']}", f"rooms/{room['id']}")
        seen = {}
        for path in paths:
            with app.counting() as statements:
                assert (await desk.client.get(f"/events/{event['id']}/{path}")).status_code == 200
            seen[path.partition("/")[0] + str("/" in path)] = len(statements)
        costs.append(seen)
    assert costs[0] == costs[1]
    assert {path: n for path, n in costs[1].items() if n > 14} == {}
