"""Asking, taking answers, and knowing what is missing."""

import asyncio
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import ErrorDetails
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.columns import vault
from core.documents.media_types import media_type_of
from core.errors import NotFound
from core.files import FileStore
from core.ids import new_id
from core.web import Invalid
from directory.accounts.access import Caller
from events.invitations.consents.rules import ConsentPurpose
from events.invitations.consents.service import note_consents
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Category
from events.invitations.questionnaires import rules
from events.invitations.questionnaires.models import Question, QuestionAnswer
from events.invitations.questionnaires.rules import AskedOf, QuestionKind
from events.invitations.questionnaires.schemas import QuestionsIn
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.schemas import Details
from events.invitations.registrations.service import lock_context, lock_context_for, tell
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event, lock_event_for
from notifications.jobs.service import enqueue_job

COUNT_MISSING = "events.count-missing"
OF_PARTICIPANT = frozenset({AskedOf.participant})
BATCH = 100


async def list_questions(db: AsyncSession, event_id: UUID) -> list[Question]:
    """What is asked at an event, in order; at most sixty by the schema."""
    return list((await db.exec(_asked(), params={"event_id": event_id})).all())


@cache
def _asked() -> SelectOfScalar[Question]:
    theirs = select(Question).where(col(Question.event_id) == sa.bindparam("event_id"))
    return theirs.where(col(Question.removed_at).is_(None)).order_by(col(Question.position), col(Question.id))


async def set_questions(
    db: AsyncSession, event_id: UUID, given: QuestionsIn, caller: Caller, *, at: datetime
) -> list[Question]:
    """These questions in this order, no others. A removed one keeps its answers; one that comes back has them."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    found = await db.exec(select(Question).where(col(Question.id).in_([q.id for q in given.questions])))
    known = {question.id: question for question in found}
    if any(question.event_id != event_id for question in known.values()):
        raise NotFound()
    for question in await list_questions(db, event_id):
        question.removed_at = at
    for position, asked in enumerate(given.questions):
        question = known.get(asked.id) or Question(id=asked.id, event_id=event_id, position=position, kind=asked.kind)
        values = asked.model_dump(exclude={"id"})
        for name, value in values.items():
            setattr(question, name, value)
        question.position, question.removed_at = position, None
        db.add(question)
        await db.flush()
    audit.record(
        db,
        "questions.set",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        questions=len(given.questions),
    )
    await enqueue_job(db, COUNT_MISSING, project_id=event.project_id, about_id=event.id, at=at)
    await db.flush()
    return await list_questions(db, event_id)


async def answers_of(db: AsyncSession, invitations: Collection[UUID]) -> dict[UUID, dict[UUID, Any]]:
    """What each person answered, by invitation and question; one query for all of them."""
    found = await db.exec(_answered(), params={"invitations": list(invitations)})
    answers: dict[UUID, dict[UUID, Any]] = {}
    for answer in found:
        answers.setdefault(answer.invitation_id, {})[answer.question_id] = json.loads(answer.value)
    return answers


@cache
def _answered() -> SelectOfScalar[QuestionAnswer]:
    wanted: Any = sa.bindparam("invitations", expanding=True)
    return select(QuestionAnswer).where(col(QuestionAnswer.invitation_id).in_(wanted))


async def tell_all(
    db: AsyncSession, invitation_id: UUID, details: Details, raw: Mapping[UUID, Any], *, at: datetime
) -> ResponseContext:
    """What a participant tells: the usual, and what this event asks. Raises NotRegistered, Invalid."""
    context = await tell(db, invitation_id, details, at=at)
    agreed = {
        ConsentPurpose.data_use: True,
        ConsentPurpose.photographs: details.agrees_photographs,
        ConsentPurpose.contacts: details.agrees_contacts,
    }
    await note_consents(db, context, agreed, at=at)
    await _save(db, context, raw, OF_PARTICIPANT, at=at)
    return context


async def answer(
    db: AsyncSession, invitation_id: UUID, raw: Mapping[UUID, Any], *, at: datetime
) -> tuple[dict[UUID, Any], list[UUID]]:
    """Take the participant's answers alone. Returns all answers and what is missing. Raises NotRegistered, Invalid."""
    context = await lock_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    audit.record(
        db,
        "answers.given",
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=audit.Actor.person(context.person.id),
    )
    return await _save(db, context, raw, OF_PARTICIPANT, at=at)


async def note_answers(
    db: AsyncSession,
    invitation_id: UUID,
    raw: Mapping[UUID, Any],
    asked_of: frozenset[AskedOf],
    caller: Caller,
    *,
    at: datetime,
) -> tuple[dict[UUID, Any], list[UUID]]:
    """What the organiser or the desk notes about somebody."""
    context = await lock_context_for(db, invitation_id, caller)
    audit.record(db, "answers.noted", context.person.id, at=at, project_id=context.project.id, **caller.signature)
    return await _save(db, context, raw, asked_of, at=at)


async def _save(
    db: AsyncSession, context: ResponseContext, raw: Mapping[UUID, Any], asked_of: frozenset[AskedOf], *, at: datetime
) -> tuple[dict[UUID, Any], list[UUID]]:
    """Keep answers to questions that come up; what a hidden one was answered is not kept, nor ever blocks."""
    questions = await list_questions(db, context.event.id)
    asking = {q.id: q.asking for q in questions if q.asked_of in asked_of}
    if set(raw) - set(asking):
        raise rules.QuestionNotThere()
    before = (await answers_of(db, [context.invitation.id])).get(context.invitation.id, {})
    wrongs: list[ErrorDetails] = []
    said = dict(before)
    for id, value in raw.items():
        if asking[id].kind is QuestionKind.file:
            continue
        said[id], message = rules.wrong_answer(asking[id], value)
        if message:
            wrongs.append({"loc": (field_of(id),), "type": "heyet", "msg": message, "input": value})
    category = context.invitation.category
    visible = {q.id for q in rules.shown([q.asking for q in questions], said, category)}
    wrongs = [w for w in wrongs if w["loc"][0] in {field_of(id) for id in visible}]
    if wrongs:
        raise Invalid(wrongs)
    await _write(db, context.invitation.id, before, {id: said[id] for id in said if id in visible}, at=at)
    kept = {id: value for id, value in said.items() if id in visible and value not in (None, "", [])}
    left = [q.id for q in rules.missing([q.asking for q in questions], kept, category)]
    if context.registration:
        context.registration.missing = len(left)
    await db.flush()
    # Whoever may answer some questions learns nothing of what was said to the others.
    return {id: value for id, value in kept.items() if id in asking}, [id for id in left if id in asking]


async def _write(
    db: AsyncSession, invitation_id: UUID, before: Mapping[UUID, Any], said: Mapping[UUID, Any], *, at: datetime
) -> None:
    changed = [id for id, value in said.items() if before.get(id) != value]
    gone = [id for id in before if said.get(id) in (None, "", [])]
    await db.exec(
        delete(QuestionAnswer).where(
            col(QuestionAnswer.invitation_id) == invitation_id, col(QuestionAnswer.question_id).in_([*changed, *gone])
        )
    )
    db.add_all(
        QuestionAnswer(
            invitation_id=invitation_id, question_id=id, value=json.dumps(said[id], ensure_ascii=False), answered_at=at
        )
        for id in changed
        if said[id] not in (None, "", [])
    )


def field_of(question_id: UUID) -> str:
    """The name of a question's field in forms and problems."""
    return f"q-{question_id}"


async def keep_answer_file(
    db: AsyncSession,
    invitation_id: UUID,
    question_id: UUID,
    name: str,
    content: bytes,
    files: FileStore,
    *,
    at: datetime,
) -> None:
    """A file as an answer, encrypted where it lies. Raises NotRegistered, QuestionNotThere, MaterialKind."""
    context = await lock_context(db, invitation_id)
    if context.registration is None:
        raise NotRegistered()
    question = await db.get(Question, question_id)
    if question is None or question.event_id != context.event.id or question.kind is not QuestionKind.file:
        raise rules.QuestionNotThere()
    media_type = media_type_of(name, content)
    hash = await asyncio.to_thread(lambda: files.keep(vault.seal(content)))
    await db.exec(
        delete(QuestionAnswer).where(
            col(QuestionAnswer.invitation_id) == invitation_id, col(QuestionAnswer.question_id) == question_id
        )
    )
    db.add(
        QuestionAnswer(
            invitation_id=invitation_id,
            question_id=question_id,
            value=json.dumps(name[-120:], ensure_ascii=False),
            file_hash=hash,
            media_type=media_type,
            answered_at=at,
        )
    )
    await db.flush()
    await _save(db, context, {}, OF_PARTICIPANT, at=at)


async def read_answer_file(
    db: AsyncSession, invitation_id: UUID, question_id: UUID, files: FileStore
) -> tuple[bytes, str, str]:
    """Content, media type and name of a file that was sent. Raises NotFound."""
    found = await db.exec(
        select(QuestionAnswer).where(
            QuestionAnswer.invitation_id == invitation_id,
            QuestionAnswer.question_id == question_id,
            QuestionAnswer.file_hash != "",
        )
    )
    answer = found.first()
    if answer is None:
        raise NotFound()
    sealed = await asyncio.to_thread(files.read, answer.file_hash)
    return vault.unseal(sealed), answer.media_type, str(json.loads(answer.value))


async def count_missing(db: AsyncSession, event_id: UUID, after: UUID | None) -> tuple[UUID | None, int]:
    """Count anew, for the next hundred who told us about themselves, what is missing since the questions changed.

    Returns where to go on, or nothing at the end.
    """
    await lock_event(db, event_id)
    asking = [q.asking for q in await list_questions(db, event_id)]
    rows = (
        select(Registration, Invitation.category)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .where(Registration.event_id == event_id, Registration.status != RegistrationStatus.withdrawn)
        .order_by(col(Registration.id))
        .limit(BATCH)
    )
    if after:
        rows = rows.where(col(Registration.id) > after)
    found = (await db.exec(rows)).all()
    answers = await answers_of(db, [r.invitation_id for r, _ in found])
    for registration, category in found:
        said = answers.get(registration.invitation_id, {})
        registration.missing = len(rules.missing(asking, said, Category(category)))
    await db.flush()
    return (found[-1][0].id if len(found) == BATCH else None), len(found)


def may_note(caller: Caller, project_id: UUID) -> frozenset[AskedOf]:
    """The desk answers what is asked at check-in, an organiser everything about somebody."""
    return frozenset(AskedOf) if caller.may("plan", project_id) else frozenset({AskedOf.desk})


async def copy_questions(db: AsyncSession, event_id: UUID, copy_id: UUID) -> None:
    """The same questions for a copy of the event, with their conditions; nobody's answers."""
    asked = await list_questions(db, event_id)
    twins = {question.id: new_id() for question in asked}
    for question in asked:
        values = question.model_dump(exclude={"id", "event_id"})
        values["depends_on_id"] = twins.get(question.depends_on_id) if question.depends_on_id else None
        db.add(Question(id=twins[question.id], event_id=copy_id, **values))
        await db.flush()
