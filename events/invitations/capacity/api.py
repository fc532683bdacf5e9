"""Quotas and categories as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import Field

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from events.invitations.capacity import service
from events.invitations.capacity.rules import Limit
from events.invitations.capacity.schemas import CategoryIn, QuotaIn, QuotaOut
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["capacity"], route_class=StrictRoute)


@router.get("/events/{event_id}/quotas", response_model=list[QuotaOut])
async def list_quotas(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[Limit]:
    """Quotas of an event with what is taken of each."""
    event = await get_event(db, event_id, caller)
    return [limit for limit, _ in await service.list_quotas(db, event)]


@router.put("/events/{event_id}/quotas", response_model=list[QuotaOut])
async def set_quotas(
    event_id: UUID,
    quotas: Annotated[list[QuotaIn], Body(), Field(max_length=200)],
    caller: Organiser,
    db: Db,
    at: Moment,
) -> list[Limit]:
    """These quotas and no others. Nobody is removed by one that is lower than what is taken."""
    return await service.set_quotas(db, event_id, quotas, caller, at=at)


@router.put("/invitations/{invitation_id}/category", status_code=204)
async def set_category(invitation_id: UUID, given: CategoryIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Say as what somebody takes part."""
    await service.set_category(db, invitation_id, given.category, caller, at=at)
    return Response(status_code=204)
