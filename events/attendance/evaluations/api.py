"""Evaluations for programs: staff make forms and read figures, participants answer."""

from uuid import UUID

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute, language_of
from directory.accounts.access import AttendanceReader, Organiser, Releaser
from events.attendance.evaluations import service
from events.attendance.evaluations.schemas import (
    EvaluationAnswers,
    EvaluationIn,
    EvaluationItems,
    EvaluationOut,
    FormOut,
    ResultsOut,
)
from events.attendance.evaluations.views import results_of
from events.invitations.invitations.access import Respondent
from events.invitations.invitations.schemas import Released
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1", tags=["evaluations"], route_class=StrictRoute)
ONE = "/evaluations/{evaluation_id}"


@router.get("/events/{event_id}/evaluations", response_model=list[EvaluationOut])
async def evaluations(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[EvaluationOut]:
    """The forms of an event, at most one of each kind."""
    await get_event(db, event_id, caller)
    return [EvaluationOut.of(one) for one in await service.list_evaluations(db, event_id)]


@router.post("/events/{event_id}/evaluations", status_code=201, response_model=EvaluationOut)
async def create(event_id: UUID, given: EvaluationIn, caller: Organiser, db: Db, at: Moment) -> EvaluationOut:
    """A draft with the questions usual for its kind. 409 where the event has one of that kind."""
    return EvaluationOut.of(await service.create(db, event_id, given, caller, at=at))


@router.get(ONE, response_model=EvaluationOut)
async def evaluation(evaluation_id: UUID, caller: AttendanceReader, db: ReadDb) -> EvaluationOut:
    """One form with its questions, and the right answers of a test."""
    return EvaluationOut.of((await service.get_evaluation(db, evaluation_id, caller))[0])


@router.put(f"{ONE}/items", response_model=EvaluationOut)
async def set_items(
    evaluation_id: UUID, given: EvaluationItems, caller: Organiser, db: Db, at: Moment
) -> EvaluationOut:
    """All questions in their order, as long as it is a draft."""
    return EvaluationOut.of(await service.set_items(db, evaluation_id, given, caller, at=at))


@router.delete(ONE, status_code=204)
async def remove(evaluation_id: UUID, caller: Organiser, db: Db, at: Moment) -> None:
    """Take a draft away."""
    await service.remove(db, evaluation_id, caller, at=at)


@router.post(f"{ONE}/opening", response_model=EvaluationOut)
async def open_form(evaluation_id: UUID, caller: Organiser, db: Db, at: Moment) -> EvaluationOut:
    """From now on people answer; the questions stay as they are. One that is closed opens again, unless it is anonymous
    and three people have answered: its figures may have been seen."""
    return EvaluationOut.of(await service.open_form(db, evaluation_id, caller, at=at))


@router.post(f"{ONE}/closing", response_model=EvaluationOut)
async def close_form(evaluation_id: UUID, caller: Organiser, db: Db, at: Moment) -> EvaluationOut:
    """No more answers; the figures of an anonymous form are shown from now on."""
    return EvaluationOut.of(await service.close_form(db, evaluation_id, caller, at=at))


@router.post(f"{ONE}/requests", status_code=202, response_model=JobOut)
async def ask(evaluation_id: UUID, caller: Organiser, db: Db, at: Moment) -> Job:
    """Write to everybody who is to answer and has not, as drafts. 409 where nobody is left."""
    return await service.ask(db, evaluation_id, caller, at=at)


@router.post(f"{ONE}/requests/release", response_model=Released)
async def release(evaluation_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed) -> Released:
    """Send what was written."""
    return Released(released=await service.release_requests(db, evaluation_id, caller, settings, at=at))


@router.get(f"{ONE}/results", response_model=ResultsOut)
async def results(evaluation_id: UUID, caller: AttendanceReader, db: ReadDb) -> ResultsOut:
    """Figures of each question, without names; for an anonymous form once it is closed and three people answered."""
    row, _ = await service.get_evaluation(db, evaluation_id, caller)
    return ResultsOut.of(await results_of(db, row))


@router.get("/invitation/evaluations", response_model=list[FormOut])
async def my_forms(request: Request, participant: Respondent, db: ReadDb) -> list[FormOut]:
    """Forms that wait for you, or that you have filled in."""
    forms = await service.forms_for(db, participant.event_id, participant.person_id)
    return [FormOut.of(row, language_of(request), is_answered=answered) for row, answered in forms]


@router.post("/invitation/evaluations/{evaluation_id}", status_code=204)
async def answer(evaluation_id: UUID, given: EvaluationAnswers, participant: Respondent, db: Db) -> None:
    """Answer a form, once: at least one of its questions."""
    await service.answer(db, evaluation_id, participant.event_id, participant.person_id, given)
