"""How messages leave, by channel: mail over SMTP or into the local mailbox, and whatever else is added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Clock
from core.settings import Settings
from notifications.batches.models import MessageBatch
from notifications.batches.rules import added_in, with_added
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
        return DeliveryResult(250, "kept in the local mailbox")

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


async def with_added_words(db: AsyncSession, messages: Sequence[Message]) -> None:
    """Put into messages what the organiser adds to them and to their batch; rows stay as they were written."""
    ids = {message.batch_id for message in messages if message.batch_id}
    found = await db.exec(select(MessageBatch).where(col(MessageBatch.id).in_(ids))) if ids else ()
    batches = {batch.id: batch for batch in found}
    for message in messages:
        batch = batches.get(message.batch_id) if message.batch_id else None
        added = "\n\n".join(filter(None, [added_in(batch, message.language) if batch else "", message.added]))
        if added:
            db.expunge(message)
            message.plain, message.html = with_added(message.plain, message.html, added)
