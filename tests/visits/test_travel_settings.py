"""A project's own numbers: findings, pick-ups and calendars go by them."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import subscribe
from tests.people import App, problem_fields
from tests.visits.test_journeys import findings
from tests.visits.test_legs import entered, travelling
from tests.visits.test_vehicles import ordered, planned, seated


async def settings(app: App, role: str = "organiser", **given: Any) -> Any:
    return await app.api(role).put(f"/api/v1/projects/{app.project_id}/travel-settings", json=given)


async def test_a_connection_is_judged_by_the_projects_own_minutes(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    way = {"number": "TK 2121", "origin": "ESB", "destination": "IST", "departs": "04:00", "arrives": "05:20"}
    await entered(app, event, [*of.values()], **way)
    await entered(app, event, [*of.values()])
    assert not {"connection_short", "connection_impossible"} & set(await findings(app, event))
    await settings(app, connect_international=240)
    found = (await findings(app, event)).get("connection_short")
    assert found is not None
    assert "4" in found["sentence"]


async def test_pick_ups_on_page_and_in_calendar_go_by_them_alike(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    await seated(app, await ordered(app, event), [*of.values()])
    usual = (await planned(app, event))["Minibus 1"]["pick_up"]
    await settings(app, exit_flight_border=90)
    own = (await planned(app, event))["Minibus 1"]["pick_up"]
    assert (usual[11:16], own[11:16]) == ("10:40", "11:10")
    feed = await subscribe(app, tokens["Ayşe Bir"])
    entries = Calendar.from_ical((await app.stranger().get(feed)).content).walk("VEVENT")
    starts = {str(one["summary"]): one["dtstart"].dt for one in entries}
    assert any(getattr(start, "hour", 0) == 11 and start.minute == 10 for start in starts.values())


async def test_only_what_differs_is_kept_and_an_empty_field_is_the_usual_number(sqlite_app: App) -> None:
    app = sqlite_app
    desk, here = await app.at_desk(), f"/projects/{app.project_id}/travel-settings"
    await desk.get(here)
    assert (await desk.send(here, {"settle": "45", "lead_train": ""})).status_code == 303
    shown = (await app.api("auditor").get(f"/api/v1{here}")).json()
    assert (shown["settle"], shown["lead_train"]) == (45, 25)
    await settings(app)
    assert (await app.api().get(f"/api/v1{here}")).json()["settle"] == 30


@pytest.mark.parametrize("wrong", [{"settle": -1}, {"settle": 100_000}, {"settle": "soon"}, {"nonsense": 1}])
async def test_what_is_no_such_number_is_said_beside_its_field(sqlite_app: App, wrong: dict[str, Any]) -> None:
    answer = await settings(sqlite_app, **wrong)
    assert (answer.status_code, list(problem_fields(answer))) == (422, list(wrong))


async def test_another_projects_numbers_change_nothing_here(sqlite_app: App) -> None:
    app = sqlite_app
    await app.found("P-OTHER", prefix="other-")
    assert (await settings(app, "other-organiser", settle=45)).status_code == 404
    assert (await settings(app, "finance", settle=45)).status_code == 403
