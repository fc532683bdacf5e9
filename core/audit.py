"""Who did what to whom and when. Rows are added and read, never changed: triggers see to it, and seals show it.

So nothing is written here that may have to be forgotten: an entry names its actor by id, its facts are ids, numbers and
codes. Why staff did something stands beside it in a note of its own, encrypted, which can be erased.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import choice, document, instant, secret, vault
from core.errors import N_
from core.ids import new_id
from core.rows import add_rows


class ActorKind(StrEnum):
    """What an entry says of its actor beside the id."""

    account = "account"
    person = "person"
    proxy = "proxy"
    focal_point = "focal-point"
    program = "program"


# How readers are told of an actor who has no name, or none any more.
NAMELESS = {
    ActorKind.account: N_("an account that is gone"),
    ActorKind.person: N_("an erased person"),
    ActorKind.proxy: N_("somebody on their behalf"),
    ActorKind.focal_point: N_("the institution"),
    ActorKind.program: N_("the command line"),
}


@dataclass(frozen=True)
class Actor:
    """Who acts. For a proxy the id is the person's for whom somebody acts."""

    kind: ActorKind
    id: UUID | None = None

    @classmethod
    def account(cls, id: UUID) -> "Actor":
        return cls(ActorKind.account, id)

    @classmethod
    def person(cls, id: UUID) -> "Actor":
        return cls(ActorKind.person, id)


PROGRAM = Actor(ActorKind.program)
Fact = bool | int | str | UUID | date | Sequence[str] | None
# A column of a query, as SQLModel has it: typed as what its rows hold.
Id = UUID | None
# Packages above say here how the present name of an account or a person is looked up by id.
NAMES: list[Callable[[Id], sa.ScalarSelect[str]]] = []
_THEMSELVES = (ActorKind.account, ActorKind.person, ActorKind.focal_point)
_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")


class AuditEntry(SQLModel, table=True):
    """One act. `actor` says what sort of actor, `actor_id` which one; the name is looked up when somebody reads."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_project_id_at", "project_id", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = instant()
    project_id: UUID | None = None
    actor_id: UUID | None = Field(default=None, index=True)
    actor: ActorKind = choice(ActorKind)
    act: str = Field(max_length=64)
    object_id: UUID = Field(index=True)
    facts: dict[str, Any] = document(default_factory=dict)
    # By the installation's key, over all of the above. Replacing the key signs anew; nothing else changes.
    signature: str = Field(default="", max_length=64)


class AuditSeal(SQLModel, table=True):
    """What an entry was when it was first seen, chained to the seal before. `core.sealing` writes and compares them."""

    __tablename__ = "audit_seal"

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: UUID = Field(unique=True)
    digest: str = Field(max_length=64)
    link: str = Field(max_length=64)
    signature: str = Field(max_length=64)
    sealed_at: datetime = instant()


class AuditNote(SQLModel, table=True):
    """Why staff did it, in their words. Apart from the entry: a name in it can be erased while the entry stays."""

    __tablename__ = "audit_note"

    entry_id: UUID = Field(primary_key=True)
    text: str = secret()


@dataclass(frozen=True)
class HistoryLine:
    """An entry as people read it: `name` is empty where there is none any more, `nameless` is then said instead."""

    at: datetime
    act: str
    name: str
    nameless: str
    reason: str


def record(
    db: AsyncSession,
    act: str,
    object_id: UUID,
    *,
    at: datetime,
    by: Actor,
    project_id: UUID | None = None,
    reason: str = "",
    **facts: Fact,
) -> None:
    """Write one entry into the unit of work of the act itself.

    `reason` is for words of staff that the history needs, never for what a participant wrote.
    Raises ValueError for a fact in words: it could name somebody, and entries cannot be erased.
    """
    entry = AuditEntry(**_entry(act, object_id, at=at, by=by, project_id=project_id, facts=facts))
    db.add(entry)
    if reason:
        db.add(AuditNote(entry_id=entry.id, text=reason))


async def record_each(
    db: AsyncSession,
    act: str,
    object_ids: Collection[UUID],
    *,
    at: datetime,
    by: Actor,
    project_id: UUID | None = None,
    **facts: Fact,
) -> None:
    """The same act for each of these objects, an entry each, in few statements."""
    rows = [_entry(act, id, at=at, by=by, project_id=project_id, facts=facts) for id in object_ids]
    await add_rows(db, AuditEntry, rows)


def _entry(
    act: str, object_id: UUID, *, at: datetime, by: Actor, project_id: UUID | None, facts: Mapping[str, Fact]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": new_id(),
        "at": at,
        "actor": by.kind,
        "actor_id": by.id,
        "project_id": project_id,
        "act": act,
        "object_id": object_id,
        "facts": {name: _without_words(fact) for name, fact in facts.items()},
    }
    return entry | {"signature": vault.sign(_content(**entry))}


def content_of(entry: AuditEntry) -> str:
    """All that an entry says, in the same letters on every database. Why staff did it is no part: that can be
    erased."""
    return _content(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        actor_id=entry.actor_id,
        project_id=entry.project_id,
        act=entry.act,
        object_id=entry.object_id,
        facts=entry.facts,
    )


def _content(
    *,
    id: UUID,
    at: datetime,
    actor: ActorKind,
    actor_id: UUID | None,
    project_id: UUID | None,
    act: str,
    object_id: UUID,
    facts: Mapping[str, Any],
) -> str:
    said = [
        str(id),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        _id(project_id),
        _id(actor_id),
        str(actor),
        act,
        str(object_id),
        facts,
    ]
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def _id(id: UUID | None) -> str | None:
    return str(id) if id else None


def _without_words(fact: Fact) -> Any:
    if fact is None or isinstance(fact, bool | int):
        return fact
    if isinstance(fact, list | tuple):
        return [_without_words(one) for one in fact]
    text = fact.isoformat() if isinstance(fact, date) else str(fact)
    if not _CODE.fullmatch(text):
        raise ValueError("a fact of the audit is a number, a day, an id or a code")
    return text


async def history(
    db: AsyncSession, object_id: UUID, *, within: Collection[UUID] | None = None, most: int = 50
) -> list[HistoryLine]:
    """The latest entries of one object, newest first; of what belongs to a project, only those of `within`."""
    theirs: sa.ColumnElement[bool] = sa.true()
    if within is not None:
        theirs = sa.or_(col(AuditEntry.project_id).is_(None), col(AuditEntry.project_id).in_(within))
    # Looked up in the same statement: a page shows a history beside everything else.
    name = sa.func.coalesce(*(look_up(AuditEntry.actor_id) for look_up in NAMES), "")
    found = await db.exec(
        select(AuditEntry, AuditNote, name)
        .join(AuditNote, col(AuditNote.entry_id) == AuditEntry.id, isouter=True)
        .where(AuditEntry.object_id == object_id, theirs)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(most)
    )
    return [
        HistoryLine(e.at, e.act, name if e.actor in _THEMSELVES else "", NAMELESS[e.actor], note.text if note else "")
        for e, note, name in found
    ]


ACTS = {
    "account.created": N_("Account created"),
    "account.password-set": N_("Password set"),
    "account.signed-in": N_("Signed in"),
    "account.signed-out": N_("Signed out from afar"),
    "account.totp-set": N_("Two-step verification set up"),
    "account.totp-removed": N_("Two-step verification removed"),
    "token.created": N_("API token created"),
    "token.revoked": N_("API token revoked"),
    "scope.refused": N_("Refused: belongs to another project"),
    "project.created": N_("Project created"),
    "project.changed": N_("Project changed"),
    "member.added": N_("Role given"),
    "member.removed": N_("Role taken away"),
    "logo.added": N_("Logo added"),
    "logo.removed": N_("Logo removed"),
    "component.added": N_("Component added"),
    "component.changed": N_("Component changed"),
    "component.removed": N_("Component removed"),
    "event.created": N_("Event created"),
    "event.changed": N_("Event changed"),
    "event.cancelled": N_("Event cancelled"),
    "event.reinstated": N_("Event takes place after all"),
    "event.moved-on": N_("Event moved on"),
    "event.postponed": N_("Event postponed"),
    "event.copied": N_("Event planned as a copy"),
    "event.invited": N_("Invitations written"),
    "session.added": N_("Session added"),
    "session.people": N_("People of a session changed"),
    "programme.published": N_("Programme published"),
    "session.chosen": N_("Session chosen"),
    "session.left": N_("Session given back"),
    "session.moved": N_("Session changed"),
    "session.removed": N_("Session removed"),
    "material.added": N_("Material added"),
    "material.removed": N_("Material removed"),
    "import.previewed": N_("List uploaded"),
    "import.mapped": N_("Columns of a list named"),
    "import.applied": N_("List imported"),
    "letter.changed": N_("Letter to institutions changed"),
    "import.undone": N_("Import undone"),
    "import.memory-changed": N_("Remembered heading changed"),
    "people.exported": N_("List of people exported"),
    "person.added": N_("Person added"),
    "person.changed": N_("Person’s record changed"),
    "person.merged": N_("Merged with another record"),
    "person.taken-apart": N_("Merge undone"),
    "person.kept-apart": N_("Noted as another person"),
    "institution.added": N_("Institution added"),
    "institution.changed": N_("Institution changed"),
    "institution.removed": N_("Institution removed"),
    "institution.focal-points": N_("Focal points set"),
    "institution.merged": N_("Merged with another institution"),
    "institution.taken-apart": N_("Merge of two institutions undone"),
    "institution.kept-apart": N_("Noted as another institution"),
    "institutions.added": N_("Institutions added in one step"),
    "institutions.taken-back": N_("Institutions added in one step taken back"),
    "institutions.saved": N_("Institutions saved as a table"),
    "person.nominated": N_("Nominated"),
    "person.invited": N_("Invited to the event"),
    "person.category": N_("Category set"),
    "calls.made": N_("Nominations requested"),
    "calls.reminded": N_("Institutions reminded"),
    "call.written-back": N_("Written back to an institution"),
    "call.withdrawn": N_("Nomination request ended"),
    "names.given": N_("Nominations received from an institution"),
    "names.accepted": N_("Nominations accepted"),
    "names.refused": N_("Nominations rejected"),
    "bulk.invite": N_("Invited in bulk"),
    "bulk.add": N_("Added in bulk"),
    "bulk.remind": N_("Reminded in bulk"),
    "bulk.ask-missing": N_("Asked in bulk for missing data"),
    "bulk.admit": N_("Approved in bulk"),
    "bulk.refuse": N_("Rejected in bulk"),
    "bulk.withdraw": N_("Invitations withdrawn in bulk"),
    "campaign.written": N_("Bulk e-mail written"),
    "campaign.again": N_("Sent again to those it did not reach"),
    "texts.changed": N_("Mail template changed"),
    "schedule.changed": N_("Mails that go by themselves changed"),
    "quotas.set": N_("Quotas set"),
    "person.accepted": N_("Accepted"),
    "person.waiting": N_("Put on the waiting list"),
    "person.promoted": N_("Moved up from the waiting list"),
    "person.declined": N_("Declined"),
    "person.applied": N_("Asked for a place on the public page"),
    "person.reapplied": N_("Asked for a place on the public page again"),
    "person.tentative": N_("Answered “tentative”"),
    "person.pending": N_("Asked for a place"),
    "person.offered": N_("Place offered"),
    "person.expired": N_("Offer expired"),
    "person.cancelled": N_("Cancelled after a yes"),
    "person.refused": N_("Rejected"),
    "person.rejected": N_("Rejected"),
    "person.substituted": N_("Replaced"),
    "person.substitution-undone": N_("Substitution undone"),
    "substitute.proposed": N_("Substitute proposed"),
    "substitute.proposal-withdrawn": N_("Proposal of a substitute withdrawn"),
    "substitute.rejected": N_("Substitute rejected"),
    "waiting.priority": N_("Order of the waiting list changed"),
    "person.withdrawn": N_("Invitation withdrawn"),
    "link.made": N_("Personal link made by hand"),
    "code.sent": N_("Code mailed to the owner of a link"),
    "code.confirmed": N_("Owner of a link confirmed by a code"),
    "consent.written": N_("Consent texts changed"),
    "consent.given": N_("Consent given"),
    "consent.withdrawn": N_("Consent withdrawn"),
    "person.corrected": N_("Corrected by the person"),
    "erasure.asked": N_("Asked to be erased"),
    "erasure.done": N_("Erased"),
    "erasure.refused": N_("Request to be erased answered"),
    "retention.held": N_("Put on hold"),
    "retention.released": N_("Hold released"),
    "event.forgotten": N_("Forgotten what people told"),
    "project.forgotten": N_("Forgotten the project’s people"),
    "questions.set": N_("Questions set"),
    "answers.given": N_("Questions answered"),
    "answers.noted": N_("Answers noted by staff"),
    "details.told": N_("Details given"),
    "feed.created": N_("Calendar subscription made"),
    "feed.shared": N_("Calendar shared"),
    "feed.revoked": N_("Calendar subscription ended"),
    "webhook.added": N_("Webhook added"),
    "webhook.removed": N_("Webhook removed"),
    "webhook.paused": N_("Webhook paused"),
    "webhook.resumed": N_("Webhook goes on"),
    "messages.released": N_("Messages sent"),
    "address.released": N_("Address unblocked"),
    "bulk.wanted": N_("Wants bulk e-mail again"),
    "bulk.unwanted": N_("Wants no bulk e-mail"),
    "inbound.closed": N_("Mail in the inbox dealt with"),
    "message.read": N_("Message looked at"),
    "attendance.entered": N_("Attendance recorded"),
    "attendance.corrected": N_("Attendance corrected"),
    "certificates.issued": N_("Certificates issued"),
    "evaluation.created": N_("Evaluation form made"),
    "evaluation.changed": N_("Evaluation form changed"),
    "evaluation.opened": N_("Evaluation form opened"),
    "evaluation.closed": N_("Evaluation form closed"),
    "evaluation.removed": N_("Evaluation form removed"),
    "evaluation.asked": N_("Requests for an evaluation written"),
    "certificate.withdrawn": N_("Certificate withdrawn"),
    "sheet.printed": N_("Sign-in sheet printed"),
    "stays.booked": N_("Nights entered"),
    "rates.imported": N_("Rate table imported"),
    "per-diem.submitted": N_("Per-diem sheet submitted"),
    "per-diem.approved": N_("Per-diem sheet approved"),
    "per-diem.returned": N_("Per-diem sheet returned"),
    "per-diem.downloaded": N_("Per-diem sheet downloaded"),
}
