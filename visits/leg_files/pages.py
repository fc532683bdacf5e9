"""Tickets and boarding passes of a leg, and those of a whole visit as evidence."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, TypedWithFiles, chosen_files, form_again, render, see_other
from core.paging import page_of
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import Caller, MoneyReader, Organiser
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event
from visits.leg_files import service
from visits.leg_files.schemas import LegFilePaging
from visits.legs.rules import TRAVEL_MODES
from visits.legs.service import get_leg, passengers_of

router = APIRouter(include_in_schema=False)
OF_LEG, OF_EVENT = "visits/leg_files.html", "visits/travel_evidence.html"


@router.get("/legs/{leg_id}/files")
async def of_leg(request: Request, leg_id: UUID, caller: Organiser, db: ReadDb, at: Moment) -> Response:
    return render(request, OF_LEG, **await _leg_view(db, leg_id=leg_id, caller=caller, at=at))


@router.post("/legs/{leg_id}/files")
async def attach(
    request: Request, leg_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: TypedWithFiles
) -> Response:
    with form_again(OF_LEG, partial(_leg_view, leg_id=leg_id, caller=caller, at=at), typed):
        registration = checked(UUID, typed.get("registration_id", ""))
        await service.attach(db, leg_id, registration, await chosen_files(typed), caller, settings, at=at)
    return see_other(request, f"/legs/{leg_id}/files", N_("Attached."))


@router.get("/events/{event_id}/leg-files")
async def of_event(
    request: Request, event_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment, paging: LegFilePaging
) -> Response:
    event = await get_event(db, event_id, caller)
    return render(
        request,
        OF_EVENT,
        event=event,
        tab="costs",
        modes=TRAVEL_MODES,
        history=await audit.history(db, event_id),
        page=page_of(await service.list_leg_files(db, event_id, at=at), paging, service.LEG_FILE_SORTS),
    )


@router.post("/events/{event_id}/leg-files/{file_id}")
async def take_along(
    event_id: UUID, file_id: UUID, caller: MoneyReader, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    name, content = await service.take_along(db, event_id, file_id, caller, settings, at=at)
    return download(content, "application/octet-stream", name)


async def _leg_view(db: AsyncSession, *, leg_id: UUID, caller: Caller, at: Moment) -> Mapping[str, object]:
    leg, event = await get_leg(db, leg_id, caller)
    names = {registration.id: person.name for registration, person, _ in await list_confirmed(db, event.id)}
    on_it = [one.registration_id for one in (await passengers_of(db, [leg_id])).get(leg_id, [])]
    return {
        "event": event,
        "tab": "travel",
        "modes": TRAVEL_MODES,
        "history": await audit.history(db, event.id),
        "leg": leg,
        "people": {id: names[id] for id in on_it if id in names},
        "files": await service.list_leg_files(db, event.id, at=at, leg_id=leg_id),
        "naming": await service.naming(db, event, leg),
    }
