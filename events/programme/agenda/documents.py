"""The printed programme: a page for each day, good enough to lie before a minister."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from core.documents.pdf import FONT, Document, Picture, eu_emblem, lines_of, logos, new_pdf, write
from core.i18n import Words, words
from events.programme.events.rules import SessionKind

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 16.0, 272.0
TEXT = 54.0
_QUIET = (
    SessionKind.coffee,
    SessionKind.lunch,
    SessionKind.dinner,
    SessionKind.breakfast,
    SessionKind.travel,
)
_BLUE, _GREY, _LINE = (11, 83, 148), (90, 100, 115), (200, 208, 218)


@dataclass(frozen=True)
class ProgrammeItem:
    """A session in local time. `people` are part (a message), name and languages."""

    starts: datetime
    ends: datetime
    title: str
    kind: SessionKind
    venue: str
    people: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Programme:
    """All that the document and the page show."""

    title: str
    venue: str
    first_day: date
    last_day: date
    items: Sequence[ProgrammeItem]
    project: str
    contract: str
    statement: str
    emblem: str
    version: int
    language: str
    made_at: datetime
    logos: Sequence[Picture] = ()

    @property
    def days(self) -> list[tuple[date, list[ProgrammeItem]]]:
        return [(day, list(items)) for day, items in groupby(self.items, lambda i: i.starts.date())]


def programme_pdf(programme: Programme) -> bytes:
    """A page for each day; a day that does not fit goes on over the page."""
    say = words(programme.language)
    pdf = new_pdf(landscape=False, made_at=programme.made_at, title=programme.title, language=programme.language)
    for day, items in programme.days or [(programme.first_day, [])]:
        y = _new_page(pdf, programme, say, day)
        for item in items:
            if y + _height(pdf, item) > BOTTOM:
                y = _new_page(pdf, programme, say, day)
            y = _item(pdf, say, item, y)
    return pdf.finished()


def _new_page(pdf: Document, programme: Programme, say: Words, day: date) -> float:
    pdf.add_page()
    if programme.emblem == "eu":
        eu_emblem(pdf, LEFT, TOP, 12)
    indent = LEFT + (22 if programme.emblem == "eu" else 0)
    until = logos(pdf, programme.logos, RIGHT, TOP, 10)
    pdf.style(8, "", _GREY)
    write(pdf, indent, TOP + 4, programme.statement, until - indent)
    write(pdf, indent, TOP + 8.5, f"{programme.project} · {programme.contract}", until - indent)
    y = TOP + 25
    pdf.style(18, "B", _BLUE)
    for line in lines_of(pdf, programme.title, RIGHT - LEFT, most=3):
        write(pdf, LEFT, y, line, RIGHT - LEFT)
        y += 8
    pdf.style(11, "", _GREY)
    if programme.venue:
        write(pdf, LEFT, y, programme.venue, RIGHT - LEFT)
        y += 6
    pdf.style(13, "B", (0, 0, 0))
    write(pdf, LEFT, y + 5, say.weekday(day), RIGHT - LEFT)
    pdf.set_draw_color(*_BLUE)
    pdf.set_line_width(0.6)
    pdf.line(LEFT, y + 8, RIGHT, y + 8)
    pdf.style(8, "", _GREY)
    if programme.version:
        write(pdf, LEFT, 286, say.translate("Version %(number)s", number=programme.version), 60)
    write(pdf, RIGHT - 20, 286, str(pdf.page_no()), 20)
    return y + 14


def _height(pdf: Document, item: ProgrammeItem) -> float:
    pdf.set_font(FONT, "B", 11)
    titles = len(lines_of(pdf, item.title, RIGHT - TEXT, most=3))
    return titles * 5.4 + (4.8 if item.venue else 0) + 4.8 * len(item.people) + 5


def _item(pdf: Document, say: Words, item: ProgrammeItem, y: float) -> float:
    is_quiet = item.kind in _QUIET
    pdf.style(11, "", _GREY if is_quiet else (0, 0, 0))
    write(pdf, LEFT, y, f"{item.starts:%H:%M} – {item.ends:%H:%M}", TEXT - LEFT)
    pdf.style(11, "" if is_quiet else "B", _GREY if is_quiet else (0, 0, 0))
    for line in lines_of(pdf, item.title, RIGHT - TEXT, most=3):
        write(pdf, TEXT, y, line, RIGHT - TEXT)
        y += 5.4
    pdf.style(9.5, "", _GREY)
    if item.venue:
        write(pdf, TEXT, y, item.venue, RIGHT - TEXT)
        y += 4.8
    for role, name, languages in item.people:
        write(pdf, TEXT, y, f"{say.translate(role)}: {name}{f' ({languages})' if languages else ''}", RIGHT - TEXT)
        y += 4.8
    pdf.set_draw_color(*_LINE)
    pdf.set_line_width(0.2)
    pdf.line(LEFT, y - 1.5, RIGHT, y - 1.5)
    return y + 5
