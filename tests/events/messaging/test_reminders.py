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
from tests.people import House, names


async def schedule(house: House, event: dict[str, Any], **entry: Any) -> Any:
    given = {"purpose": "unanswered", "anchor": "answer-by", "days": -7, **entry}
    return await house.api().post(f"/api/v1/events/{event['id']}/timeline", json=given)


async def sweep_at(house: House, *moment: int) -> None:
    """Let everything look at that moment in March 2026 or later, in UTC."""
    house.clock.now = datetime(2026, *moment, tzinfo=UTC)  # type: ignore[arg-type,misc]
    await sweep(house.app.state.context)
    await house.work()


async def sent(house: House, event: dict[str, Any]) -> list[str]:
    mails = await house.mails(about=event["id"])
    return [m.to_name for m in mails if m.kind.startswith("events/scheduled")]


async def timeline(house: House, event: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await house.api().get(f"/api/v1/events/{event['id']}/timeline")).json()
    return found


async def invited(house: House, people: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    event = await house.event(answer_by="2026-03-20", **more)
    return event, await house.invite(event, people)


async def test_those_who_have_not_answered_are_reminded_at_nine_where_the_event_is(house: House) -> None:
    event, tokens = await invited(house, ["Ayşe Bir", "Mehmet İki"])
    await house.accept(tokens["Ayşe Bir"])
    await schedule(house, event)
    await sweep_at(house, 3, 13, 5, 59)
    early = await sent(house, event)
    await sweep_at(house, 3, 13, 6, 0)  # nine in Istanbul
    assert (early, await sent(house, event)) == ([], ["Mehmet İki"])


async def test_nobody_gets_the_same_twice_however_often_and_in_how_many_places_it_is_looked(
    house: House,
) -> None:
    event, _ = await invited(house, names(60))
    await schedule(house, event)
    house.clock.now = datetime(2026, 3, 13, 6, 0, tzinfo=UTC)
    await asyncio.gather(*(sweep(house.app.state.context) for _ in range(3)))
    await sweep_at(house, 3, 13, 6, 5)
    assert sorted(await sent(house, event)) == sorted(names(60))
    entry = (await timeline(house, event))[0]
    assert (entry["is_done"], entry["sent"]) == (True, 60)


async def test_a_moment_moves_with_the_event_and_who_was_told_is_not_told_again(house: House) -> None:
    event, _ = await invited(house, ["Ayşe Bir"])
    await schedule(house, event)
    await sweep_at(house, 3, 13, 6, 0)
    plan = house.plan(answer_by="2026-03-30")
    del plan["project_id"]
    await house.api().put(f"/api/v1/events/{event['id']}", json=plan)
    moved = (await timeline(house, event))[0]
    assert (moved["moment"], moved["is_done"]) == ("2026-03-23T06:00:00Z", False)
    await sweep_at(house, 3, 23, 6, 0)
    assert await sent(house, event) == ["Ayşe Bir"]


async def test_a_moment_long_past_is_not_made_up_for(house: House) -> None:
    event, _ = await invited(house, ["Ayşe Bir"])
    await schedule(house, event)
    await sweep_at(house, 3, 14, 6, 1)
    assert (await sent(house, event), (await timeline(house, event))[0]["is_done"]) == ([], True)


@pytest.mark.parametrize("what", ["cancelled", "off", "removed"])
async def test_nothing_goes_once_it_is_pointless(house: House, what: str) -> None:
    event, _ = await invited(house, ["Ayşe Bir"])
    id = (await schedule(house, event)).json()[0]["id"]
    if what == "cancelled":
        await house.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money"})
    elif what == "off":
        await house.api().put(f"/api/v1/timeline/{id}", json={"is_on": False})
    else:
        await house.api().delete(f"/api/v1/timeline/{id}")
    await sweep_at(house, 3, 13, 6, 0)
    assert await sent(house, event) == []


async def test_each_purpose_reaches_whom_it_is_for(house: House) -> None:
    event, tokens = await invited(house, ["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    for name in ("Ayşe Bir", "Mehmet İki"):
        await house.accept(tokens[name])
    await house.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)
    await schedule(house, event, purpose="missing", anchor="first-day", days=-10)
    await sweep_at(house, 4, 4, 6, 0)
    assert await sent(house, event) == ["Mehmet İki"]
    await schedule(house, event, purpose="before", anchor="first-day", days=-2)
    await sweep_at(house, 4, 12, 6, 0)
    assert sorted(await sent(house, event)) == ["Ayşe Bir", "Mehmet İki", "Mehmet İki"]
    await house.sign(event, "2026-04-14", ["Ayşe Bir"])
    await schedule(house, event, purpose="after", anchor="last-day", days=1)
    await sweep_at(house, 4, 16, 6, 0)
    assert sorted(await sent(house, event)) == ["Ayşe Bir", "Ayşe Bir", "Mehmet İki", "Mehmet İki"]


async def test_the_usual_mails_are_scheduled_once(house: House) -> None:
    event, _ = await invited(house, ["Ayşe Bir"], kind="study-visit")
    path = f"/api/v1/events/{event['id']}/timeline/usual"
    first = (await house.api().post(path)).json()
    again = (await house.api().post(path)).json()
    assert (len(first), len(again)) == (6, 6)
    assert [e["moment"] for e in first] == sorted(e["moment"] for e in first)


async def test_the_same_is_not_scheduled_twice_for_one_day(sqlite_house: House) -> None:
    event = await sqlite_house.event()
    await schedule(sqlite_house, event)
    answer = await schedule(sqlite_house, event)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "scheduled-already")


async def test_without_a_deadline_there_is_no_moment(sqlite_house: House) -> None:
    event = await sqlite_house.event()
    await schedule(sqlite_house, event)
    assert (await timeline(sqlite_house, event))[0]["moment"] is None


async def test_only_who_may_release_mail_schedules_it(sqlite_house: House) -> None:
    event = await sqlite_house.event()
    path = f"/api/v1/events/{event['id']}/timeline/usual"
    assert (await sqlite_house.api("assistant").post(path)).status_code == 403


async def test_the_page_schedules_switches_and_removes(sqlite_house: House) -> None:
    event, _ = await invited(sqlite_house, ["Ayşe Bir"])
    desk = await sqlite_house.at_desk()
    path = f"/events/{event['id']}/timeline"
    await desk.get(path)
    given = {"purpose": "unanswered", "anchor": "answer-by", "days": "3", "side": "before", "clock": "25:00"}
    wrong = await desk.send(path, given)
    assert (wrong.status_code, 'value="25:00"' in wrong.text) == (422, True)
    await desk.send(path, {**given, "clock": "08:30"})
    entry = (await timeline(sqlite_house, event))[0]
    assert (entry["days"], entry["moment"]) == (-3, "2026-03-17T05:30:00Z")
    await desk.send(f"/timeline/{entry['id']}", {"is_on": "no"})
    assert (await timeline(sqlite_house, event))[0]["is_on"] is False
    await desk.send(f"/timeline/{entry['id']}/remove")
    assert await timeline(sqlite_house, event) == []


@given(day=st.dates(date(2026, 1, 1), date(2026, 12, 31)), days=st.integers(-30, 30), hour=st.integers(4, 23))
def test_a_moment_shows_its_hour_on_the_wall_clock_whatever_the_season(day: date, days: int, hour: int) -> None:
    moment = moment_of(day, days, time(hour), "Europe/Vienna")
    assert moment is not None
    clock = moment.astimezone(ZoneInfo("Europe/Vienna"))
    assert (clock.date(), clock.hour, clock.minute) == (day + timedelta(days=days), hour, 0)


@pytest.mark.parametrize(("anchor", "days", "moment"), [("departure", -1, (4, 12)), ("return", 1, (4, 17))])
async def test_a_moment_is_counted_from_the_journey_and_moves_with_its_nights(
    house: House, anchor: str, days: int, moment: tuple[int, int]
) -> None:
    event, tokens = await invited(house, ["Ayşe Bir"])
    await house.accept(tokens["Ayşe Bir"])
    entries = (await schedule(house, event, purpose="before", anchor=anchor, days=days)).json()
    assert [e["moment"] for e in entries] == [None]
    nights = {"check_in": "2026-04-13", "check_out": "2026-04-16", "country": "AT"}
    assert (await house.api().post(f"/api/v1/events/{event['id']}/stays", json=nights)).is_success
    timeline = (await house.api().get(f"/api/v1/events/{event['id']}/timeline")).json()
    assert timeline[0]["moment"] == f"2026-{moment[0]:02}-{moment[1]:02}T06:00:00Z"
    await sweep_at(house, *moment, 5, 59)
    assert await sent(house, event) == []
    await sweep_at(house, *moment, 6, 0)
    assert await sent(house, event) == ["Ayşe Bir"]
