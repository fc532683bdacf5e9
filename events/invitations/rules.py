"""What an invitation may become. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal


class Answer(StrEnum):
    """Where an invitation stands."""

    nominated = "nominated"
    invited = "invited"
    accepted = "accepted"
    waiting = "waiting"
    declined = "declined"
    withdrawn = "withdrawn"


class Category(StrEnum):
    """As what somebody takes part."""

    participant = "participant"
    speaker = "speaker"
    interpreter = "interpreter"
    host = "host"
    observer = "observer"
    staff = "staff"


CATEGORIES = {
    Category.participant: N_("Participant"),
    Category.speaker: N_("Speaker"),
    Category.interpreter: N_("Interpreter"),
    Category.host: N_("Host"),
    Category.observer: N_("Observer"),
    Category.staff: N_("Staff"),
}
ANSWERS = {
    Answer.nominated: N_("Nominated"),
    Answer.invited: N_("Invited"),
    Answer.accepted: N_("Accepted"),
    Answer.waiting: N_("Waiting list"),
    Answer.declined: N_("Declined"),
    Answer.withdrawn: N_("Withdrawn"),
}
CONCERNED = (Answer.invited, Answer.accepted, Answer.waiting)
# Somebody may still want to look at what they gave, or download a paper, after the event.
LINK_OUTLIVES_EVENT = timedelta(days=60)


class AnswerTooLate(Refusal):
    status = 409
    code = "answer-too-late"
    title = N_("The deadline for answers was %(deadline)s. Please write to the organiser.")


class AnswerTooEarly(Refusal):
    status = 409
    code = "answer-too-early"
    title = N_("Answers are taken from %(day)s on.")


class NotAsked(Refusal):
    status = 409
    code = "not-asked"
    title = N_("This invitation has been withdrawn.")


class LinkIsOver(Refusal):
    status = 410
    code = "link-over"
    title = N_("This personal link no longer works. The organiser can send you a new one.")


class NobodyToInvite(Refusal):
    status = 409
    code = "nobody-to-invite"
    title = N_("Nobody is waiting to be invited. Import or add people first.")


def must_be_answerable(standing: Answer, opens_on: date | None, until: date, zone: str, at: datetime) -> None:
    """Asked, not too early and not too late, by the calendar where the event is."""
    if standing is Answer.withdrawn:
        raise NotAsked()
    if opens_on and at.astimezone(ZoneInfo(zone)).date() < opens_on:
        raise AnswerTooEarly(day=opens_on.isoformat())
    if not takes_answers(until, zone, at):
        raise AnswerTooLate(deadline=until.isoformat())


def takes_answers(until: date, zone: str, at: datetime) -> bool:
    """The whole of the last day counts, seen where the event is."""
    return at.astimezone(ZoneInfo(zone)).date() <= until


def must_still_open(revoked_at: datetime | None, last_day: date, at: datetime) -> None:
    if revoked_at is not None or at.date() > last_day + LINK_OUTLIVES_EVENT:
        raise LinkIsOver()
