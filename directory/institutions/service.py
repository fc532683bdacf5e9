"""Keeping the tree of institutions, and who names people for each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.columns import folded, given_words, matches_given
from core.errors import N_, InUse, NotFound, Unacceptable
from core.i18n import words
from core.ids import new_id
from core.paging import Page, Paging, at_most, in_order, paged
from core.web import must_match
from directory.accounts.access import Caller
from directory.people.models import (
    INSTITUTION_KINDS,
    FocalPoint,
    Institution,
    InstitutionKind,
    InstitutionMerge,
    Person,
    name_of_institution,
)
from directory.people.schemas import FocalPointIn, InstitutionIn, InstitutionSort, NewInstitution
from directory.people.service import (
    FOUND_BY,
    MOST_EXPORTED,
    find_person_by_address,
    get_person,
    index_institution,
    index_people_of,
    institutions_known,
    name_key,
    new_person,
)
from directory.projects.service import get_project, must_reach

DEEPEST = 12
OTHERS_MAILBOX = N_("This is the address of %(name)s. Leave the name empty to choose them.")
TAKEN = N_("An institution of this name is there already.")


@dataclass(frozen=True)
class InstitutionReference:
    """A column that points to institutions, for removing and merging.

    `once_in` are columns in which one institution may stand only once: of two such rows that a merge brings together,
    the one that `is_over` is taken out, or else the merged one's, and what `hanging` names moves to the other.
    Where it does not hinder, rows go with the institution. A column of text holds the id as text.
    """

    table: type[SQLModel]
    column: str = "institution_id"
    once_in: tuple[str, ...] = ()
    hanging: tuple[tuple[type[SQLModel], str], ...] = ()
    is_over: Callable[[Any], bool] = lambda row: False
    hinders: bool = True

    def points_to(self, ids: Collection[UUID]) -> sa.ColumnElement[bool]:
        column: Any = getattr(self.table, self.column)
        found: sa.ColumnElement[bool] = column.in_([self.key(id) for id in ids])
        return found

    def key(self, id: UUID) -> UUID | str:
        """The id as the column has it."""
        is_id = isinstance(sa.inspect(self.table).columns[self.column].type, sa.Uuid)
        return id if is_id else str(id)


OWN = (
    InstitutionReference(Person),
    InstitutionReference(FocalPoint, once_in=("person_id",)),
    InstitutionReference(Institution, "parent_id"),
    InstitutionReference(InstitutionMerge, "kept_id", hinders=False),
)
# Columns of packages above; named by their wiring.
REFERENCES: list[InstitutionReference] = []


async def list_institutions(
    db: AsyncSession,
    caller: Caller,
    wanted: str,
    page_request: Paging,
    *,
    kind: InstitutionKind | None = None,
    language: str = "tr",
    sort: InstitutionSort = "name",
) -> Page[tuple[Institution, Institution | None, int]]:
    """Institutions of the caller's projects by their name in that language, each with the one above it and how many
    people work there."""
    given = given_words(wanted)
    named = _named(len(given), language, sort, kind)
    return await paged(db, named, page_request, {"projects": list(caller.projects), **given})


async def export_institutions(db: AsyncSession, caller: Caller, wanted: str, language: str) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings."""
    say = words(language)
    heads: list[object] = [
        say.translate("Institution name"),
        say.translate("Name in English"),
        say.translate("Kind"),
        say.translate("Parent institution"),
        say.translate("Country"),
        say.translate("Province"),
        say.translate("Address"),
        say.translate("People"),
    ]
    given = given_words(wanted)
    named = _named(len(given), language).limit(at_most(MOST_EXPORTED))
    found = (await db.exec(named, params={"projects": list(caller.projects), **given})).all()
    rows: list[list[object]] = [
        [
            i.name,
            i.name_en,
            say.translate(INSTITUTION_KINDS[i.kind]),
            name_of_institution(above, language),
            i.country,
            i.province,
            i.address,
            count,
        ]
        for i, above, count in found
    ]
    return [heads, *rows]


@lru_cache(maxsize=256)
def _named(
    words: int, language: str, sort: InstitutionSort = "name", kind: InstitutionKind | None = None
) -> Select[Institution, Institution, int]:
    projects: Any = sa.bindparam("projects", expanding=True)
    above = sa.orm.aliased(Institution)
    people = (
        select(sa.func.count())
        .select_from(Person)
        .where(col(Person.institution_id) == Institution.id, col(Person.merged_into_id).is_(None))
        .correlate(Institution)
        .scalar_subquery()
    )
    name = _by_name(language)
    columns = {"name": name, "kind": Institution.kind, "above": above.sort_key, "people": people}
    named = (
        select(Institution, above, people)
        .join(above, col(above.id) == Institution.parent_id, isouter=True)
        .where(col(Institution.project_id).in_(projects), matches_given(FOUND_BY, words))
        .order_by(*in_order(sort, columns, name, col(Institution.id)))
    )
    return named.where(Institution.kind == kind) if kind else named


def _by_name(language: str) -> Any:
    """What the names in that language are sorted by."""
    english = sa.func.nullif(col(Institution.sort_key_en), "")
    return sa.func.coalesce(english, Institution.sort_key) if language == "en" else Institution.sort_key


async def get_institution(db: AsyncSession, institution_id: UUID, caller: Caller) -> Institution:
    """Raises NotFound, for an institution of another project too."""
    institution = await db.get(Institution, institution_id)
    if institution is None:
        raise NotFound()
    must_reach(institution.project_id, "institution", institution_id, caller)
    return institution


async def merged_into(db: AsyncSession, institution_id: UUID, caller: Caller) -> UUID | None:
    """What an institution of the caller's projects is part of now, if it was merged."""
    found = await db.exec(
        select(InstitutionMerge.kept_id).where(
            InstitutionMerge.merged_id == institution_id,
            col(InstitutionMerge.undone_at).is_(None),
            col(InstitutionMerge.project_id).in_(caller.projects),
        )
    )
    return found.first()


async def merges_of(db: AsyncSession, institution_id: UUID) -> list[InstitutionMerge]:
    """Merges into this institution that can be undone, the latest first."""
    found = await db.exec(
        select(InstitutionMerge)
        .where(InstitutionMerge.kept_id == institution_id, col(InstitutionMerge.undone_at).is_(None))
        .order_by(col(InstitutionMerge.id).desc())
        .limit(50)
    )
    return list(found.all())


async def add_institution(
    db: AsyncSession, given: NewInstitution, caller: Caller, *, at: datetime, key: UUID | None = None
) -> Institution:
    """A new body of one project; the same key gives the one there is.

    Raises NotFound for a project that is not the caller's, Unacceptable where the project has one of that name,
    however it is spelled.
    """
    await get_project(db, given.project_id, caller)
    there = await db.get(Institution, key) if key else None
    if there:
        must_reach(there.project_id, "institution", there.id, caller)
        return there
    await _must_fit(db, given, given.project_id, None)
    institution = Institution(id=key or new_id(), search="", **given.model_dump())
    index_institution(institution)
    db.add(institution)
    await db.flush()
    audit.record(db, "institution.added", institution.id, at=at, project_id=institution.project_id, **caller.signature)
    return institution


async def change_institution(
    db: AsyncSession,
    institution_id: UUID,
    given: InstitutionIn,
    caller: Caller,
    *,
    at: datetime,
    expected: int | None = None,
) -> Institution:
    institution = await get_institution(db, institution_id, caller)
    must_match(institution.revision, expected)
    await _must_fit(db, given, institution.project_id, institution)
    for name, value in given.model_dump().items():
        setattr(institution, name, value)
    if index_institution(institution):
        await index_people_of(db, [institution])
    institution.revision += 1
    audit.record(
        db,
        "institution.changed",
        institution.id,
        at=at,
        project_id=institution.project_id,
        **caller.signature,
    )
    await db.flush()
    return institution


async def remove_institution(db: AsyncSession, institution_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Take a body out of the tree. Raises InUse while anything points to it."""
    institution = await get_institution(db, institution_id, caller)
    await drop_institutions(db, [institution_id])
    audit.record(
        db,
        "institution.removed",
        institution.id,
        at=at,
        project_id=institution.project_id,
        **caller.signature,
    )
    await db.flush()


async def drop_institutions(db: AsyncSession, ids: Collection[UUID]) -> None:
    """Remove these, which may stand under each other. Raises InUse while anything else points to one of them."""
    for reference in (*OWN, *REFERENCES):
        points = reference.points_to(ids)
        if not reference.hinders:
            await db.exec(delete(reference.table).where(points))
            continue
        if reference.table is Institution:
            points &= col(Institution.id).not_in(ids)
        if (await db.exec(select(sa.literal(1)).where(points).limit(1))).first():
            raise InUse()
    await db.exec(update(Institution).where(col(Institution.id).in_(ids)).values(parent_id=None))
    await db.exec(delete(Institution).where(col(Institution.id).in_(ids)))


async def _must_fit(db: AsyncSession, given: InstitutionIn, project_id: UUID, own: Institution | None) -> None:
    known = await institutions_known(db, project_id, [given.name, given.name_en])
    for field, name in (("name", given.name), ("name_en", given.name_en)):
        same = known.get(folded(name))
        if same is not None and same is not own:
            raise Unacceptable(field, TAKEN)
    step, steps = given.parent_id, 0
    while step is not None:
        steps += 1
        above = await db.get(Institution, step)
        if above is None or above.project_id != project_id:
            raise Unacceptable("parent_id", N_("This institution is not there."))
        if (own is not None and above.id == own.id) or steps > DEEPEST:
            raise Unacceptable("parent_id", N_("An institution cannot be its own parent institution."))
        step = above.parent_id


async def path_of(db: AsyncSession, institution: Institution) -> list[Institution]:
    """From the top of the tree down to the one above it."""
    path: list[Institution] = []
    step = institution.parent_id
    while step is not None and len(path) < DEEPEST:
        above = await db.get_one(Institution, step)
        path.insert(0, above)
        step = above.parent_id
    return path


async def children_of(db: AsyncSession, institution_id: UUID) -> list[Institution]:
    found = await db.exec(
        select(Institution).where(Institution.parent_id == institution_id).order_by(Institution.sort_key).limit(500)
    )
    return list(found.all())


async def focal_points(db: AsyncSession, institution_id: UUID) -> list[tuple[FocalPoint, Person]]:
    found = await db.exec(
        select(FocalPoint, Person)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(FocalPoint.institution_id == institution_id)
        .order_by(Person.sort_key)
    )
    return list(found.all())


async def focal_person(
    db: AsyncSession, institution: Institution, given: FocalPointIn, caller: Caller, *, at: datetime
) -> Person:
    """Whose mailbox it is, or somebody new who works there. Raises Unacceptable where the mailbox is another one's than
    the name says."""
    known = await find_person_by_address(db, institution.project_id, given.focal_address)
    if known:
        if given.focal_name and name_key(given.focal_name) != name_key(known.name):
            raise Unacceptable("focal_name", OTHERS_MAILBOX, name=known.name)
        return known
    if not any(letter.isalnum() for letter in given.focal_name):
        raise Unacceptable("focal_name", N_("Please fill this in."))
    person = new_person(
        db,
        institution.project_id,
        name=given.focal_name,
        address=given.focal_address,
        institution=institution,
        province=institution.province if institution.country == "TR" else "",
    )
    audit.record(db, "person.added", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()
    return person


async def set_focal_points(
    db: AsyncSession, institution_id: UUID, people: list[UUID], caller: Caller, *, at: datetime
) -> None:
    """These people of the institution's own project name others for it, nobody else. Raises NotFound."""
    institution = await get_institution(db, institution_id, caller)
    for person_id in people:
        person, _ = await get_person(db, person_id, caller)
        if person.project_id != institution.project_id:
            raise NotFound()
    for one, _ in await focal_points(db, institution_id):
        await db.delete(one)
    await db.flush()
    db.add_all(FocalPoint(institution_id=institution.id, person_id=person_id) for person_id in dict.fromkeys(people))
    audit.record(
        db,
        "institution.focal-points",
        institution.id,
        at=at,
        project_id=institution.project_id,
        **caller.signature,
        count=len(people),
    )
    await db.flush()
