"""Advances: entered for one or many after a look, counted once, cancelled and never deleted."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from finance.advances.service import advances_of
from tests.finance.test_payees import visit
from tests.people import App, problem_fields

GIVEN = {"amount": "150.00", "currency": "EUR", "paid_on": "2026-03-01", "method": "cash", "reference": "V-17"}


def path_of(event: dict[str, Any]) -> str:
    return f"/api/v1/events/{event['id']}/advances"


async def entered(app: App, event: dict[str, Any], registrations: list[str], **more: Any) -> list[dict[str, Any]]:
    given = GIVEN | {"registrations": registrations} | more
    answer = await app.api("finance").post(path_of(event), json=given)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def test_advances_are_looked_at_first_and_then_come_off_what_is_due(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir", "Mehmet İki"])
    await entered(app, event, [of["Ayşe Bir"]], amount="20")
    given = GIVEN | {"registrations": [*of.values()]}
    plan = await app.api("finance").post(f"{path_of(event)}/preview", json=given)
    assert plan.json() == {"people": 2, "each": "150.00", "total": "300.00", "currency": "EUR", "again": 1}
    assert (await app.api("auditor").get(path_of(event))).json()["total"] == 1
    await entered(app, event, [*of.values()])
    async with app.database.reading() as db:
        found = await advances_of(db, UUID(event["id"]))
    amounts = {id: sorted(str(one.amount.amount) for one in theirs) for id, theirs in found.items()}
    assert amounts == {UUID(of["Ayşe Bir"]): ["150.00", "20.00"], UUID(of["Mehmet İki"]): ["150.00"]}


async def test_sent_twice_it_is_paid_once(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir"])
    key = str(uuid4())
    first = await entered(app, event, [of["Ayşe Bir"], of["Ayşe Bir"]], key=key)
    again = await entered(app, event, [of["Ayşe Bir"]], key=key)
    assert (len(first), [one["id"] for one in again]) == (1, [first[0]["id"]])
    assert (await app.api("auditor").get(path_of(event))).json()["total"] == 1


async def test_a_cancelled_advance_stays_in_the_list_and_does_not_count(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir"])
    (one,) = await entered(app, event, [of["Ayşe Bir"]])
    here, given = f"/api/v1/advances/{one['id']}/cancellation", {"reason": "Paid to the wrong person"}
    assert (await app.api("organiser").post(here, json=given)).status_code == 403
    assert (await app.api("finance").post(here, json={"reason": " "})).status_code == 422
    assert (await app.api("finance").post(here, json=given)).status_code == 200
    assert (await app.api("finance").post(here, json=given)).status_code == 409
    (row,) = (await app.api("auditor").get(path_of(event))).json()["items"]
    assert (row["reason"], row["cancelled_at"] is not None) == ("Paid to the wrong person", True)
    async with app.database.reading() as db:
        assert await advances_of(db, UUID(event["id"])) == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "1.005", "currency": None}, "amount"),
        ({"currency": "QQQ"}, "currency"),
        ({"paid_on": "2026-03-09"}, "paid_on"),
        ({"registrations": []}, "registrations"),
        ({"registrations": [str(UUID(int=7))]}, "registrations"),
        ({"reference": "x" * 61}, "reference"),
        ({"method": "gold"}, "method"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, Any], field: str) -> None:
    event, _, of = await visit(sqlite_app, ["Ayşe Bir"])
    whole = GIVEN | {"registrations": [of["Ayşe Bir"]]} | given
    whole = {name: value for name, value in whole.items() if value is not None}
    for path in (path_of(event), f"{path_of(event)}/preview"):
        answer = await sqlite_app.api("finance").post(path, json=whole)
        assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_by_pages_for_many_in_two_steps(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir", "Mehmet İki"])
    here, desk = f"/events/{event['id']}/advances", await app.at_desk("finance")
    await desk.get(here)
    none = await desk.send(f"{here}/preview", GIVEN)
    assert (none.status_code, 'id="registrations-wrong"' in none.text, "V-17" in none.text) == (422, True, True)
    form = GIVEN | {"registrations[]": [*of.values()], "key": str(uuid4())}
    shown = await desk.send(f"{here}/preview", form)
    assert ("EUR" in shown.text, "300.00" in shown.text, "Mehmet İki" in shown.text) == (True, True, True)
    await desk.send(here, form)
    await desk.send(here, form)
    assert ("Entered: 2." in desk.page, desk.page.count("V-17"), "300.00" in desk.page) == (True, 2, True)
    one = (await app.api("finance").get(path_of(event))).json()["items"][0]
    await desk.get(f"/advances/{one['id']}")
    wrong = await desk.send(f"/advances/{one['id']}/cancellation", {"reason": ""})
    assert (wrong.status_code, 'id="reason-wrong"' in wrong.text) == (422, True)
    await desk.send(f"/advances/{one['id']}/cancellation", {"reason": "Entered by mistake"})
    assert ("Entered by mistake" in desk.page, "150.00" in desk.page) == (True, True)
    for role, status in (("organiser", 200), ("auditor", 200), ("assistant", 403)):
        page = await (await app.at_desk(role)).get(here)
        assert (page.status_code, "/preview" in page.text) == (status, False)


async def test_who_travels_sees_their_own_advances(sqlite_app: App) -> None:
    event, tokens, of = await visit(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    await entered(sqlite_app, event, [of["Ayşe Bir"]])
    for name, is_shown in (("Ayşe Bir", True), ("Mehmet İki", False)):
        guest = await sqlite_app.owner(tokens[name])
        mine = (await guest.get("/api/v1/invitation/payment/advances")).json()
        assert [one["amount"] for one in mine] == (["150.00"] if is_shown else [])
        browser = await sqlite_app.owners_browser(tokens[name])
        assert ("150,00" in (await browser.get(f"/i/{tokens[name]}/payment")).text) is is_shown
