"""Tickets that are given up: by a traveller who paid nothing herself, and of somebody who was replaced."""

from typing import Any

import pytest

from tests.people import App
from tests.visits.test_legs import THERE, entered, travelling
from tests.visits.test_substitutes import replace

PAID = {"state": "ticketed", "ticket_number": "2572401234567", "fare": "1215.50", "fare_currency": "EUR"}


async def hold(app: App, leg: dict[str, Any], one: str, given: dict[str, Any]) -> None:
    answer = await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{one}", json=given)
    assert answer.status_code == 200, answer.text


async def booked(app: App, event: dict[str, Any]) -> str:
    """The sum that stands as booked among the costs."""
    return str((await app.api().get(f"/api/v1/events/{event['id']}/costs")).json()["booked"])


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"state": "held"}, 204),
        ({"state": "booked", "reference": "RXJ34P"}, 204),
        ({"state": "booked", "fare": "90.00", "fare_currency": "EUR", "paid_by": "participant"}, 204),
        ({"state": "booked", "fare": "90.00", "fare_currency": "EUR"}, 409),
        ({"state": "booked", "ticket_number": "2572401234567"}, 409),
        ({"state": "ticketed"}, 409),
        (PAID, 409),
    ],
)
async def test_what_is_paid_for_is_not_given_up_by_a_click(sqlite_app: App, given: dict[str, Any], status: int) -> None:
    event, tokens, of = await travelling(sqlite_app, ["Ayşe Bir"])
    leg = await entered(sqlite_app, event, [*of.values()])
    await hold(sqlite_app, leg, of["Ayşe Bir"], given)
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    answer = await guest.delete(f"/api/v1/invitation/journey/legs/{leg['id']}")
    assert answer.status_code == status
    assert (status == 204) or "office@example.org" in answer.json()["title"]


async def test_the_page_names_whom_to_write_to_and_offers_no_button(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    visitor = await app.owners_browser(tokens["Ayşe Bir"])
    here = f"/i/{tokens['Ayşe Bir']}/travel"
    leave = f"{here}/legs/{leg['id']}/leave"
    assert leave in (await visitor.get(here)).text
    await hold(app, leg, of["Ayşe Bir"], PAID)
    page = (await visitor.get(here)).text
    assert (leave in page, "office@example.org" in page) == (False, True)
    # From a page that was open before.
    refused = await visitor.send(leave)
    assert (refused.status_code, refused.text.count("office@example.org")) == (409, 2)
    assert await booked(app, event) == "1215.50"


async def test_the_ticket_of_who_was_replaced_is_found_by_name_and_cancelled(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    await hold(app, leg, of["Ayşe Bir"], PAID)
    await replace(app, event, "Ayşe Bir", "Can Dört")
    desk = await app.at_desk()
    page = (await desk.get(f"/legs/{leg['id']}")).text
    seat = f"/legs/{leg['id']}/passengers/{of['Ayşe Bir']}"
    assert ("Ayşe Bir" in page, "has no place any more" in page, seat in page) == (True, True, True)
    form = (await desk.get(seat)).text
    assert ("2572401234567" in form, "1215.50" in form) == (True, True)
    assert (await desk.send(seat, PAID | {"state": "cancelled"})).status_code == 303
    (changed,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    states = {one["registration_id"]: one["state"] for one in changed["passengers"]}
    assert states == {of["Ayşe Bir"]: "cancelled", of["Ali İki"]: "booked"}


async def test_nobody_without_a_place_is_put_on_a_leg_anew(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ali İki"]])
    await replace(app, event, "Ayşe Bir", "Can Dört")
    answer = await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=PAID)
    assert answer.status_code == 422


async def test_the_journey_of_who_was_replaced_is_still_there_to_read(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    await replace(app, event, "Ayşe Bir", "Can Dört")
    theirs = f"/events/{event['id']}/travel/{of['Ayşe Bir']}"
    for role, may_plan in (("organiser", True), ("finance", False)):
        desk = await app.at_desk(role)
        assert theirs in (await desk.get(f"/events/{event['id']}/travel")).text
        page = await desk.get(theirs)
        assert (page.status_code, "TK 1887" in page.text, "Nothing leads" in page.text) == (200, True, False)
        assert (f"/legs/{leg['id']}" in page.text) is may_plan
    journeys = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    assert [one["name"] for one in journeys] == ["Can Dört"]


async def test_a_fare_that_was_paid_for_who_was_replaced_stays_booked_until_it_is_cancelled(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    await hold(app, leg, of["Ayşe Bir"], PAID)
    await replace(app, event, "Ayşe Bir", "Can Dört")
    assert await booked(app, event) == "1215.50"
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/costs")).text
    assert "Ayşe Bir" in page
    await hold(app, leg, of["Ayşe Bir"], PAID | {"state": "cancelled"})
    assert await booked(app, event) == "0.00"


@pytest.mark.parametrize("has_ticket", [True, False])
async def test_who_enters_anew_what_was_booked_for_them_does_not_take_it_over(
    sqlite_app: App, has_ticket: bool
) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    await hold(app, leg, of["Ayşe Bir"], {"state": "ticketed"})
    guest = await app.owner(tokens["Ayşe Bir"])
    own = {"leg": THERE, "has_ticket": has_ticket}
    assert (await guest.post("/api/v1/invitation/journey/legs", json=own)).status_code == 201
    left = await guest.delete(f"/api/v1/invitation/journey/legs/{leg['id']}")
    (kept,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert (left.status_code, kept["passengers"][0]["paid_by"]) == (409, "project")


async def test_a_wish_of_who_does_not_come_after_all_is_no_ticket(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    for name, has_ticket in (("Ayşe Bir", False), ("Ali İki", True)):
        guest = await app.owner(tokens[name])
        leg = {"leg": THERE | {"number": f"TK 1{len(name)}"}, "has_ticket": has_ticket}
        assert (await guest.post("/api/v1/invitation/journey/legs", json=leg)).status_code == 201
        assert (await guest.post("/api/v1/invitation/decline", json={"reason": "ill"})).is_success
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/travel")).text
    listed = page.partition("Tickets of people who have no place any more")[2]
    assert [of[name] in listed for name in ("Ayşe Bir", "Ali İki")] == [False, True]
