"""Reads what mail systems report for programs: deliveries (RFC 3464, 6533), complaints (RFC 5965), receipts (RFC 8098),
and the events of Amazon SES, which its notification service mails as JSON.

Runs in the process of `core.isolation`. Blank lines decide little: many systems write some within one recipient.
"""

import json
import re
from collections.abc import Sequence
from email.message import Message
from email.utils import parseaddr
from typing import Any

from core.plain_text import shown_plainly
from notifications.suppression.rules import codes_in

MAX_REPORT = 64 * 1024
MAX_OUTCOMES = 50
MAX_WORDS = 300
_KINDS = {
    "message/delivery-status": "text/delivery-status",
    "message/global-delivery-status": "text/delivery-status",
    "message/disposition-notification": "text/disposition-notification",
    "message/global-disposition-notification": "text/disposition-notification",
    "message/feedback-report": "text/feedback-report",
}
_ACTIONS = {
    "fail": "failed",
    "error": "failed",
    "expire": "failed",
    "delay": "delayed",
    "deliver": "delivered",
    "relay": "relayed",
    "expand": "expanded",
}
_BY_CLASS = {"5": "failed", "4": "delayed", "2": "delivered"}
_ESCAPED = re.compile(r"\\x\{((?:10|[0-9A-F])?[0-9A-F]{1,4})\}", re.I)
_ADDRESSES = ("final-recipient", "original-recipient")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_FIELD = re.compile(r"([A-Za-z][A-Za-z-]{1,40})[ \t]*:[ \t]*(.*)")
# In a mail whose parts cannot be told apart, or that has none.
_LOOKS_LIKE_ONE = re.compile(r"^(?:Final|Original)-Recipient:(?:.*\n){1,8}?Action:", re.M)
# Complaints are what people say; the other kinds are about signatures, or take a complaint back.
_COMPLAINTS = ("abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "")
# What an event of Amazon SES is about, where it names its recipients, and what became of them.
_EVENTS = {
    "Bounce": ("bounce", "bouncedRecipients", "failed"),
    "DeliveryDelay": ("deliveryDelay", "delayedRecipients", "delayed"),
    "Delivery": ("delivery", "recipients", "delivered"),
    "Complaint": ("complaint", "complainedRecipients", ""),
}
# What stands for a status where no mail system gave one, by what SES says of the bounce.
_STATUS_OF = {
    "NoEmail": "5.1.1",
    "Suppressed": "5.1.1",
    "MailboxFull": "5.2.2",
    "MessageTooLarge": "5.3.4",
    "ContentRejected": "5.7.1",
    "AttachmentRejected": "5.7.1",
}
# The account's own list, on which complaints put people too: that is not an address that is gone, whatever code it has.
_ON_OUR_LIST = "OnAccountSuppressionList"
_READER = json.JSONDecoder(strict=False)


class WirePart(Message):
    """A part of a mail to which reports for programs are text like any other.

    The standard library takes message/delivery-status apart before base64 is undone, and so reads nothing in it.
    """

    def get_content_type(self) -> str:
        kind = super().get_content_type()
        return _KINDS.get(kind, kind)


def deliveries_in(parts: Sequence[tuple[str, str]], notice: str) -> list[dict[str, Any]]:
    """What became of each recipient, by the Action first, then by the Status, then by the server's words.

    `parts` are the mail's own: kind and text. `notice`, written for people, stands in for words that are missing.
    """
    outcomes = []
    for text in (text for kind, text in parts if kind == "text/delivery-status" or _LOOKS_LIKE_ONE.search(text)):
        for fields in _recipients_in(text)[:MAX_OUTCOMES]:
            outcome = _outcome(fields, notice)
            if outcome is not None:
                outcomes.append(outcome)
    # What names nobody stands beside them for the whole mail.
    return [one for one in outcomes if one["addresses"]][:MAX_OUTCOMES] or outcomes[:1]


def _recipients_in(text: str) -> list[dict[str, str]]:
    """The fields of each recipient; first those of the message, which as a rule say nothing of anybody."""
    found: list[dict[str, str]] = [{}]
    for block in _BLANK.split(text[:MAX_REPORT]):
        fields = _fields_in(block)
        if any(name in _ADDRESSES for name, _ in fields):
            found.append({})
        for name, value in fields:
            if name in _ADDRESSES and name in found[-1]:
                found.append({})
            found[-1].setdefault(name, value)
    return found


def _fields_in(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line[:1] in (" ", "\t") and found and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif field := _FIELD.match(line):
            found.append((field[1].lower(), field[2].strip()))
    return found


def _outcome(fields: dict[str, str], notice: str) -> dict[str, Any] | None:
    status = _status_in(fields)
    said = fields.get("diagnostic-code", "").partition(";")
    comment = fields.get("status", "").partition("(")[2].strip(" )")
    words = (said[2] if said[1] else said[0]).strip() or comment
    action = _action_in(fields.get("action", "")) or _BY_CLASS.get(status[:1]) or _BY_CLASS.get(_reply_in(words))
    if action is None:
        return None
    return {
        "action": action,
        "addresses": _addresses_in(fields),
        "status": status,
        "words": shown_plainly(words or notice)[:MAX_WORDS],
    }


def _action_in(value: str) -> str | None:
    """What an Action says. Some write comments beside it, or a word that is nearly the right one."""
    return next((action for begin, action in _ACTIONS.items() if value.lower().startswith(begin)), None)


def _status_in(fields: dict[str, str]) -> str:
    """The enhanced status code; the diagnostic's where the status itself says nothing but its class."""
    stated = next(iter(codes_in(fields.get("status", ""))), "")
    precise = next((c for c in codes_in(fields.get("diagnostic-code", "")) if not c.endswith(".0.0")), "")
    return precise if precise and (not stated or stated.endswith(".0.0")) else stated


def _reply_in(words: str) -> str:
    found = re.match(r"\W*([245])\d\d\b", words)
    return found[1] if found else ""


def _addresses_in(fields: dict[str, str]) -> list[str]:
    """Whom it is about: the final recipient, or, where it names none, the original one."""
    for name in _ADDRESSES:
        kind, _, value = fields.get(name, "").rpartition(";")
        if kind.strip().lower() == "utf-8":
            # RFC 6533, 3: letters that a report in seven bits cannot hold.
            value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        address = parseaddr(value.strip())[1].lower()[:254]
        if "@" in address:
            return [address]
    return []


def complaint_in(parts: Sequence[tuple[str, str]], subject: str) -> dict[str, str]:
    """That somebody called our mail unwanted: of which kind, empty where it is no complaint, and the envelope sender of
    what they complain about."""
    for kind, text in parts:
        if kind == "text/feedback-report":
            fields = dict(reversed(_fields_in(text[:MAX_REPORT])))
            what, sender = fields.get("feedback-type", "").lower(), fields.get("original-mail-from", "")
            return {"what": (what or "abuse") if what in _COMPLAINTS else "", "sender": parseaddr(sender)[1][:254]}
    is_one = subject.lower().startswith("complaint about message from ")
    return {"what": "abuse" if is_one else "", "sender": ""}


def receipt_in(parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What a program did with our mail for its reader: displayed, deleted, …; empty where it is no receipt. And the
    Message-ID of that mail."""
    for kind, text in parts:
        if kind == "text/disposition-notification":
            fields = dict(reversed(_fields_in(text[:MAX_REPORT])))
            what = fields.get("disposition", "").rpartition(";")[2].partition("/")[0].strip().lower()
            return {"what": what[:20] or "displayed", "about": fields.get("original-message-id", "").strip(" <>")[:300]}
    return {"what": "", "about": ""}


def event_in(parts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What Amazon SES reports as JSON: what became of each recipient, or a complaint, and the envelope sender of the
    mail that it is about; no sender where it is none. It comes as it is, with lines behind it, or within the JSON of
    the notification service.

    Source: the documented contents of SES notifications and of event publishing.
    """
    for text in (text for kind, text in parts if kind == "text/plain"):
        event = _object_in(text)
        event = _object_in(_text_of(event.get("Message"))) or event
        what = _EVENTS.get(_text_of(event.get("notificationType")) or _text_of(event.get("eventType")))
        sender = _text_of(_dict_of(event.get("mail")).get("source"))
        if what and sender:
            said = _dict_of(event.get(what[0]))
            complaint = _text_of(said.get("complaintFeedbackType")).lower()
            is_complaint = what[0] == "complaint" and complaint in _COMPLAINTS
            recipients = said.get(what[1]) if what[2] else None
            return {
                "outcomes": [
                    _event_outcome(one if isinstance(one, dict) else {"emailAddress": one}, said, what[2])
                    for one in (recipients if isinstance(recipients, list) else [])[:MAX_OUTCOMES]
                ],
                "complaint": (complaint or "abuse") if is_complaint else "",
                "sender": parseaddr(sender)[1][:254],
            }
    return {"outcomes": [], "complaint": "", "sender": ""}


def _event_outcome(recipient: dict[str, Any], said: dict[str, Any], action: str) -> dict[str, Any]:
    kind = _text_of(said.get("bounceSubType"))
    words = _text_of(recipient.get("diagnosticCode")).partition(";")
    address = parseaddr(_text_of(recipient.get("emailAddress")))[1].lower()[:254]
    status = next(iter(codes_in(_text_of(recipient.get("status")))), "") or _STATUS_OF.get(kind, "")
    told = " ".join(filter(None, [_text_of(said.get("bounceType")), kind]))
    return {
        "action": _action_in(_text_of(recipient.get("action"))) or action,
        "addresses": [address] if "@" in address else [],
        "status": "5.7.1" if kind == _ON_OUR_LIST else status,
        "words": shown_plainly((words[2] or words[0]).strip() or _text_of(said.get("smtpResponse")) or told)[
            :MAX_WORDS
        ],
    }


def _object_in(text: str) -> dict[str, Any]:
    """The JSON object with which a text begins."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        return _dict_of(_READER.raw_decode(text.lstrip())[0])
    except (ValueError, RecursionError):
        return {}


def _dict_of(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""
