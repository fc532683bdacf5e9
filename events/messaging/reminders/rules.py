"""What is sent when: moments relative to an event's dates, on the wall clock where it is. Pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal
from events.programme.events.rules import EventKind

# A moment missed by more than this is not made up for: a reminder for yesterday helps nobody.
GRACE = timedelta(hours=24)
LONGEST_AFTER = timedelta(days=61)


class ReminderPurpose(StrEnum):
    """What a mail is for, and so who gets it."""

    unanswered = "unanswered"
    missing = "missing"
    before = "before"
    after = "after"


PURPOSES = {
    ReminderPurpose.unanswered: N_("Remind those who have not answered"),
    ReminderPurpose.missing: N_("Ask for missing data"),
    ReminderPurpose.before: N_("Practical information to those who have a place"),
    ReminderPurpose.after: N_("Thanks to those who attended"),
}


class Anchor(StrEnum):
    """The day from which a moment is counted."""

    answer_by = "answer-by"
    first_day = "first-day"
    last_day = "last-day"
    departure = "departure"
    homecoming = "return"


ANCHORS = {
    Anchor.answer_by: N_("the RSVP deadline"),
    Anchor.first_day: N_("the start date"),
    Anchor.last_day: N_("the end date"),
    Anchor.departure: N_("the departure: the first night that is booked"),
    Anchor.homecoming: N_("the return: the end of the last night"),
}


class ScheduledAlready(Refusal):
    status = 409
    code = "scheduled-already"
    title = N_("The same is scheduled for the same day already.")


Usual = tuple[ReminderPurpose, Anchor, int]
_USUAL: tuple[Usual, ...] = (
    (ReminderPurpose.unanswered, Anchor.answer_by, -7),
    (ReminderPurpose.unanswered, Anchor.answer_by, -2),
    (ReminderPurpose.missing, Anchor.first_day, -10),
    (ReminderPurpose.before, Anchor.first_day, -2),
    (ReminderPurpose.after, Anchor.last_day, 1),
)


def usual_for(kind: EventKind) -> tuple[Usual, ...]:
    """What is usually sent; before a study visit people pack a week ahead."""
    if kind is EventKind.study_visit:
        return (*_USUAL, (ReminderPurpose.before, Anchor.first_day, -7))
    return _USUAL


def moment_of(anchor: date | None, days: int, clock: time, zone: str) -> datetime | None:
    """So many days from the anchor at that time on the wall clock of the event's zone; none without an anchor.

    A time that the clocks skip is moved forward by the gap, one that happens twice is the first.
    """
    if anchor is None:
        return None
    wanted = datetime.combine(anchor + timedelta(days=days), clock, tzinfo=ZoneInfo(zone))
    return wanted.astimezone(ZoneInfo("UTC"))
