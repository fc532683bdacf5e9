"""Senders killed in mid-work, two at one table, a long backlog: nothing is lost, and what comes twice says so."""

import asyncio
import random
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select, update

from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.ids import new_id
from core.observe import Metrics
from core.settings import Settings
from heyet.app import worker_context_of
from notifications.delivery.jobs import BATCH, LEASE, deliver_batch, run_due, run_embedded
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue
from tests.conftest import KEY, settings_for
from tests.forked import forking
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import Recorder

# On each database: eighty kills over two thousand messages together.
MESSAGES, KILLS = 1000, 40
COLUMNS = ", ".join(
    c.name
    for c in Message.__table__.columns
    if c.name not in ("id", "dedupe_key")  # type: ignore[attr-defined]
)


async def enqueue_many(database: Database, count: int) -> None:
    """The same letter to many: what it says does not matter here."""
    one = message("m", datetime(2026, 1, 1, tzinfo=UTC)).model_dump()
    async with database.unit_of_work() as db:
        for n in range(0, count, 500):
            await enqueue(
                db,
                [
                    Message(**{**one, "id": new_id(), "dedupe_key": f"m{n + i}", "written_at": wall_clock()})
                    for i in range(500)
                ],
            )


# The lease of half a minute of those who were killed ends after five seconds.
HURRY = 6


def send_until_killed(settings: Settings, began: datetime) -> None:
    """A sender as it lives in the web process; forked from a server that has everything loaded."""

    def hurried_clock() -> datetime:
        return began + HURRY * (wall_clock() - began)

    async def work() -> None:
        database = Database(settings.database)
        context = worker_context_of(database, settings, hurried_clock, Metrics())
        await run_embedded(context, asyncio.Event(), asyncio.Event())

    vault.use(settings.key)
    asyncio.run(work())


def start(context: ForkServerContext, settings: Settings, began: datetime) -> BaseProcess:
    process = context.Process(target=send_until_killed, args=(settings, began), daemon=True)
    process.start()
    return process


def test_two_senders_killed_forty_times_lose_none_of_a_thousand_messages(
    database_url: str, tmp_path: Path, recorder: Recorder
) -> None:
    """A kill can double as many messages as go at once: those between the relay's yes and our note of it. They have the
    same Message-ID."""
    settings = settings_for(
        database_url, tmp_path, smtp_host="127.0.0.1", smtp_port=recorder.port, smtp_security="none", smtp_timeout=0.5
    )
    vault.use(KEY)
    context, chance, began = forking(), random.Random(7), wall_clock()

    async def prepare() -> None:
        database = Database(settings.database)
        await enqueue_many(database, MESSAGES)
        await database.close()

    async def states() -> Counter[State]:
        database = Database(settings.database)
        async with database.reading() as db:
            found = (await db.exec(select(Message.state, sa.func.count()).group_by(col(Message.state)))).all()
        await database.close()
        return Counter({State(state): count for state, count in found})

    asyncio.run(prepare())
    senders = [start(context, settings, began) for _ in range(2)]
    kills = 0
    while kills < KILLS:
        # Some while it starts, most in the middle of its work, spread over the whole backlog.
        reached = len(set(recorder.ids)) + chance.randint(0, 2 * MESSAGES // KILLS - 2)
        ends = time.monotonic() + 4
        while len(set(recorder.ids)) < min(reached, MESSAGES - 1) and time.monotonic() < ends:
            time.sleep(0.002)
        senders[kills % 2].kill()
        senders[kills % 2].join()
        senders[kills % 2] = start(context, settings, began)
        kills += 1
    ends = time.monotonic() + 120
    while asyncio.run(states()) != Counter({State.sent: MESSAGES}) and time.monotonic() < ends:
        time.sleep(0.5)
    for sender in senders:
        sender.kill()
        sender.join()
    assert asyncio.run(states()) == Counter({State.sent: MESSAGES})
    assert len(set(recorder.ids)) == MESSAGES
    assert len(recorder.ids) - MESSAGES <= KILLS * settings.smtp_connections


async def test_a_sender_told_to_stop_leaves_the_backlog_to_the_next_and_doubles_nothing(
    database_url: str, tmp_path: Path, recorder: Recorder
) -> None:
    settings = settings_for(
        database_url, tmp_path, smtp_host="127.0.0.1", smtp_port=recorder.port, smtp_security="none"
    )
    vault.use(KEY)
    database = Database(settings.database)
    await enqueue_many(database, MESSAGES)
    context = worker_context_of(database, settings, wall_clock, Metrics())
    sending = asyncio.create_task(run_embedded(context, asyncio.Event(), context.stopping))
    while len(recorder.ids) < MESSAGES // 10:
        await asyncio.sleep(0.001)
    context.stopping.set()
    await asyncio.wait_for(sending, 20)
    left = len(recorder.ids)
    async with database.reading() as db:
        noted = (await db.exec(select(sa.func.count()).where(col(Message.state) == State.sent))).one()
    assert (noted, left < MESSAGES // 2) == (left, True)
    # Later, for what was claimed and not sent is free when its lease is over.
    later = worker_context_of(database, settings, lambda: wall_clock() + LEASE, Metrics())
    await run_due(later)
    assert (len(recorder.ids), len(set(recorder.ids))) == (MESSAGES, MESSAGES)
    await later.close()
    await database.close()


def work_in(settings: Settings, folder: Path) -> None:
    """A worker that has one job: who comes first says so and never ends."""

    async def work() -> None:
        database = Database(settings.database)
        context = worker_context_of(database, settings, wall_clock, Metrics())
        context.handlers["test.hang"] = hang
        await run_embedded(context, asyncio.Event(), asyncio.Event())

    async def hang(context: WorkerContext, job: Job) -> None:
        if (folder / "begun").exists():
            (folder / "taken over").touch()
            return
        (folder / "begun").touch()
        await asyncio.sleep(3600)

    vault.use(settings.key)
    asyncio.run(work())


def test_the_short_work_of_a_killed_process_is_taken_over_within_half_a_minute(sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_for(sqlite_url, tmp_path)
    vault.use(KEY)

    async def prepare() -> None:
        database = Database(settings.database)
        async with database.unit_of_work() as db:
            await enqueue_job(db, "test.hang", project_id=new_id(), about_id=new_id(), at=wall_clock())
        await database.close()

    def appears(name: str, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while not (tmp_path / name).exists() and time.monotonic() < ends:
            time.sleep(0.05)
        return (tmp_path / name).exists()

    asyncio.run(prepare())
    workers = [forking().Process(target=work_in, args=(settings, tmp_path), daemon=True) for _ in range(2)]
    workers[0].start()
    assert appears("begun", 30)
    workers[1].start()
    workers[0].kill()
    assert appears("taken over", 30)
    workers[1].kill()


BACKLOG = {
    "sqlite": "INSERT INTO message (id, dedupe_key, {columns}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + "
    "1 FROM n "
    "WHERE i < {count}) SELECT lower(hex(randomblob(16))), 'x' || i, {columns} FROM n, message WHERE dedupe_key = 'm'",
    "postgresql": "INSERT INTO message (id, dedupe_key, {columns}) SELECT gen_random_uuid(), 'x' || i, {columns} "
    "FROM generate_series(1, {count}) i, message WHERE dedupe_key = 'm'",
}


async def pile_up(app: App, count: int) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message("m", app.clock())])
    async with app.database.unit_of_work() as db:
        copy = BACKLOG[db.get_bind().dialect.name]
        await db.exec(sa.text(copy.format(columns=COLUMNS, count=count)))  # type: ignore[call-overload]
        await db.exec(sa.text("ANALYZE"))  # type: ignore[call-overload]


async def test_a_backlog_of_a_hundred_thousand_costs_no_more_memory_than_a_short_one(app: App) -> None:
    await pile_up(app, 100_000)
    context = app.fastapi.state.context
    await deliver_batch(context)
    tracemalloc.start()
    try:
        for _ in range(20):
            assert await deliver_batch(context) == BATCH
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (now < 3_000_000, peak < 8_000_000) == (True, True), (now, peak)


async def test_what_is_due_is_found_by_its_index_however_much_waits(app: App) -> None:
    await pile_up(app, 20_000)
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        if statement.startswith("UPDATE message"):
            asked.append((statement, given))

    sa.event.listen(app.database.engine.sync_engine, "before_cursor_execute", note)
    await deliver_batch(app.fastapi.state.context)
    sa.event.remove(app.database.engine.sync_engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if app.database.is_sqlite else "EXPLAIN "
    async with app.database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(explain + asked[0][0], asked[0][1])
        plan = "\n".join(str(row) for row in rows)
    assert "ix_message_due" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


async def test_a_message_waits_for_its_lease_even_if_its_sender_did_not_move_the_due_moment(
    app: App,
) -> None:
    """So wrote the release before; both run side by side for a while."""
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message("m", app.clock())])
    async with app.database.unit_of_work() as db:
        later = app.clock.now.replace(hour=9)
        await db.exec(update(Message).values(state=State.sending, leased_until=later))
    assert await deliver_batch(app.fastapi.state.context) == 0
    app.clock.forward(hours=1)
    assert await deliver_batch(app.fastapi.state.context) == 1
