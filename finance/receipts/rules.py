"""Receipts and ceilings: their kinds and states, and how the rules of per diems are told of them. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from core.errors import N_, Refusal
from core.money import Money
from finance.rules.actuals import CostCeiling
from finance.rules.facts import PaidReceipt


class ReceiptKind(StrEnum):
    """What was paid for."""

    taxi = "taxi"
    public_transport = "public-transport"
    train = "train"
    flight = "flight"
    fuel = "fuel"
    parking = "parking"
    hotel = "hotel"
    meal = "meal"
    visa = "visa"
    insurance = "insurance"
    other = "other"


RECEIPT_KINDS = {
    ReceiptKind.taxi: N_("Taxi"),
    ReceiptKind.public_transport: N_("Public transport"),
    ReceiptKind.train: N_("Train or coach"),
    ReceiptKind.flight: N_("Flight"),
    ReceiptKind.fuel: N_("Fuel"),
    ReceiptKind.parking: N_("Parking and toll"),
    ReceiptKind.hotel: N_("Hotel"),
    ReceiptKind.meal: N_("Meal"),
    ReceiptKind.visa: N_("Visa"),
    ReceiptKind.insurance: N_("Insurance"),
    ReceiptKind.other: N_("Other"),
}


class ReceiptState(StrEnum):
    """A receipt on its way: only accepted ones are paid."""

    claimed = "claimed"
    accepted = "accepted"
    refused = "refused"


RECEIPT_STATES = {
    ReceiptState.claimed: N_("Claimed"),
    ReceiptState.accepted: N_("Accepted for payment"),
    ReceiptState.refused: N_("Refused"),
}
STATE_COLOURS = {"claimed": "yellow", "accepted": "green", "refused": "red"}

# A telephone's photograph or a scan, in bytes.
MOST_BYTES = 10 * 1024 * 1024
MOST_OF_PERSON = 60
# So long before the event somebody may have paid for the journey; a day of the year before is a slip.
EARLIEST = timedelta(days=300)
# How files begin that show a receipt, and what they are. HEIC has its mark at the fifth byte.
_BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class DecidedAlready(Refusal):
    """A receipt that somebody decided on is withdrawn, or an accepted one is changed."""

    status, code, title = 409, "receipt-decided", N_("Finance has decided on this receipt already.")


class ReceiptFacts(Protocol):
    """As much of a receipt as decides what is paid."""

    kind: ReceiptKind
    day: date | None
    file_hash: str
    state: ReceiptState

    @property
    def amount(self) -> Money | None: ...


class Ceiling(Protocol):
    """The most that a project pays, in the currency that it pays in; a kind that is None means all kinds together."""

    kind: ReceiptKind | None
    is_daily: bool

    @property
    def amount(self) -> Money: ...


def media_type_of(content: bytes) -> str:
    """What a file is by its first bytes: PDF, JPEG, PNG or HEIC; empty for anything else."""
    known = next((kind for mark, kind in _BEGINNINGS.items() if content.startswith(mark)), "")
    return known or ("image/heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIF else "")


def missing_of_receipt(receipt: ReceiptFacts) -> str:
    """What a receipt still needs before it can be paid, as `finance.rules.sentences` says it: "file", "acceptance"
    or nothing. Day, amount and currency are asked for by the rule itself."""
    if not receipt.file_hash:
        return "file"
    return "acceptance" if receipt.state is ReceiptState.claimed else ""


def is_locked(receipt: ReceiptFacts) -> bool:
    """Whether it is accepted and lacks nothing. What was refused, or accepted while something of it was missing, may be
    corrected and is decided on anew."""
    is_whole = bool(receipt.day and receipt.amount and receipt.file_hash)
    return receipt.state is ReceiptState.accepted and is_whole


def to_paid(receipt: ReceiptFacts) -> PaidReceipt:
    """A receipt as the rules of actual costs take it. Refused ones are not paid: leave them out (`payable`)."""
    amount = receipt.amount
    return PaidReceipt(
        kind=receipt.kind.value,
        day=receipt.day,
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else "",
        missing=missing_of_receipt(receipt),
    )


def payable(receipts: Iterable[ReceiptFacts]) -> list[PaidReceipt]:
    """Those that are paid or still open, as the rules take them; refused ones are left out."""
    return [to_paid(one) for one in receipts if one.state is not ReceiptState.refused]


def cost_ceilings(ceilings: Iterable[Ceiling], currency: str) -> Sequence[CostCeiling]:
    """Those in the currency of payment, as the rules take them. Others do not hold: an amount is never converted."""
    return [
        CostCeiling(one.kind.value if one.kind else "", one.amount.amount, one.is_daily)
        for one in ceilings
        if one.amount.currency == currency
    ]
