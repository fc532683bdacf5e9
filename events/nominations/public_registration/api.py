"""Registering at an open event, and lost links, as JSON."""

from fastapi import APIRouter, Request

from core.clock import Moment
from core.db import Db
from core.i18n import words
from core.web import StrictRoute, language_of
from directory.accounts.access import Whoever
from events.nominations.public_registration import service
from events.nominations.public_registration.access import may_search, must_not_flood_applicant, slow_down
from events.nominations.public_registration.schemas import Application, Heard, LostLink

router = APIRouter(prefix="/api/v1", tags=["public"], route_class=StrictRoute)


@router.post("/public/events/{code}/registrations", status_code=202, response_model=Heard)
async def apply(request: Request, code: str, given: Application, whoever: Whoever, db: Db, at: Moment) -> Heard:
    """Ask for a place at an open event. A mail brings the link with which you confirm that the address is yours."""
    await slow_down(request)
    await must_not_flood_applicant(request, given.address)
    await service.apply(db, code, given, at=at)
    return Heard(message=words(language_of(request)).translate(service.ASKED))


@router.post("/public/lost-links", status_code=202, response_model=Heard)
async def send_links(request: Request, given: LostLink, whoever: Whoever, db: Db, at: Moment) -> Heard:
    """Have your personal links mailed again. The answer is the same whether the address is known or not."""
    await slow_down(request)
    if await may_search(request, given.address):
        await service.ask_for_links(db, given, at=at)
    return Heard(message=words(language_of(request)).translate(service.HEARD))
