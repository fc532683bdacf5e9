"""Substitutes: sent by the rule of the event, proposed and approved, and taken back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.i18n import Words
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from directory.people.service import find_person_by_address, new_person
from events.invitations.invitations import mails
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import (
    EDGES,
    InvitationStatus,
    Origin,
    must_become,
)
from events.invitations.invitations.service import actor_of, revoke_links
from events.invitations.phases.rules import Act, act_of_substitute, must_be_time_for, must_permit
from events.invitations.questionnaires.service import answers_of
from events.invitations.registrations.models import ResponseContext
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import (
    change_status,
    lock_context,
    lock_context_for,
    mail_context_of,
    must_not_have_been_there,
    register,
)
from events.invitations.responses.service import note_word
from events.invitations.session_signups.service import hand_over_sessions
from events.invitations.substitutions import rules
from events.invitations.substitutions.mails import (
    WELCOMES,
    not_approved_message,
    return_messages,
    substitution_messages,
)
from events.invitations.substitutions.models import Sent, SubstitutionProposal
from events.invitations.substitutions.rules import HANDED_OVER, ProposalState
from events.invitations.substitutions.schemas import SubstituteIn
from events.programme.events.mails import UPDATE
from events.programme.events.rules import Substitution, must_take_answers
from notifications.outbox.service import cancel_unsent, enqueue


class PlaceFollower(Protocol):
    """Brings what hangs on a place to the registration of who takes it over. The event is locked."""

    def __call__(self, db: AsyncSession, old_id: UUID, new_id: UUID, *, at: datetime) -> Awaitable[None]: ...


# Packages above say here what follows a place, and what of a registration does not, in words for the organiser.
FOLLOWERS: list[PlaceFollower] = []
LEFT_BEHIND: list[Callable[[AsyncSession, UUID, Words], Awaitable[list[str]]]] = []
# From where somebody else may be sent.
REPLACEABLE = [status for status, next in EDGES.items() if InvitationStatus.substituted in next]


async def send(db: AsyncSession, invitation_id: UUID, given: SubstituteIn, settings: Settings, *, at: datetime) -> Sent:
    """The invited person sends somebody else, as far as the event allows: at once, or as a proposal to the organiser.

    Raises NoSubstitutes, what `must_permit` raises, AttendanceRecorded, OwnAddress, CannotBeNamed.
    """
    context = await lock_context(db, invitation_id)
    event = context.event
    must_take_answers(event.state)
    if event.substitution is Substitution.off:
        raise rules.NoSubstitutes()
    must_permit(act_of_substitute(context.invitation.status), context.invitation.status, event, at=at)
    await must_not_have_been_there(db, context)
    await _must_be_somebody_else(db, context, given.address)
    if event.substitution is Substitution.free:
        return Sent(await _substitute(db, context, given, settings, at=at))
    note_word(context, at=at)
    must_become(context.invitation.status, InvitationStatus.substituted)
    proposal = await find_proposal(db, invitation_id) or SubstitutionProposal(
        invitation_id=invitation_id, proposed_at=at
    )
    proposal.name, proposal.title, proposal.address = given.name, given.title, given.address
    proposal.answered_by = given.answered_by
    proposal.state, proposal.proposed_at, proposal.decided_at = ProposalState.proposed, at, None
    db.add(proposal)
    _audit(db, "substitute.proposed", context, at=at)
    await db.flush()
    return Sent(context, proposal)


async def left_behind(db: AsyncSession, registration_id: UUID, say: Words) -> list[str]:
    """What a substitute would not take over, and somebody has to cancel, rename or buy."""
    return [line for tell in LEFT_BEHIND for line in await tell(db, registration_id, say)]


async def find_proposal(db: AsyncSession, invitation_id: UUID) -> SubstitutionProposal | None:
    """Whom the person of this invitation proposed last."""
    found = await db.exec(select(SubstitutionProposal).where(SubstitutionProposal.invitation_id == invitation_id))
    return found.first()


async def decide(
    db: AsyncSession,
    invitation_id: UUID,
    is_approved: bool,
    reason: str,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> Sent:
    """The organiser approves the proposed substitute, who takes over, or says no, and the person is told why.

    Raises NothingProposed, OnTheListAlready, NotThatAnswer.
    """
    context = await lock_context_for(db, invitation_id, caller)
    proposal = await find_proposal(db, invitation_id)
    if proposal is None or proposal.state is not ProposalState.proposed:
        raise rules.NothingProposed()
    given = SubstituteIn(
        name=proposal.name, title=proposal.title, address=proposal.address, answered_by=proposal.answered_by
    )
    _close(proposal, ProposalState.approved if is_approved else ProposalState.rejected, at=at)
    if is_approved:
        must_take_answers(context.event.state)
        try:
            return Sent(await _substitute(db, context, given, settings, at=at, caller=caller), proposal)
        except rules.OnTheListAlready as there:
            # Whoever decides typed no address.
            there.field = None
            raise
    _audit(db, "substitute.rejected", context, caller, at=at)
    if context.person.address:
        mail = await mail_context_of(db, context, settings, at=at)
        version = f"{context.invitation.round}:{proposal.proposed_at.isoformat()}"
        await enqueue(db, [not_approved_message(mail, version, reason, at=at)])
    await db.flush()
    return Sent(context, proposal)


def _close(proposal: SubstitutionProposal, state: ProposalState, *, at: datetime) -> None:
    """What is known of somebody who was only proposed is not kept; who is approved is a person of the project now."""
    proposal.state, proposal.decided_at = state, at
    proposal.name = proposal.title = proposal.address = proposal.answered_by = ""


async def substitute(
    db: AsyncSession,
    invitation_id: UUID,
    given: SubstituteIn,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None = None,
) -> ResponseContext:
    """Another person takes over: the organiser may do it whatever rule and deadline, the institution that named
    somebody (no `caller`) unless the event takes no substitutes.

    A nomination that nobody was invited for yet just gets another name. Raises NoSubstitutes, OwnAddress,
    CannotBeNamed, OnTheListAlready to staff, NotThatAnswer.
    """
    context = await (lock_context_for(db, invitation_id, caller) if caller else lock_context(db, invitation_id))
    must_take_answers(context.event.state)
    if caller is None and context.event.substitution is Substitution.off:
        raise rules.NoSubstitutes()
    if caller is None:
        await must_not_have_been_there(db, context)
    await _must_be_somebody_else(db, context, given.address)
    return await _substitute(db, context, given, settings, at=at, caller=caller)


async def _substitute(
    db: AsyncSession,
    context: ResponseContext,
    given: SubstituteIn,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None = None,
) -> ResponseContext:
    """The place changes hands in one step and is never free in between."""
    must_become(context.invitation.status, InvitationStatus.substituted)
    person = await _person_meant(db, context, given)
    comes = await _name_instead(db, context, person, caller, at=at)
    left, context.invitation.status = context.invitation.status, InvitationStatus.substituted
    context.invitation.answered_by, context.invitation.answered_at = given.answered_by, at
    comes.status = left
    await cancel_unsent(db, [context.person.id], context.event.id, [mails.INVITATION, UPDATE])
    new = ResponseContext(comes, context.event, person, context.project, None)
    await _hand_over(db, context, new, at=at)
    _audit(db, "person.substituted", context, caller, at=at, substitute=person.id)
    await db.flush()
    if left is InvitationStatus.nominated:
        # Neither was asked yet: the new name is invited with the others.
        comes.invited_at, comes.notified_sequence = None, -1
        return new
    messages = substitution_messages(
        await mail_context_of(db, context, settings, at=at), await mail_context_of(db, new, settings, at=at), at=at
    )
    await enqueue(db, messages)
    return new


async def _person_meant(db: AsyncSession, context: ResponseContext, given: SubstituteIn) -> Person:
    known = await find_person_by_address(db, context.project.id, given.address)
    if known is None:
        institution = await db.get(Institution, context.person.institution_id or UUID(int=0))
        known = new_person(
            db,
            context.project.id,
            name=given.name,
            title=given.title,
            address=given.address,
            institution=institution,
            province=context.person.province,
            language=context.person.language,
        )
        await db.flush()
    return known


async def _must_be_somebody_else(db: AsyncSession, context: ResponseContext, address: str) -> None:
    """Whoever types an address of their own again would hold the place and have lost it. Raises OwnAddress."""
    known = await find_person_by_address(db, context.project.id, address)
    if known is not None and known.id == context.person.id:
        raise rules.OwnAddress("address")


async def _name_instead(
    db: AsyncSession, context: ResponseContext, person: Person, caller: Caller | None, *, at: datetime
) -> Invitation:
    """The substitute's own invitation, one for each person and event. Raises CannotBeNamed, OnTheListAlready."""
    found = await db.exec(
        select(Invitation).where(Invitation.event_id == context.event.id, Invitation.person_id == person.id)
    )
    there = found.first()
    if there is not None and there.status not in (InvitationStatus.nominated, InvitationStatus.withdrawn):
        if caller:
            raise rules.OnTheListAlready("address", address=person.address, name=person.name)
        raise rules.CannotBeNamed("address")
    comes = there or Invitation(
        event_id=context.event.id, person_id=person.id, nominated_at=at, notified_sequence=context.event.sequence
    )
    comes.round += int(there is not None)
    comes.origin, comes.instead_of_id = Origin.substitute, context.invitation.id
    comes.category, comes.invited_at, comes.answered_at = context.invitation.category, at, None
    db.add(comes)
    return comes


async def _hand_over(db: AsyncSession, context: ResponseContext, new: ResponseContext, *, at: datetime) -> None:
    """The registration changes hands with its spot on the waiting list and its places in sessions, and what packages
    above let follow; the number of places taken stays."""
    old = context.registration
    if old is None:
        return
    status, since, priority, guests, until = old.status, old.registered_at, old.priority, old.guests, old.offered_until
    change_status(old, RegistrationStatus.withdrawn, context.event, at=at)
    taken_over = register(db, new, status, at=since, guests=guests)
    taken_over.changed_at, taken_over.priority, taken_over.offered_until = at, priority, until
    taken_over.guest_names = old.guest_names
    context.event.is_overbooked = context.event.taken > context.event.capacity
    await db.flush()
    for follow in (hand_over_sessions, *FOLLOWERS):
        await follow(db, old.id, taken_over.id, at=at)


async def take_back(
    db: AsyncSession, invitation_id: UUID, settings: Settings, *, at: datetime, caller: Caller | None = None
) -> ResponseContext:
    """Whoever sent somebody else comes after all: a proposal is withdrawn, a substitution undone, and what was handed
    over changes hands again.

    The person may until the substitute has answered, the organiser afterwards too: somebody whose substitute declined
    is invited again. Raises NothingToTakeBack, SubstituteHasAnswered, what `must_be_time_for` raises,
    EventIsOff.
    """
    context = await (lock_context_for(db, invitation_id, caller) if caller else lock_context(db, invitation_id))
    must_take_answers(context.event.state)
    proposal = await find_proposal(db, invitation_id)
    if context.invitation.status is not InvitationStatus.substituted:
        if proposal is None or proposal.state is not ProposalState.proposed:
            raise rules.NothingToTakeBack()
        _close(proposal, ProposalState.withdrawn, at=at)
        _audit(db, "substitute.proposal-withdrawn", context, caller, at=at)
        await db.flush()
        return context
    leaves = await _substitute_of(db, context)
    if caller is None:
        must_be_time_for(Act.take_back, context.event, at=at)
        if await _has_answered(db, leaves):
            raise rules.SubstituteHasAnswered()
    await _return(db, context, leaves, settings, caller, at=at)
    return context


async def _substitute_of(db: AsyncSession, context: ResponseContext) -> ResponseContext:
    """Who took over, under the event's lock. Raises NothingToTakeBack where they handed it on: that goes back first."""
    found = await db.exec(
        select(Invitation.id)
        .where(Invitation.instead_of_id == context.invitation.id)
        .order_by(col(Invitation.invited_at).desc(), col(Invitation.id).desc())
        .limit(1)
    )
    id = found.first()
    leaves = await lock_context(db, id) if id else None
    if leaves is None or leaves.invitation.status is InvitationStatus.substituted:
        raise rules.NothingToTakeBack()
    return leaves


async def _has_answered(db: AsyncSession, leaves: ResponseContext) -> bool:
    """Whether the substitute did anything with what was handed over."""
    told, said = leaves.registration, await answers_of(db, [leaves.invitation.id])
    return leaves.invitation.answered_at is not None or bool(told and (told.told_at or told.draft)) or bool(said)


async def _return(
    db: AsyncSession,
    context: ResponseContext,
    leaves: ResponseContext,
    settings: Settings,
    caller: Caller | None,
    *,
    at: datetime,
) -> None:
    back, gone = context.invitation, leaves.invitation
    is_theirs = gone.status in HANDED_OVER
    back.status = gone.status if is_theirs else InvitationStatus.invited
    # A new round: calendars take the entry again only with a higher sequence.
    back.round += 1
    back.answers += 1
    back.notified_sequence, back.answered_by = context.event.sequence, ""
    back.answered_at = at if back.status is InvitationStatus.accepted else None
    await cancel_unsent(db, [leaves.person.id], context.event.id, [mails.INVITATION, UPDATE, *WELCOMES])
    await revoke_links(db, gone.id, at=at)
    if is_theirs:
        await _hand_over(db, leaves, context, at=at)
        gone.status = InvitationStatus.withdrawn
    _audit(db, "person.substitution-undone", context, caller, at=at, substitute=leaves.person.id)
    await db.flush()
    if back.status is InvitationStatus.nominated:
        back.notified_sequence = -1
        return
    messages = return_messages(
        await mail_context_of(db, context, settings, at=at), await mail_context_of(db, leaves, settings, at=at), at=at
    )
    await enqueue(db, messages if is_theirs else messages[:1])


async def list_proposals(db: AsyncSession, event_id: UUID) -> list[tuple[SubstitutionProposal, Person]]:
    """Whom people of an event propose and the organiser has not decided about, the oldest first, with who proposes."""
    found = await db.exec(
        select(SubstitutionProposal, Person)
        .join(Invitation, col(Invitation.id) == SubstitutionProposal.invitation_id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(
            Invitation.event_id == event_id,
            col(Invitation.status).in_(REPLACEABLE),
            SubstitutionProposal.state == ProposalState.proposed,
        )
        .order_by(col(SubstitutionProposal.proposed_at), col(SubstitutionProposal.id))
        .limit(200)
    )
    return list(found.all())


def _audit(
    db: AsyncSession,
    act: str,
    context: ResponseContext,
    caller: Caller | None = None,
    *,
    at: datetime,
    substitute: UUID | None = None,
) -> None:
    audit.record(
        db,
        act,
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=actor_of(context.invitation, caller),
        event_id=context.event.id,
        substitute=substitute,
    )
