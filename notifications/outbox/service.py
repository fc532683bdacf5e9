"""Enqueueing messages, releasing them, and recording what became of each."""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import must_fit, room
from core.db import mark_pending
from core.documents.ical import with_attendee
from core.errors import NotFound
from core.paging import Page, Paging, in_order, paged
from core.plain_text import shown_plainly
from core.rows import add_absent
from directory.accounts.access import Caller
from directory.projects.service import must_reach
from notifications.batches.service import Key, must_wait, open_batches
from notifications.outbox.mails import MailContent
from notifications.outbox.models import MAIL, UNDER_WAY, Message
from notifications.outbox.reading import with_added_words
from notifications.outbox.redaction import tokens_in, without_tokens
from notifications.outbox.rules import LEASE, State, is_budget_spent, is_too_late, pause_before, state_after

# Before the words of a server that refused a message after our relay had taken it.
CAME_BACK = "came back: "
_spread = random.SystemRandom()
_DRAFTS = select(sa.func.count()).where(col(Message.about_id) == sa.bindparam("about_id"), Message.state == State.draft)


def new_message(
    content: MailContent,
    *,
    kind: str,
    dedupe_key: str,
    to_name: str,
    to_address: str,
    at: datetime,
    draft: bool = False,
    **more: Any,
) -> Message:
    """A message made of its content. `draft` waits for somebody's release; `more` are columns of Message."""
    return Message(
        kind=kind,
        dedupe_key=dedupe_key,
        # Staff are called by their address, which may be longer than any name.
        to_name=to_name[: room(Message, "to_name")],
        to_address=to_address,
        language=content.language,
        subject=content.subject,
        plain=content.plain(),
        html=content.html(),
        written_at=at,
        due_at=at,
        state=State.draft if draft else State.queued,
        **more,
    )


async def enqueue(db: AsyncSession, messages: Sequence[Message]) -> None:
    """Put messages into the outbox, those already enqueued left out. Kept or dropped with their cause. Drafts join the
    open batch of their kind, and so does all that a step writes which concerns many."""
    if not messages:
        return
    await _into_batches(db, messages)
    for message in messages:
        must_fit(message)
    await add_absent(db, Message, [message.model_dump() for message in messages], index_elements=["dedupe_key"])
    people_written_to(db).update(message.person_id for message in messages)
    if any(message.state is State.queued for message in messages):
        mark_pending(db)


async def _into_batches(db: AsyncSession, messages: Sequence[Message]) -> None:
    keys: dict[UUID, Key] = {}
    for message in messages:
        if message.state is State.queued and must_wait(db, message.kind):
            message.state = State.draft
        if message.state is State.draft and message.project_id and message.about_id:
            keys[message.id] = (message.project_id, message.about_id, message.kind)
    ids = await open_batches(db, set(keys.values()), at=messages[0].written_at)
    for message in messages:
        if message.id in keys:
            message.batch_id = ids[keys[message.id]]


def people_written_to(db: AsyncSession) -> set[UUID | None]:
    """Whom this unit of work enqueues mail to: a page that says so has to know."""
    written: set[UUID | None] = db.info.setdefault("people_written_to", set())
    return written


async def cancel_unsent(
    db: AsyncSession, person_ids: Sequence[UUID] | None, about_id: UUID, kinds: Sequence[str]
) -> None:
    """Take back what has not gone yet to these people, or to anybody, because something newer says it better or it is
    pointless now."""
    whom = sa.true() if person_ids is None else col(Message.person_id).in_(person_ids)
    await db.exec(
        update(Message)
        .where(
            col(Message.about_id) == about_id,
            whom,
            col(Message.kind).in_(kinds),
            col(Message.state).in_([State.draft, State.queued]),
        )
        .values(state=State.cancelled)
    )


async def cancel_unsent_to(db: AsyncSession, address: str, about_id: UUID) -> None:
    """Take back what has not gone yet to a mailbox that is no person's record."""
    await db.exec(
        update(Message)
        .where(
            col(Message.about_id) == about_id,
            col(Message.person_id).is_(None),
            sa.func.lower(col(Message.to_address)) == address.lower(),
            col(Message.state).in_([State.draft, State.queued]),
        )
        .values(state=State.cancelled)
    )


async def redirect_unsent(db: AsyncSession, person_id: UUID, address: str | None, but: Collection[str]) -> set[str]:
    """Let mails to a person that have not gone yet go to their new mailbox. Returns the tokens in them, which nobody
    has seen. Mails of the kinds in `but` are taken back, and all where there is no mailbox any more."""
    waiting = [State.draft, State.queued]
    found = await db.exec(
        select(Message).where(Message.person_id == person_id, Message.channel == MAIL, col(Message.state).in_(waiting))
    )
    tokens: set[str] = set()
    for message in found.all():
        values: dict[str, object] = {"state": State.cancelled}
        if address and message.kind not in but:
            tokens |= tokens_in(message.plain)
            calendar = message.calendar and with_attendee(message.calendar, address)
            values = {"to_address": address, "calendar": calendar}
        # What a sender has taken meanwhile goes where it was to go.
        is_here = update(Message).where(col(Message.id) == message.id, col(Message.state).in_(waiting))
        await db.exec(is_here.values(**values))
    return tokens


async def count_drafts(db: AsyncSession, about_id: UUID) -> int:
    """How many mails about something wait to be released; what was sent is not counted through."""
    return (await db.exec(_DRAFTS, params={"about_id": about_id})).one()


async def count_by_state(db: AsyncSession, about_id: UUID, *, kind: str = "") -> dict[State, int]:
    wanted = (Message.about_id == about_id, *([Message.kind == kind] if kind else []))
    counted = select(Message.state, sa.func.count()).where(*wanted).group_by(col(Message.state))
    return {State(state): count for state, count in await db.exec(counted)}


async def list_messages(
    db: AsyncSession,
    caller: Caller,
    page_request: Paging,
    *,
    about_id: UUID | None = None,
    state: State | None = None,
    q: str = "",
    sort: str = "-when",
) -> Page[Message]:
    """Mails of the caller's projects, the latest first; `q` stands in the reader's name or address."""
    wanted = select(Message).where(col(Message.project_id).in_(caller.projects), Message.channel == MAIL)
    if about_id:
        wanted = wanted.where(Message.about_id == about_id)
    if state:
        wanted = wanted.where(Message.state == state)
    if sought := q.strip():
        wanted = wanted.where(
            sa.or_(
                col(Message.to_name).icontains(sought, autoescape=True),
                col(Message.to_address).icontains(sought, autoescape=True),
            )
        )
    when = col(Message.id)
    wanted = wanted.order_by(*in_order(sort, {"when": when, "to": col(Message.to_name)}, when))
    return await paged(db, wanted, page_request)


async def get_message(db: AsyncSession, message_id: UUID, caller: Caller) -> Message:
    message = await db.get(Message, message_id)
    if message is None or message.project_id is None or message.channel != MAIL:
        raise NotFound()
    must_reach(message.project_id, "message", message.id, caller)
    return message


async def disclose(db: AsyncSession, message_id: UUID, reason: str, caller: Caller, *, at: datetime) -> Message:
    """A message to be read by who does not plan; that it was opened, by whom and why stands in the history."""
    found = await get_message(db, message_id, caller)
    project_id = found.project_id
    audit.record(db, "message.disclosed", found.id, at=at, project_id=project_id, **caller.signature, reason=reason)
    await with_added_words(db, [found])
    return found


async def claim(
    db: AsyncSession, *, at: datetime, most: int, lease: timedelta = LEASE, channel: str = MAIL
) -> list[Message]:
    """Lease due messages of a channel, and those whose sender died. Two claimers never get the same one."""
    is_free = sa.or_(col(Message.leased_until).is_(None), col(Message.leased_until) <= at)
    chosen = (
        select(Message.id)
        .where(UNDER_WAY, col(Message.due_at) <= at, col(Message.channel) == channel, is_free)
        .order_by(col(Message.priority), col(Message.due_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = await db.exec(
        update(Message)
        .where(col(Message.id).in_(chosen))
        .values(state=State.sending, leased_until=at + lease, due_at=at + lease, attempts=Message.attempts + 1)
        .returning(Message)
    )
    return sorted((row[0] for row in claimed.all()), key=lambda m: (m.priority, m.due_at, m.id))


async def keep_leases(db: AsyncSession, messages: Sequence[Message], *, until: datetime) -> set[UUID]:
    """Lease messages of one batch longer, as far as they are ours still: which are. `leased_until` is theirs only once
    this is kept."""
    kept = await db.exec(
        update(Message)
        .where(
            col(Message.id).in_([message.id for message in messages]),
            col(Message.state) == State.sending,
            col(Message.leased_until) == messages[0].leased_until,
        )
        .values(leased_until=until, due_at=until)
        .returning(col(Message.id))
    )
    return {row[0] for row in kept.all()}


async def record_results(
    db: AsyncSession, answers: Sequence[tuple[Message, int, str]], *, at: datetime
) -> dict[UUID, State]:
    """Write down what the relay answered, code and words, as far as the lease is still ours; what became of each
    message. Code 0 means no answer at all. One statement, however many."""
    states, rows = {}, []
    for message, code, answer in answers:
        state, due_at, leaves_at = state_after(code), message.due_at, None
        if state is State.sent:
            leaves_at = at
        elif state is State.queued:
            due_at = at + pause_before(message.attempts, _spread)
            if is_too_late(message.written_at, message.expires_at, at=at):
                state = State.expired
        words = without_tokens(shown_plainly(answer))[:500]
        new = {"state": state, "answer": words, "due_at": due_at, "sent_at": leaves_at, "leased_until": None}
        ours = {"of_id": message.id, "of_lease": message.leased_until}
        rows.append(ours | {f"new_{name}": value for name, value in new.items()})
        states[message.id] = state
    if rows:
        await (await db.connection()).execute(_RECORD, rows)
    return states


async def take_back(db: AsyncSession, ids: Sequence[UUID], *, at: datetime) -> list[Message]:
    """Let messages go anew at that moment that failed for no fault of theirs. What was said of them is kept."""
    back = await db.exec(
        update(Message)
        .where(col(Message.id).in_(ids), col(Message.state) == State.failed)
        .values(state=State.queued, due_at=at, attempts=0)
        .returning(Message)
    )
    return [row[0] for row in back.all()]


async def record_return(db: AsyncSession, message: Message, words: str, *, at: datetime) -> None:
    """Write down that a message came back after it was taken; of a bulk mailing of which too many do, no more goes."""
    returned = await db.exec(
        update(Message)
        .where(col(Message.id) == message.id, col(Message.state) == State.sent)
        .values(state=State.failed, due_at=at, answer=without_tokens(shown_plainly(f"{CAME_BACK}{words}"))[:500])
    )
    if returned.rowcount and message.is_bulk:
        await stop_where_too_many_fail(db, message)


async def hold_back(db: AsyncSession, messages: Sequence[Message]) -> None:
    """Give up leased messages for good: nobody is to get them."""
    await db.exec(
        update(Message)
        .where(col(Message.id).in_([m.id for m in messages]), col(Message.state) == State.sending)
        .values(state=State.suppressed, leased_until=None)
    )


async def stop_where_too_many_fail(db: AsyncSession, message: Message) -> bool:
    """Stop a bulk mailing of which too many come back: what is queued waits as drafts for somebody to look. Returns
    whether it is one."""
    counts = await count_by_state(db, message.about_id, kind=message.kind) if message.about_id else {}
    if not is_budget_spent(counts.get(State.failed, 0), counts.get(State.sent, 0)):
        return False
    batch_id = message.batch_id
    if batch_id is None and message.project_id and message.about_id:
        key = (message.project_id, message.about_id, message.kind)
        batch_id = (await open_batches(db, [key], at=message.written_at))[key]
    same = (col(Message.about_id) == message.about_id, col(Message.kind) == message.kind)
    await db.exec(
        update(Message)
        .where(*same, col(Message.state) == State.queued)
        .values(state=State.draft, batch_id=sa.func.coalesce(col(Message.batch_id), batch_id))
    )
    return True


async def send_again(db: AsyncSession, about_id: UUID, kind: str, *, at: datetime) -> int:
    """Try once more, as if written now, what failed or came too late of one mailing; what has arrived stays arrived."""
    again = await db.exec(
        update(Message)
        .where(
            col(Message.about_id) == about_id,
            col(Message.kind) == kind,
            col(Message.state).in_([State.failed, State.expired]),
        )
        .values(state=State.queued, written_at=at, due_at=at, attempts=0, answer="")
    )
    mark_pending(db)
    return int(again.rowcount)


async def count_going(db: AsyncSession, *, at: datetime) -> int:
    """How many went in the last minute or are on their way."""
    return (await db.exec(select(sa.func.count()).select_from(Message).where(_goes(at=at)))).one()


async def count_going_by_domain(db: AsyncSession, but: set[UUID], *, at: datetime) -> Counter[str]:
    """The same by recipient domain, some messages left out."""
    found = await db.exec(select(Message.id, Message.to_address).where(_goes(at=at)))
    return Counter(domain_of(address) for id, address in found if id not in but)


def _goes(*, at: datetime) -> sa.ColumnElement[bool]:
    goes = sa.or_(col(Message.sent_at) > at - timedelta(minutes=1), col(Message.state) == State.sending)
    return sa.and_(col(Message.channel) == MAIL, goes)


def domain_of(address: str) -> str:
    """The recipient's domain, as limits count it."""
    return address.rpartition("@")[2].lower()


async def requeue(
    db: AsyncSession,
    message: Message,
    *,
    at: datetime,
    pause: timedelta = timedelta(seconds=1),
    why: str = "",
) -> None:
    """Give up a lease without having tried. `why` is shown where people look why it waits."""
    await db.exec(
        _ours(message).values(
            state=State.queued,
            leased_until=None,
            due_at=at + pause,
            attempts=message.attempts - 1,
            answer=without_tokens(shown_plainly(why))[:500],
        )
    )


def _ours(message: Message) -> sa.Update:
    return update(Message).where(
        col(Message.id) == message.id,
        col(Message.state) == State.sending,
        col(Message.leased_until) == message.leased_until,
    )


def _recording() -> sa.Update:
    """What became of a message whose lease is ours, made once: it runs for every mail that leaves."""
    table: sa.Table = Message.__table__  # type: ignore[attr-defined]
    ours = (
        table.c.id == sa.bindparam("of_id"),
        table.c.state == State.sending,
        table.c.leased_until == sa.bindparam("of_lease"),
    )
    columns = ("state", "answer", "due_at", "sent_at", "leased_until")
    return table.update().where(*ours).values({name: sa.bindparam(f"new_{name}") for name in columns})


_RECORD = _recording()
