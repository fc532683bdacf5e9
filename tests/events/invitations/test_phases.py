"""The table of what each moment of an event allows, cell by cell."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import Refusal
from core.ids import new_id
from directory.people.models import Person
from events.invitations.consents.models import Consent
from events.invitations.consents.rules import ConsentPurpose
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.phases.rules import OF_WHOM, PERMITTED, Act, Phase, phases_of
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.registrations.schemas import Details
from events.invitations.registrations.service import tell
from events.invitations.responses import service as responses
from events.invitations.session_signups import service as signups
from events.invitations.session_signups.models import SessionSignup
from events.invitations.substitutions import service as substitutions
from events.invitations.substitutions.schemas import SubstituteIn
from events.invitations.waiting_list import service as waiting_list
from events.privacy.data_requests import service as own_data
from events.privacy.data_requests.schemas import Correction
from events.programme.events.models import Event, Session
from tests.people import App

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
# The days of an event that is in this phase, and in no other that forbids anything besides.
DAYS: dict[Phase, dict[str, date]] = {
    Phase.before_opening: {"opens_on": TODAY + DAY},
    Phase.open: {},
    Phase.after_deadline: {"answer_by": TODAY - DAY},
    Phase.after_freeze: {"names_freeze_on": TODAY - DAY},
    Phase.during: {"first_day": TODAY},
    Phase.over: {"first_day": TODAY - 2 * DAY, "last_day": TODAY - DAY},
}
REGISTERED = {
    InvitationStatus.accepted: RegistrationStatus.confirmed,
    InvitationStatus.waiting: RegistrationStatus.waiting,
    InvitationStatus.pending: RegistrationStatus.pending,
    InvitationStatus.offered: RegistrationStatus.offered,
}


@dataclass
class Cell:
    """Somebody who stands like this, at an event of their own, in a phase."""

    app: App
    db: AsyncSession
    event: Event
    invitation: Invitation
    registration: Registration | None
    session: Session

    @property
    def rest(self) -> dict[str, Any]:
        return {"at": self.app.clock()}

    @property
    def settings(self) -> Any:
        return self.app.fastapi.state.settings


async def _set(cell: Cell, guests: int) -> None:
    """They bring one so far, at an event that allows two."""
    if cell.registration and cell.registration.status is not RegistrationStatus.offered:
        cell.registration.guests, cell.event.guests_allowed = 1, 2
        await cell.db.flush()
        await responses.accept(cell.db, cell.invitation.id, cell.settings, guests=guests, **cell.rest)


async def _leave_session(cell: Cell) -> None:
    if cell.registration:
        cell.db.add(
            SessionSignup(session_id=cell.session.id, registration_id=cell.registration.id, taken_at=cell.app.clock())
        )
        await cell.db.flush()
    await signups.give_back(cell.db, cell.invitation.id, cell.session.id, cell.settings, **cell.rest)


async def _take_back(cell: Cell) -> None:
    person = Person(project_id=cell.event.project_id, name="Vekil", search="vekil", name_key="vekil")
    cell.db.add(person)
    await cell.db.flush()
    other = Invitation(
        event_id=cell.event.id, person_id=person.id, instead_of_id=cell.invitation.id, nominated_at=cell.app.clock()
    )
    cell.db.add(other)
    await cell.db.flush()
    await substitutions.take_back(cell.db, cell.invitation.id, cell.settings, **cell.rest)


async def _expire(cell: Cell) -> None:
    cell.event.capacity = cell.event.taken
    if cell.registration:
        cell.registration.offered_until = cell.app.clock()
    await cell.db.flush()
    await waiting_list.expire_offers(cell.db, cell.event.id, cell.settings, **cell.rest)


SUBSTITUTE = SubstituteIn(name="Deniz Vekil", address="deniz@example.org")
DETAILS = Details(passport_name="A", mobile="+90 532 000 00 00", agrees_data_use=True)
CORRECTION = Correction(name="Another Name", title="", language="en")
TRY: dict[Act, Callable[[Cell], Awaitable[Any]]] = {
    Act.accept: lambda c: responses.accept(c.db, c.invitation.id, c.settings, **c.rest),
    Act.take_offer: lambda c: responses.accept(c.db, c.invitation.id, c.settings, **c.rest),
    Act.tentative: lambda c: responses.mark_tentative(c.db, c.invitation.id, c.settings, **c.rest),
    Act.decline: lambda c: responses.decline(c.db, c.invitation.id, "", c.settings, **c.rest),
    Act.leave: lambda c: responses.decline(c.db, c.invitation.id, "", c.settings, **c.rest),
    Act.add_guests: lambda c: _set(c, 2),
    Act.drop_guests: lambda c: _set(c, 0),
    Act.send_instead: lambda c: substitutions.send(c.db, c.invitation.id, SUBSTITUTE, c.settings, **c.rest),
    Act.hand_over: lambda c: substitutions.send(c.db, c.invitation.id, SUBSTITUTE, c.settings, **c.rest),
    Act.take_back: _take_back,
    Act.tell: lambda c: tell(c.db, c.invitation.id, DETAILS, **c.rest),
    Act.correct_name: lambda c: own_data.correct(c.db, c.invitation.id, CORRECTION, **c.rest),
    Act.choose_session: lambda c: signups.choose(c.db, c.invitation.id, c.session.id, **c.rest),
    Act.leave_session: _leave_session,
    Act.say_consent: lambda c: own_data.say_consent(
        c.db, c.invitation.id, ConsentPurpose.photographs, True, c.settings, **c.rest
    ),
    Act.promote: lambda c: waiting_list.fill_capacity(c.db, c.event.id, c.settings, **c.rest),
    Act.expire_offer: _expire,
}
# An act has one name for whom it is: a yes of who was offered a place takes the offer.
SAME = [{Act.accept, Act.take_offer}, {Act.decline, Act.leave}, {Act.send_instead, Act.hand_over}]


class Undone(Exception):
    """Rolls the attempt back."""


async def stands(cell: Cell) -> tuple[Any, ...]:
    """What an act of any kind changes."""
    await cell.db.refresh(cell.invitation)
    if cell.registration:
        await cell.db.refresh(cell.registration)
    own = await cell.db.exec(
        select(Registration).where(Registration.invitation_id == cell.invitation.id).order_by(col(Registration.id))
    )
    registrations = [(one.status, one.guests, one.told_at) for one in own]
    seats = await cell.db.exec(select(SessionSignup.left_at))
    name = (await cell.db.exec(select(Person.name).where(Person.id == cell.invitation.person_id))).one()
    said = await cell.db.exec(select(Consent.id).where(Consent.invitation_id == cell.invitation.id))
    return cell.invitation.status, registrations, list(seats), name, list(said)


async def made(app: App, phase: Phase) -> tuple[UUID, UUID]:
    """An event in this phase, with a session to choose, and somebody at it."""
    session = {"title": "S", "starts": "2026-04-14T09:00", "ends": "2026-04-14T10:00", "capacity": 5}
    event = await app.event(title=phase.value, sessions=[session])
    await app.name_people(event, ["Ayşe Bir"])
    event_id = UUID(event["id"])
    async with app.database.unit_of_work() as db:
        row = await db.get_one(Event, event_id)
        for name, day in DAYS[phase].items():
            setattr(row, name, day)
        invitation_id = (await db.exec(select(Invitation.id).where(Invitation.event_id == event_id))).one()
    return event_id, invitation_id


async def attempt(app: App, ids: tuple[UUID, UUID], status: InvitationStatus, act: Act) -> bool:
    """Whether the act did anything. Nothing of it stays."""
    did = False
    try:
        async with app.database.unit_of_work() as db:
            event, invitation = await db.get_one(Event, ids[0]), await db.get_one(Invitation, ids[1])
            session = (await db.exec(select(Session).where(Session.event_id == ids[0]))).one()
            invitation.status, registration = status, None
            if status in REGISTERED:
                registration = Registration(
                    id=new_id(),
                    event_id=event.id,
                    person_id=invitation.person_id,
                    invitation_id=invitation.id,
                    status=REGISTERED[status],
                    registered_at=app.clock(),
                    changed_at=app.clock(),
                    offered_until=app.clock() + timedelta(hours=1) if status is InvitationStatus.offered else None,
                )
                db.add(registration)
            event.taken = 2 if status in (InvitationStatus.accepted, InvitationStatus.offered) else 0
            await db.flush()
            cell = Cell(app, db, event, invitation, registration, session)
            before = await stands(cell)
            if act is Act.leave_session:
                before = (*before[:2], [None] if registration else [], *before[3:])
            if act in (Act.add_guests, Act.drop_guests) and registration and status is not InvitationStatus.offered:
                before = (before[0], [(REGISTERED[status], 1, None)], *before[2:])
            await TRY[act](cell)
            await db.flush()
            did = await stands(cell) != before
            raise Undone
    except (Undone, Refusal):
        return did


async def test_each_cell_of_the_table_is_as_the_services_act(app: App) -> None:
    # What is refused sends a second database nothing new.
    is_whole, wrong = app.database.engine.dialect.name == "sqlite", []
    for phase in Phase:
        ids = await made(app, phase)
        async with app.database.reading() as db:
            holding = phases_of(await db.get_one(Event, ids[0]), at=app.clock())
        assert phase in holding
        for act in Act:
            same = next((one for one in SAME if act in one), {act})
            for status in InvitationStatus:
                meant = [one for one in same if status in OF_WHOM[one]]
                # What means nothing to somebody is tried once; what does, in each phase.
                if meant != [act] and (meant or phase is not Phase.open):
                    continue
                is_permitted = bool(meant) and holding <= PERMITTED[act]
                if not is_permitted and not is_whole:
                    continue
                if await attempt(app, ids, status, act) is not is_permitted:
                    wrong.append((phase.value, status.value, act.value, is_permitted))
    assert not wrong, wrong


async def people(app: App, event: dict[str, Any]) -> dict[str, str]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})).json()["items"]
    return {one["name"]: one["status"] for one in found}


async def test_after_the_deadline_places_are_given_back_by_link_and_on_by_the_organiser_s_word(app: App) -> None:
    names = ["Ayşe Bir", "Can İki", "Deniz Üç", "Ece Dört"]
    event, tokens = await app.accepted_event(names, capacity=2, answer_by="2026-03-10", offer_hours=80)
    app.clock.now = app.clock.now.replace(day=12)
    path = f"/api/v1/events/{event['id']}"
    left = await app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/decline", json={})
    assert left.json()["status"] == "cancelled"
    assert "the same page lets you" not in (await app.mails("events/cancelled"))[-1].plain
    await app.work()
    assert await people(app, event) == dict(zip(names, ["cancelled", "accepted", "waiting", "waiting"], strict=True))
    desk = await app.at_desk()
    assert "not given by themselves any more" in (await desk.get(f"/events/{event['id']}/waiting")).text
    assert (await app.api("finance").post(f"{path}/waiting-list/promotion")).status_code == 403
    await desk.send(f"/events/{event['id']}/waiting/promotion")
    assert (await people(app, event))["Deniz Üç"] == "offered"
    offer = (await app.guest(tokens["Deniz Üç"]).get("/api/v1/invitation")).json()
    # Eighty working hours would last beyond the 14th of April, when the event begins.
    assert offer["offered_until"] < "2026-04-14"
    nobody = await app.api().post(f"{path}/waiting-list/promotion")
    assert nobody.json()["type"].endswith("/no-place-to-give")
    # An offer may be declined then; where the event says so, the next one moves up by itself.
    plan = {key: value for key, value in app.plan(answer_by="2026-03-10", capacity=2).items() if key != "project_id"}
    assert (await app.api().put(path, json={**plan, "fills_late": True})).status_code == 200
    await app.guest(tokens["Deniz Üç"]).post("/api/v1/invitation/decline", json={})
    assert (await people(app, event))["Ece Dört"] == "accepted"
    # Not once the event has begun.
    app.clock.now = app.clock.now.replace(month=4, day=14)
    await app.guest(tokens["Can İki"]).post("/api/v1/invitation/decline", json={})
    late = await app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/acceptance", json={})
    assert (late.json()["type"].rpartition("/")[2], re.search(r"\d{4}-\d\d-", late.json()["title"])) == (
        "answer-too-late",
        None,
    )
