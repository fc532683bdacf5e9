"""Institutions of one project as an editable table."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.columns import folded
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.pages import Form, Typed, form_again, render, see_other, ticked, with_query
from core.paging import Paging
from core.plain_text import whole_number
from core.web import checked, language_of
from directory.accounts.access import Caller, Organiser
from directory.institution_grid import service, views
from directory.institution_grid.rules import HEADINGS, MOST_ROWS, pasted
from directory.institution_grid.schemas import GridIn
from directory.institution_grid.service import GridLine, kinds_named
from directory.people.geography import provinces
from directory.people.models import INSTITUTION_KINDS
from directory.projects.service import list_projects

router = APIRouter(prefix="/institutions/grid", include_in_schema=False)
PAGE = "directory/institution_grid.html"
# What a row holds beside its cells, unseen.
KEPT = ("id", "revision", "focal_id")
BLANK_ROWS = 5
Wanted = Annotated[str, Query(max_length=200)]
Row = dict[str, str]


@router.get("")
async def grid(
    request: Request,
    caller: Organiser,
    db: ReadDb,
    project: UUID | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    q: Wanted = "",
) -> Response:
    view = partial(_view, caller=caller, language=language_of(request), project_id=project, page=page, q=q)
    return render(request, PAGE, **await view(db))


@router.post("")
async def save(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """All rows or none; where something is wrong, the table comes back as it was typed."""
    project_id, page, q = _where(typed)
    rows = _rows(typed)
    with form_again(PAGE, partial(_again, typed, caller=caller, language=language_of(request), rows=rows), typed):
        given = checked(GridIn, {"rows": rows})
        done = await service.save_table(db, project_id, given.rows, caller, at=at)
    return see_other(
        request,
        with_query("/institutions/grid", project=project_id, page=page if page > 1 else None, q=q),
        N_("%(added)s added, %(changed)s changed, %(unchanged)s left as they were."),
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
    )


@router.post("/paste")
async def paste(request: Request, caller: Organiser, db: ReadDb, typed: Typed) -> Response:
    """Pasted lines become rows, of the institutions that they mean and of new ones, to be looked at and then saved."""
    language = language_of(request)
    project_id, _, _ = _where(typed)
    with form_again(PAGE, partial(_again, typed, caller=caller, language=language), typed):
        wanted = pasted(str(typed.get("pasted", "")), kinds_named())
        found = await views.match_lines(db, project_id, wanted.rows, caller)
    rows = []
    for cells, line in found:
        row = _row(line, language) if line else dict.fromkeys((*KEPT, *HEADINGS), "")
        is_alike = line is not None and cells.name and folded(cells.name) != folded(row["name"])
        # A name that is only like the known one does not take its place.
        row |= {name: text for name, text in asdict(cells).items() if text and not (line and name == "name")}
        rows.append(row | {"alike": cells.name if is_alike else "", "is_new": "" if line else "yes"})
    view = await _view(db, caller=caller, language=language, project_id=project_id, rows=rows)
    return render(request, PAGE, **{**view, "is_pasted": True, "left_out": wanted.left_out})


def _where(typed: Form) -> tuple[UUID, int, str]:
    project_id = checked(dict[str, UUID], {"project_id": typed.get("project_id")})["project_id"]
    return project_id, whole_number(str(typed.get("page", ""))) or 1, str(typed.get("q", ""))


def _rows(typed: Form) -> list[Row]:
    """The rows in which something is written."""
    names = (*KEPT, *HEADINGS)
    columns = [ticked(typed, name) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["id"] or any(row[name].strip() for name in HEADINGS)]


def _row(line: GridLine, language: str) -> Row:
    focal = line.focal
    kept = {
        "id": str(line.institution.id),
        "revision": str(line.institution.revision),
        "focal_id": str(focal.id) if focal else "",
    }
    return kept | asdict(line.cells(language)) | {"more": str(max(len(line.focal_points) - 1, 0))}


async def _again(
    typed: Form, db: AsyncSession, *, caller: Caller, language: str, rows: Sequence[Row] | None = None
) -> Mapping[str, object]:
    project_id, page, q = _where(typed)
    return await _view(db, caller=caller, language=language, project_id=project_id, page=page, q=q, rows=rows)


async def _view(
    db: AsyncSession,
    *,
    caller: Caller,
    language: str,
    project_id: UUID | None = None,
    page: int = 1,
    q: str = "",
    rows: Sequence[Row] | None = None,
) -> Mapping[str, object]:
    projects = await list_projects(db, caller)
    chosen = next((one for one in projects if project_id in (None, one.id)), None)
    if chosen is None:
        raise NotFound()
    found = await views.list_lines(db, chosen.id, q, Paging(page, MOST_ROWS), caller)
    return {
        "projects": projects,
        "project": chosen,
        "found": found,
        "q": q,
        "rows": [_row(line, language) for line in found.rows] if rows is None else rows,
        "blank": dict.fromkeys((*KEPT, *HEADINGS), ""),
        "blank_rows": BLANK_ROWS,
        "names": await views.names_of(db, chosen.id, language),
        "kinds": INSTITUTION_KINDS,
        "provinces": list(provinces().values()),
        "is_pasted": False,
        "left_out": [],
    }
