"""The list of people, in pages and as a table to take along."""

from collections import Counter
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.i18n import words
from core.paging import Page, Paging, at_most, paged
from directory.accounts.access import Caller
from directory.people.geography import provinces
from directory.people.models import SEXES, Institution, Person, name_of_institution
from directory.people.schemas import PersonSort
from directory.people.service import MOST_EXPORTED, known_people


async def list_people(
    db: AsyncSession, caller: Caller, wanted: str, page_request: Paging, sort: PersonSort = "name"
) -> Page[tuple[Person, Institution | None]]:
    """People of the caller's projects whose name, address, institution or province holds every word."""
    statement, given = known_people(caller, wanted, sort)
    return await paged(db, statement, page_request, given)


async def export_people(
    db: AsyncSession, caller: Caller, wanted: str, language: str, *, at: datetime
) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings; nothing of what is encrypted. Each project whose people
    are on it has in its history who took it out, and how many of its people."""
    say = words(language)
    heads: list[object] = [
        say.translate("Name"),
        say.translate("Position"),
        say.translate("Institution"),
        say.translate("Province"),
        say.translate("Sex"),
        say.translate("E-mail"),
    ]
    statement, given = known_people(caller, wanted)
    found = (await db.exec(statement.limit(at_most(MOST_EXPORTED)), params=given)).all()
    for project_id, people in Counter(person.project_id for person, _ in found).items():
        audit.record(db, "people.exported", project_id, at=at, project_id=project_id, **caller.signature, people=people)
    rows: list[list[object]] = [
        [
            p.name,
            p.title_in(language),
            name_of_institution(i, language),
            provinces().get(p.province, p.province),
            say.translate(SEXES[p.sex]),
            p.address or "",
        ]
        for p, i in found
    ]
    return [heads, *rows]
