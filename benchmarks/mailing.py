"""Mails from the outbox to a relay in a process of its own, beside the same bytes and nothing else; and a mail that
comes back, beside a parse of its bytes."""

import asyncio
import email
import gc
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from aiosmtplib import SMTP

from benchmarks.measure import ROUNDS, Table, compare, exponent
from benchmarks.serving import new_database
from core.settings import Settings
from core.signed_addresses import About, address_about, key_of
from notifications.delivery.mails import flattened
from notifications.inbound.rules import Kind
from notifications.inbound.service import read, receive
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import AT, message
from tests.notifications.test_reports import report
from tests.people import App
from tests.servers import Postgres, free_port, wait_for_port

COUNT = 1_000
RETURNED = 20
OURS = "answers@in.example.org"
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
            async for app in open_app(settings_for(database, folder, inbound_address=OURS, **relay)):
                # As the application does once it is loaded.
                gc.collect()
                gc.freeze()
                await mails(table, app, port, f"mails with .ics from the outbox ({name})", invitation, grows=True)
                await mails(table, app, port, f"plain mails from the outbox ({name})", plain)
                await returned(table, app, name)


async def mails(
    table: Table, app: App, port: int, what: str, written: Callable[[str], Message], *, grows: bool = False
) -> None:
    rounds = iter(range(100))

    async def ours(count: int = COUNT) -> None:
        number = next(rounds)
        async with app.database.unit_of_work() as db:
            await enqueue(db, [written(f"{what} {number}.{n}") for n in range(count)])
        await app.work()

    async def floor() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for wire in wires:
                await smtp.sendmail("heyet@example.org", "ayse@example.org", wire)

    settings: Settings = app.fastapi.state.settings
    wires = [flattened(written(f"w{n}"), settings, at=AT) for n in range(COUNT)]
    growth = await exponent(ours, lambda: ours(10 * COUNT), 10) if grows else None
    row = await compare(f"{COUNT:,} {what}", ours, floor, goal=0.7, growth=growth)
    # On a machine with other work only the processor's time says what a process could do.
    began = time.process_time()
    await ours()
    spent = time.process_time() - began
    table.add(replace(row, rate=f"{COUNT / row.ours_ms * 1000:.0f}/s, by CPU {COUNT / spent:.0f}/s"))


async def returned(table: Table, app: App, name: str) -> None:
    """Each bounce is read in the process for it, its message found, noted and its address suppressed."""
    settings: Settings = app.fastapi.state.settings
    sent = [
        message(f"returned {n}", app.clock(), to_address=f"gone{n}@example.org", project_id=app.project_id)
        for n in range((ROUNDS + 1) * RETURNED)
    ]
    for one in sent:
        one.state, one.sent_at = State.sent, app.clock()
    async with app.database.unit_of_work() as db:
        await enqueue(db, sent)
    waiting = iter(sent)

    async def ours() -> None:
        for one in islice(waiting, RETURNED):
            raw = bounce_of(one.to_address)
            address = address_about(About.bounce, one.id, OURS, key_of(settings))
            wire = await read(raw)
            async with app.database.unit_of_work() as db:
                assert await receive(db, wire, raw, address, settings, at=app.clock()) is Kind.bounce

    async def floor() -> None:
        for n in range(RETURNED):
            mail = email.message_from_bytes(bounce_of(f"gone{n}@example.org"))
            assert mail.get_content_type() == "multipart/report"

    row = await compare(f"{RETURNED} bounces settled ({name})", ours, floor, goal=0)
    each = row.ours_ms / RETURNED
    table.add(replace(row, rate=f"{each:.1f} ms each", goal="< 20 ms each", kept=each < 20))


def bounce_of(address: str) -> bytes:
    """A report of delivery as mail servers write it (RFC 3464)."""
    return report(
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 gone"
    )


def plain(key: str) -> Message:
    return message(key, AT)


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
