"""Reads what a calendar sent (RFC 5546, RFC 6047), whatever event it is about. Runs in the process of
`core.isolation`."""

from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from icalendar import Calendar, Component

from core.plain_text import shown_plainly

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
        return _trouble("too long")
    text = "\r\n".join(shown_plainly(text).replace("\r\n", "\n").split("\n"))
    if not text.strip():
        return _trouble("no content")
    if "END:VCALENDAR" not in text.upper():
        return _trouble("cut off")
    try:
        calendar = Calendar.from_ical(text)
        entries = [_entry(one) for one in calendar.walk("VEVENT")[:MAX_ENTRIES]]
        return {"method": str(calendar.get("METHOD", method)).upper(), "entries": entries, "trouble": ""}
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        return _trouble(type(error).__name__)


def _trouble(why: str) -> dict[str, Any]:
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
