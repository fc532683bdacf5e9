"""What pages of an event show beside it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.zones import day_in, is_zone_of
from directory.components.models import Component
from events.programme.events.models import Event
from events.programme.events.rules import EventState, PlacesToGive, doubtful_days
from notifications.batches.service import begun

# How many people slices above would write to where time or place of an event moves.
READERS: list[Callable[[AsyncSession, UUID], Awaitable[int]]] = []


# How many of those who wait would get a place by themselves, as an event stands now.
MOVING_UP: list[Callable[..., Awaitable[int]]] = []


async def count_readers(db: AsyncSession, event: Event) -> int:
    """How many people would be told that time or place has moved; of a draft nobody knows yet."""
    if event.state is EventState.draft:
        return 0
    return sum([await count(db, event.id) for count in READERS])


async def must_have_agreed(db: AsyncSession, event: Event, agreed: object, *, at: datetime) -> None:
    """After a step by which those who wait may move up, by themselves and told at once: to how many, where they are
    several, has to be what whoever does it was told (`agreed`, as typed). Raises PlacesToGive."""
    if not db.info.get("fills"):
        return
    await db.flush()
    count = sum([await count_in(db, event, at=at) for count_in in MOVING_UP])
    if count > 1 and str(agreed) != str(count):
        raise PlacesToGive(count=count)


async def where_to_send(db: AsyncSession, event: Event) -> str:
    """Where a step leads that writes mails which wait; nowhere, if it writes none."""
    job = begun(db)
    return f"/mail/batches?about={event.id}&job={job}" if job and await count_readers(db, event) else ""


async def reports_to(db: AsyncSession, event: Event) -> Component | None:
    return await db.get(Component, event.component_id) if event.component_id else None


async def list_series(db: AsyncSession, event: Event) -> list[Event]:
    """The events of its series by date, or none where it stands alone."""
    if event.series_id is None:
        return []
    found = await db.exec(
        select(Event).where(Event.series_id == event.series_id).order_by(col(Event.first_day)).limit(100)
    )
    return list(found.all())


def warnings_of(event: Event, *, at: datetime) -> list[str]:
    """What looks like a slip about its days, as messages for the catalogues."""
    today, is_there = day_in(event.zone, at=at), is_zone_of(event.zone, event.country)
    return doubtful_days(event.last_day, event.answer_by, event.names_freeze_on, today=today, is_zone_there=is_there)
