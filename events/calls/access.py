"""The focal point at the door: whoever holds the link of an institution."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from directory.people.models import Person
from events.calls.models import Call, CallLink
from events.calls.rules import CallWithdrawn, is_link_over
from events.invitations.access import find_by_link


@dataclass(frozen=True)
class Namer:
    """A focal point with the call that the link opens."""

    call_id: UUID
    link_id: UUID
    person_id: UUID
    name: str
    language: str
    token: str
    answer_by: date
    opened_at: datetime | None


async def _focal_point(request: Request, at: Moment) -> Namer:
    token, (link, call, person) = await find_by_link(request, "call-link", _find)
    request.state.language = request.cookies.get("heyet_language") or person.language
    if link.revoked_at or call.withdrawn_at or is_link_over(call.answer_by, at):
        raise CallWithdrawn()
    return Namer(
        call.id, link.id, person.id, person.name, person.language, token, call.answer_by, link.opened_at
    )


async def _find(db: AsyncSession, hash: str) -> tuple[CallLink, Call, Person] | None:
    found = await db.exec(
        select(CallLink, Call, Person)
        .join(Call, col(Call.id) == CallLink.call_id)
        .join(Person, col(Person.id) == CallLink.person_id)
        .where(CallLink.token_hash == hash)
    )
    return found.first()


_focal_point.declares = "focal-point"  # type: ignore[attr-defined]
FocalPoint = Annotated[Namer, Depends(_focal_point)]
