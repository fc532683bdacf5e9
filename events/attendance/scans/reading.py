"""Reads scans of sign-in sheets. Runs in the process of `core.isolation`, without secrets, database or layouts of its
own.

First the codes of a page are found; whoever asked looks up what they mean and hands the layout in; then its cells are
read.
"""

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from events.attendance.scans.decoding import DecodedPage, Undecodable, decoded, page_count
from events.attendance.scans.judging import judged
from events.attendance.scans.locating import FoundMark, Placement, find_codes, find_marks, place
from events.attendance.scans.measuring import measure
from events.attendance.scans.rules import CellState, FoundCode, PageProblem, PageWarning, taken_apart
from events.attendance.scans.straightening import DOTS, StraightPage, straighten
from events.attendance.sign_in_sheets.layout import Box, SheetLayout

# One reading is one process: threads would only be in each other's way.
cv2.setNumThreads(1)
# A JPEG is opened that small at first, which is enough for nearly every code.
_FIRST_LOOK = 1600
# Darker than its paper by that much, a dot is ink; a page with less of it is blank.
_DARKER, _BLANK = 40, 0.0006
# Printed lines that have to be found for the page to be the one that its code says it is.
_SURE_OF_THE_PAGE = 0.55
# A cell whose paper is darker or lighter than that beside the others' is covered.
_COVERED = 0.45
# Dots to the millimetre of the picture of a page, out of which each cell is shown, and its quality.
_PAGE_DOTS, _QUALITY = 6, 70


def count_pages(content: bytes) -> dict[str, Any]:
    """How many pages a file has, or why it cannot be opened."""
    try:
        return {"pages": page_count(content), "problem": ""}
    except Undecodable as error:
        return {"pages": 0, "problem": error.problem.value}


def survey_page(content: bytes, page: str) -> dict[str, Any]:
    """The codes on a page, counted from 1, with their corners as shares of width and height; or why there are none."""
    try:
        return _survey(content, int(page))
    except Undecodable as error:
        return {"codes": [], "problem": error.problem.value, "warnings": []}


def _survey(content: bytes, page: int) -> dict[str, Any]:
    seen = decoded(content, page, at_least=_FIRST_LOOK)
    grey = seen.grey
    codes = find_codes(grey, at_a_glimpse=True)
    if not codes:
        # A JPEG was perhaps opened smaller than it is.
        seen = decoded(content, page)
        grey = seen.grey
        codes = find_codes(grey)
    warnings = [PageWarning.one_bit] if seen.is_one_bit else []
    if len({code.text for code in codes}) > 1:
        warnings.append(PageWarning.several)
    problem = "" if codes else (PageProblem.blank if is_blank(grey) else PageProblem.no_code).value
    height, width = grey.shape
    return {
        "codes": [(one.text, [(x / width, y / height) for x, y in one.corners]) for one in codes],
        "problem": problem,
        "warnings": [one.value for one in warnings],
    }


def is_blank(grey: NDArray[np.uint8]) -> bool:
    """Whether there is next to nothing on a page."""
    small = cv2.resize(grey, (300, 300), interpolation=cv2.INTER_AREA)
    white = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    return bool((cv2.subtract(white, small) > _DARKER).mean() < _BLANK)


def read_sheet(sent: bytes) -> dict[str, Any]:
    """The cells of one sheet on one page of a file: what `rules.request` asks for, as `rules.page_from` takes it."""
    asked, content = taken_apart(sent)
    layout = SheetLayout.from_dict(asked["layout"])
    try:
        page = decoded(content, asked["page"])
    except Undecodable as error:
        return _nothing(layout, error.problem)
    height, width = page.picture.shape[:2]
    corners = tuple((x * width, y * height) for x, y in asked["corners"])
    return _read(page, layout, FoundCode(asked["text"], corners), with_picture=asked["picture"])


def _read(page: DecodedPage, layout: SheetLayout, code: FoundCode, *, with_picture: bool) -> dict[str, Any]:
    picture, grey, warnings = page.picture, page.grey, set()
    if page.is_one_bit:
        warnings.add(PageWarning.one_bit)
    marks = find_marks(grey)
    turned = _mirrored(grey, marks, code)
    if turned:
        warnings.add(PageWarning.mirrored)
        picture, grey = np.ascontiguousarray(picture[:, ::-1]), np.ascontiguousarray(grey[:, ::-1])
        marks, code = turned
    placement = place(layout, code, marks)
    if placement is None:
        return _nothing(layout, PageProblem.unplaced, warnings)
    straight = straighten(picture, layout.pages[0], placement)
    if straight.found < _SURE_OF_THE_PAGE:
        return _nothing(layout, PageProblem.unplaced, warnings)
    numbers = measure(straight, layout.pages[0])
    missing = [
        _is_outside(cell.box, placement, grey) or _is_covered(straight, cell.box) for cell in layout.pages[0].cells
    ]
    if any(missing):
        warnings.add(PageWarning.incomplete)
    cells = []
    for cell, (state, probability), is_missing in zip(layout.pages[0].cells, judged(numbers), missing, strict=True):
        state, probability = (CellState.unsure, 0.5) if is_missing else (state, probability)
        cells.append((cell.row, cell.column, cell.kind.value, state.value, probability))
    shown = _picture_of(straight) if with_picture else {}
    return {**_nothing(layout, None, warnings), "cells": cells, **shown}


def _mirrored(
    grey: NDArray[np.uint8], marks: Sequence[FoundMark], code: FoundCode
) -> tuple[list[FoundMark], FoundCode] | None:
    """Marks and code as they lie in the mirrored picture, if that shows more marks: a code is read in a mirror, a mark
    is not."""
    if len(marks) > 1:
        return None
    found = find_marks(np.ascontiguousarray(grey[:, ::-1]))
    if len(found) <= len(marks):
        return None
    # Corners were counted clockwise from the code's own top left, which in a mirror is against the clock.
    corners = [(grey.shape[1] - x, y) for x, y in code.corners]
    return found, FoundCode(code.text, tuple([*corners[:1], *corners[:0:-1]]))


def _nothing(
    layout: SheetLayout, problem: PageProblem | None, warnings: set[PageWarning] | None = None
) -> dict[str, Any]:
    return {
        "problem": problem.value if problem else "",
        "sheet": layout.sheet,
        "page": layout.pages[0].number,
        "version": layout.version,
        "warnings": sorted(one.value for one in warnings or ()),
        "cells": [],
        "picture": "",
        "region": [],
    }


def _is_outside(box: Box, placement: Placement, grey: NDArray[np.uint8]) -> bool:
    """Whether a part of the cell is not in the picture."""
    corners = np.array([(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)])
    x, y = placement.pixels(corners).T
    return bool(x.min() < -1 or y.min() < -1 or x.max() > grey.shape[1] or y.max() > grey.shape[0])


def _is_covered(straight: StraightPage, box: Box) -> bool:
    """Whether something lies on the cell, or there is no paper there."""
    left, top, right, bottom = (edge // DOTS for edge in straight.region.pixels(box))
    here = float(np.median(straight.white[max(top, 0) : bottom + 1, max(left, 0) : right + 1]))
    return here < _COVERED * float(np.median(straight.white))


def _picture_of(straight: StraightPage) -> dict[str, Any]:
    """The page made straight as a JPEG in base64, and which region of the paper it shows, in millimetres."""
    height, width = straight.picture.shape[:2]
    scale = _PAGE_DOTS / DOTS
    small = cv2.resize(straight.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    into = BytesIO()
    Image.fromarray(small).save(into, "JPEG", quality=_QUALITY)
    region = (straight.region.x, straight.region.y, width / DOTS, height / DOTS)
    return {"picture": base64.b64encode(into.getvalue()).decode(), "region": region}
