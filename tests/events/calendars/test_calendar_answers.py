"""Which answer of a calendar counts, and what entries say of answers that are known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.conftest import open_app, settings_for
from tests.core.test_scheduling import tnef
from tests.notifications.test_inbound import OURS, asked, bring, inbox, mail_of, reply, status_of
from tests.people import LINK, App
from tests.servers import MailServer, free_port

AYSE = "ayse.bir@example.org"


@pytest.fixture
async def post(sqlite_url: str, tmp_path: Path, mail_server: MailServer) -> AsyncIterator[App]:
    """An installation that sends to a real relay and takes mail itself."""
    relay = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none", "smtp_timeout": 5}
    ours = {"inbound_address": OURS, "inbound_port": free_port()}
    async for app in open_app(settings_for(sqlite_url, tmp_path, **relay, **ours)):
        yield app


def stamp(app: App) -> str:
    return app.clock.now.strftime("%Y%m%dT%H%M%SZ")


async def link_of(app: App) -> str:
    found = LINK.search((await app.mails("events/invitation"))[0].plain)
    assert found
    return found[1]


async def postpone(app: App, event: dict[str, Any], day: str) -> None:
    given = {"first_day": day, "reason": "Floods"}
    moved = await app.api().post(f"/api/v1/events/{event['id']}/postponement", json=given)
    assert moved.status_code == 200, moved.text
    await app.work()


def asks(calendar: str | None) -> tuple[int, str, str]:
    """Which state of the entry it is, and what it says of the one answer."""
    entry: Any = Calendar.from_ical(calendar or "").walk("VEVENT")[0]
    said = entry["ATTENDEE"].params
    return entry["SEQUENCE"], said["PARTSTAT"], said["RSVP"]


async def test_what_was_said_on_the_page_is_undone_by_what_a_calendar_says_later_alone(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    post.clock.forward(hours=1)
    before = stamp(post)
    post.clock.forward(hours=1)
    await post.accept(await link_of(post))
    post.clock.forward(hours=1)
    await bring(post, to, mail_of(reply(uid, "DECLINED", stamp=before)))
    assert await status_of(post, event) == "accepted"
    # Said again, it is as new as if it had been said first now.
    after = stamp(post)
    post.clock.forward(hours=1)
    await post.accept(await link_of(post))
    await bring(post, to, mail_of(reply(uid, "DECLINED", stamp=after)))
    assert await status_of(post, event) == "accepted"
    post.clock.forward(hours=1)
    await bring(post, to, mail_of(reply(uid, "DECLINED", stamp=stamp(post))))
    assert await status_of(post, event) == "cancelled"


async def test_a_calendar_whose_clock_is_ahead_does_not_have_the_last_word_for_ever(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    await bring(post, to, mail_of(reply(uid, "ACCEPTED", stamp="20310101T000000Z")))
    post.clock.forward(hours=1)
    await bring(post, to, mail_of(reply(uid, "DECLINED", stamp=stamp(post))))
    assert await status_of(post, event) == "cancelled"


async def test_a_yes_to_an_earlier_date_asks_again_and_one_to_the_new_date_counts(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    await postpone(post, event, "2026-05-19")
    for _ in range(2):
        post.clock.forward(hours=1)
        await bring(post, to, mail_of(reply(uid, "ACCEPTED", stamp=stamp(post))))
    (again,) = await post.mails("events/not-taken")
    assert (await status_of(post, event), asks(again.calendar)) == ("invited", (1, "NEEDS-ACTION", "TRUE"))
    assert "19–20 Mayıs 2026" in again.plain
    assert "yeniden" in again.plain
    post.clock.forward(hours=1)
    await bring(post, to, mail_of(reply(uid, "ACCEPTED", sequence="SEQUENCE:1\r\n", stamp=stamp(post))))
    assert await status_of(post, event) == "accepted"
    # A no to the earlier date is none to this one, and a yes says what is known.
    for status in ("DECLINED", "ACCEPTED"):
        post.clock.forward(hours=1)
        await bring(post, to, mail_of(reply(uid, status, stamp=stamp(post))))
    assert (await status_of(post, event), len(await post.mails("events/not-taken"))) == ("accepted", 1)


async def test_a_calendar_that_says_no_sequence_answers_the_entry_as_it_is(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    await postpone(post, event, "2026-05-19")
    await bring(post, to, mail_of(reply(uid, "ACCEPTED", sequence="")))
    assert await status_of(post, event) == "accepted"


@pytest.mark.parametrize(
    "attendee",
    [
        "ATTENDEE;PARTSTAT=DECLINED:mailto:first@example.org\r\n"
        "ATTENDEE;PARTSTAT={status}:mailto:ayse.bir@example.org\r\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:last@example.org",
        "ATTENDEE;EMAIL=ayse.bir@example.org;PARTSTAT={status}:/aMTIzNDU2Nzg5/principal/",
    ],
)
async def test_the_attendee_that_counts_is_the_person_wherever_in_the_list(
    post: App, mail_server: MailServer, attendee: str
) -> None:
    event, to, uid = await asked(post, mail_server)
    await bring(post, to, mail_of(reply(uid, "ACCEPTED", attendee=attendee)))
    assert await status_of(post, event) == "accepted"


async def test_an_entry_says_the_answer_that_is_known_and_asks_only_whom_an_answer_is_wanted_from(
    post: App, mail_server: MailServer
) -> None:
    event = await post.event(capacity=1, answer_by="2026-04-01")
    people = {"Ayşe Bir": "acceptance", "Can İki": "acceptance", "Deniz Üç": "tentative", "Ece Dört": ""}
    tokens = await post.invite(event, list(people))
    for name, said in people.items():
        if said:
            await post.guest(tokens[name]).post(f"/api/v1/invitation/{said}", json={})
    told = {m.to_name: asks(m.calendar)[1:] for m in await post.mails("events/invitation")}
    assert set(told.values()) == {("NEEDS-ACTION", "TRUE")}
    await postpone(post, event, "2026-05-19")
    told = {m.to_name: asks(m.calendar)[1:] for m in await post.mails("events/update")}
    assert told == {
        "Ayşe Bir": ("ACCEPTED", "FALSE"),
        "Can İki": ("TENTATIVE", "FALSE"),
        "Deniz Üç": ("TENTATIVE", "TRUE"),
        "Ece Dört": ("NEEDS-ACTION", "TRUE"),
    }
    post.clock.now = datetime(2026, 5, 18, 8, tzinfo=UTC)
    await postpone(post, event, "2026-05-20")
    last = {m.to_name: asks(m.calendar)[1:] for m in await post.mails("events/update")}
    assert last["Ece Dört"] == ("NEEDS-ACTION", "FALSE")


async def test_an_answer_that_nobody_can_read_is_said_in_words_beside_the_person(
    post: App, mail_server: MailServer
) -> None:
    event, to, _ = await asked(post, mail_server)
    sealed = (
        f"From: {AYSE}\r\nTo: x\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n"
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
    )
    await bring(post, to, sealed)
    assert await status_of(post, event) == "invited"
    assert "could not be read: it is encrypted" in await inbox(post)


async def test_outlooks_own_answer_counts_for_whom_its_address_was_given(post: App, mail_server: MailServer) -> None:
    event, to, _ = await asked(post, mail_server)
    await bring(post, to, tnef("IPM.Schedule.Meeting.Resp.Pos"))
    assert await status_of(post, event) == "accepted"
