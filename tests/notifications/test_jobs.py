"""Long work in the background: leased, tried again, and seen."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from events.privacy.erasure.service import COMPACT
from notifications.jobs import service
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import (
    LEASE,
    LONG_LEASE,
    MOST_ATTEMPTS,
    enqueue_job,
    note_progress,
    run_next_job,
)
from tests.people import App, names


async def enqueued(app: App, name: str = "test.count") -> Job:
    async with app.database.unit_of_work() as db:
        return await enqueue_job(db, name, project_id=app.project_id, about_id=uuid4(), at=app.clock())


async def stage(app: App, job: Job) -> str:
    answer = await app.api().get(f"/api/v1/jobs/{job.id}")
    found: str = answer.json()["stage"]
    return found


async def test_a_job_runs_once_and_says_that_it_is_done(app: App) -> None:
    runs = list[object]()

    async def count(context: WorkerContext, job: Job) -> None:
        runs.append(job.id)
        async with context.database.unit_of_work() as db:
            await note_progress(db, job, at=context.clock(), done=3, total=3)

    app.fastapi.state.context.handlers["test.count"] = count
    job = await enqueued(app)
    await app.work()
    await app.work()
    answer = (await app.api().get(f"/api/v1/jobs/{job.id}")).json()
    assert (runs, answer["stage"], answer["done"], answer["total"]) == ([job.id], "done", 3, 3)


class Killed(BaseException):
    """What kill -9 looks like from inside: no handler of ours sees it."""


@pytest.mark.parametrize(("name", "lease"), [("test.count", LEASE), (COMPACT, LONG_LEASE)])
async def test_a_job_whose_worker_died_is_taken_over_when_the_lease_of_its_kind_ends(
    app: App, name: str, lease: timedelta
) -> None:
    runs = list[int]()

    async def die_first(context: WorkerContext, job: Job) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise Killed

    app.fastapi.state.context.handlers[name] = die_first
    job = await enqueued(app, name)
    with pytest.raises(Killed):
        await app.work()
    app.clock.now += lease - timedelta(seconds=1)
    await app.work()
    assert (len(runs), await stage(app, job)) == (1, "running")
    app.clock.forward(seconds=1)
    await app.work()
    assert (len(runs), await stage(app, job)) == (2, "done")


async def test_work_that_takes_longer_than_its_lease_keeps_it_while_it_runs(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BEAT", 0.02)
    runs, context = list[int](), app.fastapi.state.context

    async def go_on(context: WorkerContext, job: Job) -> None:
        runs.append(1)
        for _ in range(4 if len(runs) == 1 else 0):
            app.clock.now += LEASE * 0.6
            await asyncio.sleep(0.3)
            # Another process looks for work.
            await run_next_job(context)

    context.handlers["test.count"] = go_on
    job = await enqueued(app)
    await app.work()
    assert (len(runs), await stage(app, job)) == (1, "done")


async def test_who_lost_a_job_neither_ends_it_nor_keeps_it_from_who_has_it_now(app: App) -> None:
    """A machine that slept, a loop that was held up: the work runs a second time meanwhile."""
    runs, done = list[int](), asyncio.Event()

    async def late(context: WorkerContext, job: Job) -> None:
        runs.append(job.attempts)
        if len(runs) == 1:
            app.clock.now += LEASE
            other = asyncio.create_task(run_next_job(context))
            async with asyncio.timeout(5):
                while len(runs) < 2:
                    await asyncio.sleep(0.01)
            async with context.database.unit_of_work() as db:
                await note_progress(db, job, at=context.clock() + LONG_LEASE, done=1, total=9)
            others.append(other)
            return
        await done.wait()

    others = list[asyncio.Task[bool]]()
    app.fastapi.state.context.handlers["test.count"] = late
    job = await enqueued(app)
    await run_next_job(app.fastapi.state.context)
    assert (runs, await stage(app, job)) == ([1, 2], "running")
    async with app.database.reading() as db:
        there = await db.get_one(Job, job.id)
    assert (there.leased_until, there.done) == (app.clock.now + LEASE, 0)
    done.set()
    await others[0]
    assert await stage(app, job) == "done"


async def test_a_job_that_fails_is_tried_with_growing_pauses_and_then_given_up(app: App) -> None:
    runs = list[int]()

    async def fail(context: WorkerContext, job: Job) -> None:
        runs.append(1)
        raise ValueError("ayse.yilmaz@example.org")

    app.fastapi.state.context.handlers["test.count"] = fail
    job = await enqueued(app)
    for _ in range(MOST_ATTEMPTS + 2):
        await app.work()
        app.clock.forward(hours=1)
    assert (len(runs), await stage(app, job)) == (MOST_ATTEMPTS, "failed")


async def test_two_workers_share_the_jobs(app: App) -> None:
    runs = list[object]()

    async def count(context: WorkerContext, job: Job) -> None:
        runs.append(job.id)
        await asyncio.sleep(0)

    app.fastapi.state.context.handlers["test.count"] = count
    jobs = [await enqueued(app) for _ in range(10)]
    await asyncio.gather(*(app.work() for _ in range(3)))
    assert sorted(runs) == sorted(job.id for job in jobs)  # type: ignore[type-var]


async def test_a_page_follows_the_progress_until_the_end(app: App) -> None:
    event = await app.event()
    await app.name_people(event, names(3))
    job = (await app.api().post(f"/api/v1/events/{event['id']}/invitations")).json()
    await app.work()
    desk = await app.at_desk()
    answer = await desk.client.get(f"/jobs/{job['id']}/progress")
    last = json.loads(answer.text.strip().split("\n\n")[-1].removeprefix("data: "))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert last == {"stage": "done", "done": 3, "total": 3}


async def test_another_projects_job_is_not_there(app: App) -> None:
    job = await enqueued(app)
    await app.found("P-OTHER", prefix="other-")
    assert (await app.api("other-organiser").get(f"/api/v1/jobs/{job.id}")).status_code == 404
