"""What may be paid, how, and what each step of a payment lets happen. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.errors import N_, Refusal, Unacceptable


class PaymentMoved(Refusal):
    status = 409
    code = "payment-state"
    title = N_("This payment is not in a state for this any more. Please look at it again.")


class PaidMeanwhile(Refusal):
    status = 409
    code = "paid-meanwhile"
    title = N_("Somebody else put %(people)s of these people into a payment meanwhile. Please look again.")


class NoPayingAccount(Refusal):
    status = 409
    code = "no-paying-account"
    title = N_("The account that the project pays from is not entered yet.")


class PaymentMethod(StrEnum):
    """By which file or hand a batch is paid."""

    sepa = "sepa"
    bank_list = "bank-list"
    cash = "cash"


PAYMENT_METHODS = {
    PaymentMethod.sepa: N_("SEPA file (pain.001)"),
    PaymentMethod.bank_list: N_("Bank list (EFT, FAST, others)"),
    PaymentMethod.cash: N_("Cash"),
}


class PaymentState(StrEnum):
    """How far one payment is. Failed and cancelled ones make the person payable again."""

    planned = "planned"
    paid = "paid"
    failed = "failed"
    cancelled = "cancelled"


PAYMENT_STATES = {
    PaymentState.planned: N_("Planned"),
    PaymentState.paid: N_("Paid"),
    PaymentState.failed: N_("Did not arrive"),
    PaymentState.cancelled: N_("Cancelled"),
}
PAYMENT_STEPS: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.planned: frozenset({PaymentState.paid, PaymentState.failed, PaymentState.cancelled}),
    # A bank may send money back weeks later; a day or a reference may have been mistyped.
    PaymentState.paid: frozenset({PaymentState.paid, PaymentState.failed}),
    PaymentState.failed: frozenset(),
    PaymentState.cancelled: frozenset(),
}
# Payments that hold their amount: nobody else can pay it.
LIVE = (PaymentState.planned, PaymentState.paid)


class NotPayable(StrEnum):
    """Why somebody is not in a batch."""

    nothing_left = "nothing-left"
    other_method = "other-method"
    waived = "waived"
    no_account = "no-account"
    no_iban = "no-iban"
    not_in_sepa = "not-in-sepa"
    not_euro = "not-euro"


NOT_PAYABLE = {
    NotPayable.nothing_left: N_("nothing left to pay"),
    NotPayable.other_method: N_("wants to be paid another way"),
    NotPayable.waived: N_("asks for no payment"),
    NotPayable.no_account: N_("no account entered"),
    NotPayable.no_iban: N_("no IBAN"),
    NotPayable.not_in_sepa: N_("the account is in no SEPA country"),
    NotPayable.not_euro: N_("SEPA pays in euro only"),
}


@dataclass(frozen=True)
class LeftOut:
    """Somebody of the sheets who is not in the batch, and why."""

    registration_id: UUID
    name: str
    why: NotPayable


class NothingPayable(Refusal):
    status = 409
    code = "nothing-payable"
    title = N_("Nobody on these sheets can be paid this way now. See why beside each name.")

    # Who would be paid another way, and why, so that pages can say it.
    def __init__(self, left_out: Sequence[LeftOut]) -> None:
        super().__init__()
        self.left_out = left_out


def must_follow(field: str, day: date, approved_on: date) -> None:
    """What was paid before a sheet was approved is an advance. Raises Unacceptable."""
    if day < approved_on:
        raise Unacceptable(field, N_("Approved on %(day)s: the payment cannot be earlier."), day=approved_on)


def must_move(state: PaymentState, to: PaymentState) -> None:
    """Raises PaymentMoved."""
    if to not in PAYMENT_STEPS[state]:
        raise PaymentMoved()
