"""Text as a table: which delimiter parts its cells, and records whose quoting may be broken."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from core.documents.table_lines import FileReading, LineRead
from core.errors import N_

DELIMITERS = ";\t,|"
# Lines that vote for a delimiter.
_VOTERS = 500
# Lines of one record: a quotation mark that is closed later than this was never meant to open anything.
_LONGEST = 100
# The first line of some files is for Excel, which takes the delimiter from it.
_SAID = re.compile(r"sep=([;,\t|])", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
Record = tuple[int, list[str]]


def lines_of(text: str, reading: FileReading) -> list[LineRead]:
    """Lines with something in them, each numbered by where its record starts."""
    source = _LINE_END.split(text)
    first, delimiter = 0, ""
    if said := _SAID.fullmatch(source[0].strip(" \ufeff")):
        first, delimiter = 1, said[1]
    delimiter = delimiter or best_delimiter(source)
    lines: list[LineRead] = []
    broken: list[int] = []
    for number, cells in _records(source, first, delimiter, broken):
        if line := reading.line(number, cells):
            lines.append(line)
            reading.must_be_few(lines)
    if broken:
        reading.warn(
            N_("Quotation marks do not match in %(count)s lines; please check them, from line %(line)s on."),
            count=len(broken),
            line=broken[0],
        )
    return lines


def best_delimiter(source: Sequence[str]) -> str:
    """Each delimiter reads the first lines by itself: the one by which most of them have equally many cells, where more
    cells count for more."""

    def agreement(delimiter: str) -> float:
        records = islice(_records(source, 0, delimiter, []), _VOTERS)
        widths = Counter(len(cells) for _, cells in records if any(map(str.strip, cells)))
        return max((lines * math.sqrt(width - 1) / widths.total() for width, lines in widths.items()), default=0.0)

    return max(DELIMITERS, key=agreement)


def _records(source: Sequence[str], first: int, delimiter: str, broken: list[int]) -> Iterator[Record]:
    """Records with the number of their first line; lines that are no CSV are read as they stand and noted."""
    at = first
    while at < len(source):
        fed = _Fed(source, at)
        reader = csv.reader(fed, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield at + 1, cells
                at = fed.at
                fed.until = at + _LONGEST
            return
        except csv.Error:
            cells, is_sure = _as_it_stands(source[at], delimiter)
            if not is_sure:
                broken.append(at + 1)
            yield at + 1, cells
            at += 1


class _Fed:
    """Lines for a reader of CSV, at most so many for one record."""

    def __init__(self, source: Sequence[str], at: int) -> None:
        self.source, self.at, self.until = source, at, at + _LONGEST

    def __iter__(self) -> "_Fed":
        return self

    def __next__(self) -> str:
        if self.at >= min(self.until, len(self.source)):
            raise StopIteration
        self.at += 1
        return self.source[self.at - 1] + "\n"


def _as_it_stands(line: str, delimiter: str) -> tuple[list[str], bool]:
    """Cells of a line whose quotation marks keep no rule, and whether they match all the same."""
    if line.count('"') % 2 == 0:
        try:
            return next(csv.reader([line], delimiter=delimiter)), True
        except (csv.Error, StopIteration):
            pass
    return [cell.strip().strip('"') for cell in line.split(delimiter)], False
