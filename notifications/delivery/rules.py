"""What became of a try to hand a message over, and how long who does not answer is left alone. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass
class Backoff:
    """Whether somebody who did not answer is left alone for now."""

    faults: int = 0
    until: datetime | None = None

    def is_on(self, at: datetime) -> bool:
        # A clock that was set back must not make it longer than it would have been.
        return self.until is not None and at < self.until <= at + LONGEST_BACKOFF

    def begin(self, *, at: datetime) -> None:
        """One more fault in a row."""
        self.faults += 1
        self.until = at + backoff_after(self.faults)

    def end(self) -> None:
        self.faults, self.until = 0, None


def backoff_after(faults: int) -> timedelta:
    """How long a relay or an address is left alone after so many faults in a row: doubling from half a minute to
    five."""
    backoff: timedelta = min(FIRST_BACKOFF * 2 ** min(faults - 1, 10), LONGEST_BACKOFF)
    return backoff
