"""Finding what approved sheets pay without its evidence: one question to the database for all kinds and projects."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from core.paging import Page, Paging, ordered, paged
from directory.accounts.access import Caller
from directory.projects.models import Project
from events.attendance.records.models import Attendance
from events.programme.events.models import Event, event_title
from finance.evidence_gaps.rules import EvidenceGap
from finance.evidence_gaps.schemas import FoundGap, GapFilter
from finance.overview.rules import month_span
from finance.payments.models import Payment
from finance.payments.rules import PaymentState
from finance.receipts.models import Receipt
from finance.receipts.rules import ReceiptKind, ReceiptState
from finance.sheets.models import PerDiemLine, PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN
from visits.booking_files.models import BookingFile
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import TRAVELLING
from visits.travel_details.rules import KEPT_AFTER

_PER_DIEMS = ("night", "day", "period")


async def find_gaps(
    db: AsyncSession, caller: Caller, wanted: GapFilter, paging: Paging, *, at: datetime
) -> Page[FoundGap]:
    """People on approved, paid or closed sheets of the caller's projects without evidence, newest events first.

    Tickets are asked for while Heyet keeps them: until sixty days after the event. Two queries.
    """
    gaps = _gaps(caller, wanted, at=at).subquery()
    rows = (
        sa.select(gaps.c.gap, StatementRow, PerDiemSheet, event_title(caller.language), col(Event.code))
        .join(StatementRow, col(StatementRow.id) == gaps.c.person_id)
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .order_by(
            *ordered(
                paging,
                {"missing": gaps.c.gap, "event": col(Event.search)},
                col(Event.last_day).desc(),
                col(PerDiemSheet.id),
                col(StatementRow.number),
                col(StatementRow.id),
                gaps.c.gap,
            )
        )
    )
    page = await paged(db, rows, paging)
    found = [FoundGap(EvidenceGap(gap), person, sheet, event, code) for gap, person, sheet, event, code in page.rows]
    return Page(found, page.total, page.page, page.limit)


async def count_gaps(db: AsyncSession, caller: Caller, wanted: GapFilter, *, at: datetime) -> dict[EvidenceGap, int]:
    """How many of each kind, whichever kind is looked at: one query."""
    every = GapFilter(None, wanted.project_id, wanted.event_id, wanted.month)
    gaps = _gaps(caller, every, at=at).subquery()
    counted: Any = sa.select(gaps.c.gap, func.count()).group_by(gaps.c.gap)
    return dict.fromkeys(EvidenceGap, 0) | {EvidenceGap(gap): count for gap, count in await db.exec(counted)}


def _gaps(caller: Caller, wanted: GapFilter, *, at: datetime) -> Any:
    kinds = [wanted.gap] if wanted.gap else list(EvidenceGap)
    return sa.union_all(*(_gap(kind, caller, wanted, at=at) for kind in kinds))


def _gap(kind: EvidenceGap, caller: Caller, wanted: GapFilter, *, at: datetime) -> Any:
    where = [
        col(PerDiemSheet.project_id).in_(caller.projects),
        col(PerDiemSheet.state).in_(GIVEN),
        *_missing(kind, at=at),
    ]
    if wanted.project_id:
        where.append(col(PerDiemSheet.project_id) == wanted.project_id)
    if wanted.event_id:
        where.append(col(PerDiemSheet.event_id) == wanted.event_id)
    if wanted.month:
        first, after = month_span(wanted.month)
        where += [col(PerDiemSheet.last_day) >= first, col(PerDiemSheet.last_day) < after]
    return (
        sa.select(sa.literal(kind.value).label("gap"), col(StatementRow.id).label("person_id"))
        .join(PerDiemSheet, col(PerDiemSheet.id) == StatementRow.sheet_id)
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .join(Project, col(Project.id) == PerDiemSheet.project_id)
        .where(*where)
    )


def _missing(kind: EvidenceGap, *, at: datetime) -> list[Any]:
    """What is so of a person on a sheet who lacks it."""
    if kind is EvidenceGap.attendance:
        signed = _exists(Attendance, col(Attendance.registration_id) == StatementRow.registration_id)
        return [col(Project.requires_attendance), _line(_PER_DIEMS), ~signed]
    if kind is EvidenceGap.ticket:
        travels = (
            sa.exists()
            .where(
                col(LegPassenger.registration_id) == StatementRow.registration_id,
                col(LegPassenger.state).in_(TRAVELLING),
                col(Leg.id) == LegPassenger.leg_id,
                col(Leg.cancelled_at).is_(None),
            )
            .correlate(StatementRow)
        )
        kept = _exists(
            BookingFile, col(BookingFile.registration_id) == StatementRow.registration_id, BookingFile.file_hash != ""
        )
        return [travels, ~kept, col(Event.last_day) >= (at - KEPT_AFTER).date()]
    if kind is EvidenceGap.hotel:
        return [_line(("bed",)), ~_receipt(col(Receipt.kind) == ReceiptKind.hotel, col(Receipt.file_hash) != "")]
    if kind is EvidenceGap.receipt:
        return [_line(("receipt",)), _receipt(col(Receipt.file_hash) == "")]
    paid = _exists(
        Payment,
        col(Payment.sheet_person_id) == StatementRow.id,
        col(Payment.state) == PaymentState.paid,
        col(Payment.has_reference).is_(sa.false()),
    )
    return [paid]


def _exists(model: Any, *where: Any) -> Any:
    return sa.exists(sa.select(sa.literal(1)).select_from(model).where(*where).correlate(StatementRow))


def _line(kinds: tuple[str, ...]) -> Any:
    """The sheet pays the person something of these kinds."""
    return _exists(
        PerDiemLine,
        col(PerDiemLine.sheet_id) == StatementRow.sheet_id,
        col(PerDiemLine.registration_id) == StatementRow.registration_id,
        col(PerDiemLine.kind).in_(kinds),
        col(PerDiemLine.amount_minor) > 0,
    )


def _receipt(*where: Any) -> Any:
    """The person has an accepted receipt of which that is so."""
    mine = col(Receipt.registration_id) == StatementRow.registration_id
    return _exists(Receipt, mine, col(Receipt.state) == ReceiptState.accepted, *where)
