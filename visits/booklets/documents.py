"""The booklet as PDF: A4 upright, from plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.documents.letters import BOTTOM, LEFT, RIGHT, WIDTH, LetterHead, draw_head
from core.documents.pdf import Document, new_pdf, write
from core.documents.pictures import qr_boxes
from core.documents.text_setting import TextStyle, broken
from core.i18n import Words, words
from visits.itineraries.rules import ITINERARY_KINDS, ItineraryDay, ItineraryItem, ItineraryKind
from visits.travel_types import LocalTime

_BLUE, _GREY, _BLACK, _LINE = (11, 83, 148), (90, 100, 115), (0, 0, 0), (200, 208, 218)
_TIMES = 46.0
_QR = 28.0


@dataclass(frozen=True)
class BookletContent:
    """All that a booklet says. `name` is empty in the one for everybody; `sections` are headings with their texts."""

    head: LetterHead
    title: str
    days: str
    venue: str
    map_url: str
    name: str
    zone: str
    itinerary: Sequence[ItineraryDay]
    sections: Sequence[tuple[str, str]]
    language: str
    made_at: datetime


def booklet_pdf(content: BookletContent) -> bytes:
    """Title, map, sections and days; what does not fit a page goes on over it. The same bytes for the same content."""
    title = f"{content.title}: {content.name}" if content.name else content.title
    pdf = new_pdf(landscape=False, made_at=content.made_at, title=title, language=content.language)
    _BookletPages(pdf, content, words(content.language)).draw()
    return pdf.finished()


class _BookletPages:
    """Where the next line of a booklet goes."""

    def __init__(self, pdf: Document, content: BookletContent, say: Words) -> None:
        self.pdf, self.content, self.say, self.y = pdf, content, say, 0.0

    def draw(self) -> None:
        content, say = self.content, self.say
        self.turn()
        self.text(content.title, 20, "B", _BLUE)
        self.text(content.days, 12)
        self.text(content.venue, 12, colour=_GREY)
        if content.name:
            self.y += 3
            self.text(content.name, 14, "B")
        self.map()
        for heading, text in content.sections:
            self.heading(heading)
            self.text(text, 10.5)
        self.heading(say.translate("My itinerary") if content.name else say.translate("Programme"))
        if not content.itinerary:
            self.text(say.translate("Nothing is planned yet"), 10.5)
        for day in content.itinerary:
            self.day(day)

    def turn(self) -> None:
        """Begin a page."""
        self.pdf.add_page()
        draw_head(self.pdf, self.content.head)
        self.pdf.style(8, "", _GREY)
        made = self.say.translate("Made on %(moment)s", moment=self.say.stamp(self.content.made_at, self.content.zone))
        write(self.pdf, LEFT, 286, made, WIDTH - 20)
        write(self.pdf, RIGHT - 20, 286, str(self.pdf.page_no()), 20, "right")
        self.y = 48.0

    def room(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self.turn()

    def text(self, text: str, size: float, weight: str = "", colour: tuple[int, int, int] = _BLACK) -> None:
        style = TextStyle(size, weight)
        for block in text.split("\n") if text else ():
            for line in broken(block, style, WIDTH) or [""]:
                self.room(size * 0.5)
                self.pdf.style(size, weight, colour)
                write(self.pdf, LEFT, self.y, line, WIDTH)
                self.y += size * 0.5

    def heading(self, text: str) -> None:
        self.y += 6
        self.room(16)
        self.text(text, 14, "B", _BLUE)
        self.pdf.fill([(LEFT, self.y - 3.5, WIDTH, 0.4)], _BLUE)
        self.y += 3

    def map(self) -> None:
        """Where it is, as a link and as a code to be read by a telephone."""
        link = self.content.map_url
        if not link:
            return
        self.y += 4
        self.room(_QR + 6)
        self.pdf.fill(qr_boxes(link, LEFT, self.y, _QR), _BLACK)
        self.pdf.link(LEFT, self.y, _QR, _QR, link)
        self.pdf.style(10, "B", _BLACK)
        write(self.pdf, LEFT + _QR + 5, self.y + 5, self.say.translate("Map"), WIDTH - _QR - 5)
        self.pdf.style(9, "", _BLUE)
        for number, line in enumerate(broken(link, TextStyle(9), WIDTH - _QR - 5)):
            write(self.pdf, LEFT + _QR + 5, self.y + 10.5 + 4.5 * number, line, WIDTH - _QR - 5, "left")
        self.y += _QR + 4

    def day(self, day: ItineraryDay) -> None:
        self.room(22)
        self.y += 3
        self.text(self.say.weekday(day.day), 12, "B")
        self.y += 1
        for item in day.items:
            self.item(item)

    def item(self, item: ItineraryItem) -> None:
        """Its time on the left; what, where, and what else is to be known on the right."""
        say, width = self.say, RIGHT - LEFT - _TIMES
        name = say.translate(ITINERARY_KINDS[item.kind])
        what = item.title if item.kind is ItineraryKind.session else f"{name}: {item.title}"
        beside = [item.place if item.kind is ItineraryKind.session else "", duration_in(item.minutes, say)]
        notes = " · ".join([*filter(None, beside), *(f"{say.translate(label)}: {text}" for label, text in item.notes)])
        lines = [(line, TextStyle(10.5, "B")) for line in broken(what, TextStyle(10.5, "B"), width)]
        lines += [(line, TextStyle(9)) for line in broken(notes, TextStyle(9), width)]
        times = broken(self.span(item), TextStyle(10), _TIMES - 3)
        self.room(5 * max(len(lines), len(times)) + 3)
        for number, line in enumerate(times):
            self.pdf.style(10, "", _BLACK)
            write(self.pdf, LEFT, self.y + 5 * number, line, _TIMES - 3)
        for number, (line, style) in enumerate(lines):
            self.pdf.style(style.points, style.weight, _BLACK if style.weight else _GREY)
            write(self.pdf, LEFT + _TIMES, self.y + 5 * number, line, width)
        self.y += 5 * max(len(lines), len(times))
        self.pdf.fill([(LEFT, self.y - 3, WIDTH, 0.15)], _LINE)
        self.y += 2

    def span(self, item: ItineraryItem) -> str:
        """From when to when; the town of a zone where it is not the visit's, the day where it is another."""
        if item.kind in (ItineraryKind.night, ItineraryKind.check_out):
            return ""
        starts = self.clock(item.starts, item.starts.day)
        if item.ends:
            return f"{starts} – {self.clock(item.ends, item.starts.day)}"
        unknown = self.say.translate("arrival not known")
        return f"{starts} – {unknown}" if item.kind is ItineraryKind.leg else starts

    def clock(self, moment: LocalTime, day: date) -> str:
        other_day = "" if moment.day == day else f"{self.say.day(moment.day, 'medium')} "
        if moment.clock is None:
            return f"{other_day}{self.say.translate('time not known')}"
        town = self.say.town(moment.zone)
        beside = [moment.offset, "" if moment.zone == self.content.zone else town]
        named = ", ".join(filter(None, beside))
        return f"{other_day}{moment.clock:%H:%M}{f' ({named})' if named else ''}"


def duration_in(minutes: int | None, say: Words) -> str:
    """“2 h 35 min” in the words of a language; empty where it is not known."""
    if minutes is None:
        return ""
    if minutes < 60:
        return say.translate("%(minutes)s min", minutes=minutes)
    return say.translate("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)
