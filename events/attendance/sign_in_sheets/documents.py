"""The sign-in sheet on paper: a page or more for each day, made together with the layout that finds its cells again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.documents.text_setting import SetText, TextStyle
from core.errors import N_
from core.i18n import Words, document_words
from events.attendance.sign_in_sheets import drawing
from events.attendance.sign_in_sheets.composition import (
    BODY,
    MARGIN,
    NARROWEST,
    ROW,
    WALK_IN_ROW,
    Area,
    Columns,
    SheetDay,
    SheetField,
    SheetPerson,
    SignatureColumn,
    SignInSheet,
    TextColumn,
    columns_of,
    groups_of,
    heading_height,
    put_headings,
    put_row,
    set_row,
    text_columns,
    walk_in_columns,
)
from events.attendance.sign_in_sheets.head import PageHead, head_of
from events.attendance.sign_in_sheets.layout import CellKind, SheetLayout, SheetPage
from events.attendance.sign_in_sheets.rules import SheetCode, printed_code

__all__ = [
    "NOTICE",
    "PrintedSheet",
    "SheetDay",
    "SheetField",
    "SheetPerson",
    "SignInSheet",
    "SignatureColumn",
    "make_sheet",
]
# What a sheet says about data, unless its project has words of its own.
NOTICE = N_(
    "Your name and signature prove to the funding body that you took part. They are kept as long as the grant asks for "
    "it, and seen by the organiser and auditors alone. More: %(address)s"
)
TITLE = TextStyle(9, "B")
LABEL = TextStyle(6.5)
CERTIFIER_ROW = 15.0
# A sheet for nobody in particular has that many rows to write in.
BLANK_ROWS = 15


@dataclass(frozen=True)
class PrintedSheet:
    """The file, and where its cells are. The same sheet made at the same moment is the same file, byte for byte."""

    pdf: bytes
    layout: SheetLayout


def make_sheet(sheet: SignInSheet, key: bytes) -> PrintedSheet:
    """Print a sheet; `key` signs the code on each page (`rules.printed_code`).

    Page x of y starts anew each day, so that each day can be filed on its own. Days with more columns than fit side by
    side have all their people once for each group of columns.
    """
    say = document_words(sheet.language)
    days = [_Day(sheet, day, say) for day in sheet.days]
    for day in days:
        day.compose()
    drawn: list[drawing.PageToDraw] = []
    pages: list[SheetPage] = []
    for day in days:
        for index, area in enumerate(day.pages):
            number = len(pages) + 1
            code = printed_code(SheetCode(sheet.sheet, number, sheet.version), key)
            foot = say.translate("Page %(page)s of %(pages)s", page=index + 1, pages=len(day.pages))
            drawn.append(drawing.PageToDraw(day.head, area, code, foot))
            lines, cells = tuple(area.lines), tuple(area.cells)
            pages.append(SheetPage(number, day.day.day, index + 1, len(day.pages), lines, cells))
    layout = SheetLayout(sheet.sheet, sheet.version, sheet.language, *sheet.size, tuple(pages))
    return PrintedSheet(drawing.draw(sheet, drawn), layout)


@dataclass
class _OpenTable:
    """A table that is being filled: `ys` are the edges of its rows on the page of the moment."""

    columns: Columns
    title: str = ""
    ys: list[float] = field(default_factory=list)


class _Day:
    """The pages of one day, filled from top to bottom."""

    def __init__(self, sheet: SignInSheet, day: SheetDay, say: Words) -> None:
        self.sheet, self.day, self.say = sheet, day, say
        self.head: PageHead = head_of(sheet, day, say)
        self.signed_as = say.translate("Signature")
        self.pages: list[Area] = []
        self.y = 0.0

    def compose(self) -> None:
        wanted = text_columns(self.sheet, self.say)
        for group in groups_of(self.sheet, self.day, wanted):
            columns = columns_of(self.sheet, wanted, group, self.signed_as)
            self._new_page()
            if self.sheet.people:
                self._people(columns)
            self._walk_ins(group)
            self._trainers(columns)
        self._closing()

    @property
    def area(self) -> Area:
        return self.pages[-1]

    def _new_page(self) -> None:
        self.pages.append(Area((0, self.sheet.size[0]), self.head.is_rtl))
        self.y = self.head.bottom

    def _begin(self, table: _OpenTable) -> None:
        """Title and headings, on a page with room for a row at least."""
        height = heading_height(table.columns)
        above = 8.0 if table.title else 0.0
        if self.y + above + height + WALK_IN_ROW > self.head.foot:
            self._new_page()
        if table.title:
            self._line(self.y + 3, table.title, TITLE)
            self.y += above
        put_headings(self.area, table.columns, self.y, height)
        table.ys[:] = [self.y, self.y + height]
        self.y += height

    def _row(self, table: _OpenTable, height: float) -> float:
        """Room for a row, on the next page if need be. Returns where it begins."""
        if self.y + height > self.head.foot and len(table.ys) > 2:
            self.area.grid(table.columns.xs, table.ys)
            self._new_page()
            self._begin(table)
        self.y += height
        table.ys.append(self.y)
        return self.y - height

    def _sign(self, columns: Columns, row: str, kind: CellKind, y: float, height: float) -> None:
        for column, x, end in columns.signed:
            self.area.cell(row, column.key, kind, x, y, end - x, height)

    def _people(self, columns: Columns) -> None:
        table = _OpenTable(columns)
        self._begin(table)
        for number, person in enumerate(self.sheet.people, start=1):
            said = [str(number), person.name, *(str(getattr(person, one.value)) for one in self.sheet.fields)]
            parts, height = set_row(said, columns, ROW)
            y = self._row(table, height)
            put_row(self.area, columns, y, height, parts)
            self._sign(columns, person.key, CellKind.guest if person.is_guest else CellKind.signature, y, height)
        self.area.grid(columns.xs, table.ys)

    def _walk_ins(self, group: Sequence[SignatureColumn]) -> None:
        count = self.sheet.walk_ins or (0 if self.sheet.people else BLANK_ROWS)
        if not count:
            return
        columns = columns_of(self.sheet, walk_in_columns(self.say), group, self.signed_as)
        title = self.say.translate("People who are not in the list: please write clearly") if self.sheet.people else ""
        table = _OpenTable(columns, title)
        self._begin(table)
        for number in range(1, count + 1):
            row = f"W{number}"
            y = self._row(table, WALK_IN_ROW)
            parts, _ = set_row([row], columns, WALK_IN_ROW)
            put_row(self.area, columns, y, WALK_IN_ROW, parts)
            for column, (x, end) in zip(columns.texts, columns.edges, strict=False):
                if column.key:
                    self.area.cell(row, self._key(column.key), CellKind.walk_in, x, y, end - x, WALK_IN_ROW)
            self._sign(columns, row, CellKind.signature, y, WALK_IN_ROW)
        self.area.grid(columns.xs, table.ys)

    def _trainers(self, people: Columns) -> None:
        """A row for each trainer, under the columns of the list."""
        if not self.day.trainers:
            return
        xs = [people.xs[0], *people.xs[len(people.texts) :]]
        trainer = TextColumn(self.say.translate("Trainer"), xs[1] - xs[0])
        columns = Columns([trainer], people.signatures, xs, self.signed_as)
        if self.y + 8 + heading_height(columns) + ROW * len(self.day.trainers) > self.head.foot:
            self._new_page()
        table = _OpenTable(columns, self.say.translate("Trainers"))
        self._begin(table)
        for key, name in self.day.trainers:
            parts, height = set_row([name], columns, ROW)
            y = self._row(table, height)
            put_row(self.area, columns, y, height, parts)
            self._sign(columns, key, CellKind.trainer, y, height)
        self.area.grid(columns.xs, table.ys)

    def _closing(self) -> None:
        """The counts, and who certifies them."""
        if self.y + 16 + CERTIFIER_ROW > self.head.foot:
            self._new_page()
        blank = "_" * 8
        counts = self.say.translate(
            "Signed: %(blank)s of %(people)s. Walk-ins: %(blank)s. Rows that stayed empty are struck through.",
            blank=blank,
            people=len(self.sheet.people),
        )
        self._line(self.y + 4, counts, BODY)
        self._line(self.y + 10, self.say.translate("Certified by"), TITLE)
        y, width = self.y + 15, self.sheet.size[0] - 2 * MARGIN
        date_width = min(NARROWEST, 0.16 * width)
        signature = 0.28 * width
        words = (width - date_width - signature) / 2
        x = MARGIN
        for key, label, part in (
            ("name", self.say.translate("Name"), words),
            ("function", self.say.translate("Position"), words),
            ("date", self.say.translate("Date"), date_width),
            ("signature", self.say.translate("Signature"), signature),
        ):
            self.area.cell("certifier", self._key(key), CellKind.certifier, x, y, part, CERTIFIER_ROW)
            self.area.text(x + 1, y + 0.7, part - 2, SetText(LABEL, [label]))
            self.area.grid([x, x + part], [y, y + CERTIFIER_ROW])
            x += part
        self.y = y + CERTIFIER_ROW

    def _key(self, what: str) -> str:
        return f"{self.day.day.isoformat()}/{what}"

    def _line(self, y: float, text: str, style: TextStyle) -> None:
        self.area.text(MARGIN, y, self.sheet.size[0] - 2 * MARGIN, SetText(style, [text]))
