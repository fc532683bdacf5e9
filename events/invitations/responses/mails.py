"""To who does not come, and to who comes instead."""

from datetime import datetime

from events.invitations.invitations.mails import (
    CANCELLATION,
    MailContext,
    MailText,
    message_to,
    subject_to,
    title_of,
    words_of,
)
from events.invitations.invitations.rules import InvitationStatus
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message


def substitution_messages(left: MailContext, comes: MailContext, *, at: datetime) -> list[Message]:
    """To the one who does not come: the entry leaves the calendar. To the one who comes instead: the news."""
    say = words_of(left)
    goodbye = message_to(
        left,
        CANCELLATION,
        f"{left.invitation.round}:{left.event.sequence}:substituted",
        MailText(
            subject=say.translate("Replaced: %(event)s", event=subject_to(left)),
            opening=[
                Paragraph(
                    say.translate(
                        "%(name)s attends “%(event)s” in your place. The entry leaves your calendar with this mail.",
                        name=comes.person.name,
                        event=title_of(left),
                    )
                )
            ],
        ),
        calendar="CANCEL",
        at=at,
    )
    say = words_of(comes)
    has_place = comes.invitation.status is InvitationStatus.accepted
    changes = [
        say.translate(
            "%(name)s has sent you to “%(event)s” as a substitute.", name=left.person.name, event=title_of(comes)
        ),
        say.translate("You have a place. Please tell us a few things that we need for the event.") if has_place else "",
    ]
    welcome = message_to(
        comes,
        f"events/substitute:{comes.invitation.status}",
        f"{comes.invitation.round}:{comes.invitation.answers}",
        MailText(
            subject=say.translate("You are a substitute for: %(event)s", event=subject_to(comes)),
            opening=[Paragraph(text) for text in changes if text],
            button=say.translate("Open my page"),
        ),
        calendar="REQUEST",
        at=at,
    )
    return [m for m, mail in ((goodbye, left), (welcome, comes)) if mail.person.address]
