"""Overlaps for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from events.programme.events.service import get_event
from finance.overlaps.schemas import JourneyOverlapOut
from finance.overlaps.service import overlaps_of

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/per-diem/overlaps", response_model=list[JourneyOverlapOut])
async def overlaps(event_id: UUID, caller: MoneyReader, db: ReadDb) -> list[JourneyOverlapOut]:
    """People with a place who are at another event on the same days; of another project's event only the days."""
    found = await overlaps_of(db, await get_event(db, event_id, caller), caller)
    return [JourneyOverlapOut.of(one) for one in found]
