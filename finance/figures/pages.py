"""The page of figures, with a plot and its table for each question."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from core.db import ReadDb
from core.documents.sheets import XLSX
from core.errors import N_
from core.i18n import words
from core.pages import render
from core.web import download
from directory.accounts.access import Caller, MoneyReader
from directory.projects.service import list_projects
from finance.figures import service
from finance.figures.documents import TABLES, figures_xlsx, label_of
from finance.figures.rules import FigureFilter, figures_of
from finance.figures.schemas import FiguresWanted

router = APIRouter(include_in_schema=False)


@router.get("/finance/figures")
async def figures(request: Request, caller: MoneyReader, db: ReadDb, wanted: FiguresWanted) -> Response:
    """What approved sheets come to, a currency after the other."""
    return render(
        request,
        "finance/figures.html",
        wanted=wanted,
        figures=figures_of(await service.read_figures(db, caller, wanted), _narrowed(caller, wanted)),
        projects=await list_projects(db, caller),
        tables=TABLES,
        label_of=label_of,
        query=urlencode([("project", id) for id in wanted.projects] + [("year", wanted.year or "")]),
    )


@router.get("/finance/figures.xlsx")
async def figures_file(request: Request, caller: MoneyReader, db: ReadDb, wanted: FiguresWanted) -> Response:
    say = words(caller.language)
    found = figures_of(await service.read_figures(db, caller, wanted))
    return download(figures_xlsx(found, say.translate(N_("Figures of per diems")), say), XLSX, "figures.xlsx")


def _narrowed(caller: Caller, wanted: FigureFilter) -> dict[str, str]:
    """How the list of sheets is narrowed to those behind the figures; it takes one project."""
    narrowed = {"given": "true"}
    if len(wanted.projects) == 1:
        narrowed["project"] = str(wanted.projects[0])
    if wanted.year:
        narrowed["year"] = str(wanted.year)
    return narrowed
