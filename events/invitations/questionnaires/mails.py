"""The mail that asks for what somebody has not told yet."""

from collections.abc import Sequence
from datetime import datetime

from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, title_of, words_of
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

MISSING = "events/missing"


def missing_message(mail: MailContext, labels: Sequence[str], key: str, *, at: datetime) -> Message:
    """Something that the event needs to know is not there yet; `labels` name the questions."""
    say = words_of(mail)
    opening = [
        Paragraph(say.translate("A few things that we need for “%(event)s” are still missing.", event=title_of(mail)))
    ]
    opening += [Paragraph(f"– {label}") for label in labels]
    return message_to(
        mail,
        MISSING,
        key,
        MailText(
            subject=say.translate("Still missing: %(event)s", event=subject_to(mail)),
            opening=opening,
            button=say.translate("Add what is missing"),
            is_brief=True,
        ),
        at=at,
    )
