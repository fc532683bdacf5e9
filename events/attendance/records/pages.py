"""The grid to enter what was signed, and one person's attendance with all its sources."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Form, Typed, form_again, form_fields, render, see_other, ticked
from core.web import checked
from core.zones import day_in, days_between
from directory.accounts.access import AttendanceReader, Caller, Desk
from events.attendance.records import service, views
from events.attendance.records.rules import HALVES, SOURCES
from events.attendance.records.schemas import AttendanceCorrection, AttendanceIn
from events.programme.events.service import get_event

router = APIRouter(prefix="/events/{event_id}/attendance", include_in_schema=False)
PAGE, HISTORY = "events/attendance.html", "events/attendance_history.html"


@router.get("")
async def attendance(
    request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb, at: Moment, day: date | None = None
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, day=day, at=at))


@router.post("")
async def enter(request: Request, event_id: UUID, caller: Desk, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_typed_view, event_id=event_id, caller=caller, typed=typed, at=at), typed):
        given: AttendanceIn = checked(AttendanceIn, _entries(typed))
        changed = await service.enter(db, event_id, given, caller, at=at)
    back = f"/events/{event_id}/attendance?day={given.day}"
    return see_other(
        request, back, NN_("Saved: one half-day changed.", "Saved: %(num)s half-days changed."), count=changed
    )


@router.get("/{registration_id}")
async def history(
    request: Request, event_id: UUID, registration_id: UUID, caller: AttendanceReader, db: ReadDb, at: Moment
) -> Response:
    """One person: what counts of each half-day, and what every source says."""
    view = await _history_view(db, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    return render(request, HISTORY, **view)


@router.post("/{registration_id}/corrections")
async def correct(
    request: Request, event_id: UUID, registration_id: UUID, caller: Desk, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(_history_view, event_id=event_id, registration_id=registration_id, caller=caller, at=at)
    with form_again(HISTORY, view, typed):
        given: AttendanceCorrection = checked(AttendanceCorrection, _correction(typed))
        await service.correct(db, event_id, registration_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/attendance/{registration_id}", N_("Corrected."))


def _correction(typed: Form) -> Form:
    """A half-day comes as one choice of a list: its day and its half."""
    day, _, half = str(typed.get("half_day", "")).partition("/")
    return form_fields(typed, beside=("half_day",), lists=()) | {"day": day, "half": half}


def _entries(typed: Form) -> Form:
    """Boxes of the grid, and beside them who was shown: an empty box is an answer too."""
    signed = [box.partition(":") for box in ticked(typed, "signed")]
    return {
        "day": typed.get("day", ""),
        "reason": typed.get("reason", ""),
        "entries": [
            {
                "registration_id": shown,
                "halves": [half for registration, _, half in signed if registration == shown],
            }
            for shown in ticked(typed, "shown")
        ],
    }


async def _typed_view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, typed: Form, at: datetime
) -> Mapping[str, object]:
    """The grid as it was ticked, on its day."""
    try:
        day = date.fromisoformat(str(typed.get("day", "")))
    except ValueError:
        day = None
    view = await _view(db, event_id=event_id, caller=caller, day=day, at=at)
    return {**view, "ticked": frozenset(ticked(typed, "signed"))}


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, at: datetime, day: date | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    days = days_between(event.first_day, event.last_day)
    shown = day if day in days else days[0]
    people = await views.list_attendees(db, event)
    return {
        "event": event,
        "tab": "attendance",
        "days": days,
        "day": shown,
        "halves": HALVES,
        "has_begun": day_in(event.zone, at=at) >= event.first_day,
        "people": people,
        "ticked": frozenset(
            f"{one.registration.id}:{half}" for one in people for of_day, half in one.present if of_day == shown
        ),
        "history": await audit.history(db, event_id),
    }


async def _history_view(
    db: AsyncSession, *, event_id: UUID, registration_id: UUID, caller: Caller, at: datetime
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "person_history": await views.history_of(db, event, registration_id),
        "halves": HALVES,
        "has_begun": day_in(event.zone, at=at) >= event.first_day,
        "sources": SOURCES,
        "history": [],
    }
