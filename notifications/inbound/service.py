"""Taking in one mail: settling reports, handing calendar answers on, keeping the rest for somebody to read."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.errors import NotFound, Refusal
from core.isolation import isolated
from core.paging import Page, Paging, paged
from core.settings import Settings
from core.signed_addresses import About, keys_of, read_address
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import find_own_records, find_person_by_address
from notifications.inbound import rules
from notifications.inbound.models import InboundMail
from notifications.inbound.parsing import read_mail
from notifications.inbound.rules import Kind, NotTaken, Report, Wire
from notifications.outbox.models import Message
from notifications.outbox.redaction import without_tokens
from notifications.outbox.rules import State
from notifications.suppression.rules import Why, is_no_such_address
from notifications.suppression.service import suppress

# Bytes that are kept of a mail that somebody has to read: its text stands at the beginning.
KEPT = 256 * 1024


@dataclass(frozen=True)
class Mail:
    """What came in, and what our own address said that it is about."""

    wire: Wire
    about: tuple[About, UUID] | None


@dataclass(frozen=True)
class Taken:
    """What a handler made of a mail: whether somebody has to look at it, and why; whom and what it concerns."""

    note: str
    is_open: bool = False
    person_id: UUID | None = None
    project_id: UUID | None = None
    about_id: UUID | None = None


class ReplyHandler(Protocol):
    """Reads the answer of a calendar; None where it is not one of theirs."""

    def __call__(
        self, db: AsyncSession, mail: Mail, settings: Settings, *, at: datetime
    ) -> Awaitable[Taken | None]: ...


# Packages above say here who reads answers of calendars.
HANDLERS: list[ReplyHandler] = []
# Packages above say here whose an answering address is: the person and the project of an invitation.
WHOSE: list[Callable[[AsyncSession, UUID], Awaitable[tuple[UUID, UUID] | None]]] = []


async def read(raw: bytes) -> Wire:
    """A mail as it came over the wire, read in a process of its own. Raises NotTaken, for good."""
    rules.must_be_ordinary(raw)
    try:
        return rules.wire_of(await isolated(read_mail, raw))
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
    mail = Mail(wire, read_address(recipient, *keys_of(settings)))
    taken = await _understood(db, mail, settings, at=at)
    # Only beside a person can anybody read it: a stranger's text is not kept.
    is_kept = taken.is_open and taken.person_id is not None
    db.add(
        InboundMail(
            digest=digest,
            kind=wire.kind,
            subject=without_tokens(wire.subject)[:300],
            sender=wire.sender,
            raw=raw[:KEPT].decode("latin-1") if is_kept else "",
            note=without_tokens(taken.note)[:300],
            is_open=taken.is_open,
            person_id=taken.person_id,
            project_id=taken.project_id,
            about_id=taken.about_id,
            received_at=at,
        )
    )
    await db.flush()
    return wire.kind


async def _understood(db: AsyncSession, mail: Mail, settings: Settings, *, at: datetime) -> Taken:
    kind = mail.wire.kind
    if kind is Kind.auto_reply:
        return Taken("dropped")
    if mail.wire.report is not None:
        return await _settle_report(db, mail, mail.wire.report, at=at)
    for handler in HANDLERS if kind is Kind.calendar else ():
        taken = await handler(db, mail, settings, at=at)
        if taken is not None:
            return taken
    return await _keep(db, mail)


async def _settle_report(db: AsyncSession, mail: Mail, report: Report, *, at: datetime) -> Taken:
    """Write the report down at its message; an address that is not there gets nothing more."""
    message = await _message_of(db, mail)
    if message is None:
        return Taken("a report that no address of ours vouches for")
    if report.is_final:
        await db.exec(
            update(Message)
            .where(col(Message.id) == message.id, col(Message.state) == State.sent)
            .values(state=State.failed, due_at=at, answer=without_tokens(f"came back: {report.words}")[:500])
        )
        if is_no_such_address(550, report.status):
            await suppress(db, message.project_id, message.to_address, Why.no_such_address, report.words, at=at)
    return Taken(report.words or report.status, False, message.person_id, message.project_id, message.about_id)


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
        return Taken("", True, person_id, project_id if person_id else None)
    records = await find_own_records(db, mail.wire.sender)
    person = records[0] if len(records) == 1 else None
    return Taken("", True, person.id if person else None, person.project_id if person else None)


async def _signed_for(db: AsyncSession, mail: Mail) -> tuple[UUID, UUID] | None:
    """The person and the project whose signed address it was sent to."""
    if mail.about is None:
        return None
    if mail.about[0] is About.bounce:
        message = await db.get(Message, mail.about[1])
        return (message.person_id, message.project_id) if message and message.person_id and message.project_id else None
    for whose in WHOSE:
        found = await whose(db, mail.about[1])
        if found:
            return found
    return None


async def _answered_by(db: AsyncSession, mail: Mail) -> Message | None:
    """Our message that this mail says it answers."""
    try:
        return await db.get(Message, UUID(mail.wire.answers.partition("@")[0]))
    except ValueError:
        return None


async def list_inbox(
    db: AsyncSession, caller: Caller, page_request: Paging, *, is_open: bool = True
) -> Page[tuple[InboundMail, Person]]:
    """Mail of people of the caller's projects, the latest first. Strangers' mail is the administrator's."""
    rows = _readable_by(caller).where(col(InboundMail.is_open) == is_open)
    return await paged(db, rows.order_by(col(InboundMail.received_at).desc(), col(InboundMail.id)), page_request)


async def get_inbound(db: AsyncSession, mail_id: UUID, caller: Caller) -> tuple[InboundMail, Person]:
    """Raises NotFound, for mail of people whom the caller's projects do not know too."""
    row: tuple[InboundMail, Person] | None = (
        await db.exec(_readable_by(caller).where(col(InboundMail.id) == mail_id))
    ).first()
    if row is None:
        raise NotFound()
    return row


def _readable_by(caller: Caller) -> Select[InboundMail, Person]:
    return (
        select(InboundMail, Person)
        .join(Person, col(Person.id) == InboundMail.person_id)
        .where(
            col(Person.project_id).in_(caller.projects),
            col(InboundMail.project_id).is_(None) | (col(InboundMail.project_id) == Person.project_id),
        )
    )


async def text_of(mail: InboundMail) -> str:
    """The readable part of a mail that is kept."""
    try:
        return without_tokens((await read(mail.raw.encode("latin-1"))).text) if mail.raw else ""
    except NotTaken:
        return ""


async def close(db: AsyncSession, mail_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Somebody has dealt with it: it leaves the inbox, and its text with it."""
    mail, person = await get_inbound(db, mail_id, caller)
    mail.is_open, mail.raw = False, ""
    audit.record(db, "inbound.closed", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()
