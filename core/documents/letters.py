"""Official letters on a project's letter-head: as many A4 pages as a letter takes, with what is left open as lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.documents.pdf import (
    FONT,
    STATEMENT_FONT,
    Document,
    Picture,
    eu_emblem,
    lines_of,
    logos,
    new_pdf,
    write,
)
from core.documents.pictures import qr_boxes
from core.documents.text_setting import TextStyle, broken
from core.i18n import words

LEFT, RIGHT, TOP, BOTTOM = 25.0, 185.0, 16.0, 275.0
WIDTH = RIGHT - LEFT
# Of facts: how wide their names are at most, and where what they say begins.
_NAME, _VALUE = 62.0, 66.0
_ROW, _QR, _SIGNATURE = 5.2, 32.0, 32.0
_GREY, _BLACK, _LINE = (90, 100, 115), (0, 0, 0), (200, 208, 218)


@dataclass(frozen=True)
class LetterHead:
    """What stands above each page: the donor's mark and statement, the project and its contract, partners' logos."""

    statement: str
    project: str
    contract: str
    emblem: str
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Letter:
    """Plain values of one letter. A fact that says nothing is left as a line to write on; the first row of a table
    holds its headings; `link` is printed as text and QR below `link_note`. `about` is what a file of its own is called
    after, where that is not the addressee."""

    head: LetterHead
    to: str
    subject: str
    paragraphs: Sequence[str]
    dated: str
    language: str
    made_at: datetime
    facts: Sequence[tuple[str, str]] = ()
    table: Sequence[Sequence[str]] = ()
    closing: Sequence[str] = ()
    reference: str = ""
    signer: str = ""
    signer_title: str = ""
    link: str = ""
    link_note: str = ""
    about: str = ""


def letters_pdf(letters: Sequence[Letter]) -> bytes:
    """Letters in one file, each from a page of its own on. The same bytes for the same content."""
    first = letters[0]
    pdf = new_pdf(landscape=False, made_at=first.made_at, title=first.subject, language=first.language)
    for letter in letters:
        _Page(pdf, letter).draw()
    return pdf.finished()


class _Page:
    """Where the next line of a letter goes."""

    def __init__(self, pdf: Document, letter: Letter) -> None:
        self.pdf, self.letter, self.say = pdf, letter, words(letter.language)
        self.y = 0.0

    def draw(self) -> None:
        letter = self.letter
        self.turn()
        self.pdf.style(10, "", _BLACK)
        if letter.reference:
            reference = self.say.translate("Reference: %(number)s", number=letter.reference)
            write(self.pdf, LEFT, self.y, reference, 95, "left")
        write(self.pdf, RIGHT - 60, self.y, letter.dated, 60, "right")
        self.y += 12
        self.text(letter.to, 11, "B")
        self.y += 6
        self.text(letter.subject, 12, "B")
        self.y += 3
        self.paragraphs(letter.paragraphs)
        self.facts()
        self.table()
        self.paragraphs(letter.closing)
        self.code()
        self.signature()

    def turn(self) -> None:
        """Begin a page."""
        self.pdf.add_page()
        draw_head(self.pdf, self.letter.head)
        self.y = 42.0

    def room(self, height: float) -> None:
        """Begin a page where so much does not fit this one."""
        if self.y + height > BOTTOM:
            self.turn()

    def text(self, text: str, size: float, weight: str = "") -> None:
        style = TextStyle(size, weight)
        for block in text.split("\n"):
            for line in broken(block, style, WIDTH) or [""]:
                self.room(size * 0.5)
                self.pdf.style(size, weight, _BLACK)
                write(self.pdf, LEFT, self.y, line, WIDTH)
                self.y += size * 0.5

    def paragraphs(self, paragraphs: Iterable[str]) -> None:
        for paragraph in paragraphs:
            self.y += 2
            self.text(paragraph, 10.5)

    def facts(self) -> None:
        self.y += 3
        width = RIGHT - LEFT - _VALUE
        for name, value in self.letter.facts:
            names = broken(name, TextStyle(10, "B"), _NAME)
            values = broken(value, TextStyle(10), width)
            self.room(_ROW * max(len(names), len(values)))
            self.beside(names, LEFT, _NAME, "B")
            self.beside(values, LEFT + _VALUE, width)
            if not value:
                self.pdf.strokes([(LEFT + _VALUE, self.y + 0.8, RIGHT, self.y + 0.8)], 0.1)
            self.y += _ROW * max(len(names), len(values), 1) + 1.2

    def table(self) -> None:
        rows = self.letter.table
        if not rows:
            return
        share = WIDTH / (len(rows[0]) + 1)
        # The first column, names, is twice as wide as any other.
        edges = [LEFT, *(LEFT + share * (at + 2) for at in range(len(rows[0])))]
        self.y += 4
        for number, row in enumerate(rows):
            weight = "" if number else "B"
            columns = list(zip(row, edges, edges[1:], strict=False))
            style = TextStyle(9.5, weight)
            cells = [_lines(cell, style, end - start - 3) for cell, start, end in columns]
            height = _ROW * max(map(len, cells))
            self.room(height + 2)
            for lines, start, end in zip(cells, edges, edges[1:], strict=False):
                self.beside(lines, start, end - start - 3, weight, size=9.5)
            self.y += height
            self.pdf.fill([(LEFT, self.y - 3.2, WIDTH, 0.15)], _LINE)
            self.y += 1.2
        self.y += 3

    def beside(self, lines: Sequence[str], x: float, width: float, weight: str = "", *, size: float = 10) -> None:
        self.pdf.style(size, weight, _BLACK)
        for number, line in enumerate(lines):
            write(self.pdf, x, self.y + _ROW * number, line, width)

    def code(self) -> None:
        if not self.letter.link:
            return
        self.y += 5
        self.room(_QR + 12)
        self.text(self.letter.link_note, 10)
        self.pdf.fill(qr_boxes(self.letter.link, LEFT, self.y - 2, _QR), _BLACK)
        self.pdf.style(9, "", _BLACK)
        for number, line in enumerate(broken(self.letter.link, TextStyle(9), WIDTH - _QR - 4)):
            write(self.pdf, LEFT + _QR + 4, self.y + 4 + 4.5 * number, line, WIDTH - _QR - 4, "left")
        self.y += _QR + 4

    def signature(self) -> None:
        """Who signs, with room above the name, on the right as official letters have it."""
        self.room(_SIGNATURE)
        y, width = self.y + 23.7, 70
        for text, weight in ((self.letter.signer, "B"), (self.letter.signer_title, "")):
            self.pdf.style(10.5, weight, _BLACK)
            for line in broken(text, TextStyle(10.5, weight), width):
                write(self.pdf, RIGHT - width, y, line, width, "centre")
                y += _ROW


def _lines(text: str, style: TextStyle, width: float) -> list[str]:
    """A cell's lines: those it has, broken where they are too wide."""
    return [line for block in text.split("\n") for line in broken(block, style, width)]


def draw_head(pdf: Document, head: LetterHead) -> None:
    """Above a page, between LEFT and RIGHT from TOP on; what follows begins at 42 mm."""
    indent = LEFT
    if head.emblem == "eu":
        eu_emblem(pdf, LEFT, TOP, 13)
        indent += 24
    until = logos(pdf, head.pictures, RIGHT, TOP, 11)
    width = until - indent - 2
    pdf.set_font(STATEMENT_FONT, "", 8.5)
    pdf.set_text_color(*_BLACK)
    for number, line in enumerate(lines_of(pdf, head.statement, width, most=2)):
        write(pdf, indent, TOP + 4 + 4 * number, line, width, "left")
    pdf.set_font(FONT, "", 8)
    pdf.set_text_color(*_GREY)
    # Neither the title nor the contract number is ever cut: smaller type first, then a line more.
    style = TextStyle(8)
    while len(lines := broken(f"{head.project} · {head.contract}", style, width)) > 2 and style.points > 6.5:
        style = style.smaller(style.points - 0.5)
    pdf.style(style.points, "", _GREY)
    y = TOP + 17 - style.leading * len(lines) if len(lines) > 1 else TOP + 12
    for number, line in enumerate(lines):
        write(pdf, indent, y + style.leading * number, line, width + 2, "left")
    pdf.fill([(LEFT, TOP + 18, WIDTH, 0.2)], _LINE)
