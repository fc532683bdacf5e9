"""Components and activities of a project."""

import pytest

from tests.people import App, problem_fields

TRAINING = {
    "code": "2",
    "title": "Training",
    "target_events": 12,
    "target_participants": 300,
    "target_women": 40,
}


async def add(app: App, **change: object) -> dict[str, object]:
    answer = await app.api("administrator").post(
        f"/api/v1/projects/{app.project_id}/components", json={**TRAINING, **change}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_activities_follow_their_component(sqlite_app: App) -> None:
    first, second = await add(sqlite_app), await add(sqlite_app, code="1", title="Coordination")
    await add(sqlite_app, code="2.1", title="Law enforcement", parent_id=first["id"])
    listed = (await sqlite_app.api().get(f"/api/v1/projects/{sqlite_app.project_id}/components")).json()
    assert [c["code"] for c in listed] == ["1", "2", "2.1"]
    assert second["parent_id"] is None


async def test_only_an_administrator_plans_components(sqlite_app: App) -> None:
    answer = await sqlite_app.api().post(f"/api/v1/projects/{sqlite_app.project_id}/components", json=TRAINING)
    assert answer.status_code == 403


async def test_a_code_is_taken_once_in_a_project(app: App) -> None:
    await add(app)
    answer = await app.api("administrator").post(f"/api/v1/projects/{app.project_id}/components", json=TRAINING)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["code"])


async def test_there_are_two_levels_and_no_circle(sqlite_app: App) -> None:
    top = await add(sqlite_app)
    activity = await add(sqlite_app, code="2.1", parent_id=top["id"])
    client = sqlite_app.api("administrator")
    third = await client.post(
        f"/api/v1/projects/{sqlite_app.project_id}/components",
        json={**TRAINING, "code": "x", "parent_id": activity["id"]},
    )
    itself = await client.put(f"/api/v1/components/{top['id']}", json={**TRAINING, "parent_id": top["id"]})
    under = await client.put(
        f"/api/v1/components/{top['id']}", json={**TRAINING, "parent_id": (await add(sqlite_app, code="3"))["id"]}
    )
    assert [list(problem_fields(a)) for a in (third, itself, under)] == [["parent_id"]] * 3


async def test_a_component_that_an_event_reports_to_is_not_removed(app: App) -> None:
    used, free = await add(app), await add(app, code="9")
    event = await app.event(component_id=used["id"])
    client = app.api("administrator")
    refused = await client.delete(f"/api/v1/components/{used['id']}")
    removed = await client.delete(f"/api/v1/components/{free['id']}")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2], removed.status_code) == (
        409,
        "in-use",
        204,
    )
    assert "Training" in (await (await app.at_desk()).get(f"/events/{event['id']}/overview")).text


@pytest.mark.parametrize("change", [{"target_women": "101"}, {"title": " "}, {"code": ""}, {"target_events": "-1"}])
async def test_the_page_comes_back_with_what_was_typed(sqlite_app: App, change: dict[str, str]) -> None:
    desk = await sqlite_app.at_desk("administrator")
    path = f"/projects/{sqlite_app.project_id}/components"
    await desk.get(path)
    form = {
        "code": "7",
        "title": "Typed title",
        "parent_id": "",
        "target_events": "1",
        "target_participants": "2",
        "target_women": "3",
    }
    answer = await desk.send(path, {**form, **change})
    assert (answer.status_code, "Typed title" in answer.text or "title" in change) == (422, True)


async def test_another_projects_component_is_not_there(sqlite_app: App) -> None:
    component = await add(sqlite_app)
    await sqlite_app.found("P-OTHER", prefix="other-")
    answer = await sqlite_app.api("other-administrator").put(f"/api/v1/components/{component['id']}", json=TRAINING)
    assert answer.status_code == 404
