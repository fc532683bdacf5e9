"""The people of an event: who is named, asked, coming; one person from all sides; many at once."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.documents.sheets import Ending
from core.errors import N_
from core.pages import Typed, form_again, render, see_other, serve_table
from core.paging import PageRequest, Paging
from core.settings import Installed
from core.web import checked, download, language_of
from directory.accounts.access import Caller, Organiser, ProjectReader, Reader
from directory.people.geography import provinces
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.invitations.batch_checks.service import preflight
from events.invitations.invitations import service as invitations
from events.invitations.invitations.rules import CATEGORIES, INVITATION_STATUSES, InvitationStatus
from events.invitations.invitations.schemas import RosterEntryIn
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import find_active, list_confirmed
from events.participants.bulk import service as steps
from events.participants.bulk.rules import BULK
from events.participants.bulk.schemas import BulkIn, bulk_of
from events.participants.roster import service
from events.participants.roster.documents import participants_pdf
from events.participants.roster.rules import COLUMNS, MARKS
from events.participants.roster.schemas import ColumnsIn, RosterFilter, Wanted
from events.participants.roster.views import cells, export_roster
from events.programme.events.service import get_event
from notifications.outbox.service import count_drafts, people_written_to

router = APIRouter(prefix="/events/{event_id}", include_in_schema=False)
WAITS_TOLD = N_("No place is free: %(name)s is on the waiting list and told by mail.")
WAITS = N_("No place is free: %(name)s is on the waiting list and gets no mail. Please tell them yourself.")
PEOPLE, CONFIRM = "events/people.html", "events/bulk_action.html"


@router.get("/people")
async def people(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    page_request: PageRequest,
    wanted: Wanted,
    job: UUID | None = None,
) -> Response:
    view = await roster_view(
        db, event_id=event_id, caller=caller, page_request=page_request, wanted=wanted, job=job, at=at
    )
    return render(request, PEOPLE, **view)


@router.get("/participants.pdf")
async def participant_list(
    request: Request,
    event_id: UUID,
    caller: Organiser,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    names_only: bool = False,
) -> Response:
    """Everybody with a place, by protocol and then by name, to be handed out: no address, no telephone; names alone
    where that is wished."""
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    found = await list_confirmed(db, event.id, by="protocol")
    people = [(person, institution) for _, person, institution in found]
    pictures = await pictures_of(db, project.id, settings.files)
    content = await asyncio.to_thread(
        participants_pdf,
        event,
        project,
        people,
        pictures,
        language_of(request),
        with_institution=not names_only,
        at=at,
    )
    return download(content, PDF, f"participants-{event.code}.pdf", inline=True)


@router.get("/people.{ending}")
async def export(
    request: Request,
    event_id: UUID,
    ending: Ending,
    caller: ProjectReader,
    db: Db,
    at: Moment,
    wanted: Wanted,
    with_answers: bool = False,
) -> Response:
    event = await get_event(db, event_id, caller)
    columns = await service.columns_of(db, caller, event.project_id)
    rows = await export_roster(
        db, event, wanted, columns, caller, language_of(request), with_answers=with_answers, at=at
    )
    return await serve_table(f"people-{event.code}", event.code, rows, ending)


@router.post("/people/columns")
async def columns(request: Request, event_id: UUID, caller: Reader, db: Db, typed: Typed) -> Response:
    await get_event(db, event_id, caller)
    given: ColumnsIn = checked(ColumnsIn, {"columns": typed.get("columns[]", [])})
    await service.choose_columns(db, given.columns, caller)
    return see_other(request, f"/events/{event_id}/people")


@router.post("/people")
async def add(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Name somebody, to be invited with the others; or add them at once, with a place and without being asked."""
    is_added = typed.pop("how", "") == "add"
    typed.pop("institution_new", None)
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller, at=at), typed):
        given: RosterEntryIn = checked(RosterEntryIn, typed)
        person, invitation = await service.name_by_hand(db, event_id, given, caller, settings, at=at, is_added=is_added)
        place = await find_active(db, invitation)
    is_told = person.id in people_written_to(db)
    if not is_added:
        said = N_("%(name)s is nominated.")
    elif place and place.status is RegistrationStatus.waiting:
        said = WAITS_TOLD if is_told else WAITS
    elif is_told:
        said = N_("%(name)s is on the list and told by mail.")
    else:
        said = N_("%(name)s is on the list and gets no mail: please tell them yourself.")
    return see_other(request, f"/events/{event_id}/people", said, name=person.name)


@router.post("/invite")
async def invite(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller, at=at), typed):
        job = await invitations.invite(db, event_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/people?job={job.id}")


@router.post("/people/bulk/preview")
async def preview(
    request: Request, event_id: UUID, caller: Organiser, db: ReadDb, at: Moment, wanted: Wanted, typed: Typed
) -> Response:
    """What a step would do, before it does it."""
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller, at=at, wanted=wanted), typed):
        event = await get_event(db, event_id, caller)
        if typed.get("all") == "yes":
            typed["ids"] = " ".join(str(id) for id in await service.chosen(db, event, wanted))
        page_request = bulk_of(typed)
        # The reason is asked for on the next page only.
        given: BulkIn = checked(BulkIn, page_request | {"reason": page_request["reason"] or "-"})
        view = await _confirmation(db, event_id=event_id, caller=caller, given=given, at=at)
    return render(request, CONFIRM, **view)


@router.post("/people/bulk")
async def bulk(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    page_request = bulk_of(typed)
    seen: BulkIn = checked(BulkIn, page_request | {"reason": page_request["reason"] or "-"})
    with form_again(CONFIRM, partial(_confirmation, event_id=event_id, caller=caller, given=seen, at=at), typed):
        given: BulkIn = checked(BulkIn, page_request)
        job = await steps.order(db, event_id, given, caller, at=at)
    return see_other(request, f"/events/{event_id}/people?job={job.id}")


async def _confirmation(
    db: AsyncSession, *, event_id: UUID, caller: Caller, given: BulkIn, at: datetime
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "people",
        "given": given,
        "rule": BULK[given.action],
        "seen": await steps.preview(db, event, given, caller, at=at),
        "history": await audit.history(db, event_id),
    }


async def roster_view(
    db: AsyncSession,
    *,
    event_id: UUID,
    caller: Caller,
    page_request: Paging | None = None,
    wanted: RosterFilter | None = None,
    job: UUID | None = None,
    at: datetime,
) -> Mapping[str, object]:
    """What the people tab shows; the same number of queries whatever the length of the list."""
    event = await get_event(db, event_id, caller)
    wanted = wanted or RosterFilter()
    drafts = await count_drafts(db, event_id)
    counts, funnel = await service.count_progress(db, event, has_drafts=drafts > 0)
    columns = await service.columns_of(db, caller, event.project_id)
    return {
        "event": event,
        "tab": "people",
        "job": job,
        "wanted": wanted,
        "columns": columns,
        "column_names": {c: COLUMNS[c] for c in service.columns_for(caller, event.project_id)},
        "roster": await service.list_roster(db, event, wanted, page_request or Paging(1, 50), columns, counts),
        "cells": cells,
        "funnel": funnel,
        "categories": CATEGORIES,
        "counts": counts,
        "answers": INVITATION_STATUSES,
        "marks": MARKS,
        "steps": BULK,
        "provinces": provinces(),
        "drafts": drafts,
        "preflight": await preflight(db, event, at=at) if counts.get(InvitationStatus.nominated) else [],
        "history": await audit.history(db, event_id),
    }
