"""Lists that strangers send: what costs nothing is looked at here, the rest in a process of its own."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.documents.table_books import MACROS
from core.documents.table_parsing import workbook_in
from core.errors import N_, NotThatKind, TooLarge, Unacceptable
from core.isolation import Unparsable, isolated

MAX_FILE_MB = 10
# A list as long as it may be, with all its cells, beside what reads it.
_MEMORY_MB = 256
# What files with a table are called; what is in them decides how they are read.
_ENDINGS = {"csv", "tsv", "tab", "txt", "xlsx", "xls", "xlsb", "ods"}
# What is often sent in their place: whoever sent it is told what it is.
_ENDINGS |= {"pdf", "doc", "docx", "rtf", "odt", "numbers", "zip", "rar", "7z", "jpg", "jpeg", "png", "htm", "html"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. A text that would be computed is marked, and one that only repeats a merged cell."""

    text: str
    is_formula: bool = False
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something in it, by its number as people see it in their program, and its cells up to the last one
    that holds something."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with something in it; a text file is one without a name."""

    name: str
    lines: list[Line]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """What whoever sent a file should look at: a message for the catalogues and what fills its placeholders."""

    message: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workbook:
    """All of a file: sheets in their order, hidden ones last. `encoding` is what a text file was read as, empty for
    others; `encodings` are the names of others that would read it differently."""

    sheets: list[Sheet]
    encoding: str = ""
    encodings: list[str] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)


Row = list[Cell]


async def read_workbook(name: str, data: bytes, *, encoding: str | None = None) -> Workbook:
    """A list in any usual kind of file. What is in it decides how it is read; `encoding` is one of those that
    `Workbook.encodings` offered.

    Raises NotThatKind, TooLarge, Unparsable or Unacceptable beside the field `file`.
    """
    if len(data) > MAX_FILE_MB * 1024 * 1024:
        raise TooLarge("file", limit=MAX_FILE_MB)
    if not data.strip():
        raise Unacceptable("file", N_("This file is empty."))
    ending = name.lower().rpartition(".")[2]
    if ending == "xlsm":
        raise NotThatKind("file", MACROS)
    if ending not in _ENDINGS:
        raise NotThatKind("file", N_("Please send the list as XLSX, XLS, ODS or CSV."))
    try:
        found = await isolated(workbook_in, data, ending, encoding or "", memory_mb=_MEMORY_MB)
    except Unparsable:
        raise Unparsable("file") from None
    # Half a million cells take a while: others are served meanwhile.
    return await asyncio.to_thread(_workbook, found)


def best_sheet(workbook: Workbook) -> int:
    """Index of the sheet that looks most like a list: by the texts that stand beside others in its lines, so that
    neither a letter nor a column of codes is taken for one. A hidden sheet is one only where there is no other."""

    def weight(index: int) -> tuple[bool, int]:
        sheet = workbook.sheets[index]
        return not sheet.is_hidden, sum(max(0, _texts(line) - 1) for line in sheet.lines)

    return max(range(len(workbook.sheets)), key=weight)


def _texts(line: Line) -> int:
    return sum(not cell.is_filled and any(map(str.isalpha, cell.text)) for cell in line.cells)


async def read_table(name: str, data: bytes) -> list[Row]:
    """The lines of the sheet that looks most like a list. Raises as `read_workbook` does."""
    workbook = await read_workbook(name, data)
    return [line.cells for line in workbook.sheets[best_sheet(workbook)].lines]


def sheets_of(found: Iterable[tuple[str, bool, Iterable[Any]]]) -> list[Sheet]:
    """Sheets as `core.documents.table_parsing.workbook_in` gave them, in a process of its own."""
    cells: dict[str, Cell] = {}
    return [Sheet(name, [_line(cells, *line) for line in lines], is_hidden) for name, is_hidden, lines in found]


def _workbook(found: Mapping[str, Any]) -> Workbook:
    return Workbook(
        sheets_of(found["sheets"]),
        found["encoding"],
        found["encodings"],
        [ReadingWarning(message, facts) for message, facts in found["warnings"]],
    )


def _line(known: dict[str, Cell], number: int, texts: list[str], formulas: list[int], filled: list[int]) -> Line:
    # Lists repeat themselves: equal cells are one.
    cells = [known.get(text) or known.setdefault(text, Cell(text)) for text in texts]
    for index in {*formulas, *filled}:
        cells[index] = Cell(texts[index], index in formulas, index in filled)
    return Line(number, cells)
