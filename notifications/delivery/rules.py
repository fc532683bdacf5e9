"""What became of a try to hand a message over, and how long who does not answer is left alone. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from notifications.suppression.rules import Cause, cause_of, wording_of

FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass
class Backoff:
    """Whether somebody who did not answer is left alone for now."""

    faults: int = 0
    until: datetime | None = None

    def is_on(self, *, at: datetime) -> bool:
        # A clock that was set back must not make it longer than it would have been.
        return self.until is not None and at < self.until <= at + LONGEST_BACKOFF

    def begin(self, *, at: datetime) -> None:
        """One more fault in a row."""
        self.faults += 1
        self.until = at + backoff_after(self.faults)

    def end(self) -> None:
        """Something was taken: the next fault is the first again."""
        self.faults, self.until = 0, None


def backoff_after(faults: int) -> timedelta:
    """How long a relay or an address is left alone after so many faults in a row: doubling from half a minute to
    five."""
    backoff: timedelta = min(FIRST_BACKOFF * 2 ** min(faults - 1, 10), LONGEST_BACKOFF)
    return backoff


# So many refusals of us, in a row and in one wording, are no fault of messages. Of addresses it takes more, and several
# domains: a list of people who have left one institution is refused in one wording too.
REFUSALS_OF_US = 5
REFUSALS_OF_ANYBODY = 10
DOMAINS = 3
MOST_TAKEN_BACK = 100


@dataclass
class RefusalRun:
    """The refusals for good that one relay gave in a row in one wording. `messages` are those that failed by them."""

    wording: str = ""
    count: int = 0
    domains: set[str] = field(default_factory=set)
    messages: list[UUID] = field(default_factory=list)

    def goes_on(self, words: str, domain: str, message_id: UUID) -> bool:
        """Note one more refusal: whether by now nobody but us can be meant."""
        wording = wording_of(words)
        if wording != self.wording:
            self.end()
            self.wording = wording
        self.count += 1
        self.domains.add(domain)
        if cause_of("", words) is Cause.sender:
            is_about_us = self.count >= REFUSALS_OF_US
        else:
            is_about_us = self.count >= REFUSALS_OF_ANYBODY and len(self.domains) >= DOMAINS
        # The one that decides it waits as untried; those before it failed by it and are to be taken back.
        if not is_about_us:
            self.messages = [*self.messages, message_id][-MOST_TAKEN_BACK:]
        return is_about_us

    def taken_back(self) -> tuple[UUID, ...]:
        """The messages that have no fault in it, once."""
        messages, self.messages = tuple(self.messages), []
        return messages

    def end(self) -> None:
        self.wording, self.count, self.domains, self.messages = "", 0, set(), []
