"""PDF: bundled fonts for every script they hold, text fitted to its cell, the emblem drawn as vectors."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from typing import Literal, cast

from fpdf import FPDF

from core.documents.fonts import FONTS, Face, is_right_to_left, typeface
from core.documents.pdf_fonts import EmbeddedFonts, FontOutput
from core.documents.pictures import put_picture

__all__ = ["FONTS"]
PDF = "application/pdf"
FONT = "DejaVu"
# The typeface of the funding statement.
STATEMENT_FONT = "Ubuntu"
PageFormat = Literal["A4", "Letter"]
Align = Literal["left", "right", "centre"]
_ELLIPSIS = "…"
# How far a watermark may reach across a page, in millimetres, and its colour.
MARK_WIDTH = 230.0
_MARK_LINES = 4
_PALE = (226, 230, 236)
# The file, and its width in heights.
Picture = tuple[bytes, float]


class Document(FPDF):
    """A PDF whose text is set in fonts of `core.documents.fonts`, which are shared by all documents of a process.

    fpdf's own fonts are parsed and cut down anew for each document, which takes longer than all else.
    """

    def __init__(self, *, landscape: bool, page_format: PageFormat, is_archival: bool = False) -> None:
        kind = "PDFA_2U" if is_archival else None
        super().__init__(orientation="L" if landscape else "P", unit="mm", format=page_format, enforce_compliance=kind)
        self.is_archival = is_archival
        self.set_auto_page_break(False)
        self.single_resources_object = True
        self.embedded = EmbeddedFonts()
        self.face, self.points = typeface(FONT), 9.0

    def set_font(self, family: str | None = None, style: object = "", size: float = 0) -> None:
        self.face, self.points = typeface(family or FONT, str(style)), size or self.points

    def set_font_size(self, size: float) -> None:
        self.points = size

    def style(self, size: float, weight: str, colour: tuple[int, int, int]) -> None:
        """How text is set from now on: points, "" or "B", and red, green and blue up to 255."""
        self.set_font(FONT, weight, size)
        self.set_text_color(*colour)

    def put(self, x: float, y: float, text: str) -> None:
        """Draw a line of text in the font of the moment, beginning at x with its baseline at y."""
        codes = self.face.codes(text)
        at = f"{x * self.k:.2f} {(self.h - y) * self.k:.2f}"
        if codes is not None:
            self.embedded.note(self.face, text)
            drawn = f"BT {self._font(self.face.faces[0])} {at} Td ({codes}) Tj ET"
        else:
            drawn = self._shaped(x, y, text)
        if self.fill_color != self.text_color and self.text_color is not None:
            drawn = f"q {self.text_color.serialize().lower()} {drawn} Q"
        self._out(drawn)

    def fill(self, boxes: Iterable[tuple[float, float, float, float]], colour: tuple[int, int, int]) -> None:
        """Rectangles (x, y, width, height) as one shape without seams."""
        k, h = self.k, self.h
        shapes = [f"{x * k:.2f} {(h - y) * k:.2f} {w * k:.2f} {-height * k:.2f} re" for x, y, w, height in boxes]
        if shapes:
            red, green, blue = (f"{part / 255:.4g}" for part in colour)
            self._out(f"q {red} {green} {blue} rg {' '.join(shapes)} f Q")

    def strokes(self, lines: Iterable[tuple[float, float, float, float]], width: float) -> None:
        """Black lines from (x, y) to (x, y), all at once."""
        k, h = self.k, self.h
        drawn = [f"{x * k:.2f} {(h - y) * k:.2f} m {to * k:.2f} {(h - down) * k:.2f} l" for x, y, to, down in lines]
        if drawn:
            self._out(f"q {width * k:.2f} w {' '.join(drawn)} S Q")

    @contextmanager
    def captured(self) -> Iterator[bytearray]:
        """What is drawn on this page within, to be drawn again on others with `append`; all pages share resources."""
        drawn, page = bytearray(), cast("bytearray", self.pages[self.page].contents)
        start = len(page)
        yield drawn
        drawn += page[start:]

    def append(self, drawn: bytes) -> None:
        self._out(drawn)

    def finished(self) -> bytes:
        """The file. The same content made at the same moment gives the same bytes."""
        if self.is_archival:
            self.set_xmp_metadata(_metadata(cast("str", self.title), self.creation_date))
        return bytes(self.output(output_producer_class=FontOutput))

    def _font(self, face: Face) -> str:
        return f"/F{self.embedded.number_of(face)} {self.points:g} Tf"

    def _shaped(self, x: float, y: float, text: str) -> str:
        drawn, unit = ["BT"], self.points / 1000
        left, bottom = x * self.k, (self.h - y) * self.k
        for run in self.face.shaped(text).runs:
            drawn.append(self._font(run.face))
            for glyph in run.glyphs:
                code = self.embedded.note_glyph(run.face, glyph)
                drawn.append(f"1 0 0 1 {left + glyph.dx * unit:.2f} {bottom + glyph.dy * unit:.2f} Tm ({code}) Tj")
                left += glyph.advance * unit
        return " ".join([*drawn, "ET"])


def new_pdf(
    *,
    landscape: bool,
    made_at: datetime,
    title: str,
    language: str,
    page_format: PageFormat = "A4",
    is_archival: bool = False,
) -> Document:
    """An empty document, A4 if nothing else is said. One that is archival is PDF/A-2u (ISO 19005-2)."""
    pdf = Document(landscape=landscape, page_format=page_format, is_archival=is_archival)
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_lang(language)
    return pdf


def write(pdf: Document, x: float, y: float, text: str, width: float, align: Align | None = None) -> None:
    """One line of text with its baseline at y, cut with an ellipsis where it is wider than the cell.

    Unless `align` says where, it stands where its script begins: Arabic at the right.
    """
    if not text:
        return
    shown = fitted(pdf, text, width)
    align = align or ("right" if is_right_to_left(text) else "left")
    if align != "left":
        x += (width - width_of(pdf, shown)) * (1 if align == "right" else 0.5)
    pdf.put(x, y, shown)


def width_of(pdf: Document, text: str) -> float:
    """Millimetres that the text takes in the font of the moment."""
    return pdf.face.width(text) * pdf.points / 1000 / pdf.k


def write_whole(pdf: Document, x: float, y: float, text: str, width: float, *, smallest: float = 5.0) -> None:
    """`write`, in letters as small as the text needs to fit, down to so many points: names are cut last of all."""
    wide = width_of(pdf, text)
    if wide > width:
        pdf.set_font_size(max(round(pdf.points * width / wide - 0.05, 1), smallest))
    write(pdf, x, y, text, width)


def fitted(pdf: Document, text: str, width: float) -> str:
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


def lines_of(pdf: Document, text: str, width: float, *, most: int) -> list[str]:
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


def watermark(pdf: Document, text: str, *, angle: float, largest: float = 60.0, least: float = 24.0) -> None:
    """For whom a page was made, across its middle in pale letters: as large as the text lets it be, and in several
    lines before it is smaller than `least`. What is written on it afterwards stays readable."""
    pdf.style(10, "B", _PALE)
    size = min(largest, max(10 * MARK_WIDTH / max(width_of(pdf, text), 1), least))
    pdf.style(size, "B", _PALE)
    lines = [text] if width_of(pdf, text) <= MARK_WIDTH else lines_of(pdf, text, MARK_WIDTH, most=_MARK_LINES)
    step = size * 0.45
    with pdf.rotation(angle, pdf.w / 2, pdf.h / 2):
        for number, line in enumerate(lines):
            y = pdf.h / 2 + (number - (len(lines) - 1) / 2) * step
            pdf.put((pdf.w - width_of(pdf, line)) / 2, y, line)


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
        put_picture(pdf, content, right, y, height * ratio, height)
        right -= 4
    return right


def _metadata(title: str, made_at: datetime) -> str:
    """What an archive reads of a document. fpdf2 would write the moment of now, and properties as attributes, which
    a checker of PDF/A refuses."""
    moment = made_at.astimezone(UTC).isoformat(timespec="seconds")
    dates = "".join(f"<xmp:{name}>{moment}</xmp:{name}>" for name in ("CreateDate", "ModifyDate", "MetadataDate"))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title></rdf:Description>'
        f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">{dates}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    )


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    inner = radius * 0.381966  # where the edges of a regular five-pointed star cross
    points = []
    for step in range(10):
        reach = radius if step % 2 == 0 else inner
        angle = math.radians(36 * step)
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points
