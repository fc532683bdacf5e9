"""What a subscription shows as its owner wishes, and what else of theirs a person's calendar holds."""

import re
from typing import Any

import pytest
from icalendar import Calendar

from tests.people import App

SESSION = {
    "title": "Opening",
    "starts": "2026-04-14T09:30",
    "ends": "2026-04-14T10:30",
    "title_en": "In English",
}
STAY = {
    "check_in": "2026-04-13",
    "check_out": "2026-04-15",
    "country": "TR",
    "city": "Ankara",
    "is_bed_provided": True,
}
ADDRESS = re.compile(r"127\.0\.0\.1:8000(/calendar/[\w/-]+\.ics)")


def address_in(page: str) -> str:
    found = ADDRESS.search(page)
    assert found is not None
    return found.group(1)


async def subscribe(app: App, token: str, **wish: str) -> str:
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    return address_in((await visitor.send(f"/i/{token}/calendar", wish)).text)


async def shown(app: App, path: str) -> dict[str, Any]:
    """The entries of a feed by title."""
    answer = await app.stranger().get(path)
    assert answer.status_code == 200, answer.text
    return {str(e["SUMMARY"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}


def statuses(entries: dict[str, Any]) -> dict[str, str]:
    return {title: str(entry["STATUS"]) for title, entry in entries.items()}


async def book(app: App, event: dict[str, Any], **more: Any) -> None:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, **more})
    assert answer.is_success, answer.text


async def test_a_subscription_speaks_the_language_wished_for(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"], sessions=[SESSION])
    own = await subscribe(sqlite_app, tokens["Ayşe Bir"])
    english = await subscribe(sqlite_app, tokens["Ayşe Bir"], language="en")
    assert [list(await shown(sqlite_app, path)) for path in (own, english)] == [["Opening"], ["In English"]]


async def test_what_is_not_certain_is_left_out_where_wished(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1, sessions=[SESSION])
    token = tokens["Mehmet İki"]
    certain = await subscribe(sqlite_app, token, with_tentative="no")
    everything = await subscribe(sqlite_app, token)
    assert await shown(sqlite_app, certain) == {}
    assert statuses(await shown(sqlite_app, everything)) == {"Opening": "TENTATIVE"}


async def test_who_may_come_sees_it_as_tentative(app: App) -> None:
    event = await app.event(sessions=[SESSION])
    token = (await app.invite(event, ["Ayşe Bir"]))["Ayşe Bir"]
    await app.guest(token).post("/api/v1/invitation/tentative")
    path = await subscribe(app, token)
    assert statuses(await shown(app, path)) == {"Opening": "TENTATIVE"}
    await app.accept(token)
    assert statuses(await shown(app, path)) == {"Opening": "CONFIRMED"}


async def test_the_last_day_to_answer_is_shown_where_wished_and_off_once_answered(app: App) -> None:
    _, tokens = await app.accepted_event(["Ayşe Bir"])
    path = await subscribe(app, tokens["Ayşe Bir"], with_deadlines="yes", language="en")
    event = await app.event(title="Another", answer_by="2026-04-01")
    token = (await app.invite(event, ["Ayşe Bir"]))["Ayşe Bir"]
    await app.stranger().get(f"/i/{token}")
    title = "RSVP deadline: Another"
    awaited = (await shown(app, path))[title]
    await app.guest(token).post("/api/v1/invitation/decline", json={})
    answered = (await shown(app, path))[title]
    assert [str(e["STATUS"]) for e in (awaited, answered)] == ["CONFIRMED", "CANCELLED"]
    assert (awaited["DTSTART"].dt.isoformat(), str(awaited["TRANSP"])) == ("2026-04-01", "TRANSPARENT")
    assert (awaited["UID"], answered["SEQUENCE"] > awaited["SEQUENCE"]) == (answered["UID"], True)


async def test_an_invitation_that_nobody_opened_yet_shows_in_no_calendar(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    path = await subscribe(sqlite_app, tokens["Ayşe Bir"], with_deadlines="yes", language="en")
    other = await sqlite_app.event(title="Another", answer_by="2026-04-01")
    await sqlite_app.invite(other, ["Ayşe Bir"])
    assert not any("Another" in title for title in await shown(sqlite_app, path))


async def test_nights_are_shown_and_move_in_place(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"], sessions=[SESSION])
    path = await subscribe(app, tokens["Ayşe Bir"], language="en")
    assert list(await shown(app, path)) == ["In English"]
    await book(app, event)
    first = (await shown(app, path))["Nights: Ankara"]
    await book(app, event, check_out="2026-04-16", has_breakfast=True, city="Çankaya")
    second = (await shown(app, path))["Nights: Çankaya"]
    assert (first["UID"], second["SEQUENCE"] > first["SEQUENCE"]) == (second["UID"], True)
    assert [str(second[name].dt) for name in ("DTSTART", "DTEND")] == ["2026-04-13", "2026-04-17"]
    assert "with breakfast" in str(second["DESCRIPTION"])


async def test_nights_of_others_are_in_nobodys_calendar_and_sleeping_is_not_being_busy(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], sessions=[SESSION])
    id = (await app.registrations(event))["Ayşe Bir"]
    await book(app, event, registrations=[id])
    path = await subscribe(app, tokens["Ayşe Bir"])
    other = await subscribe(app, tokens["Mehmet İki"])
    assert [len(await shown(app, p)) for p in (path, other)] == [2, 1]
    busy = (await app.stranger().get(path.removesuffix(".ics") + ".ifb")).text
    assert busy.count("FREEBUSY;") == 1


async def test_nights_put_into_one_leave_no_second_entry(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"])
    for days in (("2026-04-13", "2026-04-14"), ("2026-04-14", "2026-04-15"), ("2026-04-13", "2026-04-15")):
        await book(app, event, check_in=days[0], check_out=days[1])
    entries = await shown(app, await subscribe(app, tokens["Ayşe Bir"], language="en"))
    assert [str(e["DTEND"].dt) for t, e in entries.items() if t.startswith("Nights")] == ["2026-04-16"]


async def test_where_to_join_online_and_what_kind_it_is_stand_in_the_entry(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(
        ["Ayşe Bir"], sessions=[{**SESSION, "kind": "ceremony"}], online_url="https://meet.example.org/a"
    )
    path = await subscribe(sqlite_app, tokens["Ayşe Bir"], language="en")
    text = (await sqlite_app.stranger().get(path)).text.replace("\r\n ", "")
    assert "CATEGORIES:Ceremony\r\n" in text
    assert "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://meet.example.org/a\r\n" in text


async def test_a_new_address_shows_the_same_and_the_old_one_is_over(app: App) -> None:
    _, tokens = await app.accepted_event(["Ayşe Bir"], sessions=[SESSION])
    token = tokens["Ayşe Bir"]
    old = await subscribe(app, token, language="en", alarm_minutes="60")
    visitor = await app.owners_browser(token)
    page = (await visitor.get(f"/i/{token}")).text
    feed = re.search(r'name="feed" value="([\w-]+)"', page)
    assert feed is not None
    new = address_in((await visitor.send(f"/i/{token}/calendar/renew", {"feed": feed.group(1)})).text)
    assert (await app.stranger().get(old)).status_code == 410
    assert len((await shown(app, new))["In English"].walk("VALARM")) == 1


async def test_nobody_renews_the_subscription_of_somebody_else(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], sessions=[SESSION])
    path = await subscribe(sqlite_app, tokens["Ayşe Bir"])
    visitor = await sqlite_app.owners_browser(tokens["Ayşe Bir"])
    page = (await visitor.get(f"/i/{tokens['Ayşe Bir']}")).text
    feed = re.search(r'name="feed" value="([\w-]+)"', page)
    assert feed is not None
    other = await sqlite_app.owners_browser(tokens["Mehmet İki"])
    await other.get(f"/i/{tokens['Mehmet İki']}")
    refused = await other.send(f"/i/{tokens['Mehmet İki']}/calendar/renew", {"feed": feed.group(1)})
    assert (refused.status_code, (await sqlite_app.stranger().get(path)).status_code) == (404, 200)


@pytest.mark.parametrize("wish", [{"language": "xx"}, {"alarm_minutes": "many"}, {"with_deadlines": "perhaps"}])
async def test_a_wish_that_is_none_is_refused_beside_its_field(sqlite_app: App, wish: dict[str, str]) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    visitor = await sqlite_app.owners_browser(tokens["Ayşe Bir"])
    await visitor.get(f"/i/{tokens['Ayşe Bir']}")
    refused = await visitor.send(f"/i/{tokens['Ayşe Bir']}/calendar", wish)
    assert (refused.status_code, f'id="{next(iter(wish))}-wrong"' in refused.text) == (422, True)


async def test_a_shared_calendar_gets_a_new_address_and_leaves_out_what_is_postponed(app: App) -> None:
    event = await app.event(sessions=[SESSION])
    await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    wish = {"kind": "event", "language": "en", "with_tentative": False}
    made = (await app.api().post(f"/api/v1/events/{event['id']}/feeds", json=wish)).json()
    renewed = await app.api().post(f"/api/v1/feeds/{made['id']}/renewal")
    old, new = (address_in(one["address"]) for one in (made, renewed.json()))
    assert (await app.stranger().get(old)).status_code == 410
    assert list(await shown(app, new)) == ["In English"]
    await app.api().post(f"/api/v1/events/{event['id']}/postponement", json={"reason": "No hall."})
    assert await shown(app, new) == {}
    assert (await app.api().post(f"/api/v1/feeds/{made['id']}/renewal")).status_code == 404


async def test_the_page_renews_a_shared_calendar(sqlite_app: App) -> None:
    event = await sqlite_app.event(sessions=[{**SESSION, "room": "Hall"}])
    wish = {"kind": "room", "room": "Hall"}
    made = (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/feeds", json=wish)).json()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/calendars")
    page = (await desk.send(f"/feeds/{made['id']}/renew")).text
    assert address_in(page) != address_in(made["address"])
    assert address_in(page).removesuffix(".ics") + "/door" in page
