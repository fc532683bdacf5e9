"""Answers that take a place, the confirmation by mail enqueued: the server is a process of its own and the clients are
another, as it is in life; what the server alone spent is read from the system. Floors write the same rows through the
bare driver. `serve` and `answer` are what these processes run."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn

from benchmarks.measure import ROUNDS, Measurement, Table, timed
from benchmarks.serving import bare_postgres, bare_sqlite, make_request, new_database, read_answer
from heyet.app import create_app
from heyet.http import BoundedHttp
from tests.conftest import open_app, settings_for
from tests.people import App, Clock, names
from tests.servers import Postgres, free_port, wait_for_port

ANSWERS, CLIENTS = 200, 8
TICKS = os.sysconf("SC_CLK_TCK")


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name, goal, least in (("SQLite", 200, 0.04), ("PostgreSQL", 300, 0.1)):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            batches = [await asked(app, number) for number in range(ROUNDS + 1)]

        async def floor(name: str = name, database: str = database) -> None:
            at = folder / "answers.db"
            await (bare_sqlite(at, ANSWERS) if name == "SQLite" else bare_postgres(database, ANSWERS))

        async with serving(database, folder) as (port, pid):
            table.add(await measured(f"acceptance, {CLIENTS} clients ({name})", batches, port, pid, floor, goal, least))


async def asked(app: App, number: int) -> list[str]:
    """The links of people who are invited to a meeting that has a place for half of them."""
    event = await app.event(title=f"Meeting {number}", capacity=ANSWERS // 2)
    return list((await app.invite(event, [f"{one} {number}" for one in names(ANSWERS)])).values())


async def measured(
    what: str,
    batches: list[list[str]],
    port: int,
    pid: int,
    floor: Callable[[], Awaitable[None]],
    goal: int,
    least: float,
) -> Measurement:
    """Medians of rounds in turn with the floor; the first one warms up."""
    rounds = []
    for tokens in batches:
        before, took = spent(pid), await answered(port, tokens)
        rounds.append((took, spent(pid) - before, await timed(floor)))
    taken, cpu, floors = (sorted(column)[len(column) // 2] for column in zip(*rounds[1:], strict=True))
    ratios = [one / mine for mine, _, one in rounds[1:]]
    return Measurement(
        f"{what}: {ANSWERS / taken:.0f}/s, CPU {cpu / ANSWERS * 1000:.1f} ms",
        taken * 1000,
        floors * 1000,
        floors / taken,
        (min(ratios), max(ratios)),
        f"≥ {least}, {goal}/s",
        floors / taken >= least,
    )


def spent(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def answered(port: int, tokens: list[str]) -> float:
    """Seconds that the clients waited, without their start. Raises where an answer was not taken."""
    given = ("-m", "benchmarks.answering", "answer", str(port))
    pipe = asyncio.subprocess.PIPE
    client = await asyncio.create_subprocess_exec(sys.executable, *given, stdin=pipe, stdout=pipe)
    said, _ = await client.communicate("\n".join(tokens).encode())
    assert client.returncode == 0
    return float(said.split()[-1])


@asynccontextmanager
async def serving(database: str, folder: Path) -> AsyncIterator[tuple[int, int]]:
    """The port and the process of a server that leaves the mails to a worker."""
    port = free_port()
    given = ("serve", str(port), database, str(folder))
    command = (sys.executable, "-m", "benchmarks.answering", *given)
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.to_thread(wait_for_port, port)
        yield port, server.pid
    finally:
        server.terminate()
        await server.wait()


def serve(port: int, database: str, folder: Path) -> None:
    app = create_app(settings_for(database, folder), clock=Clock(), dispatch=False)
    uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http=BoundedHttp, log_config=None, access_log=False)


async def answer(port: int, tokens: list[str]) -> None:
    async def client(share: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for token in share:
            headers: dict[str, Any] = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
            url = f"http://127.0.0.1:{port}/api/v1/invitation/acceptance"
            writer.write(make_request(url, "POST", **headers))
            assert await read_answer(reader) == 200
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client(tokens[n::CLIENTS]) for n in range(CLIENTS)))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        asyncio.run(answer(int(sys.argv[2]), sys.stdin.read().split()))
