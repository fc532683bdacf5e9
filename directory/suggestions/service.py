"""What a field offers while somebody types the name of an institution or a person, and which of them is meant."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import folded, matches
from core.errors import N_, Refusal, Unacceptable
from core.web import checked
from directory.accounts.access import Caller
from directory.people.geography import provinces
from directory.people.models import Institution, Person, name_of_institution
from directory.people.schemas import NewPerson
from directory.people.service import (
    FOUND_BY,
    add_person,
    find_person_by_address,
    institutions_known,
    institutions_named,
)
from directory.projects.service import get_project

SHORTEST, MOST = 2, 20
_ADDRESSED = re.compile(r"(?P<name>[^<>@]*?)\s*<?(?P<address>[^\s<>]+@[^\s<>]+)>?")


@dataclass(frozen=True)
class Suggestion:
    """What goes into the field, and what stands beside it in the list. `is_new` offers to create it."""

    value: str
    detail: str = ""
    is_new: bool = False


async def suggest_institutions(
    db: AsyncSession, project_id: UUID, wanted: str, language: str, caller: Caller, *, may_add: bool = False
) -> list[Suggestion]:
    """Institutions of the project whose name in either language holds every word; those that begin like it first."""
    await get_project(db, project_id, caller)
    if not _is_enough(wanted):
        return []
    found = await db.exec(
        select(Institution)
        .where(Institution.project_id == project_id, matches(FOUND_BY, wanted))
        .order_by(_begins(Institution.search, wanted), Institution.sort_key)
        .limit(MOST)
    )
    offered = [Suggestion(i.name_in(language), provinces(language).get(i.province, "")) for i in found]
    return [*offered, *_new(wanted, offered, may_add=may_add)]


async def suggest_people(
    db: AsyncSession, project_id: UUID, wanted: str, language: str, caller: Caller, *, may_add: bool = False
) -> list[Suggestion]:
    """People of the project by name, address, institution or province; each with the address, which tells them
    apart."""
    await get_project(db, project_id, caller)
    if not _is_enough(wanted):
        return []
    found = await db.exec(
        select(Person, Institution)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(
            Person.project_id == project_id,
            col(Person.merged_into_id).is_(None),
            matches(col(Person.search), wanted),
        )
        .order_by(_begins(Person.search, wanted), Person.sort_key)
        .limit(MOST)
    )
    offered = [
        Suggestion(
            f"{person.name} <{person.address}>" if person.address else person.name,
            " · ".join(filter(None, (person.title_in(language), name_of_institution(institution, language)))),
        )
        for person, institution in found
    ]
    return [*offered, *_new(wanted, offered, may_add=may_add)]


def _is_enough(wanted: str) -> bool:
    return len(folded(wanted)) >= SHORTEST


def _begins(column: Any, wanted: str) -> Any:
    """Sorts what begins like the words typed before what only holds them."""
    return sa.case((col(column).startswith(folded(wanted), autoescape=True), 0), else_=1)


def _new(wanted: str, offered: list[Suggestion], *, may_add: bool) -> list[Suggestion]:
    is_there = any(folded(one.value) == folded(wanted) for one in offered)
    return [Suggestion(wanted.strip(), is_new=True)] if may_add and not is_there else []


async def institution_meant(
    db: AsyncSession, project_id: UUID, text: str, *, field: str, may_add: bool = False
) -> Institution | None:
    """The one institution of the project that a name means, none where nothing is written; with `may_add` a new one.

    Raises Unacceptable where none fits, or several do.
    """
    if not text:
        return None
    known = (await institutions_known(db, project_id, [text])).get(folded(text))
    if known is None and may_add:
        return next(iter((await institutions_named(db, project_id, [text])).values()))
    if known is None:
        holds = select(Institution).where(Institution.project_id == project_id, matches(FOUND_BY, text)).limit(2)
        found = (await db.exec(holds)).all()
        if len(found) != 1:
            raise Unacceptable(field, N_("Exactly one institution has to fit. Please write its whole name."))
        known = found[0]
    return known


async def person_meant(
    db: AsyncSession, project_id: UUID, text: str, caller: Caller, *, field: str, at: datetime, may_add: bool = False
) -> Person:
    """The one person of the project whom a name, an address or “name <address>” means; with `may_add` a new one.

    Raises Unacceptable where nobody fits, or several do.
    """
    addressed = _ADDRESSED.fullmatch(text.strip())
    if addressed:
        one = await find_person_by_address(db, project_id, addressed["address"])
        found = [one] if one else []
    else:
        is_named = matches(col(Person.search), text), col(Person.merged_into_id).is_(None)
        found = list((await db.exec(select(Person).where(Person.project_id == project_id, *is_named).limit(2))).all())
    if len(found) == 1:
        return found[0]
    if found:
        raise Unacceptable(field, N_("More than one person fits. Please write more of the name, or the address."))
    if not may_add:
        raise Unacceptable(field, N_("The project knows nobody by this name. Choose “Create” in the list to add them."))
    name, address = (addressed["name"], addressed["address"]) if addressed else (text, "")
    try:
        given: NewPerson = checked(NewPerson, {"name": name, "address": address, "project_id": project_id})
    except Refusal:
        raise Unacceptable(field, N_("Please write name and address, like: Ayşe Yılmaz <ayse@example.org>")) from None
    return await add_person(db, given, caller, at=at)
