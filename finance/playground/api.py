"""The rules of per diems for programs."""

from fastapi import APIRouter

from core.i18n import words
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.playground.schemas import ComputationOut, PerDiemCase
from finance.playground.service import computation_of

router = APIRouter(prefix="/api/v1", tags=["per diem"], route_class=StrictRoute)


@router.post("/per-diem/computation", response_model=ComputationOut)
async def compute(given: PerDiemCase, caller: MoneyReader) -> ComputationOut:
    """What a rule set makes of a journey: lines with their arithmetic in the caller's language, what is missing and
    the total. Nothing is kept."""
    return ComputationOut.of(given.rule_set, computation_of(given), words(caller.language))
