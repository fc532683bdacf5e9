"""What goes in and out of exchange rates."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict

from core.paging import Paging, sorting
from core.text import Blank
from core.web import checked
from core.written import currency_written
from events.programme.events.schemas import Day
from finance.exchange.models import ExchangeRate, ExchangeRule
from finance.exchange.rules import ExchangeDay, ExchangeSource, FoundExchange, base_of

# What imported rates may stand by.
ExchangePaging = Annotated[Paging, sorting("source", "currency", "day")]

CurrencyCode = Annotated[str, AfterValidator(currency_written)]


class ExchangeRuleIn(BaseModel):
    """By which rates a project converts, and which day's."""

    model_config = ConfigDict(extra="forbid")

    source: ExchangeSource
    day: ExchangeDay = ExchangeDay.month_of_event_end


class ExchangeRuleOut(BaseModel):
    """By which rates a project converts, and which day's."""

    source: ExchangeSource
    day: ExchangeDay

    @classmethod
    def of(cls, rule: ExchangeRule) -> "ExchangeRuleOut":
        return cls(source=rule.source, day=rule.day)


class NewExchangeList(BaseModel):
    """Whose rates a list holds, and for which day where its lines name none."""

    model_config = ConfigDict(extra="forbid")

    source: ExchangeSource
    day: Annotated[Day | None, Blank] = None

    @classmethod
    def said(cls, source: str, day: str) -> "NewExchangeList":
        """What came beside a file. Raises Invalid."""
        return checked(cls, {"source": source, "day": day})


class ExchangeSearch(BaseModel):
    """Two currencies and a day. Without a source that of the project."""

    model_config = ConfigDict(extra="forbid")

    currency: CurrencyCode
    into: CurrencyCode
    day: Day
    source: Annotated[ExchangeSource | None, Blank] = None


class ExchangeRateOut(BaseModel):
    """An imported rate: so many units of the currency are so much of the source's own, as exact decimals."""

    id: UUID
    source: ExchangeSource
    currency: str
    units: str
    amount: str
    into: str
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, row: ExchangeRate) -> "ExchangeRateOut":
        return cls.model_validate({**row.model_dump(), "into": base_of(row.source)})


class FoundExchangeOut(BaseModel):
    """An amount × factor ÷ divisor is the amount in the other currency. Without a rate of the source all is null."""

    source: ExchangeSource
    factor: str | None = None
    divisor: str | None = None
    day: date | None = None

    @classmethod
    def of(cls, found: FoundExchange | None, source: ExchangeSource) -> "FoundExchangeOut":
        if found is None:
            return cls(source=source)
        return cls(source=source, factor=f"{found.factor:f}", divisor=f"{found.divisor:f}", day=found.day)
