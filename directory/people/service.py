"""People of a project, each known once in it: by mailbox where they have one, by name and institution where not.

Nothing here looks across projects, but for the person themself (`find_own_records`): whether another project knows
somebody must not show in what this one gets to see.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.collation import sort_key, surname_key
from core.columns import folded, given_words, matches_given, room, without_secrets
from core.errors import N_, NotFound, Unacceptable
from core.ids import new_id
from core.paging import in_order
from core.text import address_key, is_one_mailbox
from core.web import checked, must_match
from directory.accounts.access import Caller
from directory.people.geography import provinces
from directory.people.models import (
    Institution,
    InstitutionMerge,
    Merge,
    Person,
    PersonAddress,
    kind_of,
)
from directory.people.schemas import InstitutionName, NewPerson, PersonIn, PersonSort
from directory.projects.service import get_project, must_reach

MOST_EXPORTED = 20_000
# The name of whoever has been erased.
ERASED = "–"
# What a search for institutions looks through: the name in either language.
FOUND_BY: Any = col(Institution.search).concat(" ").concat(col(Institution.search_en))
# Packages above say here which events a person has had a part in: title, days, standing, address of its page.
Story = Callable[[AsyncSession, UUID, Caller], Awaitable[list[tuple[str, date, str, str]]]]
STORIES: list[Story] = []


class AddressFollower(Protocol):
    """Ends what must not outlive a person's former mailbox."""

    def __call__(self, db: AsyncSession, person: Person, *, at: datetime) -> Awaitable[None]: ...


# Packages above say here what ends when a person's mailbox becomes another one.
ADDRESS_CHANGED: list[AddressFollower] = []
# Packages above say here which addresses a person had before: rows with `former`, `address`, `state`, `changed_at`.
FORMER_ADDRESSES: list[Callable[[AsyncSession, UUID], Awaitable[Sequence[Any]]]] = []


async def find_people_by_address(db: AsyncSession, project_id: UUID, addresses: Iterable[str]) -> dict[str, Person]:
    """People whom the project knows, by the key of their mailbox."""
    keys = {address_key(address) for address in addresses if address}
    found = await db.exec(select(Person).where(Person.project_id == project_id, col(Person.address_key).in_(keys)))
    known = {str(person.address_key): person for person in found}
    others = await db.exec(
        select(PersonAddress, Person)
        .join(Person, col(Person.id) == PersonAddress.person_id)
        .where(PersonAddress.project_id == project_id, col(PersonAddress.address_key).in_(keys - known.keys()))
    )
    return known | {other.address_key: person for other, person in others}


async def find_people_by_name(db: AsyncSession, project_id: UUID, names: Iterable[str]) -> dict[str, list[Person]]:
    """People of the project with the words of these names, in any order and spelling of Turkish letters."""
    keys = {name: name_key(name) for name in names}
    found = await db.exec(
        select(Person).where(
            Person.project_id == project_id,
            col(Person.name_key).in_(set(keys.values())),
            col(Person.merged_into_id).is_(None),
        )
    )
    by_key: dict[str, list[Person]] = {}
    for person in found:
        by_key.setdefault(person.name_key, []).append(person)
    return {name: by_key[key] for name, key in keys.items() if key in by_key}


async def find_person_by_address(db: AsyncSession, project_id: UUID, address: str) -> Person | None:
    """Whose mailbox it is, if the project knows them."""
    return (await find_people_by_address(db, project_id, [address])).get(address_key(address))


async def find_own_records(db: AsyncSession, address: str) -> list[Person]:
    """The record of each project that writes to this mailbox. Only for what goes to that mailbox itself."""
    key = address_key(address)
    others = select(PersonAddress.person_id).where(PersonAddress.address_key == key)
    found = await db.exec(
        select(Person)
        .where((col(Person.address_key) == key) | col(Person.id).in_(others), col(Person.merged_into_id).is_(None))
        .order_by(col(Person.id))
    )
    return list(found.all())


async def institutions_known(db: AsyncSession, project_id: UUID, names: Iterable[str]) -> dict[str, Institution]:
    """Institutions of the project by folded name, in whichever language; others are left out."""
    wanted = {folded(name) for name in names if name}
    named = col(Institution.search).in_(wanted) | col(Institution.search_en).in_(wanted)
    known: dict[str, Institution] = {}
    for one in await db.exec(select(Institution).where(Institution.project_id == project_id, named)):
        known |= {key: one for key in (one.search, one.search_en) if key in wanted}
    if wanted - known.keys():
        known |= await _known_before(db, project_id, wanted - known.keys())
    return known


async def _known_before(db: AsyncSession, project_id: UUID, wanted: Collection[str]) -> dict[str, Institution]:
    """What others were merged into, by the names that those had."""
    found = await db.exec(
        select(InstitutionMerge, Institution)
        .join(Institution, col(Institution.id) == InstitutionMerge.kept_id)
        .where(
            InstitutionMerge.project_id == project_id,
            col(InstitutionMerge.undone_at).is_(None),
            col(InstitutionMerge.search).in_(wanted) | col(InstitutionMerge.search_en).in_(wanted),
        )
    )
    return {key: one for merge, one in found for key in (merge.search, merge.search_en) if key in wanted}


async def institutions_named(db: AsyncSession, project_id: UUID, names: Iterable[str]) -> dict[str, Institution]:
    """Institutions of the project by folded name; those not known yet are added."""
    wanted = {institution_key(name): name for name in names if name}
    known = await institutions_known(db, project_id, wanted.values())
    for search, name in wanted.items():
        if search not in known:
            known[search] = Institution(project_id=project_id, name=name, search=search, kind=kind_of(name))
            db.add(known[search])
    await db.flush()
    return known


def institution_key(name: str, field: str = "institution") -> str:
    """What an institution is found by. Raises Invalid for what is no name, or too long, as it stands or folded."""
    return folded(checked(dict[str, InstitutionName], {field: name})[field])


async def must_be_people(db: AsyncSession, project_id: UUID, ids: Iterable[UUID], field: str) -> None:
    """Raises Unacceptable where one of these is nobody whom the project knows."""
    wanted = set(ids)
    if not wanted:
        return
    found = await db.exec(select(Person.id).where(Person.project_id == project_id, col(Person.id).in_(wanted)))
    if wanted - set(found.all()):
        raise Unacceptable(field, N_("The project does not know somebody in this list."))


async def must_be_institutions(db: AsyncSession, project_id: UUID, ids: Iterable[UUID | None], field: str) -> None:
    """Raises Unacceptable where one of these is no institution of the project."""
    wanted = {id for id in ids if id}
    if not wanted:
        return
    found = await db.exec(
        select(Institution.id).where(Institution.project_id == project_id, col(Institution.id).in_(wanted))
    )
    if wanted - set(found.all()):
        raise Unacceptable(field, N_("This institution is not there."))


def new_person(
    db: AsyncSession,
    project_id: UUID,
    *,
    name: str,
    title: str = "",
    title_en: str = "",
    address: str | None = None,
    institution: Institution | None = None,
    province: str = "",
    language: str = "tr",
    id: UUID | None = None,
) -> Person:
    person = Person(
        id=id or new_id(),
        project_id=project_id,
        name=name,
        title=title,
        title_en=title_en,
        address=address or None,
        address_key=address_key(address) if address else None,
        institution_id=institution.id if institution else None,
        province=province,
        language=language,
        search="",
    )
    index_person(person, institution)
    db.add(person)
    return person


def name_key(name: str) -> str:
    """The words of a name, folded and sorted: “YILMAZ, Ayşe” and “Ayşe Yılmaz” are one."""
    return " ".join(sorted(folded(name.replace(",", " ").replace(".", " ")).split()))[: room(Person, "name_key")]


def search_key(name: str, title: str, address: str | None, institution: Institution | None, province: str) -> str:
    texts = (
        name,
        title,
        address or "",
        institution.name if institution else "",
        provinces().get(province, ""),
        institution.name_en if institution else "",
    )
    return folded(*texts)[: room(Person, "search")]


def name_of(id: audit.Id) -> sa.ScalarSelect[str]:
    """What a person is called who has not been erased, as part of another query."""
    return select(Person.name).where(Person.id == id, Person.name != ERASED).scalar_subquery()


def index_person(person: Person, institution: Institution | None) -> None:
    """Write down anew what a person is found by."""
    person.search = search_key(person.name, person.title, person.address, institution, person.province)
    person.name_key = name_key(person.name)
    person.sort_key, person.surname_key = sort_key(person.name), surname_key(person.name)


def index_institution(institution: Institution) -> bool:
    """Write down anew what an institution is found by. Returns whether that has changed.

    Raises Unacceptable beside the name that can be none.
    """
    before = institution.search, institution.search_en
    institution.search = institution_key(institution.name, "name")
    institution.search_en = institution_key(institution.name_en, "name_en") if institution.name_en else ""
    return before != (institution.search, institution.search_en)


async def index_people_of(db: AsyncSession, institutions: Sequence[Institution]) -> None:
    """Let the people of these institutions be found by the names that those have now."""
    by_id = {institution.id: institution for institution in institutions}
    for person in await db.exec(select(Person).where(col(Person.institution_id).in_(by_id), Person.name != ERASED)):
        index_person(person, by_id[person.institution_id] if person.institution_id else None)
    await db.flush()


def known_people(
    caller: Caller, wanted: str, sort: PersonSort = "name"
) -> tuple[Select[Person, Institution], dict[str, Any]]:
    """People of the caller's projects who were not erased, with the institution of each: the statement, and its
    parameters."""
    words = given_words(wanted)
    return _known_people(len(words), sort), {"projects": list(caller.projects), **words}


@lru_cache(maxsize=256)
def _known_people(words: int, sort: PersonSort) -> Select[Person, Institution]:
    projects: Any = sa.bindparam("projects", expanding=True)
    provinces, surname = (sa.func.nullif(column, "") for column in (Person.province, Person.surname_key))
    columns = {"name": Person.sort_key, "surname": surname, "institution": Institution.sort_key, "province": provinces}
    return (
        select(Person, Institution)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(col(Person.project_id).in_(projects), col(Person.merged_into_id).is_(None), Person.name != ERASED)
        .where(matches_given(col(Person.search), words))
        .order_by(*in_order(sort, columns, Person.sort_key, col(Person.id)))
        .options(*without_secrets(Person))
    )


async def change_person(
    db: AsyncSession,
    person_id: UUID,
    given: PersonIn,
    caller: Caller,
    *,
    at: datetime,
    expected: int | None = None,
) -> Person:
    """Correct what is known of a person. Raises Unacceptable for a mailbox that is somebody else's, LostUpdate."""
    person, _ = await get_person(db, person_id, caller)
    must_match(person.revision, expected)
    is_moved = await _take_in(db, person, given)
    person.revision += 1
    audit.record(db, "person.changed", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()
    if is_moved:
        for follow in ADDRESS_CHANGED:
            await follow(db, person, at=at)
    return person


async def add_person(
    db: AsyncSession, given: NewPerson, caller: Caller, *, at: datetime, key: UUID | None = None
) -> Person:
    """Somebody whom the project does not know yet; the same key gives the one there is.

    Raises NotFound for a project that is not the caller's, Unacceptable for a mailbox that is somebody's.
    """
    await get_project(db, given.project_id, caller)
    there = await db.get(Person, key) if key else None
    if there:
        must_reach(there.project_id, "person", there.id, caller)
        return there
    person = Person(id=key or new_id(), project_id=given.project_id, name=given.name, search="")
    await _take_in(db, person, given)
    audit.record(db, "person.added", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()
    return person


async def _take_in(db: AsyncSession, person: Person, given: PersonIn) -> bool:
    """Write down all that is said of a person. Returns whether their primary mailbox is another one now."""
    institutions = await institutions_named(db, person.project_id, [given.institution])
    institution = next(iter(institutions.values()), None)
    await _must_be_theirs(db, person, given)
    key = address_key(given.address) if given.address else None
    is_moved = not is_one_mailbox(person.address, given.address)
    values = given.model_dump(exclude={"project_id", "institution", "other_addresses", "phones", "country"})
    for name, value in values.items():
        setattr(person, name, value)
    person.phones = "\n".join(given.phones)
    person.institution_id = institution.id if institution else None
    person.address_key = key
    index_person(person, institution)
    db.add(person)
    await db.flush()
    await db.exec(delete(PersonAddress).where(col(PersonAddress.person_id) == person.id))
    for address in {address_key(a): a for a in given.other_addresses if a != given.address}.values():
        own, same = person.id, address_key(address)
        db.add(PersonAddress(project_id=person.project_id, person_id=own, address=address, address_key=same))
    return is_moved


async def add_other_addresses(db: AsyncSession, project_id: UUID, addresses: Mapping[UUID, str]) -> None:
    """Further mailboxes by person, several parted by spaces; one that is somebody's already is left out."""
    others = [
        PersonAddress(project_id=project_id, person_id=id, address=address, address_key=address_key(address))
        for id, texts in addresses.items()
        for address in texts.split()
    ]
    there = await find_people_by_address(db, project_id, [other.address for other in others])
    db.add_all({other.address_key: other for other in others if other.address_key not in there}.values())


async def index_erased(db: AsyncSession, ids: Collection[UUID]) -> None:
    """Let these records, whose columns are emptied, be found by nothing and called by no name."""
    values = {"name": ERASED, "institution_id": None, "revision": col(Person.revision) + 1}
    await db.exec(update(Person).where(col(Person.id).in_(ids)).values(**values))


async def _must_be_theirs(db: AsyncSession, person: Person, given: PersonIn) -> None:
    found = await find_people_by_address(db, person.project_id, [given.address or "", *given.other_addresses])
    for key, other in found.items():
        if other.id != person.id:
            is_primary = given.address is not None and address_key(given.address) == key
            raise Unacceptable(
                "address" if is_primary else "other_addresses",
                N_("%(name)s has this address. If it is the same person, change that record or merge the two."),
                name=other.name,
            )


async def other_addresses(db: AsyncSession, person_id: UUID) -> list[str]:
    found = await db.exec(
        select(PersonAddress.address).where(PersonAddress.person_id == person_id).order_by(PersonAddress.address)
    )
    return list(found.all())


async def get_person(db: AsyncSession, person_id: UUID, caller: Caller) -> tuple[Person, Institution | None]:
    """Raises NotFound, for a person of another project too."""
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    must_reach(person.project_id, "person", person_id, caller)
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    return person, institution


async def merges_of(db: AsyncSession, person_ids: Sequence[UUID]) -> list[tuple[Merge, Person]]:
    """Merges into these people that can be undone, with the record that was taken in."""
    found = await db.exec(
        select(Merge, Person)
        .join(Person, col(Person.id) == Merge.merged_id)
        .where(
            col(Merge.kept_id).in_(person_ids),
            col(Merge.undone_at).is_(None),
            # Seen as it lies there: an encrypted text is never empty.
            sa.type_coerce(col(Merge.before), sa.Text()) != "",
        )
        .order_by(col(Merge.id).desc())
        .limit(50)
    )
    return list(found.all())
