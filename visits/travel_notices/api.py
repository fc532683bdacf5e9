"""Moving legs, and telling travellers, for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.settings import Installed
from core.web import Expected, StrictRoute
from directory.accounts.access import Organiser, Releaser
from visits.legs.api import shown
from visits.legs.schemas import LegIn, LegOut
from visits.travel_notices import service
from visits.travel_notices.schemas import EffectsOut, NoticeOut, NoticesIn, NotifiedOut

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.put("/legs/{leg_id}", response_model=LegOut)
async def change(
    leg_id: UUID, given: LegIn, caller: Organiser, db: Db, at: Moment, settings: Installed, expected: Expected
) -> LegOut:
    """Another time, place or number for everybody on it; their calendars follow. Nobody is mailed: whoever is concerned
    waits among the travel notices. If-Match with the leg's `revision` keeps you from undoing what others saved: 412."""
    leg, _ = await service.move(db, leg_id, given, caller, settings, tell=False, at=at, expected=expected)
    return await shown(db, leg)


@router.post("/legs/{leg_id}/cancellation", response_model=LegOut)
async def cancel(leg_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> LegOut:
    """It does not run, or nobody takes it; calendars say so. Nobody is mailed."""
    leg, _ = await service.move(db, leg_id, None, caller, settings, tell=False, at=at)
    return await shown(db, leg)


@router.post("/legs/{leg_id}/effects", response_model=EffectsOut)
async def effects(leg_id: UUID, given: LegIn, caller: Organiser, db: ReadDb, at: Moment) -> EffectsOut:
    """Who would be concerned if the leg became this one, and why. Nothing is changed."""
    _, _, found, journeys = await service.effects_of(db, leg_id, given, caller, at=at)
    return EffectsOut.of(found, {str(one.registration.id): one.person.name for one in journeys})


@router.get("/events/{event_id}/travel-notices", response_model=list[NoticeOut])
async def pending(event_id: UUID, caller: Organiser, db: ReadDb, at: Moment) -> list[NoticeOut]:
    """Travellers whose journey differs from what they were told last, and those who were told nothing yet."""
    _, due = await service.pending_notices(db, event_id, caller, at=at)
    say = words(caller.language)
    return [
        NoticeOut.of(one.journey.registration.id, one.journey.person.name, one.told_at, one.changes, say) for one in due
    ]


@router.post("/events/{event_id}/travel-notices", response_model=NotifiedOut)
async def send(
    event_id: UUID, given: NoticesIn, caller: Releaser, db: Db, at: Moment, settings: Installed
) -> NotifiedOut:
    """Write to those whose journey differs from what they were told: old and new. 409 where there is nobody."""
    count = await service.send_notices(db, event_id, given.registrations, caller, settings, at=at)
    return NotifiedOut(mails=count)
