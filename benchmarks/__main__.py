"""`make bench`: every row of the table, or those of the parts named. `bounces FOLDER…`, `scans` and
`scale` stand by themselves."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from benchmarks import (
    answering,
    bounces,
    check_in,
    documents,
    feeds,
    idle,
    lists,
    mailing,
    per_diems,
    planning,
    processes,
    scale,
    serving,
    travel,
)
from benchmarks.measure import Table
from benchmarks.scans import measure as scans
from migrations import run as migrations
from tests import servers


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if sys.argv[1:2] == ["bounces"]:
        folders = [one for one in sys.argv[2:] if one != "--names"]
        asyncio.run(bounces.run(folders, names="--names" in sys.argv))
        return
    if sys.argv[1:2] == ["scans"]:
        sys.exit(0 if asyncio.run(scans.run(sys.argv[2:])) else 1)
    if sys.argv[1:2] == ["scale"]:
        scale.main(sys.argv[2:])
        return
    table = Table()
    table.head()
    wanted = sys.argv[1:] or [
        "documents",
        "per_diems",
        "travel",
        "feeds",
        "serving",
        "answering",
        "lists",
        "planning",
        "check_in",
        "mailing",
        "processes",
        "idle",
    ]
    if "documents" in wanted:
        asyncio.run(documents.run(table))
    if "per_diems" in wanted:
        asyncio.run(per_diems.run(table))
    if "travel" in wanted:
        asyncio.run(travel.run(table))
    if "feeds" in wanted:
        asyncio.run(feeds.run(table))
    served = [
        part
        for part in (serving, answering, lists, planning, check_in, mailing, processes, idle)
        if part.__name__.rpartition(".")[2] in wanted
    ]
    if served:
        with tempfile.TemporaryDirectory() as folder, servers.postgres() as postgres:
            template = Path(folder) / "template.db"
            migrations.upgrade(f"sqlite+aiosqlite:///{template}")
            for part in served:
                asyncio.run(part.run(table, Path(folder), postgres, template))
    table.keep()


main()
