"""The certificate of attendance: one landscape page that can hang on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.documents.pdf import FONT, Picture, eu_emblem, lines_of, logos, new_pdf, width_of, write
from core.i18n import words

LEFT, RIGHT, MIDDLE = 25.0, 272.0, 148.5
_BLUE, _GREY, _BLACK = (11, 83, 148), (90, 100, 115), (0, 0, 0)


@dataclass(frozen=True)
class Certificate:
    """All that the document shows. `days` are those with a signature."""

    name: str
    institution: str
    title: str
    venue: str
    days: Sequence[date]
    project: str
    contract: str
    statement: str
    emblem: str
    language: str
    made_at: datetime
    logos: Sequence[Picture] = ()


def certificate_pdf(certificate: Certificate) -> bytes:
    """One page, the same bytes for the same content and moment."""
    say = words(certificate.language)
    pdf = new_pdf(
        landscape=True,
        made_at=certificate.made_at,
        title=say.translate("Certificate of attendance"),
        language=certificate.language,
    )
    pdf.add_page()
    pdf.set_draw_color(*_BLUE)
    pdf.set_line_width(1)
    pdf.rect(10, 10, 277, 190)
    if certificate.emblem == "eu":
        eu_emblem(pdf, LEFT, 22, 16)
    logos(pdf, certificate.logos, RIGHT, 22, 14)

    def centred(
        text: str, y: float, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _BLACK, most: int = 1
    ) -> float:
        pdf.set_font(FONT, "B" if bold else "", size)
        pdf.set_text_color(*colour)
        for line in lines_of(pdf, text, RIGHT - LEFT, most=most):
            write(pdf, MIDDLE - width_of(pdf, line) / 2, y, line, RIGHT - LEFT)
            y += size * 0.5
        return y

    centred(say.translate("Certificate of attendance"), 66, 30, bold=True, colour=_BLUE)
    y = centred(certificate.name, 90, 24, bold=True)
    y = centred(certificate.institution, y, 13, colour=_GREY)
    y = centred(say.translate("took part in"), y + 8, 13)
    y = centred(certificate.title, y + 6, 18, bold=True, most=3)
    days = certificate.days
    when = say.days(days[0], days[-1])
    if len(days) > 1:
        when = f"{when} · {say.translate('%(count)s days', count=say.number(len(days)))}"
    y = centred(" · ".join(filter(None, [when, certificate.venue])), y + 4, 13)
    # Somebody signs it.
    pdf.set_line_width(0.2)
    pdf.set_draw_color(*_GREY)
    pdf.line(MIDDLE - 35, 168, MIDDLE + 35, 168)
    centred(f"{certificate.project} · {certificate.contract}", 180, 9, colour=_GREY)
    centred(certificate.statement, 186, 9, colour=_GREY, most=2)
    return pdf.finished()
