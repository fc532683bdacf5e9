"""Taking applications and sending lost links. Both answer at once and alike, whatever is known of an address:
what they lead to is done by a job."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import folded, vault
from core.errors import N_
from core.security import hash_token
from core.settings import Settings
from core.text import address_key
from core.zones import utc_day
from directory.people.models import Person
from directory.people.service import find_own_records, find_person_by_address, institutions_named, new_person
from directory.projects.models import Project
from events.invitations.invitations.mails import INVITATION, MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import BY_ORGANISER, CONCERNED, LINK_OUTLIVES_EVENT, InvitationStatus, Origin
from events.invitations.invitations.service import is_unreleased, new_link, revoke_links
from events.invitations.link_sessions.mails import CODE
from events.nominations.public_registration.mails import (
    LINK,
    application_message,
    link_message,
    nothing_message,
    status_message,
)
from events.nominations.public_registration.rules import must_admit, must_be_of_domain
from events.nominations.public_registration.schemas import Application, LostLink
from events.nominations.requests.mails import LINK as CALL_LINK
from events.nominations.requests.models import NominationLink
from events.nominations.requests.service import mail_links
from events.programme.events.models import Event
from events.programme.events.rules import must_take_answers
from events.programme.events.service import find_public, list_sessions, lock_event
from notifications.jobs.models import OPEN, Job
from notifications.jobs.service import enqueue_job
from notifications.outbox.service import cancel_unsent, enqueue, redirect_unsent
from notifications.suppression.service import lift

TAKE_APPLICATION, SEND_LINKS, RENEW_LINKS = (
    "events.take-application",
    "events.send-links",
    "events.renew-links",
)
MOST_LINKS = 20
ASKED = N_("Thank you. We have sent you a mail: please open the link in it, so that we know the address is yours.")
HEARD = N_("If this address is known here, a mail with your links is on its way. It can take a minute.")
NOBODY = UUID(int=0)
# They have a page that is worth a link; the refused and the declined may still want to see it.
_OPENABLE = (
    *CONCERNED,
    InvitationStatus.declined,
    InvitationStatus.cancelled,
    InvitationStatus.expired,
    InvitationStatus.rejected,
    InvitationStatus.substituted,
)


async def apply(db: AsyncSession, code: str, given: Application, *, at: datetime) -> Event:
    """Somebody asks for a place on the public page; a mail lets them show that the address is theirs.

    Raises NotFound, OnlyByList, AnswerTooEarly, AnswerTooLate, EventIsOver, EventIsOff,
    Unacceptable for an address of another domain than the event takes.
    """
    event = await find_public(db, code)
    must_take_answers(event.state)
    must_admit(event.admission, event, at=at)
    must_be_of_domain(given.address, event.allowed_domains.splitlines())
    await enqueue_job(
        db, TAKE_APPLICATION, project_id=event.project_id, about_id=event.id, at=at, given=given.model_dump(mode="json")
    )
    return event


async def take_application(
    db: AsyncSession, event_id: UUID, given: Application, settings: Settings, *, at: datetime
) -> None:
    """Put the applicant on the list, as asked, and mail them their link. Who is on it already and was asked gets a mail
    that says how they stand; the organiser learns of those whom only they can let in."""
    event = await lock_event(db, event_id)
    person = await _known_or_new(db, event, given)
    found = await db.exec(
        select(Invitation, is_unreleased()).where(Invitation.event_id == event_id, Invitation.person_id == person.id)
    )
    invitation, is_draft = found.first() or (None, False)
    if invitation is None or is_draft or invitation.status is InvitationStatus.nominated:
        invitation = await _ask(db, event, person, invitation, at=at)
        write = application_message
    else:
        is_asked_again = invitation.origin is Origin.public_page and invitation.status is InvitationStatus.invited
        write = application_message if is_asked_again else status_message
        if invitation.status in BY_ORGANISER:
            invitation.reapplied_at = at
            _record(db, "person.reapplied", event, person, at=at)
    await lift(db, [(event.project_id, address_key(given.address))])
    mail = await _mail_context(db, event, invitation, person, settings, _other_mailbox(person, given.address), at=at)
    await enqueue(db, [write(mail, at=at)])


async def _known_or_new(db: AsyncSession, event: Event, given: Application) -> Person:
    person = await find_person_by_address(db, event.project_id, given.address)
    if person is None:
        institutions = await institutions_named(db, event.project_id, [given.institution])
        person = new_person(
            db,
            event.project_id,
            name=given.name,
            title=given.title,
            address=given.address,
            language=given.language,
            institution=institutions.get(folded(given.institution)),
        )
        await db.flush()
    return person


async def _ask(
    db: AsyncSession, event: Event, person: Person, invitation: Invitation | None, *, at: datetime
) -> Invitation:
    """Whether they come is asked of who asked for it. Whoever was only named, a reserve too, has come by the public
    page from now on, with what that means for approval; a question that waits for its release is asked by this."""
    if invitation is None:
        invitation = Invitation(event_id=event.id, person_id=person.id, nominated_at=at, origin=Origin.public_page)
        db.add(invitation)
    if invitation.status is InvitationStatus.nominated:
        invitation.origin = Origin.public_page
    await cancel_unsent(db, [person.id], event.id, [INVITATION])
    invitation.status, invitation.invited_at = InvitationStatus.invited, at
    invitation.notified_sequence = event.sequence
    _record(db, "person.applied", event, person, at=at)
    await db.flush()
    return invitation


def _record(db: AsyncSession, act: str, event: Event, person: Person, *, at: datetime) -> None:
    by = audit.Actor.person(person.id)
    audit.record(db, act, person.id, at=at, project_id=event.project_id, by=by, event_id=event.id)


async def ask_for_links(db: AsyncSession, given: LostLink, *, at: datetime) -> None:
    """Somebody lost their link."""
    await enqueue_job(db, SEND_LINKS, project_id=NOBODY, about_id=NOBODY, at=at, address=given.address)


async def send_links(db: AsyncSession, address: str, settings: Settings, *, at: datetime) -> int:
    """Mail whoever reads an address, the first or another one of theirs, a fresh link to each of their events, of every
    project, that is not long over, and to each request for nominations. A project in which nothing opens says so."""
    sent = 0
    for person in await find_own_records(db, address):
        await lift(db, [(person.project_id, address_key(address))])
        mailbox = _other_mailbox(person, address)
        links = await _mail_links(db, person, settings, mailbox=mailbox, at=at)
        if not links:
            project = await db.get_one(Project, person.project_id)
            await enqueue(db, [nothing_message(person, project, mailbox, at=at)])
        sent += links
    return sent


def _other_mailbox(person: Person, address: str) -> str:
    """The address, where it is not that of their first mailbox, which is written as it is known."""
    return "" if address_key(address) == person.address_key else address


async def renew_links_of(db: AsyncSession, person: Person, *, at: datetime) -> None:
    """A person's address has changed: links that went to the old one end at once, and fresh ones go to the new one.
    What was still to go goes there, with the links in it."""
    unseen = await redirect_unsent(db, person.id, person.address, [LINK, CALL_LINK, CODE])
    kept = {hash_token(token) for token in unseen}
    found = await db.exec(select(Invitation.id).where(Invitation.person_id == person.id))
    invitations = found.all()
    for invitation_id in invitations:
        await revoke_links(db, invitation_id, at=at, but=kept)
    calls = await db.exec(
        update(NominationLink)
        .where(
            col(NominationLink.person_id) == person.id,
            col(NominationLink.revoked_at).is_(None),
            col(NominationLink.token_hash).not_in(kept),
        )
        .values(revoked_at=at)
    )
    if (invitations or calls.rowcount) and person.address:
        await enqueue_job(db, RENEW_LINKS, project_id=NOBODY, about_id=person.id, at=at)


async def renew_links(db: AsyncSession, person_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Fresh links to the new address."""
    return await _mail_links(db, await db.get_one(Person, person_id), settings, at=at)


async def _mail_links(db: AsyncSession, person: Person, settings: Settings, *, at: datetime, mailbox: str = "") -> int:
    found = await db.exec(
        select(Invitation, Event)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(
            Invitation.person_id == person.id,
            col(Invitation.status).in_(_OPENABLE),
            ~is_unreleased(),
            col(Event.last_day) >= utc_day(at) - LINK_OUTLIVES_EVENT,
            col(Invitation.invited_at).is_not(sa.null()) | col(Invitation.answered_at).is_not(sa.null()),
        )
        .order_by(col(Event.first_day))
        .limit(MOST_LINKS)
    )
    rows = found.all()
    await enqueue(
        db,
        [
            link_message(await _mail_context(db, event, invitation, person, settings, mailbox, at=at), at=at)
            for invitation, event in rows
        ],
    )
    return len(rows) + await mail_links(db, person, settings, mailbox=mailbox, at=at)


async def _mail_context(
    db: AsyncSession,
    event: Event,
    invitation: Invitation,
    person: Person,
    settings: Settings,
    mailbox: str,
    *,
    at: datetime,
) -> MailContext:
    """What a mail to one of their mailboxes needs, with a fresh link where there is a page to open."""
    project, sessions = await db.get_one(Project, event.project_id), await list_sessions(db, event.id)
    link = new_link(db, invitation, settings, at=at) if invitation.status in _OPENABLE else ""
    return MailContext(invitation, person, event, project, sessions, link, settings, mailbox=mailbox)


def application_in(payload: dict[str, Any]) -> Application:
    """What the applicant said. Until jobs kept their words encrypted it was locked by itself."""
    given = payload["given"]
    if isinstance(given, str):
        return Application.model_validate_json(vault.decrypt(given))
    return Application.model_validate(given)


def address_in(payload: dict[str, Any]) -> str:
    """Whose links got lost."""
    address = str(payload["address"])
    return address if "@" in address else vault.decrypt(address)


async def cancel_waiting(db: AsyncSession, addresses: Collection[str], projects: Collection[UUID]) -> None:
    """Applications of erased people to these projects are not taken any more, or they would be back.

    Lost links are of no project: they are still sent if another one knows the address.
    """
    keys = {address_key(address) for address in addresses}
    found = await db.exec(
        select(Job).where(
            col(Job.name).in_([TAKE_APPLICATION, SEND_LINKS]),
            col(Job.project_id).in_([*projects, NOBODY]),
            OPEN,
        )
    )
    gone = [job.id for job in found.all() if await _is_over(db, job, keys)]
    if gone:
        await db.exec(delete(Job).where(col(Job.id).in_(gone)))


async def _is_over(db: AsyncSession, job: Job, keys: Collection[str]) -> bool:
    if job.name == TAKE_APPLICATION:
        return address_key(application_in(job.payload).address) in keys
    address = address_in(job.payload)
    return address_key(address) in keys and not await find_own_records(db, address)
