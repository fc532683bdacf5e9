"""A message's states, and what a relay's answer means for it. Pure."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core.errors import N_, Refusal


class State(StrEnum):
    """Where a message is on its way."""

    draft = "draft"
    queued = "queued"
    sending = "sending"
    sent = "sent"
    failed = "failed"
    cancelled = "cancelled"
    expired = "expired"
    suppressed = "suppressed"


STATE_NAMES = {
    State.draft: N_("Draft"),
    State.queued: N_("Queued"),
    State.sending: N_("Being sent"),
    State.sent: N_("Sent"),
    State.failed: N_("Failed"),
    State.cancelled: N_("Cancelled"),
    State.expired: N_("Expired"),
    State.suppressed: N_("Suppressed"),
}
# A sender that dies is replaced after it.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)


class NothingToRelease(Refusal):
    status = 409
    code = "nothing-to-release"
    title = N_("No message is waiting to be sent here.")


def state_after(code: int) -> State:
    """What an SMTP answer makes of a message: 2xx taken, 5xx refused for good, all else (0: none came) again later.

    Source: RFC 5321, 4.2.1.
    """
    if 200 <= code < 300:
        return State.sent
    return State.failed if 500 <= code < 600 else State.queued


def pause_before(attempt: int, spread: random.Random) -> timedelta:
    """How long to wait before the next attempt: doubling from one minute to six hours, with jitter of a
    quarter, so that a thousand messages refused at once do not come back at once."""
    plain: timedelta = min(FIRST_PAUSE * 2 ** min(attempt - 1, 12), LONGEST_PAUSE)
    return plain * spread.uniform(0.75, 1.25)


def is_too_late(written_at: datetime, expires_at: datetime | None, *, at: datetime) -> bool:
    """Whether a message has no use any more, or has been tried for three days."""
    return at >= (expires_at or written_at + GIVE_UP_AFTER)


def is_budget_spent(failed: int, sent: int) -> bool:
    """Whether so many of a bulk mailing come back that it must not go on: ten, and more than one in five."""
    return failed >= 10 and failed * 5 > failed + sent


@dataclass(frozen=True)
class DeliveryResult:
    """What was answered: an SMTP code (0: none came) and words.

    `is_untried` means that nobody was there to take the message: it has no fault in that and loses no try.
    `taken_back` are messages that failed before for what turned out to be no fault of theirs.
    """

    code: int
    words: str
    is_untried: bool = False
    taken_back: tuple[UUID, ...] = ()
