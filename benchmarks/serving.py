"""Answers over HTTP: feeds, and many events and journeys beside few of them."""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from benchmarks import servers
from benchmarks.measure import Table, Work, compare
from core.ids import new_id
from core.rows import batches
from events.programme.events.models import Event
from events.programme.events.rules import EventKind
from tests.conftest import open_app, settings_for
from tests.people import App, Visitor, names
from tests.servers import Postgres

BURST = 400


async def burst(url: str, count: int = BURST, *, clients: int = 8, **more: Any) -> None:
    """So many requests by so many clients that keep their connections."""
    target = make_request(url, **more)
    host, port = url.removeprefix("http://").partition("/")[0].split(":")

    async def client(share: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(share):
            writer.write(target)
            await read_answer(reader)
        writer.close()

    await asyncio.gather(*(client(count // clients) for _ in range(clients)))


async def spread(urls: list[str], path: str, count: int, **headers: str) -> None:
    """As many requests over several servers, each with clients of its own."""
    await asyncio.gather(*(burst(url + path, count // len(urls), **headers) for url in urls))


def make_request(url: str, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    host, _, path = url.removeprefix("http://").partition("/")
    lines = [f"{method} /{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read_answer(reader: asyncio.StreamReader) -> int:
    """The status; the body is read and dropped."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = head.partition("content-length: ")[2].partition("\r\n")[0]
    if length:
        await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])


def sessions(count: int) -> list[dict[str, str]]:
    """So many sessions of a minute each, one after another."""
    return [
        {
            "title": f"Session {n}",
            "starts": f"2026-04-14T{8 + n // 30:02}:{n % 30 * 2:02}",
            "ends": f"2026-04-14T{8 + n // 30:02}:{n % 30 * 2 + 1:02}",
        }
        for n in range(count)
    ]


async def analyse(app: App) -> None:
    """What a database does by itself within a minute."""
    async with app.database.unit_of_work() as db:
        await db.exec(sa.text("ANALYZE"))  # type: ignore[call-overload]


async def import_list(app: App, event: dict[str, Any], lines: Sequence[str]) -> None:
    """Import people (name, institution, province, e-mail with semicolons between), in as many lists as it takes."""
    for some in batches(lines, 4_000):
        made = await app.upload(event, "\n".join(["Name;Institution;Province;E-mail", *some]).encode())
        applied = await app.api().post(f"/api/v1/imports/{made['id']}/application", json={}, timeout=120)
        assert applied.status_code == 200, applied.text


async def subscribed(app: App) -> tuple[str, httpx2.Response]:
    """A feed of 200 sessions: its path, and what it answers."""
    _, tokens = await app.accepted_event(["Ayşe Yılmaz"], sessions=sessions(200))
    token = tokens["Ayşe Yılmaz"]
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    page = (await visitor.send(f"/i/{token}/calendar")).text
    feed = "/calendar/" + page.partition("/calendar/")[2].partition(".ics")[0] + ".ics"
    return feed, await visitor.client.get(feed, headers={"Accept-Encoding": "identity"})


async def feeds_from_memory(table: Table, app: App, database: str, folder: Path, name: str) -> None:
    feed, first = await subscribed(app)
    async with (
        servers.heyet(database, folder) as (ours,),
        servers.saying(b"", folder, status=304) as (nothing,),
        servers.saying(first.content, folder) as (same,),
    ):
        etag = first.headers["etag"]
        table.add(
            await compare(
                f"feed of 200, unchanged, 304 ({name})",
                lambda: burst(ours.url + feed, If_None_Match=etag),
                lambda: burst(nothing.url + "/"),
                goal=0.5,
            )
        )
        table.add(
            await compare(
                f"feed of 200, from memory ({name})",
                lambda: burst(ours.url + feed, Accept_Encoding="identity"),
                lambda: burst(same.url + "/"),
                goal=0.5,
            )
        )


async def bare_postgres(url: str, count: int) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    pool = await asyncpg.create_pool(plain, min_size=8, max_size=8)
    await pool.execute("CREATE TABLE IF NOT EXISTS floor_e (id int PRIMARY KEY, taken int)")
    await pool.execute("CREATE TABLE IF NOT EXISTS floor_r (id serial PRIMARY KEY, body text)")
    await pool.execute("INSERT INTO floor_e VALUES (1, 0) ON CONFLICT DO NOTHING")
    statement = (
        "WITH e AS (UPDATE floor_e SET taken = taken + 1 WHERE id = 1 RETURNING id), a AS (INSERT INTO floor_r "
        "(body) SELECT $1 FROM e), "
        "m AS (INSERT INTO floor_r (body) SELECT $2 FROM e) INSERT INTO floor_r (body) SELECT $1 FROM e"
    )
    body = "x" * 8000

    async def client() -> None:
        for _ in range(count // 8):
            await pool.execute(statement, "row", body)

    await asyncio.gather(*(client() for _ in range(8)))
    await pool.close()


async def bare_sqlite(file: Path, count: int) -> None:
    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("CREATE TABLE IF NOT EXISTS floor_r (id INTEGER PRIMARY KEY, body TEXT)")
            for _ in range(count):
                database.execute("BEGIN IMMEDIATE")
                database.executemany("INSERT INTO floor_r (body) VALUES (?)", [("row",), ("row",), ("x" * 8000,)])
                database.execute("COMMIT")

    await asyncio.to_thread(write)


async def journeys(table: Table, app: App) -> None:
    """The first page of a visit of two hundred on six legs each beside that of one of twelve, all checked."""
    ways = (
        ("ESB", "IST", "2026-05-11", "04:00", "05:20"),
        ("IST", "VIE", "2026-05-11", "08:05", "09:40"),
        ("VIE", "MUC", "2026-05-13", "08:00", "09:00"),
        ("MUC", "VIE", "2026-05-13", "18:00", "19:00"),
        ("VIE", "IST", "2026-05-15", "14:00", "17:20"),
        ("IST", "ESB", "2026-05-15", "20:00", "21:20"),
    )
    visit = {"kind": "study-visit", "country": "AT", "first_day": "2026-05-11", "last_day": "2026-05-15"}
    paths = []
    for size in (12, 200):
        event, _ = await app.accepted_event(names(size), title=f"Visit of {size}", capacity=size, **visit)
        people = list((await app.registrations(event)).values())
        for start in range(0, size, 5):
            for number, (origin, destination, day, departs, arrives) in enumerate(ways):
                way = {"origin": origin, "destination": destination, "day": day, "departs": departs, "arrives": arrives}
                given = {"leg": way | {"number": f"TK {number}{start}"}, "registrations": people[start : start + 5]}
                answer = await app.api().post(f"/api/v1/events/{event['id']}/legs", json=given)
                assert answer.status_code == 201, answer.text
        paths.append(f"/events/{event['id']}/travel")
    desk = await app.at_desk()
    works = [_pages(desk, path) for path in paths]
    table.add(await compare("journeys of 200 people on six legs (floor: of 12)", works[1], works[0], goal=0.33))


async def plan(table: Table, app: App) -> None:
    """The first page of two thousand events beside that of twenty, search beside search, a long agenda beside a short
    one."""
    small, large = await app.found("P-SMALL", prefix="small-"), app.project_id
    at = app.clock()
    async with app.database.unit_of_work() as db:
        for project_id, count in ((small, 20), (large, 2000)):
            days = [date(2026, 1, 1) + timedelta(days=n % 700) for n in range(count)]
            db.add_all(
                Event(
                    project_id=project_id,
                    title=f"Toplantı {n}",
                    search=f"toplanti {n} ankara",
                    kind=EventKind.training,
                    zone="Europe/Istanbul",
                    venue="Ankara",
                    first_day=day,
                    last_day=day,
                    capacity=30,
                    created_at=at,
                    changed_at=at,
                )
                for n, day in enumerate(days)
            )
    big, little = await app.at_desk(), await app.at_desk("small-organiser")
    for what, path in (
        ("list of 2,000 events (floor: of 20)", "/events"),
        ("search over 12,000 rows (floor: over 20)", "/search?q=toplanti+7"),
    ):
        table.add(await compare(what, _pages(big, path), _pages(little, path), goal=0.33))
    agendas = []
    for size in (20, 200):
        agendas.append((await app.event(title=f"Agenda of {size}", sessions=sessions(size)))["id"])
    works = [_pages(big, f"/events/{id}") for id in agendas]
    row = await compare("agenda of 200 sessions, per session (floor: of 20)", works[1], works[0], goal=0)
    row.ratio *= 10
    row.spread = (row.spread[0] * 10, row.spread[1] * 10)
    row.goal, row.kept = "≥ 1", row.ratio >= 1
    table.add(row)


def _pages(visitor: Visitor, path: str) -> Work:
    async def work() -> None:
        for _ in range(5):
            assert (await visitor.client.get(path)).status_code == 200

    return work


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            servers.unlimited(app.fastapi)
            await feeds_from_memory(table, app, database, folder, name)
            if name == "SQLite":
                await plan(table, app)
                await journeys(table, app)


async def new_database(name: str, folder: Path, postgres: Postgres, template: Path) -> str:
    """A migrated database of that kind."""
    if name == "PostgreSQL":
        return await asyncio.to_thread(postgres.new_database)
    file = folder / f"{new_id()}.db"
    await asyncio.to_thread(shutil.copy, template, file)
    return f"sqlite+aiosqlite:///{file}"
