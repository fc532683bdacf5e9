"""What a project pays by, as it goes in and out."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.codes import Country
from core.errors import N_
from core.money import is_currency
from core.text import Blank, DecimalText, Line, WholeNumber, wrong
from core.written import FRACTION, CurrencyText
from events.programme.events.schemas import Day
from finance.pay_rules.models import PayRules
from finance.pay_rules.rules import SWITCHES, SwitchKind, switches_of
from finance.rules.registry import RULE_SETS


def _known_set(key: str) -> str:
    if key not in RULE_SETS:
        raise wrong(N_("This is no rule set. Please choose one from the list."))
    return key


def _known_currency(code: str) -> str:
    code = code.strip().upper()
    if code and not is_currency(code):
        raise wrong(N_("“%(code)s” is not a currency code. Example: EUR."), code=code)
    return code


def _whole_cents(amount: Decimal) -> Decimal:
    """Currencies of rates have two decimals at most: 1.234 is a thousand of somebody who groups digits."""
    if amount != round(amount, 2):
        raise wrong(FRACTION)
    return amount


RuleSetKey = Annotated[Line, Field(max_length=32), AfterValidator(_known_set)]
CurrencyOrNone = Annotated[Line, Field(max_length=3), AfterValidator(_known_currency), CurrencyText]
_Percent = Annotated[
    Annotated[Decimal, DecimalText, Field(ge=0, le=100, max_digits=5, allow_inf_nan=False)] | None, Blank
]
_Amount = Annotated[
    Annotated[Decimal, DecimalText, Field(ge=0, max_digits=12, allow_inf_nan=False), AfterValidator(_whole_cents)]
    | None,
    Blank,
]
_Count = Annotated[Annotated[WholeNumber, Field(ge=0, le=100_000)] | None, Blank]


class SwitchesIn(BaseModel):
    """A project's own numbers for one rule set; what is left out is as the rules say. Shares are percentages."""

    model_config = ConfigDict(extra="forbid")

    bed_share: _Percent = None
    breakfast_share: _Percent = None
    lunch_share: _Percent = None
    dinner_share: _Percent = None
    ceiling: _Amount = None
    bed_mode: Annotated[Literal["share", "actual_cost"] | None, Blank] = None
    meal_mode: Annotated[Literal["share", "actual_cost"] | None, Blank] = None
    vehicle_night_pays: Annotated[bool | None, Blank] = None
    day_trip_share: _Percent = None
    half_from_day_15: Annotated[bool | None, Blank] = None
    three_month_limit: Annotated[bool | None, Blank] = None
    first_and_last_share: _Percent = None
    night_is_full: Annotated[bool | None, Blank] = None
    days_before: _Count = None
    column: Annotated[Line, Field(max_length=10)] = ""
    received_per_day: _Amount = None
    distance_km: _Count = None
    night_amount: _Amount = None
    unit: Annotated[Literal["day", "night"] | None, Blank] = None

    def kept(self, rule_set: str) -> dict[str, Any]:
        """Those that the set has and that say something, as text where exact; a percentage as a part of one."""
        found: dict[str, Any] = {}
        for one in switches_of(rule_set):
            value = getattr(self, one.name)
            if value is None or value == "" or value is False:
                continue
            if one.kind is SwitchKind.percent:
                value = value / 100
            found[one.name] = str(value) if isinstance(value, Decimal) else value
        return found

    @classmethod
    def of(cls, own: dict[str, Any]) -> Self:
        """From what is kept."""
        shown = {}
        for name, value in own.items():
            is_share = name in SWITCHES and SWITCHES[name].kind is SwitchKind.percent
            shown[name] = Decimal(str(value)) * 100 if is_share else value
        return cls.model_validate(shown)


class PayRulesIn(BaseModel):
    """How a project pays."""

    model_config = ConfigDict(extra="forbid")

    home_country: Country = "TR"
    home: RuleSetKey = "eu_external"
    abroad: RuleSetKey = "eu_external"
    contract_date: Annotated[Day | None, Blank] = None
    pay_currency: CurrencyOrNone = ""
    receipt_currency: Annotated[CurrencyOrNone, Field(min_length=3)] = "EUR"
    official_days: Annotated[WholeNumber, Field(ge=0, le=14)] = 1
    assumes_nights: bool = False
    closed_until: Annotated[Day | None, Blank] = None
    shows_statements: bool = True
    signs_on_screen: bool = False
    home_switches: SwitchesIn = SwitchesIn()
    abroad_switches: SwitchesIn = SwitchesIn()


class PayRulesOut(BaseModel):
    """How a project pays, with the revision that a change has to name."""

    project_id: UUID
    home_country: str
    home: str
    abroad: str
    contract_date: date | None
    pay_currency: str
    receipt_currency: str
    official_days: int
    assumes_nights: bool
    closed_until: date | None
    shows_statements: bool
    signs_on_screen: bool
    home_switches: dict[str, Any]
    abroad_switches: dict[str, Any]
    revision: int

    @classmethod
    def of(cls, rules: PayRules) -> "PayRulesOut":
        own = {
            f"{journey}_switches": {
                name: value
                for name, value in SwitchesIn.of(rules.switches.get(journey, {})).model_dump(mode="json").items()
                if value not in (None, "")
            }
            for journey in ("home", "abroad")
        }
        return cls(**rules.model_dump(exclude={"switches"}), **own)
