"""An event's certificates, and the public page that verifies one."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.documents.pdf import PDF
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked, download, language_of
from directory.accounts.access import AttendanceReader, Caller, Organiser, Whoever
from events.attendance.certificates import service
from events.attendance.certificates.access import slowing_surnames
from events.attendance.certificates.rules import CERTIFICATE_STATES
from events.attendance.certificates.schemas import WithdrawnFor
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE, PUBLIC = "events/certificates.html", "events/certificate_public.html"
HOME = "/events/{event_id}/certificates"


@router.get(HOME)
async def certificates(
    request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb, job: UUID | None = None
) -> Response:
    view = await _view(db, event_id=event_id, caller=caller)
    return render(request, PAGE, **{**view, "job": job})


@router.post(HOME)
async def issue(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    view = partial(_view, event_id=event_id, caller=caller)
    with form_again(PAGE, view, typed):
        job = await service.order(db, event_id, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/certificates?job={job.id}")


@router.get(HOME + "/all.{ending}")
async def certificate_bundle(
    event_id: UUID, ending: service.BundleEnding, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    """All that are valid, in one PDF to print or one zip."""
    content = await service.bundle(db, event_id, ending, caller, settings)
    return download(content, PDF if ending == "pdf" else ZIP, f"certificates.{ending}")


@router.get(HOME + "/{certificate_id}.pdf")
async def certificate_file(
    event_id: UUID, certificate_id: UUID, caller: AttendanceReader, db: ReadDb, settings: Installed
) -> Response:
    row, content = await service.file_of(db, event_id, certificate_id, caller, settings)
    return download(content, PDF, f"certificate-{row.number.replace('/', '-')}.pdf", inline=True)


@router.post(HOME + "/{certificate_id}/withdrawal")
async def withdraw(
    request: Request,
    event_id: UUID,
    certificate_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    typed: Typed,
) -> Response:
    view = partial(_view, event_id=event_id, caller=caller)
    with form_again(PAGE, view, typed):
        given: WithdrawnFor = checked(WithdrawnFor, typed)
        row = await service.withdraw(db, event_id, certificate_id, given.reason, caller, at=at)
    notice = N_("Certificate %(number)s is withdrawn.")
    return see_other(request, f"/events/{event_id}/certificates", notice, number=row.number)


@router.get("/certificates/{code}")
async def verify(
    request: Request,
    code: str,
    whoever: Whoever,
    db: ReadDb,
    surname: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """What the code on the paper tells anybody."""
    async with slowing_surnames(request, code, surname):
        found = await service.verify(db, code, surname, language_of(request))
    return render(request, PUBLIC, verification=found, surname=surname, states=CERTIFICATE_STATES)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    certificates, due = await service.certified(db, event)
    return {
        "event": event,
        "tab": "attendance",
        "certificates": certificates,
        "due": due,
        "states": CERTIFICATE_STATES,
        "job": None,
        "history": await audit.history(db, event_id),
    }
