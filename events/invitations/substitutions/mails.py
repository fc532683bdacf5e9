"""To who does not come, and to who comes instead."""

from datetime import datetime

from events.invitations.invitations.mails import (
    MailContext,
    MailText,
    message_to,
    subject_to,
    title_of,
    words_of,
)
from events.invitations.invitations.rules import InvitationStatus
from events.programme.events.mails import CANCELLATION
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

RETURNED, NOT_APPROVED = "events/substitution-returned", "events/substitution-not-approved"
# What a substitute is told is one of these, by how their invitation stands.
WELCOMES = [f"events/substitute:{status}" for status in InvitationStatus]


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
    return _to_those_with_an_address((goodbye, left), (welcome, comes))


def return_messages(back: MailContext, leaves: MailContext, *, at: datetime) -> list[Message]:
    """The substitution is taken back: the entry moves from the one calendar into the other."""
    say = words_of(back)
    again = message_to(
        back,
        RETURNED,
        f"{back.invitation.round}:{back.invitation.answers}",
        MailText(
            subject=say.translate("You attend yourself: %(event)s", event=subject_to(back)),
            opening=[
                Paragraph(
                    say.translate(
                        "No substitute attends “%(event)s” in your place any more: your invitation is yours again, as "
                        "it was before.",
                        event=title_of(back),
                    )
                )
            ],
            button=say.translate("Open my page"),
        ),
        calendar="REQUEST",
        at=at,
    )
    say = words_of(leaves)
    goodbye = message_to(
        leaves,
        CANCELLATION,
        f"{leaves.invitation.round}:{leaves.event.sequence}:returned",
        MailText(
            subject=say.translate("Cancelled: %(event)s", event=subject_to(leaves)),
            opening=[
                Paragraph(
                    say.translate(
                        "No substitute is needed for “%(event)s” any more. The entry leaves your calendar with this "
                        "mail. Thank you for being ready to come.",
                        event=title_of(leaves),
                    )
                )
            ],
        ),
        calendar="CANCEL",
        at=at,
    )
    return _to_those_with_an_address((again, back), (goodbye, leaves))


def not_approved_message(mail: MailContext, version: str, reason: str, *, at: datetime) -> Message:
    """The organiser says no to the substitute; the invitation is as it was."""
    say = words_of(mail)
    opening = [
        Paragraph(
            say.translate(
                "The organiser cannot accept the substitute whom you proposed for “%(event)s”. Your own invitation "
                "is as it was.",
                event=title_of(mail),
            )
        )
    ]
    if reason:
        opening.append(Paragraph(reason))
    return message_to(
        mail,
        NOT_APPROVED,
        version,
        MailText(
            subject=say.translate("No substitute: %(event)s", event=subject_to(mail)),
            opening=opening,
            button=say.translate("Open my page"),
        ),
        at=at,
    )


def _to_those_with_an_address(*mails: tuple[Message, MailContext]) -> list[Message]:
    return [message for message, mail in mails if mail.person.address]
