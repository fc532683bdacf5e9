"""Making desk links, letting devices in, and withdrawing."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import NAMES
from core.errors import NotFound
from core.security import hash_token, new_token
from core.settings import Settings
from directory.accounts.access import Caller
from directory.projects.service import must_reach
from events.attendance.desk_links import rules
from events.attendance.desk_links.access import DeskCaller
from events.attendance.desk_links.models import DeskDevice, DeskLink
from events.attendance.desk_links.schemas import DeskLinkIn, DeskLinkOut, OpenedDesk
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event


async def make(
    db: AsyncSession, event_id: UUID, given: DeskLinkIn, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[DeskLink, str]:
    """A new link and its address, of which only a hash is kept. Raises DeskLinkIsOver after the event."""
    event = await get_event(db, event_id, caller)
    if at >= rules.ends_at(event.last_day, event.zone):
        raise rules.DeskLinkIsOver()
    token = new_token()
    link = DeskLink(
        event_id=event.id,
        token_hash=hash_token(token),
        made_by=caller.account_id,
        made_at=at,
        **given.model_dump(),
    )
    db.add(link)
    _record(db, "desk-link.made", link, event, caller, at=at)
    await db.flush()
    return link, f"{settings.base_url}/c/{token}"


async def withdraw(db: AsyncSession, link_id: UUID, caller: Caller, *, at: datetime) -> DeskLink:
    """End a link on all its devices; what those have not sent yet is taken under another link. Raises NotFound."""
    link = await db.get(DeskLink, link_id)
    if link is None:
        raise NotFound()
    event = await db.get_one(Event, link.event_id)
    must_reach(event.project_id, "desk-link", link.id, caller)
    if link.withdrawn_at is None:
        link.withdrawn_at = at
        _record(db, "desk-link.withdrawn", link, event, caller, at=at)
        await db.flush()
    return link


async def list_links(db: AsyncSession, event: Event) -> list[DeskLinkOut]:
    """Links of the event with their devices, the latest first: two queries."""
    name = sa.func.coalesce(*(look_up(DeskLink.made_by) for look_up in NAMES), "")
    links = await db.exec(
        select(DeskLink, name).where(DeskLink.event_id == event.id).order_by(col(DeskLink.id).desc()).limit(100)
    )
    devices: dict[UUID, list[DeskDevice]] = {}
    found = await db.exec(select(DeskDevice).where(DeskDevice.event_id == event.id).order_by(col(DeskDevice.id)))
    for device in found:
        devices.setdefault(device.link_id, []).append(device)
    until = rules.ends_at(event.last_day, event.zone)
    return [DeskLinkOut.of(link, made_by, until, devices.get(link.id, [])) for link, made_by in links]


async def find(db: AsyncSession, token: str, *, at: datetime) -> tuple[DeskLink, Event]:
    """The link of that token with its event. Raises NotFound, DeskLinkIsOver."""
    found = await db.exec(
        select(DeskLink, Event)
        .join(Event, col(Event.id) == DeskLink.event_id)
        .where(DeskLink.token_hash == hash_token(token))
    )
    row = found.first()
    if row is None:
        raise NotFound()
    link, event = row
    if link.withdrawn_at or at >= rules.ends_at(event.last_day, event.zone):
        raise rules.DeskLinkIsOver()
    return link, event


async def open_desk(db: AsyncSession, token: str, label: str, *, at: datetime) -> OpenedDesk:
    """Let a device in. Raises NotFound, DeskLinkIsOver, TooManyDevices."""
    _, event = await find(db, token, at=at)
    # Under the event's lock: of two devices on the last place one is let in.
    await lock_event(db, event.id)
    link, event = await find(db, token, at=at)
    counted = await db.exec(select(sa.func.count()).where(DeskDevice.link_id == link.id))
    if counted.one() >= link.most_devices:
        raise rules.TooManyDevices(count=link.most_devices)
    own = new_token()
    device = DeskDevice(
        event_id=event.id,
        link_id=link.id,
        label=label or link.label,
        token_hash=hash_token(own),
        opened_at=at,
    )
    db.add(device)
    await db.flush()
    return opened(DeskCaller(link.made_by, role=link.role, label=device.label, token=own), event)


def opened(caller: DeskCaller, event: Event) -> OpenedDesk:
    """What the device needs, with a fresh key for what it keeps."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return OpenedDesk.of(event, caller.label, caller.role, caller.token, key)


def _record(db: AsyncSession, act: str, link: DeskLink, event: Event, caller: Caller, *, at: datetime) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, link=link.id)
