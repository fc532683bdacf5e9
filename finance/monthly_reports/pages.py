"""The page of the monthly report, and the link by which a reader stops it."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.guesses import slowing_guesses
from core.ids import new_id
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked_fields
from core.zones import day_in
from directory.accounts.access import Caller, Finance, MoneyReader, Whoever
from directory.projects.service import get_project
from finance.monthly_reports import service
from finance.monthly_reports.rules import REPORT_FORMATS, month_before
from finance.monthly_reports.schemas import ReportReaderIn, SendReportIn

router = APIRouter(include_in_schema=False)
PAGE, STOP = "finance/monthly_report.html", "finance/monthly_report_stop.html"


@router.get("/projects/{project_id}/monthly-report")
async def readers(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller, at=at))


@router.post("/projects/{project_id}/report-readers")
async def add(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller, at=at), typed):
        await service.add_reader(db, project_id, checked_fields(typed, ReportReaderIn), caller, at=at)
    return see_other(request, f"/projects/{project_id}/monthly-report", N_("Saved."))


@router.post("/report-readers/{report_reader_id}/stop")
async def stop(request: Request, report_reader_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    reader = await service.stop_reader(db, report_reader_id, caller, at=at)
    return see_other(request, f"/projects/{reader.project_id}/monthly-report", N_("None goes there any more."))


@router.post("/projects/{project_id}/monthly-report/sending")
async def send(
    request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed, settings: Installed
) -> Response:
    """In two steps: first to how many it goes, then it goes."""
    view = partial(_view, project_id=project_id, caller=caller, at=at)
    with form_again(PAGE, view, typed):
        given = checked_fields(typed, SendReportIn)
        if typed.get("step") != "send":
            found = await view(db)
            return render(request, PAGE, **{**found, "plan": given})
        count = await service.send_now(db, project_id, given, caller, settings, at=at)
    there = f"/projects/{project_id}/monthly-report"
    return see_other(
        request, there, NN_("The report goes to one person.", "The report goes to %(num)s people."), count=count
    )


@router.get("/report-mails/stop/{token}")
async def ask(request: Request, token: str, whoever: Whoever, db: ReadDb, settings: Installed) -> Response:
    """Looking changes nothing: mail scanners follow every link."""
    reader, project = await service.reader_of(db, token, settings)
    return render(request, STOP, reader=reader, project=project, token=token)


@router.post("/report-mails/stop/{token}")
async def stop_own(
    request: Request, token: str, whoever: Whoever, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    async with slowing_guesses(request):
        await service.stop_own(db, token, settings, at=at)
    return see_other(request, f"/report-mails/stop/{token}")


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller, at: datetime) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    found = await service.list_readers(db, project_id, caller)
    return {
        "project": project,
        "readers": found,
        "going": sum(one.stopped_at is None for one in found),
        "sent": await service.list_sent(db, project_id),
        "formats": REPORT_FORMATS,
        "last_month": f"{month_before(day_in(project.zone, at=at)):%Y-%m}",
        "key": new_id(),
        "plan": None,
        "history": [one for one in await audit.history(db, project_id) if one.act.startswith("monthly-report.")],
    }
