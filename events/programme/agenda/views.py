"""What the pages of an event's agenda show."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.i18n import words
from core.pages import View
from core.zones import day_in, days_between, local
from directory.accounts.access import Caller
from directory.people.models import Institution
from events.programme.agenda import service
from events.programme.agenda.rules import SESSION_ROLES, room_key
from events.programme.events.models import Event, Session
from events.programme.events.rules import SESSION_KINDS
from events.programme.events.service import get_event, list_sessions
from events.programme.events.views import count_readers
from notifications.outbox.service import count_by_state

EVENT, SESSION, ROOMS = "events/event.html", "events/session.html", "events/venue_rooms.html"


def event_page(event_id: UUID, caller: Caller, *, after: UUID | None = None, edited: UUID | None = None) -> View:
    """The agenda by day with its people, its clashes, and what changed since it was published. The session to add
    begins where that of `after` ends, or else the last one; the row of `edited` is a form."""

    async def view(db: AsyncSession) -> Mapping[str, Any]:
        event = await get_event(db, event_id, caller)
        sessions = await list_sessions(db, event_id)
        roles = await service.roles_of(db, [s.id for s in sessions])
        rooms = await service.list_rooms(db, event_id)
        version, changed = await service.what_changed(db, event, words(caller.language))
        by_day = groupby(sessions, lambda s: day_in(event.zone, at=s.starts_at))
        return {
            "event": event,
            "session_kinds": SESSION_KINDS,
            "tab": "programme",
            "roles": roles,
            "role_names": SESSION_ROLES,
            "agenda": [(day, list(items)) for day, items in by_day],
            "clashes": service.clashes_of(event, sessions, roles, rooms),
            "venue_rooms": rooms,
            "version": version,
            "changed": changed,
            "fresh": _next(event, sessions, after),
            "after": after,
            "pasted": len(service.last_pasted(sessions, version)),
            **await _edited(db, event, sessions, edited),
            "days": days_between(event.first_day, event.last_day),
            "mail_counts": await count_by_state(db, event_id),
            "readers": await count_readers(db, event),
            "history": await audit.history(db, event_id),
        }

    return view


def _next(event: Event, sessions: Sequence[Session], after: UUID | None) -> Mapping[str, str]:
    """Day, start and room of what is likely to follow."""
    last = next((one for one in sessions if one.id == after), sessions[-1] if sessions else None)
    if last is None:
        starts = f"{event.start_time:%H:%M}" if event.start_time else ""
        return {"day": event.first_day.isoformat(), "starts": starts, "room": ""}
    ends = local(last.ends_at, event.zone)
    return {"day": ends.date().isoformat(), "starts": f"{ends:%H:%M}", "room": last.room}


async def _edited(
    db: AsyncSession, event: Event, sessions: Sequence[Session], edited: UUID | None
) -> Mapping[str, Any]:
    """The session whose row is a form, what its fields hold, and its host."""
    one = next((one for one in sessions if one.id == edited), None)
    if one is None:
        return {"row": None}
    starts, ends = local(one.starts_at, event.zone), local(one.ends_at, event.zone)
    host = await db.get(Institution, one.host_id) if one.host_id else None
    shown = {"day": starts.date().isoformat(), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    kept = {"title_en": one.title_en, "title_tr": one.title_tr, "host": host.name if host else ""}
    return {"row": one, "row_fields": shown, "row_kept": kept}


def session_page(event_id: UUID, session_id: UUID, caller: Caller) -> View:
    async def view(db: AsyncSession) -> Mapping[str, Any]:
        shown: dict[str, Any] = dict(await event_page(event_id, caller)(db))
        found = [s for _, items in shown["agenda"] for s in items if s.id == session_id]
        if not found:
            raise NotFound()
        zone = shown["event"].zone
        return shown | {
            "session": found[0],
            "starts": local(found[0].starts_at, zone),
            "ends": local(found[0].ends_at, zone),
            "people": shown["roles"].get(session_id, []),
            "host": await db.get(Institution, found[0].host_id) if found[0].host_id else None,
        }

    return view


def rooms_page(event_id: UUID, caller: Caller, edit: UUID | None = None) -> View:
    """The rooms of the venue, each with the sessions that name it."""

    async def view(db: AsyncSession) -> Mapping[str, Any]:
        event = await get_event(db, event_id, caller)
        rooms = await service.list_rooms(db, event_id)
        sessions = await list_sessions(db, event_id)
        used: dict[str, list[Session]] = {}
        for session in sessions:
            used.setdefault(room_key(session.room), []).append(session)
        return {
            "event": event,
            "tab": "programme",
            "rooms": [(one, used.get(room_key(one.name), [])) for one in rooms],
            "clashes": service.clashes_of(event, sessions, {}, rooms),
            "editing": next((one for one in rooms if one.id == edit), None),
            "history": await audit.history(db, event_id),
        }

    return view
