"""The participant's own page: one column, big targets, no account."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked
from core.zones import local
from directory.accounts.access import Organiser
from directory.people.models import Person
from directory.projects.models import Project
from events.calendars import service as calendars
from events.invitations.access import Guest, Participant
from events.invitations.models import Invitation
from events.invitations.pages import roster_view
from events.invitations.rules import takes_answers
from events.invitations.schemas import Withdrawal
from events.materials.service import list_for_participant
from events.programme.models import Event
from events.programme.rules import SESSION_KINDS
from events.programme.service import list_sessions
from events.registrations import service
from events.registrations.schemas import Decline, Details

router = APIRouter(include_in_schema=False)
PAGE = "events/participant.html"


@router.get("/i/{token}")
async def mine(request: Request, token: str, participant: Participant, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _view(db, participant=participant, at=at))


@router.post("/i/{token}/accept")
async def accept(
    request: Request,
    token: str,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(PAGE, partial(_view, participant=participant, at=at), typed):
        await service.accept(db, participant.invitation_id, settings, at=at)
    return see_other(request, f"/i/{token}#details", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/decline")
async def decline(
    request: Request,
    token: str,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(PAGE, partial(_view, participant=participant, at=at), typed):
        reason = checked(Decline, {"reason": typed.get("reason", "")}).reason
        await service.decline(db, participant.invitation_id, reason, settings, at=at)
    return see_other(request, f"/i/{token}", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/details")
async def details(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, participant=participant, at=at), typed):
        await service.tell(db, participant.invitation_id, checked(Details, typed), at=at)
    return see_other(request, f"/i/{token}", N_("Thank you, we have everything we need."))


@router.post("/i/{token}/calendar")
async def subscribe(
    request: Request,
    token: str,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """A new subscription; its address is shown here and never again."""
    address = await calendars.subscribe(db, participant.person_id, participant.name, settings, at=at)
    view = dict(await _view(db, participant=participant, at=at))
    plain = address.removeprefix("https://").removeprefix("http://")
    view["feed"] = {
        "plain": address,
        "webcal": f"webcal://{plain}",
        "qr": segno.make(address).svg_data_uri(scale=4),
    }
    return render(request, PAGE, **view)


@router.post("/i/{token}/calendar/end")
async def unsubscribe(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, typed: Typed
) -> Response:
    await calendars.end_subscriptions(db, participant.person_id, participant.name, at=at)
    return see_other(
        request, f"/i/{token}#calendar", N_("Calendars that were subscribed no longer get anything.")
    )


@router.post("/events/{event_id}/people/{invitation_id}/withdraw")
async def withdraw(
    request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed,
    typed: Typed,
) -> Response:  # fmt: skip
    with form_again("events/people.html", partial(roster_view, event_id=event_id, caller=caller), typed):
        reason = checked(Withdrawal, {"reason": typed.get("reason", "")}).reason
        await service.withdraw(db, invitation_id, reason, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people", N_("The invitation is taken back."))


async def _view(db: AsyncSession, *, participant: Guest, at: datetime) -> Mapping[str, Any]:
    invitation = await db.get_one(Invitation, participant.invitation_id)
    event = await db.get_one(Event, invitation.event_id)
    sessions = await list_sessions(db, event.id)
    registration = await service.find_active(db, invitation)
    by_day = groupby(sessions, lambda s: local(s.starts_at, event.zone).date())
    return {
        "is_open": takes_answers(event.answers_until, event.zone, at),
        "token": participant.token, "invitation": invitation, "event": event, "registration": registration,
        "project": await db.get_one(Project, event.project_id), "person": await db.get_one(Person, invitation.person_id),
        "agenda": [(day, list(items)) for day, items in by_day], "session_kinds": SESSION_KINDS,
        "materials": await list_for_participant(db, event.id, participant.person_id),
        "feed": None, "feeds": await calendars.count_subscriptions(db, participant.person_id),
    }  # fmt: skip
