"""Mail over a real SMTP server."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import unescape
from typing import cast

import pytest
from icalendar import Calendar
from sqlmodel import select

from core.clock import wall_clock
from core.ids import new_id
from core.settings import Settings
from events.invitations.invitations.models import Invitation
from notifications.delivery.mails import flattened
from notifications.delivery.relays import Relay
from notifications.outbox.service import enqueue
from tests.notifications.test_outbox import AT, message
from tests.people import App, names
from tests.servers import MailServer


async def test_twenty_eight_people_get_each_their_own_mail_with_a_working_calendar(
    mailing_app: App, mail_server: MailServer
) -> None:
    app, people = mailing_app, names(28)
    event = await app.event(
        title="Yıllık toplantı: ğüşöçıİ",
        sessions=[{"title": "Açılış", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}],
    )
    await app.invite(event, people)
    assert len(mail_server.taken) == 28
    assert len({recipients[0] for recipients, _ in mail_server.taken}) == 28
    for recipients, taken in mail_server.taken:
        mail = cast(EmailMessage, taken)
        parts = [part.get_content_type() for part in mail.walk()]
        assert parts == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ]
        calendar_part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
        attachment = next(p for p in mail.walk() if p.get_content_type() == "application/ics")
        content = cast(EmailMessage, calendar_part).get_content()
        entry = Calendar.from_ical(content)
        assert dict(calendar_part.get_params() or [])["method"] == "REQUEST"
        assert len(entry.walk("VEVENT")) == 1
        assert Calendar.from_ical(cast(EmailMessage, attachment).get_content()) == entry
        assert str(entry.walk("VEVENT")[0]["ATTENDEE"]).lower() == f"mailto:{recipients[0]}"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Reply-To"] == "office@example.org"
        assert str(mail["Subject"]).endswith("ğüşöçıİ")


async def test_the_date_is_that_of_sending_not_that_of_writing(mailing_app: App, mail_server: MailServer) -> None:
    at = mailing_app.clock()
    async with mailing_app.database.unit_of_work() as db:
        await enqueue(db, [message("m", at - timedelta(days=9), expires_at=at + timedelta(days=1))])
    await mailing_app.work()
    ((_, mail),) = mail_server.taken
    assert parsedate_to_datetime(str(mail["Date"])) == mailing_app.clock().replace(microsecond=0)


async def test_a_few_connections_carry_many_mails_and_one_carries_few(
    mailing_app: App, mail_server: MailServer
) -> None:
    for count, most in ((1, 1), (1, 1), (30, 4)):
        async with mailing_app.database.unit_of_work() as db:
            await enqueue(db, [message(str(new_id()), mailing_app.clock()) for _ in range(count)])
        await mailing_app.work()
        assert len(mail_server.peers) == most
    assert (len(mail_server.taken), {m.state for m in await mailing_app.mails("test")}) == (32, {"sent"})


async def test_a_refused_recipient_fails_alone(mailing_app: App, mail_server: MailServer) -> None:
    event = await mailing_app.event()
    mail_server.answers["ayse.bir@example.org"] = "550 5.1.1 no such user"
    await mailing_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    mails = {m.to_name: (m.state, m.answer) for m in await mailing_app.mails("events/invitation")}
    assert mails == {"Ayşe Bir": ("failed", "5.1.1 no such user"), "Mehmet İki": ("sent", "taken")}


@pytest.mark.parametrize("words", ["mailbox 100% full", "<a href=//elsewhere.example>sign in again</a>"])
async def test_what_a_mail_server_says_is_shown_as_it_said_it_and_does_nothing(
    mailing_app: App, mail_server: MailServer, words: str
) -> None:
    event = await mailing_app.event()
    mail_server.answers["ayse.bir@example.org"] = f"552 5.2.2 {words}"
    await mailing_app.invite(event, ["Ayşe Bir"])
    (mail,) = await mailing_app.mails("events/invitation")
    async with mailing_app.database.reading() as db:
        invitation = (await db.exec(select(Invitation.id))).one()
    desk = await mailing_app.at_desk()
    for path in (f"/mail/{mail.id}", f"/events/{event['id']}/people/{invitation}"):
        page = await desk.get(path)
        assert (page.status_code, words in unescape(page.text), words in page.text) == (200, True, "<" not in words), (
            path
        )


async def test_a_greylisted_mail_arrives_later_with_the_same_message_id(
    mailing_app: App, mail_server: MailServer
) -> None:
    mail_server.answers["ayse@example.org"] = "451 4.7.1 come back"
    async with mailing_app.database.unit_of_work() as db:
        await enqueue(db, [message("m", mailing_app.clock())])
    await mailing_app.work()
    assert (mail_server.taken, (await mailing_app.mails("test"))[0].state) == ([], "queued")
    mail_server.answers.clear()
    mailing_app.clock.forward(minutes=2)
    await mailing_app.work()
    (row,) = await mailing_app.mails("test")
    assert [m["Message-ID"] for _, m in mail_server.taken] == [f"<{row.id}@example.org>"]


async def test_a_relay_that_is_down_loses_nothing(mailing_app: App, mail_server: MailServer) -> None:
    mail_server.stop()
    async with mailing_app.database.unit_of_work() as db:
        await enqueue(db, [message(f"m{n}", mailing_app.clock()) for n in range(3)])
    await mailing_app.work()
    assert [m.state for m in await mailing_app.mails("test")] == ["queued"] * 3
    mail_server.start()
    mailing_app.clock.forward(minutes=2)
    await mailing_app.work()
    assert len(mail_server.taken) == 3


async def test_a_relay_that_hangs_up_in_mid_session_gets_a_new_connection(
    mailing_app: App, mail_server: MailServer
) -> None:
    async with mailing_app.database.unit_of_work() as db:
        await enqueue(db, [message("m1", mailing_app.clock())])
    await mailing_app.work()
    mail_server.stop()
    mail_server.start()
    async with mailing_app.database.unit_of_work() as db:
        await enqueue(db, [message("m2", mailing_app.clock())])
    await mailing_app.work()
    mailing_app.clock.forward(minutes=2)
    await mailing_app.work()
    assert len(mail_server.taken) == 2


async def test_the_mail_page_hides_personal_links_once_mail_really_leaves(mailing_app: App) -> None:
    event = await mailing_app.event()
    await mailing_app.invite(event, ["Ayşe Bir"])
    (mail,) = await mailing_app.mails("events/invitation")
    page = (await (await mailing_app.at_desk()).get(f"/mail/{mail.id}")).text
    assert "/i/…" in page


def settings(**more: object) -> Settings:
    return Settings(_env_file=None, mail_from="heyet@example.org", **more)  # type: ignore[arg-type, call-arg]


def relay_at(port: int, **more: object) -> Relay:
    there = settings(**{"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", **more})
    return Relay(there.relays[0], there, wall_clock)


@pytest.mark.parametrize("field", ["to_name", "sender_name", "subject", "reply_to"])
def test_a_line_break_in_a_header_is_refused(field: str) -> None:
    queued = message("m", AT)
    setattr(queued, field, "Ayşe\r\nBcc: everybody@example.org")
    with pytest.raises(ValueError, match=r"(?i)linefeed|carriage|CR"):
        flattened(queued, settings(), at=AT)


async def test_a_header_that_is_refused_fails_that_message_and_no_other(mail_server: MailServer) -> None:
    relay = relay_at(mail_server.port)
    queued = message("m", AT)
    queued.subject = "Hello\r\nBcc: everybody@example.org"
    answer = await relay.send(queued)
    await relay.close()
    assert (answer.code, mail_server.taken) == (553, [])


async def test_a_relay_that_asks_for_a_certificate_we_do_not_trust_gets_nothing(
    mail_server: MailServer,
) -> None:
    relay = relay_at(mail_server.port, smtp_security="starttls", smtp_timeout=3)
    answer = await relay.send(message("m", AT))
    assert (answer.code, mail_server.taken) == (0, [])


async def test_a_relay_that_never_answers_costs_its_timeout_and_no_more() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = relay_at(port, smtp_timeout=0.3)
    answer = await asyncio.wait_for(relay.send(message("m", AT)), 5)
    server.close()
    assert (answer.code, "Timeout" in answer.words) == (0, True)


async def test_where_a_mail_stayed_is_said_in_the_readers_language(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get("/")
    await desk.send("/language", {"language": "tr"})
    (mail, *_) = await sqlite_app.mails(about=event["id"])
    page = (await desk.get(f"/mail/{mail.id}")).text
    assert ("yerel posta kutusunda tutuldu" in page, "local mailbox" in page) == (True, False)
