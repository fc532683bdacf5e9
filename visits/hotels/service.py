"""Entering hotels and the rooms that they keep."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from directory.accounts.access import Caller
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.hotels.rules import HotelInUse, HotelKnown
from visits.hotels.schemas import BlockIn, HotelIn

# What hangs on a hotel's name and address, told after they changed; filled by the wiring.
CHANGED: list[Callable[..., Awaitable[None]]] = []
# Of one visit: a delegation of hundreds sleeps in a handful.
MOST_HOTELS, MOST_BLOCKS = 50, 200


async def add_hotel(db: AsyncSession, event_id: UUID, given: HotelIn, caller: Caller, *, at: datetime) -> Hotel:
    """Raises NotFound, HotelKnown, EventIsOff."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    return await put_hotel(db, event, given, caller.signature["by"], at=at)


async def put_hotel(db: AsyncSession, event: Event, given: HotelIn, by: audit.Actor, *, at: datetime) -> Hotel:
    """`add_hotel` for whoever has been let in and holds the event's lock."""
    there = await list_hotels(db, event.id)
    _must_be_new(given.name, there)
    if len(there) >= MOST_HOTELS:
        raise Unacceptable("name", N_("More than %(count)s hotels are not kept."), count=MOST_HOTELS)
    hotel = Hotel(event_id=event.id, **given.model_dump())
    db.add(hotel)
    audit.record(db, "hotel.added", event.id, at=at, project_id=event.project_id, by=by, hotel=hotel.id)
    await db.flush()
    return hotel


async def change_hotel(
    db: AsyncSession, event_id: UUID, hotel_id: UUID, given: HotelIn, caller: Caller, *, at: datetime
) -> Hotel:
    """Raises NotFound, HotelKnown."""
    event = await lock_event_for(db, event_id, caller)
    hotel = await hotel_in(db, event_id, hotel_id)
    _must_be_new(given.name, [one for one in await list_hotels(db, event_id) if one.id != hotel_id])
    shown = (hotel.name, hotel.address, hotel.city, hotel.country)
    for name, value in given.model_dump().items():
        setattr(hotel, name, value)
    if (hotel.name, hotel.address, hotel.city, hotel.country) != shown:
        for tell in CHANGED:
            await tell(db, hotel, at=at)
    _note(db, "hotel.changed", event, caller, at=at, hotel=hotel_id)
    await db.flush()
    return hotel


async def remove_hotel(db: AsyncSession, event_id: UUID, hotel_id: UUID, caller: Caller, *, at: datetime) -> None:
    """With its blocks. Raises NotFound, HotelInUse where anything else hangs on it."""
    event = await lock_event_for(db, event_id, caller)
    hotel = await hotel_in(db, event_id, hotel_id)
    hanging = [
        table
        for table in Hotel.metadata.sorted_tables
        if "hotel_id" in table.c and table.name != RoomBlock.__tablename__
    ]
    for table in hanging:
        if (await db.exec(sa.select(table.c.id).where(table.c.hotel_id == hotel_id).limit(1))).first():  # type: ignore[call-overload]
            raise HotelInUse()
    for block in await db.exec(select(RoomBlock).where(RoomBlock.hotel_id == hotel_id)):
        await db.delete(block)
    await db.flush()
    await db.delete(hotel)
    _note(db, "hotel.removed", event, caller, at=at, hotel=hotel_id)
    await db.flush()


async def add_block(
    db: AsyncSession, event_id: UUID, hotel_id: UUID, given: BlockIn, caller: Caller, *, at: datetime
) -> RoomBlock:
    """Rooms that the hotel keeps from now on. Raises NotFound, Unacceptable."""
    event = await lock_event_for(db, event_id, caller)
    await hotel_in(db, event_id, hotel_id)
    if len(await list_blocks(db, event_id)) >= MOST_BLOCKS:
        raise Unacceptable("rooms", N_("More than %(count)s blocks are not kept."), count=MOST_BLOCKS)
    block = RoomBlock(event_id=event_id, hotel_id=hotel_id, **given.values())
    db.add(block)
    _note(db, "block.added", event, caller, at=at, hotel=hotel_id, rooms=given.rooms)
    await db.flush()
    return block


async def change_block(
    db: AsyncSession, event_id: UUID, block_id: UUID, given: BlockIn, caller: Caller, *, at: datetime
) -> RoomBlock:
    """Another number, span or rate, or rooms given back. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    block = await block_in(db, event_id, block_id)
    for name, value in given.values().items():
        setattr(block, name, value)
    _note(db, "block.changed", event, caller, at=at, hotel=block.hotel_id, rooms=given.rooms, released=given.released)
    await db.flush()
    return block


async def remove_block(db: AsyncSession, event_id: UUID, block_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns whose it was. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    block = await block_in(db, event_id, block_id)
    await db.delete(block)
    _note(db, "block.removed", event, caller, at=at, hotel=block.hotel_id)
    await db.flush()
    return block.hotel_id


async def hotel_in(db: AsyncSession, event_id: UUID, hotel_id: UUID) -> Hotel:
    """Raises NotFound unless it belongs to the event."""
    hotel = await db.get(Hotel, hotel_id)
    if hotel is None or hotel.event_id != event_id:
        raise NotFound()
    return hotel


async def block_in(db: AsyncSession, event_id: UUID, block_id: UUID) -> RoomBlock:
    """Raises NotFound unless it belongs to the event."""
    block = await db.get(RoomBlock, block_id)
    if block is None or block.event_id != event_id:
        raise NotFound()
    return block


async def list_hotels(db: AsyncSession, event_id: UUID) -> list[Hotel]:
    """By name."""
    found = await db.exec(select(Hotel).where(Hotel.event_id == event_id).order_by(col(Hotel.name), col(Hotel.id)))
    return list(found.all())


async def list_blocks(db: AsyncSession, event_id: UUID) -> list[RoomBlock]:
    """Of all hotels of the event, as they begin."""
    found = await db.exec(
        select(RoomBlock).where(RoomBlock.event_id == event_id).order_by(col(RoomBlock.check_in), col(RoomBlock.id))
    )
    return list(found.all())


async def list_rooms(db: AsyncSession, event_id: UUID) -> list[Room]:
    """Of all hotels of the event, by their number."""
    found = await db.exec(select(Room).where(Room.event_id == event_id).order_by(col(Room.hotel_id), col(Room.number)))
    return list(found.all())


def _must_be_new(name: str, there: list[Hotel]) -> None:
    if name.casefold() in {hotel.name.casefold() for hotel in there}:
        raise HotelKnown("name")


def _note(db: AsyncSession, act: str, event: Event, caller: Caller, *, at: datetime, **facts: UUID | int) -> None:
    by = caller.signature["by"]
    audit.record(db, act, event.id, at=at, by=by, project_id=event.project_id, reason="", **facts)
