"""Calendars of projects, components, events, rooms and speakers."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.people import App

SESSIONS = [
    {"title": "Opening", "starts": "2026-04-14T09:00", "ends": "2026-04-14T10:00", "room": "Main hall"},
    {"title": "Group A", "starts": "2026-04-14T10:00", "ends": "2026-04-14T12:00", "room": "Room 2"},
]


async def share(app: App, where: str, kind: str, **more: Any) -> Any:
    return await app.api().post(f"/api/v1/{where}/feeds", json={"kind": kind, **more})


async def feed_of(app: App, where: str, kind: str, **more: Any) -> str:
    answer = await share(app, where, kind, **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["address"]).partition("8000")[2]


async def shown(app: App, path: str) -> dict[str, str]:
    answer = await app.stranger().get(path)
    assert answer.status_code == 200
    return {str(e["SUMMARY"]): str(e["STATUS"]) for e in Calendar.from_ical(answer.text).walk("VEVENT")}


async def published(app: App, **more: Any) -> dict[str, Any]:
    event = await app.event(**{"sessions": SESSIONS, **more})
    await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    found: dict[str, Any] = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    return found


async def test_an_events_calendar_shows_its_sessions_and_whole_days_where_wanted(sqlite_app: App) -> None:
    event = await published(sqlite_app)
    sessions = await feed_of(sqlite_app, f"events/{event['id']}", "event")
    days = await feed_of(sqlite_app, f"events/{event['id']}", "event", as_days=True)
    assert await shown(sqlite_app, sessions) == {"Opening": "CONFIRMED", "Group A": "CONFIRMED"}
    assert await shown(sqlite_app, days) == {"Coordination meeting": "CONFIRMED"}


async def test_a_room_shows_on_its_screen_what_takes_place_in_it(app: App) -> None:
    event = await published(app)
    path = await feed_of(app, f"events/{event['id']}", "room", room="room 2")
    assert await shown(app, path) == {"Group A": "CONFIRMED"}


async def test_an_interpreter_sees_only_their_sessions(app: App) -> None:
    event = await published(app)
    await app.name_people(event, ["Derya Çevirmen"])
    person = (await app.api().get("/api/v1/people", params={"q": "derya"})).json()["items"][0]["id"]
    early = await share(app, f"events/{event['id']}", "person", person_id=person)
    session = next(s["id"] for s in event["sessions"] if s["title"] == "Group A")
    given = {"people": [{"person_id": person, "role": "interpreter", "languages": "tr-en"}]}
    answer = await app.api().put(f"/api/v1/sessions/{session}/people", json=given)
    assert answer.status_code == 200, answer.text
    path = await feed_of(app, f"events/{event['id']}", "person", person_id=person)
    assert (early.status_code, await shown(app, path)) == (422, {"Group A": "CONFIRMED"})


async def test_a_projects_calendar_shows_all_its_events_but_drafts(sqlite_app: App) -> None:
    await published(sqlite_app, title="First")
    await published(sqlite_app, title="Second", first_day="2026-05-04", last_day="2026-05-05", sessions=[])
    await sqlite_app.event(title="A draft")
    path = await feed_of(sqlite_app, f"projects/{sqlite_app.project_id}", "project", as_days=True)
    assert set(await shown(sqlite_app, path)) == {"First", "Second"}


async def test_a_components_calendar_shows_what_reports_to_it(sqlite_app: App) -> None:
    made = await sqlite_app.api("administrator").post(
        f"/api/v1/projects/{sqlite_app.project_id}/components", json={"code": "C1", "title": "Training"}
    )
    component = made.json()["id"]
    await published(sqlite_app, title="Of it", component_id=component)
    await published(sqlite_app, title="Of none")
    path = await feed_of(
        sqlite_app, f"projects/{sqlite_app.project_id}", "component", component_id=component, as_days=True
    )
    assert set(await shown(sqlite_app, path)) == {"Of it"}


async def test_nothing_new_is_a_304_and_every_change_shows_at_once(app: App) -> None:
    event = await published(app)
    path = await feed_of(app, f"events/{event['id']}", "event")
    client = app.stranger().client
    first = await client.get(path)
    same = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    session = event["sessions"][0]
    moved = {"title": "Opening", "starts": "2026-04-14T08:00", "ends": "2026-04-14T09:00"}
    await app.api().put(f"/api/v1/sessions/{session['id']}", json=moved)
    after = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "x"})
    assert (same.status_code, after.status_code) == (304, 200)
    assert set((await shown(app, path)).values()) == {"CANCELLED"}


async def test_who_fetched_it_last_is_noted_once_an_hour(app: App) -> None:
    event = await published(app)
    path = await feed_of(app, f"events/{event['id']}", "event")
    await app.stranger().client.get(path, headers={"User-Agent": "Thunderbird/140"})
    app.clock.forward(minutes=30)
    await app.stranger().client.get(path, headers={"User-Agent": "Another"})
    seen = (await app.api().get(f"/api/v1/events/{event['id']}/feeds")).json()[0]
    assert (seen["client"], seen["fetched_at"]) == ("Thunderbird/140", "2026-03-02T08:00:00Z")


async def test_an_ended_calendar_says_so(sqlite_app: App) -> None:
    event = await published(sqlite_app)
    path = await feed_of(sqlite_app, f"events/{event['id']}", "event")
    await sqlite_app.stranger().get(path)
    id = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/feeds")).json()[0]["id"]
    assert (await sqlite_app.api().delete(f"/api/v1/feeds/{id}")).status_code == 204
    assert (await sqlite_app.stranger().get(path)).status_code == 410
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/feeds")).json() == []


async def test_alarms_are_set_where_wanted_and_nobody_is_named(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Gizli"], sessions=SESSIONS)
    path = await feed_of(sqlite_app, f"events/{event['id']}", "event", alarm_minutes=15)
    text = (await sqlite_app.stranger().get(path)).text
    alarms = Calendar.from_ical(text).walk("VALARM")
    assert len(alarms) == 2
    assert all(alarm["TRIGGER"].to_ical() == b"-PT15M" for alarm in alarms)
    assert "Gizli" not in text


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("room", {}, "room"),
        ("person", {}, "person_id"),
        ("project", {}, "kind"),
        ("event", {"room": "Main hall"}, "room"),
        ("event", {"alarm_minutes": -5}, "alarm_minutes"),
        ("event", {"language": "xx"}, "language"),
    ],
)
async def test_a_calendar_of_nothing_is_refused(sqlite_app: App, kind: str, more: dict[str, Any], field: str) -> None:
    event = await published(sqlite_app)
    answer = await share(sqlite_app, f"events/{event['id']}", kind, **more)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_one_letter_changed_opens_no_calendar_and_another_project_ends_none(
    sqlite_app: App,
) -> None:
    event = await published(sqlite_app)
    path = await feed_of(sqlite_app, f"events/{event['id']}", "event")
    id = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/feeds")).json()[0]["id"]
    await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await sqlite_app.stranger().get(path.replace(".ics", "x.ics"))).status_code == 404
    assert (await sqlite_app.api("other-organiser").delete(f"/api/v1/feeds/{id}")).status_code == 404


async def test_the_pages_make_and_end_calendars(sqlite_app: App) -> None:
    event = await published(sqlite_app)
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/calendars"
    await desk.get(path)
    given = {"of": "room:Main hall", "language": "en", "as_days": "no", "alarm_minutes": "15"}
    page = (await desk.send(path, given)).text
    assert "webcal://" in page
    address = page.partition('<code class="secret">')[2].partition("<")[0].partition("8000")[2]
    assert await shown(sqlite_app, address) == {"Opening": "CONFIRMED"}
    end = page.partition('action="/feeds/')[2].partition('"')[0]
    await desk.send(f"/feeds/{end}")
    assert (await sqlite_app.stranger().get(address)).status_code == 410
    wrong = await desk.send(f"/projects/{sqlite_app.project_id}/calendars", {"of": "component:", "language": "en"})
    assert wrong.status_code == 422
