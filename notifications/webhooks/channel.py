"""Calls other programs over HTTP, signed, and never inside our own network unless the operator wants it."""

import asyncio
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
from standardwebhooks import Webhook as Signer

from core.clock import Clock
from core.db import Database
from core.settings import Settings
from notifications.delivery.rules import Backoff
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult
from notifications.webhooks.models import Webhook
from notifications.webhooks.rules import is_public, is_web_address

TIMEOUT = 10.0
GONE = 410


class NotCallable(Exception):
    """An address that we do not call."""


class Webhooks:
    """The channel of the channel. An address that does not answer is left alone for a while; others are called
    meanwhile."""

    is_backing_off = False
    at_once = 1

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.database, self.settings, self.clock = database, settings, clock
        self._client: httpx2.AsyncClient | None = None
        self._backoffs: dict[UUID, Backoff] = {}

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """2xx is taken, 410 means never again, everything else is tried again later."""
        webhook = await self._webhook(message)
        if webhook is None:
            return DeliveryResult(550, "this webhook was removed")
        backoff = self._backoffs.setdefault(webhook.id, Backoff())
        if webhook.paused_at or backoff.is_on(at=self.clock()):
            return DeliveryResult(0, "waits", is_untried=True)
        try:
            answer = await self._call(webhook.url, message, webhook.signing_secret)
        except Exception as error:
            # An address can be wrong in more ways than the client has names for; each is that webhook's own.
            backoff.begin(at=self.clock())
            return DeliveryResult(0, f"{type(error).__name__}: {error}"[:300])
        backoff.end()
        return answer

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _webhook(self, message: Message) -> Webhook | None:
        async with self.database.autocommit_read() as db:
            webhook = await db.get(Webhook, message.about_id)
        return None if webhook is None or webhook.removed_at else webhook

    async def _call(self, url: str, message: Message, secret: str) -> DeliveryResult:
        """Raises HTTPError, OSError, NotCallable or what the client says of a wrong address where nobody could be
        called."""
        if not is_web_address(url, private=self.settings.webhooks_inside):
            raise NotCallable("this address may not be called")
        parts = urlsplit(url)
        host = parts.hostname or ""
        now = self.clock()
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "User-Agent": "Heyet",
            "webhook-id": str(message.id),
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(secret).sign(str(message.id), now, message.plain),
        }
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        # Called by the address that was looked at, not by name: a second look-up could lead elsewhere.
        target = httpx2.URL(url).copy_with(host=await self._address_of(host))
        # Only the first line counts: what else they say is not read.
        called = self._client.stream(
            "POST", target, content=message.plain.encode(), headers=headers, extensions={"sni_hostname": host}
        )
        async with asyncio.timeout(2 * TIMEOUT), called as answer:
            words = f"HTTP {answer.status_code}"
            if answer.is_success:
                return DeliveryResult(250, words)
            return DeliveryResult(550 if answer.status_code == GONE else 451, words)

    async def _address_of(self, host: str) -> str:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        allowed = [a for a in addresses if self.settings.webhooks_inside or is_public(a)]
        if not allowed:
            raise NotCallable("this address lies inside our own network")
        return min(allowed, key=lambda address: ":" in address)
