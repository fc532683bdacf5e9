"""A message as it goes over the wire."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime

from core.documents.mime import file_part, header, header_of_text, multipart, text_part
from core.settings import Settings
from core.text import ascii_domain
from notifications.delivery.signing import signed
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.suppression.service import unsubscribe_link

# Headers that hold what people typed; the others are made here.
TYPED = frozenset({"From", "To", "Reply-To", "Subject"})
# What the kinds of reminders begin with: an out-of-office answer to them tells nothing new. Packages above name theirs.
REMINDER_KINDS: set[str] = set()


def from_address(message: Message, settings: Settings) -> str:
    """Whom it comes from: the project's own address, or the installation's."""
    return message.sender_address or settings.mail_from


def wire_address(address: str) -> str:
    """The address as mail servers know it: its domain in ASCII (RFC 5891). Raises ValueError where it has none."""
    user, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{user}@{ascii_domain(domain)}"


def needs_smtputf8(message: Message) -> bool:
    """Whether only servers with RFC 6531 can take it: that hangs on the letters before the @ alone."""
    return not message.to_address.rpartition("@")[0].isascii()


Header = tuple[str, str | Address]


def flattened(message: Message, settings: Settings, files: Sequence[Attached] = (), *, at: datetime) -> bytes:
    """The bytes that a relay is given, signed, in seven bits as far as the address lets us: no server changes those.
    As calendar clients expect: multipart/mixed [ alternative [ plain, html, calendar ], invite.ics ].

    Raises ValueError; OSError for a key that cannot be read.
    """
    utf8 = needs_smtputf8(message)
    head = b"".join(
        header_of_text(name, value, utf8=utf8) if name in TYPED else header(name, str(value))
        for name, value in headers_of(message, settings, at=at)
    )
    domain = wire_address(from_address(message, settings)).rpartition("@")[2]
    return signed(head + _body(message, files), domain.lower(), settings.dkim_keys)


def headers_of(message: Message, settings: Settings, *, at: datetime | None = None) -> list[Header]:
    """What stands above the mail, as it is read. The same row gives the same headers each time, the Message-ID is the
    row's; but the Date is that of sending, which may come long after a draft was written. Raises ValueError."""
    found: list[Header] = [
        ("Message-ID", f"<{message.id}@{settings.uid_domain}>"),
        ("Date", format_datetime(at or message.sent_at or message.written_at)),
        ("From", _address(message.sender_name or "Heyet", from_address(message, settings))),
        ("To", _address(message.to_name, message.to_address)),
    ]
    if message.reply_to:
        reply_to = _address("", message.reply_to)
        # A contact that this mail cannot name must not keep it from its reader.
        if reply_to.username.isascii() or needs_smtputf8(message):
            found.append(("Reply-To", reply_to))
    found += [("Subject", message.subject), ("Auto-Submitted", "auto-generated")]
    if message.is_bulk and message.person_id and message.project_id:
        # RFC 8058, 3.1: both headers, and an address that works without signing in; on one line, for receivers take an
        # address that is folded into encoded words for none.
        link = unsubscribe_link(settings, message.person_id, message.project_id, message.topic)
        found += [("List-Unsubscribe", f"<{link}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    if message.is_bulk or message.kind.startswith(tuple(REMINDER_KINDS)):
        found.append(("X-Auto-Response-Suppress", "OOF"))
    return [*found, ("Content-Language", message.language), ("MIME-Version", "1.0")]


def _address(name: str, address: str) -> Address:
    user, _, domain = wire_address(address).rpartition("@")
    return Address(name, user, domain)


def _body(message: Message, files: Sequence[Attached]) -> bytes:
    texts = [text_part("plain", message.plain), text_part("html", message.html)]
    attached = []
    if message.calendar:
        method = f'; method="{message.calendar_method}"'
        texts.append(text_part("calendar", message.calendar, parameters=method))
        attached.append(file_part("application/ics", "invite.ics", message.calendar.encode()))
    attached += [file_part(file.media_type, file.name, file.content) for file in files]
    alternative = multipart("alternative", f"{message.id.hex}.1", texts)
    return multipart("mixed", f"{message.id.hex}.0", [alternative, *attached]) if attached else alternative
