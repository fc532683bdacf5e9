"""Per diems as programs see them. Amounts are decimal strings; a missing amount means that something is open."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.i18n import words
from core.money import Money
from core.text import Blank
from finance.rules.lines import OpenLine, PayLine
from finance.rules.sentences import explanation, open_explanation
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import Difference, SheetState
from finance.statements.rules import MEAL_COMPONENTS, PersonStatement


def _text(amount: Decimal, currency: str) -> str:
    """With as many decimals as the currency has minor units."""
    return str(Money(amount, currency).rounded().amount)


def _or_none(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else _text(amount, currency)


class SubmissionIn(BaseModel):
    """Whom a sheet is for: everybody, or those of one institution."""

    model_config = ConfigDict(extra="forbid")

    institution_id: Annotated[UUID | None, Blank] = None


class PayLineOut(BaseModel):
    """One line with the arithmetic that explains it."""

    kind: str
    day: date
    place: str
    currency: str
    rate: str | None
    share: str
    gross: str
    deductions: dict[str, str]
    amount: str
    reason: str
    why: str

    @classmethod
    def of(cls, line: PayLine, language: str) -> "PayLineOut":
        code = line.currency
        return cls(
            kind=line.kind,
            day=line.day,
            place=line.place,
            currency=code,
            rate=_or_none(line.rate, code),
            share=line.share,
            gross=_text(line.gross, code),
            deductions={name: _text(cut, code) for name, cut in line.deductions.items()},
            amount=_text(line.amount, code),
            reason=line.reason,
            why=explanation(line, words(language)),
        )


class OpenPayLineOut(BaseModel):
    """What is missing, and in words what to do about it."""

    day: date | None
    missing: str
    why: str

    @classmethod
    def of(cls, line: OpenLine, language: str) -> "OpenPayLineOut":
        return cls(day=line.day, missing=line.missing, why=open_explanation(line, words(language)))


class ConvertedOut(BaseModel):
    """A total that was converted once: × `factor` ÷ `divisor`."""

    currency: str
    total: str
    converted: str
    factor: str
    divisor: str
    source: str
    day: date | None


class StatementOut(BaseModel):
    """One person's statement. `gross` and deductions are of the currency of the first line."""

    registration_id: UUID
    name: str
    institution: str
    rule_set: str
    units: int
    gross: str
    bed: str
    meals: str
    costs: str
    converted: list[ConvertedOut]
    adjusted: str
    earlier: str
    advances: str
    earned: str | None
    to_pay: str | None
    to_return: str | None
    without_exchange: list[str]
    lines: list[PayLineOut]
    open: list[OpenPayLineOut]

    @classmethod
    def of(cls, one: PersonStatement, language: str) -> "StatementOut":
        code = one.currency
        main = one.lines[0].currency if one.lines else code
        return cls(
            registration_id=one.registration_id,
            name=one.name,
            institution=one.institution,
            rule_set=one.rule_set,
            units=one.units,
            gross=_text(one.gross(main), main),
            bed=_text(one.deducted(main, ("bed",)), main),
            meals=_text(one.deducted(main, MEAL_COMPONENTS), main),
            costs=_text(one.paid_costs, code),
            converted=[
                ConvertedOut(
                    currency=total.currency,
                    total=_text(total.total, total.currency),
                    converted=_text(total.converted, code),
                    factor=str(total.factor),
                    divisor=str(total.divisor),
                    source=total.source,
                    day=total.day,
                )
                for total in one.totals
            ],
            adjusted=_text(one.adjusted, code),
            earlier=_text(one.earlier, code),
            advances=_text(one.advances, code),
            earned=_or_none(one.earned, code),
            to_pay=_or_none(one.to_pay, code),
            to_return=_or_none(one.to_return, code),
            without_exchange=list(one.without_exchange),
            lines=[PayLineOut.of(line, language) for line in one.lines],
            open=[OpenPayLineOut.of(line, language) for line in one.open],
        )


class DifferenceOut(BaseModel):
    """What a person would get now, beside what was submitted; `now` is empty while something is missing."""

    registration_id: UUID
    name: str
    submitted: str
    now: str | None

    @classmethod
    def of(cls, one: Difference, currency: str) -> "DifferenceOut":
        return cls(
            registration_id=one.registration_id,
            name=one.name,
            submitted=_text(one.submitted, currency),
            now=_or_none(one.now, currency),
        )


class SheetHeadOut(BaseModel):
    """A sheet without its people. A draft has no id and no state; its total is empty while something is missing."""

    id: UUID | None
    event_id: UUID
    currency: str
    institution_id: UUID | None
    version: int
    number: int
    state: SheetState | None
    rule_set: str
    total: str | None
    to_return: str | None
    people_count: int
    submitted_at: datetime | None = None
    checked_at: datetime | None = None
    decided_at: datetime | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""

    @classmethod
    def of(cls, sheet: PerDiemSheet) -> "SheetHeadOut":
        return cls(
            **sheet.model_dump(include=set(cls.model_fields) - {"total", "to_return", "people_count"}),
            total=str(sheet.total.amount),
            to_return=str(sheet.to_return.amount),
            people_count=sheet.people,
        )


class SheetOut(SheetHeadOut):
    """A sheet or draft with a page of its people, and what has changed since it was submitted."""

    people: list[StatementOut] = []
    changed: list[DifferenceOut] = []

    @classmethod
    def draft(
        cls,
        event_id: UUID,
        currency: str,
        statements: Sequence[PersonStatement],
        page: Sequence[PersonStatement],
        language: str,
    ) -> "SheetOut":
        """What would be submitted now; `page` are those of the people that are shown."""
        return cls(
            id=None,
            event_id=event_id,
            currency=currency,
            institution_id=None,
            version=0,
            number=0,
            state=None,
            rule_set=statements[0].rule_set,
            total=_sum([one.to_pay for one in statements], currency),
            to_return=_sum([one.to_return for one in statements], currency),
            people_count=len(statements),
            people=[StatementOut.of(one, language) for one in page],
        )

    @classmethod
    def whole(
        cls,
        sheet: PerDiemSheet,
        people: Sequence[PersonStatement],
        changed: Sequence[Difference],
        language: str,
    ) -> "SheetOut":
        return cls(
            **SheetHeadOut.of(sheet).model_dump(),
            people=[StatementOut.of(one, language) for one in people],
            changed=[DifferenceOut.of(one, sheet.currency) for one in changed],
        )


def _sum(amounts: Sequence[Decimal | None], currency: str) -> str | None:
    known = [one for one in amounts if one is not None]
    return _text(sum(known, Decimal(0)), currency) if len(known) == len(amounts) else None
