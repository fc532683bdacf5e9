"""Clashes of an agenda, and how two versions of it differ. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal
from core.i18n import Words
from events.programme.events.rules import MEALS, SessionKind


class SessionRole(StrEnum):
    """What somebody does in a session."""

    speaker = "speaker"
    moderator = "moderator"
    interpreter = "interpreter"


SESSION_ROLES = {
    SessionRole.speaker: N_("Speaker"),
    SessionRole.moderator: N_("Moderator"),
    SessionRole.interpreter: N_("Interpreter"),
}
EARLIEST, LATEST = time(7), time(23)
# While these last nothing else takes place for most; two of them may be one, as lunch on a journey.
_BREAKS = frozenset((*MEALS, SessionKind.coffee))
_ANY_HOUR = (SessionKind.travel, SessionKind.dinner, SessionKind.breakfast)


class NothingNew(Refusal):
    status = 409
    code = "nothing-new"
    title = N_("Nothing has changed since the programme was published last.")


@dataclass(frozen=True)
class Item:
    """A session as clashes see it. `people` are names by id; `capacity` is how many may choose it, None: everybody
    takes part."""

    title: str
    kind: SessionKind
    starts_at: datetime
    ends_at: datetime
    room: str
    people: Mapping[UUID, str]
    capacity: int | None = None


@dataclass(frozen=True)
class Clash:
    """A warning: a message with its facts. It hinders nothing."""

    message: str
    facts: Mapping[str, str]


def clashes(
    items: Sequence[Item], zone: str, seats: Mapping[str, int] = MappingProxyType({}), attending: int = 0
) -> list[Clash]:
    """A room or a person in two places at once, more people than a room seats, sessions over a break, hours at which
    nobody meets, a clock change in the middle. `seats` are those of rooms by `room_key`, `attending` all who have a
    place in the event.

    Sessions that only touch do not clash.
    """
    found: list[Clash] = []
    rooms: dict[str, list[Item]] = {}
    people: dict[UUID, list[Item]] = {}
    for item in sorted(items, key=lambda i: (i.starts_at, i.ends_at)):
        if item.room:
            rooms.setdefault(room_key(item.room), []).append(item)
        for person in item.people:
            people.setdefault(person, []).append(item)
        found += _odd_hours(item, zone)
    for key, in_room in rooms.items():
        found += _crowded(in_room, seats.get(key), attending)
        for a, b in _overlapping(in_room):
            message = N_("%(room)s is taken twice: “%(first)s” and “%(second)s”.")
            found.append(Clash(message, {"room": a.room, "first": a.title, "second": b.title}))
    found += _over_breaks(items, zone)
    for person, of_person in people.items():
        for a, b in _overlapping(of_person):
            message = N_("%(person)s is in two sessions at once: “%(first)s” and “%(second)s”.")
            found.append(Clash(message, {"person": a.people[person], "first": a.title, "second": b.title}))
    return found


def _over_breaks(items: Sequence[Item], zone: str) -> list[Clash]:
    """Breaks and meals that overlap with a session in another room; in the same room it is said already."""
    zone_info, found = ZoneInfo(zone), []
    for rest in (one for one in items if one.kind in _BREAKS):
        for other in items:
            starts, ends = max(rest.starts_at, other.starts_at), min(rest.ends_at, other.ends_at)
            is_same_room = bool(rest.room) and rest.room.casefold() == other.room.casefold()
            if other.kind in _BREAKS or other.kind is SessionKind.travel or is_same_room or starts >= ends:
                continue
            times = [f"{moment.astimezone(zone_info):%H:%M}" for moment in (starts, ends)]
            facts = {"first": other.title, "second": rest.title, "starts": times[0], "ends": times[1]}
            found.append(Clash(N_("“%(first)s” overlaps with “%(second)s”: %(starts)s–%(ends)s."), facts))
    return found


def room_key(name: str) -> str:
    """What two writings of one room have in common."""
    return " ".join(name.split()).casefold()


def _crowded(items: Sequence[Item], seats: int | None, attending: int) -> list[Clash]:
    """Sessions for more people than their room seats; of those for everybody the first."""
    found, is_said = [], False
    for item in items:
        people = attending if item.capacity is None else item.capacity
        if seats is None or people <= seats or (item.capacity is None and is_said):
            continue
        is_said = is_said or item.capacity is None
        message = N_("%(room)s seats %(seats)s, and “%(title)s” is for %(people)s.")
        facts = {"room": item.room, "seats": str(seats), "title": item.title, "people": str(people)}
        found.append(Clash(message, facts))
    return found


def _overlapping(items: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Neighbours in time that overlap; the longest so far is carried along."""
    pairs: list[tuple[Item, Item]] = []
    last: Item | None = None
    for item in items:
        if last is not None and item.starts_at < last.ends_at:
            pairs.append((last, item))
        if last is None or item.ends_at > last.ends_at:
            last = item
    return pairs


def _odd_hours(item: Item, zone: str) -> list[Clash]:
    zone_info, found = ZoneInfo(zone), []
    starts, ends = item.starts_at.astimezone(zone_info), item.ends_at.astimezone(zone_info)
    if item.kind not in _ANY_HOUR and (starts.time() < EARLIEST or ends.time() > LATEST or ends.date() > starts.date()):
        found.append(Clash(N_("“%(title)s” lies outside the hours from 7 to 23."), {"title": item.title}))
    if starts.utcoffset() != ends.utcoffset():
        found.append(Clash(N_("The clocks change during “%(title)s”."), {"title": item.title}))
    return found


@dataclass(frozen=True)
class AgendaChange:
    """One difference between two versions: a message with its facts."""

    message: str
    facts: Mapping[str, str]


def before_and_now(facts: Iterable[tuple[str, str, str]], say: Words) -> list[str]:
    """What differs, old and new beside each other. A fact is a message with what was told before and what is now."""
    return [say.translate(text, before=old or "–", after=new or "–") for text, old, new in facts if old != new]


def span_in(say: Words) -> Callable[[Mapping[str, Any]], str]:
    """Words the local times kept in a version, like "14 Apr 2026 09:30–10:30"."""

    def span(item: Mapping[str, Any]) -> str:
        starts = datetime.fromisoformat(item["starts"])
        return f"{say.day(starts.date(), 'medium')} {item['starts'][11:]}–{item['ends'][11:]}"

    return span


def changes(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    time_of: Callable[[Mapping[str, Any]], str],
) -> list[AgendaChange]:
    """What a reader of the earlier version has to know, in the order of the later one. `time_of` words times."""
    old = {item["id"]: item for item in before}
    new = {item["id"] for item in after}
    found = []
    for item in after:
        was = old.get(item["id"])
        if was is None:
            found.append(AgendaChange(N_("New: %(title)s, %(time)s"), {"title": item["title"], "time": time_of(item)}))
        else:
            found += _differences(was, item, time_of)
    found += [
        AgendaChange(N_("No longer: %(title)s, %(time)s"), {"title": was["title"], "time": time_of(was)})
        for was in before
        if was["id"] not in new
    ]
    return found


def _differences(
    was: Mapping[str, Any], item: Mapping[str, Any], time_of: Callable[[Mapping[str, Any]], str]
) -> list[AgendaChange]:
    """All that differs of one session: who is told of the new hour has to know of the new room too."""
    found, title = [], item["title"]
    if was["title"] != title:
        found.append(AgendaChange(N_("Renamed: %(before)s is now %(after)s"), {"before": was["title"], "after": title}))
    if (was["starts"], was["ends"]) != (item["starts"], item["ends"]):
        facts = {"title": title, "before": time_of(was), "after": time_of(item)}
        found.append(AgendaChange(N_("Moved: %(title)s, from %(before)s to %(after)s"), facts))
    if was["room"] != item["room"]:
        facts = {"title": title, "before": was["room"] or "–", "after": item["room"] or "–"}
        found.append(AgendaChange(N_("Other room: %(title)s, from %(before)s to %(after)s"), facts))
    if was["people"] != item["people"]:
        found.append(AgendaChange(N_("Other people: %(title)s"), {"title": title}))
    return found
