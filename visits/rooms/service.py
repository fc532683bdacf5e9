"""Putting people into rooms, and proposing who could share one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import NotFound
from core.paging import sorted_rows
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import takes_part
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from visits.checks.rules import TravelFinding
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.hotels.rules import RoomType, SharingWish
from visits.hotels.service import hotel_in, list_blocks, list_hotels, list_rooms
from visits.rooms.models import EventRooms, HotelRooms, RoomedGuest, RoomLine, RoomProposed
from visits.rooms.rules import (
    OtherHotel,
    RoomFull,
    RoomingChanged,
    RoomThere,
    RoomWanted,
    RoomWish,
    allotted,
    named_in,
    propose_rooms,
    room_findings,
)
from visits.rooms.schemas import RoomIn
from visits.stays.models import Stay
from visits.stays.rules import is_room_free
from visits.travel_details.models import TravelDetails

_ROOM_SORTS: Mapping[str, Callable[[RoomLine], Any]] = {
    "number": lambda line: line.room.number,
    "type": lambda line: (list(RoomType).index(line.room.room_type), line.room.board),
    "guests": lambda line: sort_key(line.guests[0].name) if line.guests else None,
}


async def rooms_of(db: AsyncSession, event: Event, sort: str = "") -> EventRooms:
    """All hotels with rooms, guests and what is proposed; a constant number of queries. Rooms of each hotel are ordered
    by `sort`, or by their numbers."""
    guests = await _guests_of(db, event.id)
    rooms, blocks = await list_rooms(db, event.id), await list_blocks(db, event.id)
    in_room: dict[UUID, list[RoomedGuest]] = defaultdict(list)
    for guest in guests:
        if guest.stay.room_id:
            in_room[guest.stay.room_id].append(guest)
    hotels = []
    for hotel in await list_hotels(db, event.id):
        lines = [RoomLine(room, in_room[room.id]) for room in rooms if room.hotel_id == hotel.id]
        waiting = [g for g in guests if g.stay.hotel_id == hotel.id and not g.stay.room_id]
        rows = sorted_rows(lines, sort, _ROOM_SORTS)
        hotels.append(HotelRooms(hotel, [b for b in blocks if b.hotel_id == hotel.id], rows, waiting))
    names = {str(guest.stay.registration_id): guest.name for guest in guests if guest.has_place}
    proposals: list[RoomProposed] = []
    ask: list[RoomedGuest] = []
    for one in hotels:
        made, asked = _proposed(one, names)
        proposals += made
        ask += asked
    return EventRooms(event, hotels, proposals, ask)


async def findings_in_rooms(
    db: AsyncSession,
    event_id: UUID,
    beds: Sequence[tuple[Stay, Hotel | None, Room | None]],
    details: Mapping[UUID, TravelDetails],
    shown: Collection[UUID],
) -> dict[str, list[TravelFinding]]:
    """What is wrong with the rooms of these stays, by the registration of whom it concerns. `shown` are those whose
    findings are read, and their room-mates; `details` are theirs."""
    found: dict[str, list[TravelFinding]] = defaultdict(list)
    guests: dict[UUID, list[RoomedGuest]] = defaultdict(list)
    rooms = {room.id: room for _, _, room in beds if room}
    if not rooms:
        return found
    names = await _names_of(db, {stay.registration_id for stay, _, room in beds if room} & set(shown))
    for stay, _, room in beds:
        if room:
            name, told = names.get(stay.registration_id, ""), details.get(stay.registration_id)
            guests[room.id].append(guest_of(stay, name, told))
    blocks = await list_blocks(db, event_id)
    for hotel_id in {room.hotel_id for room in rooms.values()}:
        there = sorted((room for room in rooms.values() if room.hotel_id == hotel_id), key=lambda room: room.number)
        held = [block.held for block in blocks if block.hotel_id == hotel_id]
        uses = [RoomLine(room, guests[room.id]).use for room in there]
        for key, findings in room_findings(held, uses).items():
            found[key] += findings
    return found


async def _names_of(db: AsyncSession, registration_ids: Collection[UUID]) -> dict[UUID, str]:
    found = await db.exec(
        select(Registration.id, Person.name)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(col(Registration.id).in_(registration_ids))
    )
    return {id: name for id, name in found.all()}


async def _guests_of(db: AsyncSession, event_id: UUID) -> list[RoomedGuest]:
    """Who has nights in a hotel of the visit, by name; those who have no place any more too."""
    rows = await db.exec(
        select(Stay, Person, TravelDetails, takes_part().label("has_place"))
        .join(Registration, col(Registration.id) == Stay.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(TravelDetails, col(TravelDetails.registration_id) == Registration.id, isouter=True)
        .where(Stay.event_id == event_id, col(Stay.hotel_id).is_not(None))
        .order_by(col(Person.sort_key), col(Stay.check_in), col(Stay.id))
    )
    return [guest_of(stay, person.name, told, has_place=bool(here)) for stay, person, told, here in rows.all()]


def guest_of(stay: Stay, name: str, told: TravelDetails | None, *, has_place: bool = True) -> RoomedGuest:
    """A stay with what its guest told: of rooms, else of which sex their passport says they are."""
    wish = told.room if told else {}
    sex = wish["sex"] if wish else told.passport.get("sex", "") if told else ""
    return RoomedGuest(stay, name, has_place, sex, wish)


def _proposed(one: HotelRooms, names: Mapping[str, str]) -> tuple[list[RoomProposed], list[RoomedGuest]]:
    """Who of the guests without a room could share one, and who has to be asked: their sex, or whom a name means."""
    guests = {str(guest.stay.id): guest for guest in one.waiting if guest.has_place}
    stays_of: dict[str, set[str]] = defaultdict(set)
    for key, guest in guests.items():
        stays_of[str(guest.stay.registration_id)].add(key)
    wishes, asked = [], []
    for key, guest in guests.items():
        others = {k: name for k, name in names.items() if k != str(guest.stay.registration_id)}
        wants, _ = named_in(str(guest.wish.get("with_whom", "")), others)
        not_with, is_clear = named_in(str(guest.wish.get("not_with", "")), others)
        shares = guest.wish.get("sharing") == SharingWish.shares
        if shares and not is_clear:
            asked.append(guest)
            continue
        wishes.append(
            RoomWish(
                key,
                guest.sex,
                SharingWish.shares if shares else SharingWish.single,
                frozenset(stay for k in wants for stay in stays_of[k]),
                frozenset(stay for k in not_with for stay in stays_of[k]),
                nights=frozenset(night.isoformat() for night in guest.as_guest.nights),
            )
        )
    proposal = propose_rooms(wishes)
    made = _with_rooms(one, [[guests[key] for key in keys] for keys in proposal.rooms])
    return made, asked + [guests[key] for key in proposal.ask]


def _with_rooms(one: HotelRooms, groups: Sequence[Sequence[RoomedGuest]]) -> list[RoomProposed]:
    """Those who would sleep together, each in a room that stands empty or a new one, in this order."""
    rooms = {str(line.room.id): line.room for line in one.rooms}
    there = [
        RoomThere(str(line.room.id), line.room.room_type, line.use.taken.nights, line.room.is_smoking)
        for line in one.by_number
    ]
    wanted = [
        RoomWanted(
            str(place),
            len(guests),
            frozenset(night for guest in guests for night in guest.as_guest.nights),
            all(guest.wish.get("is_smoking") for guest in guests),
        )
        for place, guests in enumerate(groups)
    ]
    found = allotted([block.held for block in one.blocks], there, wanted)
    return [
        RoomProposed(one.hotel.id, room.room_type, guests, rooms[room.there] if room.there else None, room.is_over)
        for guests, room in ((guests, found[str(place)]) for place, guests in enumerate(groups))
    ]


async def confirm(db: AsyncSession, event_id: UUID, keys: Collection[str], caller: Caller, *, at: datetime) -> int:
    """Make the rooms that are proposed under these keys, or fill those that stand empty. Returns how many. Raises
    NotFound, RoomingChanged."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    shown = await rooms_of(db, event)
    proposals = {one.key: one for one in shown.proposals}
    if not keys or set(keys) - proposals.keys():
        raise RoomingChanged()
    for key in dict.fromkeys(keys):
        one = proposals[key]
        room = one.room or await _new_room(db, event_id, one.hotel_id, RoomIn(room_type=one.room_type), shown)
        for guest in one.guests:
            guest.stay.room_id = room.id
        await db.flush()
    _note(db, "rooms.confirmed", event, caller, at=at, rooms=len(dict.fromkeys(keys)))
    await db.flush()
    return len(dict.fromkeys(keys))


async def add_room(
    db: AsyncSession, event_id: UUID, hotel_id: UUID, given: RoomIn, caller: Caller, *, at: datetime
) -> Room:
    """An empty room. Raises NotFound, EventIsOff."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    await hotel_in(db, event_id, hotel_id)
    room = await _new_room(db, event_id, hotel_id, given)
    _note(db, "room.added", event, caller, at=at, room=room.id)
    await db.flush()
    return room


async def _new_room(
    db: AsyncSession, event_id: UUID, hotel_id: UUID, given: RoomIn, shown: EventRooms | None = None
) -> Room:
    """With the board of the hotel's block of that type, where there is one, and the next number of our list."""
    blocks: Sequence[RoomBlock] = (
        [block for one in shown.hotels for block in one.blocks] if shown else await list_blocks(db, event_id)
    )
    boards = [b.board for b in blocks if b.hotel_id == hotel_id and b.room_type is given.room_type]
    values = given.model_dump()
    if "board" not in given.model_fields_set and boards:
        values["board"] = boards[0]
    numbers = await db.exec(select(Room.number).where(Room.hotel_id == hotel_id))
    room = Room(event_id=event_id, hotel_id=hotel_id, number=max(numbers.all(), default=0) + 1, **values)
    db.add(room)
    await db.flush()
    return room


async def change_room(
    db: AsyncSession, event_id: UUID, room_id: UUID, given: RoomIn, caller: Caller, *, at: datetime
) -> Room:
    """Another type, number or board. Raises NotFound, RoomFull where its guests do not fit any more."""
    event = await lock_event_for(db, event_id, caller)
    room = await room_in(db, event_id, room_id)
    guests = await _stays_in(db, room_id)
    for name, value in given.model_dump().items():
        setattr(room, name, value)
    _must_fit(room, guests)
    _note(db, "room.changed", event, caller, at=at, room=room.id)
    await db.flush()
    return room


async def remove_room(db: AsyncSession, event_id: UUID, room_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Its guests have none any more; their nights stay. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    room = await room_in(db, event_id, room_id)
    for stay in await _stays_in(db, room_id):
        stay.room_id = None
    await db.flush()
    await db.delete(room)
    _note(db, "room.removed", event, caller, at=at, room=room_id)
    await db.flush()


async def put_into_room(
    db: AsyncSession, event_id: UUID, room_id: UUID, stay_ids: Sequence[UUID], caller: Caller, *, at: datetime
) -> None:
    """Whoever sleeps in another room of the hotel moves. Raises NotFound, OtherHotel, RoomFull."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    room = await room_in(db, event_id, room_id)
    found = await db.exec(select(Stay).where(Stay.event_id == event_id, col(Stay.id).in_(stay_ids)))
    stays = list(found.all())
    if {stay.id for stay in stays} != set(stay_ids):
        raise NotFound()
    if any(stay.hotel_id != room.hotel_id for stay in stays):
        raise OtherHotel("stays")
    for stay in stays:
        stay.room_id = room.id
    await db.flush()
    _must_fit(room, await _stays_in(db, room_id))
    _note(db, "room.given", event, caller, at=at, room=room.id, people=len(stays))
    await db.flush()


async def take_out_of_room(db: AsyncSession, event_id: UUID, stay_id: UUID, caller: Caller, *, at: datetime) -> None:
    """The nights stay, without a room. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    stay = await db.get(Stay, stay_id)
    if stay is None or stay.event_id != event_id or stay.room_id is None:
        raise NotFound()
    room_id, stay.room_id = stay.room_id, None
    _note(db, "room.left", event, caller, at=at, room=room_id)
    await db.flush()


async def room_in(db: AsyncSession, event_id: UUID, room_id: UUID) -> Room:
    """Raises NotFound unless it belongs to the event."""
    room = await db.get(Room, room_id)
    if room is None or room.event_id != event_id:
        raise NotFound()
    return room


async def _stays_in(db: AsyncSession, room_id: UUID) -> list[Stay]:
    found = await db.exec(select(Stay).where(Stay.room_id == room_id).order_by(col(Stay.check_in), col(Stay.id)))
    return list(found.all())


def _must_fit(room: Room, stays: Sequence[Stay]) -> None:
    for number, stay in enumerate(stays):
        others = [(other.check_in, other.check_out) for place, other in enumerate(stays) if place != number]
        if not is_room_free(RoomType(room.room_type).beds, stay.check_in, stay.check_out, others):
            raise RoomFull("stays", number=room.number)


def _note(db: AsyncSession, act: str, event: Event, caller: Caller, *, at: datetime, **facts: UUID | int) -> None:
    by = caller.signature["by"]
    audit.record(db, act, event.id, at=at, by=by, project_id=event.project_id, reason="", **facts)
