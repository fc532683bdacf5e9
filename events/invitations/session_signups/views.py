"""Who has a place in a session that people choose, and who waits for one: to look at, and to take along."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.i18n import words
from core.paging import Page, Paging, at_most, ordered, paged, sorting
from core.zones import local
from directory.accounts.access import Caller
from directory.people.models import Institution, Person, name_of_institution
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.session_signups.clashes import chosen_at_the_time_of, has_seat
from events.invitations.session_signups.models import SessionSignup
from events.invitations.session_signups.rules import (
    HEADS,
    SIGNUP_STATES,
    NothingToChoose,
    SignupLine,
    SignupState,
    signup_state,
)
from events.invitations.session_signups.service import taken_seats
from events.programme.events.models import Event, Session
from events.programme.events.service import get_event

# Of one session; a whole event has fewer places.
MOST = 10_000
_SINCE = sa.func.coalesce(col(SessionSignup.waiting_since), col(SessionSignup.taken_at))
# Who has a seat stands before who waits, each in the order of coming.
_USUAL = (sa.case((has_seat(), 0), else_=1), _SINCE, col(SessionSignup.id))
_COLUMNS = {"name": col(Person.sort_key), "institution": col(Institution.sort_key), "since": _SINCE}
SignupPaging = Annotated[Paging, sorting(*_COLUMNS)]


async def session_to_choose(
    db: AsyncSession, event_id: UUID, session_id: UUID, caller: Caller
) -> tuple[Event, Session]:
    """A session that has places of its own. Raises NotFound, NothingToChoose where everybody takes part."""
    event = await get_event(db, event_id, caller)
    session = await db.get(Session, session_id)
    if session is None or session.event_id != event.id or session.removed_at:
        raise NotFound()
    if session.capacity is None:
        raise NothingToChoose()
    return event, session


async def list_signups(
    db: AsyncSession, session: Session, page_request: Paging, language: str
) -> tuple[Page[SignupLine], int]:
    """Who has a place, in the order of coming, then who waits in theirs, unless a column was asked for; and how many
    places are taken or kept."""
    taken = (await taken_seats(db, [session.id])).get(session.id, 0)
    rows = _signups_of(session.id).order_by(*ordered(page_request, _COLUMNS, *_USUAL))
    page = await paged(db, rows, page_request)
    return Page(await _lines(db, session, page.rows, language, taken), page.total, page.page, page.limit), taken


async def export_signups(
    db: AsyncSession, event: Event, session: Session, caller: Caller, language: str, *, at: datetime
) -> list[list[object]]:
    """The list of a session whole, with a line of headings. Who took it out, and how long it was, is noted."""
    say = words(language)
    taken = (await taken_seats(db, [session.id])).get(session.id, 0)
    rows_found = await db.exec(_signups_of(session.id).order_by(*_USUAL).limit(at_most(MOST)))
    lines = await _lines(db, session, rows_found.all(), language, taken)
    audit.record(
        db,
        "people.exported",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(lines),
        session=session.id,
    )
    rows: list[list[object]] = [[say.translate(head) for head in HEADS]]
    for one in lines:
        since, until = local(one.since, event.zone), local(one.until, event.zone) if one.until else None
        rows.append(
            [
                one.name,
                one.institution,
                say.translate(SIGNUP_STATES[one.state]),
                one.position or "",
                f"{since:%Y-%m-%d %H:%M}",
                f"{until:%Y-%m-%d %H:%M}" if until else "",
                ", ".join(one.clashes_with),
            ]
        )
    return rows


def _signups_of(session_id: UUID) -> Any:
    """Those of people who have a place at the event, each with its number in the usual order."""
    number = sa.func.row_number().over(order_by=_USUAL)
    return (
        sa.select(SessionSignup, col(Registration.invitation_id), col(Person.name), Institution, number)
        .join(Registration, col(Registration.id) == SessionSignup.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .outerjoin(Institution, col(Institution.id) == Person.institution_id)
        .where(
            col(SessionSignup.session_id) == session_id,
            col(SessionSignup.left_at).is_(None),
            col(Registration.status) == RegistrationStatus.confirmed,
        )
    )


async def _lines(
    db: AsyncSession, session: Session, rows: Sequence[Any], language: str, taken: int
) -> list[SignupLine]:
    """What stands in the list; who waits is numbered after those `taken` places."""
    there = await chosen_at_the_time_of(db, session, [signup.registration_id for signup, *_ in rows])
    titles = {id: [one.title_in(language) for one in others] for id, others in there.items()}
    return [
        _line(
            signup,
            invitation_id,
            name,
            name_of_institution(institution, language),
            number - taken,
            titles.get(signup.registration_id, []),
        )
        for signup, invitation_id, name, institution, number in rows
    ]


def _line(
    signup: SessionSignup, invitation_id: UUID, name: str, institution: str, number: int, clashes_with: list[str]
) -> SignupLine:
    state = signup_state(signup.waiting_since, signup.offered_until)
    return SignupLine(
        invitation_id=invitation_id,
        name=name,
        institution=institution,
        state=state,
        position=number if state is SignupState.waiting else None,
        since=signup.waiting_since or signup.taken_at,
        until=signup.offered_until,
        clashes_with=clashes_with,
    )
