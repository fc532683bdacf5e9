"""Institutions that look alike, side by side."""

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
from directory.institution_merges import service
from directory.institution_merges.schemas import InstitutionPair
from directory.institutions.pages import ONE, institution_view
from directory.people.models import INSTITUTION_KINDS

router = APIRouter(include_in_schema=False)
PAGE = "directory/institution_merges.html"


@router.get("/institutions-look-alike")
async def possible_duplicates(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, caller=caller))


@router.post("/institutions-look-alike/merge")
async def merge(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, caller=caller), typed):
        given: InstitutionPair = checked(InstitutionPair, typed)
        done = await service.merge(db, given.kept_id, given.merged_id, caller, at=at)
    return see_other(
        request, f"/institutions/{done.kept_id}", N_("The two are one now. It can be undone on this page.")
    )


@router.post("/institutions-look-alike/apart")
async def apart(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, caller=caller), typed):
        given: InstitutionPair = checked(InstitutionPair, typed)
        await service.keep_apart(db, given.kept_id, given.merged_id, caller, at=at)
    return see_other(request, "/institutions-look-alike", N_("Noted: these are two institutions."))


@router.post("/institutions/{institution_id}/merges/{merge_id}/undo")
async def undo(
    request: Request, institution_id: UUID, merge_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(institution_view, institution_id=institution_id, caller=caller), typed):
        done = await service.undo(db, merge_id, caller, at=at)
    return see_other(request, f"/institutions/{done.kept_id}", N_("The two are apart again."))


async def _view(db: AsyncSession, *, caller: Caller) -> Mapping[str, object]:
    return {"pairs": await service.possible_duplicates(db, caller), "kinds": INSTITUTION_KINDS}
