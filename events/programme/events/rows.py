"""Rows that belong to an event, each read with it by whoever may reach its project."""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import NotFound
from directory.accounts.access import Caller
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for


class _OfEvent(Protocol):
    event_id: UUID


OfEvent = TypeVar("OfEvent", bound=_OfEvent)


async def get_with_event(
    db: AsyncSession, table: type[OfEvent], id: UUID, caller: Caller, *, lock: bool = False
) -> tuple[OfEvent, Event]:
    """A row of an event of which the caller may reach the project, with the event; `lock` also locks the event, and
    the row is as it stands then. Raises NotFound, for another project's row too."""
    row = await db.get(table, id)
    if row is None:
        raise NotFound()
    if not lock:
        return row, await get_event(db, row.event_id, caller)
    event = await lock_event_for(db, row.event_id, caller)
    await db.refresh(row)
    return row, event
