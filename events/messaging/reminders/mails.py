"""Mails that go by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select

from events.invitations.invitations.mails import (
    MailContext,
    message_to,
    missing_message,
    reminder_message,
    subject_to,
    title_of,
    unsubscribe_line,
    words_of,
)
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message
from notifications.suppression.rules import MailTopic

SCHEDULED = "events/scheduled"


def scheduled_message(asked: MailContext, purpose: str, key: str, at: datetime) -> Message:
    """A mail that goes by itself; the same key gives one mail to each person."""
    say, event = words_of(asked), asked.event
    title, subject = title_of(asked), subject_to(asked)
    if purpose == "unanswered":
        message = reminder_message(asked, key, at)
    elif purpose == "missing":
        message = missing_message(asked, [], key, at)
    elif purpose == "before":
        message = message_to(
            asked,
            "events/before",
            key,
            at,
            subject=say.say("Soon: %(event)s", event=subject),
            button=say.say("Open my page"),
            calendar="",
            opening=[
                Paragraph(
                    say.say(
                        "“%(event)s” begins on %(day)s. This is what you need to know.",
                        event=title,
                        day=say.weekday(event.first_day),
                    )
                )
            ],
        )
    else:
        message = message_to(
            asked,
            "events/after",
            key,
            at,
            subject=say.say("Thank you: %(event)s", event=subject),
            button=say.say("Open my page"),
            calendar="",
            is_brief=True,
            ending=[unsubscribe_line(asked, MailTopic.thanks)],
            opening=[
                Paragraph(
                    say.say(
                        "Thank you for taking part in “%(event)s”. Your page has the programme and the materials.",
                        event=title,
                    )
                )
            ],
        )
        message.expires_at = at + timedelta(days=7)
        message.is_bulk, message.topic = True, MailTopic.thanks.value
    message.kind = f"{SCHEDULED}:{key}"
    message.dedupe_key = f"{SCHEDULED}:{key}:{asked.person.id}"
    return message


def told_of(key: str, event_id: UUID) -> Select[UUID | None]:
    """The people who got the scheduled mail of that key."""
    return select(Message.person_id).where(
        Message.about_id == event_id,
        Message.kind == f"{SCHEDULED}:{key}",
        col(Message.person_id).is_not(None),
    )
