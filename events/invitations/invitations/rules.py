"""What an invitation may become. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.errors import N_, Refusal
from core.zones import day_in, utc_day


class InvitationStatus(StrEnum):
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
    rejected = "rejected"
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
INVITATION_STATUSES = {
    InvitationStatus.nominated: N_("Nominated"),
    InvitationStatus.invited: N_("Invited"),
    InvitationStatus.tentative: N_("Tentative"),
    InvitationStatus.pending: N_("Waits for approval"),
    InvitationStatus.accepted: N_("Accepted"),
    InvitationStatus.waiting: N_("Waiting list"),
    InvitationStatus.offered: N_("Place offered"),
    InvitationStatus.expired: N_("Offer expired"),
    InvitationStatus.declined: N_("Declined"),
    InvitationStatus.cancelled: N_("Cancelled after a yes"),
    InvitationStatus.rejected: N_("Rejected"),
    InvitationStatus.substituted: N_("Replaced"),
    InvitationStatus.withdrawn: N_("Withdrawn"),
}
ORIGINS = {
    Origin.organiser: N_("The organiser"),
    Origin.institution: N_("Nominated by the institution"),
    Origin.public_page: N_("The public page"),
    Origin.substitute: N_("Substitute"),
}
# What may follow what. A person's own steps also need the time for answers, an organiser's do not. Whether a yes makes
# somebody accepted, waiting or pending is not theirs to choose: capacity and the event's admission decide.
_YES_OR_NO = (
    InvitationStatus.accepted,
    InvitationStatus.waiting,
    InvitationStatus.pending,
    InvitationStatus.tentative,
    InvitationStatus.declined,
)
_OUT = (InvitationStatus.withdrawn,)
EDGES: Mapping[InvitationStatus, tuple[InvitationStatus, ...]] = {
    InvitationStatus.nominated: (
        InvitationStatus.invited,
        InvitationStatus.accepted,
        InvitationStatus.waiting,
        InvitationStatus.substituted,
        *_OUT,
    ),
    InvitationStatus.invited: (*_YES_OR_NO, InvitationStatus.substituted, *_OUT),
    InvitationStatus.tentative: (*_YES_OR_NO, InvitationStatus.substituted, *_OUT),
    InvitationStatus.pending: (
        InvitationStatus.accepted,
        InvitationStatus.waiting,
        InvitationStatus.rejected,
        InvitationStatus.cancelled,
        *_OUT,
    ),
    InvitationStatus.accepted: (InvitationStatus.cancelled, InvitationStatus.substituted, *_OUT),
    InvitationStatus.waiting: (
        InvitationStatus.accepted,
        InvitationStatus.offered,
        InvitationStatus.cancelled,
        InvitationStatus.substituted,
        *_OUT,
    ),
    InvitationStatus.offered: (InvitationStatus.accepted, InvitationStatus.expired, InvitationStatus.declined, *_OUT),
    InvitationStatus.expired: (*_YES_OR_NO, *_OUT),
    InvitationStatus.declined: (*_YES_OR_NO, *_OUT),
    InvitationStatus.cancelled: (*_YES_OR_NO, *_OUT),
    InvitationStatus.rejected: (InvitationStatus.accepted, InvitationStatus.waiting, *_OUT),
    # Back from there leads `substitutions.take_back` alone, which moves two invitations at once.
    InvitationStatus.substituted: (),
    InvitationStatus.withdrawn: (InvitationStatus.nominated,),
}
# Those who hear of changes; those whose reason is kept; those who have said neither yes nor no.
CONCERNED = (
    InvitationStatus.invited,
    InvitationStatus.tentative,
    InvitationStatus.pending,
    InvitationStatus.accepted,
    InvitationStatus.waiting,
    InvitationStatus.offered,
)
WITH_REASON = (
    InvitationStatus.declined,
    InvitationStatus.cancelled,
    InvitationStatus.rejected,
    InvitationStatus.withdrawn,
)
# Whom nobody but the organiser can let in again.
BY_ORGANISER = (InvitationStatus.rejected, InvitationStatus.substituted, InvitationStatus.withdrawn)
UNANSWERED = (InvitationStatus.invited, InvitationStatus.tentative)
# What a calendar is told of an answer (PARTSTAT, RFC 5545). A yes without a place is no more than a maybe there.
_PARTICIPATION = {
    InvitationStatus.accepted: "ACCEPTED",
    InvitationStatus.tentative: "TENTATIVE",
    InvitationStatus.pending: "TENTATIVE",
    InvitationStatus.waiting: "TENTATIVE",
    InvitationStatus.declined: "DECLINED",
    InvitationStatus.cancelled: "DECLINED",
    InvitationStatus.substituted: "DECLINED",
}
# Subject and first sentence of the mail about it, by what became of an invitation.
ANSWER_WORDS = {
    InvitationStatus.accepted: (
        N_("Confirmed: %(event)s"),
        N_("You have a place. Please tell us a few things that we need for the event."),
    ),
    InvitationStatus.waiting: (
        N_("Waiting list: %(event)s"),
        N_("All places are taken. You are on the waiting list and hear from us as soon as one becomes free."),
    ),
    InvitationStatus.offered: (
        N_("A place is free for you: %(event)s"),
        N_("A place has become free. We keep it for you until %(until)s; please say yes by then."),
    ),
    InvitationStatus.expired: (
        N_("The place went on: %(event)s"),
        N_("We had kept a place for you and did not hear from you in time. You can still ask for one."),
    ),
    InvitationStatus.tentative: (
        N_("Noted: you do not know yet whether you come to %(event)s"),
        N_("Thank you. No place is kept for you yet: please say yes or no as soon as you know."),
    ),
    InvitationStatus.pending: (
        N_("Received: %(event)s"),
        N_("Thank you for asking. The organiser looks at it and writes to you."),
    ),
    InvitationStatus.rejected: (
        N_("No place: %(event)s"),
        N_("Thank you for your interest. The organiser could not give you a place."),
    ),
    InvitationStatus.declined: (
        N_("Noted: you do not come to %(event)s"),
        N_("Thank you for telling us. If you change your mind, the same page lets you accept."),
    ),
    InvitationStatus.cancelled: (
        N_("Cancelled by you: %(event)s"),
        N_(
            "Your place is given back. Thank you for telling us. If you change your mind, the same page lets "
            "you ask for one."
        ),
    ),
}
# The first sentence where no answer is taken any more.
LATE_WORDS = {
    InvitationStatus.declined: N_("Thank you for telling us."),
    InvitationStatus.cancelled: N_("Your place is given back. Thank you for telling us."),
    InvitationStatus.expired: N_("We had kept a place for you and did not hear from you in time."),
}
# Somebody may still want to look at what they gave, or download a document, after the event.
LINK_OUTLIVES_EVENT = timedelta(days=60)


class AnswerTooLate(Refusal):
    status = 409
    code = "answer-too-late"
    title = N_("The RSVP deadline was %(deadline)s. Please write to the organiser.")


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
    title = N_("Nominees are fixed since %(day)s. Please write to the organiser.")


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


class NobodyReachable(Refusal):
    status = 409
    code = "nobody-reachable"
    title = N_("Those who are to be invited have no e-mail address. Enter it, or hand over a personal link.")


def participation(status: InvitationStatus) -> str:
    """The answer in the words of calendars; whoever did not answer is still to do so."""
    return _PARTICIPATION.get(status, "NEEDS-ACTION")


def wants_answer(status: InvitationStatus, until: date, zone: str, *, at: datetime) -> bool:
    """Whether a yes or no is still to come, and would be taken: of an offered place until its own hour."""
    return status is InvitationStatus.offered or (status in UNANSWERED and takes_answers(until, zone, at=at))


def entry_sequence(event_sequence: int, round: int) -> int:
    """The SEQUENCE of a person's calendar entry. It rises with whatever the last one must give way to: the event's own
    when it moves, and each time the person is named anew, with room between for what takes the entry back."""
    return event_sequence + 2 * round


def must_become(status: InvitationStatus, wanted: InvitationStatus) -> None:
    """Raises NotThatAnswer, with the present state and what is possible, for an edge that is not drawn."""
    if wanted not in EDGES[status]:
        possible = ", ".join(EDGES[status]) or "–"
        raise NotThatAnswer(state=str(status), possible=possible)


def takes_answers(until: date, zone: str, *, at: datetime) -> bool:
    """The whole of the last day counts, seen where the event is."""
    return day_in(zone, at=at) <= until


def must_still_open(revoked_at: datetime | None, last_day: date, *, at: datetime) -> None:
    """Raises LinkIsOver. By the day in UTC: among sixty days the hours to the event's zone do not matter."""
    if revoked_at is not None or utc_day(at) > last_day + LINK_OUTLIVES_EVENT:
        raise LinkIsOver()
