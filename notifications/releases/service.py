"""Batches that wait: looking at them, adding words, sending, taking back and discarding; and single drafts."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import room
from core.db import mark_pending
from core.errors import NotFound
from core.paging import Page, Paging, ordered, paged
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.service import name_in
from directory.people.models import Person
from directory.projects.service import must_reach, must_send
from notifications.batches.models import BatchOmission, MessageBatch
from notifications.batches.rules import BatchBeingWritten, BatchGrown, NothingToRecall, leaves_at
from notifications.batches.service import kind_of, omit
from notifications.jobs.service import is_under_way
from notifications.outbox.models import Message
from notifications.outbox.rules import NothingToRelease, State
from notifications.outbox.service import get_message
from notifications.releases.rules import DISCARDED, NotADraft
from notifications.releases.schemas import AddedWords, BatchSummary, DraftIn

# What mails are about, by id, as their reader calls it: packages above know it.
SUBJECTS: list[Callable[[AsyncSession, Collection[UUID], str], Awaitable[dict[UUID, str]]]] = []
MOST_WAITING = 50


async def list_batches(
    db: AsyncSession, caller: Caller, page_request: Paging, *, about_id: UUID | None = None
) -> Page[BatchSummary]:
    """Batches of the caller's projects, the latest first, with how many of their mails are in which state."""
    wanted = select(MessageBatch).where(col(MessageBatch.project_id).in_(caller.projects), _has_messages())
    if about_id:
        wanted = wanted.where(MessageBatch.about_id == about_id)
    columns = {"kind": col(MessageBatch.kind), "when": col(MessageBatch.id)}
    page = await paged(db, wanted.order_by(*ordered(page_request, columns, col(MessageBatch.id).desc())), page_request)
    return Page(await _summaries(db, page.rows, caller), page.total, page.page, page.limit)


async def list_waiting(db: AsyncSession, caller: Caller, *, about_id: UUID | None = None) -> list[BatchSummary]:
    """Those of which something waits to be sent, the latest first, at most fifty."""
    wanted = select(MessageBatch).where(col(MessageBatch.project_id).in_(caller.projects), _waits())
    if about_id:
        wanted = wanted.where(MessageBatch.about_id == about_id)
    found = await db.exec(wanted.order_by(col(MessageBatch.id).desc()).limit(MOST_WAITING))
    return await _summaries(db, found.all(), caller)


def _waits() -> sa.ColumnElement[bool]:
    """Whether some of a batch waits to be sent."""
    return col(MessageBatch.id).in_(select(Message.batch_id).where(col(Message.state) == State.draft))


def _mails_of(batch_ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Mails of batches; what was replaced by a newer one, or discarded, is none."""
    return sa.and_(col(Message.batch_id).in_(batch_ids), col(Message.state) != State.cancelled)


def _has_messages() -> sa.ColumnElement[bool]:
    """A batch may be begun for mails that turn out not to be needed."""
    return sa.exists().where(col(Message.batch_id) == MessageBatch.id)


async def _summaries(db: AsyncSession, batches: Sequence[MessageBatch], caller: Caller) -> list[BatchSummary]:
    counts = await _counts(db, [batch.id for batch in batches])
    subjects = await _subjects(db, {batch.about_id for batch in batches}, caller.language)
    return [BatchSummary.of(batch, counts.get(batch.id, {}), subjects.get(batch.about_id, "")) for batch in batches]


async def _subjects(db: AsyncSession, ids: Collection[UUID], language: str) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for subjects in SUBJECTS if ids else ():
        found |= await subjects(db, ids, language)
    return found


async def _counts(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, dict[State, int]]:
    """How many of each batch are in which state; those that were discarded count as cancelled, what was replaced by a
    newer mail as none."""
    is_one = (col(Message.state) != State.cancelled) | col(Message.dedupe_key).startswith(DISCARDED)
    rows: Any = select(Message.batch_id, Message.state, sa.func.count()).where(col(Message.batch_id).in_(ids), is_one)
    counts: dict[UUID, dict[State, int]] = {}
    for batch_id, state, count in await db.exec(rows.group_by(Message.batch_id, Message.state)) if ids else ():
        counts.setdefault(batch_id, {})[State(state)] = count
    return counts


async def _count_waiting(db: AsyncSession, batch: MessageBatch) -> int:
    return (await _counts(db, [batch.id])).get(batch.id, {}).get(State.draft, 0)


async def get_batch(db: AsyncSession, batch_id: UUID, caller: Caller) -> MessageBatch:
    """Raises NotFound, for another project's too."""
    batch = await db.get(MessageBatch, batch_id)
    if batch is None:
        raise NotFound()
    must_reach(batch.project_id, "batch", batch.id, caller)
    return batch


async def _locked(db: AsyncSession, batch_id: UUID, caller: Caller) -> MessageBatch:
    await get_batch(db, batch_id, caller)
    return await db.get_one(MessageBatch, batch_id, with_for_update=True, populate_existing=True)


async def summary_of(db: AsyncSession, batch: MessageBatch, caller: Caller) -> BatchSummary:
    """How one stands."""
    return (await _summaries(db, [batch], caller))[0]


async def sample_of(db: AsyncSession, batch: MessageBatch, message_id: UUID | None = None) -> Message | None:
    """One of its mails to look at: the one that is named, else the first."""
    wanted = select(Message).where(_mails_of([batch.id]))
    if message_id:
        wanted = wanted.where(Message.id == message_id)
    return (await db.exec(wanted.order_by(col(Message.id)).limit(1))).first()


async def recipients_of(db: AsyncSession, batch: MessageBatch, page_request: Paging) -> Page[Message]:
    """Its mails in the order in which they were written."""
    columns = {"to": sa.func.lower(col(Message.to_name)), "state": col(Message.state)}
    wanted = select(Message).where(_mails_of([batch.id]))
    return await paged(db, wanted.order_by(*ordered(page_request, columns, col(Message.id))), page_request)


async def languages_of(db: AsyncSession, batch: MessageBatch) -> dict[str, int]:
    """How many of its mails are in which language."""
    rows = select(Message.language, sa.func.count()).where(_mails_of([batch.id]))
    return dict((await db.exec(rows.group_by(col(Message.language)).order_by(col(Message.language)))).all())


async def omitted_from(db: AsyncSession, batch: MessageBatch) -> list[tuple[Person, str]]:
    """Whom it does not reach, and why; the first two hundred by name."""
    found = await db.exec(
        select(Person, BatchOmission.reason)
        .join(BatchOmission, col(BatchOmission.person_id) == Person.id)
        .where(BatchOmission.batch_id == batch.id)
        .order_by(Person.sort_key)
        .limit(200)
    )
    return list(found.all())


async def add_words(
    db: AsyncSession, batch_id: UUID, given: AddedWords, caller: Caller, *, at: datetime
) -> MessageBatch:
    """Paragraphs that each mail of the batch which waits says after its greeting, by language; what has left keeps its
    own. Raises NotADraft once it is sent."""
    batch = await _locked(db, batch_id, caller)
    counts = (await _counts(db, [batch.id])).get(batch.id, {})
    if State.draft not in counts:
        raise NotADraft()
    if counts.keys() > {State.draft}:
        # A part has left, with the words of until now.
        former = {"added_en": batch.added_en, "added_tr": batch.added_tr, "until": at.isoformat()}
        batch.former_words = [*(batch.former_words or []), former]
    batch.added_en, batch.added_tr = given.added_en, given.added_tr
    _note(db, "messages.edited", batch, caller, at=at)
    await db.flush()
    return batch


async def send(
    db: AsyncSession, batch_id: UUID, caller: Caller, settings: Settings, *, at: datetime, count: int | None = None
) -> int:
    """Send what waits of a batch; more than one leaves a little later, and can be taken back until then.

    `count` is how many the caller was told. Who is no longer to get one is left out: so fewer may go, none even.
    Raises BatchGrown where there are others, BatchOutdated, NothingToRelease, MayNotSend.
    """
    batch = await _locked(db, batch_id, caller)
    must_send(batch.project_id, caller)
    there = await _count_waiting(db, batch)
    if not there:
        raise NothingToRelease()
    if count is not None and count != there:
        raise BatchGrown(count=there)
    await _check(db, batch)
    waiting = await _count_waiting(db, batch)
    await _release(db, col(Message.batch_id) == batch.id, leaves_at(waiting, settings.recall_seconds, at=at), at=at)
    batch.is_open, batch.sent_at = False, at
    batch.sent_by = (await name_in(db, caller, batch.project_id))[: room(MessageBatch, "sent_by")]
    audit.record(
        db, "messages.released", batch.about_id, at=at, project_id=batch.project_id, **caller.signature, count=waiting
    )
    await db.flush()
    return waiting


async def _check(db: AsyncSession, batch: MessageBatch) -> None:
    """Leave out who is no longer to get it. Raises BatchOutdated where nobody is, BatchBeingWritten."""
    kind = kind_of(batch.kind)
    if kind.written_by and await is_under_way(db, batch.about_id, kind.written_by):
        raise BatchBeingWritten()
    dropped = await kind.check(db, batch)
    if dropped:
        await db.exec(
            update(Message)
            .where(
                col(Message.batch_id) == batch.id,
                col(Message.state) == State.draft,
                col(Message.person_id).in_(dropped),
            )
            .values(state=State.cancelled)
        )
        await omit(db, batch.id, dropped)


async def _release(db: AsyncSession, which: sa.ColumnElement[bool], due_at: datetime, *, at: datetime) -> int:
    drafts = update(Message).where(which, col(Message.state) == State.draft)
    # Time to deliver runs from here: a draft may have waited for days.
    released = await db.exec(drafts.values(state=State.queued, due_at=due_at, written_at=at, attempts=0))
    mark_pending(db)
    return int(released.rowcount)


async def send_all(
    db: AsyncSession,
    about_id: UUID,
    project_id: UUID,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    kind: str = "",
) -> int:
    """Send everything that waits about one thing, or of one kind. Raises NothingToRelease and what `send` raises."""
    found = await _batches_about(db, about_id, project_id, kind)
    return sum([await send(db, id, caller, settings, at=at) for id in found])


async def _batches_about(db: AsyncSession, about_id: UUID, project_id: UUID, kind: str) -> Sequence[UUID]:
    """Those of which something waits. Raises NothingToRelease."""
    wanted = select(MessageBatch.id).where(
        MessageBatch.about_id == about_id,
        MessageBatch.project_id == project_id,
        _waits(),
    )
    if kind:
        wanted = wanted.where(MessageBatch.kind == kind)
    found = (await db.exec(wanted.order_by(col(MessageBatch.id)))).all()
    if not found:
        raise NothingToRelease()
    return found


async def recall(db: AsyncSession, batch_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Take back what was sent and has not left yet: it waits again. Raises NothingToRecall."""
    batch = await _locked(db, batch_id, caller)
    must_send(batch.project_id, caller)
    back = await db.exec(
        update(Message)
        .where(
            col(Message.batch_id) == batch.id,
            col(Message.state) == State.queued,
            col(Message.attempts) == 0,
            col(Message.due_at) > at,
        )
        .values(state=State.draft)
    )
    if not back.rowcount:
        raise NothingToRecall()
    # As before it was sent: what is written anew meanwhile joins it, with the words added to it.
    another = select(MessageBatch.id).where(
        MessageBatch.about_id == batch.about_id, MessageBatch.kind == batch.kind, col(MessageBatch.is_open)
    )
    batch.is_open = (await db.exec(another)).first() is None
    _note(db, "messages.recalled", batch, caller, at=at, count=back.rowcount)
    await db.flush()
    return int(back.rowcount)


async def discard(db: AsyncSession, batch_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Give up what waits of a batch: nobody gets it. Raises NothingToRelease."""
    batch = await _locked(db, batch_id, caller)
    people = await _discard(db, batch, col(Message.batch_id) == batch.id)
    batch.is_open = False
    _note(db, "messages.discarded", batch, caller, at=at, count=len(people))
    await db.flush()
    return len(people)


async def discard_all(
    db: AsyncSession, about_id: UUID, project_id: UUID, caller: Caller, *, at: datetime, kind: str
) -> int:
    """Give up everything of one kind that waits about one thing. Raises NothingToRelease."""
    found = await _batches_about(db, about_id, project_id, kind)
    return sum([await discard(db, id, caller, at=at) for id in found])


async def _discard(db: AsyncSession, batch: MessageBatch, which: sa.ColumnElement[bool]) -> list[UUID | None]:
    found = await db.exec(
        select(Message.id, Message.person_id).where(which, col(Message.state) == State.draft).with_for_update()
    )
    drafts = found.all()
    if not drafts:
        raise NothingToRelease()
    people = [person_id for _, person_id in drafts if person_id]
    await kind_of(batch.kind).discarded(db, batch, people)
    # Without their keys, under which the same may be written again.
    key = sa.literal(DISCARDED) + sa.cast(col(Message.id), sa.String())
    await db.exec(
        update(Message)
        .where(which, col(Message.state) == State.draft)
        .values(state=State.cancelled, dedupe_key=key)
        .execution_options(synchronize_session=False)
    )
    return [person_id for _, person_id in drafts]


async def close_emptied(db: AsyncSession, about_id: UUID, kinds: Collection[str]) -> None:
    """End batches of which nothing waits any more: what is written later is another matter, without their reasons and
    the words added to them."""
    await db.exec(
        update(MessageBatch)
        .where(
            col(MessageBatch.about_id) == about_id,
            col(MessageBatch.kind).in_(kinds),
            col(MessageBatch.is_open),
            ~sa.exists().where(col(Message.batch_id) == MessageBatch.id, col(Message.state) == State.draft),
        )
        .values(is_open=False)
        .execution_options(synchronize_session="fetch")
    )


def _note(db: AsyncSession, act: str, batch: MessageBatch, caller: Caller, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, batch.about_id, at=at, project_id=batch.project_id, **caller.signature, **facts)


async def _draft(db: AsyncSession, message_id: UUID, caller: Caller) -> tuple[Message, MessageBatch | None]:
    """One mail that waits, locked, and its batch; one of the former version may have none. Raises NotADraft."""
    found = await get_message(db, message_id, caller)
    message = await db.get_one(Message, found.id, with_for_update=True, populate_existing=True)
    if message.state is not State.draft:
        raise NotADraft()
    return message, await db.get(MessageBatch, message.batch_id) if message.batch_id else None


async def change_draft(db: AsyncSession, message_id: UUID, given: DraftIn, caller: Caller, *, at: datetime) -> Message:
    """Another subject, and words of the organiser after the greeting, in one mail. Raises NotADraft."""
    message, _ = await _draft(db, message_id, caller)
    message.subject, message.added = given.subject, given.added
    audit.record(db, "message.edited", message.id, at=at, project_id=message.project_id, **caller.signature)
    await db.flush()
    return message


async def send_draft(db: AsyncSession, message_id: UUID, caller: Caller, *, at: datetime) -> Message:
    """Send one mail alone, at once. Raises NotADraft, BatchOutdated, MayNotSend."""
    message, batch = await _draft(db, message_id, caller)
    if message.project_id:
        must_send(message.project_id, caller)
    if batch is not None:
        await _check(db, batch)
    if not await _release(db, col(Message.id) == message.id, at, at=at):
        raise NotADraft()
    if batch is not None:
        await close_emptied(db, batch.about_id, [batch.kind])
    audit.record(db, "message.released", message.id, at=at, project_id=message.project_id, **caller.signature)
    return message


async def discard_draft(db: AsyncSession, message_id: UUID, caller: Caller, *, at: datetime) -> Message:
    """Give up one mail. Raises NotADraft."""
    message, batch = await _draft(db, message_id, caller)
    if batch is None:
        message.state = State.cancelled
    else:
        await _discard(db, batch, col(Message.id) == message.id)
        await close_emptied(db, batch.about_id, [batch.kind])
    audit.record(db, "message.discarded", message.id, at=at, project_id=message.project_id, **caller.signature)
    await db.flush()
    return message


def recallable_until(summary: BatchSummary, settings: Settings, *, at: datetime) -> datetime | None:
    """Until when what was sent of it can be taken back; none where that is over."""
    if summary.sent_at is None or not summary.counts.get(State.queued):
        return None
    until = leaves_at(summary.total, settings.recall_seconds, at=summary.sent_at)
    return until if until > at else None
