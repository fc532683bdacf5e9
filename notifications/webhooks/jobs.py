"""Tells webhooks what has been committed to the history since they were told last."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import AuditEntry
from notifications.jobs.context import WorkerContext
from notifications.jobs.service import each
from notifications.outbox.service import enqueue
from notifications.webhooks.models import Webhook
from notifications.webhooks.rules import is_told
from notifications.webhooks.service import call_message

# No transaction lasts that long.
OVERLAP = timedelta(minutes=10)
BATCH = 200


async def sweep(context: WorkerContext) -> None:
    """Enqueue a call for each act of the history that a webhook has not been told yet."""
    async with context.database.reading() as db:
        ids = await db.exec(
            select(Webhook.id).where(col(Webhook.removed_at).is_(None), col(Webhook.paused_at).is_(None))
        )
        waiting = list(ids.all())

    async def catch_up(id: UUID) -> None:
        async with context.database.unit_of_work() as db:
            await _catch_up(db, await db.get_one(Webhook, id), at=context.clock())

    await each(waiting, catch_up)


async def _catch_up(db: AsyncSession, webhook: Webhook, *, at: datetime) -> None:
    since, after = max(webhook.made_at, webhook.read_until - OVERLAP), UUID(int=0)
    while True:
        is_later = sa.or_(col(AuditEntry.at) > since, sa.and_(col(AuditEntry.at) == since, col(AuditEntry.id) > after))
        rows = (
            select(AuditEntry)
            .where(AuditEntry.project_id == webhook.project_id, col(AuditEntry.at) >= since, is_later)
            .order_by(col(AuditEntry.at), col(AuditEntry.id))
            .limit(BATCH)
        )
        entries = list((await db.exec(rows)).all())
        told = [entry for entry in entries if is_told(entry.act, webhook.topics)]
        await enqueue(db, [call_message(webhook, e.act, e.id, e.at, _facts(e), at=at) for e in told])
        if len(entries) < BATCH:
            break
        since, after = entries[-1].at, entries[-1].id
    webhook.read_until = max(webhook.read_until, at)
    await db.flush()


def _facts(entry: AuditEntry) -> dict[str, str]:
    """Which rows it is about. Nobody's name: who may know more asks the API with a token of their own."""
    event = {"event_id": entry.facts["event_id"]} if "event_id" in entry.facts else {}
    return {
        "id": str(entry.id),
        "project_id": str(entry.project_id),
        "object_id": str(entry.object_id),
        **event,
    }
