"""Asking institutions for names, and the page on which they name people."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.codes import Spoken
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.letters import letters_pdf
from core.documents.pdf import PDF
from core.errors import N_, NN_, Unacceptable
from core.pages import Form, Typed, form_again, render, see_other, ticked
from core.paging import Paging
from core.settings import Installed, Settings
from core.web import checked, download, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Organiser, Reader, Releaser
from directory.accounts.rules import Right
from directory.people.models import INSTITUTION_KINDS, Institution
from directory.people.service import institutions_known
from directory.projects.models import Project
from events.invitations.invitations.rules import takes_answers
from events.invitations.link_sessions.access import keep_author
from events.invitations.link_sessions.service import end_other_authors
from events.invitations.phases.rules import Act, permits
from events.invitations.substitutions.schemas import SubstituteIn
from events.nominations.letters.service import signed_letter
from events.nominations.requests import service
from events.nominations.requests.access import FocalPointCaller, FocalPointOwner, NominationCaller, must_be_author
from events.nominations.requests.models import NominationRequest
from events.nominations.requests.rules import LETTER_STATES, NOMINEE_RANKS, pasted_rows
from events.nominations.requests.schemas import CallIn, CallSort, Names, WriteBack
from events.nominations.requests.views import letters_of, list_calls, totals
from events.programme.events.models import Event
from events.programme.events.service import get_event
from notifications.outbox.service import count_drafts, people_written_to

router = APIRouter(include_in_schema=False)
# All institutions of a ministry on one page.
MATRIX = 300
UNKNOWN = N_("The project has no institution of this name. Please choose one, or add it under Institutions first.")
ASKED = N_("Institutions asked: %(institutions)s. Letters that wait for you to send them: %(letters)s.")
TO_PRINT = N_("Institutions asked: %(institutions)s. No focal point has an e-mail address: please print the letters.")
CALLS, CALL, NAMES = "events/nomination_requests.html", "events/nomination_request.html", "events/nomination.html"


@router.get("/events/{event_id}/calls")
async def calls(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    page: Annotated[int, Query(ge=1, le=100)] = 1,
    sort: CallSort = "institution",
) -> Response:
    view = await _calls(db, event_id=event_id, caller=caller, at=at, page_request=Paging(page, MATRIX), sort=sort)
    return render(request, CALLS, **view)


@router.post("/events/{event_id}/calls")
async def call(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(CALLS, partial(_calls, event_id=event_id, caller=caller, at=at), typed):
        name = str(typed.get("institution", "")).strip()
        event = await get_event(db, event_id, caller)
        known = await institutions_known(db, event.project_id, [name])
        if name and not known:
            raise Unacceptable("institution", UNKNOWN)
        given = checked(
            CallIn,
            {
                "kind": "" if name else typed.get("kind", ""),
                "institution_id": next((i.id for i in known.values()), ""),
                "capacity": typed.get("capacity", ""),
                "answer_by": typed.get("answer_by", ""),
            },
        )
        made = await service.call(db, event_id, given, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/calls", ASKED if made.letters else TO_PRINT, **made._asdict())


@router.post("/events/{event_id}/calls/remind")
async def remind(
    request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(CALLS, partial(_calls, event_id=event_id, caller=caller, at=at), typed):
        count = await service.remind(db, event_id, caller, settings, at=at)
    return see_other(
        request,
        f"/events/{event_id}/calls",
        NN_("One reminder is on its way.", "%(num)s reminders are on their way."),
        count=count,
    )


@router.post("/events/{event_id}/calls/letters")
async def write_missing(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Letters to focal points who came after their institution was asked."""
    with form_again(CALLS, partial(_calls, event_id=event_id, caller=caller, at=at), typed):
        count = await service.write_missing(db, event_id, caller, settings, at=at)
    return see_other(
        request,
        f"/events/{event_id}/calls",
        NN_("One letter waits for you to send it.", "%(num)s letters wait for you to send them."),
        count=count,
    )


@router.get("/calls/{call_id}")
async def one_call(request: Request, call_id: UUID, caller: Reader, db: ReadDb) -> Response:
    return render(request, CALL, **await call_view(db, call_id=call_id, caller=caller))


@router.post("/calls/{call_id}/return")
async def write_back(
    request: Request, call_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(CALL, partial(call_view, call_id=call_id, caller=caller), typed):
        given = checked(WriteBack, typed)
        call = await service.write_back(db, call_id, given, caller, settings, at=at)
    told = len(people_written_to(db))
    if told > 1:
        waits = N_("Your message waits to be sent to %(count)s focal points.")
        return see_other(request, f"/mail/waiting?about={call.event_id}", waits, count=told)
    if told:
        return see_other(request, f"/calls/{call_id}", N_("Your message is on its way."))
    return see_other(
        request, f"/calls/{call_id}", N_("Saved. Nobody there can be written to: please tell them yourself.")
    )


@router.post("/calls/{call_id}/withdraw")
async def withdraw(request: Request, call_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    one = await service.withdraw(db, call_id, caller, at=at)
    return see_other(request, f"/events/{one.event_id}/calls", N_("The request is ended."))


@router.get("/calls/{call_id}/letter.pdf")
async def letter(
    request: Request,
    call_id: UUID,
    caller: Reader,
    db: Db,
    at: Moment,
    settings: Installed,
    language: Annotated[Spoken | None, Query()] = None,
) -> Response:
    """The letter to print, with a link of its own for whoever may plan."""
    one, event, _ = await service.get_call(db, call_id, caller)
    return await _letters_response(db, [one], event, caller, settings, at=at, language=language)


@router.get("/n/{token}")
async def names(
    request: Request, token: str, caller: FocalPointCaller, db: ReadDb, at: Moment, database: DatabaseHandle
) -> Response:
    if caller.opened_at is None:
        async with database.unit_of_work() as work:
            await service.note_opened(work, caller.link_id, at=at)
    return render(request, NAMES, **await _names(db, caller=caller, at=at))


@router.post("/n/{token}/names")
async def set_names(
    request: Request, token: str, caller: FocalPointCaller, db: Db, at: Moment, typed: Typed
) -> Response:
    """The first list needs no code, and the browser that gives it goes on seeing it."""
    _take_in_pasted(typed)
    with form_again(NAMES, partial(_names, caller=caller, at=at), typed):
        await must_be_author(db, caller)
        given: Names = checked(Names, {"names": _rows(typed)})
        await service.set_names(db, caller.call_id, given.names, caller.actor, at=at)
    answer = see_other(
        request,
        f"/n/{token}",
        NN_(
            "Thank you. One nominee is noted; you can change them until the deadline.",
            "Thank you. %(num)s nominees are noted; you can change them until the deadline.",
        ),
        count=len(given.names),
    )
    await keep_author(request, answer, db, caller.link_id, caller.call_id, caller.session_id, at=at)
    return answer


@router.post("/n/{token}/names/{nominee_id}/substitute")
async def replace(
    request: Request,
    token: str,
    nominee_id: UUID,
    caller: FocalPointOwner,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(NAMES, partial(_names, caller=caller, at=at), typed):
        await end_other_authors(db, caller.call_id, caller.session_id)
        await service.replace(db, caller.call_id, nominee_id, checked(SubstituteIn, typed), settings, at=at)
    is_told = len(people_written_to(db)) == 2
    return see_other(request, f"/n/{token}", N_("Saved. Both are told by mail.") if is_told else N_("Saved."))


@router.get("/n/{token}/letter.pdf")
async def my_letter(
    request: Request, token: str, caller: FocalPointCaller, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    one = await db.get_one(NominationRequest, caller.call_id)
    event = await db.get_one(Event, one.event_id)
    signed = await signed_letter(db, event.id, settings.files)
    if signed:
        return download(signed, PDF, "letter.pdf", inline=True)
    links = {one.id: f"{settings.base_url}/n/{token}"}
    made = await letters_of(db, [one], event, settings.files, links=links, at=at, language=language_of(request))
    return download(await asyncio.to_thread(letters_pdf, made), PDF, "letter.pdf", inline=True)


def _rows(typed: Form) -> list[dict[str, str]]:
    columns = [ticked(typed, name) for name in ("name", "title", "address")]
    rows = [dict(zip(("name", "title", "address"), row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def _take_in_pasted(typed: Form) -> None:
    """Pasted lines become rows of the table, so that each is corrected in its place and nothing is typed twice."""
    rows = _rows(typed)
    pasted = pasted_rows(str(typed.pop("pasted", "")))
    rows += [{"name": name, "title": title, "address": address} for _, name, title, address in pasted]
    for name in ("name", "title", "address"):
        typed[f"{name}[]"] = [row[name] for row in rows]


async def _letters_response(
    db: AsyncSession,
    calls: Sequence[NominationRequest],
    event: Event,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    language: str | None = None,
) -> Response:
    may_plan = caller.may(Right.plan, event.project_id)
    links = await service.printed_links(db, calls, settings, at=at) if may_plan else {}
    made = await letters_of(db, calls, event, settings.files, links=links, at=at, language=language)
    return download(await asyncio.to_thread(letters_pdf, made), PDF, f"letters-{event.code}.pdf", inline=True)


async def _calls(
    db: AsyncSession,
    *,
    event_id: UUID,
    caller: Caller,
    at: datetime,
    page_request: Paging | None = None,
    sort: CallSort = "institution",
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "calls": await list_calls(db, event, page_request or Paging(1, MATRIX), sort),
        "sort": sort,
        "totals": await totals(db, event, at=at),
        "letters": LETTER_STATES,
        "today": day_in(event.zone, at=at),
        "kinds": INSTITUTION_KINDS,
        "drafts": await count_drafts(db, event_id),
        "history": await audit.history(db, event_id),
    }


async def call_view(db: AsyncSession, *, call_id: UUID, caller: Caller) -> Mapping[str, object]:
    one, event, institution = await service.get_call(db, call_id, caller)
    return {
        "event": event,
        "tab": "people",
        "call": one,
        "institution": institution,
        "ranks": NOMINEE_RANKS,
        "names": await service.names_of(db, one),
        "history": await audit.history(db, event.id),
    }


async def _names(db: AsyncSession, *, caller: NominationCaller, at: datetime) -> Mapping[str, object]:
    one = await db.get_one(NominationRequest, caller.call_id)
    event = await db.get_one(Event, one.event_id)
    named = await service.names_of(db, one)
    return {
        "is_hidden": not caller.may_see and bool(named),
        "call": one,
        "event": event,
        "token": caller.token,
        "project": await db.get_one(Project, event.project_id),
        "institution": await db.get_one(Institution, one.institution_id),
        "ranks": NOMINEE_RANKS,
        "named": named if caller.may_see else [],
        "is_open": event.is_on and takes_answers(one.answer_by, event.zone, at=at),
        "may_replace": event.is_on and permits(Act.hand_over, event, at=at),
    }
