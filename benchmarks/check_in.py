"""Check-in: one scan answered, and a morning's scans merged in one request."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import select

from benchmarks.measure import Table, compare
from benchmarks.serving import new_database
from core.rows import add_rows
from events.attendance.badge_codes.models import BadgeCode
from events.invitations.invitations.models import Invitation
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from tests.conftest import open_app, settings_for
from tests.desks import TestedDesk, open_desk, scan
from tests.people import BASE, App, names
from tests.servers import Postgres

PEOPLE = 1000
MORNING = datetime(2026, 4, 14, 6, 0, tzinfo=UTC)


async def desk_of(app: App, title: str) -> tuple[TestedDesk, list[str]]:
    """A desk at an event of a thousand people, with their digests."""
    event = await app.event(title=title, capacity=PEOPLE)
    await app.name_people(event, names(PEOPLE))
    async with app.database.unit_of_work() as db:
        found = await db.exec(select(Invitation).where(Invitation.event_id == UUID(event["id"])))
        same = {"status": RegistrationStatus.confirmed, "registered_at": app.clock(), "changed_at": app.clock()}
        rows = [{"event_id": i.event_id, "person_id": i.person_id, "invitation_id": i.id, **same} for i in found]
        await add_rows(db, Registration, rows)
    app.clock.now = MORNING + timedelta(hours=2)
    desk = await open_desk(app, event)
    return desk, [one["digest"] for one in (await desk.people())["people"]]


async def answers(table: Table, app: App, name: str) -> None:
    """One scan after the other, each taken and kept; the floor looks one code up by its index and writes nothing."""
    desk, digests = await desk_of(app, "Answers")
    number = count()

    async def ours() -> None:
        for _ in range(20):
            (answer,) = await desk.send(scan(MORNING, digest=digests[next(number) % PEOPLE]))
            assert answer["state"] in ("taken", "again")

    plain = FastAPI()

    @plain.get("/{digest}")
    async def look_up(digest: str) -> dict[str, Any]:
        async with app.database.autocommit_read() as db:
            found = await db.exec(select(BadgeCode).where(BadgeCode.code_hash == digest))
            return {"id": str(found.one().invitation_id)}

    async with AsyncClient(transport=ASGITransport(plain), base_url=BASE) as client:

        async def floor() -> None:
            for n in range(20):
                assert (await client.get(f"/{digests[n]}")).status_code == 200

        # Keeping a scan is a dozen statements and a commit; the person at the desk does not wait for it, for the device
        # answers from what it holds.
        what = f"check-in: one scan kept (floor: an indexed read) ({name})"
        table.add(await compare(what, ours, floor, goal=0.05))


async def queues(table: Table, app: App, name: str, folder: Path) -> None:
    """A thousand offline scans in one request; the floor writes as many rows by the bare driver, looking at nothing."""
    desks = [await desk_of(app, f"Queue {n}") for n in range(6)]
    waiting = iter(desks)

    async def ours() -> None:
        desk, digests = next(waiting)
        answers = await desk.send(*[scan(MORNING + timedelta(seconds=n), digest=d) for n, d in enumerate(digests)])
        assert {one["state"] for one in answers} == {"taken"}

    async def floor() -> None:
        await asyncio.to_thread(_write, folder / f"{uuid4()}.db")

    what = f"check-in: 1,000 offline scans merged (floor: bare rows) ({name})"
    table.add(await compare(what, ours, floor, goal=0.02))


def _write(file: Path) -> None:
    """A scan, a record and an attended half-day for each: 3,000 rows of about the same size, in one transaction."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE floor_r (id TEXT PRIMARY KEY, of TEXT, body TEXT)")
        database.execute("CREATE INDEX ix_floor_r ON floor_r (of)")
        database.execute("BEGIN IMMEDIATE")
        rows = [(uuid4().hex, uuid4().hex, "x" * 200) for _ in range(3 * PEOPLE)]
        database.executemany("INSERT INTO floor_r VALUES (?, ?, ?)", rows)
        database.execute("COMMIT")


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            await answers(table, app, name)
            await queues(table, app, name, folder)
