"""Mails that go by themselves: when, to whom, once, and not when they are pointless."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.messaging.reminders.rules import moment_of
from notifications.jobs.service import sweep
from tests.events.invitations.test_registrations import DETAILS
from tests.people import App, names


async def schedule(app: App, event: dict[str, Any], **entry: Any) -> Any:
    given = {"purpose": "unanswered", "anchor": "answer-by", "days": -7, **entry}
    return await app.api().post(f"/api/v1/events/{event['id']}/timeline", json=given)


async def sweep_at(app: App, *moment: int) -> None:
    """Let everything look at that moment in March 2026 or later, in UTC."""
    app.clock.now = datetime(2026, *moment, tzinfo=UTC)  # type: ignore[arg-type,misc]
    await sweep(app.fastapi.state.context)
    await app.work()


async def sent(app: App, event: dict[str, Any]) -> list[str]:
    mails = await app.mails(about=event["id"])
    return [m.to_name for m in mails if m.kind.startswith("events/scheduled")]


async def timeline(app: App, event: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await app.api().get(f"/api/v1/events/{event['id']}/timeline")).json()
    return found


async def invited(app: App, people: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    event = await app.event(answer_by="2026-03-20", **more)
    return event, await app.invite(event, people)


async def test_those_who_have_not_answered_are_reminded_at_nine_where_the_event_is(sqlite_app: App) -> None:
    event, tokens = await invited(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    await schedule(sqlite_app, event)
    await sweep_at(sqlite_app, 3, 13, 5, 59)
    early = await sent(sqlite_app, event)
    await sweep_at(sqlite_app, 3, 13, 6, 0)  # nine in Istanbul
    assert (early, await sent(sqlite_app, event)) == ([], ["Mehmet İki"])


async def test_nobody_gets_the_same_twice_however_often_and_in_how_many_places_it_is_looked(
    app: App,
) -> None:
    event, _ = await invited(app, names(60))
    await schedule(app, event)
    app.clock.now = datetime(2026, 3, 13, 6, 0, tzinfo=UTC)
    await asyncio.gather(*(sweep(app.fastapi.state.context) for _ in range(3)))
    await sweep_at(app, 3, 13, 6, 5)
    assert sorted(await sent(app, event)) == sorted(names(60))
    entry = (await timeline(app, event))[0]
    assert (entry["is_done"], entry["sent"]) == (True, 60)


async def test_a_moment_moves_with_the_event_and_who_was_told_of_the_old_date_is_told_anew(
    app: App,
) -> None:
    event, _ = await invited(app, ["Ayşe Bir"])
    await schedule(app, event)
    await sweep_at(app, 3, 13, 6, 0)
    plan = app.plan(answer_by="2026-03-30")
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    moved = (await timeline(app, event))[0]
    assert (moved["moment"], moved["is_done"]) == ("2026-03-23T06:00:00Z", False)
    await sweep_at(app, 3, 22, 6, 0)
    early = await sent(app, event)
    await sweep_at(app, 3, 23, 6, 0)
    await sweep_at(app, 3, 23, 6, 5)
    assert (early, await sent(app, event)) == (["Ayşe Bir"], ["Ayşe Bir"] * 2)


async def test_nobody_is_reminded_of_an_invitation_that_waits_for_its_release(sqlite_app: App) -> None:
    event = await sqlite_app.event(answer_by="2026-03-20")
    await sqlite_app.invite(event, ["Ayşe Bir"])
    await sqlite_app.name_people(event, ["Mehmet İki"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    await schedule(sqlite_app, event)
    ready = (await timeline(sqlite_app, event))[0]["readers"]
    await sweep_at(sqlite_app, 3, 13, 6, 0)
    people = sqlite_app.api()
    listed = (await people.get(f"/api/v1/events/{event['id']}/people?mark=unanswered")).json()
    assert (ready, await sent(sqlite_app, event)) == (1, ["Ayşe Bir"])
    assert listed["total"] == 1


async def test_a_moment_long_past_is_not_made_up_for(sqlite_app: App) -> None:
    event, _ = await invited(sqlite_app, ["Ayşe Bir"])
    await schedule(sqlite_app, event)
    await sweep_at(sqlite_app, 3, 14, 6, 1)
    assert (await sent(sqlite_app, event), (await timeline(sqlite_app, event))[0]["is_done"]) == ([], True)


@pytest.mark.parametrize("what", ["cancelled", "off", "removed"])
async def test_nothing_goes_once_it_is_pointless(app: App, what: str) -> None:
    event, _ = await invited(app, ["Ayşe Bir"])
    id = (await schedule(app, event)).json()[0]["id"]
    if what == "cancelled":
        await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money"})
    elif what == "off":
        await app.api().put(f"/api/v1/timeline/{id}", json={"is_on": False})
    else:
        await app.api().delete(f"/api/v1/timeline/{id}")
    await sweep_at(app, 3, 13, 6, 0)
    assert await sent(app, event) == []


async def test_each_purpose_reaches_whom_it_is_for(app: App) -> None:
    event, tokens = await invited(app, ["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    for name in ("Ayşe Bir", "Mehmet İki"):
        await app.accept(tokens[name])
    await app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)
    await schedule(app, event, purpose="missing", anchor="first-day", days=-10)
    await sweep_at(app, 4, 4, 6, 0)
    assert await sent(app, event) == ["Mehmet İki"]
    await schedule(app, event, purpose="before", anchor="first-day", days=-2)
    await sweep_at(app, 4, 12, 6, 0)
    assert sorted(await sent(app, event)) == ["Ayşe Bir", "Mehmet İki", "Mehmet İki"]
    await app.sign(event, "2026-04-14", ["Ayşe Bir"])
    await schedule(app, event, purpose="after", anchor="last-day", days=1)
    await sweep_at(app, 4, 16, 6, 0)
    assert sorted(await sent(app, event)) == ["Ayşe Bir", "Ayşe Bir", "Mehmet İki", "Mehmet İki"]


async def test_the_usual_mails_are_scheduled_once(app: App) -> None:
    event, _ = await invited(app, ["Ayşe Bir"], kind="study-visit")
    path = f"/api/v1/events/{event['id']}/timeline/usual"
    first = (await app.api().post(path)).json()
    again = (await app.api().post(path)).json()
    assert (len(first), len(again)) == (6, 6)
    assert [e["moment"] for e in first] == sorted(e["moment"] for e in first)


async def test_the_same_is_not_scheduled_twice_for_one_day(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await schedule(sqlite_app, event)
    answer = await schedule(sqlite_app, event)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "scheduled-already")


async def test_without_a_deadline_there_is_no_moment(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await schedule(sqlite_app, event)
    assert (await timeline(sqlite_app, event))[0]["moment"] is None


async def test_only_who_may_release_mail_schedules_it(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    path = f"/api/v1/events/{event['id']}/timeline/usual"
    assert (await sqlite_app.api("assistant").post(path)).status_code == 403


async def test_the_page_schedules_switches_and_removes(sqlite_app: App) -> None:
    event, _ = await invited(sqlite_app, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/timeline"
    await desk.get(path)
    given = {"purpose": "unanswered", "anchor": "answer-by", "days": "3", "side": "before", "clock": "25:00"}
    wrong = await desk.send(path, given)
    assert (wrong.status_code, 'value="25:00"' in wrong.text) == (422, True)
    await desk.send(path, {**given, "clock": "08:30"})
    entry = (await timeline(sqlite_app, event))[0]
    assert (entry["days"], entry["moment"]) == (-3, "2026-03-17T05:30:00Z")
    await desk.send(f"/timeline/{entry['id']}", {"is_on": "no"})
    assert (await timeline(sqlite_app, event))[0]["is_on"] is False
    await desk.send(f"/timeline/{entry['id']}/remove")
    assert await timeline(sqlite_app, event) == []


@given(day=st.dates(date(2026, 1, 1), date(2026, 12, 31)), days=st.integers(-30, 30), hour=st.integers(4, 23))
def test_a_moment_shows_its_hour_on_the_wall_clock_whatever_the_season(day: date, days: int, hour: int) -> None:
    moment = moment_of(day, days, time(hour), "Europe/Vienna")
    assert moment is not None
    clock = moment.astimezone(ZoneInfo("Europe/Vienna"))
    assert (clock.date(), clock.hour, clock.minute) == (day + timedelta(days=days), hour, 0)


@pytest.mark.parametrize(("anchor", "days", "moment"), [("departure", -1, (4, 12)), ("return", 1, (4, 17))])
async def test_a_moment_is_counted_from_the_journey_and_moves_with_its_nights(
    sqlite_app: App, anchor: str, days: int, moment: tuple[int, int]
) -> None:
    event, tokens = await invited(sqlite_app, ["Ayşe Bir"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    entries = (await schedule(sqlite_app, event, purpose="before", anchor=anchor, days=days)).json()
    assert [e["moment"] for e in entries] == [None]
    nights = {"check_in": "2026-04-13", "check_out": "2026-04-16", "country": "AT"}
    assert (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=nights)).is_success
    timeline = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/timeline")).json()
    assert timeline[0]["moment"] == f"2026-{moment[0]:02}-{moment[1]:02}T06:00:00Z"
    await sweep_at(sqlite_app, *moment, 5, 59)
    assert await sent(sqlite_app, event) == []
    await sweep_at(sqlite_app, *moment, 6, 0)
    assert await sent(sqlite_app, event) == ["Ayşe Bir"]


@pytest.mark.parametrize(("said", "kept"), [("8.15", "08:15"), ("0815", "08:15"), ("8:15", "08:15"), ("25.00", "")])
async def test_the_hour_of_a_reminder_is_read_as_people_write_it(sqlite_app: App, said: str, kept: str) -> None:
    event = await sqlite_app.event(answer_by="2026-03-20")
    answer = await schedule(sqlite_app, event, clock=said)
    assert answer.status_code == (201 if kept else 422), answer.text
    assert kept in (["", *(one["clock"] for one in answer.json())] if kept else [""])
