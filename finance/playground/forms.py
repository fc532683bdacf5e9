"""Between the form and a case. What the form does not show of a case is carried along, so that nothing is lost."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from core.errors import N_
from core.i18n import LANGUAGES, country_codes, words
from core.inputs import parsed_json
from core.pages import Form, ticked
from finance.playground.layout import TrialField, TrialTable, rates_of, switches_of, tables_of
from finance.rules.lines import COMPONENTS
from finance.rules.registry import RULE_SETS
from visits.places.lookup import any_place

FIRST = "eu_external"
# Rows of lists that hold days alone.
_PLAIN_DAYS = frozenset({"meeting_days", "attended"})
_CODE = re.compile(r"([A-Z]{2})(?:/(.+))?")
UNKNOWN_PLACE = N_("We do not know this place. Please write a town, a country, or code and town: AT/Wien.")
Wrongs = dict[str, tuple[str, Mapping[str, object]]]
Case = dict[str, Any]


@cache
def _countries() -> Mapping[str, str]:
    return {words(language).country(code).casefold(): code for code in country_codes() for language in LANGUAGES}


def place_of(text: str) -> tuple[str, str, str] | None:
    """Country, city and zone that a text means; None where it means none that we know."""
    text = text.strip()
    found = _CODE.fullmatch(text)
    if found:
        city = (found[2] or "").strip()
        return found[1], city, any_place(city, found[1]).zone if city else ""
    if code := _countries().get(text.casefold()):
        return code, "", ""
    place = any_place(text)
    return (place.country, place.town or place.name, place.zone) if place.country else None


def case_of(typed: Form) -> tuple[Case, Wrongs]:
    """The case that a form says, and what could not be read. Values that do not fit stay as they were typed: the
    schema says what is wrong with them."""
    shown = str(typed.get("shown_for", ""))
    case = _carried(typed.get("more"))
    wrongs: Wrongs = {}
    for name in ("rule_set", "currency"):
        case[name] = str(typed.get(name, "")).strip()
    for one in [*switches_of(shown), *place_fields(), *absence_fields()]:
        if one.key in typed:
            _put(case, one, str(typed[one.key]).strip())
    for table in [*tables_of(shown), *filter(None, [rates_of(shown)])]:
        if f"{table.key}.more[]" in typed:
            case[table.key] = _rows(typed, table)
    # Rates that were typed stay, for when they are wanted again instead of those that come with Heyet.
    rates = case.pop("rates", None) or case.pop("unused_rates", [])
    case["unused_rates" if str(typed.get("rates_from", "")) == "shipped" else "rates"] = rates
    _resolve(case, wrongs)
    return {name: value for name, value in case.items() if value not in ("", [], {}) or name == "rates"}, wrongs


def place_fields() -> list[TrialField]:
    return [
        TrialField("home", N_("Home or place of duty"), "place"),
        TrialField("home.zone", N_("Time zone of home"), "zone"),
        TrialField("place", N_("Place of the work"), "place"),
    ]


def absence_fields() -> list[TrialField]:
    zone = N_("Time zone, if not that of home")
    return [
        TrialField("absence.from", N_("Leaves home"), "moment"),
        TrialField("absence.from_zone", zone, "zone"),
        TrialField("absence.to", N_("Is back"), "moment"),
        TrialField("absence.to_zone", zone, "zone"),
    ]


def _carried(said: object) -> Case:
    try:
        found = parsed_json(str(said or "{}").encode())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _put(case: Case, one: TrialField, text: str) -> None:
    """Write a field where a case has it; an empty one is left out."""
    *path, name = one.key.split(".")
    if one.key == "home":
        path, name = ["home"], "text"
    into = case
    for step in path:
        inner = into.get(step)
        into[step] = into = inner if isinstance(inner, dict) else {}
    if text:
        into[name] = _value(one, text)
    else:
        into.pop(name, None)


def _value(one: TrialField, text: str) -> Any:
    match one.kind:
        case "yes":
            return text == "yes"
        case "percent":
            try:
                return str(Decimal(text.replace(",", ".")) / 100)
            except InvalidOperation:
                return text
        case "amount":
            return text.replace(",", ".") if "." not in text and text.count(",") == 1 else text
        case _:
            return text


def _rows(typed: Form, table: TrialTable) -> list[Any]:
    columns = {one.key: ticked(typed, f"{table.key}.{one.key}") for one in table.columns}
    rows: list[Any] = []
    for number, more in enumerate(ticked(typed, f"{table.key}.more")):
        row, is_blank = _carried(more), True
        for one in table.columns:
            said = columns[one.key][number].strip() if number < len(columns[one.key]) else ""
            is_blank = is_blank and (not said or one.kind in ("choice", "yes") or said == one.default)
            _put(row, one, said)
        if not is_blank:
            rows.append(row.get("date", "") if table.key in _PLAIN_DAYS else row)
    return rows


def _resolve(case: Case, wrongs: Wrongs) -> None:
    """Places as codes, zones from places, what is given with a unit as a list."""
    home = case.get("home")
    if isinstance(home, dict) and "text" in home:
        _place(home, "text", "home", wrongs)
    if case.get("place"):
        found = place_of(str(case["place"]))
        if found is None:
            wrongs["place"] = (UNKNOWN_PLACE, {})
        else:
            case["place"] = "/".join(filter(None, found[:2]))
    for key in ("nights", "work", "units", "legs", "rates"):
        for number, row in enumerate(case.get(key, [])):
            if isinstance(row, dict):
                _resolve_row(row, f"{key}.{number}", wrongs)


def _resolve_row(row: Case, field: str, wrongs: Wrongs) -> None:
    if field.startswith("legs."):
        for end, time in (("from", "departs"), ("to", "arrives")):
            _end(row, end, time, field, wrongs)
    if row.get("place"):
        _place(row, "place", f"{field}.place", wrongs)
    if isinstance(row.get("provided"), dict):
        row["provided"] = [name for name in COMPONENTS if row["provided"].get(name)]
    if field.startswith("rates.") and len(str(row.get("country", ""))) > 2:
        found = place_of(str(row["country"]))
        if found is None or found[1]:
            wrongs[f"{field}.country"] = (N_("Please write a country."), {})
        else:
            row["country"] = found[0]


def _place(row: Case, name: str, field: str, wrongs: Wrongs) -> None:
    found = place_of(str(row[name]))
    if found is None:
        wrongs[field] = (UNKNOWN_PLACE, {})
        return
    row.pop(name)
    row["country"], row["city"] = found[:2]
    if not row["city"]:
        row.pop("city")
    if field == "home" and found[2] and not row.get("zone"):
        row["zone"] = found[2]


def _end(leg: Case, end: str, time: str, field: str, wrongs: Wrongs) -> None:
    if not leg.get(end):
        return
    found = place_of(str(leg[end]))
    if found is None:
        wrongs[f"{field}.{end}"] = (UNKNOWN_PLACE, {})
        return
    leg[end] = "/".join(filter(None, found[:2]))
    if leg.get(time) and not leg.get(f"{time}_zone"):
        if found[2]:
            leg[f"{time}_zone"] = found[2]
        else:
            wrongs[f"{field}.{time}_zone"] = (N_("Please write the time zone. Example: Europe/Istanbul."), {})


def shown_value(case: Mapping[str, Any], one: TrialField) -> str:
    """What stands in a field for a case."""
    if one.key == "home":
        home = case.get("home") or {}
        return str(home.get("text") or _label(home)) if isinstance(home, dict) else ""
    if one.key == "place" and ("country" in case or "city" in case):
        return str(case.get("place") or _label(case))
    if one.key.startswith("provided."):
        return "yes" if one.key.partition(".")[2] in (case.get("provided") or ()) else ""
    if one.kind == "zone" and _is_of_its_place(case, one.key):
        # Found again from the place, which somebody may change.
        return ""
    value: Any = case
    for step in one.key.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if value is None or value is False or isinstance(value, dict | list):
        return ""
    if value is True:
        return "yes"
    if one.kind == "percent":
        try:
            return f"{(Decimal(str(value)) * 100).normalize():f}"
        except InvalidOperation:
            return str(value)
    return str(value)


def _is_of_its_place(case: Mapping[str, Any], key: str) -> bool:
    home = case.get("home") or {}
    places = {
        "home.zone": (home.get("zone"), _label(home)) if isinstance(home, dict) else ("", ""),
        "departs_zone": (case.get("departs_zone"), case.get("from")),
        "arrives_zone": (case.get("arrives_zone"), case.get("to")),
    }
    zone, place = places.get(key, ("", ""))
    found = place_of(str(place)) if zone and place else None
    return found is not None and found[2] == zone


def _label(said: Mapping[str, Any]) -> str:
    return "/".join(str(said[name]) for name in ("country", "city") if said.get(name))


def carried_with(case: Mapping[str, Any], shown: Sequence[TrialTable], fields: Sequence[TrialField]) -> str:
    """All of a case that its form does not show, as JSON for a hidden field."""
    tables = {table.key for table in shown}
    kept = {name: value for name, value in case.items() if name not in tables and name not in ("rule_set", "currency")}
    return json.dumps(_without(kept, fields), ensure_ascii=False)


def carried_with_row(row: Mapping[str, Any], table: TrialTable) -> str:
    """The same of a row."""
    hidden = _without(row, table.columns)
    if any(one.key == "place" for one in table.columns):
        hidden = {name: value for name, value in hidden.items() if name not in ("country", "city")}
    hidden.pop("provided", None)
    return json.dumps(hidden, ensure_ascii=False)


def _without(said: Mapping[str, Any], fields: Sequence[TrialField]) -> Case:
    kept: Case = json.loads(json.dumps(said, default=str))
    for one in fields:
        *path, name = one.key.split(".")
        into: Any = kept
        for step in path:
            into = into.get(step) if isinstance(into, dict) else None
        if isinstance(into, dict):
            into.pop(name, None)
    return kept


def known_set(key: object) -> str:
    """The set that is asked for, or else the first."""
    return str(key) if key in RULE_SETS else FIRST
