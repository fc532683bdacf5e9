"""The buttons of the participant’s own page."""

from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Form, Typed, form_again, see_other
from core.settings import Installed
from core.web import checked_fields
from events.invitations.invitations.access import Guest, Participant
from events.invitations.registrations.access import must_name_guests
from events.invitations.responses import service
from events.invitations.responses.schemas import Acceptance, Decline
from events.invitations.substitutions import service as substitutions
from events.invitations.substitutions.schemas import SubstituteIn
from events.portal.page.views import PAGE, my_page

router = APIRouter(include_in_schema=False)


def _my_page_again(participant: Guest, typed: Form, *, at: datetime) -> AbstractContextManager[None]:
    return form_again(PAGE, partial(my_page, participant=participant, at=at), typed)


@router.post("/i/{token}/accept")
async def accept(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, typed, at=at):
        given: Acceptance = checked_fields(typed, Acceptance)
        if given.guest_names:
            await must_name_guests(db, participant)
        await service.accept(
            db,
            participant.invitation_id,
            settings,
            at=at,
            by=given.answered_by,
            guests=given.guests,
            guest_names=given.guest_names,
        )
    return see_other(request, f"/i/{token}#details", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/tentative")
async def tentative(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, typed, at=at):
        await service.mark_tentative(db, participant.invitation_id, settings, at=at)
    return see_other(request, f"/i/{token}", N_("Thank you. Your answer is noted."))


@router.post("/i/{token}/decline")
async def decline(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, typed, at=at):
        given: Decline = checked_fields(typed, Decline)
        await service.decline(db, participant.invitation_id, given.reason, settings, at=at, by=given.answered_by)
    return see_other(request, f"/i/{token}", N_("Thank you for telling us."))


@router.post("/i/{token}/substitute")
async def send_substitute(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, typed, at=at):
        given: SubstituteIn = checked_fields(typed, SubstituteIn)
        sent = await substitutions.send(db, participant.invitation_id, given, settings, at=at)
    if sent.proposal:
        return see_other(request, f"/i/{token}", N_("%(name)s is proposed to the organiser."), name=given.name)
    return see_other(request, f"/i/{token}", N_("%(name)s attends in your place."), name=given.name)


@router.post("/i/{token}/substitute/take-back")
async def take_back_substitute(
    request: Request, token: str, participant: Participant, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with _my_page_again(participant, typed, at=at):
        await substitutions.take_back(db, participant.invitation_id, settings, at=at)
    return see_other(request, f"/i/{token}", N_("No substitute attends in your place."))
