"""Imports of lists for programs: look, read another way, correct, import, take back."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.i18n import words
from core.web import StrictRoute
from directory.accounts.access import Caller, Reader
from directory.imports import service
from directory.imports.documents import sentence, unpacked
from directory.imports.models import ListImport
from directory.imports.schemas import ChosenRows, CorrectionIn, ImportOut, ReadingIn

router = APIRouter(prefix="/api/v1/imports/{import_id}", tags=["imports"], route_class=StrictRoute)


@router.get("", response_model=ImportOut)
async def get_import(import_id: UUID, caller: Reader, db: ReadDb) -> dict[str, Any]:
    """A list with its verdicts, for whoever may import lists of its kind."""
    return shown(await service.get_import(db, import_id, caller), caller)


@router.post("/reading", response_model=ImportOut)
async def read_again(import_id: UUID, given: ReadingIn, caller: Reader, db: Db, at: Moment) -> dict[str, Any]:
    """Say which sheet, encoding and line of headings is meant, which column is what, and which repairs are not wanted.
    The project remembers headings and institutions."""
    return shown(await service.read_again(db, import_id, given, caller, at=at), caller)


@router.post("/rows/{number}", response_model=ImportOut)
async def correct(
    import_id: UUID, number: int, given: CorrectionIn, caller: Reader, db: Db, at: Moment
) -> dict[str, Any]:
    """Correct one line, leave it out or take it in."""
    return shown(await service.correct(db, import_id, number, given, caller, at=at), caller)


@router.post("/application", response_model=ImportOut)
async def apply(import_id: UUID, given: ChosenRows, caller: Reader, db: Db, at: Moment) -> dict[str, Any]:
    """Import the chosen lines, or all that can be. The answer holds the lines that were left out."""
    return shown(await service.apply(db, import_id, caller, at=at, chosen=given.rows), caller)


@router.post("/undoing", response_model=ImportOut)
async def undo(import_id: UUID, caller: Reader, db: Db, at: Moment) -> dict[str, Any]:
    """Take back what nothing else depends on by now."""
    upload, _ = await service.undo(db, import_id, caller, at=at)
    return shown(upload, caller)


def shown(upload: ListImport, caller: Caller) -> dict[str, Any]:
    """A list as programs see it, in the caller's language."""
    say, reading, choices = words(caller.language), service.reading_of(upload), service.choices_of(upload)
    rows = [
        row.model_dump(include={"number", "values", "was", "known", "verdict"})
        | {"notes": [sentence(note.text, note.facts, say) for note in row.notes]}
        for row in reading.rows
    ]
    return upload.model_dump(exclude={"rows"}) | {
        "sheets": [sheet.name for sheet in unpacked(upload.content)],
        "encoding": choices.encoding,
        "columns": {name: index for index, name in choices.columns.items()},
        "notes": [sentence(note.text, note.facts, say) for note in reading.notes],
        "institutions": {match.key: match.chosen for match in reading.matches},
        "rows": rows,
    }
