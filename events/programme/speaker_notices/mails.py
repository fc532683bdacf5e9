"""A session in one's calendar, by mail (RFC 5546): asked, changed, off."""

from datetime import datetime, timedelta
from uuid import UUID

from core.documents.ical import Entry, mail_calendar
from core.i18n import Words, words
from core.settings import Settings
from core.zones import start_of_day
from directory.people.models import Person
from directory.projects.models import Project
from events.programme.events.mails import PART, footer_of, greeting_to, subject_of
from events.programme.events.models import Event
from events.programme.events.rules import Confidentiality
from events.programme.speaker_notices.rules import NoticeContent, in_words
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message


def notice_message(
    person: Person,
    event: Event,
    project: Project,
    session_id: UUID,
    now: NoticeContent,
    settings: Settings,
    *,
    at: datetime,
    round: int,
    before: NoticeContent | None = None,
    is_over: bool = False,
) -> Message:
    """What one person needs to know of one session. `before` is what they were told last."""
    say = words(person.language)
    # What stands on lock screens; of a hidden event no title does.
    is_hidden = event.confidentiality is Confidentiality.hidden
    about = subject_of(event, project, say) if is_hidden else now.title(say.language)
    subject, news = _news(say, event, about, now, before, is_over)
    rows = [
        (say.translate("Session"), now.title(say.language)),
        (say.translate("When"), now.when(say)),
        (say.translate("Where"), now.venue),
        (say.translate("Your part"), now.role(say)),
    ]
    blocks: list[Paragraph | Facts | Button] = [
        greeting_to(person, say),
        *map(Paragraph, news),
        Facts([(name, value) for name, value in rows if value]),
    ]
    content = MailContent(subject, blocks, say.language, footer_of(project, say))
    method = "CANCEL" if is_over else "REQUEST"
    return new_message(
        content,
        kind=PART,
        dedupe_key=notice_key(session_id, person.id, round),
        to_name=person.name,
        to_address=str(person.address),
        at=at,
        project_id=project.id,
        about_id=event.id,
        person_id=person.id,
        expires_at=start_of_day(event.last_day + timedelta(days=1), event.zone),
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
        calendar_method=method,
        calendar=_calendar(person, event, project, session_id, about, now, settings, method, round, at=at),
    )


def notice_key(session_id: UUID, person_id: UUID, round: int) -> str:
    """What a mail about a part is for: of two with one key only the first is kept."""
    return f"{PART}:{session_id}:{person_id}:{round}"


def _news(
    say: Words, event: Event, about: str, now: NoticeContent, before: NoticeContent | None, is_over: bool
) -> tuple[str, list[str]]:
    title = event.title_in(say.language)
    if is_over:
        text = say.translate(
            "This session of “%(event)s” is off, or you have no part in it any more. The entry leaves your "
            "calendar with this mail.",
            event=title,
        )
        return say.translate("Off: %(session)s", session=about), [text]
    if before is not None:
        return say.translate("Changed: %(event)s", event=about), [
            say.translate("A session of “%(event)s” in which you have a part has changed:", event=title),
            *(f"– {line}" for line in in_words(before, now, say)),
        ]
    return say.translate("Your part: %(session)s", session=about), [
        say.translate("You have a part in a session of “%(event)s”. This mail puts it into your calendar.", event=title)
    ]


def _calendar(
    person: Person,
    event: Event,
    project: Project,
    session_id: UUID,
    about: str,
    now: NoticeContent,
    settings: Settings,
    method: str,
    round: int,
    *,
    at: datetime,
) -> str:
    entry = Entry(
        uid=f"{session_id}@{settings.uid_domain}",
        title=about,
        starts=datetime.fromisoformat(now.starts),
        ends=datetime.fromisoformat(now.ends),
        zone=now.zone,
        venue=now.venue,
        text=now.role(words(person.language)),
        sequence=round,
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
        created_at=event.created_at,
        changed_at=at,
    )
    organiser = (project.acronym, event.contact_address or project.contact or settings.mail_from)
    # Nobody is asked to answer: they did when they were asked to the event.
    return mail_calendar(
        entry,
        method=method,
        organiser=organiser,
        participant=(person.name, str(person.address)),
        stamp=at,
        participation="ACCEPTED",
        wants_answer=False,
    )
