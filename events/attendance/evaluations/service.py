"""Making a form, asking people for it, taking their answers."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.columns import folded
from core.errors import N_, NotFound, UnacceptableFields
from core.i18n import words
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from events.attendance.evaluations.mails import ToSuperior, evaluation_message, superior_message
from events.attendance.evaluations.models import Evaluation, EvaluationReceipt, EvaluationResponse
from events.attendance.evaluations.rules import (
    BEFORE_EVENT,
    FEWEST_FIGURES,
    STANDARD,
    AlreadyAnswered,
    EvaluationKind,
    EvaluationNotDraft,
    EvaluationNotOpen,
    EvaluationState,
    EvaluationThere,
    FormItem,
    NobodyToAsk,
    NothingAsked,
    read_answers,
)
from events.attendance.evaluations.schemas import EvaluationAnswers, EvaluationIn, EvaluationItems
from events.attendance.records.models import Attendance
from events.attendance.superiors import service as superiors
from events.attendance.superiors.models import Superior
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.service import load_mail_contexts
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import lock_event_for
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import cancel_unsent, enqueue
from notifications.releases.service import send_all

ASK = "events.ask_evaluation"
BATCH = 25
_ORDER = list(EvaluationKind)
# Made once: an alias of a table with many columns takes as long as several queries.
_theirs = aliased(Registration)
_WAS_THERE = select(Attendance.id).where(col(Attendance.registration_id) == Registration.id).exists()


async def create(db: AsyncSession, event_id: UUID, given: EvaluationIn, caller: Caller, *, at: datetime) -> Evaluation:
    """A draft with the questions usual for its kind. Raises EvaluationThere."""
    event = await lock_event_for(db, event_id, caller)
    forms = {one.kind: one for one in await list_evaluations(db, event.id)}
    if given.kind in forms:
        raise EvaluationThere()
    row = Evaluation(event_id=event.id, kind=given.kind, is_anonymous=given.is_anonymous)
    before = forms.get(EvaluationKind.pre_test)
    if given.kind is EvaluationKind.post_test and before:
        row.questions, row.is_anonymous = before.questions, before.is_anonymous
    else:
        row.ask(_standard(given.kind))
    db.add(row)
    _note(db, event, row, "evaluation.created", caller, at=at)
    await db.flush()
    return row


def _standard(kind: EvaluationKind) -> list[FormItem]:
    english, turkish = words("en"), words("tr")
    return [
        FormItem(f"q{n}", item, english.translate(text), turkish.translate(text), level=level)
        for n, (item, level, text) in enumerate(STANDARD[kind], start=1)
    ]


async def get_evaluation(db: AsyncSession, evaluation_id: UUID, caller: Caller) -> tuple[Evaluation, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, Evaluation, evaluation_id, caller)


async def list_evaluations(db: AsyncSession, event_id: UUID) -> list[Evaluation]:
    """Those of an event, in the order of their kinds."""
    found = await db.exec(select(Evaluation).where(Evaluation.event_id == event_id))
    return sorted(found, key=lambda one: _ORDER.index(one.kind))


async def set_items(
    db: AsyncSession, evaluation_id: UUID, given: EvaluationItems, caller: Caller, *, at: datetime
) -> Evaluation:
    """Other questions, while it is a draft. Raises EvaluationNotDraft."""
    row, event = await _locked(db, evaluation_id, caller)
    if row.state is not EvaluationState.draft:
        raise EvaluationNotDraft()
    row.ask([one.item() for one in given.items])
    _note(db, event, row, "evaluation.changed", caller, at=at)
    await db.flush()
    return row


async def open_form(db: AsyncSession, evaluation_id: UUID, caller: Caller, *, at: datetime) -> Evaluation:
    """From now on people answer. A closed one is opened again, but not an anonymous one whose figures have been seen:
    the next answer would be the difference. Raises NothingAsked, EvaluationNotDraft."""
    row, event = await _locked(db, evaluation_id, caller)
    if not row.items:
        raise NothingAsked()
    is_seen = row.is_anonymous and len(await responses_of(db, row.id)) >= FEWEST_FIGURES
    if row.state is EvaluationState.closed and is_seen:
        raise EvaluationNotDraft()
    if row.state is not EvaluationState.open:
        row.state = EvaluationState.open
        _note(db, event, row, "evaluation.opened", caller, at=at)
    await db.flush()
    return row


async def close_form(db: AsyncSession, evaluation_id: UUID, caller: Caller, *, at: datetime) -> Evaluation:
    """No more answers; requests that did not leave yet are taken back. Raises EvaluationNotOpen."""
    row, event = await _locked(db, evaluation_id, caller)
    if row.state is not EvaluationState.open:
        raise EvaluationNotOpen()
    row.state = EvaluationState.closed
    await cancel_unsent(db, None, event.id, [row.mail_kind])
    _note(db, event, row, "evaluation.closed", caller, at=at)
    await db.flush()
    return row


async def remove(db: AsyncSession, evaluation_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take a draft away. Returns its event. Raises EvaluationNotDraft."""
    row, event = await _locked(db, evaluation_id, caller)
    if row.state is not EvaluationState.draft:
        raise EvaluationNotDraft()
    _note(db, event, row, "evaluation.removed", caller, at=at)
    await db.delete(row)
    await db.flush()
    return event.id


async def those_to_ask(db: AsyncSession, evaluation: Evaluation) -> dict[UUID, bool]:
    """People whom the form is for, and whether they have answered: who has a place where it comes before the event,
    otherwise who attended; or superiors of these. One query."""
    if evaluation.kind is EvaluationKind.superiors:
        return await superiors.to_ask(db, evaluation.event_id)
    is_meant = col(Registration.status) == RegistrationStatus.confirmed
    wanted: Any = select(Registration.person_id, _has_answered(evaluation.id, Registration.person_id)).where(
        Registration.event_id == evaluation.event_id, is_meant if evaluation.kind in BEFORE_EVENT else _WAS_THERE
    )
    return dict((await db.exec(wanted)).all())


def _has_answered(evaluation_id: Any, person_id: Any) -> sa.Exists:
    """Somebody who gave a place back and took it again has two registrations, and answers once."""
    found: sa.Exists = (
        select(EvaluationReceipt.id)
        .join(_theirs, col(_theirs.id) == EvaluationReceipt.registration_id)
        .where(col(EvaluationReceipt.evaluation_id) == evaluation_id, col(_theirs.person_id) == person_id)
        .exists()
    )
    return found


async def those_due(db: AsyncSession, evaluation: Evaluation) -> list[UUID]:
    """Invitations of those, or superiors, who are to be written to now: they have an address, have not answered, and
    no request to them waits."""
    left = [id for id, is_answered in (await those_to_ask(db, evaluation)).items() if not is_answered]
    if evaluation.kind is EvaluationKind.superiors:
        return await _superiors_due(db, evaluation, left)
    waiting = (
        select(Message.id)
        .where(
            col(Message.person_id) == Invitation.person_id,
            Message.kind == evaluation.mail_kind,
            col(Message.state).in_([State.draft, State.queued]),
        )
        .exists()
    )
    found = await db.exec(
        select(Invitation.id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(
            Invitation.event_id == evaluation.event_id,
            col(Invitation.person_id).in_(left),
            col(Person.address).is_not(None),
            ~waiting,
        )
        .order_by(col(Invitation.id))
    )
    return list(found.all())


async def _superiors_due(db: AsyncSession, evaluation: Evaluation, left: Collection[UUID]) -> list[UUID]:
    waiting = (
        select(Message.id)
        .where(
            sa.func.lower(col(Message.to_address)) == sa.func.lower(col(Superior.address)),
            Message.kind == evaluation.mail_kind,
            col(Message.state).in_([State.draft, State.queued]),
        )
        .exists()
    )
    found = await db.exec(select(Superior.id).where(col(Superior.id).in_(left), ~waiting).order_by(col(Superior.id)))
    return list(found.all())


async def ask(db: AsyncSession, evaluation_id: UUID, caller: Caller, *, at: datetime) -> Job:
    """Write to everybody who is to answer and has not: drafts that wait to be sent; once more it is a reminder.
    Raises EvaluationNotOpen, NobodyToAsk."""
    row, event = await _locked(db, evaluation_id, caller)
    if row.state is not EvaluationState.open:
        raise EvaluationNotOpen()
    ids = await those_due(db, row)
    if not ids:
        raise NobodyToAsk()
    _note(db, event, row, "evaluation.asked", caller, at=at, people=len(ids))
    said = {"ids": [str(id) for id in ids], "round": at.isoformat(timespec="seconds")}
    return await enqueue_job(db, ASK, project_id=event.project_id, about_id=row.id, at=at, **said)


async def write_batch(
    db: AsyncSession, evaluation_id: UUID, ids: Collection[UUID], version: str, settings: Settings, *, at: datetime
) -> None:
    """The drafts for some of them; a form that was closed meanwhile writes none."""
    row = await db.get(Evaluation, evaluation_id)
    if row is None or row.state is not EvaluationState.open:
        return
    event = await db.get_one(Event, row.event_id)
    if row.kind is EvaluationKind.superiors:
        await _write_to_superiors(db, event, row, ids, version, settings, at=at)
        return
    mails = await load_mail_contexts(db, event, settings, col(Invitation.id).in_(ids), at=at)
    await enqueue(db, [evaluation_message(one, row, version, at=at) for one in mails if one.person.address])


async def _write_to_superiors(
    db: AsyncSession,
    event: Event,
    row: Evaluation,
    ids: Collection[UUID],
    version: str,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    project = await db.get_one(Project, event.project_id)
    names = await superiors.people_of(db, ids)
    found = await db.exec(select(Superior).where(col(Superior.id).in_(ids), Superior.address != ""))
    to = [
        ToSuperior(one, names[one.id], event, project, superiors.link_of(one.id, settings))
        for one in found
        if one.id in names
    ]
    await enqueue(db, [superior_message(one, row, version, at=at) for one in to])


async def release_requests(
    db: AsyncSession, evaluation_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> int:
    """Send what was written. Raises NothingToRelease, BatchOutdated."""
    row, event = await get_evaluation(db, evaluation_id, caller)
    return await send_all(db, event.id, event.project_id, caller, settings, at=at, kind=row.mail_kind)


async def forms_for(db: AsyncSession, event_id: UUID, person_id: UUID) -> list[tuple[Evaluation, bool]]:
    """Open forms that somebody with a place may fill in, and whether they have."""
    found = await db.exec(_open_forms(), params={"event_id": event_id, "person_id": person_id})
    return sorted(found.all(), key=lambda one: _ORDER.index(one[0].kind))


@cache
def _open_forms() -> Any:
    event_id, person_id = (sa.bindparam(name, type_=sa.Uuid()) for name in ("event_id", "person_id"))
    is_theirs = (col(Evaluation.event_id) == event_id, _taking_part(event_id, person_id).exists())
    is_open = (Evaluation.state == EvaluationState.open, Evaluation.kind != EvaluationKind.superiors)
    return select(Evaluation, _has_answered(Evaluation.id, person_id)).where(*is_theirs, *is_open)


def _taking_part(event_id: Any, person_id: Any) -> SelectOfScalar[UUID]:
    """The registrations of somebody who may answer, that which holds a place first: some give their place back and
    come nevertheless."""
    has_place = col(Registration.status) == RegistrationStatus.confirmed
    return (
        select(Registration.id)
        .where(col(Registration.event_id) == event_id, col(Registration.person_id) == person_id, has_place | _WAS_THERE)
        .order_by(has_place.desc(), col(Registration.id).desc())
    )


async def form_for(db: AsyncSession, evaluation_id: UUID, event_id: UUID, person_id: UUID) -> tuple[Evaluation, bool]:
    """One of them. Raises NotFound for a stranger's, EvaluationNotOpen."""
    for row, is_answered in await forms_for(db, event_id, person_id):
        if row.id == evaluation_id:
            return row, is_answered
    known = await db.get(Evaluation, evaluation_id)
    if known is None or known.event_id != event_id or known.state is EvaluationState.draft:
        raise NotFound()
    raise EvaluationNotOpen()


async def answer(
    db: AsyncSession, evaluation_id: UUID, event_id: UUID, person_id: UUID, given: EvaluationAnswers
) -> None:
    """Keep what somebody answers, once. Raises NotFound, EvaluationNotOpen, AlreadyAnswered, UnacceptableFields with a
    message for each question.

    Of an anonymous form neither the person nor the moment is kept with it.
    """
    await db.exec(select(Evaluation.id).where(Evaluation.id == evaluation_id).with_for_update())
    row, is_answered = await form_for(db, evaluation_id, event_id, person_id)
    if is_answered:
        raise AlreadyAnswered()
    answers = acceptable_answers(row, given)
    registration_id = (await db.exec(_taking_part(event_id, person_id).limit(1))).one()
    db.add(EvaluationReceipt(evaluation_id=row.id, registration_id=registration_id))
    db.add(
        EvaluationResponse(
            evaluation_id=row.id,
            registration_id=None if row.is_anonymous else registration_id,
            pair_hash=_pair_hash(event_id, given.pair_code) if row.is_anonymous else "",
            answers=answers,
        )
    )
    await db.flush()


def acceptable_answers(row: Evaluation, given: EvaluationAnswers) -> dict[str, Any]:
    """What is kept of it. Raises UnacceptableFields with a message for each question."""
    answers, wrong = read_answers(row.items, given.answers)
    wrong |= dict.fromkeys(set(given.answers) - {item.key for item in row.items}, N_("The form has no such question."))
    if not wrong and not any(answers.values()):
        wrong = {"body": N_("Please answer at least one question.")}
    if wrong:
        raise UnacceptableFields({key: (message, {}) for key, message in wrong.items()})
    return answers


def _pair_hash(event_id: UUID, code: str) -> str:
    """The same word gives the same hash in one event only, however it is spelled on a keyboard."""
    said = folded(code).replace(" ", "")
    return hashlib.sha256(f"{event_id}:{said}".encode()).hexdigest() if said else ""


async def asks_superiors(db: AsyncSession, event_id: UUID) -> bool:
    """Whether participants are to say who their superior is: the event has a form for these that is not closed."""
    theirs = (Evaluation.event_id == event_id, Evaluation.kind == EvaluationKind.superiors)
    found = await db.exec(select(Evaluation.id).where(*theirs, Evaluation.state != EvaluationState.closed))
    return found.first() is not None


async def responses_of(db: AsyncSession, evaluation_id: UUID) -> Sequence[EvaluationResponse]:
    """All answers of a form, in an order that tells nothing."""
    found = await db.exec(
        select(EvaluationResponse)
        .where(EvaluationResponse.evaluation_id == evaluation_id)
        .order_by(col(EvaluationResponse.id))
    )
    return found.all()


async def copy_evaluations(db: AsyncSession, event_id: UUID, copy_id: UUID) -> None:
    """The same forms for a copy of the event, as drafts."""
    for one in await list_evaluations(db, event_id):
        copied = one.model_dump(include={"kind", "is_anonymous", "questions"})
        db.add(Evaluation(event_id=copy_id, **copied))


async def _locked(db: AsyncSession, evaluation_id: UUID, caller: Caller) -> tuple[Evaluation, Event]:
    row, event = await get_evaluation(db, evaluation_id, caller)
    await db.refresh(row, with_for_update=True)
    return row, event


def _note(
    db: AsyncSession,
    event: Event,
    row: Evaluation,
    act: str,
    caller: Caller,
    *,
    at: datetime,
    people: int | None = None,
) -> None:
    kind = row.kind.value
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, form=kind, people=people)
