"""Many new rows at once: an object for each costs ten times as much as the row itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic_core import PydanticUndefined
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Item = TypeVar("Item")
# Bounds of drivers on the values of one statement.
_AT_ONCE = 1000
# So many values stand in one IN, or are changed by one statement.
BATCH = 500


def batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """The items in their order, at most `size` at a time: none where there are none."""
    return (items[start : start + size] for start in range(0, len(items), size))


async def add_absent(
    db: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], **conflict: Any
) -> None:
    """Insert rows but those that are there, which the database decides: asking first would cost a statement and could
    still come too late. Each says all columns that may not be empty. `conflict` names the index that decides, as
    SQLAlchemy's `on_conflict_do_nothing` takes it; without it, any does."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    await db.exec(insert(table).on_conflict_do_nothing(**conflict), params=list(rows))


async def add_rows(db: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by the names of the fields; what is not said is the field's default, as in a new object.

    Nothing is checked and no object of the session stands for them. What they point to has to be there.
    """
    if not rows:
        return
    fields = table.model_fields
    fixed = {name: f.default for name, f in fields.items() if f.default is not PydanticUndefined}
    made = {name: f.default_factory for name, f in fields.items() if f.default_factory}
    await db.flush()
    for some in batches(rows, _AT_ONCE):
        filled = [
            fixed | {name: make() for name, make in made.items() if name not in row} | dict(row)  # type: ignore[call-arg]
            for row in some
        ]
        await db.exec(sa.insert(table), params=filled)
