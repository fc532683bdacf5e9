"""An answer by calendar is the same use case as the button's: same checks, same mails, same outcome."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_, Refusal
from core.i18n import Words, words
from core.settings import Settings
from core.signed_addresses import About
from core.text import address_key
from core.web import checked, field_messages
from directory.people.models import Person
from directory.people.service import other_addresses
from events.calendars.replies import rules
from events.calendars.replies.mails import not_taken_message, refresh_message
from events.calendars.replies.rules import Method, PartStat, Reply
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus, NotAsked, entry_sequence
from events.invitations.invitations.service import load_mail_contexts
from events.invitations.phases import rules as phases
from events.invitations.responses.service import accept, decline, mark_tentative
from events.invitations.substitutions.schemas import SubstituteIn
from events.invitations.substitutions.service import send
from events.programme.events.models import Event
from events.programme.events.rules import must_take_answers
from notifications.inbound.service import Mail, Taken
from notifications.outbox.service import enqueue


async def whose(db: AsyncSession, invitation_id: UUID) -> tuple[UUID, UUID] | None:
    """The person and the project of an invitation, for other mail to its signed address."""
    found = await db.exec(
        select(Invitation.person_id, Event.project_id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(Invitation.id == invitation_id)
    )
    return found.first()


async def answer(db: AsyncSession, mail: Mail, settings: Settings, *, at: datetime) -> Taken | None:
    """Take a calendar's answer. Believed is what came to the signed address that this person was given, from them and
    for them: a forwarded invitation carries that address on. The rest waits for the organiser. None where it is
    about nothing of ours.
    """
    if mail.about is None or mail.about[0] is not About.answer or mail.wire.scheduling is None:
        return None
    row = (
        await db.exec(
            select(Invitation, Event, Person)
            .join(Event, col(Event.id) == Invitation.event_id)
            .join(Person, col(Person.id) == Invitation.person_id)
            .where(Invitation.id == mail.about[1])
        )
    ).first()
    if row is None:
        return None
    invitation, event, person = row
    concerns = (person.id, event.project_id, event.id)
    try:
        keys, sequence = await _keys_of(db, person), entry_sequence(event.sequence, invitation.round)
        reply = rules.reply_in(mail.wire.scheduling, event.id, sequence, mail.wire.sender, keys, at=at)
    except rules.Unreadable as error:
        return Taken(error.reason, True, *concerns)
    except rules.SomebodyElses:
        return Taken(N_("somebody else’s calendar answered"), True, *concerns)
    if reply.method is Method.counter:
        return Taken(f"proposes another time. {reply.comment}", True, *concerns)
    if reply.method is Method.refresh:
        await _refresh(db, event, invitation, settings, at=at)
        return Taken("asked for the entry again", False, *concerns)
    # Before their last word was kept, only the present answer's moment was.
    known_at = invitation.replied_at or invitation.answered_at
    if not rules.is_news(reply, invitation.replied_sequence, known_at):
        return Taken("older than an answer that is known", False, *concerns)
    is_earlier = reply.sequence < sequence
    if is_earlier and rules.says_the_same(reply, invitation.status):
        return Taken(f"to an earlier entry: {reply.status} {reply.comment}".strip(), _has_note(reply), *concerns)
    return await _apply(db, invitation, event, person, reply, settings, is_earlier=is_earlier, at=at)


def _has_note(reply: Reply) -> bool:
    """Whether something was written with it that is not kept elsewhere, as the reason of a no is."""
    return bool(reply.comment) and reply.status is not PartStat.declined


async def _keys_of(db: AsyncSession, person: Person) -> set[str]:
    """The person's mailboxes, as spelling-free keys."""
    mine = [person.address or "", *await other_addresses(db, person.id)]
    return {address_key(address) for address in mine if address}


async def _apply(
    db: AsyncSession,
    invitation: Invitation,
    event: Event,
    person: Person,
    reply: Reply,
    settings: Settings,
    *,
    is_earlier: bool,
    at: datetime,
) -> Taken:
    concerns = (person.id, event.project_id, event.id)
    try:
        if is_earlier:
            must_take_answers(event.state)
            _must_be_in_time(invitation, event, reply, at=at)
            raise rules.AnswersEarlierEntry()
        async with db.begin_nested():
            await _do(db, invitation.id, reply, settings, at=at)
    except Refusal as error:
        await db.refresh(invitation)
        asks_again = isinstance(error, rules.AnswersEarlierEntry)
        noted, told = (_in_words(error, words(tongue)) for tongue in ("en", person.language))
        asked = await load_mail_contexts(db, event, settings, Invitation.id == invitation.id, at=at)
        await enqueue(
            db, [not_taken_message(one, told, again=asks_again, at=at) for one in asked if one.person.address]
        )
        return Taken(f"{reply.status} {reply.comment}: {noted}", not asks_again or _has_note(reply), *concerns)
    await db.refresh(invitation)
    invitation.replied_sequence, invitation.replied_at = reply.sequence, reply.given_at
    await db.flush()
    return Taken(f"{reply.status} {reply.comment}".strip(), _has_note(reply), *concerns)


def _must_be_in_time(invitation: Invitation, event: Event, reply: Reply, *, at: datetime) -> None:
    status = invitation.status
    if status is InvitationStatus.withdrawn:
        raise NotAsked()
    match reply.status:
        case PartStat.accepted:
            act = phases.act_of_yes(status)
        case PartStat.declined:
            act = phases.act_of_no(status)
        case PartStat.tentative:
            act = phases.Act.tentative
        case _:
            act = phases.act_of_substitute(status)
    phases.must_be_time_for(act, event, at=at)


def _in_words(refusal: Refusal, say: Words) -> str:
    """What is wrong with what was said; where it is no field's, why it cannot be."""
    return " ".join(field_messages(refusal, say).values()) or say.translate(refusal.title, **refusal.facts)


async def _do(db: AsyncSession, invitation_id: UUID, reply: Reply, settings: Settings, *, at: datetime) -> None:
    if reply.status is PartStat.accepted:
        await accept(db, invitation_id, settings, at=at)
    elif reply.status is PartStat.declined:
        await decline(db, invitation_id, reply.comment, settings, at=at)
    elif reply.status is PartStat.tentative:
        await mark_tentative(db, invitation_id, settings, at=at)
    else:
        name = reply.delegate_name or address_key(reply.delegate).partition("@")[0] or "?"
        given = checked(SubstituteIn, {"name": name, "address": reply.delegate})
        await send(db, invitation_id, given, settings, at=at)


async def _refresh(db: AsyncSession, event: Event, invitation: Invitation, settings: Settings, *, at: datetime) -> None:
    asked = await load_mail_contexts(db, event, settings, Invitation.id == invitation.id, at=at)
    await enqueue(db, [refresh_message(one, at=at) for one in asked if one.person.address])
