"""Confirming a public registration, and sending a lost link again."""

from datetime import datetime

from core.i18n import words
from core.ids import new_id
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, title_of, words_of
from events.nominations.public_registration.rules import STATUS_WORDS
from events.programme.events.mails import message_to_person
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

APPLICATION, LINK = "events/application", "events/link"
STATUS, NOTHING = "events/application-known", "events/no-link"


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


def status_message(mail: MailContext, *, at: datetime) -> Message:
    """Somebody asked on the public page who is on the list: how they stand, which the page must not tell."""
    say = words_of(mail)
    asked = say.translate("You asked on the public page to take part in “%(event)s”.", event=title_of(mail))
    return message_to(
        mail,
        STATUS,
        str(new_id()),
        MailText(
            subject=say.translate("Your registration: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(asked),
                *(Paragraph(say.translate(text)) for text in STATUS_WORDS[mail.invitation.status]),
            ],
            button=say.translate("Open my page") if mail.link else "",
            is_brief=True,
        ),
        at=at,
    )


def nothing_message(person: Person, project: Project, mailbox: str, *, at: datetime) -> Message:
    """Somebody asked for their links whom the project knows and who has none."""
    say = words(person.language)
    paragraphs = [
        say.translate(
            "You asked for your personal links. At the moment %(project)s has no page for you to open.",
            project=project.acronym,
        ),
        say.translate("If you expect an invitation, please answer this mail: the organiser reads it."),
    ]
    subject = say.translate("Your personal links: %(project)s", project=project.acronym)
    return message_to_person(person, project, subject, paragraphs, kind=NOTHING, key=new_id(), at=at, mailbox=mailbox)
