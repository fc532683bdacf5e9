"""What one looks through before it is entered: every cell of the pages that wait, with its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Person
from events.attendance.records.models import AttendanceRecord
from events.attendance.records.rules import AttendanceSource, HalfDay, judge
from events.attendance.records.service import records_of, statements
from events.attendance.scan_entries.rules import PageNote
from events.attendance.scan_entries.service import proposals, twice_among, used_walk_ins
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.scans.rules import KeptCell, PageWarning, ScanState, half_day_of
from events.attendance.scans.service import list_scans, pages_of, sheets_of
from events.attendance.sign_in_sheets.layout import Box, CellKind, SheetCell, SheetPage
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.service import hours_of, latest_version, layout_of
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event

# More pages are looked at in turns: a screen has to stay light.
MOST_PAGES = 40
# What is shown around a cell, in millimetres: signatures do not stop at lines.
_AROUND = 1.6


@dataclass(frozen=True)
class ShownCell:
    """One cell with whose it is and what it is signed for; `view` is the part of the page's picture that shows it."""

    page_id: UUID
    number: int
    name: str
    column: str
    half_day: HalfDay | None
    is_signed: bool | None
    view: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.page_id}:{self.number}"


@dataclass(frozen=True)
class ShownWalkIn:
    """A row in which somebody wrote who is not in the list: its picture, and its cells to be signed."""

    page_id: UUID
    row: str
    view: str

    @property
    def key(self) -> str:
        return f"{self.page_id}:{self.row}"


@dataclass(frozen=True)
class ShownPage:
    """A page that waits. `note` says why it is not entered unless somebody says so; with `twice` it cannot be."""

    page: ScanPage
    scan: Scan
    version: int
    day: date | None
    note: PageNote | None
    cells: Sequence[ShownCell] = ()
    walk_ins: Sequence[ShownWalkIn] = ()
    warnings: Sequence[PageWarning] = ()

    @property
    def may_be_entered(self) -> bool:
        return self.page.problem is None and self.note is not PageNote.twice

    def cells_said(self, is_signed: bool | None) -> list[ShownCell]:
        return [cell for cell in self.cells if cell.is_signed is is_signed]


@dataclass(frozen=True)
class ShownConflict:
    """Somebody of whom other sources say something else than the page."""

    registration_id: UUID
    name: str
    half_day: HalfDay
    is_present: bool
    recorded: Sequence[AttendanceSource]


@dataclass(frozen=True)
class ScanReview:
    """All that waits to be entered, or as much as one screen takes; `more` pages come after it."""

    pages: Sequence[ShownPage] = ()
    conflicts: Sequence[ShownConflict] = ()
    without_place: Sequence[str] = ()
    more: int = 0
    kept_at: str = ""

    @property
    def usable(self) -> list[ShownPage]:
        return [one for one in self.pages if one.may_be_entered]

    @property
    def unusable(self) -> list[ShownPage]:
        return [one for one in self.pages if not one.may_be_entered]

    def count(self, is_signed: bool | None) -> int:
        return sum(len(one.cells_said(is_signed)) for one in self.usable)


@dataclass
class _Known:
    """What the pages of a screen are put together from."""

    scans: Mapping[UUID, Scan]
    sheets: Mapping[UUID, SheetVersion]
    names: Mapping[str, str]
    newest: int
    twice: set[UUID]
    entered: set[tuple[UUID | None, int]]
    layouts: dict[UUID, Mapping[int, SheetPage]] = field(default_factory=dict)

    def layout(self, page: ScanPage) -> SheetPage | None:
        sheet = self.sheets.get(page.sheet_version_id) if page.sheet_version_id else None
        if sheet is None:
            return None
        if sheet.id not in self.layouts:
            self.layouts[sheet.id] = {one.number: one for one in layout_of(sheet).pages}
        return self.layouts[sheet.id].get(page.page)


async def review(db: AsyncSession, event: Event, scan_id: UUID | None = None) -> ScanReview:
    """What waits to be entered of an event: pages of all scans that are read, or those of one scan that are left."""
    scans = {scan.id: scan for scan in await list_scans(db, event.id)}
    everything = await pages_of(db, event.id)
    waiting = [
        page
        for page in everything
        if page.entered_at is None
        and (page.scan_id == scan_id if scan_id else scans[page.scan_id].state is ScanState.read)
    ]
    shown = waiting[:MOST_PAGES]
    newest = await latest_version(db, event.id)
    known = _Known(
        scans,
        await sheets_of(db, shown),
        await _names(db, event, shown),
        newest.version if newest else 1,
        twice_among(waiting),
        {(page.sheet_version_id, page.page) for page in everything if page.entered_at},
    )
    pages = [_shown(page, known) for page in shown]
    usable = [one.page for one in pages if one.may_be_entered]
    places = {scan.kept_at for scan in scans.values() if scan.kept_at}
    return ScanReview(
        pages,
        await _conflicts(db, event, usable, known),
        await _without_place(db, usable, known),
        len(waiting) - len(shown),
        places.pop() if len(places) == 1 else "",
    )


def _shown(page: ScanPage, known: _Known) -> ShownPage:
    layout = known.layout(page)
    sheet = known.sheets.get(page.sheet_version_id) if page.sheet_version_id else None
    warnings = [PageWarning(one) for one in page.warnings]
    if page.problem is not None or layout is None or sheet is None:
        return ShownPage(page, known.scans[page.scan_id], 0, None, None, warnings=warnings)
    used, hours, headings = used_walk_ins(page), hours_of(sheet), _headings(sheet)
    cells = []
    rows: dict[str, list[SheetCell]] = {}
    for number, (kept, place) in enumerate(zip(map(KeptCell.from_list, page.cells), layout.cells, strict=True)):
        if kept.is_walk_in:
            rows.setdefault(kept.row, []).append(place)
        if kept.kind is CellKind.signature and (not kept.is_walk_in or kept.row in used):
            name = kept.row if kept.is_walk_in else known.names.get(kept.row, "")
            half_day = half_day_of(kept.column, hours)
            view = _view(place.box)
            cells.append(
                ShownCell(page.id, number, name, headings.get(kept.column, ""), half_day, kept.is_signed, view)
            )
    walk_ins = [
        ShownWalkIn(page.id, row, _view(*(cell.box for cell in rows[row] if cell.kind is CellKind.walk_in)))
        for row in used
    ]
    return ShownPage(
        page,
        known.scans[page.scan_id],
        sheet.version,
        layout.day,
        _note(page, sheet, known),
        cells,
        walk_ins,
        warnings,
    )


def _note(page: ScanPage, sheet: SheetVersion, known: _Known) -> PageNote | None:
    if page.id in known.twice:
        return PageNote.twice
    if (page.sheet_version_id, page.page) in known.entered:
        return PageNote.entered_before
    return PageNote.old_version if sheet.version < known.newest else None


def _view(*boxes: Box) -> str:
    """Left, top, width and height in millimetres of what shows these boxes, as a viewBox has them."""
    left, top = min(box.x for box in boxes) - _AROUND, min(box.y for box in boxes) - _AROUND
    right, bottom = max(box.right for box in boxes) + _AROUND, max(box.bottom for box in boxes) + _AROUND
    return f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"


def _headings(sheet: SheetVersion) -> Mapping[str, str]:
    return {column["key"]: column["heading"] for day in sheet.content.get("days", ()) for column in day["columns"]}


async def _names(db: AsyncSession, event: Event, pages: Sequence[ScanPage]) -> Mapping[str, str]:
    """Names by the row of a sheet."""
    cells = [KeptCell.from_list(cell) for page in pages for cell in page.cells]
    ids = {cell.registration_id for cell in cells} - {None}
    found: Any = await db.exec(
        select(Registration.id, Person.name)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(Registration.id).in_(ids), Registration.event_id == event.id)
    )
    return {str(id): name for id, name in found}


async def _conflicts(
    db: AsyncSession, event: Event, pages: Sequence[ScanPage], known: _Known
) -> Sequence[ShownConflict]:
    """Half-days of which something else is recorded already; what is unsure still is not compared."""
    said = proposals(pages, known.sheets)
    records = await records_of(db, event.id, {one.registration_id for one in said})
    found = []
    for one in said:
        there: Sequence[AttendanceRecord] = records.get((one.registration_id, *one.half_day), ())
        if there and judge(statements(there)).is_present != one.is_present:
            name = known.names.get(str(one.registration_id), "")
            sources = sorted({record.source for record in there})
            found.append(ShownConflict(one.registration_id, name, one.half_day, one.is_present, sources))
    return found


async def _without_place(db: AsyncSession, pages: Sequence[ScanPage], known: _Known) -> Sequence[str]:
    """Names of those who signed and have no place any more."""
    signed = {one.registration_id for one in proposals(pages, known.sheets) if one.is_present}
    found = await db.exec(
        select(Registration.id).where(
            col(Registration.id).in_(signed), Registration.status != RegistrationStatus.confirmed
        )
    )
    return sorted(known.names.get(str(id), "") for id in found)
