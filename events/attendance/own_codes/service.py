"""Showing the code of now, and taking it from participants."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.security import derived_key
from core.settings import Settings
from directory.accounts.access import Caller
from events.attendance.own_codes.rules import NoCodeNow, WrongOwnCode, code_of, is_code
from events.attendance.own_codes.schemas import OwnCodeOut
from events.attendance.records.rules import AttendanceSource, HalfDay, half_day_ends, half_day_of
from events.attendance.records.service import NewRecord, held_in, record
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.service import lock_context
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from events.programme.events.service import get_event

# Of a billion codes five may be tried a minute.
TRIES = "5/minute"


async def current_code(
    db: AsyncSession, event_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> OwnCodeOut:
    """The code that participants type now. Raises NotFound, NoCodeNow."""
    event = await get_event(db, event_id, caller)
    half_day = await _half_day(db, event, at=at)
    return OwnCodeOut.of(code_of(_key(settings), event.id, half_day), half_day, half_day_ends(event.zone, at=at))


async def tell(db: AsyncSession, invitation_id: UUID, typed: str, settings: Settings, *, at: datetime) -> HalfDay:
    """Somebody with a place typed the code: they are there in this half-day. Returns which.

    Raises NotRegistered, NoCodeNow, WrongOwnCode. Whoever calls bounds how often that may be tried.
    """
    context = await lock_context(db, invitation_id)
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    day, half = await _half_day(db, context.event, at=at)
    if not is_code(typed, code_of(_key(settings), context.event.id, (day, half))):
        raise WrongOwnCode("code")
    said = NewRecord(registration.id, day, half, True, AttendanceSource.own_code, happened_at=at)
    await record(db, context.event, [said], at=at)
    return day, half


def takes_codes(event: Event, today: date) -> bool:
    """Whether participants are asked for the code: on the days of an event that people follow online."""
    return bool(event.online_url) and event.first_day <= today <= event.last_day


async def _half_day(db: AsyncSession, event: Event, *, at: datetime) -> HalfDay:
    """The half-day that is held now."""
    held = await held_in(db, event)
    half_day = half_day_of(at, event.zone, held)
    if half_day not in held or event.state in (EventState.cancelled, EventState.archived):
        raise NoCodeNow()
    return half_day


def _key(settings: Settings) -> bytes:
    return derived_key(settings.key, "own-code")
