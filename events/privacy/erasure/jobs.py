"""What erasing leaves to a job: what others wrote, files, and pages that are free."""

from collections.abc import Sequence
from uuid import UUID

from core import erasing
from core.mentions import Mention
from core.personal_data import PersonalData, Subject
from events.privacy.erasure.service import COMPACT, log
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job, keep_lease, note_progress


class Unfinished(Exception):
    """Something of a person could not be taken out; the job is run again for what is left."""


async def finish(context: WorkerContext, job: Job) -> None:
    """Take the person out of what others wrote, a few rows at a time, then their files; free pages are another job.

    May run twice and go on from anywhere: what is gone is not found again. A fault stops nothing else.
    Raises Unfinished if something is left.
    """
    given = job.payload
    subject = Subject({}, given["names"], given["addresses"], [UUID(id) for id in given["projects"]])
    entries = erasing.redacting()
    faults = 0
    for done, entry in enumerate(entries):
        async with context.database.unit_of_work() as db:
            await note_progress(db, job, at=context.clock(), done=done, total=len(entries))
        try:
            faults += await _take_out(context, job, entry, subject)
        except Exception as error:
            faults += _fault(entry, error)
    async with context.database.unit_of_work() as db:
        await enqueue_job(db, COMPACT, project_id=job.project_id, about_id=job.about_id, at=context.clock())
    async with context.database.unit_of_work() as db:
        await erasing.drop_files(db, context.settings.files, given["files"])
        await erasing.drop_orphans(db, context.settings.files, at=context.clock())
    if faults:
        raise Unfinished(faults)


async def _take_out(context: WorkerContext, job: Job, entry: PersonalData, subject: Subject) -> int:
    """Take the person out of the rows of one entry. Returns the number of rows in which it failed."""
    faults, after, mention = 0, None, subject.mention
    while True:
        async with context.database.unit_of_work() as db:
            await keep_lease(db, job, at=context.clock())
            keys = await erasing.next_keys(db, entry, subject, after)
        if not keys:
            return faults
        try:
            async with context.database.unit_of_work() as db:
                await erasing.redact(db, entry, mention, keys)
        except Exception:
            faults += await _one_by_one(context, entry, mention, keys)
        after = keys[-1]


async def _one_by_one(
    context: WorkerContext, entry: PersonalData, mention: Mention, keys: Sequence[erasing.Key]
) -> int:
    """Leave out of a batch only the rows that are at fault. Returns their number."""
    faults = 0
    for key in keys:
        try:
            async with context.database.unit_of_work() as db:
                await erasing.redact(db, entry, mention, [key])
        except Exception as error:
            faults += _fault(entry, error, key)
    return faults


def _fault(entry: PersonalData, error: Exception, key: erasing.Key = ()) -> int:
    # Not the words of the error: they may hold those of the row.
    log.error("not erased", table=entry.name, id=" ".join(map(str, key)), kind=type(error).__name__)
    return 1


async def compact(context: WorkerContext, job: Job) -> None:
    """Overwrite what was deleted, and drop the copy that was made before the last migration."""
    context.settings.before_migration.unlink(missing_ok=True)
    await context.database.compact(list(erasing.tables()))
