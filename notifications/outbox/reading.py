"""A mail as its reader gets it: with what the organiser added to it."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from notifications.batches.models import MessageBatch
from notifications.batches.rules import added_in, with_added
from notifications.outbox.models import Message
from notifications.outbox.rules import State


async def with_added_words(db: AsyncSession, messages: Sequence[Message]) -> None:
    """Put into messages what the organiser adds to them and to their batch; rows stay as they were written."""
    ids = {message.batch_id for message in messages if message.batch_id}
    found = await db.exec(select(MessageBatch).where(col(MessageBatch.id).in_(ids))) if ids else ()
    batches = {batch.id: batch for batch in found}
    for message in messages:
        batch = batches.get(message.batch_id) if message.batch_id else None
        # A message that was sent off is written as of that moment.
        left_at = None if message.state is State.draft else message.written_at
        of_all = added_in(batch, message.language, left_at) if batch else ""
        added = "\n\n".join(filter(None, [of_all, message.added]))
        if added:
            db.expunge(message)
            message.plain, message.html = with_added(message.plain, message.html, added)
