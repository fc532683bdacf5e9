"""Merging institutions, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser
from directory.institution_merges import service
from directory.institution_merges.schemas import InstitutionMergeOut, InstitutionPair
from directory.people.models import InstitutionMerge

router = APIRouter(prefix="/api/v1/institution-merges", tags=["institutions"], route_class=StrictRoute)


@router.get("/look-alikes", response_model=list[InstitutionPair])
async def possible_duplicates(caller: Organiser, db: ReadDb) -> list[InstitutionPair]:
    """Pairs of institutions that may be one, at most a hundred."""
    pairs = await service.possible_duplicates(db, caller)
    return [InstitutionPair.of(kept, merged) for (kept, _), (merged, _) in pairs]


@router.post("", status_code=201, response_model=InstitutionMergeOut)
async def merge(given: InstitutionPair, caller: Organiser, db: Db, at: Moment) -> InstitutionMerge:
    """Take one institution into the other: people, subordinate institutions, focal points, quotas, nomination requests
    and all else that points to it follow, and its names go on finding the one that is kept."""
    return await service.merge(db, given.kept_id, given.merged_id, caller, at=at)


@router.post("/{merge_id}/undoing", response_model=InstitutionMergeOut)
async def undo(merge_id: UUID, caller: Organiser, db: Db, at: Moment) -> InstitutionMerge:
    """Take the two apart again."""
    return await service.undo(db, merge_id, caller, at=at)


@router.post("/apart", status_code=204)
async def keep_apart(given: InstitutionPair, caller: Organiser, db: Db, at: Moment) -> Response:
    """Say that two are two institutions: they are proposed no more."""
    await service.keep_apart(db, given.kept_id, given.merged_id, caller, at=at)
    return Response(status_code=204)
