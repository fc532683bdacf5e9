"""Those who attended with their superiors, a page at a time."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.paging import Page, Paging
from events.attendance.superiors.schemas import SuperiorOut
from events.attendance.superiors.service import AskedAbout, list_attended, page_of_attended


async def page_of_superiors(db: AsyncSession, event_id: UUID, language: str, paging: Paging) -> Page[SuperiorOut]:
    """One page of everybody who attended, by name, and whom to ask about them."""
    found = await page_of_attended(db, event_id, paging)
    return Page([_shown(one, language) for one in found.rows], found.total, found.page, found.limit)


async def superior_of(db: AsyncSession, event_id: UUID, registration_id: UUID, language: str) -> SuperiorOut | None:
    """One of them; None for somebody who did not attend."""
    found = await list_attended(db, event_id, registration_id)
    return _shown(found[0], language) if found else None


def _shown(one: AskedAbout, language: str) -> SuperiorOut:
    said = {}
    if one.superior and one.of:
        said = {**one.superior.model_dump(include={"name", "address", "language"}), "source": one.of.source}
    institution = one.institution.name_in(language) if one.institution else ""
    return SuperiorOut(
        registration_id=one.registration.id, participant=one.person.name, institution=institution, **said
    )
