"""Feeds that calendar clients keep right."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from cachetools import LRUCache
from icalendar import Calendar

from core.db import Database
from core.documents.ical import Entry, feed_calendar
from directory.accounts.access import Caller
from events.calendars.personal_feeds.feed_cache import KNOWN, TRUSTED_SECONDS, CachedFeeds
from events.calendars.personal_feeds.service import CACHED
from events.programme.events.schemas import SessionIn
from events.programme.events.service import change_session
from tests.people import App, copied

SESSION = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"}
ISTANBUL = ZoneInfo("Europe/Istanbul")


async def subscribe(app: App, token: str) -> str:
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    page = (await visitor.send(f"/i/{token}/calendar")).text
    return "/calendar/" + page.partition("127.0.0.1:8000/calendar/")[2].partition(".ics")[0] + ".ics"


@copied
async def subscribed(app: App, **more: object) -> tuple[dict[str, object], str, str]:
    event, tokens = await app.accepted_event(["Ayşe Yılmaz"], sessions=[SESSION], **more)
    token = tokens["Ayşe Yılmaz"]
    return event, token, await subscribe(app, token)


def entries(content: bytes) -> dict[str, object]:
    return {str(e["SUMMARY"]): e for e in Calendar.from_ical(content).walk("VEVENT")}


async def test_a_feed_shows_the_persons_sessions_in_the_events_zone(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    answer = await sqlite_app.stranger().get(path)
    calendar = Calendar.from_ical(answer.content)
    entry = entries(answer.content)["Opening"]
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert entry["DTSTART"].dt == datetime(2026, 4, 14, 9, 30, tzinfo=ISTANBUL)  # type: ignore[index]
    assert str(entry["LOCATION"]) == "Main hall, Ankara"  # type: ignore[index]
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == "Europe/Istanbul"
    assert "METHOD" not in calendar
    assert b"ATTENDEE" not in answer.content


async def test_a_client_shows_what_a_person_would_see(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    calendar = Calendar.from_ical((await sqlite_app.stranger().get(path)).content)
    shown = recurring_ical_events.of(calendar).between((2026, 4, 14), (2026, 4, 15))
    assert [str(e["SUMMARY"]) for e in shown] == ["Opening"]


async def test_nothing_new_is_a_304_from_one_query_where_the_process_knows_nothing_yet(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    first = await sqlite_app.stranger().get(path)
    sqlite_app.fastapi.state.cached_feeds = CachedFeeds()
    with sqlite_app.counting() as seen:
        again = await sqlite_app.stranger().get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len([s for s in seen if s.startswith("SELECT")]) == 1


async def test_a_moved_session_shows_at_once_with_a_higher_sequence(app: App) -> None:
    event, _, path = await subscribed(app)
    before = await app.stranger().get(path)
    session = event["sessions"][0]["id"]  # type: ignore[index]
    moved = {**SESSION, "starts": "2026-04-14T11:00", "ends": "2026-04-14T12:00"}
    await app.api().put(f"/api/v1/sessions/{session}", json=moved)
    after = await app.stranger().get(path, headers={"If-None-Match": before.headers["etag"]})
    old, new = entries(before.content)["Opening"], entries(after.content)["Opening"]
    assert after.status_code == 200
    assert (old["UID"], new["DTSTART"].dt.hour) == (new["UID"], 11)  # type: ignore[index]
    assert new["SEQUENCE"] > old["SEQUENCE"]  # type: ignore[index]


async def test_a_removed_session_stays_as_cancelled(sqlite_app: App) -> None:
    event, _, path = await subscribed(sqlite_app)
    await sqlite_app.api().delete(f"/api/v1/sessions/{event['sessions'][0]['id']}")  # type: ignore[index]
    entry = entries((await sqlite_app.stranger().get(path)).content)["Opening"]
    assert str(entry["STATUS"]) == "CANCELLED"  # type: ignore[index]


async def test_whoever_declines_sees_the_entry_cancelled_and_who_waits_sees_it_tentative(
    sqlite_app: App,
) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1, sessions=[SESSION])
    paths = [await subscribe(sqlite_app, token) for token in tokens.values()]
    waiting = entries((await sqlite_app.stranger().get(paths[1])).content)["Opening"]
    await sqlite_app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/decline", json={})
    declined = entries((await sqlite_app.stranger().get(paths[0])).content)["Opening"]
    moved_up = entries((await sqlite_app.stranger().get(paths[1])).content)["Opening"]
    statuses = [str(e["STATUS"]) for e in (waiting, declined, moved_up)]  # type: ignore[index]
    assert statuses == ["TENTATIVE", "CANCELLED", "CONFIRMED"]


async def test_an_event_without_sessions_is_whole_days(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    entry = entries((await sqlite_app.stranger().get(await subscribe(sqlite_app, tokens["Ayşe Yılmaz"]))).content)[
        "Coordination meeting"
    ]
    assert [str(entry[name].dt) for name in ("DTSTART", "DTEND")] == ["2026-04-14", "2026-04-16"]  # type: ignore[index]


async def test_an_ended_subscription_says_so_to_client_and_reader(sqlite_app: App) -> None:
    _, token, path = await subscribed(sqlite_app)
    visitor = await sqlite_app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    await visitor.send(f"/i/{token}/calendar/end")
    answer = await sqlite_app.stranger().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (410, "text/calendar; charset=utf-8")
    assert str(Calendar.from_ical(answer.content)["NAME"]) == "Artık kullanılamıyor"


async def test_one_letter_changed_opens_nothing(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    wrong = path[:-5] + ("A" if path[-5] != "A" else "B") + ".ics"
    assert (await sqlite_app.stranger().get(wrong)).status_code == 404


async def test_a_feed_answers_head_and_gzip_and_keeps_its_bytes(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    client = sqlite_app.stranger().client
    head = await client.head(path)
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    zipped = await client.get(path, headers={"Accept-Encoding": "gzip"})
    sqlite_app.clock.forward(days=3)
    later = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.content == zipped.content == later.content


@pytest.mark.parametrize("header", ["*", 'W/"x"', "garbage", '"a", "b"', "\x7f", ","])
async def test_odd_conditional_headers_get_the_feed(sqlite_app: App, header: str) -> None:
    _, _, path = await subscribed(sqlite_app)
    assert (await sqlite_app.stranger().get(path, headers={"If-None-Match": header})).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "Line\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        "a;b,c\\d",
        "x" * 10_000,
        "ş" * 74 + "🎉" * 40,
        "N:ew\nline",
        '"quoted"',
    ],
)
def test_no_text_breaks_out_of_its_entry(text: str) -> None:
    at = datetime(2026, 4, 14, 9, tzinfo=ISTANBUL)
    entry = Entry(
        uid="a@example.org",
        title=text,
        starts=at,
        ends=at.replace(hour=10),
        zone="Europe/Istanbul",
        venue=text,
        text=text,
        sequence=0,
        status="CONFIRMED",
        created_at=at,
        changed_at=at,
    )
    content = feed_calendar([entry], name=text, about=text, zone="Europe/Istanbul", address="")
    calendar = Calendar.from_ical(content)
    assert len(calendar.walk("VEVENT")) == 1
    assert str(calendar.walk("VEVENT")[0]["SUMMARY"]).replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode("utf-8")


async def test_what_is_known_is_answered_without_a_query_and_with_the_same_headers(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    client = sqlite_app.stranger().client
    first = await client.get(path)
    with sqlite_app.counting() as seen:
        known = await client.get(path)
        unchanged = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
        head = await client.head(path, headers={"Accept-Encoding": "identity"})
    assert (seen, known.content, unchanged.status_code, head.content) == ([], first.content, 304, b"")
    assert int(head.headers["content-length"]) == len(first.content)
    own = {"x-request-id", "content-length"}
    assert {n: v for n, v in known.headers.items() if n not in own} == {
        n: v for n, v in first.headers.items() if n not in own
    }


async def test_a_change_that_no_feed_shows_leaves_what_is_known(sqlite_app: App) -> None:
    _, _, path = await subscribed(sqlite_app)
    client = sqlite_app.stranger().client
    await client.get(path)
    await sqlite_app.api().post(
        "/api/v1/institutions", json={"name": "Elsewhere", "project_id": str(sqlite_app.project_id)}
    )
    with sqlite_app.counting() as seen:
        await client.get(path)
    assert seen == []


async def test_a_change_in_another_process_shows_within_five_seconds(app: App) -> None:
    event, _, path = await subscribed(app)
    client, seconds = app.stranger().client, [0.0]
    app.fastapi.state.cached_feeds = CachedFeeds(timer=lambda: seconds[0])
    before = await client.get(path)
    other = Database(app.fastapi.state.settings.database)
    async with other.unit_of_work() as db:
        await change_session(
            db,
            UUID(event["sessions"][0]["id"]),
            SessionIn(**{**SESSION, "title": "Moved elsewhere"}),
            await caller_of(app),
            at=app.clock(),  # type: ignore[index, arg-type]
        )
    await other.close()
    seconds[0] = TRUSTED_SECONDS - 0.1
    assert (await client.get(path)).content == before.content
    seconds[0] = TRUSTED_SECONDS + 0.1
    assert "Moved elsewhere" in (await client.get(path)).text


def test_the_feed_that_was_asked_for_longest_ago_is_forgotten_first() -> None:
    feeds = CachedFeeds()
    for n in range(KNOWN):
        feeds.remember(f"token-{n}", "etag", b"", 0)
    assert feeds.find("token-0", 0)
    feeds.remember("one more", "etag", b"", 0)
    assert [feeds.find(token, 0) is not None for token in ("token-0", "token-1", "one more")] == [True, False, True]


async def caller_of(app: App) -> Caller:
    return Caller(app.accounts["organiser"], "Elif", "en", {}, projects=frozenset({app.project_id}))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8000", ""])
async def test_what_is_known_is_not_told_to_another_host_name(sqlite_app: App, host: str) -> None:
    _, _, path = await subscribed(sqlite_app)
    client = sqlite_app.stranger().client
    await client.get(path)
    assert (await client.get(path, headers={"Host": host})).status_code == 400


@copied
async def subscribed_as(app: App, **wish: str) -> tuple[str, str]:
    """A personal token and the path of a calendar that is wished for like that."""
    _, tokens = await app.accepted_event(["Ayşe Yılmaz"], sessions=[SESSION])
    token = tokens["Ayşe Yılmaz"]
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    page = (await visitor.send(f"/i/{token}/calendar", wish)).text
    return token, "/calendar/" + page.partition("127.0.0.1:8000/calendar/")[2].partition(".ics")[0] + ".ics"


async def test_a_person_chooses_whole_days_or_sessions_with_an_alarm(app: App) -> None:
    token, days = await subscribed_as(app, as_days="yes")
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    page = (await visitor.send(f"/i/{token}/calendar", {"as_days": "no", "alarm_minutes": "60"})).text
    timed = "/calendar/" + page.partition("127.0.0.1:8000/calendar/")[2].partition(".ics")[0] + ".ics"
    whole = entries((await visitor.get(days)).content)
    alarms = Calendar.from_ical((await visitor.get(timed)).content).walk("VALARM")
    assert list(whole) == ["Coordination meeting"]
    assert [alarm["TRIGGER"].to_ical() for alarm in alarms] == [b"-PT60M"] or [
        alarm["TRIGGER"].to_ical() for alarm in alarms
    ] == [b"-PT1H"]


async def test_a_person_sees_their_subscriptions_and_ends_one_of_them(sqlite_app: App) -> None:
    token, first = await subscribed_as(sqlite_app)
    visitor = await sqlite_app.owners_browser(token)
    await visitor.client.get(first, headers={"User-Agent": "Thunderbird/140"})
    await visitor.get(f"/i/{token}")
    second = (await visitor.send(f"/i/{token}/calendar")).text
    other = "/calendar/" + second.partition("127.0.0.1:8000/calendar/")[2].partition(".ics")[0] + ".ics"
    page = (await visitor.get(f"/i/{token}")).text
    oldest = page.split('name="feed" value="')[-1].partition('"')[0]
    await visitor.send(f"/i/{token}/calendar/end", {"feed": oldest})
    assert "Thunderbird/140" in page
    assert [(await visitor.get(path)).status_code for path in (first, other)] == [410, 200]


async def test_busy_times_are_told_without_a_word_about_what_they_are(sqlite_app: App) -> None:
    _, path = await subscribed_as(sqlite_app)
    answer = await sqlite_app.stranger().get(path.replace(".ics", ".ifb"))
    sqlite_app.clock.forward(hours=1)
    again = await sqlite_app.stranger().get(path.replace(".ics", ".ifb"))
    assert again.content == answer.content, "the same times, other bytes"
    busy = Calendar.from_ical(answer.text).walk("VFREEBUSY")[0]
    assert busy["FREEBUSY"].to_ical() == b"20260414T063000Z/20260414T073000Z"
    assert "Opening" not in answer.text


async def test_the_same_calendar_is_there_as_jcal(sqlite_app: App) -> None:
    token, _ = await subscribed_as(sqlite_app)
    answer = await (await sqlite_app.owner(token)).get("/api/v1/invitation/calendar.json")
    name, _, components = answer.json()
    titles = [p[3] for c in components if c[0] == "vevent" for p in c[1] if p[0] == "summary"]
    assert (name, titles, answer.headers["content-type"]) == (
        "vcalendar",
        ["Opening"],
        "application/calendar+json",
    )


async def test_a_process_that_never_rendered_a_feed_answers_what_did_not_change_from_memory(
    sqlite_app: App,
) -> None:
    _, _, path = await subscribed(sqlite_app)
    etag = (await sqlite_app.stranger().get(path)).headers["etag"]
    sqlite_app.fastapi.state.cached_feeds, sqlite_app.fastapi.state.feeds = CachedFeeds(), LRUCache(CACHED)
    seen = []
    for _ in range(2):
        with sqlite_app.counting() as statements:
            answer = await sqlite_app.stranger().get(path, headers={"If-None-Match": etag})
        seen.append((answer.status_code, len(statements) > 0))
    assert seen == [(304, True), (304, False)]
    assert "BEGIN:VCALENDAR" in (await sqlite_app.stranger().get(path)).text
