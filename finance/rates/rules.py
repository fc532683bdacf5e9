"""What a rate is, and what differs between two lists. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.money import Money


@dataclass(frozen=True)
class Rate:
    """The daily amount of a place from a date on; an empty city means the whole country."""

    country: str
    city: str
    amount: Money
    valid_from: date
    source: str


def difference(before: Sequence[Rate], after: Sequence[Rate]) -> dict[str, int]:
    """How many rates are new, changed and gone, against the table in force."""
    old = {(r.country, r.city, r.valid_from): r.amount for r in before}
    new = {(r.country, r.city, r.valid_from): r.amount for r in after}
    return {
        "new": len(new.keys() - old.keys()),
        "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        "gone": len(old.keys() - new.keys()),
    }
