"""Vehicles: they leave by the legs of those who ride, hold as many as they have seats, and stand in calendars."""

import asyncio
import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import subscribe
from tests.people import App, problem_fields
from tests.visits.test_journeys import PASSPORT
from tests.visits.test_legs import VIENNA, entered, travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights
from visits.vehicles.jobs import sweep
from visits.vehicles.reading import vehicles_in

MINIBUS: dict[str, Any] = {
    "direction": "arrivals",
    "name": "Minibus 1",
    "plate": "W-123 AB",
    "seats": 8,
    "driver_name": "Franz Huber",
    "driver_phone": "+43 1 234567",
    "contact_name": "Elif Karaca",
    "contact_phone": "+90 532 1112233",
    "meeting_point": "Exit 3, beside the pharmacy",
    "sign_text": "Heyet Delegation",
    "baggage": "9 suitcases",
    "origin": "VIE",
    "destination": "Hotel Wandl",
    "day": "2026-05-11",
    "drive_minutes": 35,
}


async def ordered(app: App, event: dict[str, Any], **changed: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/vehicles", json=MINIBUS | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def seated(app: App, vehicle: dict[str, Any], registrations: list[str]) -> Any:
    path = f"/api/v1/vehicles/{vehicle['id']}/passengers"
    return await app.api().post(path, json={"registrations": registrations})


async def planned(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/vehicles")).json()
    return {one["name"]: one for one in found}


async def codes(app: App, event: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """What is found of each person, by code."""
    journeys = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    return {one["name"]: {found["code"]: found for found in one["findings"]} for one in journeys}


async def test_a_vehicle_leaves_by_the_legs_of_those_who_ride(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    vehicle = await ordered(app, event)
    assert (vehicle["pick_up"], vehicle["people"]) == (None, 0)
    # Landed at 09:40 across a border: an hour later they are out.
    kept = (await seated(app, vehicle, [of["Ayşe Bir"]])).json()
    assert (kept["pick_up"], kept["zone"], kept["is_fixed"]) == ("2026-05-11T10:40", "Europe/Vienna", False)
    assert kept["passengers"] == [
        {"registration_id": of["Ayşe Bir"], "leg_id": leg["id"], "is_riding": True, "waits": 0}
    ]
    await entered(app, event, [of["Ali İki"]], number="OS 830", departs="09:30", arrives="10:57")
    later = (await seated(app, vehicle, [of["Ali İki"]])).json()
    assert later["pick_up"] == "2026-05-11T12:00"
    assert {one["registration_id"]: one["waits"] for one in later["passengers"]} == {
        of["Ayşe Bir"]: 80,
        of["Ali İki"]: 3,
    }
    async with app.database.reading() as db:
        (transfer,) = [one.transfer for one in await vehicles_in(db, UUID(event["id"]))]
    assert transfer.passengers == frozenset(of.values())
    assert (transfer.name, transfer.drive, leg["id"] in transfer.legs) == (vehicle["id"], 35, True)


async def test_to_a_departure_it_leaves_as_long_before_as_all_of_it_takes(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    home = {"number": "TK 1886", "origin": "VIE", "destination": "IST", "day": "2026-05-15"}
    await entered(app, event, [*of.values()], **home, departs="18:25", arrives="22:00")
    back = await ordered(app, event, direction="departures", origin="Hotel", destination="VIE", day="2026-05-15")
    # 18:25 less 150 before a flight across a border, 35 to drive, 10 to get in: 15:10.
    assert (await seated(app, back, [*of.values()])).json()["pick_up"] == "2026-05-15T15:10"


async def test_a_time_set_by_hand_stays_and_is_said_to_be(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event, pick_up="11:30", zone="Europe/Vienna")
    await seated(app, vehicle, [*of.values()])
    moved = {"number": "TK1887", "origin": "IST", "destination": "VIE", "day": "2026-05-11", "departs": "09:05"}
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=moved | {"arrives": "10:40"})
    kept = (await planned(app, event))["Minibus 1"]
    assert (kept["pick_up"], kept["is_fixed"]) == ("2026-05-11T11:30", True)
    assert "set by hand" in (await (await app.at_desk()).get(f"/events/{event['id']}/transfers")).text


@pytest.mark.parametrize(
    ("changed", "badge", "code", "severity"),
    [
        ({"pick_up": "09:00"}, "leaves 100 min before they are out", "pick_up_early", "error"),
        ({"pick_up": "10:00"}, "leaves 40 min before they are out", "pick_up_early", "warning"),
        ({"pick_up": "10:40"}, "", "", ""),
        ({"pick_up": "12:00"}, "leaves 80 min after they are out", "waits_long", "warning"),
        # 08:05 in Istanbul less 150 before a flight across a border, 35 to drive, 10 to get in: 04:50.
        ({"direction": "departures", "pick_up": "04:50", "zone": "Europe/Istanbul"}, "", "", ""),
        ({"direction": "departures", "pick_up": "05:50", "zone": "Europe/Istanbul"}, "leaves 60 min too late",
         "pick_up_late", "warning"),
        ({"direction": "departures", "pick_up": "07:45", "zone": "Europe/Istanbul"}, "leaves 175 min too late",
         "pick_up_late", "error"),
        ({"direction": "departures", "pick_up": "02:50", "zone": "Europe/Istanbul"},
         "leaves 120 min earlier than needed", "", ""),
    ],
)  # fmt: skip
async def test_a_time_set_by_hand_that_does_not_fit_is_found_in_every_list(
    sqlite_app: App, changed: dict[str, Any], badge: str, code: str, severity: str
) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event, **changed)
    await seated(app, vehicle, [*of.values()])
    desk = await app.at_desk()
    for page in ("transfers", "arrivals?day=2026-05-11"):
        shown = re.findall(r"leaves \d+ min [a-z ]+", (await desk.get(f"/events/{event['id']}/{page}")).text)
        assert set(shown) == ({badge} if badge else set()), page
    assert (await planned(app, event))["Minibus 1"]["fits"] is not bool(badge)
    theirs = {"pick_up_early", "pick_up_late", "waits_long"}
    found = {one: told["severity"] for one, told in (await codes(app, event))["Ayşe Bir"].items() if one in theirs}
    assert found == ({code: severity} if code else {})
    # The list shows what is worst; the rest stands at the person.
    here = f"/events/{event['id']}/travel" + ("" if severity == "error" else f"/{of['Ayşe Bir']}")
    told = "Minibus 1 was set by hand" in (await desk.get(here)).text
    assert told is code.startswith("pick_up")


async def test_a_time_too_late_for_one_departure_is_told_to_nobody_who_leaves_later(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    home = {"origin": "VIE", "destination": "IST", "day": "2026-05-15"}
    await entered(app, event, [of["Ayşe Bir"]], **home, number="TK 1886", departs="18:25", arrives="22:00")
    await entered(app, event, [of["Ali İki"]], **home, number="TK 1888", departs="22:00", arrives="23:50")
    back = await ordered(app, event, direction="departures", day="2026-05-15", pick_up="16:10", zone="Europe/Vienna")
    await seated(app, back, [*of.values()])
    found = await codes(app, event)
    assert ("pick_up_late" in found["Ayşe Bir"], "pick_up_late" in found["Ali İki"]) == (True, False)
    assert found["Ayşe Bir"]["pick_up_late"]["numbers"]["minutes"] == 60


async def test_a_vehicle_that_goes_between_two_places_now_waits_for_no_leg(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [*of.values()])
    between = MINIBUS | {"direction": "between", "pick_up": "15:00", "zone": "Europe/Vienna"}
    assert (await app.api().put(f"/api/v1/vehicles/{vehicle['id']}", json=between)).status_code == 200
    moved = {"number": "TK1887", "origin": "IST", "destination": "VIE", "day": "2026-05-11", "departs": "09:05"}
    told = await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=moved | {"arrives": "10:40"})
    assert told.json()["pick_ups_to_set"] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"direction": "between"}, "pick_up"),
        ({"seats": 0}, "seats"),
        ({"pick_up": "25:00"}, "pick_up"),
        ({"pick_up": "02:30", "day": "2026-03-29", "zone": "Europe/Vienna"}, "pick_up"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"name": "x" * 81}, "name"),
        ({"origin": ""}, "origin"),
        ({"drive_minutes": -1}, "drive_minutes"),
        ({"driver_phone": "abc"}, "driver_phone"),
        ({"contact_phone": "see above"}, "contact_phone"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, changed: dict[str, Any], field: str) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/vehicles", json=MINIBUS | changed)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_in_the_night_in_which_clocks_go_back_the_offset_is_named(sqlite_app: App) -> None:
    app = sqlite_app
    days = {"first_day": "2026-10-24", "last_day": "2026-10-27"}
    event, _ = await app.accepted_event(["Ayşe Bir"], **VIENNA, **days)
    of = await app.registrations(event)
    home = {"number": "TK 1", "origin": "VIE", "destination": "IST", "day": "2026-10-25"}
    # Three hours and a quarter before 04:45 are 02:30 on the clocks of summer: one hour of that night comes twice.
    await entered(app, event, [*of.values()], **home, departs="04:45", arrives="09:00")
    back = await ordered(app, event, direction="departures", day="2026-10-25", drive_minutes=35)
    kept = (await seated(app, back, [*of.values()])).json()
    assert (kept["pick_up"], kept["pick_up_at"]) == ("2026-10-25T02:30+02:00", "2026-10-25T00:30:00Z")
    desk = await app.at_desk()
    assert "02:30 (UTC+02:00)" in (await desk.get(f"/events/{event['id']}/transfers")).text
    by_hand = MINIBUS | {"day": "2026-10-25", "direction": "departures", "zone": "Europe/Vienna"}
    here = f"/vehicles/{back['id']}"
    await desk.get(here)
    unsure = await desk.send(here, by_hand | {"pick_up": "02:30"})
    assert (unsure.status_code, 'id="pick_up-wrong"' in unsure.text) == (422, True)
    await desk.get(here)
    await desk.send(here, by_hand | {"pick_up": "02:30+01:00"})
    assert 'value="02:30+01:00"' in desk.page
    assert (await planned(app, event))["Minibus 1"]["pick_up_at"] == "2026-10-25T01:30:00Z"


async def test_of_two_officers_who_give_the_last_seat_one_does(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç"])
    await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event, seats=2)
    assert (await seated(app, vehicle, [of["Ayşe Bir"]])).status_code == 200
    answers = await asyncio.gather(*(seated(app, vehicle, [of[name]]) for name in ("Ali İki", "Can Üç")))
    assert sorted(one.status_code for one in answers) == [200, 409]
    refused = next(one.json() for one in answers if one.status_code == 409)
    assert (refused["type"].endswith("/vehicle-is-full"), "0 seats are free" in refused["title"]) == (True, True)
    assert (await planned(app, event))["Minibus 1"]["people"] == 2


async def test_a_cancelled_leg_and_one_on_another_day_free_the_seat(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    vehicle = await ordered(app, event, seats=1)
    await seated(app, vehicle, [of["Ayşe Bir"]])
    assert (await seated(app, vehicle, [of["Ali İki"]])).status_code == 409
    await app.api().post(f"/api/v1/legs/{leg['id']}/cancellation")
    kept = (await planned(app, event))["Minibus 1"]
    assert (kept["people"], kept["passengers"][0]["is_riding"]) == (0, False)
    other = await entered(app, event, [of["Ali İki"]], number="OS 830", departs="09:30", arrives="10:57")
    assert (await seated(app, vehicle, [of["Ali İki"]])).json()["people"] == 1
    moved = {"number": "OS830", "origin": "IST", "destination": "VIE", "day": "2026-05-12", "arrives": "10:57"}
    await app.api().put(f"/api/v1/legs/{other['id']}", json=moved)
    kept = (await planned(app, event))["Minibus 1"]
    assert (kept["people"], kept["pick_up"]) == (0, None)


async def test_a_smaller_vehicle_a_long_wait_and_nobody_who_meets_are_found(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç"])
    await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Ali İki"], of["Can Üç"]], number="OS 830", departs="09:30", arrives="10:57")
    assert "nobody_meets" not in (await codes(app, event))["Can Üç"]
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [of["Ayşe Bir"], of["Ali İki"]])
    found = await codes(app, event)
    assert found["Ayşe Bir"]["waits_long"]["numbers"] == {"leg": "TK 1887", "minutes": 80}
    assert "OS 830" in found["Can Üç"]["nobody_meets"]["sentence"]
    assert ("nobody_meets" in found["Ali İki"], "waits_long" in found["Ali İki"]) == (False, False)
    await app.api().put(f"/api/v1/vehicles/{vehicle['id']}", json=MINIBUS | {"seats": 1})
    assert (await codes(app, event))["Ali İki"]["vehicle_full"]["sentence"] == "Minibus 1: 2 people for 1 seats."


async def test_a_connection_and_the_way_home_need_nobody_who_meets(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()], origin="ESB", destination="IST", departs="05:00", arrives="06:15")
    await entered(app, event, [*of.values()])
    home = {"number": "TK 1886", "origin": "VIE", "destination": "ESB", "day": "2026-05-15"}
    await entered(app, event, [*of.values()], **home, departs="18:25", arrives="22:00")
    vehicle = await ordered(app, event)
    assert (await codes(app, event))["Ayşe Bir"]["nobody_meets"]["numbers"] == {"leg": "TK 1887"}
    await seated(app, vehicle, [*of.values()])
    assert "nobody_meets" not in (await codes(app, event))["Ayşe Bir"]


async def test_a_seat_for_the_same_leg_in_another_vehicle_is_given_up(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    one, other = await ordered(app, event), await ordered(app, event, name="Minibus 2")
    await seated(app, one, [*of.values()])
    await seated(app, other, [*of.values()])
    assert {name: found["people"] for name, found in (await planned(app, event)).items()} == {
        "Minibus 1": 0,
        "Minibus 2": 1,
    }


async def test_vehicles_are_suggested_for_a_day_and_entered_when_somebody_says_so(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç", "Ece Dört"])
    await entered(app, event, [of["Ayşe Bir"], of["Ali İki"]])
    await entered(app, event, [of["Can Üç"]], number="OS 830", departs="14:30", arrives="16:00")
    await entered(app, event, [of["Ece Dört"]], number="PC 901", departs=None, arrives=None)
    asked = {"day": "2026-05-11", "seats": 8, "destination": "Hotel Wandl", "drive_minutes": 35}
    path = f"/api/v1/events/{event['id']}/vehicle-suggestions"
    suggestion = (await app.api().post(path, json=asked)).json()
    told = [(one["pick_up"], one["people"], one["longest_wait"]) for one in suggestion["vehicles"]]
    assert told == [("2026-05-11T10:40", 2, 0), ("2026-05-11T17:00", 1, 0)]
    assert suggestion["unknown"] == [of["Ece Dört"]]
    assert await planned(app, event) == {}
    taken = asked | {"digest": suggestion["digest"]}
    made = await app.api().post(f"{path}/application", json=taken)
    assert [(one["name"], one["people"]) for one in made.json()] == [("Vehicle 1", 2), ("Vehicle 2", 1)]
    again = await app.api().post(f"{path}/application", json=taken)
    assert (again.status_code, again.json()["type"].endswith("/suggestion-is-old")) == (409, True)


async def test_a_group_larger_than_a_vehicle_rides_in_several(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç"])
    await entered(app, event, [*of.values()])
    asked = {"day": "2026-05-11", "seats": 2}
    suggestion = (await app.api().post(f"/api/v1/events/{event['id']}/vehicle-suggestions", json=asked)).json()
    assert sorted(one["people"] for one in suggestion["vehicles"]) == [1, 2]


async def test_a_transfer_keeps_its_entry_in_each_passengers_calendar(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [*of.values()])
    feed = await subscribe(app, tokens["Ayşe Bir"])

    async def entry() -> Any:
        content = (await app.stranger().get(feed)).content
        return next(one for one in Calendar.from_ical(content).walk("VEVENT") if "Hotel Wandl" in one["summary"])

    before = await entry()
    assert (before["dtstart"].dt.hour, before["dtstart"].dt.minute) == (10, 40)
    assert before["dtend"].dt - before["dtstart"].dt == timedelta(minutes=35)
    assert "Exit 3" in str(before["description"])
    assert ("Huber" in str(before), "1 234567" in str(before)) == (False, False)
    app.clock.forward(minutes=5)
    moved = {"number": "TK1887", "origin": "IST", "destination": "VIE", "day": "2026-05-11"}
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=moved | {"departs": "08:55", "arrives": "10:30"})
    after = await entry()
    assert (after["uid"], after["dtstart"].dt.hour, after["dtstart"].dt.minute) == (before["uid"], 11, 30)
    assert after["sequence"] > before["sequence"]
    app.clock.forward(minutes=5)
    await app.api().delete(f"/api/v1/vehicles/{vehicle['id']}/passengers/{of['Ayşe Bir']}")
    gone = await entry()
    assert (gone["status"], gone["uid"]) == ("CANCELLED", before["uid"])
    assert gone["sequence"] > after["sequence"]


async def test_who_gives_up_the_place_is_waited_for_no_longer(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Ali İki"]], number="OS 830", departs="09:30", arrives="10:57")
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [*of.values()])
    feed = await subscribe(app, tokens["Ayşe Bir"])

    async def entry() -> Any:
        content = (await app.stranger().get(feed)).content
        return next(one for one in Calendar.from_ical(content).walk("VEVENT") if "Hotel Wandl" in one["summary"])

    before = await entry()
    app.clock.forward(minutes=5)
    left = await (await app.owner(tokens["Ali İki"])).post("/api/v1/invitation/decline", json={})
    assert left.status_code < 300, left.text
    after = await entry()
    assert (before["dtstart"].dt.hour, after["dtstart"].dt.hour, after["dtstart"].dt.minute) == (12, 10, 40)
    assert after["sequence"] > before["sequence"]


def text_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


async def test_a_drivers_sheet_says_what_a_driver_needs_and_no_passport(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    await entered(app, event, [*of.values()])
    one = await ordered(app, event)
    await seated(app, one, [*of.values()])
    other = await ordered(app, event, name="Minibus 2")
    path = f"/api/v1/events/{event['id']}/driver-sheets"
    given = {"recipient": "Huber Reisen GmbH", "vehicles": [one["id"], other["id"]]}
    answer = await app.api().post(path, json=given)
    second, first = text_of(answer.content)
    for said in (
        "Heyet Delegation", "Exit 3, beside the pharmacy", "10:40", "TK 1887", "09:40", "Ayşe Bir", "Ali İki",
        "2 of 8 seats", "9 suitcases", "+90 532 1112233", "Hotel Wandl", "Huber Reisen GmbH", "Franz Huber",
    ):  # fmt: skip
        assert said in first, said
    # Across the page, and at its foot.
    assert first.count("Huber Reisen GmbH") == second.count("Huber Reisen GmbH") == 2
    assert ("U12345678" in first, "time not known" in second) == (False, True)
    history = (await (await app.at_desk()).get(f"/events/{event['id']}/transfers")).text
    assert "Huber Reisen GmbH" in history
    assert (await app.api("auditor").post(path, json=given)).status_code == 403


async def test_a_drivers_sheet_names_zone_and_recipient_as_lists_do(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    one = await ordered(app, event)
    await seated(app, one, [*of.values()])
    recipient = "Busunternehmen Huber, Söhne und Enkel Gesellschaft mit beschränkter Haftung, Schwechat"
    given = {"recipient": recipient, "vehicles": [one["id"]]}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/driver-sheets", json=given)
    (page,) = text_of(answer.content)
    assert ("10:40 (Vienna time)" in page, "Europe/Vienna" in page) == (True, False)
    # Whole across the page, in as many lines as it takes, and whole at its foot.
    assert ("…" in page, " ".join(page.split()).count(recipient)) == (False, 2)


async def test_a_suggestion_leads_to_the_hotel_where_all_sleep_in_one(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [*of.values()])
    desk = await app.at_desk()

    async def destination() -> str:
        found = re.search(r'name="destination"[^>]*value="([^"]*)"', (await desk.get(here)).text)
        return found[1] if found else ""

    here = f"/events/{event['id']}/transfers"
    assert await destination() == "Vienna"
    regina = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11)], hotel_id=regina["id"])
    assert await destination() == "Vienna"
    await set_nights(app, event, [nights_of(of["Ali İki"], 11)], hotel_id=regina["id"])
    assert await destination() == "Hotel Regina"
    other = await a_hotel(app, event, name="Hotel Post")
    await set_nights(app, event, [nights_of(of["Ali İki"], 11)], hotel_id=other["id"])
    assert await destination() == "Vienna"


async def test_plates_drivers_and_telephones_are_for_those_who_plan_and_go_after_the_visit(app: App) -> None:
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    await ordered(app, event)
    seen = await app.api("auditor").get(f"/api/v1/events/{event['id']}/vehicles")
    page = await (await app.at_desk("auditor")).get(f"/events/{event['id']}/transfers")
    planned_by = await app.api().get(f"/api/v1/events/{event['id']}/vehicles")
    for secret in ("Huber", "+43 1 234567", "W-123", "532 1112233"):
        assert secret not in seen.text + page.text
        assert secret in planned_by.text
    async with app.database.reading() as db:
        rows = (await (await db.connection()).exec_driver_sql("SELECT * FROM vehicle")).all()
    assert ("Huber" in str(rows), "Minibus" in str(rows)) == (False, True)
    context = app.fastapi.state.context
    await sweep(context)
    assert (await planned(app, event))["Minibus 1"]["driver_name"] == "Franz Huber"
    app.clock.forward(days=140)
    await sweep(context)
    kept = (await planned(app, event))["Minibus 1"]
    assert (kept["driver_name"], kept["driver_phone"], kept["plate"], kept["contact_phone"]) == ("", "", "", "")


async def test_a_vehicle_is_entered_filled_changed_and_cancelled_on_its_pages(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [*of.values()])
    desk = await app.at_desk()
    tab = f"/events/{event['id']}/transfers"
    assert "TK 1887" in (await desk.get(tab)).text
    assert 'href="/events/{}/transfers"'.format(event["id"]) in desk.page
    new = f"/events/{event['id']}/vehicles/new"
    await desk.get(new)
    wrong = await desk.send(new, MINIBUS | {"seats": "none"})
    assert (wrong.status_code, 'id="seats-wrong"' in wrong.text, "Franz Huber" in wrong.text) == (422, True, True)
    await desk.get(new)
    here = (await desk.send(new, MINIBUS | {"seats": "1"})).headers["location"]
    await desk.get(here)
    full = await desk.send(f"{here}/passengers", {"people[]": [*of.values()]})
    assert (full.status_code, "1 seats are free" in full.text) == (409, True)
    assert len(re.findall(r"\bchecked\b", full.text)) == 2
    await desk.get(here)
    await desk.send(f"{here}/passengers", {"people[]": [of["Ayşe Bir"]]})
    assert "10:40" in desk.page
    await desk.send(here, MINIBUS | {"seats": "9", "pick_up": "11:15", "zone": "Europe/Vienna"})
    assert ("11:15" in desk.page, "set by hand" in desk.page) == (True, True)
    await desk.send(f"{here}/passengers/{of['Ayşe Bir']}/remove")
    assert "Nobody rides in it yet" in desk.page
    await desk.get(tab)
    missing = await desk.send(f"{tab}/driver-sheets.pdf", {"recipient": ""})
    assert missing.status_code == 422
    await desk.get(tab)
    sheets = await desk.send(f"{tab}/driver-sheets.pdf", {"recipient": "Huber", "vehicles[]": [here.split("/")[-1]]})
    assert sheets.content.startswith(b"%PDF")
    await desk.get(here)
    await desk.send(f"{here}/cancel")
    assert (await desk.send(here, MINIBUS)).status_code == 409


async def test_a_suggestion_is_looked_at_on_its_page_before_it_is_entered(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [*of.values()])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/transfers/suggestion"
    asked = {"day": "2026-05-11", "seats": "8", "destination": "Hotel Wandl", "drive_minutes": "35"}
    assert (await desk.get(here, params=asked | {"seats": "0"})).status_code == 422
    page = (await desk.get(here, params=asked)).text
    assert ("10:40" in page, "Ali İki" in page) == (True, True)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    await entered(app, event, [of["Ali İki"]], number="OS 830", departs="19:30", arrives="20:57")
    old = await desk.send(here, asked | {"digest": digest[1]})
    assert (old.status_code, "have changed" in old.text) == (409, True)
    fresh = re.search(r'name="digest" value="(\w+)"', (await desk.get(here, params=asked)).text)
    assert fresh
    await desk.send(here, asked | {"digest": fresh[1]})
    assert "Vehicle 2" in desk.page
