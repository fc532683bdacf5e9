"""Grouping what approved sheets say. Currencies are never mixed, and nothing is converted here. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from core.collation import sort_key
from core.errors import N_
from core.money import Money

# Kinds of lines as figures name them; adjustments are no lines, but amounts all the same.
ADJUSTMENT = "adjustment"
FIGURE_KINDS = {
    "night": N_("Nights"),
    "day": N_("Days"),
    "period": N_("Periods of 24 hours"),
    "bed": N_("Hotels"),
    "receipt": N_("Receipts"),
    "unit_cost": N_("Unit costs"),
    ADJUSTMENT: N_("Adjustments"),
}


@dataclass(frozen=True)
class FigureFilter:
    """Of which projects, and of sheets whose last day that is paid lies in which year; empty is all."""

    projects: tuple[UUID, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class SheetFigures:
    """One approved sheet: what those on it earned who are on no later one of the event, and what was paid of it."""

    sheet_id: UUID
    project_id: UUID
    event_id: UUID
    event: str
    component: str
    component_id: UUID | None
    currency: str
    month: date
    approved_minor: int
    paid_minor: int


@dataclass(frozen=True)
class EventBudget:
    """What an event may cost, by the budget of the visit, or no amount; and on which line of the grant's budget."""

    line: str
    amount: Money | None


@dataclass(frozen=True)
class Figure:
    """A number with its name and where the sheets behind it are. `paid` and `budget` are none where they mean
    nothing."""

    label: str
    approved: Money
    where: str
    paid: Money | None = None
    budget: Money | None = None


@dataclass(frozen=True)
class CurrencyFigures:
    """All in one currency. That of `by_kind` is the currency of the rates, that of the others the one of payment."""

    currency: str
    by_component: Sequence[Figure] = ()
    by_month: Sequence[Figure] = ()
    by_kind: Sequence[Figure] = ()
    by_event: Sequence[Figure] = ()

    @property
    def approved(self) -> Money:
        return sum((one.approved for one in self.by_event), Money.zero(self.currency))

    @property
    def paid(self) -> Money:
        return sum((one.paid or Money.zero(self.currency) for one in self.by_event), Money.zero(self.currency))


@dataclass(frozen=True)
class KindFigures:
    """What lines of one kind come to in one currency of rates."""

    kind: str
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class FigureSources:
    """All that figures are made of."""

    sheets: Sequence[SheetFigures]
    kinds: Sequence[KindFigures]
    budgets: Mapping[UUID, EventBudget] = field(default_factory=dict)


def figures_of(found: FigureSources, narrowed: Mapping[str, str] = MappingProxyType({})) -> list[CurrencyFigures]:
    """By currency, in the order of codes; `narrowed` is how the list of sheets is narrowed to those behind them."""
    codes = {one.currency for one in found.sheets} | {one.currency for one in found.kinds}
    return [_of_currency(found, currency, narrowed) for currency in sorted(codes)]


def _of_currency(found: FigureSources, currency: str, narrowed: Mapping[str, str]) -> CurrencyFigures:
    mine = [one for one in found.sheets if one.currency == currency]
    kinds = {one.kind: one.amount_minor for one in found.kinds if one.currency == currency}

    def where(**more: str) -> str:
        return f"/finance?{urlencode({**narrowed, **more})}"

    def named(rows: Sequence[SheetFigures], label: str, budget: EventBudget | None = None, **more: str) -> Figure:
        return _figure(rows, currency, label, where(currency=currency, **more), budget)

    components = _grouped(mine, lambda one: str(one.component_id or ""))
    by_component = [named(rows, rows[0].component, component=id) for id, rows in components.items()]
    months = _grouped(mine, lambda one: f"{one.month:%Y-%m}")
    events = _grouped(mine, lambda one: str(one.event_id))
    return CurrencyFigures(
        currency,
        sorted(by_component, key=lambda one: sort_key(one.label)),
        [named(rows, month, month=month) for month, rows in sorted(months.items())],
        [
            Figure(name, Money.of_minor(kinds[kind], currency), where())
            for kind, name in FIGURE_KINDS.items()
            if kinds.get(kind)
        ],
        [
            named(rows, rows[0].event, found.budgets.get(rows[0].event_id), event=event)
            for event, rows in events.items()
        ],
    )


def _grouped(rows: Sequence[SheetFigures], key: Callable[[SheetFigures], str]) -> dict[str, list[SheetFigures]]:
    groups: dict[str, list[SheetFigures]] = {}
    for one in rows:
        groups.setdefault(key(one), []).append(one)
    return groups


def _figure(
    rows: Sequence[SheetFigures], currency: str, label: str, where: str, budget: EventBudget | None = None
) -> Figure:
    amount = budget.amount if budget and budget.amount and budget.amount.currency == currency else None
    line = f"{budget.line} · {label}" if budget and budget.line else label
    return Figure(
        line,
        Money.of_minor(sum(one.approved_minor for one in rows), currency),
        where,
        Money.of_minor(sum(one.paid_minor for one in rows), currency),
        amount,
    )
