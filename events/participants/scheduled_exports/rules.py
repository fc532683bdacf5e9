"""When a list goes out by itself, and what ends it. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from core.errors import N_, Refusal
from core.zones import zone_of

# In the event's own time, before the working day.
CLOCK = time(7, 0)
MOST_READERS = 20
MOST_EXPORTS = 20
LONGEST = timedelta(days=366)


class Rhythm(StrEnum):
    """How often it goes."""

    daily = "daily"
    weekly = "weekly"
    before_start = "before-start"


class ExportEnd(StrEnum):
    """Why none goes any more."""

    done = "done"
    stopped = "stopped"
    event_off = "event-off"
    owner_may_not = "owner-may-not"
    nobody_left = "nobody-left"


RHYTHMS = {
    Rhythm.daily: N_("Every day"),
    Rhythm.weekly: N_("Every week"),
    Rhythm.before_start: N_("Once, before the event begins"),
}
EXPORT_ENDS = {
    ExportEnd.done: N_("Over"),
    ExportEnd.stopped: N_("Stopped"),
    ExportEnd.event_off: N_("The event is cancelled or archived"),
    ExportEnd.owner_may_not: N_("Who made it may no longer read the project"),
    ExportEnd.nobody_left: N_("Nobody it went to may read the project any more"),
}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class TooManyExports(Refusal):
    status = 409
    code = "too-many-exports"
    title = N_("%(count)s lists go out for this event already. Please stop one first.")


class ExportHasEnded(Refusal):
    status = 409
    code = "export-ended"
    title = N_("This one has ended. Please make a new one.")


def latest_day(rhythm: Rhythm, *, weekday: int, days_before: int, first_day: date, today: date) -> date | None:
    """The last day up to today on which it was to go; none before the first. `weekday` counts from Monday, 0."""
    if rhythm is Rhythm.daily:
        return today
    if rhythm is Rhythm.weekly:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    day = first_day - timedelta(days=days_before)
    return day if day <= today else None


def moment_of(day: date, zone: str) -> datetime:
    """When it goes on that day: at seven by the event's own clock."""
    return datetime.combine(day, CLOCK, zone_of(zone)).astimezone(UTC)


def is_over(rhythm: Rhythm, *, ends_on: date, first_day: date, last_for: date | None, today: date) -> bool:
    """Whether none is to come: its last day is past, or the one before the event has gone or is pointless by now."""
    if rhythm is Rhythm.before_start:
        return last_for is not None or today > first_day
    return today > ends_on
