"""What goes with a mail, made at the moment it leaves: nothing personal is kept twice, and it is never old."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.settings import Settings
from notifications.jobs.context import Attached, Maker


async def made(
    db: AsyncSession, references: Sequence[str], makers: Mapping[str, Maker], settings: Settings, at: datetime
) -> list[Attached]:
    """The files that references like `certificate:<id>` stand for."""
    files = []
    for reference in references:
        kind, _, id = reference.partition(":")
        file = await makers[kind](db, UUID(id), settings, at)
        if file is not None:
            files.append(file)
    return files
