"""Printing official letters, and a project's own words for them with a preview."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.errors import N_, NotFound
from core.pages import Typed, form_again, form_fields, render, see_other
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import Caller, Organiser
from directory.people.models import Institution, name_of_institution
from directory.projects.models import Project
from events.invitations.invitations.service import get_invitation
from events.invitations.registrations.service import list_confirmed, read_context
from events.participants.letter_files.pages import file_or_progress, files_view
from events.participants.letter_files.rules import LetterFileKind
from events.participants.official_letters import service
from events.participants.official_letters.rules import (
    LETTERS,
    PLACEHOLDERS,
    SUBJECTS,
    TEXTS,
    TO_INSTITUTIONS,
    LetterKind,
    key_of,
)
from events.participants.official_letters.schemas import (
    LANGUAGES,
    LettersIn,
    LetterTextIn,
    VisaLetterIn,
    VisaLettersIn,
)
from events.programme.events.service import get_event

TO_INSTITUTIONS_FILES = (LetterFileKind.participation, LetterFileKind.thanks)
router = APIRouter(prefix="/events/{event_id}", include_in_schema=False)
PAGE, TEXT = "events/official_letters.html", "events/official_letter_text.html"
VISA, VISAS = "events/visa_letter.html", "events/visa_letters.html"


@router.get("/letters")
async def letters(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, job: UUID | None = None) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, job=job))


@router.post("/letters")
async def print_letters(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        given: LettersIn = checked(LettersIn, form_fields(typed, lists=()))
        made = await service.print_letters(db, event_id, given, caller, settings, at=at)
    event = await get_event(db, event_id, caller)
    return file_or_progress(request, made, f"{given.kind.value}-{event.code}.{given.ending}")


@router.get("/visa-letters")
async def visas(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, job: UUID | None = None) -> Response:
    return render(request, VISAS, **await _visas_view(db, event_id=event_id, caller=caller, job=job))


@router.post("/visa-letters")
async def print_visa_letters(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(VISAS, partial(_visas_view, event_id=event_id, caller=caller), typed):
        given: VisaLettersIn = checked(VisaLettersIn, form_fields(typed, lists=()))
        made = await service.print_visa_letters(db, event_id, given, caller, settings, at=at)
    event = await get_event(db, event_id, caller)
    return file_or_progress(request, made, f"visa-{event.code}.{given.ending}")


@router.get("/letters/{kind}")
async def text(request: Request, event_id: UUID, kind: LetterKind, caller: Organiser, db: ReadDb) -> Response:
    return render(request, TEXT, **await _text_view(db, event_id=event_id, kind=kind, caller=caller))


@router.post("/letters/{kind}")
async def save_text(
    request: Request, event_id: UUID, kind: LetterKind, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(TEXT, partial(_text_view, event_id=event_id, kind=kind, caller=caller), typed):
        event = await get_event(db, event_id, caller)
        await service.set_text(db, event.project_id, kind, checked(LetterTextIn, typed), caller, at=at)
    return see_other(request, f"/events/{event_id}/letters/{kind.value}", N_("Saved."))


@router.get("/letters/{kind}/preview.pdf")
async def preview(
    event_id: UUID, kind: LetterKind, caller: Organiser, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    """In each language, for who has the shortest and the longest name."""
    content = await service.preview(db, event_id, kind, caller, settings, at=at)
    return download(content, PDF, f"{kind.value}.pdf", inline=True)


@router.get("/people/{invitation_id}/visa-letter")
async def visa(request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, VISA, **await _visa_view(db, event_id=event_id, invitation_id=invitation_id, caller=caller))


@router.post("/people/{invitation_id}/visa-letter")
async def print_visa_letter(
    event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    view = partial(_visa_view, event_id=event_id, invitation_id=invitation_id, caller=caller)
    with form_again(VISA, view, typed):
        given: VisaLetterIn = checked(VisaLetterIn, typed)
        content = await service.print_visa_letter(db, invitation_id, given, caller, settings, at=at)
    return download(content, PDF, "visa-letter.pdf", inline=True)


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, job: UUID | None = None) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    institutions = await service.took_part(db, event)
    return {
        **await files_view(db, event, TO_INSTITUTIONS_FILES, job),
        "project": project,
        "kinds": LETTERS,
        "to_institutions": {kind: LETTERS[kind] for kind in TO_INSTITUTIONS},
        "languages": LANGUAGES,
        "institutions": institutions,
        "names": [institution.name for institution, _ in institutions],
        "own": {kind for kind in LetterKind if project.texts.get(key_of(kind))},
    }


async def _text_view(db: AsyncSession, *, event_id: UUID, kind: LetterKind, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    return {
        "event": event,
        "tab": "people",
        "project": project,
        "kind": kind,
        "name": LETTERS[kind],
        "own": project.texts.get(key_of(kind), {}),
        "subject": SUBJECTS[kind],
        "text": TEXTS[kind],
        "placeholders": PLACEHOLDERS,
        "history": await audit.history(db, project.id),
    }


async def _visas_view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, job: UUID | None = None
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    people = await list_confirmed(db, event.id)
    return {
        **await files_view(db, event, [LetterFileKind.visa], job),
        "project": await db.get_one(Project, event.project_id),
        "names": [person.name for _, person, _ in people],
        "countries": service.countries_in(people),
        "languages": {"en": LANGUAGES["en"], "tr": LANGUAGES["tr"]},
    }


async def _visa_view(db: AsyncSession, *, event_id: UUID, invitation_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    invitation = await get_invitation(db, invitation_id, caller)
    if invitation.event_id != event.id:
        raise NotFound()
    context = await read_context(db, invitation_id)
    person, registration = context.person, context.registration
    institution = await db.get(Institution, person.institution_id) if person.institution_id else None
    return {
        "event": event,
        "tab": "people",
        "project": await db.get_one(Project, event.project_id),
        "invitation": invitation,
        "person": person,
        "passport_name": service.name_in_passport(registration, person),
        "stay": (await service.stays_of(db, event)).get(registration.id) if registration else None,
        "employer": name_of_institution(institution, "en"),
        "languages": {"en": LANGUAGES["en"], "tr": LANGUAGES["tr"]},
        "history": await audit.history(db, person.id, within=caller.projects),
    }
