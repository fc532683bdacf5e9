"""A message as it goes over the wire."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime

import idna

from core.settings import Settings
from notifications.delivery.signing import signed
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.suppression.service import unsubscribe_link

# What the kinds of reminders begin with: an out-of-office answer to them tells nothing new. Packages above name theirs.
REMINDER_KINDS: set[str] = set()


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is written on one line as it is: folded into encoded words, a long address is none any more."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)
# Seven bits: what servers on the way rewrite would break the signature.
_PLAIN = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)
_WITH_UTF8 = SMTPUTF8.clone(cte_type="7bit", header_factory=_HEADERS)


def from_address(message: Message, settings: Settings) -> str:
    """Whom it comes from: the project's own address, or the installation's."""
    return message.sender_address or settings.mail_from


def wire_address(address: str) -> str:
    """The address as mail servers know it: its domain in ASCII (RFC 5891). Raises ValueError where it has none."""
    user, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{user}@{idna.encode(domain, uts46=True).decode()}"


def needs_smtputf8(message: Message) -> bool:
    """Whether only servers with RFC 6531 can take it: that hangs on the letters before the @ alone."""
    return not message.to_address.rpartition("@")[0].isascii()


def flattened(message: Message, settings: Settings, files: Sequence[Attached] = (), *, at: datetime) -> bytes:
    """The bytes that a relay is given, signed: seven bits as far as the address lets us, which no server on the way
    changes. Raises ValueError; OSError for a key that cannot be read."""
    wire = compose(message, settings, files, at=at).as_bytes()
    domain = from_address(message, settings).rpartition("@")[2]
    return signed(wire, domain, settings.dkim_keys)


def compose(
    message: Message, settings: Settings, files: Sequence[Attached] = (), *, at: datetime | None = None
) -> EmailMessage:
    """multipart/mixed [ alternative [ plain, html, calendar ], invite.ics ] as calendar clients expect.

    The same row gives the same headers each time, the Message-ID is the row's; but the Date is that of sending, which
    may come long after a draft was written.
    """
    wire = EmailMessage(policy=_WITH_UTF8 if needs_smtputf8(message) else _PLAIN)
    user, _, domain = wire_address(from_address(message, settings)).rpartition("@")
    wire["Message-ID"] = f"<{message.id}@{settings.uid_domain}>"
    wire["Date"] = format_datetime(at or message.sent_at or message.written_at)
    wire["From"] = Address(message.sender_name or "Heyet", user, domain)
    to_user, _, to_domain = wire_address(message.to_address).rpartition("@")
    wire["To"] = Address(message.to_name, to_user, to_domain)
    if message.reply_to:
        reply_user, _, reply_domain = wire_address(message.reply_to).rpartition("@")
        reply_to = Address("", reply_user, reply_domain)
        # A contact that this mail cannot name must not keep it from its reader.
        if reply_user.isascii() or needs_smtputf8(message):
            wire["Reply-To"] = reply_to
    wire["Subject"] = message.subject
    wire["Auto-Submitted"] = "auto-generated"
    if message.is_bulk and message.person_id and message.project_id:
        # RFC 8058, 3.1: both headers, and an address that works without signing in.
        link = unsubscribe_link(settings, message.person_id, message.project_id, message.topic)
        wire["List-Unsubscribe"] = f"<{link}>"
        wire["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.is_bulk or message.kind.startswith(tuple(REMINDER_KINDS)):
        wire["X-Auto-Response-Suppress"] = "OOF"
    wire["Content-Language"] = message.language
    wire.set_content(message.plain)
    wire.add_alternative(message.html, subtype="html")
    if message.calendar:
        data = message.calendar.encode()
        wire.add_alternative(message.calendar, subtype="calendar", params={"method": message.calendar_method})
        wire.add_attachment(data, maintype="application", subtype="ics", filename="invite.ics")
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        wire.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return wire
