"""Asking for another address, confirming it from both mailboxes, and what then follows.

What is answered never depends on whether the project knows the address: that is looked up once both have confirmed.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.security import hash_token, new_token
from core.settings import Settings
from core.text import address_key, is_one_mailbox
from directory.accounts.access import Caller
from directory.people.models import Institution, Person, PersonAddress
from directory.people.service import ADDRESS_CHANGED, ERASED, find_people_by_address, get_person, index_person
from directory.projects.models import Project
from events.invitations.invitations.models import Invitation
from events.invitations.link_sessions.models import LinkSession
from events.invitations.link_sessions.rules import NoMailbox
from events.privacy.address_changes import rules
from events.privacy.address_changes.mails import TO_FORMER, TO_NEW, changed_message, former_message, wanted_message
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.rules import AddressChangeState, Mailbox
from notifications.jobs.service import enqueue_job
from notifications.outbox.service import cancel_unsent, enqueue
from notifications.suppression.service import lift

END_ADDRESS_CHANGE = "events.end-address-change"


async def ask(
    db: AsyncSession, person_id: UUID, address: str, settings: Settings, *, at: datetime
) -> AddressChange | None:
    """Somebody asks to be written to elsewhere: each mailbox gets a link, and a request from before ends. Another way
    to write the same mailbox is taken at once; nothing is returned then. Raises SameAddress, NoMailbox."""
    person = await _locked(db, person_id)
    if not person.address:
        raise NoMailbox("address")
    if address == person.address:
        raise rules.SameAddress("address")
    if is_one_mailbox(address, person.address):
        person.address = address
        await _note_address(db, person)
        _record(db, "address.respelled", person, at=at)
        return None
    await _end_open(db, [person.id])
    tokens = {mailbox: new_token() for mailbox in Mailbox}
    change = AddressChange(
        project_id=person.project_id,
        person_id=person.id,
        former=person.address,
        address=address,
        former_token_hash=hash_token(tokens[Mailbox.former]),
        new_token_hash=hash_token(tokens[Mailbox.new]),
        asked_at=at,
        ends_at=at + rules.REQUEST_LIFE,
    )
    db.add(change)
    _record(db, "address.asked", person, at=at)
    await db.flush()
    project = await db.get_one(Project, person.project_id)
    links = {mailbox: f"{settings.base_url}/address/{token}" for mailbox, token in tokens.items()}
    # A mailbox that a server once knew nothing of is tried again: its owner asks for it.
    await lift(db, [(project.id, address_key(address)), (project.id, str(person.address_key))])
    await enqueue(
        db,
        [
            former_message(change, person, project, links[Mailbox.former], at=at),
            wanted_message(change, person, project, links[Mailbox.new], at=at),
        ],
    )
    await _enqueue_end(db, change, at=at)
    return change


async def find_open(db: AsyncSession, person_id: UUID, *, at: datetime) -> AddressChange | None:
    """What somebody asked for and is not decided."""
    found = await db.exec(
        select(AddressChange).where(
            AddressChange.person_id == person_id,
            AddressChange.state == AddressChangeState.asked,
            AddressChange.ends_at > at,
        )
    )
    return found.first()


async def take_back(db: AsyncSession, person_id: UUID, *, at: datetime) -> None:
    """Who asked has thought better of it. Doing so twice, or with nothing asked, changes nothing."""
    person = await _locked(db, person_id)
    if await _end_open(db, [person.id]):
        _record(db, "address.taken-back", person, at=at)


async def find_by_token(db: AsyncSession, token: str, *, at: datetime) -> tuple[AddressChange, Mailbox]:
    """The request that a link is about, and to which mailbox it went. Raises NotFound, AddressLinkIsOver."""
    hashed = hash_token(token)
    found = await db.exec(
        select(AddressChange).where(
            sa.or_(col(AddressChange.former_token_hash) == hashed, col(AddressChange.new_token_hash) == hashed)
        )
    )
    change = found.first()
    if change is None:
        raise NotFound()
    if change.state is not AddressChangeState.asked or not rules.is_open(change.ends_at, at=at):
        raise rules.AddressLinkIsOver()
    return change, Mailbox.former if change.former_token_hash == hashed else Mailbox.new


async def confirm(db: AsyncSession, token: str, *, at: datetime) -> AddressChange:
    """One mailbox confirms; once both have, the new address takes force. Twice is once.

    Raises NotFound, and AddressLinkIsOver also where staff have written another address meanwhile."""
    change, mailbox, person = await _lock(db, token, at=at)
    if mailbox is Mailbox.former and change.former_confirmed_at is None:
        change.former_confirmed_at = at
        _record(db, "address.confirmed", person, at=at, mailbox=mailbox)
    elif mailbox is Mailbox.new and change.new_confirmed_at is None:
        change.new_confirmed_at = at
        _record(db, "address.confirmed", person, at=at, mailbox=mailbox)
    if change.former_confirmed_at and change.new_confirmed_at:
        await _take_force(db, change, person, at=at)
    await db.flush()
    return change


async def refuse(db: AsyncSession, token: str, *, at: datetime) -> Mailbox:
    """One mailbox refuses: the request is gone. Where it is the person's own, whoever asked sees their page no more
    without another code. Raises NotFound, AddressLinkIsOver."""
    _, mailbox, person = await _lock(db, token, at=at)
    await _end_open(db, [person.id])
    if mailbox is Mailbox.former:
        theirs = select(Invitation.id).where(Invitation.person_id == person.id)
        await db.exec(delete(LinkSession).where(col(LinkSession.about_id).in_(theirs)))
    _record(db, "address.refused", person, at=at, mailbox=mailbox)
    await db.flush()
    return mailbox


async def end(db: AsyncSession, change_id: UUID, *, at: datetime) -> None:
    """The time of a request is over: nothing of it is kept. May run twice."""
    change = await db.get(AddressChange, change_id)
    if change and change.state is not AddressChangeState.changed and not rules.is_open(change.ends_at, at=at):
        await cancel_unsent(db, None, change.id, [TO_FORMER, TO_NEW])
        await db.delete(change)
        await db.flush()


async def end_requests(db: AsyncSession, people: Collection[UUID]) -> None:
    """What these people asked for is no longer to be confirmed, as they are erased."""
    await _end_open(db, people)


async def former_addresses(db: AsyncSession, person_id: UUID) -> list[AddressChange]:
    """Addresses that somebody had before, and one that they asked for in vain; the latest first."""
    found = await db.exec(
        select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.state != AddressChangeState.asked)
        .order_by(col(AddressChange.id).desc())
        .limit(50)
    )
    return list(found.all())


async def list_former(db: AsyncSession, person_id: UUID, caller: Caller) -> list[AddressChange]:
    """The same for staff. Raises NotFound, for a person of another project too."""
    person, _ = await get_person(db, person_id, caller)
    return await former_addresses(db, person.id)


async def _take_force(db: AsyncSession, change: AddressChange, person: Person, *, at: datetime) -> None:
    key = address_key(change.address)
    known = await find_people_by_address(db, person.project_id, [change.address])
    if any(other.id != person.id for other in known.values()):
        change.state, change.ends_at = AddressChangeState.taken, at + rules.TAKEN_LIFE
        _record(db, "address.taken", person, at=at)
        await _enqueue_end(db, change, at=at)
        return
    is_own = sa.and_(col(PersonAddress.person_id) == person.id, col(PersonAddress.address_key) == key)
    await db.exec(delete(PersonAddress).where(is_own))
    person.address, person.address_key = change.address, key
    change.state, change.changed_at = AddressChangeState.changed, at
    await _note_address(db, person)
    _record(db, "address.changed", person, at=at)
    for follow in ADDRESS_CHANGED:
        await follow(db, person, at=at)
    project = await db.get_one(Project, person.project_id)
    await enqueue(db, [changed_message(change, person, project, at=at)])


async def _note_address(db: AsyncSession, person: Person) -> None:
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    index_person(person, institution)
    person.revision += 1
    await db.flush()


async def _lock(db: AsyncSession, token: str, *, at: datetime) -> tuple[AddressChange, Mailbox, Person]:
    """The request and its person, held until the unit of work ends: of two at once one comes after the other."""
    change, _ = await find_by_token(db, token, at=at)
    person = await _locked(db, change.person_id)
    found = await db.exec(
        select(AddressChange).where(AddressChange.id == change.id).execution_options(populate_existing=True)
    )
    if found.first() is None:
        raise rules.AddressLinkIsOver()
    change, mailbox = await find_by_token(db, token, at=at)
    if person.merged_into_id or not is_one_mailbox(person.address, change.former):
        # Staff have written another one, or found that it is somebody else's record: what was asked is no longer so.
        raise rules.AddressLinkIsOver()
    return change, mailbox, person


async def _locked(db: AsyncSession, person_id: UUID) -> Person:
    found = await db.exec(
        select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    )
    person = found.first()
    if person is None or person.name == ERASED:
        raise NotFound()
    return person


async def _end_open(db: AsyncSession, people: Collection[UUID]) -> int:
    """Take back what these people asked for, with its mails that have not gone. Returns how many."""
    theirs = sa.and_(col(AddressChange.person_id).in_(people), col(AddressChange.state) == AddressChangeState.asked)
    ids = (await db.exec(select(AddressChange.id).where(theirs))).all()
    for id in ids:
        await cancel_unsent(db, None, id, [TO_FORMER, TO_NEW])
    await db.exec(delete(AddressChange).where(theirs).execution_options(synchronize_session="fetch"))
    return len(ids)


async def _enqueue_end(db: AsyncSession, change: AddressChange, *, at: datetime) -> None:
    await enqueue_job(db, END_ADDRESS_CHANGE, project_id=change.project_id, about_id=change.id, at=change.ends_at)


def _record(db: AsyncSession, act: str, person: Person, *, at: datetime, mailbox: Mailbox | None = None) -> None:
    by = audit.Actor.person(person.id)
    audit.record(db, act, person.id, at=at, project_id=person.project_id, by=by, mailbox=mailbox)
