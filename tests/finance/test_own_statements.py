"""What participants see of what they get: only their own, in plain words, while the project shows it."""

from datetime import date
from typing import Any

import pytest

from directory.accounts.models import Account
from tests.finance.test_sheets import LUNCH, STAY, step, submitted
from tests.people import App

MINE = "/api/v1/invitation/payment/statements"
SEALED = ("adjustment", "advance", "receipt", "payee_details", "travel_details", "sheet_person", "payment")


async def visit(app: App) -> tuple[dict[str, Any], dict[str, str]]:
    """Two people in Vienna for two nights; each gets 182.40 EUR."""
    event, tokens = await app.accepted_event(
        ["Ayşe Bir", "Mehmet İki"],
        kind="study-visit",
        country="AT",
        zone="Europe/Vienna",
        last_day="2026-04-16",
        sessions=[LUNCH],
    )
    assert (await app.rates("AT;;240;EUR;2024-01-01;List of 2024")).status_code == 201
    assert (await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)).status_code == 201
    for day in (14, 15, 16):
        await app.sign(event, date(2026, 4, day))
    return event, tokens


async def test_people_see_their_draft_then_the_sheet_that_was_submitted_and_approved(app: App) -> None:
    event, tokens = await visit(app)
    guest = await app.owner(tokens["Ayşe Bir"])
    (mine,) = (await guest.get(MINE)).json()
    assert (mine["name"], mine["state"], mine["to_pay"]) == ("Ayşe Bir", "prepared", "182.40")
    assert "240.00 − bed 50 % 120.00" in mine["lines"][0]["why"]
    assert "konaklama" in (await guest.get(MINE, params={"language": "tr"})).json()[0]["lines"][0]["why"]
    sheet_id = await submitted(app, event)
    assert [(one["state"], one["to_pay"]) for one in (await guest.get(MINE)).json()] == [("submitted", "182.40")]
    assert (await step(app, sheet_id, "approval", "approver")).status_code == 200
    assert [(one["state"], one["to_pay"]) for one in (await guest.get(MINE)).json()] == [("approved", "182.40")]


async def test_nobody_is_told_to_return_what_no_officer_has_asked_back(app: App) -> None:
    event, tokens = await visit(app)
    guest = await app.owner(tokens["Ayşe Bir"])
    await step(app, await submitted(app, event), "approval", "approver")
    assert (await app.rates("AT;;234;EUR;2024-01-02;A later list")).status_code == 201
    draft = (await app.api().get(f"/api/v1/events/{event['id']}/per-diem")).json()[0]
    assert {one["to_return"] for one in draft["people"]} != {"0.00"}
    assert [(one["state"], one["to_pay"]) for one in (await guest.get(MINE)).json()] == [("approved", "182.40")]


async def test_a_person_gets_alone_what_they_get_among_all(app: App) -> None:
    """Places, attendance and prices of rooms are those of the whole event also where one person is worked out."""
    event, tokens = await visit(app)
    everybody = (await app.api().get(f"/api/v1/events/{event['id']}/per-diem")).json()[0]["people"]
    for name, token in tokens.items():
        (mine,) = (await (await app.owner(token)).get(MINE)).json()
        (among,) = (one for one in everybody if one["name"] == name)
        english = {name: mine[name] for name in among}
        assert english == among


async def test_nothing_of_anybody_else_is_read(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await visit(app)
    of = await app.registrations(event)
    for name, amount in (("Ayşe Bir", "11.00"), ("Mehmet İki", "77.00")):
        given = {"registration_id": of[name], "amount": amount, "reason": f"For {name}"}
        assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/adjustments", json=given)).is_success
    guest = await app.owner(tokens["Ayşe Bir"])
    with app.counting() as seen:
        answer = await guest.get(MINE)
    assert ("For Ayşe Bir" in answer.text or "11.00" in answer.text, "77.00" in answer.text) == (True, False)
    assert "Mehmet" not in answer.text
    sealed = [one for one in seen if any(f"FROM {name} " in one.replace(chr(10), " ") for name in SEALED)]
    assert [one for one in sealed if "registration_id =" not in one] == []


@pytest.mark.parametrize("is_shown", [True, False])
async def test_the_project_decides_whether_it_is_shown(app: App, is_shown: bool) -> None:
    event, tokens = await visit(app)
    assert event
    rules = f"/api/v1/projects/{app.project_id}/pay-rules"
    answer = await app.api("finance").put(rules, json={"shows_statements": is_shown})
    assert answer.json()["shows_statements"] is is_shown
    assert bool((await (await app.owner(tokens["Ayşe Bir"])).get(MINE)).json()) is is_shown
    page = await (await app.owners_browser(tokens["Ayşe Bir"])).get(f"/i/{tokens['Ayşe Bir']}/payment")
    assert ("182,40" in page.text) is is_shown


async def test_what_is_missing_leads_to_what_the_person_can_do(app: App) -> None:
    event, tokens = await visit(app)
    assert event
    rules = f"/api/v1/projects/{app.project_id}/pay-rules"
    answer = await app.api("finance").put(rules, json={"home": "de_bmf", "abroad": "de_bmf"})
    assert answer.status_code == 200
    token = tokens["Ayşe Bir"]
    page = await (await app.owners_browser(token)).get(f"/i/{token}/payment")
    assert (f'href="/i/{token}/payment/absence"' in page.text, "Bir şey eksik" in page.text) == (True, True)


async def test_finance_turns_it_off_on_the_page(sqlite_app: App) -> None:
    desk, here = await sqlite_app.at_desk("finance"), f"/projects/{sqlite_app.project_id}/pay-rules"
    assert 'name="shows_statements"' in (await desk.get(here)).text
    form = {"revision": "0", "home_country": "TR", "home": "eu_external", "abroad": "eu_external"}
    assert (await desk.send(here, form)).status_code == 303
    kept = (await sqlite_app.api("finance").get(f"/api/v1{here}")).json()
    assert kept["shows_statements"] is False


@pytest.mark.parametrize(
    ("language", "there", "missing"),
    [("en", "Vienna, Austria", "Bern, Switzerland"), ("tr", "Viyana, Avusturya", "Bern, İsviçre")],
)
async def test_places_are_said_in_the_readers_words(sqlite_app: App, language: str, there: str, missing: str) -> None:
    """Where somebody slept, and of which place a rate is missing, for who pays and who is paid."""
    event, tokens = await visit(sqlite_app)
    people = await sqlite_app.registrations(event)
    bern = {**STAY, "country": "CH", "city": "Bern", "registrations": [people["Mehmet İki"]]}
    assert (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=bern)).is_success
    async with sqlite_app.database.unit_of_work() as db:
        (await db.get_one(Account, sqlite_app.accounts["organiser"])).language = language
    desk = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")).text
    token = tokens["Ayşe Bir"]
    mine = (await (await sqlite_app.owners_browser(token)).get(f"/i/{token}/payment")).text
    assert (there in desk, missing in desk, "Viyana, Avusturya" in mine) == (True, True, True)
    assert not any(code in page for page in (desk, mine) for code in ("AT/Vienna", "CH/Bern"))
