"""Before people are invited, their organiser sees what the invitation will and will not say."""

from typing import Any

from tests.people import App

SESSION = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}


async def findings(app: App, event: dict[str, Any]) -> dict[str, str]:
    found = await app.api().get(f"/api/v1/events/{event['id']}/invitations/preflight")
    assert found.status_code == 200, found.text
    return {one["code"]: one["text"] for one in found.json()}


async def test_nothing_is_said_of_an_event_that_has_everything(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    assert await findings(app, event) == {}


async def test_more_people_than_places_an_empty_programme_and_no_deadline_are_named(app: App) -> None:
    event = await app.event(capacity=1, venue="")
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    found = await findings(app, event)
    assert found.pop("capacity") == "To be invited: 2. Free places: 1."
    assert set(found) == {"programme", "place", "deadline"}


async def test_a_deadline_that_has_passed_is_named(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    await app.name_people(event, ["Ayşe Bir"])
    app.clock.now = app.clock.now.replace(month=4, day=3)
    assert (await findings(app, event))["deadline"] == "The RSVP deadline has passed."


async def test_people_without_an_address_and_a_title_in_one_language_are_named(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    lines = ["Name;Institution;Province;E-mail;Language", "Ayşe Bir;Court 1;Ankara;ayse@example.org;tr"]
    lines += ["John Smith;Court 2;Ankara;john@example.org;en", "Deniz Üç;Court 3;Ankara;;tr"]
    made = await app.upload(event, "\n".join(lines).encode())
    applied = await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    assert applied.json()["added"] == 3
    found = await findings(app, event)
    assert found["address"] == "Without an e-mail address, and so without an invitation: 1."
    assert "language" in found


async def test_the_page_shows_them_beside_the_button(app: App) -> None:
    event = await app.event(capacity=1)
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    assert "To be invited: 2. Free places: 1." in desk.page
