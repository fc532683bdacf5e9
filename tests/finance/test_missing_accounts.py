"""Before money is promised it is said of whom nobody knows the account."""

from typing import Any

from tests.finance.test_payments import batch
from tests.finance.test_sheets import step, submitted, visit_with_links
from tests.people import App

MINE = "/api/v1/invitation/payment"
BANK = {"method": "bank", "holder": "Ayşe Bir", "iban": "TR330006100519786457841326"}
PEOPLE = ["Ayşe Bir", "Mehmet İki", "Oğuz Üç", "Zeki Dört"]


async def told(app: App) -> dict[str, Any]:
    """Of four people on a visit one has an account, one is paid in cash, and two have told nothing or half of it."""
    event, tokens = await visit_with_links(app, PEOPLE)
    for name, said in (("Ayşe Bir", BANK), ("Mehmet İki", {"method": "cash"}), ("Oğuz Üç", {"method": "bank"})):
        answer = await (await app.owner(tokens[name])).put(MINE, json=said)
        assert answer.status_code == 200, answer.text
    return event


async def warning(app: App, path: str, role: str) -> str:
    """What a page says of accounts, with where it leads to."""
    page = " ".join((await (await app.at_desk(role)).get(path)).text.split())
    _, found, rest = page.partition('id="without-account"')
    return rest.partition("</p>")[0] if found else ""


async def test_whoever_submits_checks_or_approves_sees_how_many_have_no_account(app: App) -> None:
    event = await told(app)
    shown = [await warning(app, f"/events/{event['id']}/per-diem", "organiser")]
    path = f"/per-diem-sheets/{await submitted(app, event)}"
    shown += [await warning(app, path, role) for role in ("organiser", "finance", "approver")]
    for text in shown:
        assert "2 people have no complete account and are not paid in cash." in text
        assert f'href="/events/{event["id"]}/payees?mark=missing"' in text


async def test_where_everybody_can_be_paid_nothing_is_said(sqlite_app: App) -> None:
    app = sqlite_app
    event = await told(app)
    of = await app.registrations(event)
    for name in PEOPLE[2:]:
        path = f"/api/v1/events/{event['id']}/payees/{of[name]}"
        assert (await app.api("finance").put(path, json={"method": "cash"})).is_success
    shown = [await warning(app, f"/events/{event['id']}/per-diem", "organiser")]
    shown.append(await warning(app, f"/per-diem-sheets/{await submitted(app, event)}", "approver"))
    assert shown == ["", ""]


async def test_a_sheet_that_came_back_says_nothing_of_accounts(sqlite_app: App) -> None:
    event = await told(sqlite_app)
    id = await submitted(sqlite_app, event)
    back = await sqlite_app.api("approver").post(f"/api/v1/per-diem-sheets/{id}/return", json={"reason": "Nights"})
    assert back.is_success
    assert await warning(sqlite_app, f"/per-diem-sheets/{id}", "approver") == ""


async def test_whom_a_batch_pays_in_cash_is_missed_no_more(sqlite_app: App) -> None:
    app = sqlite_app
    event = await told(app)
    id = await submitted(app, event)
    assert (await step(app, id, "approval", "approver")).is_success
    assert "2 people" in await warning(app, f"/per-diem-sheets/{id}", "finance")
    assert (await batch(app, [id], "cash")).json()["payments"] == 2
    assert "1 person has" in await warning(app, f"/per-diem-sheets/{id}", "finance")
