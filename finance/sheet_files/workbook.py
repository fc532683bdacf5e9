"""The per-diem sheet as a spreadsheet that finance can follow and change: every amount is a formula of its inputs."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from core.documents.sheets import workbook
from core.errors import N_
from core.i18n import words
from core.money import smallest_unit
from finance.sheet_files.line_sheets import LineFormats, LineSheet
from finance.sheet_files.rules import SheetDocument
from finance.sheet_files.summary_sheet import SummaryFormats, SummarySheet
from finance.sheet_files.texts import approvals_of, missing_of

# Longest name of a tab, and what none may hold.
_LONGEST, _FORBIDDEN = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
MAXIMUM_ADDRESS = 2000


def per_diem_xlsx(document: SheetDocument, into: io.BytesIO) -> None:
    """Write the workbook: people, their lines by currency, adjustments, what is missing, evidence, approvals.

    Memory does not grow with the rows: each tab is written from top to bottom, all at once. Sums carry their value, for
    programs that show a file without computing it. While something is missing for somebody there is no sum to pay.
    """
    with workbook(into) as book:
        _Workbook(book, document).write()


class _Workbook:
    def __init__(self, book: Any, document: SheetDocument) -> None:
        self.book, self.document, self.words = book, document, words(document.language)
        self._names: set[str] = set()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        document, say = self.document, self.words
        currencies = document.line_currencies
        summary = SummarySheet(self._tab(say.translate("Per diem"), is_page_wide=True), document, self._summary_formats)
        lines = {}
        for code in currencies:
            title = say.translate("Lines")
            tab = self._tab(title if len(currencies) == 1 else f"{title} {code}", is_page_wide=True)
            lines[code] = LineSheet(tab, code, say, self._line_formats(code))
        adjusted = self._adjustments() if any(one.adjustments for one in document.statements) else None
        for number, one in enumerate(document.statements, start=1):
            rows = {
                code: lines[code].add(
                    number, one.name, one.rule_set, [line for line in one.lines if line.currency == code]
                )
                for code in currencies
            }
            names = {code: sheet.name for code, sheet in lines.items()}
            summary.add(number, one, rows, names, adjusted(number, one) if adjusted else "")
        summary.finish()
        self._missing()
        self._evidence()
        self._approvals()

    def _tab(self, name: str, *, is_page_wide: bool = False) -> Any:
        """A tab set up to be printed: A4 across, as wide as the page, page x of y."""
        name = name.translate(_FORBIDDEN)[:_LONGEST].strip()
        sheet = self.book.add_worksheet(name)
        self._names.add(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        title = f"{self.document.title} · {self.document.number}".replace("&", "&&")[:120]
        sheet.set_header(f"&L&8{title}")
        page = self.words.translate("Page %(page)s of %(pages)s", page="&P", pages="&N")
        sheet.set_footer(f"&L&8{self._version}&R&8{page}")
        return sheet

    @property
    def _version(self) -> str:
        return self.words.translate("version %(version)s", version=self.document.version)

    def _format(self, **shape: Any) -> Any:
        key = tuple(sorted(shape.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"border": 1, "valign": "vcenter", **shape})
        return self._formats[key]

    def _money(self, currency: str) -> str:
        digits = -int(smallest_unit(currency).as_tuple().exponent)
        return f"#,##0.{'0' * digits}" if digits else "#,##0"

    @property
    def _head(self) -> Any:
        return self._format(bold=True, bg_color="#E8EDF4", text_wrap=True, valign="top")

    def _line_formats(self, currency: str) -> LineFormats:
        money = self._money(currency)
        return LineFormats(
            cell=self._format(indent=1),
            day=self._format(num_format="yyyy-mm-dd"),
            money=self._format(num_format=money),
            computed=self._format(num_format=money, bg_color="#F4F6F9"),
            number=self._format(num_format="0.####"),
            fraction=self._format(num_format="# ?/?"),
            percent=self._format(num_format="0.##%"),
            sentence=self._format(font_size=8, text_wrap=True, indent=1),
            head=self._head,
        )

    @property
    def _summary_formats(self) -> SummaryFormats:
        return SummaryFormats(
            title=self.book.add_format({"bold": True, "font_size": 14}),
            plain=self.book.add_format({}),
            head=self._head,
            cell=self._format(text_wrap=True, indent=1),
            count=self._format(num_format="0", bold=True, bg_color="#E8EDF4"),
            number=self._format(num_format="0"),
            rate=self._format(num_format="0.0000####"),
            open=self._format(font_color="#A61B1B", bold=True, text_wrap=True),
            line=self.book.add_format({"bottom": 1}),
            money=lambda code: self._format(num_format=self._money(code)),
            total=lambda code: self._format(num_format=self._money(code), bold=True, bg_color="#E8EDF4"),
        )

    def _adjustments(self) -> Callable[[int, Any], str]:
        """The tab of adjustments; what it gives back writes those of a person and says where they stand."""
        say, money = self.words, self._format(num_format=self._money(self.document.currency))
        sheet = self._table(
            say.translate("Adjustments"), ((N_("No."), 5), (N_("Name"), 30), (N_("Amount"), 14), (N_("Reason"), 70))
        )
        name, row = sheet.get_name(), 0

        def write(number: int, statement: Any) -> str:
            nonlocal row
            first = row + 2
            for one in statement.adjustments:
                row += 1
                sheet.write_number(row, 0, number, self._format())
                sheet.write_string(row, 1, statement.name, self._format())
                sheet.write_number(row, 2, float(one.amount), money)
                sheet.write_string(row, 3, one.reason, self._format(text_wrap=True))
            return f"SUM('{name}'!$C${first}:$C${row + 1})" if row + 1 >= first else ""

        return write

    def _table(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:
        sheet = self._tab(name)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, self.words.translate(title), self._head)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        return sheet

    def _missing(self) -> None:
        if not self.document.is_open:
            return
        columns = ((N_("No."), 5), (N_("Name"), 30), (N_("What is missing"), 90))
        sheet, row = self._table(self.words.translate("What is missing"), columns), 0
        for number, one in enumerate(self.document.statements, start=1):
            for text in missing_of(one, self.words):
                row += 1
                sheet.write_number(row, 0, number, self._format())
                sheet.write_string(row, 1, one.name, self._format())
                sheet.write_string(row, 2, text, self._format(text_wrap=True))

    def _evidence(self) -> None:
        if not any(self.document.evidence.values()):
            return
        columns = ((N_("No."), 5), (N_("Name"), 30), (N_("Document"), 50), (N_("Address"), 80))
        sheet, row = self._table(self.words.translate("Evidence"), columns), 0
        link = self._format(font_color="#0B5394", underline=1)
        for number, one in enumerate(self.document.statements, start=1):
            for evidence in self.document.evidence.get(one.registration_id, ()):
                row += 1
                sheet.write_number(row, 0, number, self._format())
                sheet.write_string(row, 1, one.name, self._format())
                sheet.write_string(row, 2, evidence.label, self._format(text_wrap=True))
                is_address = evidence.address.startswith(("https://", "http://"))
                if is_address and len(evidence.address) <= MAXIMUM_ADDRESS:
                    sheet.write_url(row, 3, evidence.address, link)
                else:
                    sheet.write_string(row, 3, evidence.address, self._format())

    def _approvals(self) -> None:
        say, document = self.words, self.document
        sheet = self._tab(say.translate("Approvals"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        for row, (name, value) in enumerate(approvals_of(document, say)):
            sheet.write_string(row, 0, name, self._head)
            sheet.write_string(row, 1, value, self._format(text_wrap=True))
