"""Answers that take a place, the confirmation by mail enqueued: the server is a process of its own and the clients are
another, as it is in life; what the server alone spent is read from the system. Floors write the same rows through the
bare driver. This module is what the clients run."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import servers
from benchmarks.measure import ROUNDS, Measurement, Table, timed
from benchmarks.servers import Server
from benchmarks.serving import bare_postgres, bare_sqlite, make_request, new_database, read_answer
from tests.conftest import open_app, settings_for
from tests.people import App, names
from tests.servers import Postgres

ANSWERS, CLIENTS = 200, 8


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name, goal, least in (("SQLite", 200, 0.04), ("PostgreSQL", 300, 0.1)):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            batches = [await asked(app, number) for number in range(ROUNDS + 1)]

        async def floor(name: str = name, database: str = database) -> None:
            at = folder / "answers.db"
            await (bare_sqlite(at, ANSWERS) if name == "SQLite" else bare_postgres(database, ANSWERS))

        async with servers.heyet(database, folder) as (server,):
            what = f"acceptance, {CLIENTS} clients ({name})"
            table.add(await measured(what, batches, server, floor, goal, least))


async def asked(app: App, number: int) -> list[str]:
    """The links of people who are invited to a meeting that has a place for half of them."""
    event = await app.event(title=f"Meeting {number}", capacity=ANSWERS // 2)
    return list((await app.invite(event, [f"{one} {number}" for one in names(ANSWERS)])).values())


async def measured(
    what: str,
    batches: list[list[str]],
    server: Server,
    floor: Callable[[], Awaitable[None]],
    goal: int,
    least: float,
) -> Measurement:
    """Medians of rounds in turn with the floor; the first one warms up."""
    rounds = []
    for tokens in batches:
        before, took = server.spent(), await answered(server.url, tokens)
        rounds.append((took, server.spent() - before, await timed(floor)))
    taken, cpu, floors = (sorted(column)[len(column) // 2] for column in zip(*rounds[1:], strict=True))
    ratios = [one / mine for mine, _, one in rounds[1:]]
    return Measurement(
        what,
        taken * 1000,
        floors * 1000,
        floors / taken,
        (min(ratios), max(ratios)),
        f"≥ {least}, {goal}/s",
        floors / taken >= least,
        rate=f"{ANSWERS / taken:.0f}/s, CPU {cpu / ANSWERS * 1000:.1f} ms",
    )


async def answered(url: str, tokens: list[str]) -> float:
    """Seconds that the clients waited, without their start. Raises where an answer was not taken."""
    given = ("-m", "benchmarks.answering", url)
    pipe = asyncio.subprocess.PIPE
    client = await asyncio.create_subprocess_exec(sys.executable, *given, stdin=pipe, stdout=pipe)
    said, _ = await client.communicate("\n".join(tokens).encode())
    assert client.returncode == 0
    return float(said.split()[-1])


async def answer(base: str, tokens: list[str]) -> None:
    async def client(share: list[str]) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for token in share:
            headers: dict[str, Any] = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
            writer.write(make_request(f"{base}/api/v1/invitation/acceptance", "POST", **headers))
            assert await read_answer(reader) == 200
        writer.close()

    parts = urlsplit(base)
    began = time.perf_counter()
    await asyncio.gather(*(client(tokens[n::CLIENTS]) for n in range(CLIENTS)))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    asyncio.run(answer(sys.argv[1], sys.stdin.read().split()))
