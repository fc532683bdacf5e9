"""Telling and reading what a traveller needs abroad."""

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable, UnacceptableFields
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from core.web import checked
from core.zones import day_in, utc_day
from directory.accounts.access import Caller
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for
from visits.passports.mrz import lines_in, read_zone
from visits.places.lookup import country_code
from visits.travel_details.models import TravelDetails
from visits.travel_details.rules import KEPT_AFTER, MOST_PAGE, is_page, passport_wrongs
from visits.travel_details.schemas import (
    InsuranceIn,
    PassportIn,
    RoomWishIn,
    TravelDetailsOut,
    VisaIn,
    WishesIn,
    ZoneIn,
)

# Where each part stands; wishes have columns of their own.
_PARTS: dict[type[BaseModel], str] = {
    PassportIn: "passport",
    VisaIn: "visa",
    InsuranceIn: "insurance",
    RoomWishIn: "room",
}
# Germany's passports say D where ISO says DEU.
_ISSUERS = {"D": "DE", "XXK": "XK", "RKS": "XK", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB"}
Part = PassportIn | VisaIn | InsuranceIn | WishesIn | RoomWishIn


async def details_of(db: AsyncSession, registration_id: UUID) -> TravelDetails | None:
    found = await db.exec(select(TravelDetails).where(TravelDetails.registration_id == registration_id))
    return found.first()


async def details_of_each(db: AsyncSession, registration_ids: Collection[UUID]) -> dict[UUID, TravelDetails]:
    """By registration, in one query: what is not asked for is not decrypted."""
    found = await db.exec(select(TravelDetails).where(col(TravelDetails.registration_id).in_(registration_ids)))
    return {one.registration_id: one for one in found}


async def tell_part(db: AsyncSession, event: Event, registration: Registration, given: Part, *, at: datetime) -> None:
    """One part of what the traveller tells, in place of what stood there. The event is locked.

    Raises UnacceptableFields for a passport whose days cannot be."""
    if isinstance(given, PassportIn):
        today = day_in(event.zone, at=at)
        wrongs = passport_wrongs(given.birth_date, given.issued, first_day=event.first_day, today=today)
        if wrongs:
            raise UnacceptableFields(wrongs)
    told = await details_of(db, registration.id)
    if told is None:
        told = TravelDetails(event_id=event.id, registration_id=registration.id, changed_at=at)
        db.add(told)
    if isinstance(given, WishesIn):
        told.home, told.wishes = given.home, given.wishes
    else:
        setattr(told, _PARTS[type(given)], given.model_dump(mode="json"))
    told.changed_at = at
    await db.flush()


async def keep_page(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    file: tuple[str, bytes],
    settings: Settings,
    *,
    at: datetime,
) -> None:
    """Keep the page of the passport, sealed, in place of the one before; it is not read. The event is locked.

    Raises Unacceptable for a file that holds no page or is too large.
    """
    name, content = file
    if len(content) > MOST_PAGE:
        raise Unacceptable("file", N_("It is larger than ten megabytes."))
    if not is_page(content):
        raise Unacceptable("file", N_("Please choose a photograph (JPEG, PNG, HEIC) or a PDF."))
    told = await details_of(db, registration.id) or TravelDetails(
        event_id=event.id, registration_id=registration.id, changed_at=at
    )
    told.page_name = re.sub(r"[^\w.\- ()]+", "-", name)[-120:]
    told.page_hash, told.changed_at = await keep_sealed(settings, content), at
    db.add(told)
    await db.flush()


async def page_of(db: AsyncSession, registration_id: UUID, settings: Settings) -> tuple[str, bytes]:
    """Name and content of the passport's page. Raises NotFound."""
    told = await details_of(db, registration_id)
    if told is None or not told.page_hash:
        raise NotFound()
    return told.page_name, await read_sealed(settings, told.page_hash)


async def drop_page(db: AsyncSession, registration_id: UUID, *, at: datetime) -> None:
    """Take the page away; the file goes with it. Nothing happens where there is none."""
    told = await details_of(db, registration_id)
    if told is not None and told.page_hash:
        told.page_name, told.page_hash, told.changed_at = "", "", at
        await db.flush()


async def reveal_page(
    db: AsyncSession,
    event_id: UUID,
    registration_id: UUID,
    reason: str,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> tuple[str, bytes]:
    """The page of somebody's passport, for who says why; the history keeps it. Raises NotFound, Unacceptable."""
    await reveal(db, event_id, registration_id, reason, caller, at=at)
    return await page_of(db, registration_id, settings)


async def set_visa(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given: VisaIn, caller: Caller, *, at: datetime
) -> None:
    """How far somebody's visa is, as an organiser knows it. Raises NotFound, Invalid."""
    event = await lock_event_for(db, event_id, caller)
    registration = await registration_in(db, event_id, registration_id)
    told = await details_of(db, registration_id)
    # The organiser's form asks less than the traveller's: what it does not ask stays.
    said = given.model_dump(mode="json", exclude_unset=True)
    whole: VisaIn = checked(VisaIn, (told.visa if told else {}) | said)
    await tell_part(db, event, registration, whole, at=at)
    audit.record(
        db,
        "travel.visa",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        registration=registration_id,
        state=given.state.value,
    )


async def reveal(
    db: AsyncSession, event_id: UUID, registration_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> TravelDetailsOut:
    """Everything unmasked, for somebody who says why; the history keeps it. Raises NotFound, Unacceptable."""
    event = await get_event(db, event_id, caller)
    await registration_in(db, event_id, registration_id)
    told = await details_of(db, registration_id)
    if told is None:
        raise NotFound()
    if not reason.strip():
        raise Unacceptable("reason", N_("Please write what you need it for."))
    audit.record(
        db,
        "travel.revealed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=reason.strip()[:500],
        registration=registration_id,
    )
    await db.flush()
    return TravelDetailsOut.of(told, is_whole=True)


async def registration_in(db: AsyncSession, event_id: UUID, registration_id: UUID) -> Registration:
    """Raises NotFound unless it belongs to the event."""
    registration = await db.get(Registration, registration_id)
    if registration is None or registration.event_id != event_id:
        raise NotFound()
    return registration


def read_passport_zone(given: ZoneIn, *, at: datetime) -> dict[str, str]:
    """The form's fields as the pasted lines say them. Raises Unacceptable naming the line that was mistyped."""
    lines = lines_in(given.zone)
    if lines is None:
        raise Unacceptable("zone", N_("These are not the two lines of 44 letters at the foot of the passport's page."))
    zone = read_zone(*lines, today=utc_day(at))
    if zone.problems or zone.born is None or zone.expires is None:
        wrong = ", ".join(dict.fromkeys(problem.text for problem in zone.problems if problem.text))
        raise Unacceptable("zone", N_("A check digit does not fit; please compare: %(text)s"), text=wrong or lines[1])
    name = zone.name
    return {
        "family_name": name.family if name else "",
        "given_names": name.given if name else "",
        "number": zone.number,
        "issuer": _country(zone.issuer),
        "nationality": _country(zone.nationality),
        "birth_date": zone.born.isoformat(),
        "sex": zone.sex if zone.sex in ("F", "M") else "X",
        "expires": zone.expires.isoformat(),
    }


def _country(code: str) -> str:
    return _ISSUERS.get(code) or country_code(code)


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Delete what was told for visits that are over for long."""
    over = select(Event.id).where(col(Event.last_day) < (at - KEPT_AFTER).date())
    await db.exec(delete(TravelDetails).where(col(TravelDetails.event_id).in_(over)))
