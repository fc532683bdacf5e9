"""Per-diem sheets for programs."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageRequest, Paging
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Approver, Caller, Finance, MoneyReader, Organiser
from events.programme.events.service import get_event
from finance.approvals import service, views
from finance.approvals.schemas import CommentIn, CommentOut, ReturnIn, StatementPaging
from finance.sheets.schemas import SheetHeadOut, SheetOut, SubmissionIn
from finance.sheets.service import get_sheet, list_sheets, submit

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.get("/events/{event_id}/per-diem", response_model=list[SheetOut])
async def per_diem(
    event_id: UUID, caller: MoneyReader, db: ReadDb, page: StatementPaging, at: Moment
) -> list[SheetOut]:
    """What is to be paid, by currency: drafts worked out now, then sheets that wait or count, a page each."""
    return await views.per_diems_of(db, event_id, caller, page, at=at)


@router.get("/events/{event_id}/per-diem-sheets", response_model=list[SheetHeadOut])
async def sheets(event_id: UUID, caller: MoneyReader, db: ReadDb) -> list[SheetHeadOut]:
    """All sheets there ever were of an event, returned and recalled ones too, the newest first."""
    event = await get_event(db, event_id, caller)
    return [SheetHeadOut.of(one) for one in await list_sheets(db, event.id)]


@router.post("/events/{event_id}/per-diem/submission", response_model=list[SheetOut])
async def submission(
    event_id: UUID,
    caller: Organiser,
    reader: MoneyReader,
    db: Db,
    at: Moment,
    page: PageRequest,
    given: SubmissionIn | None = None,
) -> list[SheetOut]:
    """Freeze what is worked out, of everybody or of one institution, and hand it to finance: a sheet a currency."""
    wanted = given or SubmissionIn()
    made = await submit(db, event_id, caller, institution_id=wanted.institution_id, at=at)
    return [await _whole(db, one.id, reader, page) for one in made]


@router.get("/per-diem-sheets/{per_diem_sheet_id}", response_model=SheetOut)
async def sheet(per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb, page: StatementPaging) -> SheetOut:
    """A sheet with a page of its people."""
    return await _whole(db, per_diem_sheet_id, caller, page)


@router.post("/per-diem-sheets/{per_diem_sheet_id}/check", response_model=SheetHeadOut)
async def check(per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment) -> SheetHeadOut:
    """Say that it was compared with its evidence, as somebody else than who submitted it."""
    return SheetHeadOut.of(await service.check(db, per_diem_sheet_id, caller, at=at))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/approval", response_model=SheetHeadOut)
async def approve(per_diem_sheet_id: UUID, caller: Approver, db: Db, at: Moment) -> SheetHeadOut:
    """Approve, as somebody else than who submitted it or entered nights, absences, adjustments or attendance."""
    return SheetHeadOut.of(await service.approve(db, per_diem_sheet_id, caller, at=at))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/return", response_model=SheetHeadOut)
async def send_back(
    per_diem_sheet_id: UUID, given: ReturnIn, caller: Approver, db: Db, at: Moment, settings: Installed
) -> SheetHeadOut:
    """Send the sheet back with a reason; whoever submitted it gets a mail, and submits a new version."""
    returned = await service.send_back(db, per_diem_sheet_id, given.reason, caller, settings, at=at)
    return SheetHeadOut.of(returned)


@router.post("/per-diem-sheets/{per_diem_sheet_id}/recall", response_model=SheetHeadOut)
async def recall(per_diem_sheet_id: UUID, caller: Organiser, db: Db, at: Moment) -> SheetHeadOut:
    """Take a sheet back before it is approved."""
    return SheetHeadOut.of(await service.recall(db, per_diem_sheet_id, caller, at=at))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/closing", response_model=SheetHeadOut)
async def close(per_diem_sheet_id: UUID, caller: Finance, db: Db, at: Moment) -> SheetHeadOut:
    """Close a sheet that is paid: no payment of it changes any more."""
    return SheetHeadOut.of(await service.close(db, per_diem_sheet_id, caller, at=at))


@router.get("/per-diem-sheets/{per_diem_sheet_id}/comments", response_model=list[CommentOut])
async def comments(per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb) -> list[CommentOut]:
    """What staff said of a sheet, the oldest first."""
    await get_sheet(db, per_diem_sheet_id, caller)
    return [CommentOut.of(said, name) for said, name in await service.comments_on(db, per_diem_sheet_id)]


@router.post("/per-diem-sheets/{per_diem_sheet_id}/comments", response_model=CommentOut, status_code=201)
async def comment(per_diem_sheet_id: UUID, given: CommentIn, caller: MoneyReader, db: Db, at: Moment) -> CommentOut:
    """Say something of a sheet, or of one person on it."""
    return CommentOut.of(await service.comment(db, per_diem_sheet_id, given, caller, at=at), caller.name)


async def _whole(db: AsyncSession, sheet_id: UUID, caller: Caller, page: Paging) -> SheetOut:
    found = await views.sheet_view(db, sheet_id, caller, page)
    return SheetOut.whole(found.sheet, found.people.rows, (), caller.language)
