"""What every mail about an event shares: its subject, its greeting and its last lines."""

from collections.abc import Sequence
from datetime import datetime

from core.i18n import Words, words
from core.zones import local
from directory.people.models import Person
from directory.projects.models import Project
from events.programme.events.models import Event, Session
from events.programme.events.rules import Clock, Confidentiality, clock_by
from notifications.outbox.mails import Link, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

# Kinds of mails about what moves; slices above write them.
UPDATE, CANCELLATION, PART = "events/update", "events/cancellation", "events/part"


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
    return Paragraph(say.translate("Dear %(name)s,", name=f"{person.title_in(say.language)} {person.name}".strip()))


def message_to_person(
    person: Person,
    project: Project,
    subject: str,
    paragraphs: Sequence[str],
    *,
    kind: str,
    key: object,
    at: datetime,
    mailbox: str = "",
) -> Message:
    """A mail of a project's to a person about themselves, and not about one event; `key` tells one such mail from the
    next, `mailbox` is where it goes if not to their own."""
    say = words(person.language)
    blocks = [greeting_to(person, say), *map(Paragraph, paragraphs)]
    return new_message(
        MailContent(subject, blocks, say.language, footer_of(project, say)),
        kind=kind,
        dedupe_key=f"{kind}:{key}",
        to_name=person.name,
        to_address=mailbox or str(person.address),
        at=at,
        priority=3,
        project_id=project.id,
        person_id=person.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )


def clock_of(event: Event, sessions: Sequence[Session]) -> Clock:
    """When it begins on its first day and ends on its last, by the clock there: by its programme, or else as it was
    said; None where neither says it."""
    held = (min(s.starts_at for s in sessions), max(s.ends_at for s in sessions)) if sessions else None
    there = (local(held[0], event.zone), local(held[1], event.zone)) if held else None
    return clock_by((event.first_day, event.last_day), (event.start_time, event.end_time), there)


def hours_of(event: Event, sessions: Sequence[Session]) -> tuple[datetime, datetime] | None:
    """From when to when an event of one day lasts: by its programme, or else as it was said; none of several days."""
    if event.first_day == event.last_day and sessions:
        return sessions[0].starts_at, max(s.ends_at for s in sessions)
    return None if sessions else event.hours
