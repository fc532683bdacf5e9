"""The certificate of attendance: one landscape page in Turkish and English, with a number and a code to verify it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

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
from core.errors import N_
from core.i18n import Words, words

LEFT, RIGHT, MIDDLE = 25.0, 272.0, 148.5
_BLUE, _GREY, _BLACK = (11, 83, 148), (90, 100, 115), (0, 0, 0)
_QR = 24.0
_QR_TOP = 160.0
# Between these stands what is certified, as large as it fits; the signature is below.
_STACK_BEGINS, _STACK_ENDS = 44.0, 168.0
_SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
_SMALLEST = 7.0
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Text:
    """One text of a page, in points, with so many millimetres above it."""

    said: str
    size: float
    bold: bool = False
    colour: Colour = _BLACK
    before: float = 0.0


@dataclass(frozen=True)
class CertificateContent:
    """All that a certificate says; texts that differ by language are by its code. `present` of `held` are half-days."""

    number: str
    name: str
    institution: dict[str, str]
    title: dict[str, str]
    venue: str
    days: Sequence[date]
    present: int
    held: int
    hours: Decimal
    project: str
    contract: str
    statement: dict[str, str]
    emblem: str
    signatory: str
    signatory_function: str
    language: str
    issued_at: datetime
    issued_on: date
    address: str
    # The project's own words between name and event, in place of "took part in".
    sentence: dict[str, str] = field(default_factory=dict)

    def facts(self) -> tuple[object, ...]:
        """What a corrected certificate would differ in."""
        return self.name, self.institution, self.title, tuple(self.days), self.present, self.held, self.hours


def certificate_pdf(content: CertificateContent, pictures: Sequence[Picture] = ()) -> bytes:
    """One page, the same bytes for the same content."""
    first, second = (words(one) for one in ((content.language, "en" if content.language == "tr" else "tr")))
    title = first.translate("Certificate of attendance")
    pdf = new_pdf(landscape=True, made_at=content.issued_at, title=title, language=content.language, is_archival=True)
    pdf.add_page()
    pdf.strokes([(10, 10, 287, 10), (287, 10, 287, 200), (287, 200, 10, 200), (10, 200, 10, 10)], 1)
    _donor(pdf, content, first, pictures)
    texts = _texts(content, title, first, second)
    # Long names and titles at first take a further line; where all of it does not fit, all of it is set smaller.
    scale = next((one for one in _SCALES if _stack(pdf, texts, one, is_drawn=False) <= _STACK_ENDS), _SCALES[-1])
    _stack(pdf, texts, scale, is_drawn=True)
    _signatory(pdf, content, first)
    _proof(pdf, content, first)
    return pdf.finished()


def _in(texts: dict[str, str], say: Words) -> str:
    return texts.get(say.language) or next(iter(texts.values()), "")


def _attended(content: CertificateContent, say: Words) -> str:
    """Which days, how many half-days of those held, how many hours."""
    days = ", ".join(say.day(day, "medium") for day in content.days)
    if len(content.days) > 4:
        days = f"{say.days(content.days[0], content.days[-1])} ({len(content.days)})"
    halves = say.translate(N_("%(present)s of %(held)s half-days"), present=content.present, held=content.held)
    hours = say.translate(N_("%(hours)s hours"), hours=say.number(content.hours)) if content.hours else ""
    return " · ".join(filter(None, [days, halves, hours, content.venue]))


def _donor(pdf: Document, content: CertificateContent, say: Words, pictures: Sequence[Picture]) -> None:
    """Emblem with the statement beside it, as Regulation (EU) 2021/1060, annex IX asks; other marks no larger."""
    x = LEFT
    if content.emblem == "eu":
        eu_emblem(pdf, LEFT, 20, 14)
        x += 25
    until = logos(pdf, pictures, RIGHT, 20, 12)
    pdf.set_font(STATEMENT_FONT, "", 9)
    pdf.set_text_color(*_BLACK)
    y = 25.0
    for line in lines_of(pdf, _in(content.statement, say), until - x - 4, most=3):
        write(pdf, x, y, line, until - x - 4, "left")
        y += 4.2


def _signatory(pdf: Document, content: CertificateContent, say: Words) -> None:
    pdf.strokes([(MIDDLE - 38, 172, MIDDLE + 38, 172)], 0.2)
    y = 173.0
    for text in (_Text(content.signatory, 11, bold=True), _Text(content.signatory_function, 9, colour=_GREY)):
        y, _ = _centred(pdf, text, y, 1, y, is_drawn=True)
        y -= 1.6
    style = TextStyle(7.5)
    pdf.style(style.points, "", _GREY)
    lines = broken(f"{content.project} · {content.contract}", style, RIGHT - LEFT)
    for number, line in enumerate(reversed(lines)):
        write(pdf, LEFT, 192 - number * style.leading, line, RIGHT - LEFT + 0.5, "centre")


def _proof(pdf: Document, content: CertificateContent, say: Words) -> None:
    """Number, date of issue, and where that can be verified."""
    pdf.fill(qr_boxes(content.address, RIGHT - _QR, _QR_TOP, _QR), _BLACK)
    pdf.set_text_color(*_GREY)
    pdf.set_font(FONT, "B", 9)
    write(pdf, LEFT, 176, say.translate("No. %(number)s", number=content.number), 80, "left")
    pdf.set_font(FONT, "", 8)
    write(pdf, LEFT, 181, say.translate("Issued on %(day)s", day=say.day(content.issued_on)), 80, "left")
    pdf.set_font_size(7)
    verified_at = say.translate("To verify: %(address)s", address=content.address)
    write(pdf, LEFT, 196.5, verified_at, RIGHT - LEFT, "left")


def _texts(content: CertificateContent, title: str, first: Words, second: Words) -> list[_Text]:
    """From the title down to what is above the signature."""
    texts = [
        _Text(title, 28, bold=True, colour=_BLUE),
        _Text(second.translate("Certificate of attendance"), 14, colour=_GREY),
        _Text(content.name, 24, bold=True, before=8),
        _Text(_in(content.institution, first), 12, colour=_GREY),
    ]
    for say, size in ((first, 13.0), (second, 10.0)):
        colour = _BLACK if say is first else _GREY
        said = content.sentence.get(say.language) or say.translate("took part in")
        texts += [
            _Text(said, size, colour=colour, before=3),
            _Text(_in(content.title, say), size + 2, bold=say is first, colour=colour),
            _Text(_attended(content, say), size - 1, colour=colour),
        ]
    return texts


def _stack(pdf: Document, texts: Sequence[_Text], scale: float, *, is_drawn: bool) -> float:
    """One below the other in the middle. Returns where the last line stands."""
    y = last = _STACK_BEGINS
    for text in texts:
        y, last = _centred(pdf, text, y + text.before * scale, scale, last, is_drawn=is_drawn)
    return last


def _centred(pdf: Document, text: _Text, y: float, scale: float, last: float, *, is_drawn: bool) -> tuple[float, float]:
    """Lines in the middle, in two at most: smaller where they do not hold it, never cut. Returns where the next one
    goes and where the last one stands."""
    if not text.said:
        return y, last
    # Beside the code a line is as long as leaves it alone.
    width = RIGHT - LEFT if y < _QR_TOP - 8 else RIGHT - LEFT - 2 * (_QR + 4)
    style = TextStyle(text.size * scale, "B" if text.bold else "")
    while len(lines := broken(text.said, style, width)) > 2 and style.points > _SMALLEST:
        style = style.smaller(style.points - 1)
    pdf.style(style.points, style.weight, text.colour)
    for line in lines:
        y += style.points * 0.44
        last = y
        if is_drawn:
            write(pdf, MIDDLE - width / 2, y, line, width + 0.5, "centre")
    return y + 2.4 * scale, last
