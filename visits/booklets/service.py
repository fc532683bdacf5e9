"""Writing what a booklet says, making it for everybody or one, and handing it out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.documents.bundles import file_stem, merged_pdf, zip_of
from core.documents.letters import LetterHead
from core.documents.pdf import PDF
from core.errors import NotFound
from core.i18n import LANGUAGES, words
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.messaging.attachments.service import Concerned, of_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event, list_sessions, lock_event_for
from notifications.jobs.context import Attached
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job
from visits.booklets.documents import BookletContent, booklet_pdf
from visits.booklets.models import Booklet, BookletText
from visits.booklets.rules import BOOKLET_PARTS, KEPT_AFTER, BookletPart, NobodyTravels, NoBookletYet
from visits.booklets.schemas import BookletOrder, BookletTextIn
from visits.delegations.service import list_meetings
from visits.hotels.service import list_hotels
from visits.itineraries.composition import items_of, session_item
from visits.itineraries.rules import by_day
from visits.journeys.service import TravellerJourney, journeys_in

MAKE = "visits.make_booklets"
# So many to a unit of work.
BATCH = 10
BundleOf = Literal["pdf", "zip"]
Texts = Mapping[str, BookletText]


async def texts_of(db: AsyncSession, event_id: UUID) -> dict[str, BookletText]:
    """What was written for a booklet, by language."""
    found = await db.exec(select(BookletText).where(BookletText.event_id == event_id))
    return {text.language: text for text in found}


async def write_texts(
    db: AsyncSession, event_id: UUID, language: str, given: BookletTextIn, caller: Caller, *, at: datetime
) -> BookletText:
    """Write what booklets say in one language. Those that were made stay as they are. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    text = (await texts_of(db, event.id)).get(language) or BookletText(
        event_id=event.id, language=language, changed_at=at
    )
    for name, value in given.model_dump().items():
        setattr(text, name, value)
    text.changed_at = at
    db.add(text)
    _note(db, "booklet.written", event, caller, at=at, language=language)
    await db.flush()
    return text


async def for_everybody(
    db: AsyncSession, event_id: UUID, language: str, caller: Caller, settings: Settings, *, at: datetime
) -> bytes:
    """The booklet with the whole programme and nobody's itinerary. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    return await _made(db, event, None, language, settings, at=at)


async def for_traveller(
    db: AsyncSession, event: Event, journey: TravellerJourney, language: str, settings: Settings, *, at: datetime
) -> bytes:
    """One person's booklet as things stand now."""
    return await _made(db, event, journey, language, settings, at=at)


@of_confirmed
async def itinerary(db: AsyncSession, one: Concerned, settings: Settings, *, at: datetime) -> Attached:
    """The own booklet as things stand when the mail leaves, in the person's language."""
    registration, event, person, _ = one
    (journey,) = await journeys_in(db, event, at=at, only=registration.id)
    content = await _made(db, event, journey, words(person.language).language, settings, at=at)
    return Attached("itinerary.pdf", PDF, content)


async def order(db: AsyncSession, event_id: UUID, given: BookletOrder, caller: Caller, *, at: datetime) -> Job:
    """Enqueue everybody's booklet; the job tells how far it is. Raises NotFound, NobodyTravels."""
    event = await lock_event_for(db, event_id, caller)
    people = [registration.id for registration, _, _ in await list_confirmed(db, event.id)]
    if not people:
        raise NobodyTravels()
    _note(db, "booklets.made", event, caller, at=at, people=len(people))
    return await enqueue_job(
        db,
        MAKE,
        project_id=event.project_id,
        about_id=event.id,
        at=at,
        ids=[str(id) for id in people],
        language=given.language,
        ordered_at=at.isoformat(),
    )


async def make(
    db: AsyncSession, job: Job, registration_ids: Sequence[UUID], settings: Settings, *, at: datetime
) -> None:
    """Make the booklets of these people; may be called twice: what was made since the order stays."""
    event = await db.get_one(Event, job.about_id)
    found = await db.exec(select(Booklet).where(col(Booklet.registration_id).in_(registration_ids)))
    there = {booklet.registration_id: booklet for booklet in found}
    ordered_at = datetime.fromisoformat(job.payload["ordered_at"])
    frames: dict[str, BookletContent] = {}
    for journey in await journeys_in(db, event, at=at):
        id = journey.registration.id
        booklet = there.get(id)
        if id not in registration_ids or (booklet and booklet.made_at > ordered_at):
            continue
        wanted = job.payload["language"]
        language = wanted if wanted in LANGUAGES else words(journey.person.language).language
        if language not in frames:
            frames[language] = await _frame(db, event, language, settings, at=at)
        content = await _printed(frames[language], event, journey)
        booklet = booklet or Booklet(event_id=event.id, registration_id=id, language=language, file_hash="", made_at=at)
        booklet.language, booklet.made_at = language, at
        booklet.file_hash = await keep_sealed(settings, content)
        db.add(booklet)
    await db.flush()


async def list_booklets(db: AsyncSession, event_id: UUID) -> list[tuple[Booklet, Person]]:
    """The booklets that were made, by name."""
    found = await db.exec(
        select(Booklet, Person)
        .join(Registration, col(Registration.id) == Booklet.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Booklet.event_id == event_id)
        .order_by(col(Person.sort_key), col(Booklet.id))
    )
    return list(found.all())


async def file_of(db: AsyncSession, booklet_id: UUID, caller: Caller, settings: Settings) -> bytes:
    """One booklet as it was made. Raises NotFound."""
    booklet = await db.get(Booklet, booklet_id)
    if booklet is None:
        raise NotFound()
    await get_event(db, booklet.event_id, caller)
    return await read_sealed(settings, booklet.file_hash)


async def bundle(db: AsyncSession, event_id: UUID, ending: BundleOf, caller: Caller, settings: Settings) -> bytes:
    """All that were made, as one PDF to print or one zip. Raises NotFound, NoBookletYet."""
    await get_event(db, event_id, caller)
    rows = await list_booklets(db, event_id)
    if not rows:
        raise NoBookletYet()
    files = [
        (f"{number:03}-{file_stem(person.name)}.pdf", await read_sealed(settings, booklet.file_hash))
        for number, (booklet, person) in enumerate(rows, start=1)
    ]
    if ending == "zip":
        return await asyncio.to_thread(zip_of, files)
    return await asyncio.to_thread(merged_pdf, [content for _, content in files])


async def forget_old(db: AsyncSession, *, at: datetime) -> None:
    """Delete booklets of visits that are over for long; their files go with what no row names."""
    over = select(Event.id).where(col(Event.last_day) < (at - KEPT_AFTER).date())
    await db.exec(delete(Booklet).where(col(Booklet.event_id).in_(over)))


async def _made(
    db: AsyncSession,
    event: Event,
    journey: TravellerJourney | None,
    language: str,
    settings: Settings,
    *,
    at: datetime,
) -> bytes:
    frame, say = await _frame(db, event, language, settings, at=at), words(language)
    if journey:
        return await _printed(frame, event, journey)
    sessions = [one for one in await list_sessions(db, event.id) if not one.removed_at]
    programme = by_day([session_item(one, event, say) for one in sessions])
    return await asyncio.to_thread(booklet_pdf, replace(frame, itinerary=programme))


async def _printed(frame: BookletContent, event: Event, journey: TravellerJourney) -> bytes:
    own = by_day(items_of(journey, event, words(frame.language)))
    return await asyncio.to_thread(booklet_pdf, replace(frame, name=journey.person.name, itinerary=own))


async def _frame(db: AsyncSession, event: Event, language: str, settings: Settings, *, at: datetime) -> BookletContent:
    """What all booklets in a language have in common."""
    project, say = await db.get_one(Project, event.project_id), words(language)
    head = LetterHead(
        project.funding_statement(language),
        project.title_in(language),
        project.contract_number,
        project.emblem.value,
        await pictures_of(db, project.id, settings.files),
    )
    return BookletContent(
        head=head,
        title=event.title_in(language),
        days=say.days(event.first_day, event.last_day),
        venue=event.venue,
        map_url=event.map_url,
        name="",
        zone=event.zone,
        itinerary=(),
        sections=_sections(event, await texts_of(db, event.id), await _places_of(db, event), language),
        language=language,
        made_at=at,
    )


async def _places_of(db: AsyncSession, event: Event) -> str:
    """Addresses of hosts and hotels as they are entered, a line each."""
    hosts = [(one.institution, one.address) for one, _ in await list_meetings(db, event) if one.address]
    hotels = [(one.name, one.address, one.phone) for one in await list_hotels(db, event.id) if one.address or one.phone]
    return "\n".join(", ".join(filter(None, place)) for place in (*hosts, *hotels))


def _sections(event: Event, texts: Texts, places: str, language: str) -> list[tuple[str, str]]:
    """The organiser's texts under their headings; whom to ask, and where hosts and hotels are, stands there anyway."""
    say, found = words(language), []
    ordered = [language, *(other for other in LANGUAGES if other != language)]
    for part, heading in BOOKLET_PARTS.items():
        written = [getattr(texts[one], part.value) for one in ordered if one in texts]
        text = next((one for one in written if one), "")
        if part is BookletPart.contacts:
            own = ", ".join(filter(None, (event.contact_name, event.contact_address)))
            text = "\n".join(filter(None, (own, text)))
        elif part is BookletPart.addresses:
            text = "\n".join(filter(None, (places, text)))
        if text:
            found.append((say.translate(heading), text))
    return found


def _note(db: AsyncSession, act: str, event: Event, caller: Caller, *, at: datetime, **facts: Any) -> None:
    audit.record(db, act, event.id, at=at, project_id=event.project_id, **caller.signature, **facts)
