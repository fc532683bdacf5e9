"""What background work needs at hand, and what the packages above hand it."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Clock
from core.db import Database
from core.observe import Metrics
from core.settings import Settings
from notifications.jobs.models import Job
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult


@dataclass(frozen=True)
class Attached:
    """A file of a mail."""

    name: str
    media_type: str
    content: bytes


class AttachmentBuilder(Protocol):
    """Makes the file for what an id stands for; None where there is nothing to make any more."""

    async def __call__(self, db: AsyncSession, id: UUID, settings: Settings, /, *, at: datetime) -> Attached | None: ...


class Channel(Protocol):
    """Hands one message over and says what was answered, in SMTP's codes: 2xx taken, 5xx never, anything else later.

    A channel never raises for the other side's faults. While it is resting it is given nothing. `at_once` is how many
    messages it takes at a time.
    """

    @property
    def is_backing_off(self) -> bool: ...

    @property
    def at_once(self) -> int: ...

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult: ...

    async def close(self) -> None: ...


@dataclass
class WorkerContext:
    """What background work needs at hand, in the web process or in a worker."""

    database: Database
    clock: Clock
    settings: Settings
    channels: dict[str, Channel]
    metrics: Metrics
    handlers: dict[str, "JobHandler"] = field(default_factory=dict)
    sweeps: list["Sweep"] = field(default_factory=list)
    attachment_builders: dict[str, AttachmentBuilder] = field(default_factory=dict)
    # One batch of a channel at a time in one process: so a crash leaves only those taken and not noted that were under
    # way at once.
    turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    # Set when the process has to end: what is under way is finished, and nothing more is begun, however much waits.
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    # The same for a while: whoever does the work hands it over.
    is_pausing: bool = False

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is to be begun now."""
        return self.is_pausing or self.stopping.is_set()

    async def close(self) -> None:
        """Hang up everywhere."""
        for channel in self.channels.values():
            await channel.close()


JobHandler = Callable[[WorkerContext, Job], Awaitable[None]]


# Looks on its own what is due, about once a minute, wherever work is done.
Sweep = Callable[[WorkerContext], Awaitable[None]]
