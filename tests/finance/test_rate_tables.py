"""Lists of rates: what they change is seen before anybody pays by them, and none takes away what another says."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.ids import new_id
from finance.rates.rules import (
    Confidence,
    IndexedRates,
    PlaceRate,
    ProjectRates,
    RateLevel,
    RateScope,
    compared,
)
from finance.rates.service import project_rates
from finance.rates.shipped import SHIPPED
from tests.people import App

OLD, NEW = "AT;;240;EUR;2024-01-01;List of 2024", "AT;;234;EUR;2026-01-01;List of 2026"
STAY = {"check_in": "2026-04-14", "check_out": "2026-04-16", "country": "AT", "is_bed_provided": True}


async def search(app: App, role: str = "finance", **wanted: str) -> dict[str, Any]:
    path = f"/api/v1/projects/{app.project_id}/rates/search"
    answer = await app.api(role).get(path, params={"country": "AT", **wanted})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def amount(app: App, **wanted: str) -> str | None:
    found = await search(app, **wanted)
    return found["rate"]["amounts"]["amount"] if found["rate"] else None


async def tables(app: App, role: str = "finance") -> list[dict[str, Any]]:
    answer = await app.api(role).get(f"/api/v1/projects/{app.project_id}/rate-tables")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def act(app: App, table: dict[str, Any], what: str, role: str = "finance", **body: str) -> Any:
    return await app.api(role).post(f"/api/v1/rate-tables/{table['id']}/{what}", json=body or None)


async def test_a_newer_list_leaves_what_an_older_one_says_of_earlier_days(app: App) -> None:
    await app.rates(OLD, "DE;;230;EUR;2024-01-01;List of 2024")
    await app.rates(NEW)
    assert await amount(app, day="2025-12-31") == "240"
    assert await amount(app, day="2026-01-01") == "234"
    assert await amount(app, day="2026-06-01", country="DE") == "230"


async def test_a_corrected_list_for_the_same_day_counts_from_when_it_is_put_into_force(app: App) -> None:
    await app.rates(OLD)
    await app.rates("AT;;241;EUR;2024-01-01;List of 2024, corrected")
    assert await amount(app, day="2025-01-01") == "241"


async def test_a_contract_keeps_its_list_for_life(app: App) -> None:
    await app.rates(OLD)
    await app.rates(NEW)
    made = await app.pending_rates("AT;;60;EUR;2024-01-01;BMF", rule_set="de_bmf")
    await act(app, made.json(), "in-force")
    async with app.database.reading() as db:
        found = await project_rates(db, app.project_id)
    journey = date(2026, 6, 1)

    def paid(rule_set: str, contract: date | None) -> Decimal | None:
        rate = found.dated(rule_set, contract_date=contract).find("AT", "Vienna", journey)
        return rate.amount if rate else None

    assert paid("eu_external", date(2025, 3, 1)) == 240
    assert paid("eu_external", date(2026, 2, 1)) == 234
    assert paid("eu_external", None) == 234
    # A list that goes by the day of the journey asks for no contract.
    assert paid("de_bmf", date(2020, 1, 1)) == 60


async def test_all_tables_of_a_project_cost_one_query(sqlite_app: App) -> None:
    for number in range(4):
        await sqlite_app.rates(f"AT;;24{number};EUR;202{number}-01-01;List {number}")
    async with sqlite_app.database.reading() as db:
        with sqlite_app.counting() as statements:
            await project_rates(db, sqlite_app.project_id)
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


async def test_nobody_pays_by_a_list_before_it_is_put_into_force(app: App) -> None:
    await app.rates(OLD)
    made = (await app.pending_rates(NEW)).json()
    assert (made["state"], await amount(app, day="2026-06-01")) == ("pending", "240")
    answer = await act(app, made, "in-force")
    assert answer.json()["state"] == "in_force"
    assert await amount(app, day="2026-06-01") == "234"


async def test_what_a_list_changes_is_shown_place_by_place(sqlite_app: App) -> None:
    await sqlite_app.rates(OLD, "DE;;230;EUR;2024-01-01;List", "FR;;245;EUR;2024-01-01;List")
    rows = (NEW, "IT;;230;EUR;2026-01-01;List of 2026", "DE;;230;EUR;2026-01-01;List of 2026")
    made = (await sqlite_app.pending_rates(*rows)).json()
    answer = (await sqlite_app.api("auditor").get(f"/api/v1/rate-tables/{made['id']}/difference")).json()
    assert answer["counts"] == {"new": 1, "changed": 1, "same": 1, "absent": 1}
    first = answer["changes"]["items"][0]
    amounts = [first[name]["amounts"]["amount"] for name in ("before", "now")]
    assert (first["kind"], first["now"]["country"], amounts) == ("changed", "AT", ["240", "234"])
    kinds = {(one["before"] or one["now"])["country"]: one["kind"] for one in answer["changes"]["items"]}
    assert kinds == {"AT": "changed", "IT": "new", "FR": "absent", "DE": "same"}
    page = (await (await sqlite_app.at_desk("finance")).get(f"/rate-tables/{made['id']}")).text
    assert "Austria" in page
    assert "240.00 →" in " ".join(page.split())
    assert "<strong>EUR 234.00</strong>" in page.replace("\xa0", " ")
    assert "France" in page


async def upload(app: App, *lines: str, **said: str) -> tuple[Any, Any]:
    """Upload a list on the page of rates, and the answer with the desk that did."""
    desk = await app.at_desk("finance")
    await desk.get(f"/projects/{app.project_id}/rates")
    files = {"file": ("liste.csv", "\n".join(lines).encode())}
    return desk, await desk.send(f"/projects/{app.project_id}/rates", said, files=files)


async def test_a_list_goes_from_the_page_to_its_difference_and_into_force(sqlite_app: App) -> None:
    heads = "Ülke;Gündelik;Para birimi;Geçerlilik;Kaynak"
    desk, answer = await upload(sqlite_app, heads, "Avusturya;1.234,56;EUR;01.01.2026;Liste", rule_set="eu_external")
    place = answer.headers["location"]
    assert "/rate-tables/" in place
    assert "1,234.56" in (await desk.get(place)).text
    await desk.send(f"{place}/in-force")
    assert await amount(sqlite_app, day="2026-01-01") == "1234.56"
    (table,) = await tables(sqlite_app)
    assert (table["scope"], table["confidence"], table["in_force_by"]) == (
        "contract",
        "own",
        str(sqlite_app.accounts["finance"]),
    )
    assert "Rate table put into force" in (await desk.get(place)).text


async def test_a_workbook_with_a_title_a_grade_and_named_amounts_is_read(sqlite_app: App) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Cetvel H – 2026"])
    sheet.append(["Ülke", "Şehir", "Derece", "Tutar", "Kısmi gün", "Para birimi", "Başlangıç", "Bitiş"])
    sheet.append(["Türkiye", "İzmir", "1-4", 1234.5, 600, "TL", date(2026, 1, 1), "31.12.2026"])
    content = io.BytesIO()
    book.save(content)
    answer = await sqlite_app.api("finance").post(
        f"/api/v1/projects/{sqlite_app.project_id}/rate-tables",
        files={"file": ("h.xlsx", content.getvalue())},
        data={"rule_set": "tr_6245", "source": "Budget law 2026, table H"},
    )
    assert answer.status_code == 201, answer.text
    await act(sqlite_app, answer.json(), "in-force")
    where = {"rule_set": "tr_6245", "country": "TR", "day": "2026-12-31"}
    found = (await search(sqlite_app, **where, city="IZMIR", grade="1-4"))["rate"]
    assert found["amounts"] == {"amount": "1234.5", "partial": "600"}
    assert (found["currency"], found["valid_to"], found["source"]) == ("TRY", "2026-12-31", "Budget law 2026, table H")
    assert await amount(sqlite_app, **where, city="Izmir", grade="5-15") is None
    assert await amount(sqlite_app, **{**where, "day": "2027-01-01"}, city="İzmir", grade="1-4") is None


async def test_every_faulty_line_is_named_with_its_column_and_nothing_is_kept(sqlite_app: App) -> None:
    answer = await sqlite_app.pending_rates(
        OLD,
        "XX;;170;EUR;2024-01-01;List",
        "DE;;-1;EUR;2024-01-01;List",
        "FR;;170;EUX;2024-01-01;List",
        "IT;;170;EUR;yesterday;List",
        "AT;;250;EUR;2024-01-01;Again",
        "ES;;170;EUR;;List",
    )
    assert answer.status_code == 422
    errors = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert list(errors) == ["3.country", "4.amount", "5.currency", "6.valid_from", "7.line", "8.valid_from"]
    assert "“XX” is no country by its name or code" in errors["3.country"]
    assert "Line 2 names this place" in errors["7.line"]
    assert await tables(sqlite_app) == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("DE;;NaN;EUR;2024-01-01;List", "amount"),
        ("DE;;1e309;EUR;2024-01-01;List", "amount"),
        ("DE;;0;EUR;2024-01-01;List", "amount"),
        ("DE;;0.001;EUR;2024-01-01;List", "amount"),
        ("DE;;170.5;JPY;2024-01-01;List", "amount"),
        # A thousand and something to a Turkish reader, one and something to a spreadsheet.
        ("DE;;1.234;EUR;2024-01-01;List", "amount"),
        ("DE;;123456789012;EUR;2024-01-01;List", "amount"),
        (";Berlin;170;EUR;2024-01-01;List", "country"),
        ("DE;;170;EUR;2024-01-01;", "source"),
        ("DE;;170;EUR;31.02.2024;List", "valid_from"),
        ("DE;;;EUR;2024-01-01;List", "amount"),
    ],
)
async def test_a_rate_that_cannot_be_is_refused_beside_its_column(sqlite_app: App, row: str, field: str) -> None:
    answer = await sqlite_app.pending_rates(OLD, row)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [f"3.{field}"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1 234,5", "1234.5"), ("1.234.567", "1234567"), ("240", "240")],
)
async def test_amounts_are_read_as_turkish_and_english_write_them(sqlite_app: App, written: str, meant: str) -> None:
    await sqlite_app.rates(f"AT;;{written};EUR;2024-01-01;List")
    assert await amount(sqlite_app, day="2024-01-01") == meant


async def test_the_code_of_namibia_is_a_country(sqlite_app: App) -> None:
    await sqlite_app.rates("NA;;150;EUR;2024-01-01;List")
    assert await amount(sqlite_app, country="NA", day="2024-01-01") == "150"


async def test_a_faulty_line_is_corrected_on_the_page_and_the_list_goes_on(sqlite_app: App) -> None:
    desk, answer = await upload(
        sqlite_app, "country;amount;currency;valid_from;source", OLD.replace(";;", ";"), "XX;1;EUR;2024-01-01;List"
    )
    place = answer.headers["location"]
    page = (await desk.get(place)).text
    assert "“XX” is no country by its name or code" in page
    assert "correct the rows that cannot be imported first" in page
    (table,) = await tables(sqlite_app)
    assert (table["state"], table["rates"]) == ("pending", 0)
    assert (await act(sqlite_app, table, "in-force")).status_code == 409
    await desk.send(f"{place}/rows/3", {"value-country": "IT"})
    await desk.get(place)
    await desk.send(f"{place}/apply", {"shown[]": ["2", "3"], "rows[]": ["2", "3"]})
    assert (await act(sqlite_app, table, "in-force")).status_code == 200
    assert await amount(sqlite_app, country="IT", day="2024-01-01") == "1"


async def test_a_pending_table_is_discarded_and_one_in_force_is_not(app: App) -> None:
    await app.rates(OLD)
    made = (await app.pending_rates(NEW)).json()
    (pending, in_force) = await tables(app)
    assert (await app.api("finance").delete(f"/api/v1/rate-tables/{in_force['id']}")).status_code == 409
    assert (await app.api("finance").delete(f"/api/v1/rate-tables/{made['id']}")).status_code == 204
    assert [one["id"] for one in await tables(app)] == [in_force["id"]]
    assert (await app.api("finance").get(f"/api/v1/rate-tables/{pending['id']}")).status_code == 404


async def test_a_table_is_withdrawn_with_a_reason_as_long_as_no_sheet_used_it(app: App) -> None:
    await app.rates(OLD)
    event, _ = await app.accepted_event(["Ayşe Bir"], kind="study-visit", country="AT")
    (table,) = await tables(app)
    assert (await act(app, table, "withdrawal", reason="")).status_code == 422
    wrong = (await app.pending_rates("AT;;999;EUR;2025-01-01;Wrong list")).json()
    await act(app, wrong, "in-force")
    answer = await act(app, wrong, "withdrawal", reason="The wrong file")
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert await amount(app, day="2026-04-14") == "240"
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    await app.sign(event, date(2026, 4, 14))
    assert (await app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")).status_code == 200
    answer = await act(app, table, "withdrawal", reason="A mistake")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "rate-table-in-use")
    desk = await app.at_desk("finance")
    await desk.get(f"/rate-tables/{table['id']}")
    page = await desk.send(f"/rate-tables/{table['id']}/withdraw", {"reason": "A mistake"})
    assert (page.status_code, "Sheets were worked out with this table" in page.text) == (409, True)


async def test_of_two_who_put_a_table_into_force_one_does(app: App) -> None:
    made = (await app.pending_rates(OLD)).json()
    answers = [await act(app, made, "in-force") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409]


async def test_a_table_that_comes_with_heyet_is_taken_over_with_its_source(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("finance")
    page = (await desk.get(f"/projects/{sqlite_app.project_id}/rates")).text
    assert "INTPA per diem rates of 2024-11-08" in page
    answer = await desk.send(f"/projects/{sqlite_app.project_id}/rates/shipped", {"file": "eu_external_2024.csv"})
    place = answer.headers["location"]
    page = (await desk.get(place)).text
    assert "compare it with the official list before paying" in page
    await desk.send(f"{place}/in-force")
    (table,) = await tables(sqlite_app)
    assert (table["confidence"], table["scope"], table["rates"]) == ("secondary", "contract", 225)
    assert await amount(sqlite_app, country="US", city="New York", day="2025-01-01") is not None


@pytest.mark.parametrize("table", SHIPPED, ids=lambda one: one.file)
async def test_each_shipped_table_can_be_taken_over(sqlite_app: App, table: Any) -> None:
    path = f"/api/v1/projects/{sqlite_app.project_id}/shipped-rate-tables"
    shown = {one["file"]: one for one in (await sqlite_app.api("auditor").get(path)).json()}
    made = await sqlite_app.api("finance").post(path, json={"file": table.file})
    assert made.status_code == 201, made.text
    assert (await act(sqlite_app, made.json(), "in-force")).status_code == 200
    again = await sqlite_app.api("finance").post(path, json={"file": table.file})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "taken-over-already")
    (listed,) = await tables(sqlite_app)
    assert listed["rates"] == shown[table.file]["rates"] > 0


async def test_the_search_says_why_a_row_holds(sqlite_app: App) -> None:
    await sqlite_app.rates(OLD, "AT;Vienna;260;EUR;2024-01-01;List of 2024", "ZZ;;100;EUR;2024-01-01;List of 2024")
    levels = {}
    for country, city in (("AT", "vienna"), ("AT", "Graz"), ("BD", "")):
        found = await search(sqlite_app, role="auditor", country=country, city=city, day="2024-05-01")
        levels[country, city] = (found["level"], found["rate"]["amounts"]["amount"])
    assert list(levels.values()) == [("city", "260"), ("country", "240"), ("other_countries", "100")]
    nothing = await search(sqlite_app, day="2023-01-01")
    assert nothing["rate"] is None
    assert "No row in force" in nothing["why"]
    desk = await sqlite_app.at_desk("organiser")
    path = f"/projects/{sqlite_app.project_id}/rates/search?rules=eu_external&country=AT&city=Graz&day=2024-05-01"
    page = await desk.get(path)
    assert "No row names this city: the row of its country holds." in page.text
    assert (await desk.get(path.replace("2024-05-01", "someday"))).status_code == 422


async def test_a_table_older_than_its_rhythm_is_named(sqlite_app: App) -> None:
    await sqlite_app.rates("AT;;240;EUR;2000-01-01;List of 2000")
    page = await (await sqlite_app.at_desk("finance")).get(f"/projects/{sqlite_app.project_id}/rates")
    assert ("renewed every 24 months" in page.text, (await tables(sqlite_app))[0]["is_old"]) == (True, True)
    # The older one stays for older contracts, and warns no longer once there is a newer one.
    await sqlite_app.rates(f"AT;;241;EUR;{sqlite_app.clock():%Y-%m-%d};New list")
    assert [one["is_old"] for one in await tables(sqlite_app)] == [False, False]


async def test_only_finance_writes_rates_and_who_reads_money_reads_them(sqlite_app: App) -> None:
    await sqlite_app.rates(OLD)
    (table,) = await tables(sqlite_app, "auditor")
    assert await tables(sqlite_app, "organiser") == [table]
    for role in ("organiser", "auditor", "approver"):
        assert (await act(sqlite_app, table, "withdrawal", role, reason="No right")).status_code == 403
    page = (await (await sqlite_app.at_desk("organiser")).get(f"/rate-tables/{table['id']}")).text
    assert "Withdraw" not in page


async def test_a_page_of_rates_costs_the_same_for_one_table_and_ten(sqlite_app: App) -> None:
    counts = []
    for number in range(10):
        await sqlite_app.rates(f"AT;;{200 + number};EUR;20{10 + number}-01-01;List {number}")
        if number in (0, 9):
            desk = await sqlite_app.at_desk("finance")
            with sqlite_app.counting() as statements:
                await desk.get(f"/projects/{sqlite_app.project_id}/rates")
            counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
ROWS = st.builds(
    lambda country, city, amount, since: PlaceRate(
        country, {"amount": Decimal(amount)}, city, valid_from=since, scope=RateScope.travel
    ),
    st.sampled_from(["AT", "DE", "ZZ", ""]),
    st.sampled_from(["", "Vienna", "VIENNA"]),
    st.integers(1, 500),
    DAYS,
)


@given(old=st.lists(ROWS, max_size=8), new=st.lists(ROWS, min_size=1, max_size=8), day=DAYS)
def test_a_newer_list_changes_nothing_before_its_first_day(
    old: list[PlaceRate], new: list[PlaceRate], day: date
) -> None:
    def found(rows: list[PlaceRate], on: date) -> object:
        rates = ProjectRates({"flat": IndexedRates(rows)}).dated("flat")
        return rates.find("AT", "Vienna", on)

    if day < min(row.valid_from or date.min for row in new):
        assert found([*old, *new], day) == found(old, day)


@given(old=st.lists(ROWS, max_size=8), new=st.lists(ROWS, max_size=8))
def test_a_difference_names_every_place_of_both_lists(old: list[PlaceRate], new: list[PlaceRate]) -> None:
    changes = compared(old, new)
    assert sorted(map(id, new)) == sorted(id(one.row) for one in changes if one.row)
    places = {(one.place.country, one.place.city.casefold()) for one in changes}
    assert places == {(row.country, row.city.casefold()) for row in (*old, *new)}


def test_a_line_can_name_the_row_it_was_worked_out_with() -> None:
    id = new_id()
    found = (
        ProjectRates({"flat": IndexedRates([PlaceRate("AT", {"amount": Decimal(1)}, row_id=id)])})
        .dated("flat")
        .find("AT", "", date(2026, 1, 1))
    )
    assert found is not None
    assert (found.row.row_id, found.level, Confidence.own.value) == (id, RateLevel.country, "own")
