"""What mail that comes back does: to its message, to the address, to the person's wishes, and to the relay."""

import re
from typing import Any

import pytest

from notifications.outbox.service import enqueue
from notifications.suppression.service import unwanted_by
from tests.notifications.test_inbound import OURS, asked, bring, envelope_of, inbox, report
from tests.notifications.test_outbox import message
from tests.notifications.test_reports import event_mail
from tests.people import App
from tests.security.test_inbound_mail import post
from tests.servers import MailServer

# On SQLite alone: that both databases take mail in is tested beside.
__all__ = ["post"]
BLOCKED = "/mail/suppressed"
DAEMON = "From: MAILER-DAEMON@mx.example.org\r\nSubject: {}\r\n\r\n{}\r\n"


async def outcome_of(app: App) -> tuple[str, bool, bool]:
    """The state of the invitation, whether its address gets nothing more, and whether the inbox is empty."""
    desk = await app.at_desk()
    state = (await app.mails("events/invitation"))[0].state.value
    return state, "ayse.bir@example.org" in (await desk.get(BLOCKED)).text, await is_empty(app)


async def is_empty(app: App) -> bool:
    return 'href="/inbox/' not in await inbox(app)


async def at_message(app: App) -> str:
    """The page of the invitation, with what came in about it."""
    message = (await app.mails("events/invitation"))[0]
    return (await (await app.at_desk()).get(f"/mail/{message.id}")).text


REPORTS = {
    "given up after days": (report("failed", "4.4.7", "delivery time expired"), ("failed", False)),
    "unknown, by its words": (report("failed", "5.0.0", "550 User unknown"), ("failed", True)),
    "our sender": (report("failed", "5.1.0", "550 5.1.0 sender rejected"), ("failed", False)),
    "our SPF, with the code of a missing address": (
        report("failed", "5.1.1", "550 SPF check failed"),
        ("failed", False),
    ),
    "a full mailbox": (report("failed", "5.1.1", "552 over quota"), ("failed", False)),
    "where it was forwarded to": (
        report("failed", "5.1.1", "550 user unknown").replace("ayse.bir@", "ayse@home."),
        ("failed", False),
    ),
    "delivered": (report("delivered", "2.0.0", "250 fine"), ("sent", False)),
}


@pytest.mark.parametrize("what", REPORTS)
async def test_a_report_settles_and_only_an_address_that_is_gone_gets_nothing_more(
    post: App, mail_server: MailServer, what: str
) -> None:
    raw, (state, is_blocked) = REPORTS[what]
    await asked(post, mail_server)
    await bring(post, envelope_of(mail_server), raw, "")
    assert await outcome_of(post) == (state, is_blocked, True)


WAITING = {
    "a mail system that nobody understands": (DAEMON.format("Davet", "Hm."), ""),
    "an empty mail without a sender": ("Subject:\r\n\r\n", ""),
    "an automatic answer of who has left": (
        "From: ayse.bir@example.org\r\nSubject: Automatic reply: x\r\n\r\nI no longer work here.\r\n",
        "ayse.bir@example.org",
    ),
    "a person through a list": (
        "From: ayse.bir@example.org\r\nSubject: A question\r\nPrecedence: bulk\r\n\r\nWhere?\r\n",
        "ayse.bir@example.org",
    ),
}


@pytest.mark.parametrize("what", WAITING)
async def test_what_comes_to_a_signed_address_and_does_not_settle_waits_beside_person_and_message(
    post: App, mail_server: MailServer, what: str
) -> None:
    raw, sender = WAITING[what]
    await asked(post, mail_server)
    await bring(post, envelope_of(mail_server), raw, sender)
    path = re.search(r'href="(/inbox/[^"]+)"', await inbox(post))
    assert path is not None
    page = (await (await post.at_desk()).get(path[1])).text
    message = (await post.mails("events/invitation"))[0]
    assert ("Ayşe Bir" in page, f"/mail/{message.id}" in page, path[1] in await at_message(post)) == (True, True, True)
    assert message.state == "sent"


async def test_what_comes_back_of_a_mail_to_an_institution_waits_beside_that_mail(
    post: App, mail_server: MailServer
) -> None:
    await asked(post, mail_server)
    message = (await post.mails("events/invitation"))[0]
    async with post.database.unit_of_work() as db:
        (await db.get_one(type(message), message.id)).person_id = None
    await bring(post, envelope_of(mail_server), DAEMON.format("Davet", "Hm."), "")
    assert "From a mail system, not understood" in await inbox(post)
    await post.found("P-OTHER", prefix="other-")
    assert "/inbox/" not in (await (await post.at_desk("other-organiser")).get("/inbox")).text


NOTED = {
    "I am away": "From: ayse.bir@example.org\r\nSubject: Otomatik yanit: x\r\n\r\nI am away\r\n",
    "displayed": "From: ayse.bir@example.org\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; "
    "displayed\r\n--b--\r\n",
}


@pytest.mark.parametrize("note", NOTED)
async def test_automatic_answers_and_receipts_are_noted_beside_the_message(
    post: App, mail_server: MailServer, note: str
) -> None:
    await asked(post, mail_server)
    await bring(post, envelope_of(mail_server), NOTED[note], "")
    assert (note in await at_message(post), await outcome_of(post)) == (True, ("sent", False, True))


@pytest.mark.parametrize("way", ["its envelope", "the provider's report"])
async def test_who_calls_our_mail_unwanted_gets_no_bulk_mail(post: App, mail_server: MailServer, way: str) -> None:
    await asked(post, mail_server)
    signed = envelope_of(mail_server)
    complaint = (
        "From: fbl@provider.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
        f"Original-Mail-From: <{signed}>\r\n\r\n--b--\r\n"
    )
    await bring(post, signed if way == "its envelope" else OURS, complaint)
    assert "Complaint" in await at_message(post)
    assert await unwanted(post) == {"news", "thanks"}


async def test_what_amazon_ses_reports_settles_where_it_names_an_envelope_that_we_signed(
    post: App, mail_server: MailServer
) -> None:
    """Its notification service writes to the one address that it was told."""
    await asked(post, mail_server)
    refused = {"emailAddress": "ayse.bir@example.org", "status": "5.1.1", "diagnosticCode": "smtp; 550 user unknown"}
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [refused]}
    for source in ("ayse@example.org", OURS, f"{envelope_of(mail_server)[:-20]}@in.example.org"):
        await bring(post, OURS, event_mail("Bounce", bounce, source=source), "bounces@amazonses.com")
    assert await outcome_of(post) == ("sent", False, True)
    complaint = event_mail("Complaint", {"complaintFeedbackType": "abuse"}, source=envelope_of(mail_server))
    await bring(post, OURS, complaint, "bounces@amazonses.com")
    assert await unwanted(post) == {"news", "thanks"}
    await bring(post, OURS, event_mail("Bounce", bounce, source=envelope_of(mail_server)), "bounces@amazonses.com")
    assert await outcome_of(post) == ("failed", True, True)


async def unwanted(app: App) -> set[str]:
    message = (await app.mails("events/invitation"))[0]
    assert message.person_id is not None
    async with app.database.reading() as db:
        return {str(one) for one in await unwanted_by(db, message.person_id, app.project_id)}


# More than a run of refusals of us needs, but in one domain.
LETTERS = "ABCDEFGHIJKL"
PEOPLE = [f"Kişi {letter}" for letter in LETTERS]


async def refused(app: App, mail_server: MailServer, words: str) -> list[Any]:
    """Invite twelve people whom the relay refuses in these words; the invitations as they stand then."""
    event = await app.event()
    addresses = [f"kisi.{letter}@example.org".lower() for letter in LETTERS]
    mail_server.answers |= {address: words.format(address) for address in addresses}
    await app.invite(event, PEOPLE)
    return await app.mails("events/invitation")


async def test_a_relay_that_refuses_us_stops_and_what_it_refused_goes_when_it_is_mended(
    post: App, mail_server: MailServer
) -> None:
    mails = await refused(post, mail_server, "550 5.1.0 <{}>: SPF check failed")
    assert {mail.state.value for mail in mails} == {"queued"}
    # Who waits is not told whom the relay refused.
    assert [n for n, mail in enumerate(mails) if "kisi." in mail.answer] == [0, 1, 2, 3]
    page = (await (await post.at_desk("administrator")).get("/mail/health")).text
    assert "12 messages were refused for our server or domain: 5.1.0 &lt;…&gt;: spf check failed" in page
    assert "@example.org" not in (await (await post.at_desk()).get(BLOCKED)).text
    mail_server.answers.clear()
    for _ in range(3):
        post.clock.forward(minutes=10)
        await post.work()
    assert {mail.state.value for mail in await post.mails("events/invitation")} == {"sent"}


@pytest.mark.parametrize("refused_before", [0, 5])
async def test_addresses_that_were_blocked_before_it_was_known_that_a_relay_refuses_us_are_not_blocked(
    post: App, mail_server: MailServer, refused_before: int
) -> None:
    """Nine were taken for gone when the tenth, in the third domain, showed that it is not about them. One that is
    really gone is refused in other words, before them or among them."""
    addresses = [f"p{n}@d{n % 3}.example.org" for n in range(12)]
    mail_server.answers = {address: f"550 5.1.1 <{address}>: user unknown" for address in addresses}
    gone = "gone@d0.example.org"
    mail_server.answers[gone] = f"550 5.1.1 <{gone}>: no mailbox here by that name"
    in_order = [*addresses[:refused_before], gone, *addresses[refused_before:]]
    messages = [message(one, post.clock(), to_address=one, project_id=post.project_id) for one in in_order]
    async with post.database.unit_of_work() as db:
        await enqueue(db, messages)
    await post.work()
    states = {mail.to_address: mail.state.value for mail in await post.mails("test")}
    assert states == {gone: "failed"} | dict.fromkeys(addresses, "queued")
    mail_server.answers.clear()
    async with post.database.unit_of_work() as db:
        await enqueue(db, [message("again", post.clock(), to_address=gone, project_id=post.project_id)])
    for _ in range(3):
        post.clock.forward(minutes=10)
        await post.work()
    assert {name for names, _ in mail_server.taken for name in names} == set(addresses)


async def test_addresses_that_one_wording_blocked_are_unblocked_in_one_step(post: App, mail_server: MailServer) -> None:
    mails = await refused(post, mail_server, "550 5.1.1 <{}>: user unknown")
    assert {mail.state.value for mail in mails} == {"failed"}
    api = post.api()
    listed = (await api.get("/api/v1/suppressions")).json()
    wording = listed["items"][0]["wording"]
    assert (listed["total"], {one["wording"] for one in listed["items"]}) == (12, {wording})
    await post.found("P-OTHER", prefix="other-")
    elsewhere = await post.api("other-organiser").post("/api/v1/suppressions/release", json={"wording": wording})
    desk = await post.at_desk()
    assert (elsewhere.status_code, "Unblock all" in (await desk.get(BLOCKED)).text) == (404, True)
    await desk.send(f"{BLOCKED}/release", {"wording": wording})
    assert (await api.get("/api/v1/suppressions")).json()["total"] == 0
    assert (await api.post("/api/v1/suppressions/release", json={"wording": wording})).status_code == 404
