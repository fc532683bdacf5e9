"""Records that look alike, side by side."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Caller, Organiser
from directory.duplicates import service
from directory.people.schemas import PairIn

router = APIRouter(include_in_schema=False)
PAGE = "directory/duplicates.html"


@router.get("/people-look-alike")
async def possible_duplicates(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, caller=caller))


@router.post("/people-look-alike/merge")
async def merge(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, caller=caller), typed):
        given: PairIn = checked(PairIn, typed)
        done = await service.merge(db, given.kept_id, given.merged_id, caller, at=at)
    return see_other(request, f"/people/{done.kept_id}", N_("The two are one now. It can be undone on this page."))


@router.post("/people-look-alike/apart")
async def apart(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, caller=caller), typed):
        given: PairIn = checked(PairIn, typed)
        await service.keep_apart(db, given.kept_id, given.merged_id, caller, at=at)
    return see_other(request, "/people-look-alike", N_("Noted: these are two people."))


@router.post("/merges/{merge_id}/undo")
async def undo(request: Request, merge_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    done = await service.undo(db, merge_id, caller, at=at)
    return see_other(request, f"/people/{done.kept_id}", N_("The two are apart again."))


async def _view(db: AsyncSession, *, caller: Caller) -> Mapping[str, object]:
    return {"pairs": await service.possible_duplicates(db, caller)}
