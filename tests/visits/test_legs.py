"""Legs: entered by day, place and clock, shared by those who travel together, shown in each one's calendar."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import subscribe
from tests.people import App, copied, problem_fields

VIENNA: dict[str, Any] = {"kind": "study-visit", "country": "AT", "venue": "Vienna"}
THERE = {
    "number": "tk 1887",
    "origin": "IST",
    "destination": "VIE",
    "day": "2026-05-11",
    "departs": "8.05",
    "arrives": "09:40",
}


@copied
async def travelling(app: App, names: list[str]) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """A visit with these people on it: the event, their links and their registrations by name."""
    event, tokens = await app.accepted_event(names, **VIENNA, first_day="2026-05-11", last_day="2026-05-15")
    return event, tokens, await app.registrations(event)


async def entered(app: App, event: dict[str, Any], registrations: list[str], **changed: Any) -> dict[str, Any]:
    answer = await app.api().post(
        f"/api/v1/events/{event['id']}/legs", json={"leg": THERE | changed, "registrations": registrations}
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def entry(app: App, feed: str) -> Any:
    """The leg as a traveller's calendar has it."""
    content = (await app.stranger().get(feed)).content
    return next(one for one in Calendar.from_ical(content).walk("VEVENT") if "TK 1887" in one["summary"])


async def test_clocks_of_both_places_become_moments_and_a_duration(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    assert (leg["carrier"], leg["number"], leg["origin"]) == ("TK", "1887", "Istanbul")
    assert (leg["departs_at"], leg["arrives_at"]) == ("2026-05-11T05:05:00Z", "2026-05-11T07:40:00Z")
    assert (leg["minutes"], leg["destination_zone"]) == (155, "Europe/Vienna")
    assert [one["state"] for one in leg["passengers"]] == ["booked", "booked"]


async def test_the_same_flight_entered_again_is_joined(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir", "Ali İki"])
    one = await entered(sqlite_app, event, [of["Ayşe Bir"]])
    other = await entered(sqlite_app, event, [of["Ali İki"]], number="TK1887", departs=None, arrives=None)
    assert (one["id"], len(other["passengers"])) == (other["id"], 2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"origin": "Nowhereville"}, "origin"),
        ({"arrives": "07:00"}, "arrives"),
        ({"departs": "25:00"}, "leg.departs"),
        ({"day": "2026-03-29", "destination": "IST", "origin": "VIE", "departs": "02:30", "arrives": None}, "departs"),
        ({"arrival_day": "2026-06-11"}, "arrival_day"),
        ({"origin": "12"}, "leg.origin"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, changed: dict[str, Any], field: str) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/legs", json={"leg": THERE | changed, "registrations": [of["Ayşe Bir"]]}
    )
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_over_the_date_line_a_leg_arrives_before_it_leaves_by_the_clocks(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    leg = await entered(
        sqlite_app, event, [*of.values()], origin="AKL", destination="LAX", departs="19:30", arrives="12:30"
    )
    assert leg["minutes"] == 720


async def test_people_without_a_place_are_on_no_leg(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    nobody = str(UUID(int=7))
    answer = await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/legs", json={"leg": THERE, "registrations": [*of.values(), nobody]}
    )
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["registrations"])


async def test_a_leg_that_moves_keeps_its_entry_in_each_travellers_calendar(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    feed = await subscribe(app, tokens["Ayşe Bir"])
    before = await entry(app, feed)
    assert (before["dtstart"].params["TZID"], before["dtend"].params["TZID"]) == ("Europe/Istanbul", "Europe/Vienna")
    assert before["dtend"].dt - before["dtstart"].dt == timedelta(minutes=155)
    app.clock.forward(minutes=5)
    moved = THERE | {"departs": "08:55", "arrives": "10:30"}
    changed = (await app.api().put(f"/api/v1/legs/{leg['id']}", json=moved)).json()
    assert changed["passengers"][0]["state"] == "changed"
    after = await entry(app, feed)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert (after["dtend"].dt.hour, after["dtend"].dt.minute) == (10, 30)
    await app.api().post(f"/api/v1/legs/{leg['id']}/cancellation")
    assert (await entry(app, feed))["status"] == "CANCELLED"


async def test_tickets_and_references_are_for_those_who_book(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    given = {"state": "ticketed", "reference": "RXJ34P", "ticket_number": "2351234567890", "fare": "245.50"}
    path = f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}"
    assert (await app.api().put(path, json=given)).status_code == 422
    kept = (await app.api().put(path, json=given | {"fare_currency": "eur"})).json()["passengers"][0]
    assert (kept["reference"], kept["fare"], kept["fare_currency"]) == ("RXJ34P", "245.50", "EUR")
    seen = await app.api("auditor").get(f"/api/v1/events/{event['id']}/legs")
    assert ("RXJ34P" in seen.text, "2351234567890" in seen.text, "245.50" in seen.text) == (False, False, True)


async def test_a_postponed_visit_leaves_its_legs_and_the_checks_say_so(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    answer = await app.api().post(
        f"/api/v1/events/{event['id']}/postponement", json={"first_day": "2026-06-15", "reason": "The host asked."}
    )
    assert answer.status_code < 300, answer.text
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert leg["day"] == "2026-05-11"
    (journey,) = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    assert "outside_days" in [one["code"] for one in journey["findings"]]


async def test_a_leg_is_entered_moved_and_cancelled_on_its_pages(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/legs/new"
    await desk.get(here)
    wrong = await desk.send(here, {**THERE, "departs": "half past eight", "people[]": [of["Ayşe Bir"]]})
    assert (wrong.status_code, "half past eight" in wrong.text) == (422, True)
    assert f'value="{of["Ayşe Bir"]}"' in wrong.text
    assert re.search(rf'value="{of["Ayşe Bir"]}"\s+checked', wrong.text)
    await desk.get(here)
    assert (await desk.send(here, THERE)).status_code == 422
    await desk.get(here)
    entered = await desk.send(here, {**THERE, "people[]": [*of.values()]})
    leg = entered.headers["location"]
    person = f"{leg}/passengers/{of['Ali İki']}"
    await desk.get(person)
    await desk.send(person, {"state": "ticketed", "seat": "12A", "fare": "245,50", "fare_currency": "EUR"})
    page = (await desk.get(leg)).text
    assert ("12A" in page, "EUR 245.50" in page, "2 h 35 min" in page) == (True, True, True)
    assert ("Istanbul time (UTC+3)" in page, "Vienna time (UTC+2)" in page) == (True, True)
    await desk.send(f"{leg}/move", THERE | {"departs": "08:55", "arrives": "10:30"})
    assert "08:55" in (await desk.get(f"/events/{event['id']}/travel")).text
    await desk.send(f"{leg}/move", {"is_cancelled": "yes"})
    assert (await desk.send(leg, THERE)).status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"arrives": ""}, "11 May 2026 08:05 Istanbul time (UTC+3) → not known"),
        ({"departs": "", "arrives": ""}, "11 May 2026 time not known → not known"),
        (
            {"origin": "VIE", "destination": "IST", "day": "2026-10-25", "departs": "01:30", "arrives": "05:45"},
            "25 Oct 2026 01:30 Vienna time (UTC+2) → 05:45 Istanbul time (UTC+3)",
        ),
    ],
)
async def test_a_leg_says_whose_clock_it_means_and_what_is_not_known(
    sqlite_app: App, changed: dict[str, str], said: str
) -> None:
    day = changed.get("day", THERE["day"])
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"], **VIENNA, first_day=day, last_day=day)
    of = await sqlite_app.registrations(event)
    desk, here = await sqlite_app.at_desk(), f"/events/{event['id']}/legs/new"
    await desk.get(here)
    entered = await desk.send(here, THERE | changed | {"people[]": [*of.values()]})
    page = await desk.get(entered.headers["location"])
    assert (page.status_code, said in " ".join(page.text.split())) == (200, True)


async def test_those_forgotten_join_a_leg_together_and_who_is_on_it_keeps_the_seat(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç", "Ece Dört"])
    leg = await entered(app, event, [of["Ayşe Bir"], of["Ali İki"]])
    path = f"/api/v1/legs/{leg['id']}/passengers"
    await app.api().put(f"{path}/{of['Ayşe Bir']}", json={"state": "ticketed", "seat": "12A"})
    await app.api().put(f"{path}/{of['Ali İki']}", json={"state": "cancelled"})
    joined = await app.api().post(path, json={"registrations": [*of.values()]})
    assert joined.status_code == 200, joined.text
    states = {one["registration_id"]: (one["state"], one["seat"]) for one in joined.json()["passengers"]}
    assert {name: states[id] for name, id in of.items()} == {
        "Ayşe Bir": ("ticketed", "12A"),
        "Ali İki": ("booked", ""),
        "Can Üç": ("booked", ""),
        "Ece Dört": ("booked", ""),
    }
    assert (await app.api().post(path, json={"registrations": [*of.values()]})).json() == joined.json()
    assert (await app.api("auditor").post(path, json={"registrations": [*of.values()]})).status_code == 403
    await app.api().post(f"/api/v1/legs/{leg['id']}/cancellation")
    assert (await app.api().post(path, json={"registrations": [*of.values()]})).status_code == 409


async def test_who_is_put_on_a_leg_again_gets_a_later_version_of_the_entry(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    feed = await subscribe(app, tokens["Ayşe Bir"])
    await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json={"state": "cancelled"})
    left = await entry(app, feed)
    await entered(app, event, [*of.values()])
    back = await entry(app, feed)
    assert (left["status"], back["status"]) == ("CANCELLED", "CONFIRMED")
    assert back["sequence"] > left["sequence"]


async def test_several_are_put_on_a_leg_on_its_page(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    desk, here = await app.at_desk(), f"/legs/{leg['id']}"
    await desk.get(here)
    nobody = await desk.send(f"{here}/passengers", {"state": "ticketed"})
    assert (nobody.status_code, 'id="registrations-wrong"' in nobody.text) == (422, True)
    assert re.search(r"<details[^>]* open", nobody.text)
    await desk.get(here)
    await desk.send(f"{here}/passengers", {"people[]": [of["Ali İki"], of["Can Üç"]], "state": "ticketed"})
    assert ("Put on the leg: 2." in desk.page, "Put others on it" in desk.page) == (True, False)
