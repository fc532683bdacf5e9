"""What the files of a sheet show, and how cash is counted out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.errors import N_
from core.i18n import Words
from finance.receipts.rules import RECEIPT_KINDS
from finance.rules.lines import ZERO, PayLine
from finance.rules.sentences import place_name
from finance.statements.rules import RECEIPT, UNIT_COST, PersonStatement


class SignatureRole(StrEnum):
    """Who answers for a sheet, in the order in which they sign."""

    prepared = "prepared"
    checked = "checked"
    approved = "approved"


SIGNATURE_ROLES = {
    SignatureRole.prepared: N_("Prepared by"),
    SignatureRole.checked: N_("Checked by"),
    SignatureRole.approved: N_("Approved by"),
}
LINE_KINDS = {
    "night": N_("Night"),
    "day": N_("Day"),
    "period": N_("24 hours"),
    "bed": N_("Hotel"),
    "receipt": N_("Receipt"),
    "unit_cost": N_("Unit cost"),
}
# Costs on documents are summed apart; a hotel's bill is no night or day to count.
COSTS, BED = frozenset({RECEIPT, UNIT_COST}), "bed"
_RECEIPT_KINDS: Mapping[str, str] = {kind.value: name for kind, name in RECEIPT_KINDS.items()}


def place_or_cost(line: PayLine, words: Words) -> str:
    """Where a line is of, or what kind of cost it is, in the reader's language; a unit cost by its own label."""
    if line.kind in COSTS:
        return words.translate(_RECEIPT_KINDS[line.place]) if line.place in _RECEIPT_KINDS else line.place
    return place_name(line.place, words)


@dataclass(frozen=True)
class SheetSignature:
    """Who did it and when; a name without a moment is one that is still to sign."""

    role: SignatureRole
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class EvidenceLink:
    """A document that proves a line, and its address."""

    label: str
    address: str


@dataclass(frozen=True)
class SheetDocument:
    """All that the files of one version of a sheet show.

    `currency` is that of payment, `zone` that by whose clock moments are said. `state` and `rule_titles` are in the
    document's language already. `previous` are what people had earned in the version before; then there is a column of
    differences. `evidence` is by registration.
    """

    title: str
    code: str
    days: tuple[date, date]
    place: str
    project: str
    contract: str
    budget_line: str
    statement: str
    rule_titles: Sequence[str]
    state: str
    version: int
    number: str
    currency: str
    language: str
    made_at: datetime
    zone: str
    statements: Sequence[PersonStatement]
    signatures: Sequence[SheetSignature] = ()
    previous: Mapping[UUID, Decimal] = field(default_factory=dict)
    evidence: Mapping[UUID, Sequence[EvidenceLink]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return any(one.is_open for one in self.statements)

    @property
    def to_pay(self) -> Decimal | None:
        """The sum; None while something is missing for somebody."""
        return None if self.is_open else sum((one.to_pay or ZERO for one in self.statements), ZERO)

    @property
    def line_currencies(self) -> list[str]:
        """Of the rates, that of payment first."""
        found = {line.currency for one in self.statements for line in one.lines}
        return sorted(found or {self.currency}, key=lambda code: (code != self.currency, code))

    def signature_of(self, role: SignatureRole) -> SheetSignature:
        return next((one for one in self.signatures if one.role is role), SheetSignature(role))


# Notes and coins that are handed out, by central banks' own lists; no 500 euro note has been issued since 2019.
DENOMINATIONS: Mapping[str, Sequence[Decimal]] = {
    code: [Decimal(one) for one in units.split()]
    for code, units in {
        "EUR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
        "TRY": "200 100 50 20 10 5 1 0.50 0.25 0.10 0.05 0.01",
        "USD": "100 50 20 10 5 1 0.25 0.10 0.05 0.01",
        "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
        "CHF": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    }.items()
}


def cash_units(amount: Decimal, currency: str) -> dict[Decimal, int]:
    """How many of each note and coin make up an amount, the largest first; empty for a currency that is not known
    here. What the smallest coin does not reach is left out."""
    counted = {}
    for unit in DENOMINATIONS.get(currency, ()):
        count = int(amount // unit)
        if count:
            counted[unit] = count
            amount -= unit * count
    return counted
