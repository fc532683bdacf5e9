"""Two people change one thing: the second is told, and sees both versions."""

from typing import Any

import pytest

from tests.people import App

SESSION = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Hall A"}


async def test_a_lost_update_of_a_session_is_refused(app: App) -> None:
    event = await app.event()
    made = (await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=SESSION)).json()
    there, seen = f"/api/v1/sessions/{made['id']}", {"If-Match": f'"r{made["revision"]}"'}
    first = await app.api().put(there, json={**SESSION, "title": "Welcome"}, headers=seen)
    assert (first.status_code, first.headers["etag"]) == (200, '"r1"')
    second = await app.api().put(there, json={**SESSION, "room": "Hall B"}, headers=seen)
    assert second.status_code == 412
    detail = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    assert [(s["title"], s["room"]) for s in detail["sessions"]] == [("Welcome", "Hall A")]
    assert (await app.api().put(there, json={**SESSION, "room": "Hall B"})).status_code == 200, (
        "without If-Match it goes"
    )


async def test_a_lost_update_of_a_component_is_refused(app: App) -> None:
    api = app.api("administrator")
    given = {"code": "A", "title": "Training"}
    made = (await api.post(f"/api/v1/projects/{app.project_id}/components", json=given)).json()
    there, seen = f"/api/v1/components/{made['id']}", {"If-Match": f'"r{made["revision"]}"'}
    assert (await api.put(there, json={**given, "title": "Trainings"}, headers=seen)).status_code == 200
    assert (await api.put(there, json={**given, "target_events": 4}, headers=seen)).status_code == 412


async def _session_form(app: App) -> tuple[str, dict[str, Any], str]:
    event = await app.event()
    made = (await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=SESSION)).json()
    await app.api().put(f"/api/v1/sessions/{made['id']}", json={**SESSION, "title": "Welcome", "kind": "coffee"})
    form = {"title": "Reception", "day": "2026-04-14", "starts": "09:30", "ends": "10:30", "room": "Hall A"}
    return f"/events/{event['id']}/sessions/{made['id']}", {**form, "kind": "content", "revision": "0"}, "Welcome"


async def _component_form(app: App) -> tuple[str, dict[str, Any], str]:
    api, given = app.api("administrator"), {"code": "A", "title": "Training"}
    made = (await api.post(f"/api/v1/projects/{app.project_id}/components", json=given)).json()
    await api.put(f"/api/v1/components/{made['id']}", json={**given, "title": "Trainings"})
    there = f"/projects/{app.project_id}/components/{made['id']}"
    return there, {**given, "title": "Reception", "revision": "0"}, "Trainings"


async def _person_form(app: App) -> tuple[str, dict[str, Any], str]:
    given = {"name": "Ayşe Yılmaz", "project_id": str(app.project_id)}
    made = (await app.api().post("/api/v1/people", json=given)).json()
    await app.api().put(f"/api/v1/people/{made['id']}", json={"name": "Ayşe Kaya"})
    return f"/people/{made['id']}/edit", {"name": "Reception", "country": "TR", "revision": "0"}, "Ayşe Kaya"


async def _institution_form(app: App) -> tuple[str, dict[str, Any], str]:
    given = {"name": "Court", "project_id": str(app.project_id)}
    made = (await app.api().post("/api/v1/institutions", json=given)).json()
    await app.api().put(f"/api/v1/institutions/{made['id']}", json={"name": "High Court"})
    form = {"name": "Reception", "country": "TR", "kind": "other", "revision": "0"}
    return f"/institutions/{made['id']}", form, "High Court"


async def _event_form(app: App) -> tuple[str, dict[str, Any], str]:
    event = await app.event()
    changed = {**app.plan(title="Welcome")}
    del changed["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=changed)
    form = {k: str(v) for k, v in changed.items()} | {"title": "Reception", "revision": str(event.get("revision", 0))}
    return f"/events/{event['id']}/edit", form, "Welcome"


@pytest.mark.parametrize("form", [_session_form, _component_form, _person_form, _institution_form, _event_form])
async def test_each_page_shows_what_was_typed_and_what_is_there_now(sqlite_app: App, form: Any) -> None:
    path, typed, now = await form(sqlite_app)
    role = "administrator" if form is _component_form else "organiser"
    desk = await sqlite_app.at_desk(role)
    answer = await desk.send(path, typed)
    assert answer.status_code == 412, answer.text
    assert 'value="Reception"' in answer.text
    assert f"Saved meanwhile: {now}" in answer.text
    assert 'name="revision" value="0"' not in answer.text, "what is saved next is said of what is there now"
