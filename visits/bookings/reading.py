"""Reads a file that may hold a booking, by what it is and not by its name. Runs in the process of `core.isolation`."""

import re
from datetime import date
from typing import Any

from core.documents.table_parsing import workbook_in
from core.errors import Refusal, TooLarge
from visits.bookings.calendars import read_calendar
from visits.bookings.codes import read_code, read_pdf, read_picture
from visits.bookings.messages import read_html, read_message
from visits.bookings.passes import read_passes
from visits.bookings.rules import (
    MOST_BYTES,
    MOST_LINES,
    MOST_SHEETS,
    MessageReading,
    ReadingContext,
    ReadingProblem,
)

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF")
_HEADER = re.compile(rb"[A-Za-z][\w-]{1,40}:[ \t\r\n]")
_MAIL = re.compile(rb"^(?:from|to|date|subject|message-id|mime-version|content-type|received):", re.I | re.M)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Parts of a zip that is a workbook: XLSX and XLSB, or OpenDocument.
_WORKBOOK = (b"xl/workbook.", b"opendocument.spreadsheet")
_MARKUP = re.compile(rb"<script|<html|<body|itemscope|^\s*[<\[{]", re.IGNORECASE)
_SEPARATED = re.compile(rb"[;,\t|]")
_BAR_CODE = re.compile(rb"M[1-4][^\r\n]{45,}")


def read_file(content: bytes, received: str, first_day: str = "", last_day: str = "") -> dict[str, Any]:
    """What a file says, as `MessageReading.to_json`, and `tables` in it. Days are ISO; those of the visit may be empty.

    Tables go out as they are: reading them takes the one import, which no stranger's file is parsed beside.
    """
    days = [date.fromisoformat(day) if day else None for day in (first_day, last_day)]
    context = ReadingContext(date.fromisoformat(received), days[0], days[1])
    found = read_any(content, context)
    return {**found.to_json(), "tables": found.tables}


def read_any(content: bytes, context: ReadingContext) -> MessageReading:
    """A mail, page, calendar, pass, PDF, picture, or the bare text of a bar code."""
    if len(content) > MOST_BYTES:
        return MessageReading(problem=ReadingProblem.too_large)
    attachment = _attachment(content, context)
    if attachment is not None:
        return attachment
    # The line that mailboxes in one file put before each mail.
    content = re.sub(rb"\AFrom [^\r\n]{1,300}\r?\n", b"", content)
    head = content[:8192].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if _HEADER.match(head) and _MAIL.search(head):
        return _said(read_message(content, context, read_any_attached))
    return _said(_separated(content) or read_html(content, context))


def read_any_attached(content: bytes, context: ReadingContext) -> MessageReading:
    """What hangs on a mail; saved pages too."""
    found = _attachment(content, context)
    return (_separated(content) or read_html(content, context)) if found is None else found


def _separated(content: bytes) -> MessageReading | None:
    """A text file with columns; None for all else."""
    if _MARKUP.search(content) or len(_SEPARATED.findall(content[:8192])) < 4:
        return None
    found = _tables(content, "csv")
    return found if found.tables else None


def _tables(content: bytes, ending: str) -> MessageReading:
    """Sheets with something in them, for the one import to look at."""
    try:
        book = workbook_in(content, ending)
    except Refusal as refused:
        is_large = isinstance(refused, TooLarge)
        return MessageReading(problem=ReadingProblem.too_large if is_large else ReadingProblem.unreadable)
    sheets = [(name, is_hidden, lines[:MOST_LINES]) for name, is_hidden, lines in book["sheets"][:MOST_SHEETS]]
    return MessageReading(tables=sheets)


def _attachment(content: bytes, context: ReadingContext) -> MessageReading | None:
    head = content[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith(_OLE) or (head.startswith(b"PK\x03\x04") and any(part in content for part in _WORKBOOK)):
        return _tables(content, "xlsx")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return read_passes(content, context)
    if b"%PDF-" in head:
        return read_pdf(content, context)
    if head.startswith(_PICTURES):
        return read_picture(content, context)
    if head[:15].upper() == b"BEGIN:VCALENDAR":
        return read_calendar(content, context)
    if _BAR_CODE.match(head) and len(content) < 2048:
        reading = MessageReading()
        if read_code(content.strip(b"\r\n"), context, reading):
            return reading
    return None


def _said(reading: MessageReading) -> MessageReading:
    if reading.is_empty and reading.problem is None:
        reading.problem = ReadingProblem.nothing_found
    return reading
