"""A case as programs and the form send it, and what comes out. The same shape is read by `heyet cases per-diem`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.errors import N_
from core.i18n import Words
from core.money import is_currency
from core.text import DecimalText, Line, wrong
from core.written import CurrencyText
from core.zones import zone_names
from finance.playground.cases import told
from finance.rules.lines import COMPONENTS, Computation
from finance.rules.registry import RULE_SETS
from finance.rules.sentences import explanation, open_explanation

# The longest journey, in days; and of what there may be how much.
LONGEST, MOST_NIGHTS, MOST_ROWS, MOST_RATES = 400, 250, 400, 500


def _rule_set(key: str) -> str:
    if key not in RULE_SETS:
        raise wrong(N_("There is no such rule set."))
    return key


def _zone(name: str) -> str:
    if name and name not in zone_names():
        raise wrong(N_("“%(zone)s” is not a time zone. Example: Europe/Istanbul."), zone=name)
    return name


def _currency(code: str) -> str:
    if code and not is_currency(code):
        raise wrong(N_("Please give a currency by its three letters. Example: EUR."))
    return code


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = datetime.min  # noqa: DTZ901
    if moment and (moment.tzinfo or not 1990 <= moment.year <= 2100):
        raise wrong(N_("Please give day and time. Example: 2026-03-02T08:00."))
    return text


def _near(day: date | None) -> date | None:
    if day and not 1990 <= day.year <= 2100:
        raise wrong(N_("Please give a day between 1990 and 2100."))
    return day


def _number_text(text: str) -> str:
    above, _, below = text.partition("/")
    if not above.replace(".", "", 1).isdigit() or not (below or "1").isdigit() or below == "0":
        raise wrong(N_("Please write a number."))
    return text


Zone = Annotated[str, StringConstraints(max_length=50), AfterValidator(_zone)]
Currency = Annotated[str, StringConstraints(max_length=3), AfterValidator(_currency), CurrencyText]
LocalMoment = Annotated[str, StringConstraints(max_length=19), AfterValidator(_moment)]
Day = Annotated[date, AfterValidator(_near)]
DayOrNone = Annotated[date | None, AfterValidator(_near)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(/.{1,80})?)?$", max_length=84)]
City = Annotated[Line, StringConstraints(max_length=80)]
PlaceText = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(/.{1,80})?)?$", max_length=84)]
Amount = Annotated[Decimal, DecimalText, Field(ge=0, max_digits=15, decimal_places=6)]
Share = Annotated[Decimal, DecimalText, Field(ge=0, le=1, max_digits=10, decimal_places=8)]
Fold = Literal[0, 1]
Component = Literal["bed", "breakfast", "lunch", "dinner"]
Bed = Literal["self", "organiser", "host", "vehicle", "home"]
Giver = Literal["self", "organiser", "host", "hotel", "fee", "carrier"]
Means = Literal[
    "air",
    "plane",
    "flight",
    "sea",
    "ship",
    "boat",
    "ferry",
    "rail",
    "train",
    "underground",
    "road",
    "car",
    "bus",
    "foot",
]


class _CasePart(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class CaseHome(_CasePart):
    """Home or duty station."""

    country: Country = ""
    city: City = ""
    zone: Zone = ""


class CaseAbsence(_CasePart):
    """From leaving home to being back, by local clocks; `fold` 1 is the second of two equal times."""

    leaves: LocalMoment = Field("", alias="from")
    leaves_zone: Zone = Field("", alias="from_zone")
    leaves_fold: Fold = Field(0, alias="from_fold")
    returns: LocalMoment = Field("", alias="to")
    returns_zone: Zone = Field("", alias="to_zone")
    returns_fold: Fold = Field(0, alias="to_fold")


class CaseLeg(_CasePart):
    """A ride between two places."""

    origin: PlaceText = Field("", alias="from")
    destination: PlaceText = Field("", alias="to")
    departs: LocalMoment = ""
    departs_zone: Zone = ""
    departs_fold: Fold = 0
    arrives: LocalMoment = ""
    arrives_zone: Zone = ""
    arrives_fold: Fold = 0
    means: Means = "air"


class CaseNight(_CasePart):
    """A night by the day of its check-in."""

    date: Day
    country: Country = ""
    city: City = ""
    bed: Bed = "self"
    breakfast: bool = False
    personal: bool = False
    cost: Amount | None = None
    provided_cost: Amount | None = None


class CaseMeal(_CasePart):
    """A meal that somebody gave."""

    date: Day
    meal: Literal["breakfast", "lunch", "dinner"]
    by: Giver = "organiser"
    zone: Zone = ""
    snack: bool = False
    cost: Amount | None = None
    provided_cost: Amount | None = None


class CaseWork(_CasePart):
    """The last place of work of a day."""

    date: Day
    country: Country = ""
    city: City = ""


class CaseUnit(_CasePart):
    """A day or night of a flat amount."""

    date: Day
    share: Annotated[str, StringConstraints(max_length=12), AfterValidator(_number_text)] = "1"
    provided: list[Component] = Field(default=[], max_length=len(COMPONENTS))
    personal: bool = False
    country: Country = ""
    city: City = ""


class CaseReceipt(_CasePart):
    """A cost on a document; what it does not say is left out and keeps the line open."""

    kind: Annotated[Line, StringConstraints(max_length=40)] = ""
    date: DayOrNone = None
    amount: Amount | None = None
    currency: Currency = ""
    missing: Annotated[Line, StringConstraints(max_length=40)] = ""
    file: bool | None = None


class CaseRate(_CasePart):
    """A row of a rate table; which amounts a set reads beside `amount` is in docs/per-diem-rules.md."""

    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    city: City = ""
    grade: Annotated[Line, StringConstraints(max_length=30)] = ""
    column: Annotated[Line, StringConstraints(max_length=30)] = ""
    currency: Currency = ""
    valid_from: DayOrNone = None
    valid_to: DayOrNone = None
    source: Line = ""
    name: Annotated[Line, StringConstraints(max_length=120)] = ""
    amount: Amount | None = None
    full: Amount | None = None
    partial: Amount | None = None
    overnight: Amount | None = None
    total: Amount | None = None
    breakfast: Amount | None = None
    lunch: Amount | None = None
    dinner: Amount | None = None
    incidentals: Amount | None = None
    lodging_max: Amount | None = None
    hotel_ceiling: Amount | None = None
    room_percent: Amount | None = None
    night: Amount | None = None

    @model_validator(mode="after")
    def _has_an_amount(self) -> Self:
        if self.amount is None and self.full is None and self.total is None:
            raise wrong(N_("A rate needs an amount."))
        return self


class CaseOtherJourney(_CasePart):
    """What a day earns by another journey that begins on it."""

    date: Day
    place: PlaceText
    rate: Amount
    share: Annotated[str, StringConstraints(max_length=12)]
    amount: Amount
    gross: Amount | None = None


class CaseCeiling(_CasePart):
    """The most that is paid for a kind of cost, or for all together."""

    kind: Annotated[Line, StringConstraints(max_length=40)] = ""
    per: Literal["day", "trip"] = "trip"
    amount: Amount


class CaseExchange(_CasePart):
    """Units of a currency for one euro in a month ("2026-03")."""

    currency: Currency
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    per_euro: Annotated[Decimal, DecimalText, Field(gt=0, max_digits=15, decimal_places=8)]


class CaseLodgingStep(_CasePart):
    """From one night to another a bill may reach so many percent of the daily amount (law 6245)."""

    from_day: Annotated[int, Field(ge=1, le=1000)]
    to_day: Annotated[int, Field(ge=1, le=1000)]
    percent: Amount


class CaseSwitches(_CasePart):
    """What a project sets. A set leaves out what it does not know."""

    rate_date: Literal["contract", "travel"] | None = None
    contract_date: DayOrNone = None
    grade: Annotated[Line, StringConstraints(max_length=30)] | None = None
    column: Annotated[Line, StringConstraints(max_length=30)] | None = None
    shares: dict[Component, Share] | None = None
    ceiling: Amount | None = None
    bed_mode: Literal["share", "actual_cost"] | None = None
    meal_mode: Literal["share", "actual_cost"] | None = None
    vehicle_night_pays: bool | None = None
    day_trip_share: Share | None = None
    half_from_day_15: bool | None = None
    three_month_limit: bool | None = None
    first_and_last_share: Share | None = None
    night_is_full: bool | None = None
    days_before: Annotated[int, Field(ge=0, le=366)] | None = None
    lodging: Annotated[list[CaseLodgingStep], Field(max_length=20)] | None = None
    received_per_day: Amount | None = None
    distance_km: Amount | None = None
    night_amount: Amount | None = None
    unit: Literal["day", "night"] | None = None
    fx_month: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] | None = None


class PerDiemCase(_CasePart):
    """One person's journey, the rates and the switches. Without `rates` the tables that come with Heyet are used."""

    id: Annotated[Line, StringConstraints(max_length=100)] = ""
    title: Line = ""
    source: Line = ""
    by_hand: Annotated[str, StringConstraints(max_length=2000)] = ""
    rule_set: Annotated[str, StringConstraints(max_length=40), AfterValidator(_rule_set)]
    currency: Currency = "EUR"
    pay_currency: Currency = ""
    grade: Annotated[Line, StringConstraints(max_length=30)] = ""
    home: CaseHome | None = None
    place: PlaceText = ""
    absence: CaseAbsence | None = None
    legs: list[CaseLeg] = Field(default=[], max_length=60)
    nights: list[CaseNight] = Field(default=[], max_length=MOST_NIGHTS)
    meals: list[CaseMeal] = Field(default=[], max_length=MOST_ROWS)
    work: list[CaseWork] = Field(default=[], max_length=MOST_ROWS)
    tdy: list[PlaceText] = Field(default=[], max_length=MOST_ROWS)
    attended: Annotated[list[Day], Field(max_length=MOST_ROWS)] | None = None
    meeting_days: list[Day] = Field(default=[], max_length=MOST_ROWS)
    units: list[CaseUnit] = Field(default=[], max_length=MOST_ROWS)
    receipts: list[CaseReceipt] = Field(default=[], max_length=MOST_ROWS)
    ceilings: list[CaseCeiling] = Field(default=[], max_length=50)
    fx: list[CaseExchange] = Field(default=[], max_length=MOST_ROWS)
    also: list[CaseOtherJourney] = Field(default=[], max_length=50)
    rates: Annotated[list[CaseRate], Field(max_length=MOST_RATES)] | None = None
    switches: CaseSwitches = CaseSwitches()
    expected: dict[str, Any] | None = None

    def as_case(self) -> dict[str, Any]:
        """The case as `finance.playground.cases` reads it: what is not given is not there."""
        said = self.model_dump(mode="json", exclude_unset=True, exclude={"expected"})
        return {name: value for name, value in said.items() if value not in ("", None)}


class ComputedLine(BaseModel):
    """A night, day, period, bed or receipt. Amounts are in the currency of the computation."""

    kind: str
    date: date
    place: str
    rate: Decimal | None
    share: str
    gross: Decimal
    deductions: dict[str, Decimal]
    amount: Decimal
    reason: str = ""
    received: Decimal | None = None
    converted_at: str = ""
    explained: str


class MissingLine(BaseModel):
    """A line without an amount."""

    date: DayOrNone
    missing: str
    explained: str


class ComputationOut(BaseModel):
    """All lines, each with its arithmetic. There is a total only when nothing is missing."""

    rule_set: str
    currency: str
    total: Decimal | None
    lines: list[ComputedLine]
    open: list[MissingLine]

    @classmethod
    def of(cls, rule_set: str, found: Computation, words: Words) -> Self:
        said = told(found)
        lines = [
            ComputedLine(**shown, explained=explanation(line, words))
            for shown, line in zip(said["lines"], found.lines, strict=True)
        ]
        missing = [
            MissingLine(date=one.day, missing=one.missing, explained=open_explanation(one, words)) for one in found.open
        ]
        return cls(rule_set=rule_set, currency=found.currency, total=said["total"], lines=lines, open=missing)
