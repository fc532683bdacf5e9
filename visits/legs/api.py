"""Legs for programs."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from directory.accounts.access import Organiser, Reader
from directory.accounts.rules import Right
from events.programme.events.service import get_event
from visits.legs import service
from visits.legs.models import Leg
from visits.legs.schemas import LegOut, LegPassengersIn, NewLeg, PassengerIn

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/legs", response_model=list[LegOut])
async def legs(event_id: UUID, caller: Reader, db: ReadDb) -> list[LegOut]:
    """All legs of an event as they leave, cancelled ones too. References and ticket numbers are for organisers."""
    event = await get_event(db, event_id, caller)
    is_whole = caller.may(Right.plan, event.project_id)
    found = await service.legs_with_passengers(db, event_id)
    return [LegOut.of(leg, passengers, is_whole=is_whole) for leg, passengers in found]


@router.post("/events/{event_id}/legs", status_code=201, response_model=LegOut)
async def add(event_id: UUID, given: NewLeg, caller: Organiser, db: Db, at: Moment) -> LegOut:
    """Put people with a place on a leg. Where the same leg is there already, they join it."""
    leg = await service.add_leg(db, event_id, given.leg, given.registrations, given.state, caller, at=at)
    return await shown(db, leg)


@router.post("/legs/{leg_id}/passengers", response_model=LegOut)
async def add_passengers(leg_id: UUID, given: LegPassengersIn, caller: Organiser, db: Db, at: Moment) -> LegOut:
    """Put people with a place on a leg that is there. Whoever is on it keeps what they have."""
    await service.add_passengers(db, leg_id, given.registrations, given.state, caller, at=at)
    leg, _ = await service.get_leg(db, leg_id, caller)
    return await shown(db, leg)


@router.put("/legs/{leg_id}/passengers/{registration_id}", response_model=LegOut)
async def change_passenger(
    leg_id: UUID, registration_id: UUID, given: PassengerIn, caller: Organiser, db: Db, at: Moment
) -> LegOut:
    """What one person alone has of a leg: state, seat, reference, ticket, fare. They are put on it if they were not."""
    await service.change_passenger(db, leg_id, registration_id, given, caller, at=at)
    leg, _ = await service.get_leg(db, leg_id, caller)
    return await shown(db, leg)


async def shown(db: AsyncSession, leg: Leg) -> LegOut:
    """A leg with everybody on it, as organisers read it."""
    passengers = (await service.passengers_of(db, [leg.id])).get(leg.id, [])
    return LegOut.of(leg, passengers, is_whole=True)
