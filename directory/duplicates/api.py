"""Merging people, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from directory.duplicates import service
from directory.people.models import Merge
from directory.people.schemas import MergeOut, PairIn

router = APIRouter(prefix="/api/v1/merges", tags=["people"], route_class=StrictRoute)


@router.get("/look-alikes", response_model=list[PairIn])
async def possible_duplicates(caller: ProjectReader, db: ReadDb) -> list[PairIn]:
    """Pairs of records that may be one person, at most a hundred."""
    return [PairIn.of(*pair) for pair in await service.possible_duplicates(db, caller)]


@router.post("", status_code=201, response_model=MergeOut)
async def merge(given: PairIn, caller: Organiser, db: Db, at: Moment) -> Merge:
    """Take one record into the other. 409 where one event knows both."""
    return await service.merge(db, given.kept_id, given.merged_id, caller, at=at)


@router.post("/{merge_id}/undoing", response_model=MergeOut)
async def undo(merge_id: UUID, caller: Organiser, db: Db, at: Moment) -> Merge:
    """Take the two apart again."""
    return await service.undo(db, merge_id, caller, at=at)


@router.post("/apart", status_code=204)
async def keep_apart(given: PairIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Say that two records are two people: they are proposed no more."""
    await service.keep_apart(db, given.kept_id, given.merged_id, caller, at=at)
    return Response(status_code=204)
