"""What the pages and endpoints of per diems show, read for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.collation import sort_key
from core.paging import Page, Paging, ordered, page_of
from directory.accounts.access import Caller
from directory.accounts.models import Account
from directory.projects.models import Project
from events.programme.events.models import Event
from finance.payees.service import without_account
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import DEAD, SheetState
from finance.sheets.schemas import SheetOut
from finance.sheets.service import event_sheets, get_sheet, statements_on
from finance.statements.rules import PersonStatement


@dataclass(frozen=True)
class SheetView:
    """A sheet with a page of its people, who did what, and the version before by person."""

    sheet: PerDiemSheet
    event: Event
    project: Project
    people: Page[PersonStatement]
    names: Mapping[UUID, str]


STATEMENT_SORTS: Mapping[str, Callable[[PersonStatement], Any]] = {
    "name": lambda one: sort_key(one.name),
    "institution": lambda one: sort_key(one.institution),
    "amount": lambda one: one.balance,
}


async def per_diems_of(
    db: AsyncSession, event_id: UUID, caller: Caller, paging: Paging, *, at: datetime
) -> list[SheetOut]:
    """Drafts, and sheets that count or wait, each with one page of its people."""
    found = await event_sheets(db, event_id, caller, at=at)
    shown = [
        SheetOut.draft(event_id, currency, mine, page_of(mine, paging, STATEMENT_SORTS).rows, caller.language)
        for currency, mine in found.drafts.items()
    ]
    for sheet in found.sheets:
        if sheet.state not in DEAD:
            page = await people_on(db, sheet, paging)
            shown.append(SheetOut.whole(sheet, page.rows, found.changed.get(sheet.id, ()), caller.language))
    return shown


async def people_on(db: AsyncSession, sheet: PerDiemSheet, paging: Paging) -> Page[PersonStatement]:
    """One page of those on a sheet."""
    columns = {
        "name": col(StatementRow.number),
        "institution": col(StatementRow.institution),
        "amount": col(StatementRow.balance_minor),
    }
    shown = await db.exec(
        select(StatementRow.registration_id)
        .where(StatementRow.sheet_id == sheet.id)
        .order_by(*ordered(paging, columns, col(StatementRow.number)))
        .offset((paging.page - 1) * paging.limit)
        .limit(paging.limit)
    )
    ids = list(shown.all())
    found = {one.registration_id: one for one in await statements_on(db, sheet, only=ids)}
    rows = [found[id] for id in ids]
    return Page(rows, sheet.people, paging.page, paging.limit)


async def sheet_view(db: AsyncSession, sheet_id: UUID, caller: Caller, paging: Paging) -> SheetView:
    """One sheet of a project that the caller may reach. Raises NotFound."""
    sheet = await get_sheet(db, sheet_id, caller)
    event, project = (
        await db.exec(
            select(Event, Project).join(Project, col(Project.id) == Event.project_id).where(Event.id == sheet.event_id)
        )
    ).one()
    return SheetView(sheet, event, project, await people_on(db, sheet, paging), await names_of(db, [sheet]))


async def without_account_on(db: AsyncSession, sheet: PerDiemSheet) -> int:
    """How many on a sheet that still goes on are to be paid and cannot be, as things are."""
    if sheet.state not in (SheetState.submitted, SheetState.approved):
        return 0
    waiting = select(StatementRow.registration_id).where(
        StatementRow.sheet_id == sheet.id, StatementRow.balance_minor > StatementRow.reserved_minor
    )
    return await without_account(db, sheet.event_id, (await db.exec(waiting)).all())


async def names_of(db: AsyncSession, sheets: Sequence[PerDiemSheet]) -> dict[UUID, str]:
    """Names of the accounts that brought sheets to where they are."""
    ids = {id for one in sheets for id in (one.submitted_by, one.checked_by, one.decided_by, one.closed_by) if id}
    if not ids:
        return {}
    return {id: name for id, name in await db.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids)))}


def steps_of(sheet: PerDiemSheet, names: Mapping[UUID, str]) -> list[tuple[str, str, datetime | None]]:
    """Who submitted, checked, decided and closed, and when: for pages and files alike."""
    steps: list[tuple[str, UUID, datetime | None]] = [("submitted", sheet.submitted_by, sheet.submitted_at)]
    if sheet.checked_by:
        steps.append(("checked", sheet.checked_by, sheet.checked_at))
    if sheet.decided_by:
        steps.append((sheet.state.value if sheet.state in DEAD else "approved", sheet.decided_by, sheet.decided_at))
    if sheet.closed_by:
        steps.append(("closed", sheet.closed_by, sheet.closed_at))
    return [(step, names.get(id, ""), moment) for step, id, moment in steps]
