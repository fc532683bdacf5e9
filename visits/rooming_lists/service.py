"""Freezing a hotel's rooming list, and making files of it."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.pdf import PDF
from core.documents.sheets import XLSX
from core.errors import NotFound
from core.i18n import words
from core.settings import Settings
from directory.accounts.access import Caller
from directory.projects.models import Project
from events.programme.events.mails import subject_of
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for
from notifications.jobs.context import Attached
from notifications.outbox.service import enqueue
from visits.hotels.service import hotel_in
from visits.legs.models import Leg, LegPassenger
from visits.legs.service import legs_of
from visits.rooming_lists.documents import PrintedList, rooming_pdf, rooming_xlsx
from visits.rooming_lists.mails import rooming_list_message
from visits.rooming_lists.models import RoomingLine, RoomingList
from visits.rooming_lists.rules import (
    GuestLine,
    HotelWithoutAddress,
    LineState,
    ListEmpty,
    ListForgotten,
    ListUnchanged,
    MarkedLine,
    at_desk,
    latin,
    leaving_at,
    marked,
)
from visits.rooming_lists.schemas import ListFileIn
from visits.rooms.models import HotelRooms, RoomedGuest, RoomLine
from visits.rooms.service import rooms_of
from visits.stays.models import Stay
from visits.travel_details.models import TravelDetails
from visits.travel_details.rules import KEPT_AFTER
from visits.travel_details.service import details_of_each

_Legs = Mapping[UUID, Sequence[tuple[Leg, LegPassenger]]]


async def freeze(db: AsyncSession, event_id: UUID, hotel_id: UUID, caller: Caller, *, at: datetime) -> RoomingList:
    """The next version of a hotel's list, with what differs from the one before. Raises NotFound, ListEmpty,
    ListUnchanged."""
    event = await lock_event_for(db, event_id, caller)
    await hotel_in(db, event_id, hotel_id)
    one = next(hotel for hotel in (await rooms_of(db, event)).hotels if hotel.hotel.id == hotel_id)
    now = await _lines(db, one)
    last, before = await _last(db, hotel_id)
    version = last.version + 1 if last else 1
    lines = marked(before, now, version)
    if not lines:
        raise ListEmpty()
    content = _frame(one)
    is_same = all(line.state is LineState.same for line in lines)
    if last and is_same and last.content == content and not any(b.state is LineState.cancelled for b in before):
        raise ListUnchanged(version=last.version)
    made = RoomingList(
        event_id=event_id,
        hotel_id=hotel_id,
        version=version,
        account_id=caller.account_id,
        content=content,
        made_at=at,
    )
    db.add(made)
    await db.flush()
    db.add_all(_row(made, position, line) for position, line in enumerate(lines))
    by = caller.signature["by"]
    audit.record(db, "rooming-list.made", event.id, at=at, by=by, project_id=event.project_id, version=version)
    await db.flush()
    return made


def _row(made: RoomingList, position: int, one: MarkedLine) -> RoomingLine:
    return RoomingLine(
        list_id=made.id,
        registration_id=UUID(one.line.owner),
        stay_id=UUID(one.line.key),
        position=position,
        state=one.state,
        since=one.since,
        changed=" ".join(one.changed),
        content=dict(one.line.facts),
    )


async def _last(db: AsyncSession, hotel_id: UUID) -> tuple[RoomingList | None, list[MarkedLine]]:
    found = await db.exec(
        select(RoomingList).where(RoomingList.hotel_id == hotel_id).order_by(col(RoomingList.version).desc()).limit(1)
    )
    last = found.first()
    return last, [line.marked for line in await lines_of(db, last.id)] if last else []


async def _lines(db: AsyncSession, one: HotelRooms) -> list[GuestLine]:
    """By room, then who has none yet; who has no place any more is not told of."""
    in_room = [(guest, line) for line in one.rooms for guest in line.guests if guest.has_place]
    guests: list[tuple[RoomedGuest, RoomLine | None]] = [*in_room, *((g, None) for g in one.waiting if g.has_place)]
    ids = {guest.stay.registration_id for guest, _ in guests}
    legs: dict[UUID, list[tuple[Leg, LegPassenger]]] = defaultdict(list)
    for leg, passenger in await legs_of(db, list(ids)):
        if passenger.is_travelling and leg.cancelled_at is None:
            legs[passenger.registration_id].append((leg, passenger))
    details = await details_of_each(db, ids)
    return [
        GuestLine(str(guest.stay.id), str(guest.stay.registration_id), _facts(guest, line, legs, details))
        for guest, line in guests
    ]


def _facts(
    guest: RoomedGuest, line: RoomLine | None, legs: _Legs, details: Mapping[UUID, TravelDetails]
) -> dict[str, Any]:
    """The columns of one guest, plain values that a later reader gets as they are."""
    stay = guest.stay
    mine = legs.get(stay.registration_id, [])
    told = details.get(stay.registration_id)
    family, given = _names(guest.name, told)
    arrivals = [(leg.arrives.day, leg.arrives.clock, leg.label) for leg, _ in mine if leg.arrives]
    expected, is_late = at_desk(arrivals, stay.check_in)
    room = line.room if line else None
    guests = line.guests if line else []
    beside = [other for other in guests if other is not guest and other.has_place and _meet(other.stay, stay)]
    return {
        "room": room.number if room else None,
        "room_number": room.room_number if room else "",
        "type": room.room_type.value if room else "",
        "bed": 1 + next(n for n, other in enumerate(guests) if other is guest) if room else None,
        "family": family,
        "given": given,
        "original": guest.name,
        "sex": guest.sex if guest.sex in ("F", "M") else "",
        "shares_with": sorted(str(other.stay.registration_id) for other in beside),
        "check_in": stay.check_in.isoformat(),
        "expected": expected,
        "is_late": is_late,
        "check_out": stay.check_out.isoformat(),
        "leaving": leaving_at([(leg.departs.day, leg.departs.clock, leg.label) for leg, _ in mine], stay.check_out),
        "nights": (stay.check_out - stay.check_in).days,
        "board": room.board.value if room else "",
        "is_accessible": bool(room and room.is_accessible),
        "is_smoking": bool(room and room.is_smoking),
        "to_master": stay.is_bed_provided,
        "pays_extras": bool(room is None or room.pays_extras),
        "remarks": room.remarks if room else "",
    }


def _meet(one: Stay, other: Stay) -> bool:
    return one.check_in < other.check_out and other.check_in < one.check_out


def _names(name: str, told: TravelDetails | None) -> tuple[str, str]:
    """As the passport has them, which the desk will ask for; else the last word is the family name."""
    passport = told.passport if told else {}
    if passport.get("family_name"):
        return latin(passport["family_name"]), latin(passport.get("given_names", ""))
    given, _, family = name.strip().rpartition(" ")
    return latin(family), latin(given)


def _frame(one: HotelRooms) -> dict[str, Any]:
    """Head and foot of the list."""
    hotel = one.hotel.model_dump(mode="json", include={"name", "address", "city", "phone", "email", "contact"})
    blocks = [
        {
            "code": block.code,
            "type": block.room_type.value,
            "check_in": block.check_in.isoformat(),
            "check_out": block.check_out.isoformat(),
            "rooms": block.rooms,
            "released": block.released,
            "board": block.board.value,
            "cut_off": block.cut_off.isoformat() if block.cut_off else "",
        }
        for block in one.blocks
    ]
    uses = [[use.night.isoformat(), use.room_type.value, use.taken, use.held] for use in one.by_night]
    return {"hotel": hotel, "blocks": blocks, "uses": uses}


async def list_lists(db: AsyncSession, event_id: UUID) -> list[RoomingList]:
    """All versions of an event's hotels, the latest first."""
    found = await db.exec(
        select(RoomingList).where(RoomingList.event_id == event_id).order_by(col(RoomingList.made_at).desc())
    )
    return list(found.all())


async def lines_of(db: AsyncSession, list_id: UUID) -> list[RoomingLine]:
    """In the order of the list."""
    found = await db.exec(select(RoomingLine).where(RoomingLine.list_id == list_id).order_by(col(RoomingLine.position)))
    return list(found.all())


async def get_list(
    db: AsyncSession, event_id: UUID, list_id: UUID, caller: Caller
) -> tuple[RoomingList, list[RoomingLine]]:
    """One version with its lines. Raises NotFound, for another event's too."""
    await get_event(db, event_id, caller)
    one = await db.get(RoomingList, list_id)
    if one is None or one.event_id != event_id:
        raise NotFound()
    return one, await lines_of(db, list_id)


async def file_of(
    db: AsyncSession, event_id: UUID, list_id: UUID, given: ListFileIn, caller: Caller, *, at: datetime
) -> tuple[bytes, str]:
    """A version as a file for one recipient, and its name; the history keeps for whom. Raises NotFound."""
    one, lines = await get_list(db, event_id, list_id, caller)
    if not lines:
        raise ListForgotten()
    event = await db.get_one(Event, event_id)
    printed = await _printed(db, one, lines, given.recipient, given.language)
    by = caller.signature["by"]
    audit.record(
        db,
        "rooming-list.downloaded",
        event.id,
        at=at,
        by=by,
        project_id=event.project_id,
        reason=given.recipient,
        version=one.version,
    )
    content = await asyncio.to_thread(rooming_pdf if given.ending == "pdf" else rooming_xlsx, printed)
    return content, f"rooming-list-v{one.version}.{given.ending}"


async def _printed(
    db: AsyncSession, one: RoomingList, lines: Sequence[RoomingLine], recipient: str, language: str
) -> PrintedList:
    event = await db.get_one(Event, one.event_id)
    project = await db.get_one(Project, event.project_id)
    return PrintedList(
        title=subject_of(event, project, words(language)),
        days=(event.first_day, event.last_day),
        project=f"{project.acronym} · {project.contract_number}",
        version=one.version,
        content=one.content,
        lines=[line.marked for line in lines],
        recipient=recipient,
        made_at=one.made_at,
        zone=event.zone,
        language=language,
    )


async def write_to_hotel(db: AsyncSession, event_id: UUID, list_id: UUID, caller: Caller, *, at: datetime) -> None:
    """A mail to the hotel with this version, as a draft that waits; once more writes no second one. Raises NotFound,
    ListForgotten, HotelWithoutAddress."""
    event = await lock_event_for(db, event_id, caller)
    one, lines = await get_list(db, event_id, list_id, caller)
    if not lines:
        raise ListForgotten()
    hotel = await hotel_in(db, event_id, one.hotel_id)
    if not hotel.email:
        raise HotelWithoutAddress()
    project = await db.get_one(Project, event.project_id)
    marks = sum(line.state is not LineState.same for line in lines)
    await enqueue(db, [rooming_list_message(one, hotel, event, project, marks, at=at)])
    by = caller.signature["by"]
    audit.record(db, "rooming-list.written", event.id, at=at, by=by, project_id=event.project_id, version=one.version)
    await db.flush()


async def attached(db: AsyncSession, id: UUID, settings: Settings, *, at: datetime, ending: str) -> Attached | None:
    """The file of a list for its hotel; None once it was deleted."""
    one = await db.get(RoomingList, id)
    lines = await lines_of(db, id) if one else []
    if one is None or not lines:
        return None
    printed = await _printed(db, one, lines, str(one.content["hotel"]["name"]), "en")
    make, media_type = (rooming_pdf, PDF) if ending == "pdf" else (rooming_xlsx, XLSX)
    return Attached(f"rooming-list-v{one.version}.{ending}", media_type, await asyncio.to_thread(make, printed))


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Delete lists of visits that are over for long, and who shared a room with whom."""
    over = select(Event.id).where(col(Event.last_day) < (at - KEPT_AFTER).date())
    old = select(RoomingList.id).where(col(RoomingList.event_id).in_(over))
    await db.exec(delete(RoomingLine).where(col(RoomingLine.list_id).in_(old)))
    await db.exec(delete(RoomingList).where(col(RoomingList.event_id).in_(over)))
    for stay in await db.exec(select(Stay).where(col(Stay.event_id).in_(over), col(Stay.room_id).is_not(None))):
        stay.room_id = None
