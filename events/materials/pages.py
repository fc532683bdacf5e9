"""The materials tab of an event, and what a participant downloads."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.media_types import KINDS
from core.errors import N_, NotFound
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import Caller, Organiser, Reader
from directory.people.pages import TONGUES
from events.invitations.invitations.access import Participant
from events.invitations.link_sessions.rules import CodeNeeded
from events.materials import service
from events.materials.models import Material
from events.materials.rules import AUDIENCES, may_have
from events.materials.schemas import MaterialIn
from events.programme.events.service import get_event, list_sessions

router = APIRouter(include_in_schema=False)
PAGE = "events/materials.html"


@router.get("/events/{event_id}/materials")
async def materials(request: Request, event_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/materials")
async def add(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given = checked(MaterialIn, {name: value for name, value in typed.items() if name != "file"})
        name, content = await chosen_file(typed)
        await service.add_material(db, event_id, given, name, content, settings.files, caller, at=at)
    return see_other(request, f"/events/{event_id}/materials", N_("Saved."))


@router.get("/materials/{material_id}")
async def material_file(request: Request, material_id: UUID, caller: Reader, db: Db, settings: Installed) -> Response:
    material = await service.get_material(db, material_id, caller)
    return _file(material, await service.serve(db, material, settings.files))


@router.post("/materials/{material_id}/remove")
async def remove(request: Request, material_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    event_id = await service.remove_material(db, material_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/materials", N_("Removed."))


@router.get("/i/{token}/materials/{material_id}")
async def mine(
    request: Request, token: str, material_id: UUID, participant: Participant, db: Db, settings: Installed
) -> Response:
    allowed = await service.list_for_participant(db, participant.event_id, participant.person_id)
    material = next((m for m in allowed if m.id == material_id), None)
    if material is None:
        raise NotFound()
    if not participant.may_see and not may_have(material.audience, has_place=False):
        # Who only holds the link need not be the one who has the place.
        raise CodeNeeded(page=f"/i/{token}/code")
    return _file(material, await service.serve(db, material, settings.files))


def _file(material: Material, content: bytes) -> Response:
    return download(content, material.media_type, material.file_name)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "materials",
        "materials": await service.list_materials(db, event_id),
        "audiences": AUDIENCES,
        "sessions": await list_sessions(db, event_id),
        "tongues": TONGUES,
        "file_kinds": list(KINDS),
        "history": await audit.history(db, event_id),
    }
