"""Reading whole journeys, checking them, and marking what was looked at."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.i18n import Words
from core.paging import Page, Paging, page_of
from core.zones import day_in
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.models import Institution, Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.service import list_confirmed, page_of_confirmed
from events.invitations.session_signups.service import chosen_by
from events.programme.events.models import Event, Session
from events.programme.events.rules import ATTENDED_KINDS, EventKind
from events.programme.events.service import get_event, list_sessions, lock_event_for
from visits.checks.nights import joined_nights
from visits.checks.rules import OF_DETAILS, FindingSeverity, TravelFinding
from visits.checks.sentences import sentence
from visits.checks.traveller import findings_of
from visits.checks.ways import person_ways, with_home
from visits.hotels.models import Hotel
from visits.journeys.composition import (
    document_findings,
    place_of,
    ticket_name_findings,
    travelled_by,
    ways_in,
)
from visits.journeys.models import SeenFinding
from visits.journeys.schemas import FindingOut, JourneyOut, SeenIn
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import travel_leg
from visits.legs.service import grouped, legs_of, people_of
from visits.passports.rules import VisaNeed
from visits.places.lookup import any_place
from visits.project_settings.models import ProjectTravelSettings
from visits.rooms.service import findings_in_rooms
from visits.stays.models import Stay
from visits.stays.service import list_beds
from visits.travel_details.models import TravelDetails
from visits.travel_details.service import details_of_each, registration_in
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import AttendedSession, BedNights, Traveller, local_time
from visits.vehicles.composition import PlannedVehicle, led_between, transfer_findings
from visits.vehicles.reading import vehicles_in
from visits.visa_rules.service import needs_in

_ORDER = (FindingSeverity.error, FindingSeverity.warning, FindingSeverity.note)

Confirmed = Sequence[tuple[Registration, Person, Institution | None]]


@dataclass(frozen=True)
class TravellerJourney:
    """One person with a place: their legs as they leave, those cancelled too, nights, what they told, what the checks
    find, the vehicles they ride in, the sessions of their programme, and hotels by the stays in them; `seen` has why a
    finding is all right, by `about`. `traveller` is all of it as the rules know it."""

    registration: Registration
    person: Person
    institution: Institution | None
    legs: Sequence[tuple[Leg, LegPassenger]]
    stays: Sequence[Stay]
    details: TravelDetails | None
    findings: Sequence[TravelFinding]
    seen: Mapping[str, SeenFinding]
    traveller: Traveller
    vehicles: Sequence[PlannedVehicle] = ()
    sessions: Sequence[Session] = ()
    hotels: Mapping[UUID, Hotel] = field(default_factory=dict)

    @property
    def travelled(self) -> list[Leg]:
        """The legs that the person travels on."""
        return [leg for leg, one in self.legs if one.is_travelling and leg.cancelled_at is None]

    @property
    def ways(self) -> tuple[list[Leg], list[Leg]]:
        """Of these, the way there and the way home: what leads home is that wherever it ends."""
        ways, legs = person_ways(self.traveller), {str(leg.id): leg for leg in self.travelled}
        return [legs[one.key] for one in ways.there], [legs[one.key] for one in ways.home]

    @property
    def has_place(self) -> bool:
        """Whether they still have it; who was there and gave it back is shown all the same."""
        return self.registration.status is RegistrationStatus.confirmed

    @property
    def nights(self) -> int:
        """How many nights are booked."""
        return sum((stay.check_out - stay.check_in).days for stay in self.stays)

    @property
    def open_findings(self) -> list[TravelFinding]:
        """What nobody has said to be all right, the worst first."""
        return [one for one in self.findings if about(one) not in self.seen]


def about(one: TravelFinding) -> str:
    """Which finding it is, for one person: the code, and what it is about."""
    keys = " ".join([*one.keys, *(f"{name}={value}" for name, value in sorted(one.numbers.items()))])
    return f"{one.code.value}:{hashlib.sha256(keys.encode()).hexdigest()[:24]}"


async def journeys_in(
    db: AsyncSession, event: Event, *, at: datetime, only: UUID | None = None, some: Confirmed | None = None
) -> list[TravellerJourney]:
    """Everybody with a place, by name, `some` of these rows, or the one of this registration; a constant number of
    queries. Only these are checked."""
    people = await list_confirmed(db, event.id, only=only) if some is None else some
    ids = [registration.id for registration, _, _ in people]
    legs: dict[UUID, list[tuple[Leg, LegPassenger]]] = defaultdict(list)
    on_legs = await legs_of(db, ids)
    for leg, one in on_legs:
        legs[one.registration_id].append((leg, one))
    beds = await list_beds(db, event.id)
    stays: dict[UUID, list[tuple[Stay, Hotel | None]]] = defaultdict(list)
    for stay, hotel, _ in beds:
        stays[stay.registration_id].append((stay, hotel))
    # Of their room-mates too: what is wrong with a room is found from all who sleep in it.
    wanted = set(ids)
    theirs = {room.id for stay, _, room in beds if room and stay.registration_id in wanted}
    mates = {stay.registration_id for stay, _, room in beds if room and room.id in theirs}
    details = await details_of_each(db, {*ids, *mates})
    in_rooms = await findings_in_rooms(db, event.id, beds, details, {*ids, *mates})
    # Where one person is read, others ride with them: their legs say too when it leaves.
    vehicles = await vehicles_in(db, event.id, grouped(on_legs) if only is None and some is None else None)
    sessions = [s for s in await list_sessions(db, event.id) if not s.removed_at]
    chosen = await chosen_by(db, ids) if any(s.capacity is not None for s in sessions) else {}
    seen, settings = await _marks_and_settings(db, event)
    has_passports = any(told.passport for told in details.values())
    visas = await needs_in(db, event.project_id, event.country) if has_passports else []
    today = day_in(event.zone, at=at)
    found = []
    for registration, person, institution in people:
        id = registration.id
        told = details.get(id)
        own = [s for s in sessions if s.capacity is None or chosen.get((id, s.id))]
        attended = [s for s in own if s.kind in ATTENDED_KINDS]
        traveller = traveller_of(event, legs[id], stays[id], attended, told)
        mine = [one for one in vehicles if one.is_running and one.is_riding(id)]
        traveller = replace(traveller, transfers=led_between(id, traveller.legs, mine))
        findings = [*_check(event, traveller, told, mine, today, visas, settings), *in_rooms.get(str(id), [])]
        findings += ticket_name_findings(legs[id], told)
        if traveller.legs:
            findings += transfer_findings(id, traveller, vehicles, settings)
        marks = seen[id]
        findings = joined_nights(findings, lambda one, marks=marks: about(one) in marks)  # type: ignore[misc]
        findings.sort(key=lambda one: _ORDER.index(one.severity))
        nights = [stay for stay, _ in stays[id]]
        hotels = {stay.id: hotel for stay, hotel in stays[id] if hotel}
        of_person = legs[id], nights, told, findings, seen[id], traveller, mine, own, hotels
        found.append(TravellerJourney(registration, person, institution, *of_person))
    return found


async def _marks_and_settings(
    db: AsyncSession, event: Event
) -> tuple[dict[UUID, dict[str, SeenFinding]], TravelSettings]:
    """What was looked at, by person and finding, and the numbers of the project: one query."""
    found = await db.exec(
        select(SeenFinding, ProjectTravelSettings)
        .select_from(Event)
        .join(SeenFinding, col(SeenFinding.event_id) == Event.id, isouter=True)
        .join(ProjectTravelSettings, col(ProjectTravelSettings.project_id) == Event.project_id, isouter=True)
        .where(Event.id == event.id)
    )
    seen: dict[UUID, dict[str, SeenFinding]] = defaultdict(dict)
    settings = DEFAULTS
    for mark, own in found:
        settings = own.settings if own else DEFAULTS
        if mark is not None:
            seen[mark.registration_id][mark.about] = mark
    return seen, settings


_WAYS = frozenset({"there", "home"})


async def _departures(db: AsyncSession, event: Event, ids: Collection[UUID], way: str) -> dict[UUID, datetime]:
    """When the way there of each begins, or the last leg of the way home, where its time is known: one query."""
    found: dict[UUID, datetime] = {}
    for id, legs in travelled_by(await legs_of(db, ids)).items():
        ways = ways_in(event, legs)
        for leg in ways.there[:1] if way == "there" else ways.home[-1:]:
            if leg.departs and leg.departs.instant:
                found[id] = leg.departs.instant
    return found


async def journeys_page(
    db: AsyncSession, event_id: UUID, caller: Caller, paging: Paging, *, at: datetime
) -> tuple[Event, Page[TravellerJourney]]:
    """One page of `journeys_for`. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    way = paging.sort.removeprefix("-")
    if way in _WAYS:
        everybody = await list_confirmed(db, event.id)
        left = await _departures(db, event, [one.id for one, _, _ in everybody], way)
        people = page_of(everybody, paging, {way: lambda row: left.get(row[0].id)})
    else:
        people = await page_of_confirmed(db, event.id, paging)
    found = await journeys_in(db, event, at=at, some=people.rows)
    if not caller.may(Right.plan, event.project_id):
        found = [_without_details(one) for one in found]
    return event, Page(found, people.total, paging.page, paging.limit)


async def journeys_for(
    db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime, only: UUID | None = None
) -> tuple[Event, list[TravellerJourney]]:
    """The same for somebody who may look at the event; what was told for the journey, and what is found in it, is for
    those who plan. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    found = await journeys_in(db, event, at=at, only=only)
    if not caller.may(Right.plan, event.project_id):
        found = [_without_details(one) for one in found]
    return event, found


async def of_who_left(db: AsyncSession, event: Event, registration_id: UUID, *, at: datetime) -> list[TravellerJourney]:
    """The legs and nights of somebody who has no place any more, which are to be cancelled or renamed. Nothing that
    they told, and nothing found: they do not travel. Empty where there is none, or not of this event."""
    people = [
        (registration, person, None)
        for registration, person in await people_of(db, [registration_id])
        if registration.event_id == event.id
    ]
    found = await journeys_in(db, event, at=at, some=people) if people else []
    return [replace(one, details=None, findings=[]) for one in found if one.legs or one.stays]


def _without_details(one: TravellerJourney) -> TravellerJourney:
    findings = [found for found in one.findings if found.code not in OF_DETAILS]
    return replace(one, details=None, findings=findings)


async def mark_seen(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given: SeenIn, caller: Caller, *, at: datetime
) -> None:
    """Say that a finding is all right, and why; once more replaces the reason.

    Raises NotFound, and Unacceptable for a finding that is not there, or whose numbers have changed."""
    event = await lock_event_for(db, event_id, caller)
    await registration_in(db, event_id, registration_id)
    here = await journeys_in(db, event, at=at, only=registration_id)
    if given.about not in {about(one) for journey in here for one in journey.findings}:
        raise Unacceptable("reason", N_("This finding is not there any more, or has changed. Please look again."))
    marks = await db.exec(
        select(SeenFinding).where(SeenFinding.registration_id == registration_id, SeenFinding.about == given.about)
    )
    mark = marks.first() or SeenFinding(
        event_id=event_id,
        registration_id=registration_id,
        about=given.about,
        reason="",
        account_id=caller.account_id,
        seen_at=at,
    )
    mark.reason, mark.account_id, mark.seen_at = given.reason, caller.account_id, at
    db.add(mark)
    audit.record(
        db,
        "travel.seen",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        registration=registration_id,
        finding=given.about.partition(":")[0],
    )
    await db.flush()


async def unmark(
    db: AsyncSession, event_id: UUID, registration_id: UUID, given_about: str, caller: Caller, *, at: datetime
) -> None:
    """Let a finding count again. Nothing happens where it does."""
    event = await lock_event_for(db, event_id, caller)
    marks = await db.exec(
        select(SeenFinding).where(
            SeenFinding.event_id == event_id,
            SeenFinding.registration_id == registration_id,
            col(SeenFinding.about) == given_about,
        )
    )
    mark = marks.first()
    if mark is None:
        return
    await db.delete(mark)
    audit.record(
        db,
        "travel.unseen",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        registration=registration_id,
    )
    await db.flush()


def board(journeys: Sequence[TravellerJourney]) -> list[tuple[Leg, list[tuple[TravellerJourney, LegPassenger]]]]:
    """The legs of these people as they leave, each with who travels on it."""
    legs: dict[UUID, tuple[Leg, list[tuple[TravellerJourney, LegPassenger]]]] = {}
    for journey in journeys:
        for leg, one in journey.legs:
            passengers = legs.setdefault(leg.id, (leg, []))[1]
            if one.is_travelling:
                passengers.append((journey, one))
    return sorted(legs.values(), key=lambda row: row[0].departs.earliest)


def shown(journey: TravellerJourney, say: Words) -> JourneyOut:
    """A journey as programs read it, the sentences in the reader's language."""
    findings = []
    for one in journey.findings:
        mark = journey.seen.get(about(one))
        findings.append(FindingOut.of(one, about(one), sentence(one, say), mark.reason if mark else None))
    legs = [leg.id for leg in journey.travelled]
    return JourneyOut.of(journey.registration.id, journey.person.name, legs, findings)


def traveller_of(
    event: Event,
    legs: Sequence[tuple[Leg, LegPassenger]],
    stays: Sequence[tuple[Stay, Hotel | None]],
    sessions: Sequence[Session],
    told: TravelDetails | None,
) -> Traveller:
    """One person as the rules know them."""
    travelled = tuple(travel_leg(leg, one) for leg, one in legs if one.is_travelling and leg.cancelled_at is None)
    home = any_place(told.home) if told and told.home else None
    person = Traveller(
        legs=travelled,
        stays=tuple(
            BedNights(stay.check_in, stay.check_out, hotel.name if hotel else stay.city, str(stay.id))
            for stay, hotel in stays
        ),
        sessions=tuple(
            AttendedSession(local_time(s.starts_at, event.zone), local_time(s.ends_at, event.zone), s.title, str(s.id))
            for s in sessions
        ),
        home=home,
        first_day=event.first_day,
        last_day=event.last_day,
        event=place_of(event.venue, event.country),
    )
    return with_home(person)


def _check(
    event: Event,
    traveller: Traveller,
    told: TravelDetails | None,
    mine: Sequence[PlannedVehicle],
    today: date,
    visas: Sequence[VisaNeed],
    settings: TravelSettings,
) -> list[TravelFinding]:
    """All findings but those of transfers and rooms. Who has no leg yet is reminded of it, and of passport and
    insurance, on a visit that is not over."""
    is_visit = event.kind is EventKind.study_visit and today <= event.last_day
    drive = max((one.vehicle.drive_minutes for one in mine), default=0)
    people = max((one.people for one in mine), default=1)
    is_checked = traveller.legs or traveller.stays or is_visit
    found = findings_of(traveller, drive=drive, people=people, settings=settings) if is_checked else []
    if is_visit:
        found += document_findings(event, traveller, told, today, visas, settings)
    return found
