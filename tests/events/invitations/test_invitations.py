"""Asking people, and keeping them told."""

import re

from icalendar import Calendar

from tests.people import House, names
from tests.servers import MailServer

LINK = re.compile(r"http://127\.0\.0\.1:8000/i/([\w-]{20,})")


async def move(house: House, event: dict[str, object], **change: object) -> None:
    plan = house.plan(**change)
    del plan["project_id"]
    answer = await house.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert answer.status_code == 200, answer.text


async def test_invitations_wait_as_drafts_until_they_are_released(house: House) -> None:
    event = await house.event()
    await house.name_people(event, names(3))
    await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    assert [m.state for m in await house.mails("events/invitation")] == ["draft"] * 3
    released = await house.api().post(f"/api/v1/events/{event['id']}/messages/release")
    assert released.json() == {"released": 3}
    await house.work()
    assert [m.state for m in await house.mails("events/invitation")] == ["sent"] * 3


async def test_an_assistant_writes_invitations_and_only_an_organiser_releases_them(house: House) -> None:
    event = await house.event()
    await house.name_people(event, names(1))
    written = await house.api("assistant").post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    released = await house.api("assistant").post(f"/api/v1/events/{event['id']}/messages/release")
    assert (written.status_code, released.status_code) == (202, 403)


async def test_nobody_to_invite_is_said_so(house: House) -> None:
    event = await house.event()
    answer = await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nobody-to-invite")


async def test_inviting_twice_asks_nobody_twice(house: House) -> None:
    event = await house.event()
    await house.invite(event, names(3))
    await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    assert len(await house.mails("events/invitation")) == 3


async def test_each_mail_names_its_reader_alone_and_holds_the_calendar_entry(house: House) -> None:
    event = await house.event()
    await house.invite(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    mail = next(m for m in await house.mails("events/invitation") if m.to_name == "Ayşe Yılmaz")
    entry = Calendar.from_ical(mail.calendar or "")
    attendees = entry.walk("VEVENT")[0]["ATTENDEE"]
    assert str(entry["METHOD"]) == "REQUEST"
    assert str(attendees).lower() == "mailto:ayse.yilmaz@example.org"
    for text in (mail.plain, mail.html, mail.calendar or ""):
        assert "Mehmet" not in text
    assert "This project is funded" in mail.plain or "tarafından finanse" in mail.plain


async def test_a_person_without_an_address_gets_a_link_by_hand_and_the_old_one_dies(house: House) -> None:
    event = await house.event()
    await house.upload(event, b"Name\nAyse")
    made = await house.upload(event, b"Name\nAyse Oz")
    await house.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    desk = await house.at_desk()
    people = (await house.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    await desk.get(f"/events/{event['id']}/people/{people[0]['invitation_id']}")
    path = re.search(r'action="(/events/[^"]+/link)"', desk.page)
    assert path
    tokens = []
    for _ in range(2):
        answer = await desk.send(path.group(1))
        found = LINK.search(answer.text)
        assert found
        tokens.append(found.group(1))
    old, new = [(await house.stranger().get(f"/i/{token}")).status_code for token in tokens]
    assert (old, new) == (410, 200)


async def test_when_the_place_moves_everybody_asked_is_told_once_with_a_higher_sequence(house: House) -> None:
    event = await house.event()
    tokens = await house.invite(event, ["Ayşe Yılmaz", "Mehmet Öz", "Zeynep Kaya"])
    await house.accept(tokens["Ayşe Yılmaz"])
    await house.guest(tokens["Zeynep Kaya"]).post("/api/v1/invitation/decline", json={})
    await move(house, event, venue="İzmir")
    await house.work()
    await house.work()
    updates = await house.mails("events/update")
    assert sorted(m.to_name for m in updates) == ["Ayşe Yılmaz", "Mehmet Öz"]
    first = Calendar.from_ical((await house.mails("events/invitation"))[0].calendar or "").walk("VEVENT")[0]
    now = Calendar.from_ical(updates[0].calendar or "").walk("VEVENT")[0]
    assert (first["UID"], first["SEQUENCE"], now["SEQUENCE"]) == (now["UID"], 0, 1)


async def test_the_mail_about_a_change_says_what_was_and_what_is_in_the_readers_language(
    house: House,
) -> None:
    session = {
        "title": "Opening",
        "title_tr": "Açılış",
        "starts": "2026-04-14T09:30",
        "ends": "2026-04-14T10:30",
    }
    event = await house.event(sessions=[session])
    await house.invite(event, ["Ayşe Yılmaz"])
    later = {**session, "starts": "2026-04-14T11:00", "ends": "2026-04-14T12:00"}
    await house.api().put(f"/api/v1/sessions/{event['sessions'][0]['id']}?tell=false", json=later)
    await move(house, event, venue="İzmir")
    await house.work()
    mail = (await house.mails("events/update"))[0]
    assert [line for line in mail.plain.splitlines() if line.startswith("– ")] == [
        "– Yer: Ankara yerine İzmir",
        "– Taşındı: Açılış, 14 Nis 2026 09:30–10:30 yerine 14 Nis 2026 11:00–12:00",
    ]


async def test_each_mail_about_a_change_names_what_is_new_since_the_last_one(house: House) -> None:
    event = await house.event()
    await house.invite(event, ["Ayşe Yılmaz"])
    for venue in ("İzmir", "Van"):
        await move(house, event, venue=venue)
        await house.work()
    texts = [mail.plain for mail in await house.mails("events/update")]
    assert [sum(venue in text for text in texts) for venue in ("Ankara", "İzmir", "Van")] == [1, 2, 1]


async def test_a_mail_that_replaces_one_still_waiting_tells_how_it_stands_and_hides_no_change(
    mailing_house: House, mail_server: MailServer
) -> None:
    event = await mailing_house.event()
    await mailing_house.invite(event, ["Ayşe Yılmaz"])
    mail_server.stop()
    for venue in ("İzmir", "Van"):
        await move(mailing_house, event, venue=venue)
        await mailing_house.work()
    old, new = sorted(await mailing_house.mails("events/update"), key=lambda mail: mail.written_at)
    assert (old.state, new.state) == ("cancelled", "queued")
    assert "Ankara yerine İzmir" in old.plain
    assert "yerine" not in new.plain
    assert "Van" in new.plain


async def test_a_new_title_alone_writes_to_nobody(house: House) -> None:
    event = await house.event()
    await house.invite(event, ["Ayşe Yılmaz"])
    await move(house, event, title="Another title")
    await house.work()
    assert await house.mails("events/update") == []


async def test_the_organiser_can_move_an_event_in_silence(house: House) -> None:
    event = await house.event()
    await house.invite(event, ["Ayşe Yılmaz"])
    plan = house.plan(venue="İzmir")
    del plan["project_id"]
    await house.api().put(f"/api/v1/events/{event['id']}?tell=false", json=plan)
    await house.work()
    assert await house.mails("events/update") == []


async def test_a_draft_is_written_anew_when_the_event_moves_before_its_release(house: House) -> None:
    event = await house.event()
    await house.name_people(event, ["Ayşe Yılmaz"])
    await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    await move(house, event, venue="İzmir")
    await house.work()
    drafts = [m for m in await house.mails("events/invitation") if m.state == "draft"]
    assert (len(drafts), "İzmir" in drafts[0].plain, await house.mails("events/update")) == (1, True, [])


async def test_a_cancelled_event_takes_its_entry_out_of_every_calendar(house: House) -> None:
    event = await house.event()
    await house.invite(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    await house.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "The hall burned down."})
    await house.work()
    mails = await house.mails("events/cancellation")
    entry = Calendar.from_ical(mails[0].calendar or "")
    assert (len(mails), str(entry["METHOD"]), str(entry.walk("VEVENT")[0]["STATUS"])) == (
        2,
        "CANCEL",
        "CANCELLED",
    )
    assert not any("burned" in m.plain for m in mails)


async def test_drafts_of_a_cancelled_event_never_go_out(house: House) -> None:
    event = await house.event()
    await house.name_people(event, ["Ayşe Yılmaz"])
    await house.api().post(f"/api/v1/events/{event['id']}/invitations")
    await house.work()
    await house.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money."})
    await house.work()
    assert [(m.kind, m.state) for m in await house.mails(about=event["id"])] == [("events/invitation", "cancelled")]


async def test_writing_invitations_costs_the_same_number_of_queries_for_three_people_and_thirty(
    house: House,
) -> None:
    counts = []
    for size in (3, 30):
        event = await house.event(title=f"Meeting {size}")
        await house.name_people(event, [f"{n} {size}" for n in names(size)])
        await house.api().post(f"/api/v1/events/{event['id']}/invitations")
        with house.counting() as seen:
            await house.work()
        counts.append(len(seen))
    assert counts[0] == counts[1]
