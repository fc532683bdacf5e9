"""What reading a scan says: of each page which one it is, of each cell whether somebody has signed, or why not.

Ink cannot tell everything: a word ("absent"), a tick or somebody else's signature is read as signed. Nothing may be
entered before a person has looked at all cells that are said to be signed.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.errors import N_, Refusal
from events.attendance.records.rules import Half, HalfDay, half_of
from events.attendance.sign_in_sheets.layout import Box, CellKind, SheetLayout

_HALVES = frozenset(half.value for half in Half)
_WALK_IN = re.compile(r"W\d+")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
# Bytes that say how long the first part of a request is.
_HEADER = 4


class ReaderMissing(Refusal):
    status = 503
    code = "reader-missing"
    title = N_("Reading scans is not installed here. It needs OpenCV, zxing-cpp, pypdfium2, pillow-heif and numpy.")


class NoScan(Refusal):
    status = 415
    code = "no-scan"
    title = N_("%(name)s is no scan: PDF, JPEG, PNG, TIFF and HEIC are read.")


class UploadedBefore(Refusal):
    status = 409
    code = "uploaded-before"
    title = N_("%(name)s has been uploaded for this event before.")


class ScanEntered(Refusal):
    status = 409
    code = "scan-entered"
    title = N_("Attendance was entered from this scan. It is its evidence and stays.")


class PageNotWaiting(Refusal):
    status = 409
    code = "page-not-waiting"
    title = N_("One of these pages cannot be entered any more. Please load the page again.")


class ScanState(StrEnum):
    """How far a scan is."""

    waiting = "waiting"
    read = "read"
    entered = "entered"


SCAN_STATES = {
    ScanState.waiting: N_("Being read"),
    ScanState.read: N_("Read, not entered yet"),
    ScanState.entered: N_("Entered"),
}


class CellState(StrEnum):
    """What a cell holds. One that is struck through, or that the reader cannot tell, is unsure."""

    signed = "signed"
    empty = "empty"
    unsure = "unsure"


class PageProblem(StrEnum):
    """Why a page, or a whole file, was not read."""

    unreadable = "unreadable"
    locked = "locked"
    too_long = "too-long"
    blank = "blank"
    no_code = "no-code"
    unknown_sheet = "unknown-sheet"
    other_event = "other-event"
    unplaced = "unplaced"


class PageWarning(StrEnum):
    """What to look out for on a page that was read."""

    one_bit = "1-bit"
    mirrored = "mirrored"
    incomplete = "incomplete"
    several = "several"


PROBLEMS = {
    PageProblem.unreadable: N_("The file is damaged, or no scan: PDF, JPEG, PNG, TIFF and HEIC are read."),
    PageProblem.locked: N_("The PDF is locked with a password. Save it without one."),
    PageProblem.too_long: N_("The file has too many pages. Send it in parts."),
    PageProblem.blank: N_("The page is blank."),
    PageProblem.no_code: N_("No code of a sign-in sheet was found. It can be typed: it stands under the square code."),
    PageProblem.unknown_sheet: N_("This is no sheet of ours, or one of another project."),
    PageProblem.other_event: N_("This is a sheet of another event. Upload it there."),
    PageProblem.unplaced: N_(
        "The corner marks were not found. Photograph the whole page, from above, on something dark."
    ),
}
WARNINGS = {
    PageWarning.one_bit: N_(
        "Black and white without grey: faint pens are lost. Scan in grey, or look at the empty cells."
    ),
    PageWarning.mirrored: N_("The page is mirrored."),
    PageWarning.incomplete: N_("A part of the page is missing or covered."),
    PageWarning.several: N_("There is more than one sheet in the picture."),
}


@dataclass(frozen=True)
class CellReading:
    """One cell, and how probable a signature is (0 to 1).

    Cells to be written in with words (walk-ins) are signed as soon as something stands there.
    """

    row: str
    column: str
    kind: CellKind
    state: CellState
    probability: float


@dataclass(frozen=True)
class ScannedPage:
    """One sheet found on one page of a file, counted from 1; or why none was. `code` is what its code says.

    `picture` is a JPEG of the page made straight, if one was asked for: of that `region` of the paper.
    """

    file_page: int
    problem: PageProblem | None = None
    code: str = ""
    sheet: str = ""
    page: int = 0
    version: int = 0
    cells: tuple[CellReading, ...] = ()
    warnings: frozenset[PageWarning] = frozenset()
    picture: bytes = b""
    region: Box | None = None

    def to_dict(self) -> dict[str, Any]:
        """For programs, without pictures."""
        return {
            "file_page": self.file_page,
            "problem": self.problem.value if self.problem else None,
            "code": self.code,
            "sheet": self.sheet,
            "page": self.page,
            "version": self.version,
            "warnings": sorted(one.value for one in self.warnings),
            "cells": [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "kind": cell.kind.value,
                    "state": cell.state.value,
                    "probability": cell.probability,
                }
                for cell in self.cells
            ],
        }


@dataclass(frozen=True)
class KeptCell:
    """A cell as it is kept with its page: what was read, and what a person said of it instead."""

    row: str
    column: str
    kind: CellKind
    state: CellState
    probability: float
    decided: bool | None = None

    @property
    def is_signed(self) -> bool | None:
        """None: nobody can tell yet."""
        if self.decided is not None:
            return self.decided
        return None if self.state is CellState.unsure else self.state is CellState.signed

    @property
    def is_walk_in(self) -> bool:
        return _WALK_IN.fullmatch(self.row) is not None

    @property
    def registration_id(self) -> UUID | None:
        """Whose signature it would be; None for trainers, certifiers and walk-ins."""
        if self.kind is not CellKind.signature or self.is_walk_in:
            return None
        return UUID(self.row)

    def to_list(self) -> list[Any]:
        return [self.row, self.column, self.kind.value, self.state.value, self.probability, self.decided]

    @classmethod
    def from_list(cls, kept: Sequence[Any]) -> "KeptCell":
        row, column, kind, state, probability, decided = kept
        return cls(row, column, CellKind(kind), CellState(state), probability, decided)


def half_day_of(column: str, hours: Mapping[str, str]) -> HalfDay | None:
    """Which half-day a column is signed for: its own, or that in which its session began as printed ("09:00–10:30").

    None where the sheet does not say when.
    """
    day_text, _, key = column.partition("/")
    day = date.fromisoformat(day_text)
    if key in _HALVES:
        return day, Half(key)
    try:
        return day, half_of(datetime.combine(day, time.fromisoformat(hours.get(column, "")[:5])))
    except ValueError:
        return None


def is_half_day(column: str) -> bool:
    """Whether a column is of a whole half-day; an empty cell of one session says nothing about the half-day."""
    return column.partition("/")[2] in _HALVES


def media_type_of_scan(content: bytes) -> str | None:
    """By its first bytes; None for what is no scan."""
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        return "image/heic"
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


@dataclass(frozen=True)
class FoundCode:
    """A code on a page: its text, and its four corners clockwise from its own top left, as shares of the picture's
    width and height (within the reader, in pixels). One that somebody typed has no corners.
    """

    text: str
    corners: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class PageSurvey:
    """What the first look at a page finds. `problem` says why there are no codes."""

    codes: tuple[FoundCode, ...] = ()
    problem: PageProblem | None = None
    warnings: frozenset[PageWarning] = field(default_factory=frozenset)


def request(layout: SheetLayout, code: FoundCode, file_page: int, content: bytes, *, with_picture: bool) -> bytes:
    """What the process that reads is sent: the layout of one page, where its code is, and the file."""
    asked = {
        "layout": layout.to_dict(),
        "text": code.text,
        "corners": code.corners,
        "page": file_page,
        "picture": with_picture,
    }
    header = json.dumps(asked).encode()
    return len(header).to_bytes(_HEADER, "big") + header + content


def taken_apart(sent: bytes) -> tuple[dict[str, Any], bytes]:
    """What was asked for, and the file."""
    end = _HEADER + int.from_bytes(sent[:_HEADER], "big")
    return json.loads(sent[_HEADER:end]), sent[end:]


def survey_from(found: Mapping[str, Any]) -> PageSurvey:
    """From what the process that reads has answered."""
    codes = tuple(FoundCode(text, tuple((x, y) for x, y in corners)) for text, corners in found["codes"])
    problem = PageProblem(found["problem"]) if found["problem"] else None
    return PageSurvey(codes, problem, frozenset(map(PageWarning, found["warnings"])))


def page_from(found: Mapping[str, Any], *, file_page: int, code: str) -> ScannedPage:
    """From what the process that reads has answered for one sheet."""
    return ScannedPage(
        file_page=file_page,
        problem=PageProblem(found["problem"]) if found["problem"] else None,
        code=code,
        sheet=found["sheet"],
        page=found["page"],
        version=found["version"],
        cells=tuple(
            CellReading(row, column, CellKind(kind), CellState(state), probability)
            for row, column, kind, state, probability in found["cells"]
        ),
        warnings=frozenset(map(PageWarning, found["warnings"])),
        picture=base64.b64decode(found["picture"]),
        region=Box(*found["region"]) if found["region"] else None,
    )
