"""Those who attended with their superiors, a page at a time."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.attendance.superiors.schemas import SuperiorOut
from events.attendance.superiors.service import list_attended


async def rows_of(db: AsyncSession, event_id: UUID, language: str) -> list[SuperiorOut]:
    """Everybody who attended, by name, and whom to ask about them."""
    rows = []
    for one in await list_attended(db, event_id):
        said = {}
        if one.superior and one.of:
            said = {
                **one.superior.model_dump(include={"name", "address", "language"}),
                "source": one.of.source,
            }
        institution = one.institution.name_in(language) if one.institution else ""
        rows.append(
            SuperiorOut(
                registration_id=one.registration.id, participant=one.person.name, institution=institution, **said
            )
        )
    return rows
