"""What still points to rows: by the foreign keys of all tables, so that a new table cannot be forgotten."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


async def still_referenced(
    db: AsyncSession, table: str, ids: Collection[UUID], *, ignoring: Collection[str] = ()
) -> set[UUID]:
    """Those of these rows of a table that rows of others point to, or of itself. A query for each foreign key;
    `ignoring` names tables that do not count."""
    found: set[UUID] = set()
    if not ids:
        return found
    for other in SQLModel.metadata.sorted_tables:
        if other.name in ignoring:
            continue
        for column in other.columns:
            if any(key.column.table.name == table for key in column.foreign_keys):
                rows = await db.exec(select(column).where(column.in_(ids)).distinct())
                found.update(id for id in rows if id)
    return found
