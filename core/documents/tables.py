"""Tables that strangers send: what costs nothing to look at is looked at here, reading happens in a process of its
own."""

from dataclasses import dataclass

from core.documents.table_parsing import MAX_FILE_MB, ZIP, rows_in
from core.errors import N_, NotThatKind, TooLarge, Unacceptable
from core.isolation import isolated


@dataclass(frozen=True)
class Cell:
    """What one cell shows; a formula keeps its text and is marked."""

    text: str
    is_formula: bool = False
    is_filled: bool = False


@dataclass(frozen=True)
class Line:
    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Workbook:
    sheets: list[Sheet]
    encoding: str
    encodings: list[str]
    warnings: list[str]


Row = list[Cell]


async def read_workbook(name: str, data: bytes, *, encoding: str | None = None) -> Workbook:
    rows = await read_table(name, data)
    return Workbook([Sheet("", [Line(n, row) for n, row in enumerate(rows, 1)])], "utf-8", [], [])


def best_sheet(workbook: Workbook) -> int:
    return 0


async def read_table(name: str, data: bytes) -> list[Row]:
    """All rows with something in them. The content decides, the file's extension only must not lie.

    Raises NotThatKind, TooLarge, Unparsable, or Unacceptable beside the field `file`.
    """
    if len(data) > MAX_FILE_MB * 1024 * 1024:
        raise TooLarge("file", limit=MAX_FILE_MB)
    if not data.strip():
        raise Unacceptable("file", N_("This file is empty."))
    extension = name.lower().rpartition(".")[2]
    is_zip = data.startswith(ZIP)
    if extension not in {"csv", "txt", "tsv", "xlsx"} or is_zip != (extension == "xlsx"):
        raise NotThatKind("file")
    return [[Cell(text, is_formula) for text, is_formula in row] for row in await isolated(rows_in, data)]
