"""Scans as the desks sent them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.attendance.check_in.rules import BadgeScanState, ScanKind
from events.attendance.records.rules import Half


class DeskScan(SQLModel, table=True):
    """One scan, refused ones too: they let somebody in. `nonce` is the device's; the same one is one row.

    `said_at` is the device's clock and `offset_ms` how far the server's was ahead of it; `happened_at` is what they
    come to. `refusal` is why it counts for nothing; whether others only repeat it follows from all of them.
    """

    __tablename__ = "desk_scan"
    __table_args__ = (
        UniqueConstraint("event_id", "nonce"),
        Index("ix_desk_scan_of", "event_id", "invitation_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    nonce: UUID
    kind: ScanKind = choice(ScanKind)
    invitation_id: UUID | None = Field(default=None, foreign_key="invitation.id", index=True)
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    day: date
    half: Half = choice(Half)
    said_at: datetime = instant()
    offset_ms: int | None = Field(default=None, sa_type=BigInteger)
    happened_at: datetime = instant()
    is_time_unsure: bool = False
    gate: str = Field(default="", max_length=60)
    device_id: UUID | None = Field(default=None, foreign_key="desk_device.id")
    account_id: UUID | None = None
    received_at: datetime = instant()
    refusal: BadgeScanState | None = choice(BadgeScanState, default=None, nullable=True)
    undone_at: datetime | None = instant(default=None, nullable=True)
