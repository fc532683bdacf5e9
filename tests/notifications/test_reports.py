"""What mail that comes back says, read as mail systems really write it."""

import json
from typing import Any

import pytest

from notifications.inbound.parsing import read_mail
from notifications.inbound.rules import Kind, outcome_for, says_left, wire_of
from notifications.suppression.rules import Cause, cause_of, wording_of

DAEMON = "From: MAILER-DAEMON@mx.example.org\n"
# How their authors word it; the first line of each is what its mail system is known by.
NOTICES = {
    "qmail": "Hi. This is the qmail-send program at mx.example.org.\nI wasn't able to deliver your message.\n\n"
    "<ayse@example.org>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 no such user here\n",
    "Exim": "This message was created automatically by mail delivery software.\n\nA message that you sent could not "
    "be delivered to all of its recipients.\n\n  ayse@example.org\n    Unrouteable address\n",
    "Exchange 2003": "Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) "
    "could not be reached:\n\n ayse@example.org on 1.3.2026 10:00\n  The e-mail account does not exist.\n",
    "Turkish": "İletiniz şu alıcıya teslim edilemedi:\n\nayse@example.org\n\nBu adreste bir kullanıcı bulunamadı.\n",
    "Yahoo": "Sorry, we were unable to deliver your message to the following address.\n\n<ayse@example.org>:\n554: "
    "delivery error: dd This user doesn't have an example.org account\n",
    "sendmail 8": "   ----- The following addresses had permanent fatal errors -----\n<ayse@example.org>\n\n   ----- "
    "Transcript of session follows -----\n550 <ayse@example.org>... User unknown\n",
}


def notice(text: str, *, subject: str = "Mail", more: str = "") -> bytes:
    return f"{DAEMON}Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n{more}\n{text}".encode()


def report(*recipients: str, kind: str = "message/delivery-status", more: str = "", after: str = "") -> bytes:
    """A report on these recipients: lines of fields, with a semicolon between them."""
    fields = "\n\n".join(one.replace(" | ", "\n") for one in recipients)
    return (
        f'{DAEMON}Content-Type: multipart/report; boundary="b"\n{more}\n--b\n\nSorry.\n--b\nContent-Type: {kind}\n\n'
        f"Reporting-MTA: dns; mx.example.org\n\n{fields}\n\n{after}--b--\n"
    ).encode()


def recipient(address: str, action: str, status: str, words: str = "") -> str:
    said = f" | Diagnostic-Code: smtp; {words}" if words else ""
    return f"Final-Recipient: rfc822; {address} | Action: {action} | Status: {status}{said}"


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "4.4.7", Kind.bounce),
        ("delayed", "5.0.0", Kind.delay),
        ("failure (gave up)", "", Kind.bounce),
        ("", "5.1.1", Kind.bounce),
        ("delivered", "2.0.0", Kind.delivered),
        ("relayed", "2.0.0", Kind.relayed),
        ("expanded", "2.0.0", Kind.expanded),
    ],
)
def test_what_a_report_says_was_done_goes_before_its_code(action: str, status: str, kind: Kind) -> None:
    assert wire_of(read_mail(report(recipient("ayse@example.org", action, status)))).kind is kind


@pytest.mark.parametrize("form", ["global", "base64", "blank lines", "no parts"])
def test_a_report_is_read_however_it_is_wrapped(form: str) -> None:
    one = recipient("ayse@example.org", "failed", "5.0.0", "550 5.1.1 user unknown")
    raw = {
        "global": report(one, kind="message/global-delivery-status\nContent-Transfer-Encoding: 8bit"),
        "base64": report(kind="message/delivery-status\nContent-Transfer-Encoding: base64").replace(
            b"Reporting-MTA: dns; mx.example.org",
            b"RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGF5c2VAZXhhbXBsZS5vcmcKQWN0aW9uOiBmYWls\nZWQKU3RhdHVzOiA1LjEuMQo=",
        ),
        "blank lines": report(one.replace(" | ", "\n\n")),
        "no parts": report(one).replace(b'boundary="b"', b'boundary="lost"'),
    }[form]
    (outcome,) = wire_of(read_mail(raw)).outcomes
    assert (outcome.action, outcome.addresses, outcome.status) == ("failed", ("ayse@example.org",), "5.1.1")


def test_of_several_recipients_the_one_we_wrote_to_counts_and_a_forwarding_target_is_not_that_one() -> None:
    gone = recipient("target@elsewhere.example", "failed", "5.1.1", "550 5.1.1 user unknown")
    ours = recipient("ayse@example.org", "relayed", "2.0.0")
    forwarded = f"Original-Recipient: rfc822; ayse@example.org | {gone}"
    read = [wire_of(read_mail(one)).outcomes for one in (report(gone, ours), report(forwarded), report(gone))]
    said = [outcome_for(one, "Ayse@example.org") for one in read]
    assert [(outcome.action.value, is_about) for outcome, is_about in said] == [
        ("relayed", True),
        ("failed", False),
        ("failed", False),
    ]


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ("x@müller.example", "rfc822; X@XN--Mller-kva.example"),
        ("x@müller.example", "utf-8; x@m\\x{FC}ller.example"),
        ("ayşe@müller.example", "utf-8; ay\\x{15F}e@xn--mller-kva.example"),
        ("ayşe@müller.example", "utf-8; ayşe@müller.example"),
    ],
)
def test_an_address_with_other_letters_is_known_however_a_report_writes_it(kept: str, named: str) -> None:
    said = report(f"Final-Recipient: {named} | Action: failed | Status: 5.1.1", kind="message/global-delivery-status")
    outcome, is_about = outcome_for(wire_of(read_mail(said)).outcomes, kept)
    assert (outcome.action.value, is_about) == ("failed", True)


@pytest.mark.parametrize("system", NOTICES)
@pytest.mark.parametrize("more", ["", "Auto-Submitted: auto-replied\nPrecedence: bulk\n"])
def test_a_notice_in_no_standard_form_is_a_failure_in_the_systems_words(system: str, more: str) -> None:
    quoted = "\n--- Below this line is a copy of the message.\n\nFrom: us@example.net\n\n552 5.2.2 mailbox full\n"
    (outcome,) = wire_of(read_mail(notice(NOTICES[system] + quoted, more=more))).outcomes
    assert (outcome.action, cause_of(outcome.status, outcome.words)) == ("failed", Cause.gone)
    assert "ayse@example.org" in outcome.addresses


def test_what_will_be_tried_again_is_late_and_what_was_given_up_has_failed() -> None:
    late = notice(
        "Your message has not been delivered yet. Delivery will be retried.", subject="Warning: message delayed"
    )
    over = notice("421 no answer. I'm not going to try again; this message has been in the queue too long.")
    assert [wire_of(read_mail(one)).kind for one in (late, over)] == [Kind.delay, Kind.bounce]


def test_a_bounce_that_quotes_our_entry_is_no_answer_of_a_calendar() -> None:
    entry = "--b\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n\n"
    wire = wire_of(read_mail(report(recipient("ayse@example.org", "failed", "5.2.2"), after=entry)))
    assert (wire.kind, wire.scheduling) == (Kind.bounce, None)


BOUNCE = {
    "bounceType": "Permanent",
    "bounceSubType": "General",
    "bouncedRecipients": [{"emailAddress": "Ayşe <ayse@example.org>"}],
}
REFUSED = {"emailAddress": "ayse@example.org", "action": "failed", "status": "5.1.1"}
SOURCE = "answers+b1@in.example.org"
EVENTS: dict[str, tuple[str, Any, Kind, Cause | None]] = {
    "with the server's words": (
        "Bounce",
        {**BOUNCE, "bouncedRecipients": [{**REFUSED, "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]},
        Kind.bounce,
        Cause.gone,
    ),
    "without a report of the other side": ("Bounce", BOUNCE, Kind.bounce, Cause.other),
    "no such address, by SES alone": ("Bounce", {**BOUNCE, "bounceSubType": "NoEmail"}, Kind.bounce, Cause.gone),
    "full": ("Bounce", {**BOUNCE, "bounceType": "Transient", "bounceSubType": "MailboxFull"}, Kind.bounce, Cause.full),
    "on the account's own list, with the code of a missing address": (
        "Bounce",
        {**BOUNCE, "bounceSubType": "OnAccountSuppressionList", "bouncedRecipients": [REFUSED]},
        Kind.bounce,
        Cause.sender,
    ),
    "delayed": ("DeliveryDelay", {"delayedRecipients": [{"emailAddress": "ayse@example.org"}]}, Kind.delay, None),
    "delivered": ("Delivery", {"recipients": ["ayse@example.org"], "smtpResponse": "250 ok"}, Kind.delivered, None),
    "complaint": ("Complaint", {"complaintFeedbackType": "abuse"}, Kind.complaint, None),
    "complaint without a kind": ("Complaint", {"complaintFeedbackType": None}, Kind.complaint, None),
    "complaint taken back": ("Complaint", {"complaintFeedbackType": "not-spam"}, Kind.unclear, None),
    "opened": ("Open", {}, Kind.other, None),
    "no object": ("Bounce", ["x"], Kind.unclear, None),
    "no recipients": ("Bounce", {"bouncedRecipients": {"emailAddress": 1}}, Kind.unclear, None),
    "recipients of no kind": ("Bounce", {"bouncedRecipients": [7, None, {"emailAddress": []}]}, Kind.bounce, None),
}


def event_mail(what: str, said: Any, *, form: str = "as it is", source: str = SOURCE) -> bytes:
    """What the notification service mails of an event, in the two forms that it has."""
    name = f"{what[:1].lower()}{what[1:]}"
    text = json.dumps(
        {"notificationType": what, name: said, "mail": {"source": source, "destination": ["a@example.org"]}}
    )
    if form == "within JSON":
        text = json.dumps({"Type": "Notification", "Message": text, "Subject": "Amazon SES Email Event Notification"})
    else:
        text = f"{text}\n\n--\nIf you do not want these any more, open this link:\nhttps://sns.example.org/?x=1\n"
    head = "From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: Amazon SES Email Event Notification\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize("form", ["as it is", "within JSON"])
@pytest.mark.parametrize("event", EVENTS)
def test_events_of_amazon_ses_are_read_like_other_reports(event: str, form: str) -> None:
    what, said, kind, cause = EVENTS[event]
    wire = wire_of(read_mail(event_mail(what, said, form=form)))
    assert wire.kind is kind
    assert (wire.reported == SOURCE) is (event != "opened")
    if cause:
        (outcome,) = wire.outcomes
        assert outcome.addresses == ("ayse@example.org",)
        assert cause_of(outcome.status, outcome.words) is cause


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, '{"a":' * 50_000, '{"mail": {"source": 1}}', '{"Message": "{"}', "{}"]
)
def test_what_only_looks_like_an_event_is_nobodys_report(text: str) -> None:
    wire = wire_of(read_mail(f"From: a@example.org\nSubject: x\n\n{text}".encode()))
    assert (wire.kind, wire.reported) == (Kind.other, "")


def test_complaints_and_receipts_are_called_what_they_are() -> None:
    complaint = report("Feedback-Type: abuse | Original-Mail-From: <a@in.example.org>", kind="message/feedback-report")
    taken_back = report("Feedback-Type: not-spam", kind="message/feedback-report")
    receipt = report("Disposition: manual-action/MDN-sent-manually; displayed", kind="message/disposition-notification")
    receipt = receipt.replace(b"MAILER-DAEMON@mx.", b"ayse@")
    wires = [wire_of(read_mail(one)) for one in (complaint, taken_back, receipt)]
    assert [one.kind for one in wires] == [Kind.complaint, Kind.unclear, Kind.receipt]
    assert (wires[0].reported, wires[2].receipt) == ("a@in.example.org", "displayed")


AWAY = {
    "Exchange": "Subject: Otomatik yanıt: Davet\nX-Auto-Response-Suppress: All\nIn-Reply-To: <1@example.net>\n",
    "Exchange, silent": "Subject: Davet\nX-Auto-Response-Suppress: All\nIn-Reply-To: <1@x.example>\n",
    "Domino": "Subject: AUTO: Ayse Bir is out of the office (returning 02.04.2026)\nAuto-Submitted: auto-generated\n",
    "an old server": "Subject: Davet\nX-POST-MessageClass: 9; Autoresponder\n",
    "sieve": "Subject: Auto: Davet\nAuto-Submitted: auto-replied (vacation)\nReturn-Path: <>\n",
    "a bare answer": "Subject: Re: Davet\nAuto-Submitted: auto-replied\n",
}


@pytest.mark.parametrize("system", AWAY)
def test_an_automatic_answer_is_known_by_what_mail_systems_send_and_is_never_a_failure(system: str) -> None:
    raw = f"From: ayse@example.org\n{AWAY[system]}Content-Type: text/plain\n\nThis mailbox does not exist.\n"
    assert wire_of(read_mail(raw.encode())).kind is Kind.auto_reply


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("From: ayse@example.org\nSubject: Davet\nPrecedence: bulk\n", Kind.other),
        ("From: ayse@example.org\nSubject: Davet\nAuto-Submitted: auto-generated\n", Kind.other),
        (f"{DAEMON}Subject: Davet\nAuto-Submitted: auto-replied\n", Kind.unclear),
        ("From: ayse@example.org\nSubject: Re: Undeliverable: Davet\n", Kind.other),
    ],
)
def test_no_header_alone_makes_a_mail_vanish_or_a_person_a_mail_system(head: str, kind: Kind) -> None:
    text = "Why was my mail returned? It could not be delivered."
    assert wire_of(read_mail(f"{head}\n{text if kind is Kind.other else 'Good morning.'}\n".encode())).kind is kind


def test_who_has_left_says_so() -> None:
    left = ["I no longer work at the ministry.", "Artık bu kurumda\nçalışmıyorum.", "My new address is a@example.org"]
    assert [says_left(one) for one in [*left, "I am away until Monday."]] == [True, True, True, False]


@pytest.mark.parametrize(
    ("status", "words", "cause"),
    [
        ("5.1.1", "550 5.1.1 user unknown", Cause.gone),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", Cause.gone),
        ("5.1.351", "Remote server returned unknown recipient or mailbox unavailable", Cause.gone),
        ("5.0.0", "550 User unknown", Cause.gone),
        ("", "553 no mailbox here by that name", Cause.gone),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", Cause.gone),
        ("5.1.1", "550 5.1.1 <a@b.example>: user unknown in relay recipient table", Cause.gone),
        ("5.7.1", "554 5.7.1 Recipient address rejected: Access denied", Cause.sender),
        ("5.1.0", "550 5.1.0 sender rejected", Cause.sender),
        ("5.1.1", "550 5.1.1 SPF check failed", Cause.sender),
        ("5.1.1", "550 5.1.1 sender address rejected: user unknown", Cause.sender),
        ("5.7.1", "550 5.7.1 poor reputation of 192.0.2.1", Cause.sender),
        ("5.1.3", "553 http://www.spamhaus.org/query/bl?ip=192.0.2.222", Cause.sender),
        ("5.1.1", "552 5.1.1 mailbox is over quota", Cause.full),
        ("5.1.3", "501 5.1.3 bad address syntax", Cause.other),
        ("4.1.1", "450 4.1.1 user unknown", Cause.other),
        ("5.2.1", "550 5.2.1 mailbox disabled", Cause.other),
        ("", "", Cause.other),
    ],
)
def test_an_address_is_gone_only_where_a_refusal_says_so_of_it(status: str, words: str, cause: Cause) -> None:
    assert cause_of(status, words) is cause


def test_the_same_refusal_is_known_whoever_it_is_for() -> None:
    one, two = (f"550 5.7.23 <{name}@example.org>: SPF fail, id {n}-x" for name, n in (("ayse", 1), ("deniz.iki", 22)))
    assert wording_of(one) == wording_of(two) != wording_of("550 5.7.1 Relaying denied")
