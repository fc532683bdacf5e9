"""Money that comes back, for programs."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Finance, MoneyReader
from finance.returns import service
from finance.returns.schemas import ReturnedIn, ReturnedOut, ReturnRemovalIn
from finance.sheets.service import get_sheet

router = APIRouter(prefix="/api/v1", tags=["payments"], route_class=StrictRoute)


@router.get("/per-diem-sheets/{per_diem_sheet_id}/returns", response_model=list[ReturnedOut])
async def returns(per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb) -> list[ReturnedOut]:
    """What people gave back of what they owe by a sheet, the oldest first."""
    await get_sheet(db, per_diem_sheet_id, caller)
    return [ReturnedOut.of(one) for one in await service.returns_on(db, per_diem_sheet_id)]


@router.post("/per-diem-sheets/{per_diem_sheet_id}/returns", status_code=201, response_model=ReturnedOut)
async def note(per_diem_sheet_id: UUID, given: ReturnedIn, caller: Finance, db: Db, at: Moment) -> ReturnedOut:
    """Note what a person gave back, all of it or a part."""
    return ReturnedOut.of(await service.note_returned(db, per_diem_sheet_id, given, caller, at=at))


@router.post("/per-diem-sheets/{per_diem_sheet_id}/returns/removal", response_model=ReturnedOut)
async def remove(per_diem_sheet_id: UUID, given: ReturnRemovalIn, caller: Finance, db: Db, at: Moment) -> ReturnedOut:
    """Take away what was noted by mistake: it is owed again. The history keeps what it said, and why."""
    return ReturnedOut.of(await service.remove_returned(db, per_diem_sheet_id, given, caller, at=at))
