"""Kinds of events and sessions, and what fits where. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal, Unacceptable


class EventKind(StrEnum):
    """What sort of event it is."""

    coordination_meeting = "coordination-meeting"
    judiciary_workshop = "judiciary-workshop"
    training = "training"
    awareness_raising = "awareness-raising"
    study_visit = "study-visit"
    other = "other"


EVENT_KINDS = {
    EventKind.coordination_meeting: N_("Coordination meeting"),
    EventKind.judiciary_workshop: N_("Judiciary workshop"),
    EventKind.training: N_("Training"),
    EventKind.awareness_raising: N_("Awareness-raising meeting"),
    EventKind.study_visit: N_("Study visit"),
    EventKind.other: N_("Other event"),
}


class EventState(StrEnum):
    """Whether the event takes place."""

    planned = "planned"
    cancelled = "cancelled"


class SessionKind(StrEnum):
    """What happens in a session; meals count for per diems."""

    content = "content"
    ceremony = "ceremony"
    breakfast = "breakfast"
    lunch = "lunch"
    dinner = "dinner"
    coffee = "coffee"
    travel = "travel"
    group_work = "group-work"
    site_visit = "site-visit"


SESSION_KINDS = {
    SessionKind.content: N_("Session"),
    SessionKind.ceremony: N_("Ceremony"),
    SessionKind.breakfast: N_("Breakfast"),
    SessionKind.lunch: N_("Lunch"),
    SessionKind.dinner: N_("Dinner"),
    SessionKind.coffee: N_("Coffee break"),
    SessionKind.travel: N_("Journey"),
    SessionKind.group_work: N_("Group work"),
    SessionKind.site_visit: N_("Site visit"),
}
MEALS = (SessionKind.breakfast, SessionKind.lunch, SessionKind.dinner)
LONGEST = timedelta(days=60)


class EventIsOff(Refusal):
    status = 409
    code = "event-cancelled"
    title = N_("This event has been cancelled.")


class SessionsFallOut(Refusal):
    """Shorter dates would leave sessions outside; nothing is changed until they are moved."""

    status = 422
    code = "sessions-fall-out"
    title = N_("These sessions would fall outside the new dates: %(sessions)s. Please move them first.")


def must_take_place(state: EventState) -> None:
    if state is EventState.cancelled:
        raise EventIsOff()


def must_be_in_order(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Unacceptable("last_day", N_("The last day is before the first."))
    if last_day - first_day > LONGEST:
        raise Unacceptable("last_day", N_("An event lasts at most %(days)s days."), days=LONGEST.days)


def must_fit(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date, zone: str) -> None:
    """A session takes time and lies within the event's days, seen in the event's zone."""
    if ends_at <= starts_at:
        raise Unacceptable("ends", N_("The session ends before it starts."))
    if not is_within(starts_at, ends_at, first_day, last_day, zone):
        raise Unacceptable("starts", N_("The session lies outside the days of the event."))


def is_within(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date, zone: str) -> bool:
    """Midnight at the end of the last day still belongs to it."""
    place = ZoneInfo(zone)
    last_moment = ends_at.astimezone(place) - timedelta(microseconds=1)
    return first_day <= starts_at.astimezone(place).date() and last_moment.date() <= last_day


def must_hold_sessions(titles_outside: Iterable[str]) -> None:
    outside = list(titles_outside)
    if outside:
        raise SessionsFallOut("last_day", sessions=", ".join(outside))


def wall_time(day: date, text: str, field: str) -> datetime:
    """ "09:30" on that day, or "09:30 UTC+03:00" where the clock shows 09:30 twice."""
    clock, _, offset = text.strip().upper().replace("UTC", " ").strip().partition(" ")
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.zfill(5)}:00{offset.strip()}")
    except ValueError:
        raise Unacceptable(field, N_("Please write a time like 09:30.")) from None
