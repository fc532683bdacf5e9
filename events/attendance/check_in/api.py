"""Check-in for the devices at the desks, and for programs of staff."""

from uuid import UUID

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import DatabaseHandle, Db
from core.web import StrictRoute, language_of
from directory.accounts.access import Organiser
from events.attendance.check_in import service, views
from events.attendance.check_in.schemas import BadgeOut, DeskList, ScansIn, ScansOut
from events.attendance.desk_links.access import AtDesk

router = APIRouter(prefix="/api/v1/events/{event_id}/check-in", tags=["check-in"], route_class=StrictRoute)


@router.get("/list", response_model=DeskList)
async def desk_list(request: Request, event_id: UUID, caller: AtDesk, at: Moment, database: DatabaseHandle) -> DeskList:
    """Everybody who has or had a place: name, institution, category, state, and the SHA-256 of their code. The bearer
    token is a device's own, or of staff who may record attendance."""
    return await views.current_list(database, event_id, caller, language_of(request), at=at)


@router.get("/badges", response_model=list[BadgeOut])
async def badges(request: Request, event_id: UUID, caller: Organiser, database: DatabaseHandle) -> list[BadgeOut]:
    """What to print on badges: everybody with a place, and the code that desks read."""
    return await views.badges(database, event_id, caller, language_of(request))


@router.post("/scans", response_model=ScansOut)
async def scans(event_id: UUID, given: ScansIn, caller: AtDesk, db: Db, at: Moment) -> ScansOut:
    """Send a device's queue, offline scans too; each is answered by its nonce, and one that was sent before is taken
    once. A scan that says `taken` counts as attendance of its half-day."""
    return ScansOut(now=at, scans=await service.take(db, event_id, given.scans, caller, at=at))
