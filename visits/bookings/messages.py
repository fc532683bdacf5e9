"""A mail taken apart into what may hold a booking, at most three messages deep."""

import email
from collections.abc import Callable, Iterator
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime

from visits.bookings.markup import markup_in, text_of, turkish_again
from visits.bookings.reservations import read_reservations
from visits.bookings.rules import (
    MOST_BYTES,
    MOST_FILES,
    MOST_HTML,
    MOST_MESSAGES_DEEP,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadingProblem,
)

_MOST_PARTS = 200


def read_html(content: bytes, context: ReadingContext, charset: str = "") -> MessageReading:
    """A page, or the HTML part of a mail."""
    if len(content) > MOST_HTML:
        return MessageReading(problem=ReadingProblem.too_large)
    text, is_repaired = turkish_again(text_of(content, charset))
    bare = text.lstrip("\ufeff \t\r\n")
    # Some save the objects alone, without a page around them.
    found = markup_in(f'<script type="application/ld+json">{bare}</script>' if bare[:1] in ("[", "{") else text)
    reading = read_reservations(found.objects, context)
    if is_repaired and not reading.is_empty:
        reading.warn(ProposalWarning.encoding_repaired)
    if found.is_repaired:
        reading.warn(ProposalWarning.markup_repaired)
    if found.is_damaged:
        reading.warn(ProposalWarning.markup_damaged)
    if reading.is_empty:
        reading.problem = ReadingProblem.markup_damaged if found.is_damaged else ReadingProblem.nothing_found
    return reading


def read_message(
    content: bytes, context: ReadingContext, read_file: Callable[[bytes, ReadingContext], MessageReading]
) -> MessageReading:
    """Pages first, then calendar entries and files. `read_file` reads an attachment by what it is.

    The date is that of the message that holds the booking: of a forwarded one its own, not when it was forwarded.
    """
    mail = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"))
    reading, files = MessageReading(), 0
    for part, sent in _parts(mail, 0, _date(mail)):
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes) or not body:
            continue
        kind = part.get_content_type()
        if kind == "text/html":
            found = read_html(body, context, part.get_content_charset() or "")
        elif kind == "text/plain" and not part.get_filename():
            continue
        elif files >= MOST_FILES or len(body) > MOST_BYTES:
            found = MessageReading(problem=ReadingProblem.too_large)
        else:
            files += 1
            found = read_file(body, context)
        if not found.is_empty:
            reading.sent = reading.sent or sent
        reading.take(found)
    reading.sent = reading.sent or _date(mail)
    if not reading.is_empty:
        reading.problem = None
    return reading


def _parts(mail: Message, depth: int, sent: str) -> Iterator[tuple[Message, str]]:
    """Leaves with the date of their message, in order. What lies deeper than three messages is not looked at."""
    pending = [(mail, depth, sent)]
    count = 0
    while pending and count < _MOST_PARTS:
        part, deep, date = pending.pop(0)
        count += 1
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inner, list):
            if deep < MOST_MESSAGES_DEEP:
                pending = [(one, deep + 1, _date(one) or date) for one in inner if isinstance(one, Message)] + pending
        elif isinstance(inner, list):
            pending = [(one, deep, date) for one in inner if isinstance(one, Message)] + pending
        else:
            yield part, date


def _date(mail: Message) -> str:
    """ISO in UTC; empty where there is none that can be read."""
    try:
        found = parsedate_to_datetime(str(mail.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC).isoformat()
    except (OverflowError, ValueError):
        return ""
