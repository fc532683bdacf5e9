"""The rule sets of per diems: every worked case by its name, cases of our own, tables, sentences."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.i18n import words
from finance.playground.cases import agrees, answer
from finance.rates.rules import DatedRates, PlaceRate, RateLevel
from finance.rates.shipped import SHIPPED, turkish_lodging
from finance.rules.actuals import CostCeiling, MonthlyRates, receipts_up_to_ceilings
from finance.rules.facts import (
    MealKind,
    Mission,
    MissionNight,
    MissionRide,
    PaidReceipt,
    PayPlace,
    ProvidedBy,
    ProvidedMeal,
    TimeAway,
    can_have_reached,
)
from finance.rules.registry import RULE_SETS
from finance.rules.sentences import REASONS, explanation, open_explanation
from finance.rules.tr_6245 import lodging_percent
from heyet.cli import app
from tests.finance.per_diem_examples import EU, EXAMPLES, SHARES, Case, night
from visits.travel_types import LocalTime, TravelLeg, local_time_from

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "perdiem_examples.json"
WORKED: list[Case] = json.loads(SHARED.read_text(encoding="utf-8"))["examples"] if SHARED.exists() else []


@pytest.mark.parametrize("case", WORKED, ids=[case["id"] for case in WORKED])
def test_a_worked_case_comes_out_to_the_cent(case: Case) -> None:
    got = answer(case)
    got.pop("explained", None)
    assert got == case["expected"]


def test_there_are_worked_cases_of_every_set() -> None:
    if not WORKED:
        pytest.skip("no worked cases beside this checkout (shared/domain/perdiem_examples.json)")
    assert {case["rule_set"] for case in WORKED} == {*RULE_SETS, "sheet"} - {"uk_hmrc_day"}


def short(got: dict[str, Any]) -> list[str]:
    """Each line as its amount and reason; open ones by what is missing."""
    lines = [f"{line['amount']} {line.get('reason', '')}".strip() for line in got["lines"]]
    return lines + [f"open: {one['missing']}" for one in got.get("open", [])]


@pytest.mark.parametrize(("case", "expected"), [(c, e) for _, c, e in EXAMPLES], ids=[n for n, _, _ in EXAMPLES])
def test_an_example_of_our_own(case: Case, expected: list[str]) -> None:
    got = answer(case)
    for line, told in zip(got["lines"], expected, strict=False):
        words_of = told.split()
        taken = dict(zip(words_of[1::2], words_of[2::2], strict=False)) if len(words_of) > 2 else None
        assert taken is None or line["deductions"] == taken
    assert short(got) == [" ".join(told.split()[:1]) if is_deduction(told) else told for told in expected]
    assert (got["total"] is None) == ("open" in got)


def is_deduction(told: str) -> bool:
    return len(told.split()) > 2 and not told.startswith("open")


def test_the_command_answers_a_line_for_each_case_and_ends_with_1_for_a_difference(tmp_path: Path) -> None:
    right = {**EU, "id": "right", "nights": [night("2026-03-02", bed="organiser")], "switches": {"shares": SHARES}}
    right["expected"] = {k: v for k, v in answer(right).items() if k != "explained"}
    wrong = {**right, "id": "wrong", "expected": {**right["expected"], "total": "1.00"}}
    broken = {**right, "id": "broken", "rule_set": "nothing of the kind"}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"examples": [right, wrong, broken]}), encoding="utf-8")
    ran = CliRunner().invoke(app, ["cases", "per-diem", str(file)])
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(line["id"], line["ok"]) for line in lines] == [("right", True), ("wrong", False), ("broken", False)]
    assert lines[0]["explained"] == ["200.00 − bed 50 % 100.00 = EUR 100.00. The rate of the country."]
    assert lines[2]["got"] == {"error": "KeyError: 'nothing of the kind'"}
    assert ran.exit_code == 1
    file.write_text(json.dumps([right]), encoding="utf-8")
    assert CliRunner().invoke(app, ["cases", "per-diem", str(file)]).exit_code == 0


def test_a_deduction_that_nobody_expects_is_a_difference() -> None:
    assert not agrees({"lines": [{"deductions": {}}]}, {"lines": [{"deductions": {"bed": "1.00"}}]})


def test_a_line_explains_itself_in_the_readers_language() -> None:
    mission = Mission(
        nights=[MissionNight(date(2026, 3, 2), PayPlace("MC"), ProvidedBy.host), MissionNight(date(2026, 3, 3))],
        attended=frozenset({date(2026, 3, 2)}),
    )
    rates = DatedRates([row("ZZ", 1234)])
    found = RULE_SETS["eu_external"].compute(mission, rates, shares={"bed": Decimal("0.125")})
    assert [explanation(line, words("tr")) for line in found.lines] == [
        "1.234,00 − konaklama %12,5 154,25 = EUR 1.079,75. Kendi tutarı yoktur: diğer ülkeler için belirlenen tutar.",
        "1.234,00 × 0 = EUR 0,00. Bu gün için geçerli bir imza bulunmamaktadır.",
    ]
    assert [explanation(line, words("en")) for line in found.lines] == [
        "1,234.00 − bed 12.5 % 154.25 = EUR 1,079.75. No rate of its own: the one for other countries.",
        "1,234.00 × 0 = EUR 0.00. No signature on this day counts for it.",
    ]


def test_a_receipt_explains_how_it_was_converted_and_cut() -> None:
    day, lira = date(2026, 3, 2), ("taxi", date(2026, 3, 2), Decimal("1500"), "TRY")
    mission = Mission(
        receipts=[PaidReceipt(*lira), PaidReceipt("meal", *lira[1:]), PaidReceipt("taxi", day, Decimal(45), "EUR")]
    )
    found = receipts_up_to_ceilings(
        mission,
        DatedRates([]),
        ceilings=[CostCeiling("taxi", Decimal(30), is_daily=True)],
        exchange=MonthlyRates({("TRY", "2026-03"): "47.5000"}),
    )
    assert [explanation(line, words("tr")).partition(". ")[0] for line in found.lines] == [
        "1.500,00 TRY ÷ 47,5000 × 1 = 31,58, en fazla 30,00 = EUR 30,00",
        "1.500,00 TRY ÷ 47,5000 × 1 = EUR 31,58.",
        "45,00, en fazla 0,00 = EUR 0,00",
    ]


def test_a_missing_exchange_rate_is_called_one() -> None:
    receipts = [PaidReceipt("taxi", date(2026, 3, 2), Decimal(9), "TRY"), PaidReceipt("visa", None, None, "", "file")]
    found = receipts_up_to_ceilings(Mission(receipts=receipts), DatedRates([]))
    assert [open_explanation(one, words("tr")) for one in found.open] == [
        "2 Mart 2026 tarihli belge için TRY (Mart 2026) döviz kuru yok: ay başında geçerli olan kur gerekir.",
        "Bir belgenin ne tarihi ne dosyası var.",
    ]


def test_every_reason_and_every_gap_of_the_cases_has_its_sentence() -> None:
    answers = [answer(case) for case in [*WORKED, *(case for _, case, _ in EXAMPLES)]]
    lines = [line for got in answers for line in got.get("lines", ())]
    assert {line["reason"] for line in lines if "reason" in line} <= REASONS.keys()
    said = [sentence for got in answers for sentence in got.get("explained", ())]
    assert len(said) > len(EXAMPLES)
    assert not [sentence for sentence in said if "%(" in sentence or "%%" in sentence]


# Tables


def row(country: str, amount: int, **more: Any) -> PlaceRate:
    return PlaceRate(country, {"amount": Decimal(amount)}, **more)


def test_the_row_of_a_place_says_why_it_was_taken() -> None:
    rates = DatedRates([row("CH", 70), row("CH", 82, city="Bern"), row("ZZ", 50), row("FR", 53)], mothers={"GP": "FR"})
    day = date(2026, 3, 2)
    found = [rates.find(*place, day) for place in (("CH", "bern"), ("CH", "Basel"), ("GP", ""), ("XK", "Pristina"))]
    assert [(one.level, one.amount) for one in found if one] == [
        (RateLevel.city, 82),
        (RateLevel.country, 70),
        (RateLevel.mother_country, 53),
        (RateLevel.other_countries, 50),
    ]


def test_a_newer_list_takes_nothing_from_older_contracts() -> None:
    rows = [row("AT", 200, valid_from=date(2022, 7, 25)), row("AT", 234, valid_from=date(2024, 11, 8))]
    by_contract = [
        DatedRates(rows, date(*contract)).find("AT", "", date(2026, 3, 2))
        for contract in ((2022, 7, 24), (2022, 7, 25), (2024, 11, 7), (2024, 11, 8))
    ]
    assert [one and one.amount for one in by_contract] == [None, 200, 200, 234]


@pytest.mark.parametrize("table", SHIPPED, ids=[table.file for table in SHIPPED])
def test_a_shipped_table_has_amounts_a_source_and_a_set(table: Any) -> None:
    rows = table.rows()
    assert rows
    assert all(one.amounts["amount"] > 0 for one in rows)
    assert table.rule_set in RULE_SETS


def test_shipped_tables_hold_what_their_sources_print() -> None:
    def amount(of: str, country: str, day: date, city: str = "", grade: str = "", name: str = "amount") -> Any:
        rows = [one for table in SHIPPED if table.rule_set == of for one in table.rows()]
        found = DatedRates(rows, grade=grade).find(country, city, day)
        return found and found.get(name)

    in_2026 = date(2026, 3, 2)
    assert amount("eu_external", "AT", in_2026) == 234
    assert amount("eu_external", "AT", date(2024, 11, 7)) is None
    assert amount("de_bmf", "TR", in_2026, "Ankara") == 32
    assert amount("de_bmf", "TR", in_2026, name="partial") == 16
    assert amount("us_gsa", "US", in_2026, name="dinner") == 28
    assert amount("tr_6245", "TR", date(2025, 5, 1), grade="cadre grades 1-4") == 610
    assert amount("tr_6245", "TR", date(2025, 5, 1)) is None


def test_lodging_takes_the_percentage_of_its_year_or_the_nearest_before() -> None:
    steps = turkish_lodging()
    asked = [(2023, 1), (2024, 10), (2025, 10), (2025, 11), (2023, 11), (2026, 91), (2026, 181), (2019, 1)]
    assert [lodging_percent(steps, *one) for one in asked] == [150, 150, 160, 50, 50, 40, 0, 150]
    assert lodging_percent((), 2025, 1) is None


# Facts


def moment(text: str, zone: str = "Europe/Vienna") -> LocalTime:
    return local_time_from({"local": text, "zone": zone})


def test_a_meal_of_the_agenda_counts_only_for_who_can_have_reached_it() -> None:
    rides = [
        MissionRide(PayPlace("TR"), PayPlace("AT"), moment("2026-03-02T09:00"), moment("2026-03-02T13:00")),
        MissionRide(PayPlace("AT"), PayPlace("TR"), moment("2026-03-03T13:00"), moment("2026-03-03T17:00")),
    ]
    away = TimeAway(moment("2026-03-02T06:00"), moment("2026-03-03T20:00"))
    meals = [
        ProvidedMeal(date(2026, 3, 2), MealKind.breakfast),
        ProvidedMeal(date(2026, 3, 2), MealKind.lunch),
        ProvidedMeal(date(2026, 3, 3), MealKind.breakfast),
        ProvidedMeal(date(2026, 3, 3), MealKind.lunch),
        ProvidedMeal(date(2026, 3, 3), MealKind.dinner),
    ]
    by_rides, by_absence = Mission(away=away, rides=rides), Mission(away=away)
    assert [can_have_reached(by_rides, one, "Europe/Vienna") for one in meals] == [False, True, True, False, False]
    assert [can_have_reached(by_absence, one, "Europe/Vienna") for one in meals] == [True] * 5


def test_a_leg_of_a_journey_becomes_a_ride() -> None:
    leg = TravelLeg(departs=moment("2026-03-02T09:00"), arrives=moment("2026-03-02T13:00"))
    assert MissionRide.of_leg(leg) == MissionRide(PayPlace(), PayPlace(), leg.departs, leg.arrives)
