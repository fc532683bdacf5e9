"""Taking over a programme that was pasted, in one step, and taking it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.web import checked
from core.zones import days_between, local
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import find_people_by_name
from events.programme.agenda.models import SessionPerson
from events.programme.agenda.rules import SessionRole
from events.programme.agenda.service import last_pasted, last_version
from events.programme.events.models import Event, Session
from events.programme.events.rules import must_take_place
from events.programme.events.schemas import SessionIn
from events.programme.events.service import get_event, list_sessions, lock_event_for, note_change, write_session
from events.programme.pasted_programmes import rules
from events.programme.pasted_programmes.rules import LineRole, PastedLine


@dataclass(frozen=True)
class ProposedLine:
    """A line, whom of the project it names, and its title: names that nobody in the project has stay in it.
    `is_there` where the agenda has a session of this title at this time."""

    line: PastedLine
    title: str
    people: Sequence[tuple[SessionRole, Person]]
    is_there: bool

    @property
    def is_new(self) -> bool:
        """Whether it can be taken over and is not there yet."""
        return self.line.span is not None and not self.is_there


async def propose(db: AsyncSession, event_id: UUID, text: str, caller: Caller) -> tuple[Event, list[ProposedLine]]:
    """What each line becomes; nothing is written. Raises NothingRead where no line is a session."""
    event = await get_event(db, event_id, caller)
    return event, await _proposed(db, event, text)


async def _proposed(db: AsyncSession, event: Event, text: str) -> list[ProposedLine]:
    lines = rules.read_programme(text, days_between(event.first_day, event.last_day))
    if not any(one.role is LineRole.session for one in lines):
        raise rules.NothingRead("text")
    names = {name for one in lines for name in (*one.speakers, *one.moderators)}
    known = await find_people_by_name(db, event.project_id, {rules.bare_name(name) for name in names})
    there = {(local(s.starts_at, event.zone).replace(tzinfo=None), s.title) for s in await list_sessions(db, event.id)}
    return [_propose(one, known, there) for one in lines]


def _propose(
    one: PastedLine, known: Mapping[str, list[Person]], there: Collection[tuple[datetime, str]]
) -> ProposedLine:
    people: list[tuple[SessionRole, Person]] = []
    unknown: list[str] = []
    for role, names in ((SessionRole.speaker, one.speakers), (SessionRole.moderator, one.moderators)):
        for name in names:
            found = known.get(rules.bare_name(name), [])
            if len(found) == 1:
                people.append((role, found[0]))
            else:
                unknown.append(name)
    title = " – ".join(filter(None, [one.title, ", ".join(unknown)]))
    if len(title) > rules.MOST_IN_TITLE:
        title = one.title
    is_there = one.span is not None and (one.span[0], title) in there
    return ProposedLine(one, title, list({(role, p.id): (role, p) for role, p in people}.values()), is_there)


async def take_over(
    db: AsyncSession,
    event_id: UUID,
    text: str,
    caller: Caller,
    *,
    at: datetime,
    key: UUID,
    lines: Collection[int] | None = None,
) -> list[Session]:
    """Write the sessions of those lines, or of all that are new. The same key twice writes them once; nobody gets a
    mail. Raises NothingRead where nothing is left to write, Unacceptable where the agenda would be too long."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    there = await list_sessions(db, event.id)
    if done := [one for one in there if one.pasted_id == key]:
        return done
    wanted = [
        (one, one.line.span)
        for one in await _proposed(db, event, text)
        if (one.is_new if lines is None else one.line.number in lines) and one.line.span
    ]
    if not wanted:
        raise rules.NothingRead("text")
    if len(there) + len(wanted) > rules.MOST_SESSIONS:
        raise Unacceptable("text", N_("An agenda holds at most %(most)s sessions."), most=rules.MOST_SESSIONS)
    made = [await _write(db, event, one, span, key, at=at) for one, span in wanted]
    audit.record(
        db,
        "programme.pasted",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        sessions=len(made),
    )
    await note_change(db, event, caller, at=at, moved=False)
    return made


async def _write(
    db: AsyncSession, event: Event, one: ProposedLine, span: tuple[datetime, datetime], key: UUID, *, at: datetime
) -> Session:
    said = {"title": one.title, "kind": one.line.kind, "room": one.line.room, "starts": span[0], "ends": span[1]}
    given: SessionIn = checked(SessionIn, said)
    session = write_session(db, event, given, at=at)
    session.pasted_id = key
    await db.flush()
    db.add_all(SessionPerson(session_id=session.id, person_id=p.id, role=role) for role, p in one.people)
    return session


async def undo(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Take the sessions of the last paste out again; how many those were. Raises NothingPasted, also once the
    programme was published with them."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    found = last_pasted(await list_sessions(db, event.id), await last_version(db, event.id))
    if not found:
        raise rules.NothingPasted()
    for session in found:
        session.removed_at = session.changed_at = at
        session.sequence += 1
    audit.record(
        db,
        "programme.unpasted",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        sessions=len(found),
    )
    await note_change(db, event, caller, at=at, moved=False)
    return len(found)
