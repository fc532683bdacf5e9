"""The answer to somebody who asked to be erased and is not."""

from datetime import datetime

from core.i18n import words
from directory.people.models import Person
from directory.projects.models import Project
from events.privacy.erasure.models import ErasureRequest
from events.programme.events.mails import message_to_person
from notifications.outbox.models import Message

KEPT = "events/erasure-answer"


def kept_message(person: Person, project: Project, request: ErasureRequest, reason: str, *, at: datetime) -> Message:
    """What they asked for is not done, and why (GDPR, article 12(4))."""
    say = words(person.language)
    paragraphs = [
        say.translate(
            "You asked %(project)s to erase what is kept about you. Some of it has to be kept.", project=project.acronym
        ),
        *([reason] if reason else []),
        say.translate(
            "If you do not agree, please answer this mail. You may also complain to the data protection authority "
            "of your country, or go to court."
        ),
    ]
    subject = say.translate("Your request to be erased: %(project)s", project=project.acronym)
    return message_to_person(person, project, subject, paragraphs, kind=KEPT, key=request.id, at=at)
