"""Mail over SMTP: one connection to each relay, and another relay where one does not answer."""

import ssl
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException

from core.clock import Clock
from core.settings import RelaySettings, Settings
from core.signed_addresses import About, address_about, key_of
from notifications.delivery.faults import NEEDS_SMTPUTF8, UNWRITABLE, Faults, is_sign_in
from notifications.delivery.mails import flattened, from_address, needs_smtputf8, wire_address
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
    """One relay with one connection, reused from message to message, so one message at a time. Who did not let us in is
    left alone for a while; whatever is the fault of a message, an address or a domain holds up nothing else. What it
    has learnt of faults it keeps in memory: another process learns anew."""

    def __init__(self, relay: RelaySettings, settings: Settings, clock: Clock) -> None:
        self.relay, self.settings, self.clock = relay, settings, clock
        self.connection: SMTP | None = None
        self._backoff, self._words = Backoff(), ""
        self._refusals = RefusalRun()
        self._faults = Faults()
        self._used_at = time.monotonic()
        # A relay that waits to the end with each of its answers, and is asked anew when the line went dead.
        self.longest = timedelta(seconds=12 * settings.smtp_timeout)

    @property
    def is_backing_off(self) -> bool:
        return self._backoff.is_on(self.clock())

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """The relay's code and words; code 0 where there was no answer. Never raises for the relay's faults."""
        domain = message.to_address.rpartition("@")[2].lower()
        resting = self._words if self.is_backing_off else self._faults.resting(domain, at=self.clock())
        if resting:
            return DeliveryResult(0, resting, is_untried=True)
        try:
            wire = flattened(message, self.settings, files, at=self.clock())
            recipient, sender = wire_address(message.to_address), envelope_sender(message, self.settings)
        except ValueError as error:
            log.error("cannot be written", id=str(message.id), kind=type(error).__name__)
            return DeliveryResult(553, UNWRITABLE)
        try:
            connection = await self._awake()
        except (SMTPException, OSError) as error:
            # No fault of the message: a refused sign-in, a wrong certificate, nobody there. It waits.
            return await self._leave_alone(f"{type(error).__name__}: {error}"[:300])
        return await self._hand_over(connection, message, sender, recipient, wire)

    async def _hand_over(
        self, connection: SMTP, message: Message, sender: str, recipient: str, wire: bytes
    ) -> DeliveryResult:
        options = ["SMTPUTF8"] if needs_smtputf8(message) else []
        try:
            _, words = await connection.sendmail(sender, recipient, wire, mail_options=options)
        except SMTPNotSupported:
            return DeliveryResult(553, NEEDS_SMTPUTF8)
        except SMTPRecipientsRefused as refused:
            return await self._refused(message, refused.recipients[0].code, refused.recipients[0].message)
        except SMTPResponseException as refused:
            return await self._refused(message, refused.code, refused.message)
        except (SMTPException, OSError, ssl.SSLError) as error:
            # It may have been taken before the line went dead: no other relay is tried, it comes again by this one.
            await self._broke_off(message, type(error).__name__)
            return DeliveryResult(0, type(error).__name__)
        except ValueError:
            return DeliveryResult(553, UNWRITABLE)
        self._backoff.end()
        self._refusals.end()
        self._faults.end(message.to_address.rpartition("@")[2].lower())
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
            tls_context=ssl.create_default_context(cafile=relay.ca_file) if relay.ca_file else None,
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
            # It hangs up on busy days, and on who has named too many addresses that are not there.
            await self._broke_off(message, f"{code} {words}"[:300])
            return DeliveryResult(0, f"{code} {words}"[:300], is_untried=True)
        if is_sign_in(code):
            return await self._leave_alone(f"{code} {words}"[:300])
        # 452 asks us to come back later.
        if code == 452:
            await self.close()
        domain = message.to_address.rpartition("@")[2].lower()
        if 500 <= code < 600 and self._refusals.goes_on(f"{code} {words}", domain, message.id):
            # It refuses everybody's mail in one wording: that is about us, and all wait until it is mended. What they
            # are told names none of the others.
            rests = await self._leave_alone(self._refusals.wording)
            return replace(rests, taken_back=self._refusals.taken_back())
        return DeliveryResult(code, words)

    async def _broke_off(self, message: Message, words: str) -> None:
        """The line went dead amid a message. That is the relay's own fault only if it lets us in no more, or does so
        whomever we write to."""
        await self.close()
        domain = message.to_address.rpartition("@")[2].lower()
        if not self._faults.note(domain, message.id, words, at=self.clock()):
            try:
                await self.connect()
            except (SMTPException, OSError):
                log.warning("gone amid a message", relay=self.relay.name)
            else:
                return
        await self._leave_alone(words)

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
        answers = []
        for relay in self.relays:
            if relay.relay.sends_for(sender):
                answer = await relay.send(message, files)
                if not answer.is_untried and answer.words != NEEDS_SMTPUTF8:
                    return answer
                answers.append(answer)
        # One that only rests may be able to do what another cannot.
        waits = [answer for answer in answers if answer.is_untried]
        return (waits or answers or [DeliveryResult(0, f"no relay sends for {sender}", is_untried=True)])[-1]

    async def close(self) -> None:
        for relay in self.relays:
            await relay.close()


def envelope_sender(message: Message, settings: Settings) -> str:
    """An address that tells which message a report is about, where we take mail."""
    if not settings.inbound_address:
        return wire_address(from_address(message, settings))
    return address_about(About.bounce, message.id, settings.inbound_address, key_of(settings))
