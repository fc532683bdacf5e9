"""Legs as entries of a traveller's calendar."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.ical import Entry
from core.i18n import words
from events.calendars.entries.service import Registered, as_theirs, status_of
from events.invitations.registrations.models import Registration
from visits.legs.models import Leg, LegPassenger
from visits.legs.rules import TRAVEL_MODES, PassengerState
from visits.legs.service import legs_of

# What somebody only wishes for stands in nobody's calendar.
_SHOWN = frozenset(PassengerState) - {PassengerState.wished}


def state(person_id: Any) -> sa.ScalarSelect[str]:
    """How many legs a person is on, how often they changed and when last."""
    return (
        sa.select(
            sa.cast(sa.func.count(), sa.String)
            .concat(".")
            .concat(sa.cast(sa.func.sum(Leg.sequence), sa.String))
            .concat(".")
            .concat(sa.cast(sa.func.max(LegPassenger.changed_at), sa.String))
        )
        .select_from(LegPassenger)
        .join(Leg, col(Leg.id) == LegPassenger.leg_id)
        .join(Registration, col(Registration.id) == LegPassenger.registration_id)
        .where(Registration.person_id == person_id)
        .scalar_subquery()
    )


async def entries(db: AsyncSession, registered: Registered, domain: str, language: str) -> list[Entry]:
    """From departure to arrival, each by the clock of its place; by whole days where a time is not known. A leg that is
    off, or that the person left, is shown as cancelled: some calendars keep what vanishes."""
    say, of = words(language), {registration.id: (registration, event) for registration, event in registered}
    made = []
    for leg, one in await legs_of(db, list(of)):
        if one.state not in _SHOWN:
            continue
        registration, event = of[one.registration_id]
        is_off = leg.cancelled_at is not None or not one.is_travelling
        name = f"{say.translate(TRAVEL_MODES[leg.mode])} {leg.carrier} {leg.number}".strip()
        arrives = leg.arrives
        is_timed = leg.departs_at is not None and leg.arrives_at is not None
        entry = Entry(
            uid=f"{one.id}@{domain}",
            title=f"{name}: {leg.from_label} → {leg.to_label}",
            starts=leg.departs_at if is_timed and leg.departs_at else leg.day,
            ends=leg.arrives_at if is_timed and leg.arrives_at else max(leg.day, arrives.day if arrives else leg.day),
            zone=leg.origin_zone,
            end_zone=leg.destination_zone,
            venue=leg.origin,
            text=say.translate("Seat %(seat)s", seat=one.seat) if one.seat else "",
            sequence=leg.sequence + event.sequence,
            status="CANCELLED" if is_off else status_of(event),
            created_at=leg.created_at,
            changed_at=max(leg.changed_at, one.changed_at, event.changed_at),
            category=say.translate("Journey"),
        )
        made.append(as_theirs(entry, registration))
    return made
