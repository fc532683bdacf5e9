"""Opening what is sensitive, as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from events.participants.disclosures import service
from events.participants.disclosures.schemas import DisclosureIn, DisclosureOut

router = APIRouter(prefix="/api/v1", tags=["people"], route_class=StrictRoute)


@router.post("/invitations/{invitation_id}/disclosure", response_model=DisclosureOut)
async def disclose(
    invitation_id: UUID, given: DisclosureIn, caller: ProjectReader, db: Db, at: Moment
) -> DisclosureOut:
    """What somebody told for the event. The reason, and who asked, is kept in the history."""
    return await service.disclose(db, invitation_id, given.reason, caller, at=at)
