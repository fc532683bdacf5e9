"""What an organiser waits for before a meeting: last year's event copied, and a list of people imported. Floors write
as many rows through the bare driver."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Indel

from benchmarks.measure import Table, Work, compare
from benchmarks.serving import analyse, bare_postgres, bare_sqlite, import_list, new_database, sessions
from core.ids import new_id
from directory.duplicates.rules import are_alike as people_alike
from directory.institution_merges.rules import are_alike as institutions_alike
from tests.conftest import open_app, settings_for
from tests.directory.test_directory import colleagues
from tests.directory.test_institution_merges import institutions
from tests.people import App, names
from tests.servers import Postgres

COPIES, PEOPLE, SESSIONS = 16, 1_000, 20
Floor = Callable[[int], Awaitable[None]]


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    await alike(table)
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        floor: Floor = partial(bare_sqlite, folder / "planning.db")
        if name == "PostgreSQL":
            floor = partial(bare_postgres, database)
        async for app in open_app(settings_for(database, folder)):
            gc.collect()
            gc.freeze()
            copied = await copying(app)
            row = await compare(
                f"an event of {SESSIONS} sessions copied ({name})", copied, partial(floor, COPIES), goal=0.01
            )
            table.add(replace(row, rate=f"{COPIES / row.ours_ms * 1000:.0f}/s", goal=f"{row.goal}, 64/s"))
            for people in (PEOPLE, 10 * PEOPLE):
                row = await compare(
                    f"{people:,} people imported ({name})",
                    importing(app, people),
                    partial(floor, people),
                    goal=0.05,
                    before=partial(analyse, app),
                )
                table.add(replace(row, rate=f"{people / row.ours_ms * 1000:,.0f} rows/s", goal=f"{row.goal}, 1,620/s"))


async def alike(table: Table) -> None:
    """Possible duplicates; floors compare every two names in C and look at none of it."""
    people = colleagues(2_000, new_id())
    known = institutions()
    for what, ours, texts in (
        (f"{len(people):,} colleagues", partial(people_alike, people), [one.key for one in people]),
        (f"{len(known):,} institutions", partial(institutions_alike, known), [one.known.names[0] for one in known]),
    ):
        table.add(
            await compare(
                f"possible duplicates among {what} (floor: every two names, in C)",
                partial(asyncio.to_thread, ours),
                partial(asyncio.to_thread, process.cdist, texts, texts, scorer=Indel.normalized_similarity),
                goal=0.05,
            )
        )


async def copying(app: App) -> Work:
    event = await app.event(title="Yearly meeting", sessions=sessions(SESSIONS))
    numbers = count()

    async def work() -> None:
        for _ in range(COPIES):
            there = f"/api/v1/events/{event['id']}/copies"
            wanted: dict[str, Any] = {"copies": [{"first_day": "2027-04-13", "title": f"Copy {next(numbers)}"}]}
            answer = await app.api().post(there, json=wanted)
            assert answer.status_code == 201, answer.text

    return work


def importing(app: App, people: int) -> Work:
    lists = count()

    async def work() -> None:
        number = next(lists)
        event = await app.event(title=f"List {people} {number}", capacity=people)
        lines = [
            f"{p} {people}.{number}.{i};Court {i % 81};;b{people}.{number}.{i}@example.org"
            for i, p in enumerate(names(people))
        ]
        await import_list(app, event, lines)

    return work
