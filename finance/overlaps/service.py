"""Finding people of an event who are at another one on the same days, in whichever project."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from finance.overlaps.rules import JourneyOverlap


async def overlaps_of(db: AsyncSession, event: Event, caller: Caller) -> list[JourneyOverlap]:
    """By name, one query. Of another project's event only the days that both have are told."""
    mine, other, theirs = aliased(Registration), aliased(Registration), aliased(Person)
    found = await db.exec(
        select(mine.id, Person.name, Event)
        .join(Person, col(Person.id) == mine.person_id)
        .join(theirs, sa.or_(col(theirs.address_key) == Person.address_key, col(theirs.id) == Person.id))
        .join(other, sa.and_(col(other.person_id) == theirs.id, col(other.status) == RegistrationStatus.confirmed))
        .join(Event, col(Event.id) == other.event_id)
        .where(
            mine.event_id == event.id,
            mine.status == RegistrationStatus.confirmed,
            col(Event.id) != event.id,
            col(Event.state) != EventState.cancelled,
            col(Event.first_day) <= event.last_day,
            col(Event.last_day) >= event.first_day,
        )
        .order_by(col(Person.sort_key), col(Event.first_day), col(Event.id))
    )
    return [_told(registration, name, one, event, caller) for registration, name, one in found]


def _told(registration_id: UUID, name: str, one: Event, event: Event, caller: Caller) -> JourneyOverlap:
    first, last = max(one.first_day, event.first_day), min(one.last_day, event.last_day)
    if not caller.may(Right.money, one.project_id):
        return JourneyOverlap(registration_id, name, first, last)
    return JourneyOverlap(registration_id, name, first, last, one.id, one.title_in(caller.language))
