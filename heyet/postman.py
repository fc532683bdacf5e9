"""The postman: takes mail for our inbound address by SMTP and hands it in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.settings import Settings
from notifications.inbound.service import LARGEST, take
from notifications.work.service import Workshop

log = structlog.get_logger()


class Postman:
    """Answers a mail server: 250 once a mail is in the database, 451 where it could not be, so that it comes again."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not is_ours(address, self.workshop.settings):
            return "550 5.1.1 not here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        workshop = self.workshop
        try:
            for recipient in envelope.rcpt_tos:
                async with workshop.database.unit_of_work() as db:
                    content = envelope.content if isinstance(envelope.content, bytes) else b""
                    await take(db, content, recipient, workshop.settings, at=workshop.clock())
        except Exception as error:
            log.error("inbound mail", kind=type(error).__name__, exc_info=error)
            return "451 4.3.0 please come again"
        return "250 2.0.0 taken"


def is_ours(address: str, settings: Settings) -> bool:
    """Our inbound address, with or without what stands behind its plus."""
    user, _, domain = address.lower().rpartition("@")
    ours, _, our_domain = settings.inbound_address.lower().rpartition("@")
    return bool(ours) and (user.partition("+")[0], domain) == (ours, our_domain)


@asynccontextmanager
async def taking_mail(workshop: Workshop) -> AsyncIterator[None]:
    """Take mail as long as this is open, where the operator has set an address and a port."""
    settings = workshop.settings
    if not settings.inbound_port or not settings.inbound_address:
        yield
        return
    postman = Postman(workshop)

    def protocol() -> SMTP:
        return SMTP(postman, data_size_limit=5 * LARGEST, enable_SMTPUTF8=True, hostname="heyet", timeout=60)

    server = await asyncio.get_running_loop().create_server(
        protocol, settings.inbound_host, settings.inbound_port, reuse_port=True
    )
    try:
        yield
    finally:
        server.close()
