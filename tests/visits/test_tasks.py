"""What has to be done for a visit: the usual tasks, whose they are, and who is reminded when."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.people import App, problem_fields
from tests.visits.test_legs import VIENNA
from tests.visits.test_substitutes import organiser_of, reads
from visits.tasks.jobs import sweep


async def visit(app: App, **more: Any) -> str:
    return str((await app.event(**VIENNA, **more))["id"])


async def usual(app: App, event: str) -> dict[str, dict[str, Any]]:
    answer = await app.api().post(f"/api/v1/events/{event}/tasks/usual")
    assert answer.status_code == 200, answer.text
    return {one["title"]: one for one in answer.json()}


async def test_the_usual_tasks_lie_before_and_after_the_visit_and_come_once(app: App) -> None:
    event = await visit(app, first_day="2026-05-11", last_day="2026-05-15")
    tasks = await usual(app, event)
    assert tasks["All visas granted"]["due_on"] == "2026-04-27"
    assert tasks["Report on the visit and its outcomes"]["due_on"] == "2026-06-14"
    assert len(await usual(app, event)) == len(tasks)


async def test_usual_tasks_are_read_by_each_in_their_language(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit(app)
    assert "Buy tickets" in await usual(app, event)
    await reads(app, "auditor", "tr")
    here = f"/events/{event}/tasks"
    page = (await (await app.at_desk("auditor")).get(here)).text
    assert ("Biletleri alın" in page, "Buy tickets" in page) == (True, False)
    assert "Buy tickets" in (await (await app.at_desk()).get(here)).text


async def test_a_visit_at_home_needs_no_visas(sqlite_app: App) -> None:
    event = str((await sqlite_app.event(kind="study-visit"))["id"])
    assert "All visas granted" not in await usual(sqlite_app, event)


async def test_tasks_stand_on_home_until_they_are_done(sqlite_app: App) -> None:
    app = sqlite_app
    first = app.clock().date() + timedelta(days=20)
    event = await visit(app, first_day=first.isoformat(), last_day=(first + timedelta(days=4)).isoformat())
    desk = await app.at_desk()
    here = f"/events/{event}/tasks"
    await desk.get(here)
    due = first - timedelta(days=14)
    assert (await desk.send(here, {"title": "Order flowers", "due_on": due.isoformat()})).status_code == 303
    assert "Order flowers" in (await desk.get("/")).text
    (task,) = (await app.api().get(f"/api/v1{here}")).json()
    await desk.get(here)
    await desk.send(f"/tasks/{task['id']}/state", {"state": "done"})
    assert "Order flowers" not in (await desk.get("/")).text
    await desk.send(f"/tasks/{task['id']}/state", {"state": "open"})
    assert "Order flowers" in (await desk.get("/")).text


async def test_a_task_is_late_when_its_day_is_over_where_the_visit_is(sqlite_app: App) -> None:
    event = await visit(sqlite_app, zone="Europe/Istanbul")
    task = (await usual(sqlite_app, event))["All visas granted"]
    day = datetime.fromisoformat(f"{task['due_on']}T20:30+00:00")
    for minutes, is_late in ((0, False), (60, True)):
        sqlite_app.clock.now = day + timedelta(minutes=minutes)
        answer = await sqlite_app.api().put(f"/api/v1/tasks/{task['id']}/state", json={"state": "open"})
        assert answer.json()["is_late"] is is_late
        assert (await usual(sqlite_app, event))["All visas granted"]["is_late"] is is_late


async def test_the_owner_is_reminded_once_and_again_when_the_task_moves(app: App) -> None:
    first = app.clock().date() + timedelta(days=30)
    event = await visit(app, first_day=first.isoformat(), last_day=first.isoformat())
    due = app.clock().date() + timedelta(days=5)
    body = {"title": "Buy tickets", "due_on": due.isoformat(), "owner_id": await organiser_of(app)}
    task = (await app.api().post(f"/api/v1/events/{event}/tasks", json=body)).json()
    mails = []
    for _ in range(4):
        await sweep(app.fastapi.state.context)
        mails.append(len(await app.mails("visits/tasks")))
        app.clock.forward(days=1)
    assert mails == [0, 0, 1, 1]
    later = (app.clock().date() + timedelta(days=2)).isoformat()
    await app.api().put(f"/api/v1/tasks/{task['id']}", json=body | {"due_on": later})
    await sweep(app.fastapi.state.context)
    mail = (await app.mails("visits/tasks"))[-1]
    assert (len(await app.mails("visits/tasks")), "Buy tickets" in mail.plain) == (2, True)


async def test_nobody_is_reminded_of_a_task_that_is_done(sqlite_app: App) -> None:
    app = sqlite_app
    first = app.clock().date() + timedelta(days=30)
    event = await visit(app, first_day=first.isoformat(), last_day=first.isoformat())
    body = {"title": "Buy tickets", "due_on": app.clock().date().isoformat(), "owner_id": await organiser_of(app)}
    task = (await app.api().post(f"/api/v1/events/{event}/tasks", json=body)).json()
    await app.api().put(f"/api/v1/tasks/{task['id']}/state", json={"state": "not-needed"})
    await sweep(app.fastapi.state.context)
    assert await app.mails("visits/tasks") == []


async def test_a_task_belongs_to_somebody_who_plans_here(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit(app)
    stranger = "018f0000-0000-7000-8000-000000000000"
    body = {"title": "Buy tickets", "due_on": "2026-05-01", "owner_id": stranger}
    answer = await app.api().post(f"/api/v1/events/{event}/tasks", json=body)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["owner_id"])


async def test_open_tasks_keep_their_distance_when_the_visit_is_postponed_or_copied(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit(app, first_day="2026-05-11", last_day="2026-05-15")
    tasks = await usual(app, event)
    await app.api().put(f"/api/v1/tasks/{tasks['Buy tickets']['id']}/state", json={"state": "done"})
    answer = await app.api().post(
        f"/api/v1/events/{event}/postponement", json={"first_day": "2026-06-15", "reason": "The host asked."}
    )
    assert answer.status_code < 300, answer.text
    moved = {one["title"]: one for one in (await app.api().get(f"/api/v1/events/{event}/tasks")).json()}
    assert moved["Buy tickets"]["due_on"] == tasks["Buy tickets"]["due_on"]
    before, after = (date.fromisoformat(of["All visas granted"]["due_on"]) for of in (tasks, moved))
    assert (after - before).days == 35
    copies = (
        await app.api().post(f"/api/v1/events/{event}/copies", json={"copies": [{"first_day": "2027-05-10"}]})
    ).json()
    copied = (await app.api().get(f"/api/v1/events/{copies[0]['id']}/tasks")).json()
    assert {one["state"] for one in copied} == {"open"}
    assert len(copied) == len(tasks)


async def test_an_auditor_reads_tasks_and_changes_none(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit(app)
    await usual(app, event)
    assert (await (await app.at_desk("auditor")).get(f"/events/{event}/tasks")).status_code == 200
    assert (await app.api("auditor").post(f"/api/v1/events/{event}/tasks/usual")).status_code == 403
