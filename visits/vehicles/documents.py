"""The driver's sheet: one A4 page a vehicle, to be held up and driven by. No passport data stand on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.documents.pdf import Document, lines_of, new_pdf, watermark, width_of, write, write_whole
from core.i18n import Words, words
from visits.travel_types import LocalTime
from visits.vehicles.models import Vehicle
from visits.vehicles.rules import VEHICLE_DIRECTIONS

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 18.0, 272.0
WIDTH = RIGHT - LEFT
_BLACK, _GREY, _LINE = (0, 0, 0), (90, 100, 115), (200, 208, 218)
_LABEL = 48.0
_ROW = 6.4
# More than these columns hold are counted, not named: nobody is lost, the count stands above.
_COLUMNS = 2


@dataclass(frozen=True)
class SheetLeg:
    """A leg that a vehicle serves, with its planned time there and how many ride because of it."""

    label: str
    origin: str
    destination: str
    at: LocalTime | None
    terminal: str
    people: int


@dataclass(frozen=True)
class DriverSheet:
    """Plain values of one page: `names` with the leg each comes or goes by."""

    event: str
    vehicle: Vehicle
    pick_up: LocalTime | None
    legs: Sequence[SheetLeg]
    names: Sequence[tuple[str, str]]


def driver_sheets_pdf(
    sheets: Sequence[DriverSheet], recipient: str, language: str, *, made_at: datetime, zone: str
) -> bytes:
    """One page for each vehicle; `recipient` stands across all of them, the moment of a `zone` at their foot."""
    say = words(language)
    title = say.translate("Driver’s sheet")
    pdf = new_pdf(landscape=False, made_at=made_at, title=title, language=language)
    made = say.translate("Made on %(moment)s", moment=say.stamp(made_at, zone))
    foot = f"{say.translate('For %(recipient)s', recipient=recipient)} · {made}"
    for sheet in sheets:
        pdf.add_page()
        watermark(pdf, recipient, angle=50, largest=40)
        _SheetOfVehicle(pdf, sheet, say).draw(foot)
    return pdf.finished()


class _SheetOfVehicle:
    """Where the next line of a sheet goes."""

    def __init__(self, pdf: Document, sheet: DriverSheet, say: Words) -> None:
        self.pdf, self.sheet, self.say, self.y = pdf, sheet, say, TOP

    def draw(self, foot: str) -> None:
        sheet, vehicle, say = self.sheet, self.sheet.vehicle, self.say
        self.line(sheet.event, 10, colour=_GREY)
        head = f"{vehicle.name} · {say.translate(VEHICLE_DIRECTIONS[vehicle.direction])}"
        self.line(head, 16, "B", after=3)
        if vehicle.sign_text:
            self.sign(vehicle.sign_text)
        self.fact(say.translate("Pick-up"), self.moment(sheet.pick_up), 13, "B")
        for label, value in self.facts():
            self.fact(label, value)
        self.legs()
        self.names()
        self.pdf.style(8, "", _GREY)
        write_whole(self.pdf, LEFT, 286, foot, WIDTH)

    def facts(self) -> list[tuple[str, str]]:
        vehicle, say = self.sheet.vehicle, self.say
        contact = " · ".join(filter(None, (vehicle.contact_name, vehicle.contact_phone)))
        driver = " · ".join(filter(None, (vehicle.driver_name, vehicle.driver_phone)))
        drive = say.translate("%(minutes)s min", minutes=vehicle.drive_minutes) if vehicle.drive_minutes else ""
        people = say.translate("%(people)s of %(seats)s seats", people=len(self.sheet.names), seats=vehicle.seats)
        return [
            (say.translate("Meeting point"), vehicle.meeting_point),
            (say.translate("From"), vehicle.origin),
            (say.translate("Where to"), " · ".join(filter(None, (vehicle.destination, drive)))),
            (say.translate("People"), people),
            (say.translate("Baggage"), vehicle.baggage),
            (say.translate("Plate"), vehicle.plate),
            (say.translate("Driver"), driver),
            (say.translate("Contact person"), contact),
        ]

    def moment(self, at: LocalTime | None) -> str:
        """Day and clock with the zone; what is not known is said so."""
        if at is None:
            return f"{self.say.weekday(self.sheet.vehicle.day)}, {self.say.translate('time not known')}"
        clock = f"{at.clock:%H:%M}" if at.clock else self.say.translate("time not known")
        return f"{self.say.weekday(at.day)}, {clock} ({', '.join(filter(None, (at.offset, self.say.zone(at.zone))))})"

    def line(
        self, text: str, size: float, weight: str = "", colour: tuple[int, int, int] = _BLACK, after: float = 1.5
    ) -> None:
        self.pdf.style(size, weight, colour)
        for part in lines_of(self.pdf, text, WIDTH, most=2):
            self.y += size * 0.42
            write(self.pdf, LEFT, self.y, part, WIDTH)
        self.y += after

    def sign(self, text: str) -> None:
        """What the driver holds up: as large as the page holds it."""
        self.pdf.style(46, "B", _BLACK)
        size = min(46.0, 46.0 * (WIDTH - 8) / max(width_of(self.pdf, text), 1))
        self.pdf.style(max(size, 18), "B", _BLACK)
        self.pdf.set_line_width(0.6)
        self.pdf.set_draw_color(*_BLACK)
        self.pdf.rect(LEFT, self.y + 1, WIDTH, 26)
        write(self.pdf, LEFT + 4, self.y + 14 + max(size, 18) * 0.13, text, WIDTH - 8, "centre")
        self.y += 33

    def fact(self, label: str, value: str, size: float = 11, weight: str = "") -> None:
        if not value:
            return
        self.pdf.style(9, "", _GREY)
        write(self.pdf, LEFT, self.y + 4.5, label, _LABEL - 4)
        self.pdf.style(size, weight, _BLACK)
        for part in lines_of(self.pdf, value, WIDTH - _LABEL, most=3):
            write(self.pdf, LEFT + _LABEL, self.y + 4.5, part, WIDTH - _LABEL)
            self.y += max(_ROW, size * 0.5)

    def legs(self) -> None:
        say = self.say
        heads = (say.translate("Leg"), say.translate("From"), say.translate("Where to"), say.translate("Planned"))
        columns = (0.0, 36.0, 66.0, 96.0, 150.0)
        if not self.sheet.legs:
            return
        self.y += 5
        self.cells((*heads, say.translate("People")), columns, "B", _GREY)
        for leg in self.sheet.legs:
            place = f"{leg.destination} {leg.terminal}".strip()
            starts = (
                f"{leg.origin} {leg.terminal}".strip() if self.sheet.vehicle.direction == "departures" else leg.origin
            )
            place = leg.destination if self.sheet.vehicle.direction == "departures" else place
            at = say.translate("not known")
            if leg.at:
                clock = f"{leg.at.clock:%H:%M}" if leg.at.clock else say.translate("time not known")
                at = f"{say.day(leg.at.day, 'medium')}, {clock}"
            self.cells((leg.label, starts, place, at, str(leg.people)), columns)

    def names(self) -> None:
        """In two columns; what the page does not hold is counted."""
        if not self.sheet.names:
            return
        self.y += 5
        self.line(self.say.translate("Names"), 9, "B", _GREY, after=0)
        rows = max(int((BOTTOM - self.y) / _ROW), 1)
        shown = self.sheet.names[: rows * _COLUMNS]
        half = max(min(rows, -(-len(shown) // _COLUMNS)), 1)
        for n, (name, leg) in enumerate(shown):
            x, y = LEFT + (n // half) * WIDTH / _COLUMNS, self.y + (n % half + 1) * _ROW
            self.pdf.style(10.5, "", _BLACK)
            write_whole(self.pdf, x, y, f"{n + 1}. {name}", WIDTH / _COLUMNS - 30)
            self.pdf.style(8.5, "", _GREY)
            write(self.pdf, x + WIDTH / _COLUMNS - 28, y, leg, 24)
        self.y += half * _ROW
        more = len(self.sheet.names) - len(shown)
        if more:
            self.line(self.say.translate("and %(count)s more", count=more), 9, colour=_GREY)

    def cells(
        self, texts: Sequence[str], columns: Sequence[float], weight: str = "", colour: tuple[int, int, int] = _BLACK
    ) -> None:
        self.pdf.style(9.5 if weight else 10.5, weight, colour)
        self.y += _ROW
        ends = (*columns[1:], WIDTH)
        for text, x, end in zip(texts, columns, ends, strict=True):
            write(self.pdf, LEFT + x, self.y, text, end - x - 2)
        self.pdf.set_draw_color(*_LINE)
        self.pdf.set_line_width(0.2)
        self.pdf.line(LEFT, self.y + 2, RIGHT, self.y + 2)
