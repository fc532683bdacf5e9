"""Who gets the monthly report, gathering it, and writing its mails: each reader gets one for a month."""

from collections.abc import Sequence
from datetime import date, datetime
from hmac import compare_digest
from hmac import digest as hmac_digest
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import vault
from core.errors import NotFound
from core.i18n import words
from core.money import Money
from core.security import derived_key
from core.settings import Settings
from core.signed_addresses import base32, from_base32
from core.zones import day_in
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.projects.models import Project
from directory.projects.service import get_project, must_reach
from events.programme.events.mails import subject_of
from events.programme.events.models import Event
from finance.monthly_reports import rules
from finance.monthly_reports.documents import report_file
from finance.monthly_reports.mails import report_message
from finance.monthly_reports.models import ReportReader, ReportSent
from finance.monthly_reports.rules import MonthlyReport, ReportLine
from finance.monthly_reports.schemas import ReportReaderIn, SendReportIn
from finance.pay_rules.models import PayRules
from finance.payments.models import Payment
from finance.payments.rules import PaymentState
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import SheetState
from notifications.jobs.context import Attached
from notifications.outbox.service import enqueue

_SIGNATURE, _TOKEN = 12, 45


async def list_readers(db: AsyncSession, project_id: UUID, caller: Caller) -> list[ReportReader]:
    """Those whom it goes to, then those who were stopped. Raises NotFound."""
    await get_project(db, project_id, caller)
    return await _readers(db, project_id)


async def list_sent(db: AsyncSession, project_id: UUID) -> list[tuple[date, datetime, int]]:
    """What went: month, when it was written and to how many; the latest twenty-four."""
    wanted: Any = (
        sa.select(col(ReportSent.month), col(ReportSent.written_at), func.count())
        .where(col(ReportSent.project_id) == project_id)
        .group_by(col(ReportSent.month), col(ReportSent.written_at))
        .order_by(col(ReportSent.written_at).desc())
        .limit(24)
    )
    return [(month, at, count) for month, at, count in await db.exec(wanted)]


async def add_reader(
    db: AsyncSession, project_id: UUID, given: ReportReaderIn, caller: Caller, *, at: datetime
) -> ReportReader:
    """From the next month on. Raises NotFound, TooManyReaders, ReadsAlready."""
    project = await get_project(db, project_id, caller)
    await db.exec(select(Project.id).where(Project.id == project.id).with_for_update())
    going = [one for one in await _readers(db, project.id) if one.stopped_at is None]
    if len(going) >= rules.MOST_READERS:
        raise rules.TooManyReaders(count=rules.MOST_READERS)
    if set(vault.signatures(_about(given.address))) & {one.address_key for one in going}:
        raise rules.ReadsAlready()
    reader = ReportReader(
        project_id=project.id,
        address_key=vault.sign(_about(given.address)),
        added_at=at,
        added_by=caller.account_id,
        **given.model_dump(),
    )
    db.add(reader)
    _note(db, "monthly-report.reader-added", project.id, at=at, **caller.signature)
    await db.flush()
    return reader


async def stop_reader(db: AsyncSession, reader_id: UUID, caller: Caller, *, at: datetime) -> ReportReader:
    """None goes to them any more. Stopping twice changes nothing. Raises NotFound."""
    reader = await _lock(db, reader_id)
    must_reach(reader.project_id, "report_reader", reader.id, caller)
    if reader.stopped_at is None:
        _stop(reader, at=at)
        _note(db, "monthly-report.reader-stopped", reader.project_id, at=at, **caller.signature)
        await db.flush()
    return reader


async def reader_of(db: AsyncSession, token: str, settings: Settings) -> tuple[ReportReader, Project]:
    """Whose the link of a mail is. Raises NotFound."""
    reader = await db.get(ReportReader, _read(token, settings))
    if reader is None:
        raise NotFound()
    return reader, await db.get_one(Project, reader.project_id)


async def stop_own(db: AsyncSession, token: str, settings: Settings, *, at: datetime) -> None:
    """By the reader, whom the signed link names. Stopping twice changes nothing. Raises NotFound."""
    reader = await _lock(db, _read(token, settings))
    if reader.stopped_at is None:
        _stop(reader, at=at)
        reader.is_stopped_by_reader = True
        _note(db, "monthly-report.reader-stopped", reader.project_id, at=at, by=audit.PROGRAM)
        await db.flush()


def stop_link(reader_id: UUID, settings: Settings) -> str:
    """The address that stops it for one reader; signed, it works without signing in."""
    return f"{settings.base_url}/report-mails/stop/{base32(reader_id.bytes + _signature(reader_id, settings.key))}"


async def send_now(
    db: AsyncSession, project_id: UUID, given: SendReportIn, caller: Caller, settings: Settings, *, at: datetime
) -> int:
    """The report of a month to everybody on the list, beside the one that goes by itself. Returns to how many.

    Raises NotFound, NobodyReads.
    """
    project = await get_project(db, project_id, caller)
    readers = [one for one in await _readers(db, project.id) if one.stopped_at is None]
    if not readers:
        raise rules.NobodyReads()
    count = await _write(db, project, readers, given.first_day, settings, key=str(given.key), at=at)
    if count:
        _note(db, "monthly-report.sent", project.id, at=at, **caller.signature, readers=count)
    return len(readers)


async def count_readers(db: AsyncSession, project_id: UUID, caller: Caller) -> int:
    """To how many it would go. Raises NotFound."""
    return sum(one.stopped_at is None for one in await list_readers(db, project_id, caller))


async def find_due(db: AsyncSession, *, at: datetime) -> list[UUID]:
    """Projects with readers who have not got the report that is due: one query."""
    found: Any = (
        sa.select(ReportReader, col(Project.zone), col(PayRules.home_country))
        .join(Project, col(Project.id) == ReportReader.project_id)
        .join(PayRules, col(PayRules.project_id) == ReportReader.project_id, isouter=True)
        .where(col(ReportReader.stopped_at).is_(None))
    )
    rows = await db.exec(found)
    return list(dict.fromkeys(one.project_id for one, zone, country in rows if _due(one, zone, country, at=at)))


def _due(reader: ReportReader, zone: str, country: str | None, *, at: datetime) -> date | None:
    found = rules.due_month(day_in(zone, at=at), at, zone, country or "TR")
    if found is None or reader.added_at > found[1]:
        return None
    return found[0] if reader.last_for is None or reader.last_for < found[0] else None


async def write(db: AsyncSession, project_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Enqueue the report that is due. May run twice, and in several places: each reader gets one. Returns how many."""
    project = await db.get_one(Project, project_id)
    pay_rules = await db.get(PayRules, project_id)
    country = pay_rules.home_country if pay_rules else None
    readers = await _readers(db, project_id, lock=True)
    due = [(one, month) for one in readers if not one.stopped_at and (month := _due(one, project.zone, country, at=at))]
    if not due:
        return 0
    month = due[0][1]
    for reader, _ in due:
        reader.last_for = month
    count = await _write(db, project, [reader for reader, _ in due], month, settings, key="", at=at)
    if count:
        _note(db, "monthly-report.sent", project.id, at=at, by=audit.PROGRAM, readers=count)
    await db.flush()
    return count


async def _write(
    db: AsyncSession,
    project: Project,
    readers: Sequence[ReportReader],
    month: date,
    settings: Settings,
    *,
    key: str,
    at: datetime,
) -> int:
    had = await db.exec(
        select(ReportSent.reader_id).where(
            col(ReportSent.reader_id).in_([one.id for one in readers]), ReportSent.month == month, ReportSent.key == key
        )
    )
    before = set(had.all())
    reports: dict[str, MonthlyReport] = {}
    messages = []
    for reader in readers:
        if reader.id in before:
            continue
        report = reports.get(reader.language)
        if report is None:
            report = reports[reader.language] = await gather(db, project, month, reader.language)
        sent = ReportSent(project_id=project.id, reader_id=reader.id, month=month, key=key, written_at=at)
        db.add(sent)
        messages.append(report_message(reader, sent, report, project, stop_link(reader.id, settings), at=at))
    await db.flush()
    await enqueue(db, messages)
    return len(messages)


async def gather(db: AsyncSession, project: Project, month: date, language: str) -> MonthlyReport:
    """Sheets that were submitted, decided on or paid in the month, as they stand now: one query."""
    first, after = rules.span_of_month(month, project.zone)
    day_after = day_in(project.zone, at=after)
    of_sheet = (
        col(Payment.sheet_id) == PerDiemSheet.id,
        col(Payment.state) == PaymentState.paid,
        col(Payment.paid_on) >= month,
        col(Payment.paid_on) < day_after,
    )
    paid = sa.select(func.coalesce(func.sum(Payment.amount_minor), 0)).where(*of_sheet).correlate(PerDiemSheet)
    happened = [
        sa.and_(moment >= first, moment < after)
        for moment in (col(PerDiemSheet.submitted_at), col(PerDiemSheet.decided_at), col(PerDiemSheet.paid_at))
    ]
    found: Any = (
        sa.select(PerDiemSheet, Event, Component, paid.scalar_subquery())
        .join(Event, col(Event.id) == PerDiemSheet.event_id)
        .join(Component, col(Component.id) == Event.component_id, isouter=True)
        .where(
            col(PerDiemSheet.project_id) == project.id,
            sa.or_(*happened, sa.exists().where(*of_sheet).correlate(PerDiemSheet)),
        )
        .order_by(col(Event.first_day), col(Event.id), col(PerDiemSheet.currency), col(PerDiemSheet.id))
    )
    say = words(language)
    lines: dict[tuple[UUID, SheetState, str], ReportLine] = {}
    for sheet, event, component, paid_minor in await db.exec(found):
        key = event.id, sheet.state, sheet.currency
        zero = Money.zero(sheet.currency)
        name = f"{component.code} {component.title_in(language)}" if component else ""
        line = lines.get(key) or ReportLine(subject_of(event, project, say), name, sheet.state, 0, zero, zero)
        paid_now = Money.of_minor(int(paid_minor), sheet.currency)
        lines[key] = ReportLine(
            line.event, name, sheet.state, line.sheets + 1, line.total + sheet.total, line.paid + paid_now
        )
    return MonthlyReport(month, list(lines.values()))


async def attachment(db: AsyncSession, sent_id: UUID, settings: Settings, /, *, at: datetime) -> Attached | None:
    """The file of one mail, made when it leaves; None where its reader stopped it meanwhile."""
    sent = await db.get(ReportSent, sent_id)
    reader = await db.get(ReportReader, sent.reader_id) if sent else None
    if sent is None or reader is None or reader.stopped_at:
        return None
    project = await db.get_one(Project, sent.project_id)
    report = await gather(db, project, sent.month, reader.language)
    return report_file(report, project.acronym, reader.file_format, words(reader.language))


async def _readers(db: AsyncSession, project_id: UUID, *, lock: bool = False) -> list[ReportReader]:
    wanted = (
        select(ReportReader)
        .where(ReportReader.project_id == project_id)
        .order_by(col(ReportReader.stopped_at).is_not(None), col(ReportReader.id))
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return list(await db.exec(wanted))


async def _lock(db: AsyncSession, reader_id: UUID) -> ReportReader:
    found = await db.exec(select(ReportReader).where(ReportReader.id == reader_id).with_for_update())
    reader = found.first()
    if reader is None:
        raise NotFound()
    return reader


def _stop(reader: ReportReader, *, at: datetime) -> None:
    """Name and address go with it; the address may be added again."""
    reader.stopped_at = at
    reader.name = reader.address = ""
    reader.address_key = f"stopped {reader.id.hex}"


def _about(address: str) -> str:
    return f"reader of monthly reports {address.lower()}"


def _signature(reader_id: UUID, key: str) -> bytes:
    return hmac_digest(derived_key(key, "monthly report"), reader_id.bytes, "sha256")[:_SIGNATURE]


def _read(token: str, settings: Settings) -> UUID:
    """Raises NotFound where it is not signed by us."""
    try:
        data = from_base32(token) if len(token) == _TOKEN else b""
    except ValueError:
        data = b""
    if len(data) != 16 + _SIGNATURE:
        raise NotFound()
    reader_id = UUID(bytes=data[:16])
    if not any(compare_digest(data[16:], _signature(reader_id, key)) for key in settings.keys):
        raise NotFound()
    return reader_id


def _note(db: AsyncSession, act: str, project_id: UUID, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, project_id, at=at, project_id=project_id, **facts)
