"""The page of what is paid without evidence."""

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import ReadDb
from core.pages import render
from directory.accounts.access import MoneyReader
from directory.projects.service import list_projects
from finance.evidence_gaps.rules import ADDED_UNDER, EVIDENCE_GAPS
from finance.evidence_gaps.schemas import GapPaging, GapsWanted
from finance.evidence_gaps.service import count_gaps, find_gaps
from finance.overview.pages import without_page
from finance.overview.service import to_choose_from

router = APIRouter(include_in_schema=False)


@router.get("/finance/without-evidence")
async def without_evidence(
    request: Request, caller: MoneyReader, db: ReadDb, wanted: GapsWanted, paging: GapPaging, at: Moment
) -> Response:
    """Who is paid without evidence, a kind a tab."""
    events, _ = await to_choose_from(db, caller)
    return render(
        request,
        "finance/without_evidence.html",
        wanted=wanted,
        page=await find_gaps(db, caller, wanted, paging, at=at),
        counts=await count_gaps(db, caller, wanted, at=at),
        projects=await list_projects(db, caller),
        events=events,
        kinds=EVIDENCE_GAPS,
        added_under=ADDED_UNDER,
        query=without_page(request.url.query),
    )
