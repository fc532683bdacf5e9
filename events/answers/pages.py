"""The buttons of the personal page, and those of the organiser beside each person."""

from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Form, Typed, form_again, see_other
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Caller, Organiser
from events.answers import service
from events.answers.schemas import Acceptance, Decision, Decline, Priority, SubstituteIn
from events.invitations.access import Guest, Participant
from events.invitations.schemas import Withdrawal
from events.registrations.pages import PAGE, my_page
from events.roster.panel import PERSON, person_view
from events.waiting.service import set_priority

router = APIRouter(include_in_schema=False)


def _chosen(typed: Form, shape: Any) -> Any:
    """The fields of this form only: others of the page may come along."""
    return checked(shape, {name: typed[name] for name in shape.model_fields if name in typed})


def _my_page_again(participant: Guest, at: datetime, typed: Form) -> AbstractContextManager[None]:
    return form_again(PAGE, partial(my_page, participant=participant, at=at), typed)


def _person_again(event_id: UUID, invitation_id: UUID, caller: Caller, typed: Form) -> AbstractContextManager[None]:
    view = partial(person_view, event_id=event_id, invitation_id=invitation_id, caller=caller)
    return form_again(PERSON, view, typed)


@router.post("/i/{token}/accept")
async def accept(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, at, typed):
        given: Acceptance = _chosen(typed, Acceptance)
        await service.accept(db, participant.invitation_id, settings, at=at, by=given.answered_by, guests=given.guests)
    return see_other(request, f"/i/{token}#details", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/maybe")
async def consider(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, at, typed):
        await service.consider(db, participant.invitation_id, settings, at=at)
    return see_other(request, f"/i/{token}", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/decline")
async def decline(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, at, typed):
        given: Decline = _chosen(typed, Decline)
        await service.decline(db, participant.invitation_id, given.reason, settings, at=at, by=given.answered_by)
    return see_other(request, f"/i/{token}", N_("Thank you for telling us."))


@router.post("/i/{token}/substitute")
async def send_somebody_else(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, at, typed):
        given: SubstituteIn = _chosen(typed, SubstituteIn)
        await service.substitute(db, participant.invitation_id, given, settings, at=at)
    return see_other(request, f"/i/{token}", N_("%(name)s comes in your place."), name=given.name)


@router.post("/events/{event_id}/people/{invitation_id}/withdraw")
async def withdraw(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with _person_again(event_id, invitation_id, caller, typed):
        reason = _chosen(typed, Withdrawal).reason
        await service.withdraw(db, invitation_id, reason, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("The invitation is taken back."))


@router.post("/events/{event_id}/people/{invitation_id}/decide")
async def decide(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with _person_again(event_id, invitation_id, caller, typed):
        given: Decision = _chosen(typed, Decision)
        await service.decide(db, invitation_id, given.is_admitted, given.reason, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved. They are told by mail."))


@router.post("/events/{event_id}/people/{invitation_id}/substitute")
async def substitute(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with _person_again(event_id, invitation_id, caller, typed):
        given: SubstituteIn = _chosen(typed, SubstituteIn)
        await service.substitute(db, invitation_id, given, settings, at=at, caller=caller)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved. Both are told by mail."))


@router.post("/events/{event_id}/people/{invitation_id}/priority")
async def prefer(
    request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with _person_again(event_id, invitation_id, caller, typed):
        given: Priority = _chosen(typed, Priority)
        await set_priority(db, invitation_id, given.is_first, given.reason, caller, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved."))
