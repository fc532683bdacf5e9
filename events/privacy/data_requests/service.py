"""A person's own data: taking them out, correcting them, ending a consent, and being erased."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit, erasing
from core.errors import N_, NN_, NotFound, Unacceptable
from core.settings import Settings
from core.zones import day_in, local
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Institution, Person, name_of_institution
from directory.people.service import ERASED, get_person, index_person
from directory.projects.models import Project
from directory.projects.service import must_reach
from directory.tasks.rules import Task
from events.attendance.records.models import Attendance
from events.invitations.consents.rules import ConsentPurpose
from events.invitations.consents.service import consents_of, note_consents
from events.invitations.invitations.rules import CONCERNED
from events.invitations.phases.rules import Act, must_be_time_for, permitted_acts
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.service import has_been_there, lock_context, read_context
from events.invitations.responses.service import decline
from events.privacy.data_requests import rules
from events.privacy.data_requests.mails import kept_message
from events.privacy.data_requests.schemas import Correction, MyData
from events.privacy.erasure import service as erasure
from events.privacy.erasure.models import ErasureRequest
from events.privacy.retention.service import must_not_be_held
from notifications.outbox.models import Message
from notifications.outbox.service import enqueue

_TOLD = ("passport_name", "mobile", "diet", "accessibility", "emergency_contact", "guests", "guest_names")

_OF_INVITATION = {
    "status",
    "category",
    "origin",
    "reason",
    "answered_by",
    "nominated_at",
    "invited_at",
    "opened_at",
    "answered_at",
    "reapplied_at",
}


async def collect(db: AsyncSession, invitation_id: UUID, language: str) -> MyData:
    """All that is kept about a person for one event, in words that they can read."""
    context = await read_context(db, invitation_id)
    person, event, invitation, registration = context.person, context.event, context.invitation, context.registration
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    said = (await answers_of(db, [invitation_id])).get(invitation_id, {})
    questions = {q.id: q for q in await list_questions(db, event.id)}
    mails = await db.exec(
        select(Message).where(Message.about_id == event.id, Message.person_id == person.id).order_by(col(Message.id))
    )
    return MyData(
        person={
            "name": person.name,
            "position": person.title,
            "institution": name_of_institution(institution, language),
            "province": person.province,
            "sex": person.sex,
            "protocol_rank": person.protocol_rank,
            "address": person.address,
            "language": person.language,
            "passport_name": person.passport_name,
            "phones": person.phones,
            "diet": person.diet,
            "accessibility": person.accessibility,
        },
        event={
            "title": event.title_in(language),
            "first_day": event.first_day,
            "last_day": event.last_day,
            "venue": event.venue,
        },
        invitation=invitation.model_dump(mode="json", include=_OF_INVITATION),
        registration=registration.model_dump(
            mode="json", include={*_TOLD, "status", "registered_at", "told_at", "agrees_photographs"}
        )
        if registration
        else {},
        answers={
            questions[id].label_in(language): questions[id].say(value, language)
            for id, value in said.items()
            if id in questions
        },
        consents=[
            c.model_dump(mode="json", include={"purpose", "version", "is_given", "said_at"})
            for c in (await consents_of(db, invitation_id)).values()
        ],
        mails=[
            {"subject": m.subject, "state": m.state, "sent_at": m.sent_at and local(m.sent_at, event.zone)}
            for m in mails
        ],
        attendance=await _signed(db, registration) if registration else [],
        everything=await erasing.show(db, await erasure.subject_of(db, [person.id], person.project_id)),
    )


async def _signed(db: AsyncSession, registration: Registration) -> list[str]:
    rows = await db.exec(
        select(Attendance).where(Attendance.registration_id == registration.id).order_by(col(Attendance.day))
    )
    return [f"{a.day.isoformat()} {a.half}" for a in rows]


async def correct(db: AsyncSession, invitation_id: UUID, given: Correction, *, at: datetime) -> Person:
    """A person corrects what is known of them; the name until names freeze. Raises NamesAreFrozen."""
    context = await lock_context(db, invitation_id)
    person = context.person
    if given.name != person.name:
        must_be_time_for(Act.correct_name, context.event, at=at)
    person.name, person.title, person.language = given.name, given.title, given.language
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    index_person(person, institution)
    person.revision += 1
    audit.record(
        db, "person.corrected", person.id, at=at, project_id=context.project.id, by=audit.Actor.person(person.id)
    )
    await db.flush()
    return person


async def say_consent(
    db: AsyncSession,
    invitation_id: UUID,
    purpose: ConsentPurpose,
    is_given: bool,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    """Give or end one consent, at any time. Without the use of data nobody can take part: ending that gives the place
    back, unless they have been there or all is over: what was signed has to be kept."""
    context = await lock_context(db, invitation_id)
    await note_consents(db, context, {purpose: is_given}, at=at)
    if purpose is ConsentPurpose.data_use and not is_given and await gives_place_back(db, context, at=at):
        await decline(db, invitation_id, "", settings, at=at)


async def gives_place_back(db: AsyncSession, context: ResponseContext, *, at: datetime) -> bool:
    """Whether whoever ends the use of their data now loses their place with it."""
    may_leave = Act.leave in permitted_acts(context.invitation.status, context.event, at=at)
    return may_leave and not await has_been_there(db, context.invitation.id)


async def ask_erasure(db: AsyncSession, invitation_id: UUID, *, at: datetime) -> ErasureRequest:
    """Ask to be erased. Asking twice is asking once."""
    context = await lock_context(db, invitation_id)
    return await _asked(db, context.person, audit.Actor.person(context.person.id), at=at)


async def note_erasure(db: AsyncSession, person_id: UUID, caller: Caller, *, at: datetime) -> ErasureRequest:
    """Somebody asked by letter or telephone: who was never invited has no page to ask on. Raises NotFound."""
    person, _ = await get_person(db, person_id, caller)
    if person.merged_into_id or person.name == ERASED:
        raise NotFound()
    return await _asked(db, person, caller.signature["by"], at=at)


async def _asked(db: AsyncSession, person: Person, by: audit.Actor, *, at: datetime) -> ErasureRequest:
    request = await open_request(db, person.id)
    if request is None:
        request = ErasureRequest(person_id=person.id, project_id=person.project_id, asked_at=at)
        db.add(request)
        audit.record(db, "erasure.asked", person.id, at=at, project_id=person.project_id, by=by)
        await db.flush()
    return request


async def open_request(db: AsyncSession, person_id: UUID) -> ErasureRequest | None:
    """Their request to be erased that nobody answered yet."""
    found = await db.exec(
        select(ErasureRequest).where(ErasureRequest.person_id == person_id, col(ErasureRequest.settled_at).is_(None))
    )
    return found.first()


async def list_requests(db: AsyncSession, caller: Caller) -> list[tuple[ErasureRequest, Person]]:
    """Open requests of the caller's projects, the oldest first."""
    found = await db.exec(
        select(ErasureRequest, Person)
        .join(Person, col(Person.id) == ErasureRequest.person_id)
        .where(col(ErasureRequest.project_id).in_(caller.projects), col(ErasureRequest.settled_at).is_(None))
        .order_by(col(ErasureRequest.asked_at))
        .limit(200)
    )
    return list(found.all())


async def erasure_tasks(db: AsyncSession, caller: Caller, today: date) -> list[Task]:
    """Of each project in which the caller may answer: how many ask to be erased, and by when the first is answered."""
    answers = caller.reaching(Right.plan).projects
    if not answers:
        return []
    found = await db.exec(
        select(ErasureRequest.project_id, sa.func.count(), sa.func.min(ErasureRequest.asked_at), Project.zone)
        .join(Project, col(Project.id) == ErasureRequest.project_id)
        .where(col(ErasureRequest.project_id).in_(answers), col(ErasureRequest.settled_at).is_(None))
        .group_by(col(ErasureRequest.project_id), Project.zone)
        .order_by(col(ErasureRequest.project_id))
    )
    return [
        Task(
            "erasure-asked",
            NN_("One person asks to be erased.", "%(count)s people ask to be erased."),
            count,
            N_("Decide"),
            "/erasures",
            project_id,
            due_on=rules.answer_by(day_in(zone, at=asked_at)),
        )
        for project_id, count, asked_at, zone in found
    ]


async def settle(
    db: AsyncSession, request_id: UUID, is_erased: bool, reason: str, caller: Caller, *, at: datetime
) -> ErasureRequest:
    """Erase the person, or keep what has to be kept and tell them why. Raises RequestSettled, StillComing, and
    Unacceptable where nothing says why."""
    if not is_erased and not reason:
        raise Unacceptable("reason", rules.WHY)
    request = await db.get(ErasureRequest, request_id)
    if request is None:
        raise NotFound()
    must_reach(request.project_id, "erasure-request", request_id, caller)
    settled = await db.exec(
        update(ErasureRequest)
        .where(col(ErasureRequest.id) == request_id, col(ErasureRequest.settled_at).is_(None))
        .values(settled_at=at, outcome=reason[:500])
    )
    if settled.rowcount != 1:
        raise rules.RequestSettled()
    if is_erased:
        await erase(db, request.person_id, caller, at=at)
    else:
        person, project = await db.get_one(Person, request.person_id), await db.get_one(Project, request.project_id)
        if person.address:
            await enqueue(db, [kept_message(person, project, request, reason, at=at)])
    audit.record(
        db,
        "erasure.done" if is_erased else "erasure.refused",
        request.person_id,
        at=at,
        project_id=request.project_id,
        **caller.signature,
        reason=reason,
    )
    await db.refresh(request)
    return request


async def erase(db: AsyncSession, person_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Take a person out of everything, with all records that were merged into one, but for what an audit needs: history
    by id, signatures on half-days, and lines that were paid. Raises StillComing while they are asked to something,
    OnHold."""
    person, _ = await get_person(db, person_id, caller)
    people = (await erasure.subject_of(db, [person_id], person.project_id)).ids["person"]
    coming = await erasure.events_ahead(db, people, CONCERNED, at=at)
    if coming:
        raise rules.StillComing(event=coming.title)
    await must_not_be_held(db, people, person.project_id)
    await erasure.erase_people(db, [person_id], person.project_id, at=at)
