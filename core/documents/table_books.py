"""Workbooks: XLSX, XLS, XLSB and ODS, read by calamine after a look at what they are made of."""

import io
import zipfile
import zlib
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from core.documents.table_lines import MAX_COLUMNS, FileReading, LineRead, SheetRead, value_shown
from core.documents.table_merges import Range, fill, opendocument_ranges
from core.errors import N_, NotThatKind, TooLarge, Unacceptable

MAX_UNPACKED_MB = 60
# All texts of a workbook, which a reader has to hold at once.
MAX_TEXTS_MB = 16
MAX_PARTS = 1000
MAX_SHEETS = 200
# How often smaller packed than unpacked, of what is more than a few megabytes.
MAX_RATIO = 200
_SMALL = 10 * 1024 * 1024
_MB = 1024 * 1024
_TEXTS = "xl/sharedstrings.xml"
_HEAD = 4096
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people send in place of a table, by their parts in lower case.
_PACKAGES = {
    "word/document.xml": "Word",
    "ppt/presentation.xml": "PowerPoint",
    "index/document.iwa": "Numbers",
    "index.zip": "Numbers",
}
_STREAMS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint", "__nameid_version1.0": "Outlook"}
NO_TABLE = N_(
    "This is a %(kind)s file, not a table. Please copy the list into a spreadsheet, save it as XLSX and send that."
)
_LOCKED = N_("This file is protected by a password. Please save it without a password and send it again.")
MACROS = N_("This workbook holds macros. Please save it as XLSX, which holds none, and send that.")
DAMAGED = N_("This file is damaged. Please open it in a spreadsheet program, save it as XLSX and send that.")


def book_in(data: bytes, reading: FileReading) -> list[SheetRead]:
    """All sheets with something in them, the hidden ones last.

    Cells of formulas hold the values that were computed when the workbook was saved; errors are empty cells.
    Raises NotThatKind, TooLarge and Unacceptable.
    """
    ranges = _package(data) if data.startswith(ZIP) else _compound(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = _sheets(book, ranges, reading)
    except PasswordError:
        raise NotThatKind("file", _LOCKED) from None
    except (CalamineError, ValueError, OSError):
        raise NotThatKind("file", DAMAGED) from None
    return sorted(sheets, key=lambda sheet: sheet.is_hidden)


def _sheets(book: CalamineWorkbook, ranges: Sequence[Sequence[Range]], reading: FileReading) -> list[SheetRead]:
    """One that is too large is left out, and said so, where there are others."""
    sheets: list[SheetRead] = []
    too_large: Unacceptable | None = None
    for index, about in enumerate(book.sheets_metadata[:MAX_SHEETS]):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        try:
            lines = _lines(book, index, ranges[index] if index < len(ranges) else None, reading)
        except Unacceptable as refusal:
            too_large = refusal
            reading.warn(N_("The sheet “%(sheet)s” is too large and was left out."), sheet=about.name)
            continue
        if lines:
            sheets.append(SheetRead(about.name, lines, about.visible is not SheetVisibleEnum.Visible))
    if too_large and not sheets:
        raise too_large
    return sheets


def _lines(book: CalamineWorkbook, index: int, ranges: Sequence[Range] | None, reading: FileReading) -> list[LineRead]:
    sheet = book.get_sheet_by_index(index)
    if sheet.start is None:
        return []
    # Rows come from the first of the sheet on, cells from the first column that holds something.
    before = [""] * min(sheet.start[1], MAX_COLUMNS)
    lines: list[LineRead] = []
    is_cut = False
    for number, row in enumerate(sheet.iter_rows(), 1):
        if row.count("") == len(row):
            continue
        raw = before + [value_shown(value) for value in row]
        is_cut = is_cut or any(raw[MAX_COLUMNS:])
        if line := reading.line(number, raw[:MAX_COLUMNS]):
            lines.append(line)
            reading.must_be_few(lines)
    if is_cut:
        reading.warn(
            N_("Of the sheet “%(sheet)s”, only the first %(columns)s columns were read."),
            sheet=sheet.name,
            columns=MAX_COLUMNS,
        )
    fill(lines, (sheet.merged_cell_ranges if ranges is None else ranges) or [], reading)
    return lines


def _package(data: bytes) -> list[list[Range]]:
    """Look at the parts of a ZIP before anything unpacks them; merged cells of an OpenDocument file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename.lower().replace("\\", "/") for entry in entries]
            _must_be_harmless(entries, names, len(data))
            _must_be_a_workbook(archive, names)
            return opendocument_ranges(archive) if "content.xml" in names else []
    except RuntimeError:
        raise NotThatKind("file", _LOCKED) from None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError):
        raise NotThatKind("file", DAMAGED) from None


def _must_be_harmless(entries: Sequence[zipfile.ZipInfo], names: Sequence[str], packed: int) -> None:
    # Two parts under one name: what was measured need not be what is read.
    if len(set(names)) != len(names):
        raise NotThatKind("file", DAMAGED)
    if any("vbaproject" in name for name in names):
        raise NotThatKind("file", MACROS)
    unpacked = sum(entry.file_size for entry in entries)
    texts = sum(entry.file_size for entry, name in zip(entries, names, strict=True) if name == _TEXTS)
    is_bomb = unpacked > _SMALL and unpacked > MAX_RATIO * packed
    if unpacked > MAX_UNPACKED_MB * _MB or is_bomb or len(entries) > MAX_PARTS:
        raise TooLarge("file", limit=MAX_UNPACKED_MB)
    if texts > MAX_TEXTS_MB * _MB:
        raise TooLarge("file", limit=MAX_TEXTS_MB)


def _must_be_a_workbook(archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    for part, kind in _PACKAGES.items():
        if part in names:
            raise NotThatKind("file", NO_TABLE, kind=kind)
    if not any(name.startswith("xl/") for name in names):
        kind = archive.read("mimetype")[:100].decode("latin-1") if "mimetype" in names else ""
        if "spreadsheet" not in kind:
            raise NotThatKind("file", NO_TABLE, kind="OpenDocument" if "opendocument" in kind else "ZIP")
    for entry in archive.infolist():
        # Nothing here resolves entities; a file that tries is no list.
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part_file:
                if b"<!ENTITY" in part_file.read(_HEAD):
                    raise NotThatKind("file", DAMAGED)


def _compound(data: bytes) -> list[list[Range]]:
    """Look at the streams of an OLE file: a workbook of Excel 97, or something in its envelope."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise NotThatKind("file", _LOCKED)
    for stream, kind in _STREAMS.items():
        if holds(stream):
            raise NotThatKind("file", NO_TABLE, kind=kind)
    if holds("_VBA_PROJECT"):
        raise NotThatKind("file", MACROS)
    return []
