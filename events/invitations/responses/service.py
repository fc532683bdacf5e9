"""Answers: taking a place, giving it back, sending somebody else, and the organiser's own decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from directory.people.service import find_person_by_address, new_person
from events.invitations.invitations import mails
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import (
    CONCERNED,
    InvitationStatus,
    Origin,
    must_be_answerable,
    must_become,
    must_still_change,
)
from events.invitations.invitations.service import (
    actor_of,
    get_invitation,
    mail_context_of,
    nominate,
    note_answer,
    revoke_links,
)
from events.invitations.registrations.models import ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import change_status, lock_context, register
from events.invitations.responses import rules
from events.invitations.responses.mails import substitution_messages
from events.invitations.responses.schemas import SubstituteIn
from events.invitations.waiting_list.rules import OfferIsOver
from events.invitations.waiting_list.service import ANSWER_TO, promote, status_for
from events.programme.events.rules import Admission, must_take_answers
from events.programme.events.service import get_event
from notifications.outbox.service import cancel_unsent, enqueue

_GIVES_BACK = (InvitationStatus.accepted, InvitationStatus.waiting, InvitationStatus.pending)


async def accept(
    db: AsyncSession, invitation_id: UUID, settings: Settings, *, at: datetime, by: str = "", guests: int = 0
) -> ResponseContext:
    """Take a place, with one for each guest, or a spot on the waiting list when the event is full. Accepting twice is
    accepting once.

    Raises Unacceptable for too many guests, AnswerTooLate, AnswerTooEarly, NotAsked, OfferIsOver, NotThatAnswer,
    EventIsOff.
    """
    case = await lock_context(db, invitation_id)
    must_take_answers(case.event.state)
    if case.registration and case.registration.standing is RegistrationStatus.offered:
        await _take_offer(db, case, settings, at)
    elif case.registration is None:
        _must_be_answerable(case, at)
        if guests > case.event.guests_allowed:
            raise Unacceptable("guests", N_("At most %(most)s guests."), most=case.event.guests_allowed)
        case.invitation.answered_by = by
        await _claim(db, case, settings, at, guests=guests)
    return case


async def _take_offer(db: AsyncSession, case: ResponseContext, settings: Settings, at: datetime) -> None:
    registration = case.registration
    assert registration is not None
    if registration.offered_until is None or registration.offered_until <= at:
        until = registration.offered_until or at
        raise OfferIsOver(until=until.isoformat(timespec="minutes"))
    change_status(registration, RegistrationStatus.confirmed, case.event, at)
    await _note(db, case, InvitationStatus.accepted, settings, at)


async def _claim(
    db: AsyncSession,
    case: ResponseContext,
    settings: Settings,
    at: datetime,
    *,
    caller: Caller | None = None,
    guests: int = 0,
) -> None:
    """Give the place there is, for whichever door asks; who applied in public waits for a decision first."""
    asks = case.invitation.origin is Origin.public_page and case.event.admission is Admission.approval
    if asks and caller is None:
        register(db, case, RegistrationStatus.pending, at=at, guests=guests)
        await _note(db, case, InvitationStatus.pending, settings, at)
        return
    standing = await status_for(db, case, case.registration.guests if case.registration else guests)
    if case.registration:
        change_status(case.registration, standing, case.event, at)
    else:
        register(db, case, standing, at=at, guests=guests)
    await _note(db, case, ANSWER_TO[standing], settings, at, caller=caller)


async def mark_tentative(
    db: AsyncSession, invitation_id: UUID, settings: Settings, *, at: datetime, by: str = ""
) -> ResponseContext:
    """Say maybe: noted, and no place is kept. Raises as `accept` does."""
    case = await lock_context(db, invitation_id)
    must_take_answers(case.event.state)
    if case.invitation.standing is InvitationStatus.tentative:
        return case
    _must_be_answerable(case, at)
    case.invitation.answered_by = by
    await _note(db, case, InvitationStatus.tentative, settings, at)
    return case


async def decline(
    db: AsyncSession, invitation_id: UUID, reason: str, settings: Settings, *, at: datetime, by: str = ""
) -> ResponseContext:
    """Say no, before or after a yes; a place that becomes free goes to the first who waits."""
    case = await lock_context(db, invitation_id)
    invitation = case.invitation
    if invitation.standing in (InvitationStatus.declined, InvitationStatus.cancelled):
        return case
    _must_be_answerable(case, at)
    answer = InvitationStatus.cancelled if invitation.standing in _GIVES_BACK else InvitationStatus.declined
    must_become(invitation.standing, answer)
    _give_back(case, at)
    invitation.reason, invitation.answered_by = reason, by
    await _note(db, case, answer, settings, at)
    await _let_move_up(db, case, settings, at)
    return case


async def withdraw(
    db: AsyncSession, invitation_id: UUID, reason: str, caller: Caller, settings: Settings, *, at: datetime
) -> ResponseContext:
    """The organiser takes the invitation back: the link dies, the place is free, the entry leaves the calendar."""
    await get_invitation(db, invitation_id, caller)
    case = await lock_context(db, invitation_id)
    invitation, event = case.invitation, case.event
    if invitation.standing is InvitationStatus.withdrawn:
        return case
    must_become(invitation.standing, InvitationStatus.withdrawn)
    await cancel_unsent(db, [invitation.person_id], event.id, [mails.INVITATION, mails.UPDATE])
    if invitation.standing in CONCERNED and case.person.address:
        await enqueue(db, [mails.cancellation_message(await _asked(db, case, settings, at), at)])
    await revoke_links(db, invitation.id, at)
    _give_back(case, at)
    invitation.standing, invitation.reason = InvitationStatus.withdrawn, reason
    audit.record(
        db,
        "person.withdrawn",
        invitation.person_id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=reason,
        event_id=event.id,
    )
    await _let_move_up(db, case, settings, at)
    return case


async def decide(
    db: AsyncSession,
    invitation_id: UUID,
    is_admitted: bool,
    reason: str,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> ResponseContext:
    """Let somebody in who asked on the public page, or not. Raises NotThatAnswer where nobody asked."""
    await get_invitation(db, invitation_id, caller)
    case = await lock_context(db, invitation_id)
    must_take_answers(case.event.state)
    must_become(case.invitation.standing, InvitationStatus.accepted if is_admitted else InvitationStatus.refused)
    if is_admitted:
        await _claim(db, case, settings, at, caller=caller)
    else:
        _give_back(case, at)
        case.invitation.reason = reason
        await _note(db, case, InvitationStatus.refused, settings, at, caller=caller)
    return case


async def add(
    db: AsyncSession, event_id: UUID, people: Sequence[UUID], caller: Caller, settings: Settings, *, at: datetime
) -> list[ResponseContext]:
    """Put people on the list as coming, without asking them: they are told, and may still say no.

    Where no place is free they wait like everybody else. Who has answered already stays as they are.
    """
    event = await get_event(db, event_id, caller)
    must_take_answers(event.state)
    await nominate(db, event, people, caller, at=at)
    found = await db.exec(
        select(Invitation.id)
        .where(
            Invitation.event_id == event_id,
            col(Invitation.person_id).in_(people),
            Invitation.standing == InvitationStatus.nominated,
        )
        .order_by(col(Invitation.id))
    )
    added = []
    for invitation_id in found.all():
        case = await lock_context(db, invitation_id)
        await _claim(db, case, settings, at, caller=caller)
        added.append(case)
    return added


async def substitute(
    db: AsyncSession,
    invitation_id: UUID,
    given: SubstituteIn,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None = None,
    is_institution: bool = False,
) -> ResponseContext:
    """Another person takes over: the place changes hands in one step and is never free in between.

    The organiser may do it whatever the deadline, the institution that named somebody after the time for answers.
    A nomination that nobody was invited for yet just gets another name. Raises CannotBeNamed, NamesAreFrozen,
    NotThatAnswer.
    """
    if caller:
        await get_invitation(db, invitation_id, caller)
    case = await lock_context(db, invitation_id)
    must_take_answers(case.event.state)
    if caller is None and not is_institution:
        _must_be_answerable(case, at)
        must_still_change(case.event.names_freeze_on, case.event.zone, at)
    must_become(case.invitation.standing, InvitationStatus.substituted)
    person = await _substitute_person(db, case, given)
    comes = await _name_instead(db, case, person, at)
    left, case.invitation.standing = case.invitation.standing, InvitationStatus.substituted
    case.invitation.answered_by, case.invitation.answered_at = given.answered_by, at
    comes.standing = left
    await cancel_unsent(db, [case.person.id], case.event.id, [mails.INVITATION, mails.UPDATE])
    new = ResponseContext(comes, case.event, person, case.project, None)
    _hand_over(db, case, new, at)
    audit.record(
        db,
        "person.substituted",
        case.person.id,
        at=at,
        project_id=case.project.id,
        by=actor_of(case.invitation, caller),
        event_id=case.event.id,
        substitute=person.id,
    )
    await db.flush()
    if left is InvitationStatus.nominated:
        # Neither was asked yet: the new name is invited with the others.
        comes.invited_at, comes.told_sequence = None, -1
        return new
    letters = substitution_messages(await _asked(db, case, settings, at), await _asked(db, new, settings, at), at)
    await enqueue(db, letters)
    return new


async def _substitute_person(db: AsyncSession, case: ResponseContext, given: SubstituteIn) -> Person:
    known = await find_person_by_address(db, case.project.id, given.address)
    if known is None:
        institution = await db.get(Institution, case.person.institution_id or UUID(int=0))
        known = new_person(
            db,
            case.project.id,
            name=given.name,
            title=given.title,
            address=given.address,
            institution=institution,
            province=case.person.province,
            language=case.person.language,
        )
        await db.flush()
    return known


async def _name_instead(db: AsyncSession, case: ResponseContext, person: Person, at: datetime) -> Invitation:
    """The substitute's own invitation, one for each person and event. Raises CannotBeNamed."""
    found = await db.exec(
        select(Invitation).where(Invitation.event_id == case.event.id, Invitation.person_id == person.id)
    )
    there = found.first()
    if there is not None and there.standing not in (InvitationStatus.nominated, InvitationStatus.withdrawn):
        raise rules.CannotBeNamed()
    comes = there or Invitation(
        event_id=case.event.id, person_id=person.id, nominated_at=at, told_sequence=case.event.sequence
    )
    comes.round += int(there is not None)
    comes.origin, comes.instead_of_id = Origin.substitute, case.invitation.id
    comes.category, comes.invited_at = case.invitation.category, at
    db.add(comes)
    return comes


def _hand_over(db: AsyncSession, case: ResponseContext, new: ResponseContext, at: datetime) -> None:
    """The registration changes hands with its spot on the waiting list; the number of places taken stays."""
    old = case.registration
    if old is None:
        return
    standing, since, priority, guests = old.standing, old.registered_at, old.priority, old.guests
    change_status(old, RegistrationStatus.withdrawn, case.event, at)
    taken_over = register(db, new, standing, at=since, guests=guests)
    taken_over.changed_at, taken_over.priority = at, priority
    case.event.is_overbooked = case.event.taken > case.event.places


def _must_be_answerable(case: ResponseContext, at: datetime) -> None:
    event = case.event
    must_be_answerable(case.invitation.standing, event.opens_on, event.answers_until, event.zone, at)


def _give_back(case: ResponseContext, at: datetime) -> None:
    if case.registration:
        change_status(case.registration, RegistrationStatus.withdrawn, case.event, at)


async def _let_move_up(db: AsyncSession, case: ResponseContext, settings: Settings, at: datetime) -> None:
    await db.flush()
    await promote(db, case.event, settings, at=at)


async def _note(
    db: AsyncSession,
    case: ResponseContext,
    answer: InvitationStatus,
    settings: Settings,
    at: datetime,
    *,
    caller: Caller | None = None,
) -> None:
    await note_answer(db, case.invitation, case.event, case.person, case.project, answer, settings, at, by=caller)


async def _asked(db: AsyncSession, case: ResponseContext, settings: Settings, at: datetime) -> MailContext:
    return await mail_context_of(db, case.invitation, case.event, case.person, case.project, settings, at)
