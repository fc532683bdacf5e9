"""A person's own data, and what organisers do about them, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from directory.projects.service import get_project
from events.invitations.consents import service as consents
from events.invitations.consents.schemas import ConsentTextIn, ConsentTextOut
from events.invitations.invitations.access import ConfirmedParticipant
from events.privacy.data_requests import service
from events.privacy.data_requests.schemas import ConsentIn, Correction, ErasureOut, MyData, Settlement

router = APIRouter(prefix="/api/v1", tags=["privacy"], route_class=StrictRoute)


@router.get("/invitation/data", response_model=MyData)
async def my_data(participant: ConfirmedParticipant, db: ReadDb) -> MyData:
    """All that is kept about you for this event."""
    return await service.collect(db, participant.invitation_id, "en")


@router.put("/invitation/person", status_code=204)
async def correct(given: Correction, participant: ConfirmedParticipant, db: Db, at: Moment) -> Response:
    """Correct your name, position or language."""
    await service.correct(db, participant.invitation_id, given, at=at)
    return Response(status_code=204)


@router.post("/invitation/consents", status_code=204)
async def say_consent(
    given: ConsentIn, participant: ConfirmedParticipant, db: Db, at: Moment, settings: Installed
) -> Response:
    """Give or end a consent. Ending the use of your data gives your place back."""
    await service.say_consent(db, participant.invitation_id, given.purpose, given.is_given, settings, at=at)
    return Response(status_code=204)


@router.post("/invitation/erasure", status_code=202)
async def ask_erasure(participant: ConfirmedParticipant, db: Db, at: Moment) -> Response:
    """Ask that what is kept about you ends."""
    await service.ask_erasure(db, participant.invitation_id, at=at)
    return Response(status_code=202)


@router.post("/people/{person_id}/erasure", status_code=202)
async def note_erasure(person_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Note that somebody asked by letter or telephone to be erased."""
    await service.note_erasure(db, person_id, caller, at=at)
    return Response(status_code=202)


@router.get("/erasures", response_model=list[ErasureOut])
async def list_requests(caller: ProjectReader, db: ReadDb) -> list[ErasureOut]:
    """Who asked to be erased."""
    return [ErasureOut.of(*one) for one in await service.list_requests(db, caller)]


@router.post("/erasures/{request_id}/settlement", status_code=204)
async def settle(request_id: UUID, given: Settlement, caller: Organiser, db: Db, at: Moment) -> Response:
    """Erase the person, or keep what has to be kept and say why."""
    await service.settle(db, request_id, given.is_erased, given.reason, caller, at=at)
    return Response(status_code=204)


@router.get("/projects/{project_id}/consent-texts", response_model=list[ConsentTextOut])
async def texts(project_id: UUID, caller: ProjectReader, db: ReadDb) -> list[ConsentTextOut]:
    """The words to which people agree now."""
    await get_project(db, project_id, caller)
    return list((await consents.texts_of(db, project_id)).values())


@router.post("/projects/{project_id}/consent-texts", status_code=201, response_model=ConsentTextOut)
async def write_text(project_id: UUID, given: ConsentTextIn, caller: Organiser, db: Db, at: Moment) -> ConsentTextOut:
    """Other words, as the next version; who agreed before agreed to the words of then."""
    return await consents.write_text(db, project_id, given, caller, at=at)
