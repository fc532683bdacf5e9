"""Addresses of the former version still lead to where the same thing is done now."""

from tests.people import App


async def test_a_program_that_declines_at_the_former_address_is_sent_on_and_answered(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    guest = sqlite_app.guest(tokens["Ayşe Bir"])
    moved = await guest.post("/api/v1/invitation/refusal", json={"reason": "A hearing"})
    assert (moved.status_code, moved.headers["location"]) == (308, "/api/v1/invitation/decline")
    answer = await guest.post(moved.headers["location"], json={"reason": "A hearing"})
    assert answer.json()["status"] == "declined"


async def test_a_page_that_was_open_before_says_tentative_at_the_former_address(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{tokens['Ayşe Bir']}")
    moved = await visitor.send(f"/i/{tokens['Ayşe Bir']}/maybe")
    assert (moved.status_code, moved.headers["location"]) == (308, f"/i/{tokens['Ayşe Bir']}/tentative")
