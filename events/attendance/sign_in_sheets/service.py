"""Making sign-in sheets, and finding again what was made."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Refusal
from core.i18n import Words, document_words
from core.security import derived_key
from core.settings import Settings
from core.zones import day_in, days_between, local
from directory.accounts.access import Caller
from directory.people.geography import provinces
from directory.people.models import SEXES, Institution, Person, name_of_institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.attendance.records.rules import HALVES, Half
from events.attendance.sign_in_sheets.documents import (
    NOTICE,
    PrintedSheet,
    SheetDay,
    SheetPerson,
    SignatureColumn,
    SignInSheet,
    make_sheet,
)
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.rules import hours_of_halves, new_sheet_id
from events.attendance.sign_in_sheets.schemas import SheetColumns, SheetIn, SheetPeople
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.agenda.models import SessionPerson
from events.programme.agenda.rules import SessionRole
from events.programme.events.models import Event, Session
from events.programme.events.rules import ATTENDED_KINDS
from events.programme.events.service import get_event, list_sessions, lock_event_for

_CONTENT = TypeAdapter(SignInSheet)
Attendees = Sequence[tuple[Any, Person, Institution | None]]


class SheetOutdated(Refusal):
    """The file would not be what was printed: a name was erased since, or a logo changed."""

    status = 409
    code = "sheet-outdated"
    title = N_("What this sheet shows has changed since it was made. Please make a new version.")


async def make(
    db: AsyncSession, event_id: UUID, given: SheetIn, caller: Caller, settings: Settings, *, at: datetime
) -> SheetVersion:
    """Make a sheet of those who have a place now: a further version where the event has one already.

    Under the event's lock, so that no two sheets are the same version. The file is made beside the event loop.
    """
    event = await lock_event_for(db, event_id, caller)
    before = await latest_version(db, event_id)
    shown = await _shown(db, event, given, settings, at=at)
    shown = replace(
        shown,
        sheet=before.sheet if before else new_sheet_id(),
        version=before.version + 1 if before else 1,
    )
    printed = await asyncio.to_thread(make_sheet, shown, sheet_key(settings))
    made = SheetVersion(
        event_id=event.id,
        sheet=shown.sheet,
        version=shown.version,
        language=given.language,
        people=len(shown.people),
        content=_CONTENT.dump_python(replace(shown, logos=()), mode="json"),
        layout=printed.layout.to_dict(),
        file_digest=hashlib.sha256(printed.pdf).hexdigest(),
        made_at=at,
    )
    db.add(made)
    audit.record(
        db,
        "sheet.printed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        sheet=made.sheet,
        version=made.version,
        people=made.people,
    )
    await db.flush()
    return made


async def list_sheets(db: AsyncSession, event_id: UUID) -> list[SheetVersion]:
    """An event's sheets, the latest first."""
    found = await db.exec(
        select(SheetVersion).where(SheetVersion.event_id == event_id).order_by(col(SheetVersion.version).desc())
    )
    return list(found.all())


async def get_sheet(db: AsyncSession, event_id: UUID, sheet_id: UUID, caller: Caller) -> tuple[Event, SheetVersion]:
    """Raises NotFound, for another event's sheet too."""
    event = await get_event(db, event_id, caller)
    row = await db.get(SheetVersion, sheet_id)
    if row is None or row.event_id != event.id:
        raise NotFound()
    return event, row


async def file_of(db: AsyncSession, event: Event, row: SheetVersion, settings: Settings) -> bytes:
    """The file as it was made, byte for byte. Raises SheetOutdated where that cannot be any more."""
    stored: SignInSheet = _CONTENT.validate_python(row.content)
    shown = replace(stored, logos=await pictures_of(db, event.project_id, settings.files))
    printed: PrintedSheet = await asyncio.to_thread(make_sheet, shown, sheet_key(settings))
    if hashlib.sha256(printed.pdf).hexdigest() != row.file_digest:
        raise SheetOutdated()
    return printed.pdf


def file_name(event: Event, row: SheetVersion) -> str:
    return f"sign-in-{event.code}-v{row.version}.pdf"


async def names_on(db: AsyncSession, event: Event) -> list[str]:
    """Whose names a sheet of now would show."""
    return [person.name for _, person, _ in await list_confirmed(db, event.id)]


async def versions_of(
    db: AsyncSession, codes: Sequence[tuple[str, int]], project_ids: Sequence[UUID]
) -> Mapping[tuple[str, int], SheetVersion]:
    """Sheets of these projects by number and version; what belongs to others is not there."""
    found = await db.exec(
        select(SheetVersion)
        .join(Event, col(Event.id) == SheetVersion.event_id)
        .where(col(SheetVersion.sheet).in_({sheet for sheet, _ in codes}), col(Event.project_id).in_(project_ids))
    )
    rows = {(row.sheet, row.version): row for row in found}
    return {code: rows[code] for code in codes if code in rows}


def hours_of(row: SheetVersion) -> Mapping[str, str]:
    """From when to when each column of a sheet takes place, as printed ("09:00–12:30"), by its key."""
    return {column["key"]: column["hours"] for day in row.content.get("days", ()) for column in day.get("columns", ())}


def layout_of(row: SheetVersion) -> SheetLayout:
    return SheetLayout.from_dict(row.layout)


def sheet_key(settings: Settings) -> bytes:
    """What codes of sheets are signed with."""
    return derived_key(settings.key, "sheets")


def sheet_keys(settings: Settings) -> list[bytes]:
    """What codes may be signed with that were printed before the key was changed too."""
    return [derived_key(key, "sheets") for key in settings.keys]


async def latest_version(db: AsyncSession, event_id: UUID) -> SheetVersion | None:
    """The sheet that was made last."""
    newest = select(SheetVersion).where(SheetVersion.event_id == event_id).order_by(col(SheetVersion.version).desc())
    return (await db.exec(newest.limit(1))).first()


async def _shown(db: AsyncSession, event: Event, given: SheetIn, settings: Settings, *, at: datetime) -> SignInSheet:
    language, say = given.language, document_words(given.language)
    project = await db.get_one(Project, event.project_id)
    people = _wanted(await list_confirmed(db, event.id, by=given.order), event, given)
    sessions = await list_sessions(db, event.id)
    trainers = await _trainers(db, sessions, given.language)
    days = [_day(event, day, sessions, trainers, given, say) for day in days_between(event.first_day, event.last_day)]
    return SignInSheet(
        sheet="",
        version=1,
        title=event.title_in(language),
        code=event.code,
        venue=event.venue,
        days=days,
        people=[one for row in people for one in _party(*row, event, language, say)],
        walk_ins=given.walk_ins,
        fields=tuple(given.fields),
        place_heading=say.translate(N_("Country") if given.people is SheetPeople.international else N_("Province")),
        project=project.title_in(given.language),
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        language=language,
        made_at=at,
        printed_at=say.moment(at, event.zone),
        notice=say.translate(NOTICE, address=settings.base_url),
        logos=await pictures_of(db, project.id, settings.files),
        page_format=given.page_format,
        landscape=given.landscape,
    )


def _party(
    registration: Registration,
    person: Person,
    institution: Institution | None,
    event: Event,
    language: str,
    say: Words,
) -> list[SheetPerson]:
    """Somebody, and under them the guests who are known by name."""
    own = SheetPerson(
        key=str(registration.id),
        name=person.name,
        position=person.title_in(language),
        institution=name_of_institution(institution, language),
        place=_place(person, institution, event, say),
        sex=say.translate(SEXES[person.sex]),
    )
    guest_of = say.translate(N_("Guest of %(name)s"), name=person.name)
    return [own] + [
        SheetPerson(f"guest:{registration.id}/{n}", name, guest_of, guest_of, own.place, is_guest=True)
        for n, name in enumerate(registration.guest_names.splitlines(), 1)
    ]


def _wanted(people: Attendees, event: Event, given: SheetIn) -> Attendees:
    if given.people is SheetPeople.everybody:
        return people
    is_local = given.people is SheetPeople.local
    return [row for row in people if (_country(row[2], event) == event.country) is is_local]


def _country(institution: Institution | None, event: Event) -> str:
    """Whoever belongs to no institution is taken for one of the host country."""
    return institution.country if institution else event.country


def _place(person: Person, institution: Institution | None, event: Event, say: Words) -> str:
    country = _country(institution, event)
    if country != event.country:
        return say.country(country)
    return provinces(say.language).get(person.province, person.province)


async def _trainers(db: AsyncSession, sessions: Sequence[Session], language: str) -> dict[UUID, list[tuple[str, str]]]:
    """Who speaks in each session, by name: they sign for each half-day of the day, as funders ask."""
    found = await db.exec(
        select(SessionPerson.session_id, Person)
        .join(Person, col(Person.id) == SessionPerson.person_id)
        .where(
            col(SessionPerson.session_id).in_([one.id for one in sessions]), SessionPerson.role == SessionRole.speaker
        )
        .order_by(col(Person.sort_key))
    )
    trainers: dict[UUID, list[tuple[str, str]]] = {}
    for session_id, person in found:
        said = f"{person.title_in(language)} {person.name}".strip()
        trainers.setdefault(session_id, []).append((f"trainer:{person.id}", said))
    return trainers


def _day(
    event: Event,
    day: date,
    sessions: Sequence[Session],
    trainers: Mapping[UUID, Sequence[tuple[str, str]]],
    given: SheetIn,
    say: Words,
) -> SheetDay:
    todays = [
        (one, local(one.starts_at, event.zone), local(one.ends_at, event.zone))
        for one in sessions
        if one.kind in ATTENDED_KINDS and day_in(event.zone, at=one.starts_at) == day
    ]
    names = dict(trainer for one, _, _ in todays for trainer in trainers.get(one.id, ()))
    if given.columns is SheetColumns.sessions and todays:
        columns = [
            SignatureColumn(f"{day.isoformat()}/{one.id}", one.title_in(given.language), f"{starts:%H:%M}–{ends:%H:%M}")
            for one, starts, ends in todays
        ]
    else:
        columns = _half_days(day, hours_of_halves((starts, ends) for _, starts, ends in todays), say)
    return SheetDay(day, columns, tuple(names.items()))


def _half_days(day: date, hours: Mapping[Half, tuple[time, time]], say: Words) -> list[SignatureColumn]:
    columns = []
    for half, heading in HALVES.items():
        held = hours.get(half)
        shown = f"{held[0]:%H:%M}–{held[1]:%H:%M}" if held else ""
        columns.append(SignatureColumn(f"{day.isoformat()}/{half.value}", say.translate(heading), shown))
    return columns
