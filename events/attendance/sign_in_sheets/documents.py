"""The sign-in sheet: a page or more for each day, with room for a morning and an afternoon signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fpdf import FPDF

from core.documents.pdf import (
    FONT,
    Picture,
    eu_emblem,
    grid,
    lines_of,
    logos,
    new_pdf,
    write,
    write_in_cell,
)
from core.i18n import Words, words
from core.zones import days_between

LEFT, RIGHT, TOP, BOTTOM = 12.0, 198.0, 12.0, 276.0
ROW, HEAD = 9.6, 8.0
COLUMNS = [LEFT, 21.0, 78.0, 126.0, 162.0, RIGHT]
PADDING = 1.6


@dataclass(frozen=True)
class SignatureLine:
    """One person of the sheet."""

    name: str
    institution: str


@dataclass(frozen=True)
class SignInSheet:
    """All that the document shows."""

    title: str
    venue: str
    first_day: date
    last_day: date
    lines: Sequence[SignatureLine]
    blank: int
    project: str
    contract: str
    statement: str
    emblem: str
    language: str
    made_at: datetime
    logos: Sequence[Picture] = ()


def sign_in_sheet(sheet: SignInSheet) -> bytes:
    """The PDF. Page x of y starts anew each day, so that each day can be filed on its own."""
    say = words(sheet.language)
    pdf = new_pdf(landscape=False, made_at=sheet.made_at, title=sheet.title, language=sheet.language)
    lines = [*sheet.lines, *[SignatureLine("", "")] * sheet.blank] or [SignatureLine("", "")] * 20
    for day in days_between(sheet.first_day, sheet.last_day):
        start = _header_height(pdf, sheet)
        per_page = int((BOTTOM - start - HEAD) // ROW)
        pages = [lines[i : i + per_page] for i in range(0, len(lines), per_page)]
        for number, page in enumerate(pages):
            pdf.add_page()
            _header(pdf, sheet, say, day)
            _table(pdf, say, page, start, number * per_page)
            _footer(pdf, say, sheet, number + 1, len(pages))
    return bytes(pdf.output())


def _header_height(pdf: FPDF, sheet: SignInSheet) -> float:
    pdf.set_font(FONT, "B", 14)
    title_lines = len(lines_of(pdf, sheet.title, RIGHT - LEFT, most=2))
    return TOP + 22 + 6.5 * title_lines + 13


def _header(pdf: FPDF, sheet: SignInSheet, say: Words, day: date) -> None:
    text_from = LEFT
    if sheet.emblem == "eu":
        eu_emblem(pdf, LEFT, TOP, 14)
        text_from = LEFT + 25
    until = logos(pdf, sheet.logos, RIGHT, TOP, 10)
    pdf.set_font(FONT, "", 8.5)
    y = TOP + 3
    for line in lines_of(pdf, sheet.statement, until - text_from, most=2):
        write(pdf, text_from, y, line, until - text_from)
        y += 4
    pdf.set_font(FONT, "B", 8.5)
    write(pdf, text_from, TOP + 13, f"{sheet.project} · {sheet.contract}", RIGHT - text_from)
    pdf.set_font(FONT, "B", 14)
    y = TOP + 24
    for line in lines_of(pdf, sheet.title, RIGHT - LEFT, most=2):
        write(pdf, LEFT, y, line, RIGHT - LEFT)
        y += 6.5
    pdf.set_font(FONT, "", 10)
    write(
        pdf,
        LEFT,
        y,
        " · ".join(filter(None, [say.translate("Sign-in sheet"), say.weekday(day), sheet.venue])),
        RIGHT - LEFT,
    )


def _table(pdf: FPDF, say: Words, lines: Sequence[SignatureLine], start: float, before: int) -> None:
    rows = [start, start + HEAD, *[start + HEAD + ROW * (n + 1) for n in range(len(lines))]]
    with pdf.local_context(fill_color=(232, 237, 244)):
        pdf.rect(LEFT, start, RIGHT - LEFT, HEAD, style="F")
    grid(pdf, COLUMNS, rows)
    pdf.set_font(FONT, "B", 9)
    headings = [
        say.translate("No."),
        say.translate("Name"),
        say.translate("Institution"),
        say.translate("Morning signature"),
        say.translate("Afternoon signature"),
    ]
    for x, until, heading in zip(COLUMNS, COLUMNS[1:], headings, strict=False):
        write_in_cell(pdf, x + PADDING, start + 5.4, heading, until - x - 2 * PADDING)
    pdf.set_font(FONT, "", 9)
    for index, line in enumerate(lines):
        y = start + HEAD + ROW * index + 6
        for column, text in enumerate((str(before + index + 1), line.name, line.institution)):
            x, until = COLUMNS[column], COLUMNS[column + 1]
            write_in_cell(pdf, x + PADDING, y, text, until - x - 2 * PADDING)


def _footer(pdf: FPDF, say: Words, sheet: SignInSheet, page: int, pages: int) -> None:
    pdf.set_font(FONT, "", 8)
    write(pdf, LEFT, 285, say.translate("Organiser’s name and signature:") + " " + "." * 60, 130)
    write(pdf, RIGHT - 30, 285, say.translate("Page %(page)s of %(pages)s", page=page, pages=pages), 30)
