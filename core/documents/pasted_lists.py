"""Names that somebody pastes instead of sending a file: cells of a spreadsheet, recipients of a mail, plain lines."""

import csv
import io
import re

MOST_LETTERS = 500_000
# What stands before an address in angle brackets, and the address.
_RECIPIENT = re.compile(r"([^<>]*)<\s*(?:mailto:)?([^<>\s@]+@[^<>\s]+)\s*>")
_BEHIND_A_NAME = re.compile(r"(.*\S)\s+(\S+@\S+)")
_AROUND = " \t;,\"'“”"


def pasted_table(text: str) -> bytes:
    """The text as a file that the readers of lists take, with a person on each line. Cells copied from a spreadsheet
    stay as they are, quoted ones too; “Name <address>” is two cells, and each recipient of one line has a line of their
    own; other lines are parted by semicolons, or else by commas, or before an address that stands last."""
    if "\t" in text:
        return text.encode()
    rows = [row for line in text.splitlines() if line.strip() for row in _rows(line.strip())]
    width = max(map(len, rows), default=0)
    written = io.StringIO()
    # All lines alike: so nothing but a tab parts them.
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(row + [""] * (width - len(row)) for row in rows)
    return written.getvalue().encode()


def _rows(line: str) -> list[list[str]]:
    found = list(_RECIPIENT.finditer(line))
    if not found:
        return [_cells(line)]
    rows: list[list[str]] = []
    for one in found:
        *before, name = re.split(r"[;,](?=[^;,]*$)", one[1]) if "@" in one[1] else [one[1]]
        rows += [["", address] for part in before for address in re.findall(r"[^\s;,]+@[^\s;,]+", part)]
        rows.append([name.strip(_AROUND), one[2]])
    rest = line[found[-1].end() :].strip(_AROUND)
    if len(found) == 1 and rest and "@" not in rest:
        rows[-1] += _cells(rest)
    else:
        rows += [["", address] for address in re.findall(r"[^\s;,]+@[^\s;,]+", rest)]
    return rows


def _cells(line: str) -> list[str]:
    parted = next((one for one in (";", ",") if one in line), None)
    if parted:
        return [cell.strip() for cell in line.split(parted)]
    behind = _BEHIND_A_NAME.fullmatch(line)
    return [behind[1], behind[2].strip(_AROUND)] if behind else [line]
