"""Entering attendance from scans: what their pages say of people and half-days, once a person has looked at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.errors import N_, NotFound, Unacceptable
from core.zones import day_in
from directory.accounts.access import Caller
from directory.people.models import Person
from events.attendance.records.rules import AttendanceSource, HalfDay
from events.attendance.records.service import NewRecord, record, who_may_attend
from events.attendance.scan_entries.schemas import EntryIn, EntryOut, WalkInTyped
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.scans.rules import KeptCell, PageNotWaiting, ScanState, half_day_of, is_half_day
from events.attendance.scans.service import pages_of, sheets_of
from events.attendance.sign_in_sheets.layout import CellKind
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.service import hours_of
from events.attendance.walk_ins.schemas import WalkInData
from events.attendance.walk_ins.service import add_walk_in
from events.invitations.registrations.service import find_active
from events.programme.events.models import Event
from events.programme.events.service import lock_event_for


@dataclass(frozen=True)
class Proposal:
    """What the cells of some pages say of one person and half-day, and the scan that shows it."""

    registration_id: UUID
    half_day: HalfDay
    is_present: bool
    scan_id: UUID


def proposals(
    pages: Sequence[ScanPage], sheets: Mapping[UUID, SheetVersion], walk_ins: Mapping[tuple[UUID, str], UUID] = {}
) -> list[Proposal]:
    """What pages say as they are read and decided so far. A person signed for a half-day who signed for any part of it;
    an empty cell of one session says nothing about the half-day."""
    found: dict[tuple[UUID, HalfDay], Proposal] = {}
    for page in pages:
        sheet = sheets.get(page.sheet_version_id) if page.sheet_version_id else None
        hours = hours_of(sheet) if sheet else {}
        for cell in map(KeptCell.from_list, page.cells):
            registration_id = walk_ins.get((page.id, cell.row)) or cell.registration_id
            half_day = half_day_of(cell.column, hours) if cell.kind is CellKind.signature else None
            if registration_id is None or half_day is None or cell.is_signed is None:
                continue
            if not cell.is_signed and (cell.is_walk_in or not is_half_day(cell.column)):
                continue
            key = registration_id, half_day
            if key not in found or (cell.is_signed and not found[key].is_present):
                found[key] = Proposal(registration_id, half_day, cell.is_signed, page.scan_id)
    return list(found.values())


def twice_among(pages: Sequence[ScanPage]) -> set[UUID]:
    """Pages that show a sheet's page which another one of them shows better: with fewer unsure cells, or earlier."""
    best: dict[tuple[UUID | None, int], ScanPage] = {}
    readable = [page for page in pages if page.problem is None]
    for page in sorted(readable, key=lambda one: (_unsure_in(one), one.id)):
        best.setdefault((page.sheet_version_id, page.page), page)
    return {page.id for page in readable} - {page.id for page in best.values()}


def _unsure_in(page: ScanPage) -> int:
    return sum(KeptCell.from_list(cell).is_signed is None for cell in page.cells)


def used_walk_ins(page: ScanPage) -> list[str]:
    """Rows for people who are not in the list in which something stands, or may stand."""
    rows = {cell.row for cell in map(KeptCell.from_list, page.cells) if cell.is_walk_in and cell.is_signed is not False}
    return sorted(rows, key=lambda row: int(row[1:]))


async def enter(db: AsyncSession, event_id: UUID, given: EntryIn, caller: Caller, *, at: datetime) -> EntryOut:
    """Record the attendance that pages show, all at once, with the scan as evidence. Entering twice is entering once.

    Raises Unacceptable where a cell is undecided or a row of somebody who is not in the list is neither typed nor left
    out, PageNotWaiting, NotFound.
    """
    event = await lock_event_for(db, event_id, caller)
    everything = await pages_of(db, event.id)
    wanted = set(given.pages)
    pages = [page for page in everything if page.id in wanted]
    rivals = [page for page in everything if page.id in wanted or not page.entered_at]
    if {page.id for page in pages} != wanted:
        raise NotFound()
    if any(page.problem for page in pages) or wanted & twice_among(rivals):
        raise PageNotWaiting()
    _decide(pages, given)
    added = await _take_walk_ins(db, event, pages, given, caller, at=at)
    said = proposals(pages, await sheets_of(db, pages), added)
    # Of a day that has not come an empty page, scanned with the others, says nothing.
    today = day_in(event.zone, at=at)
    said = [one for one in said if one.is_present or one.half_day[0] <= today]
    may = await who_may_attend(db, event.id, {one.registration_id for one in said})
    records = [
        NewRecord(
            one.registration_id,
            *one.half_day,
            one.is_present,
            AttendanceSource.scan,
            evidence_id=one.scan_id,
        )
        for one in said
        if one.registration_id in may
    ]
    changed = await record(db, event, records, at=at, caller=caller)
    await _close(db, pages, given.kept_at, at=at)
    audit.record(
        db,
        "scan.entered",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        pages=len(pages),
        changed=changed,
    )
    await db.flush()
    without = {one.registration_id for one in said if one.is_present} - may
    return EntryOut(recorded=len(records), changed=changed, added=len(added), without_place=sorted(without))


def _decide(pages: Sequence[ScanPage], given: EntryIn) -> None:
    """Write what people said into the cells. Raises Unacceptable where one that counts is undecided still."""
    by_page: dict[UUID, dict[int, bool]] = {}
    for one in given.cells:
        by_page.setdefault(one.page_id, {})[one.number] = one.is_signed
    left = {(one.page_id, one.row) for one in given.left_out}
    undecided = 0
    for page in pages:
        decided = by_page.get(page.id, {})
        kept = []
        for number, cell in enumerate(map(KeptCell.from_list, page.cells)):
            cell = replace(cell, decided=decided[number]) if number in decided else cell
            counts = cell.kind is CellKind.signature and (page.id, cell.row) not in left
            undecided += counts and cell.is_signed is None
            kept.append(cell.to_list())
        page.cells = kept
    if undecided:
        raise Unacceptable(
            "cells", N_("%(count)s cells are undecided. Say of each whether it is signed."), count=undecided
        )


async def _take_walk_ins(
    db: AsyncSession, event: Event, pages: Sequence[ScanPage], given: EntryIn, caller: Caller, *, at: datetime
) -> dict[tuple[UUID, str], UUID]:
    """The registrations of people who are not in the list, by page and row; each is added once."""
    typed = {(one.page_id, one.row): one for one in given.walk_ins}
    left = {(one.page_id, one.row) for one in given.left_out}
    found: dict[tuple[UUID, str], UUID] = {}
    for page in pages:
        kept = dict(page.walk_ins)
        for row in used_walk_ins(page):
            key = page.id, row
            if row in kept:
                found[key] = UUID(kept[row]["registration_id"])
            elif key in typed:
                registration_id = await _add_walk_in(db, event, typed[key], caller, at=at)
                kept[row] = {**typed[key].model_dump(mode="json", exclude={"page_id", "row"})}
                kept[row]["registration_id"] = str(registration_id)
                found[key] = registration_id
            elif key not in left:
                raise Unacceptable(f"name:{page.id}:{row}", N_("Type who this is, or tick that the row is left out."))
        page.walk_ins = kept
    return found


async def _add_walk_in(db: AsyncSession, event: Event, one: WalkInTyped, caller: Caller, *, at: datetime) -> UUID:
    """A place for who wrote their name on the sheet, as at the desk; a telephone number is kept with the person."""
    address = one.contact if "@" in one.contact else None
    given = WalkInData(name=one.name, institution=one.institution, address=address)
    invitation = await add_walk_in(db, event, given, Actor.account(caller.account_id), at=at)
    if one.contact and not address:
        person = await db.get_one(Person, invitation.person_id)
        person.phones = person.phones or one.contact
    registration = await find_active(db, invitation)
    if registration is None:
        raise NotFound()
    return registration.id


async def _close(db: AsyncSession, pages: Sequence[ScanPage], kept_at: str, *, at: datetime) -> None:
    """Pages are entered, and so are their scans."""
    for page in pages:
        page.entered_at = page.entered_at or at
        db.add(page)
    scans = {page.scan_id for page in pages}
    for scan in await db.exec(select(Scan).where(col(Scan.id).in_(scans))):
        scan.kept_at = kept_at or scan.kept_at
        scan.state, scan.entered_at = ScanState.entered, scan.entered_at or at
        db.add(scan)
