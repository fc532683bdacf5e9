"""Attaching tickets and boarding passes to legs, finding which bookings named a leg, and taking files along."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, NotFound, Unacceptable
from core.settings import Settings
from directory.accounts.access import Caller
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event
from visits.booking_files import service as booking_files
from visits.booking_files.composition import leg_in
from visits.booking_files.models import BookingFile
from visits.bookings.rules import reading_from
from visits.leg_files.rules import LegFile, NotTravelledYet, is_over
from visits.legs import service as legs
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import leg_of

Files = Sequence[tuple[str, bytes]]


async def attach(
    db: AsyncSession,
    leg_id: UUID,
    registration_id: UUID,
    files: Files,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> Leg:
    """Keep files with somebody's leg, as an organiser. They are read like other bookings, and enter nothing.

    Raises NotFound, UploadedAlready, Unacceptable beside the field, EventIsOff.
    """
    leg, event = await legs.get_leg(db, leg_id, caller, lock=True)
    registration = await db.get(Registration, registration_id)
    if registration is None or not await _is_on(db, leg, registration_id):
        raise Unacceptable("registration_id", N_("Choose somebody who is on this leg."))
    await _keep(db, event, leg, registration, files, caller.signature["by"], settings, at=at)
    return leg


async def attach_own(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    leg_id: UUID,
    files: Files,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    """The same by the traveller, for a leg of their own; the event is locked. Raises NotFound for any other leg."""
    leg = await own_leg(db, event, registration, leg_id)
    await _keep(db, event, leg, registration, files, audit.Actor.person(registration.person_id), settings, at=at)


async def own_leg(db: AsyncSession, event: Event, registration: Registration, leg_id: UUID) -> Leg:
    """A leg that the traveller is on. Raises NotFound."""
    leg = await db.get(Leg, leg_id)
    if leg is None or leg.event_id != event.id or not await _is_on(db, leg, registration.id):
        raise NotFound()
    return leg


async def own_file(db: AsyncSession, registration: Registration, file_id: UUID) -> BookingFile:
    """A file that lies with a leg of the traveller's. Raises NotFound for all others."""
    file = await db.get(BookingFile, file_id)
    if file is None or file.registration_id != registration.id or file.leg_id is None or not file.file_hash:
        raise NotFound()
    return file


LEG_FILE_SORTS: Mapping[str, Callable[[LegFile], Any]] = {
    "name": lambda one: sort_key(one.name),
    "departure": lambda one: (one.leg.day, one.leg.id),
    "file": lambda one: one.file.file_name.casefold(),
}


async def list_leg_files(
    db: AsyncSession, event_id: UUID, *, at: datetime, leg_id: UUID | None = None
) -> list[LegFile]:
    """Files that lie with the legs of an event, or with one of them, as the legs leave; whoever asks was let in."""
    wanted = select(BookingFile, Leg).join(Leg, col(Leg.id) == BookingFile.leg_id)
    wanted = wanted.where(BookingFile.event_id == event_id, BookingFile.file_hash != "")
    if leg_id is not None:
        wanted = wanted.where(BookingFile.leg_id == leg_id)
    rows = (await db.exec(wanted.order_by(col(Leg.day), col(Leg.id), col(BookingFile.id)))).all()
    owners = {file.registration_id for file, _ in rows if file.registration_id}
    names = {registration.id: person.name for registration, person in await legs.people_of(db, owners)}
    theirs: dict[UUID, list[tuple[Leg, LegPassenger]]] = {}
    for leg, one in await legs.legs_of(db, owners):
        theirs.setdefault(one.registration_id, []).append((leg, one))
    found = []
    for file, leg in rows:
        owner = file.registration_id
        ended = is_over(theirs.get(owner, []) if owner else [], at=at)
        found.append(LegFile(file, leg, names.get(owner, "") if owner else "", ended))
    return found


async def take_along(
    db: AsyncSession, event_id: UUID, file_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[str, bytes]:
    """Name and content of a file that lies with a leg; the history says who took it.

    Raises NotFound for any other file, NotTravelledYet for whoever does not plan while the traveller is under way.
    """
    event = await get_event(db, event_id, caller)
    file = await db.get(BookingFile, file_id)
    if file is None or file.event_id != event_id or file.leg_id is None or not file.file_hash:
        raise NotFound()
    if not caller.may("plan", event.project_id):
        owner = [file.registration_id] if file.registration_id else []
        if not is_over(await legs.legs_of(db, owner), at=at):
            raise NotTravelledYet()
    content = await booking_files.content_of(file, settings)
    about: dict[str, Any] = {"leg": file.leg_id, "registration": file.registration_id, **caller.signature}
    audit.record(db, "leg-file.taken", event_id, at=at, project_id=event.project_id, **about)
    return file.file_name, content


async def naming(db: AsyncSession, event: Event, leg: Leg) -> Mapping[UUID, list[BookingFile]]:
    """Which files with bookings named somebody on this leg, by registration, but for those attached to it."""
    people = [(registration, person) for registration, person, _ in await list_confirmed(db, event.id)]
    on_it = {one.registration_id: one for one in (await legs.passengers_of(db, [leg.id])).get(leg.id, [])}
    found: dict[UUID, list[BookingFile]] = {}
    for file in await booking_files.list_files(db, event.id):
        if not file.reading or not file.file_hash or file.leg_id == leg.id:
            continue
        for read in reading_from(file.reading).legs:
            if read.day != leg.day:
                continue
            name = read.name or read.passenger
            owner = booking_files.named_among(name, people) if name else file.registration_id
            given = leg_in(read) if owner in on_it else None
            if owner and given and leg.is_same(leg_of(given)) and file not in found.get(owner, []):
                found.setdefault(owner, []).append(file)
    return found


async def _is_on(db: AsyncSession, leg: Leg, registration_id: UUID) -> bool:
    passengers = (await legs.passengers_of(db, [leg.id])).get(leg.id, [])
    return any(one.registration_id == registration_id for one in passengers)


async def _keep(
    db: AsyncSession,
    event: Event,
    leg: Leg,
    registration: Registration,
    files: Files,
    by: audit.Actor,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    kept, _ = await booking_files.upload(db, event, files, registration, by, settings, at=at)
    for file in kept:
        file.leg_id = leg.id
    audit.record(
        db, "leg-file.attached", event.id, at=at, project_id=event.project_id, by=by, leg=leg.id, files=len(kept)
    )
    await db.flush()
