"""Making, changing and stopping lists that go out by themselves, and writing the mails of a day.

Who may read is asked each time: a list about people does not follow somebody out of the project.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.settings import Settings
from core.zones import day_in
from directory.accounts.access import Caller
from directory.accounts.models import Account, Membership
from directory.accounts.rules import HOLDERS, Right
from directory.projects.models import Project
from directory.projects.service import must_reach
from events.participants.scheduled_exports import rules
from events.participants.scheduled_exports.mails import ended_message, list_message
from events.participants.scheduled_exports.models import ScheduledExport, ScheduledExportReader
from events.participants.scheduled_exports.rules import ExportEnd, Rhythm
from events.participants.scheduled_exports.schemas import ScheduledExportIn
from events.programme.events.models import Event
from events.programme.events.rules import EventState, must_take_place
from events.programme.events.service import get_event, lock_event_for
from notifications.outbox.service import enqueue

ExportRow = tuple[ScheduledExport, list[UUID]]


async def possible_readers(db: AsyncSession, project_id: UUID) -> dict[UUID, str]:
    """Members who may read everything of a project, by the name that it gave them."""
    found = await db.exec(
        select(Account.id, Membership.name, Account.name)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(Membership.project_id == project_id, col(Membership.role).in_(HOLDERS[Right.read]))
        .order_by(Membership.name, Account.name)
    )
    return {id: name or known for id, name, known in found}


async def list_exports(db: AsyncSession, event_id: UUID, caller: Caller) -> list[ExportRow]:
    """Of one event: those that go first, then the latest that have ended. Raises NotFound."""
    await get_event(db, event_id, caller)
    found = await db.exec(
        select(ScheduledExport)
        .where(ScheduledExport.event_id == event_id)
        .order_by(col(ScheduledExport.ended_at).is_not(None), col(ScheduledExport.id).desc())
        .limit(50)
    )
    exports = list(found.all())
    readers = await _readers(db, [one.id for one in exports])
    return [(one, readers.get(one.id, [])) for one in exports]


async def get_export(db: AsyncSession, export_id: UUID, caller: Caller) -> tuple[ScheduledExport, list[UUID], Event]:
    """Raises NotFound, for another project's too."""
    export = await db.get(ScheduledExport, export_id)
    if export is None:
        raise NotFound()
    event = await get_event(db, export.event_id, caller)
    return export, (await _readers(db, [export.id])).get(export.id, []), event


async def schedule(
    db: AsyncSession, event_id: UUID, given: ScheduledExportIn, caller: Caller, *, at: datetime
) -> ExportRow:
    """A list goes out from the next morning on. Raises NotFound, EventIsOff, TooManyExports, Unacceptable for a day
    that is past or too far, and for readers who may not read the project."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    going = await db.exec(
        select(ScheduledExport.id).where(ScheduledExport.event_id == event_id, col(ScheduledExport.ended_at).is_(None))
    )
    if len(going.all()) >= rules.MOST_EXPORTS:
        raise rules.TooManyExports(count=rules.MOST_EXPORTS)
    await _check(db, event, given, at=at)
    export = ScheduledExport(
        event_id=event_id, account_id=caller.account_id, made_at=at, **given.model_dump(exclude={"readers"})
    )
    db.add(export)
    await db.flush()
    readers = await _set_readers(db, export, given.readers)
    _record(db, "export.scheduled", event, caller, at=at, readers=len(readers))
    return export, readers


async def change(
    db: AsyncSession, export_id: UUID, given: ScheduledExportIn, caller: Caller, *, at: datetime
) -> ExportRow:
    """Another rhythm, end, part of the list or other readers. Whoever changes it answers for it from then on.

    Raises what `schedule` raises, and ExportHasEnded."""
    export, event = await _lock(db, export_id, caller)
    if export.ended_at:
        raise rules.ExportHasEnded()
    must_take_place(event.state)
    await _check(db, event, given, at=at)
    if export.rhythm is not given.rhythm:
        # What went by another rhythm is not the one list before the event.
        export.last_for = None
    for name, value in given.model_dump(exclude={"readers"}).items():
        setattr(export, name, value)
    # What would have gone before the change does not go after it.
    export.account_id, export.made_at = caller.account_id, at
    readers = await _set_readers(db, export, given.readers)
    _record(db, "export.changed", event, caller, at=at, readers=len(readers))
    return export, readers


async def stop(db: AsyncSession, export_id: UUID, caller: Caller, *, at: datetime) -> ScheduledExport:
    """None goes any more. Stopping twice changes nothing."""
    export, event = await _lock(db, export_id, caller)
    if export.ended_at is None:
        export.ended_at, export.end = at, ExportEnd.stopped
        _record(db, "export.stopped", event, caller, at=at)
        await db.flush()
    return export


async def find_due(db: AsyncSession, *, at: datetime) -> list[UUID]:
    """Those of which something is to be done now: one query."""
    found = await db.exec(
        select(ScheduledExport, Event)
        .join(Event, col(Event.id) == ScheduledExport.event_id)
        .where(col(ScheduledExport.ended_at).is_(None))
    )
    return [export.id for export, event in found if _is_to_end(export, event, at=at) or _due_for(export, event, at=at)]


async def write(db: AsyncSession, export_id: UUID, settings: Settings, *, at: datetime) -> int:
    """Enqueue the mails of the day, to those who may read the project now, or end it. May run twice, and in several
    places: each reader gets one mail for a day. Returns how many."""
    found = await db.exec(select(ScheduledExport).where(ScheduledExport.id == export_id).with_for_update())
    export = found.first()
    if export is None or export.ended_at:
        return 0
    await db.refresh(export)
    event = await db.get_one(Event, export.event_id)
    project = await db.get_one(Project, event.project_id)
    may_read = await possible_readers(db, project.id)
    readers = [id for id in (await _readers(db, [export.id])).get(export.id, []) if id in may_read]
    ending = _is_to_end(export, event, at=at)
    if ending is None and export.account_id not in may_read:
        ending = ExportEnd.owner_may_not
    elif ending is None and not readers:
        ending = ExportEnd.nobody_left
    if ending:
        await _end(db, export, event, project, ending, at=at)
        return 0
    day = _due_for(export, event, at=at)
    if day is None:
        return 0
    export.last_for = day
    accounts = (await db.exec(select(Account).where(col(Account.id).in_(readers)).order_by(col(Account.id)))).all()
    await enqueue(db, [list_message(one, export, event, project, day, settings, at=at) for one in accounts])
    await db.flush()
    return len(accounts)


async def _end(
    db: AsyncSession, export: ScheduledExport, event: Event, project: Project, ending: ExportEnd, *, at: datetime
) -> None:
    export.ended_at, export.end = at, ending
    audit.record(db, "export.ended", event.id, at=at, project_id=event.project_id, by=audit.PROGRAM, end=ending)
    if ending is not ExportEnd.done:
        owner = await db.get_one(Account, export.account_id)
        await enqueue(db, [ended_message(owner, export, event, project, at=at)])
    await db.flush()


def _is_to_end(export: ScheduledExport, event: Event, *, at: datetime) -> ExportEnd | None:
    if not event.is_on:
        return ExportEnd.event_off
    if _waits_for_days(export, event):
        return None
    over = rules.is_over(
        export.rhythm,
        ends_on=export.ends_on or event.last_day,
        first_day=event.first_day,
        last_for=export.last_for,
        today=day_in(event.zone, at=at),
    )
    return ExportEnd.done if over else None


def _waits_for_days(export: ScheduledExport, event: Event) -> bool:
    """Whether it hangs on a day that is not known: the event is postponed until there is a new one."""
    hangs_on_event = export.rhythm is Rhythm.before_start or export.ends_on is None
    return hangs_on_event and event.state is EventState.postponed


def _due_for(export: ScheduledExport, event: Event, *, at: datetime) -> date | None:
    """The day whose mails are to be written now, if any."""
    if _waits_for_days(export, event):
        return None
    day = rules.latest_day(
        export.rhythm,
        weekday=export.weekday,
        days_before=export.days_before,
        first_day=event.first_day,
        today=day_in(event.zone, at=at),
    )
    if day is None or day == export.last_for:
        return None
    moment = rules.moment_of(day, event.zone)
    if export.rhythm is Rhythm.before_start:
        # Made, or the event moved nearer, after that morning: it still makes sense until the event begins.
        return day if moment <= at else None
    return day if export.made_at <= moment <= at else None


async def _check(db: AsyncSession, event: Event, given: ScheduledExportIn, *, at: datetime) -> None:
    """Raises Unacceptable for readers who may not read the project, and days that make no sense."""
    may_read = await possible_readers(db, event.project_id)
    if not set(given.readers) <= may_read.keys():
        raise Unacceptable("readers", N_("Only members who may read everything of the project can get it."))
    today, ends_on = day_in(event.zone, at=at), given.ends_on or event.last_day
    if given.rhythm is Rhythm.before_start:
        if today > event.first_day:
            raise Unacceptable("rhythm", N_("The event has begun already."))
        return
    if ends_on < today:
        raise Unacceptable("ends_on", N_("This day is past."))
    if ends_on > today + rules.LONGEST:
        raise Unacceptable("ends_on", N_("At most a year ahead, please."))


async def _set_readers(db: AsyncSession, export: ScheduledExport, wanted: Collection[UUID]) -> list[UUID]:
    """Each once, however often they are named."""
    readers = sorted(set(wanted))
    await db.exec(delete(ScheduledExportReader).where(col(ScheduledExportReader.export_id) == export.id))
    db.add_all(ScheduledExportReader(export_id=export.id, account_id=id) for id in readers)
    await db.flush()
    return readers


async def _readers(db: AsyncSession, exports: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found = await db.exec(
        select(ScheduledExportReader)
        .where(col(ScheduledExportReader.export_id).in_(exports))
        .order_by(col(ScheduledExportReader.account_id))
    )
    readers: dict[UUID, list[UUID]] = {}
    for one in found:
        readers.setdefault(one.export_id, []).append(one.account_id)
    return readers


async def _lock(db: AsyncSession, export_id: UUID, caller: Caller) -> tuple[ScheduledExport, Event]:
    found = await db.exec(select(ScheduledExport).where(ScheduledExport.id == export_id).with_for_update())
    export = found.first()
    if export is None:
        raise NotFound()
    event = await db.get_one(Event, export.event_id)
    must_reach(event.project_id, "scheduled-export", export_id, caller)
    return export, event


def _record(
    db: AsyncSession, act: str, event: Event, caller: Caller, *, at: datetime, readers: int | None = None
) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, readers=readers)
