"""The form for superiors, opened by the link in a mail."""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.projects.models import Project
from events.attendance.evaluations.pages import answers_typed
from events.attendance.evaluations.rules import EVALUATION_KINDS
from events.attendance.evaluations.schemas import EvaluationAnswers
from events.attendance.superior_answers import service
from events.attendance.superior_answers.access import SuperiorCaller, SuperiorLink
from events.attendance.superiors import service as superiors
from events.attendance.superiors.models import Superior
from events.programme.events.models import Event

router = APIRouter(include_in_schema=False)
SUPERIOR, DECLINED = "events/superior_form.html", "events/superior_declined.html"


@router.get("/superior/{token}")
async def superiors_form(request: Request, token: str, caller: SuperiorLink, db: ReadDb) -> Response:
    """Looking changes nothing: mail scanners follow every link."""
    return render(request, SUPERIOR, **await _superiors_form(db, caller=caller))


@router.post("/superior/{token}")
async def answer_as_superior(request: Request, token: str, caller: SuperiorLink, db: Db, typed: Typed) -> Response:
    with form_again(SUPERIOR, partial(_superiors_form, caller=caller), typed):
        superior = await db.get_one(Superior, caller.superior_id)
        row = await service.form_of_superior(db, superior)
        said = {"answers": answers_typed(row.items, typed)}
        await service.answer_as_superior(db, superior, checked(EvaluationAnswers, said))
    return see_other(request, f"/superior/{token}", N_("Thank you. Your answers are in."))


@router.post("/superior/{token}/decline")
async def decline_as_superior(request: Request, token: str, caller: SuperiorLink, db: Db, at: Moment) -> Response:
    await superiors.decline(db, await db.get_one(Superior, caller.superior_id), at=at)
    return render(request, DECLINED)


async def _superiors_form(db: AsyncSession, *, caller: SuperiorCaller) -> Mapping[str, object]:
    superior = await db.get_one(Superior, caller.superior_id)
    row = await service.form_of_superior(db, superior)
    event = await db.get_one(Event, row.event_id)
    return {
        "evaluation": row,
        "people": (await superiors.people_of(db, [superior.id])).get(superior.id, []),
        "is_answered": superior.has_answered,
        "kinds": EVALUATION_KINDS,
        "event": event,
        "project": await db.get_one(Project, event.project_id),
        "token": caller.token,
        "action": f"/superior/{caller.token}",
        "needs_pair_code": False,
        "is_test": False,
    }
