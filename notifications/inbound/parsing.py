"""Takes a mail apart, into a few bounded texts. Runs in the process of `core.isolation`.

The lenient policy of the standard library is meant: the strict one parses every header by a grammar, and a folded,
encoded subject of a few kilobytes can keep that busy for minutes.
"""

import email
import re
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from core.documents.scheduling import opened, scheduling_of
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
    parts = opened(_parts(mail), _parts)
    sender = parseaddr(_header(mail, "From"))[1]
    text = _text(parts)
    return {
        "sender": sender[:254],
        "subject": _header(mail, "Subject")[:300],
        "answers": _header(mail, "In-Reply-To").strip(" <>")[:300],
        "text": text,
        "report": _report(mail, parts, text),
        "is_automatic": _is_automatic(mail),
        "scheduling": scheduling_of(mail, parts),
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
