"""Who has a part in a session gets it into their calendar by mail, and hears only of what changes for them."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.people import App, copied

SESSIONS = [
    {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"},
    {"title": "Group A", "starts": "2026-04-14T11:00", "ends": "2026-04-14T12:00", "room": "Room 2"},
]


async def told(app: App) -> list[Any]:
    """Mails about parts, in the order in which they were written."""
    await app.work()
    return sorted(await app.mails("events/part"), key=lambda m: m.id)


def entry(mail: Any) -> Any:
    return Calendar.from_ical(mail.calendar).walk("VEVENT")[0]


@copied
async def with_speaker(app: App, title: str = "Opening", *, is_sent: bool = True, **more: Any) -> dict[str, Any]:
    """An event in whose opening Derya speaks, published, and she is told."""
    event = await app.event(sessions=SESSIONS, **more)
    await app.name_people(event, ["Derya Kaya"])
    await give(app, event, title, "speaker")
    await publish(app, event, is_sent=is_sent)
    return event


async def give(app: App, event: dict[str, Any], title: str, *roles: str) -> None:
    person = (await app.api().get("/api/v1/people", params={"q": "derya"})).json()["items"][0]["id"]
    people = [{"person_id": person, "role": role} for role in roles]
    answer = await app.api().put(f"/api/v1/sessions/{session(event, title)}/people", json={"people": people})
    assert answer.status_code == 200, answer.text


def session(event: dict[str, Any], title: str) -> str:
    return next(s["id"] for s in event["sessions"] if s["title"] == title)


async def publish(app: App, event: dict[str, Any], *, is_sent: bool = False) -> None:
    state = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["state"]
    if state == "draft":
        await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    answer = await app.api().post(f"/api/v1/events/{event['id']}/agenda-versions")
    assert answer.is_success, answer.text
    await app.work()
    if is_sent:
        await app.send_waiting(event)


async def move(app: App, event: dict[str, Any], title: str, **more: str) -> None:
    given = {**next(s for s in SESSIONS if s["title"] == title), **more}
    answer = await app.api().put(f"/api/v1/sessions/{session(event, title)}", json=given)
    assert answer.is_success, answer.text


async def test_a_published_part_comes_with_a_calendar_entry_that_asks_nothing(sqlite_app: App) -> None:
    event = await with_speaker(sqlite_app)
    (mail,) = await told(sqlite_app)
    assert (mail.to_name, mail.subject, mail.calendar_method) == (
        "Derya Kaya",
        "Göreviniz: Opening",
        "REQUEST",
    )
    one = entry(mail)
    assert str(one["UID"]).startswith(session(event, "Opening"))
    assert str(one["ATTENDEE"].params["RSVP"]) == "FALSE"
    assert one["DTSTART"].dt.isoformat() == "2026-04-14T09:30:00+03:00"
    assert "Konuşmacı" in mail.plain


async def test_nobody_hears_of_a_programme_that_was_never_published(sqlite_app: App) -> None:
    event = await sqlite_app.event(sessions=SESSIONS)
    await sqlite_app.name_people(event, ["Derya Kaya"])
    await give(sqlite_app, event, "Opening", "speaker")
    plan = sqlite_app.plan(venue="İzmir")
    del plan["project_id"]
    await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert await told(sqlite_app) == []


async def test_a_move_says_what_was_and_what_is_with_a_higher_sequence(app: App) -> None:
    event = await with_speaker(app)
    await move(app, event, "Opening", starts="2026-04-14T14:00", ends="2026-04-14T15:00", room="Room 9")
    await publish(app, event)
    first, second = await told(app)
    assert second.subject == "Değişti: Opening"
    assert "09:30–10:30" in second.plain
    assert "14:00–15:00" in second.plain
    assert "Room 9" in second.plain
    assert entry(second)["UID"] == entry(first)["UID"]
    assert entry(second)["SEQUENCE"] > entry(first)["SEQUENCE"]


async def test_who_has_no_part_in_what_changed_hears_nothing(sqlite_app: App) -> None:
    event = await with_speaker(sqlite_app)
    await move(sqlite_app, event, "Group A", starts="2026-04-14T15:00", ends="2026-04-14T16:00")
    await publish(sqlite_app, event)
    assert len(await told(sqlite_app)) == 1


@pytest.mark.parametrize("is_sent", [True, False])
async def test_of_what_moves_again_before_it_is_sent_one_mail_is_left(app: App, is_sent: bool) -> None:
    event = await with_speaker(app, is_sent=is_sent)
    for hour in (14, 16):
        await move(app, event, "Opening", starts=f"2026-04-14T{hour}:00", ends=f"2026-04-14T{hour}:30")
        await publish(app, event)
    (mail,) = [one for one in await told(app) if one.state == "draft"]
    assert ("16:00–16:30" in mail.plain, "14:00" in mail.plain) == (True, False)
    # It tells all that changed since the last mail that left, to who never heard of it none.
    assert ("09:30" in mail.plain) is is_sent


async def test_who_was_never_told_of_a_part_is_not_told_that_it_is_off(app: App) -> None:
    event = await with_speaker(app, is_sent=False)
    await give(app, event, "Opening")
    await publish(app, event)
    assert [one.state.value for one in await told(app)] == ["cancelled"]


@pytest.mark.parametrize("how", ["role", "session", "event"])
async def test_what_is_off_leaves_the_calendar(sqlite_app: App, how: str) -> None:
    event = await with_speaker(sqlite_app)
    if how == "role":
        await give(sqlite_app, event, "Opening")
        await publish(sqlite_app, event)
    elif how == "session":
        await sqlite_app.api().delete(f"/api/v1/sessions/{session(event, 'Opening')}")
        await publish(sqlite_app, event)
    else:
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "Floods"})
    first, second = await told(sqlite_app)
    assert (second.calendar_method, str(entry(second)["STATUS"])) == ("CANCEL", "CANCELLED")
    assert entry(second)["SEQUENCE"] > entry(first)["SEQUENCE"]
    assert entry(second)["UID"] == entry(first)["UID"]


async def test_a_part_given_again_comes_back_into_the_calendar(app: App) -> None:
    event = await with_speaker(app)
    for roles in ((), ("moderator",)):
        await give(app, event, "Opening", *roles)
        await publish(app, event, is_sent=True)
    mails = await told(app)
    assert [m.calendar_method for m in mails] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [int(entry(m)["SEQUENCE"]) for m in mails] == [1, 2, 3]


async def test_two_parts_in_one_session_are_one_entry(sqlite_app: App) -> None:
    event = await with_speaker(sqlite_app)
    await give(sqlite_app, event, "Opening", "speaker", "moderator")
    await publish(sqlite_app, event)
    mails = await told(sqlite_app)
    assert len(mails) == 2
    assert "Moderatör" in mails[1].plain


async def test_the_subject_of_a_hidden_event_says_nothing(sqlite_app: App) -> None:
    await with_speaker(sqlite_app, title="Opening", confidentiality="hidden")
    (mail,) = await told(sqlite_app)
    assert "Opening" not in mail.subject
    assert "Opening" not in str(entry(mail)["SUMMARY"])


async def test_a_new_place_of_the_event_is_told_to_those_with_parts_too(sqlite_app: App) -> None:
    event = await with_speaker(sqlite_app)
    plan = sqlite_app.plan(venue="İzmir")
    del plan["project_id"]
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert answer.is_success, answer.text
    mails = await told(sqlite_app)
    assert "Main hall, İzmir" in mails[1].plain


async def discard(app: App, event: dict[str, Any]) -> None:
    rows = (await app.api().get("/api/v1/message-batches", params={"about_id": event["id"]})).json()["items"]
    waiting = [one["id"] for one in rows if one["kind"] == "events/part" and one["status"] == "waiting"]
    for id in waiting:
        assert (await app.api().post(f"/api/v1/message-batches/{id}/discard")).is_success


async def test_after_a_discarded_notice_the_next_one_tells_all_that_changed(app: App) -> None:
    event = await with_speaker(app)
    await move(app, event, "Opening", room="Hall B")
    await told(app)
    await discard(app, event)
    await move(app, event, "Opening", room="Hall B", starts="2026-04-14T09:45")
    last = (await told(app))[-1]
    # What she knows is the programme as it was mailed: both differ from that.
    assert "Main hall" in last.plain
    assert "Hall B" in last.plain
    assert "09:30" in last.plain
    assert "09:45" in last.plain
    assert int(entry(last)["SEQUENCE"]) > 0


async def test_a_notice_that_was_replaced_before_it_left_tells_all_that_changed_too(app: App) -> None:
    event = await with_speaker(app)
    await move(app, event, "Opening", room="Hall B")
    await told(app)
    await move(app, event, "Opening", room="Hall C")
    last = (await told(app))[-1]
    assert ("Main hall" in last.plain, "Hall B" in last.plain, "Hall C" in last.plain) == (True, False, True)


async def test_a_part_that_is_off_is_said_again_where_that_was_discarded(app: App) -> None:
    event = await with_speaker(app)
    before = len(await told(app))
    await give(app, event, "Opening")
    await publish(app, event)
    assert len(await told(app)) == before + 1
    await discard(app, event)
    await move(app, event, "Group A", room="Room 9")
    await publish(app, event)
    last = (await told(app))[-1]
    assert (last.state, last.calendar_method) == ("draft", "CANCEL")
