"""Keeping files with bookings, comparing them with the legs there are, and taking them over."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Refusal, Unacceptable
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from core.signed_addresses import About, address_about, key_of
from core.text import address_key
from core.zones import day_in
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import get_event
from notifications.inbound.rules import Kind, Wire
from notifications.inbound.service import Taken
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from visits.booking_files.composition import Theirs, find_entered, is_as_entered, kind_of, leg_in, passenger_in
from visits.booking_files.models import BookingFile
from visits.booking_files.rules import (
    MOST_AT_ONCE,
    MOST_BYTES_BY_MAIL,
    MOST_OF_EVENT,
    MOST_OF_TRAVELLER,
    BookingProposals,
    LegProposal,
    ProposalGone,
    SharedLeg,
    UploadedAlready,
)
from visits.bookings.matching import owner_of
from visits.bookings.merging import LegBooking, merged
from visits.bookings.rules import MessageReading, ProposalKind, reading_from
from visits.hotel_bookings.service import nights_proposed, take_nights
from visits.legs import service as legs
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import leg_of, must_be_of_event
from visits.legs.rules import PassengerState
from visits.legs.schemas import LegIn
from visits.travel_details.rules import KEPT_AFTER

READ = "visits.read_booking_files"


async def upload(
    db: AsyncSession,
    event: Event,
    files: Sequence[tuple[str, bytes]],
    registration: Registration | None,
    by: audit.Actor,
    settings: Settings,
    *,
    at: datetime,
) -> tuple[list[BookingFile], Job]:
    """Keep files, encrypted, and enqueue their reading; the event is locked. Nothing is entered by that.

    Raises UploadedAlready, Unacceptable, EventIsOff.
    """
    must_take_place(event.state)
    files = [(name, content) for name, content in files if content]
    if not files:
        raise Unacceptable("file", N_("Please choose a file."))
    if len(files) > MOST_AT_ONCE:
        raise Unacceptable("file", N_("At most %(count)s files at a time."), count=MOST_AT_ONCE)
    rows = await db.exec(
        select(BookingFile.digest, BookingFile.registration_id).where(BookingFile.event_id == event.id)
    )
    owner = registration.id if registration else None
    there = dict(rows.all())
    known, mine = set(there), [digest for digest, of in there.items() if of == owner]
    most = MOST_OF_TRAVELLER if registration else MOST_OF_EVENT
    if len(mine) + len(files) > most:
        raise Unacceptable("file", N_("More than %(count)s files are not kept."), count=most)
    kept = []
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()
        if digest in known:
            raise UploadedAlready("file", name=name)
        known.add(digest)
        one = BookingFile(
            event_id=event.id,
            registration_id=owner,
            file_name=re.sub(r"[^\w.\- ()]+", "-", name)[-120:],
            size=len(content),
            file_hash=await keep_sealed(settings, content),
            digest=digest,
            uploaded_at=at,
        )
        db.add(one)
        kept.append(one)
    audit.record(db, "booking.uploaded", event.id, at=at, project_id=event.project_id, by=by, files=len(kept))
    await db.flush()
    ids = [str(one.id) for one in kept]
    job = await enqueue_job(db, READ, project_id=event.project_id, about_id=event.id, at=at, files=ids)
    return kept, job


def mail_address(about_id: UUID, settings: Settings) -> str:
    """Where bookings of an event, or of one traveller by their registration, can be forwarded to; "" where no mail is
    taken."""
    if not settings.inbound_address:
        return ""
    return address_about(About.booking, about_id, settings.inbound_address, key_of(settings))


async def keep_mail(
    db: AsyncSession, about_id: UUID, wire: Wire, raw: bytes, settings: Settings, *, at: datetime
) -> Taken | None:
    """Keep a mail that came to such an address, whole, and have it read; nothing is entered by that.

    It is the traveller's whose address it is, or who has a place and sent it; else the organisers'. None where
    neither event nor traveller is there any more.
    """
    registration = await db.get(Registration, about_id)
    event = await db.get(Event, registration.event_id if registration else about_id, with_for_update=True)
    if event is None:
        return None
    if registration is None:
        sent = address_key(wire.sender)
        senders = [row for row in await list_confirmed(db, event.id) if address_key(row[1].address or "") == sent]
        registration = senders[0][0] if sent and len(senders) == 1 else None
    person_id = registration.person_id if registration else None
    used = await db.exec(select(func.sum(BookingFile.size)).where(BookingFile.event_id == event.id))
    if (used.one() or 0) + len(raw) > MOST_BYTES_BY_MAIL:
        return Taken("no room", True, person_id, event.project_id, event.id, kind=Kind.booking)
    by = audit.Actor.person(person_id) if person_id else audit.PROGRAM
    try:
        await upload(db, event, [(f"{wire.subject or 'mail'}.eml", raw)], registration, by, settings, at=at)
    except UploadedAlready:
        return Taken("kept before", False, person_id, event.project_id, event.id, kind=Kind.booking)
    except Refusal as refused:
        return Taken(refused.code, True, person_id, event.project_id, event.id, kind=Kind.booking)
    return Taken("kept", False, person_id, event.project_id, event.id, kind=Kind.booking)


async def list_files(db: AsyncSession, event_id: UUID, of: UUID | None = None) -> list[BookingFile]:
    """Files of an event, the latest first, or those that one traveller uploaded."""
    wanted = select(BookingFile).where(BookingFile.event_id == event_id)
    if of is not None:
        wanted = wanted.where(BookingFile.registration_id == of)
    return list((await db.exec(wanted.order_by(col(BookingFile.id).desc()))).all())


async def get_file(db: AsyncSession, event_id: UUID, file_id: UUID, caller: Caller) -> BookingFile:
    """Raises NotFound, for another event's file too, and for one of a leg: of those the history says who took them."""
    await get_event(db, event_id, caller)
    file = await db.get(BookingFile, file_id)
    if file is None or file.event_id != event_id or not file.file_hash or file.leg_id is not None:
        raise NotFound()
    return file


async def content_of(file: BookingFile, settings: Settings) -> bytes:
    """The file as it came."""
    return await read_sealed(settings, file.file_hash)


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Of visits that are over for long, delete all files, and what opens a booking at the carrier; sealed files go with
    what no row names."""
    over = select(Event.id).where(col(Event.last_day) < (at - KEPT_AFTER).date())
    await db.exec(delete(BookingFile).where(col(BookingFile.event_id).in_(over)))
    there = col(LegPassenger.leg_id).in_(select(Leg.id).where(col(Leg.event_id).in_(over)))
    names = ("seat", "reference", "ticket_number")
    # Plainly empty, unlike an empty text that was encrypted: what was emptied is found no more.
    is_full = sa.or_(*(sa.type_coerce(getattr(LegPassenger, name), sa.Text) != "" for name in names))
    emptied = {name: sa.literal("", sa.Text) for name in names}
    await db.exec(sa.update(LegPassenger).where(there, is_full).values(emptied))


async def note_reading(db: AsyncSession, file_id: UUID, reading: MessageReading, *, at: datetime) -> None:
    """Keep what a file says; once more changes nothing."""
    file = await db.get(BookingFile, file_id)
    if file is not None and file.read_at is None:
        file.reading, file.read_at = reading.to_json(), at


async def proposals_of(db: AsyncSession, event: Event, of: UUID | None = None) -> BookingProposals:
    """What all bookings of an event say together, in whatever order they came, beside what is entered.

    `of` leaves the legs of one traveller: a booking of somebody else, and nights, which per diems are paid by, are for
    organisers alone.
    """
    # Without a reading: not read yet, or somebody whom it named was erased.
    files = [file for file in reversed(await list_files(db, event.id)) if file.reading]
    if not files:
        return BookingProposals()
    ledger = merged([reading_from(file.reading) for file in files], day_in(event.zone, at=files[0].uploaded_at))
    people = [(registration, person) for registration, person, _ in await list_confirmed(db, event.id)]
    theirs: dict[UUID, list[tuple[Leg, LegPassenger]]] = {}
    for leg, passengers in await legs.legs_with_passengers(db, event.id):
        for one in passengers:
            theirs.setdefault(one.registration_id, []).append((leg, one))
    uploaded = _uploader_of(files)
    found = []
    for booking in ledger.legs:
        read = booking.leg
        owner = _owner(read.name or read.passenger, booking.said[-1].message, people, uploaded)
        if of is not None and owner != of:
            continue
        found.append(_proposal(booking, owner, people, theirs.get(owner, []) if owner else []))
    if of is not None:
        return BookingProposals(found)
    names = {registration.id: person.name for registration, person in people}
    nights = []
    for stays in ledger.stays:
        owner = _owner(stays.stay.passenger, stays.said[-1][2], people, uploaded)
        nights.append((stays, owner, names.get(owner, stays.stay.passenger) if owner else stays.stay.passenger))
    return BookingProposals(found, await nights_proposed(db, event, nights))


def _uploader_of(files: Sequence[BookingFile]) -> Mapping[int, UUID | None]:
    return {number: file.registration_id for number, file in enumerate(files)}


def _owner(
    name: str, message: int, people: Sequence[tuple[Registration, Person]], uploaded: Mapping[int, UUID | None]
) -> UUID | None:
    """Whose name it is; who names nobody means themselves."""
    return named_among(name, people) if name else uploaded.get(message)


def named_among(name: str, people: Sequence[tuple[Registration, Person]]) -> UUID | None:
    """The registration of the one participant whose name it is."""
    match = owner_of(name, [person.name for _, person in people])
    if match is None:
        return None
    named = [registration.id for registration, person in people if person.name == match.participant]
    return named[0] if len(named) == 1 else None


def _proposal(
    booking: LegBooking, owner: UUID | None, people: Sequence[tuple[Registration, Person]], theirs: Theirs
) -> LegProposal:
    read = booking.leg
    names = {registration.id: person.name for registration, person in people}
    name = names[owner] if owner else read.passenger or read.name
    return LegProposal(read, kind_of(booking, theirs), owner, name)


async def take_over(
    db: AsyncSession,
    event: Event,
    keys: Collection[str],
    by: audit.Actor,
    *,
    at: datetime,
    of: UUID | None = None,
) -> tuple[int, int]:
    """Enter, change or cancel what these proposals say, for their travellers alone; the event is locked.

    Returns of how many legs, and of how many people's nights. Raises ProposalGone where one of them is not proposed any
    more, Unacceptable where one is not chosen or is far from the event's days.
    """
    must_take_place(event.state)
    proposed = await proposals_of(db, event, of)
    legs_open = {one.key: one for one in proposed.legs if one.is_open}
    nights_open = {one.key: one for one in proposed.nights if one.is_open}
    if not keys:
        raise Unacceptable("keys", N_("Choose what to take over."))
    if set(keys) - legs_open.keys() - nights_open.keys():
        raise ProposalGone()
    chosen = list(dict.fromkeys(keys))
    for key in chosen:
        if key in legs_open:
            one = legs_open[key]
            registration = await db.get_one(Registration, one.registration_id)
            await _take(db, event, registration, one, by, at=at, is_own=of is not None)
        else:
            await take_nights(db, event, nights_open[key], by, at=at)
    taken = sum(key in legs_open for key in chosen)
    audit.record(db, "booking.taken", event.id, at=at, project_id=event.project_id, by=by, legs=taken)
    await db.flush()
    return taken, len(chosen) - taken


async def _take(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    one: LegProposal,
    by: audit.Actor,
    *,
    at: datetime,
    is_own: bool,
) -> None:
    given = leg_in(one.read)
    if given is None:
        return
    entered = find_entered(one.read, leg_of(given), await legs.legs_of(db, [registration.id]))
    if entered is not None and one.kind is ProposalKind.cancelled:
        await legs.leave_leg(db, event, registration, entered[0].id, at=at)
        return
    must_be_of_event(event, given, entered[0] if entered else None, "keys")
    known = None
    if entered is not None and one.kind is ProposalKind.changed:
        leg = entered[0]
        if not is_as_entered(given, leg):
            leg = await _changed(db, event, registration, leg, given, by, at=at, is_own=is_own)
        known = entered[1] if leg is entered[0] else None
    else:
        leg = await legs.add_own_leg(db, event, registration, given, PassengerState.booked, at=at)
    await legs.note_passenger(db, leg, registration.id, passenger_in(one.read, known), at=at)


async def _changed(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    leg: Leg,
    given: LegIn,
    by: audit.Actor,
    *,
    at: datetime,
    is_own: bool,
) -> Leg:
    """A flight has one timetable for all on it; somebody who changes to another flight goes there alone."""
    passengers = (await legs.passengers_of(db, [leg.id])).get(leg.id, [])
    is_shared = any(other.is_travelling and other.registration_id != registration.id for other in passengers)
    is_same_flight = leg.is_same(leg_of(given))
    if is_shared and is_same_flight and is_own:
        raise SharedLeg()
    if is_same_flight or not is_shared:
        return await legs.move_leg(db, event, leg, given, by, at=at)
    await legs.leave_leg(db, event, registration, leg.id, at=at)
    return await legs.add_own_leg(db, event, registration, given, PassengerState.booked, at=at)
