"""The answer to somebody who asked to be erased and is not."""

from datetime import datetime

from core.i18n import words
from directory.people.models import Person
from directory.projects.models import Project
from events.privacy.erasure.models import ErasureRequest
from events.programme.events.mails import footer_of, greeting_to
from notifications.outbox.mails import MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

KEPT = "events/erasure-answer"


def kept_message(person: Person, project: Project, request: ErasureRequest, reason: str, *, at: datetime) -> Message:
    """What they asked for is not done, and why (GDPR, article 12(4))."""
    say = words(person.language)
    blocks = [
        greeting_to(person, say),
        Paragraph(
            say.translate(
                "You asked %(project)s to erase what is kept about you. Some of it has to be kept.",
                project=project.acronym,
            )
        ),
        *([Paragraph(reason)] if reason else []),
        Paragraph(
            say.translate(
                "If you do not agree, please answer this mail. You may also complain to the data protection authority "
                "of your country, or go to court."
            )
        ),
    ]
    content = MailContent(
        say.translate("Your request to be erased: %(project)s", project=project.acronym),
        blocks,
        say.language,
        footer_of(project, say),
    )
    return new_message(
        content,
        kind=KEPT,
        dedupe_key=f"{KEPT}:{request.id}",
        to_name=person.name,
        to_address=str(person.address),
        at=at,
        priority=3,
        project_id=project.id,
        person_id=person.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
