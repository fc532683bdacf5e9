"""What a rule answers with: lines that anybody can compute again by hand, and what is missing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from core.money import smallest_unit
from finance.rates.rules import DatedRates, FoundRate, PlaceRate, RateLevel
from finance.rules.facts import MealKind, Mission, MissionNight, PayPlace, ProvidedBy

ZERO, ONE = Decimal(0), Decimal(1)
COMPONENTS = ("bed", *(meal.value for meal in MealKind))


@dataclass(frozen=True)
class Cut:
    """What comes off a line for one component, before rounding; `share` is the part of the base, None for a sum."""

    component: str
    amount: Decimal
    share: Decimal | None = None


@dataclass(frozen=True)
class PayLine:
    """One night, day, period, bed or receipt. Deductions are positive, and without those of nothing.

    `share` is told as the rule tells it ("1/3", "partial", "0.75"); `reason` is a code of `sentences.REASONS`.
    """

    kind: str
    day: date
    place: str
    currency: str
    rate: Decimal | None
    share: str
    gross: Decimal
    amount: Decimal
    deductions: Mapping[str, Decimal] = field(default_factory=dict)
    reason: str = ""
    received: Decimal | None = None
    converted_at: str = ""
    found: FoundRate | None = None
    cut_shares: Mapping[str, Decimal] = field(default_factory=dict)
    # Where the gross is no rate × share: a code of `sentences.FORMULAS` and its numbers.
    formula: str = ""
    numbers: Mapping[str, Decimal | str] = field(default_factory=dict)

    def by(self, formula: str, **numbers: Decimal | str) -> "PayLine":
        return replace(self, formula=formula, numbers=numbers)

    def less(self, received: Decimal) -> "PayLine":
        """What the person gets from others for it comes off, down to nothing."""
        return replace(self, received=received, amount=max(ZERO, self.amount - received))

    def to_json(self) -> dict[str, Any]:
        """All of it as a document: exact amounts as text, and the row of the table with its dates and source."""
        said: dict[str, Any] = {
            "kind": self.kind,
            "day": self.day.isoformat(),
            "place": self.place,
            "currency": self.currency,
            "share": self.share,
            "gross": str(self.gross),
            "amount": str(self.amount),
        }
        more = {
            "rate": None if self.rate is None else str(self.rate),
            "deductions": {name: str(cut) for name, cut in self.deductions.items()},
            "cut_shares": {name: str(share) for name, share in self.cut_shares.items()},
            "reason": self.reason,
            "received": None if self.received is None else str(self.received),
            "converted_at": self.converted_at,
            "formula": self.formula,
            "numbers": {name: _told(one) for name, one in self.numbers.items()},
            "found": _found_told(self.found) if self.found else None,
        }
        return said | {name: value for name, value in more.items() if value not in (None, "", {})}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "PayLine":
        """The counterpart of `to_json`."""
        return cls(
            said["kind"],
            date.fromisoformat(said["day"]),
            said["place"],
            said["currency"],
            Decimal(said["rate"]) if "rate" in said else None,
            said["share"],
            Decimal(said["gross"]),
            Decimal(said["amount"]),
            {name: Decimal(cut) for name, cut in said.get("deductions", {}).items()},
            said.get("reason", ""),
            Decimal(said["received"]) if "received" in said else None,
            said.get("converted_at", ""),
            _found_meant(said["found"]) if "found" in said else None,
            {name: Decimal(share) for name, share in said.get("cut_shares", {}).items()},
            said.get("formula", ""),
            {name: _meant(one) for name, one in said.get("numbers", {}).items()},
        )


def _told(one: Decimal | str) -> str | list[str]:
    # A number goes in brackets, so that "1" the text and 1 the number come back as they were.
    return [str(one)] if isinstance(one, Decimal) else one


def _meant(said: str | list[str]) -> Decimal | str:
    return said if isinstance(said, str) else Decimal(said[0])


def _found_told(found: FoundRate) -> dict[str, Any]:
    row = found.row
    said = {
        "level": found.level.value,
        "row": str(row.row_id) if row.row_id else None,
        "country": row.country,
        "city": row.city,
        "grade": row.grade,
        "currency": row.currency,
        "amounts": {name: str(amount) for name, amount in row.amounts.items()},
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "source": row.source,
    }
    return {name: value for name, value in said.items() if value}


def _found_meant(said: Mapping[str, Any]) -> FoundRate:
    starts, ends, row_id = said.get("valid_from"), said.get("valid_to"), said.get("row")
    row = PlaceRate(
        said.get("country", ""),
        {name: Decimal(amount) for name, amount in said.get("amounts", {}).items()},
        said.get("city", ""),
        said.get("grade", ""),
        said["currency"],
        date.fromisoformat(starts) if starts else None,
        date.fromisoformat(ends) if ends else None,
        said.get("source", ""),
        row_id=UUID(row_id) if row_id else None,
    )
    return FoundRate(row, RateLevel(said["level"]))


@dataclass(frozen=True)
class OpenLine:
    """A line that cannot be computed: it has no amount, and says what is missing."""

    day: date | None
    what: str
    of: str = ""

    @property
    def missing(self) -> str:
        return f"{self.what} {self.of}".strip()


@dataclass(frozen=True)
class Computation:
    """All lines of one person. There is a total only when nothing is missing."""

    currency: str
    lines: Sequence[PayLine] = ()
    open: Sequence[OpenLine] = ()

    @property
    def total(self) -> Decimal | None:
        return None if self.open else sum((line.amount for line in self.lines), ZERO)


def computation(currency: str, found: Sequence[PayLine | OpenLine]) -> Computation:
    lines = [one for one in found if isinstance(one, PayLine)]
    return Computation(currency, lines, [one for one in found if isinstance(one, OpenLine)])


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up to the smallest unit."""
    return amount.quantize(smallest_unit(currency), ROUND_HALF_UP)


@dataclass(frozen=True)
class LineHead:
    """What a line begins with: its kind, day, place and the rate that was found for it."""

    kind: str
    day: date
    place: PayPlace
    currency: str
    found: FoundRate | None = None

    @property
    def amount(self) -> Decimal | None:
        """That of the rate which was found; None without one."""
        return self.get("amount")

    def get(self, name: str) -> Decimal | None:
        return self.found.get(name) if self.found else None

    def paid(
        self,
        rate: Decimal | None,
        share: str,
        gross: Decimal,
        cuts: Sequence[Cut] = (),
        *,
        floor: Decimal = ZERO,
        reason: str = "",
    ) -> PayLine:
        """Gross rounded once, each deduction once, cut where the line would fall below its floor."""
        gross = left = rounded(gross, self.currency)
        deductions, shares = {}, {}
        for cut in sorted(cuts, key=lambda one: COMPONENTS.index(one.component)):
            off = min(rounded(cut.amount, self.currency), max(ZERO, left - rounded(floor, self.currency)))
            if off > 0:
                deductions[cut.component] = off
                left -= off
            if off > 0 and cut.share is not None:
                shares[cut.component] = cut.share
        rate = None if rate is None else rounded(rate, self.currency)
        return PayLine(
            self.kind,
            self.day,
            self.place.label,
            self.currency,
            rate,
            share,
            gross,
            left,
            deductions,
            reason,
            found=self.found,
            cut_shares=shares,
        )

    def unpaid(self, reason: str, rate: Decimal | None = None, share: str = "0") -> PayLine:
        return self.paid(rate, share, ZERO, reason=reason)

    def missing(self, what: str = "rate") -> OpenLine:
        return OpenLine(self.day, what, self.place.label) if self.place.country else OpenLine(self.day, "place")


def counts(day: date, attended: frozenset[date] | None) -> bool:
    """Whether a day counts: when itself is signed."""
    return attended is None or day in attended


def night_counts(day: date, attended: frozenset[date] | None) -> bool:
    """Whether a night counts: when its own day or the next is signed."""
    return counts(day, attended) or counts(day + timedelta(days=1), attended)


def unpaid_night(night: MissionNight, attended: frozenset[date] | None, *, vehicle_pays: bool = False) -> str:
    """The reason why a night is not paid; empty if it is."""
    if night.is_personal:
        return "personal"
    if night.bed is ProvidedBy.home:
        return "home"
    if night.bed is ProvidedBy.vehicle and not vehicle_pays:
        return "vehicle"
    return "" if night_counts(night.day, attended) else "not_attended"


def bed_on_invoice(head: LineHead, cost: Decimal, ceiling: Decimal) -> PayLine:
    """A hotel bill up to a ceiling, which stands as the rate of the line."""
    ceiling = rounded(ceiling, head.currency)
    line = head.paid(ceiling, "1", min(cost, ceiling), reason="ceiling" if cost > ceiling else "")
    return line.by("bill", bill=cost, ceiling=ceiling)


def beds_on_invoice(
    mission: Mission, rates: DatedRates, currency: str, ceiling_name: str, missing: str
) -> list[PayLine | OpenLine]:
    """A line for each night that was paid by a hotel bill, up to the amount of that name in the row of its place;
    `missing` is what an open line lacks."""
    found: list[PayLine | OpenLine] = []
    for night in mission.ordered_nights:
        if night.cost is None or night.is_bed_given:
            continue
        pick = rates.find(night.place.country, night.place.city, night.day)
        head = LineHead("bed", night.day, night.place, currency, pick)
        ceiling = head.get(ceiling_name)
        reason = unpaid_night(night, mission.attended, vehicle_pays=True)
        if reason:
            found.append(head.unpaid(reason, ceiling))
        elif ceiling is None:
            found.append(head.missing(missing))
        else:
            found.append(bed_on_invoice(head, night.cost, ceiling))
    return found
