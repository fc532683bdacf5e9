"""What clients, clocks and long texts do to a calendar: floods of requests, old names of zones, the far future."""

from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import entries, subscribe
from tests.people import App, problem_fields

SESSION = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}


async def fed(app: App, **more: Any) -> str:
    _, tokens = await app.accepted_event(["Ayşe Bir"], **more)
    return await subscribe(app, tokens["Ayşe Bir"])


async def test_a_thousand_fetches_of_one_calendar_get_its_bytes_and_hardly_a_query(sqlite_app: App) -> None:
    path, client = await fed(sqlite_app, sessions=[SESSION]), sqlite_app.stranger()
    first = await client.get(path)
    with sqlite_app.counting() as seen:
        answers = [await client.get(path) for _ in range(1000)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, first.content)}
    assert len(seen) < 50


async def test_whoever_asks_for_one_address_again_and_again_is_told_to_wait(sqlite_app: App) -> None:
    client, path = sqlite_app.stranger(), f"/calendar/{'x' * 32}.ics"
    answers = [await client.get(path) for _ in range(650)]
    assert [a.status_code for a in answers] == [404] * 600 + [429] * 50
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "Europe/Kiev", "Turkey", "America/Argentina/ComodRivadavia"])
async def test_an_old_name_of_a_zone_tells_the_right_hour_with_rules_of_its_own(sqlite_app: App, zone: str) -> None:
    path = await fed(sqlite_app, sessions=[SESSION], zone=zone)
    content = (await sqlite_app.stranger().get(path)).content
    entry: Any = entries(content)["Opening"]
    calendar = Calendar.from_ical(content)
    assert entry["DTSTART"].params["TZID"] == zone
    assert [str(rules["TZID"]) for rules in calendar.walk("VTIMEZONE")] == [zone]
    assert (
        calendar.walk("VTIMEZONE")[0].to_tz().utcoffset(entry["DTSTART"].dt.replace(tzinfo=None))
        == entry["DTSTART"].dt.utcoffset()
    )


async def test_the_last_day_that_can_be_planned_is_in_the_calendar(sqlite_app: App) -> None:
    late = {"title": "Opening", "starts": "2100-12-31T23:00", "ends": "2100-12-31T23:59"}
    path = await fed(sqlite_app, sessions=[late], first_day="2100-12-31", last_day="2100-12-31")
    entry: Any = entries((await sqlite_app.stranger().get(path)).content)["Opening"]
    assert entry["DTSTART"].dt.astimezone(UTC) == datetime(2100, 12, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize("sessions", [[], [SESSION]])
async def test_the_longest_description_comes_through_in_folded_lines(
    sqlite_app: App, sessions: list[dict[str, str]]
) -> None:
    text = "Ğ😀ş;\\, \n" * 625
    path = await fed(sqlite_app, description=text, sessions=sessions)
    content = (await sqlite_app.stranger().get(path)).content
    entry: Any = Calendar.from_ical(content).walk("VEVENT")[0]
    assert str(entry["DESCRIPTION"]).removeprefix("Coordination meeting").split() == text.split()
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


async def test_a_description_of_ten_thousand_letters_is_refused_beside_its_field(sqlite_app: App) -> None:
    plan = {**sqlite_app.plan(), "description": "x" * 10_000}
    refused = await sqlite_app.api().post("/api/v1/events", json=plan)
    assert (refused.status_code, list(problem_fields(refused))) == (422, ["description"])
