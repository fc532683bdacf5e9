"""PDF: one bundled font for every script, text cut to its cell, the emblem drawn as vectors."""

import copy
import math
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont

from core.errors import Unfit

PDF = "application/pdf"
FONTS = Path(__file__).resolve().parents[2] / "templates" / "static" / "vendor"
FONT = "DejaVu"
# Scripts whose letters join or stack: only these need the slower shaped drawing.
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufeff\u0300-\u036f]")
_ELLIPSIS = "…"
# The file, and its width in heights.
Picture = tuple[bytes, float]


def new_pdf(*, landscape: bool, made_at: datetime, title: str, language: str) -> FPDF:
    """An empty A4 document. The same content made at the same moment gives the same bytes."""
    pdf = copy.deepcopy(_with_fonts("L" if landscape else "P"))
    for font in (f for f in pdf.fonts.values() if isinstance(f, TTFFont)):
        # A copy shares the parsed file, which writing the document cuts down to the letters it used.
        font.ttfont = TTFont(BytesIO(_bytes_of(font.ttffile)), recalcTimestamp=False, lazy=True)
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_lang(language)
    return pdf


@cache
def _with_fonts(orientation: str) -> FPDF:
    # Loading both fonts takes 40 ms, a copy of a document that has them 7 ms.
    pdf = FPDF(orientation=orientation, unit="mm", format="A4")
    pdf.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    pdf.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    pdf.set_auto_page_break(False)
    pdf.set_font(FONT, "", 9)
    return pdf


@cache
def _bytes_of(file: Path) -> bytes:
    return Path(file).read_bytes()


def write(pdf: FPDF, x: float, y: float, text: str, width: float) -> None:
    """One line of text with its baseline at y, cut with an ellipsis where it is wider than the cell."""
    if not text:
        return
    if _SHAPED.search(text):
        with pdf.local_context():
            pdf.set_text_shaping(True)
            pdf.set_xy(x, y - pdf.font_size)
            pdf.cell(width, pdf.font_size * 1.3, text, align="R")
        pdf.set_text_shaping(False)
        return
    pdf.text(x, y, fitted(pdf, text, width))


def width_of(pdf: FPDF, text: str) -> float:
    """Millimetres that the text takes as it is drawn: unshaped, in the font of the moment.

    fpdf's own measuring looks for markup first, which takes five times as long.
    """
    font = pdf.current_font
    if not isinstance(font, TTFFont):
        raise Unfit("documents are written in fonts that they carry themselves")
    return font.get_text_width(text, pdf.font_size_pt, None)[1] / pdf.k


def write_in_cell(pdf: FPDF, x: float, y: float, text: str, width: float) -> None:
    """One line, or two smaller ones where the text is too long for one: a name is read in full."""
    if _SHAPED.search(text):
        write(pdf, x, y, text, width)
        return
    if width_of(pdf, text) <= width:
        pdf.text(x, y, text)
        return
    size = pdf.font_size_pt
    pdf.set_font_size(size - 1.5)
    for index, line in enumerate(lines_of(pdf, text, width, most=2)):
        write(pdf, x, y - 2 + 3.2 * index, line, width)
    pdf.set_font_size(size)


def fitted(pdf: FPDF, text: str, width: float) -> str:
    """The text, or as much of it as the width holds."""
    if width_of(pdf, text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(pdf, text[:middle].rstrip() + _ELLIPSIS) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS


def lines_of(pdf: FPDF, text: str, width: float, *, most: int) -> list[str]:
    """The text broken into lines of that width; what does not fit the last line is cut."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        taken = 1
        while taken < len(rest) and width_of(pdf, " ".join(rest[: taken + 1])) <= width:
            taken += 1
        if len(lines) == most - 1:
            taken = len(rest)
        lines.append(fitted(pdf, " ".join(rest[:taken]), width))
        rest = rest[taken:]
    return lines


def grid(pdf: FPDF, xs: list[float], ys: list[float]) -> None:
    """The lines of a table: one stroke per row and column, not four per cell."""
    pdf.set_line_width(0.2)
    for x in xs:
        pdf.line(x, ys[0], x, ys[-1])
    for y in ys:
        pdf.line(xs[0], y, xs[-1], y)


def eu_emblem(pdf: FPDF, x: float, y: float, height: float) -> None:
    """The European emblem by its construction: 2:3, twelve upright stars of radius 1/18 on a circle of 1/3.

    Source: Interinstitutional style guide, annex A1 (graphics guide to the European emblem).
    """
    with pdf.local_context(fill_color=(0, 51, 153), draw_color=(0, 51, 153)):
        pdf.rect(x, y, height * 1.5, height, style="F")
    with pdf.local_context(fill_color=(255, 204, 0)):
        for hour in range(12):
            angle = math.radians(30 * hour)
            centre = (
                x + height * 0.75 + height / 3 * math.sin(angle),
                y + height / 2 - height / 3 * math.cos(angle),
            )
            pdf.polygon(_star(*centre, height / 18), style="F")


def logos(pdf: FPDF, pictures: Sequence[Picture], right: float, y: float, height: float) -> float:
    """Pictures beside each other, the last one ending at `right`. Returns where the first begins."""
    for content, ratio in reversed(pictures):
        right -= height * ratio
        pdf.image(BytesIO(content), x=right, y=y, h=height)
        right -= 4
    return right


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    inner = radius * 0.381966  # where the edges of a regular five-pointed star cross
    points = []
    for step in range(10):
        reach = radius if step % 2 == 0 else inner
        angle = math.radians(36 * step)
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points
