"""Home: coming events as cards, each with its answers, the days left and the next step."""

import re
from datetime import UTC, datetime

from tests.people import App


async def cards(app: App, role: str = "organiser") -> dict[str, str]:
    """The text of each card by the event's title."""
    page = (await (await app.at_desk(role)).get("/")).text
    found = re.findall(r'<li class="card card-body">(.*?)<p class="mt-auto mb-0">(.*?)</p>', page, re.S)
    said = [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for pair in found for part in pair]
    return {said[n].split(" Coordination meeting ")[0]: f"{said[n]} | {said[n + 1]}" for n in range(0, len(said), 2)}


async def test_a_coming_event_says_its_answers_days_left_and_next_step(app: App) -> None:
    _, tokens = await app.invited_event(
        ["Ayşe Bir", "Mehmet İki", "Şule Üç"],
        title="Spring meeting",
        kind="coordination-meeting",
        answer_by="2026-03-20",
    )
    await app.accept(tokens["Ayşe Bir"])
    app.clock.now = datetime(2026, 3, 25, 9, tzinfo=UTC)
    card = (await cards(app))["Spring meeting"]
    assert "in 20 days" in card
    assert "Attending 1" in card
    assert "Not answered 2" in card
    assert card.endswith("2 people have not answered by the RSVP deadline. See who : Spring meeting")


async def test_days_are_counted_where_the_event_is(sqlite_app: App) -> None:
    await sqlite_app.event(title="Spring meeting", kind="coordination-meeting")
    # 22:30 in London on the 12th is the 13th in Istanbul: the event of the 14th is tomorrow there.
    sqlite_app.clock.now = datetime(2026, 4, 12, 22, 30, tzinfo=UTC)
    assert "tomorrow" in (await cards(sqlite_app))["Spring meeting"]


async def test_a_card_without_invitations_says_so_and_what_is_over_has_none(sqlite_app: App) -> None:
    await sqlite_app.event(title="Spring meeting", kind="coordination-meeting")
    assert "Nobody is invited yet. 0 of 30 places taken" in (await cards(sqlite_app))["Spring meeting"]
    sqlite_app.clock.now = datetime(2026, 4, 17, 9, tzinfo=UTC)
    assert await cards(sqlite_app) == {}


async def test_an_event_is_over_when_its_day_is_over_where_it_is(sqlite_app: App) -> None:
    await sqlite_app.event(title="Spring meeting", kind="coordination-meeting")
    sqlite_app.clock.now = datetime(2026, 4, 15, 20, 30, tzinfo=UTC)
    assert await cards(sqlite_app)
    # Half an hour after midnight in Istanbul, while it is the 15th in London still.
    sqlite_app.clock.now = datetime(2026, 4, 15, 21, 30, tzinfo=UTC)
    assert await cards(sqlite_app) == {}


async def test_an_event_west_of_the_project_is_shown_until_its_own_day_is_over(sqlite_app: App) -> None:
    there = {"country": "US", "zone": "America/New_York"}
    await sqlite_app.event(title="Study tour", kind="coordination-meeting", **there)
    sqlite_app.clock.now = datetime(2026, 4, 16, 3, 30, tzinfo=UTC)
    assert await cards(sqlite_app)
    sqlite_app.clock.now = datetime(2026, 4, 16, 4, 30, tzinfo=UTC)
    assert await cards(sqlite_app) == {}


async def test_the_month_begins_when_it_does_in_the_project(sqlite_app: App) -> None:
    sqlite_app.clock.now = datetime(2026, 4, 30, 21, 30, tzinfo=UTC)
    assert "May 2026" in (await (await sqlite_app.at_desk()).get("/events/month")).text


async def test_who_has_no_role_any_more_is_told_so(sqlite_app: App) -> None:
    members = (await sqlite_app.api("administrator").get(f"/api/v1/projects/{sqlite_app.project_id}/members")).json()
    for one in members:
        if one["role"] == "assistant":
            await sqlite_app.api("administrator").delete(
                f"/api/v1/projects/{sqlite_app.project_id}/members/{one['id']}"
            )
    page = (await (await sqlite_app.at_desk("assistant")).get("/")).text
    assert ("You have no role in any project" in page, "Sign-in desk" in page) == (True, False)
