"""What people were told of an event, so that the next mail can say in words what changed since."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_
from core.i18n import LANGUAGES, Words
from events.invitations.snapshots.models import NotifiedSnapshot
from events.programme.agenda import service as agenda
from events.programme.agenda.rules import before_and_now, changes, span_in
from events.programme.events.models import Event, Session
from events.programme.events.rules import EventState

MOST = 30
# What it means that an event stood one way and now stands another. Whom a cancellation reaches reads no list.
_TURNS = {
    ("off", "on"): N_("The event had been cancelled. It takes place after all."),
    ("off", "postponed"): N_(
        "The event had been cancelled. It is to take place after all, on a day of which you hear from us."
    ),
    ("on", "postponed"): N_("The event is postponed. As soon as there is a new date, you hear from us."),
    ("postponed", "on"): N_("The event had been postponed. It now has a date."),
}


async def keep(db: AsyncSession, event: Event, content: dict[str, Any]) -> None:
    """Keep the event as it is told at its present sequence, once. Whoever calls holds the event's lock."""
    if await db.get(NotifiedSnapshot, (event.id, event.sequence)) is None:
        db.add(NotifiedSnapshot(event_id=event.id, sequence=event.sequence, content=content))


async def kept(db: AsyncSession, event_id: UUID, sequences: set[int]) -> dict[int, dict[str, Any]]:
    """The event as it was told at these sequences, as far as anybody was told."""
    found = await db.exec(
        select(NotifiedSnapshot).where(
            NotifiedSnapshot.event_id == event_id, col(NotifiedSnapshot.sequence).in_(sequences)
        )
    )
    return {snapshot.sequence: snapshot.content for snapshot in found}


def content_of(event: Event, sessions: Sequence[Session]) -> dict[str, Any]:
    """Whether it takes place, days, place and sessions, with the times of the clock in the event's zone."""
    return {
        "holds": {EventState.cancelled: "off", EventState.postponed: "postponed"}.get(event.state, "on"),
        "first_day": event.first_day.isoformat(),
        "last_day": event.last_day.isoformat(),
        "venue": event.venue,
        "online_url": event.online_url,
        "zone": event.zone,
        "hours": [clock.isoformat() if clock else None for clock in (event.start_time, event.end_time)],
        "sessions": [
            {**agenda.content_of(s, event.zone), "title": {language: s.title_in(language) for language in LANGUAGES}}
            for s in sessions
        ],
    }


def in_words(before: Mapping[str, Any], now: Mapping[str, Any], say: Words) -> list[str]:
    """What a reader of the earlier mail has to know, old and new beside each other; at most thirty lines."""

    # Of a programme its lines say the hours; what was told before these were kept had none.
    by_hours = not (before["sessions"] or now["sessions"])

    def days(content: Mapping[str, Any]) -> str:
        hours = content.get("hours", [None, None]) if by_hours else [None, None]
        starts, ends = (time.fromisoformat(clock) if clock else None for clock in hours)
        return say.span(date.fromisoformat(content["first_day"]), date.fromisoformat(content["last_day"]), starts, ends)

    def zone(content: Mapping[str, Any]) -> str:
        return say.zone(content["zone"], date.fromisoformat(content["first_day"]))

    facts = [
        (N_("When: %(before)s is now %(after)s"), days(before), days(now)),
        (N_("Where: %(before)s is now %(after)s"), before["venue"], now["venue"]),
        (N_("Online: %(before)s is now %(after)s"), before["online_url"], now["online_url"]),
        (N_("Time zone: %(before)s is now %(after)s"), zone(before), zone(now)),
    ]
    # What was told before this was kept says nothing about it.
    was, holds = before.get("holds", now["holds"]), now["holds"]
    lines = [say.translate(_TURNS[was, holds])] if (was, holds) in _TURNS else []
    lines += before_and_now(facts, say)
    moved = changes(_read(before, say.language), _read(now, say.language), span_in(say))
    return (lines + [say.translate(one.message, **one.facts) for one in moved])[:MOST]


def _read(content: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    return [{**one, "title": one["title"].get(language, one["title"]["en"])} for one in content["sessions"]]
