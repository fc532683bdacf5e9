"""Every calendar we hand out, as other programs read it, on both sides of both changes of the clocks: in zones that
have a rule, that had one, and that have one which iCalendar cannot say."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import open_app, settings_for
from tests.events.calendars import readers
from tests.events.calendars.readers import Shown
from tests.people import FORM_TOKEN, LINK, App, Visitor

# Two changes of each zone's clocks, the last ones where there are none now: the first time after it that is there once.
CHANGES = {
    "Europe/Istanbul": ("2016-03-27T04:00", "2015-11-08T04:00"),
    "Turkey": ("2015-03-29T04:00", "2016-09-07T00:00"),
    "Europe/Vienna": ("2026-03-29T03:00", "2026-10-25T03:00"),
    "America/New_York": ("2026-03-08T03:00", "2026-11-01T02:00"),
    "Asia/Dhaka": ("2009-06-20T00:00", "2010-01-01T00:00"),
    "Africa/Cairo": ("2026-04-24T01:00", "2026-10-30T00:00"),
    "America/Sao_Paulo": ("2018-11-04T01:00", "2018-02-18T00:00"),
    "Australia/Lord_Howe": ("2026-10-04T02:30", "2026-04-05T02:00"),
}
BEFORE_ALL = datetime(2009, 1, 5, 8, tzinfo=UTC)
HARD = 'Çığ; "yarı" \\ tam, ' + "şğü" * 20 + " 😀 END:VEVENT"
PERSON = {"name": "Ayşe Yılmaz", "address": "ayse@example.org", "how": "add"}
ICS, JSON = ("personal feed", "project's feed", "REQUEST", "CANCEL"), ("jCal", "JSCalendar")


class Handed:
    """What was handed out, by kind and number, and what each must say."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.meant: dict[str, Shown] = {}

    def put(self, kind: str, texts: list[str], meant: list[Shown]) -> None:
        for n, (text, entries) in enumerate(zip(texts, meant, strict=True)):
            self.texts[f"{kind} {n}"], self.meant[f"{kind} {n}"] = text, entries

    def of(self, kinds: tuple[str, ...]) -> dict[str, str]:
        return {name: text for name, text in self.texts.items() if name.startswith(kinds)}


def times() -> Iterator[tuple[str, datetime]]:
    """In each zone, the moment after each change and the same time of the day before."""
    for zone, changes in CHANGES.items():
        for change in map(datetime.fromisoformat, changes):
            yield from ((zone, change - timedelta(days=1)), (zone, change))


async def planned(app: App, desk: Visitor, zone: str, starts: datetime) -> tuple[str, list[Any]]:
    """An event of one session from then on, to which somebody was added; its id, and what calendars have to say."""
    title, room, day = f"{zone} {starts} {HARD}", "Oda; 2, kat", str(starts.date())
    ends = starts + timedelta(hours=2, minutes=45)
    session = {"title": title, "starts": starts.isoformat(), "ends": ends.isoformat(), "room": room}
    event = await app.event(title=title, zone=zone, first_day=day, last_day=day, sessions=[session])
    await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    form = {"form_token": FORM_TOKEN.findall(desk.page)[0]}
    added = await desk.client.post(f"/events/{event['id']}/people", data={**form, **PERSON})
    assert added.is_redirect, added.text
    seconds = (time.replace(tzinfo=ZoneInfo(zone)).timestamp() for time in (starts, ends))
    return event["id"], [title, "CONFIRMED", f"{room}, Ankara", *seconds]


async def made_in(app: App) -> Handed:
    app.clock.now = BEFORE_ALL
    desk = await app.at_desk()
    await desk.get("/sign-in/link")
    made = [await planned(app, desk, zone, starts) for zone, starts in times()]
    events, meant = [id for id, _ in made], [entry for _, entry in made]
    handed = Handed()
    told = await app.mails("events/accepted")
    found = LINK.search(told[-1].plain)
    assert found
    owner = await app.owners_browser(found[1])
    await owner.get(f"/i/{found[1]}")
    page = (await owner.send(f"/i/{found[1]}/calendar")).text
    personal = f"/calendar/{page.partition('8000/calendar/')[2].partition('.ics')[0]}"
    shared = await app.api().post(f"/api/v1/projects/{app.project_id}/feeds", json={"kind": "project"})
    for kind, path in (
        ("personal feed", f"{personal}.ics"),
        ("JSCalendar", f"{personal}.jscalendar"),
        ("project's feed", shared.json()["address"].partition("8000")[2]),
    ):
        handed.put(kind, [(await app.stranger().get(path)).text], [meant])
    jcal = await (await app.owner(found[1])).get("/api/v1/invitation/calendar.json")
    handed.put("jCal", [jcal.text], [meant])
    mailed = [[[title, status, "Ankara", *times]] for title, status, _, *times in meant]
    handed.put("REQUEST", [mail.calendar or "" for mail in told], mailed)
    for id in events:
        await app.api().post(f"/api/v1/events/{id}/cancellation", json={"reason": "Floods"})
    await app.work()
    off = [[[title, "CANCELLED", *rest]] for [[title, _, *rest]] in mailed]
    handed.put("CANCEL", [mail.calendar or "" for mail in await app.mails("events/cancellation")], off)
    return handed


@pytest.fixture(scope="module")
def handed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Handed:
    folder = tmp_path_factory.mktemp("calendars")
    (folder / "heyet.db").write_bytes(sqlite_template.read_bytes())

    async def made() -> Handed:
        async for app in open_app(settings_for(f"sqlite+aiosqlite:///{folder / 'heyet.db'}", folder)):
            return await made_in(app)
        raise AssertionError

    return asyncio.run(made())


@pytest.mark.parametrize(
    ("read", "kinds"),
    [
        (readers.by_ical_js, (*ICS, "jCal")),
        (readers.by_sabre, ICS),
        (readers.by_libical, ICS),
        (readers.by_dateutil, ICS),
        (readers.by_zone_names, JSON),
    ],
)
def test_other_programs_read_every_calendar_as_it_was_meant(
    handed: Handed, read: Callable[[dict[str, str]], dict[str, Shown]], kinds: tuple[str, ...]
) -> None:
    given = handed.of(kinds)
    assert {name.rpartition(" ")[0] for name in given} == set(kinds)
    found = read(given)
    assert {name: sorted(entries) for name, entries in found.items()} == {
        name: sorted(handed.meant[name]) for name in given
    }
