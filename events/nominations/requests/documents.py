"""The letter to an institution, on the project's letter-head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import segno

from core.documents.pdf import FONT, Document, Picture, eu_emblem, lines_of, logos, new_pdf, write
from core.i18n import words

LEFT, RIGHT, TOP = 25.0, 185.0, 16.0
_GREY = (90, 100, 115)


@dataclass(frozen=True)
class CallLetter:
    """Plain values of one letter. `link` is empty on copies that are not the focal point's own."""

    to: str
    statement: str
    project: str
    contract: str
    emblem: str
    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]]
    signer: str
    signer_title: str
    reference: str
    dated: str
    link: str
    language: str
    made_at: datetime
    pictures: Sequence[Picture] = ()


def call_letters_pdf(letters: Sequence[CallLetter]) -> bytes:
    """Letters in one file, an A4 page each: emblem and statement, number and date, addressee, what is asked, the link
    as text and QR, and the block to sign."""
    first = letters[0]
    pdf = new_pdf(landscape=False, made_at=first.made_at, title=first.subject, language=first.language)
    for letter in letters:
        pdf.add_page()
        _page(pdf, letter)
    return pdf.finished()


def _page(pdf: Document, letter: CallLetter) -> None:
    say = words(letter.language)
    _head(pdf, letter)
    y = 42.0
    if letter.reference:
        _style(pdf, 10)
        write(pdf, LEFT, y, say.translate("Reference: %(number)s", number=letter.reference), 90)
    _style(pdf, 10)
    write(pdf, RIGHT - 60, y, letter.dated, 60)
    y = _lines(pdf, letter.to, y + 12, 11, "B")
    y = _lines(pdf, letter.subject, y + 6, 12, "B")
    y += 3
    for paragraph in letter.paragraphs:
        y = _lines(pdf, paragraph, y + 2, 10.5)
    y += 3
    for name, value in letter.facts:
        _style(pdf, 10, "B")
        write(pdf, LEFT, y, name, 42)
        _style(pdf, 10)
        for line in lines_of(pdf, value, RIGHT - LEFT - 45, most=3):
            write(pdf, LEFT + 45, y, line, RIGHT - LEFT - 45)
            y += 5.2
        y += 1.2
    if letter.link:
        y = _lines(pdf, say.translate("Please nominate people here; the link is yours alone:"), y + 5, 10)
        picture = BytesIO()
        segno.make(letter.link, error="m").save(picture, kind="png", scale=6, border=1)
        pdf.image(picture, x=LEFT, y=y - 2, h=32)
        _style(pdf, 9)
        for index, line in enumerate(_pieces(letter.link, 62)):
            write(pdf, LEFT + 36, y + 4 + 4.5 * index, line, RIGHT - LEFT - 36)
        y += 36
    _sign(pdf, letter, y + 8)


def _sign(pdf: Document, letter: CallLetter, y: float) -> None:
    """Who signs, with room above the name, on the right as official letters have it."""
    x, width = RIGHT - 70, 70
    for index, (text, weight) in enumerate(((letter.signer, "B"), (letter.signer_title, ""))):
        _style(pdf, 10.5, weight)
        for line in lines_of(pdf, text, width, most=2):
            write(pdf, x, y + 15.7 + 5.2 * index, line, width, "centre")


def _head(pdf: Document, letter: CallLetter) -> None:
    indent = LEFT
    if letter.emblem == "eu":
        eu_emblem(pdf, LEFT, TOP, 13)
        indent += 24
    until = logos(pdf, letter.pictures, RIGHT, TOP, 11)
    _style(pdf, 8.5)
    pdf.set_text_color(*_GREY)
    for index, line in enumerate(lines_of(pdf, letter.statement, until - indent - 2, most=2)):
        write(pdf, indent, TOP + 4 + 4 * index, line, until - indent)
    write(pdf, indent, TOP + 12, f"{letter.project} · {letter.contract}", until - indent)
    pdf.set_draw_color(200, 208, 218)
    pdf.line(LEFT, TOP + 18, RIGHT, TOP + 18)


def _lines(pdf: Document, text: str, y: float, size: float, weight: str = "") -> float:
    _style(pdf, size, weight)
    for block in text.split("\n"):
        for line in lines_of(pdf, block, RIGHT - LEFT, most=30) or [""]:
            write(pdf, LEFT, y, line, RIGHT - LEFT)
            y += size * 0.5
    return y


def _pieces(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


def _style(pdf: Document, size: float, weight: str = "") -> None:
    pdf.set_font(FONT, weight, size)
    pdf.set_text_color(0, 0, 0)
