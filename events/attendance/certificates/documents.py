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
    width_of,
    write,
)
from core.documents.pictures import qr_boxes
from core.errors import N_
from core.i18n import Words, words

LEFT, RIGHT, MIDDLE = 25.0, 272.0, 148.5
_BLUE, _GREY, _BLACK = (11, 83, 148), (90, 100, 115), (0, 0, 0)
_QR = 24.0
Colour = tuple[int, int, int]


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
    y = _centred(pdf, title, 56, 28, bold=True, colour=_BLUE)
    y = _centred(pdf, second.translate("Certificate of attendance"), y - 3, 14, colour=_GREY)
    y = _centred(pdf, content.name, y + 8, 24, bold=True)
    y = _centred(pdf, _in(content.institution, first), y - 2, 12, colour=_GREY)
    for say, size in ((first, 13.0), (second, 10.0)):
        colour = _BLACK if say is first else _GREY
        said = content.sentence.get(say.language) or say.translate("took part in")
        y = _centred(pdf, said, y + 2, size, colour=colour, most=2)
        y = _centred(pdf, _in(content.title, say), y, size + 2, bold=say is first, colour=colour, most=2)
        y = _centred(pdf, _attended(content, say), y, size - 1, colour=colour, most=2)
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
    y = _centred(pdf, content.signatory, 178, 11, bold=True)
    y = _centred(pdf, content.signatory_function, y - 1, 9, colour=_GREY)
    _centred(pdf, f"{content.project} · {content.contract}", max(y + 1, 190), 8, colour=_GREY)


def _proof(pdf: Document, content: CertificateContent, say: Words) -> None:
    """Number, date of issue, and where that can be verified."""
    pdf.fill(qr_boxes(content.address, RIGHT - _QR, 160, _QR), _BLACK)
    pdf.set_text_color(*_GREY)
    pdf.set_font(FONT, "B", 9)
    write(pdf, LEFT, 176, say.translate("No. %(number)s", number=content.number), 80, "left")
    pdf.set_font(FONT, "", 8)
    write(pdf, LEFT, 181, say.translate("Issued on %(day)s", day=say.day(content.issued_on)), 80, "left")
    pdf.set_font_size(7)
    verified_at = say.translate("To verify: %(address)s", address=content.address)
    write(pdf, LEFT, 196.5, verified_at, RIGHT - LEFT, "left")


def _centred(
    pdf: Document, text: str, y: float, size: float, *, bold: bool = False, colour: Colour = _BLACK, most: int = 1
) -> float:
    """Lines in the middle; smaller where a name is too long for one, never cut. Returns where the next one goes."""
    if not text:
        return y
    pdf.set_font(FONT, "B" if bold else "", size)
    pdf.set_text_color(*colour)
    while most == 1 and width_of(pdf, text) > RIGHT - LEFT and pdf.points > 6:
        pdf.set_font_size(pdf.points - 1)
    for line in lines_of(pdf, text, RIGHT - LEFT, most=most):
        write(pdf, LEFT, y, line, RIGHT - LEFT, "centre")
        y += size * 0.5
    return y + 1
