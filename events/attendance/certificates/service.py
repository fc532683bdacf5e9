"""Issuing certificates, ending them, and telling who holds the paper whether it holds."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.bundles import merged_pdf, zip_of
from core.documents.pdf import Picture
from core.documents.signing import CannotSeal, Seal, opened, sealed
from core.errors import NotFound
from core.files import FileStore
from core.i18n import words
from core.placeholders import filled
from core.security import hash_token, new_token
from core.settings import Settings
from core.zones import day_in, days_between, local
from directory.accounts.access import Caller
from directory.people.models import name_of_institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.attendance.certificates.documents import CertificateContent, certificate_pdf
from events.attendance.certificates.models import Certificate
from events.attendance.certificates.rules import (
    OWN_WORDS,
    CertificateState,
    NobodyToCertify,
    NotValid,
    SealUnusable,
    days_of,
    hours_attended,
    number_of,
)
from events.attendance.certificates.schemas import CertificateOut, Verification
from events.attendance.records.views import Attendee, list_attendees
from events.programme.events.models import Event
from events.programme.events.rules import ATTENDED_KINDS
from events.programme.events.service import get_event, list_sessions, lock_event_for
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

ISSUE = "events.issue_certificates"
# Sealing one takes a fifth of a second, while the project waits.
BATCH, SEALED_BATCH = 25, 5
BundleEnding = Literal["zip", "pdf"]
LANGUAGES = ("tr", "en")
_CONTENT = TypeAdapter(CertificateContent)


@dataclass(frozen=True)
class Due:
    """Somebody who is to get a certificate, what it would say, and the one that it replaces."""

    attendee: Attendee
    content: CertificateContent
    before: Certificate | None


async def order(db: AsyncSession, event_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> Job:
    """Enqueue the issuing of a certificate for everybody who attended enough and has none that says so. The job tells
    how far it is. Raises NobodyToCertify, SealUnusable."""
    await seal_of(settings, at=at)
    event = await lock_event_for(db, event_id, caller)
    due = await due_in(db, event)
    if not due:
        raise NobodyToCertify()
    count = len(due)
    audit.record(
        db, "certificates.issued", event.id, at=at, project_id=event.project_id, **caller.signature, people=count
    )
    ids = [str(one.attendee.registration.id) for one in due]
    return await enqueue_job(db, ISSUE, project_id=event.project_id, about_id=event.id, at=at, ids=ids)


async def seal_of(settings: Settings, *, at: datetime) -> Seal | None:
    """What certificates are sealed with; None where nothing is configured. Raises SealUnusable."""
    if settings.seal_file is None:
        return None
    try:
        seal = await asyncio.to_thread(opened, settings.seal_file, settings.seal_passphrase.get_secret_value())
        seal.must_hold(at=at)
    except CannotSeal as error:
        raise SealUnusable(why=str(error)) from error
    return seal


async def due_in(db: AsyncSession, event: Event, registration_ids: Collection[UUID] | None = None) -> list[Due]:
    """Who is to get a certificate, of everybody or of some: whoever reached the event's threshold and has none, or has
    one that says something else. Whoever's was withdrawn gets one only when there is something else to say."""
    rows = await list_certificates(db, event.id, registration_ids)
    return await _due(db, event, rows, await list_attendees(db, event, registration_ids))


async def _due(db: AsyncSession, event: Event, rows: Sequence[Certificate], attendees: Sequence[Attendee]) -> list[Due]:
    project = await db.get_one(Project, event.project_id)
    sessions = [(s.starts_at, s.ends_at) for s in await list_sessions(db, event.id) if s.kind in ATTENDED_KINDS]
    there, due = {row.registration_id: row for row in rows}, []
    for one in attendees:
        if one.attended.is_enough:
            content, before = _content(one, event, project, sessions), there.get(one.registration.id)
            old = content_of(before) if before else None
            if old is None or old.facts() != content.facts():
                due.append(Due(one, content, before))
    return due


async def certified(db: AsyncSession, event: Event) -> tuple[list[CertificateOut], list[Due]]:
    """All certificates of an event, of each that is valid whether the attendance recorded now still reaches the event's
    threshold, which somebody may have corrected since; and who is to get one."""
    rows, attendees = await list_certificates(db, event.id), await list_attendees(db, event)
    return _listed(rows, attendees), await _due(db, event, rows, attendees)


async def listed(db: AsyncSession, event: Event) -> list[CertificateOut]:
    """The certificates of `certified` alone."""
    return _listed(await list_certificates(db, event.id), await list_attendees(db, event))


def _listed(rows: Sequence[Certificate], attendees: Sequence[Attendee]) -> list[CertificateOut]:
    enough = {one.registration.id for one in attendees if one.attended.is_enough}
    return [CertificateOut.of(row, is_earned=not _is_valid(row) or row.registration_id in enough) for row in rows]


async def issue(
    db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID], settings: Settings, *, at: datetime
) -> int:
    """Issue what is due to these people; may be called twice. Numbers are given under the project's lock, so that they
    have no gaps. Returns how many were issued."""
    seal = await seal_of(settings, at=at)
    event = await db.get_one(Event, event_id)
    project = (await db.exec(select(Project).where(Project.id == event.project_id).with_for_update())).one()
    due = await due_in(db, event, registration_ids)
    pictures = await pictures_of(db, project.id, settings.files)
    year = local(at, project.zone).year
    taken = sa.select(sa.func.max(Certificate.serial)).where(
        col(Certificate.project_id) == project.id, col(Certificate.year) == year
    )
    serial: int = (await (await db.connection()).execute(taken)).scalar_one() or 0
    for one in due:
        if one.before is None:
            serial += 1
            numbered = (year, serial, 1)
        else:
            numbered = (one.before.year, one.before.serial, one.before.issue + 1)
            if _is_valid(one.before):
                one.before.state, one.before.ended_at = CertificateState.replaced, at
        await _add(db, event, project, one, numbered, pictures, seal, settings, at=at)
    await db.flush()
    return len(due)


async def withdraw(
    db: AsyncSession, event_id: UUID, certificate_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> Certificate:
    """End a certificate for good; its page says so from now on. Raises NotFound, NotValid."""
    event = await lock_event_for(db, event_id, caller)
    row = await _of_event(db, event, certificate_id)
    if not _is_valid(row):
        raise NotValid()
    row.state, row.reason, row.ended_at = CertificateState.withdrawn, reason, at
    audit.record(
        db,
        "certificate.withdrawn",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        number=row.number,
    )
    await db.flush()
    return row


async def list_certificates(
    db: AsyncSession, event_id: UUID, registration_ids: Collection[UUID] | None = None
) -> list[Certificate]:
    """All that were issued for an event, or to some of its people, in the order of their numbers."""
    wanted = select(Certificate).where(Certificate.event_id == event_id)
    if registration_ids is not None:
        wanted = wanted.where(col(Certificate.registration_id).in_(registration_ids))
    found = await db.exec(wanted.order_by(col(Certificate.year), col(Certificate.serial), col(Certificate.issue)))
    return list(found.all())


async def file_of(
    db: AsyncSession, event_id: UUID, certificate_id: UUID, caller: Caller, settings: Settings
) -> tuple[Certificate, bytes]:
    """A certificate's file. Raises NotFound, also where the holder's data was erased."""
    row = await _of_event(db, await get_event(db, event_id, caller), certificate_id)
    return row, await read(row, settings.files)


async def bundle(db: AsyncSession, event_id: UUID, ending: BundleEnding, caller: Caller, settings: Settings) -> bytes:
    """All certificates that are valid, by number: one PDF to print, or a zip with a file for each. Raises NotFound
    where there is none."""
    event = await get_event(db, event_id, caller)
    rows = [row for row in await list_certificates(db, event.id) if _is_valid(row) and row.file_hash]
    if not rows:
        raise NotFound()
    return await asyncio.to_thread(_bundled, rows, ending, settings.files)


def _bundled(rows: Sequence[Certificate], ending: BundleEnding, files: FileStore) -> bytes:
    contents = ((row, files.read(row.file_hash)) for row in rows)
    if ending == "zip":
        return zip_of((f"{row.number.replace('/', '-')}.pdf", content) for row, content in contents)
    return merged_pdf(content for _, content in contents)


async def read(row: Certificate, files: FileStore) -> bytes:
    if not row.file_hash:
        raise NotFound()
    return await asyncio.to_thread(files.read, row.file_hash)


async def valid_of(db: AsyncSession, registration_id: UUID) -> Certificate | None:
    """The certificate that somebody holds now."""
    found = await db.exec(
        select(Certificate).where(
            Certificate.registration_id == registration_id, Certificate.state == CertificateState.valid
        )
    )
    return found.first()


async def verify(db: AsyncSession, code: str, surname: str, language: str) -> Verification:
    """What the paper's code tells anybody. Raises NotFound for a code that we never printed."""
    found = await db.exec(
        select(Certificate, Project.zone)
        .join(Project, col(Project.id) == Certificate.project_id)
        .where(Certificate.code_hash == hash_token(code))
    )
    one = found.first()
    if one is None:
        raise NotFound()
    row, zone = one
    return Verification.of(row, zone, content_of(row), language, surname)


def content_of(row: Certificate) -> CertificateContent | None:
    """What it says; None once its holder was erased."""
    return _CONTENT.validate_python(row.content) if row.content.get("name") else None


def _is_valid(row: Certificate) -> bool:
    return row.state is CertificateState.valid


async def _of_event(db: AsyncSession, event: Event, certificate_id: UUID) -> Certificate:
    row = await db.get(Certificate, certificate_id)
    if row is None or row.event_id != event.id:
        raise NotFound()
    return row


async def _add(
    db: AsyncSession,
    event: Event,
    project: Project,
    one: Due,
    numbered: tuple[int, int, int],
    pictures: Sequence[Picture],
    seal: Seal | None,
    settings: Settings,
    *,
    at: datetime,
) -> None:
    year, serial, number = numbered
    code = new_token()
    said = replace(
        one.content,
        number=number_of(project.acronym, year, serial, number),
        issued_at=at,
        issued_on=day_in(project.zone, at=at),
        address=f"{settings.base_url}/certificates/{code}",
    )
    pdf = await asyncio.to_thread(certificate_pdf, said, pictures)
    if seal:
        pdf = await asyncio.to_thread(sealed, pdf, seal)
    db.add(
        Certificate(
            project_id=project.id,
            event_id=event.id,
            registration_id=one.attendee.registration.id,
            year=year,
            serial=serial,
            issue=number,
            number=said.number,
            code_hash=hash_token(code),
            content=_CONTENT.dump_python(said, mode="json"),
            file_hash=await asyncio.to_thread(settings.files.keep, pdf),
            issued_at=at,
        )
    )


def _content(one: Attendee, event: Event, project: Project, sessions: Sequence[Any]) -> CertificateContent:
    """What a certificate says, but for its number, moment and address."""
    person, present = one.person, one.present
    return replace(
        _for_anybody(event, project, person.language if person.language in LANGUAGES else "en"),
        name=f"{person.title_in(person.language)} {person.name}".strip(),
        institution={language: name_of_institution(one.institution, language) for language in LANGUAGES},
        days=days_of(present),
        present=one.attended.present,
        held=one.attended.held,
        hours=hours_attended(sessions, present, event.zone),
    )


def _for_anybody(event: Event, project: Project, language: str) -> CertificateContent:
    """What certificates of an event have in common, for somebody who was there all days; where a name will stand it
    says so."""
    return CertificateContent(
        number="",
        name=words(language).translate("(name)"),
        institution=dict.fromkeys(LANGUAGES, ""),
        title={language: event.title_in(language) for language in LANGUAGES},
        venue=event.venue,
        days=days_between(event.first_day, event.last_day),
        present=0,
        held=0,
        hours=Decimal(0),
        project=project.title_in(language),
        contract=project.contract_number,
        statement={language: project.funding_statement(language) for language in LANGUAGES},
        emblem=project.emblem.value,
        signatory=project.signatory,
        signatory_function=project.signatory_function,
        language=language,
        issued_at=event.created_at,
        issued_on=event.last_day,
        address="",
        sentence=_sentence(event, project),
    )


def _sentence(event: Event, project: Project) -> dict[str, str]:
    """The project's own words by language, where it wrote some."""
    own = project.texts.get(OWN_WORDS, {})

    def known(language: str) -> dict[str, str]:
        return {"project": project.title_in(language), "donor": project.donor_in(language), "place": event.venue}

    return {
        language: filled(own[f"text_{language}"], known(language))
        for language in LANGUAGES
        if own.get(f"text_{language}")
    }


async def preview(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> bytes:
    """A certificate in each language for who has the shortest and the longest name of the event, or in place of a name
    what stands there where nobody was at it; none is issued."""
    people = sorted(await list_attendees(db, event), key=lambda one: len(one.person.name))
    project = await db.get_one(Project, event.project_id)
    contents = [_content(one, event, project, ()) for one in (people[0], people[-1])] if people else []
    pictures = await pictures_of(db, project.id, settings.files)
    number, address = number_of(project.acronym, at.year, 0, 1), f"{settings.base_url}/certificates/…"
    shown = [
        replace(one, number=number, address=address, issued_at=at, language=language)
        for language in LANGUAGES
        for one in contents or [_for_anybody(event, project, language)]
    ]
    return await asyncio.to_thread(lambda: merged_pdf([certificate_pdf(one, pictures) for one in shown]))
