"""Name badges, ten to a page of A4, and table cards to fold, two to a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.documents.pdf import Document, lines_of, new_pdf, width_of, write
from core.documents.pictures import qr_boxes

# Two columns and five lines of 90 × 54 mm, as sold for badge holders; the margins are what is left of A4.
WIDTH, HEIGHT, LEFT, TOP = 90.0, 54.0, 15.0, 13.5
_QR = 25.0
_GREY, _BLACK, _CUT = (90, 100, 115), (0, 0, 0), (190, 198, 208)
# One colour each, told apart in black and white by the word beside it.
_BANDS = ((11, 83, 148), (32, 112, 62), (150, 70, 0), (110, 40, 120), (60, 66, 78))


@dataclass(frozen=True)
class Badge:
    """One person; `band` numbers the category's colour. A badge without code has no QR."""

    name: str
    title: str
    institution: str
    category: str
    band: int
    code: str = ""


@dataclass(frozen=True)
class BadgeSheet:
    """All badges or cards of an event."""

    event: str
    people: Sequence[Badge]
    language: str
    made_at: datetime


def badges_pdf(sheet: BadgeSheet) -> bytes:
    """Badges with lines to cut along; a name takes two lines and smaller type before anything of it is left out."""
    pdf = new_pdf(landscape=False, made_at=sheet.made_at, title=sheet.event, language=sheet.language)
    for number, badge in enumerate(sheet.people):
        place = number % 10
        if place == 0:
            pdf.add_page()
        _badge(pdf, sheet, badge, LEFT + WIDTH * (place % 2), TOP + HEIGHT * (place // 2))
    return pdf.finished()


def _badge(pdf: Document, sheet: BadgeSheet, badge: Badge, x: float, y: float) -> None:
    pdf.set_draw_color(*_CUT)
    pdf.set_line_width(0.15)
    pdf.rect(x, y, WIDTH, HEIGHT)
    pdf.fill([(x, y, WIDTH, 3)], _BANDS[badge.band % len(_BANDS)])
    inner, room = x + 5, WIDTH - 10
    pdf.style(7, "", _GREY)
    write(pdf, inner, y + 8, sheet.event, room)
    at = y + 17
    for line in _name(pdf, badge.name, room, 18):
        write(pdf, inner, at, line, room)
        at += 7
    beside = room - (_QR + 3 if badge.code else 0)
    pdf.style(8.5, "", _BLACK)
    at = max(at, y + 31) + 1
    for line in lines_of(pdf, badge.title, beside, most=1) + lines_of(pdf, badge.institution, beside, most=3):
        write(pdf, inner, at, line, beside)
        at += 4.2
    pdf.style(7.5, "B", _BANDS[badge.band % len(_BANDS)])
    write(pdf, inner, y + HEIGHT - 3.5, badge.category, beside)
    if badge.code:
        pdf.fill(qr_boxes(badge.code, x + WIDTH - _QR - 3, y + HEIGHT - _QR - 3, _QR), _BLACK)


def table_cards_pdf(sheet: BadgeSheet) -> bytes:
    """Cards of 210 × 148 mm that stand when folded, the name on both sides."""
    pdf = new_pdf(landscape=False, made_at=sheet.made_at, title=sheet.event, language=sheet.language)
    for number, badge in enumerate(sheet.people):
        top = 148.5 * (number % 2)
        if number % 2 == 0:
            pdf.add_page()
        fold = top + 74.25
        pdf.set_draw_color(*_CUT)
        pdf.set_line_width(0.15)
        pdf.line(0, fold, 210, fold)
        pdf.line(0, top + 148.5, 210, top + 148.5)
        _side(pdf, badge, fold)
        with pdf.rotation(180, 105, fold):
            _side(pdf, badge, fold)
    return pdf.finished()


def _side(pdf: Document, badge: Badge, fold: float) -> None:
    lines = _name(pdf, badge.name, 186, 44)
    at = fold + (34 if len(lines) == 1 else 26)
    for line in lines:
        write(pdf, 12, at, line, 186, "centre")
        at += 17
    pdf.style(16, "", _GREY)
    for line in lines_of(pdf, badge.institution, 186, most=2):
        write(pdf, 12, at, line, 186, "centre")
        at += 7


def _name(pdf: Document, name: str, room: float, size: float) -> list[str]:
    """As large as two lines hold it whole."""
    while size > 8:
        pdf.style(size, "B", _BLACK)
        lines = lines_of(pdf, name, room, most=2)
        if " ".join(lines) == " ".join(name.split()) and all(width_of(pdf, line) <= room for line in lines):
            return lines
        size -= 1
    return lines_of(pdf, name, room, most=2)
