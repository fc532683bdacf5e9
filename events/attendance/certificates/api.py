"""Certificates for programs, and their verification for anybody who holds the paper."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.settings import Installed
from core.web import StrictRoute, download, language_of
from directory.accounts.access import AttendanceReader, Organiser, Whoever
from events.attendance.certificates import service
from events.attendance.certificates.access import slowing_surnames
from events.attendance.certificates.schemas import CertificateOut, Verification, WithdrawnFor
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1", tags=["certificates"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.get("/events/{event_id}/certificates", response_model=list[CertificateOut])
async def certificates(event_id: UUID, caller: AttendanceReader, db: ReadDb) -> list[CertificateOut]:
    """All that were issued for the event, by number."""
    return await service.listed(db, await get_event(db, event_id, caller))


@router.post("/events/{event_id}/certificates", status_code=202, response_model=JobOut)
async def issue(event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> Job:
    """Issue a certificate to everybody who attended enough and has none that says so. 409 where nobody is."""
    return await service.order(db, event_id, caller, settings, at=at)


@router.get("/events/{event_id}/certificates/all.{ending}", response_class=Response, responses=FILE)
async def certificate_bundle(
    event_id: UUID, ending: service.BundleEnding, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    """All that are valid by number, in one PDF or one zip. 404 where there is none."""
    content = await service.bundle(db, event_id, ending, caller, settings)
    return download(content, PDF if ending == "pdf" else ZIP, f"certificates.{ending}")


@router.get("/events/{event_id}/certificates/{certificate_id}.pdf", response_class=Response, responses=FILE)
async def certificate_file(
    event_id: UUID, certificate_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    """The file as it was issued."""
    row, content = await service.file_of(db, event_id, certificate_id, caller, settings)
    return download(content, PDF, f"certificate-{row.number.replace('/', '-')}.pdf")


@router.post("/events/{event_id}/certificates/{certificate_id}/withdrawal", response_model=CertificateOut)
async def withdraw(
    event_id: UUID, certificate_id: UUID, given: WithdrawnFor, caller: Organiser, db: Db, at: Moment
) -> CertificateOut:
    """End a certificate for good; its page says so."""
    return CertificateOut.of(await service.withdraw(db, event_id, certificate_id, given.reason, caller, at=at))


@router.get("/certificates/{code}", response_model=Verification)
async def verify(
    request: Request,
    code: str,
    whoever: Whoever,
    db: ReadDb,
    surname: Annotated[str, Query(max_length=120)] = "",
) -> Verification:
    """What the code on a certificate tells: no more than the paper does, the name in full once the surname is known."""
    async with slowing_surnames(request, code, surname):
        return await service.verify(db, code, surname, language_of(request))
