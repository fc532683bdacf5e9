"""Answers: taking a place, giving it back, and the organiser's own decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.i18n import words
from core.settings import Settings
from core.zones import local
from directory.accounts.access import Caller
from directory.projects.service import may_send
from events.invitations.capacity.service import status_for
from events.invitations.guests.rules import act_of_guests, must_be_allowed
from events.invitations.guests.service import change_guests, name_guests
from events.invitations.invitations import mails
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import (
    CONCERNED,
    InvitationStatus,
    Origin,
    entry_sequence,
    must_become,
)
from events.invitations.invitations.service import nominate, revoke_links
from events.invitations.offers.rules import OfferIsOver
from events.invitations.phases.rules import Act, act_of_no, must_permit
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import (
    change_status,
    lock_context,
    lock_context_for,
    mail_context_of,
    must_not_have_been_there,
    record_status,
    register,
)
from events.invitations.responses.schemas import HEARD_BY, RecordedAnswer
from events.invitations.snapshots import service as snapshots
from events.invitations.waiting_list.service import ANSWER_TO, promote
from events.programme.events.mails import UPDATE
from events.programme.events.models import Event
from events.programme.events.rules import Admission, must_take_answers
from events.programme.events.service import list_sessions, lock_event_for
from notifications.outbox.service import cancel_unsent, enqueue

# Who is asked anew where a new day is set: all who are still on the list, those put there without a question too.
_ASKED_BEFORE = tuple(
    status
    for status in InvitationStatus
    if status
    not in (
        InvitationStatus.nominated,
        InvitationStatus.rejected,
        InvitationStatus.substituted,
        InvitationStatus.withdrawn,
    )
)
_GIVES_BACK = (InvitationStatus.accepted, InvitationStatus.waiting, InvitationStatus.pending)


async def record_answer(
    db: AsyncSession, invitation_id: UUID, given: RecordedAnswer, caller: Caller, settings: Settings, *, at: datetime
) -> ResponseContext:
    """What somebody said by telephone, by mail or in person, noted by staff: whatever the deadline, and also for who
    was named and not asked yet. They get the mail that their own answer would have brought.

    Raises NotFound, NotThatAnswer, EventIsOff.
    """
    context = await lock_context_for(db, invitation_id, caller)
    # Kept with the answer, encrypted: who among staff heard it, and how.
    by = f"{caller.name}, {words(caller.language).translate(HEARD_BY[given.how])}"
    if context.invitation.status is InvitationStatus.nominated:
        context.invitation.status, context.invitation.invited_at = InvitationStatus.invited, at
        context.invitation.notified_sequence = context.event.sequence
    match given.answer:
        case InvitationStatus.accepted:
            return await accept(db, invitation_id, settings, at=at, by=by, caller=caller, guests=given.guests)
        case InvitationStatus.tentative:
            return await mark_tentative(db, invitation_id, settings, at=at, by=by, caller=caller)
        case _:
            return await decline(db, invitation_id, given.reason, settings, at=at, by=by, caller=caller)


async def accept(
    db: AsyncSession,
    invitation_id: UUID,
    settings: Settings,
    *,
    at: datetime,
    by: str = "",
    guests: int | None = None,
    guest_names: Sequence[str] = (),
    caller: Caller | None = None,
) -> ResponseContext:
    """Take a place, with one for each guest, or a spot on the waiting list when the event is full. Accepting twice is
    accepting once, unless with another number of guests.

    Raises Unacceptable for too many guests, what `must_permit` raises, OfferIsOver, EventIsOff.
    """
    context = await lock_context(db, invitation_id)
    must_take_answers(context.event.state)
    note_word(context, at=at)
    if context.registration and context.registration.status is RegistrationStatus.offered:
        _must_permit(Act.take_offer, context, caller, at=at)
        await _take_offer(db, context, context.registration, settings, at=at)
        await _bring(db, context, guests, settings, at=at, caller=caller)
    elif context.registration is None:
        _must_permit(Act.accept, context, caller, at=at)
        must_be_allowed(guests or 0, context.event.guests_allowed)
        context.invitation.answered_by = by
        await _claim(db, context, settings, at=at, guests=guests or 0, caller=caller)
    else:
        await _bring(db, context, guests, settings, at=at, caller=caller)
    if guest_names:
        await name_guests(db, context, guest_names, at=at, caller=caller)
    return context


async def _bring(
    db: AsyncSession,
    context: ResponseContext,
    guests: int | None,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None,
) -> None:
    """Another number of guests, where one is said."""
    registration = context.registration
    if registration is not None and guests is not None and guests != registration.guests:
        _must_permit(act_of_guests(registration.guests, guests), context, caller, at=at)
        await change_guests(db, context, guests, settings, at=at, caller=caller)


async def _take_offer(
    db: AsyncSession, context: ResponseContext, registration: Registration, settings: Settings, *, at: datetime
) -> None:
    if registration.offered_until is None or registration.offered_until <= at:
        raise OfferIsOver(until=local(registration.offered_until or at, context.event.zone))
    change_status(registration, RegistrationStatus.confirmed, context.event, at=at)
    await record_status(db, context, InvitationStatus.accepted, settings, at=at)


async def _claim(
    db: AsyncSession,
    context: ResponseContext,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None = None,
    guests: int = 0,
) -> None:
    """Give the place there is, for whichever endpoint asks; who applied in public waits for a decision first."""
    asks = context.invitation.origin is Origin.public_page and context.event.admission is Admission.approval
    if asks and caller is None:
        register(db, context, RegistrationStatus.pending, at=at, guests=guests)
        await record_status(db, context, InvitationStatus.pending, settings, at=at)
        return
    status = await status_for(db, context, context.registration.guests if context.registration else guests)
    if context.registration:
        change_status(context.registration, status, context.event, at=at)
    else:
        register(db, context, status, at=at, guests=guests)
    await record_status(db, context, ANSWER_TO[status], settings, at=at, by=caller)


async def mark_tentative(
    db: AsyncSession,
    invitation_id: UUID,
    settings: Settings,
    *,
    at: datetime,
    by: str = "",
    caller: Caller | None = None,
) -> ResponseContext:
    """Say maybe: noted, and no place is kept. Raises as `accept` does."""
    context = await lock_context(db, invitation_id)
    must_take_answers(context.event.state)
    note_word(context, at=at)
    if context.invitation.status is InvitationStatus.tentative:
        return context
    _must_permit(Act.tentative, context, caller, at=at)
    context.invitation.answered_by = by
    await record_status(db, context, InvitationStatus.tentative, settings, at=at, by=caller)
    return context


async def decline(
    db: AsyncSession,
    invitation_id: UUID,
    reason: str,
    settings: Settings,
    *,
    at: datetime,
    by: str = "",
    caller: Caller | None = None,
) -> ResponseContext:
    """Say no, before or after a yes; a place that becomes free goes to the first who waits. Saying it twice is saying
    it once. Taken of a cancelled event too: whoever does not come may say so.

    Raises what `must_permit` raises, and AttendanceRecorded for who has been there already.
    """
    context = await lock_context(db, invitation_id)
    invitation = context.invitation
    note_word(context, at=at)
    if invitation.status in (InvitationStatus.declined, InvitationStatus.cancelled):
        return context
    _must_permit(act_of_no(invitation.status), context, caller, at=at)
    if caller is None:
        await must_not_have_been_there(db, context)
    answer = InvitationStatus.cancelled if invitation.status in _GIVES_BACK else InvitationStatus.declined
    must_become(invitation.status, answer)
    _give_back(context, at=at)
    invitation.reason, invitation.answered_by = reason, by
    await record_status(db, context, answer, settings, at=at, by=caller)
    await _promote_waiting(db, context, settings, at=at)
    return context


async def withdraw(
    db: AsyncSession, invitation_id: UUID, reason: str, caller: Caller, settings: Settings, *, at: datetime
) -> ResponseContext:
    """The organiser takes the invitation back: the link dies, the place is free, the entry leaves the calendar with a
    mail, which waits as a draft where the caller may not send any. Twice is once. Raises NotFound, NotThatAnswer."""
    context = await lock_context_for(db, invitation_id, caller)
    invitation, event = context.invitation, context.event
    if invitation.status is InvitationStatus.withdrawn:
        return context
    must_become(invitation.status, InvitationStatus.withdrawn)
    await cancel_unsent(db, [invitation.person_id], event.id, [mails.INVITATION, UPDATE])
    if invitation.status in CONCERNED and context.person.address:
        # Who may not send mail does not send this one by another way: it waits for somebody who may.
        draft = not may_send(event.project_id, caller)
        mail = await mail_context_of(db, context, settings, at=at)
        await enqueue(db, [mails.cancellation_message(mail, at=at, draft=draft)])
    # After the mail, which has made one more.
    await revoke_links(db, invitation.id, at=at)
    _give_back(context, at=at)
    invitation.status, invitation.reason = InvitationStatus.withdrawn, reason
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
    if may_send(event.project_id, caller):
        await _promote_waiting(db, context, settings, at=at)
    return context


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
    context = await lock_context_for(db, invitation_id, caller)
    must_take_answers(context.event.state)
    must_become(context.invitation.status, InvitationStatus.accepted if is_admitted else InvitationStatus.rejected)
    if is_admitted:
        await _claim(db, context, settings, at=at, caller=caller)
    else:
        _give_back(context, at=at)
        context.invitation.reason = reason
        await record_status(db, context, InvitationStatus.rejected, settings, at=at, by=caller)
    return context


async def add(
    db: AsyncSession, event_id: UUID, people: Sequence[UUID], caller: Caller, settings: Settings, *, at: datetime
) -> list[ResponseContext]:
    """Put people on the list as coming, without asking them: they are told, and may still say no.

    Where no place is free they wait like everybody else. Who has answered already stays as they are. Raises
    Unacceptable for somebody whom the project does not know, EventIsOff.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_answers(event.state)
    await nominate(db, event, people, caller, at=at)
    found = await db.exec(
        select(Invitation.id)
        .where(
            Invitation.event_id == event_id,
            col(Invitation.person_id).in_(people),
            Invitation.status == InvitationStatus.nominated,
        )
        .order_by(col(Invitation.id))
    )
    added = []
    for invitation_id in found.all():
        context = await lock_context(db, invitation_id)
        await _claim(db, context, settings, at=at, caller=caller)
        # The mail of it says how the event stands: what changes later is told from here.
        context.invitation.notified_sequence = event.sequence
        added.append(context)
    if added:
        await snapshots.keep(db, event, snapshots.content_of(event, await list_sessions(db, event.id)))
    return added


def note_word(context: ResponseContext, *, at: datetime) -> None:
    """Their last word, also where it changes nothing: what their calendar said before does not undo it."""
    invitation = context.invitation
    invitation.replied_sequence = entry_sequence(context.event.sequence, invitation.round)
    invitation.replied_at = at


def _must_permit(act: Act, context: ResponseContext, caller: Caller | None, *, at: datetime) -> None:
    """At its time, for who answers by themself; staff note what they were told whenever that was."""
    if caller is None:
        must_permit(act, context.invitation.status, context.event, at=at)


async def ask_again(db: AsyncSession, event: Event, caller: Caller, *, at: datetime) -> None:
    """Everybody who was asked, or has a place, is asked anew, for a new day: places are free, what people told stays.
    The caller holds the event's lock."""
    holding = await db.exec(
        select(Registration).where(
            Registration.event_id == event.id, Registration.status != RegistrationStatus.withdrawn
        )
    )
    for registration in holding:
        change_status(registration, RegistrationStatus.withdrawn, event, at=at)
    asked = await db.exec(
        update(Invitation)
        .where(
            col(Invitation.event_id) == event.id,
            col(Invitation.status).in_(_ASKED_BEFORE),
        )
        .values(
            status=InvitationStatus.invited,
            invited_at=func.coalesce(col(Invitation.invited_at), at),
            answered_at=None,
            answers=Invitation.answers + 1,
            answered_by="",
            reason="",
        )
        .execution_options(synchronize_session="fetch")
    )
    audit.record(
        db, "event.asked-again", event.id, at=at, project_id=event.project_id, **caller.signature, people=asked.rowcount
    )


def _give_back(context: ResponseContext, *, at: datetime) -> None:
    if context.registration:
        change_status(context.registration, RegistrationStatus.withdrawn, context.event, at=at)


async def _promote_waiting(db: AsyncSession, context: ResponseContext, settings: Settings, *, at: datetime) -> None:
    # `promote` counts in the database what is free.
    await db.flush()
    await promote(db, context.event, settings, at=at)
