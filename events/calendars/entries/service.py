"""Sessions, events and deadlines as calendar entries, and what packages above add to a person's calendar."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.ical import Entry
from core.i18n import words
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import UNANSWERED
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event, Session
from events.programme.events.rules import EVENT_KINDS, SESSION_KINDS, EventState

Registered = Sequence[tuple[Registration, Event]]


@dataclass(frozen=True)
class Source:
    """Something of a package above that a person's calendar shows.

    `state` stands in the feed's own query, given the person's id there, and is another text after every change;
    `entries` are given the registrations shown, the domain of identifiers and the language.
    """

    state: Callable[[Any], ScalarSelect[str]]
    entries: Callable[[AsyncSession, Registered, str, str], Awaitable[list[Entry]]]


SOURCES: list[Source] = []


def event_entry(event: Event, domain: str, language: str) -> Entry:
    """An event without a programme: in its hours where it is of one day and they are known, or else as whole days."""
    starts, ends = event.hours or (event.first_day, event.last_day)
    return Entry(
        uid=f"{event.id}@{domain}",
        title=event.title_in(language),
        starts=starts,
        ends=ends,
        zone=event.zone,
        venue=event.venue,
        text=event.description_in(language),
        sequence=event.sequence,
        status=status_of(event),
        created_at=event.created_at,
        changed_at=event.changed_at,
        category=words(language).translate(EVENT_KINDS[event.kind]),
        conference=event.online_url,
    )


def session_entry(session: Session, event: Event, domain: str, language: str) -> Entry:
    """A session in its hours, with what is said of its event; a removed one says that it is off."""
    return Entry(
        uid=f"{session.id}@{domain}",
        title=session.title_in(language),
        starts=session.starts_at,
        ends=session.ends_at,
        zone=event.zone,
        venue=", ".join(filter(None, [session.room, event.venue])),
        text="\n\n".join(filter(None, [event.title_in(language), event.description_in(language)])),
        sequence=session.sequence + event.sequence,
        status="CANCELLED" if session.removed_at else status_of(event),
        created_at=session.created_at,
        changed_at=max(session.changed_at, event.changed_at),
        category=words(language).translate(SESSION_KINDS[session.kind]),
        conference=event.online_url,
    )


def deadline_entry(invitation: Invitation, event: Event, domain: str, language: str) -> Entry | None:
    """The last day for a person's answer; off as soon as they have answered. None where there is no such day."""
    if event.answer_by is None:
        return None
    is_awaited = invitation.status in UNANSWERED and status_of(event) == "CONFIRMED"
    title = words(language).translate("RSVP deadline: %(event)s", event=event.title_in(language))
    return Entry(
        uid=f"{invitation.id}@{domain}",
        title=title,
        starts=event.answer_by,
        ends=event.answer_by,
        zone=event.zone,
        venue="",
        text="",
        sequence=event.revision + invitation.answers + 2 * invitation.round,
        status="CONFIRMED" if is_awaited else "CANCELLED",
        created_at=invitation.nominated_at,
        changed_at=max(event.changed_at, invitation.answered_at or invitation.nominated_at),
        is_busy=False,
        category=words(language).translate("Deadline"),
    )


def entries_for(
    registration: Registration | None,
    event: Event,
    sessions: Sequence[Session],
    chosen: Mapping[tuple[UUID, UUID], bool],
    domain: str,
    language: str,
) -> list[Entry]:
    """An event as one person has it, by its sessions where there are any; without a registration they may come.

    Sessions with places of their own show if they were chosen; one that was left shows as cancelled: falling silent is
    not cancelling, some clients keep what vanishes.
    """
    if not sessions:
        return [as_theirs(event_entry(event, domain, language), registration)]
    id = registration.id if registration else event.id
    return [
        as_theirs(
            session_entry(s, event, domain, language),
            registration,
            is_left=s.capacity is not None and not chosen[id, s.id],
        )
        for s in sessions
        if s.capacity is None or (id, s.id) in chosen
    ]


def as_theirs(entry: Entry, registration: Registration | None, *, is_left: bool = False) -> Entry:
    """The entry as it stands for the one who registered."""
    status = entry.status
    if is_left or (registration and registration.status is RegistrationStatus.withdrawn):
        status = "CANCELLED"
    elif status != "CANCELLED" and (registration is None or registration.status is not RegistrationStatus.confirmed):
        status = "TENTATIVE"
    if registration is None:
        return replace(entry, status=status)
    return replace(
        entry,
        status=status,
        sequence=entry.sequence + registration.revision,
        changed_at=max(entry.changed_at, registration.changed_at),
    )


def status_of(event: Event) -> str:
    """Of an event, and so of all that hangs on it, in the words of iCalendar."""
    return {EventState.cancelled: "CANCELLED", EventState.postponed: "TENTATIVE"}.get(event.state, "CONFIRMED")
