"""A feed of 200 sessions rendered anew, beside the calendar library writing the same components."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from benchmarks.measure import Table, Work, compare, exponent
from core.documents import ical
from core.documents.ical import Entry, feed_calendar
from core.ids import new_id

ZONE, MADE = "Europe/Istanbul", datetime(2026, 3, 1, tzinfo=UTC)
NAMED = {"name": "Etkinliklerim", "about": "Kayıtlı olduğum etkinlikler", "zone": ZONE, "address": ""}


def _entries(count: int) -> list[Entry]:
    first = datetime(2026, 4, 14, 6, 30, tzinfo=UTC)
    return [
        Entry(
            f"{new_id()}@heyet.example",
            f"Oturum {n}: göç hukuku",
            first + timedelta(hours=n),
            first + timedelta(hours=n + 1),
            ZONE,
            "Büyük salon, Ankara",
            "Yıllık koordinasyon toplantısı",
            1,
            "CONFIRMED",
            MADE,
            MADE,
        )
        for n in range(count)
    ]


def _plain(count: int) -> Work:
    """The least that the library allows: components from plain values, zones from the library, bytes."""
    entries, zone = _entries(count), ZoneInfo(ZONE)

    async def work() -> None:
        calendar = Calendar()
        calendar.add("prodid", "-//x//x//EN")
        calendar.add("version", "2.0")
        for entry in entries:
            event = Event()
            event.add("uid", entry.uid)
            for name in ("dtstamp", "created", "last-modified"):
                event.add(name, MADE)
            event.add("summary", entry.title)
            for name, moment in (("dtstart", entry.starts), ("dtend", entry.ends)):
                event.add(name, moment.astimezone(zone) if isinstance(moment, datetime) else moment)
            event.add("sequence", entry.sequence)
            event.add("status", entry.status)
            event.add("transp", "OPAQUE")
            event.add("class", "PRIVATE")
            event.add("location", entry.venue)
            event.add("description", entry.text)
            calendar.add_component(event)
        calendar.add_missing_timezones(MADE.date() - timedelta(days=60), entries[-1].ends + timedelta(days=366))
        calendar.to_ical()

    return work


def _cold(count: int) -> Work:
    entries = _entries(count)

    async def work() -> None:
        ical._written.cache_clear()
        feed_calendar(entries, **NAMED)

    return work


def _one_moved(count: int) -> Work:
    entries = _entries(count)
    feed_calendar(entries, **NAMED)

    async def work() -> None:
        entries[0] = replace(entries[0], sequence=entries[0].sequence + 1)
        feed_calendar(entries, **NAMED)

    return work


async def run(table: Table) -> None:
    growth = await exponent(_cold(200), _cold(2000), 10)
    table.add(
        await compare("feed of 200 rendered cold (floor: icalendar)", _cold(200), _plain(200), goal=0.7, growth=growth)
    )
    growth = await exponent(_one_moved(200), _one_moved(2000), 10)
    table.add(
        await compare(
            "feed of 200, one session moved (floor: icalendar)", _one_moved(200), _plain(200), goal=3, growth=growth
        )
    )
