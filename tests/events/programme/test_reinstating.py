"""A cancelled event that takes place after all: as it was, and known to everybody who was told that it is off."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import entries, subscribe
from tests.events.programme.test_speaker_notices import entry, told, with_speaker
from tests.people import App, problem_fields

OPENING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"}


async def cancel(app: App, event: dict[str, Any]) -> None:
    path = f"/api/v1/events/{event['id']}/cancellation"
    (await app.api().post(path, json={"reason": "Floods"})).raise_for_status()


async def reinstate(app: App, event: dict[str, Any]) -> Any:
    path = f"/api/v1/events/{event['id']}/reinstatement"
    return await app.api().post(path, json={"reason": "The water went down."})


async def test_who_was_told_that_it_is_off_is_told_that_it_takes_place_and_gets_the_entry_back(
    sqlite_app: App,
) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"], sessions=[OPENING])
    await cancel(sqlite_app, event)
    await sqlite_app.send_waiting(event)
    assert (await reinstate(sqlite_app, event)).json()["state"] == "published"
    await sqlite_app.work()
    (off,), (on,) = await sqlite_app.mails("events/cancellation"), await sqlite_app.mails("events/update")
    gone, back = (Calendar.from_ical(mail.calendar or "").walk("VEVENT")[0] for mail in (off, on))
    assert (gone["UID"], str(back["STATUS"])) == (back["UID"], "CONFIRMED")
    assert back["SEQUENCE"] > gone["SEQUENCE"]
    assert "Etkinlik iptal edilmişti" in on.plain
    page = await sqlite_app.guest(tokens["Ayşe Bir"]).get("/api/v1/invitation")
    assert page.json()["status"] == "accepted"


async def test_who_had_not_heard_of_the_cancellation_yet_hears_nothing_of_it(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    for step in (cancel, reinstate):
        await step(app, event)
        await app.work()
    (off,) = await app.mails("events/cancellation")
    assert (off.state, await app.mails("events/update")) == ("cancelled", [])


async def test_a_cancellation_that_waits_is_replaced_by_what_has_changed_since_the_last_mail(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    await cancel(app, event)
    await app.work()
    await reinstate(app, event)
    plan = app.plan(venue="Van")
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await app.work()
    (on,) = await app.mails("events/update")
    assert ("Ankara yerine Van" in on.plain, "iptal" in on.plain) == (True, False)


async def test_whom_nobody_had_asked_yet_is_still_to_be_asked(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    await cancel(sqlite_app, event)
    await sqlite_app.work()
    await reinstate(sqlite_app, event)
    await sqlite_app.work()
    assert [m.state for m in await sqlite_app.mails(about=event["id"])] == ["cancelled"]
    (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")).raise_for_status()
    await sqlite_app.work()
    assert sorted(m.state for m in await sqlite_app.mails("events/invitation")) == ["cancelled", "draft"]


@pytest.mark.parametrize("state", ["draft", "confirmed", "postponed"])
async def test_it_becomes_what_it_was_before(sqlite_app: App, state: str) -> None:
    event = await sqlite_app.event()
    if state == "postponed":
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/postponement", json={"reason": "No hall."})
    elif state == "confirmed":
        for step in ("published", "confirmed"):
            await sqlite_app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": step})
    await cancel(sqlite_app, event)
    assert (await reinstate(sqlite_app, event)).json()["state"] == state


async def test_what_is_not_cancelled_stays_as_it_is(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    before = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()
    assert (await reinstate(sqlite_app, event)).status_code == 200
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json() == before


async def test_it_stays_off_while_another_event_has_its_title_and_days(app: App) -> None:
    event = await app.event()
    await cancel(app, event)
    await app.event()
    refused = await reinstate(app, event)
    state = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["state"]
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2], state) == (
        409,
        "taken-meanwhile",
        "cancelled",
    )


async def test_every_feed_shows_it_again_with_a_higher_sequence(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"], sessions=[OPENING])
    path = await subscribe(sqlite_app, tokens["Ayşe Bir"])
    await cancel(sqlite_app, event)
    off = entries((await sqlite_app.stranger().get(path)).content)["Opening"]
    await reinstate(sqlite_app, event)
    on = entries((await sqlite_app.stranger().get(path)).content)["Opening"]
    assert [str(e["STATUS"]) for e in (off, on)] == ["CANCELLED", "CONFIRMED"]  # type: ignore[index]
    assert on["SEQUENCE"] > off["SEQUENCE"]  # type: ignore[index]


async def test_who_speaks_gets_the_session_back_into_the_calendar(sqlite_app: App) -> None:
    event = await with_speaker(sqlite_app)
    await cancel(sqlite_app, event)
    await told(sqlite_app)
    await reinstate(sqlite_app, event)
    assert [m.calendar_method for m in await told(sqlite_app)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [int(entry(m)["SEQUENCE"]) for m in await told(sqlite_app)] == [1, 2, 3]


async def test_the_mail_about_a_postponement_says_that_there_is_no_date(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/postponement"
    await sqlite_app.api().post(path, json={"reason": "No hall."})
    await sqlite_app.work()
    (mail,) = await sqlite_app.mails("events/update")
    assert "Etkinlik ertelendi" in mail.plain


async def test_the_page_asks_why_and_then_lets_it_take_place(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await cancel(sqlite_app, event)
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}")
    refused = await desk.send(f"/events/{event['id']}/reinstate", {"reason": " "})
    assert (refused.status_code, 'id="reason-wrong"' in refused.text) == (422, True)
    await desk.send(f"/events/{event['id']}/reinstate", {"reason": "The water went down."})
    assert "The water went down." in desk.page
    assert "Let it take place" not in desk.page


async def test_who_only_looks_brings_nothing_back(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await cancel(sqlite_app, event)
    path = f"/api/v1/events/{event['id']}/reinstatement"
    assert (await sqlite_app.api("finance").post(path, json={"reason": "x"})).status_code == 403
    missing = await sqlite_app.api().post(path, json={})
    assert (missing.status_code, list(problem_fields(missing))) == (422, ["reason"])
