"""A report as a spreadsheet and as a PDF: both say what the page says."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.documents.pdf import Document, Picture, eu_emblem, lines_of, logos, new_pdf, write
from core.documents.sheets import workbook
from core.i18n import Words

LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 14.0, 280.0
_BLUE, _GREY, _LINE, _BAND = (11, 83, 148), (90, 100, 115), (200, 208, 218), (232, 237, 244)
HIDDEN = "c"
Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class ReportTable:
    """One table: headings, lines, and a last line of totals if `has_total`. None is a hidden number."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    has_total: bool = False
    note: str = ""


@dataclass(frozen=True)
class ReportContent:
    """What is printed."""

    title: str
    period: str
    project: str
    contract: str
    statement: str
    emblem: str
    tables: Sequence[ReportTable]
    made_at: datetime
    language: str
    logos: Sequence[Picture] = ()


def report_xlsx(content: ReportContent) -> bytes:
    """A sheet for each table. Numbers are numbers; a hidden one is the letter c, which adds to nothing."""
    into = io.BytesIO()
    with workbook(into) as book:
        bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#E8EDF4"})
        day, wrapped = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"text_wrap": True})
        for number, table in enumerate(content.tables, start=1):
            sheet = book.add_worksheet(f"{number} {_sheet_name(table.title)}"[:31])
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, 12, 16)
            sheet.write_string(0, 0, f"{content.title} – {table.title}", bold)
            sheet.write_string(1, 0, content.period)
            for column, name in enumerate(table.heads):
                sheet.write_string(3, column, name, head)
            for line, row in enumerate(table.lines, start=4):
                for column, value in enumerate(row):
                    _put(sheet, line, column, value, day, wrapped)
            if table.note:
                sheet.write_string(len(table.lines) + 5, 0, table.note)
    return into.getvalue()


def _sheet_name(title: str) -> str:
    """Without what names of sheets may not hold."""
    return "".join(char for char in title if char not in "[]:*?/\\'")


def _put(sheet: Any, line: int, column: int, value: Cell, day: Any, wrapped: Any) -> None:
    if value is None:
        sheet.write_string(line, column, HIDDEN)
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, day)
    elif isinstance(value, int | Decimal):
        sheet.write_number(line, column, value)
    else:
        sheet.write_string(line, column, value, wrapped)


def report_pdf(content: ReportContent, say: Words) -> bytes:
    """Tables one below the other, headings again on each page."""
    pdf = new_pdf(landscape=False, made_at=content.made_at, title=content.title, language=content.language)
    y = _first_page(pdf, content)
    for table in content.tables:
        if not table.lines:
            continue
        y = _head(pdf, table, _room_for(pdf, content, y, 24))
        for number, row in enumerate(table.lines):
            height = _height(pdf, table, row)
            if y + height > BOTTOM:
                y = _head(pdf, table, _next_page(pdf, content))
            is_total = table.has_total and number == len(table.lines) - 1
            _line(pdf, table, [shown(value, say) for value in row], y, height, is_total=is_total)
            y += height
        if table.note:
            pdf.style(7.5, "", _GREY)
            for line in lines_of(pdf, table.note, RIGHT - LEFT, most=3):
                write(pdf, LEFT, y + 4, line, RIGHT - LEFT)
                y += 4
        y += 8
    return pdf.finished()


def shown(value: Cell, say: Words) -> str:
    """A cell as people read it."""
    if value is None:
        return HIDDEN
    if isinstance(value, date):
        return say.day(value, "medium")
    return say.number(value) if isinstance(value, int | Decimal) else value


def _first_page(pdf: Document, content: ReportContent) -> float:
    y = _next_page(pdf, content)
    pdf.style(16, "B", _BLUE)
    for line in lines_of(pdf, content.title, RIGHT - LEFT, most=3):
        write(pdf, LEFT, y + 3, line, RIGHT - LEFT)
        y += 7
    pdf.style(10, "", _GREY)
    write(pdf, LEFT, y + 3, content.period, RIGHT - LEFT)
    return y + 10


def _next_page(pdf: Document, content: ReportContent) -> float:
    pdf.add_page()
    has_emblem = content.emblem == "eu"
    if has_emblem:
        eu_emblem(pdf, LEFT, TOP, 11)
    indent = LEFT + (20 if has_emblem else 0)
    until = logos(pdf, content.logos, RIGHT, TOP, 10)
    pdf.style(8, "", _GREY)
    y = TOP + 3.5
    for text in (content.statement, f"{content.project} · {content.contract}"):
        for line in lines_of(pdf, text, until - indent, most=2):
            write(pdf, indent, y, line, until - indent)
            y += 4
    write(pdf, RIGHT - 20, 290, str(pdf.page_no()), 20)
    return max(y, TOP + 14) + 4


def _room_for(pdf: Document, content: ReportContent, y: float, height: float) -> float:
    return y if y + height <= BOTTOM else _next_page(pdf, content)


def _widths(table: ReportTable) -> list[float]:
    """Columns of text take what columns of numbers and short words leave; the first one where there is no other."""
    texts = [any(len(str(row[column])) > 8 for row in table.lines) for column in range(len(table.heads))]
    if not any(texts):
        texts[0] = True
    narrow = 24.5
    wide = (RIGHT - LEFT - narrow * texts.count(False)) / texts.count(True)
    return [wide if is_text else narrow for is_text in texts]


def _height(pdf: Document, table: ReportTable, row: Sequence[Cell]) -> float:
    pdf.style(8.5, "", (0, 0, 0))
    pairs = zip(row, _widths(table), strict=True)
    return 2.2 + 4 * max(len(lines_of(pdf, str(one), width - 3, most=12)) for one, width in pairs)


def _head(pdf: Document, table: ReportTable, y: float) -> float:
    pdf.style(11, "B", _BLUE)
    write(pdf, LEFT, y + 4, table.title, RIGHT - LEFT)
    pdf.set_fill_color(*_BAND)
    pdf.rect(LEFT, y + 7, RIGHT - LEFT, 10, style="F")
    x = LEFT
    pdf.style(7.5, "B", (0, 0, 0))
    for name, width in zip(table.heads, _widths(table), strict=True):
        for number, line in enumerate(lines_of(pdf, name, width - 3, most=2)):
            write(pdf, x + 1.5, y + 11 + 3.6 * number, line, width - 3)
        x += width
    return y + 17


def _line(pdf: Document, table: ReportTable, row: Sequence[str], y: float, height: float, *, is_total: bool) -> None:
    x = LEFT
    pdf.style(8.5, "B" if is_total else "", (0, 0, 0))
    for text, width in zip(row, _widths(table), strict=True):
        for number, line in enumerate(lines_of(pdf, text, width - 3, most=12)):
            write(pdf, x + 1.5, y + 4 + 4 * number, line, width - 3)
        x += width
    pdf.set_draw_color(*_LINE)
    pdf.set_line_width(0.2)
    pdf.line(LEFT, y + height, RIGHT, y + height)
