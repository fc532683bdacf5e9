"""Draws composed pages of a sign-in sheet into a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from core.documents.pdf import Document, eu_emblem, new_pdf
from core.documents.pictures import put_picture, qr_boxes, runs_of
from core.documents.text_setting import TextStyle
from events.attendance.sign_in_sheets.composition import Area, PlacedText, SignInSheet
from events.attendance.sign_in_sheets.head import CLEAR, PageHead
from events.attendance.sign_in_sheets.layout import CODE, CODE_EDGE, MARK, MARK_EDGE

# Of the printed grid, in millimetres.
LINE = 0.25
CODE_LETTERS, PAGE_NUMBER = TextStyle(5.6), TextStyle(7.5, "B")
_SHADE = (232, 237, 244)
# Marks 0 to 3 of OpenCV's dictionary 4×4_50 within their black frame: 1 is white.
_MARKS = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
_CELLS_OF_A_MARK = 6


@dataclass(frozen=True)
class PageToDraw:
    """A page: what it shares with its day, what is its own, its code, and its number in words."""

    head: PageHead
    area: Area
    code: str
    foot: str


def draw(sheet: SignInSheet, pages: Sequence[PageToDraw]) -> bytes:
    """The PDF of pages that were composed. What pages of a day share is drawn once."""
    pdf = new_pdf(
        landscape=sheet.landscape,
        made_at=sheet.made_at,
        title=sheet.title,
        language=sheet.language,
        page_format=sheet.page_format,
    )
    for _, of_day in groupby(pages, key=lambda page: id(page.head)):
        shared = b""
        for page in of_day:
            pdf.add_page()
            if not shared:
                with pdf.captured() as drawn:
                    _marks(pdf)
                    _head(pdf, sheet, page.head)
                shared = bytes(drawn)
            else:
                pdf.append(shared)
            _area(pdf, page.area)
            _code(pdf, page.code)
            _page_number(pdf, page)
    return pdf.finished()


def _head(pdf: Document, sheet: SignInSheet, head: PageHead) -> None:
    if head.emblem:
        eu_emblem(pdf, head.emblem.x, head.emblem.y, head.emblem.height)
    for (content, _), box in zip(sheet.logos, head.logos, strict=True):
        put_picture(pdf, content, box.x, box.y, box.width, box.height)
    for area in head.areas:
        _texts(pdf, area.texts)


def _area(pdf: Document, area: Area) -> None:
    pdf.fill([(box.x, box.y, box.width, box.height) for box in area.fills], _SHADE)
    pdf.strokes(
        [
            (line.start, line.at, line.end, line.at) if line.is_horizontal else (line.at, line.start, line.at, line.end)
            for line in area.lines
        ],
        LINE,
    )
    _texts(pdf, area.texts)


def _texts(pdf: Document, texts: Sequence[PlacedText]) -> None:
    for text in texts:
        pdf.face, pdf.points = text.style.face, text.style.points
        pdf.put(text.x, text.y, text.text)


def _marks(pdf: Document) -> None:
    right, bottom = pdf.w - MARK_EDGE - MARK, pdf.h - MARK_EDGE - MARK
    corners = ((MARK_EDGE, MARK_EDGE), (right, MARK_EDGE), (right, bottom), (MARK_EDGE, bottom))
    cell = MARK / _CELLS_OF_A_MARK
    pdf.fill([(x, y, MARK, MARK) for x, y in corners], (0, 0, 0))
    white = [
        (x + (1 + start) * cell, y + (1 + row) * cell, length * cell, cell)
        for (x, y), rows in zip(corners, _MARKS, strict=True)
        for row, bits in enumerate(rows)
        for start, length in runs_of(bits, "1")
    ]
    pdf.fill(white, (255, 255, 255))


def _code(pdf: Document, code: str) -> None:
    """The QR code as one path, and the same in letters under it for whoever has to type it."""
    left = pdf.w - CODE_EDGE - CODE
    pdf.fill(qr_boxes(code, left, CODE_EDGE, CODE), (0, 0, 0))
    sheet, _, rest = code.partition("/")[2].partition("/")
    y = CODE_EDGE + CODE + CLEAR
    for line in (f"{code.partition('/')[0]}/{sheet}", f"/{rest}"):
        x = left + (CODE - CODE_LETTERS.width(line)) / 2
        _texts(pdf, [PlacedText(CODE_LETTERS, x, y, line)])
        y += CODE_LETTERS.leading


def _page_number(pdf: Document, page: PageToDraw) -> None:
    """At the end of the lowest line, between the marks."""
    edge = MARK_EDGE + MARK + CLEAR
    x = edge if page.head.is_rtl else pdf.w - edge - PAGE_NUMBER.width(page.foot)
    _texts(pdf, [PlacedText(PAGE_NUMBER, x, pdf.h - MARK_EDGE - 1, page.foot)])
