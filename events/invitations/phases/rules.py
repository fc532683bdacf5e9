"""What each moment of an event allows to a participant, and what happens by itself then: one table. Pure.

The code asks it, `docs/registration.md` shows it and the tests try each of its cells. Staff are not bound by it: they
note what they were told whenever that was.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from core.errors import N_, Refusal
from core.zones import day_in
from events.invitations.invitations.rules import (
    EDGES,
    AnswerTooEarly,
    AnswerTooLate,
    InvitationStatus,
    NamesAreFrozen,
    NotAsked,
    NotThatAnswer,
)


class Phase(StrEnum):
    """A stretch of an event's life, by the calendar where the event is. Several hold at a time: on the second day of an
    event whose deadline and freeze are past, so are the deadline and the freeze."""

    before_opening = "before-opening"
    open = "open"
    after_deadline = "after-deadline"
    after_freeze = "after-freeze"
    during = "during"
    over = "over"


class Act(StrEnum):
    """What a participant does, and at the end what is done by itself."""

    accept = "accept"
    tentative = "tentative"
    decline = "decline"
    take_offer = "take-offer"
    leave = "leave"
    add_guests = "add-guests"
    drop_guests = "drop-guests"
    send_instead = "send-instead"
    hand_over = "hand-over"
    take_back = "take-back"
    tell = "tell"
    correct_name = "correct-name"
    choose_session = "choose-session"
    leave_session = "leave-session"
    say_consent = "say-consent"
    promote = "promote"
    expire_offer = "expire-offer"


class Dated(Protocol):
    """The days of an event that count: `answers_until` is the deadline, or its last day where there is none."""

    opens_on: date | None
    names_freeze_on: date | None
    first_day: date
    last_day: date
    zone: str

    @property
    def answers_until(self) -> date: ...


class EventHasBegun(Refusal):
    status = 409
    code = "event-begun"
    title = N_("The event began on %(day)s. Please write to the organiser.")


class EventIsOver(Refusal):
    status = 409
    code = "event-over"
    title = N_("The event ended on %(day)s.")


def _row(cells: str) -> frozenset[Phase]:
    return frozenset(phase for phase, cell in zip(Phase, cells.split(), strict=True) if cell == "x")


# One column for each phase, in its order: before opening, open, after the deadline, after the freeze, during, over.
# An act is permitted where every phase that holds permits it.
PERMITTED: Mapping[Act, frozenset[Phase]] = {
    Act.accept: _row("         . x . x x ."),
    Act.tentative: _row("      . x . x x ."),
    # A no takes nothing from anybody.
    Act.decline: _row("        . x x x x ."),
    Act.take_offer: _row("     x x x x x ."),
    Act.leave: _row("          x x x x x ."),
    Act.add_guests: _row("     . x . x x ."),
    Act.drop_guests: _row("    x x x x x ."),
    Act.send_instead: _row("   . x . . . ."),
    Act.hand_over: _row("      x x x . . ."),
    Act.take_back: _row("      x x x . . ."),
    # For certificates and accounts also when all is over.
    Act.tell: _row("           x x x x x x"),
    Act.correct_name: _row("   x x x . x x"),
    Act.choose_session: _row(" x x x x x ."),
    Act.leave_session: _row("  x x x x x ."),
    Act.say_consent: _row("    x x x x x x"),
    # After the deadline only where the event says so, afterwards by an organiser's hand alone.
    Act.promote: _row("        x x . x . ."),
    Act.expire_offer: _row("   x x x x x x"),
}
_ANY = tuple(InvitationStatus)
_UNDECIDED = (InvitationStatus.invited, InvitationStatus.tentative)
_HAS_BEEN = (InvitationStatus.expired, InvitationStatus.declined, InvitationStatus.cancelled)
_HOLDS_OR_WAITS = (InvitationStatus.accepted, InvitationStatus.waiting, InvitationStatus.pending)
_REGISTERED = (*_HOLDS_OR_WAITS, InvitationStatus.offered)
# Of whom: how an invitation stands for which the act means something.
OF_WHOM: Mapping[Act, tuple[InvitationStatus, ...]] = {
    Act.accept: (InvitationStatus.nominated, *_UNDECIDED, *_HAS_BEEN),
    Act.tentative: (InvitationStatus.invited, *_HAS_BEEN),
    Act.decline: (*_UNDECIDED, InvitationStatus.expired),
    Act.take_offer: (InvitationStatus.offered,),
    Act.leave: _REGISTERED,
    Act.add_guests: _HOLDS_OR_WAITS,
    Act.drop_guests: _HOLDS_OR_WAITS,
    Act.send_instead: (InvitationStatus.nominated, *_UNDECIDED),
    Act.hand_over: (InvitationStatus.accepted, InvitationStatus.waiting),
    Act.take_back: (InvitationStatus.substituted,),
    Act.tell: _REGISTERED,
    Act.correct_name: _ANY,
    Act.choose_session: (InvitationStatus.accepted,),
    Act.leave_session: _REGISTERED,
    Act.say_consent: _ANY,
    Act.promote: (InvitationStatus.waiting,),
    Act.expire_offer: (InvitationStatus.offered,),
}
BY_ITSELF = (Act.promote, Act.expire_offer)


def phases_of(event: Dated, *, at: datetime) -> frozenset[Phase]:
    """The phases that hold: each day belongs to its phase as a whole, the last one for answers and the freeze too."""
    today = day_in(event.zone, at=at)
    opens_later = event.opens_on is not None and today < event.opens_on
    is_late = today > event.answers_until
    holds = {
        Phase.before_opening: opens_later,
        Phase.open: not opens_later and not is_late,
        Phase.after_deadline: is_late,
        Phase.after_freeze: event.names_freeze_on is not None and today > event.names_freeze_on,
        Phase.during: event.first_day <= today <= event.last_day,
        Phase.over: today > event.last_day,
    }
    return frozenset(phase for phase, is_so in holds.items() if is_so)


def permits(act: Act, event: Dated, *, at: datetime) -> bool:
    """Whether it is the time for it."""
    return phases_of(event, at=at) <= PERMITTED[act]


def may_promote(event: Dated, is_late_too: bool, *, at: datetime) -> bool:
    """Whether free places go to those who wait by themselves; `is_late_too` where the organiser wants that after the
    deadline as well, until the event begins."""
    forbidding = phases_of(event, at=at) - PERMITTED[Act.promote]
    return not forbidding or (is_late_too and forbidding == {Phase.after_deadline})


def permitted_acts(status: InvitationStatus, event: Dated, *, at: datetime) -> frozenset[Act]:
    """What somebody who stands like this may do now."""
    phases = phases_of(event, at=at)
    theirs = [act for act, of_whom in OF_WHOM.items() if status in of_whom and act not in BY_ITSELF]
    return frozenset(act for act in theirs if phases <= PERMITTED[act])


def act_of_yes(status: InvitationStatus) -> Act:
    return Act.take_offer if status in OF_WHOM[Act.take_offer] else Act.accept


def act_of_no(status: InvitationStatus) -> Act:
    """To who has a place or waits for one a no means that they leave."""
    return Act.leave if status in OF_WHOM[Act.leave] else Act.decline


def act_of_substitute(status: InvitationStatus) -> Act:
    """Who has a place hands it over; who did not answer yet answers by naming somebody else."""
    return Act.hand_over if status in OF_WHOM[Act.hand_over] else Act.send_instead


def must_permit(act: Act, status: InvitationStatus, event: Dated, *, at: datetime) -> None:
    """Raises NotAsked, AnswerTooEarly, AnswerTooLate, NamesAreFrozen, EventHasBegun or EventIsOver where it is not the
    time for it, and NotThatAnswer for somebody of whom it is not wanted."""
    if status is InvitationStatus.withdrawn and act is not Act.say_consent:
        raise NotAsked()
    must_be_time_for(act, event, at=at)
    if status not in OF_WHOM[act]:
        raise NotThatAnswer(state=str(status), possible=", ".join(EDGES[status]) or "–")


def must_be_time_for(act: Act, event: Dated, *, at: datetime) -> None:
    """Says by which day it is not, the last first."""
    for phase in reversed(list(Phase)):
        if phase in phases_of(event, at=at) - PERMITTED[act]:
            raise _refusal(phase, event)


def _refusal(phase: Phase, event: Dated) -> Refusal:
    match phase:
        case Phase.over:
            return EventIsOver(day=event.last_day)
        case Phase.during:
            return EventHasBegun(day=event.first_day)
        case Phase.after_freeze:
            return NamesAreFrozen(day=event.names_freeze_on)
        case Phase.after_deadline:
            return AnswerTooLate(deadline=event.answers_until)
        case _:
            return AnswerTooEarly(day=event.opens_on)
