"""Every mail around an invitation, in the person's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.documents.ical import Entry, mail_calendar
from core.errors import N_
from core.i18n import Words, words
from core.placeholders import blocks, filled, used_placeholders
from core.settings import Settings
from core.signed_addresses import About, address_about, key_of
from core.zones import day_in, start_of_day, utc_day
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations import rules
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import INVITATION_STATUSES, InvitationStatus
from events.invitations.snapshots.rules import NewDay
from events.programme.events.mails import CANCELLATION, UPDATE, clock_of, footer_of, greeting_to, hours_of, subject_of
from events.programme.events.models import Event, Session
from events.programme.events.rules import COMING, EventState
from notifications.outbox.mails import Button, Facts, Heading, Link, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message
from notifications.suppression.rules import MailTopic
from notifications.suppression.service import unsubscribe_link

INVITATION = "events/invitation"
REMINDER = "events/reminder"


@dataclass(frozen=True)
class MailContext:
    """A person asked to an event, and what a mail to them needs."""

    invitation: Invitation
    person: Person
    event: Event
    project: Project
    sessions: Sequence[Session]
    link: str
    settings: Settings
    # What changed since they were told last, in their language; none: nothing did.
    changes: Sequence[str] | None = ()
    new_day: NewDay = NewDay.same
    mailbox: str = ""  # the one they asked at, where it is not their first

    @property
    def to_address(self) -> str:
        return self.mailbox or str(self.person.address)


@dataclass(frozen=True)
class MailText:
    """What one mail says. Without a `button` nothing is to be done; a brief one has the first facts only."""

    subject: str
    opening: Sequence[Paragraph]
    button: str = ""
    ending: Sequence[str | Link] = ()
    is_brief: bool = False
    own: str = ""  # the name of the own words that are used for it, where that is not its kind


def invitation_message(mail: MailContext, *, at: datetime) -> Message:
    """The question, as a draft that the organiser releases."""
    say = words_of(mail)
    opening = say.translate(
        "%(donor)s and %(project)s invite you to “%(event)s”.",
        donor=mail.project.donor_in(say.language),
        project=mail.project.acronym,
        event=title_of(mail),
    )
    return message_to(
        mail,
        INVITATION,
        f"{mail.invitation.round}:{mail.event.sequence}",
        MailText(
            subject=say.translate("Invitation: %(event)s", event=subject_to(mail)),
            opening=[Paragraph(opening), *_deadline(mail)],
            button=say.translate("Answer the invitation"),
        ),
        calendar="REQUEST",
        draft=True,
        at=at,
    )


def update_message(mail: MailContext, *, at: datetime) -> Message:
    """Time or place moved: the same entry with a higher SEQUENCE. Who has not answered is asked again."""
    say = words_of(mail)
    subject, opening = _MOVED[mail.new_day]
    changes = [say.translate("This has changed:"), *(f"– {line}" for line in mail.changes)] if mail.changes else []
    is_asked = mail.invitation.status is InvitationStatus.invited and mail.event.state in COMING
    if is_asked and mail.new_day is not NewDay.same:
        changes.append(say.translate("Please tell us whether the new date suits you."))
    return message_to(
        mail,
        UPDATE,
        f"{mail.invitation.round}:{mail.event.sequence}",
        MailText(
            subject=say.translate(subject, event=subject_to(mail)),
            opening=[
                Paragraph(say.translate(opening, event=title_of(mail))),
                *map(Paragraph, changes),
                *(_deadline(mail) if is_asked else ()),
            ],
            button=say.translate("Answer the invitation") if is_asked else say.translate("See the programme"),
            own="" if mail.new_day is NewDay.same else "postponement",
        ),
        calendar="REQUEST",
        at=at,
    )


# Subject and first sentence by what became of the day.
_MOVED = {
    NewDay.same: (
        N_("Changed: %(event)s"),
        N_(
            "The programme of “%(event)s” has changed. This is how it stands now; your calendar is updated by this "
            "mail."
        ),
    ),
    NewDay.later: (
        N_("Postponed: %(event)s"),
        N_("“%(event)s” is postponed. This is how it stands now; your calendar is updated by this mail."),
    ),
    NewDay.earlier: (
        N_("New date: %(event)s"),
        N_("“%(event)s” takes place earlier. This is how it stands now; your calendar is updated by this mail."),
    ),
}


def cancellation_message(mail: MailContext, *, at: datetime, draft: bool = False) -> Message:
    """The event is off, or the invitation withdrawn: the entry leaves the calendar. A draft waits for its release."""
    say, title = words_of(mail), title_of(mail)
    if mail.event.state is EventState.cancelled:
        changes = say.translate(
            "“%(event)s” has been cancelled. We are sorry. The entry leaves your calendar with this mail.",
            event=title,
        )
    else:
        changes = say.translate(
            "Your invitation to “%(event)s” has been withdrawn. The entry leaves your calendar with this mail.",
            event=title,
        )
    return message_to(
        mail,
        CANCELLATION,
        f"{mail.invitation.round}:{mail.event.sequence}",
        MailText(subject=say.translate("Cancelled: %(event)s", event=subject_to(mail)), opening=[Paragraph(changes)]),
        calendar="CANCEL",
        draft=draft,
        at=at,
    )


def answer_message(
    mail: MailContext, *, at: datetime, until: datetime | None = None, guests: int | None = None
) -> Message:
    """What became of an answer, with how many are brought along where that changed. Who was never asked gets the
    calendar entry with the yes."""
    say, status = words_of(mail), mail.invitation.status
    subject, text = rules.ANSWER_WORDS[status]
    if not rules.takes_answers(mail.event.answers_until, mail.event.zone, at=at):
        text = rules.LATE_WORDS.get(status, text)
    facts = {"event": subject_to(mail), "until": say.moment(until, mail.event.zone) if until else ""}
    opening = [Paragraph(say.translate(text, **facts))]
    if mail.invitation.reason and status is InvitationStatus.rejected:
        opening.append(Paragraph(mail.invitation.reason))
    if guests is not None:
        opening.append(Paragraph(say.translate("Guests who come with you: %(guests)s.", guests=guests)))
    is_first_word = mail.invitation.invited_at is None and status is InvitationStatus.accepted
    return message_to(
        mail,
        _KINDS.get(status, f"events/{status}"),
        f"{mail.invitation.round}:{mail.invitation.answers}",
        MailText(subject=say.translate(subject, **facts), opening=opening, button=say.translate("Open my page")),
        calendar="REQUEST" if is_first_word else "",
        at=at,
    )


# Kinds of messages are kept as they were first named: what has been sent is found by them.
_KINDS = {InvitationStatus.rejected: "events/refused"}


def unsubscribe_line(mail: MailContext, topic: MailTopic) -> Link:
    say = words_of(mail)
    return Link(
        say.translate("You get this because you are on the list of “%(event)s”.", event=title_of(mail)),
        say.translate("End mails like this one"),
        unsubscribe_link(mail.settings, mail.person.id, mail.project.id, topic),
    )


def reminder_message(mail: MailContext, key: str, *, at: datetime) -> Message:
    """Nobody has answered yet. The same key gives one mail."""
    say = words_of(mail)
    return message_to(
        mail,
        REMINDER,
        key,
        MailText(
            subject=say.translate("Reminder: %(event)s", event=subject_to(mail)),
            opening=[
                Paragraph(
                    say.translate(
                        "We have no answer from you yet to our invitation to “%(event)s”.", event=title_of(mail)
                    )
                ),
                *_deadline(mail),
            ],
            button=say.translate("Answer the invitation"),
        ),
        at=at,
    )


def _deadline(mail: MailContext) -> list[Paragraph]:
    say, day = words_of(mail), mail.event.answer_by
    return [Paragraph(say.translate("Please answer by %(day)s.", day=say.day(day)))] if day else []


def words_of(mail: MailContext) -> Words:
    return words(mail.person.language)


def title_of(mail: MailContext) -> str:
    return mail.event.title_in(mail.person.language)


def subject_to(mail: MailContext) -> str:
    return subject_of(mail.event, mail.project, words_of(mail))


def message_to(
    mail: MailContext,
    kind: str,
    version: str,
    text: MailText,
    *,
    at: datetime,
    calendar: str = "",
    draft: bool = False,
    outlives_event: bool = False,
) -> Message:
    """A mail to one person about the event: greeting, the text, the facts, the button that opens their page.

    The same `kind` and `version` for the same invitation are one mail, however often it is enqueued. `calendar` is the
    iCalendar method of the entry that goes with it, if any. Once the event is over the mail is of no use any more, or
    `outlives_event`: then it is as long as its link opens, and for a week at least.
    """
    say, event, project, person = words_of(mail), mail.event, mail.project, mail.person
    subject, opening = own_words(mail, text.own or kind, text.subject, text.opening)
    blocks: list[Any] = [greeting_to(person, say), *opening]
    # The button comes before the programme: on a phone it is seen without turning a page.
    blocks.append(Facts(_facts(mail, say)[:2] if text.is_brief else _facts(mail, say)))
    if text.button:
        blocks.append(Button(text.button, mail.link))
        blocks.append(Paragraph(say.translate("This link is yours alone. Please do not pass it on.")))
    if not text.is_brief:
        for day, rows in _programme(mail, say):
            blocks += [Heading(day), Facts(rows)]
    content = MailContent(subject, blocks, say.language, footer_of(project, say, *text.ending))
    link_ends = max(event.last_day + rules.LINK_OUTLIVES_EVENT, utc_day(at) + timedelta(days=7))
    last_use = link_ends if outlives_event else event.last_day
    return new_message(
        content,
        kind=kind,
        dedupe_key=f"{kind}:{mail.invitation.id}:{version}",
        to_name=person.name,
        to_address=mail.to_address,
        at=at,
        draft=draft,
        priority=3 if text.button and not draft else 5,
        expires_at=start_of_day(last_use + timedelta(days=1), event.zone),
        project_id=project.id,
        about_id=event.id,
        person_id=person.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
        calendar=_calendar(mail, calendar, at=at) if calendar else None,
        calendar_method=calendar or "REQUEST",
    )


def _answers_to(mail: MailContext) -> str:
    """Where a calendar sends its answer: an address that this person alone is given, if we take mail at all."""
    settings = mail.settings
    if not settings.inbound_address:
        return mail.project.contact or settings.mail_from
    return address_about(About.answer, mail.invitation.id, settings.inbound_address, key_of(settings))


def _facts(mail: MailContext, say: Words) -> list[tuple[str, str]]:
    event = mail.event
    rows = [
        (say.translate("When"), say.span(event.first_day, event.last_day, *clock_of(event, mail.sessions))),
        (say.translate("Where"), event.venue),
        (say.translate("Map"), event.map_url),
        (say.translate("Online"), event.online_url),
        (say.translate("Contact"), " · ".join(filter(None, [event.contact_name, event.contact_address]))),
    ]
    if mail.sessions or event.start_time:
        rows.append((say.translate("Time zone"), say.zone(event.zone, event.first_day)))
    return [(name, value) for name, value in rows if value]


def _programme(mail: MailContext, say: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """The first forty sessions by day: times, and title with room."""
    days: dict[str, list[tuple[str, str]]] = {}
    for session in mail.sessions[:40]:
        day = say.weekday(day_in(mail.event.zone, at=session.starts_at))
        times = f"{say.time(session.starts_at, mail.event.zone)}–{say.time(session.ends_at, mail.event.zone)}"
        title = " · ".join(filter(None, [session.title_in(say.language), session.room]))
        days.setdefault(day, []).append((times, title))
    return list(days.items())


def _in_lines(mail: MailContext, say: Words) -> str:
    """Facts and programme as the text of a calendar entry."""
    lines = [f"{name}: {value}" for name, value in _facts(mail, say)]
    lines += [f"{day}, {times}: {title}" for day, rows in _programme(mail, say) for times, title in rows]
    return "\n".join(lines)


def _calendar(mail: MailContext, method: str, *, at: datetime) -> str:
    event, sessions, invitation = mail.event, mail.sessions, mail.invitation
    hours = hours_of(event, sessions)
    # Calling the event off has raised its own sequence, taking an invitation back has not.
    takes_back = method == "CANCEL" and event.state is not EventState.cancelled
    entry = Entry(
        uid=f"{event.id}@{mail.settings.uid_domain}",
        title=subject_to(mail),
        starts=hours[0] if hours else event.first_day,
        ends=hours[1] if hours else event.last_day,
        zone=event.zone,
        venue=event.venue,
        text=_in_lines(mail, words_of(mail)),
        sequence=rules.entry_sequence(event.sequence, invitation.round) + int(takes_back),
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
        created_at=event.created_at,
        changed_at=event.changed_at,
    )
    is_asked = rules.wants_answer(invitation.status, event.answers_until, event.zone, at=at)
    return mail_calendar(
        entry,
        method=method,
        organiser=(mail.project.acronym, _answers_to(mail)),
        participant=(mail.person.name, mail.to_address),
        stamp=at,
        participation=rules.participation(invitation.status),
        wants_answer=is_asked and method == "REQUEST" and event.state in COMING,
    )


def values_of(mail: MailContext) -> Mapping[str, str]:
    """What placeholders stand for in a text to this person; empty where there is nothing."""
    say, event = words(mail.person.language), mail.event
    return {
        "name": mail.person.name,
        "position": mail.person.title_in(say.language),
        "event": event.title_in(say.language),
        "days": say.span(event.first_day, event.last_day, *clock_of(event, mail.sessions)),
        "place": event.venue,
        "deadline": say.day(event.answer_by) if event.answer_by else "",
        "answer": say.translate(INVITATION_STATUSES[mail.invitation.status]),
    }


def own_words(
    mail: MailContext, kind: str, subject: str, opening: Sequence[Paragraph]
) -> tuple[str, Sequence[Paragraph]]:
    """The event's own subject and first words for a mail, or the project's, where there are some in the reader's
    language.

    What follows the first words (deadlines, what changed, what is missing) stays. Words that speak of something
    this event does not have are not used: a hole in a sentence is worse than our plain one.
    """
    language, name = mail.person.language, kind.removeprefix("events/")
    own = mail.project.texts.get(name, {}) | mail.event.texts.get(name, {})
    text, title = own.get(f"text_{language}", ""), own.get(f"subject_{language}", "")
    values = values_of(mail)
    if text and all(values.get(name) for name in used_placeholders(text) - {"position"}):
        opening = [*(Paragraph(filled(block, values)) for block in blocks(text)), *opening[1:]]
    hidden = {**values, "event": subject_of(mail.event, mail.project, words(language))}
    if title and all(hidden.get(name) for name in used_placeholders(title)):
        subject = filled(title, hidden)
    return subject, opening
