"""Comparing hotel bookings with the nights there are, and taking them over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import Refusal
from core.web import checked
from events.programme.events.models import Event
from visits.bookings.merging import StayBooking
from visits.bookings.rules import ProposalKind, ReadStay
from visits.hotel_bookings.rules import NightsProposal, days_in, kind_of, replaced_by
from visits.hotels.models import Hotel, RoomBlock
from visits.hotels.rules import Board
from visits.hotels.schemas import HotelIn
from visits.hotels.service import list_hotels, put_hotel
from visits.places.rules import bare
from visits.stays.rules import NightSpan, StayPlace, cleared
from visits.stays.service import keep_spans, list_stays, must_be_near


async def nights_proposed(
    db: AsyncSession, event: Event, bookings: Sequence[tuple[StayBooking, UUID | None, str]]
) -> list[NightsProposal]:
    """What these bookings would do, each with its guest's registration and name; nobody's where it is not known."""
    if not bookings:
        return []
    hotels = await list_hotels(db, event.id)
    spans: dict[UUID, list[NightSpan]] = {}
    for stay in await list_stays(db, event.id):
        spans.setdefault(stay.registration_id, []).append(stay.span)
    found = []
    for booking, owner, name in bookings:
        hotel = _named(booking.stay.name, hotels)
        theirs = spans.get(owner, []) if owner else []
        kind = kind_of(booking.stay, hotel.id if hotel else None, theirs, is_cancelled=booking.is_cancelled)
        if kind in (ProposalKind.new, ProposalKind.changed) and not _fits(event, booking.stay, hotel):
            kind = ProposalKind.unclear
        found.append(NightsProposal(booking.stay, kind, owner, name))
    return found


async def take_nights(db: AsyncSession, event: Event, one: NightsProposal, by: audit.Actor, *, at: datetime) -> None:
    """Enter, move or take away the nights of this booking, for its guest alone; the event is locked. A hotel that is
    not there yet is entered with it."""
    days = days_in(one.read)
    if days is None or one.registration_id is None:
        return
    spans = [stay.span for stay in await list_stays(db, event.id) if stay.registration_id == one.registration_id]
    hotel = _named(one.read.name, await list_hotels(db, event.id))
    if one.kind is ProposalKind.cancelled:
        about = [span for span in spans if hotel and span.place.hotel_id == hotel.id]
        rest = [span for span in spans if span not in about]
        kept = {one.registration_id: [*rest, *cleared(about, *days)]}
        await keep_spans(db, event, kept, "nights.cleared", by, at=at)
        return
    if hotel is None:
        hotel = await put_hotel(db, event, _entered(event, one.read), by, at=at)
    replaced = replaced_by(one.read, hotel.id, spans)
    place = await _place(db, hotel, replaced)
    first = replaced[0] if replaced else None
    new = NightSpan(*days, place, first.key if first else None, _room(replaced, hotel))
    kept = {one.registration_id: [*(span for span in spans if span not in replaced), new]}
    await keep_spans(db, event, kept, "nights.entered", by, at=at)


async def _place(db: AsyncSession, hotel: Hotel, replaced: Sequence[NightSpan]) -> StayPlace:
    """Who pays the bed stays as it was entered; else the project does where it has a block in the hotel."""
    if replaced:
        return replace(replaced[0].place, country=hotel.country, city=hotel.city, hotel_id=hotel.id)
    found = await db.exec(select(RoomBlock.board).where(RoomBlock.hotel_id == hotel.id))
    boards = found.all()
    breakfast = bool(boards) and Board.room_only not in boards
    return StayPlace(hotel.country, hotel.city, hotel.id, bool(boards), breakfast)


def _room(replaced: Sequence[NightSpan], hotel: Hotel) -> UUID | None:
    return next((span.room_id for span in replaced if span.room_id and span.place.hotel_id == hotel.id), None)


def _named(name: str, hotels: Sequence[Hotel]) -> Hotel | None:
    return next((hotel for hotel in hotels if name and bare(hotel.name) == bare(name)), None)


def _entered(event: Event, read: ReadStay) -> HotelIn:
    said: Mapping[str, str] = {
        "name": read.name[:120],
        "address": read.address[:200],
        "city": read.city[:80],
        "country": read.country or event.country,
    }
    given: HotelIn = checked(HotelIn, said)
    return given


def _fits(event: Event, read: ReadStay, hotel: Hotel | None) -> bool:
    """Whether these nights could be entered: near the visit, in a hotel that somebody could type."""
    days = days_in(read)
    try:
        if days:
            must_be_near(event, *days)
        if hotel is None:
            _entered(event, read)
    except Refusal:
        return False
    return True
