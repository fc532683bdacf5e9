"""The steps of an event as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.web import Expected, IdempotencyKey, StrictRoute, tag
from directory.accounts.access import Organiser, ProjectReader, Releaser
from events.programme.events.models import Event
from events.programme.events.schemas import EventOut, Reason
from events.programme.lifecycle import service
from events.programme.lifecycle.schemas import CheckList, PostponementIn, ReasonTold, SeriesIn, StepIn

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["events"], route_class=StrictRoute)


@router.post("/state", response_model=EventOut)
async def change_state(
    event_id: UUID,
    given: StepIn,
    caller: Organiser,
    db: Db,
    at: Moment,
    expected: Expected,
    response: Response,
) -> Event:
    """Move the event on. 409 names what is possible where the state machine has no such step."""
    event = await service.change_state(db, event_id, given.state, caller, at=at, expected=expected)
    tag(response, event.revision)
    return event


@router.post("/copies", status_code=201, response_model=list[EventOut])
async def copy(
    event_id: UUID, given: SeriesIn, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None
) -> list[Event]:
    """Plan copies with their agenda, moved to their first days; several form a series."""
    return await service.copy_event(db, event_id, given.copies, caller, at=at, key=key)


@router.get("/postponement", response_model=CheckList)
async def check_list(event_id: UUID, caller: ProjectReader, db: ReadDb) -> CheckList:
    """Everyone and everything a postponement would touch. Nothing happens."""
    concerns = await service.concerns_of(db, event_id, caller)
    return CheckList.of(event_id, concerns, words(caller.language))


@router.post("/postponement", response_model=EventOut)
async def postpone(event_id: UUID, given: PostponementIn, caller: Releaser, db: Db, at: Moment) -> Event:
    """Move the event with all that hangs on it, and write to everybody concerned: mails that wait."""
    return await service.postpone(db, event_id, given, caller, at=at)


@router.post("/cancellation", response_model=EventOut)
async def cancel(event_id: UUID, given: ReasonTold, caller: Releaser, db: Db, at: Moment) -> Event:
    """Call the event off and write to everybody who was asked: mails that wait."""
    return await service.cancel(db, event_id, given, caller, at=at)


@router.post("/reinstatement", response_model=EventOut)
async def reinstate(event_id: UUID, given: Reason, caller: Releaser, db: Db, at: Moment) -> Event:
    """A cancelled event takes place after all; everybody who was asked is told."""
    return await service.reinstate(db, event_id, given.reason, caller, at=at)
