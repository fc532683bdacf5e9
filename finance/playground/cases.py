"""A case of per diems as JSON tells it: read into the facts of the rules, computed, and answered."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.i18n import words
from core.money import smallest_unit
from finance.rates.rules import DatedRates, PlaceRate
from finance.rates.shipped import SHIPPED, LodgingStep, turkish_lodging, with_meals_of_tier
from finance.rules.actuals import CostCeiling, MonthlyRates
from finance.rules.de_bmf import OtherJourney
from finance.rules.facts import (
    MealKind,
    Mission,
    MissionNight,
    MissionRide,
    PaidReceipt,
    PaidUnit,
    PayPlace,
    ProvidedBy,
    ProvidedMeal,
    TimeAway,
    WorkDay,
)
from finance.rules.lines import Computation, PayLine
from finance.rules.registry import RULE_SETS, compute
from finance.rules.sentences import explanation, open_explanation
from finance.rules.settlement import due
from visits.travel_types import LocalTime, TravelMode

Given = Mapping[str, Any]
_MODES = {
    "air": "flight",
    "plane": "flight",
    "sea": "ferry",
    "ship": "ferry",
    "boat": "ferry",
    "rail": "train",
    "road": "car",
}
# What a row of a rate table says besides amounts.
_NO_AMOUNTS = frozenset({"country", "city", "currency", "grade", "column", "valid_from", "valid_to", "source", "name"})


def answer(case: Given) -> dict[str, Any]:
    """Raises KeyError for a set that is none, ValueError where something given is no date, time or number."""
    if case["rule_set"] == "sheet":
        return _sheet(case)
    return told(computed(case), is_short="line_count" in (case.get("expected") or {}))


def computed(case: Given) -> Computation:
    """What the rule set of a case makes of it. Raises as `answer` does."""
    given = case.get("switches") or {}
    currency = case.get("currency", "EUR")
    if case["rule_set"] == "actuals":
        currency = case.get("pay_currency") or currency
    return compute(case["rule_set"], mission_from(case), _rates(case, given), currency, _switches(case, given))


def agrees(expected: Any, got: Any) -> bool:
    """All of it, and nothing besides: a deduction or reason that nobody expects is a difference."""
    return bool(expected == {name: value for name, value in got.items() if name != "explained"})


def mission_from(case: Given) -> Mission:
    rides = [_ride(leg) for leg in case.get("legs") or ()]
    attended = case.get("attended")
    return Mission(
        home=_place(case.get("home")),
        away=_away(case, rides),
        place=_place(case.get("place")),
        nights=[_night(night) for night in case.get("nights") or ()],
        meals=[_meal(meal) for meal in case.get("meals") or ()],
        rides=rides,
        work=[WorkDay(_day(one["date"]), _place(one)) for one in case.get("work") or ()],
        day_places=[_place(one) for one in case.get("tdy") or ()],
        attended=None if attended is None else frozenset(map(_day, attended)),
        meeting_days=[_day(day) for day in case.get("meeting_days") or ()],
        units=[
            PaidUnit(
                _day(one["date"]),
                str(one.get("share", "1")),
                frozenset(one.get("provided") or ()),
                bool(one.get("personal")),
                _place(one),
            )
            for one in case.get("units") or ()
        ],
        receipts=[_receipt(one) for one in case.get("receipts") or ()],
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _amount(said: Any) -> Decimal:
    return Decimal(str(said))


def _optional(said: Any) -> Decimal | None:
    return None if said is None else _amount(said)


def _place(said: Any) -> PayPlace:
    """ "AT", "CH/Bern", or a row with country and city."""
    if isinstance(said, Mapping):
        country, _, city = str(said.get("country") or "").partition("/")
        return PayPlace(country, said.get("city") or city)
    country, _, city = str(said or "").partition("/")
    return PayPlace(country, city)


def _time(said: Given, name: str, home_zone: str = "") -> LocalTime | None:
    zone = said.get(f"{name}_zone") or home_zone
    if not said.get(name) or not zone:
        return None
    wall = datetime.fromisoformat(said[name])
    return LocalTime(wall.date(), zone, wall.time(), said.get(f"{name}_fold", 0))


def _ride(said: Given) -> MissionRide:
    means = said.get("means", "air")
    return MissionRide(
        _place(said.get("from")),
        _place(said.get("to")),
        _time(said, "departs"),
        _time(said, "arrives"),
        TravelMode(_MODES.get(str(means), str(means))),
    )


def _away(case: Given, rides: Sequence[MissionRide]) -> TimeAway | None:
    """Door to door if it is known, else from the first departure to the last arrival."""
    said = case.get("absence") or {}
    home_zone = (case.get("home") or {}).get("zone") or ""
    leaves, returns = _time(said, "from", home_zone), _time(said, "to", home_zone)
    departures = [(ride.departs.earliest, ride.departs) for ride in rides if ride.departs]
    arrivals = [(ride.arrives.earliest, ride.arrives) for ride in rides if ride.arrives]
    if leaves is None and departures:
        leaves = min(departures, key=lambda one: one[0])[1]
    if returns is None and arrivals:
        returns = max(arrivals, key=lambda one: one[0])[1]
    return TimeAway(leaves, returns) if leaves and returns else None


def _night(said: Given) -> MissionNight:
    return MissionNight(
        _day(said["date"]),
        _place(said),
        ProvidedBy(said.get("bed") or "self"),
        bool(said.get("breakfast")),
        bool(said.get("personal")),
        _optional(said.get("cost")),
        _optional(said.get("provided_cost")),
    )


def _meal(said: Given) -> ProvidedMeal:
    return ProvidedMeal(
        _day(said["date"]),
        MealKind(said["meal"]),
        ProvidedBy(said.get("by") or "organiser"),
        said.get("zone") or "",
        bool(said.get("snack")),
        _optional(said.get("cost", said.get("provided_cost"))),
    )


def _receipt(said: Given) -> PaidReceipt:
    missing = said.get("missing") or ("file" if "file" in said and not said["file"] else "")
    day = said.get("date")
    return PaidReceipt(
        said.get("kind") or "",
        _day(day) if day else None,
        _optional(said.get("amount")),
        said.get("currency") or "",
        missing,
    )


def _rates(case: Given, switches: Given) -> DatedRates:
    rule = RULE_SETS[case["rule_set"]]
    if "rates" in case:
        rows = [_row(said, case.get("currency", "EUR")) for said in case["rates"] or ()]
    else:
        rows = [row for table in SHIPPED if table.rule_set == rule.key for row in table.rows()]
    if rule.key == "us_gsa":
        rows = [with_meals_of_tier(row) for row in rows]
    by_contract = switches.get("rate_date", "contract" if rule.by_contract else "travel") == "contract"
    contract = switches.get("contract_date") if by_contract else None
    grade = case.get("grade") or switches.get("grade") or switches.get("column") or ""
    return DatedRates(rows, _day(contract) if contract else None, str(grade))


def _row(said: Given, currency: str) -> PlaceRate:
    amounts = {name: _amount(value) for name, value in said.items() if name not in _NO_AMOUNTS and value is not None}
    if "amount" not in amounts:
        amounts["amount"] = amounts["full"] if "full" in amounts else amounts["total"]
    starts, ends = said.get("valid_from"), said.get("valid_to")
    return PlaceRate(
        said.get("country") or "",
        amounts,
        said.get("city") or "",
        str(said.get("grade") or said.get("column") or ""),
        said.get("currency") or currency,
        _day(starts) if starts else None,
        _day(ends) if ends else None,
        said.get("source") or "",
    )


def _switches(case: Given, given: Given) -> dict[str, Any]:
    """Switches as rules take them, with what examples lay beside them: other journeys, ceilings, exchange rates."""
    read: dict[str, Callable[[Any], Any]] = {
        "shares": lambda said: {name: _amount(share) for name, share in said.items()},
        **dict.fromkeys(("ceiling", "distance_km", "night_amount", "received_per_day", "day_trip_share"), _amount),
        "first_and_last_share": _amount,
        "lodging": lambda said: [
            LodgingStep(0, int(one["from_day"]), int(one["to_day"]), _amount(one["percent"])) for one in said
        ],
    }
    switches = {
        name: read[name](value) if name in read else value for name, value in given.items() if value is not None
    }
    also = [
        OtherJourney(_day(one["date"]), one["place"], _amount(one["rate"]), one["share"], _amount(one["amount"]))
        for one in case.get("also") or ()
    ]
    ceilings = [
        CostCeiling(one.get("kind") or "", _amount(one["amount"]), one.get("per") == "day")
        for one in case.get("ceilings") or ()
    ]
    fx = case.get("fx") or ()
    exchange = MonthlyRates({(one["currency"], one["month"]): str(one["per_euro"]) for one in fx})
    return {"lodging": turkish_lodging()} | switches | {"also": also, "ceilings": ceilings, "exchange": exchange}


def told(found: Computation, *, is_short: bool = False) -> dict[str, Any]:
    """The lines as JSON has them; with `is_short` only their number, the first and the last."""
    lines = [_line(line) for line in found.lines]
    answer: dict[str, Any] = {"lines": lines}
    if is_short and lines:
        answer = {"line_count": len(lines), "first_line": lines[0], "last_line": lines[-1]}
    answer |= {"total": _money(found.total, found.currency), "currency": found.currency}
    if found.open:
        answer["open"] = [{"date": one.day and one.day.isoformat(), "missing": one.missing} for one in found.open]
    english = words("en")
    explained = [explanation(line, english) for line in found.lines]
    return answer | {"explained": explained + [open_explanation(one, english) for one in found.open]}


def _money(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else str(amount.quantize(smallest_unit(currency)))


def _line(line: PayLine) -> dict[str, Any]:
    said = {
        "kind": line.kind,
        "date": line.day.isoformat(),
        "place": line.place,
        "rate": _money(line.rate, line.currency),
        "share": line.share,
        "gross": _money(line.gross, line.currency),
        "deductions": {name: _money(cut, line.currency) for name, cut in line.deductions.items()},
        "amount": _money(line.amount, line.currency),
    }
    more = {
        "reason": line.reason,
        "received": _money(line.received, line.currency),
        "converted_at": line.converted_at,
    }
    return said | {name: value for name, value in more.items() if value}


def _sheet(case: Given) -> dict[str, Any]:
    currency = case.get("currency", "EUR")
    pay_currency = case.get("pay_currency") or currency
    factor, divisor = _exchange(case.get("fx"), currency, pay_currency)
    found = due(
        [_amount(one) for one in case.get("line_amounts") or ()],
        currency=currency,
        pay_currency=pay_currency,
        factor=factor,
        divisor=divisor,
        advances=[_amount(one) for one in case.get("advances") or ()],
    )
    amounts = {"converted_total": found.converted_total, "to_pay": found.to_pay, "to_return": found.to_return}
    return {name: _money(amount, pay_currency) for name, amount in amounts.items()}


def _exchange(fx: Any, currency: str, pay_currency: str) -> tuple[Decimal, Decimal]:
    """Units of the currency of payment and of the lines' for one euro. A single rate is of the one not in euro."""
    one = Decimal(1)
    if currency == pay_currency:
        return one, one
    if isinstance(fx, Mapping) and "per_euro" in fx:
        if "EUR" not in (currency, pay_currency):
            raise ValueError(f"no rates of both {currency} and {pay_currency}")
        rate = _amount(fx["per_euro"])
        return (rate, one) if currency == "EUR" else (one, rate)
    rows = fx.items() if isinstance(fx, Mapping) else ((row["currency"], row["per_euro"]) for row in fx or ())
    rates = {code: _amount(rate) for code, rate in rows} | {"EUR": one}
    return rates[pay_currency], rates[currency]
