"""Remembering what somebody said once about the lists of a project, and letting it be looked at and changed."""

from collections.abc import Container, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from directory.accounts.access import Caller
from directory.import_memory.models import ImportMemory
from directory.people.models import Institution
from directory.projects.service import get_project

HEADING, INSTITUTION = "heading", "institution"
MOST_SHOWN = 1000


async def remembered_for(db: AsyncSession, project_id: UUID, purpose: str, kind: str) -> dict[str, str]:
    """By text what it means in the project's lists of one purpose."""
    found = await db.exec(
        select(ImportMemory).where(
            ImportMemory.project_id == project_id, ImportMemory.purpose == purpose, ImportMemory.kind == kind
        )
    )
    return {one.text: one.value for one in found}


async def remember(db: AsyncSession, project_id: UUID, purpose: str, kind: str, said: Mapping[str, str]) -> None:
    """Let these texts mean these fields or institutions from now on."""
    known = await db.exec(
        select(ImportMemory).where(
            ImportMemory.project_id == project_id,
            ImportMemory.purpose == purpose,
            ImportMemory.kind == kind,
            col(ImportMemory.text).in_([text[:250] for text in said]),
        )
    )
    by_text = {one.text: one for one in known}
    for text, value in said.items():
        key = text[:250]
        one = by_text.setdefault(
            key, ImportMemory(project_id=project_id, purpose=purpose, kind=kind, text=key, value=value)
        )
        one.value = value
        db.add(one)


async def list_memory(db: AsyncSession, project_id: UUID, caller: Caller) -> list[tuple[ImportMemory, str]]:
    """What the project remembers, each with the name of the institution that it means; those that are gone are not
    shown."""
    await get_project(db, project_id, caller)
    found = await db.exec(
        select(ImportMemory)
        .where(ImportMemory.project_id == project_id)
        .order_by(ImportMemory.purpose, ImportMemory.kind, ImportMemory.text)
        .limit(MOST_SHOWN)
    )
    memories = list(found.all())
    ids = [UUID(one.value) for one in memories if one.kind == INSTITUTION]
    institutions = await db.exec(select(Institution).where(col(Institution.id).in_(ids)))
    names = {str(one.id): one.name for one in institutions}
    return [(one, names.get(one.value, "")) for one in memories if one.kind == HEADING or one.value in names]


async def change_memory(
    db: AsyncSession,
    project_id: UUID,
    memory_id: UUID,
    value: str,
    caller: Caller,
    *,
    fields: Mapping[str, Container[str]],
    at: datetime,
) -> None:
    """Let a heading mean another of the `fields` of its purpose, or with no value nothing any more.

    Raises NotFound, Unacceptable.
    """
    await get_project(db, project_id, caller)
    one = await db.get(ImportMemory, memory_id)
    if one is None or one.project_id != project_id:
        raise NotFound()
    if not value:
        await db.delete(one)
    elif one.kind == HEADING and value in fields.get(one.purpose, ()):
        one.value = value
    else:
        raise Unacceptable("value", N_("Please choose what the heading means."))
    audit.record(db, "import.memory-changed", project_id, at=at, project_id=project_id, **caller.signature)
    await db.flush()
