"""Which fields the page has for each rule set, what they are called, and how they are filled. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.errors import N_

FieldKind = Literal["text", "place", "zone", "day", "moment", "amount", "percent", "whole", "choice", "yes"]
BEDS = {
    "self": N_("the person"),
    "organiser": N_("the organiser"),
    "host": N_("the host"),
    "vehicle": N_("on the way"),
    "home": N_("at home"),
}
GIVERS = {
    "organiser": N_("the organiser"),
    "host": N_("the host"),
    "hotel": N_("the hotel"),
    "fee": N_("the conference fee"),
    "carrier": N_("the carrier"),
    "self": N_("the person"),
}
MEANS = {
    "air": N_("Flight"),
    "train": N_("Train"),
    "bus": N_("Bus"),
    "car": N_("Car"),
    "ferry": N_("Ferry"),
}
MEALS = {"breakfast": N_("breakfast"), "lunch": N_("lunch"), "dinner": N_("dinner")}
MODES = {"share": N_("a share of the rate"), "actual_cost": N_("what it really cost")}


@dataclass(frozen=True)
class TrialField:
    """A field of the form, or a column of its rows. `key` is its place in a case: "switches.ceiling", "date"."""

    key: str
    label: str
    kind: FieldKind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True)
class TrialTable:
    """Rows of one kind; `key` is the case's list."""

    key: str
    title: str
    columns: Sequence[TrialField]


_DAY = TrialField("date", N_("Day"), "day")
_PLACE = TrialField("place", N_("Place"), "place")
_PERSONAL = TrialField("personal", N_("Private"), "yes")
TABLES = {
    "legs": TrialTable(
        "legs",
        N_("Journey"),
        (
            TrialField("from", N_("Place of departure"), "place"),
            TrialField("to", N_("Place of arrival"), "place"),
            TrialField("departs", N_("Departs"), "moment"),
            TrialField("arrives", N_("Arrives"), "moment"),
            TrialField("departs_zone", N_("Zone of departure, if another"), "zone"),
            TrialField("arrives_zone", N_("Zone of arrival, if another"), "zone"),
            TrialField("means", N_("By"), "choice", MEANS, "air"),
        ),
    ),
    "nights": TrialTable(
        "nights",
        N_("Nights"),
        (
            TrialField("date", N_("Night of"), "day"),
            _PLACE,
            TrialField("bed", N_("Bed given by"), "choice", BEDS, "self"),
            TrialField("breakfast", N_("With breakfast"), "yes"),
            _PERSONAL,
            TrialField("cost", N_("Own bill"), "amount"),
            TrialField("provided_cost", N_("Paid by the organiser"), "amount"),
        ),
    ),
    "meals": TrialTable(
        "meals",
        N_("Meals that were given"),
        (
            _DAY,
            TrialField("meal", N_("Meal"), "choice", MEALS, "lunch"),
            TrialField("by", N_("Given by"), "choice", GIVERS, "organiser"),
            TrialField("cost", N_("Cost"), "amount"),
        ),
    ),
    "work": TrialTable("work", N_("Last place of work of a day"), (_DAY, _PLACE)),
    "meeting_days": TrialTable("meeting_days", N_("Meeting days"), (_DAY,)),
    "attended": TrialTable("attended", N_("Days with a signature, where attendance decides"), (_DAY,)),
    "units": TrialTable(
        "units",
        N_("Days or nights that are paid"),
        (
            _DAY,
            _PLACE,
            TrialField("share", N_("Part"), "text", default="1"),
            TrialField("provided.bed", N_("Bed given"), "yes"),
            TrialField("provided.breakfast", N_("Breakfast given"), "yes"),
            TrialField("provided.lunch", N_("Lunch given"), "yes"),
            TrialField("provided.dinner", N_("Dinner given"), "yes"),
            _PERSONAL,
        ),
    ),
    "receipts": TrialTable(
        "receipts",
        N_("Receipts"),
        (
            _DAY,
            TrialField("kind", N_("Kind")),
            TrialField("amount", N_("Amount"), "amount"),
            TrialField("currency", N_("Currency")),
        ),
    ),
    "ceilings": TrialTable(
        "ceilings",
        N_("Ceilings"),
        (
            TrialField("kind", N_("Kind, or empty for all")),
            TrialField("per", N_("For each"), "choice", {"trip": N_("journey"), "day": N_("Day")}, "trip"),
            TrialField("amount", N_("Amount"), "amount"),
        ),
    ),
    "fx": TrialTable(
        "fx",
        N_("Exchange rates"),
        (
            TrialField("currency", N_("Currency")),
            TrialField("month", N_("Month, as 2026-03")),
            TrialField("per_euro", N_("For one euro"), "amount"),
        ),
    ),
}
_BED_SHARE, *_MEAL_SHARES = (
    TrialField("switches.shares.bed", N_("Bed takes off, %%"), "percent"),
    TrialField("switches.shares.breakfast", N_("Breakfast takes off, %%"), "percent"),
    TrialField("switches.shares.lunch", N_("Lunch takes off, %%"), "percent"),
    TrialField("switches.shares.dinner", N_("Dinner takes off, %%"), "percent"),
)
SWITCHES: Mapping[str, Sequence[TrialField]] = {
    "eu_external": (
        _BED_SHARE,
        *_MEAL_SHARES,
        TrialField("switches.contract_date", N_("Contract concluded on"), "day"),
        TrialField("switches.ceiling", N_("Project pays at most"), "amount"),
        TrialField("switches.bed_mode", N_("A bed that is given takes off"), "choice", MODES, "share"),
        TrialField("switches.meal_mode", N_("A meal that is given takes off"), "choice", MODES, "share"),
        TrialField("switches.vehicle_night_pays", N_("Nights on the way are paid"), "yes"),
    ),
    "eu_missions": tuple(_MEAL_SHARES),
    "un_dsa": (
        _BED_SHARE,
        *_MEAL_SHARES,
        TrialField("switches.day_trip_share", N_("A day trip pays, %%"), "percent"),
    ),
    "de_bmf": (
        *_MEAL_SHARES,
        TrialField("switches.half_from_day_15", N_("Half from the 15th day at one place"), "yes"),
        TrialField("switches.three_month_limit", N_("At most three months at one place"), "yes"),
    ),
    "us_gsa": (TrialField("switches.first_and_last_share", N_("First and last day pay, %%"), "percent"),),
    "tr_6245": (
        TrialField("grade", N_("Grade")),
        TrialField("switches.night_is_full", N_("A night is a whole day"), "yes"),
        TrialField("switches.days_before", N_("Days already paid this year"), "whole"),
    ),
    "tr_6245_abroad": (
        TrialField("switches.column", N_("Column of the person’s rank")),
        TrialField("switches.received_per_day", N_("Received from others for each day"), "amount"),
    ),
    "eu_experts": (
        TrialField("switches.distance_km", N_("Kilometres from home"), "amount"),
        TrialField("switches.night_amount", N_("Amount for a night"), "amount"),
    ),
    "actuals": (TrialField("switches.fx_month", N_("One month for all rates, as 2026-03")),),
    "flat": (
        TrialField("switches.unit", N_("Paid for each"), "choice", {"day": N_("Day"), "night": N_("Night")}, "day"),
        _BED_SHARE,
        *_MEAL_SHARES,
    ),
}
_RATE_PLACE = (TrialField("country", N_("Country")), TrialField("city", N_("City")))
_RATE_AMOUNT = TrialField("amount", N_("Amount"), "amount")
_RATE_DAYS = (TrialField("valid_from", N_("Valid from"), "day"), TrialField("valid_to", N_("Valid to"), "day"))
_MORE_AMOUNTS: Mapping[str, Sequence[TrialField]] = {
    "eu_missions": (TrialField("hotel_ceiling", N_("Ceiling for hotels"), "amount"),),
    "un_dsa": (TrialField("room_percent", N_("Room, %%"), "amount"),),
    "de_bmf": (TrialField("partial", N_("Partial rate"), "amount"),),
    "us_gsa": (
        TrialField("incidentals", N_("Incidentals"), "amount"),
        TrialField("lodging_max", N_("Lodging at most"), "amount"),
    ),
    "tr_6245": (TrialField("grade", N_("Grade")),),
    "eu_experts": (TrialField("night", N_("Amount for a night"), "amount"),),
}
# Sets whose rates do not stand in a table.
_WITHOUT_RATES = frozenset({"actuals", "uk_hmrc_day"})
_TABLES_OF: Mapping[str, Sequence[str]] = {
    "actuals": ("receipts", "ceilings", "fx"),
    "flat": ("units", "attended"),
    "eu_experts": ("meeting_days", "nights", "attended"),
    "uk_hmrc_day": ("legs", "nights", "attended"),
    "tr_6245": ("legs", "nights", "attended"),
    "tr_6245_abroad": ("legs", "nights", "attended"),
    "eu_external": ("nights", "meals", "attended"),
}


def switches_of(rule_set: str) -> Sequence[TrialField]:
    return SWITCHES.get(rule_set, ())


def needs_journey(rule_set: str) -> bool:
    """Whether times of leaving and being back say something to the set."""
    return rule_set not in ("actuals", "flat", "eu_experts", "eu_external")


def tables_of(rule_set: str) -> list[TrialTable]:
    """What the page asks for the set, in its order."""
    return [TABLES[key] for key in _TABLES_OF.get(rule_set, ("legs", "nights", "meals", "work", "attended"))]


def rates_of(rule_set: str) -> TrialTable | None:
    """Columns of rates that are typed; None for a set without."""
    if rule_set in _WITHOUT_RATES:
        return None
    columns = (*_RATE_PLACE, _RATE_AMOUNT, *_MORE_AMOUNTS.get(rule_set, ()), *_RATE_DAYS)
    return TrialTable("rates", N_("Rates"), columns)
