"""Uploading a platform's log, looking at what it means, and recording it."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.tables import read_table
from core.errors import NN_
from core.pages import Form, Typed, TypedWithFiles, chosen_file, form_again, render, see_other
from core.web import checked
from directory.accounts.access import AttendanceReader, Caller, Desk
from events.attendance.platform_logs import service
from events.attendance.platform_logs.rules import MATCHES
from events.attendance.platform_logs.schemas import LogChoices, LogSettings
from events.attendance.records.rules import HALVES
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE, PREVIEW = "events/platform_logs.html", "events/platform_log.html"


@router.get("/events/{event_id}/platform-logs")
async def logs(request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/platform-logs")
async def upload(
    request: Request, event_id: UUID, caller: Desk, at: Moment, typed: TypedWithFiles, database: DatabaseHandle
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        file = await chosen_file(typed)
        given: LogSettings = checked(LogSettings, {"least_minutes": typed.get("least_minutes", 30)})
        rows = await read_table(*file)
        async with database.unit_of_work() as db:
            log = await service.upload(db, event_id, file, rows, given.least_minutes, caller, at=at)
    return see_other(request, f"/platform-logs/{log.id}")


@router.get("/platform-logs/{platform_log_id}")
async def preview(request: Request, platform_log_id: UUID, caller: AttendanceReader, db: ReadDb) -> Response:
    return render(request, PREVIEW, **await _preview(db, platform_log_id=platform_log_id, caller=caller))


@router.post("/platform-logs/{platform_log_id}/application")
async def apply(request: Request, platform_log_id: UUID, caller: Desk, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_preview, platform_log_id=platform_log_id, caller=caller), typed):
        given: LogChoices = checked(LogChoices, {"choices": _choices(typed)})
        log, changed = await service.apply(db, platform_log_id, given.choices, caller, at=at)
    back = f"/events/{log.event_id}/attendance"
    return see_other(
        request, back, NN_("Recorded: one half-day changed.", "Recorded: %(num)s half-days changed."), count=changed
    )


def _choices(typed: Form) -> list[Form]:
    """Each line comes with the person who was chosen for it, or nobody."""
    lines = [(name.removeprefix("line-"), value) for name, value in typed.items() if name.startswith("line-")]
    return [{"line": line, "registration_id": value or None} for line, value in lines]


async def _preview(db: AsyncSession, *, platform_log_id: UUID, caller: Caller) -> Mapping[str, object]:
    log, event = await service.get_log(db, platform_log_id, caller)
    lines, people = await service.preview(db, event, log)
    return {
        "event": event,
        "tab": "attendance",
        "log": log,
        "lines": lines,
        "sure": sum(line.is_sure and any(one.is_enough for one in line.halves) for line in lines),
        "people": [(registration.id, person.name) for registration, person in people],
        "matches": MATCHES,
        "halves": HALVES,
        "history": [],
    }


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "logs": await service.list_logs(db, event_id),
        "history": await audit.history(db, event_id),
    }
