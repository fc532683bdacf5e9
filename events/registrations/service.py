"""Answers: taking a place, giving it back, moving up, telling us what we need."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from events.invitations import mails
from events.invitations.models import Invitation
from events.invitations.rules import CONCERNED, Answer, must_be_answerable
from events.invitations.service import get_invitation, load_asked, revoke_links
from events.places.rules import Seeker, gets_place, has_room, take
from events.places.service import Places, load_places
from events.programme.models import Event
from events.programme.rules import COMING, must_take_answers
from events.programme.service import lock_event
from events.registrations import rules
from events.registrations.models import Registration
from events.registrations.rules import Standing
from events.registrations.schemas import Details
from notifications.outbox.service import cancel_unsent, owe

_CARRIED = (
    "passport_name",
    "mobile",
    "diet",
    "accessibility",
    "emergency_contact",
    "agrees_photographs",
    "told_at",
)


async def accept(db: AsyncSession, invitation_id: UUID, settings: Settings, *, at: datetime) -> Registration:
    """Take a place, or a spot on the waiting list when the event is full. Accepting twice is accepting once.

    Raises AnswerTooLate, NotAsked, EventIsOff.
    """
    invitation, event = await _locked(db, invitation_id)
    must_take_answers(event.state)
    registration = await find_active(db, invitation)
    if registration:
        return registration
    must_be_answerable(invitation.standing, event.opens_on, event.answers_until, event.zone, at)
    places = await load_places(db, event)
    person = await db.get_one(Person, invitation.person_id)
    who = places.seeker(invitation.category, person.institution_id)
    waiting = await _waiting(db, event, places) if has_room(places.limits, who) else []
    is_confirmed = gets_place(places.limits, who, [seeker for _, _, seeker in waiting])
    standing = Standing.confirmed if is_confirmed else Standing.waiting
    event.taken += int(is_confirmed)
    registration = Registration(
        event_id=event.id, person_id=invitation.person_id, invitation_id=invitation.id, standing=standing,
        registered_at=at, changed_at=at, **await _told_before(db, invitation),
    )  # fmt: skip
    db.add(registration)
    await _answer(
        db,
        invitation,
        event,
        Answer.accepted if standing is Standing.confirmed else Answer.waiting,
        settings,
        at,
    )
    return registration


async def decline(
    db: AsyncSession, invitation_id: UUID, reason: str, settings: Settings, *, at: datetime
) -> None:
    """Say no, before or after a yes; a place that becomes free goes to the first who waits."""
    invitation, event = await _locked(db, invitation_id)
    if invitation.standing is Answer.declined:
        return
    must_be_answerable(invitation.standing, event.opens_on, event.answers_until, event.zone, at)
    await _release_place(db, invitation, event, at)
    invitation.reason = reason
    await _answer(db, invitation, event, Answer.declined, settings, at)
    await move_up(db, event, settings, at=at)


async def withdraw(
    db: AsyncSession, invitation_id: UUID, reason: str, caller: Caller, settings: Settings, *, at: datetime
) -> None:
    """The organiser takes the invitation back: the link dies, the place is free, the entry leaves the calendar."""
    await get_invitation(db, invitation_id, caller)
    invitation, event = await _locked(db, invitation_id)
    if invitation.standing is Answer.withdrawn:
        return
    was_asked = invitation.standing in CONCERNED
    await cancel_unsent(db, [invitation.person_id], event.id, [mails.INVITATION, mails.UPDATE])
    if was_asked:
        for asked in await load_asked(db, event, settings, at, Invitation.id == invitation.id):
            await owe(db, [mails.cancellation_message(asked, at)] if asked.person.address else [])
    await revoke_links(db, invitation.id, at)
    await _release_place(db, invitation, event, at)
    invitation.standing, invitation.reason = Answer.withdrawn, reason
    audit.record(
        db, "person.withdrawn", invitation.person_id, at=at, project_id=event.project_id, **caller.signature,
        reason=reason, event=event.title,
    )  # fmt: skip
    await move_up(db, event, settings, at=at)


async def move_up(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> int:
    """Give free places to those who wait, first come first served. The caller holds the event's lock."""
    if event.taken >= event.places or event.state not in COMING:
        return 0
    places = await load_places(db, event)
    moved = 0
    for registration, invitation, who in await _waiting(db, event, places):
        if not has_room(places.limits, who):
            continue
        take(places.limits, who)
        _restand(registration, Standing.confirmed, at)
        event.taken += 1
        moved += 1
        await _answer(db, invitation, event, Answer.accepted, settings, at, act="person.promoted")
    return moved


async def _waiting(
    db: AsyncSession, event: Event, places: Places
) -> list[tuple[Registration, Invitation, Seeker]]:
    """Those who wait, first come first; read before any of them moves."""
    found = await db.exec(
        select(Registration, Invitation, Person.institution_id)
        .join(Invitation, col(Invitation.id) == Registration.invitation_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Registration.event_id == event.id, Registration.standing == Standing.waiting)
        .order_by(col(Registration.registered_at), col(Registration.id))
    )
    return [(r, i, places.seeker(i.category, institution)) for r, i, institution in found]


async def fill_places(db: AsyncSession, event_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Places were added: let those who wait move up."""
    return await move_up(db, await lock_event(db, event_id), settings, at=at)


async def tell(db: AsyncSession, invitation_id: UUID, details: Details, *, at: datetime) -> Registration:
    """Keep what the participant tells us, encrypted. Raises NotRegistered."""
    invitation, event = await _locked(db, invitation_id)
    registration = await find_active(db, invitation)
    if registration is None:
        raise rules.NotRegistered()
    for name, value in details.model_dump(exclude={"agrees_data_use"}).items():
        setattr(registration, name, value)
    registration.told_at = at
    name = (await db.get_one(Person, invitation.person_id)).name
    audit.record(db, "details.told", invitation.person_id, at=at, project_id=event.project_id, actor=name)
    await db.flush()
    return registration


async def find_active(db: AsyncSession, invitation: Invitation) -> Registration | None:
    found = await db.exec(
        select(Registration).where(
            Registration.event_id == invitation.event_id, Registration.person_id == invitation.person_id,
            Registration.standing != Standing.withdrawn,
        )
    )  # fmt: skip
    return found.first()


async def list_confirmed(
    db: AsyncSession, event_id: UUID, *, by: str = "name"
) -> list[tuple[Registration, Person, Institution | None]]:
    """Everybody with a place, by name or by institution: one query for the whole sheet."""
    order = [Institution.search, Person.search] if by == "institution" else [Person.search]
    found = await db.exec(
        select(Registration, Person, Institution)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(Registration.event_id == event_id, Registration.standing == Standing.confirmed)
        .order_by(*order, col(Registration.id))
    )
    return list(found.all())


async def _locked(db: AsyncSession, invitation_id: UUID) -> tuple[Invitation, Event]:
    """The event is locked first, always, and the invitation read after it: what it says then is so."""
    event_id = (await db.exec(select(Invitation.event_id).where(Invitation.id == invitation_id))).one()
    event = await lock_event(db, event_id)
    found = await db.exec(
        select(Invitation).where(Invitation.id == invitation_id).execution_options(populate_existing=True)
    )
    return found.one(), event


async def _told_before(db: AsyncSession, invitation: Invitation) -> dict[str, Any]:
    """What the person told with an earlier yes: nobody types it twice."""
    found = await db.exec(
        select(Registration)
        .where(Registration.invitation_id == invitation.id)
        .order_by(col(Registration.id).desc())
        .limit(1)
    )
    last = found.first()
    return {name: getattr(last, name) for name in _CARRIED} if last else {}


async def _release_place(db: AsyncSession, invitation: Invitation, event: Event, at: datetime) -> None:
    registration = await find_active(db, invitation)
    if registration is None:
        return
    event.taken -= int(registration.standing is Standing.confirmed)
    event.is_overbooked = event.taken > event.places
    _restand(registration, Standing.withdrawn, at)
    await db.flush()


def _restand(registration: Registration, standing: Standing, at: datetime) -> None:
    registration.standing, registration.changed_at = standing, at
    registration.revision += 1


async def _answer(
    db: AsyncSession,
    invitation: Invitation,
    event: Event,
    answer: Answer,
    settings: Settings,
    at: datetime,
    *,
    act: str = "",
) -> None:
    """Write down the answer, say it in the history, and owe the mail about it."""
    invitation.standing, invitation.answered_at = answer, at
    invitation.answers += 1
    await db.flush()
    for asked in await load_asked(db, event, settings, at, Invitation.id == invitation.id):
        audit.record(
            db, act or f"person.{answer.value}", invitation.person_id, at=at, project_id=event.project_id,
            actor=asked.person.name, event=event.title,
        )  # fmt: skip
        if asked.person.address:
            await owe(db, [mails.answer_message(asked, at)])
