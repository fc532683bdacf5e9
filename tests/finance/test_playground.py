"""Trying the rules: by the page, by its links and files, and as a program."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from finance.playground.cases import answer
from finance.playground.forms import place_of
from finance.playground.links import packed, unpacked
from finance.playground.service import checked_case
from finance.rules.registry import RULE_SETS
from heyet.cli import app as command
from tests.finance.per_diem_examples import DE, EU, EXAMPLES, Case, away, night
from tests.finance.test_per_diem_rules import WORKED
from tests.office import Office
from tests.people import App, Visitor

PATH, API = "/per-diem/rules", "/api/v1/per-diem/computation"
CASES = [case for _, case, _ in EXAMPLES] + [case for case in WORKED if case["rule_set"] != "sheet"]
TYPED = {
    "shown_for": "eu_external",
    "rule_set": "eu_external",
    "currency": "EUR",
    "more": "{}",
    "rates_from": "shipped",
    "nights.more[]": ["{}", "{}"],
    "nights.date[]": ["2026-03-02", ""],
    "nights.place[]": ["Viyana", ""],
    "nights.bed[]": ["organiser", "self"],
    "nights.breakfast[]": ["yes", ""],
    "nights.personal[]": ["", ""],
    "nights.cost[]": ["", ""],
    "nights.provided_cost[]": ["", ""],
    "switches.shares.bed": "50",
    "switches.shares.breakfast": "6,5",
}


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send: names of inputs and chosen options of the form that computes, with what they hold."""
    form = page[page.index('<form id="trial"') : page.index("</form>", page.index('<form id="trial"'))]
    found: dict[str, list[str]] = {}
    for tag in re.finditer(r"<input[^>]*>|<select[^>]*>.*?</select>", form, re.DOTALL):
        name = re.search(r'name="([^"]*)"', tag[0])
        chosen = re.search(r'<option value="([^"]*)"\s+selected', tag[0]) or re.search(r'value="([^"]*)"', tag[0])
        if name:
            found.setdefault(name[1], []).append(unescape(chosen[1]) if chosen else "")
    return found


async def submit(browser: Visitor, typed: dict[str, Any], path: str = PATH) -> tuple[int, str, str]:
    """Send the form. The last status, the page that came in the end, and the case in its address."""
    got = await browser.send(path, typed)
    if got.status_code != 303:
        return got.status_code, got.text, ""
    return 200, browser.page, got.headers["location"].partition("case=")[2].partition("#")[0]


def again(page: str) -> dict[str, Any]:
    """What a browser would send of the page as it came."""
    found = {name: values if name.endswith("[]") else values[0] for name, values in fields(page).items()}
    return {name: value for name, value in found.items() if name != "form_token"}


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number in range(len(CASES))])
def test_the_schema_takes_every_worked_case_as_it_is(case: Case) -> None:
    said = checked_case(case).as_case()
    assert answer({**said, "expected": case.get("expected")}) == answer(case)
    assert unpacked(packed(said)) == said


async def test_a_program_gets_lines_with_their_arithmetic(sqlite_app: App) -> None:
    case = {**EU, "nights": [night("2026-03-02", bed="organiser")], "switches": {"shares": {"bed": "0.5"}}}
    got = (await sqlite_app.api("finance").post(API, json=case)).json()
    assert (got["total"], got["currency"], got["open"]) == ("100.00", "EUR", [])
    assert got["lines"][0]["deductions"] == {"bed": "100.00"}
    assert got["lines"][0]["explained"].startswith("200.00 − bed 50 % 100.00 = EUR 100.00.")


async def test_what_is_missing_is_said_and_there_is_no_total(sqlite_app: App) -> None:
    got = (await sqlite_app.api("finance").post(API, json={**EU, "nights": [night("2026-03-02", "XK")]})).json()
    assert got["total"] is None
    assert got["open"] == [
        {"date": "2026-03-02", "missing": "rate XK", "explained": "The rate of Kosovo is missing on 2 March 2026."}
    ]


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"rule_set": "nothing"}, "rule_set"),
        ({**EU, "nights": [{"date": "soon"}]}, "nights.0.date"),
        ({**EU, "nights": [night("2026-03-02", bed="tent")]}, "nights.0.bed"),
        ({**EU, "nights": [night("2026-03-02", cost="-1")]}, "nights.0.cost"),
        ({**EU, "currency": "XYZ"}, "currency"),
        ({**EU, "rates": [{"country": "AT"}]}, "rates.0"),
        ({**EU, "switches": {"shares": {"bed": "1.2"}}}, "switches.shares.bed"),
        ({**DE, "absence": away("2026-03-02T08:00", "2026-03-03T08:00", "Mars/Olympus")}, "absence.from_zone"),
        ({**DE, "absence": away("2026-03-02T08:00", "2028-03-03T08:00")}, "absence.to"),
        ({**EU, "surprise": 1}, "surprise"),
    ],
)
async def test_what_does_not_fit_is_named_by_its_field(sqlite_app: App, case: Case, field: str) -> None:
    got = await sqlite_app.api("finance").post(API, json=case)
    assert got.status_code == 422
    assert field in {one["field"] for one in got.json()["errors"]}


async def test_only_who_may_read_money_tries_them(sqlite_app: App) -> None:
    assert (await sqlite_app.api("assistant").post(API, json=EU)).status_code == 403
    assert (await sqlite_app.api("finance").post(API, json=EU)).status_code == 200


async def test_what_was_typed_is_computed_and_its_link_shows_it_again(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    status, page, told = await submit(browser, TYPED)
    assert status == 200
    assert "Total: EUR 101.79" in page
    assert "234.00 − bed 50 % 117.00 − breakfast 6.5 % 15.21 = EUR 101.79." in page
    page = (await browser.get(f"{PATH}?case={told}")).text
    shown = fields(page)
    assert shown["nights.place[]"] == ["AT/Vienna", ""]
    assert shown["switches.shares.breakfast"] == ["6.5"]


async def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    typed = {**TYPED, "nights.place[]": ["Nowhereville", ""], "switches.shares.bed": "200"}
    status, page, _ = await submit(browser, typed)
    assert status == 422
    assert 'id="nights.0.place-wrong"' in page
    assert fields(page)["nights.place[]"][0] == "Nowhereville"
    assert fields(page)["switches.shares.bed"] == ["200"]
    _, page, _ = await submit(browser, {**TYPED, "nights.date[]": ["", ""], "switches.shares.bed": "200"})
    assert 'id="switches.shares.bed-wrong"' in page
    assert 'id="nights.0.date-wrong"' in page
    assert fields(page)["nights.place[]"][0] == "AT/Vienna"


async def test_the_zone_of_a_departure_is_that_of_its_place(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    typed = {
        "shown_for": "de_bmf",
        "rule_set": "de_bmf",
        "currency": "EUR",
        "rates_from": "shipped",
        "home": "Berlin",
        "legs.more[]": ["{}"],
        "legs.from[]": ["BER"],
        "legs.departs[]": ["2026-03-02T08:00"],
        "legs.departs_zone[]": [""],
        "legs.to[]": ["Ankara"],
        "legs.arrives[]": ["2026-03-02T13:30"],
        "legs.arrives_zone[]": [""],
        "legs.means[]": ["air"],
    }
    _, page, told = await submit(browser, typed)
    assert unpacked(told)["home"] == {"country": "DE", "city": "Berlin", "zone": "Europe/Berlin"}
    leg = unpacked(told)["legs"][0]
    assert (leg["departs_zone"], leg["arrives_zone"]) == ("Europe/Berlin", "Europe/Istanbul")
    _, _, told = await submit(browser, {**again(page), "legs.to[]": ["Tokyo", ""]})
    assert unpacked(told)["legs"][0]["arrives_zone"] == "Asia/Tokyo"
    _, page, _ = await submit(browser, {**typed, "legs.to[]": ["TR"]})
    assert 'id="legs.0.arrives_zone-wrong"' in page


async def test_rows_are_added_and_removed_without_computing(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    two = {name: [*value, *value] if isinstance(value, list) else value for name, value in TYPED.items()}
    status, page, _ = await submit(browser, {**two, "act": "add nights"})
    assert status == 200
    assert fields(page)["nights.date[]"] == ["2026-03-02", "2026-03-02", ""]
    assert re.search(r'id="nights\.2\.date"[^>]*autofocus', page)
    _, page, _ = await submit(browser, {**two, "act": "remove nights 0"})
    assert fields(page)["nights.date[]"] == ["2026-03-02", ""]


async def test_another_set_keeps_what_it_does_not_show(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    _, page, _ = await submit(browser, {**TYPED, "rule_set": "actuals", "act": "choose"})
    assert "nights.date[]" not in fields(page)
    _, page, _ = await submit(browser, {**again(page), "rule_set": "eu_external", "act": "choose"})
    assert fields(page)["nights.place[]"][0] == "AT/Vienna"
    assert fields(page)["switches.shares.bed"] == ["50"]


@pytest.mark.parametrize("rule_set", sorted(RULE_SETS))
async def test_a_case_goes_through_the_form_of_its_set_unchanged(sqlite_app: App, rule_set: str) -> None:
    browser = await sqlite_app.at_desk("finance")
    for given in [case for case in CASES if case["rule_set"] == rule_set][:8]:
        case = checked_case({**given, "rates": given.get("rates", [])}).as_case()
        status, page, _ = await submit(browser, {"pasted": json.dumps(case)}, f"{PATH}/case")
        assert status == 200, page
        status, page, told = await submit(browser, again(page))
        assert status == 200, re.findall(r"-wrong\">\s*(.*?)\s*<", page)
        assert answer(checked_case(without_aside(unpacked(told))).as_case()) == answer(case)


def without_aside(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "unused_rates"}


async def test_files_of_a_trial(sqlite_app: App, office: Office, tmp_path: Path) -> None:
    browser = await sqlite_app.at_desk("finance")
    told = packed(checked_case({**EU, "nights": [night("2026-03-02")]}).as_case())
    book = office.computed((await browser.get(f"{PATH}/lines.xlsx?case={told}")).content)
    assert any(cell.value == 200 for row in book.worksheets[0].iter_rows() for cell in row)
    assert "AT;EUR;200.00" in (await browser.get(f"{PATH}/lines.csv?case={told}")).text
    file = tmp_path / "case.json"
    file.write_bytes((await browser.get(f"{PATH}/case.json?case={told}")).content)
    ran = CliRunner().invoke(command, ["cases", "per-diem", str(file)])
    assert (ran.exit_code, json.loads(ran.stdout)["ok"]) == (0, True)


@pytest.mark.parametrize("told", ["x", "AAAA", "eNrzSM3JyQcABiwCFQ", packed({"rule_set": "no"})])
async def test_a_broken_link_says_so(sqlite_app: App, told: str) -> None:
    assert (await (await sqlite_app.at_desk("finance")).get(f"{PATH}?case={told}")).status_code == 422


async def test_towns_are_suggested_in_any_spelling(sqlite_app: App) -> None:
    browser = await sqlite_app.at_desk("finance")
    shown = await browser.get(f"{PATH}/places?nights.place%5B%5D=viya")
    assert "AT/Vienna" in shown.text
    assert "option" not in (await browser.get(f"{PATH}/places?x=v")).text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AT", ("AT", "", "")),
        ("AT/Wien", ("AT", "Wien", "Europe/Vienna")),
        ("Avusturya", ("AT", "", "")),
        ("Austria", ("AT", "", "")),
        ("ESB", ("TR", "Ankara", "Europe/Istanbul")),
        ("Nowhereville", None),
    ],
)
def test_places_are_read_as_people_write_them(text: str, found: tuple[str, str, str] | None) -> None:
    assert place_of(text) == found
