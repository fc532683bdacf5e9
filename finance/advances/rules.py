"""Advances: how they were paid, and what several at once come to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.errors import N_, Refusal
from core.money import Money


class AdvanceMethod(StrEnum):
    """How an advance was paid."""

    bank = "bank"
    cash = "cash"
    card = "card"


ADVANCE_METHODS = {
    AdvanceMethod.bank: N_("Bank transfer"),
    AdvanceMethod.cash: N_("In cash"),
    AdvanceMethod.card: N_("Prepaid card"),
}
MOST_AT_ONCE = 1000


class CancelledAlready(Refusal):
    status, code, title = 409, "advance-cancelled", N_("This advance was cancelled already.")


@dataclass(frozen=True)
class AdvancePlan:
    """What entering several advances would do: to how many people, how much in all, and how many of them have an
    advance already."""

    people: int
    each: Money
    total: Money
    again: int


def plan_of(people: Iterable[UUID], each: Money, paid_before: Iterable[UUID]) -> AdvancePlan:
    """For people without one twice; `paid_before` are those with an advance that counts."""
    chosen = set(people)
    return AdvancePlan(len(chosen), each, each * len(chosen), len(chosen & set(paid_before)))
