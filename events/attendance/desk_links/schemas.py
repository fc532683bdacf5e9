"""Desk links as they go in and out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line, WholeNumber
from events.attendance.desk_links.models import DeskDevice, DeskLink
from events.attendance.desk_links.rules import MOST_DEVICES, DeskRole, ends_at
from events.programme.events.models import Event

DeskLabel = Annotated[Line, Field(min_length=1, max_length=60)]


class DeskLinkIn(BaseModel):
    """What a new link is for."""

    model_config = ConfigDict(extra="forbid")

    label: DeskLabel
    role: DeskRole = DeskRole.desk
    most_devices: Annotated[WholeNumber, Field(ge=1, le=MOST_DEVICES)] = 3


class DeskDeviceIn(BaseModel):
    """A device opens a link and says where it stands."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=100)]
    label: Annotated[Line, Field(max_length=60)] = ""


class DeskDeviceOut(BaseModel):
    """A device that a link let in."""

    label: str
    opened_at: datetime

    @classmethod
    def of(cls, device: DeskDevice) -> "DeskDeviceOut":
        return cls(label=device.label, opened_at=device.opened_at)


class DeskLinkOut(BaseModel):
    """A link and what became of it."""

    id: UUID
    label: str
    role: DeskRole
    most_devices: int
    made_by: str
    made_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    devices: list[DeskDeviceOut]

    @classmethod
    def of(cls, link: DeskLink, made_by: str, ends_at: datetime, devices: list[DeskDevice]) -> "DeskLinkOut":
        return cls(
            id=link.id,
            label=link.label,
            role=link.role,
            most_devices=link.most_devices,
            made_by=made_by,
            made_at=link.made_at,
            ends_at=ends_at,
            withdrawn_at=link.withdrawn_at,
            devices=[DeskDeviceOut.of(device) for device in devices],
        )


class NewDeskLink(BaseModel):
    """A link that was just made; its address is told this once."""

    id: UUID
    address: str


class OpenedDesk(BaseModel):
    """What a device needs: `token` is its bearer token, `key` (AES-256, base64) encrypts what it keeps; no copy of the
    key stays here. Both end at `ends_at`."""

    event_id: UUID
    event: str
    label: str
    role: DeskRole
    token: str
    key: str
    ends_at: datetime

    @classmethod
    def of(cls, event: Event, label: str, role: DeskRole, token: str, key: str) -> "OpenedDesk":
        return cls(
            event_id=event.id,
            event=event.title,
            label=label,
            role=role,
            token=token,
            key=key,
            ends_at=ends_at(event.last_day, event.zone),
        )
