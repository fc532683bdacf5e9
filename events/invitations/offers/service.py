"""What an offer is reckoned with."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Institution


async def countries_of(db: AsyncSession, institutions: Collection[UUID | None]) -> dict[UUID | None, str]:
    """Where those who wait work: the country of their institution."""
    found = await db.exec(select(Institution.id, Institution.country).where(col(Institution.id).in_(institutions)))
    return dict(found.all())
