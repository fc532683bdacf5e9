"""Absences for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import MoneyReader
from finance.absences import service
from finance.absences.schemas import AbsenceIn, AbsenceOut, AbsencePaging, AbsencePlanOut, AbsenceRowOut, AbsencesIn

router = APIRouter(prefix="/api/v1/events/{event_id}/absences", tags=["per diem"], route_class=StrictRoute)


@router.get("", response_model=PageOut[AbsenceRowOut])
async def absences(event_id: UUID, caller: MoneyReader, db: ReadDb, paging: AbsencePaging) -> dict[str, Any]:
    """Everybody with when they left and were back, where it is entered; else their legs count."""
    _, page = await service.page_of_absences(db, event_id, caller, paging)
    items = [AbsenceRowOut.of_person(row.registration.id, row.person.name, row.entered) for row in page.rows]
    return page_out(page, items)


@router.post("/preview", response_model=AbsencePlanOut)
async def preview(event_id: UUID, given: AbsencesIn, caller: MoneyReader, db: ReadDb) -> AbsencePlanOut:
    """For how many it is new and of how many it replaces what is entered; changes nothing."""
    return AbsencePlanOut.of(await service.plan_absences(db, event_id, given, caller))


@router.post("", response_model=AbsencePlanOut)
async def enter_for_several(
    event_id: UUID, given: AbsencesIn, caller: MoneyReader, db: Db, at: Moment
) -> AbsencePlanOut:
    """The same for everybody with a place, or for those named; by who plans or pays."""
    return AbsencePlanOut.of(await service.enter_absences(db, event_id, given, caller, at=at))


@router.put("/{registration_id}", response_model=AbsenceOut)
async def enter(
    event_id: UUID, registration_id: UUID, given: AbsenceIn, caller: MoneyReader, db: Db, at: Moment
) -> AbsenceOut:
    """When one person left and was back, by who plans or pays; it wins over legs."""
    return AbsenceOut.of(await service.enter(db, event_id, registration_id, given, caller, at=at))


@router.delete("/{registration_id}", status_code=204)
async def remove(event_id: UUID, registration_id: UUID, caller: MoneyReader, db: Db, at: Moment) -> Response:
    """Legs count again."""
    await service.remove(db, event_id, registration_id, caller, at=at)
    return Response(status_code=204)
