"""How messages leave, by channel: mail over SMTP or into the local mailbox, and whatever else is added."""

from collections.abc import Sequence
from datetime import timedelta

from core.clock import Clock
from core.settings import Settings
from notifications.delivery.relays import Relay, Relays
from notifications.jobs.context import Attached, Courier
from notifications.outbox.models import Message
from notifications.outbox.rules import Answer


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
