"""Keeping the tree of institutions, and who names people for each."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.columns import folded, matches
from core.errors import N_, InUse, NotFound, Unacceptable
from core.i18n import words
from core.ids import new_id
from core.paging import Page, Paging, paged
from core.web import must_match
from directory.accounts.access import Caller
from directory.people.models import INSTITUTION_KINDS, FocalPoint, Institution, Person
from directory.people.schemas import InstitutionIn, NewInstitution
from directory.people.service import MOST_EXPORTED, get_person, institution_key, institutions_known
from directory.projects.service import get_project, must_reach

DEEPEST = 12


async def list_institutions(
    db: AsyncSession, caller: Caller, wanted: str, page_request: Paging
) -> Page[tuple[Institution, Institution | None, int]]:
    """Institutions of the caller's projects by name, each with the one above it and how many people work there."""
    return await paged(db, _named(caller.projects, wanted), page_request)


async def export_institutions(db: AsyncSession, caller: Caller, wanted: str, language: str) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings."""
    say = words(language)
    heads: list[object] = [
        say.translate("Institution name"),
        say.translate("Kind"),
        say.translate("Parent institution"),
        say.translate("Country"),
        say.translate("Province"),
        say.translate("Address"),
        say.translate("People"),
    ]
    found = (await db.exec(_named(caller.projects, wanted).limit(MOST_EXPORTED))).all()
    rows: list[list[object]] = [
        [
            i.name,
            say.translate(INSTITUTION_KINDS[i.kind]),
            above.name if above else "",
            i.country,
            i.province,
            i.address,
            count,
        ]
        for i, above, count in found
    ]
    return [heads, *rows]


def _named(projects: Collection[UUID], wanted: str) -> Select[Institution, Institution, int]:
    above = sa.orm.aliased(Institution)
    people = (
        select(sa.func.count())
        .select_from(Person)
        .where(col(Person.institution_id) == Institution.id, col(Person.merged_into_id).is_(None))
        .correlate(Institution)
        .scalar_subquery()
    )
    return (
        select(Institution, above, people)
        .join(above, col(above.id) == Institution.parent_id, isouter=True)
        .where(col(Institution.project_id).in_(projects), matches(col(Institution.search), wanted))
        .order_by(Institution.search, col(Institution.id))
    )


async def get_institution(db: AsyncSession, institution_id: UUID, caller: Caller) -> Institution:
    """Raises NotFound, for an institution of another project too."""
    institution = await db.get(Institution, institution_id)
    if institution is None:
        raise NotFound()
    must_reach(institution.project_id, "institution", institution_id, caller)
    return institution


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
    institution = Institution(id=key or new_id(), search=institution_key(given.name), **given.model_dump())
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
    institution.search = institution_key(given.name)
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
    """Take a body out of the tree. Raises InUse while people work there or others stand under it."""
    institution = await get_institution(db, institution_id, caller)
    for column in (col(Person.institution_id), col(Institution.parent_id), col(FocalPoint.institution_id)):
        if (await db.exec(select(sa.literal(1)).where(column == institution_id).limit(1))).first():
            raise InUse()
    audit.record(
        db,
        "institution.removed",
        institution.id,
        at=at,
        project_id=institution.project_id,
        **caller.signature,
    )
    await db.delete(institution)
    await db.flush()


async def _must_fit(db: AsyncSession, given: InstitutionIn, project_id: UUID, own: Institution | None) -> None:
    same = (await institutions_known(db, project_id, [given.name])).get(folded(given.name))
    if same is not None and same is not own:
        raise Unacceptable("name", N_("An institution of this name is there already."))
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
        select(Institution).where(Institution.parent_id == institution_id).order_by(Institution.search).limit(500)
    )
    return list(found.all())


async def focal_points(db: AsyncSession, institution_id: UUID) -> list[tuple[FocalPoint, Person]]:
    found = await db.exec(
        select(FocalPoint, Person)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(FocalPoint.institution_id == institution_id)
        .order_by(Person.search)
    )
    return list(found.all())


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
