"""What reading a scan says: of each page which one it is, of each cell whether somebody has signed, or why not.

Ink cannot tell everything: a word ("absent"), a tick or somebody else's signature is read as signed. Nothing may be
entered before a person has looked at all cells that are said to be signed.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.errors import N_, Refusal
from events.attendance.sign_in_sheets.layout import CellKind, SheetLayout

# Bytes that say how long the first part of a request is.
_HEADER = 4


class ReaderMissing(Refusal):
    status = 503
    code = "reader-missing"
    title = N_("Reading scans is not installed here. It needs OpenCV, zxing-cpp, pypdfium2, pillow-heif and numpy.")


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
    """One cell: how probable a signature is (0 to 1), and its picture as JPEG if one was asked for.

    Cells to be written in with words (walk-ins) are signed as soon as something stands there.
    """

    row: str
    column: str
    kind: CellKind
    state: CellState
    probability: float
    picture: bytes = b""


@dataclass(frozen=True)
class ScannedPage:
    """One sheet found on one page of a file, counted from 1; or why none was. `code` is what its code says."""

    file_page: int
    problem: PageProblem | None = None
    code: str = ""
    sheet: str = ""
    page: int = 0
    version: int = 0
    cells: tuple[CellReading, ...] = ()
    warnings: frozenset[PageWarning] = frozenset()
    picture: bytes = b""

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


def request(layout: SheetLayout, code: FoundCode, file_page: int, content: bytes, *, with_pictures: bool) -> bytes:
    """What the process that reads is sent: the layout of one page, where its code is, and the file."""
    asked = {
        "layout": layout.to_dict(),
        "text": code.text,
        "corners": code.corners,
        "page": file_page,
        "pictures": with_pictures,
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
            CellReading(row, column, CellKind(kind), CellState(state), probability, base64.b64decode(picture))
            for row, column, kind, state, probability, picture in found["cells"]
        ),
        warnings=frozenset(map(PageWarning, found["warnings"])),
        picture=base64.b64decode(found["picture"]),
    )
