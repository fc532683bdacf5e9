"""Confirming a public registration, and sending a lost link again."""

from datetime import datetime

from core.ids import new_id
from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, title_of, words_of
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

APPLICATION, LINK = "events/application", "events/link"


def application_message(mail: MailContext, *, at: datetime) -> Message:
    """Somebody asked for a place on the public page: the link shows that the address is theirs."""
    say = words_of(mail)
    return message_to(
        mail,
        APPLICATION,
        str(new_id()),
        MailText(
            subject=say.translate("Please confirm: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(
                    say.translate(
                        "You asked to take part in “%(event)s”. Please open the link and say yes; nothing is kept "
                        "for you before. If it was not you, do nothing.",
                        event=title_of(mail),
                    )
                )
            ],
            button=say.translate("Confirm"),
        ),
        calendar="REQUEST",
        at=at,
    )


def link_message(mail: MailContext, *, at: datetime) -> Message:
    """A lost link anew. The version makes each one a mail of its own."""
    say = words_of(mail)
    return message_to(
        mail,
        LINK,
        str(new_id()),
        MailText(
            subject=say.translate("Your personal link: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(say.translate("Here is your personal link to “%(event)s” again.", event=title_of(mail)))
            ],
            button=say.translate("Open my page"),
        ),
        at=at,
        outlives_event=True,
    )
