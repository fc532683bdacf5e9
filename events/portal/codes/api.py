"""Proving as a program that one is the owner of a link."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from core.clock import Moment
from core.db import Db
from core.settings import Installed
from core.web import StrictRoute
from events.invitations.link_sessions import service
from events.invitations.link_sessions.rules import masked
from events.portal.codes.access import (
    LinkOwner,
    must_allow_mail,
    must_allow_try,
    owner_of_call,
    owner_of_invitation,
)
from events.portal.codes.schemas import CodeIn, CodeSent, Confirmed

router = APIRouter(prefix="/api/v1", tags=["links"], route_class=StrictRoute)
Invited = Annotated[LinkOwner, Depends(owner_of_invitation)]
Naming = Annotated[LinkOwner, Depends(owner_of_call)]


@router.post("/invitation/code", status_code=202, response_model=CodeSent)
async def mail_my_code(request: Request, owner: Invited, db: Db, at: Moment, settings: Installed) -> CodeSent:
    """Mail a code to the owner of a personal link: links can be forwarded, so what was told takes one to see."""
    return await _mail(request, owner, db, settings, at=at)


@router.post("/invitation/confirmation", response_model=Confirmed)
async def confirm_me(
    request: Request, given: CodeIn, owner: Invited, db: Db, at: Moment, settings: Installed
) -> Confirmed:
    """The code for a bearer token that shows what was told, for twelve hours."""
    return await _confirm(request, given, owner, db, settings, at=at)


@router.post("/nomination/code", status_code=202, response_model=CodeSent)
async def mail_our_code(request: Request, owner: Naming, db: Db, at: Moment, settings: Installed) -> CodeSent:
    """Mail a code to the focal point: it takes one to see the names that were given."""
    return await _mail(request, owner, db, settings, at=at)


@router.post("/nomination/confirmation", response_model=Confirmed)
async def confirm_us(
    request: Request, given: CodeIn, owner: Naming, db: Db, at: Moment, settings: Installed
) -> Confirmed:
    """The code for a bearer token that shows the names that were given, for twelve hours."""
    return await _confirm(request, given, owner, db, settings, at=at)


async def _mail(request: Request, owner: LinkOwner, db: Db, settings: Installed, *, at: Moment) -> CodeSent:
    await must_allow_mail(request, owner)
    await service.send_code(db, owner.link_id, owner.person, owner.project, owner.event.id, settings, at=at)
    return CodeSent(address=masked(str(owner.person.address)))


async def _confirm(
    request: Request, given: CodeIn, owner: LinkOwner, db: Db, settings: Installed, *, at: Moment
) -> Confirmed:
    await must_allow_try(request, owner)
    token = await service.confirm(
        db, owner.link_id, owner.about_id, owner.person, owner.project, given.code, settings, at=at
    )
    return Confirmed(token=token)
