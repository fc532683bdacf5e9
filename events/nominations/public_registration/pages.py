"""The public page of an event, with the form to register, and the page for lost links."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import Refusal
from core.pages import Typed, form_again, render, see_other
from core.web import checked, language_of
from directory.accounts.access import Whoever
from events.nominations.public_registration import service
from events.nominations.public_registration.access import may_search, must_not_flood_applicant, slow_down
from events.nominations.public_registration.rules import must_admit
from events.nominations.public_registration.schemas import Application, LostLink
from events.programme.agenda.rules import SESSION_ROLES
from events.programme.agenda.service import programme_for
from events.programme.events.rules import Admission
from events.programme.events.service import find_public

router = APIRouter(include_in_schema=False)
PUBLIC, LOST = "events/public.html", "events/lost_link.html"


@router.get("/e/{code}")
async def public_page(request: Request, code: str, whoever: Whoever, db: ReadDb, at: Moment) -> Response:
    """A public event, for anybody. What is not public answers like what is not there."""
    return render(request, PUBLIC, **await _view(db, request=request, code=code, at=at))


@router.post("/e/{code}/register")
async def apply(request: Request, code: str, whoever: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    await slow_down(request)
    with form_again(PUBLIC, partial(_view, request=request, code=code, at=at), typed):
        given: Application = checked(Application, {"language": language_of(request), **typed})
        await must_not_flood_applicant(request, given.address)
        await service.apply(db, code, given, at=at)
    return see_other(
        request,
        f"/e/{code}",
        service.ASKED,
    )


@router.get("/lost-link")
async def lost(request: Request, whoever: Whoever) -> Response:
    return render(request, LOST)


@router.post("/lost-link")
async def send(request: Request, whoever: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    await slow_down(request)
    with form_again(LOST, _nothing, typed):
        given: LostLink = checked(LostLink, typed)
        if await may_search(request, given.address):
            await service.ask_for_links(db, given, at=at)
    return see_other(request, "/lost-link", service.HEARD)


async def _nothing(_: AsyncSession) -> Mapping[str, object]:
    return {}


async def _view(db: AsyncSession, *, request: Request, code: str, at: datetime) -> Mapping[str, object]:
    event = await find_public(db, code)
    closed: Refusal | None = None
    try:
        must_admit(event.admission, event, at=at)
    except Refusal as refusal:
        closed = refusal
    return {
        "event": event,
        "programme": await programme_for(db, event, language_of(request), at=at),
        "roles": SESSION_ROLES,
        "closed": closed,
        "is_full": event.taken >= event.capacity,
        "by_list": event.admission is Admission.by_list,
        "asks": event.admission is Admission.approval,
    }
