"""The same calendar as JSON for programs (JSCalendar, RFC 8984)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.documents.ical import PRODID, Entry

TYPE = "application/jscalendar+json;type=group"


def jscalendar(entries: Sequence[Entry], *, uid: str, name: str, about: str) -> dict[str, Any]:
    """A Group of Events. The same entries give the same document: no "now" is in it."""
    stamps = [entry.changed_at for entry in entries]
    group: dict[str, Any] = {
        "@type": "Group",
        "uid": uid,
        "prodId": PRODID,
        "title": name,
        "description": about,
        "entries": [_event(entry) for entry in entries],
    }
    if stamps:
        group["updated"] = _utc(max(stamps))
    return group


def _event(entry: Entry) -> dict[str, Any]:
    """Times are local with their zone beside them; a whole day has neither (RFC 8984, 5.1 and 4.7.1)."""
    starts, duration = _span(entry)
    event: dict[str, Any] = {
        "@type": "Event",
        "uid": entry.uid,
        "prodId": PRODID,
        "created": _utc(entry.created_at),
        "updated": _utc(entry.changed_at),
        "sequence": entry.sequence,
        "title": entry.title,
        "start": starts,
        "duration": duration,
        "status": entry.status.lower(),
        "privacy": "private",
        "freeBusyStatus": "busy" if entry.takes_time else "free",
    }
    if isinstance(entry.starts, datetime):
        event["timeZone"] = entry.zone
    else:
        event["showWithoutTime"] = True
    if entry.text:
        event["description"] = entry.text
    if entry.venue:
        event["locations"] = {"1": {"@type": "Location", "name": entry.venue}}
    if entry.url:
        event["links"] = {"1": {"@type": "Link", "href": entry.url}}
    if entry.category:
        event["keywords"] = {entry.category: True}
    if entry.conference:
        event["virtualLocations"] = {
            "1": {"@type": "VirtualLocation", "uri": entry.conference, "features": {"video": True}}
        }
    return event


def _span(entry: Entry) -> tuple[str, str]:
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        local = entry.starts.astimezone(ZoneInfo(entry.zone))
        return local.strftime("%Y-%m-%dT%H:%M:%S"), _duration(entry.ends - entry.starts)
    first, last = _day(entry.starts), _day(entry.ends)
    return f"{first.isoformat()}T00:00:00", f"P{(last - first).days + 1}D"


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _duration(span: timedelta) -> str:
    """Exact time in hours and less: a day would be as long as the clock change makes it."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    roles = [f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count]
    return "PT" + ("".join(roles) or "0S")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
