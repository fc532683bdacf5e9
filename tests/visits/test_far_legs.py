"""Legs with a wrong month or year are refused, whoever enters them and however they come in."""

from typing import Any

from httpx2 import Response

from tests.people import App, problem_fields
from tests.visits.test_booking_files import confirmation, uploaded
from tests.visits.test_legs import THERE, entered, travelling
from tests.visits.test_ticket_lists import AYSE, csv

LAST_YEAR = THERE | {"day": "2025-05-11"}


def is_refused(answer: Response, field: str = "day") -> bool:
    """Beside the field, with the days of the event, in May or Mayıs."""
    said = problem_fields(answer).get(field, "") if answer.status_code == 422 else ""
    return "11 May" in said and "15 May" in said


async def post(app: App, event: dict[str, Any], one: str, leg: dict[str, Any]) -> Response:
    return await app.api().post(f"/api/v1/events/{event['id']}/legs", json={"leg": leg, "registrations": [one]})


async def test_a_leg_more_than_thirty_days_from_the_event_is_refused(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    answers = [
        await post(sqlite_app, event, of["Ayşe Bir"], THERE | {"day": day})
        for day in ("2026-04-10", "2026-04-11", "2026-06-14", "2026-06-15", "2025-05-11")
    ]
    assert [is_refused(one) for one in answers] == [True, False, False, True, True]
    assert [one.status_code for one in answers] == [422, 201, 201, 422, 422]


async def test_an_organisers_page_says_so_beside_the_day(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    desk, here = await sqlite_app.at_desk(), f"/events/{event['id']}/legs/new"
    await desk.get(here)
    answer = await desk.send(here, LAST_YEAR | {"people[]": [*of.values()]})
    assert (answer.status_code, 'id="day-wrong"' in answer.text) == (422, True)


async def test_a_traveller_is_told_the_same(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    assert is_refused(await guest.post("/api/v1/invitation/journey/legs", json={"leg": LAST_YEAR}))


async def test_a_leg_does_not_move_there_either(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    path = f"/api/v1/legs/{leg['id']}"
    assert is_refused(await app.api().post(f"{path}/effects", json=LAST_YEAR))
    assert is_refused(await app.api().put(path, json=LAST_YEAR))


async def test_a_leg_of_a_postponed_event_can_still_be_put_right(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    later = {"first_day": "2026-09-14", "reason": "The host asked."}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/postponement", json=later)).status_code < 300
    answer = await app.api().put(f"/api/v1/legs/{leg['id']}", json=THERE | {"number": "TK 1889"})
    assert (answer.status_code, answer.json()["number"]) == (200, "1889")


async def test_read_bookings_and_lists_of_an_agency_are_held_to_the_same_days(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await travelling(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/bookings"
    other = {"departs": "2026-09-11T08:05:00+03:00", "arrives": "2026-09-11T09:40:00+02:00"}
    guest = await app.owner(tokens["Ayşe Bir"])
    own = "/api/v1/invitation/journey/bookings"
    for client, at, file in (
        (app.api(), path, csv(AYSE.replace("11.05.2026", "11.10.2026"))),
        (guest, own, confirmation(**other)),
    ):
        found = await uploaded(app, at, file, client=client)
        keys = [one["key"] for one in found["proposals"] if one["is_open"]]
        assert keys
        assert is_refused(await client.post(f"{at}/application", json={"keys": keys}), "keys")
    assert (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json() == []


async def test_each_mistyped_code_is_said_beside_its_field(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await post(sqlite_app, event, of["Ayşe Bir"], THERE | {"origin": "EXB", "destination": "VYE"})
    said = problem_fields(answer)
    assert list(said) == ["origin", "destination"]
    assert all("code" in one and "larger town" not in one for one in said.values())
