"""How messages leave, by channel: mail over SMTP or into the local mailbox, and whatever else is added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Clock
from core.errors import N_
from core.settings import Settings
from notifications.delivery.relays import Relay, Relays
from notifications.jobs.context import Attached, AttachmentBuilder, Channel
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult


class LocalMailbox:
    """Keeps mail on the mail page: what Heyet does before it is given a relay."""

    is_backing_off = False
    at_once = 20

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """Taken at once, as by a relay: all that follows from 250 follows."""
        return DeliveryResult(250, N_("kept in the local mailbox"))

    async def close(self) -> None:
        """Nothing is open."""


def mail_channel(settings: Settings, clock: Clock) -> Channel:
    """What mail leaves by in this installation."""
    if not settings.relays:
        return LocalMailbox()
    return Relays([Relay(relay, settings, clock) for relay in settings.relays], settings)


async def made(
    db: AsyncSession,
    references: Sequence[str],
    attachment_builders: Mapping[str, AttachmentBuilder],
    settings: Settings,
    *,
    at: datetime,
) -> list[Attached]:
    """The files that references like `certificate:<id>` stand for."""
    files = []
    for reference in references:
        kind, _, id = reference.partition(":")
        file = await attachment_builders[kind](db, UUID(id), settings, at=at)
        if file is not None:
            files.append(file)
    return files
