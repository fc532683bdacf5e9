"""Calls for nominations as JSON, for the organiser and for the institution."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.paging import Count, PageOut, PageRequest, page_out
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Caller, Organiser
from directory.people.models import Institution
from events.invitations.link_sessions.service import end_other_authors
from events.invitations.substitutions.schemas import SubstituteIn
from events.nominations.requests import service, views
from events.nominations.requests.access import FocalPointCaller, FocalPointOwner, must_be_author
from events.nominations.requests.documents import call_letters_pdf
from events.nominations.requests.models import NominationRequest
from events.nominations.requests.rules import LetterState
from events.nominations.requests.schemas import CallIn, Names, NominationRequestOut, WriteBack
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["calls"], route_class=StrictRoute)


class CallBrief(BaseModel):
    """A call in the organiser's list."""

    id: UUID
    institution_id: UUID
    institution: str
    capacity: int
    named: int
    accepted: int
    reachable: int
    is_opened: bool
    is_withdrawn: bool
    letter: LetterState


@router.post("/events/{event_id}/calls", status_code=201, response_model=Count)
async def call(event_id: UUID, given: CallIn, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Count:
    """Ask an institution, or all of a kind, to name people. Their letters wait as drafts for release."""
    return Count(count=await service.call(db, event_id, given, caller, settings, at=at))


@router.get("/events/{event_id}/calls", response_model=PageOut[CallBrief])
async def list_calls(event_id: UUID, caller: Organiser, db: ReadDb, page_request: PageRequest) -> dict[str, Any]:
    """Institutions that were asked, and how far they are."""
    page = await views.list_calls(db, await get_event(db, event_id, caller), page_request)
    rows = [
        CallBrief(
            id=row.call.id,
            institution_id=row.institution.id,
            institution=row.institution.name,
            capacity=row.call.capacity,
            named=row.named,
            accepted=row.accepted,
            reachable=row.reachable,
            is_opened=row.opened_at is not None,
            is_withdrawn=row.call.withdrawn_at is not None,
            letter=row.letter,
        )
        for row in page.rows
    ]
    return page_out(page, rows)


@router.post("/events/{event_id}/calls/reminders", response_model=Count)
async def remind(event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Count:
    """Write to every institution that has named nobody yet."""
    return Count(count=await service.remind(db, event_id, caller, settings, at=at))


@router.post("/events/{event_id}/calls/letters", response_model=Count)
async def write_missing(event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Count:
    """Letters, as drafts, to focal points who came after their institution was asked."""
    return Count(count=await service.write_missing(db, event_id, caller, settings, at=at))


@router.get("/calls/{call_id}", response_model=NominationRequestOut)
async def get_call(call_id: UUID, caller: Organiser, db: ReadDb) -> dict[str, Any]:
    """A call with its names."""
    return await call_seen(db, call_id, caller)


@router.post("/calls/{call_id}/return", response_model=NominationRequestOut)
async def write_back(
    call_id: UUID, given: WriteBack, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> dict[str, Any]:
    """Write to the institution, with a new deadline where there is one."""
    await service.write_back(db, call_id, given, caller, settings, at=at)
    return await call_seen(db, call_id, caller)


@router.delete("/calls/{call_id}", status_code=204)
async def withdraw(call_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """End a call: its links stop working, accepted people stay on the list."""
    await service.withdraw(db, call_id, caller, at=at)
    return Response(status_code=204)


@router.get("/calls/{call_id}/letter.pdf", response_class=Response)
async def letter(call_id: UUID, caller: Organiser, db: ReadDb, at: Moment, settings: Installed) -> Response:
    """The letter on paper in the institution's language, without a link."""
    one, event, _ = await service.get_call(db, call_id, caller)
    made = await views.letters_of(db, [one], event, settings.files, links={}, at=at)
    return download(await asyncio.to_thread(call_letters_pdf, made), PDF, "letter.pdf")


@router.get("/nomination", response_model=NominationRequestOut)
async def my_call(caller: FocalPointCaller, db: ReadDb) -> dict[str, Any]:
    """What your institution is asked. The bearer token is the last part of your link; whom you named is shown with
    the token of `/nomination/confirmation`."""
    shown = await _mine(db, caller.call_id)
    return shown if caller.may_see else shown | {"names": []}


@router.put("/nomination/names", response_model=NominationRequestOut)
async def set_names(given: Names, caller: FocalPointCaller, db: Db, at: Moment) -> dict[str, Any]:
    """The list as it is now, in order of preference. Those accepted stay. The first list needs no code."""
    await must_be_author(db, caller)
    await end_other_authors(db, caller.call_id, caller.session_id)
    await service.set_names(db, caller.call_id, given.names, caller.actor, at=at)
    # All that is there now was given here, or by somebody whom the code let see it.
    return await _mine(db, caller.call_id)


@router.post("/nomination/names/{nominee_id}/substitution", response_model=NominationRequestOut)
async def send_somebody_else(
    nominee_id: UUID, given: SubstituteIn, caller: FocalPointOwner, db: Db, at: Moment, settings: Installed
) -> dict[str, Any]:
    """Send somebody else instead of one who was accepted."""
    await end_other_authors(db, caller.call_id, caller.session_id)
    await service.replace(db, caller.call_id, nominee_id, given, settings, at=at)
    return await _mine(db, caller.call_id)


async def call_seen(db: AsyncSession, call_id: UUID, caller: Caller) -> dict[str, Any]:
    one, _, institution = await service.get_call(db, call_id, caller)
    return await _shown(db, one, institution)


async def _mine(db: AsyncSession, call_id: UUID) -> dict[str, Any]:
    one = await db.get_one(NominationRequest, call_id)
    return await _shown(db, one, await db.get_one(Institution, one.institution_id))


async def _shown(db: AsyncSession, one: NominationRequest, institution: Institution) -> dict[str, Any]:
    names = [n.model_dump() | {"rank": rank} for n, rank in await service.names_of(db, one)]
    return one.model_dump() | {"institution": institution.name, "names": names}
