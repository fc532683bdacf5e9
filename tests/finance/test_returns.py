"""Money that people give back of what they owe: noted once, on a day that can be, and listed."""

from uuid import uuid4

import pytest

from tests.finance.test_payments import NAMES, state_of
from tests.finance.test_sheets import step, submitted, visit
from tests.people import App, copied, problem_fields


@copied
async def owing(app: App) -> tuple[str, dict[str, str]]:
    """A sheet by which one person owes 17.60 of an advance of today, and what would be noted of it."""
    event = await visit(app, NAMES[:1])
    (person,) = (await app.registrations(event)).values()
    advance = {"registrations": [person], "amount": "200", "currency": "EUR", "paid_on": app.clock().date().isoformat()}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    return id, {"registration_id": person, "amount": "10", "returned_on": app.clock().date().isoformat()}


async def test_what_came_back_is_noted_once_however_often_it_is_sent(app: App) -> None:
    id, back = await owing(app)
    back = back | {"key": str(uuid4())}
    first = await step(app, id, "returns", "finance", **back)
    assert (first.status_code, (await step(app, id, "returns", "finance", **back)).json()) == (201, first.json())
    rest = back | {"amount": "7.60", "key": str(uuid4())}
    assert (await step(app, id, "returns", "finance", **rest)).status_code == 201
    assert (await step(app, id, "returns", "finance", **rest)).status_code == 201, "it is paid by now"
    found = (await app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}/returns")).json()
    assert sorted(one["amount"] for one in found) == ["10.00", "7.60"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"returned_on": "2062-05-04"}, "returned_on"),
        ({"returned_on": "2025-05-04"}, "returned_on"),
        ({"amount": "1.234"}, "amount"),
    ],
)
async def test_a_return_that_cannot_be_is_said_beside_its_field(
    sqlite_app: App, given: dict[str, str], field: str
) -> None:
    id, back = await owing(sqlite_app)
    refused = await step(sqlite_app, id, "returns", "finance", **back | given)
    assert (refused.status_code, list(problem_fields(refused))) == (422, [field])


async def test_the_page_lists_what_came_back_with_day_and_reference(sqlite_app: App) -> None:
    id, back = await owing(sqlite_app)
    here, desk = f"/per-diem-sheets/{id}/returns", await sqlite_app.at_desk("finance")
    await desk.get(here)
    form = back | {"reference": "Receipt 7", "key": str(uuid4())}
    await desk.send(here, form)
    await desk.send(here, form)
    assert ("Noted: EUR 10.00 came back." in desk.page, desk.page.count("Receipt 7")) == (True, 1)
    wrong = await desk.send(here, form | {"key": str(uuid4()), "returned_on": "2062-05-04"})
    assert (wrong.status_code, 'id="returned_on-wrong"' in wrong.text, "Receipt 7" in wrong.text) == (422, True, True)


async def test_what_was_noted_by_mistake_is_removed_with_a_reason_that_the_history_keeps(app: App) -> None:
    id, back = await owing(app)
    noted = (await step(app, id, "returns", "finance", **back | {"amount": "17.60"})).json()
    assert await state_of(app, id) == "paid"
    away = {"id": noted["id"], "reason": "Typed for another person"}
    assert (await step(app, id, "returns/removal", "organiser", **away)).status_code == 403
    assert (await step(app, id, "returns/removal", "finance", **away | {"reason": " "})).status_code == 422
    assert (await step(app, id, "returns/removal", "finance", **away)).json()["amount"] == "17.60"
    assert (await step(app, id, "returns/removal", "finance", **away)).status_code == 404
    assert await state_of(app, id) == "approved"
    desk = await app.at_desk("finance")
    here = f"/per-diem-sheets/{id}/returns"
    assert "Typed for another person" in (await desk.get(here)).text
    await desk.send(here, back | {"amount": "7.60", "key": str(uuid4())})
    (one,) = (await app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}/returns")).json()
    wrong = await desk.send(f"{here}/removal", {"id": one["id"], "reason": ""})
    assert (wrong.status_code, 'id="reason-wrong"' in wrong.text) == (422, True)
    await desk.send(f"{here}/removal", {"id": one["id"], "reason": "Came from somebody else"})
    assert "EUR\xa07.60" not in desk.page.split('id="history"')[0]
    assert "EUR 17.60" in (await step(app, id, "returns", "finance", **back | {"amount": "18"})).text
