"""Takes a mail apart, into a few bounded texts. Runs in the process of `core.isolation`.

The lenient policy of the standard library is meant: the strict one parses every header by a grammar, and a folded,
encoded subject of a few kilobytes can keep that busy for minutes.
"""

import email
import html
import re
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from core.documents.scheduling import is_calendar, opened, scheduling_of
from core.plain_text import shown_plainly
from notifications.inbound import notices, reports
from notifications.inbound.reports import WirePart

MAX_PARTS = 200
MAX_DEPTH = 20
MAX_HEADER = 2000
MAX_TEXT = 20_000
# Letters of a part in which reports and notices are looked for.
MAX_READ = 256 * 1024
_UNSHOWN = re.compile(r"<(/?)(style|script|head)\b[^<>]{0,500}>", re.I)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.I)
_TAG = re.compile(r"<[^<>@]{0,2000}>")


def read_mail(raw: bytes, envelope: str = "") -> dict[str, Any]:
    """What `rules.Wire` holds of a mail. `envelope` is "null" where the envelope names no sender, as a report's."""
    mail = email.message_from_bytes(raw.removeprefix(b"\xef\xbb\xbf"), _class=WirePart)
    own = opened(_own_parts(mail), _own_parts)
    subject = _header(mail, "Subject")[:300]
    is_answer = any(map(is_calendar, own))
    told = _told(mail, raw, own, subject, has_no_sender=envelope == "null", is_answer=is_answer)
    # What came back quotes our own entry: that is nobody's answer.
    scheduling = None if told["is_from_system"] else scheduling_of(mail, opened(_parts(mail), _parts))
    return {
        "sender": parseaddr(_header(mail, "From"))[1][:254],
        "subject": subject,
        "text": _text(own),
        "scheduling": scheduling,
        **told,
    }


def _told(
    mail: Message, raw: bytes, own: list[Message], subject: str, *, has_no_sender: bool, is_answer: bool
) -> dict[str, Any]:
    """What a mail system or a mailbox says by itself. What brings a calendar's answer must show that it is one's."""
    sender = _header(mail, "From")
    texts = [(_kind(p), shown_plainly(_decoded(p)[:MAX_READ])) for p in own if _is_read(p)]
    notice = notices.notice_in(_plain(kind, text) for kind, text in texts if kind in ("text/plain", "text/html"))
    event, complaint = reports.event_in(texts), reports.complaint_in(texts, subject)
    # Dovecot writes its refusals in the form of a receipt.
    receipt = {"what": "", "about": ""} if notices.is_daemon(sender) else reports.receipt_in(texts)
    is_told = bool(event["sender"] or complaint["what"] or receipt["what"])
    outcomes = event["outcomes"] if is_told else reports.deliveries_in(texts, notices.told_in(notice))
    is_known = bool(outcomes or is_told)
    is_own = is_known or notices.is_systems_own(mail, sender)
    is_automatic = not is_own and notices.is_automatic_answer(mail, subject, notice)
    is_personal = is_automatic or is_answer
    is_system = is_own or (not is_personal and notices.is_notice(mail, subject, notice, has_no_sender=has_no_sender))
    if is_system and not is_known:
        failure = notices.failure_in(mail, raw, subject, notice)
        outcomes = [failure] if failure else []
    return {
        "answers": receipt["about"] or _header(mail, "In-Reply-To").strip(" <>")[:300],
        "outcomes": outcomes,
        "complaint": event["complaint"] or complaint["what"],
        "reported": event["sender"] or complaint["sender"],
        "receipt": receipt["what"],
        "is_automatic": is_automatic,
        "is_from_system": is_system,
    }


def _kind(part: Message) -> str:
    """What a part is read as. One that says it has parts, but has none that can be found, is its text."""
    return "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()


def _is_read(part: Message) -> bool:
    if isinstance(part.get_payload(), list):
        return False
    if _kind(part) in ("text/plain", "text/html"):
        return part.get_content_disposition() != "attachment"
    return part.get_content_maintype() == "text"


def _plain(kind: str, text: str) -> str:
    if kind != "text/html":
        return text
    return html.unescape(_TAG.sub(" ", _BREAK.sub("\n", _shown(text))))


def _shown(page: str) -> str:
    """A page without what browsers do not show, in one walk."""
    kept, begins, within = [], 0, ""
    for tag in _UNSHOWN.finditer(page):
        name = tag[2].lower()
        if not within and not tag[1]:
            kept.append(page[begins : tag.start()])
            within = name
        elif within == name and tag[1]:
            begins, within = tag.end(), ""
    return "".join([*kept, "" if within else page[begins:]])


def _parts(mail: Message) -> list[Message]:
    return [part for part, _ in _walked(mail)]


def _own_parts(mail: Message) -> list[Message]:
    return [part for part, is_quoted in _walked(mail) if not is_quoted]


def _walked(mail: Message) -> list[tuple[Message, bool]]:
    """All parts, the whole first, without recursion; with each, whether it stands within a mail that is quoted."""
    found, waiting = [], [(mail, 0, False)]
    while waiting:
        part, depth, is_quoted = waiting.pop(0)
        found.append((part, is_quoted))
        inner = part.get_payload()
        if isinstance(inner, list):
            within = is_quoted or part.get_content_maintype() == "message"
            waiting[:0] = [(one, depth + 1, within) for one in inner if isinstance(one, Message)]
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
