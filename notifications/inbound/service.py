"""Taking in one mail: settling reports, handing calendar answers on, keeping the rest for somebody to read."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.errors import NotFound, Refusal
from core.isolation import isolated
from core.paging import Page, Paging, ordered, paged
from core.settings import Settings
from core.signed_addresses import About, keys_of, read_address
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import find_own_records, find_person_by_address
from notifications.inbound import rules
from notifications.inbound.models import InboundMail
from notifications.inbound.parsing import read_mail
from notifications.inbound.rules import Action, Kind, NotTaken, Wire
from notifications.outbox import service as outbox
from notifications.outbox.models import Message
from notifications.outbox.redaction import without_tokens
from notifications.suppression.rules import Cause, MailTopic, Why, cause_of
from notifications.suppression.service import set_bulk, suppress

# Bytes that are kept of a mail that somebody has to read: its text stands at the beginning.
KEPT = 256 * 1024


@dataclass(frozen=True)
class Mail:
    """What came in, and what our own address said that it is about."""

    wire: Wire
    about: tuple[About, UUID] | None


@dataclass(frozen=True)
class Taken:
    """What a handler made of a mail: whether somebody has to look at it, and why; whom and what it concerns.

    `message_id` is our message that it is about, `kind` what it is where that is known better than by its form.
    """

    note: str
    is_open: bool = False
    person_id: UUID | None = None
    project_id: UUID | None = None
    about_id: UUID | None = None
    message_id: UUID | None = None
    kind: Kind | None = None


class ReplyHandler(Protocol):
    """Reads the answer of a calendar; None where it is not one of theirs."""

    def __call__(
        self, db: AsyncSession, mail: Mail, settings: Settings, *, at: datetime
    ) -> Awaitable[Taken | None]: ...


class BookingHandler(Protocol):
    """Keeps a mail with bookings that came to the address of an event or of a traveller, whole."""

    def __call__(
        self, db: AsyncSession, about_id: UUID, wire: Wire, raw: bytes, settings: Settings, *, at: datetime
    ) -> Awaitable[Taken | None]: ...


# Packages above say here who keeps mails with bookings.
BOOKING_HANDLERS: list[BookingHandler] = []
# Packages above say here who reads answers of calendars.
HANDLERS: list[ReplyHandler] = []
# Packages above say here whose an answering address is: the person and the project of an invitation.
WHOSE: list[Callable[[AsyncSession, UUID], Awaitable[tuple[UUID, UUID] | None]]] = []


async def read(raw: bytes, *, has_no_sender: bool = False, is_booking: bool = False) -> Wire:
    """A mail as it came over the wire, read in a process of its own. Raises NotTaken, for good.

    `has_no_sender` says that its envelope named none: no person sends so. `is_booking` lets it be larger.
    """
    rules.must_be_ordinary(raw, rules.MAX_BOOKING if is_booking else rules.MAX_MAIL)
    try:
        return rules.wire_of(await isolated(read_mail, raw, "null" if has_no_sender else ""))
    except Refusal:
        raise NotTaken("554 5.6.0 this mail cannot be read") from None


async def receive(
    db: AsyncSession, wire: Wire, raw: bytes, recipient: str, settings: Settings, *, at: datetime
) -> Kind:
    """Take in one mail that was read. The same one twice changes nothing."""
    digest = hashlib.sha256(recipient.lower().encode() + b"\0" + raw).hexdigest()
    there = await db.exec(select(InboundMail.kind).where(InboundMail.digest == digest))
    known = there.first()
    if known is not None:
        return Kind(known)
    # Some providers report to an address that they were told, and name the envelope sender of what they report: it is
    # as good as ours where we signed it.
    reported = read_address(wire.reported, *keys_of(settings))
    about = read_address(recipient, *keys_of(settings))
    mail = Mail(wire, about or (reported if reported and reported[0] is About.bounce else None))
    taken = await _booking(db, mail, raw, settings, at=at) or await _understood(db, mail, settings, at=at)
    # Only beside a person or a message can anybody read it: a stranger's text is not kept.
    is_kept = taken.is_open and taken.project_id is not None
    kind = taken.kind or wire.kind
    db.add(
        InboundMail(
            digest=digest,
            kind=kind,
            subject=without_tokens(wire.subject)[:300],
            sender=wire.sender,
            raw=raw[:KEPT].decode("latin-1") if is_kept else "",
            note=without_tokens(taken.note)[:300],
            is_open=taken.is_open,
            person_id=taken.person_id,
            project_id=taken.project_id,
            about_id=taken.about_id,
            message_id=taken.message_id,
            received_at=at,
        )
    )
    await db.flush()
    return kind


async def _booking(db: AsyncSession, mail: Mail, raw: bytes, settings: Settings, *, at: datetime) -> Taken | None:
    """What came to an address for bookings is one, whoever sent it."""
    if mail.about is None or mail.about[0] is not About.booking:
        return None
    for handler in BOOKING_HANDLERS:
        if taken := await handler(db, mail.about[1], mail.wire, raw, settings, at=at):
            return taken
    return Taken("a booking for nothing that there is")


async def _understood(db: AsyncSession, mail: Mail, settings: Settings, *, at: datetime) -> Taken:
    """What is known for certain settles; what came to an address that we signed and does not settle is kept beside
    whom it is about."""
    wire, taken = mail.wire, None
    if wire.outcomes:
        taken = await _settle_report(db, mail, at=at)
    elif wire.complaint:
        taken = await _settle_complaint(db, mail, at=at)
    elif wire.kind in (Kind.receipt, Kind.auto_reply):
        taken = await _settle_answer(db, mail)
    for handler in HANDLERS if wire.kind is Kind.calendar else ():
        taken = taken or await handler(db, mail, settings, at=at)
    return taken or await _keep(db, mail)


async def _settle_report(db: AsyncSession, mail: Mail, *, at: datetime) -> Taken | None:
    """Write the report down at its message; an address that is not there gets nothing more."""
    message = await _message_of(db, mail)
    if message is None:
        return None if mail.about else Taken("a report that no address of ours vouches for")
    outcome, is_about_address = rules.outcome_for(mail.wire.outcomes, message.to_address)
    if outcome.action is Action.failed:
        await outbox.record_return(db, message, outcome.words or outcome.status, at=at)
        if is_about_address and cause_of(outcome.status, outcome.words) is Cause.gone:
            words = outcome.words or outcome.status
            await suppress(db, message.project_id, message.to_address, Why.no_such_address, words, at=at)
    return _noted(message, outcome.words or outcome.status, rules.kind_of(outcome))


async def _settle_complaint(db: AsyncSession, mail: Mail, *, at: datetime) -> Taken | None:
    """Whoever calls our mail unwanted gets no bulk mail any more."""
    message = await _message_of(db, mail)
    if message is None:
        return None
    if message.person_id and message.project_id:
        for topic in MailTopic:
            await set_bulk(db, message.person_id, message.project_id, topic, is_wanted=False, at=at)
    return _noted(message, mail.wire.complaint, Kind.complaint)


async def _settle_answer(db: AsyncSession, mail: Mail) -> Taken | None:
    """A receipt or an automatic answer is noted beside the message. Somebody has to look where it says that the person
    has left; from whom we wrote nothing to, it is dropped."""
    message = await _message_of(db, mail) or await _answered_by(db, mail)
    aim = None if message else await _signed_for(db, mail)
    note = mail.wire.receipt or " ".join(mail.wire.text.split())
    is_open = not mail.wire.receipt and rules.says_left(mail.wire.text)
    if message is not None:
        return _noted(message, note, mail.wire.kind, is_open=is_open)
    return Taken(note, is_open, *aim) if aim else Taken("dropped")


def _noted(message: Message, note: str, kind: Kind, *, is_open: bool = False) -> Taken:
    return Taken(note, is_open, message.person_id, message.project_id, message.about_id, message.id, kind)


async def _message_of(db: AsyncSession, mail: Mail) -> Message | None:
    """By our own signed envelope address alone. Who was written to knows the Message-ID, and so does everybody to
    whom they forwarded it: a report that only shows one could silence anybody.
    """
    if mail.about and mail.about[0] is About.bounce:
        return await db.get(Message, mail.about[1])
    return None


async def _keep(db: AsyncSession, mail: Mail) -> Taken:
    """For somebody to read, beside the person who wrote it if that is certain.

    A project that just took somebody up must not read what they write to another. Where the mail says what it answers,
    it is for that project alone; where it does not and several know the mailbox, it is for nobody.
    """
    aim = await _signed_for(db, mail)
    answered = None if aim else await _answered_by(db, mail)
    if aim or answered:
        project_id = aim[1] if aim else answered.project_id if answered else None
        person = await find_person_by_address(db, project_id, mail.wire.sender) if project_id else None
        # Only the person's own mails carry the signed address; the other says nothing about who writes.
        person_id = person.id if person else aim[0] if aim else None
        message = await _message_of(db, mail) or answered
        message_id = message.id if message and message.project_id == project_id else None
        is_somebodys = person_id or (aim and message_id)
        return Taken("", True, person_id, project_id if is_somebodys else None, None, message_id)
    records = await find_own_records(db, mail.wire.sender)
    person = records[0] if len(records) == 1 else None
    return Taken("", True, person.id if person else None, person.project_id if person else None)


async def _signed_for(db: AsyncSession, mail: Mail) -> tuple[UUID | None, UUID] | None:
    """The person and the project whose signed address it was sent to; no person where the message went to none."""
    if mail.about is None:
        return None
    if mail.about[0] is About.bounce:
        message = await db.get(Message, mail.about[1])
        return (message.person_id, message.project_id) if message and message.project_id else None
    for whose in WHOSE:
        found = await whose(db, mail.about[1])
        if found:
            return found[0], found[1]
    return None


async def _answered_by(db: AsyncSession, mail: Mail) -> Message | None:
    """Our message that this mail says it answers."""
    try:
        return await db.get(Message, UUID(mail.wire.answers.partition("@")[0]))
    except ValueError:
        return None


Row = tuple[InboundMail, Person | None, Message | None]


async def list_inbox(db: AsyncSession, caller: Caller, page_request: Paging, *, is_open: bool = True) -> Page[Row]:
    """Mail of people of the caller's projects, the latest first. Strangers' mail is the administrator's."""
    rows = _readable_by(caller).where(col(InboundMail.is_open) == is_open)
    columns = {"kind": col(InboundMail.kind), "when": col(InboundMail.received_at)}
    order = ordered(page_request, columns, col(InboundMail.received_at).desc(), col(InboundMail.id))
    return await paged(db, rows.order_by(*order), page_request)


async def list_about(db: AsyncSession, message: Message) -> list[InboundMail]:
    """What came in about one of our messages, which the caller may read; the latest first, 50 at most."""
    about = select(InboundMail).where(InboundMail.message_id == message.id)
    found = await db.exec(about.order_by(col(InboundMail.received_at).desc()).limit(50))
    return list(found.all())


async def get_inbound(db: AsyncSession, mail_id: UUID, caller: Caller) -> Row:
    """Raises NotFound, for mail of people whom the caller's projects do not know too."""
    row: Row | None = (await db.exec(_readable_by(caller).where(col(InboundMail.id) == mail_id))).first()
    if row is None:
        raise NotFound()
    return row


def _readable_by(caller: Caller) -> Select[InboundMail, Person, Message]:
    """A mail is its person's project's, or that of the message that it is about where that went to no person, or the
    project's own where it came to an address of the project's that is nobody's."""
    is_persons = and_(
        col(Person.project_id).in_(caller.projects),
        col(InboundMail.project_id).is_(None) | (col(InboundMail.project_id) == Person.project_id),
    )
    is_messages = and_(col(InboundMail.person_id).is_(None), col(Message.project_id).in_(caller.projects))
    is_projects = and_(
        col(InboundMail.person_id).is_(None),
        col(InboundMail.message_id).is_(None),
        col(InboundMail.project_id).in_(caller.projects),
    )
    return (
        select(InboundMail, Person, Message)
        .join(Person, col(Person.id) == InboundMail.person_id, isouter=True)
        .join(Message, col(Message.id) == InboundMail.message_id, isouter=True)
        .where(or_(is_persons, is_messages, is_projects))
    )


async def text_of(mail: InboundMail) -> str:
    """The readable part of a mail that is kept."""
    try:
        return without_tokens((await read(mail.raw.encode("latin-1"))).text) if mail.raw else ""
    except NotTaken:
        return ""


async def disclose(
    db: AsyncSession, mail_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> tuple[InboundMail, str]:
    """A mail with its text, for who does not plan; that it was opened, by whom and why stands in the history."""
    mail, person, message = await get_inbound(db, mail_id, caller)
    about, project_id = person.id if person else mail.id, project_of((mail, person, message))
    audit.record(db, "inbound.disclosed", about, at=at, project_id=project_id, **caller.signature, reason=reason)
    return mail, await text_of(mail)


def project_of(row: Row) -> UUID | None:
    """Whose a mail in the inbox is."""
    mail, person, message = row
    return person.project_id if person else message.project_id if message else mail.project_id


async def close(db: AsyncSession, mail_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Somebody has dealt with it: it leaves the inbox, and its text with it."""
    mail, person, message = await get_inbound(db, mail_id, caller)
    mail.is_open, mail.raw = False, ""
    about, project_id = person.id if person else mail.id, project_of((mail, person, message))
    audit.record(db, "inbound.closed", about, at=at, project_id=project_id, **caller.signature)
    await db.flush()
