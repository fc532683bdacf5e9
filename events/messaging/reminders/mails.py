"""Mails that go by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select

from events.invitations.invitations.mails import (
    MailContext,
    MailText,
    message_to,
    reminder_message,
    subject_to,
    title_of,
    unsubscribe_line,
    words_of,
)
from events.invitations.questionnaires.mails import missing_message
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message
from notifications.suppression.rules import MailTopic

SCHEDULED = "events/scheduled"


def scheduled_message(mail: MailContext, purpose: str, key: str, when: datetime, *, at: datetime) -> Message:
    """A mail that goes by itself; the same key gives one mail to each person for the moment `when`: who was told of a
    date that is no more is told of the new one."""
    say, event = words_of(mail), mail.event
    title, subject = title_of(mail), subject_to(mail)
    if purpose == "unanswered":
        message = reminder_message(mail, key, at=at)
    elif purpose == "missing":
        message = missing_message(mail, [], key, at=at)
    elif purpose == "before":
        message = message_to(
            mail,
            "events/before",
            key,
            MailText(
                subject=say.translate("Soon: %(event)s", event=subject),
                opening=[
                    Paragraph(
                        say.translate(
                            "“%(event)s” begins on %(day)s. This is what you need to know.",
                            event=title,
                            day=say.weekday(event.first_day),
                        )
                    )
                ],
                button=say.translate("Open my page"),
            ),
            at=at,
        )
    else:
        message = message_to(
            mail,
            "events/after",
            key,
            MailText(
                subject=say.translate("Thank you: %(event)s", event=subject),
                opening=[
                    Paragraph(
                        say.translate(
                            "Thank you for taking part in “%(event)s”. Your page has the programme and the materials.",
                            event=title,
                        )
                    )
                ],
                button=say.translate("Open my page"),
                ending=[unsubscribe_line(mail, MailTopic.thanks)],
                is_brief=True,
            ),
            at=at,
        )
        message.expires_at = at + timedelta(days=7)
        message.is_bulk, message.topic = True, MailTopic.thanks.value
    message.kind = f"{SCHEDULED}:{key}"
    message.dedupe_key = f"{_told(key, when)}{mail.person.id}"
    return message


def told_of(key: str, when: datetime, event_id: UUID) -> Select[UUID | None]:
    """The people who got the scheduled mail of that key for that moment."""
    return select(Message.person_id).where(
        Message.about_id == event_id,
        Message.kind == f"{SCHEDULED}:{key}",
        col(Message.dedupe_key).startswith(_told(key, when)),
        col(Message.person_id).is_not(None),
    )


def _told(key: str, when: datetime) -> str:
    return f"{SCHEDULED}:{key}:{when:%Y%m%dT%H%M}:"
