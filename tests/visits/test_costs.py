"""What a visit costs: lines, fares and rooms, in the budget's currency, to the cent."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.money import Money
from tests.people import App, problem_fields
from tests.visits.test_legs import entered, travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights
from tests.visits.test_substitutes import replace
from visits.cost_lines.rules import converted, shared

LINE = {"heading": "travel", "stage": "planned", "text": "Tickets", "amount": "2400.00", "currency": "EUR"}


async def add(app: App, event: dict[str, Any], role: str = "organiser", **changed: Any) -> Any:
    return await app.api(role).post(f"/api/v1/events/{event['id']}/costs", json=LINE | changed)


async def costs(app: App, event: dict[str, Any], role: str = "finance") -> dict[str, Any]:
    return dict((await app.api(role).get(f"/api/v1/events/{event['id']}/costs")).json())


async def budget(app: App, event: dict[str, Any], **given: Any) -> Any:
    return await app.api().put(f"/api/v1/events/{event['id']}/costs/budget", json=given)


async def test_planned_booked_and_actual_add_up_in_the_budgets_currency(app: App) -> None:
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    await budget(app, event, amount="5000.00", currency="EUR", rates="TRY 0,0204")
    await add(app, event)
    await add(app, event, heading="meals", amount="1000.00", currency="TRY", stage="actual")
    await add(app, event, heading="meals", amount="30.00")
    found = await costs(app, event)
    assert (found["planned"], found["booked"], found["actual"]) == ("2430.00", "0.00", "20.40")
    assert (found["budget"], found["forecast"], found["unknown_currencies"]) == ("5000.00", "2420.40", [])


async def test_an_amount_without_a_rate_is_in_no_sum_and_named(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    await add(sqlite_app, event, amount="1000.00", currency="TRY")
    found = await costs(sqlite_app, event)
    assert (found["planned"], found["unknown_currencies"]) == ("0.00", ["TRY"])
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/costs")).text
    assert "Without a rate for TRY" in page


async def test_fares_that_the_project_pays_are_booked_by_themselves(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    for name, payer in (("Ayşe Bir", "project"), ("Ali İki", "participant")):
        path = f"/api/v1/legs/{leg['id']}/passengers/{of[name]}"
        fare = {"fare": "245.50", "fare_currency": "EUR", "paid_by": payer}
        answer = await app.api().put(path, json=fare)
        assert answer.status_code == 200, answer.text
    assert (await costs(app, event))["booked"] == "245.50"
    await app.api().post(f"/api/v1/legs/{leg['id']}/cancellation")
    assert (await costs(app, event))["booked"] == "0.00"


async def test_a_room_costs_its_rate_once_whoever_sleeps_in_it(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    here = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}"
    block = {"room_type": "TWN", "check_in": "2026-05-11", "check_out": "2026-05-15", "rooms": 2}
    answer = await app.api().post(f"{here}/blocks", json=block | {"rate": "141.01", "rate_currency": "EUR"})
    assert answer.status_code == 201, answer.text
    await set_nights(app, event, [nights_of(id, 11, 12) for id in of.values()], hotel_id=hotel["id"])
    room = (await app.api().post(f"{here}/rooms", json={"room_type": "TWN"})).json()
    stays = [stay["id"] for stay in (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()]
    await app.api().post(f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests", json={"stays": stays})
    found = await costs(app, event)
    assert found["booked"] == "282.02"
    assert sorted(line["amount"] for line in found["lines"]) == ["141.00", "141.02"]


async def test_costs_of_who_was_replaced_stay_theirs_by_name(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    here = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}"
    block = {"room_type": "SGL", "check_in": "2026-05-11", "check_out": "2026-05-15", "rooms": 2}
    await app.api().post(f"{here}/blocks", json=block | {"rate": "120.00", "rate_currency": "EUR"})
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11, 12)], hotel_id=hotel["id"])
    room = (await app.api().post(f"{here}/rooms", json={"room_type": "SGL"})).json()
    (stay,) = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    await app.api().post(path, json={"stays": [stay["id"]]})
    await add(app, event, heading="visas", amount="80.00", registration_id=of["Ayşe Bir"])
    await replace(app, event, "Ayşe Bir", "Can Dört")
    desk = await app.at_desk()
    page = (await desk.get(f"/events/{event['id']}/costs")).text
    rows = [re.sub(r"<[^>]*>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
    (bed,) = [row for row in rows if "from legs and rooms" in row]
    assert ("Ayşe Bir" in bed, "everybody" in bed, "EUR 240.00" in bed) == (True, False, True)
    (theirs,) = [row for row in rows if "No place any more" in row]
    assert ("Ayşe Bir" in theirs, "EUR 240.00" in theirs) == (True, True)
    # Whoever changes the other cost leaves it hers, and the file names her too.
    (visa,) = [line for line in (await costs(app, event))["lines"] if line["heading"] == "visas"]
    form = (await desk.get(f"/events/{event['id']}/costs?edit={visa['id']}")).text
    assert re.search(rf'value="{of["Ayşe Bir"]}"\s+selected', form)
    book = load_workbook(io.BytesIO((await desk.get(f"/events/{event['id']}/costs.xlsx")).content))
    assert [row[3].value for row in book.worksheets[0].rows][1:] == ["Ayşe Bir", "Ayşe Bir"]


async def test_the_unit_cost_goes_by_the_first_and_the_last_airport(sqlite_app: App) -> None:
    """Ankara to Vienna over Istanbul is 1,578 km between the airports, not the sum of two legs."""
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(
        app, event, [*of.values()], number="TK 2121", origin="ESB", destination="IST", departs="05:00", arrives="06:20"
    )
    await entered(app, event, [*of.values()])
    (one,) = (await costs(app, event))["unit_costs"]
    assert (one["origin"], one["destination"], one["km"], one["amount_eur"]) == ("ESB", "VIE", 1578, 230)
    assert "EUR 230.00" in (await (await app.at_desk()).get(f"/events/{event['id']}/costs")).text


async def test_the_commissions_own_kilometres_hold(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir"])
    await entered(sqlite_app, event, [*of.values()])
    await budget(sqlite_app, event, calculated_km=2001)
    (one,) = (await costs(sqlite_app, event))["unit_costs"]
    assert (one["km"], one["amount_eur"]) == (2001, 343)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "12.345"}, ""),
        ({"amount": "-1"}, "amount"),
        ({"currency": "XYZ"}, "currency"),
        ({"heading": "bribes"}, "heading"),
        ({"registration_id": "018f0000-0000-7000-8000-000000000000"}, "registration_id"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, changed: dict[str, Any], field: str) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await add(sqlite_app, event, **changed)
    assert answer.status_code == 422
    assert not field or list(problem_fields(answer)) == [field]


async def test_a_wrong_rate_comes_back_with_what_was_typed(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    desk, here = await sqlite_app.at_desk(), f"/events/{event['id']}/costs/budget"
    await desk.get(here)
    page = await desk.send(here, {"currency": "EUR", "rates": "TRY about two", "amount": "100"})
    assert (page.status_code, "TRY about two" in page.text, 'id="rates-wrong"' in page.text) == (422, True, True)


async def test_finance_reads_and_the_table_holds_every_line(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await add(app, event, text="=1+1", registration_id=of["Ayşe Bir"])
    assert (await add(app, event, "finance")).status_code == 403
    desk = await app.at_desk("auditor")
    content = (await desk.get(f"/events/{event['id']}/costs.xlsx")).content
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[-1][3:6] == ["Ayşe Bir", 2400, "EUR"]
    assert not any(cell.data_type == "f" for row in sheet.rows for cell in row)


async def test_a_line_is_changed_and_removed_on_the_page(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    desk, here = await app.at_desk(), f"/events/{event['id']}/costs"
    await desk.get(here)
    assert (await desk.send(here, LINE | {"amount": "2400,00"})).status_code == 303
    (line,) = (await costs(app, event))["lines"]
    await desk.get(f"{here}?edit={line['id']}")
    await desk.send(f"/costs/{line['id']}", LINE | {"amount": "2500"})
    assert (await costs(app, event))["planned"] == "2500.00"
    await desk.send(f"/costs/{line['id']}/remove")
    assert (await costs(app, event))["lines"] == []


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_parts_add_up_to_the_whole(minor: int, between: int) -> None:
    amount = Money.of_minor(minor, "EUR")
    parts = shared(amount, between)
    assert sum(parts, Money.zero("EUR")) == amount
    assert max(p.minor for p in parts) - min(p.minor for p in parts) <= 1


def test_each_amount_is_rounded_half_up_once() -> None:
    assert converted(Money(Decimal("0.50"), "TRY"), "EUR", {"TRY": Decimal("0.01")}) == Money(Decimal("0.01"), "EUR")
    assert converted(Money(Decimal(5), "USD"), "EUR", {}) is None


async def test_large_amounts_are_kept_and_rates_that_are_no_numbers_are_refused(app: App) -> None:
    event = await app.event()
    assert (await budget(app, event, currency="KWD", amount="100000000.005")).status_code == 422
    assert (await budget(app, event, currency="KWD", amount="99999999.005")).status_code == 204
    line = {"heading": "travel", "amount": "99999999.99", "currency": "TRY"}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/costs", json=line)).status_code == 201
    for rate in ("NaN", "sNaN", "Infinity", "-1", "1e9"):
        assert (await budget(app, event, rates=f"TRY {rate}")).status_code == 422
