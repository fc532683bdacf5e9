"""Whose fault it is that a message does not leave: its own, its address', the domain's, or the relay's. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.errors import N_
from notifications.delivery.rules import Backoff

# Said beside the person, so in words of the catalogues.
NEEDS_SMTPUTF8 = N_(
    "The mail server takes no addresses with letters like ş or ü before the @. Please ask this person for another "
    "address."
)
UNWRITABLE = N_("No mail can be sent to this address: it cannot be written for mail servers.")
# Messages to one domain, and domains, amid which the line must go dead in a row before more than a message is to blame.
OF_DOMAIN, OF_RELAY = 2, 3


def is_sign_in(code: int) -> bool:
    """Whether an answer is about who we are to the relay: no message and no address can help it.

    Source: RFC 4954, 6; RFC 3207, 4.
    """
    return code in (454, 530, 534, 535, 538)


@dataclass
class Faults:
    """Where the line went dead amid messages since one was last taken.

    A message that makes a relay fall over waits alone; two to one domain in a row make that domain rest.
    """

    by_domain: dict[str, set[UUID]] = field(default_factory=dict)
    in_a_row: set[str] = field(default_factory=set)
    rests: dict[str, tuple[Backoff, str]] = field(default_factory=dict)

    def note(self, domain: str, message_id: UUID, words: str, *, at: datetime) -> bool:
        """One more: whether by now it can only be the relay."""
        here = self.by_domain.setdefault(domain, set())
        here.add(message_id)
        self.in_a_row.add(domain)
        if len(here) >= OF_DOMAIN:
            backoff, _ = self.rests.get(domain, (Backoff(), ""))
            backoff.begin(at=at)
            self.rests[domain] = backoff, words
        return len(self.in_a_row) >= OF_RELAY

    def resting(self, domain: str, *, at: datetime) -> str:
        """Why a domain is left alone for now; nothing where it is not."""
        backoff, words = self.rests.get(domain, (Backoff(), ""))
        return words if backoff.is_on(at=at) else ""

    def end(self, domain: str) -> None:
        """A message to that domain was taken."""
        self.in_a_row.clear()
        self.by_domain.pop(domain, None)
        self.rests.pop(domain, None)
