"""Reading what a calendar answered (RFC 5546, RFC 6047). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from icalendar import Calendar, Component


class Method(StrEnum):
    """What a scheduling message asks for; others are not for us."""

    reply = "REPLY"
    counter = "COUNTER"
    refresh = "REFRESH"


class PartStat(StrEnum):
    """What an attendee says."""

    accepted = "ACCEPTED"
    declined = "DECLINED"
    tentative = "TENTATIVE"
    delegated = "DELEGATED"


@dataclass(frozen=True)
class Reply:
    """One answer: to which entry, with which status, in which order, and what was written with it."""

    method: Method
    entry: str
    status: PartStat | None
    sequence: int
    stamp: datetime
    comment: str
    delegate: str
    delegate_name: str


class Unreadable(Exception):
    """The calendar part is broken or says nothing that is known."""


def reply_in(mail: EmailMessage, wanted: UUID) -> Reply:
    """The answer in a mail to the entry of that event. Raises Unreadable."""
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise Unreadable("no content")
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    text = "\r\n".join(text.replace("\r\n", "\n").split("\n"))
    if "END:VCALENDAR" not in text.upper():
        raise Unreadable("cut off")
    try:
        calendar = Calendar.from_ical(text)
        method = Method(str(calendar.get("METHOD", part.get_param("method") or "")).upper())
        entries = [
            e for e in calendar.walk("VEVENT") if str(e.get("UID", "")).lower().startswith(str(wanted))
        ]
        return _read(method, entries[0])
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(type(error).__name__) from error


def _read(method: Method, entry: Component) -> Reply:
    attendees = entry.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    mine = next((a for a in attendees if "PARTSTAT" in a.params), attendees[0] if attendees else None)
    said = str(mine.params.get("PARTSTAT", "")).upper() if mine is not None else ""
    delegate = _address(mine.params.get("DELEGATED-TO", "")) if mine is not None else ""
    named = next((a for a in attendees if _address(a) == delegate and delegate), None)
    stamp = entry.decoded("DTSTAMP") if "DTSTAMP" in entry else datetime(1970, 1, 1, tzinfo=UTC)
    stamp = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    return Reply(
        method, str(entry["UID"]), PartStat(said) if method is Method.reply else None, int(entry.get("SEQUENCE", 0)),
        stamp.astimezone(UTC), str(entry.get("COMMENT", "")).strip()[:500], delegate,
        str(named.params.get("CN", "")) if named is not None else "",
    )  # fmt: skip


def _address(value: object) -> str:
    text = str(value[0] if isinstance(value, list | tuple) and value else value or "").strip('" ')
    return parseaddr(text[7:] if text.lower().startswith("mailto:") else text)[1].lower()
