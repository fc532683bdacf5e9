"""Lists that go out by themselves, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import ProjectReader, Releaser
from events.participants.scheduled_exports import service
from events.participants.scheduled_exports.schemas import ScheduledExportIn, ScheduledExportOut

router = APIRouter(prefix="/api/v1", tags=["people"], route_class=StrictRoute)


@router.get("/events/{event_id}/scheduled-exports", response_model=list[ScheduledExportOut])
async def list_exports(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[ScheduledExportOut]:
    """Lists of participants that go out by themselves, and those that did."""
    return [ScheduledExportOut.of(*one) for one in await service.list_exports(db, event_id, caller)]


@router.post("/events/{event_id}/scheduled-exports", status_code=201, response_model=ScheduledExportOut)
async def schedule(
    event_id: UUID, given: ScheduledExportIn, caller: Releaser, db: Db, at: Moment
) -> ScheduledExportOut:
    """Let members of the project have a link to the list again and again; it opens after they sign in."""
    return ScheduledExportOut.of(*await service.schedule(db, event_id, given, caller, at=at))


@router.put("/scheduled-exports/{scheduled_export_id}", response_model=ScheduledExportOut)
async def change(
    scheduled_export_id: UUID, given: ScheduledExportIn, caller: Releaser, db: Db, at: Moment
) -> ScheduledExportOut:
    """Another rhythm, end, part of the list or other readers. You answer for it from then on."""
    return ScheduledExportOut.of(*await service.change(db, scheduled_export_id, given, caller, at=at))


@router.delete("/scheduled-exports/{scheduled_export_id}", status_code=204)
async def stop(scheduled_export_id: UUID, caller: Releaser, db: Db, at: Moment) -> Response:
    """Let none go any more."""
    await service.stop(db, scheduled_export_id, caller, at=at)
    return Response(status_code=204)
