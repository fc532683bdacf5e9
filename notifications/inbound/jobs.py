"""Lets the text of what came in go in time."""

from datetime import timedelta

from sqlmodel import col, update

from notifications.inbound.models import InboundMail
from notifications.jobs.context import WorkerContext


async def purge(context: WorkerContext) -> None:
    """The text of mails goes after the days that the operator set."""
    before = context.clock() - timedelta(days=context.settings.inbound_keep_days)
    async with context.database.unit_of_work() as db:
        await db.exec(
            update(InboundMail)
            .where(col(InboundMail.received_at) < before, col(InboundMail.is_open))
            .values(raw="", is_open=False)
        )
