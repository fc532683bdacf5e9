"""iCalendar entries, by mail and in feeds (RFC 5545, 5546, 7986), from plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, FreeBusy, vCalAddress, vPeriod, vText
from icalendar.parser import Contentline, Contentlines

from core.documents.ical_zones import zone_calendar
from core.zones import utc_day

PRODID = "-//Heyet//Heyet//EN"
REFRESH = timedelta(hours=6)
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. `starts` and `ends` are both dates (the last day included) or both moments.

    A journey ends by the clock of another zone, `end_zone`. `is_busy` says whether the person can be asked for nothing
    else meanwhile; `conference` is where it is joined online.
    """

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime
    zone: str
    venue: str
    text: str
    sequence: int
    status: str
    created_at: datetime
    changed_at: datetime
    url: str = ""
    is_busy: bool = True
    category: str = ""
    conference: str = ""
    end_zone: str = ""

    @property
    def takes_time(self) -> bool:
        """Whether it keeps the person from anything else as it stands."""
        return self.is_busy and self.status != "CANCELLED"


def mail_calendar(
    entry: Entry,
    *,
    method: str,
    organiser: tuple[str, str],
    participant: tuple[str, str],
    stamp: datetime,
    participation: str = "NEEDS-ACTION",
    wants_answer: bool = True,
) -> str:
    """A scheduling message about one entry to one person; nobody else is named in it. `participation` is what they are
    known to have answered (PARTSTAT): calendars ask anew whoever is said not to have."""
    component = _component(entry, stamp)
    component.add("organizer", _person(*organiser))
    attendee = _person(*participant)
    attendee.params.update(
        {
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT",
            "PARTSTAT": participation,
            "RSVP": "TRUE" if wants_answer else "FALSE",
        }
    )
    component.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return _filled(calendar, [entry], [bytes(component.to_ical())]).decode()


def with_attendee(calendar: str, address: str) -> str:
    """A scheduling message to one person with another mailbox of theirs."""
    lines = Contentlines.from_ical(calendar)  # type: ignore[no-untyped-call]
    for number, line in enumerate(lines):
        if line.startswith("ATTENDEE"):
            moved = line[: line.upper().rindex("MAILTO:")] + f"MAILTO:{address}"
            lines[number] = Contentline(moved)  # type: ignore[no-untyped-call]
    return str(lines.to_ical().decode())


def feed_calendar(
    entries: Sequence[Entry], *, name: str, about: str, zone: str, address: str, alarm_minutes: int = 0
) -> bytes:
    """A feed to subscribe to. The same entries give the same bytes: no "now" is in it, and an entry that did not
    change since any feed was rendered in this process is not written again."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("description", about)
    calendar.add("x-wr-caldesc", vText(about))
    calendar.add("x-wr-timezone", zone)
    calendar.add("color", "steelblue")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    if address:
        calendar.add("source", address, parameters={"VALUE": "URI"})
    return _filled(calendar, entries, [_written(entry, alarm_minutes) for entry in entries])


def _filled(calendar: Calendar, entries: Sequence[Entry], written: Sequence[bytes]) -> bytes:
    """The calendar's own lines, the zones that the entries use, and the entries as they are written."""
    head = bytes(calendar.to_ical()).removesuffix(_END)
    return b"".join([head, _zones_of(entries), *written, _END])


@lru_cache(maxsize=20_000)
def _written(entry: Entry, alarm_minutes: int) -> bytes:
    """A VEVENT's bytes."""
    component = _component(entry, entry.changed_at)
    if alarm_minutes and isinstance(entry.starts, datetime) and entry.status != "CANCELLED":
        component.add_component(_alarm(entry, alarm_minutes))
    return bytes(component.to_ical())


def _alarm(entry: Entry, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def busy_calendar(entries: Sequence[Entry], *, uid: str, stamp: datetime) -> bytes:
    """Busy times alone, by when they begin: no titles, no places, nothing that is cancelled or leaves one free."""
    busy = FreeBusy()
    busy.add("uid", uid)
    busy.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    times = (
        (_moment(_start(e), e.zone), _moment(_end(e), e.zone), "BUSY-TENTATIVE" if e.status == "TENTATIVE" else "BUSY")
        for e in entries
        if e.takes_time
    )
    for starts, ends, kind in sorted(times):
        busy.add("freebusy", vPeriod((starts, ends)), parameters={"FBTYPE": kind})
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(busy)
    return bytes(calendar.to_ical())


def _moment(when: date | datetime, zone: str) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), tzinfo=ZoneInfo(zone))
    return when.astimezone(UTC)


def _component(entry: Entry, stamp: datetime) -> Event:
    component = Event()
    component.add("uid", entry.uid)
    component.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    component.add("created", entry.created_at.astimezone(UTC).replace(microsecond=0))
    component.add("last-modified", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("summary", entry.title)
    component.add("dtstart", _start(entry))
    component.add("dtend", _end(entry))
    component.add("sequence", entry.sequence)
    component.add("status", entry.status)
    component.add("transp", "OPAQUE" if entry.takes_time else "TRANSPARENT")
    component.add("class", "PRIVATE")
    if entry.venue:
        component.add("location", entry.venue)
    if entry.text:
        component.add("description", entry.text)
    if entry.url:
        component.add("url", entry.url)
    if entry.category:
        component.add("categories", [entry.category])
    if entry.conference:
        component.add("conference", entry.conference, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    return component


def _start(entry: Entry) -> date | datetime:
    if isinstance(entry.starts, datetime):
        return entry.starts.astimezone(ZoneInfo(entry.zone))
    return entry.starts


def _end(entry: Entry) -> date | datetime:
    if isinstance(entry.ends, datetime):
        return entry.ends.astimezone(ZoneInfo(entry.end_zone or entry.zone))
    return entry.ends + timedelta(days=1)  # DTEND is exclusive


def _zones_of(entries: Sequence[Entry]) -> bytes:
    """VTIMEZONE for the dates used, so that a rule changed later does not move a meeting."""
    used = [zone for e in entries if isinstance(e.starts, datetime) for zone in (e.zone, e.end_zone)]
    timed = set(used) - {"UTC", ""}
    if not timed:
        return b""
    days = [
        utc_day(moment) if isinstance(moment, datetime) else moment for e in entries for moment in (e.starts, e.ends)
    ]
    # Whole years, so that feeds of one year share what was worked out once.
    first, last = (min(days) - timedelta(days=1)).year, (max(days) + timedelta(days=366)).year
    # In an order of their own: two processes must hand out the same bytes under one ETag.
    return b"".join(zone_calendar(name, first, last) for name in sorted(timed))


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"MAILTO:{address}")
    person.params["CN"] = vText(name)
    return person
