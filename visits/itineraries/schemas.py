"""Itineraries as programs and telephones read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from core.i18n import Words
from core.paging import sort_by
from events.programme.events.models import Event
from visits.itineraries.composition import BoardRow, SharedItem
from visits.itineraries.rules import ITINERARY_KINDS, ItineraryItem, ItineraryKind, TravellerPresence, Whereabout
from visits.journeys.service import TravellerJourney
from visits.travel_types import LocalTime

WhereSort = Annotated[str, sort_by("name", "where", "until", "next")]
BoardSort = Annotated[str, sort_by("time", "where", "leg", "people", "vehicle")]


class NoteOut(BaseModel):
    """A label and what it says."""

    label: str
    text: str


class ItineraryItemOut(BaseModel):
    """One item: instants in UTC where they are known, and what the clocks there show with the zone. What is not known
    is null. `minutes` is how long it takes."""

    kind: ItineraryKind
    label: str
    title: str
    day: date
    starts: str | None
    starts_at: datetime | None
    zone: str
    ends_day: date | None
    ends: str | None
    ends_at: datetime | None
    ends_zone: str | None
    minutes: int | None
    place: str
    notes: list[NoteOut]

    @classmethod
    def of(cls, item: ItineraryItem, say: Words) -> "ItineraryItemOut":
        ends = item.ends
        return cls(
            kind=item.kind,
            label=say.translate(ITINERARY_KINDS[item.kind]),
            title=item.title,
            day=item.starts.day,
            starts=_clock(item.starts),
            starts_at=item.starts.instant,
            zone=item.starts.zone,
            ends_day=ends.day if ends else None,
            ends=_clock(ends),
            ends_at=ends.instant if ends else None,
            ends_zone=ends.zone if ends else None,
            minutes=item.minutes,
            place=item.place,
            notes=[NoteOut(label=say.translate(label), text=text) for label, text in item.notes],
        )


class ItineraryOut(BaseModel):
    """One person's way through a visit, in order."""

    registration_id: UUID
    name: str
    zone: str
    items: list[ItineraryItemOut]

    @classmethod
    def of(cls, journey: TravellerJourney, event: Event, items: Sequence[ItineraryItem], say: Words) -> "ItineraryOut":
        return cls(
            registration_id=journey.registration.id,
            name=journey.person.name,
            zone=event.zone,
            items=[ItineraryItemOut.of(item, say) for item in items],
        )


class KeptItinerary(BaseModel):
    """What a telephone keeps: the itinerary with its days in words, until when it is kept, and whom to call. No
    passport, booking reference, ticket or account is in it."""

    event: str
    name: str
    zone: str
    ends_at: datetime
    made_at: datetime
    contact: str
    days: dict[date, str]
    items: list[ItineraryItemOut]


class SharedItemOut(BaseModel):
    """An item of the group with those whose it is, by their registrations."""

    item: ItineraryItemOut
    registrations: list[UUID]
    is_everybodys: bool

    @classmethod
    def of(cls, one: SharedItem, say: Words) -> "SharedItemOut":
        people = [id for id, _ in one.people]
        return cls(item=ItineraryItemOut.of(one.item, say), registrations=people, is_everybodys=one.is_everybodys)


class BoardRowOut(BaseModel):
    """An arrival or a departure by the clock there; `vehicles` meet or bring those who are on it."""

    leg_id: UUID
    label: str
    is_arrival: bool
    place: str
    day: date
    time: str | None
    zone: str
    people: list[str]
    vehicles: list[UUID]

    @classmethod
    def of(cls, row: BoardRow) -> "BoardRowOut":
        return cls(
            leg_id=row.leg.id,
            label=row.leg.label,
            is_arrival=row.is_arrival,
            place=row.leg.to_label if row.is_arrival else row.leg.from_label,
            day=row.at.day,
            time=_clock(row.at),
            zone=row.at.zone,
            people=list(row.people),
            vehicles=[one.vehicle.id for one in row.vehicles],
        )


class WhereaboutOut(BaseModel):
    """Where the plan says that somebody is, and what comes next."""

    registration_id: UUID
    name: str
    presence: TravellerPresence
    item: ItineraryItemOut | None
    next: ItineraryItemOut | None

    @classmethod
    def of(cls, id: UUID, name: str, found: Whereabout, say: Words) -> "WhereaboutOut":
        return cls(
            registration_id=id,
            name=name,
            presence=found.presence,
            item=ItineraryItemOut.of(found.item, say) if found.item else None,
            next=ItineraryItemOut.of(found.next, say) if found.next else None,
        )


def _clock(moment: LocalTime | None) -> str | None:
    if moment is None or moment.clock is None:
        return None
    return f"{moment.clock:%H:%M} {moment.offset}".rstrip()
