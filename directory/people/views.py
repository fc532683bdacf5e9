"""The list of people as a table to take along."""

from sqlmodel.ext.asyncio.session import AsyncSession

from core.i18n import words
from core.paging import at_most
from directory.accounts.access import Caller
from directory.people.geography import provinces
from directory.people.models import SEXES, name_of_institution
from directory.people.service import MOST_EXPORTED, known_people


async def export_people(db: AsyncSession, caller: Caller, wanted: str, language: str) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings; nothing of what is encrypted."""
    say = words(language)
    heads: list[object] = [
        say.translate("Name"),
        say.translate("Position"),
        say.translate("Institution"),
        say.translate("Province"),
        say.translate("Sex"),
        say.translate("E-mail"),
    ]
    found = (await db.exec(known_people(caller, wanted).limit(at_most(MOST_EXPORTED)))).all()
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
