"""Adding materials, handing them out, counting."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.documents.media_types import media_type_of
from core.errors import N_, NotFound, Unacceptable
from core.files import FileStore
from core.ids import new_id
from directory.accounts.access import Caller
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.materials import rules
from events.materials.models import Material
from events.materials.schemas import MaterialIn
from events.programme.events.models import Session
from events.programme.events.rules import must_take_place
from events.programme.events.service import get_event

# An installation that scans files for viruses puts its scanner here: false means harmful.
SCANNERS: list[Callable[[bytes], bool]] = []
MOST = 200


async def add_material(
    db: AsyncSession,
    event_id: UUID,
    given: MaterialIn,
    name: str,
    content: bytes,
    files: FileStore,
    caller: Caller,
    *,
    at: datetime,
    key: UUID | None = None,
) -> Material:
    """Keep a file for an event; the same key gives the one there is. Raises MaterialKind, FileIsHarmful, Unacceptable,
    and NotFound for a key of another event."""
    event = await get_event(db, event_id, caller)
    there = await db.get(Material, key) if key else None
    if there:
        if there.event_id != event.id:
            raise NotFound()
        return there
    must_take_place(event.state)
    if not content:
        raise Unacceptable("file", N_("This file is empty."))
    media_type = media_type_of(name, content)
    if given.session_id:
        session = await db.get(Session, given.session_id)
        if session is None or session.event_id != event_id:
            raise Unacceptable("session_id", N_("This session is not part of the event."))
    if len(await list_materials(db, event_id)) >= MOST:
        raise Unacceptable("file", N_("There are two hundred materials already; please remove some first."))
    if not all([await asyncio.to_thread(scan, content) for scan in SCANNERS]):
        raise rules.FileIsHarmful("file")
    material = Material(
        id=key or new_id(),
        event_id=event_id,
        file_name=_safe(name),
        file_hash=await asyncio.to_thread(files.keep, content),
        media_type=media_type,
        size=len(content),
        added_at=at,
        **given.model_dump(),
    )
    db.add(material)
    audit.record(
        db, "material.added", event.id, at=at, project_id=event.project_id, **caller.signature, material=material.id
    )
    await db.flush()
    return material


def _safe(name: str) -> str:
    """A file name that is one everywhere: letters, digits, dots, dashes."""
    stem, _, ending = name.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', stem)[:80].strip('-') or 'file'}.{ending.lower()}"


async def list_materials(db: AsyncSession, event_id: UUID) -> list[Material]:
    return list((await db.exec(_materials(), params={"event_id": event_id})).all())


@cache
def _materials() -> SelectOfScalar[Material]:
    theirs = select(Material).where(col(Material.event_id) == sa.bindparam("event_id"))
    return theirs.order_by(col(Material.title), col(Material.id)).limit(MOST)


async def list_for_participant(db: AsyncSession, event_id: UUID, person_id: UUID) -> list[Material]:
    """Materials that this person may have now."""
    found = await db.exec(
        select(Registration.id).where(
            Registration.event_id == event_id,
            Registration.person_id == person_id,
            Registration.status == RegistrationStatus.confirmed,
        )
    )
    return await list_for(db, event_id, has_place=found.first() is not None)


async def list_for(db: AsyncSession, event_id: UUID, *, has_place: bool) -> list[Material]:
    """Materials that somebody with or without a place may have now."""
    return [m for m in await list_materials(db, event_id) if rules.may_have(m.audience, has_place=has_place)]


async def get_material(db: AsyncSession, material_id: UUID, caller: Caller) -> Material:
    material = await db.get(Material, material_id)
    if material is None:
        raise NotFound()
    await get_event(db, material.event_id, caller)
    return material


async def serve(db: AsyncSession, material: Material, files: FileStore) -> bytes:
    """The content; the download is counted in one statement, so that none is lost."""
    await db.exec(update(Material).where(col(Material.id) == material.id).values(downloads=Material.downloads + 1))
    return await asyncio.to_thread(files.read, material.file_hash)


async def remove_material(db: AsyncSession, material_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take it off the event. The file stays: another material may be the same. Returns the event."""
    material = await get_material(db, material_id, caller)
    event = await get_event(db, material.event_id, caller)
    audit.record(
        db, "material.removed", event.id, at=at, project_id=event.project_id, **caller.signature, material=material.id
    )
    await db.delete(material)
    await db.flush()
    return event.id
