"""Putting the evidence of a sheet together by a job, handing it out, and deleting it after some days."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import AuditEntry, AuditNote
from core.documents.bundles import zip_of
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.models import Account
from directory.projects.models import Project
from events.attendance.records.service import signatures
from events.attendance.scans import service as scans
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.service import programme_for
from events.programme.events.models import Event
from finance.approvals.service import comments_on
from finance.approvals.views import names_of, steps_of
from finance.downloads import service as downloads
from finance.downloads.service import SheetFile
from finance.evidence_bundles import rules
from finance.evidence_bundles.documents import readme, table
from finance.evidence_bundles.models import EvidenceBundle
from finance.evidence_bundles.rules import BundleFile, path_for
from finance.payees.rules import masked_account
from finance.payments.models import Payment, PaymentBatch
from finance.receipts.rules import ReceiptState
from finance.receipts.service import receipt_file, receipts_of
from finance.returns.service import returns_on
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import sheet_number
from finance.sheets.service import get_sheet, statements_on
from finance.statements.rules import PersonStatement
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from visits.booking_files import service as booking_files
from visits.leg_files.service import list_leg_files

MAKE = "finance.make_evidence"


async def order(db: AsyncSession, sheet_id: UUID, caller: Caller, *, at: datetime) -> Job:
    """Enqueue putting it together; the job tells when it is there. Raises NotFound."""
    sheet = await get_sheet(db, sheet_id, caller)
    _note(db, "evidence.ordered", sheet, caller.signature["by"], at=at)
    return await enqueue_job(
        db,
        MAKE,
        project_id=sheet.project_id,
        about_id=sheet.id,
        at=at,
        ids=[str(sheet.id)],
        language=caller.language,
        actor_id=str(caller.account_id),
    )


async def make(db: AsyncSession, job: Job, settings: Settings, *, at: datetime) -> None:
    """All documents of a sheet as one sealed file, in place of the one before; may be called twice."""
    caller = Caller(
        UUID(job.payload["actor_id"]), "", job.payload["language"], {}, projects=frozenset({job.project_id})
    )
    sheet = await get_sheet(db, job.about_id, caller)
    event = await db.get_one(Event, sheet.event_id)
    files = await _files(db, sheet, event, caller, settings, at=at)
    taken, left_out = rules.fitting(files)
    facts = _facts(sheet, event, at=at)
    # By the clock by which the sheet itself says its moments.
    zone = (await db.get_one(Project, sheet.project_id)).zone
    text = readme(event.title_in(caller.language), str(facts["number"]), at, zone, len(left_out))
    content = await asyncio.to_thread(lambda: zip_of(rules.sealed_with(facts, taken, left_out, text)))
    found = await db.exec(select(EvidenceBundle).where(EvidenceBundle.sheet_id == sheet.id))
    bundle = found.first() or EvidenceBundle(event_id=event.id, sheet_id=sheet.id, made_at=at)
    bundle.file_hash = await keep_sealed(settings, content)
    bundle.digest, bundle.size = hashlib.sha256(content).hexdigest(), len(content)
    bundle.files, bundle.left_out, bundle.made_at = len(taken), len(left_out), at
    db.add(bundle)
    await db.flush()


def _facts(sheet: PerDiemSheet, event: Event, *, at: datetime) -> dict[str, Any]:
    return {
        "number": sheet_number(event.code, sheet.currency, sheet.number),
        "event": event.code,
        "first_day": event.first_day.isoformat(),
        "last_day": event.last_day.isoformat(),
        "currency": sheet.currency,
        "version": sheet.version,
        "state": sheet.state.value,
        "people": sheet.people,
        "to_pay": str(sheet.total.amount),
        "to_return": str(sheet.to_return.amount),
        "rule_set": sheet.rule_set,
        "basis": sheet.basis,
        "made_at": at.isoformat(),
    }


async def _files(
    db: AsyncSession, sheet: PerDiemSheet, event: Event, caller: Caller, settings: Settings, *, at: datetime
) -> list[BundleFile]:
    """The sheet first, then what proves it: should not all fit, the largest documents are the last."""
    statements = await statements_on(db, sheet)
    numbers = {one.registration_id: number for number, one in enumerate(statements, 1)}
    document = await downloads.sheet_document(db, sheet.id, caller, caller.language, settings, at=at)
    files = []
    for kind in (SheetFile.xlsx, SheetFile.pdf, SheetFile.csv):
        content, _ = await downloads.made(document, kind)
        files.append(BundleFile(f"sheet/{document.number}.{kind.ending}", content, "the sheet"))
    programme = await programme_for(db, event, caller.language, at=at, files=settings.files)
    printed = await asyncio.to_thread(programme_pdf, programme)
    files.append(BundleFile("agenda/programme.pdf", printed, "the programme"))
    files.append(BundleFile("rates/rates.csv", _rates(statements), "rates that lines were worked out with"))
    files += await _records(db, sheet, event, numbers)
    files += await _attendance_scans(db, event, settings)
    files += await _receipts(db, event, numbers, settings)
    files += await _tickets(db, event, numbers, settings, at=at)
    return files


def _rates(statements: Sequence[PersonStatement]) -> bytes:
    rows = {
        (
            line.found.row.country,
            line.found.row.city,
            line.found.row.grade,
            line.found.row.currency,
            line.found.row.valid_from,
            line.found.row.valid_to,
            line.found.row.source,
            " ".join(f"{name}={amount}" for name, amount in sorted(line.found.row.amounts.items())),
        )
        for one in statements
        for line in one.lines
        if line.found
    }
    head = ("country", "city", "grade", "currency", "valid_from", "valid_to", "source", "amounts")
    return table(head, sorted([["" if cell is None else cell for cell in row] for row in rows], key=str))


async def _records(db: AsyncSession, sheet: PerDiemSheet, event: Event, numbers: dict[UUID, int]) -> list[BundleFile]:
    """Attendance, approvals, payments and history as tables; people by their number on the sheet."""
    signed = await signatures(db, event.id)
    present = sorted(
        (numbers[id], day.isoformat(), half.value)
        for id, half_days in signed.items()
        if id in numbers
        for day, half in half_days
    )
    names = await names_of(db, [sheet])
    steps = [(step, name, moment.isoformat() if moment else "") for step, name, moment in steps_of(sheet, names)]
    comments = await comments_on(db, sheet.id)
    steps += [(f"remark: {said.text}", name, said.written_at.isoformat()) for said, name in comments]
    files: list[tuple[str, Sequence[str], Sequence[Sequence[object]], str]] = [
        ("attendance/attendance.csv", ("number", "day", "half"), present, "half-days that count as attended"),
        ("approvals/approvals.csv", ("step", "name", "at"), steps, "who submitted, checked and approved"),
        (
            "payments/payments.csv",
            ("batch", "number", "person", "amount", "currency", "account", "state", "paid_on", "reference", "reason"),
            await _payments(db, sheet, numbers),
            "what was paid, with masked accounts",
        ),
        (
            "payments/returns.csv",
            ("person", "amount", "currency", "returned_on", "reference"),
            [
                (numbers.get(one.registration_id, ""), one.amount.amount, one.currency, one.returned_on, one.reference)
                for one in await returns_on(db, sheet.id)
            ],
            "what people gave back",
        ),
        (
            "history/history.csv",
            ("at", "act", "by", "reason", "facts", "signature"),
            await _history(db, event),
            "the history of the event as it is kept",
        ),
    ]
    return [BundleFile(path, table(head, rows), about) for path, head, rows, about in files]


async def _payments(db: AsyncSession, sheet: PerDiemSheet, numbers: dict[UUID, int]) -> list[Sequence[object]]:
    found = await db.exec(
        select(Payment, PaymentBatch.number)
        .join(PaymentBatch, col(PaymentBatch.id) == Payment.batch_id)
        .where(Payment.sheet_id == sheet.id)
        .order_by(col(PaymentBatch.number), col(Payment.number))
    )
    return [
        (
            batch,
            one.number,
            numbers.get(one.registration_id, ""),
            one.amount.amount,
            one.currency,
            masked_account(one.iban or one.account),
            one.state.value,
            one.paid_on or "",
            one.reference,
            one.reason,
        )
        for one, batch in found
    ]


async def _history(db: AsyncSession, event: Event) -> list[Sequence[object]]:
    found = await db.exec(
        select(AuditEntry, AuditNote.text, Account.name)
        .join(AuditNote, col(AuditNote.entry_id) == AuditEntry.id, isouter=True)
        .join(Account, col(Account.id) == AuditEntry.actor_id, isouter=True)
        .where(AuditEntry.object_id == event.id)
        .order_by(col(AuditEntry.at), col(AuditEntry.id))
    )
    return [
        (
            entry.at.isoformat(),
            entry.act,
            name or entry.actor.value,
            note or "",
            json.dumps(entry.facts, ensure_ascii=False),
            entry.signature,
        )
        for entry, note, name in found
    ]


async def _attendance_scans(db: AsyncSession, event: Event, settings: Settings) -> list[BundleFile]:
    files = []
    for number, scan in enumerate(reversed(await scans.list_scans(db, event.id)), 1):
        if scan.file_hash:
            content = await scans.content_of(scan, settings)
            files.append(BundleFile(path_for("attendance", number, scan.file_name), content, "a signed list"))
    return files


async def _receipts(db: AsyncSession, event: Event, numbers: dict[UUID, int], settings: Settings) -> list[BundleFile]:
    files: list[BundleFile] = []
    for id, mine in (await receipts_of(db, event.id)).items():
        for one in mine:
            if id in numbers and one.file_hash and one.state is ReceiptState.accepted:
                name, content = await receipt_file(db, one.id, settings)
                path = path_for(f"receipts/{numbers[id]:03}", len(files) + 1, name)
                files.append(BundleFile(path, content, f"receipt: {one.kind.value}"))
    return files


async def _tickets(
    db: AsyncSession, event: Event, numbers: dict[UUID, int], settings: Settings, *, at: datetime
) -> list[BundleFile]:
    """Tickets and boarding passes of those on the sheet whose journey is over."""
    files: list[BundleFile] = []
    for one in await list_leg_files(db, event.id, at=at):
        id = one.file.registration_id
        if id in numbers and one.is_evidence:
            content = await booking_files.content_of(one.file, settings)
            path = path_for(f"travel/{numbers[id]:03}", len(files) + 1, one.file.file_name)
            files.append(BundleFile(path, content, f"travel: {one.leg.label}"))
    return files


async def bundle_of(db: AsyncSession, sheet_id: UUID, caller: Caller) -> EvidenceBundle | None:
    """The latest of a sheet, if there is one. Raises NotFound."""
    sheet = await get_sheet(db, sheet_id, caller)
    found = (await db.exec(select(EvidenceBundle).where(EvidenceBundle.sheet_id == sheet.id))).first()
    return found if found and found.file_hash else None


async def take(
    db: AsyncSession, sheet_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[str, bytes]:
    """Its name and content; the history keeps who took it. Raises NotFound, NoBundleYet."""
    sheet = await get_sheet(db, sheet_id, caller)
    bundle = await bundle_of(db, sheet_id, caller)
    if bundle is None:
        raise rules.NoBundleYet()
    event = await db.get_one(Event, sheet.event_id)
    _note(db, "evidence.taken", sheet, caller.signature["by"], at=at)
    name = sheet_number(event.code, sheet.currency, sheet.number)
    return f"evidence-{name}.zip", await read_sealed(settings, bundle.file_hash)


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Bundles that nobody needs to have lie about any more; they can be made again."""
    for bundle in await db.exec(select(EvidenceBundle).where(col(EvidenceBundle.made_at) < at - rules.KEPT)):
        await db.delete(bundle)
    await db.flush()


def _note(db: AsyncSession, act: str, sheet: PerDiemSheet, by: audit.Actor, *, at: datetime) -> None:
    audit.record(db, act, sheet.event_id, at=at, project_id=sheet.project_id, by=by, sheet=sheet.id)
