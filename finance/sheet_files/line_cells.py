"""A line of a sheet as cells that a spreadsheet can compute again. Pure.

A line says what came out of it, and how is tried here with exact numbers: a cell becomes a formula only where the
formula comes to what the rule came to. All else stands as a number.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from core.money import smallest_unit
from finance.rules.lines import COMPONENTS, ONE, ZERO, PayLine
from finance.rules.us_gsa import incidentals

Ratio = tuple[Decimal, Decimal]
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class LineCells:
    """`share` is a numerator and a denominator; None where the gross stands as a number. With a `bill` the gross is at
    most that. `base` is what shares of deductions are taken of: "rate", "gross", or an amount of its own; None where
    the deductions stand as numbers."""

    counts: bool
    rate: Decimal | None
    share: Ratio | None
    bill: Decimal | None
    base: Decimal | str | None
    floor: Decimal
    received: Decimal


def cells_of(line: PayLine, rule_set: str) -> LineCells:
    """How a spreadsheet computes the line."""
    unit = smallest_unit(line.currency)
    share, bill = _gross(line, unit)
    floor = ZERO
    base: Decimal | str | None = None
    if line.deductions:
        if rule_set == "us_gsa" and line.found is not None and line.kind == "day":
            floor = incidentals(line.found, line.currency)
        base = _base(line, unit, floor)
        if base is None and floor:
            floor = ZERO
            base = _base(line, unit, floor)
    received = ZERO
    if line.received:
        received = min(line.received, line.gross - sum(line.deductions.values(), ZERO))
    return LineCells(line.gross > 0, line.rate, share, bill, base, floor, received)


@lru_cache(maxsize=1024)
def _ratio(said: str) -> Ratio | None:
    """ "1/3", "0.75", "2"; None for words."""
    above, _, below = said.partition("/")
    if not above.replace(".", "", 1).isdigit() or not (below or "1").isdigit():
        return None
    return Decimal(above), Decimal(below or 1)


def _gross(line: PayLine, unit: Decimal) -> tuple[Ratio | None, Decimal | None]:
    if line.rate is None:
        return None, None
    said = _ratio(line.share)
    if not line.gross:
        return said or (ZERO, ONE), None
    if line.formula == "bill" and line.numbers.get("ceiling") == line.rate:
        bill = line.numbers.get("bill")
        is_known = isinstance(bill, Decimal) and min(bill.quantize(unit, ROUND_HALF_UP), line.rate) == line.gross
        return ((ONE, ONE), bill) if is_known and isinstance(bill, Decimal) else (None, None)
    for above, below in (said,) if said else ((ONE, ONE), (_HALF, ONE)):
        if (line.rate * above / below).quantize(unit, ROUND_HALF_UP) == line.gross:
            return (above, below), None
    return None, None


def _base(line: PayLine, unit: Decimal, floor: Decimal) -> Decimal | str | None:
    """What the shares were taken of."""
    if not line.cut_shares:
        return "gross" if _comes_out(line, ZERO, unit, floor) else None
    if line.rate is not None and _comes_out(line, line.rate, unit, floor):
        return "rate"
    if _comes_out(line, line.gross, unit, floor):
        return "gross"
    # The whole rate of a day that is paid in part: as much as its greatest share tells.
    name = max(line.cut_shares, key=lambda one: line.cut_shares[one])
    told = (line.deductions[name] / line.cut_shares[name]).quantize(unit, ROUND_HALF_UP)
    full = line.found.get("full") if line.found else None
    for base in (full, told):
        if base is not None and _comes_out(line, base, unit, floor):
            return base
    return None


def _comes_out(line: PayLine, base: Decimal, unit: Decimal, floor: Decimal) -> bool:
    left = line.gross
    for name in COMPONENTS:
        off = line.deductions.get(name)
        if off is None:
            continue
        share = line.cut_shares.get(name)
        wanted = off if share is None else (base * share).quantize(unit, ROUND_HALF_UP)
        if min(wanted, max(ZERO, left - floor)) != off:
            return False
        left -= off
    return True
