"""Reading bookings from the outside: each file goes into a process of its own, and what it says comes back.

Text of bar codes is in what comes back only as far as its fields are: it opens the booking at the airline.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from core.documents.tables import sheets_of
from core.isolation import Unparsable, isolated
from visits.bookings.proposals import propose
from visits.bookings.rules import MOST_BYTES, MessageReading, ReadingContext, ReadingProblem, reading_from
from visits.bookings.ticket_lists import read_ticket_lists

# Of one file: what the libraries and the towns take, and twenty pages of twelve megapixels one after the other.
MEMORY_MB, SECONDS = 768, 5
_READER = "visits.bookings.reading:read_file"


async def read_booking(content: bytes, context: ReadingContext) -> MessageReading:
    """What a file says, or why it says nothing. Never raises for what is in it; OSError where no process starts."""
    if len(content) > MOST_BYTES:
        return MessageReading(problem=ReadingProblem.too_large)
    days = [day.isoformat() if day else "" for day in (context.received, context.first_day, context.last_day)]
    try:
        said = await isolated(_READER, content, *days, memory_mb=MEMORY_MB, seconds=SECONDS)
    except Unparsable:
        return MessageReading(problem=ReadingProblem.unreadable)
    found = reading_from(said)
    if said["tables"]:
        await asyncio.to_thread(_read_tables, found, said["tables"], context)
    return found


def _read_tables(found: MessageReading, tables: Sequence[Any], context: ReadingContext) -> None:
    """What lists in a file say joins what else it says."""
    lists = read_ticket_lists(sheets_of(tables), context)
    found.legs += lists.legs
    found.warnings |= lists.warnings
    found.is_list, found.unread, found.columns_left = lists.is_list, lists.unread, lists.columns_left
    if found.is_empty and not found.unread:
        found.problem = found.problem or ReadingProblem.nothing_found


async def read_bookings(
    files: Sequence[tuple[str, bytes]], context: ReadingContext, participants: Sequence[str] = ()
) -> dict[str, Any]:
    """The proposal after all files; of several also `after`: the one after each of them, by its name."""
    messages = [await read_booking(content, context) for _, content in files]
    found = propose(messages, context, participants)
    if len(files) > 1:
        found["after"] = {
            name: propose(messages[: number + 1], context, participants) for number, (name, _) in enumerate(files)
        }
    return found
