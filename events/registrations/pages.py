"""The participant's own page: one column, big targets, no account."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes
from core.pages import Typed, TypedWithFiles, beside, form_again, render, see_other
from core.settings import Installed
from core.web import checked
from core.zones import local
from directory.people.models import Person
from directory.projects.models import Project
from events.calendars import service as calendars
from events.calendars.pages import address_shown
from events.calendars.schemas import FeedWish
from events.choices.service import chosen_by, taken_places
from events.invitations.access import ConfirmedParticipant, Guest, Participant
from events.invitations.models import Invitation
from events.invitations.rules import EDGES, Answer, is_frozen, takes_answers
from events.invitations.service import note_opened
from events.link_sessions.access import keep_author
from events.materials.service import list_for_participant
from events.privacy.consents import consents_of, texts_of
from events.programme.models import Event
from events.programme.rules import SESSION_KINDS
from events.programme.service import list_sessions
from events.questions import service as questions
from events.questions.access import must_be_new
from events.questions.rules import AskedOf
from events.questions.rules import missing as find_missing
from events.questions.schemas import answers_in
from events.registrations import service
from events.registrations.access import has_told, must_be_author
from events.registrations.schemas import Details

router = APIRouter(include_in_schema=False)
PAGE = "events/participant.html"


@router.get("/i/{token}")
async def mine(request: Request, token: str, participant: Participant, db: ReadDb, at: Moment) -> Response:
    if participant.is_new:
        async with request.app.state.database.unit_of_work() as work:
            await note_opened(work, participant.invitation_id, at)
    return render(request, PAGE, **await my_page(db, participant=participant, at=at))


@router.post("/i/{token}/details")
async def details(
    request: Request,
    token: str,
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        await must_be_author(db, participant)
        await must_be_new(db, participant)
        given: Details = checked(Details, {n: v for n, v in typed.items() if not n.startswith("q-")})
        case = await questions.tell_all(db, participant.invitation_id, given, answers_in(typed), at=at)
        for name, file in typed.items():
            if name.startswith("q-") and isinstance(file, UploadFile) and file.filename:
                id = checked(UUID, name.removeprefix("q-"))
                with beside(name):
                    await questions.keep_answer_file(
                        db, participant.invitation_id, id, file.filename, await file.read(), settings.files, at=at
                    )
        missing = case.registration.missing if case.registration else 0
    if missing:
        said = N_("Saved. Something is still missing; you can add it later.")
        answer = see_other(request, f"/i/{token}#details", said)
    else:
        answer = see_other(request, f"/i/{token}", N_("Thank you, we have everything we need."))
    return await _remembering(request, answer, db, participant, at)


@router.post("/i/{token}/draft")
async def draft(request: Request, token: str, participant: Participant, db: Db, at: Moment, typed: Typed) -> Response:
    """What was typed so far, sent by the page itself."""
    await must_be_author(db, participant)
    await must_be_new(db, participant)
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        await service.keep_draft(db, participant.invitation_id, typed)
    return await _remembering(request, Response(status_code=204), db, participant, at)


async def _remembering(
    request: Request, answer: Response, db: AsyncSession, participant: Guest, at: datetime
) -> Response:
    """Let the browser that told something for the first time go on seeing it, and no other."""
    await keep_author(
        request, answer, db, participant.link_id, participant.invitation_id, participant.session_id, at=at
    )
    return answer


@router.get("/i/{token}/calendar")
async def calendar(token: str, participant: ConfirmedParticipant) -> Response:
    """Where a code leads that was asked for to subscribe."""
    return RedirectResponse(f"/i/{token}#calendar", 303)


@router.post("/i/{token}/calendar")
async def subscribe(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """A new subscription; its address is shown here and never again."""
    said = {n: typed[n] for n in FeedWish.model_fields if n in typed}
    with form_again(PAGE, partial(my_page, participant=participant, at=at), typed):
        wish: FeedWish = checked(FeedWish, said)
        address = await calendars.subscribe(db, participant.person_id, wish, settings, at=at)
    return await _with_address(request, db, participant, address, at)


@router.post("/i/{token}/calendar/renew")
async def renew(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    """The same subscription under a new address; the old one ends."""
    feed = checked(UUID, typed.get("feed", ""))
    address = await calendars.renew(db, participant.person_id, feed, settings, at=at)
    return await _with_address(request, db, participant, address, at)


async def _with_address(request: Request, db: AsyncSession, participant: Guest, address: str, at: datetime) -> Response:
    view = dict(await my_page(db, participant=participant, at=at))
    view["feed"] = address_shown(address)
    return render(request, PAGE, **view)


@router.post("/i/{token}/calendar/end")
async def unsubscribe(
    request: Request, token: str, participant: ConfirmedParticipant, db: Db, at: Moment, typed: Typed
) -> Response:
    one = checked(UUID, typed["feed"]) if typed.get("feed") else None
    await calendars.end_subscriptions(db, participant.person_id, at=at, feed_id=one)
    return see_other(request, f"/i/{token}#calendar", N_("Calendars that were subscribed no longer get anything."))


async def my_page(db: AsyncSession, *, participant: Guest, at: datetime) -> Mapping[str, Any]:
    invitation = await db.get_one(Invitation, participant.invitation_id)
    event = await db.get_one(Event, invitation.event_id)
    sessions = await list_sessions(db, event.id)
    registration = await service.find_active(db, invitation)
    asked = [
        q
        for q in await questions.list_questions(db, event.id)
        if q.asked_of is AskedOf.participant and q.category in (None, invitation.category)
    ]
    answers = (await questions.answers_of(db, [invitation.id])).get(invitation.id, {})
    said = answers if participant.may_see else {}
    left = {q.id for q in find_missing([q.asking for q in asked], answers, invitation.category)}
    is_hidden = not participant.may_see and (has_told(registration) or bool(answers))
    # That a question comes up tells what another one was answered.
    missing = [q for q in asked if q.id in left and not (is_hidden and q.depends_on_id)]
    by_day = groupby(sessions, lambda s: local(s.starts_at, event.zone).date())
    return {
        "possible": EDGES[invitation.standing],
        "may_substitute": _may_substitute(invitation, event, at),
        "is_open": takes_answers(event.answers_until, event.zone, at),
        "token": participant.token,
        "invitation": invitation,
        "event": event,
        "registration": registration,
        "project": await db.get_one(Project, event.project_id),
        "person": await db.get_one(Person, invitation.person_id),
        "agenda": [(day, list(items)) for day, items in by_day],
        "session_kinds": SESSION_KINDS,
        "materials": await list_for_participant(db, event.id, participant.person_id),
        "seats": await taken_places(db, [s.id for s in sessions if s.places is not None]),
        "chosen": {
            id for (_, id), is_so in (await chosen_by(db, [registration.id] if registration else [])).items() if is_so
        },
        "consents": await texts_of(db, event.project_id),
        "agreed": await consents_of(db, invitation.id),
        "questions": asked,
        "answers": said,
        "missing": missing,
        "countries": country_codes(),
        "may_see": participant.may_see,
        "is_confirmed": participant.is_confirmed,
        "is_hidden": is_hidden,
        "typed": service.draft_of(registration) if participant.may_see else {},
        "feed": None,
        "feeds": await calendars.list_subscriptions(db, participant.person_id) if participant.is_confirmed else [],
    }


def _may_substitute(invitation: Invitation, event: Event, at: datetime) -> bool:
    if Answer.substituted not in EDGES[invitation.standing]:
        return False
    return not is_frozen(event.names_freeze_on, event.zone, at)
