"""Tabs with the lines, one for each currency of rates, in which every amount is computed from rate, share and count."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import N_
from core.i18n import Words
from core.money import smallest_unit
from finance.rules.lines import COMPONENTS, ZERO, PayLine
from finance.rules.sentences import explanation
from finance.sheet_files.line_cells import LineCells, cells_of
from finance.sheet_files.rules import BED, COSTS, LINE_KINDS, place_or_cost

# What a column is called and its width in letters.
COLUMNS = (
    (N_("No."), 5), (N_("Name"), 26), (N_("Day"), 11), (N_("Kind"), 11), (N_("Place or kind of cost"), 20),
    (N_("Counts"), 7), (N_("Rate"), 11), (N_("Share"), 7), (N_("Gross"), 11), (N_("Deductions are shares of"), 11),
    (N_("Not below"), 9), (N_("Accommodation, share"), 9), (N_("Breakfast, share"), 9), (N_("Lunch, share"), 9),
    (N_("Dinner, share"), 9), (N_("Accommodation"), 11), (N_("Breakfast"), 11), (N_("Lunch"), 11), (N_("Dinner"), 11),
    (N_("Received from others"), 11), (N_("Amount"), 11), (N_("Why"), 52),
)  # fmt: skip
_COUNTS, _RATE, _SHARE, _GROSS, _BASE, _FLOOR, _SHARES, _OFF, _RECEIVED, _AMOUNT, _WHY = (
    5, 6, 7, 8, 9, 10, 11, 15, 19, 20, 21,
)  # fmt: skip
# Points of two lines of a sentence. Heights of single rows would be kept in memory.
_TWO_LINES = 22
_SHARE_LETTERS, _OFF_LETTERS = "LMNO", "PQRS"


@dataclass(frozen=True)
class LineFormats:
    """Of cells: text, day, money, what is computed, shares, and a wrapped sentence."""

    cell: Any
    day: Any
    money: Any
    computed: Any
    number: Any
    fraction: Any
    percent: Any
    sentence: Any
    head: Any


@dataclass
class RowRange:
    """Rows of a tab, from one to another (one-based, both belong to it); of none the last lies before the first."""

    first: int
    last: int

    def of(self, sheet: str, columns: str) -> str:
        """An address: `columns` is one letter or two with a colon."""
        left, _, right = columns.partition(":")
        return f"'{sheet}'!${left}${self.first}:${right or left}${self.last}"

    def __bool__(self) -> bool:
        return self.last >= self.first


@dataclass(frozen=True)
class PersonRows:
    """Where the lines of a person stand: nights, days and periods, after these hotel bills, then costs on documents."""

    units: RowRange
    per_diems: RowRange
    costs: RowRange


class LineSheet:
    """The tab of one currency, written from top to bottom."""

    def __init__(self, sheet: Any, currency: str, words: Words, formats: LineFormats) -> None:
        self.sheet, self.currency, self.words, self.formats = sheet, currency, words, formats
        self.name = sheet.get_name().replace("'", "''")
        self.digits = -int(smallest_unit(currency).as_tuple().exponent)
        self._next = 1
        self._kinds = {kind: words.translate(name) for kind, name in LINE_KINDS.items()}
        sheet.set_default_row(_TWO_LINES)
        sheet.set_row(0, 46)
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words.translate(title), formats.head)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)

    def add(self, number: int, name: str, rule_set: str, lines: Sequence[PayLine]) -> PersonRows:
        """A person's lines, per diems first."""
        edges = [self._next]
        for wanted in (_is_unit, _is_bed, _is_cost):
            for line in filter(wanted, lines):
                self._write(number, name, line, cells_of(line, rule_set))
            edges.append(self._next)
        units, beds, costs = edges[1:]
        first = edges[0] + 1
        return PersonRows(RowRange(first, units), RowRange(first, beds), RowRange(beds + 1, costs))

    def _write(self, number: int, name: str, line: PayLine, cells: LineCells) -> None:
        sheet, formats, row = self.sheet, self.formats, self._next
        self._next = row + 1
        why = explanation(line, self.words)
        text = sheet.write_string
        sheet.write_number(row, 0, number, formats.cell)
        text(row, 1, name, formats.cell)
        sheet.write_datetime(row, 2, line.day, formats.day)
        text(row, 3, self._kinds.get(line.kind, line.kind), formats.cell)
        text(row, 4, place_or_cost(line, self.words), formats.cell)
        sheet.write_number(row, _COUNTS, int(cells.counts), formats.number)
        self._gross(row, line, cells)
        if line.deductions:
            self._deductions(row, line, cells)
        else:
            for column in range(_BASE, _RECEIVED):
                sheet.write_blank(row, column, None, formats.money)
        n = row + 1
        if line.received:
            left = f"MAX(0,I{n}-SUM(P{n}:S{n}))"
            sheet.write_formula(
                row, _RECEIVED, f"=MIN({line.received},{left})*F{n}", formats.computed, float(cells.received)
            )
        else:
            sheet.write_blank(row, _RECEIVED, None, formats.money)
        sheet.write_formula(row, _AMOUNT, f"=I{n}-SUM(P{n}:T{n})", formats.computed, float(line.amount))
        text(row, _WHY, why, formats.sentence)

    def _gross(self, row: int, line: PayLine, cells: LineCells) -> None:
        sheet, formats, n = self.sheet, self.formats, row + 1
        if line.rate is None:
            sheet.write_blank(row, _RATE, None, formats.money)
        else:
            sheet.write_number(row, _RATE, float(line.rate), formats.money)
        if cells.share is None:
            sheet.write_blank(row, _SHARE, None, formats.number)
            # A bill or a receipt: what it says is the gross.
            sheet.write_number(row, _GROSS, float(line.gross), formats.money)
            return
        above, below = cells.share
        if below == 1:
            sheet.write_number(row, _SHARE, float(above), formats.number)
        else:
            sheet.write_formula(row, _SHARE, f"={above}/{below}", formats.fraction, float(above / below))
        product = f"G{n}*H{n}" if cells.bill is None else f"MIN({cells.bill},G{n}*H{n})"
        sheet.write_formula(row, _GROSS, f"=ROUND(F{n}*{product},{self.digits})", formats.computed, float(line.gross))

    def _deductions(self, row: int, line: PayLine, cells: LineCells) -> None:
        """Each as a share of the base, rounded, cut at what is left above the floor."""
        sheet, formats, n = self.sheet, self.formats, row + 1
        has_shares = bool(line.cut_shares) and cells.base is not None
        if not has_shares:
            sheet.write_blank(row, _BASE, None, formats.money)
        elif isinstance(cells.base, Decimal):
            sheet.write_number(row, _BASE, float(cells.base), formats.money)
        else:
            letter, value = ("G", line.rate or ZERO) if cells.base == "rate" else ("I", line.gross)
            sheet.write_formula(row, _BASE, f"={letter}{n}", formats.computed, float(value))
        if cells.floor:
            sheet.write_number(row, _FLOOR, float(cells.floor), formats.money)
        else:
            sheet.write_blank(row, _FLOOR, None, formats.money)
        left = f"I{n}-K{n}" if cells.floor else f"I{n}"
        for at, name in enumerate(COMPONENTS):
            off, share = line.deductions.get(name), line.cut_shares.get(name) if has_shares else None
            if share is None:
                sheet.write_blank(row, _SHARES + at, None, formats.percent)
            else:
                sheet.write_number(row, _SHARES + at, float(share), formats.percent)
            if off is None:
                sheet.write_blank(row, _OFF + at, None, formats.money)
                continue
            if cells.base is None:
                sheet.write_number(row, _OFF + at, float(off), formats.money)
            else:
                wanted = off if share is None else f"ROUND(J{n}*{_SHARE_LETTERS[at]}{n},{self.digits})"
                sheet.write_formula(row, _OFF + at, f"=MIN({wanted},MAX(0,{left}))", formats.computed, float(off))
            left += f"-{_OFF_LETTERS[at]}{n}"


def _is_cost(line: PayLine) -> bool:
    return line.kind in COSTS


def _is_bed(line: PayLine) -> bool:
    return line.kind == BED


def _is_unit(line: PayLine) -> bool:
    return line.kind != BED and line.kind not in COSTS
