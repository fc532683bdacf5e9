"""Making official letters from what is known and what is typed for them, and keeping a project's own words."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.letters import Letter, LetterHead, letters_pdf
from core.errors import N_
from core.i18n import Words, words
from core.placeholders import blocks, filled
from core.settings import Settings
from core.zones import day_in, local
from directory.accounts.access import Caller
from directory.people.models import Institution, Person, name_of_institution
from directory.projects.models import Project
from directory.projects.service import get_project, pictures_of
from events.attendance.certificates import service as certificates
from events.attendance.records.views import Attendee, list_attendees
from events.invitations.invitations.service import get_invitation
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed, read_context
from events.participants.letter_files.rules import HANDFUL
from events.participants.letter_files.schemas import LetterEnding
from events.participants.letter_files.service import joined, set_letters
from events.participants.official_letters.rules import (
    SUBJECTS,
    TEXTS,
    KnownStay,
    LetterKind,
    NobodyForVisa,
    NobodyTookPart,
    key_of,
    must_fit_certificate,
    own_words,
)
from events.participants.official_letters.schemas import (
    LettersIn,
    LetterTextIn,
    SignedBy,
    VisaFacts,
    VisaLetterIn,
    VisaLettersIn,
)
from events.programme.events.models import Event
from events.programme.events.rules import ATTENDED_KINDS
from events.programme.events.service import get_event, list_sessions
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job

# Packages above say here where people of an event sleep, by registration.
STAYS: list[Callable[[AsyncSession, UUID], Awaitable[Mapping[UUID, KnownStay]]]] = []
PRINT, PRINT_VISA = "events.print_letters", "events.print_visa_letters"


@dataclass(frozen=True)
class _From:
    """Whose letter it is, and the head for each language."""

    event: Event
    project: Project
    heads: dict[str, LetterHead]
    at: datetime

    def letter(self, kind: LetterKind, given: SignedBy, language: str, *, to: str, people: int = 0) -> Letter:
        """With the project's words, or Heyet's, and nothing of what is particular to a kind."""
        say = words(language)
        subject, text = own_words(self.project.texts, kind, language)
        known = {
            "event": self.event.title_in(language),
            "days": say.days(self.event.first_day, self.event.last_day),
            "place": self.event.venue or "—",
            "people": str(people),
            "project": self.project.title_in(language),
            "donor": self.project.donor_in(language),
        }
        today = day_in(self.event.zone, at=self.at)
        contact = " · ".join(
            filter(None, [self.event.contact_name, self.event.contact_address or self.project.contact])
        )
        return Letter(
            head=self.heads[language],
            to=to,
            subject=filled(subject or say.translate(SUBJECTS[kind]), known),
            paragraphs=blocks(filled(text or say.translate(TEXTS[kind]), known)),
            closing=[say.translate("Contact: %(contact)s", contact=contact)] if contact else [],
            dated=say.day(given.dated or today),
            reference=given.reference,
            signer=given.signer or self.project.signatory,
            signer_title=given.signer_title or self.project.signatory_function,
            language=language,
            made_at=self.at,
        )


async def print_letters(
    db: AsyncSession, event_id: UUID, given: LettersIn, caller: Caller, settings: Settings, *, at: datetime
) -> bytes | Job:
    """Letters to all institutions whose people took part, by name, in one PDF or in a zip; of more than a handful, the
    job that makes their file. Raises NobodyTookPart."""
    event = await get_event(db, event_id, caller)
    by_institution = await took_part(db, event)
    if not by_institution:
        raise NobodyTookPart()
    _note(db, event, caller, given.kind, len(by_institution), at=at)
    if len(by_institution) > HANDFUL:
        return await _order(db, PRINT, event, given, at=at)
    letters = await letters_of(db, event, given, settings, at=at)
    return await asyncio.to_thread(_file, letters, given.ending)


async def letters_of(
    db: AsyncSession, event: Event, given: LettersIn, settings: Settings, *, at: datetime
) -> list[Letter]:
    """What these letters say, by the institution's name."""
    sender = await _sender(db, event, settings, at=at)
    return [_to_institution(sender, given, *one) for one in await took_part(db, event)]


async def print_visa_letters(
    db: AsyncSession, event_id: UUID, given: VisaLettersIn, caller: Caller, settings: Settings, *, at: datetime
) -> bytes | Job:
    """Letters for the visas of everybody with a place, or of those whose institution is in one country, by name; of
    more than a handful, the job that makes their file. Raises NobodyForVisa."""
    event = await get_event(db, event_id, caller)
    people = len(await _travellers(db, event, given))
    if not people:
        raise NobodyForVisa()
    _note(db, event, caller, LetterKind.visa, people, at=at)
    if people > HANDFUL:
        return await _order(db, PRINT_VISA, event, given, at=at)
    letters = await visa_letters_of(db, event, given, settings, at=at)
    return await asyncio.to_thread(_file, letters, given.ending)


async def visa_letters_of(
    db: AsyncSession, event: Event, given: VisaLettersIn, settings: Settings, *, at: datetime
) -> list[Letter]:
    """What these letters say, by name. What only the passport tells is left as lines to write on."""
    sender, say = await _sender(db, event, settings, at=at), words(given.language)
    programme, stays = await _programme(db, event, say), await stays_of(db, event)
    letters = []
    for registration, person, institution in await _travellers(db, event, given):
        one = VisaLetterIn(**given.model_dump(exclude={"of_country", "ending"}))
        one.passport_name = name_in_passport(registration, person)
        one.employer, one.function = name_of_institution(institution, given.language), person.title_in(given.language)
        if stay := stays.get(registration.id):
            one.stay_from, one.stay_until = _stay_of(one, stay.first_day, stay.last_day)
            one.host_address = one.host_address or stay.address
        letter = _visa_letter(sender, one, person.name, programme)
        letters.append(replace(letter, about=person.name))
    return letters


async def stays_of(db: AsyncSession, event: Event) -> Mapping[UUID, KnownStay]:
    """Where people of an event sleep, as far as it is entered, by registration."""
    return {id: stay for known in STAYS for id, stay in (await known(db, event.id)).items()}


def countries_in(people: Sequence[tuple[Registration, Person, Institution | None]]) -> dict[str, int]:
    """In which countries the institutions of these people are, and how many are of each."""
    return dict(sorted(Counter(institution.country for _, _, institution in people if institution).items()))


async def _travellers(
    db: AsyncSession, event: Event, given: VisaLettersIn
) -> list[tuple[Registration, Person, Institution | None]]:
    return [
        one
        for one in await list_confirmed(db, event.id)
        if not given.of_country or (one[2] and one[2].country == given.of_country)
    ]


async def _order(db: AsyncSession, name: str, event: Event, given: LettersIn | VisaLettersIn, *, at: datetime) -> Job:
    said = {"given": given.model_dump(mode="json"), "ordered_at": at.isoformat()}
    return await enqueue_job(db, name, project_id=event.project_id, about_id=event.id, at=at, **said)


def _note(db: AsyncSession, event: Event, caller: Caller, kind: LetterKind, letters: int, *, at: datetime) -> None:
    audit.record(
        db,
        "letters.printed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        kind=kind.value,
        letters=letters,
    )


async def print_visa_letter(
    db: AsyncSession, invitation_id: UUID, given: VisaLetterIn, caller: Caller, settings: Settings, *, at: datetime
) -> bytes:
    """A letter for one person's visa. Nothing of what was typed is kept; the history says that one was made."""
    invitation = await get_invitation(db, invitation_id, caller)
    event = await get_event(db, invitation.event_id, caller)
    context = await read_context(db, invitation_id)
    sender = await _sender(db, event, settings, at=at)
    programme = await _programme(db, event, words(given.language))
    letter = _visa_letter(sender, given, context.person.name, programme)
    audit.record(db, "visa-letter.printed", context.person.id, at=at, project_id=event.project_id, **caller.signature)
    return await asyncio.to_thread(letters_pdf, [letter])


async def preview(
    db: AsyncSession, event_id: UUID, kind: LetterKind, caller: Caller, settings: Settings, *, at: datetime
) -> bytes:
    """How a letter would look, in each language for who has the shortest and the longest name; nothing is kept."""
    event = await get_event(db, event_id, caller)
    if kind is LetterKind.certificate:
        return await certificates.preview(db, event, settings, at=at)
    sender = await _sender(db, event, settings, at=at)
    people = sorted(await list_attendees(db, event), key=lambda one: len(one.person.name))
    shown: list[Attendee | None] = [people[0], people[-1]] if people else [None]
    letters = []
    for language in ("tr", "en"):
        for one in shown:
            say = words(language)
            institution = one.institution if one else None
            to = institution.name_in(language) if institution else say.translate("(addressee)")
            if kind is LetterKind.visa:
                to = say.translate("To whom it may concern")
            letter = sender.letter(kind, SignedBy(), language, to=to, people=1)
            if kind is LetterKind.visa:
                name = one.person.name if one else say.translate("(name)")
                letter = replace(letter, facts=_visa_facts(VisaLetterIn(), event, name, say))
            elif kind is LetterKind.participation and one:
                letter = replace(letter, table=_table([one], say))
            letters.append(letter)
    return await asyncio.to_thread(letters_pdf, letters)


async def set_text(
    db: AsyncSession, project_id: UUID, kind: LetterKind, given: LetterTextIn, caller: Caller, *, at: datetime
) -> Project:
    """Say a letter in the project's own words; with nothing in them, in Heyet's again."""
    if kind is LetterKind.certificate:
        must_fit_certificate(given.text_tr, given.text_en)
        given = given.model_copy(update={"subject_tr": "", "subject_en": ""})
    project = await get_project(db, project_id, caller)
    # Two who write two texts at once must not undo each other: all texts are one document.
    await db.refresh(project, with_for_update=True)
    said = {name: value for name, value in given.model_dump().items() if value}
    if project.texts.get(key_of(kind), {}) == said:
        return project
    if said:
        project.texts[key_of(kind)] = said
    else:
        project.texts.pop(key_of(kind), None)
    flag_modified(project, "texts")
    audit.record(db, "texts.changed", project.id, at=at, project_id=project.id, **caller.signature, mail=key_of(kind))
    await db.flush()
    return project


async def took_part(db: AsyncSession, event: Event) -> list[tuple[Institution, list[Attendee]]]:
    """Institutions by name, with those of their people who were there for a half-day or more."""
    found: dict[UUID, tuple[Institution, list[Attendee]]] = {}
    for one in await list_attendees(db, event):
        if one.institution and one.present:
            found.setdefault(one.institution.id, (one.institution, []))[1].append(one)
    return sorted(found.values(), key=lambda row: (row[0].search, row[0].id))


async def _programme(db: AsyncSession, event: Event, say: Words) -> list[str]:
    """The sessions with their hours, a paragraph for each day."""
    days: dict[date, list[str]] = {}
    for one in await list_sessions(db, event.id):
        if one.kind in ATTENDED_KINDS:
            starts, ends = local(one.starts_at, event.zone), local(one.ends_at, event.zone)
            said = f"{starts:%H:%M}–{ends:%H:%M} {one.title_in(say.language)}"
            days.setdefault(starts.date(), []).append(said)
    return [f"{say.day(day)}: {'; '.join(said)}" for day, said in days.items()]


async def _sender(db: AsyncSession, event: Event, settings: Settings, *, at: datetime) -> _From:
    project = await db.get_one(Project, event.project_id)
    pictures = await pictures_of(db, project.id, settings.files)
    heads = {
        language: LetterHead(
            project.funding_statement(language),
            project.title_in(language),
            project.contract_number,
            project.emblem.value,
            pictures,
        )
        for language in ("tr", "en")
    }
    return _From(event, project, heads, at)


def _to_institution(sender: _From, given: LettersIn, institution: Institution, people: Sequence[Attendee]) -> Letter:
    language = given.language or ("tr" if institution.country == "TR" else "en")
    head = institution.letterhead_tr if language == "tr" else institution.letterhead_en
    to = head or institution.name_in(language)
    letter = sender.letter(given.kind, given, language, to=to, people=len(people))
    is_list = given.kind is LetterKind.participation
    return replace(letter, table=_table(people, words(language))) if is_list else letter


def _table(people: Sequence[Attendee], say: Words) -> list[list[str]]:
    """Who took part, when, and in how much of it."""
    rows = [[say.translate("Name"), say.translate("Position"), say.translate("Days"), say.translate("Half-days")]]
    for one in people:
        days = dict.fromkeys(day for day, _ in one.present)
        halves = say.translate(N_("%(present)s of %(held)s"), present=one.attended.present, held=one.attended.held)
        rows.append(
            [
                one.person.name,
                one.person.title_in(say.language),
                "\n".join(say.day(day, "medium") for day in days),
                halves,
            ]
        )
    return rows


def _visa_letter(sender: _From, given: VisaLetterIn, name: str, programme: Sequence[str]) -> Letter:
    say = words(given.language)
    to = given.addressee or say.translate(N_("To whom it may concern"))
    letter = sender.letter(LetterKind.visa, given, given.language, to=to)
    facts = _visa_facts(given, sender.event, name, say)
    return replace(letter, facts=facts, closing=[*programme, *letter.closing])


def name_in_passport(registration: Registration | None, person: Person) -> str:
    """As they told it for the event, as it is kept of the person, or what they are called."""
    return (registration.passport_name if registration else "") or person.passport_name or person.name


def _stay_of(given: VisaFacts, first_day: date, last_day: date) -> tuple[date, date]:
    """The days that were typed, else the first and the last that are known; of one typed day beyond these, it alone."""
    since, until = given.stay_from or first_day, given.stay_until or last_day
    if since <= until:
        return since, until
    return (since, since) if given.stay_from else (until, until)


def _visa_facts(given: VisaLetterIn, event: Event, name: str, say: Words) -> list[tuple[str, str]]:
    def day(value: date | None) -> str:
        return say.day(value) if value else ""

    stay = say.days(*_stay_of(given, event.first_day, event.last_day))
    return [
        (say.translate(N_("Name as in the passport")), given.passport_name or name),
        (say.translate(N_("Date of birth")), day(given.born_on)),
        (say.translate(N_("Nationality")), given.nationality),
        (say.translate(N_("Passport number")), given.passport_number),
        (say.translate(N_("Passport valid until")), day(given.passport_until)),
        (say.translate(N_("Employer")), given.employer),
        (say.translate(N_("Position")), given.function),
        (say.translate(N_("Purpose of the journey")), given.purpose or event.title_in(say.language)),
        (say.translate(N_("Days of the stay")), stay),
        (say.translate(N_("Address of the stay")), given.host_address or event.venue),
        (say.translate(N_("Who pays what")), given.costs),
        (say.translate(N_("Health insurance")), given.insurance),
    ]


def _file(letters: Sequence[Letter], ending: LetterEnding) -> bytes:
    return joined(set_letters(letters, ending), ending)
