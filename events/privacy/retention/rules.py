"""When something is forgotten, and when that is announced. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from core.errors import N_, Refusal

# How long before it is forgotten the organisers hear of it, in months.
NOTICE = 1
# Days for which mails of no project, such as sign-in links, are kept.
MAIL_OF_NOBODY = 30


class Status(StrEnum):
    """How far something is from being forgotten."""

    kept = "kept"
    announced = "announced"
    held = "held"
    forgotten = "forgotten"


STATUSES = {
    Status.kept: N_("Kept"),
    Status.announced: N_("Will be forgotten"),
    Status.held: N_("On hold"),
    Status.forgotten: N_("Forgotten"),
}


class OnHold(Refusal):
    status = 409
    code = "on-hold"
    title = N_("What is kept of this person is on hold and cannot be erased until the hold is released.")


class HeldAlready(Refusal):
    status = 409
    code = "held-already"
    title = N_("This is on hold already.")


class NothingHeld(Refusal):
    status = 409
    code = "nothing-held"
    title = N_("This is not on hold.")


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def to_announce(due: date, announced_for: date | None, today: date) -> date | None:
    """For which day it is to be announced today, if it is: never for one that is nearer than the notice.

    What was announced for an earlier day counts no more where the event or the period became later.
    """
    if today < months_after(due, -NOTICE) or (announced_for is not None and announced_for >= due):
        return None
    return max(due, months_after(today, NOTICE))


def may_forget(due: date, announced_for: date | None, today: date) -> bool:
    """Whether it is due, and was announced for a day that has come."""
    return announced_for is not None and due <= announced_for <= today


def status_of(due: date, announced_for: date | None, *, is_done: bool, is_held: bool) -> Status:
    if is_done:
        return Status.forgotten
    if is_held:
        return Status.held
    return Status.announced if announced_for is not None and announced_for >= due else Status.kept
