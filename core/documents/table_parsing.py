"""Parses lists in any usual kind of file without their dangers. Runs in the process of `core.isolation`."""

import re
from codecs import BOM_UTF8
from typing import Any

from core.documents.table_books import DAMAGED, NO_TABLE, OLE, ZIP, book_in
from core.documents.table_encodings import decoded
from core.documents.table_lines import FileReading, SheetRead
from core.documents.table_records import lines_of
from core.errors import N_, NotThatKind, Unacceptable

# By their first bytes: what people send in place of a table.
_OTHERS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"\x1f\x8b": "GZIP",
}
# What is one of these and begins like text came to harm.
_BOOKS = {"xlsx", "xlsb", "ods"}
# Tables that spreadsheet programs open whatever they are called.
_MARKUP = {
    "XML": re.compile(rb"<\?xml"),
    "HTML": re.compile(rb"<(!doctype|!--|html|head|meta|style|body|div|table)\b", re.IGNORECASE),
    "MHTML": re.compile(rb"mime-version:", re.IGNORECASE),
}
_MARKED_UP = N_(
    "This is really a %(kind)s file. Please open it in a spreadsheet program, save it as XLSX and send that."
)


def workbook_in(data: bytes, ending: str = "", encoding: str = "") -> dict[str, Any]:
    """The sheets of a file whose content decides what it is, as `core.documents.tables` takes them.

    `ending` is what the file is called by, in lower case: text is no workbook. `encoding` says how to read a text file;
    otherwise it is found out. Raises NotThatKind, TooLarge or Unacceptable
    beside the field `file`.
    """
    reading = FileReading()
    if data.startswith((ZIP, OLE)):
        sheets, name, others = book_in(data, reading), "", list[str]()
    else:
        _must_be_text(data)
        if ending in _BOOKS:
            raise NotThatKind("file", DAMAGED)
        text, name, others = decoded(data, encoding, reading)
        sheets = [SheetRead("", lines_of(text, reading))]
    reading.close()
    if not any(sheet.lines for sheet in sheets):
        raise Unacceptable("file", N_("This file is empty."))
    return {
        "sheets": [
            (sheet.name, sheet.is_hidden, [(x.number, x.texts, x.formulas, x.filled) for x in sheet.lines])
            for sheet in sheets
        ],
        "encoding": name,
        "encodings": others,
        "warnings": reading.warnings,
    }


def _must_be_text(data: bytes) -> None:
    for first, kind in _OTHERS.items():
        if data.startswith(first):
            raise NotThatKind("file", NO_TABLE, kind=kind)
    begin = data[:200].removeprefix(BOM_UTF8).lstrip()
    for kind, pattern in _MARKUP.items():
        if pattern.match(begin):
            raise NotThatKind("file", _MARKED_UP, kind=kind)
