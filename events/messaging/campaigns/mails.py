"""What an organiser writes to many."""

from collections.abc import Sequence
from datetime import datetime

from events.invitations.invitations.mails import MailContext, MailText, message_to, unsubscribe_line, words_of
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message
from notifications.suppression.rules import MailTopic


def campaign_message(
    mail: MailContext,
    kind: str,
    *,
    at: datetime,
    subject: str,
    paragraphs: Sequence[str],
    materials: Sequence[tuple[str, str]],
) -> Message:
    """What an organiser writes to many, as a draft. People can end such mails."""
    say = words_of(mail)
    opening = [Paragraph(text) for text in paragraphs]
    opening += [Paragraph(f"{title}: {address}") for title, address in materials]
    message = message_to(
        mail,
        kind,
        "1",
        MailText(
            subject=subject,
            opening=opening,
            button=say.translate("Open my page"),
            ending=[unsubscribe_line(mail, MailTopic.news)],
            is_brief=True,
        ),
        draft=True,
        at=at,
        outlives_event=True,
    )
    message.is_bulk = True
    return message
