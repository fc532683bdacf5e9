"""The per-diem rule for the European Union's external actions, and the states of a sheet. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.errors import N_, Refusal
from core.money import Money

MEALS = ("breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class Night:
    """A night away: the date of its evening, where the person sleeps, and what is provided with the bed."""

    day: date
    country: str
    city: str = ""
    is_bed_provided: bool = False
    has_breakfast: bool = False


@dataclass(frozen=True)
class Rate:
    """The daily amount of a place from a date on; an empty city means the whole country."""

    country: str
    city: str
    amount: Money
    valid_from: date
    source: str


@dataclass(frozen=True)
class Line:
    """One night's per diem. Deductions are positive; `why` is a message with `facts` for its placeholders."""

    night: Night
    rate: Money
    counts: bool
    deductions: Mapping[str, Money]
    amount: Money
    why: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gross(self) -> Money:
        return self.rate if self.counts else Money.zero(self.rate.currency)


class RateMissing(Refusal):
    status = 409
    code = "rate-missing"
    title = N_("There is no rate for %(country)s on %(day)s. Finance can import a rate table.")


class NoNights(Refusal):
    status = 409
    code = "no-nights"
    title = N_("Nobody has a night entered. A mission without a night earns no per diem under this rule.")


class AttendanceMissing(Refusal):
    status = 409
    code = "attendance-missing"
    title = N_("This project pays from attendance, and none is entered yet.")


class WrongState(Refusal):
    status = 409
    code = "sheet-state"
    title = N_("The sheet is not in a state for this any more. Please look at it again.")


class SamePerson(Refusal):
    status = 403
    code = "same-person"
    title = N_("Whoever submitted the sheet cannot approve it. Please ask a second person.")


class SheetState(StrEnum):
    """A sheet on its way to payment. Returned ones stay; the next submission is a new version."""

    submitted = "submitted"
    approved = "approved"
    returned = "returned"


SHEET_STATES = {
    SheetState.submitted: N_("Submitted"),
    SheetState.approved: N_("Approved"),
    SheetState.returned: N_("Returned"),
}


def rate_for(night: Night, rates: Sequence[Rate]) -> Rate:
    """The rate in force that night: the city's own before the country's. Raises RateMissing."""
    fitting = [
        r for r in rates if r.country == night.country and r.city in ("", night.city) and r.valid_from <= night.day
    ]
    if not fitting:
        raise RateMissing(country=night.country, day=night.day.isoformat())
    return max(fitting, key=lambda r: (r.city != "", r.valid_from))


def eu_external(
    nights: Sequence[Night],
    rates: Sequence[Rate],
    *,
    shares: Mapping[str, Decimal],
    meals: Callable[[date], frozenset[str]],
    attended: frozenset[date] | None,
) -> list[Line]:
    """One per diem for each night away, at the rate of the country slept in; a mission of one day earns none.

    The per diem covers bed, meals, local travel and sundries. What is provided takes off the project's
    share of it. A meal belongs to the night of its own day. `attended` are the days with a signature, None while
    attendance does not decide; a night counts when its own day or the next was attended.
    Each deduction is rounded half up to the smallest unit; together they never exceed the rate.
    Source: European Commission, per diem rates for external actions (Annex III, budget of the action):
    the number of overnight stays times the rate of the country.
    """
    return [
        _line(night, rate_for(night, rates), shares, meals(night.day), attended)
        for night in sorted(nights, key=lambda n: n.day)
    ]


def _line(
    night: Night,
    rate: Rate,
    shares: Mapping[str, Decimal],
    meals: frozenset[str],
    attended: frozenset[date] | None,
) -> Line:
    nothing = Money.zero(rate.amount.currency)
    if attended is not None and not attended & {night.day, night.day + timedelta(days=1)}:
        none = dict.fromkeys(("bed", *MEALS), nothing)
        return Line(night, rate.amount, False, none, nothing, N_("Not paid: no signature on this day or the next."))
    provided = {
        "bed": night.is_bed_provided,
        "breakfast": night.has_breakfast or "breakfast" in meals,
        "lunch": "lunch" in meals,
        "dinner": "dinner" in meals,
    }
    left, deductions = rate.amount, {}
    for part, is_provided in provided.items():
        cut = (rate.amount * shares.get(part, Decimal(0))).rounded() if is_provided else nothing
        deductions[part] = cut if cut.amount <= left.amount else left
        left = left - deductions[part]
    why, facts = _sentence(rate, [part for part, given in provided.items() if given])
    return Line(night, rate.amount, True, deductions, left, why, facts)


def _sentence(rate: Rate, provided: Sequence[str]) -> tuple[str, dict[str, Any]]:
    facts = {"source": rate.source, "from": rate.valid_from.isoformat()}
    if not provided:
        return N_("One night at the rate in force from %(from)s (%(source)s)."), facts
    return (
        N_("One night at the rate in force from %(from)s (%(source)s), less what was provided: %(provided)s."),
        facts | {"provided": ", ".join(provided)},
    )


def must_be_another(submitted_by: object, approving: object) -> None:
    """Four eyes: the hand that submits never approves."""
    if submitted_by == approving:
        raise SamePerson()
