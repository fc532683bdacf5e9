"""Journeys and what the checks find, for programs."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser, Reader
from visits.journeys import service
from visits.journeys.schemas import JourneyOut, RevealIn, SeenIn
from visits.travel_details.schemas import VisaIn
from visits.travel_details.service import reveal_page, set_visa

router = APIRouter(prefix="/api/v1/events/{event_id}/journeys", tags=["travel"], route_class=StrictRoute)


@router.get("", response_model=list[JourneyOut])
async def journeys(event_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> list[JourneyOut]:
    """Everybody with a place, the legs they travel on, and what the checks find, the worst first."""
    _, found = await service.journeys_for(db, event_id, caller, at=at)
    return [service.shown(one, words(caller.language)) for one in found]


@router.post("/{registration_id}/passport-page", response_class=Response)
async def passport_page(
    event_id: UUID, registration_id: UUID, given: RevealIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> Response:
    """The page of somebody's passport as it came. The reason, and who asked, is kept in the history."""
    name, content = await reveal_page(db, event_id, registration_id, given.reason, caller, settings, at=at)
    return download(content, "application/octet-stream", name)


@router.post("/{registration_id}/seen", status_code=204)
async def mark_seen(
    event_id: UUID, registration_id: UUID, given: SeenIn, caller: Organiser, db: Db, at: Moment
) -> Response:
    """Say that a finding is all right, and why. It comes up again when its numbers change."""
    await service.mark_seen(db, event_id, registration_id, given, caller, at=at)
    return Response(status_code=204)


@router.delete("/{registration_id}/seen/{about}", status_code=204)
async def unmark(event_id: UUID, registration_id: UUID, about: str, caller: Organiser, db: Db, at: Moment) -> Response:
    """Let a finding count again."""
    await service.unmark(db, event_id, registration_id, about, caller, at=at)
    return Response(status_code=204)


@router.put("/{registration_id}/visa", status_code=204)
async def visa(event_id: UUID, registration_id: UUID, given: VisaIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """Say how far somebody's visa is, as the organiser knows it."""
    await set_visa(db, event_id, registration_id, given, caller, at=at)
    return Response(status_code=204)
