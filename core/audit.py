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
from functools import cache
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
    """An entry as people read it: `name` is empty where there is none any more, `nameless` is then said instead.
    `about` says in the reader's language whom or what it concerned, where its page knows that from `facts`."""

    at: datetime
    act: str
    name: str
    nameless: str
    reason: str
    facts: Mapping[str, Any]
    about: str = ""


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
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [str(id), moment, _id(project_id), _id(actor_id), str(actor), act, str(object_id), facts]
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
    given = {"object_id": object_id} | ({} if within is None else {"within": list(within)})
    found = await db.exec(_history(within is not None, most), params=given)
    return [
        HistoryLine(
            e.at, e.act, name if e.actor in _THEMSELVES else "", NAMELESS[e.actor], note.text if note else "", e.facts
        )
        for e, note, name in found
    ]


@cache
def _history(is_within: bool, most: int) -> Any:
    # Names are looked up in the same statement: a page shows a history beside everything else.
    name = sa.func.coalesce(*(look_up(AuditEntry.actor_id) for look_up in NAMES), "")
    found = select(AuditEntry, AuditNote, name).join(AuditNote, col(AuditNote.entry_id) == AuditEntry.id, isouter=True)
    if is_within:
        within: Any = sa.bindparam("within", expanding=True)
        found = found.where(sa.or_(col(AuditEntry.project_id).is_(None), col(AuditEntry.project_id).in_(within)))
    found = found.where(col(AuditEntry.object_id) == sa.bindparam("object_id"))
    return found.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc()).limit(most)


# What an act is called in a history; each package brings its own (`wiring.py`).
ACTS: dict[str, str] = {}
