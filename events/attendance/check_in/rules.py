"""When a scan happened, for which half-day it counts, and what it says beside others. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core.errors import N_

# How far a device's clock may be off, or a scan late, before its time is doubted.
PATIENCE = timedelta(minutes=5)
MOST_SCANS = 1000


class ScanKind(StrEnum):
    """What somebody at a desk says."""

    entry = "in"
    exit = "out"
    undo = "undo"


class BadgeScanState(StrEnum):
    """What became of a scan."""

    taken = "taken"
    again = "again"
    unknown = "unknown"
    withdrawn = "withdrawn"
    closed = "closed"


SCAN_STATES = {
    BadgeScanState.taken: N_("Checked in"),
    BadgeScanState.again: N_("Was here already"),
    BadgeScanState.unknown: N_("Code not known"),
    BadgeScanState.withdrawn: N_("Has no place any more"),
    BadgeScanState.closed: N_("The event does not take place then"),
}


class Presence(StrEnum):
    """How somebody of the list stands in the present half-day."""

    expected = "expected"
    present = "in"
    left = "out"
    withdrawn = "withdrawn"


PRESENCES = {
    Presence.expected: N_("expected"),
    Presence.present: N_("here"),
    Presence.left: N_("left"),
    Presence.withdrawn: N_("no place any more"),
}


def moment_of(said: datetime, offset: timedelta | None, *, received_at: datetime) -> tuple[datetime, bool]:
    """When a scan happened, and whether that is unsure.

    `said` is the device's clock, `offset` what the server's was ahead of it when they last spoke. A device that never
    heard the server's time is believed within five minutes; nothing happens after it has arrived.
    """
    happened = said + (offset or timedelta())
    if happened > received_at + PATIENCE:
        return received_at, True
    return min(happened, received_at), offset is None and received_at - said > PATIENCE


@dataclass(frozen=True)
class Passage:
    """Somebody passed a desk. Of two at one moment the one whose `id` was made first counts."""

    id: UUID
    is_entry: bool
    happened_at: datetime
    gate: str


def merged(passages: Iterable[Passage]) -> dict[UUID, Passage | None]:
    """By id of one person's passages of a half-day: the passage that it only repeats, or None where it counts.

    They count in the order in which they happened, however they arrived: an entry after an entry repeats it, one after
    an exit is a return.
    """
    found: dict[UUID, Passage | None] = {}
    last: Passage | None = None
    for one in sorted(passages, key=lambda p: (p.happened_at, p.id)):
        is_repeated = last is not None and last.is_entry == one.is_entry
        found[one.id] = last if is_repeated else None
        last = last if is_repeated else one
    return found
