"""Reading scans, a page to a unit of work."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from events.attendance.scans import reader, service
from events.attendance.scans.models import ScanPage
from events.attendance.scans.reader import Lookup
from events.attendance.scans.rules import FoundCode, PageProblem
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.programme.events.models import Event
from notifications.jobs.context import WorkerContext
from notifications.jobs.models import Job
from notifications.jobs.service import note_progress


async def read(context: WorkerContext, job: Job) -> None:
    """Read every page of some scans. May run twice: a scan that was begun is begun anew."""
    ids = [UUID(id) for id in job.payload["scans"]]
    files: dict[UUID, tuple[Event, bytes, int, PageProblem | None]] = {}
    for scan_id in ids:
        async with context.database.unit_of_work() as db:
            begun = await service.begin(db, scan_id)
        if begun is not None:
            event, scan = begun
            content = await service.content_of(scan, context.settings)
            files[scan_id] = (event, content, *await reader.count_pages(content))
    total, done = sum(pages for _, _, pages, _ in files.values()), 0
    for scan_id, (event, content, pages, problem) in files.items():
        position = 0
        for file_page in range(1, pages + 1):
            found = await reader.read_page(content, file_page, _lookup(context, event), with_picture=True)
            done += 1
            async with context.database.unit_of_work() as db:
                for one in found:
                    position += 1
                    await service.note_page(db, event, scan_id, position, one, context.settings)
                await note_progress(db, job, at=context.clock(), done=done, total=total)
        async with context.database.unit_of_work() as db:
            await service.finish(db, scan_id, problem, at=context.clock())


async def read_by_code(context: WorkerContext, job: Job) -> None:
    """Read a page whose code somebody typed."""
    text = job.payload["code"]
    async with context.database.reading() as db:
        page = await db.get(ScanPage, UUID(job.payload["page"]))
        if page is None or page.entered_at:
            return
        event = await db.get_one(Event, page.event_id)
        scan = await service.scan_of(db, page)
        layout = (await service.layouts_for(db, event, [text], context.settings))[text]
    content = await service.content_of(scan, context.settings)
    found = await reader.read_sheet(content, page.file_page, FoundCode(text), layout, with_picture=True)
    async with context.database.unit_of_work() as db:
        await service.note_page_again(db, event, page.id, found, context.settings)


def _lookup(context: WorkerContext, event: Event) -> Lookup:
    async def lookup(texts: Sequence[str]) -> Mapping[str, SheetLayout]:
        async with context.database.reading() as db:
            return await service.layouts_for(db, event, texts, context.settings)

    return lookup
