"""Opening batches: for what, why, by whom, and whom they leave out."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import room
from core.errors import N_
from core.ids import new_id
from core.rows import add_absent
from directory.accounts.access import Caller
from directory.accounts.service import name_in
from notifications.batches.models import BatchOmission, MessageBatch
from notifications.batches.rules import Omitted

# project, what the mails are about, their kind
Key = tuple[UUID, UUID, str]
Check = Callable[[AsyncSession, MessageBatch], Awaitable[Mapping[UUID, Omitted]]]
Discarding = Callable[[AsyncSession, MessageBatch, Collection[UUID]], Awaitable[None]]


async def _all_go(db: AsyncSession, batch: MessageBatch) -> Mapping[UUID, Omitted]:
    return {}


async def _nothing(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """Nothing follows."""


@dataclass(frozen=True)
class BatchKind:
    """What mails of a kind are called; `check` says, before they go, which people get none and why, or raises
    BatchOutdated; `discarded` undoes what writing to these people meant; `written_by` are the names of the jobs that
    write them: while one is under way, some are still to come."""

    name: str
    check: Check = _all_go
    discarded: Discarding = _nothing
    written_by: Collection[str] = ()


# By what the messages' kind begins with; the package that writes them names them.
KINDS: dict[str, BatchKind] = {}
MOST_TRIES = 5
_OTHER = BatchKind(N_("Mails"))
_ID = re.compile(r"[:/][0-9a-f-]{32,36}$")


def kind_of(kind: str) -> BatchKind:
    """What is known of messages of a kind: of `events/campaign:<id>` what is said of `events/campaign`."""
    return KINDS.get(_ID.sub("", kind), _OTHER)


async def open_batches(db: AsyncSession, keys: Collection[Key], *, at: datetime) -> dict[Key, UUID]:
    """The open batch of each of these, which is begun where there is none. Two who ask at once get the same one; where
    one is sent between the two statements, another is begun."""
    found: dict[Key, UUID] = {}
    for _ in range(MOST_TRIES):
        missing = set(keys) - found.keys()
        if not missing:
            break
        found |= await _open_batches(db, missing, at=at)
    return found


async def _open_batches(db: AsyncSession, keys: Collection[Key], *, at: datetime) -> dict[Key, UUID]:
    rows = [
        {"id": new_id(), "project_id": key[0], "about_id": key[1], "kind": key[2], "is_open": True, "written_at": at}
        | {"written_by": "", "reasons": [], "added_en": "", "added_tr": "", "sent_by": ""}
        | {"about_version": db.info.get("about_version")}
        for key in keys
    ]
    is_open = sa.text("is_open")
    await add_absent(db, MessageBatch, rows, index_elements=["about_id", "kind"], index_where=is_open)
    found = await db.exec(
        select(MessageBatch).where(
            col(MessageBatch.about_id).in_({key[1] for key in keys}),
            col(MessageBatch.kind).in_({key[2] for key in keys}),
            col(MessageBatch.is_open),
        )
    )
    return {(one.project_id, one.about_id, one.kind): one.id for one in found}


async def open_batch(
    db: AsyncSession,
    key: Key,
    reason: str,
    caller: Caller,
    *,
    at: datetime,
    about_version: int | None = None,
) -> MessageBatch:
    """The batch into which mails of a kind are to be written, for a reason; several steps may write into one."""
    ids = await open_batches(db, [key], at=at)
    batch = await db.get_one(MessageBatch, ids[key])
    batch.written_by = (await name_in(db, caller, key[0]))[: room(MessageBatch, "written_by")]
    batch.written_at, batch.about_version = at, about_version
    if reason and reason not in batch.reasons:
        batch.reasons = [*batch.reasons, reason]
    await db.flush()
    return batch


async def omit(db: AsyncSession, batch_id: UUID, people: Mapping[UUID, Omitted]) -> None:
    """Note whom a batch does not reach. Who is noted already stays so."""
    if not people:
        return
    rows = [{"id": new_id(), "batch_id": batch_id, "person_id": id, "reason": why} for id, why in people.items()]
    await add_absent(db, BatchOmission, rows)


async def omit_without_address(db: AsyncSession, key: Key, people: Collection[UUID], *, at: datetime) -> None:
    """Note in the open batch whom it cannot reach, for there is no address."""
    if people:
        ids = await open_batches(db, [key], at=at)
        await omit(db, ids[key], dict.fromkeys(people, Omitted.no_address))


def note_begun(db: AsyncSession, job: Any) -> None:
    """Note which job writes mails that are to wait: the page of the step leads there."""
    db.info["begun"] = job.id


def begun(db: AsyncSession) -> UUID | None:
    """The job that writes mails for this unit of work, if any does."""
    found: UUID | None = db.info.get("begun")
    return found


@contextmanager
def waiting(db: AsyncSession, *, but: Collection[str] = (), about_version: int | None = None) -> Iterator[None]:
    """A step that writes to many: what it enqueues waits as a batch, but for messages of these kinds. `about_version`
    is how often what they are about has moved, as of batches that are begun by it."""
    before = {name: db.info.get(name) for name in ("waiting", "about_version")}
    db.info.update(waiting=frozenset(but), about_version=about_version)
    try:
        yield
    finally:
        db.info.update(before)


def must_wait(db: AsyncSession, kind: str) -> bool:
    """Whether messages of a kind that are enqueued now are to wait."""
    kinds: frozenset[str] | None = db.info.get("waiting")
    return kinds is not None and kind not in kinds
