"""What approved sheets come to, by component, month, kind and event; currencies apart."""

import io
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from directory.accounts.models import Account
from events.programme.events.models import Event
from finance.payments.rules import PaymentMethod
from finance.payments.schemas import PaymentBatchIn, PaymentResultIn
from finance.payments.service import make_batch, mark_paid
from finance.sheets.models import PerDiemSheet
from tests.finance.test_evidence_gaps import approved, finance
from tests.finance.test_sheets import STAY, step, submitted, visit
from tests.people import App

FIGURES = "/api/v1/finance/figures"


async def figures(app: App, role: str = "auditor", **wanted: Any) -> dict[str, Any]:
    answer = await app.api(role).get(FIGURES, params=wanted)
    assert answer.status_code == 200, answer.text
    return {one["currency"]: one for one in answer.json()}


async def pay(app: App, sheet_id: str, people: int) -> None:
    """In cash, to the first so many of a sheet."""
    app.clock.now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    async with app.database.unit_of_work() as db:
        given = PaymentBatchIn(sheet_ids=[sheet_id], method=PaymentMethod.cash, executes_on=date(2026, 4, 20))
        made = await make_batch(db, app.project_id, given, finance(app), at=app.clock())
        paid = PaymentResultIn(payment_ids=[one.id for one in made.payments[:people]], paid_on=date(2026, 4, 20))
        await mark_paid(db, made.batch.id, paid, finance(app), at=app.clock())


async def test_figures_say_what_was_approved_and_paid(app: App) -> None:
    event, sheet_id = await approved(app)
    budget = {"budget_line": "3.2", "currency": "EUR", "amount": "1000"}
    assert (await app.api().put(f"/api/v1/events/{event['id']}/costs/budget", json=budget)).is_success
    await pay(app, sheet_id, 1)
    euros = (await figures(app))["EUR"]
    assert (euros["approved"], euros["paid"]) == ("364.80", "182.40")
    assert [(one["label"], one["approved"]) for one in euros["by_month"]] == [("2026-04", "364.80")]
    assert [(one["label"], one["approved"]) for one in euros["by_kind"]] == [("Nights", "364.80")]
    (of_event,) = euros["by_event"]
    assert (of_event["label"], of_event["paid"], of_event["budget"]) == (
        "3.2 · Coordination meeting",
        "182.40",
        "1000.00",
    )
    page = (await (await app.at_desk("finance")).get("/finance/figures")).text
    assert "Approved against the budget – 3.2 · Coordination meeting: EUR 364.80 of EUR 1,000.00" in page


async def test_of_somebody_on_two_versions_the_latest_counts(app: App) -> None:
    event, _ = await approved(app)
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "has_breakfast": False})
    assert (await figures(app))["EUR"]["approved"] == "364.80", "a draft is no figure"
    await step(app, await submitted(app, event), "approval", "approver")
    euros = (await figures(app))["EUR"]
    assert (euros["approved"], euros["by_kind"][0]["approved"]) == ("422.40", "422.40")


async def test_currencies_stand_apart_and_nothing_is_converted(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    rule = {"source": "ecb", "day": "submission"}
    project = f"/api/v1/projects/{sqlite_app.project_id}"
    assert (await sqlite_app.api("finance").put(f"{project}/exchange-rule", json=rule)).is_success
    assert (await sqlite_app.api("finance").put(f"{project}/pay-rules", json={"pay_currency": "USD"})).is_success
    id = await submitted(sqlite_app, event)
    assert (await step(sqlite_app, id, "approval", "approver")).is_success
    found = await figures(sqlite_app)
    assert set(found) == {"EUR", "USD"}
    assert (found["EUR"]["by_event"], found["EUR"]["by_kind"][0]["approved"]) == ([], "364.80")
    assert found["USD"]["by_kind"] == []
    async with sqlite_app.database.reading() as db:
        total = (await db.exec(select(PerDiemSheet).where(PerDiemSheet.id == UUID(id)))).one().total
    assert found["USD"]["approved"] == str(total.amount)


async def test_the_page_leads_to_the_sheets_behind_a_number(sqlite_app: App) -> None:
    event, sheet_id = await approved(sqlite_app)
    desk = await sqlite_app.at_desk("auditor")
    page = (await desk.get("/finance/figures")).text
    assert "364.80" in page
    assert "Advances and what people gave back are not among what was paid." in page
    assert 'role="img"' in page
    link = f"/finance?given=true&amp;currency=EUR&amp;event={event['id']}"
    assert link in page
    assert f"/per-diem-sheets/{sheet_id}" in (await desk.get(link.replace("&amp;", "&"))).text
    assert "No figures yet" in (await desk.get("/finance/figures?year=2025")).text


@pytest.mark.parametrize(("language", "month"), [("en", "April 2026"), ("tr", "Nisan 2026")])
async def test_months_are_written_as_the_language_writes_them(sqlite_app: App, language: str, month: str) -> None:
    """In order, on the page and in its spreadsheet; programs go on getting 2026-04."""
    await approved(sqlite_app)
    async with sqlite_app.database.unit_of_work() as db:
        (await db.get_one(Account, sqlite_app.accounts["auditor"])).language = language
    client = (await sqlite_app.at_desk("auditor")).client
    page = (await client.get("/finance/figures")).text
    book = load_workbook(io.BytesIO((await client.get("/finance/figures.xlsx")).content))
    cells = {cell.value for row in book["EUR"].iter_rows() for cell in row}
    assert ">2026-04<" not in re.sub(r"\s", "", page)
    assert f"{month}</td>" in page
    assert (month in cells, "2026-04" in cells) == (True, False)
    assert [one["label"] for one in (await figures(sqlite_app))["EUR"]["by_month"]] == ["2026-04"]


async def test_the_spreadsheet_has_the_same_figures_and_no_formula_of_others(sqlite_app: App) -> None:
    event, _ = await approved(sqlite_app)
    async with sqlite_app.database.unit_of_work() as db:
        (await db.get_one(Event, UUID(event["id"]))).title = "=1+1"
    for role, address in (("api", f"{FIGURES}.xlsx"), ("page", "/finance/figures.xlsx")):
        client = sqlite_app.api("auditor") if role == "api" else (await sqlite_app.at_desk("auditor")).client
        book = load_workbook(io.BytesIO((await client.get(address)).content))
        cells = [cell for row in book["EUR"].iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s", "n"}, role
        assert [cell.value for cell in cells].count(364.8) == 4
        assert "=1+1" in [cell.value for cell in cells]


async def test_figures_stay_in_their_projects(sqlite_app: App) -> None:
    await sqlite_app.found("P-OTHER", prefix="other-")
    await approved(sqlite_app)
    assert await figures(sqlite_app, "other-auditor") == {}
    assert await figures(sqlite_app, "other-auditor", project=str(sqlite_app.project_id)) == {}
    assert (await figures(sqlite_app, project=str(sqlite_app.project_id)))["EUR"]["approved"] == "364.80"
    assert (await sqlite_app.api("assistant").get(FIGURES)).status_code == 403
