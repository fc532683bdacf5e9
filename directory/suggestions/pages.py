"""The list under a field in which somebody types a name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from core.db import ReadDb
from core.limits import limits_of
from core.pages import render
from core.web import language_of
from directory.accounts.access import Caller, Reader
from directory.accounts.rules import Right
from directory.suggestions import service
from directory.suggestions.service import Suggestion

router = APIRouter(prefix="/suggestions", include_in_schema=False)
LIST = "directory/suggestions.html"
# Whoever types fast asks five times a second, for some seconds.
RATE = "240/minute"
Wanted = Annotated[str, Query(max_length=200)]


@router.get("/institutions")
async def institutions(
    request: Request, caller: Reader, db: ReadDb, project_id: UUID, q: Wanted = "", new: bool = False
) -> Response:
    """Institutions of one project as options of a list; with `new`, what is typed may be created."""
    may_add = await _counted(request, caller, project_id, new)
    found = await service.suggest_institutions(db, project_id, q, language_of(request), caller, may_add=may_add)
    return _shown(request, found)


@router.get("/people")
async def people(
    request: Request, caller: Reader, db: ReadDb, project_id: UUID, q: Wanted = "", new: bool = False
) -> Response:
    """People of one project as options of a list."""
    may_add = await _counted(request, caller, project_id, new)
    found = await service.suggest_people(db, project_id, q, language_of(request), caller, may_add=may_add)
    return _shown(request, found)


async def _counted(request: Request, caller: Caller, project_id: UUID, new: bool) -> bool:
    """Count one question; whether creating may be offered to whoever asks it."""
    await limits_of(request).must_allow(RATE, "suggestions", str(caller.account_id))
    return new and caller.may(Right.plan, project_id)


def _shown(request: Request, found: list[Suggestion]) -> Response:
    return render(request, LIST, suggestions=found)
