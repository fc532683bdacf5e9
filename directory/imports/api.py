"""Imports of lists for programs: look, read another way, correct, import, take back."""

from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from directory.import_memory import service as memories
from directory.imports import service
from directory.imports.schemas import ChosenRows, CorrectionIn, ImportOut, MemoryIn, MemoryOut, ReadingIn

router = APIRouter(prefix="/api/v1/imports/{import_id}", tags=["imports"], route_class=StrictRoute)
memory = APIRouter(prefix="/api/v1/projects/{project_id}/import-memory", tags=["imports"], route_class=StrictRoute)


@router.get("", response_model=ImportOut)
async def get_import(import_id: UUID, caller: Reader, db: ReadDb) -> ImportOut:
    """A list with its verdicts, for whoever may import lists of its kind."""
    return ImportOut.of(await service.get_import(db, import_id, caller), words(caller.language))


@router.post("/reading", response_model=ImportOut)
async def read_again(import_id: UUID, given: ReadingIn, caller: Reader, db: Db, at: Moment) -> ImportOut:
    """Say which sheet, encoding and line of headings is meant, which column is what, and which repairs are not wanted.
    The project remembers headings and institutions."""
    return ImportOut.of(await service.read_again(db, import_id, given, caller, at=at), words(caller.language))


@router.post("/rows/{number}", response_model=ImportOut)
async def correct(import_id: UUID, number: int, given: CorrectionIn, caller: Reader, db: Db, at: Moment) -> ImportOut:
    """Correct one line, leave it out or take it in."""
    return ImportOut.of(await service.correct(db, import_id, number, given, caller, at=at), words(caller.language))


@router.post("/application", response_model=ImportOut)
async def apply(import_id: UUID, given: ChosenRows, caller: Reader, db: Db, at: Moment) -> ImportOut:
    """Import the chosen lines, or all that can be. The answer holds the lines that were left out."""
    return ImportOut.of(await service.apply(db, import_id, caller, at=at, chosen=given.rows), words(caller.language))


@router.post("/undoing", response_model=ImportOut)
async def undo(import_id: UUID, caller: Reader, db: Db, at: Moment) -> ImportOut:
    """Take back what nothing else depends on by now."""
    upload, _ = await service.undo(db, import_id, caller, at=at)
    return ImportOut.of(upload, words(caller.language))


@memory.get("", response_model=list[MemoryOut])
async def list_memory(project_id: UUID, caller: Organiser, db: ReadDb) -> list[MemoryOut]:
    """What the project remembers of its lists: which heading means which field, which text which institution."""
    found = await memories.list_memory(db, project_id, caller)
    return [MemoryOut.of(one, institution) for one, institution in found]


@memory.put("/{memory_id}", status_code=204)
async def change_memory(
    project_id: UUID, memory_id: UUID, given: MemoryIn, caller: Organiser, db: Db, at: Moment
) -> Response:
    """Let a heading mean another field."""
    fields = {name: purpose.fields for name, purpose in service.PURPOSES.items()}
    await memories.change_memory(db, project_id, memory_id, given.value, caller, fields=fields, at=at)
    return Response(status_code=204)


@memory.delete("/{memory_id}", status_code=204)
async def forget(project_id: UUID, memory_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Let a heading or a text mean nothing any more."""
    await memories.change_memory(db, project_id, memory_id, "", caller, fields={}, at=at)
    return Response(status_code=204)
