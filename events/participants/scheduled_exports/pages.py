"""Lists that go out by themselves, on pages."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Form, Typed, form_again, render, see_other
from core.web import checked
from directory.accounts.access import Caller, ProjectReader, Releaser
from events.invitations.invitations.rules import CATEGORIES, INVITATION_STATUSES
from events.participants.roster.rules import MARKS
from events.participants.scheduled_exports import service
from events.participants.scheduled_exports.rules import EXPORT_ENDS, RHYTHMS, WEEKDAYS
from events.participants.scheduled_exports.schemas import ScheduledExportIn
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE = "events/scheduled_exports.html"


@router.get("/events/{event_id}/exports")
async def exports(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/exports")
async def schedule(request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        await service.schedule(db, event_id, _said(typed), caller, at=at)
    return see_other(request, f"/events/{event_id}/exports", N_("Saved."))


@router.get("/exports/{scheduled_export_id}")
async def edit(request: Request, scheduled_export_id: UUID, caller: Releaser, db: ReadDb) -> Response:
    return render(request, PAGE, **await _edited(db, export_id=scheduled_export_id, caller=caller))


@router.post("/exports/{scheduled_export_id}")
async def change(
    request: Request, scheduled_export_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_edited, export_id=scheduled_export_id, caller=caller), typed):
        export, _ = await service.change(db, scheduled_export_id, _said(typed), caller, at=at)
    return see_other(request, f"/events/{export.event_id}/exports", N_("Saved."))


@router.post("/exports/{scheduled_export_id}/stop")
async def stop(
    request: Request, scheduled_export_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed
) -> Response:
    export = await service.stop(db, scheduled_export_id, caller, at=at)
    return see_other(request, f"/events/{export.event_id}/exports", N_("Stopped."))


def _said(typed: Form) -> ScheduledExportIn:
    names = ("rhythm", "weekday", "days_before", "ends_on", "status", "category", "mark")
    said = {name: typed[name] for name in names if name in typed}
    given: ScheduledExportIn = checked(ScheduledExportIn, {**said, "readers": typed.get("readers[]", [])})
    return given


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "exports": await service.list_exports(db, event_id, caller),
        "edited": None,
        "chosen": [],
        "names": await service.possible_readers(db, event.project_id),
        "rhythms": RHYTHMS,
        "weekdays": dict(enumerate(WEEKDAYS)),
        "ends": EXPORT_ENDS,
        "statuses": INVITATION_STATUSES,
        "categories": CATEGORIES,
        "marks": MARKS,
        "history": await audit.history(db, event_id),
    }


async def _edited(db: AsyncSession, *, export_id: UUID, caller: Caller) -> Mapping[str, object]:
    export, readers, event = await service.get_export(db, export_id, caller)
    view = await _view(db, event_id=event.id, caller=caller)
    return {**view, "edited": export, "chosen": readers}
