"""Mails with a calendar from the outbox to a relay in a process of its own, beside the same bytes and nothing else."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiosmtplib import SMTP

from benchmarks.measure import Table, compare, exponent
from benchmarks.serving import new_database
from core.settings import Settings
from notifications.delivery.mails import flattened
from notifications.outbox.models import Message
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import AT, message
from tests.people import App
from tests.servers import Postgres, free_port, wait_for_port

COUNT = 1_000
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Heyet//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n"
    "DTSTAMP:20260302T080000Z\r\nDTSTART:20260414T090000Z\r\nSUMMARY:Toplantı\r\n"
    + "".join(f"COMMENT:Oturum {n}: yargı ve kolluk arasında iş birliği\r\n" for n in range(20))
    + "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async with sink() as port:
            relay = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
            async for app in open_app(settings_for(database, folder, **relay)):
                await mails(table, app, port, name)


async def mails(table: Table, app: App, port: int, name: str) -> None:
    rounds = iter(range(100))

    async def ours(count: int = COUNT) -> None:
        number = next(rounds)
        async with app.database.unit_of_work() as db:
            await enqueue(db, [invitation(f"{number}.{n}") for n in range(count)])
        await app.work()

    async def floor() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for wire in wires:
                await smtp.sendmail("heyet@example.org", "ayse@example.org", wire)

    settings: Settings = app.fastapi.state.settings
    wires = [flattened(invitation(f"w{n}"), settings, at=AT) for n in range(COUNT)]
    growth = await exponent(ours, lambda: ours(10 * COUNT), 10)
    what = f"{COUNT:,} mails with .ics from the outbox ({name})"
    table.add(await compare(what, ours, floor, goal=0.7, growth=growth))


def invitation(key: str) -> Message:
    return message(key, AT, calendar=CALENDAR, calendar_method="REQUEST")


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """A relay that takes everything and keeps nothing, in a process of its own."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.mailing", str(port))
    try:
        await asyncio.to_thread(wait_for_port, port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The least of SMTP that a client needs to be content."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        if line[:4].upper() == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 fine\r\n" if line[:4].upper() != b"QUIT" else b"221 bye\r\n")
    writer.close()


async def serve(port: int) -> None:
    server = await asyncio.start_server(take, "127.0.0.1", port, limit=2**24)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
