"""Knowing people once: by mailbox where they have one, by name and institution where not."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import folded, matches
from core.errors import NotFound, OutOfScope
from core.paging import Page, Paging, paged
from core.text import address_key
from directory.accounts.access import Caller
from directory.people.models import Acquaintance, Institution, Person


@cache
def provinces() -> dict[str, str]:
    """The 81 provinces of Türkiye: ISO 3166-2 code to name."""
    with (Path(__file__).parent / "provinces.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def province_codes() -> dict[str, str]:
    """Folded names and codes to the code."""
    names = {folded(name): code for code, name in provinces().items()}
    return names | {folded(code): code for code in provinces()}


async def find_people_by_address(db: AsyncSession, addresses: Iterable[str]) -> dict[str, Person]:
    """Known people by the key of their mailbox."""
    keys = {address_key(address) for address in addresses if address}
    found = await db.exec(select(Person).where(col(Person.address_key).in_(keys)))
    return {str(person.address_key): person for person in found}


async def institutions_named(db: AsyncSession, names: Iterable[str]) -> dict[str, Institution]:
    """Institutions by folded name; those not known yet are added."""
    wanted = {folded(name): name for name in names if name}
    found = await db.exec(select(Institution).where(col(Institution.search).in_(wanted)))
    known = {institution.search: institution for institution in found}
    for search, name in wanted.items():
        if search not in known:
            known[search] = Institution(name=name, search=search)
            db.add(known[search])
    await db.flush()
    return known


def new_person(
    db: AsyncSession, *, name: str, title: str = "", address: str | None = None, institution: Institution | None = None,
    province: str = "", language: str = "tr",
) -> Person:  # fmt: skip
    person = Person(
        name=name, title=title, address=address or None, address_key=address_key(address) if address else None,
        institution_id=institution.id if institution else None, province=province, language=language,
        search=search_key(name, title, address, institution, province),
    )  # fmt: skip
    db.add(person)
    return person


def search_key(
    name: str, title: str, address: str | None, institution: Institution | None, province: str
) -> str:
    return folded(
        name, title, address or "", institution.name if institution else "", provinces().get(province, "")
    )


async def acquaint(db: AsyncSession, project_id: UUID, people: Iterable[UUID]) -> None:
    """Let the project know these people; knowing them already changes nothing."""
    wanted = set(people)
    known = await db.exec(
        select(Acquaintance.person_id).where(
            Acquaintance.project_id == project_id, col(Acquaintance.person_id).in_(wanted)
        )
    )
    for person_id in sorted(wanted - set(known.all())):
        db.add(Acquaintance(project_id=project_id, person_id=person_id))
    await db.flush()


async def list_people(
    db: AsyncSession, caller: Caller, wanted: str, asked: Paging
) -> Page[tuple[Person, Institution | None]]:
    """People of the caller's projects whose name, address, institution or province holds every word."""
    known = select(Acquaintance.person_id).where(col(Acquaintance.project_id).in_(caller.projects))
    return await paged(
        db,
        select(Person, Institution)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(col(Person.id).in_(known), matches(col(Person.search), wanted))
        .order_by(Person.search, col(Person.id)),
        asked,
    )


async def get_person(db: AsyncSession, person_id: UUID, caller: Caller) -> tuple[Person, Institution | None]:
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    known = await db.exec(select(Acquaintance.project_id).where(Acquaintance.person_id == person_id))
    if not caller.projects & set(known.all()):
        raise OutOfScope("person", person_id, caller)
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    return person, institution
