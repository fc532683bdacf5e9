"""Adding one institution for each province: what it would do, and what it did."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Form, Typed, form_again, form_fields, render, see_other
from core.web import checked
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from directory.institution_batches import service
from directory.institution_batches.schemas import BatchIn
from directory.people.geography import provinces
from directory.people.models import INSTITUTION_KINDS
from directory.projects.service import list_projects

router = APIRouter(prefix="/institutions/batches", include_in_schema=False)
PLAN, DONE = "directory/institution_batch_plan.html", "directory/institution_batch.html"


@router.get("/new")
async def new(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PLAN, **await _view(db, caller=caller))


@router.post("/preview")
async def preview(request: Request, caller: Organiser, db: ReadDb, typed: Typed) -> Response:
    with form_again(PLAN, partial(_view, caller=caller), typed):
        project_id, given = _given(typed)
        plan = await service.plan_batch(db, project_id, given, caller)
    return render(request, PLAN, **await _view(db, caller=caller), typed=typed, plan=plan)


@router.post("")
async def add(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PLAN, partial(_view, caller=caller), typed):
        project_id, given = _given(typed)
        batch = await service.add_batch(db, project_id, given, caller, at=at)
    return see_other(
        request,
        f"/institutions/batches/{batch.id}",
        NN_("One institution is added.", "%(num)s institutions are added."),
        count=len(batch.added),
    )


@router.get("/{batch_id}")
async def batch(request: Request, batch_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, DONE, **await _done(db, batch_id=batch_id, caller=caller))


@router.post("/{batch_id}/undo")
async def undo(request: Request, batch_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(DONE, partial(_done, batch_id=batch_id, caller=caller), typed):
        await service.undo_batch(db, batch_id, caller, at=at)
    return see_other(request, f"/institutions/batches/{batch_id}", N_("Taken back."))


def _given(typed: Form) -> tuple[UUID, BatchIn]:
    fields = form_fields(typed, beside=("project_id", "parent_new"), lists=("provinces",))
    project_id = checked(dict[str, UUID], {"project_id": typed.get("project_id")})["project_id"]
    return project_id, checked(BatchIn, fields)


async def _view(db: AsyncSession, *, caller: Caller) -> Mapping[str, object]:
    return {
        "own_projects": [one for one in await list_projects(db, caller) if caller.may(Right.plan, one.id)],
        "kinds": INSTITUTION_KINDS,
        "provinces": provinces(),
        "usual": BatchIn(),
    }


async def _done(db: AsyncSession, *, batch_id: UUID, caller: Caller) -> Mapping[str, object]:
    return {"batch": await service.get_batch(db, batch_id, caller)}
