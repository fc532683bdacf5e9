"""Itineraries put together from journeys."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from core.collation import sort_key
from core.errors import N_
from core.i18n import Words
from events.programme.events.models import Event, Session
from visits.checks.ways import person_ways
from visits.hotels.models import Hotel
from visits.itineraries.rules import TRAVELLER_PRESENCES, ItineraryItem, ItineraryKind, Whereabout, by_day
from visits.journeys.service import TravellerJourney, board
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import travel_leg
from visits.legs.rules import TRAVEL_MODES
from visits.places.lookup import any_place, is_near
from visits.places.rules import NOWHERE
from visits.stays.models import Stay
from visits.travel_types import LocalTime, local_time
from visits.vehicles.composition import PlannedVehicle
from visits.vehicles.rules import VehicleDirection


@dataclass(frozen=True)
class SharedItem:
    """An item with those whose it is; `is_everybodys` where all of the group share it."""

    item: ItineraryItem
    people: Sequence[tuple[UUID, str]]
    is_everybodys: bool


def items_of(
    journey: TravellerJourney, event: Event, say: Words, *, is_own: bool = True, is_whole: bool = True
) -> list[ItineraryItem]:
    """One person's legs, transfers, nights and sessions in the words of a language. Booking references, tickets and
    what was told for the journey are not among it; seats are where it `is_own`, drivers where it `is_whole`."""
    travelled = [
        (travel_leg(leg), leg, one) for leg, one in journey.legs if one.is_travelling and leg.cancelled_at is None
    ]
    ways = person_ways(journey.traveller)
    told = journey.details.home if journey.details else ""
    # Who has not said where they live is at home where the journey begins, and where it ends.
    home = any_place(told) if told else ways.there[0].origin if ways.there else NOWHERE
    ends = {way.key for way in ways.home[-1:]}
    found = [
        _leg(leg, one if is_own else None, say, leads_home=way.key in ends or is_near(way.destination, home))
        for way, leg, one in travelled
    ]
    found += [_transfer(one, journey.registration.id, say, is_whole=is_whole) for one in journey.vehicles]
    found += [item for stay in journey.stays for item in _nights(stay, journey.hotels.get(stay.id), event, say)]
    found += [session_item(session, event, say) for session in journey.sessions]
    return sorted(found, key=lambda item: item.is_at)


def shared_days(
    journeys: Sequence[TravellerJourney], event: Event, say: Words, *, is_whole: bool
) -> list[tuple[date, list[SharedItem]]]:
    """The group's days: what several share stands once, with their names."""
    items: dict[tuple[str, str], ItineraryItem] = {}
    people: dict[tuple[str, str], list[tuple[UUID, str]]] = defaultdict(list)
    for journey in journeys:
        for item in items_of(journey, event, say, is_own=False, is_whole=is_whole):
            key = item.kind.value, item.key
            items.setdefault(key, item)
            people[key].append((journey.registration.id, journey.person.name))
    return [
        (
            day.day,
            [
                SharedItem(item, whose := people[item.kind.value, item.key], len(whose) == len(journeys))
                for item in day.items
            ],
        )
        for day in by_day(list(items.values()))
    ]


@dataclass(frozen=True)
class BoardRow:
    """A departure or an arrival with who is on it, and the vehicles that take them there or meet them."""

    leg: Leg
    is_arrival: bool
    at: LocalTime
    people: Sequence[str]
    vehicles: Sequence[PlannedVehicle]


def arrivals_board(journeys: Sequence[TravellerJourney]) -> dict[date, list[BoardRow]]:
    """All arrivals and departures by day, in order; what no time is known of comes first. Each by its own clock."""
    rows = []
    for leg, passengers in board(journeys):
        if leg.cancelled_at or not passengers:
            continue
        people = [journey.person.name for journey, _ in passengers]
        riding = {one.vehicle.id: one for journey, _ in passengers for one in journey.vehicles}
        served = [one for one in riding.values() if str(leg.id) in one.transfer.legs]
        taken = [one for one in served if one.transfer.is_before]
        met = [one for one in served if not one.transfer.is_before]
        rows.append(BoardRow(leg, False, leg.departs, people, taken))
        if leg.arrives:
            rows.append(BoardRow(leg, True, leg.arrives, people, met))
    rows.sort(key=lambda row: (row.at.day, row.at.earliest))
    return {day: list(found) for day, found in groupby(rows, lambda row: row.at.day)}


BOARD_SORTS: Mapping[str, Callable[[BoardRow], Any]] = {
    "time": lambda row: (row.at.day, row.at.earliest),
    "where": lambda row: sort_key(row.leg.to_label if row.is_arrival else row.leg.from_label),
    "leg": lambda row: sort_key(f"{row.leg.carrier} {row.leg.number}".strip()),
    "people": lambda row: len(row.people),
    "vehicle": lambda row: sort_key(row.vehicles[0].vehicle.name) if row.vehicles else None,
}


def where_sorts(say: Words) -> Mapping[str, Callable[[tuple[TravellerJourney, Whereabout]], Any]]:
    """What the list of who is where may be ordered by; where they are by its words in that language."""
    return {
        "name": lambda row: row[0].person.sort_key,
        "where": lambda row: (
            sort_key(say.translate(TRAVELLER_PRESENCES[row[1].presence])),
            sort_key(row[1].item.title if row[1].item else ""),
        ),
        "until": lambda row: ends.earliest if (ends := row[1].until) else None,
        "next": lambda row: row[1].next.starts.earliest if row[1].next else None,
    }


def _leg(leg: Leg, one: LegPassenger | None, say: Words, *, leads_home: bool) -> ItineraryItem:
    name = f"{say.translate(TRAVEL_MODES[leg.mode])} {leg.carrier} {leg.number}".strip()
    notes = [
        (N_("Boarding"), f"{leg.boards.clock:%H:%M}" if leg.boards and leg.boards.clock else ""),
        (N_("Terminal of departure"), leg.origin_terminal),
        (N_("Terminal of arrival"), leg.destination_terminal),
        (N_("Seat"), one.seat if one else ""),
    ]
    return ItineraryItem(
        ItineraryKind.leg,
        str(leg.id),
        f"{name}: {_place(leg.origin, leg.origin_code)} → {_place(leg.destination, leg.destination_code)}",
        leg.departs,
        leg.arrives,
        minutes=leg.minutes,
        notes=_said(notes),
        leads_home=leads_home,
    )


def _transfer(one: PlannedVehicle, registration_id: UUID, say: Words, *, is_whole: bool) -> ItineraryItem:
    vehicle, pick_up = one.vehicle, one.pick_up_of(registration_id)
    starts = pick_up or LocalTime(vehicle.day, vehicle.zone)
    is_driven = pick_up and vehicle.drive_minutes
    notes = [
        (N_("Meeting point"), vehicle.meeting_point),
        (N_("On the sign"), vehicle.sign_text if vehicle.direction is VehicleDirection.arrivals else ""),
        (N_("Vehicle"), " · ".join(filter(None, (vehicle.name, vehicle.plate if is_whole else "")))),
    ]
    if is_whole:
        notes += [
            (N_("Driver"), " · ".join(filter(None, (vehicle.driver_name, vehicle.driver_phone)))),
            (N_("Contact person"), " · ".join(filter(None, (vehicle.contact_name, vehicle.contact_phone)))),
        ]
    return ItineraryItem(
        ItineraryKind.transfer,
        str(vehicle.id),
        f"{vehicle.origin} → {vehicle.destination}",
        starts,
        starts.plus(vehicle.drive_minutes) if is_driven else None,
        place=vehicle.meeting_point,
        minutes=vehicle.drive_minutes if is_driven else None,
        notes=_said(notes),
    )


def _nights(stay: Stay, hotel: Hotel | None, event: Event, say: Words) -> list[ItineraryItem]:
    """Where one sleeps from the day of check-in on, and the day of check-out."""
    where = stay.city or say.country(stay.country)
    notes = [(N_("Until"), say.day(stay.check_out))]
    if hotel:
        where = ", ".join(filter(None, (hotel.name, stay.city)))
        notes += [(N_("Address"), hotel.address), (N_("Telephone"), hotel.phone)]
    key = f"{stay.check_in} {stay.check_out} {where}"
    begins, ends = LocalTime(stay.check_in, event.zone), LocalTime(stay.check_out, event.zone)
    return [
        ItineraryItem(ItineraryKind.night, key, where, begins, place=where, notes=_said(notes)),
        ItineraryItem(ItineraryKind.check_out, key, where, ends, place=where),
    ]


def session_item(session: Session, event: Event, say: Words) -> ItineraryItem:
    """A session of the programme, by the clock of its event."""
    return ItineraryItem(
        ItineraryKind.session,
        str(session.id),
        session.title_in(say.language),
        local_time(session.starts_at, event.zone),
        local_time(session.ends_at, event.zone),
        place=session.room,
    )


def _place(name: str, code: str) -> str:
    return f"{name} ({code})" if code else name


def _said(notes: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in notes if value)
