"""The form of a superior's link for programs."""

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute, language_of
from events.attendance.evaluations.schemas import EvaluationAnswers
from events.attendance.superior_answers import service
from events.attendance.superior_answers.access import SuperiorLink
from events.attendance.superior_answers.schemas import SuperiorForm
from events.attendance.superiors import service as superiors
from events.attendance.superiors.models import Superior

router = APIRouter(prefix="/api/v1", tags=["evaluations"], route_class=StrictRoute)


@router.get("/superior/{token}", response_model=SuperiorForm)
async def superiors_form(request: Request, caller: SuperiorLink, db: ReadDb) -> SuperiorForm:
    """The form of the link that a superior was mailed, with whom it is about."""
    superior = await db.get_one(Superior, caller.superior_id)
    row = await service.form_of_superior(db, superior)
    names = await superiors.people_of(db, [superior.id])
    return SuperiorForm.about(row, superior, names.get(superior.id, []), language_of(request))


@router.post("/superior/{token}", status_code=204)
async def answer_as_superior(given: EvaluationAnswers, caller: SuperiorLink, db: Db) -> None:
    """Answer it, once."""
    await service.answer_as_superior(db, await db.get_one(Superior, caller.superior_id), given)


@router.delete("/superior/{token}", status_code=204)
async def decline_as_superior(caller: SuperiorLink, db: Db, at: Moment) -> None:
    """Get no more of these mails; name and address are deleted."""
    await superiors.decline(db, await db.get_one(Superior, caller.superior_id), at=at)
