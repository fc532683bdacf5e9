"""What `heyet read-booking` does: files of vendors in, the proposal as JSON out."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from heyet.command import stop
from visits.bookings.reader import read_bookings
from visits.bookings.rules import MOST_BYTES, ReadingContext


def read_booking_files(
    files: Sequence[Path], received: str, participants: Path | None, first_day: str, last_day: str
) -> None:
    """Print what the files propose, or why nothing."""
    try:
        days = [date.fromisoformat(day) if day else None for day in (first_day, last_day)]
        context = ReadingContext(date.fromisoformat(received), days[0], days[1])
    except ValueError as wrong:
        stop(f"Days are written 2026-10-12: {wrong}")
    names = participants.read_text(encoding="utf-8-sig").splitlines() if participants else []
    found = asyncio.run(
        read_bookings(
            [(file.name, _content(file)) for file in files], context, [name for name in names if name.strip()]
        )
    )
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _content(file: Path) -> bytes:
    """One byte more than may be read tells that it is too large."""
    with file.open("rb") as source:
        return source.read(MOST_BYTES + 1)
