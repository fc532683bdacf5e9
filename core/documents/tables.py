"""Reads tables that strangers send: CSV in any usual encoding, XLSX without its dangers."""

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import N_, NotThatKind, TooLarge, Unacceptable

MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_UNPACKED_MB = 50
MAX_RATIO = 200
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Cell:
    """What one cell shows; a formula keeps its text and is marked."""

    text: str
    is_formula: bool = False


Row = list[Cell]


def read_table(name: str, data: bytes) -> list[Row]:
    """All rows with something in them. The content decides, the file's extension only must not lie.

    Raises NotThatKind, TooLarge, or Unacceptable beside the field `file`.
    """
    if not data.strip():
        raise Unacceptable("file", N_("This file is empty."))
    extension = name.lower().rpartition(".")[2]
    is_zip = data.startswith(_ZIP)
    if extension not in {"csv", "txt", "tsv", "xlsx"} or is_zip != (extension == "xlsx"):
        raise NotThatKind("file")
    rows = _xlsx(data) if is_zip else _csv(data)
    kept = [row for row in rows if any(cell.text for cell in row)]
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
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _must_be_few(len(rows) + 1, len(row))
            rows.append([Cell(value.strip(), value.lstrip().startswith("=")) for value in row])
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
        for row in sheet.iter_rows(max_col=MAX_COLUMNS):
            _must_be_few(len(rows) + 1, len(row))
            rows.append(_trimmed([_cell(cell) for cell in row]))
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
    while row and not row[-1].text:
        row.pop()
    return row


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value.date().isoformat() if hasattr(value, "date") else str(value).strip()
    return Cell(text, cell.data_type == "f" or text.startswith("="))


def _must_be_harmless(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise NotThatKind("file") from None
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        raise NotThatKind("file")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_MB * 1024 * 1024 or unpacked > MAX_RATIO * len(data):
        raise TooLarge(limit=MAX_UNPACKED_MB)


def _must_be_few(rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise Unacceptable(
            "file",
            N_("This table has more than %(rows)s rows or %(columns)s columns."),
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
        )
