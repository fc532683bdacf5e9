"""Keeping scans as evidence, and noting what is read on them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from directory.accounts.access import Caller
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.scans.reader import must_be_installed
from events.attendance.scans.rules import (
    KeptCell,
    NoScan,
    PageNotWaiting,
    PageProblem,
    ScanEntered,
    ScannedPage,
    ScanState,
    UploadedBefore,
    media_type_of_scan,
)
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.rules import verified_code
from events.attendance.sign_in_sheets.service import layout_of, sheet_keys, versions_of
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

READ, READ_BY_CODE = "events.read_scans", "events.read_scan_by_code"


async def upload(
    db: AsyncSession,
    event_id: UUID,
    files: Sequence[tuple[str, bytes]],
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> tuple[list[Scan], Job]:
    """Keep files as evidence, encrypted, and enqueue their reading. The job tells how far it is.

    Raises ReaderMissing, NoScan, UploadedBefore, Unacceptable.
    """
    must_be_installed()
    event = await lock_event_for(db, event_id, caller)
    if not files:
        raise Unacceptable("file", N_("Please choose a file."))
    known = set((await db.exec(select(Scan.digest).where(Scan.event_id == event.id))).all())
    scans = []
    for name, content in files:
        media_type, digest = media_type_of_scan(content), hashlib.sha256(content).hexdigest()
        if media_type is None:
            raise NoScan("file", name=name)
        if digest in known:
            raise UploadedBefore("file", name=name)
        known.add(digest)
        scan = Scan(
            event_id=event.id,
            file_name=re.sub(r"[^\w.\- ()]+", "-", name)[-120:],
            media_type=media_type,
            size=len(content),
            file_hash=await keep_sealed(settings, content),
            digest=digest,
            account_id=caller.account_id,
            uploaded_at=at,
        )
        db.add(scan)
        scans.append(scan)
    project_id, signature = event.project_id, caller.signature
    audit.record(db, "scan.uploaded", event.id, at=at, project_id=project_id, **signature, files=len(scans))
    await db.flush()
    ids = [str(scan.id) for scan in scans]
    job = await enqueue_job(db, READ, project_id=event.project_id, about_id=event.id, at=at, scans=ids)
    return scans, job


async def list_scans(db: AsyncSession, event_id: UUID) -> list[Scan]:
    """An event's scans, the latest first."""
    found = await db.exec(select(Scan).where(Scan.event_id == event_id).order_by(col(Scan.id).desc()))
    return list(found.all())


async def pages_of(db: AsyncSession, event_id: UUID, scan_id: UUID | None = None) -> list[ScanPage]:
    """What was found on the pages of an event's scans, or of one, in their order."""
    wanted = select(ScanPage).where(ScanPage.event_id == event_id)
    if scan_id is not None:
        wanted = wanted.where(ScanPage.scan_id == scan_id)
    return list((await db.exec(wanted.order_by(col(ScanPage.scan_id), col(ScanPage.position)))).all())


async def get_scan(db: AsyncSession, event_id: UUID, scan_id: UUID, caller: Caller) -> tuple[Event, Scan]:
    """Raises NotFound, for another event's scan too."""
    event = await get_event(db, event_id, caller)
    row = await db.get(Scan, scan_id)
    if row is None or row.event_id != event.id:
        raise NotFound()
    return event, row


async def get_page(db: AsyncSession, event_id: UUID, page_id: UUID, caller: Caller) -> tuple[Event, ScanPage]:
    """Raises NotFound, for another event's page too."""
    event = await get_event(db, event_id, caller)
    row = await db.get(ScanPage, page_id)
    if row is None or row.event_id != event.id:
        raise NotFound()
    return event, row


async def scan_of(db: AsyncSession, page: ScanPage) -> Scan:
    return await db.get_one(Scan, page.scan_id)


async def content_of(scan: Scan, settings: Settings) -> bytes:
    """The file as it was uploaded."""
    return await read_sealed(settings, scan.file_hash)


async def picture_of(page: ScanPage, settings: Settings) -> bytes:
    """The page made straight, as JPEG. Raises NotFound where it was not read."""
    if not page.picture_hash:
        raise NotFound()
    return await read_sealed(settings, page.picture_hash)


async def remove(db: AsyncSession, event_id: UUID, scan_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Take a scan away that nothing was entered from; its file goes with the next sweep. Raises ScanEntered."""
    event = await lock_event_for(db, event_id, caller)
    _, scan = await get_scan(db, event_id, scan_id, caller)
    pages = await pages_of(db, event_id, scan_id)
    if any(page.entered_at for page in pages):
        raise ScanEntered()
    for page in pages:
        await db.delete(page)
    await db.flush()
    await db.delete(scan)
    project_id, signature = event.project_id, caller.signature
    audit.record(db, "scan.removed", event.id, at=at, project_id=project_id, **signature, scan=scan.id)
    await db.flush()


async def say_where(db: AsyncSession, event_id: UUID, scan_id: UUID, kept_at: str, caller: Caller) -> Scan:
    """Where the original of a scan lies: folder, shelf."""
    await lock_event_for(db, event_id, caller)
    _, scan = await get_scan(db, event_id, scan_id, caller)
    scan.kept_at = kept_at
    await db.flush()
    return scan


# Reading, as the job goes on


async def begin(db: AsyncSession, scan_id: UUID) -> tuple[Event, Scan] | None:
    """A scan that is to be read, without what an earlier attempt noted; None where it is gone or done."""
    scan = await db.get(Scan, scan_id)
    if scan is None or scan.state is not ScanState.waiting:
        return None
    await db.exec(sa.delete(ScanPage).where(col(ScanPage.scan_id) == scan_id))
    return await db.get_one(Event, scan.event_id), scan


async def layouts_for(
    db: AsyncSession, event: Event, texts: Sequence[str], settings: Settings
) -> Mapping[str, SheetLayout]:
    """The layouts of an event's sheets, for codes that we signed."""
    return {
        text: layout_of(row) for text, row in (await _sheets(db, event, texts, settings)).items() if _is_of(row, event)
    }


async def note_page(
    db: AsyncSession, event: Event, scan_id: UUID, position: int, found: ScannedPage, settings: Settings
) -> None:
    """Write down what was found on a page."""
    sheet = (await _sheets(db, event, [found.code], settings)).get(found.code)
    page = ScanPage(scan_id=scan_id, event_id=event.id, position=position, file_page=found.file_page)
    await _fill(page, event, found, sheet, settings)
    db.add(page)
    await db.flush()


async def note_page_again(
    db: AsyncSession, event: Event, page_id: UUID, found: ScannedPage, settings: Settings
) -> None:
    """The same of a page whose code somebody typed."""
    page = await db.get_one(ScanPage, page_id)
    await _fill(page, event, found, (await _sheets(db, event, [found.code], settings)).get(found.code), settings)
    db.add(page)
    await db.flush()


async def finish(db: AsyncSession, scan_id: UUID, problem: PageProblem | None, *, at: datetime) -> None:
    """All pages are there."""
    scan = await db.get_one(Scan, scan_id)
    scan.state, scan.problem, scan.read_at = ScanState.read, problem, at
    await db.flush()


async def type_code(
    db: AsyncSession, event_id: UUID, page_id: UUID, code: str, caller: Caller, settings: Settings, *, at: datetime
) -> Job:
    """Enqueue the reading of a page whose code was not found, by the one that somebody typed. Raises Unacceptable."""
    event = await lock_event_for(db, event_id, caller)
    _, page = await get_page(db, event_id, page_id, caller)
    if page.problem not in (PageProblem.no_code, PageProblem.unplaced):
        raise PageNotWaiting()
    if code not in await layouts_for(db, event, [code], settings):
        raise Unacceptable("code", N_("This is not the code of a sheet of this event."))
    given = {"page": str(page.id), "code": code}
    return await enqueue_job(db, READ_BY_CODE, project_id=event.project_id, about_id=event.id, at=at, **given)


async def _fill(
    page: ScanPage, event: Event, found: ScannedPage, sheet: SheetVersion | None, settings: Settings
) -> None:
    page.problem, page.code, page.page = found.problem, found.code[:40], found.page
    if found.problem is PageProblem.unknown_sheet and sheet and not _is_of(sheet, event):
        page.problem = PageProblem.other_event
    page.warnings = sorted(one.value for one in found.warnings)
    page.sheet_version_id = sheet.id if sheet else None
    page.cells = [KeptCell(one.row, one.column, one.kind, one.state, one.probability).to_list() for one in found.cells]
    page.region = list(found.region or ())
    if found.picture:
        page.picture_hash = await keep_sealed(settings, found.picture)


async def _sheets(
    db: AsyncSession, event: Event, texts: Sequence[str], settings: Settings
) -> Mapping[str, SheetVersion]:
    """The sheets of the event's project for codes that we signed."""
    keys = sheet_keys(settings)
    codes = {text: (code.sheet, code.version) for text in texts if (code := verified_code(text, keys))}
    rows = await versions_of(db, list(codes.values()), [event.project_id]) if codes else {}
    return {text: rows[code] for text, code in codes.items() if code in rows}


def _is_of(sheet: SheetVersion, event: Event) -> bool:
    return sheet.event_id == event.id


async def sheets_of(db: AsyncSession, pages: Sequence[ScanPage]) -> Mapping[UUID, SheetVersion]:
    """The sheets that pages are of, by id."""
    ids = {page.sheet_version_id for page in pages if page.sheet_version_id}
    return {row.id: row for row in await db.exec(select(SheetVersion).where(col(SheetVersion.id).in_(ids)))}
