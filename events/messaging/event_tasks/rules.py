"""The kinds of tasks of events: what each says, what its button says, where that leads, and by which day. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import N_, NN_
from events.programme.events.models import Event

# An event that begins within these days and is not published, or whose list is not invited, is in danger.
NEAR = timedelta(days=30)
# One that begins within these with fewer than half of its places taken, too.
SOON = timedelta(days=14)
# How long after an event its attendance is asked for.
LOOKED_BACK = timedelta(days=180)


class EventTask(StrEnum):
    """Kinds, in the order in which they stand where no day decides."""

    check_in = "check-in"
    mails_failed = "mails-failed"
    inbox = "mails-to-read"
    mails_to_send = "mails-to-send"
    nominees = "nominees"
    substitutes = "substitutes"
    unanswered = "answers-late"
    not_invited = "not-invited"
    draft = "event-draft"
    few_places = "few-places-taken"
    attendance = "attendance-missing"
    over = "event-over"


@dataclass(frozen=True)
class Wording:
    """`due` is the day by which it should be done, of an event and today; `path` follows the event's address, or stands
    alone where it begins with a slash."""

    sentence: tuple[str, str]
    step: str
    path: str
    due: Callable[[Event, date], date | None]


def _none(event: Event, today: date) -> date | None:
    return None


def _first(event: Event, today: date) -> date | None:
    return event.first_day


def _last(event: Event, today: date) -> date | None:
    return event.last_day


def _answers(event: Event, today: date) -> date | None:
    return event.answer_by or event.first_day


def _today(event: Event, today: date) -> date | None:
    return today


WORDINGS = {
    EventTask.check_in: Wording(
        NN_("Check-in is today.", "Check-in is today."), N_("Open the check-in"), "check-in", _today
    ),
    EventTask.mails_failed: Wording(
        NN_("One mail could not be delivered.", "%(num)s mails could not be delivered."),
        N_("See the mails"),
        "/mail?state=failed",
        _none,
    ),
    EventTask.inbox: Wording(
        NN_("One mail came in that somebody has to read.", "%(num)s mails came in that somebody has to read."),
        N_("Open the inbox"),
        "/inbox",
        _none,
    ),
    EventTask.mails_to_send: Wording(
        NN_("One mail is written and not sent.", "%(num)s mails are written and not sent."),
        N_("Look and send"),
        "/mail/waiting",
        _none,
    ),
    EventTask.nominees: Wording(
        NN_("One nominee waits for a decision.", "%(num)s nominees wait for a decision."),
        N_("Decide"),
        "nominees?rank=named",
        _answers,
    ),
    EventTask.substitutes: Wording(
        NN_("One substitute waits for approval.", "%(num)s substitutes wait for approval."),
        N_("Decide"),
        "nominees#substitutes",
        _first,
    ),
    EventTask.unanswered: Wording(
        NN_(
            "One person has not answered by the RSVP deadline.",
            "%(num)s people have not answered by the RSVP deadline.",
        ),
        N_("See who"),
        "people?status=invited",
        _answers,
    ),
    EventTask.not_invited: Wording(
        NN_("One person is on the list and not invited.", "%(num)s people are on the list and not invited."),
        N_("Write the invitations"),
        "people?status=nominated",
        _first,
    ),
    EventTask.draft: Wording(
        NN_("The event is near and still a draft.", "The event is near and still a draft."),
        N_("Open the event"),
        "",
        _first,
    ),
    EventTask.few_places: Wording(
        NN_(
            "The event is near and only one person has a place.",
            "The event is near and only %(num)s people have a place.",
        ),
        N_("See the participants"),
        "people",
        _first,
    ),
    EventTask.attendance: Wording(
        NN_(
            "It is over, and no attendance is recorded for one person.",
            "It is over, and no attendance is recorded for %(num)s people.",
        ),
        N_("Record attendance"),
        "attendance",
        _last,
    ),
    EventTask.over: Wording(
        NN_("It is over and not marked as completed.", "It is over and not marked as completed."),
        N_("Open the event"),
        "overview",
        _last,
    ),
}
