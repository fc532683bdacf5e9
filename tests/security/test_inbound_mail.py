"""What mail of strangers may cost, and whom it may speak for."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiosmtplib
import pytest

from notifications.inbound.rules import NotTaken, must_be_ordinary
from tests.conftest import open_app, settings_for
from tests.notifications.test_inbound import (
    OURS,
    asked,
    bring,
    envelope_of,
    inbox,
    mail_of,
    reply,
    report,
    status_of,
)
from tests.people import App
from tests.servers import MailServer, free_port

HEAD = b"From: ayse.bir@example.org\r\nTo: x\r\nMIME-Version: 1.0\r\n"
PARTS = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
ENCODED = b"=?utf-8?q?=C5=9E" + b"a" * 60 + b"?=\r\n "
HEAVY = {
    "sixty thousand parts": HEAD + PARTS + b"--b\r\n\r\nx\r\n" * 60_000 + b"--b--\r\n",
    "parts in parts in parts": HEAD
    + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000)),
    "mails in mails in mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"x",
    "a long header": HEAD + b"Subject: " + ENCODED * 3000 + b"x\r\n\r\nx",
    "many headers": HEAD + b"X: y\r\n" * 30_000 + b"\r\nx",
    "five megabytes of nothing": HEAD + b"\r\n" + b"x" * 70 + (b"\r\n" + b"x" * 70) * 80_000,
}
ORDINARY_BUT_HARD = {
    "a folded encoded subject": HEAD + b"Subject: " + ENCODED * 150 + b"x\r\n\r\nx",
    "an address without an end": HEAD
    + b"Reply-To: "
    + b"(" * 10_000
    + b"\r\nSubject: =?x?b?"
    + b"=" * 5000
    + b"?=\r\n\r\nx",
    "parts just below the limit": HEAD + PARTS + b"--b\r\n\r\nx\r\n" * 900 + b"--b--\r\n",
    "folded types that hide from a look": HEAD + b"Content-Type:\r\n\t message/rfc822\r\n\r\n" * 2000,
    "a calendar of a million lines": mail_of(
        "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 40_000 + "END:VCALENDAR"
    ),
    "nothing": b"",
    "bytes": bytes(range(256)) * 200,
    "unknown letters": HEAD + b"Subject: =?klingon?q?x?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\x00",
}


@pytest.fixture
async def post(sqlite_url: str, tmp_path: Path, mail_server: MailServer) -> AsyncIterator[App]:
    """An installation that sends to a real relay and takes mail itself."""
    more = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
        "inbound_address": OURS,
        "inbound_port": free_port(),
    }
    async for app in open_app(settings_for(sqlite_url, tmp_path, **more)):
        yield app


@pytest.mark.parametrize("heavy", HEAVY)
def test_what_no_mail_looks_like_is_refused_by_its_first_bytes(heavy: str) -> None:
    with pytest.raises(NotTaken):
        must_be_ordinary(HEAVY[heavy])


async def test_whatever_comes_is_taken_or_refused_for_good_and_the_next_is_taken(post: App) -> None:
    for name, raw in {**HEAVY, **ORDINARY_BUT_HARD}.items():
        try:
            said = await bring(post, OURS, raw)
        except aiosmtplib.SMTPResponseException as refused:
            said = str(refused.code)
        except aiosmtplib.SMTPServerDisconnected:
            said = "hung up"
        assert said in ("2.0.0 taken", "552", "554", "500", "hung up"), (name, said)
    text = "From: ayse.bir@example.org\r\nSubject: after all that\r\n\r\nx\r\n"
    assert await bring(post, OURS, text) == "2.0.0 taken"


async def test_a_plus_part_that_we_never_signed_is_refused_before_anything_is_sent(post: App) -> None:
    for forged in ("x", "b" + "0" * 32 + "a" * 16, "a" * 40):
        assert await bring(post, OURS.replace("@", f"+{forged}@"), "Subject: x\r\n\r\nx\r\n") == "550"


async def test_one_mail_goes_to_a_handful_of_our_addresses_only(post: App, mail_server: MailServer) -> None:
    event = await post.event()
    people = [f"Kişi {letter}" for letter in "ABCDEFGH"]
    await post.invite(event, people)
    port = post.fastapi.state.settings.inbound_port
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as to:
        await to.mail("x@example.org")
        codes = []
        for address in mail_server.senders[-8:]:
            try:
                codes.append((await to.rcpt(str(address))).code)
            except aiosmtplib.SMTPRecipientRefused as refused:
                codes.append(refused.code)
    assert codes == [250] * 5 + [452] * 3


async def test_there_are_only_so_many_mail_servers_at_a_time(post: App) -> None:
    there = [
        aiosmtplib.SMTP(hostname="127.0.0.1", port=post.fastapi.state.settings.inbound_port, start_tls=False)
        for _ in range(21)
    ]
    for one in there[:20]:
        await one.connect()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await there[20].connect()
    for one in there[:20]:
        one.close()


async def test_a_forwarded_invitation_that_a_colleague_declines_leaves_the_judge_invited(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    colleague = reply(uid, "DECLINED", attendee="ATTENDEE;PARTSTAT={status}:mailto:colleague@example.org")
    await bring(post, to, mail_of(colleague))
    assert (await status_of(post, event), "somebody else" in await inbox(post)) == ("invited", True)


async def test_an_answer_in_the_judges_name_from_another_mailbox_waits_for_the_organiser(
    post: App, mail_server: MailServer
) -> None:
    event, to, uid = await asked(post, mail_server)
    raw = mail_of(reply(uid, "DECLINED")).replace(b"<ayse.bir@example.org>", b"<colleague@example.org>")
    await bring(post, to, raw)
    assert (await status_of(post, event), "somebody else" in await inbox(post)) == ("invited", True)


async def test_a_secretary_whom_the_calendar_names_answers_for_the_judge(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    attendee = 'ATTENDEE;PARTSTAT={status};SENT-BY="mailto:secretary@example.org":mailto:ayse.bir@example.org'
    raw = mail_of(reply(uid, "ACCEPTED", attendee=attendee))
    await bring(post, to, raw.replace(b"<ayse.bir@example.org>", b"<Secretary@example.org>"))
    assert await status_of(post, event) == "accepted"


async def test_the_judges_other_mailbox_answers_too(post: App, mail_server: MailServer) -> None:
    event, to, uid = await asked(post, mail_server)
    people = (await post.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    person = (await post.api().get(f"/api/v1/people/{people[0]['person_id']}")).json()
    changed = {
        "name": person["name"],
        "address": person["address"],
        "other_addresses": ["ayse@court.example.org"],
    }
    answer = await post.api().put(f"/api/v1/people/{people[0]['person_id']}", json=changed)
    assert answer.status_code == 200, answer.text
    raw = mail_of(reply(uid, "ACCEPTED", attendee="ATTENDEE;PARTSTAT={status}:mailto:ayse@court.example.org"))
    await bring(post, to, raw.replace(b"<ayse.bir@example.org>", b"<Ayse@court.example.org>"))
    assert await status_of(post, event) == "accepted"


@pytest.mark.parametrize("way", ["the plain address", "the address for answers"])
async def test_a_bounce_that_no_signed_envelope_vouches_for_silences_nobody(
    post: App, mail_server: MailServer, way: str
) -> None:
    event, to, _ = await asked(post, mail_server)
    id = (await post.mails("events/invitation"))[0].id
    forged = report("failed", "5.1.1", "550 5.1.1 user unknown").replace(
        "\r\n\r\n--b--",
        f"\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}@example.org>\r\n--b--",
    )
    await bring(post, OURS if way == "the plain address" else to, forged, "mailer-daemon@example.org")
    assert (await post.mails("events/invitation"))[0].state == "sent"
    assert "user unknown" not in (await (await post.at_desk()).get("/mail/suppressed")).text
    assert event


async def test_a_report_with_characters_that_no_database_keeps_is_settled(post: App, mail_server: MailServer) -> None:
    await asked(post, mail_server)
    raw = report("failed", "5.2.2", "552 full \udcff").encode("utf-8", "surrogateescape").replace(b"full", b"fu\x00ll")
    await bring(post, envelope_of(mail_server), raw, "mailer-daemon@example.org")
    mail = (await post.mails("events/invitation"))[0]
    assert (mail.state, "fu\ufffdll" in mail.answer) == ("failed", True)
