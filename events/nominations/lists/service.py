"""Previewing a nomination list, importing the chosen rows, and taking that back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import folded
from core.documents.tables import Cell
from core.errors import N_, NotFound, Unacceptable
from core.i18n import LANGUAGES, words
from core.text import Address, Line, Name, address_key
from directory.accounts.access import Caller
from directory.people.geography import subdivision_codes
from directory.people.models import Institution, Person
from directory.people.service import (
    find_people_by_address,
    institutions_named,
    new_person,
    search_key,
)
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import CATEGORIES, Category, InvitationStatus
from events.invitations.invitations.service import nominate
from events.nominations.lists import rules
from events.nominations.lists.models import ImportState, NominationImport, RememberedHeading
from events.nominations.lists.rules import IMPORTABLE, ListRow, NoHeadings, Verdict
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import get_event, lock_event

_ROWS = TypeAdapter(list[ListRow])
_SHAPES: dict[str, Any] = {
    "name": TypeAdapter(Name),
    "title": TypeAdapter(Line),
    "institution": TypeAdapter(Line),
    "address": TypeAdapter(Address),
}
_CATEGORY = {
    folded(name): category
    for category, message in CATEGORIES.items()
    for name in (category, *(words(language).translate(message) for language in LANGUAGES))
}
_WRONG = {
    "name": N_("Please check the name."),
    "title": N_("Please check the position."),
    "institution": N_("Please check the institution."),
    "address": N_("This is not an e-mail address. Example: ayse.yilmaz@example.org."),
}


async def preview(
    db: AsyncSession,
    event_id: UUID,
    file_name: str,
    table: Sequence[Sequence[Cell]],
    caller: Caller,
    *,
    at: datetime,
) -> NominationImport:
    """Say row by row what importing will do. Nobody is named yet."""
    event = await get_event(db, event_id, caller)
    must_take_place(event.state)
    upload = NominationImport(event_id=event.id, file_name=file_name[:200], rows="", uploaded_at=at)
    try:
        rows = rules.raw_rows(table, await _remembered(db, event.project_id))
        await _write_rows(db, event, upload, rows)
    except NoHeadings:
        rows = []
        upload.state = ImportState.unmapped
        upload.rows = json.dumps([[(c.text, c.is_formula) for c in line] for line in table], ensure_ascii=False)
    db.add(upload)
    audit.record(
        db,
        "import.previewed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        rows=len(rows),
    )
    await db.flush()
    return upload


async def _write_rows(
    db: AsyncSession, event: Event, upload: NominationImport, raw: Sequence[tuple[ListRow, bool]]
) -> None:
    rows = [_checked(row, has_formula) for row, has_formula in raw]
    rules.mark_repeated(rows)
    await _compare(db, event, rows)
    upload.rows = _ROWS.dump_json(rows).decode()


async def _remembered(db: AsyncSession, project_id: UUID) -> dict[str, str]:
    found = await db.exec(select(RememberedHeading).where(RememberedHeading.project_id == project_id))
    return {one.heading: one.field for one in found}


def raw_table(upload: NominationImport) -> list[list[Cell]]:
    """The cells of a list whose columns nobody has named yet."""
    return [[Cell(text, is_formula) for text, is_formula in line] for line in json.loads(upload.rows or "[]")]


async def map_columns(
    db: AsyncSession, import_id: UUID, columns: Mapping[str, int], caller: Caller, *, at: datetime
) -> NominationImport:
    """Say which column is what, counted from 0; the first line holds the headings, and the project remembers
    them for its next lists. Raises ImportIsOver, NameColumnNeeded, and Unacceptable for a column that is not there.
    """
    upload = await db.get(NominationImport, import_id)
    if upload is None:
        raise NotFound()
    event = await get_event(db, upload.event_id, caller)
    await lock_event(db, event.id)
    await db.refresh(upload)
    if upload.state is not ImportState.unmapped:
        raise rules.ImportIsOver()
    if not rules.has_names(columns):
        raise rules.NameColumnNeeded()
    table = raw_table(upload)
    if any(not 0 <= index < len(table[0]) for index in columns.values()):
        raise Unacceptable("columns", N_("There is no such column in this list."))
    await _write_rows(db, event, upload, rules.rows_under(table, 0, columns))
    upload.state = ImportState.previewed
    known = await db.exec(select(RememberedHeading).where(RememberedHeading.project_id == event.project_id))
    by_heading = {one.heading: one for one in known}
    for field, index in columns.items():
        key = rules.heading(table[0][index].text)[:120]
        if key:
            one = by_heading.get(key) or RememberedHeading(project_id=event.project_id, heading=key, field=field)
            one.field = field
            db.add(one)
    audit.record(db, "import.mapped", event.id, at=at, project_id=event.project_id, **caller.signature)
    await db.flush()
    return upload


def _checked(row: ListRow, has_formula: bool) -> ListRow:
    """The row with its texts in order, or marked as wrong with the reason."""
    if has_formula:
        return row.model_copy(update={"verdict": Verdict.wrong, "message": N_("A cell of this row is a formula.")})
    values: dict[str, str] = {}
    for field, shape in _SHAPES.items():
        text = getattr(row, field)
        if not text and field != "name":
            continue
        try:
            values[field] = shape.validate_python(text)
        except ValidationError:
            return row.model_copy(update={"verdict": Verdict.wrong, "message": _WRONG[field]})
    if row.province:
        code = subdivision_codes("TR").get(folded(row.province))
        if code is None:
            return row.model_copy(
                update={"verdict": Verdict.wrong, "message": N_("This is not a province of Türkiye.")}
            )
        values["province"] = code
    if row.category:
        category = _CATEGORY.get(folded(row.category))
        if category is None:
            return row.model_copy(
                update={"verdict": Verdict.wrong, "message": N_("This is not a category of participants.")}
            )
        values["category"] = category
    return row.model_copy(update=values)


async def _compare(db: AsyncSession, event: Event, rows: Sequence[ListRow]) -> None:
    """Mark people whom the project knows, and those named for the event already."""
    people = await find_people_by_address(db, event.project_id, [row.address for row in rows])
    named = await db.exec(
        select(Person.address_key, Person.search)
        .join(Invitation, col(Invitation.person_id) == Person.id)
        .where(Invitation.event_id == event.id, Invitation.status != InvitationStatus.withdrawn)
    )
    taken = set()
    for key, search in named:
        taken.add(key or search)
    for row in rows:
        if row.verdict is not Verdict.new:
            continue
        person = people.get(address_key(row.address)) if row.address else None
        if (person and person.address_key in taken) or (not row.address and _search_key(row) in taken):
            row.verdict = Verdict.already
        elif person:
            row.verdict = Verdict.known


def _search_key(row: ListRow) -> str:
    institution = Institution(project_id=UUID(int=0), name=row.institution, search="") if row.institution else None
    return search_key(row.name, row.title, row.address, institution, row.province)


async def get_import(
    db: AsyncSession, import_id: UUID, caller: Caller
) -> tuple[NominationImport, Event, list[ListRow]]:
    upload = await db.get(NominationImport, import_id)
    if upload is None:
        raise NotFound()
    event = await get_event(db, upload.event_id, caller)
    rows = [] if upload.state is ImportState.unmapped else _ROWS.validate_json(upload.rows or "[]")
    return upload, event, rows


async def apply(
    db: AsyncSession, import_id: UUID, caller: Caller, *, at: datetime, chosen: Sequence[int] | None = None
) -> NominationImport:
    """Name the people of the chosen rows, or of all that can be. Applying twice is applying once.

    Raises ImportIsOver, NothingChosen.
    """
    upload, event, rows = await get_import(db, import_id, caller)
    if not await _next_state(db, upload, ImportState.previewed, ImportState.applied):
        if upload.state is ImportState.applied:
            return upload
        raise rules.ImportIsOver()
    wanted = [r for r in rows if r.verdict in IMPORTABLE and (chosen is None or r.number in chosen)]
    if not wanted:
        raise rules.NothingChosen()
    people = await find_people_by_address(db, event.project_id, [row.address for row in wanted])
    institutions = await institutions_named(db, event.project_id, [row.institution for row in wanted])
    ids = []
    for row in wanted:
        person = people.get(address_key(row.address)) if row.address else None
        person = person or new_person(
            db,
            event.project_id,
            name=row.name,
            title=row.title,
            address=row.address,
            province=row.province,
            institution=institutions.get(folded(row.institution)),
        )
        ids.append(person.id)
    await db.flush()
    upload.named = await nominate(db, event, ids, caller, at=at, source_id=upload.id)
    await _set_categories(db, upload, dict(zip(ids, wanted, strict=True)))
    audit.record(
        db,
        "import.applied",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=upload.named,
    )
    return upload


async def _set_categories(db: AsyncSession, upload: NominationImport, rows: Mapping[UUID, ListRow]) -> None:
    found = await db.exec(select(Invitation).where(Invitation.source_id == upload.id))
    for invitation in found:
        row = rows.get(invitation.person_id)
        if row and row.category:
            invitation.category = Category(row.category)


async def undo(db: AsyncSession, import_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Take back everybody of the list who has not been invited yet. Raises ImportIsOver, CannotUndo."""
    upload, event, _ = await get_import(db, import_id, caller)
    if not await _next_state(db, upload, ImportState.applied, ImportState.undone):
        raise rules.ImportIsOver()
    taken_back = await db.exec(
        update(Invitation)
        .where(col(Invitation.source_id) == upload.id, col(Invitation.status) == InvitationStatus.nominated)
        .values(status=InvitationStatus.withdrawn)
    )
    if not taken_back.rowcount:
        raise rules.CannotUndo()
    audit.record(
        db,
        "import.undone",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=taken_back.rowcount,
    )
    return int(taken_back.rowcount)


async def _next_state(db: AsyncSession, upload: NominationImport, before: ImportState, after: ImportState) -> bool:
    """Of two people at the same button one wins."""
    moved = await db.exec(
        update(NominationImport)
        .where(col(NominationImport.id) == upload.id, col(NominationImport.state) == before)
        .values(state=after)
    )
    await db.refresh(upload)
    return bool(moved.rowcount == 1)
