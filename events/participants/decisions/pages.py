"""The organiser’s decisions about one person on the roster."""

from contextlib import AbstractContextManager
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Form, Typed, form_again, see_other
from core.settings import Installed
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser
from directory.people.models import Person
from events.invitations.invitations.schemas import Withdrawal
from events.invitations.responses import service
from events.invitations.responses.schemas import Decision, Priority, RecordedAnswer
from events.invitations.substitutions import service as substitutions
from events.invitations.substitutions.schemas import ProposalDecision, SubstituteIn
from events.invitations.waiting_list.service import set_priority
from events.participants.person.views import PERSON, person_view
from notifications.outbox.service import people_written_to

router = APIRouter(include_in_schema=False)
# By how many of two are written to.
_TWO = (
    N_("Saved. Neither of them gets a mail."),
    N_("Saved. Only one of them is told by mail."),
    N_("Saved. Both are told by mail."),
)


def _person_again(event_id: UUID, invitation_id: UUID, caller: Caller, typed: Form) -> AbstractContextManager[None]:
    view = partial(person_view, event_id=event_id, invitation_id=invitation_id, caller=caller)
    return form_again(PERSON, view, typed)


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
        reason = checked_fields(typed, Withdrawal).reason
        await service.withdraw(db, invitation_id, reason, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("The invitation is withdrawn."))


@router.post("/events/{event_id}/people/{invitation_id}/answer")
async def record_answer(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """What somebody said by telephone, by mail or in person."""
    with _person_again(event_id, invitation_id, caller, typed):
        given: RecordedAnswer = checked_fields(typed, RecordedAnswer)
        context = await service.record_answer(db, invitation_id, given, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", _told(db, context.person))


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
        given: Decision = checked_fields(typed, Decision)
        context = await service.decide(db, invitation_id, given.is_admitted, given.reason, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", _told(db, context.person))


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
        given: SubstituteIn = checked_fields(typed, SubstituteIn)
        await substitutions.substitute(db, invitation_id, given, settings, at=at, caller=caller)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", _TWO[len(people_written_to(db))])


@router.post("/events/{event_id}/people/{invitation_id}/substitute/decide")
async def decide_substitution(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """Approve whom somebody proposed, or say why not."""
    with _person_again(event_id, invitation_id, caller, typed):
        given: ProposalDecision = checked_fields(typed, ProposalDecision)
        sent = await substitutions.decide(db, invitation_id, given.is_approved, given.reason, caller, settings, at=at)
    notice = _TWO[len(people_written_to(db))] if given.is_approved else _told(db, sent.context.person)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", notice)


@router.post("/events/{event_id}/people/{invitation_id}/substitute/take-back")
async def take_back_substitute(
    request: Request,
    event_id: UUID,
    invitation_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """Somebody comes after all who had sent a substitute."""
    with _person_again(event_id, invitation_id, caller, typed):
        await substitutions.take_back(db, invitation_id, settings, at=at, caller=caller)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", _TWO[len(people_written_to(db))])


@router.post("/events/{event_id}/people/{invitation_id}/priority")
async def prefer(
    request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with _person_again(event_id, invitation_id, caller, typed):
        given: Priority = checked_fields(typed, Priority)
        await set_priority(db, invitation_id, given.is_first, given.reason, caller, at=at)
    return see_other(request, f"/events/{event_id}/people/{invitation_id}", N_("Saved."))


def _told(db: AsyncSession, person: Person) -> str:
    """What a page says about somebody of whom something was decided: a mail that nobody gets is not promised."""
    if person.id in people_written_to(db):
        return N_("Saved. They are told by mail.")
    return N_("Saved. They get no mail: please tell them yourself.")
