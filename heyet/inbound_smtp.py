"""The postman: takes mail for our inbound address by SMTP and hands it in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.settings import Settings
from core.signed_addresses import About, key_of, read_address
from notifications.inbound.rules import MAX_BOOKING, NotTaken
from notifications.inbound.service import read, receive
from notifications.jobs.context import WorkerContext

log = structlog.get_logger()


MAX_RECIPIENTS = 5
MAX_CONNECTIONS = 20


class InboundSmtp:
    """Answers a mail server: 250 once a mail is in the database, 5xx where it never will be, and 451 where it could not
    be now, so that it comes again.
    """

    def __init__(self, context: WorkerContext) -> None:
        self.context = context

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not is_ours(address, self.context.settings):
            return "550 5.1.1 not here"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients at once"
        if address not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        context = self.context
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            is_booking = any(_is_for_bookings(one, context.settings) for one in envelope.rcpt_tos)
            wire = await read(content, has_no_sender=not envelope.mail_from, is_booking=is_booking)
            for recipient in envelope.rcpt_tos:
                async with context.database.unit_of_work() as db:
                    await receive(db, wire, content, recipient, context.settings, at=context.clock())
        except NotTaken as refused:
            log.warning("inbound mail not taken", kind=refused.answer)
            return refused.answer
        except Exception as error:
            log.error("inbound mail", kind=type(error).__name__, exc_info=error)
            return "451 4.3.0 please come again"
        return "250 2.0.0 taken"


class Connection(SMTP):
    """A connection from a mail server, of which there are only so many at a time."""

    present: ClassVar[set["Connection"]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self.present) >= MAX_CONNECTIONS and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 too many connections, please come again\r\n")
            transport.close()
            return
        self.present.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.present:
            self.present.discard(self)
            super().connection_lost(error)


def is_ours(address: str, settings: Settings) -> bool:
    """Our inbound address: plain, or with what we ourselves have signed behind its plus."""
    user, _, domain = address.lower().rpartition("@")
    ours, _, our_domain = settings.inbound_address.lower().rpartition("@")
    name, plus, _ = user.partition("+")
    if not ours or (name, domain) != (ours, our_domain):
        return False
    return not plus or read_address(address, key_of(settings)) is not None


def _is_for_bookings(address: str, settings: Settings) -> bool:
    about = read_address(address, key_of(settings))
    return about is not None and about[0] is About.booking


@asynccontextmanager
async def receiving_mail(context: WorkerContext) -> AsyncIterator[None]:
    """Take mail as long as this is open, where the operator has set an address and a port."""
    settings = context.settings
    if not settings.inbound_port or not settings.inbound_address:
        yield
        return
    handler = InboundSmtp(context)

    def protocol() -> Connection:
        return Connection(handler, data_size_limit=MAX_BOOKING, enable_SMTPUTF8=True, hostname="heyet", timeout=60)

    server = await asyncio.get_running_loop().create_server(
        protocol, settings.inbound_host, settings.inbound_port, reuse_port=True
    )
    try:
        yield
    finally:
        server.close()
