"""Printed lists of a delegation: a table across, with the name of who gets it over every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.documents.pdf import PDF, Document, lines_of, new_pdf, watermark, write
from core.documents.sheets import table_file

LEFT, RIGHT, TOP, BOTTOM = 12.0, 285.0, 14.0, 196.0
_BLUE, _GREY, _LINE, _BAND = (11, 83, 148), (90, 100, 115), (200, 208, 218), (232, 237, 244)
_SIZE, _STEP = 8.0, 3.8
_MOST_LINES = 6


@dataclass(frozen=True)
class ListContent:
    """What is printed. `widths` are shares of the line; `mark` is said below: for whom, by whom, when."""

    title: str
    subtitle: str
    recipient: str
    mark: str
    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    language: str
    made_at: datetime


def list_file(content: ListContent, ending: Literal["pdf", "xlsx", "csv"]) -> tuple[bytes, str]:
    """The list as the file that was asked for, and its media type."""
    if ending == "pdf":
        return list_pdf(content), PDF
    rows = [[content.title], [content.subtitle], [content.mark], [], [*content.heads], *content.rows]
    return table_file(content.title, rows, ending)


def list_pdf(content: ListContent) -> bytes:
    """Nothing of a cell is cut before it has six lines; headings again on each page."""
    pdf = new_pdf(landscape=True, made_at=content.made_at, title=content.title, language=content.language)
    whole = RIGHT - LEFT
    total = sum(content.widths)
    widths = [whole * share / total for share in content.widths]
    y = _page(pdf, content, widths)
    for row in content.rows:
        pdf.style(_SIZE, "", (0, 0, 0))
        cells = [lines_of(pdf, text, width - 2, most=_MOST_LINES) for text, width in zip(row, widths, strict=True)]
        height = max(map(len, cells), default=1) * _STEP + 2.4
        if y + height > BOTTOM:
            y = _page(pdf, content, widths)
            pdf.style(_SIZE, "", (0, 0, 0))
        x = LEFT
        for lines, width in zip(cells, widths, strict=True):
            for number, line in enumerate(lines):
                write(pdf, x + 1, y + 4 + number * _STEP, line, width - 2, "left")
            x += width
        y += height
        pdf.fill([(LEFT, y, whole, 0.15)], _LINE)
    _number_pages(pdf, content)
    return pdf.finished()


def _page(pdf: Document, content: ListContent, widths: Sequence[float]) -> float:
    pdf.add_page()
    watermark(pdf, content.recipient, angle=28)
    pdf.style(14, "B", _BLUE)
    write(pdf, LEFT, TOP + 4, content.title, RIGHT - LEFT)
    pdf.style(9, "", _GREY)
    write(pdf, LEFT, TOP + 10, content.subtitle, RIGHT - LEFT)
    y = TOP + 14
    pdf.style(_SIZE, "B", (0, 0, 0))
    heads = [lines_of(pdf, head, width - 2, most=2) for head, width in zip(content.heads, widths, strict=True)]
    height = max(map(len, heads)) * _STEP + 2.4
    pdf.fill([(LEFT, y, RIGHT - LEFT, height)], _BAND)
    x = LEFT
    for lines, width in zip(heads, widths, strict=True):
        for number, line in enumerate(lines):
            write(pdf, x + 1, y + 4 + number * _STEP, line, width - 2, "left")
        x += width
    return y + height


def _number_pages(pdf: Document, content: ListContent) -> None:
    count = pdf.page
    for number in range(1, count + 1):
        pdf.page = number
        pdf.style(7.5, "", _GREY)
        write(pdf, LEFT, 204, content.mark, RIGHT - LEFT - 25, "left")
        write(pdf, RIGHT - 25, 204, f"{number} / {count}", 25, "right")
    pdf.page = count
