"""The two ways a message leaves: over SMTP, or into the local mailbox until a relay is configured."""

import ssl
from typing import Protocol

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from core.settings import Settings
from notifications.delivery.compose import compose
from notifications.inbound.rules import About, address_about, key_of
from notifications.outbox.models import Message


class Mailer(Protocol):
    """Sends one message and says what was answered."""

    async def send(self, message: Message) -> tuple[int, str]: ...

    async def close(self) -> None: ...


class LocalMailbox:
    """Keeps mail on the mail page: what Heyet does before it is given a relay."""

    async def send(self, message: Message) -> tuple[int, str]:
        return 250, "kept in the local mailbox"

    async def close(self) -> None:
        """Nothing is open."""


class Relay:
    """One connection to the relay, reused from message to message."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.connection: SMTP | None = None

    async def send(self, message: Message) -> tuple[int, str]:
        """The relay's code and words; code 0 where there was no answer. Never raises for the relay's faults."""
        try:
            connection = await self.connect()
        except (SMTPException, OSError, ssl.SSLError) as error:
            # No fault of the message: a refused sign-in, a wrong certificate, nobody there. It waits.
            await self.close()
            return 0, f"{type(error).__name__}: {error}"[:300]
        try:
            wire = compose(message, self.settings)
            _, answer = await connection.send_message(
                wire, sender=sender_of(message, self.settings), recipients=[message.to_address]
            )
            return 250, answer
        except SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            return first.code, first.message
        except SMTPResponseException as refused:
            await self._after(refused.code)
            return refused.code, refused.message
        except (SMTPException, OSError, ssl.SSLError) as error:
            await self.close()
            return 0, type(error).__name__
        except (UnicodeError, ValueError):
            return 553, "the address cannot be written for this relay"

    async def close(self) -> None:
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.close()

    async def connect(self) -> SMTP:
        """The open connection, made where there is none. Raises SMTPException or OSError."""
        if self.connection is not None and self.connection.is_connected:
            return self.connection
        settings = self.settings
        connection = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=settings.smtp_timeout,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            username=settings.smtp_user or None,
            password=settings.smtp_password.get_secret_value() or None,
        )
        await connection.connect()
        self.connection = connection
        return connection

    async def _after(self, code: int) -> None:
        # 421 and 452 ask us to come back later; a refused sign-in leaves the connection useless.
        if code in (421, 452, 530, 534, 535):
            await self.close()


def sender_of(message: Message, settings: Settings) -> str:
    """The envelope's sender: an address that tells which message a report is about, where we take mail."""
    if not settings.inbound_address:
        return settings.mail_from
    return address_about(About.bounce, message.id, settings.inbound_address, key_of(settings))


def mailer_for(settings: Settings) -> Mailer:
    return Relay(settings) if settings.smtp_host else LocalMailbox()
