"""Scans as they were uploaded, and what was read on their pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret_document
from core.ids import new_id
from events.attendance.scans.rules import PageProblem, ScanState


class Scan(SQLModel, table=True):
    """A file with scans or photographs of signed sheets: the evidence of what is entered from it.

    The file lies encrypted under `file_hash`; `digest` is the SHA-256 of what was uploaded. `kept_at` says where the
    original lies. `problem` is why nothing of it could be read.
    """

    __tablename__ = "scan"
    __table_args__ = (UniqueConstraint("event_id", "digest"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    file_name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    file_hash: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    state: ScanState = choice(ScanState, default=ScanState.waiting)
    problem: PageProblem | None = choice(PageProblem, default=None, nullable=True)
    kept_at: str = Field(default="", max_length=200)
    account_id: UUID
    uploaded_at: datetime = instant()
    read_at: datetime | None = instant(default=None, nullable=True)
    entered_at: datetime | None = instant(default=None, nullable=True)


class ScanPage(SQLModel, table=True):
    """One sheet found on one page of a scan, or why none was.

    `cells` are `rules.KeptCell` as lists. The picture of the page made straight lies encrypted under `picture_hash` and
    shows that `region` of the paper: x, y, width and height in millimetres. `walk_ins` is what was typed of people who
    are not in the list, by row.
    """

    __tablename__ = "scan_page"
    __table_args__ = (UniqueConstraint("scan_id", "position"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    scan_id: UUID = Field(foreign_key="scan.id")
    event_id: UUID = Field(foreign_key="event.id", index=True)
    position: int
    file_page: int
    problem: PageProblem | None = choice(PageProblem, default=None, nullable=True)
    warnings: list[str] = document(default_factory=list)
    code: str = Field(default="", max_length=40)
    sheet_version_id: UUID | None = Field(default=None, foreign_key="sheet_version.id")
    page: int = 0
    cells: list[list[Any]] = document(default_factory=list)
    region: list[float] = document(default_factory=list)
    picture_hash: str = Field(default="", max_length=64)
    walk_ins: dict[str, Any] = secret_document(default_factory=dict)
    entered_at: datetime | None = instant(default=None, nullable=True)
