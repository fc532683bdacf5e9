"""Mail over SMTP: a few connections to each relay, and another relay where one does not answer."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog
from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from core.clock import Clock, wall_clock
from core.relay_settings import RelaySettings
from core.settings import Settings
from core.signed_addresses import About, address_about, key_of
from notifications.delivery.faults import NEEDS_SMTPUTF8, UNWRITABLE, Faults, is_sign_in
from notifications.delivery.mails import flattened, from_address, needs_smtputf8, wire_address
from notifications.delivery.rules import Backoff, Refusals
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult
from notifications.suppression.rules import wording_of

log = structlog.get_logger()
# The relay hangs up: nothing was taken, and the connection is over.
CLOSING = 421
# Seconds of silence after which a connection is asked whether it is still one.
IDLE = 5.0
# Seconds for which a relay that let us in only so often at a time is not asked for more.
NO_MORE = 300.0
NEVER = float("-inf")


class RelayConnection:
    """One connection to a relay, reused from message to message, so one message at a time."""

    def __init__(self, relay: RelaySettings, settings: Settings) -> None:
        self.relay, self.settings = relay, settings
        self.connection: SMTP | None = None
        self.used_at, self.is_taken = time.monotonic(), False
        # Set unless the relay has yet to say what becomes of a message.
        self.is_answered = asyncio.Event()
        self.is_answered.set()

    @property
    def is_open(self) -> bool:
        return self.connection is not None and self.connection.is_connected

    async def connect(self) -> SMTP:
        """The open connection, made where there is none. Raises SMTPException or OSError."""
        if self.connection is not None and self.is_open:
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
        if connection.is_ehlo_or_helo_needed:
            # Who is turned away for being one too many is often told so only now, and no message is to blame.
            try:
                await connection.ehlo()
            except SMTPHeloError:
                await connection.helo()
        self.connection = connection
        return connection

    async def awake(self) -> SMTP:
        """An open connection that answers: relays hang up on who is silent for long, and nobody should wait for
        that."""
        if self.connection is not None and time.monotonic() - self.used_at > IDLE:
            try:
                await self.connection.noop()
            except (SMTPException, OSError):
                self.close()
        return await self.connect()

    def close(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.close()


class Relay:
    """One relay. Who did not let us in is left alone for a while; whatever is the fault of a message, an address or a
    domain holds up nothing else. What it has learnt of faults it keeps in memory: another process learns anew."""

    def __init__(self, relay: RelaySettings, settings: Settings, clock: Clock) -> None:
        self.relay, self.settings, self.clock = relay, settings, clock
        self.at_once = settings.smtp_connections
        self._lines = [RelayConnection(relay, settings) for _ in range(self.at_once)]
        # The one that was used last is taken first: where little is sent, one stays open.
        self._free: asyncio.LifoQueue[RelayConnection] = asyncio.LifoQueue()
        self._spare, self._full_at = list[RelayConnection](), NEVER
        for line in self._lines:
            self._free.put_nowait(line)
        self._backoff, self._words = Backoff(), ""
        self._refusals = Refusals()
        self._faults = Faults()

    @property
    def is_backing_off(self) -> bool:
        return self._backoff.is_on(at=self.clock())

    async def send(self, message: Message, files: Sequence[Attached] = ()) -> DeliveryResult:
        """The relay's code and words; code 0 where there was no answer. Never raises for the relay's faults."""
        domain = message.to_address.rpartition("@")[2].lower()
        resting = self._words if self.is_backing_off else self._faults.resting(domain, at=self.clock())
        if resting:
            return DeliveryResult(0, resting, is_untried=True)
        try:
            wire = await self._written(message, files)
            recipient, sender = wire_address(message.to_address), envelope_sender(message, self.settings)
        except ValueError as error:
            log.error("cannot be written", id=str(message.id), kind=type(error).__name__)
            return DeliveryResult(553, UNWRITABLE)
        while True:
            line = await self._free_line()
            try:
                if self.is_backing_off:
                    return DeliveryResult(0, self._words, is_untried=True)
                connection = await line.awake()
                return await self._hand_over(line, connection, message, sender, recipient, wire)
            except (SMTPException, OSError) as error:
                if not self._is_full(line):
                    # No fault of the message: a refused sign-in, a wrong certificate, nobody there. It waits.
                    return self._leave_alone(line, f"{type(error).__name__}: {error}"[:300])
            finally:
                line.is_taken = False
                if line not in self._spare:
                    self._free.put_nowait(line)

    async def _written(self, message: Message, files: Sequence[Attached]) -> bytes:
        """The bytes of a mail. Signing takes a dozen milliseconds, large files some, in which the loop would do nothing
        else: these go to a thread; the others take less than going there. Raises ValueError."""
        if files or self.settings.dkim_keys:
            return await asyncio.to_thread(flattened, message, self.settings, files, at=self.clock())
        return flattened(message, self.settings, at=self.clock())

    async def _free_line(self) -> RelayConnection:
        """A line that nobody else uses until it is given back."""
        if time.monotonic() - self._full_at > NO_MORE:
            while self._spare:
                self._free.put_nowait(self._spare.pop())
        line = await self._free.get()
        line.is_taken = True
        return line

    def _is_full(self, line: RelayConnection) -> bool:
        """Whether a relay that does not let us in by one more line lets us in by another: it is used no more for now,
        and its message waits for one that is open."""
        if not any(one.is_open or one.is_taken for one in self._lines if one is not line):
            return False
        self._spare.append(line)
        self._full_at = time.monotonic()
        return True

    async def _hand_over(
        self, line: RelayConnection, connection: SMTP, message: Message, sender: str, recipient: str, wire: bytes
    ) -> DeliveryResult:
        options = ["SMTPUTF8"] if needs_smtputf8(message) else []
        line.is_answered.clear()
        try:
            try:
                _, words = await connection.sendmail(sender, recipient, wire, mail_options=options)
                self._refusals.end()
            finally:
                line.is_answered.set()
        except SMTPNotSupported:
            return DeliveryResult(553, NEEDS_SMTPUTF8)
        except SMTPRecipientsRefused as refused:
            return await self._refused(line, message, refused.recipients[0].code, refused.recipients[0].message)
        except SMTPResponseException as refused:
            return await self._refused(line, message, refused.code, refused.message)
        except (SMTPException, OSError, ssl.SSLError) as error:
            # It may have been taken before the line went dead: no other relay is tried, it comes again by this one.
            await self._broke_off(line, message, type(error).__name__)
            return DeliveryResult(0, type(error).__name__)
        except ValueError:
            return DeliveryResult(553, UNWRITABLE)
        self._backoff.end()
        self._faults.end(message.to_address.rpartition("@")[2].lower())
        line.used_at = time.monotonic()
        return DeliveryResult(250, words)

    async def close(self) -> None:
        for line in self._lines:
            line.close()

    async def connect(self) -> None:
        """See whether the relay lets us in. Raises SMTPException or OSError."""
        await self._lines[0].connect()

    async def _refused(self, line: RelayConnection, message: Message, code: int, words: str) -> DeliveryResult:
        if code == CLOSING:
            # It hangs up on busy days, and on who has named too many addresses that are not there.
            await self._broke_off(line, message, f"{code} {words}"[:300])
            return DeliveryResult(0, f"{code} {words}"[:300], is_untried=True)
        if is_sign_in(code):
            return self._leave_alone(line, f"{code} {words}"[:300])
        # 452 asks us to come back later.
        if code == 452:
            line.close()
        domain = message.to_address.rpartition("@")[2].lower()
        said = f"{code} {words}"
        if 500 <= code < 600 and self._refusals.may_be_about_us(said):
            await asyncio.gather(*(one.is_answered.wait() for one in self._lines))
        if 500 <= code < 600 and self._refusals.is_about_us(said, domain, message.id):
            # It refuses everybody's mail in one wording: that is about us, and all wait until it is mended. What they
            # are told names none of the others.
            rests = self._leave_alone(line, wording_of(said))
            return replace(rests, taken_back=self._refusals.taken_back(said))
        return DeliveryResult(code, words)

    async def _broke_off(self, line: RelayConnection, message: Message, words: str) -> None:
        """The line went dead amid a message. That is the relay's own fault only if it lets us in no more, or does so
        whomever we write to."""
        line.close()
        domain = message.to_address.rpartition("@")[2].lower()
        if not self._faults.note(domain, message.id, words, at=self.clock()):
            try:
                await line.connect()
            except (SMTPException, OSError):
                log.warning("gone amid a message", relay=self.relay.name)
            else:
                return
        self._leave_alone(line, words)

    def _leave_alone(self, line: RelayConnection, words: str) -> DeliveryResult:
        """Nobody takes anything there for now. What is under way beside it is one fault with it, and comes to its
        end."""
        if not self.is_backing_off:
            self._backoff.begin(at=self.clock())
            self._words, self._full_at = words, NEVER
            log.error("relay rests", relay=self.relay.name)
        for one in self._lines:
            if one is line or not one.is_taken:
                one.close()
        return DeliveryResult(0, words, is_untried=True)


class Relays:
    """All relays of the installation: mail goes by the first that sends for its sender and answers."""

    def __init__(self, relays: Sequence[Relay], settings: Settings) -> None:
        self.relays, self.settings = relays, settings
        self.at_once = settings.smtp_connections

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


async def lets_in(one: RelaySettings, settings: Settings, *, seconds: float) -> bool:
    """Whether a relay takes a connection with its user and password within that time."""
    relay = Relay(one, settings, wall_clock)
    try:
        async with asyncio.timeout(seconds):
            await relay.connect()
    except (SMTPException, OSError, TimeoutError):
        return False
    finally:
        await relay.close()
    return True
