"""Asking institutions for names, taking the names, and accepting them onto the list."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.errors import NotFound
from core.security import hash_token, new_token
from core.settings import Settings
from core.text import address_key
from core.zones import day_in, earliest_day, utc_day
from directory.accounts.access import Caller
from directory.people.models import FocalPoint, Institution, Person
from directory.projects.models import Project
from events.invitations.phases.rules import Act, must_be_time_for
from events.invitations.substitutions.schemas import SubstituteIn
from events.invitations.substitutions.service import substitute
from events.nominations.letters.service import letter_details
from events.nominations.requests import mails, rules
from events.nominations.requests.letters_due import untold, unwritten
from events.nominations.requests.mails import Addressed
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee
from events.nominations.requests.rules import NomineeRank, NomineeState, must_take_names, ranks_of
from events.nominations.requests.schemas import CallIn, NomineeIn, WriteBack
from events.programme.events.models import Event
from events.programme.events.rules import must_precede_start, must_take_place
from events.programme.events.service import get_event, lock_event, lock_event_for
from notifications.batches.models import MessageBatch
from notifications.batches.service import waiting
from notifications.jobs.service import enqueue_job
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import cancel_unsent, enqueue

REMIND_CALLS = "events.remind-calls"
MOST_LINKS = 20


async def call(
    db: AsyncSession, event_id: UUID, given: CallIn, caller: Caller, settings: Settings, *, at: datetime
) -> rules.CallsMade:
    """Ask institutions that have not been asked yet. Their focal points get a letter, as a draft.

    Raises NobodyToCall. Institutions without a focal point are asked too: their letter is printed. Whose letter was
    discarded, or never printed, has not been asked: what is given now holds for them as well.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    rules.must_be_ahead(given.answer_by, event.zone, at=at)
    must_precede_start(given.answer_by, event.first_day)
    page_request = select(NominationRequest.institution_id).where(NominationRequest.event_id == event_id)
    wanted = (
        col(Institution.id) == given.institution_id if given.institution_id else col(Institution.kind) == given.kind
    )
    found = await db.exec(
        select(Institution)
        .where(Institution.project_id == event.project_id, wanted, col(Institution.id).not_in(page_request))
        .order_by(Institution.sort_key)
        .limit(500)
    )
    asked: dict[str, Any] = {"capacity": given.capacity, "answer_by": given.answer_by, "made_at": at}
    made = [NominationRequest(event_id=event_id, institution_id=one.id, **asked) for one in found.all()]
    again = await untold(db, event_id, wanted, (given.capacity, given.answer_by))
    for one in again:
        one.sqlmodel_update(asked)
    made += again
    if not made:
        raise rules.NobodyToCall()
    db.add_all(made)
    await db.flush()
    letters = [mails.call_message(to, at=at) for to in await _addressed(db, event, settings, made, at=at)]
    await enqueue(db, letters)
    await _enqueue_reminder(db, event, given.answer_by, at=at)
    audit.record(
        db,
        "calls.made",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        institutions=len(made),
        capacity=given.capacity,
    )
    return rules.CallsMade(len(made), len(letters))


async def _enqueue_reminder(db: AsyncSession, event: Event, answer_by: date, *, at: datetime) -> None:
    due = rules.reminder_at(answer_by, event.zone)
    if due > at:
        await enqueue_job(db, REMIND_CALLS, project_id=event.project_id, about_id=event.id, at=due)


async def _addressed(
    db: AsyncSession,
    event: Event,
    settings: Settings,
    calls: Sequence[NominationRequest],
    *,
    at: datetime,
    but: Collection[tuple[UUID, UUID]] = (),
    only: UUID | None = None,
    mailbox: str = "",
) -> list[Addressed]:
    """Each focal point that can be written to, with a fresh link; not those of a call and a person in `but`, and one
    person `only`, at the `mailbox` they asked at."""
    by_institution = {one.institution_id: one for one in calls}
    project = await db.get_one(Project, event.project_id)
    found = await db.exec(
        select(Institution, Person)
        .join(FocalPoint, col(FocalPoint.institution_id) == Institution.id)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(col(Institution.id).in_(by_institution), col(Person.address).is_not(None))
        .order_by(Institution.sort_key, Person.sort_key)
    )
    is_signed = bool((await letter_details(db, event.id)).file_hash)
    addressed = []
    for institution, person in found:
        one, token = by_institution[institution.id], new_token()
        if (one.id, person.id) in but or (only and person.id != only):
            continue
        db.add(NominationLink(call_id=one.id, person_id=person.id, token_hash=hash_token(token), made_at=at))
        link = f"{settings.base_url}/n/{token}"
        addressed.append(
            Addressed(one, event, project, institution, person, link, is_signed=is_signed, mailbox=mailbox)
        )
    return addressed


async def mail_links(db: AsyncSession, person: Person, settings: Settings, *, at: datetime, mailbox: str = "") -> int:
    """A fresh link to each request about which a focal point has been written to. A letter that waits for its release
    brings its own."""
    is_unreleased = sa.exists().where(
        col(Message.about_id) == Event.id,
        col(Message.person_id) == person.id,
        col(Message.kind) == mails.CALL,
        col(Message.state) == State.draft,
    )
    found = await db.exec(
        select(NominationRequest, Event)
        .join(Event, col(Event.id) == NominationRequest.event_id)
        .where(
            col(NominationRequest.id).in_(
                select(NominationLink.call_id).where(col(NominationLink.person_id) == person.id)
            ),
            col(NominationRequest.withdrawn_at).is_(None),
            col(NominationRequest.answer_by) >= utc_day(at) - rules.LINK_OUTLIVES_DEADLINE,
            col(Event.last_day) >= earliest_day(at=at),
            ~is_unreleased,
        )
        .order_by(col(Event.first_day))
        .limit(MOST_LINKS)
    )
    to = [
        one
        for call, event in found.all()
        if event.last_day >= day_in(event.zone, at=at)
        for one in await _addressed(db, event, settings, [call], at=at, only=person.id, mailbox=mailbox)
    ]
    await enqueue(db, [mails.link_message(one, at=at) for one in to])
    return len(to)


async def write_missing(db: AsyncSession, event_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> int:
    """Letters, as drafts, to focal points who came after their institution was asked. Raises NobodyToWriteTo."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    calls = await db.exec(select(NominationRequest).where(col(NominationRequest.id).in_(await unwritten(db, event.id))))
    links = await db.exec(
        select(NominationLink.call_id, NominationLink.person_id)
        .join(NominationRequest, col(NominationRequest.id) == NominationLink.call_id)
        .where(NominationRequest.event_id == event.id)
    )
    to = await _addressed(
        db, event, settings, calls.all(), at=at, but={(call, person) for call, person in links if person}
    )
    if not to:
        raise rules.NobodyToRemind()
    await enqueue(db, [mails.call_message(one, at=at) for one in to])
    audit.record(db, "calls.made", event.id, at=at, project_id=event.project_id, **caller.signature, letters=len(to))
    return len(to)


async def forget_links(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """Requests that are discarded have asked nobody: their links end, and they can be written again."""
    of_event = select(NominationRequest.id).where(NominationRequest.event_id == batch.about_id)
    await db.exec(
        delete(NominationLink).where(
            col(NominationLink.call_id).in_(of_event), col(NominationLink.person_id).in_(people)
        )
    )


async def get_call(db: AsyncSession, call_id: UUID, caller: Caller) -> tuple[NominationRequest, Event, Institution]:
    """Raises NotFound, for another project's call too."""
    found = await db.get(NominationRequest, call_id)
    if found is None:
        raise NotFound()
    event = await get_event(db, found.event_id, caller)
    return found, event, await db.get_one(Institution, found.institution_id)


async def names_of(db: AsyncSession, one: NominationRequest) -> list[tuple[Nominee, NomineeRank]]:
    """Names in the institution's order, with what each is by now."""
    found = await db.exec(
        select(Nominee).where(Nominee.call_id == one.id).order_by(col(Nominee.position), col(Nominee.id))
    )
    nominees = found.all()
    return list(zip(nominees, ranks_of([n.state for n in nominees], one.capacity), strict=True))


async def lock_call(db: AsyncSession, call_id: UUID) -> tuple[NominationRequest, Event]:
    """The event first, always; what the call says after that is so."""
    event_id = (await db.exec(select(NominationRequest.event_id).where(NominationRequest.id == call_id))).one()
    event = await lock_event(db, event_id)
    found = await db.exec(
        select(NominationRequest).where(NominationRequest.id == call_id).execution_options(populate_existing=True)
    )
    return found.one(), event


async def set_names(
    db: AsyncSession, call_id: UUID, names: Sequence[NomineeIn], by: Actor, *, at: datetime
) -> list[tuple[Nominee, NomineeRank]]:
    """The institution's list as it is now. Those accepted stay; a name that stays keeps its row.

    Raises NamingIsOver, CallWithdrawn.
    """
    one, event = await lock_call(db, call_id)
    must_take_place(event.state)
    must_take_names(one.answer_by, event.zone, one.withdrawn_at is not None, at=at)
    settled = [n for n, _ in await names_of(db, one) if n.state is not NomineeState.named]
    known = {address_key(n.address) for n in settled if n.state is NomineeState.accepted and n.address}
    await db.exec(delete(Nominee).where(col(Nominee.call_id) == call_id, col(Nominee.state) == NomineeState.named))
    fresh = [n for n in names if not n.address or address_key(n.address) not in known]
    start = max((n.position for n in settled), default=-1) + 1
    db.add_all(
        Nominee(call_id=call_id, position=start + rank, **given.model_dump()) for rank, given in enumerate(fresh)
    )
    one.named_at = at
    audit.record(db, "names.given", event.id, at=at, project_id=event.project_id, by=by, names=len(fresh), call=one.id)
    await db.flush()
    return await names_of(db, one)


async def write_back(
    db: AsyncSession, call_id: UUID, given: WriteBack, caller: Caller, settings: Settings, *, at: datetime
) -> NominationRequest:
    """Write to the institution, with a new deadline where there is one. A mail with a fresh link goes at once to
    its one focal point; to several of them it waits to be sent."""
    await get_call(db, call_id, caller)
    one, event = await lock_call(db, call_id)
    must_take_place(event.state)
    if given.answer_by and given.answer_by != one.answer_by:
        rules.must_be_ahead(given.answer_by, event.zone, at=at)
        must_precede_start(given.answer_by, event.first_day)
    one.note, one.rounds = given.text, one.rounds + 1
    if given.answer_by and given.answer_by != one.answer_by:
        one.answer_by = given.answer_by
        await _enqueue_reminder(db, event, given.answer_by, at=at)
    to = await _addressed(db, event, settings, [one], at=at)
    with waiting(db) if len(to) > 1 else nullcontext():
        await enqueue(db, [mails.return_message(focal_point, at=at) for focal_point in to])
    audit.record(
        db, "call.written-back", event.id, at=at, project_id=event.project_id, **caller.signature, reason=given.text
    )
    await db.flush()
    return one


async def remind(db: AsyncSession, event_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> int:
    """Write to every institution that has named nobody and still may: mails that wait. Raises NobodyToRemind."""
    event = await lock_event_for(db, event_id, caller)
    to = await _silent(db, event, settings, at=at)
    if not to:
        raise rules.NobodyToRemind()
    with waiting(db):
        await enqueue(db, [mails.reminder_message(one, at=at) for one in to])
    audit.record(db, "calls.reminded", event.id, at=at, project_id=event.project_id, **caller.signature, count=len(to))
    return len(to)


async def remind_due(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Three days before their deadline, once. A deadline that moved has its own reminder."""
    event = await lock_event(db, event_id)
    if not event.is_on:
        return 0
    to = [
        one
        for one in await _silent(db, event, settings, at=at)
        if at >= rules.reminder_at(one.call.answer_by, event.zone)
    ]
    await enqueue(db, [mails.reminder_message(one, at=at, is_automatic=True) for one in to])
    return len(to)


async def _silent(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> list[Addressed]:
    found = await db.exec(
        select(NominationRequest).where(
            NominationRequest.event_id == event.id,
            col(NominationRequest.withdrawn_at).is_(None),
            col(NominationRequest.answer_by) >= day_in(event.zone, at=at),
            ~sa.exists().where(col(Nominee.call_id) == NominationRequest.id),
        )
    )
    return await _addressed(db, event, settings, found.all(), at=at)


async def withdraw(db: AsyncSession, call_id: UUID, caller: Caller, *, at: datetime) -> NominationRequest:
    """End a call: its links stop working, unsent letters are taken back, accepted people stay on the list."""
    await get_call(db, call_id, caller)
    one, event = await lock_call(db, call_id)
    if one.withdrawn_at is None:
        one.withdrawn_at = at
        links = await db.exec(select(NominationLink.person_id).where(NominationLink.call_id == call_id))
        await cancel_unsent(db, [id for id in links if id], event.id, [mails.CALL, mails.REMINDER, mails.RETURN])
        audit.record(db, "call.withdrawn", event.id, at=at, project_id=event.project_id, **caller.signature)
        await db.flush()
    return one


async def replace(
    db: AsyncSession, call_id: UUID, nominee_id: UUID, given: SubstituteIn, settings: Settings, *, at: datetime
) -> Nominee:
    """The institution sends somebody else instead of one who was accepted, until names freeze or the
    event begins.

    Raises NotFound, NamesAreFrozen, EventHasBegun, EventIsOver, CannotBeNamed, NotThatAnswer.
    """
    one, event = await lock_call(db, call_id)
    must_be_time_for(Act.hand_over, event, at=at)
    nominee = await db.get(Nominee, nominee_id)
    if nominee is None or nominee.call_id != one.id or nominee.invitation_id is None:
        raise NotFound()
    context = await substitute(db, nominee.invitation_id, given, settings, at=at)
    nominee.name, nominee.title, nominee.address = given.name, given.title, given.address
    nominee.invitation_id = context.invitation.id
    await db.flush()
    return nominee


async def note_opened(db: AsyncSession, link_id: UUID, *, at: datetime) -> None:
    """When a link was first opened; later openings change nothing."""
    await db.exec(
        update(NominationLink)
        .where(col(NominationLink.id) == link_id, col(NominationLink.opened_at).is_(None))
        .values(opened_at=at)
    )


async def printed_links(
    db: AsyncSession, calls: Sequence[NominationRequest], settings: Settings, *, at: datetime
) -> dict[UUID, str]:
    """A fresh link for the printed letter of each of these requests, by request. It is nobody's: whoever holds the
    paper may give the names once."""
    links: dict[UUID, str] = {}
    for one in calls:
        token = new_token()
        db.add(NominationLink(call_id=one.id, token_hash=hash_token(token), made_at=at))
        links[one.id] = f"{settings.base_url}/n/{token}"
    await db.flush()
    return links
