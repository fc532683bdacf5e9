"""What a correction takes back from somebody who was not paid yet is set off: nobody is paid first and asked after."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from finance.payments.service import settle
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN


async def set_off(db: AsyncSession, sheet: PerDiemSheet, by: audit.Actor, *, at: datetime) -> None:
    """Under the event's lock, when a sheet is approved: what it takes back comes off what earlier approved sheets of
    its currency still have to pay to the same person. Both are settled by as much, and the history says so."""
    found = await db.exec(
        select(StatementRow)
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .where(
            PerDiemSheet.event_id == sheet.event_id,
            PerDiemSheet.currency == sheet.currency,
            col(PerDiemSheet.state).in_(GIVEN),
        )
        .order_by(col(StatementRow.id))
        .with_for_update(of=StatementRow)
        .execution_options(populate_existing=True)
    )
    by_person: dict[UUID, list[StatementRow]] = {}
    for row in found:
        by_person.setdefault(row.registration_id, []).append(row)
    touched: set[UUID] = set()
    for mine in by_person.values():
        touched |= _set_off_rows(mine)
    if not touched:
        return
    audit.record(
        db,
        "per-diem.set-off",
        sheet.event_id,
        at=at,
        project_id=sheet.project_id,
        by=by,
        sheet=sheet.id,
        currency=sheet.currency,
    )
    await settle(db, touched, at=at)


def _set_off_rows(mine: Sequence[StatementRow]) -> set[UUID]:
    """Take what is to be returned off what is still to be paid; returns the sheets on which something changed."""
    touched: set[UUID] = set()
    for owing in mine:
        for open_row in mine:
            left = -owing.balance_minor - owing.returned_minor
            unpaid = open_row.balance_minor - open_row.reserved_minor
            amount = min(left, unpaid)
            if amount > 0:
                owing.returned_minor += amount
                open_row.reserved_minor += amount
                touched |= {owing.sheet_id, open_row.sheet_id}
    return touched
