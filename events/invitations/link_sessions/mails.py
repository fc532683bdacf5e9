"""The mail with a code."""

from datetime import datetime
from uuid import UUID

from core.i18n import words
from core.ids import new_id
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.link_sessions.rules import CODE_LIFE
from notifications.outbox.mails import MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

CODE = "events/link-code"


def code_message(person: Person, project: Project, about_id: UUID, code: str, *, at: datetime) -> Message:
    """Goes before everything else. Subjects are shown and kept in many places, so the code stands in the text alone."""
    say = words(person.language).translate
    content = MailContent(
        subject=say("Your code for %(project)s", project=project.acronym),
        blocks=[
            Paragraph(say("Dear %(name)s,", name=f"{person.title_in(person.language)} {person.name}".strip())),
            Paragraph(say("With this code you see on your page what you told us: %(code)s", code=code)),
            Paragraph(say("It works once, within 15 minutes. Please give it to nobody; we never ask for it.")),
            Paragraph(
                say("If you did not ask for it, somebody else has your link. They see nothing of what you told us.")
            ),
        ],
        language=person.language,
        footer=[f"{project.acronym} · {project.contract_number}"],
    )
    return new_message(
        content,
        kind=CODE,
        dedupe_key=f"{CODE}:{new_id()}",
        to_name=person.name,
        to_address=str(person.address),
        at=at,
        priority=1,
        expires_at=at + CODE_LIFE,
        project_id=project.id,
        about_id=about_id,
        person_id=person.id,
    )
