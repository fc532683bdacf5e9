"""Attendance for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import AttendanceReader, Desk
from events.attendance.records import service, views
from events.attendance.records.schemas import (
    AttendanceCorrection,
    AttendanceIn,
    AttendeeOut,
    ConfirmedOut,
    Entered,
    RecordOut,
)
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1/events/{event_id}", tags=["attendance"], route_class=StrictRoute)


@router.get("/participants", response_model=list[ConfirmedOut])
async def participants(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[ConfirmedOut]:
    """Everybody with a place, by name; as many as the event has places."""
    await get_event(db, event_id, caller)
    return [ConfirmedOut.of(*row) for row in await list_confirmed(db, event_id)]


@router.get("/attendance", response_model=list[AttendeeOut])
async def attendance(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[AttendeeOut]:
    """Everybody who has a place or was there, with the half-days that count and whether those are enough."""
    found = await views.list_attendees(db, await get_event(db, event_id, caller))
    return [
        AttendeeOut.of_attendee(
            (one.registration, one.person, one.institution), one.present, one.disputed, one.attended
        )
        for one in found
    ]


@router.put("/attendance", response_model=Entered)
async def enter(event_id: UUID, given: AttendanceIn, caller: Desk, db: Db, at: Moment) -> Entered:
    """Enter who signed on one day. Taking back what counted needs a reason."""
    return Entered(changed=await service.enter(db, event_id, given, caller, at=at))


@router.get("/attendance/{registration_id}", response_model=list[RecordOut])
async def records(event_id: UUID, registration_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[RecordOut]:
    """All that sources say of one person, by half-day and then as it came."""
    history = await views.history_of(db, await get_event(db, event_id, caller), registration_id)
    return [RecordOut.of(one.record) for half_day in history.half_days for one in half_day.records]


@router.post("/attendance/{registration_id}/corrections", response_model=Entered)
async def correct(
    event_id: UUID, registration_id: UUID, given: AttendanceCorrection, caller: Desk, db: Db, at: Moment
) -> Entered:
    """Say against the sources whether somebody was there on a half-day, and why."""
    return Entered(changed=await service.correct(db, event_id, registration_id, given, caller, at=at))
