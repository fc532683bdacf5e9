"""The participant at the door: whoever holds a personal link."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.errors import NotFound, SignInNeeded
from core.security import fingerprint
from core.web import client_of
from directory.people.models import Person
from events.invitations.models import Invitation, PersonalLink
from events.invitations.rules import must_still_open
from events.programme.models import Event

T = TypeVar("T")


@dataclass(frozen=True)
class Guest:
    """One invitation, opened by its link; `is_new` until its page has been seen."""

    invitation_id: UUID
    event_id: UUID
    person_id: UUID
    name: str
    token: str
    is_new: bool = False


async def _participant(request: Request, at: Moment) -> Guest:
    token, (link, invitation, person, event) = await find_by_link(request, "personal-link", _find)
    request.state.language = request.cookies.get("heyet_language") or person.language
    must_still_open(link.revoked_at, event.last_day, at)
    return Guest(invitation.id, event.id, person.id, person.name, token, invitation.opened_at is None)


async def find_by_link(
    request: Request, kind: str, find: Callable[[AsyncSession, str], Awaitable[T | None]]
) -> tuple[str, T]:
    """The token of a mailed link and what stands behind it, found by its hash. Whoever guesses is slowed down."""
    is_api = request.url.path.startswith("/api/")
    token = _bearer(request) if is_api else request.path_params["token"]
    limits = request.app.state.limits
    hash = fingerprint(token)
    await limits.must_allow("240/minute", kind, hash)
    async with request.app.state.database.glance() as db:
        found = await find(db, hash)
    if found is None:
        await limits.must_allow("60/15 minutes", "guessed-link", client_of(request))
        raise NotFound()
    return token, found


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise SignInNeeded()
    return token.strip()


async def _find(db: AsyncSession, hash: str) -> tuple[PersonalLink, Invitation, Person, Event] | None:
    rows = await db.exec(
        select(PersonalLink, Invitation, Person, Event)
        .join(Invitation, col(Invitation.id) == PersonalLink.invitation_id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Event, col(Event.id) == Invitation.event_id)
        .where(PersonalLink.token_hash == hash)
    )
    return rows.first()


_participant.declares = "participant"  # type: ignore[attr-defined]
Participant = Annotated[Guest, Depends(_participant)]
