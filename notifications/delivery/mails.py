"""A message as it goes over the wire."""

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from core.settings import Settings
from notifications.jobs.context import Attached
from notifications.outbox.models import Message
from notifications.suppression.service import unsubscribe_link


def from_address(message: Message, settings: Settings) -> str:
    """Whom it comes from: the project's own address, or the installation's."""
    return message.sender_address or settings.mail_from


def compose(message: Message, settings: Settings, files: Sequence[Attached] = ()) -> EmailMessage:
    """multipart/mixed [ alternative [ plain, html, calendar ], invite.ics ] as calendar clients expect.

    The same row gives the same headers each time: the Message-ID is the row's.
    """
    wire = EmailMessage(policy=SMTP if message.to_address.isascii() else SMTPUTF8)
    user, _, domain = from_address(message, settings).rpartition("@")
    wire["Message-ID"] = f"<{message.id}@{settings.uid_domain}>"
    wire["Date"] = format_datetime(message.written_at)
    wire["From"] = Address(message.sender_name or "Heyet", user, domain)
    to_user, _, to_domain = message.to_address.rpartition("@")
    wire["To"] = Address(message.to_name, to_user, to_domain)
    if message.reply_to:
        wire["Reply-To"] = message.reply_to
    wire["Subject"] = message.subject
    wire["Auto-Submitted"] = "auto-generated"
    if message.is_bulk and message.person_id and message.project_id:
        link = unsubscribe_link(settings, message.person_id, message.project_id, message.topic)
        wire["List-Unsubscribe"] = f"<{link}>"
        wire["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
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
