"""Spreadsheets: what people typed is always text, formulas are only ours and carry their value."""

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.workbook import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def workbook(into: io.BytesIO) -> Any:
    """A workbook whose memory does not grow with its rows; strings never become formulas or links."""
    book: Workbook = xlsxwriter.Workbook(
        into, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    yield book
    book.close()


def csv_bytes(rows: Iterable[Sequence[object]], mark: str = ".") -> bytes:
    """CSV that a Turkish or English Excel opens as UTF-8, with cells that cannot run. Amounts have the decimal mark of
    who opens it: a Turkish Excel takes 5.10 for a day in October. Programs read a point."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [_with_mark(value, mark) if isinstance(value, Decimal) else harmless(str(value)) for value in row]
        )
    return text.getvalue().encode("utf-8-sig")


def _with_mark(amount: Decimal, mark: str) -> str:
    return f"{amount}".replace(".", mark)


def xlsx_bytes(title: str, rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a heading line that stays in sight. Text is text, days are days, numbers are numbers."""
    into = io.BytesIO()
    with workbook(into) as book:
        sheet = book.add_worksheet(title[:31])
        head, day = (
            book.add_format({"bold": True, "bg_color": "#E8EDF4"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 30, 22)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if line == 0:
                    sheet.write_string(line, column, str(value), head)
                elif isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int | float | Decimal):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, str(value))
    return into.getvalue()


Ending = Literal["csv", "xlsx"]
CSV = "text/csv; charset=utf-8"
# What the API says of an address that answers with `table_file`.
TABLE_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}, CSV: {}}}}


def table_file(title: str, rows: Iterable[Sequence[object]], ending: Ending, mark: str = ".") -> tuple[bytes, str]:
    """A table as the file that was asked for, and its media type."""
    if ending == "csv":
        return csv_bytes(rows, mark), CSV
    return xlsx_bytes(title, rows), XLSX


def harmless(text: str) -> str:
    """Text that a spreadsheet shows as typed instead of computing it."""
    return f"'{text}" if text.startswith(_RISKY) else text
