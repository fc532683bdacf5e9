"""Merged cells of a sheet: where they are, and their text in every cell that they cover."""

import zipfile
from bisect import bisect_left
from collections.abc import Iterable
from xml.parsers import expat

from core.documents.table_lines import MAX_COLUMNS, FileReading, LineRead

# First and last cell, each as row and column from 0.
Range = tuple[tuple[int, int], tuple[int, int]]
_MOST = 20_000


def fill(lines: list[LineRead], ranges: Iterable[Range], reading: FileReading) -> None:
    """Repeat the text of merged cells in the lines they cover that hold something else too.

    So a title over the whole width stays one text, and lines that are only merged over stay empty.
    """
    numbers = [line.number for line in lines]
    for (top, left), (bottom, right) in ranges:
        at = bisect_left(numbers, top + 1)
        if at == len(lines) or lines[at].number != top + 1 or left >= len(lines[at].texts):
            continue
        text = lines[at].texts[left]
        last = min(right, MAX_COLUMNS - 1)
        while text and at < len(lines) and lines[at].number <= bottom + 1:
            if _holds_more(lines[at], left, last):
                _repeat(lines[at], text, left, last, reading)
            at += 1


def _holds_more(line: LineRead, left: int, right: int) -> bool:
    return any(
        text and not left <= index <= right and index not in line.filled for index, text in enumerate(line.texts)
    )


def _repeat(line: LineRead, text: str, left: int, right: int, reading: FileReading) -> None:
    line.texts += [""] * (right + 1 - len(line.texts))
    for index in range(left, right + 1):
        if not line.texts[index]:
            line.texts[index] = text
            line.filled.append(index)
            reading.count([text])


class Spans:
    """Finds the merged cells of an OpenDocument spreadsheet, whose reader does not tell of them."""

    def __init__(self) -> None:
        self.sheets: list[list[Range]] = []
        self._row = self._column = self._repeated = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        said = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        match name.rpartition(":")[2]:
            case "table":
                self.sheets.append([])
                self._row = 0
            case "table-row":
                self._column, self._repeated = 0, _number(said, "number-rows-repeated")
            case "table-cell" | "covered-table-cell":
                rows, columns = _number(said, "number-rows-spanned"), _number(said, "number-columns-spanned")
                if (rows > 1 or columns > 1) and self.sheets and len(self.sheets[-1]) < _MOST:
                    last = (self._row + rows - 1, self._column + columns - 1)
                    self.sheets[-1].append(((self._row, self._column), last))
                self._column += _number(said, "number-columns-repeated")

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "table-row":
            self._row += self._repeated


def _number(said: dict[str, str], name: str) -> int:
    text = said.get(name, "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


def _refuse(name: str, *_: object) -> None:
    raise ValueError(f"an entity is declared: {name}")


def opendocument_ranges(archive: zipfile.ZipFile) -> list[list[Range]]:
    """Sheet by sheet. An XML that cannot be read has none: who reads the cells says so.

    Raises ValueError where an entity is declared.
    """
    content = archive.read("content.xml")
    if b"-spanned=" not in content:
        return []
    spans, parser = Spans(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = spans.begin, spans.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return []
    return spans.sheets
