"""Reading a list, letting a person say how it is meant, importing it, and taking that back.

What a list is about — people of an event, institutions, rates — is a `Purpose` of the package that knows it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.tables import Line, Sheet, Workbook, best_sheet
from core.errors import N_, NotAllowed, NotFound, Unacceptable
from core.ids import new_id
from core.paging import Page, Paging, ordered, paged
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.import_memory.service import HEADING, INSTITUTION, remember, remembered_for
from directory.imports import rules
from directory.imports.documents import encodings_of, packed, reencoded, unpacked, warnings_of
from directory.imports.models import IMPORT_SORTS, ListImport
from directory.imports.rules import IMPORTABLE, ON_REQUEST, ImportRow, ImportState, Layout, ListField, Note, Verdict
from directory.imports.schemas import Choices, CorrectionIn, Reading, ReadingIn
from directory.projects.service import get_project, must_reach


@dataclass
class ImportOutcome:
    """What importing did: how many are new, how many known ones changed, and what undoing needs."""

    added: int = 0
    changed: int = 0
    made: dict[str, Any] = field(default_factory=dict)


class Judge(Protocol):
    """Gives each line its verdict, against what the project knows."""

    async def __call__(self, db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None: ...


class Apply(Protocol):
    """Imports these lines."""

    async def __call__(
        self,
        db: AsyncSession,
        upload: ListImport,
        rows: Sequence[ImportRow],
        reading: Reading,
        caller: Caller,
        *,
        at: datetime,
    ) -> ImportOutcome: ...


class Undo(Protocol):
    """Takes back what can be taken back. Returns how many; raises CannotUndo for none."""

    async def __call__(
        self, db: AsyncSession, upload: ListImport, made: dict[str, Any], caller: Caller, *, at: datetime
    ) -> int: ...


@dataclass(frozen=True)
class Purpose:
    """A kind of list. `is_enough` says whether these fields make one; `leads_to` is the page that shows what was
    imported, `must_be_open` refuses where nothing may be imported any more."""

    name: str
    title: str
    right: Right
    fields: Mapping[str, ListField]
    is_enough: Callable[[Container[str]], bool]
    # What is said where these fields are not enough.
    needs: str
    judge: Judge
    apply: Apply
    undo: Undo
    leads_to: Callable[[ListImport], str]
    must_be_open: Callable[[AsyncSession, UUID], Awaitable[None]]
    # By field what its codes are called.
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    # Whether one faulty line keeps all of it out.
    is_whole: bool = False


# Packages say here what lists they read.
PURPOSES: dict[str, Purpose] = {}


async def start(
    db: AsyncSession,
    purpose: str,
    project_id: UUID,
    about_id: UUID,
    file_name: str,
    workbook: Workbook,
    caller: Caller,
    *,
    at: datetime,
    key: UUID | None = None,
    is_pasted: bool = False,
) -> ListImport:
    """Keep a list and say line by line what importing it will do; nothing is imported yet. One that was pasted needs no
    headings where all columns are known. The same key gives the one there is; NotFound for that of another list."""
    kind = PURPOSES[purpose]
    _must_hold(kind, project_id, caller)
    there = await db.get(ListImport, key) if key else None
    if there:
        if (there.project_id, there.purpose, there.about_id) != (project_id, purpose, about_id):
            raise NotFound()
        return there
    await kind.must_be_open(db, about_id)
    upload = ListImport(
        id=key or new_id(),
        project_id=project_id,
        purpose=purpose,
        about_id=about_id,
        file_name=file_name[:200],
        uploaded_at=at,
    )
    upload.content = packed(workbook)
    choices = Choices(sheet=best_sheet(workbook), encoding=workbook.encoding)
    db.add(upload)
    await _guess(db, upload, choices, workbook.sheets)
    width = max(len(line.cells) for line in workbook.sheets[choices.sheet].lines)
    if is_pasted and kind.is_enough(choices.columns.values()) and len(choices.columns) == width:
        upload.state = ImportState.previewed
    reading = await _judge(db, upload, choices, workbook.sheets)
    _audit(db, "import.previewed", upload, caller, at=at, rows=len(reading.rows))
    await db.flush()
    return upload


async def get_import(db: AsyncSession, import_id: UUID, caller: Caller) -> ListImport:
    """Raises NotFound, for another project's list too, and NotAllowed for whoever may not import lists of its kind."""
    upload = await db.get(ListImport, import_id)
    if upload is None:
        raise NotFound()
    must_reach(upload.project_id, "import", upload.id, caller)
    _must_hold(PURPOSES[upload.purpose], upload.project_id, caller)
    return upload


async def list_imports(
    db: AsyncSession, project_id: UUID, caller: Caller, page_request: Paging, *, about_id: UUID | None = None
) -> Page[ListImport]:
    """The lists of a project that the caller may import, the newest first; of one event where it is said."""
    await get_project(db, project_id, caller)
    kinds = [name for name, kind in PURPOSES.items() if caller.may(kind.right, project_id)]
    query = select(ListImport).where(ListImport.project_id == project_id, col(ListImport.purpose).in_(kinds))
    if about_id:
        query = query.where(ListImport.about_id == about_id)
    return await paged(
        db, query.order_by(*ordered(page_request, IMPORT_SORTS, col(ListImport.id).desc())), page_request
    )


def _must_hold(kind: Purpose, project_id: UUID, caller: Caller) -> None:
    if not caller.may(kind.right, project_id):
        raise NotAllowed()


async def read_again(
    db: AsyncSession, import_id: UUID, given: ReadingIn, caller: Caller, *, at: datetime
) -> ListImport:
    """Read the list another way: sheet, encoding, line of headings, columns, repairs, institutions.

    What is said of columns and institutions the project remembers for its next lists. Raises ImportIsOver, and
    Unacceptable for a sheet, a line or a column that is not there.
    """
    upload = await _lock(db, import_id, caller)
    sheets, choices = unpacked(upload.content), Choices.of(upload)
    if given.encoding and given.encoding != choices.encoding:
        others = [*encodings_of(upload.content), choices.encoding]
        if given.encoding not in others:
            raise Unacceptable("encoding", N_("The file cannot be read as that."))
        sheets = reencoded(sheets, choices.encoding, given.encoding)
        upload.content = packed(Workbook(sheets, given.encoding, [one for one in others if one != given.encoding]))
        choices.encoding = given.encoding
    is_elsewhere = given.sheet not in (None, choices.sheet)
    if is_elsewhere:
        choices = Choices(sheet=_must_be_there(given.sheet, len(sheets), "sheet"), encoding=choices.encoding)
    if given.heading is not None:
        choices.heading = given.heading
    if given.columns is not None:
        await _take_columns(db, upload, choices, sheets, given.columns)
    elif is_elsewhere or given.heading is not None or given.encoding:
        await _guess(db, upload, choices, sheets, heading=given.heading)
    choices.off = given.off if given.off is not None else choices.off
    choices.take_over = given.take_over if given.take_over is not None else choices.take_over
    if given.institutions:
        choices.institutions |= given.institutions
        await remember(
            db,
            upload.project_id,
            upload.purpose,
            INSTITUTION,
            {k: v for k, v in given.institutions.items() if len(v) > 4},
        )
    await _judge(db, upload, choices, sheets)
    _audit(db, "import.mapped", upload, caller, at=at)
    await db.flush()
    return upload


async def _take_columns(
    db: AsyncSession, upload: ListImport, choices: Choices, sheets: Sequence[Sheet], columns: Mapping[str, int]
) -> None:
    kind, lines = PURPOSES[upload.purpose], sheets[choices.sheet].lines
    unknown = set(columns) - set(kind.fields)
    if unknown or not kind.is_enough(columns):
        raise Unacceptable("columns", kind.needs)
    width = max((len(line.cells) for line in lines), default=0)
    for index in columns.values():
        _must_be_there(index, width, "columns")
    choices.columns = {index: name for name, index in columns.items()}
    upload.state = ImportState.previewed
    heads = headings(lines, choices.heading)
    # What everybody calls a column needs no memory, and no memory changes it.
    known = {heading for one in kind.fields.values() for heading in one.headings}
    said = {rules.heading(heads.get(index, "")): name for name, index in columns.items()}
    said = {key: name for key, name in said.items() if key and key not in known}
    await remember(db, upload.project_id, upload.purpose, HEADING, said)


def headings(lines: Sequence[Line], number: int) -> dict[int, str]:
    """The texts of the line of headings, and of the one above it where it has none of its own."""
    at = next((n for n, line in enumerate(lines) if line.number == number), None)
    if at is None:
        return {}
    above = lines[at - 1].cells if at else []
    texts = {index: cell.text for index, cell in enumerate(above) if cell.text} if len(above) > 1 else {}
    return texts | {index: cell.text for index, cell in enumerate(lines[at].cells) if cell.text}


def _must_be_there(index: int | None, count: int, field: str) -> int:
    if index is None or not 0 <= index < count:
        raise Unacceptable(field, N_("There is no such column or sheet in this list."))
    return index


async def correct(
    db: AsyncSession, import_id: UUID, number: int, given: CorrectionIn, caller: Caller, *, at: datetime
) -> ListImport:
    """Correct the cells of one line, leave it out, or take it in. Raises ImportIsOver, NotFound."""
    upload = await _lock(db, import_id, caller)
    sheets, choices = unpacked(upload.content), Choices.of(upload)
    fields = PURPOSES[upload.purpose].fields
    if not any(line.number == number for line in sheets[choices.sheet].lines) or set(given.values) - set(fields):
        raise NotFound()
    if given.values:
        choices.cells[number] = choices.cells.get(number, {}) | given.values
    if given.leave_out is not None:
        choices.left = [n for n in choices.left if n != number] + [number] * given.leave_out
        choices.taken = [n for n in choices.taken if n != number] + [number] * (not given.leave_out)
    await _judge(db, upload, choices, sheets)
    await db.flush()
    return upload


async def _lock(db: AsyncSession, import_id: UUID, caller: Caller) -> ListImport:
    """The list, held, while it can still be read another way."""
    upload = await get_import(db, import_id, caller)
    await db.refresh(upload, with_for_update=True)
    if upload.state not in (ImportState.unmapped, ImportState.previewed):
        raise rules.ImportIsOver()
    return upload


async def _guess(
    db: AsyncSession, upload: ListImport, choices: Choices, sheets: Sequence[Sheet], *, heading: int | None = None
) -> None:
    """Where the headings are and what they mean; by the line that a person pointed to where they did."""
    kind, lines = PURPOSES[upload.purpose], sheets[choices.sheet].lines
    remembered = await remembered_for(db, upload.project_id, upload.purpose, HEADING)
    if heading is None:
        layout = rules.find_layout(lines, kind.fields, kind.is_enough, remembered)
    else:
        layout = Layout(heading, rules.read_headings(headings(lines, heading), kind.fields, remembered))
    if layout is None or not layout.columns:
        below = [line for line in lines if line.number > (heading or 0)]
        layout = Layout(heading or 0, rules.guess_columns(below, kind.fields))
    choices.heading, choices.columns = layout.heading, dict(layout.columns)
    is_read = kind.is_enough(layout.columns.values()) and (layout.heading or heading == 0)
    upload.state = ImportState.previewed if is_read else ImportState.unmapped


async def _judge(db: AsyncSession, upload: ListImport, choices: Choices, sheets: Sequence[Sheet]) -> Reading:
    """Work out anew what each line will lead to, and keep it."""
    kind, reading = PURPOSES[upload.purpose], Reading()
    if upload.state is ImportState.previewed:
        # In a thread: ten thousand lines take a second or two.
        reading.rows = await asyncio.to_thread(
            rules.read_rows,
            sheets[choices.sheet].lines,
            kind.fields,
            heading=choices.heading,
            columns=choices.columns,
            off=choices.off,
            cells=choices.cells,
        )
        reading.notes += warnings_of(upload.content)
        _note_columns(reading, sheets[choices.sheet].lines, choices)
        await kind.judge(db, upload, choices, reading)
        for row in reading.rows:
            if row.number in choices.left and row.verdict in (*IMPORTABLE, *ON_REQUEST):
                row.mark(Verdict.skipped, N_("You left it out."))
    upload.choices, upload.rows = choices.model_dump_json(), reading.model_dump_json()
    upload.revision += 1
    return reading


def _note_columns(reading: Reading, lines: Sequence[Line], choices: Choices) -> None:
    unread = rules.left_out(headings(lines, choices.heading), choices.columns)
    if unread:
        reading.notes.append(
            Note(text=N_("Columns that are not imported: %(columns)s."), facts={"columns": ", ".join(unread[:20])})
        )


async def apply(
    db: AsyncSession, import_id: UUID, caller: Caller, *, at: datetime, chosen: Sequence[int] | None = None
) -> ListImport:
    """Import the chosen lines, or all that can be. Applying twice is applying once.

    Raises ImportIsOver, NothingChosen.
    """
    upload = await get_import(db, import_id, caller)
    kind = PURPOSES[upload.purpose]
    await kind.must_be_open(db, upload.about_id)
    if not await _next_state(db, upload, ImportState.previewed, ImportState.applied):
        if upload.state is ImportState.applied:
            return upload
        raise rules.ImportIsOver()
    reading, taken = Reading.of(upload), set(Choices.of(upload).taken)
    wanted = [row for row in reading.rows if _is_wanted(row, chosen, taken)]
    if not wanted or (kind.is_whole and any(row.verdict is Verdict.wrong for row in reading.rows)):
        raise rules.NothingChosen()
    outcome = await kind.apply(db, upload, wanted, reading, caller, at=at)
    imported = {row.number for row in wanted}
    left = [row for row in reading.rows if row.number not in imported]
    upload.added, upload.changed, upload.left_out = outcome.added, outcome.changed, len(left)
    # What was imported is kept where it belongs, and here no longer.
    upload.content, upload.choices = "", "{}"
    upload.rows = Reading(rows=left).model_dump_json()
    upload.made = json.dumps(outcome.made)
    _audit(db, "import.applied", upload, caller, at=at, added=outcome.added, changed=outcome.changed)
    await db.flush()
    return upload


def _is_wanted(row: ImportRow, chosen: Sequence[int] | None, taken: Container[int]) -> bool:
    may = row.verdict in IMPORTABLE or row.verdict in ON_REQUEST
    if chosen is not None:
        return may and row.number in chosen
    return row.verdict in IMPORTABLE or (row.verdict in ON_REQUEST and row.number in taken)


async def undo(db: AsyncSession, import_id: UUID, caller: Caller, *, at: datetime) -> tuple[ListImport, int]:
    """Take back what nothing else depends on by now. Raises ImportIsOver, CannotUndo."""
    upload = await get_import(db, import_id, caller)
    if not await _next_state(db, upload, ImportState.applied, ImportState.undone):
        raise rules.ImportIsOver()
    count = await PURPOSES[upload.purpose].undo(db, upload, json.loads(upload.made or "{}"), caller, at=at)
    upload.made = "{}"
    _audit(db, "import.undone", upload, caller, at=at, count=count)
    await db.flush()
    return upload, count


async def imports_about(db: AsyncSession, about_id: UUID) -> Sequence[ListImport]:
    """The lists about something, the newest first."""
    found = await db.exec(select(ListImport).where(ListImport.about_id == about_id).order_by(col(ListImport.id).desc()))
    return found.all()


async def remove_imports(db: AsyncSession, about_id: UUID) -> None:
    """Remove the lists about something that is removed itself."""
    await db.exec(delete(ListImport).where(col(ListImport.about_id) == about_id))


async def _next_state(db: AsyncSession, upload: ListImport, before: ImportState, after: ImportState) -> bool:
    """Of two people at the same button one wins."""
    moved = await db.exec(
        update(ListImport).where(col(ListImport.id) == upload.id, col(ListImport.state) == before).values(state=after)
    )
    await db.refresh(upload)
    return bool(moved.rowcount == 1)


def _audit(db: AsyncSession, act: str, upload: ListImport, caller: Caller, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, upload.about_id, at=at, project_id=upload.project_id, **caller.signature, **facts)
