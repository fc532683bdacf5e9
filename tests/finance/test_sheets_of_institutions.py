"""Sheets of several institutions stand side by side, and nobody takes one for another."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from finance.sheets.models import PerDiemSheet
from tests.finance.test_corrections import NAMES
from tests.finance.test_payments import AUSTRIAN, TURKISH, accounts, batch, paying
from tests.finance.test_sheets import step, visit
from tests.people import App

WHY = "The hotel was not paid by us."


async def two_sheets(app: App) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An event, and a sheet of each of its two institutions."""
    event = await visit(app, NAMES)
    ministries = (await app.api().get("/api/v1/institutions")).json()["items"]
    path = f"/api/v1/events/{event['id']}/per-diem/submission"
    answers = [await app.api().post(path, json={"institution_id": one["id"]}) for one in ministries]
    return event, [one for answer in answers for one in answer.json()]


async def test_two_sheets_never_bear_one_number(app: App) -> None:
    event, sheets = await two_sheets(app)
    await step(app, sheets[0]["id"], "recall", "organiser")
    again = await app.api().post(
        f"/api/v1/events/{event['id']}/per-diem/submission", json={"institution_id": sheets[0]["institution_id"]}
    )
    sheets += again.json()
    files = [await app.api().get(f"/api/v1/per-diem-sheets/{one['id']}/files/xlsx") for one in sheets]
    named = [one.headers["content-disposition"].split('"')[1] for one in files]
    assert [one["version"] for one in sheets] == [1, 1, 2]
    assert named == [f"per-diem-{event['code']}-EUR-{number}.xlsx" for number in (1, 2, 3)]


async def test_the_event_says_why_a_sheet_came_back_whatever_was_submitted_after_it(sqlite_app: App) -> None:
    event, (first, _) = await two_sheets(sqlite_app)
    await step(sqlite_app, first["id"], "return", "finance", reason=WHY)
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")).text
    note = page.split(f"Sent back: {event['code']}-EUR-1")[1].split("</div>")[0]
    institutions = (await sqlite_app.api().get("/api/v1/institutions")).json()["items"]
    assert WHY in note
    assert next(one["name"] for one in institutions if one["id"] == first["institution_id"]) in note


async def test_a_sheet_that_was_submitted_again_leads_to_its_next_version_and_back(sqlite_app: App) -> None:
    event, (first, _) = await two_sheets(sqlite_app)
    await step(sqlite_app, first["id"], "return", "finance", reason=WHY)
    desk = await sqlite_app.at_desk()
    before = (await desk.get(f"/per-diem-sheets/{first['id']}")).text
    path = f"/api/v1/events/{event['id']}/per-diem/submission"
    (again,) = (await sqlite_app.api().post(path, json={"institution_id": first["institution_id"]})).json()
    after = (await desk.get(f"/per-diem-sheets/{first['id']}")).text
    anew = (await desk.get(f"/per-diem-sheets/{again['id']}")).text
    assert "Correct and submit again" in before
    assert "Correct and submit again" not in after
    assert f"Submitted again as {event['code']}-EUR-3" in after
    assert f"{event['code']}-EUR-1 was sent back" in anew
    assert WHY in anew
    assert f"Sent back: {event['code']}" not in (await desk.get(f"/events/{event['id']}/per-diem")).text


async def test_who_is_left_out_of_a_batch_is_named_with_the_reason_though_nobody_of_their_sheet_is_in_it(
    sqlite_app: App,
) -> None:
    event, sheets = await two_sheets(sqlite_app)
    for one in sheets:
        await step(sqlite_app, one["id"], "approval", "finance")
    await accounts(sqlite_app, event, Ayşe=AUSTRIAN, Mehmet=TURKISH)
    await paying(sqlite_app)
    desk = await sqlite_app.at_desk("finance")
    here = f"/projects/{sqlite_app.project_id}/payments"
    chosen = {"sheet_ids[]": [one["id"] for one in sheets], "method": "sepa", "executes_on": "2026-05-04"}
    await desk.send(here, chosen)
    why = "the account is in no SEPA country"
    assert f"One person is in this batch. Still to be paid another way: Mehmet İki ({why})." in desk.page
    nobody = await desk.send(here, chosen | {"sheet_ids[]": [sheets[1]["id"]]})
    assert (nobody.status_code, f"Mehmet İki: {why}" in nobody.text) == (409, True)


async def test_a_sheet_is_called_by_its_number_wherever_it_stands(sqlite_app: App) -> None:
    app = sqlite_app
    event, sheets = await two_sheets(app)
    for one in sheets:
        await step(app, one["id"], "check", "finance")
        await step(app, one["id"], "approval", "approver")
    leg = {"number": "TK 1887", "origin": "IST", "destination": "VIE", "day": "2026-04-14", "arrives": "09:00"}
    travels = {"leg": leg, "registrations": list((await app.registrations(event)).values())}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/legs", json=travels)).is_success
    numbers = [f"{event['code']}-EUR-{number}" for number in (1, 2)]
    desk, here = await app.at_desk("finance"), f"/per-diem-sheets/{sheets[1]['id']}"
    for page in (here, f"{here}/evidence", f"{here}/signatures", f"{here}/returns"):
        shown = " ".join((await desk.get(page)).text.split())
        assert f"Per-diem sheet {numbers[1]}" in shown, page
    payments = f"/projects/{app.project_id}/payments"
    for page in ("/finance", "/finance/without-evidence", payments, f"/events/{event['id']}/per-diem"):
        shown = " ".join((await desk.get(page)).text.split())
        assert [number in shown for number in numbers] == [True, True], page
        assert "EUR · Version" not in shown
    assert numbers[1] in (await (await app.at_desk("approver")).get(payments)).text
    await accounts(app, event, **{name.split()[0]: "cash" for name in NAMES})
    made = (await batch(app, [one["id"] for one in sheets], "cash")).json()
    shown = (await (await app.at_desk("finance")).get(f"/payment-batches/{made['id']}")).text
    assert [number in shown for number in numbers] == [True, True]


async def test_a_number_is_never_changed_and_never_given_twice(app: App) -> None:
    """Nor by a program that writes the database itself: documents that bear it have been signed."""
    _, (first, second) = await two_sheets(app)
    for one, number in ((first, 9), (second, 1)):
        change = sa.update(PerDiemSheet).where(col(PerDiemSheet.id) == UUID(one["id"])).values(number=number)
        with pytest.raises(DBAPIError, match="kept as it is"):
            await _written(app, change)
    async with app.database.reading() as db:
        values = (await db.get_one(PerDiemSheet, UUID(second["id"]))).model_dump()
    copy = sa.insert(PerDiemSheet).values({**values, "id": uuid4(), "version": 7})
    with pytest.raises(DBAPIError):
        await _written(app, copy)
    if app.database.is_sqlite:
        # Which would take the former row away without asking the index.
        with pytest.raises(DBAPIError, match="kept as it is"):
            await _written(app, copy.prefix_with("OR REPLACE"))
    async with app.database.reading() as db:
        assert sorted((await db.exec(select(PerDiemSheet.number))).all()) == [1, 2]


async def _written(app: App, statement: Any) -> None:
    async with app.database.unit_of_work() as db:
        await db.exec(statement)
