"""A program that asks twice, because no answer came, has asked once: uploads and copies."""

from typing import Any
from uuid import uuid4

from tests.people import App


async def twice(app: App, path: str, **sent: Any) -> tuple[Any, Any]:
    key = {"Idempotency-Key": str(uuid4())}
    first, second = [await app.api().post(path, headers=key, **sent) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201), second.text
    return first.json(), second.json()


async def test_a_list_is_uploaded_once(app: App) -> None:
    event = await app.event()
    files = {"file": ("list.csv", b"Name;E-mail\nAli Kaya;ali@example.org", "text/csv")}
    first, second = await twice(app, f"/api/v1/events/{event['id']}/imports", files=files)
    assert first["id"] == second["id"]
    files = {"file": ("list.csv", b"Name;Province\nCourt;Ankara", "text/csv")}
    first, second = await twice(app, f"/api/v1/projects/{app.project_id}/institution-lists", files=files)
    assert first["id"] == second["id"]


async def test_a_material_is_added_once(app: App) -> None:
    event = await app.event()
    there = f"/api/v1/events/{event['id']}/materials"
    sent = {"data": {"title": "Notes"}, "files": {"file": ("notes.txt", b"some words", "text/plain")}}
    await twice(app, there, **sent)
    assert len((await app.api().get(there)).json()) == 1


async def test_copies_are_planned_once(app: App) -> None:
    event = await app.event()
    days = [{"first_day": "2026-05-12"}, {"first_day": "2026-06-09"}]
    first, second = await twice(app, f"/api/v1/events/{event['id']}/copies", json={"copies": days})
    assert [copy["id"] for copy in first] == [copy["id"] for copy in second]
    assert len({copy["id"] for copy in first}) == 2
    assert (await app.api().get("/api/v1/events")).json()["total"] == 3


async def test_a_key_of_another_event_or_project_gives_nothing_away(sqlite_app: App) -> None:
    app, key = sqlite_app, {"Idempotency-Key": str(uuid4())}
    event = await app.event()
    given = {"copies": [{"first_day": "2026-05-12"}]}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/copies", headers=key, json=given)).status_code == 201
    other = await app.found("P-B", prefix="b-")
    theirs = (await app.api("b-organiser").post("/api/v1/events", json=app.plan(project_id=str(other)))).json()
    answer = await app.api("b-organiser").post(f"/api/v1/events/{theirs['id']}/copies", headers=key, json=given)
    assert answer.status_code == 404
