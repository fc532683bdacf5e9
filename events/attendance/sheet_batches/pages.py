"""Choosing events of a period, making their sheets, and printing all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.pages import Typed, form_again, form_fields, render, see_other
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import AttendanceReader, Caller, Desk
from directory.projects.service import get_project
from events.attendance.sheet_batches import service
from events.attendance.sheet_batches.rules import MOST, NoEventChosen
from events.attendance.sheet_batches.schemas import Chosen, InPeriod, Period, SheetBatchIn
from events.attendance.sign_in_sheets.schemas import SHEET_CHOICES

router = APIRouter(prefix="/projects/{project_id}/sign-in-sheets", include_in_schema=False)
PAGE = "events/sheet_batch.html"
Made = Annotated[list[UUID], Query(max_length=MOST)]


@router.get("")
async def sheets(
    request: Request,
    project_id: UUID,
    caller: AttendanceReader,
    db: ReadDb,
    at: Moment,
    period: InPeriod,
    event: Made = [],  # noqa: B006  FastAPI copies it
    job: UUID | None = None,
) -> Response:
    view = await _view(db, project_id=project_id, caller=caller, period=period, made=event, at=at)
    return render(request, PAGE, **{**view, "job": job, "query": request.url.query.partition("job=")[0].rstrip("&")})


@router.post("")
async def make(request: Request, project_id: UUID, caller: Desk, db: Db, at: Moment, typed: Typed) -> Response:
    view = partial(_view, project_id=project_id, caller=caller, period=Period(), made=(), at=at)
    with form_again(PAGE, view, typed):
        if not typed.get("events[]"):
            raise NoEventChosen()
        given: SheetBatchIn = checked(SheetBatchIn, form_fields(typed, beside=(), lists=("fields", "events")))
        job = await service.order(db, project_id, given, caller, at=at)
    made = "&".join(f"event={one}" for one in given.events)
    return see_other(request, f"/projects/{project_id}/sign-in-sheets?{made}&job={job.id}")


@router.get("/latest.{ending}")
async def latest(
    project_id: UUID,
    ending: service.Ending,
    event: Chosen,
    caller: AttendanceReader,
    db: ReadDb,
    settings: Installed,
) -> Response:
    content = await service.file_of(db, project_id, event, ending, caller, settings)
    is_pdf = ending == "pdf"
    return download(content, PDF if is_pdf else ZIP, f"sign-in-sheets.{ending}", inline=is_pdf)


async def _view(
    db: AsyncSession, *, project_id: UUID, caller: Caller, period: Period, made: Sequence[UUID], at: datetime
) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    events = await service.offered(db, project, period, caller, at=at)
    chosen = await service.chosen(db, made, caller)
    return {
        "project": project,
        "period": period,
        "events": events,
        "made": chosen,
        "names": await service.names_in(db, [one.id for one in events]),
        "versions": await service.versions(db, [one.id for one in (*events, *chosen)]),
        "choices": SHEET_CHOICES,
        "most": MOST,
        "job": None,
        "query": "",
    }
