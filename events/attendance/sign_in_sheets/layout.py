"""Where everything that has to be found again stands on a printed sign-in sheet, in millimetres.

`documents.make_sheet` makes the layout together with the PDF. It is kept as JSON beside the sheet, for people and
columns change afterwards and what was printed does not. Whoever reads a scan asks it which cell is whose.

All places are measured from the paper's top left corner. On a sheet in Arabic the table is mirrored; marks and code are
not.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

# Four ArUco marks (dictionary 4×4_50, ids 0 to 3 clockwise from top left): side, and distance to the edges.
MARK, MARK_EDGE = 7.0, 8.0
# The QR code, and its distance to the top and right edges.
CODE, CODE_EDGE = 18.0, 20.0


class CellKind(StrEnum):
    """What somebody writes there."""

    signature = "signature"
    walk_in = "walk-in"
    guest = "guest"
    trainer = "trainer"
    certifier = "certifier"


class Box(NamedTuple):
    """A rectangle, from the middle of the line at its left and top to that at its right and bottom."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class SheetLine(NamedTuple):
    """A printed line of a table: at y from x to x if it is horizontal, at x from y to y if not."""

    is_horizontal: bool
    at: float
    start: float
    end: float


class SheetCell(NamedTuple):
    """A cell to be written in.

    `row` is the key of a person or trainer as it was handed in, "W1", "W2", … for walk-ins, or "certifier".
    `column` begins with the day: "2026-03-09/am", "2026-03-09/pm", the key of a session's column, or
    "2026-03-09/name" and the like for what is written in words.
    """

    row: str
    column: str
    kind: CellKind
    box: Box


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page. `number` counts all pages of the sheet from 1; `day_page` of `day_pages` is what its foot says."""

    number: int
    day: date
    day_page: int
    day_pages: int
    lines: tuple[SheetLine, ...]
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A whole sheet; `width` and `height` are those of its paper, turned as it is printed."""

    sheet: str
    version: int
    language: str
    width: float
    height: float
    pages: tuple[SheetPage, ...]

    @property
    def marks(self) -> tuple[Box, ...]:
        """The four marks by their ids."""
        right, bottom = self.width - MARK_EDGE - MARK, self.height - MARK_EDGE - MARK
        corners = ((MARK_EDGE, MARK_EDGE), (right, MARK_EDGE), (right, bottom), (MARK_EDGE, bottom))
        return tuple(Box(x, y, MARK, MARK) for x, y in corners)

    @property
    def code(self) -> Box:
        """The QR code without its white margin."""
        return Box(self.width - CODE_EDGE - CODE, CODE_EDGE, CODE, CODE)

    def page(self, number: int) -> SheetPage | None:
        return next((page for page in self.pages if page.number == number), None)

    def of_page(self, number: int) -> "SheetLayout":
        """The same sheet with that page alone: what reading a scan of it needs."""
        return replace(self, pages=tuple(page for page in self.pages if page.number == number))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "sheet": self.sheet,
            "version": self.version,
            "language": self.language,
            "width": self.width,
            "height": self.height,
            "pages": [_page_to_dict(page) for page in self.pages],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "SheetLayout":
        """From what `to_dict` gave. Raises KeyError, TypeError or ValueError for anything else."""
        pages = tuple(_page_from_dict(page) for page in stored["pages"])
        size = float(stored["width"]), float(stored["height"])
        return cls(str(stored["sheet"]), int(stored["version"]), str(stored["language"]), *size, pages)


def _page_to_dict(page: SheetPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "day": page.day.isoformat(),
        "of_day": [page.day_page, page.day_pages],
        "lines": [[int(line.is_horizontal), line.at, line.start, line.end] for line in page.lines],
        "cells": [
            [cell.row, cell.column, cell.kind.value, cell.box.x, cell.box.y, cell.box.width, cell.box.height]
            for cell in page.cells
        ],
    }


def _page_from_dict(stored: dict[str, Any]) -> SheetPage:
    day_page, day_pages = stored["of_day"]
    return SheetPage(
        number=int(stored["number"]),
        day=date.fromisoformat(stored["day"]),
        day_page=int(day_page),
        day_pages=int(day_pages),
        lines=tuple(SheetLine(bool(turned), *map(float, place)) for turned, *place in stored["lines"]),
        cells=tuple(
            SheetCell(str(row), str(column), CellKind(kind), Box(*map(float, box)))
            for row, column, kind, *box in stored["cells"]
        ),
    )
