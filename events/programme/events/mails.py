"""What every mail about an event shares: its subject, its greeting and its last lines."""

from core.i18n import Words
from directory.people.models import Person
from directory.projects.models import Project
from events.programme.events.models import Event
from events.programme.events.rules import Confidentiality
from notifications.outbox.mails import Link, Paragraph


def subject_of(event: Event, project: Project, say: Words) -> str:
    """The title; of a hidden event only project and days: subjects are read over shoulders and on lock screens."""
    if event.confidentiality is Confidentiality.hidden:
        return f"{project.acronym}, {say.days(event.first_day, event.last_day)}"
    return event.title_in(say.language)


def footer_of(project: Project, say: Words, *ending: str | Link) -> list[str | Link]:
    """What every mail of a project ends with."""
    lines: tuple[str | Link, ...] = (
        f"{project.acronym} · {project.contract_number}",
        project.funding_statement(say.language),
        *ending,
    )
    return [line for line in lines if line]


def greeting_to(person: Person, say: Words) -> Paragraph:
    return Paragraph(say.translate("Dear %(name)s,", name=f"{person.title} {person.name}".strip()))
