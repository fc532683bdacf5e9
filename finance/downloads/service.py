"""What the files of a draft or a sheet show; fetching one is noted."""

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.pdf import PDF
from core.documents.sheets import CSV, XLSX
from core.errors import N_, NotFound
from core.i18n import words
from core.settings import Settings
from directory.accounts.access import Caller
from directory.projects.models import Project
from events.programme.events.models import Event
from events.programme.events.service import get_event
from finance.approvals.views import names_of
from finance.payments.views import who_gets_cash
from finance.receipts.rules import ReceiptState
from finance.receipts.service import receipts_of
from finance.rules.registry import RULE_SETS
from finance.sheet_files.cash_list import per_diem_pdf
from finance.sheet_files.line_table import per_diem_csv
from finance.sheet_files.receipts import cash_receipts_pdf
from finance.sheet_files.rules import EvidenceLink, SheetDocument, SheetSignature, SignatureRole
from finance.sheet_files.workbook import per_diem_xlsx
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import GIVEN, SHEET_STATES, sheet_number
from finance.sheets.service import earned_before, get_sheet, sheets_of, statements_on
from finance.statements.rules import PersonStatement
from visits.leg_files.service import list_leg_files


class SheetFile(StrEnum):
    """A file that is made of a sheet: the workbook, the list for cash, a receipt for each to sign, one row a line."""

    xlsx = "xlsx"
    pdf = "pdf"
    receipts = "receipts"
    csv = "csv"

    @property
    def ending(self) -> str:
        return "receipts.pdf" if self is SheetFile.receipts else self.value


def _workbook(document: SheetDocument) -> bytes:
    into = io.BytesIO()
    per_diem_xlsx(document, into)
    return into.getvalue()


_MADE_BY: dict[SheetFile, tuple[Callable[[SheetDocument], bytes], str]] = {
    SheetFile.xlsx: (_workbook, XLSX),
    SheetFile.pdf: (per_diem_pdf, PDF),
    SheetFile.receipts: (cash_receipts_pdf, PDF),
    SheetFile.csv: (per_diem_csv, CSV),
}


async def made(document: SheetDocument, file: SheetFile) -> tuple[bytes, str]:
    """The file and its media type, made off the loop."""
    draw, media_type = _MADE_BY[file]
    return await asyncio.to_thread(draw, document), media_type


async def draft_document(
    db: AsyncSession, event_id: UUID, currency: str, caller: Caller, language: str, *, at: datetime
) -> SheetDocument:
    """What would be submitted now in one currency. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    found = await sheets_of(db, event, at=at)
    if currency not in found.drafts:
        raise NotFound()
    _note(db, event.id, event.project_id, caller, at=at)
    return _document(
        event,
        found.project,
        currency,
        found.drafts[currency],
        language,
        rule_set=found.worked_out.basis.rule_set,
        state=words(language).translate(N_("Draft")),
        at=at,
    )


async def sheet_document(
    db: AsyncSession, sheet_id: UUID, caller: Caller, language: str, settings: Settings, *, at: datetime
) -> SheetDocument:
    """A sheet as it was submitted, with who answers for it and where its evidence lies; once it is approved cash is
    told of those who are really paid so. Raises NotFound."""
    sheet = await get_sheet(db, sheet_id, caller)
    event, project = (
        await db.exec(
            select(Event, Project).join(Project, col(Project.id) == Event.project_id).where(Event.id == sheet.event_id)
        )
    ).one()
    statements = await statements_on(db, sheet)
    if sheet.state in GIVEN:
        cash = await who_gets_cash(db, sheet.id)
        statements = [replace(one, is_cash=one.registration_id in cash) for one in statements]
    names = await names_of(db, [sheet])
    _note(db, event.id, event.project_id, caller, at=at)
    return _document(
        event,
        project,
        sheet.currency,
        statements,
        language,
        rule_set=sheet.rule_set,
        state=words(language).translate(SHEET_STATES[sheet.state]),
        version=sheet.version,
        number=sheet.number,
        signatures=_signatures(sheet, names),
        previous=await earned_before(db, sheet),
        evidence=await _evidence(db, event.id, settings, at=at),
        at=at,
    )


def own_document(
    event: Event, project: Project, sheet: PerDiemSheet, one: PersonStatement, language: str, *, at: datetime
) -> SheetDocument:
    """One person's part of a sheet, for a receipt of their own."""
    state = words(language).translate(SHEET_STATES[sheet.state])
    return _document(
        event,
        project,
        sheet.currency,
        [one],
        language,
        rule_set=sheet.rule_set,
        state=state,
        version=sheet.version,
        number=sheet.number,
        at=at,
    )


async def _evidence(
    db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime
) -> dict[UUID, list[EvidenceLink]]:
    """By person: receipts that were accepted, and tickets of journeys that are over, where they can be opened."""
    found: dict[UUID, list[EvidenceLink]] = {}
    for id, mine in (await receipts_of(db, event_id)).items():
        for one in mine:
            if one.file_hash and one.state is ReceiptState.accepted:
                address = f"{settings.base_url}/receipts/{one.id}/file"
                found.setdefault(id, []).append(EvidenceLink(one.file_name or one.kind.value, address))
    for ticket in await list_leg_files(db, event_id, at=at):
        if ticket.is_evidence and ticket.file.registration_id:
            address = f"{settings.base_url}/events/{event_id}/leg-files"
            link = EvidenceLink(f"{ticket.leg.label}: {ticket.file.file_name}", address)
            found.setdefault(ticket.file.registration_id, []).append(link)
    return found


def _signatures(sheet: PerDiemSheet, names: dict[UUID, str]) -> list[SheetSignature]:
    found = [SheetSignature(SignatureRole.prepared, names.get(sheet.submitted_by, ""), sheet.submitted_at)]
    if sheet.checked_by:
        found.append(SheetSignature(SignatureRole.checked, names.get(sheet.checked_by, ""), sheet.checked_at))
    if sheet.decided_by and sheet.state in GIVEN:
        found.append(SheetSignature(SignatureRole.approved, names.get(sheet.decided_by, ""), sheet.decided_at))
    return found


def _document(
    event: Event,
    project: Project,
    currency: str,
    statements: Sequence[PersonStatement],
    language: str,
    *,
    rule_set: str,
    state: str,
    at: datetime,
    version: int = 0,
    number: int = 0,
    **more: Any,
) -> SheetDocument:
    say = words(language)
    return SheetDocument(
        title=event.title_in(language),
        code=event.code,
        days=(event.first_day, event.last_day),
        place=", ".join(filter(None, [event.venue, say.country(event.country)])),
        project=f"{project.acronym} · {project.title_in(language)}",
        contract=project.contract_number,
        budget_line=event.budget_line,
        statement=project.funding_statement(language),
        rule_titles=[say.translate(RULE_SETS[rule_set].title)],
        state=state,
        version=version,
        number=sheet_number(event.code, currency, number),
        currency=currency,
        language=language,
        made_at=at,
        zone=project.zone,
        statements=statements,
        **more,
    )


def _note(db: AsyncSession, event_id: UUID, project_id: UUID, caller: Caller, *, at: datetime) -> None:
    audit.record(db, "per-diem.downloaded", event_id, at=at, project_id=project_id, **caller.signature)
