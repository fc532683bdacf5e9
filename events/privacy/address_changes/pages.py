"""Asking for another address on one's own page, and the pages behind the links in both mailboxes."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.cookies import read_cookie
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked_fields
from directory.accounts.access import Whoever
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.access import ConfirmedParticipant, Guest
from events.invitations.link_sessions.rules import masked
from events.privacy.address_changes import service
from events.privacy.address_changes.access import must_allow_request, slowing_openers, speaks
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.rules import Mailbox
from events.privacy.address_changes.schemas import NewAddressIn
from events.programme.events.models import Event

router = APIRouter(include_in_schema=False)
ASK, LINK = "events/address_change.html", "events/address_change_link.html"


@router.get("/i/{token}/address")
async def form(request: Request, token: str, participant: ConfirmedParticipant, db: ReadDb, at: Moment) -> Response:
    return render(request, ASK, **await _form(db, participant=participant, at=at))


@router.post("/i/{token}/address")
async def ask(
    request: Request,
    token: str,
    participant: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(ASK, partial(_form, participant=participant, at=at), typed):
        given: NewAddressIn = checked_fields(typed, NewAddressIn)
        await must_allow_request(request, participant.person_id, given.address)
        change = await service.ask(db, participant.person_id, given.address, settings, at=at)
    said = N_("We have mailed a link to each of the two addresses.") if change else N_("Saved.")
    return see_other(request, f"/i/{token}/address", said)


@router.post("/i/{token}/address/end")
async def take_back(
    request: Request, token: str, participant: ConfirmedParticipant, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.take_back(db, participant.person_id, at=at)
    return see_other(request, f"/i/{token}/address", N_("Nothing changes: we go on writing to you as before."))


@router.get("/address/{token}")
async def link(request: Request, token: str, caller: Whoever, db: ReadDb, at: Moment) -> Response:
    """Opening it decides nothing: programs that look through mails open links too."""
    return render(request, LINK, **await _link(request, db, token, at=at))


@router.post("/address/{token}")
async def decide(request: Request, token: str, caller: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    view = await _link(request, db, token, at=at)
    if typed.get("decision") == "refuse":
        return render(request, LINK, **{**view, "refused_by": await service.refuse(db, token, at=at)})
    return render(request, LINK, **{**view, "done": await service.confirm(db, token, at=at)})


async def _form(db: AsyncSession, *, participant: Guest, at: datetime) -> Mapping[str, object]:
    event, person = await db.get_one(Event, participant.event_id), await db.get_one(Person, participant.person_id)
    return {
        "token": participant.token,
        "event": event,
        "person": person,
        "project": await db.get_one(Project, event.project_id),
        "change": await service.find_open(db, person.id, at=at),
    }


async def _link(request: Request, db: AsyncSession, token: str, *, at: datetime) -> dict[str, Any]:
    async with slowing_openers(request, token):
        change, mailbox = await service.find_by_token(db, token, at=at)
    person = await db.get_one(Person, change.person_id)
    if not read_cookie(request, "heyet_language"):
        speaks(request, person)
    return {
        "token": token,
        "project": await db.get_one(Project, change.project_id),
        "mailbox": mailbox,
        "former": _shown(change, mailbox),
        "address": change.address,
        "has_confirmed": bool(change.former_confirmed_at if mailbox is Mailbox.former else change.new_confirmed_at),
        "done": None,
        "refused_by": None,
    }


def _shown(change: AddressChange, mailbox: Mailbox) -> str:
    """The former address to its owner; to the new mailbox, which may be a stranger's, masked."""
    return change.former if mailbox is Mailbox.former else masked(change.former)
