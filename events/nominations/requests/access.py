"""The focal point as caller: whoever holds the link of an institution."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor, ActorKind
from core.clock import Moment
from core.cookies import read_cookie
from core.i18n import best_language
from directory.people.models import Person
from events.invitations.invitations.access import find_by_link
from events.invitations.link_sessions.models import LinkSession
from events.invitations.link_sessions.rules import CodeNeeded
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee
from events.nominations.requests.rules import CallWithdrawn, is_link_over
from events.programme.events.service import lock_event


@dataclass(frozen=True)
class NominationCaller:
    """A focal point with the call that the link opens; no person where the link was printed for the institution."""

    call_id: UUID
    link_id: UUID
    person_id: UUID | None
    name: str
    language: str
    token: str
    answer_by: date
    opened_at: datetime | None
    session: LinkSession | None = None

    @property
    def may_see(self) -> bool:
        """Whether whom the institution named is shown: after a code, or because this browser named them."""
        return self.session is not None

    @property
    def session_id(self) -> UUID | None:
        return self.session.id if self.session else None

    @property
    def actor(self) -> Actor:
        """How the history names them."""
        return Actor(ActorKind.focal_point, self.person_id)


async def _focal_point(request: Request, at: Moment) -> NominationCaller:
    token, (link, call, person), session = await find_by_link(request, "call-link", _find, at=at)
    spoken = person.language if person else best_language(request.headers.get("accept-language", ""))
    request.state.language = read_cookie(request, "heyet_language") or spoken
    if link.revoked_at or call.withdrawn_at or is_link_over(call.answer_by, at=at):
        raise CallWithdrawn()
    return NominationCaller(
        call.id,
        link.id,
        person.id if person else None,
        person.name if person else "",
        request.state.language,
        token,
        call.answer_by,
        link.opened_at,
        session,
    )


async def _find(
    db: AsyncSession, by: str, value: object
) -> tuple[NominationLink, NominationRequest, Person | None] | None:
    found = await db.exec(
        select(NominationLink, NominationRequest, Person)
        .join(NominationRequest, col(NominationRequest.id) == NominationLink.call_id)
        .join(Person, col(Person.id) == NominationLink.person_id, isouter=True)
        .where(getattr(NominationLink, by) == value)
    )
    return found.first()


_focal_point.declares = "focal-point"  # type: ignore[attr-defined]
FocalPointCaller = Annotated[NominationCaller, Depends(_focal_point)]


async def _owner(caller: FocalPointCaller) -> NominationCaller:
    if not caller.may_see:
        raise CodeNeeded(page=f"/n/{caller.token}/code")
    return caller


_owner.declares = "owner"  # type: ignore[attr-defined]
# Who read a code in the focal point's mailbox, or the browser that gave all the names there are.
FocalPointOwner = Annotated[NominationCaller, Depends(_owner)]


async def must_be_author(db: AsyncSession, caller: NominationCaller) -> None:
    """Whoever holds the link may give names where there are none yet; changing them takes a code. Raises CodeNeeded."""
    if caller.may_see:
        return
    # Under the event's lock: what somebody else is giving at this moment counts.
    await lock_event(db, (await db.get_one(NominationRequest, caller.call_id)).event_id)
    given = await db.exec(select(Nominee.id).where(Nominee.call_id == caller.call_id).limit(1))
    if given.first() is not None:
        raise CodeNeeded(page=f"/n/{caller.token}/code")
