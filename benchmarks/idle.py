"""What a process costs that has nothing to do: CPU time of a second, of a worker and of the web process that works for
itself."""

import asyncio
import signal
import statistics
import subprocess
from pathlib import Path

from benchmarks.measure import Measurement, Table
from benchmarks.serving import new_database
from tests.conftest import KEY
from tests.processes import Installation
from tests.servers import Postgres, RedisServer

# Milliseconds of CPU in a second: two thousandths of a core.
MOST = 2.0
# Seconds: until what is done at the start is over, and for each of the rounds, of which each has one sweep.
SETTLING, ROUND, ROUNDS = 15, 60, 3


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    """Linux only: the scheduler's own count is finer than the clock ticks of other ways to ask."""
    redis = RedisServer()
    redis.start()
    try:
        for number, name in enumerate(("SQLite", "PostgreSQL")):
            for command, what in (("worker", "idle worker"), ("serve", "idle web process that works itself")):
                url = await new_database(name, folder, postgres, template)
                own = folder / f"{command}-{name}"
                await asyncio.to_thread(own.mkdir)
                queue = {"redis_url": f"{redis.url}/{number}"} if command == "worker" else {}
                installation = Installation(own, database_url=url, secret_key=KEY, **queue)
                table.add(await _measured(f"{what}, CPU per second ({name})", installation, command))
    finally:
        redis.stop()


async def _measured(what: str, installation: Installation, command: str) -> Measurement:
    running = installation.start(command)
    assert isinstance(running.process, subprocess.Popen)
    try:
        await asyncio.sleep(SETTLING)
        rounds = []
        for _ in range(ROUNDS):
            before = cpu_of(running.process.pid)
            await asyncio.sleep(ROUND)
            rounds.append((cpu_of(running.process.pid) - before) * 1000 / ROUND)
    finally:
        running.stop(signal.SIGTERM)
    median = statistics.median(rounds)
    spread = MOST / max(rounds), MOST / min(rounds)
    return Measurement(what, median, MOST, MOST / median, spread, "≤ 0.2 % core", median <= MOST)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has had, all its threads together."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
