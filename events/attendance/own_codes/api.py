"""The code of an online event for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Desk
from events.attendance.own_codes import service
from events.attendance.own_codes.schemas import OwnCodeOut

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["check-in"], route_class=StrictRoute)


@router.get("/own-code", response_model=OwnCodeOut)
async def own_code(event_id: UUID, caller: Desk, db: ReadDb, at: Moment, settings: Installed) -> OwnCodeOut:
    """The code that participants type in this half-day. 409 where the event has none now."""
    return await service.current_code(db, event_id, caller, settings, at=at)
