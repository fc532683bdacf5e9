"""Calendars as parsers read them that we neither wrote nor write with: vobject, and ical.js in a browser."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import vobject
from playwright.async_api import async_playwright

from tests.events.calendars.test_personal_feeds import subscribe
from tests.journeys.browser import FLAGS
from tests.people import App

ICAL_JS = Path(__file__).resolve().parents[3] / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs"
READ = """text => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map(component => {
  const entry = new ICAL.Event(component);
  const zone = component.parent.getFirstSubcomponent("vtimezone");
  const moment = time => new Date(
    (zone ? new ICAL.Time(time, new ICAL.Timezone(zone)) : time).toUnixTime() * 1000).toISOString();
  return [entry.summary, component.getFirstPropertyValue("status"), moment(entry.startDate), moment(entry.endDate),
          entry.location];
})"""
HARD = 'Çığ; "yarı" \\ tam, ' + "şğü" * 20 + " 😀 END:VEVENT"
SESSIONS: list[dict[str, object]] = [
    {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"},
    {"title": HARD, "starts": "2026-04-14T11:00", "ends": "2026-04-14T12:00", "room": "Oda; 2, kat"},
    {"title": "Dropped", "starts": "2026-04-14T13:00", "ends": "2026-04-14T14:00"},
]
SHOWN = [
    ("Dropped", "CANCELLED", "2026-04-14T10:00:00.000Z", "2026-04-14T11:00:00.000Z", "Ankara"),
    ("Opening", "CONFIRMED", "2026-04-14T06:30:00.000Z", "2026-04-14T07:30:00.000Z", "Main hall, Ankara"),
    (HARD, "CONFIRMED", "2026-04-14T08:00:00.000Z", "2026-04-14T09:00:00.000Z", "Oda; 2, kat, Ankara"),
]
Shown = list[tuple[str, ...]]


def by_vobject(text: str) -> Shown:
    def moment(at: datetime) -> str:
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    return [
        (e.summary.value, e.status.value, moment(e.dtstart.value), moment(e.dtend.value), e.location.value)
        for e in vobject.readOne(text).vevent_list
    ]


async def by_ical_js(text: str, chromium: str) -> Shown:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(timezone_id="America/New_York")
        await page.add_script_tag(path=ICAL_JS)
        read: list[list[Any]] = json.loads(await page.evaluate(f"text => JSON.stringify(({READ})(text))", text))
        await browser.close()
    return [tuple(entry) for entry in read]


async def feed_of(app: App) -> str:
    event, tokens = await app.accepted_event(["Ayşe Yılmaz"], sessions=SESSIONS)
    dropped = next(s["id"] for s in event["sessions"] if s["title"] == "Dropped")
    await app.api().delete(f"/api/v1/sessions/{dropped}")
    path = await subscribe(app, tokens["Ayşe Yılmaz"])
    return (await app.stranger().get(path)).text


async def test_vobject_reads_the_feed_as_it_was_meant(sqlite_app: App) -> None:
    assert sorted(by_vobject(await feed_of(sqlite_app))) == SHOWN


async def test_ical_js_reads_the_feed_as_it_was_meant_in_another_zone(sqlite_app: App, chromium: str) -> None:
    assert sorted(await by_ical_js(await feed_of(sqlite_app), chromium)) == SHOWN
