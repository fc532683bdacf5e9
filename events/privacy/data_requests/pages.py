"""The page of one's own data, and the organiser's pages about consent and erasure."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked, download, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.projects.service import get_project
from events.invitations.consents import service as consents
from events.invitations.consents.rules import PURPOSES, ConsentPurpose
from events.invitations.consents.schemas import ConsentTextIn
from events.invitations.invitations.access import ConfirmedParticipant, Guest
from events.invitations.phases.rules import Act, permits
from events.invitations.registrations.service import read_context
from events.privacy.data_requests import service
from events.privacy.data_requests.rules import answer_by
from events.privacy.data_requests.schemas import Correction, Settlement

router = APIRouter(include_in_schema=False)
MINE, TEXTS, REQUESTS = "events/my_data.html", "events/consent_texts.html", "events/erasures.html"


@router.get("/i/{token}/data")
async def my_data(request: Request, token: str, participant: ConfirmedParticipant, db: ReadDb, at: Moment) -> Response:
    return render(request, MINE, **await _mine(db, participant=participant, request=request, at=at))


@router.get("/i/{token}/data.json")
async def my_data_file(request: Request, token: str, participant: ConfirmedParticipant, db: ReadDb) -> Response:
    """The same, to take along (GDPR, article 20)."""
    data = await service.collect(db, participant.invitation_id, language_of(request))
    return download(JSONResponse(jsonable_encoder(data)).body, "application/json", "my-data.json")


@router.post("/i/{token}/data/correct")
async def correct(
    request: Request, token: str, participant: ConfirmedParticipant, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(MINE, partial(_mine, participant=participant, request=request, at=at), typed):
        await service.correct(db, participant.invitation_id, checked(Correction, typed), at=at)
    return see_other(request, f"/i/{token}/data", N_("Saved."))


@router.post("/i/{token}/data/consent")
async def say_consent(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(MINE, partial(_mine, participant=participant, request=request, at=at), typed):
        purpose = checked(ConsentPurpose, typed.get("purpose"))
        await service.say_consent(
            db, participant.invitation_id, purpose, typed.get("is_given") == "yes", settings, at=at
        )
    return see_other(request, f"/i/{token}/data", N_("Saved."))


@router.post("/i/{token}/data/erase")
async def ask_erasure(
    request: Request, token: str, participant: ConfirmedParticipant, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.ask_erasure(db, participant.invitation_id, at=at)
    return see_other(request, f"/i/{token}/data", N_("Your request is with the organiser."))


@router.post("/people/{person_id}/erasure")
async def note_erasure(
    request: Request, person_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.note_erasure(db, person_id, caller, at=at)
    return see_other(request, "/erasures", N_("The request is noted."))


@router.get("/erasures")
async def requests(request: Request, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, REQUESTS, **await _requests(db, caller=caller))


@router.post("/erasures/{request_id}")
async def settle(request: Request, request_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(REQUESTS, partial(_requests, caller=caller, answered=request_id), typed):
        given: Settlement = checked(Settlement, typed)
        await service.settle(db, request_id, given.is_erased, given.reason, caller, at=at)
    return see_other(request, "/erasures", N_("Erased.") if given.is_erased else N_("Saved."))


@router.get("/projects/{project_id}/consents")
async def texts(request: Request, project_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, TEXTS, **await _texts(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/consents")
async def write_text(
    request: Request, project_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(TEXTS, partial(_texts, project_id=project_id, caller=caller), typed):
        await consents.write_text(db, project_id, checked(ConsentTextIn, typed), caller, at=at)
    return see_other(request, f"/projects/{project_id}/consents", N_("Saved."))


async def _requests(db: AsyncSession, *, caller: Caller, answered: UUID | None = None) -> Mapping[str, object]:
    return {"requests": await service.list_requests(db, caller), "answered": answered}


async def _texts(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    return {"project": project, "texts": await consents.texts_of(db, project_id), "purposes": PURPOSES}


async def _mine(db: AsyncSession, *, participant: Guest, request: Request, at: datetime) -> Mapping[str, object]:
    context = await read_context(db, participant.invitation_id)
    return {
        "token": participant.token,
        "event": context.event,
        "project": context.project,
        "person": context.person,
        "data": await service.collect(db, participant.invitation_id, language_of(request)),
        "purposes": PURPOSES,
        "texts": await consents.texts_of(db, context.project.id),
        "said": await consents.consents_of(db, context.invitation.id),
        "is_frozen": not permits(Act.correct_name, context.event, at=at),
        "has_registration": context.registration is not None,
        "gives_place_back": await service.gives_place_back(db, context, at=at),
        **await _asked(db, context.person.id, context.event.zone),
    }


async def _asked(db: AsyncSession, person_id: UUID, zone: str) -> Mapping[str, object]:
    request = await service.open_request(db, person_id)
    asked_on = day_in(zone, at=request.asked_at) if request else None
    return {"asked_on": asked_on, "answer_by": answer_by(asked_on) if asked_on else None}
