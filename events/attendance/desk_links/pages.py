"""The organiser's desk links with their QR codes, and opening one on a device."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import segno
from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.cookies import set_cookie
from core.db import Db, ReadDb
from core.errors import N_
from core.guesses import slowing_guesses
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Caller, Desk, Organiser, Whoever
from events.attendance.desk_links import service
from events.attendance.desk_links.access import DESK_COOKIE
from events.attendance.desk_links.rules import DESK_ROLES, MOST_DEVICES, DeskRole
from events.attendance.desk_links.schemas import DeskDeviceIn, DeskLinkIn, OpenedDesk
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE, OPENING, AT_DESK = "events/desk_links.html", "events/desk_opening.html", "/check-in/desk"


@router.get("/events/{event_id}/desk-links")
async def links(request: Request, event_id: UUID, caller: Desk, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/desk-links")
async def make(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """The new link with its QR code, large enough to be photographed from the screen; shown this once."""
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: DeskLinkIn = checked(DeskLinkIn, typed)
        _, address = await service.make(db, event_id, given, caller, settings, at=at)
    view = await _view(db, event_id=event_id, caller=caller)
    shown = {"address": address, "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=4)}
    return render(request, PAGE, **{**view, **shown})


@router.post("/events/{event_id}/desk-links/here")
async def open_here(
    request: Request, event_id: UUID, caller: Desk, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Make this browser a desk: a link of one device, which anybody who may withdraw links sees as any other."""
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        label = str(typed.get("label", "")) or caller.name[:60]
        given: DeskLinkIn = checked(DeskLinkIn, {"label": label, "most_devices": 1})
        _, address = await service.make(db, event_id, given, caller, settings, at=at)
        opened = await service.open_desk(db, address.rpartition("/")[2], given.label, at=at)
    return _keep(request, opened, at=at)


@router.post("/desk-links/{desk_link_id}/withdrawal")
async def withdraw(
    request: Request, desk_link_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    link = await service.withdraw(db, desk_link_id, caller, at=at)
    return see_other(request, f"/events/{link.event_id}/desk-links", N_("The link is withdrawn on all its devices."))


@router.get("/c/{token}")
async def opening(request: Request, token: str, whoever: Whoever, db: ReadDb, at: Moment) -> Response:
    """What a scanned QR code leads to; nothing is opened before somebody says so."""
    async with slowing_guesses(request):
        view = await _opening(db, token=token, at=at)
    return render(request, OPENING, **view)


@router.post("/c/{token}")
async def open_desk(request: Request, token: str, whoever: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(OPENING, partial(_opening, token=token, at=at), typed):
        given: DeskDeviceIn = checked(DeskDeviceIn, {"token": token, "label": typed.get("label", "")})
        async with slowing_guesses(request):
            opened = await service.open_desk(db, given.token, given.label, at=at)
    return _keep(request, opened, at=at)


def _keep(request: Request, opened: OpenedDesk, *, at: Moment) -> Response:
    """The device's token goes into a cookie that ends with the link."""
    answer = see_other(request, AT_DESK)
    seconds = int((opened.ends_at - at).total_seconds())
    set_cookie(request, answer, DESK_COOKIE, opened.token, seconds=seconds)
    return answer


async def _opening(db: AsyncSession, *, token: str, at: Moment) -> Mapping[str, object]:
    link, event = await service.find(db, token, at=at)
    return {"event": event, "link": link, "token": token, "roles": DESK_ROLES}


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    return {
        "event": event,
        "tab": "attendance",
        "links": await service.list_links(db, event),
        "roles": DESK_ROLES,
        "first_role": DeskRole.desk,
        "most_devices": MOST_DEVICES,
        "address": None,
        "qr": "",
        "history": await audit.history(db, event_id),
    }
