"""How messages leave, by channel: mail over SMTP or into the local mailbox, and whatever else is added."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from core.clock import Clock
from core.settings import Settings
from notifications.delivery.attachments import Attached
from notifications.delivery.relays import Relay, Relays
from notifications.delivery.rules import Answer
from notifications.outbox.models import Message


class Courier(Protocol):
    """Hands one message over and says what was answered, in SMTP's codes: 2xx taken, 5xx never, anything else later.

    A courier never raises for the other side's faults. While it is resting it is given nothing. `longest` is how long
    one message may take it.
    """

    @property
    def is_resting(self) -> bool: ...

    @property
    def longest(self) -> timedelta: ...

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> Answer: ...

    async def close(self) -> None: ...


class LocalMailbox:
    """Keeps mail on the mail page: what Heyet does before it is given a relay."""

    is_resting = False
    longest = timedelta(seconds=30)

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> Answer:
        return Answer(250, "kept in the local mailbox")

    async def close(self) -> None:
        """Nothing is open."""


def mail_courier(settings: Settings, clock: Clock) -> Courier:
    """What mail leaves by in this installation."""
    if not settings.relays:
        return LocalMailbox()
    return Relays([Relay(relay, settings, clock) for relay in settings.relays], settings)
