"""Batches of institutions as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import IdempotencyKey, StrictRoute
from directory.accounts.access import Organiser
from directory.institution_batches import service
from directory.institution_batches.models import InstitutionBatch
from directory.institution_batches.schemas import BatchIn, BatchOut, BatchPlan

router = APIRouter(prefix="/api/v1", tags=["institutions"], route_class=StrictRoute)


@router.post("/projects/{project_id}/institution-batches/preview", response_model=BatchPlan)
async def preview(project_id: UUID, given: BatchIn, caller: Organiser, db: ReadDb) -> BatchPlan:
    """What adding one institution for each province would do."""
    plan = await service.plan_batch(db, project_id, given, caller)
    return BatchPlan.of(plan.new, plan.there)


@router.post("/projects/{project_id}/institution-batches", status_code=201, response_model=BatchOut)
async def add(
    project_id: UUID, given: BatchIn, caller: Organiser, db: Db, at: Moment, key: IdempotencyKey = None
) -> InstitutionBatch:
    """Add one institution for each province; those that are there already are skipped. 409 where all are."""
    return await service.add_batch(db, project_id, given, caller, at=at, key=key)


@router.post("/institution-batches/{batch_id}/undoing", response_model=BatchOut)
async def undo(batch_id: UUID, caller: Organiser, db: Db, at: Moment) -> InstitutionBatch:
    """Remove what the batch added. 409 while people or anything else stand under one of them."""
    return await service.undo_batch(db, batch_id, caller, at=at)
