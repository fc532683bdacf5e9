"""What waits for those who pay, over all events."""

import re
from typing import Any

import pytest

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from tests.finance.test_sheets import step, submitted, visit
from tests.people import App

FINANCE = "/api/v1/finance"


async def rows(app: App, waiting: str, role: str = "finance", **more: str) -> list[dict[str, Any]]:
    answer = await app.api(role).get(f"{FINANCE}/sheets", params={"waiting": waiting, **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def counts(app: App, role: str = "finance") -> dict[str, int]:
    answer = await app.api(role).get(f"{FINANCE}/waiting")
    return {what: count for what, count in answer.json()["counts"].items() if count}


async def test_a_sheet_stands_where_its_next_step_is(app: App) -> None:
    event = await visit(app)
    id = await submitted(app, event)
    assert await counts(app) == {"to-check": 1, "to-approve": 1}
    await step(app, id, "check", "finance")
    assert await counts(app) == {"to-approve": 1}
    await step(app, id, "approval", "approver")
    assert await counts(app) == {"to-pay": 1, "accounts": 2}
    (waiting,) = await rows(app, "to-pay")
    assert (waiting["event"], waiting["project"], waiting["left"]) == ("Coordination meeting", "P-TEST", "364.80")
    (missing,) = (await app.api("finance").get(f"{FINANCE}/missing-accounts")).json()["items"]
    assert (missing["event_id"], missing["count"]) == (event["id"], 2)
    assert await rows(app, "to-check") == await rows(app, "to-approve") == []


async def test_a_returned_sheet_waits_until_it_is_submitted_anew(app: App) -> None:
    event = await visit(app)
    await step(app, await submitted(app, event), "return", "finance", reason="The hotel was not paid by us.")
    (one,) = await rows(app, "returned", "organiser")
    assert (one["version"], one["reason"]) == (1, "The hotel was not paid by us.")
    home = await (await app.at_desk()).get("/")
    assert "One sheet came back from finance." in home.text
    await submitted(app, event)
    assert await counts(app) == {"to-check": 1, "to-approve": 1}


async def test_a_sheet_of_one_institution_that_comes_back_with_the_whole_event_waits_no_more(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (institution, _) = (await sqlite_app.api().get("/api/v1/institutions")).json()["items"]
    path = f"/api/v1/events/{event['id']}/per-diem/submission"
    (own,) = (await sqlite_app.api().post(path, json={"institution_id": institution["id"]})).json()
    await step(sqlite_app, own["id"], "return", "finance", reason="The hotel was not paid by us.")
    assert len(await rows(sqlite_app, "returned", "organiser")) == 1
    assert (await sqlite_app.api().post(path)).is_success
    assert await rows(sqlite_app, "returned", "organiser") == []


async def test_who_may_not_approve_reads_why(sqlite_app: App) -> None:
    async with sqlite_app.database.unit_of_work() as db:
        for role in ("organiser", "assistant"):
            account = await db.get_one(Account, sqlite_app.accounts[role])
            await grant(db, account, sqlite_app.project_id, Role.approver)
    event = await visit(sqlite_app)
    made = await sqlite_app.api("assistant").post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert made.is_success
    bars = {
        role: (await rows(sqlite_app, "to-approve", role))[0]["approval_bar"]
        for role in ("organiser", "assistant", "approver", "auditor")
    }
    assert bars == {
        "organiser": "entered-it",
        "assistant": "submitted-it",
        "approver": None,
        "auditor": "no-right",
    }
    for role, task in (("organiser", False), ("assistant", False), ("approver", True), ("finance", True)):
        page = (await (await sqlite_app.at_desk(role)).get("/")).text
        assert ("One sheet waits for approval." in page) == task, role
    page = (await (await sqlite_app.at_desk()).get("/finance?waiting=to-approve")).text
    assert "You entered nights, absences, adjustments or attendance: a second person approves." in page


async def test_who_has_to_return_money_stands_there_until_it_is_back(app: App) -> None:
    event = await visit(app)
    people = list((await app.registrations(event)).values())
    paid = {"registrations": people[:1], "amount": "200", "currency": "EUR", "paid_on": "2026-03-01"}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=paid)).is_success
    await step(app, await submitted(app, event), "approval", "approver")
    (one,) = (await app.api("auditor").get(f"{FINANCE}/debtors")).json()["items"]
    assert (one["registration_id"], one["amount"], one["currency"]) == (people[0], "17.60", "EUR")
    assert (await counts(app))["to-be-returned"] == 1
    page = (await (await app.at_desk("finance")).get("/finance?waiting=to-be-returned")).text
    assert one["name"] in page
    assert "17.60" in page


async def test_the_form_of_returns_is_filled_with_what_is_due_back(sqlite_app: App) -> None:
    app, event = sqlite_app, await visit(sqlite_app)
    people = list((await app.registrations(event)).values())
    paid = {"registrations": people[:1], "amount": "200", "currency": "EUR", "paid_on": "2026-03-01"}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=paid)).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "approver")
    desk, here = await app.at_desk("finance"), f"/per-diem-sheets/{id}/returns"
    form = (await desk.get(here)).text.split("<form")[-1]
    assert "EUR\N{NO-BREAK SPACE}17.60" in form or "EUR 17.60" in form
    assert 'value="17.60"' in form
    assert f'value="{app.clock().date().isoformat()}"' in form
    given = {"registration_id": people[0], "returned_on": app.clock().date().isoformat(), "reference": "V-2"}
    assert (await desk.send(here, given | {"amount": "10"})).status_code == 303
    assert "10.00 came back." in desk.page
    assert 'value="7.60"' in desk.page
    await desk.send(here, given | {"amount": "7.60"})
    assert 'name="amount"' not in desk.page


async def test_receipts_that_nobody_decided_on_are_counted_by_event(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    for person in (await app.registrations(event)).values():
        spent = {"registration_id": person, "kind": "taxi", "amount": "10", "currency": "EUR"}
        assert (await app.api().post(f"/api/v1/events/{event['id']}/receipts", json=spent)).is_success
    (one,) = (await app.api().get(f"{FINANCE}/undecided-receipts")).json()["items"]
    assert (one["event_id"], one["count"]) == (event["id"], 2)
    home = await (await app.at_desk("finance")).get("/")
    assert "2 receipts wait for a decision." in home.text
    page = await (await app.at_desk("finance")).get("/finance?waiting=receipts")
    assert f"/events/{event['id']}/receipts?state=claimed" in page.text


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"currency": "EUR"}, 1),
        ({"currency": "TRY"}, 0),
        ({"month": "2026-04"}, 1),
        ({"month": "2026-03"}, 0),
        ({"month": "2026-05"}, 0),
        ({"state": "approved"}, 0),
        ({"state": "submitted"}, 1),
        ({"event": "00000000-0000-0000-0000-000000000000"}, 0),
    ],
    ids=str,
)
async def test_the_list_is_narrowed(sqlite_app: App, narrowed: dict[str, str], found: int) -> None:
    await submitted(sqlite_app, await visit(sqlite_app))
    assert len(await rows(sqlite_app, "", **narrowed)) == found


async def test_a_month_that_is_none_is_refused_on_both_sides(sqlite_app: App) -> None:
    answer = await sqlite_app.api("finance").get(f"{FINANCE}/sheets", params={"month": "2026-13"})
    assert answer.status_code == 422
    assert (await (await sqlite_app.at_desk("finance")).get("/finance?month=2026-13")).status_code == 422


async def test_sheets_of_other_projects_are_not_seen(sqlite_app: App) -> None:
    await sqlite_app.found("P-OTHER", prefix="other-")
    event = await visit(sqlite_app)
    await submitted(sqlite_app, event)
    assert await counts(sqlite_app, "other-finance") == {}
    assert await rows(sqlite_app, "", "other-finance") == []
    assert await rows(sqlite_app, "", "other-finance", project=str(sqlite_app.project_id)) == []
    page = (await (await sqlite_app.at_desk("other-finance")).get("/finance")).text
    assert "Coordination meeting" not in page
    assert "No sheet found" in page


async def test_who_reads_no_money_has_no_link_and_no_page(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("assistant")
    assert 'href="/finance"' not in (await desk.get("/")).text
    assert (await desk.get("/finance")).status_code == 403
    assert 'href="/finance"' in (await (await sqlite_app.at_desk("auditor")).get("/")).text


async def test_an_amount_of_a_sheet_opens_what_it_is_made_of(sqlite_app: App) -> None:
    event = await visit(sqlite_app, ["Ayşe Bir"])
    person = (await sqlite_app.registrations(event))["Ayşe Bir"]
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")).text
    assert page.count(f'popovertarget="made-of-{person}"') == 4
    source = page.partition(f'id="made-of-{person}"')[2].partition("</div>")[0]
    assert all(part in source for part in ("EUR 240.00", "− EUR 120.00", "− EUR 43.20", "EUR 76.80", "EUR 182.40"))


@pytest.mark.parametrize(
    ("language", "came_back", "money"),
    [("en", "Sent back", "Money to recover"), ("tr", "Geri gönderildi", "Geri alınacak tutarlar")],
)
async def test_a_sheet_that_came_back_has_one_word_and_money_another(
    sqlite_app: App, language: str, came_back: str, money: str
) -> None:
    """On tab, filter and state, on the list and on the sheet."""
    id = await submitted(sqlite_app, await visit(sqlite_app))
    await step(sqlite_app, id, "return", "finance", reason="Lunch was provided")
    async with sqlite_app.database.unit_of_work() as db:
        (await db.get_one(Account, sqlite_app.accounts["finance"])).language = language
    desk = await sqlite_app.at_desk("finance")
    page = " ".join((await desk.get("/finance?waiting=returned")).text.split())
    sheet = " ".join((await desk.get(f"/per-diem-sheets/{id}")).text.split())
    assert f"{came_back} (1)" in page
    assert f"{money} (0)" in page
    assert re.search(rf'<option value="returned"\s*>{came_back}</option>', page)
    assert re.search(rf'<span class="badge[^>]*>\s*{came_back}\s*</span>', page)
    assert f"<strong>{came_back}:</strong>" in sheet


async def test_the_search_finds_sheets_by_number_and_events_by_code(app: App) -> None:
    """Sheets only for those who may read amounts; nobody of another project finds either."""
    await app.found("P-OTHER", prefix="other-")
    event = await visit(app)
    first = await submitted(app, event)
    await step(app, first, "return", "finance", reason="Lunch was provided")
    second = await submitted(app, event)
    found = {}
    for role in ("finance", "organiser", "assistant", "other-finance"):
        for text in (
            event["code"],
            f"{event['code'].lower()}-eur-2",
            f"{event['code']}-EUR-9",
            f"{event['code']}-E-R-2",
        ):
            page = (await (await app.at_desk(role)).get("/search", params={"q": text})).text
            what = {"event": f'/events/{event["id"]}"', "first": first, "second": second}
            found[role, text.removeprefix(event["code"])] = [name for name, here in what.items() if here in page]
            if found[role, text.removeprefix(event["code"])][1:] == ["second"]:
                assert " ".join(page.split(f"{event['code']}-EUR-2</a>")[1][:120].split()).startswith(
                    "· Coordination meeting · Submitted"
                )
    for role in ("finance", "organiser"):
        assert [found[role, end] for end in ("", "-EUR-9")] == [["event", "first", "second"], ["event"]]
        assert found[role, f"{event['code'].lower()}-eur-2"] == ["event", "second"]
    assert [found["assistant", end] for end in ("", "-EUR-9", "-E-R-2")] == [["event"], ["event"], []]
    assert all(not what for (role, _), what in found.items() if role == "other-finance")
    assert "Per-diem sheets (" not in (await (await app.at_desk("assistant")).get(f"/search?q={event['code']}")).text
