"""Looking at what importing a list will do, saying how it is meant, and doing it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import Ending
from core.documents.tables import Line
from core.errors import N_, NN_
from core.i18n import words
from core.pages import Form, Typed, form_again, render, see_other, serve_table, ticked
from core.paging import Paging, page_of
from core.plain_text import whole_number
from core.text import Blank
from core.web import checked, language_of
from directory.accounts.access import Caller, Organiser, Reader
from directory.import_memory import service as memories
from directory.imports import service
from directory.imports.documents import encodings_of, left_out_table, sentence, unpacked
from directory.imports.rules import (
    HEADINGS_WITHIN,
    IMPORT_STATES,
    IMPORTABLE,
    ON_REQUEST,
    ORDER,
    VERDICTS,
    ImportState,
    Verdict,
    counted,
)
from directory.imports.schemas import Choices, CorrectionIn, ImportPaging, Reading, ReadingIn
from directory.list_repairs.rules import REPAIRS
from directory.people.geography import provinces
from directory.projects.service import get_project

router = APIRouter(prefix="/imports/{import_id}", include_in_schema=False)
memory = APIRouter(prefix="/projects/{project_id}/import-memory", include_in_schema=False)
overview = APIRouter(prefix="/projects/{project_id}/imports", include_in_schema=False)
PREVIEW, MEMORY = "directory/import.html", "directory/import_memory.html"
PER_PAGE = 200


@router.get("")
async def preview(
    request: Request,
    import_id: UUID,
    caller: Reader,
    db: ReadDb,
    page: Annotated[int, Query(ge=1, le=500)] = 1,
    edit: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    view = await _view(db, import_id=import_id, caller=caller, request=request, page=page, edit=edit)
    return render(request, PREVIEW, **view)


@router.post("/reading")
async def read_again(request: Request, import_id: UUID, caller: Reader, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller, request=request), typed):
        given = checked(ReadingIn, _reading(typed))
        await service.read_again(db, import_id, given, caller, at=at)
    return see_other(request, f"/imports/{import_id}", N_("The list was read again."))


@router.post("/rows/{number}")
async def correct(
    request: Request, import_id: UUID, number: int, caller: Reader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller, request=request, edit=number), typed):
        given = checked(CorrectionIn, _correction(typed))
        await service.correct(db, import_id, number, given, caller, at=at)
    return see_other(request, f"/imports/{import_id}#line-{number}")


@router.post("/apply")
async def apply(request: Request, import_id: UUID, caller: Reader, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller, request=request), typed):
        chosen = await _chosen(db, import_id, caller, typed)
        upload = await service.apply(db, import_id, caller, at=at, chosen=chosen)
    return see_other(
        request,
        f"/imports/{import_id}",
        N_("%(added)s added, %(changed)s changed, %(left)s left out."),
        added=upload.added,
        changed=upload.changed,
        left=upload.left_out,
    )


@router.post("/undo")
async def undo(request: Request, import_id: UUID, caller: Reader, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PREVIEW, partial(_view, import_id=import_id, caller=caller, request=request), typed):
        _, count = await service.undo(db, import_id, caller, at=at)
    return see_other(
        request, f"/imports/{import_id}", NN_("One is taken back.", "%(num)s are taken back."), count=count
    )


@router.get("/left-out.{ending}")
async def left_out(request: Request, import_id: UUID, ending: Ending, caller: Reader, db: ReadDb) -> Response:
    """The lines that were not imported, with the reason."""
    upload = await service.get_import(db, import_id, caller)
    say = words(language_of(request))
    rows = [row for row in Reading.of(upload).rows if row.verdict not in IMPORTABLE or upload.content == ""]
    table = left_out_table(rows, service.PURPOSES[upload.purpose].fields, say)
    return await serve_table("left-out", say.translate("Left out"), table, ending)


@overview.get("")
async def imports(
    request: Request,
    project_id: UUID,
    caller: Organiser,
    db: ReadDb,
    page_request: ImportPaging,
    about: Annotated[UUID | None, Blank] = None,
) -> Response:
    """What was uploaded so far, with the way back to each list: to go on, or to undo it."""
    return render(
        request,
        "directory/imports.html",
        project=await get_project(db, project_id, caller),
        found=await service.list_imports(db, project_id, caller, page_request, about_id=about),
        about=about,
        purposes=service.PURPOSES,
        states=IMPORT_STATES,
    )


@memory.get("")
async def remembered(request: Request, project_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    """What the project remembers of how its lists are written."""
    return render(request, MEMORY, **await _memory_view(db, project_id=project_id, caller=caller))


@memory.post("/{memory_id}")
async def change_memory(
    request: Request, project_id: UUID, memory_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """Another meaning; without one it is forgotten."""
    with form_again(MEMORY, partial(_memory_view, project_id=project_id, caller=caller), typed):
        fields = {name: purpose.fields for name, purpose in service.PURPOSES.items()}
        value = str(typed.get("value", ""))
        await memories.change_memory(db, project_id, memory_id, value, caller, fields=fields, at=at)
    return see_other(request, f"/projects/{project_id}/import-memory", N_("Saved."))


async def _memory_view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    return {
        "project": await get_project(db, project_id, caller),
        "memories": await memories.list_memory(db, project_id, caller),
        "purposes": service.PURPOSES,
    }


async def _chosen(db: AsyncSession, import_id: UUID, caller: Caller, typed: Form) -> list[int]:
    """The ticked lines, and of those that other pages show all that can be imported and nobody left out."""
    upload = await service.get_import(db, import_id, caller)
    shown = {n for n in map(whole_number, ticked(typed, "shown")) if n is not None}
    rows = {n for n in map(whole_number, ticked(typed, "rows")) if n is not None}
    taken = Choices.of(upload).taken
    others = [
        row.number
        for row in Reading.of(upload).rows
        if row.number not in shown and (row.verdict in IMPORTABLE or row.number in taken)
    ]
    return [*others, *rows]


def _reading(typed: Form) -> dict[str, object]:
    """What the form says of how the list is read. Columns come one field each."""
    said: dict[str, object] = {
        name: typed[name] for name in ("sheet", "encoding", "heading") if str(typed.get(name, ""))
    }
    columns = {str(typed[key]): int(key[7:]) for key in typed if key.startswith("column-") and typed[key]}
    if "columns" in typed:
        said["columns"] = columns
    if "repairs" in typed:
        said["off"] = [repair for repair in REPAIRS if repair not in ticked(typed, "on")]
        said["take_over"] = bool(typed.get("take_over"))
    institutions = {key[12:]: typed[key] for key in typed if key.startswith("institution-")}
    return said | ({"institutions": institutions} if institutions else {})


def _correction(typed: Form) -> dict[str, object]:
    values = {key[6:]: typed[key] for key in typed if key.startswith("value-")}
    return {"values": values} | ({"leave_out": typed["leave_out"] == "yes"} if "leave_out" in typed else {})


async def _view(
    db: AsyncSession, *, import_id: UUID, caller: Caller, request: Request, page: int = 1, edit: int = 0
) -> Mapping[str, object]:
    upload = await service.get_import(db, import_id, caller)
    kind, reading, choices = service.PURPOSES[upload.purpose], Reading.of(upload), Choices.of(upload)
    sheets = unpacked(upload.content)
    lines = sheets[choices.sheet].lines if sheets else []
    heads = service.headings(lines, choices.heading)
    rows = sorted(reading.rows, key=lambda row: (ORDER.index(row.verdict), row.number))
    width = max((len(line.cells) for line in lines[:200]), default=0)
    say = words(language_of(request))
    return {
        "upload": upload,
        "purpose": kind,
        "state": ImportState,
        "choices": choices,
        "sheets": [sheet.name for sheet in sheets],
        "encodings": encodings_of(upload.content),
        "first_lines": lines[:HEADINGS_WITHIN],
        "columns": [
            {
                "index": index,
                "heading": heads.get(index, ""),
                "field": choices.columns.get(index, ""),
                "examples": _examples(lines, choices.heading, index),
            }
            for index in range(width)
        ],
        "fields": {name: one.label for name, one in kind.fields.items()},
        "used": [name for name in kind.fields if any(row.values.get(name) for row in reading.rows)],
        "rows": page_of(rows, Paging(page, PER_PAGE)),
        "edit": edit,
        "counts": counted([row.verdict for row in reading.rows]),
        "good": sum(row.verdict in IMPORTABLE for row in reading.rows),
        "is_held_up": kind.is_whole and any(row.verdict is Verdict.wrong for row in reading.rows),
        "notes": reading.notes,
        "sentence": partial(sentence, say=say),
        "matches": reading.matches,
        "verdicts": VERDICTS,
        "importable": IMPORTABLE,
        "on_request": ON_REQUEST,
        "repairs": REPAIRS,
        "mended": {repair: sum(repair in row.repairs for row in reading.rows) for repair in REPAIRS},
        "differing": sum(bool(row.known) for row in reading.rows),
        "provinces": provinces(),
        "labels": {name: {str(k): v for k, v in labels.items()} for name, labels in kind.labels.items()},
        "back": kind.leads_to(upload),
    }


def _examples(lines: Sequence[Line], heading: int, index: int) -> list[str]:
    below = (line for line in lines if line.number > heading)
    texts = (line.cells[index].text for line in below if index < len(line.cells))
    return [text for text in texts if text][:3]
