"""How a submitted sheet goes on: each step is one of a state, locked, noted, and taken by one officer only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import AuditEntry
from core.columns import vault
from core.errors import N_, Unacceptable
from core.ids import new_id
from core.rows import add_absent, batches
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.models import Account
from directory.accounts.rules import Right
from directory.people.models import Person
from directory.projects.models import Project
from directory.projects.service import must_hold_any
from events.attendance.check_in.models import DeskScan
from events.attendance.records.models import AttendanceRecord
from events.programme.events.models import Event
from finance.approvals.mails import returned_message
from finance.approvals.models import SheetComment
from finance.approvals.rules import ApprovalBar
from finance.approvals.schemas import CommentIn
from finance.sheets import rules
from finance.sheets.models import PaidNight, PerDiemSheet
from finance.sheets.rules import SheetState, must_step
from finance.sheets.service import get_sheet, lock_sheet, statements_on
from finance.statements.rules import PersonStatement
from notifications.outbox.service import enqueue

# Acts by which somebody said where people were, or what they get by hand: who did one of them approves no sheet of
# that event.
ENTERED = (
    "stays.booked",
    "stays.removed",
    "nights.entered",
    "nights.personal",
    "nights.cleared",
    "absence.entered",
    "absence.removed",
    "adjustment.entered",
    "adjustment.cancelled",
    "attendance.entered",
    "attendance.corrected",
    "scan.entered",
    # Where a hotel is, is where its guests are.
    "hotel.changed",
)
# Slices above say here what else follows when a sheet was approved, in the same unit of work (wiring).
AfterApproval = Callable[..., Awaitable[None]]
APPROVED: list[AfterApproval] = []


async def check(db: AsyncSession, sheet_id: UUID, caller: Caller, *, at: datetime) -> PerDiemSheet:
    """Finance has compared it with its evidence: it stands on the file, and in the list of those to approve.

    Raises WrongState, SamePerson.
    """
    sheet = await lock_sheet(db, sheet_id, caller)
    if sheet.state is not SheetState.submitted:
        raise rules.WrongState()
    rules.must_be_another(sheet.submitted_by, caller.account_id)
    if sheet.checked_at is None:
        sheet.checked_at, sheet.checked_by = at, caller.account_id
        _note(db, "per-diem.checked", sheet, caller, at=at)
    return sheet


async def approve(db: AsyncSession, sheet_id: UUID, caller: Caller, *, at: datetime) -> PerDiemSheet:
    """From now on nothing on it changes, and its nights are paid by no other event.

    Raises WrongState, SamePerson, EnteredIt, NightPaid. Of two officers at the same button one wins.
    """
    sheet = await lock_sheet(db, sheet_id, caller)
    must_step(sheet.state, SheetState.approved)
    rules.must_be_another(sheet.submitted_by, caller.account_id)
    if await _entered(db, sheet.event_id, caller.account_id):
        raise rules.EnteredIt()
    await _take_nights(db, sheet)
    sheet.state, sheet.decided_at, sheet.decided_by = SheetState.approved, at, caller.account_id
    if not sheet.total_minor and not sheet.return_minor:
        # Nothing is to be paid or returned: it can be closed.
        sheet.state, sheet.paid_at = SheetState.paid, at
    _note(db, "per-diem.approved", sheet, caller, at=at)
    await db.flush()
    for follow in APPROVED:
        await follow(db, sheet, caller.signature["by"], at=at)
    return sheet


async def send_back(
    db: AsyncSession, sheet_id: UUID, reason: str, caller: Caller, settings: Settings, *, at: datetime
) -> PerDiemSheet:
    """Return it with a reason, which whoever submitted it reads on the sheet and by mail. Raises WrongState."""
    sheet = await lock_sheet(db, sheet_id, caller)
    must_step(sheet.state, SheetState.returned)
    sheet.state, sheet.decided_at, sheet.decided_by = SheetState.returned, at, caller.account_id
    sheet.reason = reason
    _note(db, "per-diem.returned", sheet, caller, reason=reason, at=at)
    account = await db.get(Account, sheet.submitted_by)
    if account is not None and account.id != caller.account_id:
        event = await db.get_one(Event, sheet.event_id)
        project = await db.get_one(Project, sheet.project_id)
        await enqueue(db, [returned_message(sheet, event, account, project, settings, at=at)])
    await db.flush()
    return sheet


async def recall(db: AsyncSession, sheet_id: UUID, caller: Caller, *, at: datetime) -> PerDiemSheet:
    """Take it back before it is approved: the draft can be changed and submitted anew. Raises WrongState."""
    sheet = await lock_sheet(db, sheet_id, caller)
    must_step(sheet.state, SheetState.recalled)
    sheet.state, sheet.decided_at, sheet.decided_by = SheetState.recalled, at, caller.account_id
    _note(db, "per-diem.recalled", sheet, caller, at=at)
    await db.flush()
    return sheet


async def close(db: AsyncSession, sheet_id: UUID, caller: Caller, *, at: datetime) -> PerDiemSheet:
    """All is paid, returned and filed: no payment of it changes any more. Raises WrongState."""
    sheet = await lock_sheet(db, sheet_id, caller)
    must_step(sheet.state, SheetState.closed)
    sheet.state, sheet.closed_at, sheet.closed_by = SheetState.closed, at, caller.account_id
    _note(db, "per-diem.closed", sheet, caller, at=at)
    await db.flush()
    return sheet


async def comment(db: AsyncSession, sheet_id: UUID, given: CommentIn, caller: Caller, *, at: datetime) -> SheetComment:
    """Say something of a sheet, or of one person on it. Stays with it in whatever state.

    Raises NotFound, Unacceptable for somebody who is not on it, and NotAllowed for an auditor, who changes nothing.
    """
    sheet = await get_sheet(db, sheet_id, caller)
    must_hold_any(sheet.project_id, caller, Right.plan, Right.finance, Right.approve)
    if given.registration_id is not None and not await statements_on(db, sheet, only=[given.registration_id]):
        raise Unacceptable("registration_id", N_("This person is not on the sheet."))
    said = SheetComment(
        event_id=sheet.event_id,
        sheet_id=sheet.id,
        account_id=caller.account_id,
        written_at=at,
        **given.model_dump(),
    )
    db.add(said)
    await db.flush()
    return said


async def comments_on(db: AsyncSession, sheet_id: UUID) -> list[tuple[SheetComment, str]]:
    """All of a sheet, the oldest first, each with the name of who said it."""
    found = await db.exec(
        select(SheetComment, Account.name)
        .join(Account, col(Account.id) == SheetComment.account_id, isouter=True)
        .where(SheetComment.sheet_id == sheet_id)
        .order_by(col(SheetComment.id))
    )
    return [(said, name or "") for said, name in found]


async def _entered(db: AsyncSession, event_id: UUID, account_id: UUID) -> bool:
    found = await db.exec(select(Event.id).where(Event.id == event_id, has_entered(event_id, account_id)))
    return found.first() is not None


def approval_bar(sheet: PerDiemSheet, caller: Caller, has_entered: bool) -> ApprovalBar | None:
    """Why the caller may not approve it; None where they may."""
    if not caller.may(Right.approve, sheet.project_id):
        return ApprovalBar.no_right
    if sheet.submitted_by == caller.account_id:
        return ApprovalBar.submitted_it
    return ApprovalBar.entered_it if has_entered else None


async def bar_of(db: AsyncSession, sheet: PerDiemSheet, caller: Caller) -> ApprovalBar | None:
    """The same, read for one sheet."""
    return approval_bar(sheet, caller, await _entered(db, sheet.event_id, caller.account_id))


def has_entered(event_id: Any, account_id: UUID) -> Any:
    """As a condition: the account said where people of the event were, by hand, from a list or at the desk. `event_id`
    may be a column."""
    acted = sa.exists().where(
        col(AuditEntry.object_id) == event_id,
        col(AuditEntry.actor_id) == account_id,
        col(AuditEntry.act).in_(ENTERED),
    )
    recorded = sa.exists().where(
        col(AttendanceRecord.event_id) == event_id, col(AttendanceRecord.account_id) == account_id
    )
    scanned = sa.exists().where(col(DeskScan.event_id) == event_id, col(DeskScan.account_id) == account_id)
    return sa.or_(acted, recorded, scanned)


async def _take_nights(db: AsyncSession, sheet: PerDiemSheet) -> None:
    """Each night that pays becomes this event's; of whoever is on a correction, those of before go first.

    The unique index decides between two events that are approved at the same moment. Raises NightPaid.
    """
    statements = await statements_on(db, sheet)
    keys = await _keys(db, [one.person_id for one in statements])
    people = [one.registration_id for one in statements]
    for some in batches(people):
        mine = col(PaidNight.registration_id).in_(some)
        await db.exec(delete(PaidNight).where(col(PaidNight.event_id) == sheet.event_id, mine))
    rows = [row for one in statements for row in _nights(sheet, one, keys[one.person_id][0])]
    # By key and night: two approvals that want the same ones wait for each other in one order.
    rows.sort(key=lambda row: (row["person_key"], row["night"]))
    for taken in batches(rows):
        await add_absent(db, PaidNight, taken)
    await _must_be_free(db, sheet, statements, keys)


async def _must_be_free(
    db: AsyncSession, sheet: PerDiemSheet, statements: Sequence[PersonStatement], keys: Mapping[UUID, Sequence[str]]
) -> None:
    """Raises NightPaid where another event has one of these nights."""
    wanted = {(key, night) for one in statements for key in keys[one.person_id] for night in paid_nights(one)}
    names = sorted({key for key, _ in wanted})
    taken: set[tuple[date, str]] = set()
    for some in batches(names):
        found = await db.exec(
            select(PaidNight).where(
                col(PaidNight.person_key).in_(some),
                col(PaidNight.event_id) != sheet.event_id,
            )
        )
        taken |= {(one.night, one.person_key) for one in found if (one.person_key, one.night) in wanted}
    if taken:
        raise rules.NightPaid(people=len({key for _, key in taken}), night=min(taken)[0])


def _nights(sheet: PerDiemSheet, one: PersonStatement, key: str) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "person_key": key,
            "night": night,
            "event_id": sheet.event_id,
            "registration_id": one.registration_id,
        }
        for night in sorted(paid_nights(one))
    ]


def paid_nights(one: PersonStatement) -> set[date]:
    """Dates whose night pays: of lines for nights and beds with an amount or something provided."""
    return {line.day for line in one.lines if line.kind in ("night", "bed") and (line.amount > 0 or line.deductions)}


async def _keys(db: AsyncSession, people: Sequence[UUID]) -> dict[UUID, list[str]]:
    """By person: keyed digests of the mailbox, by the present key first and by former ones. They are the same in every
    project; where there is no mailbox, of the id."""
    keys: dict[UUID, list[str]] = {}
    for some in batches(people):
        found = await db.exec(select(Person).where(col(Person.id).in_(some)))
        keys |= {one.id: vault.signatures(f"paid night of {one.address_key or one.id}") for one in found}
    return keys


def _note(db: AsyncSession, act: str, sheet: PerDiemSheet, caller: Caller, *, at: datetime, reason: str = "") -> None:
    audit.record(
        db,
        act,
        sheet.event_id,
        at=at,
        project_id=sheet.project_id,
        **caller.signature,
        reason=reason,
        sheet=sheet.id,
        currency=sheet.currency,
        version=sheet.version,
    )
