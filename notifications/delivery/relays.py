"""Mail over SMTP: one connection to each relay, and another relay where one does not answer."""

import ssl
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from core.clock import Clock
from core.settings import RelaySettings, Settings
from core.signed_addresses import About, address_about, key_of
from notifications.delivery.mails import compose, from_address
from notifications.delivery.rules import Backoff, RefusalRun
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult

log = structlog.get_logger()
# The relay hangs up: nothing was taken, and the connection is over.
CLOSING = 421
# Seconds of silence after which a connection is asked whether it is still one.
IDLE = 5.0


class Relay:
    """One relay with one connection, reused from message to message. Who did not let us in is left alone for a
    while."""

    def __init__(self, relay: RelaySettings, settings: Settings, clock: Clock) -> None:
        self.relay, self.settings, self.clock = relay, settings, clock
        self.connection: SMTP | None = None
        self._backoff, self._words = Backoff(), ""
        self._refusals = RefusalRun()
        self._used_at = time.monotonic()
        # A relay that waits to the end with each of its answers.
        self.longest = timedelta(seconds=8 * settings.smtp_timeout)

    @property
    def is_backing_off(self) -> bool:
        return self._backoff.is_on(self.clock())

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """The relay's code and words; code 0 where there was no answer. Never raises for the relay's faults."""
        if self.is_backing_off:
            return DeliveryResult(0, self._words, is_untried=True)
        try:
            connection = await self._awake()
        except (SMTPException, OSError) as error:
            # No fault of the message: a refused sign-in, a wrong certificate, nobody there. It waits.
            return await self._leave_alone(f"{type(error).__name__}: {error}"[:300])
        try:
            wire = compose(message, self.settings, files)
            _, words = await connection.send_message(
                wire, sender=envelope_sender(message, self.settings), recipients=[message.to_address]
            )
        except SMTPRecipientsRefused as refused:
            return await self._refused(message, refused.recipients[0].code, refused.recipients[0].message)
        except SMTPResponseException as refused:
            return await self._refused(message, refused.code, refused.message)
        except (SMTPException, OSError, ssl.SSLError) as error:
            # It may have been taken before the line went dead: no other relay is tried, it comes again by this one.
            await self._leave_alone(type(error).__name__)
            return DeliveryResult(0, type(error).__name__)
        except (UnicodeError, ValueError):
            return DeliveryResult(553, "the address cannot be written for this relay")
        self._backoff.end()
        self._refusals.end()
        self._used_at = time.monotonic()
        return DeliveryResult(250, words)

    async def close(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.close()

    async def connect(self) -> SMTP:
        """The open connection, made where there is none. Raises SMTPException or OSError."""
        if self.connection is not None and self.connection.is_connected:
            return self.connection
        relay = self.relay
        connection = SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=self.settings.smtp_timeout,
            use_tls=relay.security == "tls",
            start_tls=relay.security == "starttls",
            username=relay.user or None,
            password=relay.password.get_secret_value() or None,
        )
        await connection.connect()
        self.connection = connection
        return connection

    async def _awake(self) -> SMTP:
        """An open connection that answers: relays hang up on who is silent for long, and nobody should wait for
        that."""
        if self.connection is not None and time.monotonic() - self._used_at > IDLE:
            try:
                await self.connection.noop()
            except (SMTPException, OSError):
                await self.close()
        return await self.connect()

    async def _refused(self, message: Message, code: int, words: str) -> DeliveryResult:
        if code == CLOSING:
            return await self._leave_alone(f"{code} {words}"[:300])
        # 452 asks us to come back later; a refused sign-in leaves the connection useless.
        if code in (452, 530, 534, 535):
            await self.close()
        domain = message.to_address.rpartition("@")[2].lower()
        if 500 <= code < 600 and self._refusals.goes_on(f"{code} {words}", domain, message.id):
            # It refuses everybody's mail in one wording: that is about us, and all wait until it is mended. What they
            # are told names none of the others.
            rests = await self._leave_alone(self._refusals.wording)
            return replace(rests, taken_back=self._refusals.taken_back())
        return DeliveryResult(code, words)

    async def _leave_alone(self, words: str) -> DeliveryResult:
        """Nobody takes anything there for now."""
        await self.close()
        self._backoff.begin(at=self.clock())
        self._words = words
        log.error("relay rests", relay=self.relay.name)
        return DeliveryResult(0, words, is_untried=True)


class Relays:
    """All relays of the installation: mail goes by the first that sends for its sender and answers."""

    def __init__(self, relays: Sequence[Relay], settings: Settings) -> None:
        self.relays, self.settings = relays, settings
        self.longest = len(relays) * relays[0].longest

    @property
    def is_backing_off(self) -> bool:
        return all(relay.is_backing_off for relay in self.relays)

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """Another relay is tried only where the one before has certainly not taken the message."""
        sender = from_address(message, self.settings)
        answer = DeliveryResult(0, f"no relay sends for {sender}", is_untried=True)
        for relay in self.relays:
            if relay.relay.sends_for(sender):
                answer = await relay.send(message, files)
                if not answer.is_untried:
                    break
        return answer

    async def close(self) -> None:
        for relay in self.relays:
            await relay.close()


def envelope_sender(message: Message, settings: Settings) -> str:
    """An address that tells which message a report is about, where we take mail."""
    if not settings.inbound_address:
        return from_address(message, settings)
    return address_about(About.bounce, message.id, settings.inbound_address, key_of(settings))
