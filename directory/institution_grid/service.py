"""Many institutions saved as one table: all of it, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import PydanticCustomError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import folded
from core.errors import N_, LostUpdate, Refusal, UnacceptableFields
from core.i18n import LANGUAGES, words
from core.ids import new_id
from core.text import address_key
from directory.accounts.access import Caller
from directory.institution_grid.rules import Cells
from directory.institution_grid.schemas import GridRow
from directory.institutions.service import DEEPEST, OTHERS_MAILBOX, TAKEN
from directory.people.geography import subdivision_code, subdivisions
from directory.people.models import INSTITUTION_KINDS, FocalPoint, Institution, Person, kind_of
from directory.people.service import (
    ADDRESS_CHANGED,
    find_people_by_address,
    index_institution,
    index_people_of,
    index_person,
    institutions_known,
    name_key,
    new_person,
)
from directory.projects.service import get_project

FILL_IN = N_("Please fill this in.")
TWICE = N_("This stands in two rows.")
NO_PARENT = N_("There is no institution of this name. Give it a row of its own.")
OWN_PARENT = N_("An institution cannot be its own parent institution.")
UNREACHABLE = N_("Nobody can be written to without an address. Clear both fields to name nobody.")


@dataclass(frozen=True)
class GridLine:
    """An institution as the table shows it: with its parent, and its focal points, of whom the first is shown."""

    institution: Institution
    above: Institution | None
    focal_points: Sequence[tuple[FocalPoint, Person]] = ()

    @property
    def focal(self) -> Person | None:
        return self.focal_points[0][1] if self.focal_points else None

    def cells(self, language: str) -> Cells:
        one = self.institution
        return Cells(
            one.name,
            one.name_en,
            one.kind.value,
            subdivisions(one.country).get(one.province, one.province) if one.province else "",
            self.above.name_in(language) if self.above else "",
            self.focal.name if self.focal else "",
            (self.focal.address or "") if self.focal else "",
        )


@dataclass
class _Table:
    """What is read once for all rows, and what is wrong with them by field."""

    project_id: UUID
    lines: dict[UUID, GridLine]
    known: dict[str, Institution]
    parents: dict[UUID, UUID | None]
    people: dict[str, Person]
    wrongs: dict[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    def say(self, number: int, column: str, reason: str, **facts: object) -> None:
        self.wrongs.setdefault(f"rows.{number}.{column}", (reason, facts))


@dataclass
class SavedRow:
    """A row on its way. `before` is what the institution was, nothing for a new one; `point` is the focal point that
    came with the row, `focal` who was added to be it."""

    number: int
    given: GridRow
    institution: Institution
    line: GridLine | None = None
    before: tuple[object, ...] = ()
    parent_id: UUID | None = None
    is_renamed: bool = False
    is_focal_changed: bool = False
    point: FocalPoint | None = None
    focal: Person | None = None

    @property
    def after(self) -> tuple[object, ...]:
        one = self.institution
        return one.name, one.name_en, one.kind, one.province, self.parent_id

    @property
    def shown_focal(self) -> tuple[FocalPoint, Person] | None:
        """Who the table named when it was filled, if they still are a focal point."""
        pairs = self.line.focal_points if self.line else ()
        return next((pair for pair in pairs if pair[1].id == self.given.focal_id), None)


@dataclass
class GridOutcome:
    """What a table did, in rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rows: Sequence[SavedRow] = ()


@cache
def kinds_named() -> Mapping[str, str]:
    """Names of kinds in every language, folded, with their codes."""
    return {
        folded(words(language).translate(name)): kind.value
        for language in LANGUAGES
        for kind, name in INSTITUTION_KINDS.items()
    }


async def with_focal_points(db: AsyncSession, rows: Sequence[tuple[Institution, Institution | None]]) -> list[GridLine]:
    """Each institution and its parent with its focal points by name: one query."""
    found = await db.exec(
        select(FocalPoint, Person)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(col(FocalPoint.institution_id).in_([institution.id for institution, _ in rows]))
        .order_by(Person.sort_key, col(Person.id))
    )
    of: dict[UUID, list[tuple[FocalPoint, Person]]] = {}
    for point, person in found:
        of.setdefault(point.institution_id, []).append((point, person))
    return [GridLine(institution, above, of.get(institution.id, [])) for institution, above in rows]


async def save_table(
    db: AsyncSession, project_id: UUID, rows: Sequence[GridRow], caller: Caller, *, at: datetime
) -> GridOutcome:
    """Add and change institutions of one project with their first focal points.

    Raises UnacceptableFields with all that is wrong, and nothing is kept. A hundred rows cost as many queries as ten.
    """
    await get_project(db, project_id, caller)
    table = await _read(db, project_id, rows)
    found = [_begun(table, number, given) for number, given in enumerate(rows)]
    _must_be_once(table, found)
    # Of two rows of one name the first is meant.
    own = {key: row.institution.id for row in reversed(found) for key in _keys(row.given)}
    for row in found:
        _place(table, row, own)
        row.is_focal_changed = _is_focal_changed(table, row)
    _must_not_circle(table, found)
    if table.wrongs:
        raise UnacceptableFields(table.wrongs)
    await _keep(db, found)
    for row in found:
        row.point = await _new_focal(db, table, row, caller, at=at) if row.is_focal_changed else None
    # First the people, then what points to them.
    await db.flush()
    db.add_all(row.point for row in found if row.point)
    return await _noted(db, project_id, found, caller, at=at)


async def _read(db: AsyncSession, project_id: UUID, rows: Sequence[GridRow]) -> _Table:
    above = sa.orm.aliased(Institution)
    found = await db.exec(
        select(Institution, above)
        .join(above, col(above.id) == Institution.parent_id, isouter=True)
        .where(Institution.project_id == project_id, col(Institution.id).in_([row.id for row in rows if row.id]))
    )
    lines = await with_focal_points(db, found.all())
    names = [name for row in rows for name in (row.name, row.name_en, row.parent)]
    tree = await db.exec(select(Institution.id, Institution.parent_id).where(Institution.project_id == project_id))
    return _Table(
        project_id,
        {line.institution.id: line for line in lines},
        await institutions_known(db, project_id, names),
        dict(tree.all()),
        await find_people_by_address(db, project_id, [row.focal_address or "" for row in rows]),
    )


def _begun(table: _Table, number: int, given: GridRow) -> SavedRow:
    """The institution with its names and kind as the row says them."""
    line = table.lines.get(given.id) if given.id else None
    if given.id and line is None:
        table.say(number, "name", N_("This institution is not there."))
    if line and given.revision is not None and line.institution.revision != given.revision:
        table.say(number, "name", LostUpdate.title)
    one = line.institution if line else Institution(id=new_id(), project_id=table.project_id, name="", search="")
    row = SavedRow(number, given, one, line, parent_id=one.parent_id)
    row.before = row.after if line else ()
    one.name, one.name_en = given.name, given.name_en
    one.kind = given.kind or (one.kind if line else kind_of(given.name))
    try:
        row.is_renamed = index_institution(one)
    except Refusal as refusal:
        table.say(number, refusal.field or "name_en", getattr(refusal, "reason", FILL_IN), **refusal.facts)
    for column, name in (("name", given.name), ("name_en", given.name_en)):
        same = table.known.get(folded(name))
        if same is not None and same.id != one.id:
            table.say(number, column, TAKEN)
    return row


def _keys(given: GridRow) -> set[str]:
    return {folded(name) for name in (given.name, given.name_en) if name}


def _must_be_once(table: _Table, found: Sequence[SavedRow]) -> None:
    seen: dict[object, int] = {}
    for row in found:
        for key in (*_keys(row.given), *([row.given.id] if row.given.id else [])):
            if seen.setdefault(key, row.number) != row.number:
                table.say(row.number, "name", TWICE)


def _place(table: _Table, row: SavedRow, own: Mapping[str, UUID]) -> None:
    """Province and parent, which may be another row of the table."""
    given = row.given
    try:
        row.institution.province = subdivision_code(given.province, row.institution.country)
    except PydanticCustomError as wrong:
        table.say(row.number, "province", wrong.message_template)
    key = folded(given.parent)
    known = table.known.get(key)
    row.parent_id = own.get(key) or (known.id if known else None)
    if key and row.parent_id is None:
        table.say(row.number, "parent", NO_PARENT)


def _must_not_circle(table: _Table, found: Sequence[SavedRow]) -> None:
    parents = table.parents | {row.institution.id: row.parent_id for row in found}
    for row in found:
        if row.institution.id in list(_above(row.institution.id, parents)):
            table.say(row.number, "parent", OWN_PARENT)


def _above(id: UUID, parents: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    step = parents.get(id)
    for _ in range(DEEPEST):
        if step is None:
            return
        yield step
        step = parents.get(step)


def _is_focal_changed(table: _Table, row: SavedRow) -> bool:
    """Whether the row names another focal point than the table showed, or another name or address of theirs."""
    given, pair = row.given, row.shown_focal
    shown = (pair[1].name, pair[1].address or "") if pair else ("", "")
    if (given.focal_name, given.focal_address or "") == shown:
        return False
    if not given.focal_address:
        if given.focal_name:
            table.say(row.number, "focal_address", UNREACHABLE)
        return True
    known = table.people.get(address_key(given.focal_address))
    if known is None and not any(letter.isalnum() for letter in given.focal_name):
        table.say(row.number, "focal_name", FILL_IN)
    is_theirs = pair is not None and known is not None and known.id == pair[1].id
    if known and not is_theirs and given.focal_name and name_key(given.focal_name) != name_key(known.name):
        table.say(row.number, "focal_name", OTHERS_MAILBOX, name=known.name)
    return True


async def _keep(db: AsyncSession, found: Sequence[SavedRow]) -> None:
    db.add_all(row.institution for row in found)
    # New ones first without a parent: it may be one of them that comes later.
    await db.flush()
    for row in found:
        row.institution.parent_id = row.parent_id
        row.institution.revision += int(bool(row.before) and row.before != row.after)
    await db.flush()
    await index_people_of(db, [row.institution for row in found if row.line and row.is_renamed])


async def _new_focal(
    db: AsyncSession, table: _Table, row: SavedRow, caller: Caller, *, at: datetime
) -> FocalPoint | None:
    """Who names people for it from now on, if that is another one.

    One who stays under a known address is renamed, one who keeps the name has a new address; else another one
    takes their place."""
    given, pair, institution = row.given, row.shown_focal, row.institution
    key = address_key(given.focal_address or "")
    person = table.people.get(key)
    if pair and person is None and key and folded(pair[1].name) == folded(given.focal_name):
        person = pair[1]
        person.address, person.address_key = given.focal_address, key
        await _corrected(db, person, institution)
        for follow in ADDRESS_CHANGED:
            await follow(db, person, at=at)
        return None
    if pair and person and person.id == pair[1].id:
        person.name = given.focal_name or person.name
        await _corrected(db, person, institution)
        return None
    if pair:
        await db.delete(pair[0])
    if key and person is None:
        person = row.focal = table.people[key] = new_person(
            db,
            table.project_id,
            name=given.focal_name,
            address=given.focal_address,
            institution=institution,
            province=institution.province if institution.country == "TR" else "",
        )
        audit.record(db, "person.added", person.id, at=at, project_id=table.project_id, **caller.signature)
    there = {other.id for _, other in row.line.focal_points} if row.line else set()
    is_new = person is not None and person.id not in there
    return FocalPoint(institution_id=institution.id, person_id=person.id) if person and is_new else None


async def _corrected(db: AsyncSession, person: Person, institution: Institution) -> None:
    own = institution if person.institution_id == institution.id else None
    if own is None and person.institution_id:
        own = await db.get(Institution, person.institution_id)
    index_person(person, own)
    person.revision += 1


async def _noted(
    db: AsyncSession, project_id: UUID, found: Sequence[SavedRow], caller: Caller, *, at: datetime
) -> GridOutcome:
    outcome = GridOutcome(rows=found)
    for row in found:
        acts = []
        if not row.before:
            acts.append("institution.added")
        elif row.before != row.after:
            acts.append("institution.changed")
        if row.is_focal_changed:
            acts.append("institution.focal-points")
        outcome.added += int(not row.before)
        outcome.changed += int(bool(row.before and acts))
        outcome.unchanged += int(not acts)
        for act in acts:
            audit.record(db, act, row.institution.id, at=at, project_id=project_id, **caller.signature)
    if outcome.added or outcome.changed:
        audit.record(
            db,
            "institutions.saved",
            project_id,
            at=at,
            project_id=project_id,
            **caller.signature,
            added=outcome.added,
            changed=outcome.changed,
        )
    await db.flush()
    return outcome
