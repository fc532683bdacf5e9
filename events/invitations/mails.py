"""Every mail around an invitation, in the person's language."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select

from core.errors import N_
from core.i18n import Words, words
from core.ids import new_id
from core.zones import local, start_of_day
from events.calendars.documents import Entry, mail_calendar
from events.invitations.asked import Asked, footer_of, greeting_to, own_words, subject_of
from events.invitations.rules import Answer
from events.programme.rules import EventState
from notifications.inbound.rules import About, address_about, key_of
from notifications.outbox.mails import Button, Facts, Letter, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message
from notifications.suppression.rules import Topic
from notifications.suppression.service import unsubscribe_link

INVITATION, UPDATE, CANCELLATION = "events/invitation", "events/update", "events/cancellation"
LINK, REMINDER, MISSING = "events/link", "events/reminder", "events/missing"
APPLICATION, SCHEDULED = "events/application", "events/scheduled"


def invitation_message(asked: Asked, at: datetime) -> Message:
    """The question, as a draft that the organiser releases."""
    say = _say(asked)
    opening = say.say(
        "%(donor)s and %(project)s invite you to “%(event)s”.",
        donor=asked.project.donor,
        project=asked.project.acronym,
        event=_title(asked),
    )
    deadline = (
        [Paragraph(say.say("Please answer by %(day)s.", day=say.day(asked.event.answer_by)))]
        if asked.event.answer_by
        else []
    )
    return _message(
        asked,
        INVITATION,
        f"{asked.invitation.round}:{asked.event.sequence}",
        at,
        subject=say.say("Invitation: %(event)s", event=_subject(asked)),
        opening=[Paragraph(opening), *deadline],
        button=say.say("Answer the invitation"),
        calendar="REQUEST",
        draft=True,
    )


def update_message(asked: Asked, at: datetime) -> Message:
    """Time or place moved: the same entry with a higher SEQUENCE."""
    say = _say(asked)
    news = [say.say("This has changed:"), *(f"– {line}" for line in asked.news)] if asked.news else []
    return _message(
        asked,
        UPDATE,
        f"{asked.invitation.round}:{asked.event.sequence}",
        at,
        subject=say.say("Changed: %(event)s", event=_subject(asked)),
        opening=[
            Paragraph(
                say.say(
                    "The programme of “%(event)s” has changed. This is how it stands now; your calendar is "
                    "updated by this mail.",
                    event=_title(asked),
                )
            ),
            *map(Paragraph, news),
        ],
        button=say.say("See the programme"),
        calendar="REQUEST",
    )


def cancellation_message(asked: Asked, at: datetime) -> Message:
    """The event is off, or the invitation withdrawn: the entry leaves the calendar."""
    say, title = _say(asked), _title(asked)
    if asked.event.state is EventState.cancelled:
        news = say.say(
            "“%(event)s” has been cancelled. We are sorry. The entry leaves your calendar with this mail.",
            event=title,
        )
    else:
        news = say.say(
            "Your invitation to “%(event)s” has been withdrawn. The entry leaves your calendar with this mail.",
            event=title,
        )
    return _message(
        asked,
        CANCELLATION,
        f"{asked.invitation.round}:{asked.event.sequence}",
        at,
        subject=say.say("Cancelled: %(event)s", event=_subject(asked)),
        opening=[Paragraph(news)],
        button="",
        calendar="CANCEL",
    )


def answer_message(asked: Asked, at: datetime, *, until: datetime | None = None) -> Message:
    """What became of an answer. Who was never asked gets the calendar entry with the yes."""
    say, standing = _say(asked), asked.invitation.standing
    subject, text = _ANSWERS[standing]
    facts = {"event": _subject(asked), "until": say.moment(until, asked.event.zone) if until else ""}
    opening = [Paragraph(say.say(text, **facts))]
    if asked.invitation.reason and standing is Answer.refused:
        opening.append(Paragraph(asked.invitation.reason))
    is_first_word = asked.invitation.invited_at is None and standing is Answer.accepted
    return _message(
        asked,
        f"events/{standing}",
        f"{asked.invitation.round}:{asked.invitation.answers}",
        at,
        subject=say.say(subject, **facts),
        opening=opening,
        button=say.say("Open my page"),
        calendar="REQUEST" if is_first_word else "",
    )


# Subject and first sentence, by what became of the invitation.
_ANSWERS = {
    Answer.accepted: (
        N_("Confirmed: %(event)s"),
        N_("You have a place. Please tell us a few things that we need for the event."),
    ),
    Answer.waiting: (
        N_("Waiting list: %(event)s"),
        N_("All places are taken. You are on the waiting list and hear from us as soon as one becomes free."),
    ),
    Answer.offered: (
        N_("A place is free for you: %(event)s"),
        N_("A place has become free. We keep it for you until %(until)s; please say yes by then."),
    ),
    Answer.expired: (
        N_("The place went on: %(event)s"),
        N_("We had kept a place for you and did not hear from you in time. You can still ask for one."),
    ),
    Answer.tentative: (
        N_("Noted: you may come to %(event)s"),
        N_("Thank you. No place is kept for you yet: please say yes or no as soon as you know."),
    ),
    Answer.pending: (
        N_("Received: %(event)s"),
        N_("Thank you for asking. The organiser looks at it and writes to you."),
    ),
    Answer.refused: (
        N_("No place: %(event)s"),
        N_("Thank you for your interest. The organiser could not give you a place."),
    ),
    Answer.declined: (
        N_("Noted: you do not come to %(event)s"),
        N_("Thank you for telling us. If you change your mind, the same page lets you accept."),
    ),
    Answer.cancelled: (
        N_("Cancelled by you: %(event)s"),
        N_(
            "Your place is given back. Thank you for telling us. If you change your mind, the same page lets "
            "you ask for one."
        ),
    ),
}


def substitution_messages(left: Asked, comes: Asked, at: datetime) -> list[Message]:
    """To the one who does not come: the entry leaves the calendar. To the one who comes instead: the news."""
    say = _say(left)
    goodbye = _message(
        left,
        CANCELLATION,
        f"{left.invitation.round}:{left.event.sequence}:substituted",
        at,
        subject=say.say("Somebody else comes: %(event)s", event=_subject(left)),
        button="",
        calendar="CANCEL",
        opening=[
            Paragraph(
                say.say(
                    "%(name)s comes to “%(event)s” in your place. The entry leaves your calendar with this mail.",
                    name=comes.person.name,
                    event=_title(left),
                )
            )
        ],
    )
    say = _say(comes)
    has_place = comes.invitation.standing is Answer.accepted
    news = [
        say.say("%(name)s has named you for “%(event)s” in their place.", name=left.person.name, event=_title(comes)),
        say.say("You have a place. Please tell us a few things that we need for the event.") if has_place else "",
    ]
    welcome = _message(
        comes,
        f"events/substitute:{comes.invitation.standing}",
        f"{comes.invitation.round}:{comes.invitation.answers}",
        at,
        subject=say.say("You are named for: %(event)s", event=_subject(comes)),
        opening=[Paragraph(text) for text in news if text],
        button=say.say("Open my page"),
        calendar="REQUEST",
    )
    return [m for m, asked in ((goodbye, left), (welcome, comes)) if asked.person.address]


def scheduled_message(asked: Asked, purpose: str, key: str, at: datetime) -> Message:
    """A mail that goes by itself; the same key gives one mail to each person."""
    say, event = _say(asked), asked.event
    title, subject = _title(asked), _subject(asked)
    if purpose == "unanswered":
        message = reminder_message(asked, key, at)
    elif purpose == "missing":
        message = missing_message(asked, [], key, at)
    elif purpose == "before":
        message = _message(
            asked,
            "events/before",
            key,
            at,
            subject=say.say("Soon: %(event)s", event=subject),
            button=say.say("Open my page"),
            calendar="",
            opening=[
                Paragraph(
                    say.say(
                        "“%(event)s” begins on %(day)s. This is what you need to know.",
                        event=title,
                        day=say.weekday(event.first_day),
                    )
                )
            ],
        )
    else:
        message = _message(
            asked,
            "events/after",
            key,
            at,
            subject=say.say("Thank you: %(event)s", event=subject),
            button=say.say("Open my page"),
            calendar="",
            is_brief=True,
            ending=[_how_to_end(asked, Topic.thanks)],
            opening=[
                Paragraph(
                    say.say(
                        "Thank you for taking part in “%(event)s”. Your page has the programme and the materials.",
                        event=title,
                    )
                )
            ],
        )
        message.expires_at = at + timedelta(days=7)
        message.is_bulk, message.topic = True, Topic.thanks.value
    message.kind = f"{SCHEDULED}:{key}"
    message.dedupe_key = f"{SCHEDULED}:{key}:{asked.person.id}"
    return message


def told_of(key: str, event_id: UUID) -> Select[UUID | None]:
    """The people who got the scheduled mail of that key."""
    return select(Message.person_id).where(
        Message.about_id == event_id,
        Message.kind == f"{SCHEDULED}:{key}",
        col(Message.person_id).is_not(None),
    )


def not_taken_message(asked: Asked, why: str, at: datetime) -> Message:
    """A calendar's answer that could not be taken, with the reason and the page that says what is possible."""
    say = _say(asked)
    return _message(
        asked,
        "events/not-taken",
        str(new_id()),
        at,
        subject=say.say("Your answer could not be taken: %(event)s", event=_subject(asked)),
        opening=[
            Paragraph(text)
            for text in (say.say("Your calendar has answered for you, but this was not possible:"), why)
            if text
        ],
        button=say.say("Open my page"),
        calendar="",
        is_brief=True,
    )


def refresh_message(asked: Asked, at: datetime) -> Message:
    """A calendar asked for the entry again."""
    say = _say(asked)
    return _message(
        asked,
        "events/refresh",
        str(new_id()),
        at,
        subject=say.say("The entry again: %(event)s", event=_subject(asked)),
        opening=[
            Paragraph(
                say.say(
                    "Your calendar asked for the entry of “%(event)s” again; it comes with this mail.",
                    event=_title(asked),
                )
            )
        ],
        button=say.say("Open my page"),
        calendar="REQUEST",
    )


def campaign_message(
    asked: Asked,
    kind: str,
    at: datetime,
    *,
    subject: str,
    paragraphs: Sequence[str],
    materials: Sequence[tuple[str, str]],
) -> Message:
    """What an organiser writes to many, as a draft. People can end such mails."""
    say = _say(asked)
    opening = [Paragraph(text) for text in paragraphs]
    opening += [Paragraph(f"{title}: {address}") for title, address in materials]
    message = _message(
        asked,
        kind,
        "1",
        at,
        subject=subject,
        opening=opening,
        button=say.say("Open my page"),
        calendar="",
        draft=True,
        is_brief=True,
        ending=[_how_to_end(asked, Topic.news)],
    )
    message.is_bulk = True
    return message


def _how_to_end(asked: Asked, topic: Topic) -> str:
    link = unsubscribe_link(asked.settings, asked.person.id, asked.project.id, topic)
    return _say(asked).say(
        "You get this because you are on the list of “%(event)s”. To end mails like this one: %(link)s",
        event=_title(asked),
        link=link,
    )


def reminder_message(asked: Asked, key: str, at: datetime) -> Message:
    """Nobody has answered yet. The same key gives one mail."""
    say, event = _say(asked), asked.event
    deadline = (
        [Paragraph(say.say("Please answer by %(day)s.", day=say.day(event.answer_by)))] if event.answer_by else []
    )
    return _message(
        asked,
        REMINDER,
        key,
        at,
        subject=say.say("Reminder: %(event)s", event=_subject(asked)),
        opening=[
            Paragraph(say.say("We have no answer from you yet to our invitation to “%(event)s”.", event=_title(asked))),
            *deadline,
        ],
        button=say.say("Answer the invitation"),
        calendar="",
    )


def missing_message(asked: Asked, labels: Sequence[str], key: str, at: datetime) -> Message:
    """Something that the event needs to know is not there yet; `labels` name the questions."""
    say = _say(asked)
    opening = [Paragraph(say.say("A few things that we need for “%(event)s” are still missing.", event=_title(asked)))]
    opening += [Paragraph(f"– {label}") for label in labels]
    return _message(
        asked,
        MISSING,
        key,
        at,
        subject=say.say("Still missing: %(event)s", event=_subject(asked)),
        opening=opening,
        button=say.say("Add what is missing"),
        calendar="",
        is_brief=True,
    )


def application_message(asked: Asked, at: datetime) -> Message:
    """Somebody asked for a place on the public page: the link shows that the address is theirs."""
    say = _say(asked)
    return _message(
        asked,
        APPLICATION,
        str(new_id()),
        at,
        subject=say.say("Please confirm: %(event)s", event=_subject(asked)),
        opening=[
            Paragraph(
                say.say(
                    "You asked to take part in “%(event)s”. Please open the link and say yes; nothing is kept "
                    "for you before. If it was not you, do nothing.",
                    event=_title(asked),
                )
            )
        ],
        button=say.say("Confirm"),
        calendar="REQUEST",
    )


def link_message(asked: Asked, at: datetime) -> Message:
    """A lost link anew. The version makes each one a mail of its own."""
    say = _say(asked)
    return _message(
        asked,
        LINK,
        str(new_id()),
        at,
        subject=say.say("Your personal link: %(event)s", event=_subject(asked)),
        opening=[Paragraph(say.say("Here is your personal link to “%(event)s” again.", event=_title(asked)))],
        button=say.say("Open my page"),
        calendar="",
    )


def _say(asked: Asked) -> Words:
    return words(asked.person.language)


def _title(asked: Asked) -> str:
    return asked.event.title_in(asked.person.language)


def _subject(asked: Asked) -> str:
    return subject_of(asked.event, asked.project, _say(asked))


def _message(
    asked: Asked,
    kind: str,
    version: str,
    at: datetime,
    *,
    subject: str,
    opening: Sequence[Paragraph],
    button: str,
    calendar: str,
    draft: bool = False,
    ending: Sequence[str] = (),
    is_brief: bool = False,
) -> Message:
    say, event, project, person = _say(asked), asked.event, asked.project, asked.person
    subject, opening = own_words(asked, kind, subject, opening)
    parts: list[Any] = [greeting_to(person, say), *opening]
    parts.append(Facts(_facts(asked, say)[:2] if is_brief else _facts(asked, say)))
    if button:
        parts.append(Button(button, asked.link))
        parts.append(Paragraph(say.say("This link is yours alone. Please do not pass it on.")))
    letter = Letter(subject, parts, say.language, footer_of(project, say, *ending))
    return new_message(
        letter,
        kind=kind,
        dedupe_key=f"{kind}:{asked.invitation.id}:{version}",
        to_name=person.name,
        to_address=str(person.address),
        at=at,
        draft=draft,
        priority=3 if button and not draft else 5,
        expires_at=start_of_day(event.last_day + timedelta(days=1), event.zone),
        project_id=project.id,
        about_id=event.id,
        person_id=person.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
        calendar=_calendar(asked, calendar, at) if calendar else None,
        calendar_method=calendar or "REQUEST",
    )


def _answers_to(asked: Asked) -> str:
    """Where a calendar sends its answer: an address that this person alone is given, if we take mail at all."""
    settings = asked.settings
    if not settings.inbound_address:
        return asked.project.contact or settings.mail_from
    return address_about(About.answer, asked.invitation.id, settings.inbound_address, key_of(settings))


def _facts(asked: Asked, say: Words) -> list[tuple[str, str]]:
    event = asked.event
    rows = [
        (say.say("When"), say.days(event.first_day, event.last_day)),
        (say.say("Where"), event.venue),
        (say.say("Map"), event.map_url),
        (say.say("Online"), event.online_url),
        (say.say("Contact"), " · ".join(filter(None, [event.contact_name, event.contact_address]))),
    ]
    for session in asked.sessions[:40]:
        day = say.day(local(session.starts_at, event.zone).date(), "medium")
        times = f"{say.time(session.starts_at, event.zone)}–{say.time(session.ends_at, event.zone)}"
        rows.append((f"{day}, {times}", " · ".join(filter(None, [session.title_in(say.language), session.room]))))
    if asked.sessions:
        rows.append((say.say("Time zone"), event.zone))
    return [(name, value) for name, value in rows if value]


def _sequence(asked: Asked, method: str) -> int:
    """Rises with every mail that the last one must give way to: calling the event off has raised the event's own,
    taking an invitation back and naming the person anew have not."""
    takes_back = method == "CANCEL" and asked.event.state is not EventState.cancelled
    return asked.event.sequence + 2 * asked.invitation.round + int(takes_back)


def _calendar(asked: Asked, method: str, at: datetime) -> str:
    event, sessions = asked.event, asked.sessions
    one_day = event.first_day == event.last_day and sessions
    entry = Entry(
        uid=f"{event.id}@{asked.settings.uid_domain}",
        title=_subject(asked),
        starts=sessions[0].starts_at if one_day else event.first_day,
        ends=max(s.ends_at for s in sessions) if one_day else event.last_day,
        zone=event.zone,
        place=event.venue,
        text="\n".join(f"{name}: {value}" for name, value in _facts(asked, _say(asked))),
        sequence=_sequence(asked, method),
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
        created_at=event.created_at,
        changed_at=event.changed_at,
    )
    organiser = (asked.project.acronym, _answers_to(asked))
    person = (asked.person.name, str(asked.person.address))
    return mail_calendar(entry, method=method, organiser=organiser, participant=person, stamp=at)
