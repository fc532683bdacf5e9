"""What calendars are answered."""

from datetime import datetime

from core.ids import new_id
from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, title_of, words_of
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message


def not_taken_message(mail: MailContext, why: str, *, again: bool, at: datetime) -> Message:
    """A calendar's answer that could not be taken, with the reason and the page that says what is possible. Who is to
    answer `again` gets the entry as it is now, once for each of its states."""
    say = words_of(mail)
    return message_to(
        mail,
        "events/not-taken",
        f"{mail.invitation.round}:{mail.event.sequence}" if again else str(new_id()),
        MailText(
            subject=say.translate("Your answer could not be taken: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(text)
                for text in (say.translate("Your calendar has answered for you, but this was not possible:"), why)
                if text
            ],
            button=say.translate("Open my page"),
            is_brief=True,
        ),
        calendar="REQUEST" if again else "",
        at=at,
    )


def refresh_message(mail: MailContext, *, at: datetime) -> Message:
    """A calendar asked for the entry again."""
    say = words_of(mail)
    return message_to(
        mail,
        "events/refresh",
        str(new_id()),
        MailText(
            subject=say.translate("The entry again: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(
                    say.translate(
                        "Your calendar asked for the entry of “%(event)s” again; it comes with this mail.",
                        event=title_of(mail),
                    )
                )
            ],
            button=say.translate("Open my page"),
        ),
        calendar="REQUEST",
        at=at,
    )
