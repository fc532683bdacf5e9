"""Costs as they go in and out."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from core.errors import N_
from core.money import is_currency
from core.paging import sort_by
from core.text import Blank, DecimalText, Line, Prose, WholeNumber, wrong
from core.written import CurrencyText, must_be_whole
from events.programme.events.schemas import Day
from visits.cost_lines.models import CostLine, VisitBudget
from visits.cost_lines.rules import CostHeading, CostItem, CostStage, CostTotals
from visits.costs.rules import MeasuredDistance

ITEM_COLUMNS = ("heading", "stage", "text", "name", "amount")
CostSort = Annotated[str, sort_by(*ITEM_COLUMNS)]
# The page has a table of people beside that of items.
CostPageSort = Annotated[str, sort_by(*ITEM_COLUMNS, "person", "booked", "actual", "way", "distance", "unit")]
Amount = Annotated[Decimal, Field(ge=0, le=100_000_000), DecimalText]


def _currency(code: str) -> str:
    if not is_currency(code.upper()):
        raise wrong(N_("Please write a currency like EUR or TRY."))
    return code.upper()


Currency = Annotated[Line, Field(max_length=3), AfterValidator(_currency), CurrencyText]


def _in_whole_coins(currency: str, others: ValidationInfo) -> str:
    must_be_whole(others.data.get("amount"), currency)
    return currency


# Of a field `amount` that stands before it, which has no fractions of its smallest coin.
CurrencyOfAmount = Annotated[Currency, Field(validate_default=True), AfterValidator(_in_whole_coins)]


def _rates(text: str) -> str:
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, _, value = line.replace("=", " ").partition(" ")
        try:
            rate = Decimal(value.strip().replace(",", "."))
        except InvalidOperation:
            rate = Decimal(0)
        if not is_currency(code.upper()) or not rate.is_finite() or not 0 < rate <= 1_000_000:
            raise wrong(N_("Please write a currency and a number on each line, like TRY 0.0204."))
    return text


class BudgetIn(BaseModel):
    """What the visit may cost. `rates` has a line for each other currency: what one unit of it is worth."""

    model_config = ConfigDict(extra="forbid")

    budget_line: Annotated[Line, Field(max_length=60)] = ""
    currency: Currency = "EUR"
    amount: Annotated[Amount | None, Blank] = None
    rates: Annotated[Prose, Field(max_length=600), AfterValidator(_rates)] = ""
    calculated_km: Annotated[Annotated[WholeNumber, Field(ge=1, le=25_000)] | None, Blank] = None

    @model_validator(mode="after")
    def _whole_amount(self) -> "BudgetIn":
        must_be_whole(self.amount, self.currency)
        return self

    @property
    def by_currency(self) -> dict[str, str]:
        """The rates as text by their currency."""
        parted = (line.replace("=", " ").split() for line in self.rates.splitlines() if line.strip())
        return {code.upper(): value.replace(",", ".") for code, value in parted}

    @classmethod
    def fields_of(cls, budget: VisitBudget) -> dict[str, Any]:
        """A budget as its form shows it."""
        return {
            "budget_line": budget.budget_line,
            "currency": budget.currency,
            "amount": str(budget.amount.amount) if budget.amount else "",
            "rates": "\n".join(f"{code} {value}" for code, value in budget.rates.items()),
            "calculated_km": budget.calculated_km or "",
        }


class CostLineIn(BaseModel):
    """One cost; without `registration_id` it is the whole group's."""

    model_config = ConfigDict(extra="forbid")

    heading: CostHeading
    stage: CostStage = CostStage.planned
    text: Annotated[Line, Field(max_length=200)] = ""
    document_number: Annotated[Line, Field(max_length=60)] = ""
    spent_on: Annotated[Day | None, Blank] = None
    amount: Amount
    currency: Currency = "EUR"
    registration_id: Annotated[UUID | None, Blank] = None

    @model_validator(mode="after")
    def _whole_amount(self) -> "CostLineIn":
        must_be_whole(self.amount, self.currency)
        return self

    @classmethod
    def fields_of(cls, line: CostLine) -> dict[str, Any]:
        """A line as its form shows it."""
        shown = line.model_dump(mode="json", include=set(cls.model_fields))
        return shown | {"amount": str(line.amount.amount), "registration_id": str(line.registration_id or "")}


class CostLineOut(BaseModel):
    """One cost, written down or computed from fares and rooms."""

    id: UUID | None
    heading: CostHeading
    stage: CostStage
    text: str
    amount: Decimal
    currency: str
    registration_id: UUID | None
    is_computed: bool

    @classmethod
    def of(cls, item: CostItem) -> "CostLineOut":
        return cls(
            id=item.line_id,
            heading=item.heading,
            stage=item.stage,
            text=item.text,
            amount=item.amount.amount,
            currency=item.amount.currency,
            registration_id=item.registration_id,
            is_computed=item.is_computed,
        )


class UnitCostOut(BaseModel):
    """The European Union's unit cost of one traveller's return journey."""

    registration_id: UUID
    origin: str
    destination: str
    km: int
    amount_eur: int | None
    decision: str
    edge_km: int | None

    @classmethod
    def of(cls, registration_id: UUID, one: MeasuredDistance) -> "UnitCostOut":
        return cls(
            registration_id=registration_id,
            origin=one.origin,
            destination=one.destination,
            km=one.km,
            amount_eur=one.amount,
            decision=one.decision,
            edge_km=one.edge_km,
        )


class CostsOut(BaseModel):
    """All costs of a visit; sums are in `currency`, without amounts in `unknown_currencies`."""

    budget_line: str
    currency: str
    budget: Decimal | None
    planned: Decimal
    booked: Decimal
    actual: Decimal
    forecast: Decimal
    unknown_currencies: list[str]
    lines: list[CostLineOut]
    unit_costs: list[UnitCostOut]

    @classmethod
    def of(
        cls,
        budget: VisitBudget,
        totals: CostTotals,
        items: list[CostItem],
        measured: dict[UUID, MeasuredDistance],
    ) -> "CostsOut":
        return cls(
            budget_line=budget.budget_line,
            currency=budget.currency,
            budget=budget.amount.amount if budget.amount else None,
            planned=totals.total(CostStage.planned).amount,
            booked=totals.total(CostStage.booked).amount,
            actual=totals.total(CostStage.actual).amount,
            forecast=totals.forecast.amount,
            unknown_currencies=list(totals.unknown),
            lines=[CostLineOut.of(one) for one in items],
            unit_costs=[UnitCostOut.of(id, one) for id, one in measured.items()],
        )
