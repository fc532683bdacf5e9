"""Names that somebody pastes instead of sending a file: cells of a spreadsheet, recipients of a mail, plain lines."""

import asyncio
import csv
import io
import re

from core.documents.tables import Workbook, read_workbook

MOST_LETTERS = 500_000
# What is read below takes as long as the text is, whatever stands in it.
_ADDRESS = re.compile(r"<\s*(?:mailto:)?([^<>\s@]+@[^<>\s]+)\s*>")
_BRACKET = re.compile(r"[<>]")
_BETWEEN = re.compile(r"[\s;,]+")
_AROUND = " \t;,\"'“”"
# Lines with more cells are no people: others are not made as wide.
_MOST_CELLS = 100


async def read_pasted(text: str) -> Workbook:
    """The text as a list, read off the loop. Raises what `read_workbook` does."""
    return await read_workbook("pasted.tsv", await asyncio.to_thread(pasted_table, text))


def pasted_table(text: str) -> bytes:
    """The text as a file that the readers of lists take, with a person on each line. Cells copied from a spreadsheet
    stay as they are, quoted ones too; “Name <address>” is two cells, and each recipient of one line has a line of their
    own; other lines are parted by semicolons, or else by commas, or before an address that stands last."""
    if "\t" in text:
        return text.encode()
    rows = [row for line in text.splitlines() if line.strip() for row in _rows(line.strip())]
    width = max((len(row) for row in rows if len(row) <= _MOST_CELLS), default=0)
    written = io.StringIO()
    # All lines alike: so nothing but a tab parts them.
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(row + [""] * (width - len(row)) for row in rows)
    return written.getvalue().encode()


def _rows(line: str) -> list[list[str]]:
    rows: list[list[str]] = []
    count = end = 0
    for one in _ADDRESS.finditer(line):
        before = _BRACKET.split(line[end : one.start()])[-1]
        cut = max(before.rfind(";"), before.rfind(",")) if "@" in before else -1
        rows += _alone(before[: cut + 1])
        rows.append([before[cut + 1 :].strip(_AROUND), one[1]])
        count, end = count + 1, one.end()
    if not rows:
        return [_cells(line)]
    rest = line[end:].strip(_AROUND)
    if "@" in rest:
        return rows + _alone(rest)
    if rest and count == 1:
        rows[-1] += _cells(rest)
    elif rest:
        rows.append([rest])
    return rows


def _alone(text: str) -> list[list[str]]:
    """Addresses without a name."""
    return [["", part] for part in _BETWEEN.split(text) if "@" in part[1:-1]]


def _cells(line: str) -> list[str]:
    parted = next((one for one in (";", ",") if one in line), None)
    if parted:
        return [cell.strip() for cell in line.split(parted)]
    name, *address = line.rsplit(maxsplit=1)
    return [name, address[0].strip(_AROUND)] if address and "@" in address[0][1:-1] else [line]
