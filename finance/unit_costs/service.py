"""Proposing, entering and removing the units of journeys, and a project's table of bands."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.service import get_project
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event, lock_event_for
from finance.unit_costs.models import UnitCostBand, UnitCostClaim
from finance.unit_costs.rules import UnitBand, band_for, shipped_bands
from finance.unit_costs.schemas import UnitCostIn
from visits.cost_lines.service import distances_of
from visits.costs.rules import MeasuredDistance


@dataclass(frozen=True)
class UnitCostRow:
    """A person, the distance that was measured and its band, and what was entered."""

    registration: Registration
    person: Person
    measured: MeasuredDistance | None
    band: UnitBand | None
    entered: UnitCostClaim | None


async def unit_costs_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, UnitCostClaim]:
    """The units that were entered, of everybody or of one, by registration: one query."""
    wanted = select(UnitCostClaim).where(UnitCostClaim.event_id == event_id)
    if only is not None:
        wanted = wanted.where(UnitCostClaim.registration_id == only)
    return {one.registration_id: one for one in await db.exec(wanted)}


async def bands_of(db: AsyncSession, project_id: UUID) -> list[UnitBand]:
    """A project's bands; those that come along where it has imported none."""
    found = await db.exec(
        select(UnitCostBand).where(UnitCostBand.project_id == project_id).order_by(col(UnitCostBand.first_km))
    )
    return [one.band for one in found] or shipped_bands()


async def import_bands(
    db: AsyncSession, project_id: UUID, table: Sequence[UnitBand], caller: Caller, *, at: datetime
) -> None:
    """A table in place of the one before; units that were entered keep their amounts. Raises NotFound."""
    project = await get_project(db, project_id, caller)
    await db.exec(delete(UnitCostBand).where(col(UnitCostBand.project_id) == project.id))
    db.add_all(
        UnitCostBand(
            project_id=project.id,
            first_km=one.first_km,
            last_km=one.last_km,
            amount_minor=one.amount.minor,
            currency=one.amount.currency,
            source=one.source,
        )
        for one in table
    )
    audit.record(
        db, "unit-cost.imported", project.id, at=at, project_id=project.id, **caller.signature, bands=len(table)
    )
    await db.flush()


UNIT_COST_SORTS: Mapping[str, Callable[[UnitCostRow], Any]] = {
    "name": lambda one: one.person.sort_key,
    "distance": lambda one: one.measured and one.measured.km,
    "proposed": lambda one: one.band and one.band.amount.amount,
    "entered": lambda one: one.entered and one.entered.amount.amount,
}


async def rows_of(db: AsyncSession, event_id: UUID, caller: Caller) -> tuple[Event, list[UnitCostRow]]:
    """Everybody with a place; a constant number of queries. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    people = await list_confirmed(db, event.id)
    distances = await distances_of(db, event, [registration.id for registration, _, _ in people])
    table, entered = await bands_of(db, event.project_id), await unit_costs_of(db, event.id)
    rows = []
    for registration, person, _ in people:
        measured = distances.get(registration.id)
        band = band_for(measured.km, table) if measured else None
        rows.append(UnitCostRow(registration, person, measured, band, entered.get(registration.id)))
    return event, rows


async def take_over(
    db: AsyncSession, event_id: UUID, registrations: Collection[UUID], caller: Caller, *, at: datetime
) -> int:
    """Enter what is proposed for these people, in place of what was entered; returns for how many.

    Raises Unacceptable where for one of them nothing is proposed: then nothing is entered.
    """
    event = await lock_event_for(db, event_id, caller)
    _, rows = await rows_of(db, event_id, caller)
    known = {row.registration.id: row for row in rows}
    for id in set(registrations):
        row = known.get(id)
        if row is None or row.band is None or row.measured is None:
            raise Unacceptable("registrations", N_("For one of them no unit is proposed: enter it by hand."))
        _set(db, event, row.entered, id, row.band, row.measured.km, caller, at=at)
    _note(db, event, "unit-cost.entered", caller, at=at, units=len(set(registrations)))
    await db.flush()
    return len(set(registrations))


async def set_unit_cost(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given: UnitCostIn, caller: Caller, *, at: datetime
) -> UnitCostClaim:
    """By distance, or an amount with its source, in place of what was entered. Raises NotFound, Unacceptable."""
    event = await lock_event_for(db, event_id, caller)
    registration = await db.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound()
    if given.each is not None:
        band = UnitBand(0, None, given.each, given.source)
    elif given.distance_km is None:
        raise Unacceptable("distance_km", N_("Please write the distance or the amount."))
    else:
        found = band_for(given.distance_km, await bands_of(db, event.project_id))
        if found is None:
            raise Unacceptable("distance_km", N_("No distance band holds this distance."))
        band = found
    entered = (await unit_costs_of(db, event.id, only=registration_id)).get(registration_id)
    claim = _set(db, event, entered, registration_id, band, given.distance_km, caller, at=at)
    _note(db, event, "unit-cost.entered", caller, at=at, units=1)
    await db.flush()
    return claim


async def remove_unit_cost(
    db: AsyncSession, event_id: UUID, registration_id: UUID, caller: Caller, *, at: datetime
) -> None:
    """Raises NotFound where none was entered."""
    event = await lock_event_for(db, event_id, caller)
    claim = (await unit_costs_of(db, event.id, only=registration_id)).get(registration_id)
    if claim is None:
        raise NotFound()
    await db.delete(claim)
    _note(db, event, "unit-cost.removed", caller, at=at, units=1)
    await db.flush()


def _set(
    db: AsyncSession,
    event: Event,
    entered: UnitCostClaim | None,
    registration_id: UUID,
    band: UnitBand,
    km: int | None,
    caller: Caller,
    *,
    at: datetime,
) -> UnitCostClaim:
    told: dict[str, Any] = {"distance_km": km, "amount_minor": band.amount.minor, "currency": band.amount.currency}
    told |= {"source": band.source, "entered_by": caller.account_id, "entered_at": at}
    claim = entered or UnitCostClaim.model_validate({"event_id": event.id, "registration_id": registration_id, **told})
    claim.sqlmodel_update(told)
    db.add(claim)
    return claim


def _note(db: AsyncSession, event: Event, act: str, caller: Caller, *, at: datetime, units: int) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, units=units)
