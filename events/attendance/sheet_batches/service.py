"""Making the sheets of several events by a job, and handing the latest of each out as one file."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.bundles import file_stem, merged_pdf, zip_of
from core.paging import at_most
from core.settings import Settings
from core.zones import day_in
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from directory.projects.service import get_project
from events.attendance.sheet_batches.rules import MOST, NoEventChosen, NoSheetYet
from events.attendance.sheet_batches.schemas import Period, SheetBatchIn
from events.attendance.sign_in_sheets import service as sheets
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.schemas import SheetIn
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.schemas import EventFilter
from events.programme.events.service import filtered, get_event
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

MAKE = "events.make_sheets"
Ending = Literal["pdf", "zip"]


async def offered(db: AsyncSession, project: Project, period: Period, caller: Caller, *, at: datetime) -> list[Event]:
    """Events of the project in that period that take place and have people, by day: the first sixty."""
    since = period.begins(day_in(project.zone, at=at))
    wanted = EventFilter(project_id=project.id, since=since, until=period.until)
    found = await db.exec(filtered(caller, wanted).where(col(Event.taken) > 0).limit(at_most(MOST)))
    return [event for event in found if event.is_on]


async def order(db: AsyncSession, project_id: UUID, given: SheetBatchIn, caller: Caller, *, at: datetime) -> Job:
    """Enqueue a new version of the sheet of each event. Raises NotFound for another project's event, NoEventChosen."""
    project = await get_project(db, project_id, caller)
    ids = list(dict.fromkeys(given.events))
    for event_id in ids:
        if (await get_event(db, event_id, caller)).project_id != project.id:
            raise NoEventChosen()
    audit.record(db, "sheets.ordered", project.id, at=at, project_id=project.id, **caller.signature, events=len(ids))
    return await enqueue_job(
        db,
        MAKE,
        project_id=project.id,
        about_id=project.id,
        at=at,
        ids=[str(id) for id in ids],
        wanted=given.model_dump(mode="json", exclude={"events"}),
        actor_id=str(caller.account_id),
        ordered_at=at.isoformat(),
    )


async def make(db: AsyncSession, job: Job, event_ids: Sequence[UUID], settings: Settings, *, at: datetime) -> None:
    """A sheet for each of these events, as things stand now; may be called twice."""
    caller = Caller(UUID(job.payload["actor_id"]), "", "en", {}, projects=frozenset({job.project_id}))
    wanted, ordered_at = SheetIn(**job.payload["wanted"]), datetime.fromisoformat(job.payload["ordered_at"])
    for event_id in event_ids:
        before = await sheets.latest_version(db, event_id)
        if before is None or before.made_at < ordered_at:
            await sheets.make(db, event_id, wanted, caller, settings, at=at)


async def file_of(
    db: AsyncSession, project_id: UUID, event_ids: Sequence[UUID], ending: Ending, caller: Caller, settings: Settings
) -> bytes:
    """The latest sheet of each event, in the order given, as one PDF or a zip. Raises NoEventChosen, NoSheetYet, and
    SheetOutdated where one cannot be made as it was."""
    await get_project(db, project_id, caller)
    if not event_ids:
        raise NoEventChosen()
    files = []
    for event_id in dict.fromkeys(event_ids):
        event = await get_event(db, event_id, caller)
        row = await sheets.latest_version(db, event_id)
        if row is None:
            raise NoSheetYet(event=event.title)
        name = f"{event.first_day.isoformat()}-{file_stem(event.title)}-{sheets.file_name(event, row)}"
        files.append((name, await sheets.file_of(db, event, row, settings)))
    if ending == "zip":
        return zip_of(files)
    return await asyncio.to_thread(merged_pdf, [content for _, content in files])


async def versions(db: AsyncSession, event_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """The latest version of each event's sheet, for those that have one."""
    latest = (
        sa.select(col(SheetVersion.event_id), sa.func.max(SheetVersion.version))
        .where(col(SheetVersion.event_id).in_(event_ids))
        .group_by(col(SheetVersion.event_id))
    )
    found = await (await db.connection()).execute(latest)
    return {event_id: version for event_id, version in found}


async def names_in(db: AsyncSession, event_ids: Sequence[UUID]) -> list[str]:
    """Whose names the sheets of these events would show."""
    found = await db.exec(
        select(Person.name)
        .join(Registration, col(Registration.person_id) == Person.id)
        .where(col(Registration.event_id).in_(event_ids), Registration.status == RegistrationStatus.confirmed)
        .distinct()
    )
    return list(found.all())


async def chosen(db: AsyncSession, event_ids: Sequence[UUID], caller: Caller) -> list[Event]:
    """Events that were ticked before, for whom they may be shown to."""
    found = await db.exec(
        select(Event)
        .where(col(Event.id).in_(event_ids), col(Event.project_id).in_(caller.projects))
        .order_by(col(Event.first_day), col(Event.id))
    )
    return list(found.all())
