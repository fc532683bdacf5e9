"""Who is concerned when a leg moves, and telling those whose journey differs from what they know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.rows import batches
from core.settings import Settings
from core.web import must_match
from directory.accounts.access import Caller
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.service import BATCH, load_mail_contexts
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for
from notifications.batches.models import MessageBatch
from notifications.batches.service import waiting
from notifications.outbox.models import Message
from notifications.outbox.service import cancel_unsent, enqueue
from notifications.releases.service import send_all
from visits.changes.rules import ChangeEffects, VisitState, effects, moved
from visits.journeys.composition import place_of
from visits.journeys.service import TravellerJourney, journeys_for, journeys_in
from visits.legs import service as legs
from visits.legs.models import Leg, LegPassenger
from visits.legs.reading import leg_of, must_be_of_event, travel_leg
from visits.legs.rules import LegIsCancelled, PassengerState
from visits.legs.schemas import LegIn
from visits.project_settings.service import settings_of
from visits.stays.models import Stay
from visits.travel_notices.mails import JOURNEY, journey_message
from visits.travel_notices.models import TravelNotice
from visits.travel_notices.rules import (
    ItemChange,
    JourneyItem,
    JourneyItemKind,
    NobodyToTell,
    changes_between,
    from_document,
    to_document,
)
from visits.vehicles.composition import PlannedVehicle


@dataclass(frozen=True)
class PendingNotice:
    """One traveller's journey as it stands, and what differs from what they know; who was told nothing yet has no
    `changes`."""

    journey: TravellerJourney
    now: Sequence[JourneyItem]
    changes: Sequence[ItemChange]
    notice: TravelNotice | None

    @property
    def told_at(self) -> datetime | None:
        return self.notice.told_at if self.notice else None

    @property
    def is_due(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.changes) or (self.told_at is None and bool(self.now))


async def effects_of(
    db: AsyncSession, leg_id: UUID, given: LegIn | None, caller: Caller, *, at: datetime
) -> tuple[Leg, Event, ChangeEffects, list[TravellerJourney]]:
    """Who and what is concerned if a leg becomes this one, or with None is cancelled. Nothing is changed.

    Raises NotFound, LegIsCancelled, Unacceptable beside the field.
    """
    leg, event = await legs.get_leg(db, leg_id, caller)
    if leg.cancelled_at:
        raise LegIsCancelled()
    new = leg_of(given) if given else None
    if given:
        must_be_of_event(event, given, leg)
    journeys = await journeys_in(db, event, at=at)
    before = state_of(event, journeys)
    key = str(leg_id)
    if key not in before.legs:
        return leg, event, ChangeEffects({}, {}, {}, {}, {}, {}, {}), journeys
    if new is not None:
        new.id = leg_id
    settings = await settings_of(db, event.project_id)
    after = moved(before, key, travel_leg(new) if new else None)
    return leg, event, effects(before, after, settings), journeys


async def move(
    db: AsyncSession,
    leg_id: UUID,
    given: LegIn | None,
    caller: Caller,
    settings: Settings,
    *,
    tell: bool,
    at: datetime,
    expected: int | None = None,
) -> tuple[Leg, int]:
    """Change or, with None, cancel a leg for everybody on it, and `tell` those concerned in one mail each. What others
    have not been told of yet stays for later.

    Who had never been told of their journey is taken to know it as it was. Returns how many mails are written.
    Raises NotFound, LegIsCancelled, Unacceptable, EventIsOver, LostUpdate where the leg is not that of the `expected`
    sequence any more.
    """
    leg, event = await legs.get_leg(db, leg_id, caller, lock=True)
    must_match(leg.sequence, expected)
    if tell:
        must_take_place(event.state)
    journeys = await journeys_in(db, event, at=at)
    before = {one.registration.id: list(items_of(one)) for one in journeys}
    known = await _notices(db, event.id)
    on_it = [one for one in journeys if _is_on(leg_id, one)]
    db.add_all(
        TravelNotice(
            event_id=event.id,
            registration_id=one.registration.id,
            content=to_document(items_of(one)),
            noted_at=at,
        )
        for one in on_it
        if one.registration.id not in known
    )
    if given is None:
        leg = await legs.cancel_leg(db, leg_id, caller, at=at)
    else:
        leg = await legs.change_leg(db, leg_id, given, caller, at=at)
    await db.flush()
    if not tell:
        return leg, 0
    due = await _pending(db, event, at=at)
    concerned = [one for one in due if one.changes and list(one.now) != before[one.journey.registration.id]]
    reachable = [one for one in concerned if one.journey.person.address]
    return leg, await _write(db, event, reachable, caller, settings, at=at) if reachable else 0


async def pending_notices(
    db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime
) -> tuple[Event, list[PendingNotice]]:
    """Whoever has something to be told, by name. Raises NotFound."""
    event, journeys = await journeys_for(db, event_id, caller, at=at)
    return event, [one for one in await _compare(db, event, journeys) if one.is_due and one.journey.has_place]


async def send_notices(
    db: AsyncSession,
    event_id: UUID,
    registrations: Collection[UUID] | None,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> int:
    """Tell those who have something to be told, all or these; returns how many. Raises NobodyToTell, EventIsOff."""
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    due = await _pending(db, event, at=at)
    if registrations is not None:
        due = [one for one in due if one.journey.registration.id in registrations]
    if not due:
        raise NobodyToTell()
    return await _write(db, event, due, caller, settings, at=at)


def _is_on(leg_id: UUID, journey: TravellerJourney) -> bool:
    """Whether somebody travels on it, or rides in a vehicle that waits for it."""
    rides = (str(leg_id) in one.transfer.legs for one in journey.vehicles)
    return any(leg.id == leg_id for leg in journey.travelled) or any(rides)


def state_of(event: Event, journeys: Sequence[TravellerJourney]) -> VisitState:
    """All of a visit as the rules of changes know it; people by their registrations."""
    known: dict[str, Leg] = {}
    on_leg: dict[str, set[str]] = {}
    for journey in journeys:
        for leg in journey.travelled:
            known[str(leg.id)] = leg
            on_leg.setdefault(str(leg.id), set()).add(str(journey.registration.id))
    people = {str(one.registration.id): one.traveller for one in journeys}
    vehicles = {one.vehicle.id: one for journey in journeys for one in journey.vehicles}
    return VisitState(
        legs={key: travel_leg(leg) for key, leg in known.items()},
        on_leg={key: frozenset(those) for key, those in on_leg.items()},
        transfers=[one.transfer for one in vehicles.values()],
        stays={key: one.stays for key, one in people.items()},
        sessions={key: one.sessions for key, one in people.items()},
        homes={key: one.home for key, one in people.items()},
        starts={key: one.starts for key, one in people.items()},
        first_day=event.first_day,
        event=place_of(event.venue, event.country),
        last_day=event.last_day,
    )


def items_of(journey: TravellerJourney) -> list[JourneyItem]:
    """What somebody is told of their journey: legs that are more than a wish, transfers, and nights."""
    items = [_leg_item(leg) for leg, one in journey.legs if _is_told(leg, one)]
    items += [_transfer_item(one, journey.registration.id) for one in journey.vehicles]
    items += [_stay_item(stay, of.hotel) for stay, of in zip(journey.stays, journey.traveller.stays, strict=True)]
    return sorted(items, key=lambda one: one.starts)


def _is_told(leg: Leg, one: LegPassenger) -> bool:
    return leg.cancelled_at is None and one.is_travelling and one.state is not PassengerState.wished


def _leg_item(leg: Leg) -> JourneyItem:
    departs, arrives = leg.departs, leg.arrives

    def place(name: str, code: str, terminal: str) -> str:
        return " ".join(filter(None, [name, f"({code})" if code else "", f"T{terminal}" if terminal else ""]))

    return JourneyItem(
        JourneyItemKind.leg,
        str(leg.id),
        f"{leg.carrier} {leg.number}".strip(),
        day=departs.day.isoformat(),
        time=f"{departs.clock:%H:%M}" if departs.clock else "",
        until_day=arrives.day.isoformat() if arrives else "",
        until_time=f"{arrives.clock:%H:%M}" if arrives and arrives.clock else "",
        origin=place(leg.origin, leg.origin_code, leg.origin_terminal),
        destination=place(leg.destination, leg.destination_code, leg.destination_terminal),
    )


def _transfer_item(planned: PlannedVehicle, registration_id: UUID) -> JourneyItem:
    vehicle, at = planned.vehicle, planned.pick_up_of(registration_id)
    return JourneyItem(
        JourneyItemKind.transfer,
        str(vehicle.id),
        vehicle.name,
        day=(at.day if at else vehicle.day).isoformat(),
        time=f"{at.clock:%H:%M}" if at and at.clock else "",
        origin=", ".join(filter(None, [vehicle.origin, vehicle.meeting_point])),
        destination=vehicle.destination,
    )


def _stay_item(stay: Stay, hotel: str) -> JourneyItem:
    days = {"day": stay.check_in.isoformat(), "until_day": stay.check_out.isoformat()}
    where = hotel if hotel == stay.city or not stay.city else f"{hotel}, {stay.city}"
    return JourneyItem(JourneyItemKind.stay, str(stay.id), where or stay.country, **days)


async def _pending(db: AsyncSession, event: Event, *, at: datetime) -> list[PendingNotice]:
    found = await _compare(db, event, await journeys_in(db, event, at=at))
    return [one for one in found if one.is_due and one.journey.has_place]


async def _compare(db: AsyncSession, event: Event, journeys: Sequence[TravellerJourney]) -> list[PendingNotice]:
    known = await _notices(db, event.id)
    found = []
    for journey in journeys:
        notice, now = known.get(journey.registration.id), items_of(journey)
        changes = changes_between(from_document(notice.content), now) if notice else []
        found.append(PendingNotice(journey, now, changes, notice))
    return found


async def _notices(db: AsyncSession, event_id: UUID) -> Mapping[UUID, TravelNotice]:
    found = await db.exec(select(TravelNotice).where(TravelNotice.event_id == event_id))
    return {one.registration_id: one for one in found}


async def _write(
    db: AsyncSession, event: Event, due: Sequence[PendingNotice], caller: Caller, settings: Settings, *, at: datetime
) -> int:
    """A mail each, and note what it says. Whoever has no address is told by nobody, and stays due."""
    by_invitation = {one.journey.registration.invitation_id: one for one in due if one.journey.person.address}
    if not by_invitation:
        raise NobodyToTell()
    messages: list[Message] = []
    for ids in batches(list(by_invitation), BATCH):
        for mail in await load_mail_contexts(db, event, settings, col(Invitation.id).in_(ids), at=at):
            one = by_invitation[mail.invitation.id]
            notice = one.notice or TravelNotice(
                event_id=event.id, registration_id=one.journey.registration.id, noted_at=at
            )
            notice.content, notice.told_at, notice.noted_at = to_document(one.now), at, at
            notice.round += 1
            db.add(notice)
            messages.append(journey_message(mail, one.changes, one.now, notice.round, at=at))
    # What has not left tells an older journey: it must not arrive beside what is written now.
    await cancel_unsent(db, [one.journey.person.id for one in by_invitation.values()], event.id, [JOURNEY])
    with waiting(db):
        await enqueue(db, messages)
    # Whoever tells them has seen what each mail says.
    await send_all(db, event.id, event.project_id, caller, settings, at=at, kind=JOURNEY)
    audit.record(
        db, "travel.notified", event.id, at=at, project_id=event.project_id, **caller.signature, people=len(messages)
    )
    await db.flush()
    return len(messages)


async def forget_told(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """What was written to these people is taken back and discarded: they are told all of their journey anew."""
    theirs = select(Registration.id).where(
        Registration.event_id == batch.about_id, col(Registration.person_id).in_(people)
    )
    await db.exec(update(TravelNotice).where(col(TravelNotice.registration_id).in_(theirs)).values(told_at=None))
