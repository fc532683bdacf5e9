"""Sessions with places of their own: chosen, full, given back, and seen in the calendar."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import select

from directory.people.models import Person
from tests.people import App, names

GROUPS = [
    {"title": "Opening", "starts": "2026-04-14T09:00", "ends": "2026-04-14T10:00"},
    {"title": "Group A", "starts": "2026-04-14T10:00", "ends": "2026-04-14T12:00", "capacity": 2},
    {"title": "Group B", "starts": "2026-04-14T10:00", "ends": "2026-04-14T12:00", "capacity": 5},
]


async def grouped(app: App, people: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """An event with two groups, tokens by name, and session ids by title."""
    event, tokens = await app.accepted_event(people, sessions=GROUPS, **more)
    detail = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    return event, tokens, {s["title"]: s["id"] for s in detail["sessions"]}


async def choose(app: App, token: str, session: str) -> Any:
    return await app.guest(token).put(f"/api/v1/invitation/sessions/{session}")


async def leave(app: App, token: str, session: str) -> Any:
    return await app.guest(token).delete(f"/api/v1/invitation/sessions/{session}")


def mine(answer: Any) -> dict[str, tuple[int, bool]]:
    return {s["title"]: (s["taken"], s["is_mine"]) for s in answer.json()}


async def test_a_session_with_places_is_chosen_and_given_back(app: App) -> None:
    _, tokens, ids = await grouped(app, ["Ayşe Bir"])
    chosen = await choose(app, tokens["Ayşe Bir"], ids["Group A"])
    twice = await choose(app, tokens["Ayşe Bir"], ids["Group A"])
    left = await leave(app, tokens["Ayşe Bir"], ids["Group A"])
    assert mine(chosen) == mine(twice) == {"Group A": (1, True), "Group B": (0, False)}
    assert mine(left) == {"Group A": (0, False), "Group B": (0, False)}


def position(answer: Any, title: str = "Group A") -> tuple[bool, int | None]:
    (one,) = [s for s in answer.json() if s["title"] == title]
    return one["is_mine"], one["position"]


async def test_the_last_place_of_a_session_is_taken_once_however_many_reach_for_it_and_the_others_wait(
    app: App,
) -> None:
    _, tokens, ids = await grouped(app, names(10))
    await asyncio.gather(*(choose(app, t, ids["Group A"]) for t in tokens.values()))
    shown = [position(await app.guest(t).get("/api/v1/invitation/sessions")) for t in tokens.values()]
    assert sorted(shown, key=lambda one: one[1] or 0) == [(True, None)] * 2 + [(False, n) for n in range(1, 9)]


async def test_a_place_in_a_session_goes_to_the_first_who_waits_and_after_the_deadline_by_the_organiser(
    app: App,
) -> None:
    event, tokens, ids = await grouped(app, names(5), answer_by="2026-03-10")
    for token in tokens.values():
        await choose(app, token, ids["Group A"])
        app.clock.forward(minutes=1)
    first, second, third, fourth, fifth = tokens.values()
    visitor = app.stranger()
    assert "number 2" in (await visitor.get(f"/i/{fourth}", headers={"Cookie": "heyet_language=en"})).text
    feed_before = (await app.guest(third).get("/api/v1/invitation/sessions")).json()
    await leave(app, first, ids["Group A"])
    assert position(await app.guest(third).get("/api/v1/invitation/sessions")) == (True, None)
    assert [m.to_name for m in await app.mails("events/session-place")] == [names(5)[2]]
    assert {s["waiting"] for s in feed_before if s["title"] == "Group A"} == {3}
    # Who leaves the event leaves its sessions, and who leaves the list moves the others up.
    await leave(app, fourth, ids["Group A"])
    await app.guest(second).post("/api/v1/invitation/decline", json={})
    assert position(await app.guest(fifth).get("/api/v1/invitation/sessions")) == (True, None)
    await choose(app, fourth, ids["Group A"])
    app.clock.now = app.clock.now.replace(day=12)
    await leave(app, third, ids["Group A"])
    waits = await app.guest(fourth).get("/api/v1/invitation/sessions")
    assert position(waits) == (False, 1)
    # What is free then is theirs who wait, not of who comes later.
    assert position(await choose(app, first, ids["Group A"])) == (False, 2)
    filled = await app.api().post(f"/api/v1/events/{event['id']}/waiting-list/promotion")
    assert filled.json() == {"moved": 1}
    assert position(await app.guest(fourth).get("/api/v1/invitation/sessions")) == (True, None)
    # Nobody begins with a session that has begun.
    app.clock.now = app.clock.now.replace(month=4, day=14, hour=8)
    late = await choose(app, third, ids["Group B"])
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "session-begun")


async def offers(app: App, tokens: dict[str, str]) -> dict[str, datetime]:
    """Until when a place in Group A is kept, by who it is kept for."""
    found = {}
    for name, token in tokens.items():
        (one,) = [
            s for s in (await app.guest(token).get("/api/v1/invitation/sessions")).json() if s["title"] == "Group A"
        ]
        if one["offered_until"]:
            found[name] = datetime.fromisoformat(one["offered_until"])
    return found


async def waited_for(app: App, count: int = 5, **more: Any) -> tuple[dict[str, Any], dict[str, str], str]:
    """An event that keeps places for eight working hours; all of these people have chosen Group A, two have a place."""
    event, tokens, ids = await grouped(app, names(count), offer_hours=8, **more)
    for token in tokens.values():
        await choose(app, token, ids["Group A"])
        app.clock.forward(minutes=1)
    return event, tokens, ids["Group A"]


async def test_a_place_in_a_session_is_kept_for_the_answer_as_one_at_the_event_is(app: App) -> None:
    _, tokens, group = await waited_for(app)
    first, second, third, fourth, fifth = tokens
    assert (await leave(app, tokens[first], group)).status_code == 200
    # Monday at eleven in Ankara: eight working hours end on Tuesday at eleven.
    kept = await offers(app, tokens)
    assert list(kept) == [third]
    assert kept[third].replace(minute=0, second=0) == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    # It is nobody's yet, and nobody else's: whoever comes waits.
    assert mine(await app.guest(tokens[third]).get("/api/v1/invitation/sessions"))["Group A"] == (2, False)
    assert position(await choose(app, tokens[first], group)) == (False, 3)
    for _ in range(2):
        assert position(await choose(app, tokens[third], group)) == (True, None)
    # Left to others, it goes to the next at once.
    await leave(app, tokens[second], group)
    assert list(await offers(app, tokens)) == [fourth]
    app.clock.forward(minutes=1)
    await leave(app, tokens[fourth], group)
    assert list(await offers(app, tokens)) == [fifth]
    # Nobody answered: the next one has it, and who did not is told, once.
    app.clock.now = next(iter((await offers(app, tokens)).values()))
    late = await choose(app, tokens[fifth], group)
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "offer-over")
    await asyncio.gather(app.work(), app.work())
    await app.work()
    assert list(await offers(app, tokens)) == [first]
    told = [m.to_name for m in await app.mails("events/session-place")]
    assert told == [third, fourth, fifth, fifth, first]
    assert position(await choose(app, tokens[fifth], group)) == (False, 1)


async def test_offers_of_sessions_know_public_holidays(sqlite_app: App) -> None:
    # 23 April is a holiday in Türkiye.
    sqlite_app.clock.now = datetime(2026, 4, 22, 8, 0, tzinfo=UTC)
    groups = [
        {key: text.replace("04-14", "05-14") if isinstance(text, str) else text for key, text in one.items()}
        for one in GROUPS
    ]
    days = {"first_day": "2026-05-14", "last_day": "2026-05-15", "country": "TR"}
    event, tokens = await sqlite_app.accepted_event(names(3), sessions=groups, offer_hours=8, **days)
    detail = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()
    group = next(s["id"] for s in detail["sessions"] if s["title"] == "Group A")
    for token in tokens.values():
        await choose(sqlite_app, token, group)
    await leave(sqlite_app, next(iter(tokens.values())), group)
    (until,) = (await offers(sqlite_app, tokens)).values()
    assert until.date().isoformat() == "2026-04-24"


async def test_a_place_in_a_session_is_kept_over_a_public_holiday_of_where_the_person_works(sqlite_app: App) -> None:
    # 3 March is a holiday in Bulgaria.
    app = sqlite_app
    _, tokens, group = await waited_for(app)
    for institution in (await app.api().get("/api/v1/institutions")).json()["items"]:
        body = {"name": institution["name"], "country": "BG"}
        assert (await app.api().put(f"/api/v1/institutions/{institution['id']}", json=body)).status_code == 200
    await leave(app, next(iter(tokens.values())), group)
    (until,) = (await offers(app, tokens)).values()
    assert until.replace(minute=0, second=0) == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


async def test_many_reach_for_a_kept_place_and_it_stays_kept(app: App) -> None:
    _, tokens, group = await waited_for(app, 6)
    first, second, third, *others = tokens.values()
    await leave(app, first, group)
    reaching = [choose(app, one, group) for one in (third, first, *others)]
    answers = await asyncio.gather(*reaching, leave(app, second, group))
    assert {answer.status_code for answer in answers} == {200}
    shown = (await app.guest(third).get("/api/v1/invitation/sessions")).json()
    (one,) = [s for s in shown if s["title"] == "Group A"]
    assert (one["is_mine"], one["taken"]) == (True, 2)
    # The other one is kept for whoever waited longest, or was taken by them.
    holding = [position(await app.guest(t).get("/api/v1/invitation/sessions"))[0] for t in tokens.values()]
    assert sum(holding) + len(await offers(app, tokens)) == 2


async def test_the_page_offers_a_kept_place(sqlite_app: App) -> None:
    _, tokens, group = await waited_for(sqlite_app, 4)
    first, _, third, fourth = tokens.values()
    await leave(sqlite_app, first, group)
    mine = sqlite_app.stranger()
    await mine.send("/language", {"language": "en", "next": "/sign-in"})
    assert "Kept for you until" in (await mine.get(f"/i/{third}")).text
    await mine.send(f"/i/{third}/sessions/{group}", {"is_chosen": "no"})
    assert "Kept for you until" not in (await mine.get(f"/i/{third}")).text
    assert "Kept for you until" in (await mine.get(f"/i/{fourth}")).text
    await mine.send(f"/i/{fourth}/sessions/{group}")
    assert "You take part" in (await mine.get(f"/i/{fourth}")).text


async def test_whoever_leaves_the_event_leaves_room_in_its_sessions(app: App) -> None:
    _, tokens, ids = await grouped(app, names(3))
    first, second, third = tokens.values()
    await choose(app, first, ids["Group A"])
    await choose(app, second, ids["Group A"])
    await app.guest(first).post("/api/v1/invitation/decline", json={})
    assert (await choose(app, third, ids["Group A"])).status_code == 200


@pytest.mark.parametrize("title", ["Opening", "Group A"])
async def test_nobody_chooses_what_everybody_takes_part_in_nor_without_a_place(sqlite_app: App, title: str) -> None:
    _, tokens, ids = await grouped(sqlite_app, names(2), capacity=1)
    seated, waiting = tokens.values()
    answer = await choose(sqlite_app, seated if title == "Opening" else waiting, ids[title])
    expected = "nothing-to-choose" if title == "Opening" else "place-needed"
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, expected)


async def test_another_events_session_is_not_there(sqlite_app: App) -> None:
    _, tokens, _ = await grouped(sqlite_app, ["Ayşe Bir"])
    other = await sqlite_app.event(title="Another", sessions=GROUPS)
    detail = (await sqlite_app.api().get(f"/api/v1/events/{other['id']}")).json()
    assert (await choose(sqlite_app, tokens["Ayşe Bir"], detail["sessions"][1]["id"])).status_code == 404


async def test_the_calendar_shows_what_was_chosen_and_cancels_what_was_left(app: App) -> None:
    _, tokens, ids = await grouped(app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}")
    page = (await visitor.send(f"/i/{token}/calendar")).text
    feed = "/calendar/" + page.partition("/calendar/")[2].partition(".ics")[0] + ".ics"

    async def shown() -> dict[str, str]:
        calendar = Calendar.from_ical((await visitor.client.get(feed)).text)
        return {str(e["SUMMARY"]): str(e["STATUS"]) for e in calendar.walk("VEVENT")}

    assert await shown() == {"Opening": "CONFIRMED"}
    await choose(app, token, ids["Group B"])
    assert await shown() == {"Opening": "CONFIRMED", "Group B": "CONFIRMED"}
    await leave(app, token, ids["Group B"])
    assert await shown() == {"Opening": "CONFIRMED", "Group B": "CANCELLED"}


async def test_the_personal_page_has_a_button_for_each_session_that_can_be_chosen(
    sqlite_app: App,
) -> None:
    _, tokens, ids = await grouped(sqlite_app, names(3))
    first, second, third = tokens.values()
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{first}")
    await visitor.send(f"/i/{first}/sessions/{ids['Group A']}")
    assert 'name="is_chosen" value="no"' in " ".join(visitor.page.split())
    await choose(sqlite_app, second, ids["Group A"])
    late = sqlite_app.stranger()
    await late.get(f"/i/{third}")
    answer = await late.send(f"/i/{third}/sessions/{ids['Group A']}")
    assert (answer.status_code, "Yedek listede 1. sıradasınız" in late.page) == (303, True)


async def test_fewer_places_than_people_in_a_session_remove_nobody(app: App) -> None:
    _, tokens, ids = await grouped(app, names(2))
    for token in tokens.values():
        await choose(app, token, ids["Group A"])
    given = {**GROUPS[1], "capacity": 1}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Group A']}", json=given)).status_code == 200
    seen = await app.guest(next(iter(tokens.values()))).get("/api/v1/invitation/sessions")
    assert mine(seen)["Group A"] == (2, True)


async def test_a_place_in_a_session_that_has_begun_goes_to_nobody_even_by_the_organiser(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, ids = await grouped(app, names(3))
    for token in tokens.values():
        await choose(app, token, ids["Group A"])
    first, _, third = tokens.values()
    app.clock.now = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)
    assert (await leave(app, first, ids["Group A"])).is_success
    assert (await app.api().post(f"/api/v1/events/{event['id']}/waiting-list/promotion")).status_code == 409
    assert position(await app.guest(third).get("/api/v1/invitation/sessions")) == (False, 1)
    assert await app.mails("events/session-place") == []


async def signed_up(app: App) -> tuple[dict[str, Any], str, list[str]]:
    """An event whose Group A holds two: five chose it one after the other, so that three wait."""
    event, tokens, ids = await grouped(app, names(5))
    for token in tokens.values():
        await choose(app, token, ids["Group A"])
        app.clock.forward(minutes=1)
    return event, ids["Group A"], list(tokens)


async def test_the_organiser_sees_who_chose_a_session_and_who_waits_in_order(app: App) -> None:
    event, group, people = await signed_up(app)
    path = f"/api/v1/events/{event['id']}/sessions/{group}/signups"
    listed = (await app.api("auditor").get(path)).json()
    assert [(one["name"], one["state"], one["position"]) for one in listed["items"]] == [
        (people[0], "taken", None),
        (people[1], "taken", None),
        (people[2], "waiting", 1),
        (people[3], "waiting", 2),
        (people[4], "waiting", 3),
    ]
    # A page that begins among those who wait counts on.
    second = (await app.api().get(path, params={"limit": 3, "page": 2})).json()
    assert [(one["name"], one["position"]) for one in second["items"]] == [(people[3], 2), (people[4], 3)]
    assert second["total"] == 5
    staff = await app.at_desk()
    programme = (await staff.get(f"/events/{event['id']}")).text
    assert f"/events/{event['id']}/sessions/{group}/signups" in programme
    shown = " ".join((await staff.get(f"/events/{event['id']}/sessions/{group}/signups")).text.split())
    for words in ("2 of 2 places taken", "3 people wait", "number 3"):
        assert words in shown
    assert (await app.api("finance").get(path)).status_code == 403


async def test_who_gave_a_place_in_a_session_back_is_not_on_its_list_and_who_is_kept_one_is(app: App) -> None:
    _, tokens, group = await waited_for(app, 4)
    first, _, third, fourth = tokens
    await leave(app, tokens[first], group)
    event = (await app.api().get("/api/v1/events")).json()["items"][0]
    path = f"/api/v1/events/{event['id']}/sessions/{group}/signups"
    listed = (await app.api().get(path)).json()["items"]
    assert first not in [one["name"] for one in listed]
    found = {one["name"]: (one["state"], one["position"], bool(one["until"])) for one in listed}
    assert (found[third], found[fourth]) == (("kept", None, True), ("waiting", 1, False))


async def test_the_list_of_a_session_is_taken_along_and_that_it_was_is_noted(app: App) -> None:
    event, group, people = await signed_up(app)
    staff = await app.at_desk()
    path = f"/events/{event['id']}/sessions/{group}/signups"
    taken = (await staff.get(f"{path}.csv")).text.lstrip("\ufeff").splitlines()
    assert taken[0].split(";") == [
        "Name",
        "Institution",
        "State",
        "Position",
        "Since",
        "Kept until",
        "At the same time",
    ]
    assert taken[3].startswith(f"{people[2]};")
    assert ";Waits;1;2026-" in taken[3]
    assert (await app.api().get(f"/api/v1{path}.xlsx")).content[:2] == b"PK"
    history = (await staff.get(f"/events/{event['id']}")).text
    assert "List of people exported" in history


async def test_a_session_of_everybody_has_no_list(app: App) -> None:
    event, _, ids = await grouped(app, ["Ayşe Bir"])
    answer = await app.api().get(f"/api/v1/events/{event['id']}/sessions/{ids['Opening']}/signups")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nothing-to-choose")


async def test_the_participant_reads_what_choosing_and_leaving_did(sqlite_app: App) -> None:
    _, tokens, ids = await grouped(sqlite_app, names(4))
    visitor, group = sqlite_app.stranger(), ids["Group A"]
    visitor.client.cookies.set("heyet_language", "en")

    async def said(token: str, **typed: str) -> str:
        await visitor.get(f"/i/{token}")
        answer = await visitor.send(f"/i/{token}/sessions/{group}", typed)
        assert answer.status_code == 303, answer.text
        return " ".join(visitor.page.split())

    first, second, third, fourth = tokens.values()
    assert "You take part in “Group A”." in await said(first)
    await said(second)
    assert "“Group A” is full: you are number 1 on its waiting list." in await said(third)
    assert "you are number 2 on its waiting list" in await said(fourth)
    assert "You wait for “Group A” no longer." in await said(fourth, is_chosen="no")
    assert "You take part in “Group A” no longer." in await said(first, is_chosen="no")


async def test_a_session_that_has_begun_is_named_in_the_readers_language(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens, ids = await grouped(app, ["Ayşe Bir"])
    given = {**GROUPS[1], "title_tr": "A Grubu"}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Group A']}", json=given)).is_success
    app.clock.now = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)
    async with app.database.unit_of_work() as db:
        (await db.exec(select(Person))).one().language = "tr"
    late = await choose(app, tokens["Ayşe Bir"], ids["Group A"])
    assert (late.status_code, "A Grubu" in late.json()["title"]) == (409, True)
