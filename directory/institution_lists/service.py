"""What a list of institutions leads to: which it means, adding and completing them with their focal points, and taking
that back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import folded
from core.errors import N_
from core.references import still_referenced
from core.text import address_key
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.imports.models import ListImport
from directory.imports.rules import IMPORTABLE, CannotUndo, ImportRow, Verdict
from directory.imports.schemas import Choices, Reading
from directory.imports.service import ImportOutcome, Purpose
from directory.imports.views import match_institutions, phone_meant, province_in, write_code
from directory.institution_grid.schemas import GridRow
from directory.institution_grid.service import GridLine, SavedRow, kinds_named, save_table, with_focal_points
from directory.institution_lists import rules
from directory.institution_lists.rules import FIELDS, MOST_LINES_EACH
from directory.people.geography import province_meant
from directory.people.models import INSTITUTION_KINDS, FocalPoint, Institution, InstitutionKind, Person, PersonAddress
from directory.people.service import (
    add_other_addresses,
    find_people_by_address,
    index_institution,
    index_people_of,
    institutions_known,
    name_key,
)

INSTITUTIONS = "institutions"
# What a list says of an institution that the project knows already.
_COMPARED = ("name_en", "kind", "province", "parent")


async def judge(db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None:
    """Give each line its verdict against the institutions of the project and their focal points."""
    rows = [row for row in reading.rows if row.verdict not in (Verdict.wrong, Verdict.skipped)]
    for row in rows:
        _tidy(row)
    await match_institutions(db, upload, choices, reading)
    for row in rows:
        if row.verdict is Verdict.new and not row.values.get("institution"):
            row.mark(Verdict.skipped, N_("You left it out."))
    await _compare(db, upload.project_id, rows)
    _mark_repeated(rows)


def _tidy(row: ImportRow) -> None:
    values = row.values
    if not values.get("institution"):
        row.mark(Verdict.wrong, N_("There is no institution in this line."), "institution")
        return
    write_code(row, "province", N_("“%(text)s” is no province of Türkiye."), province_meant)
    write_code(row, "kind", N_("“%(text)s” is not understood."), lambda text: kinds_named().get(folded(text)))
    write_code(row, "phone", N_("“%(text)s” is no telephone number."), phone_meant)
    if values.get("name") and not values.get("address"):
        row.mark(row.verdict, N_("The focal point has no address: without one nobody can be written to."), "address")
        row.was.setdefault("name", values["name"])
        values["name"] = ""


def _mark_repeated(rows: Sequence[ImportRow]) -> None:
    """An institution may stand in several lines, each with a focal point of its own."""
    seen: dict[tuple[str, str], ImportRow] = {}
    lines: dict[str, list[ImportRow]] = {}
    for row in rows:
        if row.verdict not in IMPORTABLE:
            continue
        key = folded(row.values["institution"])
        first = seen.setdefault((key, address_key(row.values.get("address", ""))), row)
        of = lines.setdefault(key, [])
        if first is not row or (of and not row.values.get("address")) or len(of) == MOST_LINES_EACH:
            row.mark(Verdict.duplicate, N_("see line %(line)s"), line=(of[0] if of else first).number)
        else:
            of.append(row)


async def _compare(db: AsyncSession, project_id: UUID, rows: Sequence[ImportRow]) -> None:
    lines = await _lines(db, project_id, [row.values.get("institution", "") for row in rows])
    people = await find_people_by_address(db, project_id, [row.values.get("address", "") for row in rows])
    parents = [row.values["parent"] for row in rows if row.values.get("parent")]
    known_parents = await institutions_known(db, project_id, parents)
    listed = {folded(row.values.get("institution", "")) for row in rows}
    for row in rows:
        if row.verdict is not Verdict.new:
            continue
        person = people.get(address_key(row.values.get("address", "")))
        said = row.values.get("name", "")
        if person and said and name_key(said) != name_key(person.name):
            text = N_("The project knows this address as %(name)s. Write that name, or another address.")
            row.mark(Verdict.wrong, text, "address", name=person.name)
            continue
        if row.values.get("address") and not person and not said:
            row.mark(Verdict.wrong, N_("Please say whose address this is."), "name")
            continue
        parent = folded(row.values.get("parent", ""))
        if parent and parent not in known_parents and parent not in listed:
            row.mark(row.verdict, N_("It is added as an institution of its own."), "parent")
        line = lines.get(folded(row.values["institution"]))
        if line:
            _against(row, line, person)


def _against(row: ImportRow, line: GridLine, focal: Person | None) -> None:
    """The verdict on a line of an institution that the project knows."""
    row.known_id = line.institution.id
    row.known = _differences(row, line)
    there = {person.id for _, person in line.focal_points}
    is_more = any(row.values.get(name) and not text for name, text in _known(line).items())
    is_known_focal = not row.values.get("address") or (focal is not None and focal.id in there)
    if row.known:
        row.verdict = Verdict.differs
    elif is_known_focal and not is_more:
        row.verdict = Verdict.already
    else:
        row.verdict = Verdict.known


def _known(line: GridLine) -> dict[str, str]:
    one = line.institution
    kind = "" if one.kind is InstitutionKind.other else one.kind.value
    return {
        "name_en": one.name_en,
        "kind": kind,
        "province": one.province,
        "parent": line.above.name if line.above else "",
    }


def _differences(row: ImportRow, line: GridLine) -> dict[str, str]:
    ours, said = _known(line), {name: row.values.get(name, "") for name in _COMPARED}
    return {
        name: ours[name] for name in _COMPARED if said[name] and ours[name] and folded(said[name]) != folded(ours[name])
    }


async def _lines(db: AsyncSession, project_id: UUID, names: Collection[str]) -> dict[str, GridLine]:
    """Known institutions with their parents and focal points, by folded name."""
    known = await institutions_known(db, project_id, names)
    parents = await db.exec(
        select(Institution).where(col(Institution.id).in_({one.parent_id for one in known.values() if one.parent_id}))
    )
    above = {one.id: one for one in parents}
    unique = {one.id: one for one in known.values()}
    lines = await with_focal_points(
        db, [(one, above.get(one.parent_id) if one.parent_id else None) for one in unique.values()]
    )
    by_id = {line.institution.id: line for line in lines}
    return {key: by_id[one.id] for key, one in known.items()}


async def apply(
    db: AsyncSession,
    upload: ListImport,
    rows: Sequence[ImportRow],
    reading: Reading,
    caller: Caller,
    *,
    at: datetime,
) -> ImportOutcome:
    """Add the institutions of these lines, complete those known, and add focal points; with `take_over` what the list
    says otherwise of an institution replaces what the project has. Nobody stops being a focal point."""
    take_over = Choices.model_validate_json(upload.choices).take_over
    of: dict[str, list[ImportRow]] = {}
    for row in rows:
        of.setdefault(folded(row.values["institution"]), []).append(row)
    outcome = ImportOutcome(made={"institutions": [], "people": [], "points": [], "before": {}})
    await _add_parents(db, upload.project_id, rows, of, outcome, caller, at=at)
    saved: list[tuple[SavedRow, ImportRow]] = []
    # The first line of each institution together, then the second of those that have two.
    for number, turn in enumerate(zip_longest(*of.values())):
        wanted = [row for row in turn if row]
        lines = await _lines(db, upload.project_id, [row.values["institution"] for row in wanted])
        given = [
            _grid_row(row, lines.get(folded(row.values["institution"])), take_over=take_over and number == 0)
            for row in wanted
        ]
        done = await save_table(db, upload.project_id, given, caller, at=at)
        outcome.added += done.added
        outcome.changed += done.changed if number == 0 else 0
        saved += zip(done.rows, wanted, strict=True)
    await _set_details(db, upload, saved, outcome)
    return outcome


async def _add_parents(
    db: AsyncSession,
    project_id: UUID,
    rows: Sequence[ImportRow],
    listed: Collection[str],
    outcome: ImportOutcome,
    caller: Caller,
    *,
    at: datetime,
) -> None:
    names = {folded(row.values["parent"]): row.values["parent"] for row in rows if row.values.get("parent")}
    known = await institutions_known(db, project_id, names.values())
    new = [GridRow(name=name) for key, name in names.items() if key not in known and key not in listed]
    done = await save_table(db, project_id, new, caller, at=at)
    outcome.added += done.added
    outcome.made["institutions"] += [str(row.institution.id) for row in done.rows]


def _grid_row(row: ImportRow, line: GridLine | None, *, take_over: bool) -> GridRow:
    """The line over what the project has: empty fields are filled, others only taken over where that is wanted."""
    said = {name: row.values.get(name, "") for name in _COMPARED}
    focal = {"focal_name": row.values.get("name", ""), "focal_address": row.values.get("address") or None}
    if line is None:
        return GridRow(
            name=row.values["institution"],
            **focal | said | {"province": said["province"] or province_in(row.values["institution"])},
        )
    known = _known(line)
    values = {name: said[name] if said[name] and (take_over or not known[name]) else known[name] for name in said}
    values["kind"] = values["kind"] or line.institution.kind
    if focal["focal_address"] in {person.address for _, person in line.focal_points}:
        focal = {}
    return GridRow(id=line.institution.id, name=line.institution.name, **focal | values)


async def _set_details(
    db: AsyncSession,
    upload: ListImport,
    saved: Sequence[tuple[SavedRow, ImportRow]],
    outcome: ImportOutcome,
) -> None:
    """What only new focal points get — position, telephone, other addresses — and what undoing needs."""
    others: dict[UUID, str] = {}
    for done, row in saved:
        if not done.before:
            outcome.made["institutions"].append(str(done.institution.id))
        elif done.before != done.after:
            outcome.made["before"][str(done.institution.id)] = [_texts(done.before), _texts(done.after)]
        if done.point:
            outcome.made["points"].append(str(done.point.id))
        if done.focal:
            done.focal.title = row.values.get("title", "")
            done.focal.phones = row.values.get("phone", "")
            others[done.focal.id] = row.values.get("other_address", "")
            outcome.made["people"].append(str(done.focal.id))
    await add_other_addresses(db, upload.project_id, others)


def _texts(values: Sequence[object]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


async def undo(db: AsyncSession, upload: ListImport, made: dict[str, Any], caller: Caller, *, at: datetime) -> int:
    """Focal points, people and institutions that came with the list go, unless something else points to them by now,
    and what it changed of others is as before. Raises CannotUndo where nothing is left to take back."""
    points, people, institutions = ([UUID(id) for id in made[name]] for name in ("points", "people", "institutions"))
    await db.exec(delete(FocalPoint).where(col(FocalPoint.id).in_(points)))
    gone = set(people) - await still_referenced(db, "person", people, ignoring={"person_address"})
    await db.exec(delete(PersonAddress).where(col(PersonAddress.person_id).in_(gone)))
    await db.exec(delete(Person).where(col(Person.id).in_(gone)))
    count = len(points) + await _restore(db, made["before"])
    count += await _drop(db, institutions)
    if not count:
        raise CannotUndo()
    return count


async def _drop(db: AsyncSession, ids: Sequence[UUID]) -> int:
    """Remove what nothing points to; parents after what was under them, a level of the tree at a time."""
    left, count = set(ids), 0
    while left:
        unused = left - await still_referenced(db, "institution", left)
        if not unused:
            break
        await db.exec(delete(Institution).where(col(Institution.id).in_(unused)))
        left, count = left - unused, count + len(unused)
    return count


async def _restore(db: AsyncSession, before: Mapping[str, Sequence[Sequence[str]]]) -> int:
    """What the import changed and nobody has changed since is as it was."""
    found = await db.exec(select(Institution).where(col(Institution.id).in_([UUID(id) for id in before])))
    changed = []
    for one in found:
        was, came = before[str(one.id)]
        if _texts((one.name, one.name_en, one.kind, one.province, one.parent_id)) != list(came):
            continue
        _, one.name_en, kind, one.province, parent = was
        one.kind, one.parent_id = InstitutionKind(kind), UUID(parent) if parent else None
        one.revision += 1
        index_institution(one)
        changed.append(one)
    await db.flush()
    await index_people_of(db, changed)
    return len(changed)


async def _always_open(db: AsyncSession, project_id: UUID) -> None:
    """Institutions may be added at any time."""


LIST = Purpose(
    name=INSTITUTIONS,
    title=N_("List of institutions"),
    right=Right.plan,
    fields=FIELDS,
    is_enough=rules.has_institutions,
    needs=N_("Please say which column holds the institution."),
    judge=judge,
    apply=apply,
    undo=undo,
    leads_to=lambda upload: "/institutions",
    must_be_open=_always_open,
    labels={"kind": INSTITUTION_KINDS},
)
