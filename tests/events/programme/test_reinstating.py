"""A cancelled event that takes place after all: as it was, and known to everybody who was told that it is off."""

from typing import Any

import pytest
from icalendar import Calendar

from tests.events.calendars.test_personal_feeds import entries, subscribe
from tests.events.programme.test_speaker_notices import entry, told, with_speaker
from tests.people import House, problem_fields
from tests.servers import MailServer

OPENING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"}


async def cancel(house: House, event: dict[str, Any]) -> None:
    path = f"/api/v1/events/{event['id']}/cancellation"
    (await house.api().post(path, json={"reason": "Floods"})).raise_for_status()


async def reinstate(house: House, event: dict[str, Any]) -> Any:
    path = f"/api/v1/events/{event['id']}/reinstatement"
    return await house.api().post(path, json={"reason": "The water went down."})


async def test_who_was_told_that_it_is_off_is_told_that_it_takes_place_and_gets_the_entry_back(
    house: House,
) -> None:
    event, tokens = await house.accepted_event(["Ayşe Bir"], sessions=[OPENING])
    await cancel(house, event)
    await house.work()
    assert (await reinstate(house, event)).json()["state"] == "published"
    await house.work()
    (off,), (on,) = await house.mails("events/cancellation"), await house.mails("events/update")
    gone, back = (Calendar.from_ical(mail.calendar or "").walk("VEVENT")[0] for mail in (off, on))
    assert (gone["UID"], str(back["STATUS"])) == (back["UID"], "CONFIRMED")
    assert back["SEQUENCE"] > gone["SEQUENCE"]
    assert "Etkinlik iptal edilmişti" in on.plain
    page = await house.guest(tokens["Ayşe Bir"]).get("/api/v1/invitation")
    assert page.json()["status"] == "accepted"


async def test_who_had_not_heard_of_the_cancellation_yet_hears_only_how_it_stands(
    mailing_house: House, mail_server: MailServer
) -> None:
    event = await mailing_house.event()
    await mailing_house.invite(event, ["Ayşe Bir"])
    mail_server.stop()
    for step in (cancel, reinstate):
        await step(mailing_house, event)
        await mailing_house.work()
    (off,) = await mailing_house.mails("events/cancellation")
    (on,) = await mailing_house.mails("events/update")
    assert (off.state, on.state, "iptal" in on.plain) == ("cancelled", "queued", False)


async def test_whom_nobody_had_asked_yet_is_still_to_be_asked(house: House) -> None:
    event = await house.event()
    await house.name_people(event, ["Ayşe Bir"])
    await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    await cancel(house, event)
    await house.work()
    await reinstate(house, event)
    await house.work()
    assert [m.state for m in await house.mails(about=event["id"])] == ["cancelled"]
    (await house.api().post(f"/api/v1/events/{event['id']}/invitations")).raise_for_status()
    await house.work()
    assert sorted(m.state for m in await house.mails("events/invitation")) == ["cancelled", "draft"]


@pytest.mark.parametrize("state", ["draft", "confirmed", "postponed"])
async def test_it_becomes_what_it_was_before(house: House, state: str) -> None:
    event = await house.event()
    if state == "postponed":
        await house.api().post(f"/api/v1/events/{event['id']}/postponement", json={"reason": "No hall."})
    elif state == "confirmed":
        for step in ("published", "confirmed"):
            await house.api().post(f"/api/v1/events/{event['id']}/state", json={"state": step})
    await cancel(house, event)
    assert (await reinstate(house, event)).json()["state"] == state


async def test_what_is_not_cancelled_stays_as_it_is(house: House) -> None:
    event = await house.event()
    before = (await house.api().get(f"/api/v1/events/{event['id']}")).json()
    assert (await reinstate(house, event)).status_code == 200
    assert (await house.api().get(f"/api/v1/events/{event['id']}")).json() == before


async def test_it_stays_off_while_another_event_has_its_title_and_days(house: House) -> None:
    event = await house.event()
    await cancel(house, event)
    await house.event()
    refused = await reinstate(house, event)
    state = (await house.api().get(f"/api/v1/events/{event['id']}")).json()["state"]
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2], state) == (
        409,
        "taken-meanwhile",
        "cancelled",
    )


async def test_every_feed_shows_it_again_with_a_higher_sequence(house: House) -> None:
    event, tokens = await house.accepted_event(["Ayşe Bir"], sessions=[OPENING])
    path = await subscribe(house, tokens["Ayşe Bir"])
    await cancel(house, event)
    off = entries((await house.stranger().get(path)).content)["Opening"]
    await reinstate(house, event)
    on = entries((await house.stranger().get(path)).content)["Opening"]
    assert [str(e["STATUS"]) for e in (off, on)] == ["CANCELLED", "CONFIRMED"]  # type: ignore[index]
    assert on["SEQUENCE"] > off["SEQUENCE"]  # type: ignore[index]


async def test_who_speaks_gets_the_session_back_into_the_calendar(house: House) -> None:
    event = await with_speaker(house)
    await cancel(house, event)
    await told(house)
    await reinstate(house, event)
    assert [m.calendar_method for m in await told(house)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [int(entry(m)["SEQUENCE"]) for m in await told(house)] == [1, 2, 3]


async def test_the_mail_about_a_postponement_says_that_there_is_no_date(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/postponement"
    await house.api().post(path, json={"reason": "No hall."})
    await house.work()
    (mail,) = await house.mails("events/update")
    assert "Etkinlik ertelendi" in mail.plain


async def test_the_page_asks_why_and_then_lets_it_take_place(house: House) -> None:
    event = await house.event()
    await cancel(house, event)
    desk = await house.at_desk()
    await desk.get(f"/events/{event['id']}")
    refused = await desk.send(f"/events/{event['id']}/reinstate", {"reason": " "})
    assert (refused.status_code, 'id="reason-wrong"' in refused.text) == (422, True)
    await desk.send(f"/events/{event['id']}/reinstate", {"reason": "The water went down."})
    assert "The water went down." in desk.page
    assert "Let it take place" not in desk.page


async def test_who_only_looks_brings_nothing_back(house: House) -> None:
    event = await house.event()
    await cancel(house, event)
    path = f"/api/v1/events/{event['id']}/reinstatement"
    assert (await house.api("finance").post(path, json={"reason": "x"})).status_code == 403
    missing = await house.api().post(path, json={})
    assert (missing.status_code, list(problem_fields(missing))) == (422, ["reason"])
