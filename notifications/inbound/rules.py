"""Which message a mail answers, and what it is. Pure."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from enum import StrEnum
from uuid import UUID

from core.errors import N_
from core.security import derived_key
from core.settings import Settings

_LOCAL = re.compile(r"\+([ab])([0-9a-f]{32})([a-z2-7]{16})$")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Kind(StrEnum):
    """What a mail is, as far as it is understood."""

    bounce = "bounce"
    delay = "delay"
    auto_reply = "auto-reply"
    calendar = "calendar"
    other = "other"


KINDS = {
    Kind.bounce: N_("Came back"),
    Kind.delay: N_("Delayed"),
    Kind.auto_reply: N_("Automatic answer"),
    Kind.calendar: N_("Answer of a calendar"),
    Kind.other: N_("Written by somebody"),
}


class About(StrEnum):
    """What an address of ours says that a mail to it is about."""

    bounce = "b"
    answer = "a"


def key_of(settings: Settings) -> bytes:
    """What our addresses are signed with."""
    return derived_key(settings.key, "verp")


def address_about(about: About, id: UUID, address: str, key: bytes) -> str:
    """Our inbound address with what an answer to it is about, signed (VERP): only who got it can know it."""
    user, _, domain = address.rpartition("@")
    return f"{user}+{about}{id.hex}{_signature(about, id, key)}@{domain}"


def read_address(recipient: str, key: bytes) -> tuple[About, UUID] | None:
    """What a mail to that address is about, if the signature holds."""
    local, _, _ = recipient.rpartition("@")
    found = _LOCAL.search(local.lower())
    if found is None:
        return None
    about, id = About(found[1]), UUID(found[2])
    return (about, id) if hmac.compare_digest(found[3], _signature(about, id, key)) else None


def _signature(about: About, id: UUID, key: bytes) -> str:
    digest = hmac.new(key, f"{about}{id.hex}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


@dataclass(frozen=True)
class Report:
    """A delivery report (RFC 3464): whether it is for good, the enhanced status, and the server's words."""

    is_final: bool
    status: str
    words: str
    message_id: str


def kind_of(mail: EmailMessage) -> Kind:
    """Reports first: they too say that they are automatic."""
    report = report_of(mail)
    if report is not None:
        return Kind.bounce if report.is_final else Kind.delay
    if any(part.get_content_type() == "text/calendar" for part in mail.walk()):
        return Kind.calendar
    submitted = str(mail.get("Auto-Submitted", "no")).lower()
    is_automatic = submitted.partition(";")[0].strip() not in ("no", "")
    if is_automatic or mail.get("X-Autoreply") or mail.get("X-Autorespond") or _is_out_of_office(mail):
        return Kind.auto_reply
    return Kind.other


def _is_out_of_office(mail: EmailMessage) -> bool:
    return str(mail.get("Precedence", "")).lower() in ("auto_reply", "bulk", "junk")


def report_of(mail: EmailMessage) -> Report | None:
    """The report in a mail: a standard one, or one of the common others from a mail system's own address."""
    status_part = next((p for p in mail.walk() if p.get_content_type() == "message/delivery-status"), None)
    if status_part is not None:
        fields = _fields(status_part)
        status = fields.get("status", "")
        is_final = fields.get("action", "").lower() == "failed" or status.startswith("5")
        words = fields.get("diagnostic-code", "") or status
        return Report(is_final and not status.startswith("4"), status, words[:300], _original_id(mail))
    sender = str(mail.get("From", "")).lower()
    if "mailer-daemon" in sender or "postmaster@" in sender:
        text = _text(mail)
        found = _STATUS.search(text)
        if found:
            line = next((one for one in text.splitlines() if found[1] in one), found[1])
            return Report(found[1].startswith("5"), found[1], line.strip()[:300], _original_id(mail))
    return None


def _fields(status_part: Message) -> dict[str, str]:
    """Fields of the first recipient; the block before speaks of the message."""
    found: dict[str, str] = {}
    for block in status_part.get_payload():
        if isinstance(block, Message):
            for name, value in block.items():
                found.setdefault(name.lower(), str(value))
    return found


def _original_id(mail: EmailMessage) -> str:
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return str(inner[0].get("Message-ID", "")).strip(" <>")
            found = re.search(r"(?im)^message-id:\s*<([^>]+)>", str(inner))
            if found:
                return found[1]
    return ""


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body is not None else ""
