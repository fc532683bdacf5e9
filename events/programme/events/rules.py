"""Kinds of events and sessions, and what fits where. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import N_, MustAgree, Refusal, Unacceptable
from core.plain_text import clock_time


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
    """How far an event is."""

    draft = "draft"
    published = "published"
    confirmed = "confirmed"
    held = "held"
    reported = "reported"
    archived = "archived"
    postponed = "postponed"
    cancelled = "cancelled"


EVENT_STATES = {
    EventState.draft: N_("Draft"),
    EventState.published: N_("Published"),
    EventState.confirmed: N_("Confirmed"),
    EventState.held: N_("Completed"),
    EventState.reported: N_("Reported"),
    EventState.archived: N_("Archived"),
    EventState.postponed: N_("Postponed"),
    EventState.cancelled: N_("Cancelled"),
}
# What the step ahead to a state is called.
EVENT_STEPS = {
    EventState.published: N_("Publish"),
    EventState.confirmed: N_("Confirm the event"),
    EventState.held: N_("Mark as completed"),
    EventState.reported: N_("Mark as reported"),
    EventState.archived: N_("Archive"),
}
# What an organiser may decide next. Postponing and calling off are steps of their own: people are told.
NEXT_STATES: dict[EventState, tuple[EventState, ...]] = {
    EventState.draft: (EventState.published,),
    EventState.published: (EventState.confirmed, EventState.held, EventState.draft),
    EventState.confirmed: (EventState.held, EventState.published),
    EventState.held: (EventState.reported, EventState.confirmed),
    EventState.reported: (EventState.archived, EventState.held),
    EventState.archived: (EventState.reported,),
    EventState.postponed: (),
    EventState.cancelled: (),
}
COMING = (EventState.draft, EventState.published, EventState.confirmed)
OVER = (EventState.held, EventState.reported, EventState.archived)
# Nothing about these changes any more, and another event may have their title and days.
CLOSED = (EventState.cancelled, EventState.archived)


class Confidentiality(StrEnum):
    """Who may know of an event."""

    public = "public"
    by_link = "by-link"
    hidden = "hidden"


CONFIDENTIALITIES = {
    Confidentiality.public: N_("Anybody may see its page"),
    Confidentiality.by_link: N_("Only who has a link"),
    Confidentiality.hidden: N_("Only who is invited; its title stays out of subjects"),
}


class Admission(StrEnum):
    """How people come onto the list of an event."""

    by_list = "by-list"
    open = "open"
    approval = "approval"


ADMISSIONS = {
    Admission.by_list: N_("Only people on the list"),
    Admission.open: N_("Anybody may register on the public page"),
    Admission.approval: N_("Anybody may ask on the public page; the organiser decides"),
}


class Substitution(StrEnum):
    """Whether those invited may send somebody else. Their institution and the organiser may replace them anyway, the
    institution not where it is off."""

    off = "off"
    approval = "approval"
    free = "free"


SUBSTITUTIONS = {
    Substitution.off: N_("No: the invitation is personal"),
    Substitution.approval: N_("With the organiser’s approval"),
    Substitution.free: N_("Yes, whoever they name"),
}


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


# What people attend and sign for: no coffee, no meals, no journeys.
ATTENDED_KINDS = frozenset({SessionKind.content, SessionKind.ceremony, SessionKind.group_work, SessionKind.site_visit})


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
# What people were told of an event, so that they hear when it changes; its hours only where no session says them.
TOLD = frozenset({"first_day", "last_day", "zone", "venue", "online_url"})
HOURS = frozenset({"start_time", "end_time"})
LONGEST = timedelta(days=60)
# The capacity of an event without a limit: more than can be set, so that whoever counts needs no case of its own.
UNLIMITED = 1_000_000


class EventIsOff(Refusal):
    status = 409
    code = "event-cancelled"
    title = N_("This event has been cancelled.")


class EventIsThere(Refusal):
    status = 409
    code = "event-is-there"
    title = N_("Another event has this title on these days already. Please change that one, or this title.")


class SessionsFallOut(Refusal):
    """Shorter dates would leave sessions outside; nothing is changed until they are moved."""

    status = 422
    code = "sessions-fall-out"
    title = N_("These sessions would fall outside the new dates: %(sessions)s. Please move them first.")


class EventIsArchived(Refusal):
    status = 409
    code = "event-archived"
    title = N_("This event is archived: nothing about it changes any more.")


class EventIsPostponed(Refusal):
    status = 409
    code = "event-postponed"
    title = N_("This event is postponed. As soon as there is a new date, you hear from us.")


class NotThatStep(Refusal):
    """The state machine has no such edge; the message says what is possible."""

    status = 409
    code = "not-that-step"
    title = N_("The event is “%(state)s”. From there it can become: %(possible)s.")


def doubtful_days(
    last_day: date, answer_by: date | None, names_freeze_on: date | None, *, today: date, is_zone_there: bool = True
) -> list[str]:
    """What looks like a slip about days and zone that may be meant all the same."""
    said = [
        (last_day < today, N_("The event lies in the past.")),
        (
            answer_by is not None and answer_by < today <= last_day,
            N_("The RSVP deadline is in the past: nobody can accept."),
        ),
        (
            names_freeze_on is not None and names_freeze_on < today <= last_day,
            N_("The deadline for substitutes is in the past: nobody can send one."),
        ),
        (not is_zone_there, N_("The time zone is not one of the country’s: all times are those of the zone.")),
    ]
    return [message for is_so, message in said if is_so]


def must_take_place(state: EventState) -> None:
    """Cancelled and archived events are as they are."""
    if state is EventState.cancelled:
        raise EventIsOff()
    if state is EventState.archived:
        raise EventIsArchived()


def must_take_answers(state: EventState) -> None:
    """Nobody says yes to an event that has no date."""
    must_take_place(state)
    if state is EventState.postponed:
        raise EventIsPostponed()


def step_names(state: EventState) -> dict[EventState, str]:
    """What the possible steps ahead are called. Steps back have no name: they say where they lead."""
    states = list(EventState)
    return {to: EVENT_STEPS[to] for to in NEXT_STATES[state] if states.index(to) > states.index(state)}


def must_lead_to(state: EventState, wanted: EventState) -> None:
    if wanted not in NEXT_STATES[state]:
        possible = ", ".join(str(s) for s in NEXT_STATES[state]) or "–"
        raise NotThatStep(state=str(state), possible=possible)


def must_be_in_order(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Unacceptable("last_day", N_("The end date is before the start date."))
    if last_day - first_day > LONGEST:
        raise Unacceptable("last_day", N_("An event lasts at most %(days)s days."), days=LONGEST.days)


# When something begins and ends, each as far as it is known.
Clock = tuple[time | None, time | None]


def must_be_hours(first_day: date, last_day: date, start_time: time | None, end_time: time | None) -> None:
    """By the clock of the event's zone: it begins on the first day at the one, and ends on the last at the other."""
    if end_time is not None and start_time is None:
        raise Unacceptable("start_time", N_("Please say when it starts too."))
    if start_time and end_time and first_day == last_day and end_time <= start_time:
        raise Unacceptable("end_time", N_("The event ends before it starts."))


def clock_by(days: tuple[date, date], entered: Clock, held: tuple[datetime, datetime] | None) -> Clock:
    """When an event begins on its first day and ends on its last: by its programme (`held`, by the clock there), or
    else as it was entered; None where neither says it."""
    if held is None:
        return entered
    starts, ends = held
    return (
        starts.time() if starts.date() == days[0] else entered[0],
        ends.time() if ends.date() == days[1] else entered[1],
    )


@dataclass(frozen=True)
class ClockFinding:
    """That the programme says another time than was entered: a sentence with its facts."""

    code: str
    message: str
    facts: Mapping[str, object]


_OTHER_CLOCKS = (
    (
        "begins",
        N_(
            "The programme begins at %(programme)s, the event’s form says %(entered)s. "
            "People are told the time of the programme."
        ),
    ),
    (
        "ends",
        N_(
            "The programme ends at %(programme)s, the event’s form says %(entered)s. "
            "People are told the time of the programme."
        ),
    ),
)


def clock_findings(entered: Clock, told: Clock) -> list[ClockFinding]:
    """Where people are told another time than was entered."""
    return [
        ClockFinding(code, message, {"programme": f"{now:%H:%M}", "entered": f"{said:%H:%M}"})
        for (code, message), said, now in zip(_OTHER_CLOCKS, entered, told, strict=True)
        if said is not None and now is not None and said != now
    ]


def must_exist(day: date, clock: time, zone: str) -> None:
    """Raises Unacceptable where the clocks jump over it; of a time that comes twice the first is meant."""
    wall, zone_info = datetime.combine(day, clock), ZoneInfo(zone)
    if wall.replace(tzinfo=zone_info).astimezone(UTC).astimezone(zone_info).replace(tzinfo=None) != wall:
        raise Unacceptable("start_time", N_("The clocks jump over %(time)s on that day."), time=f"{clock:%H:%M}")


def must_precede_start(day: date, first_day: date, field: str = "answer_by") -> None:
    """Deadlines lie before the event: at the latest on the day on which it begins."""
    if day > first_day:
        raise Unacceptable(field, N_("This day is after the start of the event."))


def must_fit(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date, zone: str) -> None:
    """A session takes time and lies within the event's days, seen in the event's zone."""
    if ends_at <= starts_at:
        raise Unacceptable("ends", N_("The session ends before it starts."))
    if not is_within(starts_at, ends_at, first_day, last_day, zone):
        raise Unacceptable("starts", N_("The session lies outside the days of the event."))


def is_within(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date, zone: str) -> bool:
    """Midnight at the end of the last day still belongs to it."""
    zone_info = ZoneInfo(zone)
    last_moment = ends_at.astimezone(zone_info) - timedelta(microseconds=1)
    return first_day <= starts_at.astimezone(zone_info).date() and last_moment.date() <= last_day


def must_hold_sessions(titles_outside: Iterable[str]) -> None:
    outside = list(titles_outside)
    if outside:
        raise SessionsFallOut("last_day", sessions=", ".join(outside))


def wall_time(day: date, text: str, field: str) -> datetime:
    """09:30 or 9.30 on that day, or "09:30 UTC+03:00" where the clock shows 09:30 twice."""
    clock, _, offset = text.strip().upper().replace("UTC", " ").strip().partition(" ")
    read = clock_time(clock)
    try:
        if read is None:
            raise ValueError
        return datetime.fromisoformat(f"{datetime.combine(day, read).isoformat()}{offset.strip()}")
    except ValueError:
        raise Unacceptable(field, N_("Please write a time like 09:30.")) from None


class PlacesToGive(MustAgree):
    code = "places-to-give"
    title = N_("%(count)s people who wait get a place by this and are told at once. Nothing is saved yet.")
