"""Parses CSV in any usual encoding and XLSX without its dangers. Runs in the process of `core.isolation`."""

import csv
import io
import zipfile
from typing import Any

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import N_, NotThatKind, TooLarge, Unacceptable
from core.plain_text import shown_plainly

MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_FILE_MB = 5
MAX_UNPACKED_MB = 20
# All texts of a workbook, which a reader has to hold at once.
MAX_TEXTS_MB = 8
MAX_PARTS = 500
MAX_RATIO = 200
# Letters of one cell: what fits nowhere anyway is not carried along.
MAX_CELL = 5000
# Letters of all cells: one text may stand in every one of them.
MAX_LETTERS = 5_000_000
_TEXTS = "xl/sharedstrings.xml"
ZIP = b"PK\x03\x04"
# What a cell shows, and whether it is a formula.
Cell = tuple[str, bool]
Row = list[Cell]


def rows_in(data: bytes) -> list[Row]:
    """The rows of a table with something in them, each cell as its text and whether it is a formula."""
    rows = _xlsx(data) if data.startswith(ZIP) else _csv(data)
    kept = [row for row in rows if any(text for text, _ in row)]
    if not kept:
        raise Unacceptable("file", N_("This file is empty."))
    return kept


def _csv(data: bytes) -> list[Row]:
    text = _decoded(data)
    if "\x00" in text:
        raise NotThatKind("file")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t|", key=first.count)
    rows: list[Row] = []
    letters = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _must_be_few(len(rows) + 1, len(row))
            rows.append([_said(value, value.lstrip().startswith("=")) for value in row])
            letters = _must_be_short(letters, rows[-1])
    except csv.Error:
        raise NotThatKind("file") from None
    return rows


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on a Turkish Windows.
        return data.decode("cp1254", errors="replace")


def _xlsx(data: bytes) -> list[Row]:
    _must_be_harmless(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        rows: list[Row] = []
        letters = 0
        for row in sheet.iter_rows(max_col=MAX_COLUMNS):
            _must_be_few(len(rows) + 1, len(row))
            rows.append(_trimmed([_cell(cell) for cell in row]))
            letters = _must_be_short(letters, rows[-1])
        book.close()
    except DefusedXmlException:
        raise NotThatKind("file") from None
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        AttributeError,
        zipfile.BadZipFile,
        SyntaxError,
    ):
        raise NotThatKind("file") from None
    return rows


def _trimmed(row: Row) -> Row:
    """Without the empty cells to which a workbook fills up its rows."""
    while row and not row[-1][0]:
        row.pop()
    return row


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return "", False
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value.date().isoformat() if hasattr(value, "date") else str(value).strip()
    return _said(text, cell.data_type == "f" or text.startswith("="))


def _said(text: str, is_formula: bool) -> Cell:
    text = shown_plainly(text)
    if len(text) > MAX_CELL:
        raise Unacceptable("file", N_("A cell of this table holds more than %(letters)s letters."), letters=MAX_CELL)
    return text, is_formula


def _must_be_harmless(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise NotThatKind("file") from None
    names = [entry.filename.lower() for entry in entries]
    # Two parts under one name: what was measured need not be what is read.
    if any("vbaproject" in name for name in names) or len(set(names)) != len(names):
        raise NotThatKind("file")
    unpacked = sum(entry.file_size for entry in entries)
    texts = sum(entry.file_size for entry in entries if entry.filename.lower() == _TEXTS)
    if unpacked > MAX_UNPACKED_MB * 1024 * 1024 or unpacked > MAX_RATIO * len(data) or len(entries) > MAX_PARTS:
        raise TooLarge("file", limit=MAX_UNPACKED_MB)
    if texts > MAX_TEXTS_MB * 1024 * 1024:
        raise TooLarge("file", limit=MAX_TEXTS_MB)


def _must_be_few(rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise Unacceptable(
            "file",
            N_("This table has more than %(rows)s rows or %(columns)s columns."),
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
        )


def _must_be_short(letters: int, row: Row) -> int:
    letters += sum(len(text) for text, _ in row)
    if letters > MAX_LETTERS:
        raise TooLarge("file", limit=MAX_LETTERS // 1_000_000)
    return letters
