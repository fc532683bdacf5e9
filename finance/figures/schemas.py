"""Figures as programs see them. Amounts are decimal strings; currencies are never summed with each other."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from core.money import Money
from core.text import Year
from finance.figures.rules import CurrencyFigures, Figure, FigureFilter

MOST_PROJECTS = 50


def figure_filter(
    project: Annotated[
        list[UUID] | None, Query(max_length=MOST_PROJECTS, description="Several times for several.")
    ] = None,
    year: Annotated[Year, Query(description="Of the last day that is paid.")] = None,
) -> FigureFilter:
    """Which projects and year, from the address."""
    return FigureFilter(tuple(dict.fromkeys(project or ())), year)


FiguresWanted = Annotated[FigureFilter, Depends(figure_filter)]


class FigureOut(BaseModel):
    """What was approved, what of it was paid, and the budget in that currency, where these mean anything."""

    label: str
    approved: str
    paid: str | None
    budget: str | None

    @classmethod
    def of(cls, one: Figure) -> "FigureOut":
        return cls(label=one.label, approved=str(one.approved.amount), paid=_text(one.paid), budget=_text(one.budget))


class CurrencyFiguresOut(BaseModel):
    """All in one currency: of payment, and in `by_kind` of the rates."""

    currency: str
    approved: str
    paid: str
    by_component: list[FigureOut]
    by_month: list[FigureOut]
    by_kind: list[FigureOut]
    by_event: list[FigureOut]

    @classmethod
    def of(cls, one: CurrencyFigures) -> "CurrencyFiguresOut":
        return cls(
            currency=one.currency,
            approved=str(one.approved.amount),
            paid=str(one.paid.amount),
            by_component=[FigureOut.of(each) for each in one.by_component],
            by_month=[FigureOut.of(each) for each in one.by_month],
            by_kind=[FigureOut.of(each) for each in one.by_kind],
            by_event=[FigureOut.of(each) for each in one.by_event],
        )


def _text(money: Money | None) -> str | None:
    return None if money is None else str(money.amount)
