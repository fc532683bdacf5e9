"""Feeds from one and from two real processes, beside as many that say the same from memory and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from benchmarks import servers
from benchmarks.measure import Table, compare
from benchmarks.serving import BURST, new_database, spread, subscribed
from tests.conftest import KEY, open_app, settings_for
from tests.processes import Installation
from tests.servers import Postgres, free_port, wait_for_port


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    """Requests are spread over the processes; the client is one more process on the same cores."""
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            feed, first = await subscribed(app)
        for count in (1, 2):
            for what, status, shown, headers in (
                ("unchanged, 304", 304, b"", {"If_None_Match": first.headers["etag"]}),
                ("from memory", 200, first.content, {"Accept_Encoding": "identity"}),
            ):
                async with (
                    ours(folder, database, count) as urls,
                    servers.saying(shown, folder, status=status, count=count) as least,
                ):
                    label = f"feed of 200, {what}, {count} proc. ({name})"
                    work = partial(spread, urls, feed, 2 * BURST, **headers)
                    table.add(
                        await compare(
                            label, work, partial(spread, [one.url for one in least], "/", 2 * BURST), goal=0.5
                        )
                    )


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
