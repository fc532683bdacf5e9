"""The monthly report for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from finance.monthly_reports import service
from finance.monthly_reports.schemas import ReportReaderIn, ReportReaderOut, SendPlanOut, SendReportIn

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/projects/{project_id}/report-readers", response_model=list[ReportReaderOut])
async def readers(project_id: UUID, caller: MoneyReader, db: ReadDb) -> list[ReportReaderOut]:
    """Whom the monthly report goes to, then those who were stopped."""
    return [ReportReaderOut.of(one) for one in await service.list_readers(db, project_id, caller)]


@router.post("/projects/{project_id}/report-readers", response_model=ReportReaderOut, status_code=201)
async def add(project_id: UUID, given: ReportReaderIn, caller: Finance, db: Db, at: Moment) -> ReportReaderOut:
    """Let it go to somebody without an account, from the next month on."""
    return ReportReaderOut.of(await service.add_reader(db, project_id, given, caller, at=at))


@router.delete("/report-readers/{report_reader_id}", response_model=ReportReaderOut)
async def stop(report_reader_id: UUID, caller: Finance, db: Db, at: Moment) -> ReportReaderOut:
    """Stop it for somebody. The row stays, without name and address."""
    return ReportReaderOut.of(await service.stop_reader(db, report_reader_id, caller, at=at))


@router.post("/projects/{project_id}/monthly-report/preview", response_model=SendPlanOut)
async def preview(project_id: UUID, given: SendReportIn, caller: Finance, db: ReadDb) -> SendPlanOut:
    """To how many a month's report would go; sends nothing."""
    return SendPlanOut(people=await service.count_readers(db, project_id, caller), month=given.month)


@router.post("/projects/{project_id}/monthly-report/sending", response_model=Count)
async def send(
    project_id: UUID, given: SendReportIn, caller: Finance, db: Db, at: Moment, settings: Installed
) -> Count:
    """Send a month's report now to everybody on the list, beside the one that goes by itself."""
    return Count(count=await service.send_now(db, project_id, given, caller, settings, at=at))
