"""What was approved and paid in a month, by mail to people without accounts."""

import asyncio
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from finance.monthly_reports.models import ReportReader, ReportSent
from finance.monthly_reports.rules import due_month, first_working_day
from finance.monthly_reports.service import attachment, find_due, write
from tests.finance.test_figures import pay
from tests.finance.test_sheets import refusal, step, submitted, visit
from tests.people import App

KIND = "finance/monthly-report"
STOP = re.compile(r"/report-mails/stop/[a-z2-7]+")
AYLIN = {"name": "Aylin Kaya", "address": "aylin.kaya@donor.example", "language": "en"}


def readers(app: App) -> str:
    return f"/api/v1/projects/{app.project_id}/report-readers"


async def added(app: App, **more: str) -> dict[str, Any]:
    answer = await app.api("finance").post(readers(app), json={**AYLIN, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def april(app: App) -> str:
    """A visit that is approved and half paid in April; then it is early in May. Returns the sheet."""
    event = await visit(app)
    app.clock.now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    id = await submitted(app, event)
    assert (await step(app, id, "approval", "approver")).is_success
    await pay(app, id, 1)
    # The first of May is a holiday, and a Friday.
    app.clock.now = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
    return id


async def sweep(app: App) -> int:
    """What the sweep does, for all projects."""
    async with app.database.reading() as db:
        due = await find_due(db, at=app.clock())
    count = 0
    for project in due:
        async with app.database.unit_of_work() as db:
            count += await write(db, project, app.fastapi.state.settings, at=app.clock())
    return count


@pytest.mark.parametrize(
    ("month", "country", "day"),
    [
        (date(2026, 5, 1), "TR", date(2026, 5, 4)),
        (date(2026, 8, 1), "TR", date(2026, 8, 3)),
        (date(2026, 1, 1), "AT", date(2026, 1, 2)),
        (date(2026, 9, 1), "TR", date(2026, 9, 1)),
    ],
    ids=str,
)
def test_it_goes_on_the_first_working_day(month: date, country: str, day: date) -> None:
    assert first_working_day(month, country) == day


def test_it_is_due_from_seven_by_the_projects_clock() -> None:
    before, after = datetime(2026, 5, 4, 3, 59, tzinfo=UTC), datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
    assert due_month(date(2026, 5, 4), before, "Europe/Istanbul", "TR") is None
    assert due_month(date(2026, 5, 4), after, "Europe/Istanbul", "TR") == (date(2026, 4, 1), after)
    assert due_month(date(2026, 1, 20), after, "Europe/Istanbul", "TR") == (
        date(2025, 12, 1),
        datetime(2026, 1, 2, 4, 0, tzinfo=UTC),
    )


async def test_each_reader_gets_one_a_month_however_often_it_is_looked(app: App) -> None:
    await added(app)
    await added(app, name="Deniz Ak", address="deniz@donor.example", language="tr")
    await april(app)
    written = await asyncio.gather(sweep(app), sweep(app))
    assert (sum(written), await sweep(app)) == (2, 0)
    mails = await app.mails(KIND)
    assert {one.to_address for one in mails} == {"aylin.kaya@donor.example", "deniz@donor.example"}
    app.clock.forward(days=10)
    assert await sweep(app) == 0
    app.clock.now = datetime(2026, 6, 1, 5, tzinfo=UTC)
    assert await sweep(app) == 2


async def test_it_says_sums_by_currency_and_no_name(app: App) -> None:
    await added(app)
    await april(app)
    assert await sweep(app) == 1
    (mail,) = await app.mails(KIND)
    assert "Per diems of P-TEST, April 2026" in mail.subject
    assert all(part in mail.plain for part in ("EUR 364.80", "EUR 182.40", "Aylin Kaya"))
    async with app.database.reading() as db:
        (sent,) = (await db.exec(select(ReportSent))).all()
        assert mail.attachments == [f"monthly-report:{sent.id}"]
        file = await attachment(db, sent.id, app.fastapi.state.settings, at=app.clock())
    assert file is not None
    assert file.name == "per-diems-P-TEST-2026-04.xlsx"
    heads, row = list(load_workbook(io.BytesIO(file.content)).active.values)  # type: ignore[union-attr]
    assert dict(zip(heads, row, strict=True)) == {
        "Event": "Coordination meeting",
        "Component": "",
        "State": "Approved",
        "Currency": "EUR",
        "Per-diem sheets": 1,
        "To pay": 364.8,
        "Paid in the month": 182.4,
    }
    said = mail.plain + mail.html + str(row)
    assert "Ayşe" not in said
    assert "Mehmet" not in said


async def test_a_reader_stops_it_by_the_link_and_is_forgotten(app: App) -> None:
    await added(app)
    await april(app)
    await sweep(app)
    (mail,) = await app.mails(KIND)
    found = STOP.search(mail.plain)
    assert found
    guest = app.stranger()
    assert "Aylin" not in (await guest.get(found[0])).text
    async with app.database.reading() as db:
        assert (await db.exec(select(ReportReader))).one().stopped_at is None, "looking changes nothing"
    await guest.send(found[0])
    assert "You get no more of these mails" in guest.page
    async with app.database.reading() as db:
        reader = (await db.exec(select(ReportReader))).one()
        sent = (await db.exec(select(ReportSent))).one()
        assert (reader.name, reader.address, reader.is_stopped_by_reader) == ("", "", True)
        assert await attachment(db, sent.id, app.fastapi.state.settings, at=app.clock()) is None
    app.clock.now = datetime(2026, 6, 1, 5, tzinfo=UTC)
    assert await sweep(app) == 0
    assert (await guest.get(found[0][:-3] + "aaa")).status_code == 404
    await added(app)


async def test_sending_now_says_to_how_many_and_waits(sqlite_app: App) -> None:
    await added(sqlite_app)
    await april(sqlite_app)
    desk = await sqlite_app.at_desk("finance")
    here = f"/projects/{sqlite_app.project_id}/monthly-report"
    page = (await desk.get(here)).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    form = {"month": "2026-04", "key": key[1]}
    shown = await desk.send(f"{here}/sending", form)
    assert "The report of April 2026 goes to one person." in shown.text
    assert await sqlite_app.mails(KIND) == []
    for _ in range(2):
        await desk.send(f"{here}/sending", {**form, "step": "send"})
    assert len(await sqlite_app.mails(KIND)) == 1
    assert await sweep(sqlite_app) == 1, "the one that goes by itself goes all the same"
    page = (await desk.get(here)).text
    assert "Monthly report sent" in page


async def test_finance_manages_readers_and_nobody_else(sqlite_app: App) -> None:
    await sqlite_app.found("P-OTHER", prefix="other-")
    one = await added(sqlite_app)
    assert refusal(await sqlite_app.api("finance").post(readers(sqlite_app), json=AYLIN)) == (409, "reads-already")
    for role in ("organiser", "approver", "auditor"):
        assert (await sqlite_app.api(role).get(readers(sqlite_app))).status_code == 200
        assert (await sqlite_app.api(role).post(readers(sqlite_app), json=AYLIN)).status_code == 403
        assert (await sqlite_app.api(role).delete(f"/api/v1/report-readers/{one['id']}")).status_code == 403
    assert (await sqlite_app.api("other-finance").get(readers(sqlite_app))).status_code == 404
    assert (await sqlite_app.api("other-finance").delete(f"/api/v1/report-readers/{one['id']}")).status_code == 404
    stopped = await sqlite_app.api("finance").delete(f"/api/v1/report-readers/{one['id']}")
    assert (stopped.json()["address"], stopped.json()["is_stopped_by_reader"]) == ("", False)
    send = {"month": "2026-04"}
    there = f"/api/v1/projects/{sqlite_app.project_id}/monthly-report/sending"
    assert refusal(await sqlite_app.api("finance").post(there, json=send)) == (409, "nobody-reads")


async def test_a_wrong_address_stands_beside_its_field(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("finance")
    await desk.get(f"/projects/{sqlite_app.project_id}/monthly-report")
    form = {**AYLIN, "address": "aylin at donor", "file_format": "xlsx"}
    answer = await desk.send(f"/projects/{sqlite_app.project_id}/report-readers", form)
    assert answer.status_code == 422
    assert 'id="address-wrong"' in answer.text
    assert "Aylin Kaya" in answer.text
