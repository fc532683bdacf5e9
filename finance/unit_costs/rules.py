"""Distance bands, and which of them a journey falls into. Pure.

One unit is paid per person and return journey, whatever the means of travel (Commission decision C(2021)35, annex). Its
figures come along; those of a newer decision are imported by the project, for which they then hold alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.money import Money
from visits.costs.rules import bands

MOST_BANDS = 100
LONGEST_KM = 25_000


@dataclass(frozen=True)
class UnitBand:
    """Both ends belong to it; the last band may have no end. `source` is the decision."""

    first_km: int
    last_km: int | None
    amount: Money
    source: str

    @property
    def label(self) -> str:
        """The band as lists show it: "801–1200 km", or "≥ 10001 km" where it has no end."""
        return f"{self.first_km}–{self.last_km} km" if self.last_km else f"≥ {self.first_km} km"


def shipped_bands() -> list[UnitBand]:
    """Those of C(2021)35, in euros, for calls opened before 2023-07-26."""
    return [UnitBand(one.first_km, one.last_km, Money(Decimal(one.amount), "EUR"), one.decision) for one in bands()]


def band_for(km: int, table: Sequence[UnitBand]) -> UnitBand | None:
    """The band that holds a distance in whole kilometres; None below the first one or in a gap."""
    return next((one for one in table if one.first_km <= km <= (one.last_km or LONGEST_KM)), None)


def overlap_in(table: Sequence[UnitBand]) -> UnitBand | None:
    """The first band that begins before the one below it has ended: a distance would have two amounts."""
    ordered = sorted(table, key=lambda one: one.first_km)
    return next((above for below, above in pairwise(ordered) if above.first_km <= (below.last_km or LONGEST_KM)), None)
