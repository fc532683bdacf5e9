"""Figures of what is paid, for programs."""

from typing import Any

from fastapi import APIRouter, Request, Response

from core.db import ReadDb
from core.documents.sheets import XLSX
from core.errors import N_
from core.i18n import words
from core.web import StrictRoute, download, language_of
from directory.accounts.access import MoneyReader
from finance.figures import service
from finance.figures.documents import figures_xlsx
from finance.figures.rules import figures_of
from finance.figures.schemas import CurrencyFiguresOut, FiguresWanted

router = APIRouter(prefix="/api/v1/finance", tags=["per diem"], route_class=StrictRoute)

FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}


@router.get("/figures", response_model=list[CurrencyFiguresOut])
async def figures(caller: MoneyReader, db: ReadDb, wanted: FiguresWanted) -> list[CurrencyFiguresOut]:
    """What approved sheets come to by component, month, kind of line and event, a currency at a time."""
    found = figures_of(await service.read_figures(db, caller, wanted))
    return [CurrencyFiguresOut.of(one) for one in found]


@router.get("/figures.xlsx", response_class=Response, responses=FILE)
async def figures_file(request: Request, caller: MoneyReader, db: ReadDb, wanted: FiguresWanted) -> Response:
    """The same as a spreadsheet, a sheet for each currency."""
    say = words(language_of(request))
    found = figures_of(await service.read_figures(db, caller, wanted))
    return download(figures_xlsx(found, say.translate(N_("Figures of per diems")), say), XLSX, "figures.xlsx")
