"""Asking people, and keeping them told."""

import re
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from tests.people import App, names
from tests.servers import MailServer

LINK = re.compile(r"http://127\.0\.0\.1:8000/i/([\w-]{20,})")


async def move(app: App, event: dict[str, object], **change: object) -> None:
    plan = app.plan(**change)
    del plan["project_id"]
    answer = await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert answer.status_code == 200, answer.text


async def test_invitations_wait_as_drafts_until_they_are_released(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, names(3))
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    assert [m.state for m in await sqlite_app.mails("events/invitation")] == ["draft"] * 3
    released = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    assert released.json() == {"released": 3}
    await sqlite_app.work()
    assert [m.state for m in await sqlite_app.mails("events/invitation")] == ["sent"] * 3


async def test_an_assistant_writes_invitations_and_only_an_organiser_releases_them(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, names(1))
    written = await sqlite_app.api("assistant").post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    released = await sqlite_app.api("assistant").post(f"/api/v1/events/{event['id']}/messages/release")
    assert (written.status_code, released.status_code) == (202, 403)


async def test_nobody_to_invite_is_said_so(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nobody-to-invite")


async def test_inviting_twice_asks_nobody_twice(app: App) -> None:
    event = await app.event()
    await app.invite(event, names(3))
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    assert len(await app.mails("events/invitation")) == 3


async def test_each_mail_names_its_reader_alone_and_holds_the_calendar_entry(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    mail = next(m for m in await sqlite_app.mails("events/invitation") if m.to_name == "Ayşe Yılmaz")
    entry = Calendar.from_ical(mail.calendar or "")
    attendees = entry.walk("VEVENT")[0]["ATTENDEE"]
    assert str(entry["METHOD"]) == "REQUEST"
    assert str(attendees).lower() == "mailto:ayse.yilmaz@example.org"
    for text in (mail.plain, mail.html, mail.calendar or ""):
        assert "Mehmet" not in text
    assert "This project is funded" in mail.plain or "tarafından finanse" in mail.plain


async def test_a_link_by_hand_leaves_earlier_ones_alone_unless_it_is_to_be_the_only_one(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, b"Name\nAyse Oz")
    await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    desk = await sqlite_app.at_desk()
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    path = f"/events/{event['id']}/people/{people[0]['invitation_id']}"
    await desk.get(path)
    tokens = []
    for typed in ({}, {}, {"is_only_one": "yes"}):
        found = LINK.search((await desk.send(f"{path}/link", typed)).text)
        assert found
        tokens.append(found.group(1))
        seen = [(await sqlite_app.stranger().get(f"/i/{token}")).status_code for token in tokens]
        assert seen == {1: [200], 2: [200, 200], 3: [410, 410, 200]}[len(tokens)]


@pytest.mark.parametrize(
    ("answer", "status"), [("accepted", "accepted"), ("tentative", "tentative"), ("declined", "declined")]
)
async def test_an_answer_by_telephone_is_recorded_by_staff_whatever_the_deadline(
    sqlite_app: App, answer: str, status: str
) -> None:
    event = await sqlite_app.event(answer_by="2026-03-20")
    await sqlite_app.invite(event, ["Ayşe Bir"])
    sqlite_app.clock.now = datetime(2026, 3, 25, 8, 0, tzinfo=UTC)
    (person,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    path = f"/events/{event['id']}/people/{person['invitation_id']}"
    desk = await sqlite_app.at_desk()
    await desk.get(path)
    await desk.send(f"{path}/answer", {"answer": answer, "how": "telephone"})
    assert "by telephone" in desk.page
    (person,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert person["status"] == status


async def test_only_who_may_plan_records_answers(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir"])
    (person,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    given = {"answer": "accepted", "how": "telephone"}
    path = f"/api/v1/invitations/{person['invitation_id']}/answer"
    await sqlite_app.found("P-OTHER", prefix="other-")
    answers = [(await sqlite_app.api(r).post(path, json=given)).status_code for r in ("finance", "other-organiser")]
    assert answers == [403, 404]


async def test_when_the_place_moves_everybody_asked_is_told_once_with_a_higher_sequence(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Yılmaz", "Mehmet Öz", "Zeynep Kaya"])
    await app.accept(tokens["Ayşe Yılmaz"])
    await app.guest(tokens["Zeynep Kaya"]).post("/api/v1/invitation/decline", json={})
    await move(app, event, venue="İzmir")
    await app.work()
    await app.work()
    updates = await app.mails("events/update")
    assert sorted(m.to_name for m in updates) == ["Ayşe Yılmaz", "Mehmet Öz"]
    first = Calendar.from_ical((await app.mails("events/invitation"))[0].calendar or "").walk("VEVENT")[0]
    now = Calendar.from_ical(updates[0].calendar or "").walk("VEVENT")[0]
    assert (first["UID"], first["SEQUENCE"], now["SEQUENCE"]) == (now["UID"], 0, 1)


async def test_the_mail_about_a_change_says_what_was_and_what_is_in_the_readers_language(
    sqlite_app: App,
) -> None:
    session = {
        "title": "Opening",
        "title_tr": "Açılış",
        "starts": "2026-04-14T09:30",
        "ends": "2026-04-14T10:30",
    }
    event = await sqlite_app.event(sessions=[session])
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    later = {**session, "starts": "2026-04-14T11:00", "ends": "2026-04-14T12:00"}
    await sqlite_app.api().put(f"/api/v1/sessions/{event['sessions'][0]['id']}?tell=false", json=later)
    await move(sqlite_app, event, venue="İzmir")
    await sqlite_app.work()
    mail = (await sqlite_app.mails("events/update"))[0]
    assert [line for line in mail.plain.splitlines() if line.startswith("– ")] == [
        "– Yer: Ankara yerine İzmir",
        "– Taşındı: Açılış, 14 Nis 2026 09:30–10:30 yerine 14 Nis 2026 11:00–12:00",
    ]


async def test_each_mail_about_a_change_names_what_is_new_since_the_last_one(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    for venue in ("İzmir", "Van"):
        await move(sqlite_app, event, venue=venue)
        await sqlite_app.send_waiting(event)
    texts = [mail.plain for mail in await sqlite_app.mails("events/update")]
    assert [sum(venue in text for text in texts) for venue in ("Ankara", "İzmir", "Van")] == [1, 2, 1]


@pytest.mark.parametrize("is_sent", [False, True])
async def test_a_mail_that_replaces_one_that_has_not_left_tells_all_that_changed(
    mailing_app: App, mail_server: MailServer, is_sent: bool
) -> None:
    event = await mailing_app.event()
    await mailing_app.invite(event, ["Ayşe Yılmaz"])
    mail_server.stop()
    await move(mailing_app, event, venue="İzmir")
    await (mailing_app.send_waiting(event) if is_sent else mailing_app.work())
    await move(mailing_app, event, venue="Van")
    await mailing_app.work()
    old, new = sorted(await mailing_app.mails("events/update"), key=lambda mail: mail.written_at)
    assert (old.state, new.state) == ("cancelled", "draft")
    assert "Ankara yerine İzmir" in old.plain
    assert "Ankara yerine Van" in new.plain


async def test_a_new_title_alone_writes_to_nobody(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Yılmaz"])
    await move(app, event, title="Another title")
    await app.work()
    assert await app.mails("events/update") == []


async def test_the_organiser_can_move_an_event_in_silence(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    plan = sqlite_app.plan(venue="İzmir")
    del plan["project_id"]
    await sqlite_app.api().put(f"/api/v1/events/{event['id']}?tell=false", json=plan)
    await sqlite_app.work()
    assert await sqlite_app.mails("events/update") == []


async def test_a_draft_is_written_anew_when_the_event_moves_before_its_release(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Yılmaz"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    await move(sqlite_app, event, venue="İzmir")
    await sqlite_app.work()
    drafts = [m for m in await sqlite_app.mails("events/invitation") if m.state == "draft"]
    assert (len(drafts), "İzmir" in drafts[0].plain, await sqlite_app.mails("events/update")) == (1, True, [])


async def test_a_cancelled_event_takes_its_entry_out_of_every_calendar(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "The hall burned down."})
    await sqlite_app.work()
    mails = await sqlite_app.mails("events/cancellation")
    entry = Calendar.from_ical(mails[0].calendar or "")
    assert (len(mails), str(entry["METHOD"]), str(entry.walk("VEVENT")[0]["STATUS"])) == (
        2,
        "CANCEL",
        "CANCELLED",
    )
    assert not any("burned" in m.plain for m in mails)


async def test_drafts_of_a_cancelled_event_never_go_out(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Yılmaz"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money."})
    await sqlite_app.work()
    assert [(m.kind, m.state) for m in await sqlite_app.mails(about=event["id"])] == [
        ("events/invitation", "cancelled")
    ]


async def test_writing_invitations_costs_the_same_number_of_queries_for_three_people_and_thirty(
    sqlite_app: App,
) -> None:
    counts = []
    for size in (3, 30):
        event = await sqlite_app.event(title=f"Meeting {size}")
        await sqlite_app.name_people(event, [f"{n} {size}" for n in names(size)])
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
        with sqlite_app.counting() as seen:
            await sqlite_app.work()
        counts.append(len(seen))
    assert counts[0] == counts[1]


MORNING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}
EVENING = {"title": "Closing", "starts": "2026-04-15T15:00", "ends": "2026-04-15T16:45"}


async def test_mail_and_page_say_when_it_begins_and_ends_and_by_whose_clock(sqlite_app: App) -> None:
    event = await sqlite_app.event(sessions=[MORNING, EVENING])
    tokens = await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    (mail,) = await sqlite_app.mails("events/invitation")
    page = (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Yılmaz']}")).text
    assert "14 Nisan 2026, 09:30 – 15 Nisan 2026, 16:45" in mail.plain
    assert "14 Nisan 2026, 09:30 – 15 Nisan 2026, 16:45" in page
    assert "İstanbul saati (UTC+3)" in mail.plain
    assert "Tüm saatler: İstanbul saati (UTC+3)" in page
    assert "Europe/" not in mail.plain + page


async def test_a_programme_of_one_day_says_its_hours_once(sqlite_app: App) -> None:
    event = await sqlite_app.event(last_day="2026-04-14", sessions=[MORNING])
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    (mail,) = await sqlite_app.mails("events/invitation")
    assert "14 Nisan 2026, 09:30–10:30" in mail.plain
