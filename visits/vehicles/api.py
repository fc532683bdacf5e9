"""Vehicles for programs."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.i18n import words
from core.paging import sorted_rows
from core.web import StrictRoute, download
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from visits.vehicles import service
from visits.vehicles.rules import NAME
from visits.vehicles.schemas import (
    DriverSheetIn,
    NewPassengers,
    SuggestionIn,
    SuggestionTaken,
    VehicleIn,
    VehicleOut,
    VehicleSort,
    VehicleSuggestionOut,
)

router = APIRouter(prefix="/api/v1", tags=["travel"], route_class=StrictRoute)


@router.get("/events/{event_id}/vehicles", response_model=list[VehicleOut])
async def vehicles(event_id: UUID, caller: Reader, db: ReadDb, sort: VehicleSort) -> list[VehicleOut]:
    """All vehicles of an event as they leave or as `sort` says, cancelled ones too, with passengers and time."""
    event, planned, _ = await service.board_of(db, event_id, caller)
    is_whole = caller.may(Right.plan, event.project_id)
    rows = sorted_rows(planned, sort, service.VEHICLE_SORTS)
    return [VehicleOut.of(one, is_whole=is_whole) for one in rows]


@router.post("/events/{event_id}/vehicles", status_code=201, response_model=VehicleOut)
async def add(event_id: UUID, given: VehicleIn, caller: Organiser, db: Db, at: Moment) -> VehicleOut:
    """Order a vehicle. Nobody rides in it yet."""
    vehicle = await service.add_vehicle(db, event_id, given, caller, at=at)
    return await _shown(db, vehicle.id, caller)


@router.put("/vehicles/{vehicle_id}", response_model=VehicleOut)
async def change(vehicle_id: UUID, given: VehicleIn, caller: Organiser, db: Db, at: Moment) -> VehicleOut:
    """Another time, place, size or driver; calendars of the passengers follow. Nobody is mailed."""
    await service.change_vehicle(db, vehicle_id, given, caller, at=at)
    return await _shown(db, vehicle_id, caller)


@router.post("/vehicles/{vehicle_id}/cancellation", response_model=VehicleOut)
async def cancel(vehicle_id: UUID, caller: Organiser, db: Db, at: Moment) -> VehicleOut:
    """It does not run; calendars say so."""
    await service.cancel_vehicle(db, vehicle_id, caller, at=at)
    return await _shown(db, vehicle_id, caller)


@router.post("/vehicles/{vehicle_id}/passengers", response_model=VehicleOut)
async def add_passengers(vehicle_id: UUID, given: NewPassengers, caller: Organiser, db: Db, at: Moment) -> VehicleOut:
    """Give seats to people. More than are free is refused as a whole."""
    await service.add_passengers(db, vehicle_id, given.registrations, caller, at=at)
    return await _shown(db, vehicle_id, caller)


@router.delete("/vehicles/{vehicle_id}/passengers/{registration_id}", status_code=204)
async def remove_passenger(vehicle_id: UUID, registration_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Take a seat back."""
    await service.remove_passenger(db, vehicle_id, registration_id, caller, at=at)
    return Response(status_code=204)


@router.post("/events/{event_id}/vehicle-suggestions", response_model=VehicleSuggestionOut)
async def suggest(event_id: UUID, given: SuggestionIn, caller: Organiser, db: ReadDb) -> VehicleSuggestionOut:
    """As few vehicles as will do for the arrivals of a day. Nothing is entered."""
    return VehicleSuggestionOut.of(await service.suggest(db, event_id, given, caller))


@router.post("/events/{event_id}/vehicle-suggestions/application", status_code=201, response_model=list[VehicleOut])
async def take_suggestion(
    event_id: UUID, given: SuggestionTaken, caller: Organiser, db: Db, at: Moment
) -> list[VehicleOut]:
    """Enter the vehicles that were suggested, with their passengers."""
    name = words(caller.language).translate(NAME)
    made = {one.id for one in await service.take_suggestion(db, event_id, given, name, caller, at=at)}
    _, planned, _ = await service.board_of(db, event_id, caller)
    return [VehicleOut.of(one, is_whole=True) for one in planned if one.vehicle.id in made]


@router.post("/events/{event_id}/driver-sheets", response_class=Response)
async def driver_sheets(event_id: UUID, given: DriverSheetIn, caller: Organiser, db: Db, at: Moment) -> Response:
    """A PDF of one page a vehicle for who drives it. The history keeps who made it for whom."""
    return download(await service.driver_sheets(db, event_id, given, caller, at=at), PDF, "driver-sheets.pdf")


async def _shown(db: AsyncSession, vehicle_id: UUID, caller: Caller) -> VehicleOut:
    planned, _ = await service.get_planned(db, vehicle_id, caller)
    return VehicleOut.of(planned, is_whole=True)
