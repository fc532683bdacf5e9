"""The participant: whoever holds a personal link, and of them who may see what was told under it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.cookies import read_cookie
from core.errors import NotFound, SignInNeeded
from core.guesses import slowing_guesses
from core.inputs import once
from core.limits import limits_of
from core.security import hash_token
from core.zones import utc_day
from directory.people.models import Person
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.invitations.rules import must_still_open
from events.invitations.link_sessions.models import LinkSession
from events.invitations.link_sessions.rules import CodeNeeded, link_cookie
from events.invitations.link_sessions.service import find_session
from events.programme.events.models import Event

T = TypeVar("T", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Guest:
    """One invitation, opened by its link; `is_new` until its page has been seen.

    `may_see` what was told: by a code from the owner's mailbox (`is_confirmed`), or because this browser told it.
    """

    link_id: UUID
    invitation_id: UUID
    event_id: UUID
    person_id: UUID
    name: str
    token: str
    is_new: bool = False
    session: LinkSession | None = None

    @property
    def may_see(self) -> bool:
        return self.session is not None

    @property
    def is_confirmed(self) -> bool:
        return self.session is not None and self.session.is_confirmed

    @property
    def session_id(self) -> UUID | None:
        return self.session.id if self.session else None


async def _participant(request: Request, at: Moment) -> Guest:
    return await guest_of(request, at=at)


async def guest_of(request: Request, *, at: datetime, outlives_event: bool = False) -> Guest:
    """Who opens their personal link. Raises NotFound, and LinkIsOver once it was revoked or, unless what is opened
    `outlives_event`, some time after the event."""
    token, found, session = await find_by_link(request, "personal-link", _find, at=at)
    link, opened_at, event_id, last_day, person_id, name, language = found
    request.state.language = read_cookie(request, "heyet_language") or language
    must_still_open(link.revoked_at, utc_day(at) if outlives_event else last_day, at=at)
    return Guest(link.id, link.invitation_id, event_id, person_id, name, token, opened_at is None, session)


async def find_by_link(
    request: Request,
    kind: str,
    find: Callable[[AsyncSession, str, object], Awaitable[T | None]],
    *,
    at: datetime,
) -> tuple[str, T, LinkSession | None]:
    """The token of a mailed link, what stands behind it, and the session of who may see what was told under it.

    `find` reads the link of which a column (`token_hash`, `id`) has some value, and what belongs to it. A page has the
    link in its address and the session in a cookie; a program sends either as its bearer token. Whoever guesses is
    slowed down. Asked once for a request.
    """
    return await once(request, kind, partial(_find_by_link, request, kind, find, at=at))


async def _find_by_link(
    request: Request,
    kind: str,
    find: Callable[[AsyncSession, str, object], Awaitable[T | None]],
    *,
    at: datetime,
) -> tuple[str, T, LinkSession | None]:
    is_api = request.url.path.startswith("/api/")
    token = _bearer(request) if is_api else request.path_params["token"]
    hash = hash_token(token)
    await limits_of(request).must_allow("240/minute", kind, hash)
    async with slowing_guesses(request), request.app.state.database.autocommit_read() as db:
        found = await find(db, "token_hash", hash)
        session = None
        if found is None and is_api:
            session = await find_session(db, token, at=at)
            found = await find(db, "id", session.link_id) if session else None
        elif found is not None and (cookie := read_cookie(request, link_cookie(found[0].id))):
            session = await find_session(db, cookie, at=at)
            session = session if session and session.link_id == found[0].id else None
        if found is None:
            raise NotFound()
    return token, found, session


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise SignInNeeded()
    return token.strip()


async def _find(db: AsyncSession, by: str, value: object) -> Any:
    """The link, and of whom and what it is about as much as letting in needs; nothing is decrypted for that."""
    return (await db.exec(_found(by), params={"value": value})).first()


@cache
def _found(by: str) -> Any:
    about = (Invitation.opened_at, Event.id, Event.last_day, Person.id, Person.name, Person.language)
    return (
        sa.select(PersonalLink, *(col(one) for one in about))
        .join(Invitation, col(Invitation.id) == PersonalLink.invitation_id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(getattr(PersonalLink, by) == sa.bindparam("value"))
    )


_participant.declares = "participant"  # type: ignore[attr-defined]
Participant = Annotated[Guest, Depends(_participant)]


async def _confirmed(participant: Participant) -> Guest:
    if not participant.is_confirmed:
        raise CodeNeeded(page=f"/i/{participant.token}/code")
    return participant


async def _owner(participant: Participant) -> Guest:
    if not participant.may_see:
        raise CodeNeeded(page=f"/i/{participant.token}/code")
    return participant


_confirmed.declares = "confirmed-participant"  # type: ignore[attr-defined]
_owner.declares = "owner"  # type: ignore[attr-defined]
# Who read a code in the owner's mailbox; and beside them the browser that told all there is to see.
ConfirmedParticipant = Annotated[Guest, Depends(_confirmed)]
Owner = Annotated[Guest, Depends(_owner)]


async def _respondent(request: Request, at: Moment) -> Guest:
    """The link of a follow-up is mailed months after the event, when it opens nothing else any more."""
    return await guest_of(request, at=at, outlives_event=True)


_respondent.declares = "participant"  # type: ignore[attr-defined]
Respondent = Annotated[Guest, Depends(_respondent)]
