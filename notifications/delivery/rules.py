"""What became of a try to hand a message over, and how long who does not answer is left alone. Pure."""

from dataclasses import dataclass
from datetime import timedelta

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True)
class Answer:
    """What was answered: an SMTP code (0: none came) and words.

    `is_untried` means that nobody was there to take the message: it has no fault in that and loses no try.
    """

    code: int
    words: str
    is_untried: bool = False


def rest_after(faults: int) -> timedelta:
    """How long a relay or an address is left alone after so many faults in a row: doubling from half a minute to five."""
    rest: timedelta = min(FIRST_REST * 2 ** min(faults - 1, 10), LONGEST_REST)
    return rest
