"""What an invitation may become. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.errors import N_, Refusal
from core.zones import local


class Answer(StrEnum):
    """Where an invitation stands."""

    nominated = "nominated"
    invited = "invited"
    tentative = "tentative"
    pending = "pending"
    accepted = "accepted"
    waiting = "waiting"
    offered = "offered"
    expired = "expired"
    declined = "declined"
    cancelled = "cancelled"
    refused = "refused"
    substituted = "substituted"
    withdrawn = "withdrawn"


class Origin(StrEnum):
    """How somebody came onto the list."""

    organiser = "organiser"
    institution = "institution"
    public_page = "public-page"
    substitute = "substitute"


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
    Answer.tentative: N_("Tentative"),
    Answer.pending: N_("Waits for approval"),
    Answer.accepted: N_("Accepted"),
    Answer.waiting: N_("Waiting list"),
    Answer.offered: N_("Place offered"),
    Answer.expired: N_("Offer expired"),
    Answer.declined: N_("Declined"),
    Answer.cancelled: N_("Cancelled after a yes"),
    Answer.refused: N_("Refused"),
    Answer.substituted: N_("Somebody else comes"),
    Answer.withdrawn: N_("Withdrawn"),
}
ORIGINS = {
    Origin.organiser: N_("The organiser"),
    Origin.institution: N_("Named by the institution"),
    Origin.public_page: N_("The public page"),
    Origin.substitute: N_("Instead of somebody"),
}
# What may follow what. A person's own steps also need the time for answers, an organiser's do not.
_YES_OR_NO = (Answer.accepted, Answer.waiting, Answer.pending, Answer.tentative, Answer.declined)
_OUT = (Answer.withdrawn,)
EDGES: Mapping[Answer, tuple[Answer, ...]] = {
    Answer.nominated: (Answer.invited, Answer.accepted, Answer.waiting, Answer.substituted, *_OUT),
    Answer.invited: (*_YES_OR_NO, Answer.substituted, *_OUT),
    Answer.tentative: (*_YES_OR_NO, Answer.substituted, *_OUT),
    Answer.pending: (Answer.accepted, Answer.waiting, Answer.refused, Answer.cancelled, *_OUT),
    Answer.accepted: (Answer.cancelled, Answer.substituted, *_OUT),
    Answer.waiting: (Answer.accepted, Answer.offered, Answer.cancelled, Answer.substituted, *_OUT),
    Answer.offered: (Answer.accepted, Answer.expired, Answer.declined, *_OUT),
    Answer.expired: (*_YES_OR_NO, *_OUT),
    Answer.declined: (*_YES_OR_NO, *_OUT),
    Answer.cancelled: (*_YES_OR_NO, *_OUT),
    Answer.refused: (Answer.accepted, Answer.waiting, *_OUT),
    Answer.substituted: (),
    Answer.withdrawn: (Answer.nominated,),
}
# Those who hear of changes; those who said yes in some way; those whose no a person may still take back.
CONCERNED = (
    Answer.invited,
    Answer.tentative,
    Answer.pending,
    Answer.accepted,
    Answer.waiting,
    Answer.offered,
)
WITH_REASON = (Answer.declined, Answer.cancelled, Answer.refused, Answer.withdrawn)
UNANSWERED = (Answer.invited, Answer.tentative)
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


class NotThatAnswer(Refusal):
    """The state machine has no such edge; the message says what is possible."""

    status = 409
    code = "not-that-answer"
    title = N_("This invitation is “%(state)s”. From there it can become: %(possible)s.")


class NamesAreFrozen(Refusal):
    status = 409
    code = "names-frozen"
    title = N_("Names are fixed since %(day)s. Please write to the organiser.")


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


def must_become(standing: Answer, wanted: Answer) -> None:
    """Raises NotThatAnswer, with the present state and what is possible, for an edge that is not drawn."""
    if wanted not in EDGES[standing]:
        possible = ", ".join(EDGES[standing]) or "–"
        raise NotThatAnswer(state=str(standing), possible=possible)


def must_still_change(freeze_on: date | None, zone: str, at: datetime) -> None:
    """Another person may be named until the end of that day, seen where the event is."""
    if freeze_on and is_frozen(freeze_on, zone, at):
        raise NamesAreFrozen(day=freeze_on.isoformat())


def is_frozen(freeze_on: date | None, zone: str, at: datetime) -> bool:
    return freeze_on is not None and local(at, zone).date() > freeze_on


def must_be_answerable(standing: Answer, opens_on: date | None, until: date, zone: str, at: datetime) -> None:
    """Asked, not too early and not too late, by the calendar where the event is."""
    if standing is Answer.withdrawn:
        raise NotAsked()
    must_be_in_time(opens_on, until, zone, at)


def must_be_in_time(opens_on: date | None, until: date, zone: str, at: datetime) -> None:
    """Not before answers are taken and not after, by the calendar where the event is."""
    if opens_on and local(at, zone).date() < opens_on:
        raise AnswerTooEarly(day=opens_on.isoformat())
    if not takes_answers(until, zone, at):
        raise AnswerTooLate(deadline=until.isoformat())


def takes_answers(until: date, zone: str, at: datetime) -> bool:
    """The whole of the last day counts, seen where the event is."""
    return local(at, zone).date() <= until


def must_still_open(revoked_at: datetime | None, last_day: date, at: datetime) -> None:
    if revoked_at is not None or at.date() > last_day + LINK_OUTLIVES_EVENT:
        raise LinkIsOver()
