"""Reading what was uploaded, each file in a process of its own, and deleting it when nobody needs it."""

from uuid import UUID

from core.zones import day_in
from events.programme.events.models import Event
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress
from visits.booking_files import service
from visits.booking_files.models import BookingFile
from visits.bookings.reader import read_booking
from visits.bookings.rules import ReadingContext


async def read(context: WorkerContext, job: Job) -> None:
    """Read every file once. May run twice: what was read is not read again."""
    ids = [UUID(id) for id in job.payload["files"]]
    for done, id in enumerate(ids, start=1):
        async with context.database.reading() as db:
            file = await db.get(BookingFile, id)
            if file is None or file.read_at:
                continue
            event = await db.get_one(Event, file.event_id)
        about = ReadingContext(day_in(event.zone, at=file.uploaded_at), event.first_day, event.last_day)
        reading = await read_booking(await service.content_of(file, context.settings), about)
        if reading.is_list and not reading.sent:
            # A list bears no date: of two, the one that was uploaded later counts.
            reading.sent = file.uploaded_at.isoformat()
        async with context.database.unit_of_work() as db:
            await service.note_reading(db, id, reading, at=context.clock())
            await note_progress(db, job, at=context.clock(), done=done, total=len(ids))


async def sweep(context: WorkerContext) -> None:
    """Bookings of visits that are over for long go."""
    async with context.database.unit_of_work() as db:
        await service.forget_old(db, at=context.clock())
