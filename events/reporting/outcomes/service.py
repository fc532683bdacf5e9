"""Keeping what came of an event."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from directory.accounts.access import Caller
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import get_event
from events.reporting.outcomes.models import EventOutcome
from events.reporting.outcomes.rules import MOST, OutcomeKind
from events.reporting.outcomes.schemas import OutcomeIn

_ORDER = list(OutcomeKind)


async def list_outcomes(db: AsyncSession, event_ids: Collection[UUID]) -> list[EventOutcome]:
    """Of these events: action points by their day, then recommendations and key messages as they were written."""
    found = await db.exec(select(EventOutcome).where(col(EventOutcome.event_id).in_(event_ids)))
    return sorted(
        found, key=lambda one: (_ORDER.index(one.kind), one.due_on is None, str(one.due_on), one.created_at, one.id)
    )


async def get_outcome(db: AsyncSession, outcome_id: UUID, caller: Caller) -> tuple[EventOutcome, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, EventOutcome, outcome_id, caller)


async def add_outcome(
    db: AsyncSession, event_id: UUID, given: OutcomeIn, caller: Caller, *, at: datetime
) -> EventOutcome:
    """Raises Unacceptable where there are as many as one event may have."""
    event = await get_event(db, event_id, caller)
    if len(await list_outcomes(db, [event.id])) >= MOST:
        raise Unacceptable("text", N_("There are two hundred already; please remove some first."))
    row = EventOutcome(event_id=event.id, created_at=at, **given.model_dump())
    db.add(row)
    _note(db, event, "outcome.added", caller, at=at)
    await db.flush()
    return row


async def change_outcome(
    db: AsyncSession, outcome_id: UUID, given: OutcomeIn, caller: Caller, *, at: datetime
) -> EventOutcome:
    row, event = await get_outcome(db, outcome_id, caller)
    row.sqlmodel_update(given.model_dump())
    _note(db, event, "outcome.changed", caller, at=at)
    await db.flush()
    return row


async def remove_outcome(db: AsyncSession, outcome_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the event."""
    row, event = await get_outcome(db, outcome_id, caller)
    _note(db, event, "outcome.removed", caller, at=at)
    await db.delete(row)
    await db.flush()
    return event.id


def _note(db: AsyncSession, event: Event, act: str, caller: Caller, *, at: datetime) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature)
