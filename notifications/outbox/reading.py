"""A mail as its reader gets it: with what the organiser added to it."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from notifications.batches.models import MessageBatch
from notifications.batches.rules import added_in, with_added
from notifications.outbox.models import Message


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
