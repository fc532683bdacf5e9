"""Scans as they go in and out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.scans.rules import CellState, KeptCell, PageProblem, PageWarning, ScanState
from events.attendance.sign_in_sheets.layout import CellKind

KeptAt = Annotated[Line, Field(max_length=200)]
CodeText = Annotated[Line, Field(min_length=1, max_length=40)]


class KeptAtIn(BaseModel):
    """Where the original of a scan lies."""

    model_config = ConfigDict(extra="forbid")

    kept_at: KeptAt


class TypedCode(BaseModel):
    """The code under the square code, as somebody typed it."""

    model_config = ConfigDict(extra="forbid")

    code: CodeText


class ScanOut(BaseModel):
    """A scan, with the SHA-256 of the file as it was uploaded."""

    id: UUID
    file_name: str
    media_type: str
    size: int
    digest: str
    state: ScanState
    problem: PageProblem | None
    kept_at: str
    uploaded_at: datetime
    read_at: datetime | None
    entered_at: datetime | None

    @classmethod
    def of(cls, row: Scan) -> "ScanOut":
        return cls(**row.model_dump(exclude={"event_id", "file_hash", "account_id"}))


class UploadedOut(BaseModel):
    """What was uploaded, and the job that reads it."""

    scans: list[ScanOut]
    job_id: UUID

    @classmethod
    def of(cls, rows: Sequence[Scan], job_id: UUID) -> "UploadedOut":
        return cls(scans=[ScanOut.of(row) for row in rows], job_id=job_id)


class CellOut(BaseModel):
    """A cell of a page; `is_signed` is none as long as nobody can tell."""

    number: int
    row: str
    column: str
    kind: CellKind
    state: CellState
    probability: float
    is_signed: bool | None

    @classmethod
    def of(cls, number: int, cell: KeptCell) -> "CellOut":
        values = {name: value for name, value in vars(cell).items() if name != "decided"}
        return cls(number=number, is_signed=cell.is_signed, **values)


class ScanPageOut(BaseModel):
    """A page of a scan with its cells, or why it was not read."""

    id: UUID
    scan_id: UUID
    file_page: int
    problem: PageProblem | None
    warnings: list[PageWarning]
    code: str
    page: int
    entered_at: datetime | None
    cells: list[CellOut]

    @classmethod
    def of(cls, row: ScanPage) -> "ScanPageOut":
        cells = [CellOut.of(number, KeptCell.from_list(cell)) for number, cell in enumerate(row.cells)]
        plain = row.model_dump(include={"id", "scan_id", "file_page", "problem", "code", "page", "entered_at"})
        return cls(**plain, warnings=[PageWarning(one) for one in row.warnings], cells=cells)
