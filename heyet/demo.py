"""The demo project: a grant as there are many, its staff, a meeting to plan, a workshop, a visit that is over."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor, ActorKind
from core.clock import wall_clock
from core.columns import folded
from core.db import Database
from core.observe import Metrics
from core.settings import Settings
from core.zones import days_between, utc_day
from directory.accounts import service as accounts
from directory.accounts.access import Caller
from directory.accounts.models import Account
from directory.components.schemas import ComponentIn
from directory.components.service import add_component
from directory.people.models import FocalPoint, Institution, InstitutionKind, Person, Sex
from directory.people.service import find_person_by_address, index_institution, institutions_named, new_person
from directory.projects.models import Emblem, Project
from events.attendance.evaluations import service as evaluations
from events.attendance.evaluations.schemas import EvaluationAnswers, EvaluationIn
from events.attendance.records.rules import Half
from events.attendance.records.schemas import AttendanceIn, Signatures
from events.attendance.records.service import enter
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.service import invite_batch, nominate
from events.invitations.questionnaires.service import set_questions, tell_all
from events.invitations.registrations.schemas import Details
from events.invitations.registrations.service import list_confirmed
from events.invitations.responses.service import accept, decline
from events.messaging.campaigns.service import draft
from events.nominations.requests.models import NominationRequest
from events.nominations.requests.schemas import CallIn, NomineeIn
from events.nominations.requests.service import call, set_names
from events.programme.agenda.service import publish
from events.programme.events.models import Event
from events.programme.events.rules import EventKind, EventState
from events.programme.events.schemas import EventIn, SessionIn
from events.programme.events.service import create_event
from events.programme.lifecycle.service import change_state
from finance.rates.rules import PlaceRate, RateScope
from finance.rates.service import NewTable, add_table, put_in_force
from heyet.demo_data import (
    ACRONYM,
    AGENDA,
    COMPONENTS,
    INSTITUTIONS_TR,
    NOMINEES,
    PEOPLE,
    PREPARATION,
    QUESTIONS,
    STAFF,
    TITLE,
    TURKISH,
    USEFUL,
    WOMEN,
)
from heyet.demo_finance import hand_in, spend, tell_accounts
from heyet.demo_travel import fly, lodge, ride, write_booklet
from notifications.delivery.jobs import deliver_batch
from notifications.delivery.service import LocalMailbox
from notifications.jobs.context import WorkerContext
from notifications.outbox.models import MAIL
from notifications.releases.service import send_all


async def load(database: Database, settings: Settings) -> str:
    """The demo once, and each time a link that signs in the demo organiser."""
    at = wall_clock()
    async with database.unit_of_work() as db:
        if (await db.exec(select(Project.id).limit(1))).first() is None:
            project, organiser = await _found(db, at=at)
            components = await _plan_components(db, project, organiser, at=at)
            await _plan(db, project, components, organiser, at=at)
            visit = await _hold_visit(db, project, components["3"], organiser, settings, at=at)
            await _call_directorates(db, project, organiser, settings, at=at)
            officer = await accounts.find_account(db, STAFF["finance"][1])
            if officer:
                await spend(db, project.id, _caller(officer, project.id), settings, at=at)
            approver = await accounts.find_account(db, STAFF["approver"][1])
            if approver:
                await hand_in(db, project.id, organiser, _caller(approver, project.id), settings, at=at)
        else:
            visit = None
    if visit:
        then = visit - timedelta(days=20)
        post = WorkerContext(database, lambda: then, settings, {MAIL: LocalMailbox()}, Metrics())
        while await deliver_batch(post):
            pass
    return (await links(database, settings, only="organiser"))[STAFF["organiser"][0]]


async def links(database: Database, settings: Settings, *, only: str = "") -> dict[str, str]:
    """A sign-in link for each of the demo's staff, by name."""
    made = {}
    async with database.unit_of_work() as db:
        for role, (name, address, _, _) in STAFF.items():
            account = await accounts.find_account(db, address)
            if account and only in ("", role):
                token = await accounts.new_link(db, account, at=wall_clock())
                made[name] = f"{settings.base_url}/sign-in/link/{token}"
    return made


def _caller(account: Account, project_id: UUID) -> Caller:
    roles = {project_id: frozenset(next(one[2] for one in STAFF.values() if one[1] == account.address))}
    return Caller(account.id, account.name, account.language, roles, projects=frozenset({project_id}))


async def _found(db: AsyncSession, *, at: datetime) -> tuple[Project, Caller]:
    project = Project(
        acronym=ACRONYM,
        title=TITLE,
        title_tr=TURKISH[TITLE],
        donor="European Union",
        donor_tr=TURKISH["European Union"],
        contract_number="ACT/2026/000-000",
        funding_statement_en="This project is funded by the European Union.",
        funding_statement_tr="Bu proje Avrupa Birliği tarafından finanse edilmektedir.",
        emblem=Emblem.eu,
        contact="elif.karaca@example.org",
    )
    db.add(project)
    await db.flush()
    callers = {}
    for role, (name, address, roles, language) in STAFF.items():
        account = await accounts.create_account(db, name=name, address=address, language=language, at=at)
        for one in roles:
            await accounts.grant(db, account, project.id, one)
        callers[role] = _caller(account, project.id)
    rates = [
        PlaceRate(country, {"amount": Decimal(amount)}, valid_from=date(2024, 1, 1))
        for country, amount in (("AT", "240"), ("TR", "170"), ("BD", "180"), ("DE", "230"))
    ]
    said = NewTable("Demo 2024", scope=RateScope.contract, source="Demo: resmî değildir, not official", renewed=24)
    table = await add_table(db, project.id, said, rates, callers["finance"], at=at)
    await put_in_force(db, table.id, callers["finance"], at=at)
    newer = [PlaceRate(row.country, row.amounts, valid_from=date(2026, 6, 1)) for row in rates[1:]]
    newer.append(PlaceRate("AT", {"amount": Decimal("234")}, valid_from=date(2026, 6, 1)))
    await add_table(db, project.id, replace(said, name="Demo 2026"), newer, callers["finance"], at=at)
    return project, callers["organiser"]


async def _plan_components(db: AsyncSession, project: Project, organiser: Caller, *, at: datetime) -> dict[str, UUID]:
    """The grant's components with what they have to reach, by code."""
    made = {}
    for code, title, events, participants, women in COMPONENTS:
        given = ComponentIn(
            code=code,
            title=title,
            title_tr=TURKISH[title],
            target_events=events,
            target_participants=participants,
            target_women=women,
        )
        made[code] = (await add_component(db, project.id, given, organiser, at=at)).id
    return made


async def _plan(
    db: AsyncSession, project: Project, components: dict[str, UUID], organiser: Caller, *, at: datetime
) -> None:
    start = _monday(utc_day(at) + timedelta(days=45))
    await create_event(
        db,
        _event(
            project,
            "Annual coordination meeting with provincial directorates",
            EventKind.coordination_meeting,
            "Ankara, Türkiye Adalet Akademisi",
            start + timedelta(days=1),
            2,
            capacity=30,
            component_id=components["1"],
        ),
        organiser,
        at=at,
    )
    context = await create_event(
        db,
        _event(
            project,
            "Consultative workshop with the judiciary",
            EventKind.judiciary_workshop,
            "İstanbul, Çağlayan Adliyesi",
            start + timedelta(days=23),
            1,
            capacity=5,
            component_id=components["2"],
        ),
        organiser,
        at=at,
    )
    await _name_people(db, context, organiser, PEOPLE[:8], at=at)
    await set_questions(db, context.id, QUESTIONS, organiser, at=at)
    await publish(db, context.id, organiser, at=at)
    await draft(db, context.id, PREPARATION, organiser, at=at)


async def _hold_visit(
    db: AsyncSession,
    project: Project,
    component_id: UUID,
    organiser: Caller,
    settings: Settings,
    *,
    at: datetime,
) -> datetime:
    """A study visit that ended last week: invited, answered, attended, with its nights."""
    first = _monday(utc_day(at) - timedelta(days=13))
    moment = datetime.combine(first, time(9), at.tzinfo)
    planned, asked, answered = (moment - timedelta(days=n) for n in (60, 40, 30))
    visit = await create_event(
        db,
        _event(
            project,
            "Study visit to Austria: national referral mechanism",
            EventKind.study_visit,
            "Wien, Palais Trautson",
            first,
            3,
            capacity=10,
            country="AT",
            zone="Europe/Vienna",
            component_id=component_id,
        ),
        organiser,
        at=planned,
    )
    await _name_people(db, visit, organiser, PEOPLE, at=asked)
    await change_state(db, visit.id, EventState.published, organiser, at=asked)
    await invite_batch(db, visit.id, settings, at=asked)
    await send_all(db, visit.id, project.id, organiser, settings, at=asked)
    invitations = (
        await db.exec(select(Invitation).where(Invitation.event_id == visit.id).order_by(col(Invitation.id)))
    ).all()
    await decline(db, invitations[-1].id, "O hafta duruşmam var.", settings, at=answered)
    for number, invitation in enumerate(invitations[:-1]):
        name = PEOPLE[number][0]
        await accept(db, invitation.id, settings, at=answered + timedelta(hours=number))
        told = Details(
            passport_name=name,
            mobile="+90 312 000 00 00",
            diet="" if number % 4 else "vegetarian",
            agrees_data_use=True,
        )
        await tell_all(db, invitation.id, told, {}, at=answered + timedelta(hours=number, minutes=5))
    await _sign_visit(db, visit, organiser, booked=answered, signed=moment + timedelta(days=3))
    return moment


async def _call_directorates(
    db: AsyncSession, project: Project, organiser: Caller, settings: Settings, *, at: datetime
) -> None:
    """The provincial directorates are asked for two names each; one has answered with three, the rest are silent."""
    meeting = (
        await db.exec(select(Event).where(Event.project_id == project.id, Event.kind == EventKind.coordination_meeting))
    ).one()
    rows = await db.exec(
        select(Institution, Person)
        .join(Person, col(Person.institution_id) == Institution.id)
        .where(Institution.project_id == project.id, col(Institution.name_en).like("%Provincial Directorate"))
        .order_by(Institution.sort_key)
    )
    for institution, person in rows:
        institution.kind = InstitutionKind.directorate
        db.add(FocalPoint(institution_id=institution.id, person_id=person.id))
    await db.flush()
    given = CallIn(kind=InstitutionKind.directorate, capacity=2, answer_by=meeting.first_day - timedelta(days=14))
    await call(db, meeting.id, given, organiser, settings, at=at)
    asked = select(NominationRequest.id).where(NominationRequest.event_id == meeting.id)
    first = (await db.exec(asked.order_by(col(NominationRequest.id)).limit(1))).one()
    names = [
        NomineeIn(name=name, title=title, address=f"{folded(name).replace(' ', '.')}@example.org")
        for name, title in NOMINEES
    ]
    await set_names(db, first, names, Actor(ActorKind.focal_point), at=at)


async def _sign_visit(db: AsyncSession, visit: Event, organiser: Caller, *, booked: datetime, signed: datetime) -> None:
    """Nights in Vienna, and signatures of three days; the last of the list left after the first."""
    confirmed = await list_confirmed(db, visit.id)
    people = [registration.id for registration, _, _ in confirmed]
    await tell_accounts(db, visit, [(registration, person) for registration, person, _ in confirmed], at=booked)
    await fly(db, visit, people, organiser, at=booked)
    await ride(db, visit, people, organiser, at=booked)
    await lodge(db, visit, people, organiser, at=booked)
    await write_booklet(db, visit, organiser, at=booked)
    for day in days_between(visit.first_day, visit.last_day):
        entries = [
            Signatures(
                registration_id=person,
                halves=list(Half) if person != people[-1] or day == visit.first_day else [],
            )
            for person in people
        ]
        await enter(db, visit.id, AttendanceIn(day=day, entries=entries), organiser, at=signed)
    await change_state(db, visit.id, EventState.held, organiser, at=signed)
    await _evaluate_visit(db, visit, organiser, at=signed)


async def _evaluate_visit(db: AsyncSession, visit: Event, organiser: Caller, *, at: datetime) -> None:
    """All but one said anonymously how it was."""
    form = await evaluations.create(db, visit.id, EvaluationIn(), organiser, at=at)
    await evaluations.open_form(db, form.id, organiser, at=at)
    for n, (_, person, _) in enumerate((await list_confirmed(db, visit.id))[1:]):
        answers = {f"q{q}": 5 - n * q % 4 for q in range(1, 8)} | {"q8": USEFUL[n % len(USEFUL)]}
        await evaluations.answer(db, form.id, visit.id, person.id, EvaluationAnswers(answers=answers))
    await evaluations.close_form(db, form.id, organiser, at=at)


async def _name_people(
    db: AsyncSession,
    event: Event,
    organiser: Caller,
    people: tuple[tuple[str, str, str, str], ...],
    *,
    at: datetime,
) -> None:
    institutions = await institutions_named(db, event.project_id, [institution for _, _, institution, _ in people])
    _name_in_turkish(institutions.values())
    ids = []
    for name, title, institution, province in people:
        address = f"{folded(name).replace(' ', '.')}@example.org"
        person = await find_person_by_address(db, event.project_id, address) or new_person(
            db,
            event.project_id,
            name=name,
            title=TURKISH[title],
            title_en=title,
            address=address,
            institution=institutions[folded(institution)],
            province=province,
        )
        person.sex = Sex.female if name.split()[0] in WOMEN else Sex.male
        ids.append(person.id)
    await db.flush()
    await nominate(db, event, ids, organiser, at=at)


def _name_in_turkish(institutions: Iterable[Institution]) -> None:
    for one in institutions:
        if one.name in INSTITUTIONS_TR:
            one.name, one.name_en = INSTITUTIONS_TR[one.name], one.name
            index_institution(one)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _event(
    project: Project,
    title: str,
    kind: EventKind,
    venue: str,
    first: date,
    days: int,
    *,
    capacity: int,
    component_id: UUID,
    country: str = "TR",
    zone: str = "Europe/Istanbul",
) -> EventIn:
    sessions = [
        SessionIn(
            title=name,
            title_en=name,
            title_tr=TURKISH[name],
            kind=session_kind,
            room="A 101",
            starts=datetime.combine(first + timedelta(days=day), time.fromisoformat(starts)),
            ends=datetime.combine(first + timedelta(days=day), time.fromisoformat(ends)),
        )
        for day, starts, ends, name, session_kind in AGENDA
        if day < days
    ]
    return EventIn(
        project_id=project.id,
        component_id=component_id,
        title=title,
        title_en=title,
        title_tr=TURKISH[title],
        kind=kind,
        venue=venue,
        country=country,
        zone=zone,
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        capacity=capacity,
        answer_by=first - timedelta(days=7),
        sessions=sessions,
    )
