"""Mails to focal points."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.i18n import Words, words
from core.ids import new_id
from core.zones import start_of_day
from directory.people.models import Institution, Person
from directory.projects.models import Project
from events.nominations.letters.service import SIGNED_LETTER
from events.nominations.requests.models import NominationRequest
from events.programme.events.mails import footer_of, greeting_to, subject_of
from events.programme.events.models import Event
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

CALL, REMINDER, RETURN, LINK = "events/call", "events/call-reminder", "events/call-return", "events/call-link"


@dataclass(frozen=True)
class Addressed:
    """A call with who it goes to."""

    call: NominationRequest
    event: Event
    project: Project
    institution: Institution
    person: Person
    link: str
    is_signed: bool = False
    mailbox: str = ""  # the one they asked at, where it is not their first


def call_message(to: Addressed, *, at: datetime) -> Message:
    """The request itself, as a draft that the organiser releases."""
    say = words(to.person.language)
    return _message(
        to,
        CALL,
        f"{to.call.rounds}",
        at=at,
        draft=True,
        subject=say.translate("Please nominate people for: %(event)s", event=_subject(to)),
        text=say.translate(
            "%(donor)s and %(project)s invite %(institution)s to nominate people for “%(event)s”. Your page "
            "has the letter as PDF, and a table that also takes cells pasted from a spreadsheet.",
            donor=to.project.donor_in(say.language),
            project=to.project.acronym,
            institution=to.institution.name_in(say.language),
            event=to.event.title_in(say.language),
        ),
    )


def reminder_message(to: Addressed, *, at: datetime, is_automatic: bool = False) -> Message:
    """Nobody has been named yet. The automatic one goes once for each deadline."""
    say = words(to.person.language)
    version = f"auto:{to.call.answer_by}" if is_automatic else str(new_id())
    return _message(
        to,
        REMINDER,
        version,
        at=at,
        subject=say.translate("Reminder, nominations for: %(event)s", event=_subject(to)),
        text=say.translate(
            "We have no nominations from %(institution)s yet.", institution=to.institution.name_in(say.language)
        ),
    )


def return_message(to: Addressed, *, at: datetime) -> Message:
    """The organiser writes back."""
    say = words(to.person.language)
    return _message(
        to,
        RETURN,
        str(to.call.rounds),
        at=at,
        subject=say.translate("About your nominations for: %(event)s", event=_subject(to)),
        text=to.call.note,
    )


def link_message(to: Addressed, *, at: datetime) -> Message:
    """A lost link anew."""
    say = words(to.person.language)
    return _message(
        to,
        LINK,
        str(new_id()),
        at=at,
        subject=say.translate("Your link for nominations: %(event)s", event=_subject(to)),
        text=say.translate(
            "Here is your link again with which you nominate people of %(institution)s.",
            institution=to.institution.name_in(say.language),
        ),
    )


def facts_of(call: NominationRequest, event: Event, say: Words) -> list[tuple[str, str]]:
    """What an institution has to know to name people, by mail and on paper."""
    rows = [
        (say.translate("Event"), event.title_in(say.language)),
        (say.translate("When"), say.days(event.first_day, event.last_day)),
        (say.translate("Where"), event.venue),
        (say.translate("Target group"), event.target_group),
        (say.translate("Your quota"), str(call.capacity)),
        (say.translate("Nomination deadline"), say.day(call.answer_by)),
    ]
    return [(name, value) for name, value in rows if value]


def _subject(to: Addressed) -> str:
    return subject_of(to.event, to.project, words(to.person.language))


def _message(
    to: Addressed, kind: str, version: str, *, at: datetime, subject: str, text: str, draft: bool = False
) -> Message:
    say, event, project, person = words(to.person.language), to.event, to.project, to.person
    blocks: list[Any] = [
        greeting_to(person, say),
        Paragraph(text),
        Facts(facts_of(to.call, event, say)),
        Button(say.translate("Nominate"), to.link),
        Paragraph(say.translate("This link is yours alone. Please do not pass it on.")),
    ]
    content = MailContent(subject, blocks, say.language, footer_of(project, say))
    return new_message(
        content,
        kind=kind,
        dedupe_key=f"{kind}:{to.call.id}:{person.id}:{version}",
        to_name=person.name,
        to_address=to.mailbox or str(person.address),
        at=at,
        draft=draft,
        expires_at=start_of_day(event.last_day + timedelta(days=1), event.zone),
        project_id=project.id,
        about_id=event.id,
        person_id=person.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
        attachments=[f"{SIGNED_LETTER}:{event.id}"] if to.is_signed else [],
    )
