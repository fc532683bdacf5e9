"""Who checks people in: a device that a link let in, or staff who may record attendance."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor
from core.clock import Moment
from core.cookies import read_cookie
from core.errors import NotAllowed, NotFound, SignInNeeded
from core.guesses import slowing_guesses
from core.inputs import once
from core.security import hash_token
from directory.accounts.access import Caller, identify
from directory.accounts.rules import Right
from events.attendance.desk_links.models import DeskDevice, DeskLink
from events.attendance.desk_links.rules import DeskLinkIsOver, DeskRole, ends_at
from events.programme.events.models import Event
from events.programme.events.service import get_event

DESK_COOKIE = "heyet_desk"
_OF_ACCOUNTS = "heyet_"


@dataclass(frozen=True)
class DeskCaller:
    """Who checks people in. A device reaches one event, staff those of their projects; `account_id` is the member of
    staff, or who made the device's link."""

    account_id: UUID
    staff: Caller | None = None
    device_id: UUID | None = None
    link_id: UUID | None = None
    event_id: UUID | None = None
    role: DeskRole = DeskRole.desk
    label: str = ""
    token: str = ""
    ends_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """How the history names them: a device acts for whoever made its link."""
        return Actor.account(self.account_id)

    async def event(self, db: AsyncSession, event_id: UUID) -> Event:
        """The event, if it is the device's own, or of a project of staff. Raises NotFound."""
        if self.staff:
            return await get_event(db, event_id, self.staff)
        return await db.get_one(Event, self.event_id)

    @property
    def event_of_device(self) -> UUID:
        """The one event of a device. Raises NotFound for staff."""
        if self.event_id is None:
            raise NotFound()
        return self.event_id

    @property
    def may_add(self) -> bool:
        """Whether they may add somebody who is not on the list."""
        return self.role is DeskRole.desk


async def _device(request: Request, at: Moment) -> DeskCaller:
    """The device whose token a page has in a cookie and a program sends as bearer."""
    is_api = request.url.path.startswith("/api/")
    token = bearer_of(request) if is_api else read_cookie(request, DESK_COOKIE)
    if not token:
        raise DeskLinkIsOver()
    return await once(request, "desk-device", partial(_find, request, token, at=at))


async def _find(request: Request, token: str, *, at: datetime) -> DeskCaller:
    async with slowing_guesses(request, DeskLinkIsOver), request.app.state.database.autocommit_read() as db:
        found = await db.exec(
            select(DeskDevice, DeskLink, Event)
            .join(DeskLink, col(DeskLink.id) == DeskDevice.link_id)
            .join(Event, col(Event.id) == DeskLink.event_id)
            .where(DeskDevice.token_hash == hash_token(token))
        )
        row = found.first()
        if row is None:
            raise DeskLinkIsOver()
    device, link, event = row
    until = ends_at(event.last_day, event.zone)
    if link.withdrawn_at or at >= until:
        raise DeskLinkIsOver()
    return DeskCaller(
        link.made_by,
        device_id=device.id,
        link_id=link.id,
        event_id=link.event_id,
        role=link.role,
        label=device.label,
        token=token,
        ends_at=until,
    )


async def _at_desk(request: Request, at: Moment) -> DeskCaller:
    token = bearer_of(request)
    if token is None:
        raise SignInNeeded()
    if not token.startswith(_OF_ACCOUNTS):
        device = await _device(request, at)
        if str(device.event_id) != request.path_params["event_id"].lower():
            raise NotFound()
        return device
    caller = await identify(request, at=at)
    if caller is None:
        raise SignInNeeded()
    request.state.caller, request.state.language = caller, caller.language
    if not caller.may(Right.desk):
        raise NotAllowed()
    return DeskCaller(caller.account_id, caller.reaching(Right.desk))


def bearer_of(request: Request) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


_device.declares = "desk-device"  # type: ignore[attr-defined]
_at_desk.declares = Right.desk.value  # type: ignore[attr-defined]
# A page on the device; and beside it programs, the device's own and those of staff.
OpenDesk = Annotated[DeskCaller, Depends(_device)]
AtDesk = Annotated[DeskCaller, Depends(_at_desk)]
