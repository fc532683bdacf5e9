"""What a calendar says in a mail, whatever it is wrapped in (RFC 5546, RFC 6047). Runs in the process of
`core.isolation`.

Calendars are read as they come: in an encoding that nobody names, with a footer of some mail system behind them, in an
opaque signature (RFC 8551) or as a class of Outlook's own (TNEF).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from icalendar import Calendar, Component

from core.errors import N_
from core.plain_text import shown_plainly

MAX_BYTES = 256 * 1024
MAX_ENTRIES = 50
MAX_ATTENDEES = 100
MAX_COMMENT = 500
MAX_SIGNATURES = MAX_CALENDARS = 3
TOO_LONG = N_("could not be read: it is too long")
EMPTY = N_("could not be read: it is empty")
CUT_OFF = N_("could not be read: it is cut off")
BROKEN = N_("could not be read: it is no calendar that anybody could read")
ENCRYPTED = N_("could not be read: it is encrypted")
OUTLOOKS_OWN = N_("could not be read: it is in a form that only Outlook reads (winmail.dat)")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_WHOLE = re.compile(r"^BEGIN:VCALENDAR\b.*?^END:VCALENDAR[ \t]*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_LINE_END = re.compile(r"\r+\n|[\r\n]")


def opened(parts: Sequence[Message], parts_of: Callable[[Message], list[Message]]) -> list[Message]:
    """The parts of a mail, each opaque signature replaced by the parts of the mail that it holds."""
    found: list[Message] = []
    sealed = list(filter(_is_sealed, parts))[:MAX_SIGNATURES]
    for part in parts:
        inner = _inside(part) if part in sealed else None
        found += [part] if inner is None else parts_of(inner)
    return found


def _is_sealed(part: Message) -> bool:
    return part.get_content_type() in _SEALED or (part.get_filename() or "").lower().endswith(".p7m")


def _inside(part: Message) -> Message | None:
    """The mail that is signed; None where it is encrypted, or neither."""
    # Hardly any mail needs it, and it takes longer to load than most take to read.
    from asn1crypto import cms  # noqa: PLC0415

    try:
        outer = cms.ContentInfo.load(_bytes(part))  # type: ignore[no-untyped-call]
        if outer["content_type"].native != "signed_data":
            return None
        return message_from_bytes(outer["content"]["encap_content_info"]["content"].native or b"")
    except (ValueError, TypeError, KeyError):
        return None


def scheduling_of(mail: Message, parts: Sequence[Message]) -> dict[str, Any] | None:
    """The method and the entries of the calendar in a mail of these parts; `problem` says in words why it could not be
    read. None where there is no calendar in it."""
    if calendars := sorted(filter(is_calendar, parts), key=lambda p: p.get_content_type() != "text/calendar"):
        found = [_read(part, mail) for part in calendars[:MAX_CALENDARS]]
        return next((one for one in found if not one["problem"]), found[0])
    if tnef := next(filter(_is_tnef, parts), None):
        return _outlooks(_bytes(tnef), mail)
    return _unreadable(ENCRYPTED) if any(map(_is_sealed, parts)) else None


def is_calendar(part: Message) -> bool:
    """Whether a part is a calendar, by what it is called."""
    return (
        part.get_content_type() in ("text/calendar", "application/ics")
        or (part.get_filename() or "").lower().endswith(".ics")
    ) and not part.is_multipart()


def _is_tnef(part: Message) -> bool:
    return part.get_content_type() in _TNEF or (part.get_filename() or "").lower() == "winmail.dat"


def _read(part: Message, mail: Message) -> dict[str, Any]:
    content = _bytes(part)
    if len(content) > MAX_BYTES:
        return _unreadable(TOO_LONG)
    text = "\r\n".join(_LINE_END.split(shown_plainly(_decoded(content, str(part.get_content_charset("")))))).strip()
    if not text:
        return _unreadable(EMPTY)
    whole = _WHOLE.search(text.replace("\r\n", "\n"))
    if whole is None:
        return _unreadable(CUT_OFF)
    try:
        calendar = Calendar.from_ical(whole[0].replace("\n", "\r\n"))
        entries = [_entry(one, mail) for one in calendar.walk("VEVENT")[:MAX_ENTRIES]]
        method = str(calendar.get("METHOD") or part.get_param("method") or "").upper()
        return {"method": method, "entries": entries, "problem": ""}
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        return _unreadable(BROKEN)


def _decoded(content: bytes, charset: str) -> str:
    """UTF-8 unless the bytes say that they are something else: what a part says of its charset is often not so."""
    head = content[:4]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\0" in head:
        return content.decode("utf-16-be" if head[:1] == b"\0" else "utf-16-le", errors="replace")
    for encoding in ("utf-8-sig", charset):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1254", errors="replace")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _unreadable(why: str) -> dict[str, Any]:
    return {"method": "", "entries": [], "problem": why}


def _entry(entry: Component, mail: Message) -> dict[str, Any]:
    comments = (str(one).strip() for one in _all(entry, "COMMENT"))
    return {
        "uid": str(entry.get("UID", ""))[:300],
        "sequence": int(str(entry["SEQUENCE"])) % 2**31 if "SEQUENCE" in entry else None,
        "stamp": _stamp(entry) or _date(mail),
        "comment": " / ".join(dict.fromkeys(filter(None, comments)))[:MAX_COMMENT],
        "attendees": [_attendee(one) for one in _all(entry, "ATTENDEE")[:MAX_ATTENDEES]],
    }


def _all(entry: Component, name: str) -> list[Any]:
    found = entry.get(name, [])
    return found if isinstance(found, list) else [found]


def _stamp(entry: Component) -> str:
    """When the answer was given; empty where the calendar does not say."""
    stamp = entry.decoded("DTSTAMP") if "DTSTAMP" in entry else None
    return _utc(stamp) if isinstance(stamp, datetime) else ""


def _date(mail: Message) -> str:
    """When the mail says that it was written; empty where it does not."""
    try:
        return _utc(parsedate_to_datetime(str(mail.get("Date", ""))))
    except (ValueError, OverflowError):
        return ""


def _utc(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _attendee(attendee: Any) -> dict[str, str]:
    said = getattr(attendee, "params", {})
    # Some calendars name people by a number of their own and say the address beside it.
    is_address = str(attendee).lower().startswith("mailto:")
    return {
        "address": _address(attendee if is_address or "EMAIL" not in said else said["EMAIL"]),
        "name": str(said.get("CN", ""))[:300],
        "status": str(said.get("PARTSTAT", "")).upper(),
        "sent_by": _address(said.get("SENT-BY", "")),
        "delegate": _address(said.get("DELEGATED-TO", "")),
    }


def _address(value: object) -> str:
    text = str(value[0] if isinstance(value, list | tuple) and value else value or "").strip('" ')[:400]
    return parseaddr(text[7:] if text.lower().startswith("mailto:") else text)[1].lower()


# The answers among the classes of messages that Outlook writes, by their former and their present names.
_CLASSES = {
    b"ipm.microsoft schedule.mtgrespp": "ACCEPTED",
    b"ipm.microsoft schedule.mtgrespn": "DECLINED",
    b"ipm.microsoft schedule.mtgrespa": "TENTATIVE",
    b"ipm.schedule.meeting.resp.pos": "ACCEPTED",
    b"ipm.schedule.meeting.resp.neg": "DECLINED",
    b"ipm.schedule.meeting.resp.tent": "TENTATIVE",
}
_SIGNATURE, _MESSAGE_CLASS = b"\x78\x9f\x3e\x22", 0x00078008


def _outlooks(content: bytes, mail: Message) -> dict[str, Any]:
    """The answer of whoever wrote a mail in Outlook's own form. It names no entry: the address it came to does."""
    name = next((value for id, value in _attributes(content) if id == _MESSAGE_CLASS), b"")
    status = _CLASSES.get(name.rstrip(b"\0").lower())
    if status is None:
        return _unreadable(OUTLOOKS_OWN)
    sender = parseaddr(str(mail.get("From", ""))[:2000])[1].lower()
    attendee = {"address": sender, "name": "", "status": status, "sent_by": "", "delegate": ""}
    entry = {"uid": "", "sequence": None, "stamp": _date(mail), "comment": "", "attendees": [attendee]}
    return {"method": "REPLY", "entries": [entry], "problem": ""}


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes of a TNEF stream (MS-OXTNEF): each has a level, an id, a length, a value and its sum."""
    at = 6
    while content.startswith(_SIGNATURE) and at + 9 <= len(content):
        id, size = (int.from_bytes(content[at + n : at + n + 4], "little") for n in (1, 5))
        yield id, content[at + 9 : at + 9 + size]
        at += 9 + size + 2
