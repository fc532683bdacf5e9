"""Takes a mail apart, into a few bounded texts. Runs in the process of `core.isolation`.

The lenient policy of the standard library is meant: the strict one parses every header by a grammar, and a folded,
encoded subject of a few kilobytes can keep that busy for minutes.
"""

import email
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from icalendar import Calendar, Component

from core.plain_text import shown_plainly

MAX_PARTS = 200
MAX_DEPTH = 20
MAX_HEADER = 2000
MAX_TEXT = 20_000
MAX_WORDS = 300
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def read_mail(raw: bytes) -> dict[str, Any]:
    """What `rules.Wire` holds of a mail."""
    mail = email.message_from_bytes(raw.removeprefix(b"\xef\xbb\xbf"))
    parts = _parts(mail)
    sender = parseaddr(_header(mail, "From"))[1]
    calendar = next((p for p in parts if p.get_content_type() == "text/calendar"), None)
    text = _text(parts)
    return {
        "sender": sender[:254],
        "subject": _header(mail, "Subject")[:300],
        "answers": _header(mail, "In-Reply-To").strip(" <>")[:300],
        "text": text,
        "report": _report(mail, parts, text),
        "is_automatic": _is_automatic(mail),
        "scheduling": None if calendar is None else scheduling_in(_bytes(calendar), _method(calendar)),
    }


def _parts(mail: Message) -> list[Message]:
    """All parts, the whole first, without recursion."""
    found, waiting = [], [(mail, 0)]
    while waiting:
        part, depth = waiting.pop(0)
        found.append(part)
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting[:0] = [(one, depth + 1) for one in inner if isinstance(one, Message)]
        if depth > MAX_DEPTH or len(found) + len(waiting) > MAX_PARTS:
            raise ValueError("more parts than a mail has")
    return found


def _header(mail: Message, name: str) -> str:
    raw = str(mail.get(name, ""))[:MAX_HEADER]
    try:
        text = str(make_header(decode_header(raw)))
    except (ValueError, LookupError, email.errors.MessageError):
        text = raw
    return shown_plainly(" ".join(text.split()))


def _is_automatic(mail: Message) -> bool:
    submitted = _header(mail, "Auto-Submitted").lower().partition(";")[0].strip()
    return (
        submitted not in ("no", "")
        or bool(mail.get("X-Autoreply") or mail.get("X-Autorespond"))
        or _header(mail, "Precedence").lower() in ("auto_reply", "bulk", "junk")
    )


def _report(mail: Message, parts: list[Message], text: str) -> dict[str, Any] | None:
    """The report in a mail (RFC 3464): a standard one, or one of the common others from a mail system's own address."""
    status_part = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if status_part is not None:
        fields = _fields(status_part)
        status = fields.get("status", "")
        is_final = fields.get("action", "").lower() == "failed" or status.startswith("5")
        words = fields.get("diagnostic-code", "") or status
        return _said(is_final and not status.startswith("4"), status, words)
    sender = _header(mail, "From").lower()
    if "mailer-daemon" in sender or "postmaster@" in sender:
        found = _STATUS.search(text)
        if found:
            line = next((one for one in text.splitlines() if found[1] in one), found[1])
            return _said(found[1].startswith("5"), found[1], line.strip())
    return None


def _said(is_final: bool, status: str, words: str) -> dict[str, Any]:
    return {"is_final": is_final, "status": status[:20], "words": words[:MAX_WORDS]}


def _fields(status_part: Message) -> dict[str, str]:
    """Fields of the first recipient; the block before speaks of the message."""
    found: dict[str, str] = {}
    parts = status_part.get_payload()
    for block in parts if isinstance(parts, list) else []:
        if isinstance(block, Message):
            for name in block:
                found.setdefault(name.lower(), _header(block, name))
    return found


def _text(parts: list[Message]) -> str:
    """The readable part, plain before HTML."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                return shown_plainly(_decoded(part))[:MAX_TEXT]
    return ""


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message) -> str:
    try:
        return _bytes(part).decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return _bytes(part).decode("latin-1")


def _method(part: Message) -> str:
    return str(part.get_param("method") or "")


MAX_BYTES = 256 * 1024


MAX_ENTRIES = 50


MAX_ATTENDEES = 100


MAX_COMMENT = 500


def scheduling_in(content: bytes, method: str) -> dict[str, Any]:
    """The method and the entries of a calendar part; `trouble` says why it could not be read.

    `method` is the content type's, for calendars that name none.
    """
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    if len(content) > MAX_BYTES:
        return _unreadable("too long")
    text = "\r\n".join(shown_plainly(text).replace("\r\n", "\n").split("\n"))
    if not text.strip():
        return _unreadable("no content")
    if "END:VCALENDAR" not in text.upper():
        return _unreadable("cut off")
    try:
        calendar = Calendar.from_ical(text)
        entries = [_entry(one) for one in calendar.walk("VEVENT")[:MAX_ENTRIES]]
        return {"method": str(calendar.get("METHOD", method)).upper(), "entries": entries, "trouble": ""}
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        return _unreadable(type(error).__name__)


def _unreadable(why: str) -> dict[str, Any]:
    return {"method": "", "entries": [], "trouble": why}


def _entry(entry: Component) -> dict[str, Any]:
    attendees = entry.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    stamp = entry.decoded("DTSTAMP") if "DTSTAMP" in entry else datetime(1970, 1, 1, tzinfo=UTC)
    stamp = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    return {
        "uid": str(entry.get("UID", ""))[:300],
        "sequence": int(entry.get("SEQUENCE", 0)) % 2**31,
        "stamp": stamp.astimezone(UTC).isoformat(),
        "comment": str(entry.get("COMMENT", "")).strip()[:MAX_COMMENT],
        "attendees": [_attendee(one) for one in attendees[:MAX_ATTENDEES]],
    }


def _attendee(attendee: Any) -> dict[str, str]:
    said = getattr(attendee, "params", {})
    return {
        "address": _address(attendee),
        "name": str(said.get("CN", ""))[:300],
        "status": str(said.get("PARTSTAT", "")).upper(),
        "sent_by": _address(said.get("SENT-BY", "")),
        "delegate": _address(said.get("DELEGATED-TO", "")),
    }


def _address(value: object) -> str:
    text = str(value[0] if isinstance(value, list | tuple) and value else value or "").strip('" ')[:400]
    return parseaddr(text[7:] if text.lower().startswith("mailto:") else text)[1].lower()
