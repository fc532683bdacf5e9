"""Seals what has been committed to the history, wherever work is done."""

import structlog

from core.sealing import seal_all
from notifications.jobs.context import WorkerContext

log = structlog.get_logger()


async def sweep(context: WorkerContext) -> None:
    """A line in the log for each new end of the chain: logs that are kept elsewhere prove it too. Once an hour all
    entries are counted."""
    at = context.clock()
    # Sweeps come about once a minute, from each process.
    is_thorough = at.minute == 0
    head = await seal_all(context.database, context.settings.audit_head, at=at, is_thorough=is_thorough)
    if head:
        log.info("history sealed", id=head.link, code=head.position)
