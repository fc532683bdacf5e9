"""Composes a sign-in sheet: every text, line and cell of every page in its place, from plain values.

`documents.py` draws what stands here, and the layout is what stands here, so a cell is where the paper has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from core.documents.fonts import is_right_to_left
from core.documents.pdf import PageFormat, Picture
from core.documents.text_setting import SetText, TextStyle, set_in
from core.i18n import Words
from events.attendance.sign_in_sheets.layout import Box, CellKind, SheetCell, SheetLine

SIZES: dict[PageFormat, tuple[float, float]] = {"A4": (210, 297), "Letter": (215.9, 279.4)}
# Left and right of the tables.
MARGIN = 12.0
PADDING = 1.4
ROW, WALK_IN_ROW = 10.0, 11.5
# A signature has at least that much, and no more even where there is room.
NARROWEST, WIDEST = 36.0, 48.0
BODY, HEADING, SMALL = TextStyle(9), TextStyle(8.5, "B"), TextStyle(7.5)
Place = Literal["start", "middle"]


class SheetField(StrEnum):
    """What a sheet may say of a person beside the name. Never how to reach them: it lies on a table for all to read."""

    position = "position"
    institution = "institution"
    place = "place"
    sex = "sex"


@dataclass(frozen=True)
class SheetPerson:
    """One person of the sheet, in the words of its language. `key` finds them again, e.g. their registration's id; a
    guest's signature is nobody's attendance."""

    key: str
    name: str
    position: str = ""
    institution: str = ""
    place: str = ""
    sex: str = ""
    is_guest: bool = False


@dataclass(frozen=True)
class SignatureColumn:
    """A half-day or session that is signed for. `key` begins with its day: "2026-03-09/am"."""

    key: str
    heading: str
    hours: str = ""


@dataclass(frozen=True)
class SheetDay:
    """One day: its columns, and its trainers as (key, name), who sign each of them too."""

    day: date
    columns: Sequence[SignatureColumn]
    trainers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SignInSheet:
    """All that a sheet shows, each text in the sheet's language. People stand in the order given.

    `statement` is the donor's, beside the emblem; `notice` is about data, in two lines at the foot; `place_heading`
    says whether places are provinces or countries. `printed_at` is already written as local people write it.
    """

    sheet: str
    version: int
    title: str
    code: str
    venue: str
    days: Sequence[SheetDay]
    people: Sequence[SheetPerson]
    project: str
    contract: str
    statement: str
    emblem: str
    language: str
    made_at: datetime
    printed_at: str
    fields: Sequence[SheetField] = (SheetField.institution,)
    place_heading: str = ""
    walk_ins: int = 5
    notice: str = ""
    logos: Sequence[Picture] = ()
    page_format: PageFormat = "A4"
    landscape: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres, turned as it is printed."""
        width, height = SIZES[self.page_format]
        return (height, width) if self.landscape else (width, height)


class PlacedText(NamedTuple):
    """A line of text: its left end and its baseline."""

    style: TextStyle
    x: float
    y: float
    text: str


@dataclass
class Area:
    """Where texts, lines and cells are put: a page, or its head. From right to left it is mirrored in `span`."""

    span: tuple[float, float]
    is_rtl: bool
    texts: list[PlacedText] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    lines: list[SheetLine] = field(default_factory=list)
    cells: list[SheetCell] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """Where a rectangle really stands, to a hundredth of a millimetre."""
        if self.is_rtl:
            x = sum(self.span) - x - width
        return Box(round(x, 2), round(y, 2), round(width, 2), round(height, 2))

    def text(self, x: float, y: float, width: float, content: SetText, place: Place = "start") -> float:
        """Lines from y downwards. Returns where the next would begin.

        They stand where the sheet's own script begins, or where the text's does if that is at the right.
        """
        style = content.style
        box = self.box(x, y, width, content.height)
        for number, line in enumerate(content.lines):
            left = box.x
            if place == "middle":
                left += (width - style.width(line)) / 2
            elif self.is_rtl or is_right_to_left(line):
                left += width - style.width(line)
            self.texts.append(PlacedText(style, left, y + style.leading * (number + 0.78), line))
        return y + content.height

    def fill(self, x: float, y: float, width: float, height: float) -> None:
        self.fills.append(self.box(x, y, width, height))

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """The lines of a table: one across for each row, one down for each column."""
        whole = self.box(xs[0], ys[0], xs[-1] - xs[0], ys[-1] - ys[0])
        self.lines += [SheetLine(True, round(y, 2), whole.x, whole.right) for y in ys]
        downs = (self.box(x, ys[0], 0, ys[-1] - ys[0]) for x in xs)
        self.lines += [SheetLine(False, down.x, down.y, down.bottom) for down in downs]

    def cell(self, row: str, column: str, kind: CellKind, x: float, y: float, width: float, height: float) -> None:
        self.cells.append(SheetCell(row, column, kind, self.box(x, y, width, height)))


@dataclass(frozen=True)
class TextColumn:
    """A column of a table with words in it. `key` says what is written there by hand, if anything is."""

    heading: str
    width: float
    key: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns of one table: texts first, then those to sign; `xs` are all its edges from the start.

    `signed_as` is the word for a signature.
    """

    texts: Sequence[TextColumn]
    signatures: Sequence[SignatureColumn]
    xs: Sequence[float]
    signed_as: str

    @cached_property
    def edges(self) -> list[tuple[float, float]]:
        """Start and end of each."""
        return list(pairwise(self.xs))

    @cached_property
    def signed(self) -> list[tuple[SignatureColumn, float, float]]:
        """Columns to sign, with their start and end."""
        edges = self.edges[len(self.texts) :]
        return [(column, x, end) for column, (x, end) in zip(self.signatures, edges, strict=True)]


def text_columns(sheet: SignInSheet, say: Words) -> list[tuple[TextColumn, float]]:
    """Columns for what is known of people, at the width they would like, and the least they can do with."""
    known = {
        SheetField.position: (TextColumn(say.translate("Position"), 34), 20.0),
        SheetField.institution: (TextColumn(say.translate("Institution"), 46), 23.0),
        SheetField.place: (TextColumn(sheet.place_heading or say.translate("Province"), 24), 13.0),
        SheetField.sex: (TextColumn(say.translate("Sex"), 11), 10.0),
    }
    name = (TextColumn(say.translate("Name"), 46), 30.0)
    return [(TextColumn(say.translate("No."), 9), 9), name, *(known[one] for one in sheet.fields)]


def walk_in_columns(say: Words) -> list[tuple[TextColumn, float]]:
    """Columns for what people write who are not in the list."""
    return [
        (TextColumn(say.translate("No."), 9), 9),
        (TextColumn(say.translate("Name"), 50, "name"), 32),
        (TextColumn(say.translate("Institution"), 44, "institution"), 28),
        (TextColumn(say.translate("Phone or e-mail"), 38, "contact"), 24),
        (TextColumn(say.translate("Consent*"), 14, "consent"), 14.5),
    ]


def groups_of(
    sheet: SignInSheet, day: SheetDay, wanted: Sequence[tuple[TextColumn, float]]
) -> list[list[SignatureColumn]]:
    """The day's columns in as many groups as it takes for each to be wide enough, as even as can be."""
    room = sheet.size[0] - 2 * MARGIN - sum(least for _, least in wanted)
    most = max(1, int(room // NARROWEST))
    count = -(-len(day.columns) // most)
    least, more = divmod(len(day.columns), count)
    starts = [number * least + min(number, more) for number in range(count + 1)]
    return [list(day.columns[start:end]) for start, end in pairwise(starts)]


def columns_of(
    sheet: SignInSheet,
    wanted: Sequence[tuple[TextColumn, float]],
    signatures: Sequence[SignatureColumn],
    signed_as: str,
) -> Columns:
    """Widths: signatures get what words leave them, within limits; words share the rest."""
    total = sheet.size[0] - 2 * MARGIN
    likes = sum(column.width for column, _ in wanted)
    each = min(WIDEST, max(NARROWEST, (total - likes) / len(signatures)))
    spare = total - each * len(signatures) - sum(least for _, least in wanted)
    stretch = sum(column.width - least for column, least in wanted) or 1
    texts = [
        TextColumn(column.heading, least + spare * (column.width - least) / stretch, column.key)
        for column, least in wanted
    ]
    xs = [MARGIN]
    for width in [*(column.width for column in texts), *[each] * len(signatures)]:
        xs.append(xs[-1] + width)
    return Columns(texts, signatures, xs, signed_as)


def heading_height(columns: Columns) -> float:
    """What the headings of a table take."""
    return max(8.0, max(sum(part.height for part in parts) for parts in _headings(columns)) + 2.4)


def put_headings(area: Area, columns: Columns, y: float, height: float) -> None:
    """The first row of a table, in its middle: what each column is, and when."""
    area.fill(columns.xs[0], y, columns.xs[-1] - columns.xs[0], height)
    for (x, end), parts in zip(columns.edges, _headings(columns), strict=True):
        top = y + (height - sum(part.height for part in parts)) / 2
        for part in parts:
            top = area.text(x + PADDING, top, end - x - 2 * PADDING, part)


def _headings(columns: Columns) -> list[list[SetText]]:
    said = [(column.heading, "") for column in columns.texts]
    said += [(one.heading, " · ".join(filter(None, [columns.signed_as, one.hours]))) for one in columns.signatures]
    return [
        [
            set_in(text, style, end - x - 2 * PADDING, 9, least=6)
            for text, style in ((heading, HEADING), (hours, SMALL))
            if text
        ]
        for (heading, hours), (x, end) in zip(said, columns.edges, strict=True)
    ]


def set_row(texts: Iterable[str], columns: Columns, height: float) -> tuple[list[SetText], float]:
    """What a row says, never cut, and the height it takes for it: two lines, then smaller, then a higher row."""
    room = height - PADDING
    parts = [
        set_in(text, BODY, end - x - 2 * PADDING, room) for text, (x, end) in zip(texts, columns.edges, strict=False)
    ]
    return parts, max(height, max(part.height for part in parts) + PADDING)


def put_row(area: Area, columns: Columns, y: float, height: float, parts: Sequence[SetText]) -> None:
    """The words of a row, each in the middle of its height."""
    for part, (x, end) in zip(parts, columns.edges, strict=False):
        area.text(x + PADDING, y + (height - part.height) / 2, end - x - 2 * PADDING, part)
