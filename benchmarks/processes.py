"""Feeds from one and from two real processes, beside as many that say the same from memory and nothing else."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import uvicorn

from benchmarks.measure import Table, compare
from benchmarks.serving import BURST, burst, new_database, raw, subscribed
from tests.conftest import KEY, open_app, settings_for
from tests.processes import Installation
from tests.servers import Postgres, free_port, wait_for_port


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    """Requests are spread over the processes; the client is one more process on the same cores."""
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            feed, _, first = await subscribed(app)
        body = folder / "body"
        await asyncio.to_thread(body.write_bytes, first.content)
        for count in (1, 2):
            for what, status, shown, headers in (
                ("unchanged, 304", 304, None, {"If_None_Match": first.headers["etag"]}),
                ("from memory", 200, body, {"Accept_Encoding": "identity"}),
            ):
                async with ours(folder, database, count) as urls, floors(status, shown, count) as least:
                    label = f"feed of 200, {what}, {count} proc. ({name})"
                    work = partial(spread, urls, feed, **headers)
                    table.add(await compare(label, work, partial(spread, least, "/"), goal=0.5))


async def spread(urls: list[str], path: str, **headers: str) -> None:
    await asyncio.gather(*(burst(url + path, 2 * BURST // len(urls), **headers) for url in urls))


@asynccontextmanager
async def ours(folder: Path, database: str, count: int) -> AsyncIterator[list[str]]:
    installation = Installation(folder, database_url=database, secret_key=KEY, var=folder)
    ports = [free_port() for _ in range(count)]
    with ExitStack() as stack:
        for port in ports:
            stack.callback(installation.start("serve", port=port).stop)
        for port in ports:
            await asyncio.to_thread(wait_for_port, port)
        yield [f"http://127.0.0.1:{port}" for port in ports]


@asynccontextmanager
async def floors(status: int, body: Path | None, count: int) -> AsyncIterator[list[str]]:
    ports = [free_port() for _ in range(count)]
    command = [sys.executable, "-m", "benchmarks.processes", str(status), str(body or "")]
    running = [await asyncio.create_subprocess_exec(*command, str(port)) for port in ports]
    try:
        for port in ports:
            await asyncio.to_thread(wait_for_port, port)
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        for process in running:
            process.terminate()
            await process.wait()


if __name__ == "__main__":
    uvicorn.run(
        raw(int(sys.argv[1]), Path(sys.argv[2]).read_bytes() if sys.argv[2] else b""),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        http="httptools",
        log_level="error",
        access_log=False,
        lifespan="off",
    )
