"""What a rooming list says of each guest, and what differs from the version before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

from core.errors import N_, Refusal
from visits.passports.names import plain

# From this hour on the desk has to be told that somebody comes late; until the other it is still the night before.
LATE, MORNING = time(22), time(6)


class LineState(StrEnum):
    """Against the version before."""

    new = "new"
    changed = "changed"
    cancelled = "cancelled"
    same = "same"


LINE_STATES = {
    LineState.new: N_("New"),
    LineState.changed: N_("Changed"),
    LineState.cancelled: N_("Cancelled"),
    LineState.same: N_("Same"),
}


class ListUnchanged(Refusal):
    """A version that differs in nothing would only puzzle the hotel."""

    status, code, title = 409, "list-unchanged", N_("Nothing has changed since version %(version)s.")


class ListEmpty(Refusal):
    status, code, title = 409, "list-empty", N_("Nobody sleeps in this hotel yet.")


class HotelWithoutAddress(Refusal):
    status, code, title = 422, "hotel-without-address", N_("Enter the e-mail address of the hotel first.")


class ListForgotten(Refusal):
    """Names were deleted after the visit, and the list with them."""

    status, code, title = 410, "list-forgotten", N_("This list was deleted with the travel details.")


@dataclass(frozen=True)
class GuestLine:
    """One guest's stay as the hotel reads it; `facts` are the columns. `key` is the stay, `owner` the registration."""

    key: str
    owner: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class MarkedLine:
    """A line with what became of it: `since` is the version since which it is the same, `changed` the columns that
    differ from the version before."""

    line: GuestLine
    state: LineState
    since: int
    changed: tuple[str, ...] = field(default=())


def marked(before: Sequence[MarkedLine], now: Sequence[GuestLine], version: int) -> list[MarkedLine]:
    """The lines of this version, then those that are gone. A stay that was split or entered anew is compared with what
    its guest had before."""
    known = [one for one in before if one.state is not LineState.cancelled]
    by_key = {one.line.key: one for one in known}
    matched = {line.key: by_key[line.key] for line in now if line.key in by_key}
    left = [one for one in known if one.line.key not in matched]
    found = []
    for line in now:
        old = matched.get(line.key) or next((one for one in left if one.line.owner == line.owner), None)
        if old in left:
            left.remove(old)
        if old is None:
            found.append(MarkedLine(line, LineState.new, version))
            continue
        changed = tuple(name for name, value in line.facts.items() if old.line.facts.get(name) != value)
        state = LineState.changed if changed else LineState.same
        found.append(MarkedLine(line, state, version if changed else old.since, changed))
    return found + [MarkedLine(one.line, LineState.cancelled, version) for one in left]


def latin(name: str) -> str:
    """A name in the letters that hotel systems take, its words apart; as it is where it has none of them."""
    return " ".join(filter(None, (plain(word) for word in name.split()))) or name


def at_desk(moments: Sequence[tuple[date, time | None, str]], check_in: date) -> tuple[str, bool]:
    """When the guest is expected, as the desk reads it, and whether that is late: the last arrival on the day of
    check-in, or in the night after it. Moments are local days and clocks with what arrives."""
    found = ""
    is_late = False
    for day, clock, label in moments:
        is_night_after = (day - check_in).days == 1 and clock is not None and clock < MORNING
        if day != check_in and not is_night_after:
            continue
        shown = f"{clock:%H:%M}{' (+1)' if is_night_after else ''} " if clock else ""
        found = f"{shown}{label}".strip()
        is_late = is_night_after or (clock is not None and clock >= LATE)
    return found, is_late


def leaving_at(moments: Sequence[tuple[date, time | None, str]], check_out: date) -> str:
    """The first departure on the day of check-out."""
    for day, clock, label in moments:
        if day == check_out:
            return f"{clock:%H:%M} {label}" if clock else label
    return ""
