"""Calendars that are looked at, not subscribed to: JSON for programs, a screen at a endpoint, a month on anybody's web
page."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.ical import Entry
from events.calendars.personal_feeds.documents import jscalendar
from tests.events.calendars.test_personal_feeds import subscribed
from tests.events.calendars.test_shared_feeds import feed_of, published, share
from tests.journeys.browser import DESK, PHONE, chromium_at, look_over, open_page
from tests.people import App
from tests.processes import Forked, Installation

AT = datetime(2026, 1, 1, tzinfo=UTC)


def entry(starts: Any, ends: Any, zone: str = "Europe/Istanbul") -> Entry:
    return Entry("u@example.org", "Opening", starts, ends, zone, "Main hall", "", 3, "CONFIRMED", AT, AT)


async def test_a_persons_calendar_is_there_as_jscalendar(app: App) -> None:
    _, token, path = await subscribed(app)
    by_token = await (await app.owner(token)).get("/api/v1/invitation/calendar.jscalendar")
    by_feed = await app.stranger().get(path.replace(".ics", ".jscalendar"))
    assert by_feed.headers["content-type"] == "application/jscalendar+json;type=group"
    assert by_token.json()["entries"] == by_feed.json()["entries"]
    (event,) = by_feed.json()["entries"]
    shown = {n: event[n] for n in ("@type", "title", "start", "timeZone", "duration", "status")}
    assert shown == {
        "@type": "Event",
        "title": "Opening",
        "start": "2026-04-14T09:30:00",
        "timeZone": "Europe/Istanbul",
        "duration": "PT1H",
        "status": "confirmed",
    }
    assert event["locations"]["1"]["name"] == "Main hall, Ankara"
    assert "Ayşe" not in by_feed.text


async def test_an_ended_subscription_is_over_for_programs_too(app: App) -> None:
    _, token, path = await subscribed(app)
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    await visitor.send(f"/i/{token}/calendar/end")
    answer = await app.stranger().get(path.replace(".ics", ".jscalendar"))
    assert (answer.status_code, answer.json()["entries"]) == (410, [])


@given(
    day=st.dates(date(2026, 1, 1), date(2032, 1, 1)),
    minutes=st.integers(1, 60 * 24 * 9),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["Europe/Vienna", "Asia/Dhaka", "Europe/Istanbul", "America/New_York"]),
)
def test_start_and_duration_lead_to_the_end_across_any_change_of_clocks(
    day: date, minutes: int, hour: int, zone: str
) -> None:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    (event,) = jscalendar([entry(starts, starts + timedelta(minutes=minutes), zone)], uid="g", name="", about="")[
        "entries"
    ]
    hours, _, rest = (
        event["duration"].removeprefix("PT").partition("H")
        if "H" in event["duration"]
        else ("0", "", event["duration"].removeprefix("PT"))
    )
    span = timedelta(hours=int(hours), minutes=int(rest.removesuffix("M") or 0))
    local = datetime.fromisoformat(event["start"]).replace(tzinfo=ZoneInfo(zone))
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    assert starts + timedelta(minutes=minutes) in (first + span, second + span)


def test_whole_days_have_no_time_and_no_zone() -> None:
    (event,) = jscalendar([entry(date(2026, 4, 14), date(2026, 4, 15))], uid="g", name="", about="")["entries"]
    assert (event["start"], event["duration"], event["showWithoutTime"]) == (
        "2026-04-14T00:00:00",
        "P2D",
        True,
    )
    assert "timeZone" not in event


async def screen_path(app: App, **more: Any) -> str:
    event = await published(app, **more)
    path = await feed_of(app, f"events/{event['id']}", "room", room="Room 2", language="en")
    return path.replace(".ics", "/door")


async def test_a_screen_at_the_room_shows_what_takes_place_there_today_and_now(sqlite_app: App) -> None:
    path = await screen_path(sqlite_app)
    sqlite_app.clock.now = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)  # eleven in Istanbul
    page = (await sqlite_app.stranger().get(path)).text
    assert "Group A" in page
    assert "Opening" not in page
    assert 'aria-current="time"' in page
    sqlite_app.clock.now = datetime(2026, 4, 14, 10, 0, tzinfo=UTC)
    assert 'aria-current="time"' not in (await sqlite_app.stranger().get(path)).text
    sqlite_app.clock.now = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
    assert "Nothing takes place here today." in (await sqlite_app.stranger().get(path)).text


async def test_only_a_rooms_calendar_has_a_screen(app: App) -> None:
    event = await published(app)
    path = await feed_of(app, f"events/{event['id']}", "event")
    assert (await app.stranger().get(path.replace(".ics", "/door"))).status_code == 404
    made = (await share(app, f"events/{event['id']}", "room", room="Room 2")).json()
    screen = made["address"].partition("8000")[2].replace(".ics", "/door")
    assert (await app.stranger().get(screen)).status_code == 200
    await app.api().delete(f"/api/v1/feeds/{made['id']}")
    assert (await app.stranger().get(screen)).status_code == 404


async def test_who_shares_a_rooms_calendar_is_given_the_address_for_its_screen(sqlite_app: App) -> None:
    event = await published(sqlite_app)
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/calendars")
    given = {"of": "room:Room 2", "language": "en", "as_days": "no", "alarm_minutes": "0"}
    page = (await desk.send(f"/events/{event['id']}/calendars", given)).text
    path = "/calendar/shared/" + page.partition("/calendar/shared/")[2].partition(".ics")[0] + "/door"
    assert path in page
    assert (await sqlite_app.stranger().get(path)).status_code == 200


async def test_the_public_month_shows_public_events_alone(app: App) -> None:
    await published(app, title="Open day", confidentiality="public")
    await published(app, title="By link only")
    await published(app, title="Nobody knows", confidentiality="hidden")
    await app.event(title="Still a draft", confidentiality="public")
    answer = await app.stranger().get(f"/public/{app.project_id}/month?year=2026&month=4&language=en")
    assert "Open day" in answer.text
    assert all(title not in answer.text for title in ("By link", "Nobody", "draft"))
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("query", ["year=1", "month=13", "month=x", "language=english"])
async def test_a_month_that_is_none_is_refused(sqlite_app: App, query: str) -> None:
    await published(sqlite_app, confidentiality="public")
    answer = await sqlite_app.stranger().get(f"/public/{sqlite_app.project_id}/month?{query}")
    assert answer.status_code == 422


async def test_a_project_without_public_events_is_not_known_in_public(sqlite_app: App) -> None:
    await published(sqlite_app)
    for project in (sqlite_app.project_id, uuid4()):
        assert (await sqlite_app.stranger().get(f"/public/{project}/month")).status_code == 404


def test_the_month_works_in_a_frame_of_another_site_and_passes_axe(tmp_path: Path, demo: Path, chromium: str) -> None:
    installation = Forked(tmp_path).with_demo(demo)
    with installation.serving("--demo") as running, chromium_at(chromium) as browser:
        running.link()
        project = _public_project(installation)
        for size in (DESK, PHONE):
            page = open_page(browser, size, "en")
            page.goto(f"{installation.url}/public/{project}/month?language=en")
            assert look_over(page) == []
        page.set_content(f'<iframe src="{installation.url}/public/{project}/month?language=tr"></iframe>')
        frame = page.frame_locator("iframe")
        assert frame.locator("h1").inner_text()
        frame.get_by_text("Sonraki").click()
        assert frame.locator("h1").inner_text()


def _public_project(installation: Installation) -> str:
    rights = ("--right", "look", "--right", "plan")
    token = installation.run("token", "elif.karaca@example.org", "look", *rights).stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}) as api:
        event = api.get("/api/v1/events").json()["items"][0]
        id: str = event["project_id"]
        plan = {
            "project_id": id,
            "title": "Open day",
            "kind": "awareness-raising",
            "capacity": 50,
            "first_day": "2026-12-01",
            "last_day": "2026-12-01",
            "confidentiality": "public",
        }
        made = api.post("/api/v1/events", json=plan)
        assert made.status_code == 201, made.text
        api.post(f"/api/v1/events/{made.json()['id']}/state", json={"state": "published"})
    return id
