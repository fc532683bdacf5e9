"""Reading what an online platform says of who was there, and whom it means. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from core.columns import folded
from core.errors import N_, Refusal
from core.text import address_key
from core.zones import local
from events.attendance.records.rules import HalfDay, half_day_ends, half_of

# Headings of Zoom, Teams and Webex in English and Turkish, folded. Teams writes several tables into one file: the last
# one with all of these has a line for each time somebody joined.
_NAME = re.compile(
    r"^(?:name\b.*|full name|(?:attendee|participant|display) name|ad(?:i)?(?: soyad(?:i)?)?|katilimci.*)$"
)
_ADDRESS = re.compile(r".*(?:e-?mail|e-?posta).*")
_JOIN = re.compile(r"(?:first )?join(?: time)?|katilma.*|(?:ilk )?katilim.*|giris.*")
_LEAVE = re.compile(r"(?:last )?leave(?: time)?|(?:son )?ayrilma.*|ayrilis.*|cikis.*")
_FORMATS = tuple(
    f"{day} {clock}"
    for day in ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y")
    for clock in ("%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M")
)
# From then on two names are proposed as one person's; somebody looks before it counts.
ALIKE = 80
MOST_LINES = 5000


class LogState(StrEnum):
    """What was done with a log."""

    previewed = "previewed"
    applied = "applied"


class LineMatch(StrEnum):
    """How a line of the log found its person."""

    address = "address"
    name = "name"
    proposed = "proposed"
    nobody = "nobody"


MATCHES = {
    LineMatch.address: N_("By e-mail"),
    LineMatch.name: N_("By name"),
    LineMatch.proposed: N_("Similar name: please check"),
    LineMatch.nobody: N_("Nobody of the event"),
}


class NoLog(Refusal):
    """A file that is no list of attendees."""

    status = 422
    code = "no-platform-log"
    title = N_("No list of attendees was found: it needs columns for the name and for when people joined and left.")


class LogIsApplied(Refusal):
    """What a log says is recorded once."""

    status = 409
    code = "platform-log-applied"
    title = N_("This log is recorded already.")


@dataclass(frozen=True)
class LoggedAttendee:
    """Somebody as the platform names them, and when they were connected."""

    name: str
    address: str
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class LogCandidate:
    """Somebody with a place at the event."""

    registration_id: UUID
    name: str
    name_key: str
    address_key: str


def attendees_in(rows: Sequence[Sequence[str]], zone: ZoneInfo, days: Collection[date]) -> list[LoggedAttendee]:
    """Everybody in the log, each once with all spans of theirs. Raises NoLog."""
    head = max((n for n, row in enumerate(rows) if _columns(row)), default=None)
    columns = _columns(rows[head]) if head is not None else None
    if head is None or columns is None:
        raise NoLog("file")
    found: dict[str, LoggedAttendee] = {}
    for row in rows[head + 1 :][:MOST_LINES]:
        said = {field: row[n].strip() if n < len(row) else "" for field, n in columns.items()}
        begins, ends = (moment_in(said[field], zone, days) for field in ("join", "leave"))
        if not said["name"] or begins is None or ends is None:
            continue
        address = said.get("address", "")
        key = address_key(address) if "@" in address else folded(said["name"])
        known = found.get(key) or LoggedAttendee(said["name"], address, ())
        found[key] = LoggedAttendee(known.name, known.address, (*known.spans, (begins, max(begins, ends))))
    if not found:
        raise NoLog("file")
    return list(found.values())


def _columns(row: Sequence[str]) -> dict[str, int] | None:
    """Which column of a heading is what; None where it is no heading of such a list."""
    headings = [re.sub(r"\s+", " ", folded(cell)).strip(" \ufeff") for cell in row]
    kinds = {"name": _NAME, "join": _JOIN, "leave": _LEAVE, "address": _ADDRESS}
    found = {}
    for field, pattern in kinds.items():
        columns = [n for n, text in enumerate(headings) if pattern.fullmatch(text)]
        if columns:
            found[field] = columns[0]
    return found if {"name", "join", "leave"} <= found.keys() else None


def moment_in(text: str, zone: ZoneInfo, days: Collection[date]) -> datetime | None:
    """The moment that a platform wrote by the clock of that zone. Where day and month may be meant either way round,
    the one that is a day of the event is."""
    plain = re.sub(r"\bÖÖ\b", "AM", re.sub(r"\bÖS\b", "PM", text.upper())).replace(",", " ").replace("T", " ")
    plain = re.sub(r"\s+", " ", plain).strip()
    read = []
    for form in _FORMATS:
        try:
            read.append(datetime.strptime(plain, form).replace(tzinfo=zone))
        except ValueError:
            continue
    return next((one for one in read if one.date() in days), read[0] if read else None)


def minutes_by_half(attendee: LoggedAttendee, zone: str, held: Collection[HalfDay]) -> dict[HalfDay, int]:
    """Whole minutes connected in each half-day that is held, however often somebody joined."""
    seconds: dict[HalfDay, float] = {}
    until: datetime | None = None
    for begins, ends in sorted(attendee.spans):
        at = begins if until is None else max(begins, until)
        while at < ends:
            wall = local(at, zone)
            key = (wall.date(), half_of(wall))
            stop = min(ends, half_day_ends(zone, at=at))
            seconds[key] = seconds.get(key, 0) + (stop - at).total_seconds()
            at = stop
        until = max(ends, until or ends)
    return {key: int(seconds[key] // 60) for key in sorted(seconds) if key in held}


def match(
    attendee: LoggedAttendee, candidates: Sequence[LogCandidate], key_of_name: str
) -> tuple[LineMatch, UUID | None]:
    """Whom a line means: by mailbox, by all words of the name where one person has them, else a proposal."""
    if attendee.address:
        own = address_key(attendee.address)
        for one in candidates:
            if one.address_key and one.address_key == own:
                return LineMatch.address, one.registration_id
    named = [one for one in candidates if one.name_key == key_of_name]
    if len(named) == 1:
        return LineMatch.name, named[0].registration_id
    choices = [folded(one.name) for one in candidates]
    best = process.extractOne(folded(attendee.name), choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return (LineMatch.proposed, candidates[best[2]].registration_id) if best else (LineMatch.nobody, None)
