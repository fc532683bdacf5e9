"""One step of forgetting each: a few rows, found again by being not empty yet. The registry says which columns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import AuditEntry, AuditNote
from core.personal_data import REGISTRY, Erasing, Keeping, PersonalData, Subject, column_of, emptied
from directory.people.models import Person
from directory.people.service import ERASED
from events.attendance.scans.models import Scan, ScanPage
from events.invitations.consents.models import Consent
from events.invitations.invitations.models import Invitation
from events.privacy.erasure.rules import path_of, rows_of
from events.privacy.erasure.service import erase_people
from events.privacy.purge.models import Purge
from events.programme.events.models import Event
from notifications.inbound.models import InboundMail
from notifications.outbox.models import Message
from notifications.outbox.rules import State

BATCH = 200
PEOPLE = 50
_GOING = (State.draft, State.queued, State.sending)


@dataclass
class Done:
    """How many rows a step emptied, and the files that were theirs."""

    count: int = 0
    files: list[str] = field(default_factory=list)


Step = Callable[[AsyncSession], Awaitable[Done]]


def told() -> dict[type[SQLModel], tuple[list[str], bool]]:
    """Of each table the columns that hold what people told, and whether its rows go as a whole."""
    tables: dict[type[SQLModel], tuple[list[str], bool]] = {}
    for entry in REGISTRY:
        if entry.keeping is Keeping.told:
            columns, goes = tables.get(entry.table, ([], False))
            fresh = [name for name in entry.columns if name not in columns]
            tables[entry.table] = ([*columns, *fresh], goes or entry.erasing is Erasing.delete)
    return tables


async def event(db: AsyncSession, event_id: UUID) -> Done:
    """What people told for one event, and the mails about it."""
    done = Done()
    for table, (columns, goes) in told().items():
        if path_of(table) is None:
            continue
        done.files += await _files(db, table, event_id)
        done.count += await _empty(db, table, columns, rows_of(table, [event_id]), goes=goes)
    return done


async def _files(db: AsyncSession, table: type[SQLModel], event_id: UUID) -> list[str]:
    hashes: list[str] = []
    for entry in REGISTRY:
        if entry.table is table and entry.is_file and entry.keeping is Keeping.told:
            for name in entry.columns:
                column = column_of(table, name)
                found = await db.exec(select(column).where(rows_of(table, [event_id]), column != ""))
                hashes += found.all()
    return hashes


async def people(db: AsyncSession, project_id: UUID) -> Done:
    """What is kept with people, when all of their events have been forgotten."""
    open_event = (
        select(Invitation.id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .join(Purge, col(Purge.about_id) == Event.id, isouter=True)
        .where(col(Invitation.person_id) == Person.id, col(Purge.forgotten_at).is_(None))
        .correlate(Person)
    )
    forgotten_here = (
        select(Invitation.id)
        .join(Purge, col(Purge.about_id) == Invitation.event_id)
        .where(
            col(Invitation.person_id) == Person.id,
            col(Purge.project_id) == project_id,
            col(Purge.forgotten_at).is_not(None),
        )
        .correlate(Person)
    )
    columns = [name for entry in _of_people() if entry.table is Person for name in entry.columns]
    found = await db.exec(
        select(Person.id)
        .where(_is_told(Person, columns), sa.exists(forgotten_here), ~sa.exists(open_event))
        .order_by(col(Person.id))
        .limit(BATCH)
    )
    ids = list(found.all())
    if ids:
        subject = Subject({"person": ids}, (), (), ())
        for entry in _of_people():
            values = {name: emptied(entry.table, name) for name in entry.columns}
            await db.exec(update(entry.table).where(entry.whose(entry.table, subject)).values(**values))
    return Done(len(ids))


def _of_people() -> Sequence[PersonalData]:
    """What people told that hangs on them and on no event."""
    return [
        entry
        for entry in REGISTRY
        if entry.keeping is Keeping.told and entry.erasing is Erasing.blank and path_of(entry.table) is None
    ]


async def old_mails(db: AsyncSession, project_id: UUID | None, before: datetime) -> Done:
    """Mails that are about no event, by their age."""
    done = Done()
    for table, when in ((Message, col(Message.written_at)), (InboundMail, col(InboundMail.received_at))):
        columns, _ = told()[table]
        about, project = column_of(table, "about_id"), column_of(table, "project_id")
        whose: list[Any] = [when < before, project == project_id if project_id else project.is_(None)]
        # Not as `NOT IN`, for which PostgreSQL looks through all events once for each mail.
        whose.append(~sa.exists().where(col(Event.id) == about))
        if table is Message:
            whose.append(col(Message.state).not_in(_GOING))
        done.count += await _empty(db, table, columns, sa.and_(*whose), goes=False)
    return done


async def evidence(db: AsyncSession, project_id: UUID, *, at: datetime) -> Done:
    """All who are left in a project whose evidence is no longer kept, what staff wrote into its history, and scans of
    the sheets that they signed."""
    ids = list(
        (
            await db.exec(
                select(Person.id)
                .where(Person.project_id == project_id, Person.name != ERASED)
                .order_by(col(Person.id))
                .limit(PEOPLE)
            )
        ).all()
    )
    if ids:
        await erase_people(db, ids, project_id, at=at)
        return Done(len(ids))
    entries = select(AuditEntry.id).where(AuditEntry.project_id == project_id)
    notes = await db.exec(delete(AuditNote).where(col(AuditNote.entry_id).in_(entries)))
    events = select(Event.id).where(Event.project_id == project_id)
    consents = await db.exec(delete(Consent).where(rows_of(Consent, events)))
    scans = await _scans(db, events)
    return Done(int(notes.rowcount) + int(consents.rowcount) + scans.count, scans.files)


async def _scans(db: AsyncSession, events: Any) -> Done:
    """Scans of signed sheets with all that was read on them; nobody in particular is shown on one, but everybody."""
    pictures = await db.exec(select(ScanPage.picture_hash).where(rows_of(ScanPage, events)))
    uploads = await db.exec(select(Scan.file_hash).where(rows_of(Scan, events)))
    files = [hash for hash in (*pictures, *uploads) if hash]
    await db.exec(delete(ScanPage).where(rows_of(ScanPage, events)))
    gone = await db.exec(delete(Scan).where(rows_of(Scan, events)))
    return Done(int(gone.rowcount), files)


async def _empty(
    db: AsyncSession,
    table: type[SQLModel],
    columns: Sequence[str],
    which: sa.ColumnElement[bool],
    *,
    goes: bool,
) -> int:
    (key,) = sa.inspect(table).primary_key
    wanted: Any = sa.select(key).where(which).order_by(key).limit(BATCH)
    if not goes:
        wanted = wanted.where(_is_told(table, columns))
    ids = list((await db.exec(wanted.with_for_update())).scalars().all())
    if not ids:
        return 0
    if goes:
        await db.exec(delete(table).where(key.in_(ids)))
    else:
        values = {name: emptied(table, name) for name in columns}
        await db.exec(update(table).where(key.in_(ids)).values(**values))
    return len(ids)


def _is_told(table: type[SQLModel], columns: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether any of the columns holds something. Seen as the database sees it: what is encrypted is never empty."""
    found: list[sa.ColumnElement[bool]] = []
    for name in columns:
        column = sa.inspect(table).columns[name]
        if isinstance(column.type, sa.JSON):
            found.append(sa.cast(column, sa.Text()).not_in(["[]", "{}"]))
        else:
            found.append(sa.type_coerce(column, sa.Text()) != "")
    return sa.or_(sa.false(), *found)
