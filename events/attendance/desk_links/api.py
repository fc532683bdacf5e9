"""Desk links for programs, and opening one."""

from uuid import UUID

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import Db, ReadDb
from core.guesses import slowing_guesses
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Desk, Organiser, Whoever
from events.attendance.desk_links import service
from events.attendance.desk_links.schemas import DeskDeviceIn, DeskLinkIn, DeskLinkOut, NewDeskLink, OpenedDesk
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["check-in"], route_class=StrictRoute)


@router.get("/events/{event_id}/desk-links", response_model=list[DeskLinkOut])
async def links(event_id: UUID, caller: Desk, db: ReadDb) -> list[DeskLinkOut]:
    """The event's desk links, who made them, and the devices they let in."""
    return await service.list_links(db, await get_event(db, event_id, caller))


@router.post("/events/{event_id}/desk-links", status_code=201, response_model=NewDeskLink)
async def make(
    event_id: UUID, given: DeskLinkIn, caller: Organiser, db: Db, at: Moment, settings: Installed
) -> NewDeskLink:
    """A link that makes a device a check-in desk without an account. Its address is told this once."""
    link, address = await service.make(db, event_id, given, caller, settings, at=at)
    return NewDeskLink(id=link.id, address=address)


@router.post("/desk-links/{desk_link_id}/withdrawal", status_code=204)
async def withdraw(desk_link_id: UUID, caller: Organiser, db: Db, at: Moment) -> None:
    """End a link on all its devices."""
    await service.withdraw(db, desk_link_id, caller, at=at)


@router.post("/desk-devices", status_code=201, response_model=OpenedDesk)
async def open_desk(request: Request, given: DeskDeviceIn, whoever: Whoever, db: Db, at: Moment) -> OpenedDesk:
    """Open a link on this device. 409 where it is used on as many devices as it was made for."""
    async with slowing_guesses(request):
        return await service.open_desk(db, given.token, given.label, at=at)
