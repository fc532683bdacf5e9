"""Calls for nominations as JSON, for the organiser and for the institution."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.letters import letters_pdf
from core.documents.pdf import PDF
from core.paging import Count, PageOut, PageRequest, page_out
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Organiser, ProjectReader, Releaser
from events.invitations.link_sessions.service import end_other_authors
from events.invitations.substitutions.schemas import SubstituteIn
from events.nominations.requests import service, views
from events.nominations.requests.access import FocalPointCaller, FocalPointOwner, must_be_author
from events.nominations.requests.schemas import CallBrief, CallIn, CallSort, Names, NominationRequestOut, WriteBack
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["calls"], route_class=StrictRoute)


@router.post("/events/{event_id}/calls", status_code=201, response_model=Count)
async def call(event_id: UUID, given: CallIn, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Count:
    """Ask an institution, or all of a kind, to name people. Their letters wait as drafts for release."""
    made = await service.call(db, event_id, given, caller, settings, at=at)
    return Count(count=made.institutions)


@router.get("/events/{event_id}/calls", response_model=PageOut[CallBrief])
async def list_calls(
    event_id: UUID, caller: ProjectReader, db: ReadDb, page_request: PageRequest, sort: CallSort = "institution"
) -> dict[str, Any]:
    """Institutions that were asked, and how far they are."""
    page = await views.list_calls(db, await get_event(db, event_id, caller), page_request, sort)
    return page_out(page, [CallBrief.of(row) for row in page.rows])


@router.post("/events/{event_id}/calls/reminders", response_model=Count)
async def remind(event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed) -> Count:
    """Write to every institution that has named nobody yet."""
    return Count(count=await service.remind(db, event_id, caller, settings, at=at))


@router.post("/events/{event_id}/calls/letters", response_model=Count)
async def write_missing(event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Count:
    """Letters, as drafts, to focal points who came after their institution was asked."""
    return Count(count=await service.write_missing(db, event_id, caller, settings, at=at))


@router.get("/calls/{call_id}", response_model=NominationRequestOut)
async def get_call(call_id: UUID, caller: ProjectReader, db: ReadDb) -> NominationRequestOut:
    """A call with its names."""
    return await views.call_seen(db, call_id, caller)


@router.post("/calls/{call_id}/return", response_model=NominationRequestOut)
async def write_back(
    call_id: UUID, given: WriteBack, caller: Releaser, db: Db, at: Moment, settings: Installed
) -> NominationRequestOut:
    """Write to the institution, with a new deadline where there is one."""
    await service.write_back(db, call_id, given, caller, settings, at=at)
    return await views.call_seen(db, call_id, caller)


@router.delete("/calls/{call_id}", status_code=204)
async def withdraw(call_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """End a call: its links stop working, accepted people stay on the list."""
    await service.withdraw(db, call_id, caller, at=at)
    return Response(status_code=204)


@router.get("/calls/{call_id}/letter.pdf", response_class=Response)
async def letter(call_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment, settings: Installed) -> Response:
    """The letter on paper in the institution's language, without a link."""
    one, event, _ = await service.get_call(db, call_id, caller)
    made = await views.letters_of(db, [one], event, settings.files, links={}, at=at)
    return download(await asyncio.to_thread(letters_pdf, made), PDF, "letter.pdf")


@router.get("/nomination", response_model=NominationRequestOut)
async def my_call(caller: FocalPointCaller, db: ReadDb) -> NominationRequestOut:
    """What your institution is asked. The bearer token is the last part of your link; whom you named is shown with
    the token of `/nomination/confirmation`."""
    return await views.own_call_seen(db, caller.call_id, with_names=caller.may_see)


@router.put("/nomination/names", response_model=NominationRequestOut)
async def set_names(given: Names, caller: FocalPointCaller, db: Db, at: Moment) -> NominationRequestOut:
    """The list as it is now, in order of preference. Those accepted stay. The first list needs no code."""
    await must_be_author(db, caller)
    await end_other_authors(db, caller.call_id, caller.session_id)
    await service.set_names(db, caller.call_id, given.names, caller.actor, at=at)
    # All that is there now was given here, or by somebody whom the code let see it.
    return await views.own_call_seen(db, caller.call_id)


@router.post("/nomination/names/{nominee_id}/substitution", response_model=NominationRequestOut)
async def send_somebody_else(
    nominee_id: UUID, given: SubstituteIn, caller: FocalPointOwner, db: Db, at: Moment, settings: Installed
) -> NominationRequestOut:
    """Send somebody else instead of one who was accepted."""
    await end_other_authors(db, caller.call_id, caller.session_id)
    await service.replace(db, caller.call_id, nominee_id, given, settings, at=at)
    return await views.own_call_seen(db, caller.call_id)
