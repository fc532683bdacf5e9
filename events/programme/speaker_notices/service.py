"""Comparing who has which role with what each was told, and enqueueing what differs. May run at any time, twice too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.i18n import LANGUAGES
from core.settings import Settings
from directory.people.models import Person
from directory.projects.models import Project
from events.programme.agenda.models import AgendaVersion, SessionPerson
from events.programme.agenda.service import last_version, roles_of
from events.programme.events.models import Event, Session
from events.programme.events.rules import CLOSED, EventState
from events.programme.events.service import list_sessions, lock_event
from events.programme.speaker_notices.mails import notice_key, notice_message
from events.programme.speaker_notices.models import SpeakerNotice
from events.programme.speaker_notices.rules import NoticeContent
from notifications.batches.models import MessageBatch
from notifications.batches.service import waiting
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue

Key = tuple[UUID, UUID]
# While these last, nobody has anything in their calendar.
_OFF = (*CLOSED, EventState.draft, EventState.postponed)


async def tell(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Enqueue each person with a part what is new to them. Nobody hears of a programme that was never published."""
    event = await lock_event(db, event_id)
    told = await _told(db, event_id)
    wanted, people = await _wanted(db, event)
    project = await db.get_one(Project, event.project_id)
    messages: list[Message] = []
    gone = [row for key, row in told.items() if key not in wanted and not row.is_over]
    news = {key: now for key, now in wanted.items() if not _knows(told.get(key), now)}
    # What has not left tells an older state, and has told nobody: it must not arrive beside what is written now.
    outdated = [told[key] for key in news if key in told] + gone
    taken_back = await _take_back(db, [_key(row) for row in outdated])
    for key, now in news.items():
        row = told.get(key)
        row = row or SpeakerNotice(session_id=key[0], person_id=key[1])
        known = _known(row, taken_back)
        before = NoticeContent.of(known) if known else None
        row.round, row.content, row.known_before, row.is_over = row.round + 1, now.kept(), known, False
        db.add(row)
        messages.append(
            notice_message(people[key[1]], event, project, key[0], now, settings, at=at, round=row.round, before=before)
        )
    for row in gone:
        known = _known(row, taken_back)
        row.round, row.content, row.known_before, row.is_over = row.round + 1, known, known, True
        person = await db.get(Person, row.person_id) if known else None
        if person is not None and person.address and at <= datetime.fromisoformat(known["ends"]):
            content = NoticeContent.of(known)
            messages.append(
                notice_message(
                    person, event, project, row.session_id, content, settings, at=at, round=row.round, is_over=True
                )
            )
    with waiting(db):
        await enqueue(db, messages)
    await db.flush()
    return len(messages)


def _knows(row: SpeakerNotice | None, now: NoticeContent) -> bool:
    return row is not None and not row.is_over and row.content == now.kept()


def _known(row: SpeakerNotice, taken_back: Collection[str]) -> dict[str, Any]:
    """What somebody knows of their part by mails that have left; nothing where none has, or the last said it is off."""
    if _key(row) in taken_back:
        return row.known_before
    return {} if row.is_over else row.content


def _key(row: SpeakerNotice) -> str:
    return notice_key(row.session_id, row.person_id, row.round)


async def _take_back(db: AsyncSession, keys: Collection[str]) -> set[str]:
    """Take back what has not gone yet of the messages with these keys; which they were."""
    if not keys:
        return set()
    found = await db.exec(
        update(Message)
        .where(col(Message.dedupe_key).in_(keys), col(Message.state).in_([State.draft, State.queued]))
        .values(state=State.cancelled)
        .returning(col(Message.dedupe_key))
    )
    return {row[0] for row in found.all()}


async def forget_told(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """What was written to these people is discarded: the next mail tells all that changed since the last that left."""
    drafts = await db.exec(
        select(Message.dedupe_key).where(
            Message.batch_id == batch.id, Message.state == State.draft, col(Message.person_id).in_(people)
        )
    )
    discarded = set(drafts.all())
    of_event = select(Session.id).where(Session.event_id == batch.about_id)
    rows = await db.exec(
        select(SpeakerNotice).where(
            col(SpeakerNotice.session_id).in_(of_event), col(SpeakerNotice.person_id).in_(people)
        )
    )
    for row in rows:
        if _key(row) in discarded:
            # One of which they were never told is none.
            row.content, row.is_over = row.known_before, not row.known_before and row.is_over


async def count_speakers(db: AsyncSession, event_id: UUID) -> int:
    """How many have a part, once the programme is published: who would be told that a session moves."""
    is_published = sa.exists().where(col(AgendaVersion.event_id) == event_id)
    found = await db.exec(
        select(sa.func.count(sa.distinct(col(SessionPerson.person_id))))
        .join(Session, col(Session.id) == SessionPerson.session_id)
        .where(Session.event_id == event_id, col(Session.removed_at).is_(None), is_published)
    )
    return found.one()


async def _told(db: AsyncSession, event_id: UUID) -> dict[Key, SpeakerNotice]:
    found = await db.exec(
        select(SpeakerNotice)
        .join(Session, col(Session.id) == SpeakerNotice.session_id)
        .where(Session.event_id == event_id)
    )
    return {(row.session_id, row.person_id): row for row in found}


async def _wanted(db: AsyncSession, event: Event) -> tuple[dict[Key, NoticeContent], dict[UUID, Person]]:
    """What everybody with a part and an address should know as things stand."""
    if event.state in _OFF or await last_version(db, event.id) is None:
        return {}, {}
    sessions = await list_sessions(db, event.id)
    roles = await roles_of(db, [s.id for s in sessions])
    wanted: dict[Key, NoticeContent] = {}
    people: dict[UUID, Person] = {}
    for session in sessions:
        for one, person in roles.get(session.id, []):
            if not person.address:
                continue
            people[person.id] = person
            content = wanted.setdefault((session.id, person.id), _content(session, event))
            content.roles.append(one.role.value)
    return wanted, people


def _content(session: Session, event: Event) -> NoticeContent:
    venue: list[Any] = [session.room, event.venue]
    return NoticeContent(
        session.starts_at.isoformat(),
        session.ends_at.isoformat(),
        event.zone,
        ", ".join(filter(None, venue)),
        {language: session.title_in(language) for language in LANGUAGES},
    )
