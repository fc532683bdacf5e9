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


# So many refusals of us in one wording, while nothing is taken, are no fault of messages. Of addresses it takes more,
# and several domains: a list of people who have left one institution is refused in one wording too.
REFUSALS_OF_US = 5
REFUSALS_OF_ANYBODY = 10
DOMAINS = 3
MOST_TAKEN_BACK = 100
# A relay that words each answer differently is remembered no further than this.
MOST_WORDINGS = 20


@dataclass
class _Run:
    """The refusals in one wording. `messages` are those that failed by them."""

    count: int = 0
    domains: set[str] = field(default_factory=set)
    messages: list[UUID] = field(default_factory=list)


@dataclass
class Refusals:
    """The refusals for good that one relay gave since it last took a message, by their wording.

    Messages go side by side: what another address is refused for ends no run.
    """

    runs: dict[str, _Run] = field(default_factory=dict)

    def may_be_about_us(self, words: str) -> bool:
        """Whether one more refusal in these words may decide that we are meant. What is under way beside it and taken
        says that we are not: it is to be heard first."""
        run = self.runs.get(wording_of(words), _Run())
        return run.count + 1 >= (REFUSALS_OF_US if cause_of("", words) is Cause.sender else REFUSALS_OF_ANYBODY)

    def is_about_us(self, words: str, domain: str, message_id: UUID) -> bool:
        """Note one more refusal: whether by now nobody but us can be meant."""
        run = self.runs.setdefault(wording_of(words), _Run())
        while len(self.runs) > MOST_WORDINGS:
            del self.runs[next(iter(self.runs))]
        run.count += 1
        run.domains.add(domain)
        if cause_of("", words) is Cause.sender:
            is_about_us = run.count >= REFUSALS_OF_US
        else:
            is_about_us = run.count >= REFUSALS_OF_ANYBODY and len(run.domains) >= DOMAINS
        # The one that decides it waits as untried; those before it failed by it and are to be taken back.
        if not is_about_us:
            run.messages = [*run.messages, message_id][-MOST_TAKEN_BACK:]
        return is_about_us

    def taken_back(self, words: str) -> tuple[UUID, ...]:
        """The messages refused in these words that have no fault in it, once."""
        run = self.runs[wording_of(words)]
        messages, run.messages = tuple(run.messages), []
        return messages

    def end(self) -> None:
        """A message was taken."""
        self.runs.clear()
