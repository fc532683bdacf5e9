"""Requests whose letter nobody has: not written, discarded, or to be printed."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import FocalPoint, Institution, Person
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee


async def untold(
    db: AsyncSession, event_id: UUID, wanted: sa.ColumnElement[bool], asked: tuple[int, date]
) -> list[NominationRequest]:
    """Of these institutions the requests that nobody has a link to and that named nobody, where a letter can be written
    or something else is asked than before."""
    found = await db.exec(
        select(NominationRequest)
        .join(Institution, col(Institution.id) == NominationRequest.institution_id)
        .where(
            NominationRequest.event_id == event_id,
            wanted,
            col(NominationRequest.withdrawn_at).is_(None),
            ~sa.exists().where(col(NominationLink.call_id) == NominationRequest.id),
            ~sa.exists().where(col(Nominee.call_id) == NominationRequest.id),
        )
        .order_by(Institution.sort_key)
        .limit(500)
    )
    requests = found.all()
    to_write = set(await unwritten(db, event_id)) if requests else set()
    return [one for one in requests if one.id in to_write or (one.capacity, one.answer_by) != asked]


async def unwritten(db: AsyncSession, event_id: UUID) -> Sequence[UUID]:
    """Requests with a focal point who can be written to and was not: they came later."""
    has_link = sa.exists().where(
        col(NominationLink.call_id) == NominationRequest.id, col(NominationLink.person_id) == FocalPoint.person_id
    )
    found = await db.exec(
        select(NominationRequest.id)
        .join(FocalPoint, col(FocalPoint.institution_id) == NominationRequest.institution_id)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(
            NominationRequest.event_id == event_id,
            col(NominationRequest.withdrawn_at).is_(None),
            col(Person.address).is_not(None),
            ~has_link,
        )
        .distinct()
    )
    return found.all()


async def calls_to_print(db: AsyncSession, event_id: UUID) -> list[NominationRequest]:
    """Open requests of institutions that nobody can be written to at, by name."""
    has_focal_point = (
        sa.exists()
        .where(col(FocalPoint.institution_id) == NominationRequest.institution_id)
        .where(col(Person.id) == FocalPoint.person_id, col(Person.address).is_not(None))
    )
    found = await db.exec(
        select(NominationRequest)
        .join(Institution, col(Institution.id) == NominationRequest.institution_id)
        .where(NominationRequest.event_id == event_id, col(NominationRequest.withdrawn_at).is_(None), ~has_focal_point)
        .order_by(Institution.sort_key)
        .limit(500)
    )
    return list(found.all())
