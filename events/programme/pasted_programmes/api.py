"""A programme pasted as text, as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.ids import new_id
from core.web import IdempotencyKey, StrictRoute
from directory.accounts.access import Organiser
from events.programme.events.models import Session
from events.programme.events.schemas import SessionOut
from events.programme.pasted_programmes import service
from events.programme.pasted_programmes.schemas import PastedLineOut, PastedProgrammeIn, ProgrammeTextIn, UndoneOut

router = APIRouter(prefix="/api/v1", tags=["agenda"], route_class=StrictRoute)


@router.post("/events/{event_id}/pasted-programme/preview", response_model=list[PastedLineOut])
async def preview(event_id: UUID, given: ProgrammeTextIn, caller: Organiser, db: ReadDb) -> list[PastedLineOut]:
    """What each line of a programme would become. Nothing is written."""
    _, lines = await service.propose(db, event_id, given.text, caller)
    say = words(caller.language)
    return [PastedLineOut.of(one.line, one.title, one.people, say, is_there=one.is_there) for one in lines]


@router.post("/events/{event_id}/pasted-programme", status_code=201, response_model=list[SessionOut])
async def take_over(
    event_id: UUID, given: PastedProgrammeIn, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None
) -> list[Session]:
    """Add the sessions that a text names, in one step. Nobody is written to."""
    return await service.take_over(db, event_id, given.text, caller, at=at, key=key or new_id(), lines=given.lines)


@router.post("/events/{event_id}/pasted-programme/undo", response_model=UndoneOut)
async def undo(event_id: UUID, caller: Organiser, db: Db, at: Moment) -> UndoneOut:
    """Take out again what was pasted last, until the programme is published with it."""
    return UndoneOut(removed=await service.undo(db, event_id, caller, at=at))
