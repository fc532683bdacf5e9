"""Exchange rates: whose, of which day, exact, and never another one than what was told."""

import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlmodel.ext.asyncio.session import AsyncSession

from finance.exchange.reader import ecb_rate, last_ecb_day
from finance.exchange.rules import (
    ExchangeDay,
    ExchangeRates,
    ExchangeSource,
    FoundExchange,
    ToldRate,
    day_that_counts,
    find_exchange,
    monthly_per_euro,
)
from finance.exchange.service import exchange_rates, get_rule
from finance.rules.actuals import MonthlyRates
from finance.rules.settlement import due
from tests.finance.test_sheets import visit
from tests.people import App

MARCH = date(2026, 3, 31)
INFOREURO = ("ISO A3 Code;Value", "TRY;49,8100", "USD;1.158", "JPY;180.25")
TCMB = (
    "TCMB günlük kurlar",
    "Döviz Kodu;Birim;Döviz Alış;Döviz Satış;Efektif Alış;Efektif Satış",
    "USD;1;43,10;43,20;43,07;43,26",
    "EUR;1;49,90;50,00;49,86;50,07",
    "JPY;100;28,00;28,20;27,90;28,30",
    "XDR;1;58,00;58,10;;",
)


async def imported(app: App, source: str, *lines: str, day: str = "", role: str = "finance") -> Any:
    files = {"file": ("kurlar.csv", "\n".join(lines).encode())}
    path = f"/api/v1/projects/{app.project_id}/exchange-lists"
    return await app.api(role).post(path, files=files, data={"source": source, "day": day})


async def rule(app: App, source: str, day: str = "event_end", role: str = "finance") -> Any:
    path = f"/api/v1/projects/{app.project_id}/exchange-rule"
    return await app.api(role).put(path, json={"source": source, "day": day})


async def found(app: App, currency: str, into: str, day: str, **more: str) -> dict[str, Any]:
    path = f"/api/v1/projects/{app.project_id}/exchange/search"
    answer = await app.api("auditor").get(path, params={"currency": currency, "into": into, "day": day, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def exchange_for(
    db: AsyncSession, project_id: UUID, pairs: list[tuple[str, str]], day: date
) -> dict[tuple[str, str], FoundExchange | None]:
    """By the project's rule, as statements convert."""
    rates = await exchange_rates(db, project_id, (await get_rule(db, project_id)).source)
    return {pair: find_exchange(rates, *pair, day) for pair in pairs}


async def test_the_banks_reference_rate_of_a_day_is_there_without_a_network(sqlite_app: App) -> None:
    await rule(sqlite_app, "ecb")
    assert await found(sqlite_app, "EUR", "TRY", "2026-03-02") == {
        "source": "ecb",
        "factor": "51.4229",
        "divisor": "1",
        "day": "2026-03-02",
    }


async def test_on_a_sunday_the_last_working_day_before_counts_and_is_named(sqlite_app: App) -> None:
    await rule(sqlite_app, "ecb")
    told = await found(sqlite_app, "EUR", "TRY", "2026-03-01")
    assert (told["factor"], told["day"]) == ("51.8946", "2026-02-27")


@pytest.mark.parametrize(
    ("currency", "day"), [("RUB", "2026-03-02"), ("XAU", "2026-03-02"), ("TRY", "2014-12-31"), ("TRY", "2090-01-01")]
)
async def test_what_the_bank_never_told_is_not_guessed(sqlite_app: App, currency: str, day: str) -> None:
    await rule(sqlite_app, "ecb")
    assert (await found(sqlite_app, "EUR", currency, day))["factor"] is None


def test_after_the_end_of_the_history_a_working_day_has_no_rate() -> None:
    friday = last_ecb_day()
    assert friday.weekday() == 4
    saturday, monday = (date.fromordinal(friday.toordinal() + n) for n in (1, 3))
    told = ecb_rate("USD", saturday)
    assert told is not None
    assert (told.valid_from, ecb_rate("USD", monday)) == (friday, None)


async def test_a_monthly_list_holds_for_its_month_and_no_longer(app: App) -> None:
    answer = await imported(app, "inforeuro", *INFOREURO, day="2026-03-15")
    assert (answer.status_code, answer.json()["added"]) == (201, 3), answer.text
    await rule(app, "inforeuro")
    for day, factor in (
        ("2026-03-01", "49.8100"),
        ("2026-03-31", "49.8100"),
        ("2026-02-28", None),
        ("2026-04-01", None),
    ):
        assert (await found(app, "EUR", "TRY", day))["factor"] == factor
    # 1.158 is below two to whoever writes exchange rates.
    assert (await found(app, "EUR", "USD", "2026-03-10"))["factor"] == "1.158"


async def test_a_rate_is_exact_into_the_total_of_a_person(app: App) -> None:
    await imported(app, "inforeuro", *INFOREURO, day="2026-03-01")
    await rule(app, "inforeuro")
    async with app.database.reading() as db:
        pairs = [("EUR", "TRY"), ("USD", "TRY"), ("USD", "GBP"), ("EUR", "EUR")]
        exchange = await exchange_for(db, app.project_id, pairs, MARCH)
    dollars = exchange["USD", "TRY"]
    assert dollars is not None
    paid = due(
        [Decimal(100)], currency="USD", pay_currency="TRY", factor=dollars.factor, divisor=dollars.divisor
    ).to_pay
    # 100 × 49.81 ÷ 1.158 = 4301.3816…
    assert paid == Decimal("4301.38")
    assert exchange["USD", "GBP"] is None
    same = exchange["EUR", "EUR"]
    assert same is not None
    assert same.factor / same.divisor == 1


async def test_any_number_of_pairs_costs_two_queries(sqlite_app: App) -> None:
    await rule(sqlite_app, "ecb")
    pairs = [("EUR", "TRY"), ("USD", "TRY"), ("GBP", "TRY"), ("JPY", "TRY")]
    async with sqlite_app.database.reading() as db:
        with sqlite_app.counting() as statements:
            assert None not in (await exchange_for(db, sqlite_app.project_id, pairs, date(2026, 3, 2))).values()
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    ("source", "dollar", "yen"), [("tcmb_selling", "43.20", "28.20"), ("tcmb_banknote", "43.26", "28.30")]
)
async def test_the_turkish_bank_tells_lira_for_its_units(sqlite_app: App, source: str, dollar: str, yen: str) -> None:
    assert (await imported(sqlite_app, source, *TCMB, day="2026-03-02")).status_code == 201
    told = await found(sqlite_app, "USD", "TRY", "2026-03-02", source=source)
    assert (told["factor"], told["divisor"]) == (dollar, "1")
    told = await found(sqlite_app, "JPY", "TRY", "2026-03-02", source=source)
    assert (told["factor"], told["divisor"]) == (yen, "100")
    told = await found(sqlite_app, "TRY", "USD", "2026-03-02", source=source)
    assert (told["factor"], told["divisor"]) == ("1", dollar)
    assert (await found(sqlite_app, "XDR", "TRY", "2026-03-02", source="tcmb_banknote"))["factor"] is None


async def test_lists_add_up_and_a_rate_that_was_told_is_not_replaced(app: App) -> None:
    await imported(app, "inforeuro", *INFOREURO, day="2026-03-01")
    await imported(app, "inforeuro", INFOREURO[0], "TRY;51,00", day="2026-04-01")
    answer = await imported(app, "inforeuro", INFOREURO[0], "TRY;99,00", "GBP;0,85", day="2026-03-01")
    assert (answer.json()["added"], answer.json()["changed"]) == (1, 0)
    await rule(app, "inforeuro")
    days = ("2026-03-10", "2026-04-10")
    assert [(await found(app, "EUR", "TRY", day))["factor"] for day in days] == ["49.8100", "51.00"]


async def test_a_rate_is_replaced_where_a_person_says_so_and_undoing_brings_it_back(sqlite_app: App) -> None:
    await imported(sqlite_app, "inforeuro", *INFOREURO, day="2026-03-01")
    await rule(sqlite_app, "inforeuro")
    desk = await sqlite_app.at_desk("finance")
    home = f"/projects/{sqlite_app.project_id}/exchange"
    await desk.get(home)
    files = {"file": ("k.csv", f"{INFOREURO[0]}\nTRY;50,00".encode())}
    answer = await desk.send(home, {"source": "inforeuro", "day": "2026-03-01"}, files=files)
    place = answer.headers["location"]
    page = (await desk.get(place)).text
    assert "Known, but differs" in page
    assert "The project has: 49.8100" in page
    await desk.send(f"{place}/reading", {"repairs": "yes", "take_over": "yes"})
    await desk.send(f"{place}/apply", {"shown[]": "2", "rows[]": "2"})
    assert (await found(sqlite_app, "EUR", "TRY", "2026-03-10"))["factor"] == "50.00"
    await desk.send(f"{place}/undo")
    assert (await found(sqlite_app, "EUR", "TRY", "2026-03-10"))["factor"] == "49.8100"


async def test_every_faulty_line_of_a_list_is_named_and_nothing_is_kept(sqlite_app: App) -> None:
    lines = (
        "Currency;Rate;Month",
        "TRY;49,81;2026-03",
        "USX;1;2026-03",
        "USD;zero;03/2026",
        "TRY;50;03.2026",
        "GBP;1;",
    )
    answer = await imported(sqlite_app, "inforeuro", *lines)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["3.currency", "4.value", "5.line", "6.valid_from"]
    rates = await sqlite_app.api("auditor").get(f"/api/v1/projects/{sqlite_app.project_id}/exchange-rates")
    assert rates.json()["total"] == 0


async def test_a_rate_far_from_the_one_before_is_pointed_at(sqlite_app: App) -> None:
    files = {"file": ("kurlar.csv", f"{INFOREURO[0]}\nTRY;5,142\nUSD;1,18".encode())}
    path = f"/api/v1/projects/{sqlite_app.project_id}/exchange-lists"
    said = {"source": "inforeuro", "day": "2026-03-02", "preview": "true"}
    answer = await sqlite_app.api("finance").post(path, files=files, data=said)
    notes = {row["values"]["currency"]: row["notes"] for row in answer.json()["rows"]}
    assert answer.json()["state"] == "previewed"
    assert (len(notes["TRY"]), notes["USD"]) == (1, [])
    assert "51.8946" in notes["TRY"][0]


async def test_a_slip_inside_a_list_is_pointed_at_whichever_way_it_runs(sqlite_app: App) -> None:
    days = {"26.11.2025": "4,8", "27.11.2025": "48,05", "28.11.2025": "48,12"}
    for order in (days, reversed(days)):
        lines = ["Döviz Kodu;Birim;Döviz Satış;Tarih", *(f"EUR;1;{days[day]};{day}" for day in order)]
        files = {"file": ("kurlar.csv", "\n".join(lines).encode())}
        path = f"/api/v1/projects/{sqlite_app.project_id}/exchange-lists"
        said = {"source": "tcmb_selling", "preview": "true"}
        answer = await sqlite_app.api("finance").post(path, files=files, data=said)
        notes = {row["values"]["valid_from"]: row["notes"] for row in answer.json()["rows"]}
        assert [day for day, said in notes.items() if said] == ["2025-11-27"]
        assert "4.8" in notes["2025-11-27"][0]


async def test_months_are_told_as_receipts_need_them(app: App) -> None:
    await imported(app, "inforeuro", *INFOREURO, day="2026-03-01")
    await rule(app, "inforeuro")
    async with app.database.reading() as db:
        rates = await exchange_rates(db, app.project_id, (await get_rule(db, app.project_id)).source)
    told = MonthlyRates(monthly_per_euro(rates, ["2026-03", "2026-04"], ["TRY", "EUR", "USD"]))
    assert told.find("TRY", "2026-03") == "49.8100"
    assert (told.find("EUR", "2026-03"), told.find("TRY", "2026-04")) == ("1", None)


def test_which_day_counts() -> None:
    days = {
        one: day_that_counts(one, event_end=date(2026, 3, 18), submitted=date(2026, 4, 2)).isoformat()
        for one in ExchangeDay
    }
    assert list(days.values()) == ["2026-03-01", "2026-03-18", "2026-04-02"]


def test_a_rate_of_a_day_holds_for_a_week_at_most() -> None:
    rates = ExchangeRates(
        ExchangeSource.tcmb_selling, [ToldRate("USD", Decimal(1), Decimal("43.20"), date(2026, 3, 2))]
    )
    days = [date(2026, 3, n) for n in (1, 2, 9, 10)]
    assert [find_exchange(rates, "USD", "TRY", day) is not None for day in days] == [False, True, True, False]


async def test_finance_says_by_which_rates_the_project_converts(sqlite_app: App) -> None:
    for role in ("organiser", "auditor"):
        assert (await rule(sqlite_app, "ecb", role=role)).status_code == 403
        assert (await imported(sqlite_app, "ecb", *INFOREURO, role=role)).status_code == 403
    desk = await sqlite_app.at_desk("finance")
    home = f"/projects/{sqlite_app.project_id}/exchange"
    await desk.get(home)
    await desk.send(f"{home}/rule", {"rule_source": "tcmb_selling", "rule_day": "submission"})
    shown = await sqlite_app.api("auditor").get(f"/api/v1/projects/{sqlite_app.project_id}/exchange-rule")
    assert shown.json() == {"source": "tcmb_selling", "day": "submission"}
    page = await desk.get(f"{home}/search?currency=USD&into=TRY&on=2026-03-02")
    assert "no rate for these currencies and this day" in page.text
    page = await desk.get(f"{home}/search?currency=USX&into=TRY&on=2026-03-02")
    assert (page.status_code, "“USX” is not a currency code" in page.text) == (422, True)
    page = await desk.get(f"{home}/search?currency=EUR&into=TRY&by=ecb&on=2026-03-01")
    assert ("× 51.8946 ÷ 1" in page.text, "rate of 27 February 2026" in page.text) == (True, True)


async def test_a_project_without_a_rule_converts_nothing(app: App) -> None:
    async with app.database.reading() as db:
        exchange = await exchange_for(db, app.project_id, [("EUR", "TRY")], MARCH)
    assert exchange == {("EUR", "TRY"): None}


async def test_a_rate_stands_with_every_decimal_on_pages_and_in_files(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit(app, ["Ayşe Bir"])
    await imported(app, "tcmb_selling", TCMB[1], "EUR;1;49,90;50,1234;49,86;50,07", day="2026-04-15")
    await rule(app, "tcmb_selling")
    rules = f"/api/v1/projects/{app.project_id}/pay-rules"
    assert (await app.api("finance").put(rules, json={"pay_currency": "TRY"})).is_success
    desk = await app.at_desk("finance")
    await desk.get("/")
    await desk.send("/language", {"language": "tr"})
    assert "× 50,1234 ÷ 1" in (await desk.get(f"/events/{event['id']}/per-diem")).text
    found = f"/projects/{app.project_id}/exchange/search?currency=EUR&into=TRY&by=tcmb_selling&on=2026-04-15"
    page = (await desk.get(found)).text
    assert ("× 50,1234 ÷ 1" in page, "= 50,1234 TRY" in page) == (True, True)
    file = await desk.get(f"/events/{event['id']}/per-diem/TRY.xlsx")
    cells = [str(cell.value) for sheet in load_workbook(io.BytesIO(file.content)) for row in sheet for cell in row]
    assert any("50,1234" in text for text in cells)
