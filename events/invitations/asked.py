"""A person asked to an event, and the words that every mail to them shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.i18n import Words, words
from core.settings import Settings
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.models import Invitation
from events.invitations.rules import ANSWERS
from events.programme.models import Event, Session
from events.programme.rules import Confidentiality
from events.texts.rules import blocks, filled, used_placeholders
from notifications.outbox.mails import Paragraph


@dataclass(frozen=True)
class Asked:
    """A person asked to an event, and what a mail to them needs."""

    invitation: Invitation
    person: Person
    event: Event
    project: Project
    sessions: Sequence[Session]
    link: str
    settings: Settings
    news: Sequence[str] = ()  # what changed since the last mail, in the person's language


def subject_of(event: Event, project: Project, say: Words) -> str:
    """The title; of a hidden event only project and days: subjects are read over shoulders and on lock screens."""
    if event.confidentiality is Confidentiality.hidden:
        return f"{project.acronym}, {say.days(event.first_day, event.last_day)}"
    return event.title_in(say.language)


def footer_of(project: Project, say: Words, *ending: str) -> list[str]:
    """What every mail of a project ends with."""
    lines = (
        f"{project.acronym} · {project.contract_number}",
        project.funding_statement(say.language),
        *ending,
    )
    return [line for line in lines if line]


def greeting_to(person: Person, say: Words) -> Paragraph:
    return Paragraph(say.say("Dear %(name)s,", name=f"{person.title} {person.name}".strip()))


def values_of(asked: Asked) -> Mapping[str, str]:
    """What placeholders stand for in a text to this person; empty where there is nothing."""
    say, event = words(asked.person.language), asked.event
    return {
        "name": asked.person.name,
        "position": asked.person.title,
        "event": event.title_in(say.language),
        "days": say.days(event.first_day, event.last_day),
        "place": event.venue,
        "deadline": say.day(event.answer_by) if event.answer_by else "",
        "answer": say.say(ANSWERS[asked.invitation.standing]),
    }


def own_words(asked: Asked, kind: str, subject: str, opening: Sequence[Paragraph]) -> tuple[str, Sequence[Paragraph]]:
    """The project's own subject and first words for a mail, where it has some in the reader's language.

    What follows the first words (deadlines, what changed, what is missing) stays. Words that speak of something
    this event does not have are not used: a hole in a sentence is worse than our plain one.
    """
    language, own = asked.person.language, asked.project.texts.get(kind.removeprefix("events/"), {})
    text, title = own.get(f"text_{language}", ""), own.get(f"subject_{language}", "")
    values = values_of(asked)
    if text and all(values.get(name) for name in used_placeholders(text) - {"position"}):
        opening = [*(Paragraph(filled(block, values)) for block in blocks(text)), *opening[1:]]
    hidden = {**values, "event": subject_of(asked.event, asked.project, words(language))}
    if title and all(hidden.get(name) for name in used_placeholders(title)):
        subject = filled(title, hidden)
    return subject, opening
