"""Lines of a list while it is read: what their cells show, and what a file may hold at most."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from core.errors import N_, TooLarge, Unacceptable
from core.plain_text import evened

# Lines of one sheet with something in them.
MAX_ROWS = 20_000
MAX_COLUMNS = 60
# Letters of one cell: what fits nowhere anyway is not carried along.
MAX_CELL = 5000
# Letters and cells of a whole file: one text may stand in every cell of every sheet.
MAX_LETTERS = 5_000_000
MAX_CELLS = 500_000
# What Excel and LibreOffice show in place of a value, in the languages they speak, and for what their columns are too
# narrow for; it gets into CSV as it stands.
_ERROR = re.compile(r"#(N/A|N/D|NV|YOK|Н/Д|[^\W\d_]+(/0)?[!?]|#{2,})")
# How a CSV says that digits are text.
_QUOTED = re.compile(r'="([^"]*)"')


@dataclass(slots=True)
class LineRead:
    """A line with something in it. `formulas` and `filled` are indexes of cells: those that would be computed,
    and those that only repeat a merged cell."""

    number: int
    texts: list[str]
    formulas: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)


@dataclass
class SheetRead:
    """A sheet, as far as it could be read."""

    name: str
    lines: list[LineRead]
    is_hidden: bool = False


@dataclass
class FileReading:
    """One file that is being read: what was found so far is counted, what people should look at is noted."""

    letters: int = 0
    cells: int = 0
    errors: int = 0
    first_error: int = 0
    warnings: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def warn(self, message: str, **facts: object) -> None:
        self.warnings.append((message, facts))

    def line(self, number: int, raw: Sequence[str]) -> LineRead | None:
        """The line as it is kept, or None where nothing is in it. Raises Unacceptable and TooLarge."""
        texts = [evened(text) for text in raw]
        read = LineRead(number, texts)
        for index, text in enumerate(texts):
            if text[:1] in ("#", "="):
                self._mark(read, index)
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MAX_COLUMNS:
            raise Unacceptable(
                "file", N_("Line %(line)s has more than %(columns)s columns."), line=number, columns=MAX_COLUMNS
            )
        if max(map(len, texts), default=0) > MAX_CELL:
            raise Unacceptable(
                "file",
                N_("Line %(line)s: a cell holds more than %(letters)s letters."),
                line=number,
                letters=MAX_CELL,
            )
        self.count(texts)
        return read if texts else None

    def _mark(self, read: LineRead, index: int) -> None:
        """An error is an empty cell, what was said to be text is text, what would be computed is noted."""
        text = read.texts[index]
        if quoted := _QUOTED.fullmatch(text):
            read.texts[index] = quoted[1].strip()
        elif text[0] == "=":
            read.formulas.append(index)
        elif text == text.upper() and _ERROR.fullmatch(text):
            read.texts[index] = ""
            self.errors += 1
            self.first_error = self.first_error or read.number

    def count(self, texts: Sequence[str]) -> None:
        """Take these cells into account. Raises TooLarge and Unacceptable."""
        self.letters += sum(map(len, texts))
        self.cells += len(texts) - texts.count("")
        if self.letters > MAX_LETTERS:
            raise TooLarge("file", limit=MAX_LETTERS // 1_000_000)
        if self.cells > MAX_CELLS:
            raise Unacceptable("file", N_("This file holds more than %(cells)s cells."), cells=MAX_CELLS)

    def must_be_few(self, lines: Sequence[LineRead]) -> None:
        """Raises Unacceptable where a sheet has more lines than anybody's list."""
        if len(lines) > MAX_ROWS:
            raise Unacceptable("file", N_("This table has more than %(rows)s lines."), rows=MAX_ROWS)

    def close(self) -> None:
        """Say what was left out all over the file."""
        if self.errors:
            self.warn(
                N_("%(count)s cells show an error such as #N/A and are taken as empty; the first is in line %(line)s."),
                count=self.errors,
                line=self.first_error,
            )


def value_shown(value: object) -> str:
    """What a spreadsheet shows: days as ISO dates, whole numbers without a point, fractions to fifteen digits."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case int() | float():
            return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:.15g}"
        case datetime():
            return str(value.date()) if value.time() == time() else _without_seconds(value.isoformat(" "))
        case date():
            return value.isoformat()
        case time():
            return _without_seconds(value.isoformat())
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return _without_seconds(f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}")
    return ""


def _without_seconds(text: str) -> str:
    return text.partition(".")[0].removesuffix(":00") if text.count(":") == 2 else text
