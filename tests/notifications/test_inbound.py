"""Mail that comes back, over a real SMTP server of ours: reports, calendar answers, and what nobody understands."""

import email.policy
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import aiosmtplib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core.settings import MOST_INBOUND_USER
from core.signed_addresses import About, address_about, read_address
from notifications.inbound.parsing import read_mail
from notifications.inbound.rules import Kind, wire_of
from tests.conftest import open_app, settings_for
from tests.people import App
from tests.servers import MailServer, free_port

OURS = "answers@in.example.org"


@pytest.fixture
async def post(database_url: str, tmp_path: Path, mail_server: MailServer) -> AsyncIterator[App]:
    """An installation that sends to a real relay and takes mail itself."""
    more = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
        "inbound_address": OURS,
        "inbound_port": free_port(),
    }
    async for app in open_app(settings_for(database_url, tmp_path, **more)):
        yield app


async def bring(app: App, to: str, content: str | bytes, sender: str = "ayse.bir@example.org") -> str:
    """Hand a mail to our server as another one would; its answer, or its refusal."""
    raw = content.encode() if isinstance(content, str) else content
    port = app.fastapi.state.settings.inbound_port
    try:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as there:
            _, answer = await there.sendmail(sender, [to], raw)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return str(refused.recipients[0].code)
    await app.work()
    return answer


def organiser_of(mail_server: MailServer, to: str) -> tuple[str, str]:
    """Where a calendar answers, and the entry it answers about, as that person's mail says."""
    wire = next(cast(EmailMessage, m) for r, m in reversed(mail_server.taken) if r[0] == to)
    part = next(p for p in wire.walk() if p.get_content_type() == "text/calendar")
    entry = Calendar.from_ical(cast(EmailMessage, part).get_content()).walk("VEVENT")[0]
    return str(entry["ORGANIZER"]).lower().removeprefix("mailto:"), str(entry["UID"])


def reply(
    uid: str,
    status: str,
    *,
    method: str = "REPLY",
    attendee: str = "ATTENDEE;PARTSTAT={status}:mailto:ayse.bir@example.org",
    stamp: str = "20260303T080000Z",
    extra: str = "",
    sequence: str = "SEQUENCE:0\r\n",
    before: str = "",
) -> str:
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:{method}\r\n{before}BEGIN:VEVENT\r\nUID:{uid}\r\n"
        f"DTSTAMP:{stamp}\r\nDTSTART;VALUE=DATE:20260414\r\n{sequence}{attendee.format(status=status)}\r\n{extra}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def mail_of(calendar: str | bytes, *, encoding: str = "7bit", method: str = "REPLY") -> bytes:
    body = calendar.encode() if isinstance(calendar, str) else calendar
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Ayşe Bir <ayse.bir@example.org>", OURS, "Accepted: meeting"
    mail["Message-ID"] = f"<{uuid4()}@example.org>"
    mail.set_content("Accepted.")
    mail.add_attachment(
        body,
        maintype="text",
        subtype="calendar",
        cte="base64" if encoding == "7bit" else encoding,
        params={"method": method},
    )
    return mail.as_bytes()


async def asked(app: App, mail_server: MailServer, **more: Any) -> tuple[dict[str, Any], str, str]:
    """An event to which Ayşe Bir was invited, where her calendar answers, and about what."""
    event = await app.event(**more)
    await app.invite(event, ["Ayşe Bir"])
    return event, *organiser_of(mail_server, "ayse.bir@example.org")


async def status_of(app: App, event: dict[str, Any], name: str = "Ayşe Bir") -> str:
    people = await app.api().get(f"/api/v1/events/{event['id']}/people")
    return {p["name"]: str(p["status"]) for p in people.json()["items"]}[name]


async def inbox(app: App) -> str:
    return (await (await app.at_desk()).get("/inbox")).text


@pytest.mark.parametrize(
    ("status", "becomes"), [("ACCEPTED", "accepted"), ("DECLINED", "declined"), ("TENTATIVE", "tentative")]
)
async def test_a_calendars_answer_is_the_same_as_the_buttons(
    post: App, mail_server: MailServer, status: str, becomes: str
) -> None:
    event, to, uid = await asked(post, mail_server)
    assert await bring(post, to, mail_of(reply(uid, status, extra="COMMENT:A hearing\r\n"))) == "2.0.0 taken"
    assert await status_of(post, event) == becomes
    assert [m.to_name for m in await post.mails(f"events/{becomes}")] == ["Ayşe Bir"]


VECTORS = {
    "folded and quoted name": {
        "attendee": 'ATTENDEE;CN="Bir, Ayşe (Judge; Ankara 3rd\r\n  Heavy Penal '
        'Court)";PARTSTAT={status}:mailto:ayse.bir@exa\r\n mple.org'
    },
    "mailto in capitals": {"attendee": "ATTENDEE;PARTSTAT={status}:MAILTO:AYSE.BIR@EXAMPLE.ORG"},
    "extra parameters": {
        "attendee": "ATTENDEE;X-RESPONSE=x;ROLE=REQ-PARTICIPANT;PARTSTAT={status}:mailto:ayse.bir@example.org"
    },
    "no sequence": {"sequence": ""},
    "a zone with a Windows name": {
        "before": "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    },
    "several entries": {
        "before": "BEGIN:VEVENT\r\nUID:other@example.org\r\nDTSTAMP:20260303T080000Z\r\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:x@example.org\r\nEND:VEVENT\r\n"
    },
}


@pytest.mark.parametrize("vector", VECTORS)
async def test_answers_are_read_as_calendars_write_them(post: App, mail_server: MailServer, vector: str) -> None:
    event, to, uid = await asked(post, mail_server)
    more: dict[str, Any] = VECTORS[vector]
    await bring(post, to, mail_of(reply(uid, "ACCEPTED", **more)))
    assert await status_of(post, event) == "accepted"


@pytest.mark.parametrize("form", ["quoted-printable", "base64", "bom", "lf only", "upper-case address"])
async def test_answers_are_read_in_any_encoding(post: App, mail_server: MailServer, form: str) -> None:
    event, to, uid = await asked(post, mail_server)
    text = reply(uid, "ACCEPTED")
    if form == "bom":
        raw = mail_of(b"\xef\xbb\xbf" + text.encode())
    elif form == "lf only":
        raw = mail_of(text.replace("\r\n", "\n"))
    else:
        raw = mail_of(text, encoding=form if form in ("quoted-printable", "base64") else "7bit")
    await bring(post, to.upper() if form == "upper-case address" else to, raw)
    assert await status_of(post, event) == "accepted"


async def test_a_broken_answer_changes_nothing_and_waits_for_the_organiser(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    await bring(post, to, mail_of(reply(uid, "ACCEPTED")[:120]))
    assert (await status_of(post, event), "could not be read" in await inbox(post)) == ("invited", True)


async def test_an_older_answer_does_not_undo_a_newer_one_and_the_same_twice_is_once(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    post.clock.forward(days=2)
    newest = mail_of(reply(uid, "ACCEPTED", stamp="20260303T100000Z"))
    await bring(post, to, newest)
    await bring(post, to, newest)
    await bring(post, to, mail_of(reply(uid, "DECLINED", stamp="20260303T090000Z")))
    assert (await status_of(post, event), len(await post.mails("events/accepted"))) == ("accepted", 1)


async def test_an_answer_to_an_address_that_nobody_was_given_is_not_believed(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    user, _, domain = to.partition("@")
    await bring(post, f"{user[:-1]}{'a' if user[-1] != 'a' else 'b'}@{domain}", mail_of(reply(uid, "ACCEPTED")))
    await bring(post, OURS, mail_of(reply(uid, "ACCEPTED")))
    assert await status_of(post, event) == "invited"


async def test_an_acceptance_of_a_full_event_leads_to_the_waiting_list(post: App, mail_server: MailServer) -> None:
    event = await post.event(capacity=1)
    tokens = await post.invite(event, ["Ayşe Bir", "Zeynep İki"])
    await post.accept(tokens["Zeynep İki"])
    to, uid = organiser_of(mail_server, "ayse.bir@example.org")
    await bring(post, to, mail_of(reply(uid, "ACCEPTED")))
    assert await status_of(post, event) == "waiting"


async def test_an_answer_after_the_deadline_is_not_taken_and_the_person_learns_why(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server, answer_by="2026-03-05")
    post.clock.forward(days=10)
    await bring(post, to, mail_of(reply(uid, "ACCEPTED")))
    assert await status_of(post, event) == "invited"
    assert "5 Mart 2026" in (await post.mails("events/not-taken"))[0].plain


async def test_delegating_hands_the_place_over(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    attendee = (
        'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:deniz@example.org":mailto:ayse.bir@example.org\r\n'
        'ATTENDEE;CN=Deniz Vekil;DELEGATED-FROM="mailto:ayse.bir@example.org":mailto:deniz@example.org'
    )
    await bring(post, to, mail_of(reply(uid, "DELEGATED", attendee=attendee)))
    assert (await status_of(post, event), await status_of(post, event, "Deniz Vekil")) == (
        "substituted",
        "invited",
    )


async def test_delegating_to_what_is_no_address_names_what_is_wrong(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    attendee = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:nobody":mailto:ayse.bir@example.org'
    await bring(post, to, mail_of(reply(uid, "DELEGATED", attendee=attendee)))
    (told,) = await post.mails("events/not-taken")
    assert await status_of(post, event) == "invited"
    assert "e-posta adresi" in told.plain
    assert "Substitute" not in await inbox(post)


async def test_a_counter_proposal_is_a_note_to_the_organiser(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    text = reply(uid, "TENTATIVE", method="COUNTER", extra="COMMENT:Could it be a week later?\r\n")
    await bring(post, to, mail_of(text, method="COUNTER"))
    assert (await status_of(post, event), "Could it be a week later?" in await inbox(post)) == (
        "invited",
        True,
    )


async def test_a_calendar_that_asks_again_gets_the_entry_again(post: App, mail_server: MailServer) -> None:
    _, to, uid = await asked(post, mail_server)
    await bring(
        post,
        to,
        mail_of(reply(uid, "", method="REFRESH", attendee="ATTENDEE:mailto:ayse.bir@example.org"), method="REFRESH"),
    )
    assert organiser_of(mail_server, "ayse.bir@example.org") == (to, uid)
    assert len(await post.mails("events/refresh")) == 1


def report(action: str, status: str, words: str) -> str:
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: x\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ayse.bir@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n\r\n--b--\r\n"
    )


def envelope_of(mail_server: MailServer) -> str:
    """The sender on the envelope of the last mail that our relay took."""
    return str(mail_server.senders[-1])


async def test_a_mail_that_came_back_shows_at_its_person_and_the_address_gets_nothing_more(
    post: App, mail_server: MailServer
) -> None:
    event, _, _ = await asked(post, mail_server)
    await bring(
        post,
        envelope_of(mail_server),
        report("failed", "5.1.1", "550 5.1.1 user unknown"),
        "mailer-daemon@example.org",
    )
    found = await post.api().get(f"/api/v1/events/{event['id']}/people", params={"mark": "bounced"})
    page = await (await post.at_desk()).get("/mail/suppressed")
    assert (found.json()["total"], "550 5.1.1 user unknown" in page.text) == (1, True)


async def test_a_mail_that_is_only_late_is_no_failure(post: App, mail_server: MailServer) -> None:
    event, _, _ = await asked(post, mail_server)
    await bring(
        post,
        envelope_of(mail_server),
        report("delayed", "4.4.1", "451 4.4.1 no answer"),
        "mailer-daemon@example.org",
    )
    found = await post.api().get(f"/api/v1/events/{event['id']}/people", params={"mark": "bounced"})
    assert found.json()["total"] == 0


async def test_an_unusual_report_is_understood_by_its_words(post: App, mail_server: MailServer) -> None:
    event, _, _ = await asked(post, mail_server)
    text = (
        "From: postmaster@example.org\r\nTo: x\r\nSubject: failure\r\nContent-Type: multipart/mixed; "
        "boundary=b\r\n\r\n--b\r\n\r\n"
        "Host said: 552 5.2.2 mailbox full\r\n--b--\r\n"
    )
    await bring(post, envelope_of(mail_server), text, "mailer-daemon@example.org")
    mail = (await post.mails("events/invitation"))[0]
    assert (mail.state.value, "mailbox full" in mail.answer) == ("failed", True)
    assert "mailbox full" not in (await (await post.at_desk()).get("/mail/suppressed")).text
    assert event


async def test_automatic_answers_are_dropped(post: App, mail_server: MailServer) -> None:
    await asked(post, mail_server)
    text = (
        "From: ayse.bir@example.org\r\nTo: x\r\nSubject: Izindeyim\r\nAuto-Submitted: auto-replied\r\n\r\nI am "
        "away.\r\n"
    )
    await bring(post, envelope_of(mail_server), text)
    assert "Izindeyim" not in await inbox(post)


async def test_what_somebody_wrote_waits_in_the_inbox_beside_them_until_it_is_dealt_with(
    post: App, mail_server: MailServer
) -> None:
    await asked(post, mail_server)
    text = "From: Ayse.Bir@example.org\r\nTo: x\r\nSubject: A question\r\n\r\nIs there <b>parking</b>?\r\n"
    await bring(post, OURS, text)
    desk = await post.at_desk()
    page = await desk.get("/inbox")
    path = re.search(r'href="(/inbox/[^"]+)"', page.text)
    assert ("A question" in page.text, "Ayşe Bir" in page.text, path is not None) == (True, True, True)
    assert path is not None
    assert "Is there &lt;b&gt;parking&lt;/b&gt;?" in (await desk.get(path.group(1))).text
    await desk.send(f"{path.group(1)}/close")
    assert "A question" not in await inbox(post)


async def test_mail_to_anybody_else_is_refused_at_once(post: App) -> None:
    assert await bring(post, "somebody@elsewhere.example.org", "Subject: x\r\n\r\nx\r\n") == "550"


async def test_another_projects_inbox_is_not_seen(post: App, mail_server: MailServer) -> None:
    await asked(post, mail_server)
    await bring(post, OURS, "From: ayse.bir@example.org\r\nTo: x\r\nSubject: A question\r\n\r\nx\r\n")
    await post.found("P-OTHER", prefix="other-")
    assert "A question" not in (await (await post.at_desk("other-organiser")).get("/inbox")).text


@given(about=st.sampled_from(About), id=st.uuids(), key=st.binary(min_size=16), place=st.integers(0, 200))
def test_a_signed_address_is_read_back_and_no_letter_of_it_can_be_changed(
    about: About, id: Any, key: bytes, place: int
) -> None:
    address = address_about(about, id, OURS, key)
    assert read_address(address, key) == (about, id)
    assert len(address_about(about, id, f"{'u' * MOST_INBOUND_USER}@example.org", key).partition("@")[0]) == 64
    at = len("answers+") + place % 43
    changed = address[:at] + ("a" if address[at] != "a" else "b") + address[at + 1 :]
    assert read_address(changed, key) is None


@given(st.binary(max_size=300))
def test_whatever_comes_in_is_of_some_kind(raw: bytes) -> None:
    assert wire_of(read_mail(raw)).kind in Kind
