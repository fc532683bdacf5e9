"""Materials as JSON and files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import IdempotencyKey, StrictRoute, download
from directory.accounts.access import Organiser, Reader
from events.materials import service
from events.materials.models import Material
from events.materials.schemas import Described, MaterialOut
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["materials"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("/events/{event_id}/materials", response_model=list[MaterialOut])
async def list_materials(event_id: UUID, caller: Reader, db: ReadDb) -> list[Material]:
    """What is handed out at an event."""
    await get_event(db, event_id, caller)
    return await service.list_materials(db, event_id)


@router.post("/events/{event_id}/materials", status_code=201, response_model=MaterialOut)
async def add(
    event_id: UUID,
    given: Described,
    file: Annotated[UploadFile, File()],
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    key: IdempotencyKey = None,
) -> Material:
    """Add a file, of at most ten megabytes."""
    content, name = await file.read(), file.filename or ""
    return await service.add_material(db, event_id, given, name, content, settings.files, caller, at=at, key=key)


@router.get("/materials/{material_id}/file", response_class=Response, responses=FILE)
async def material_file(material_id: UUID, caller: Reader, db: Db, settings: Installed) -> Response:
    """The file itself."""
    material = await service.get_material(db, material_id, caller)
    return download(await service.serve(db, material, settings.files), "application/octet-stream", material.file_name)


@router.delete("/materials/{material_id}", status_code=204)
async def remove(material_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a material off its event."""
    await service.remove_material(db, material_id, caller, at=at)
    return Response(status_code=204)
