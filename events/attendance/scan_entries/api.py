"""Entering attendance from scans, for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.web import StrictRoute
from directory.accounts.access import Organiser
from events.attendance.scan_entries import service
from events.attendance.scan_entries.schemas import EntryIn, EntryOut

router = APIRouter(prefix="/api/v1/events/{event_id}/scan-entries", tags=["attendance"], route_class=StrictRoute)


@router.post("", response_model=EntryOut)
async def enter(event_id: UUID, given: EntryIn, caller: Organiser, db: Db, at: Moment) -> EntryOut:
    """Record the attendance that pages of scans show, all at once, once a person has looked at every cell.

    What other sources said before stays and is shown as disputed. The same entry twice has one effect.
    """
    return await service.enter(db, event_id, given, caller, at=at)
