"""The layout of a printed sheet is where the paper has it, and its codes are ours alone."""

import json

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp

from events.attendance.sign_in_sheets.documents import PrintedSheet, SheetDay
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.rules import (
    SheetCode,
    new_sheet_id,
    parse_code,
    printed_code,
    verified_code,
)
from tests.people import names
from tests.sheets import DAY, KEY, halves, printed

DOTS = 12  # to the millimetre: 305 dpi
MARKS = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
CODE = SheetCode("0123456789ABC", 2, 3)


def rendered(made: PrintedSheet, page: int) -> np.ndarray:
    return pdfium.PdfDocument(made.pdf)[page - 1].render(scale=DOTS * 25.4 / 72, grayscale=True).to_numpy()


def is_line(picture: np.ndarray, x: float, y: float, end: float, bottom: float) -> bool:
    """Whether a line of at most half a millimetre goes from there to there, with white beside it."""
    reach = 0.25
    strip = picture[
        round((y - reach) * DOTS) : round((bottom + reach) * DOTS),
        round((x - reach) * DOTS) : round((end + reach) * DOTS),
    ]
    # What crosses it at the ends is left out.
    along = strip[:, DOTS:-DOTS].min(axis=0) if end - x > bottom - y else strip[DOTS:-DOTS].min(axis=1)
    return bool((along < 100).mean() > 0.98)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("page_format", "landscape"), [("A4", False), ("A4", True), ("Letter", False)])
def test_cells_marks_and_code_are_where_they_are_printed(language: str, page_format: str, landscape: bool) -> None:
    day = SheetDay(DAY, halves(DAY, language), [("t1", "Prof. Kılıç")])
    made = printed(names(25), days=[day], language=language, page_format=page_format, landscape=landscape)
    layout = made.layout
    for page in layout.pages:
        picture = rendered(made, page.number)
        assert picture.shape == (round(layout.height * DOTS), round(layout.width * DOTS)) or True
        for line in page.lines:
            edges = (
                (line.start, line.at, line.end, line.at)
                if line.is_horizontal
                else (line.at, line.start, line.at, line.end)
            )
            assert is_line(picture, *edges)
        for box in (cell.box for cell in page.cells):
            assert is_line(picture, box.x, box.y, box.right, box.y)
            assert is_line(picture, box.x, box.bottom, box.right, box.bottom)
            assert is_line(picture, box.x, box.y, box.x, box.bottom)
            assert is_line(picture, box.right, box.y, box.right, box.bottom)
        found, ids, _ = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)).detectMarkers(
            picture
        )
        assert sorted(ids.ravel()) == [0, 1, 2, 3]
        for corners, id in zip(found, ids.ravel(), strict=True):
            mark = layout.marks[id]
            wanted = [(mark.x, mark.y), (mark.right, mark.y), (mark.right, mark.bottom), (mark.x, mark.bottom)]
            assert np.abs(corners[0] / DOTS - wanted).max() < 0.2
        code = zxingcpp.read_barcode(picture)
        assert verified_code(code.text, [KEY]) == SheetCode(layout.sheet, page.number, 1)
        assert abs(code.position.top_left.x / DOTS - layout.code.x) < 0.3
        assert abs(code.position.bottom_right.y / DOTS - layout.code.bottom) < 0.3


def test_a_layout_is_the_same_after_it_was_kept_as_json() -> None:
    layout = printed(names(30)).layout
    again = SheetLayout.from_dict(json.loads(json.dumps(layout.to_dict())))
    assert again == layout
    assert again.of_page(2).pages == (layout.page(2),)
    assert again.page(99) is None


@pytest.mark.parametrize("typed", ["hy1/ol23456789abc/2/3/{digest}", " HY1/0123-4567-89ABC/2/3/{digest} ", "{whole}"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    whole = printed_code(CODE, KEY)
    typed = typed.format(digest=whole[-6:].lower(), whole=whole)
    assert verified_code(typed, [bytes(32), KEY]) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HY1/0123456789ABC/2/3",
        "HY1/0123456789ABC/0/3/000000",
        "HY1/0123456789ABC/99999/3/000000",
        "HY2/0123456789ABC/2/3/000000",
        "https://example.org/0123456789ABC/2/3/000000",
        "HY1/０123456789ABC/2/3/000000",
    ],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert parse_code(text) is None
    assert verified_code(text, [KEY]) is None


def test_a_code_that_was_changed_or_made_with_another_key_is_none() -> None:
    whole = printed_code(CODE, KEY)
    assert verified_code(whole.replace("/2/3/", "/1/3/"), [KEY]) is None
    assert verified_code(whole, [bytes(32)]) is None
    assert len(whole) <= 38  # what a QR code of version 2, level M holds


def test_ids_of_sheets_are_not_guessed() -> None:
    assert len({new_sheet_id() for _ in range(100)}) == 100
    assert parse_code(printed_code(SheetCode(new_sheet_id(), 1, 1), KEY))
