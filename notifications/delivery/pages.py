"""The mail page: every message as its recipient sees it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.pages import Typed, form_again, framed, render
from core.paging import PageRequest
from core.settings import Installed
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.accounts.rules import Right
from notifications.delivery.mails import headers_of
from notifications.inbound.rules import KINDS
from notifications.inbound.service import list_about
from notifications.outbox import service
from notifications.outbox.models import Message
from notifications.outbox.redaction import CODE_KINDS, unfolded_without_tokens, without_codes, without_tokens
from notifications.outbox.rules import STATE_NAMES, State
from notifications.outbox.schemas import MessageText, ReasonToRead

router = APIRouter(include_in_schema=False)
ONE = "notifications/message.html"


@router.get("/mail")
async def mail(
    request: Request,
    caller: ProjectReader,
    db: ReadDb,
    page_request: PageRequest,
    about: UUID | None = None,
    state: Annotated[State | None, Query()] = None,
) -> Response:
    found = await service.list_messages(db, caller, page_request, about_id=about, state=state)
    return render(request, "notifications/mail.html", messages=found, state=state, about=about, states=STATE_NAMES)


@router.get("/mail/{message_id}")
async def message(
    request: Request, message_id: UUID, caller: ProjectReader, db: Db, at: Moment, settings: Installed
) -> Response:
    """Who plans reads it; whoever only reads the project says why first."""
    view = await _view(db, message_id=message_id, caller=caller)
    found = await service.get_message(db, message_id, caller)
    if not view["may_plan"]:
        return render(request, ONE, **view)
    audit.record(db, "message.read", found.id, at=at, project_id=found.project_id, **caller.signature)
    shown = {
        "plain": _shown(request, found.plain, _hiding(found)),
        "calendar": _shown(request, found.calendar or "", unfolded_without_tokens),
        "headers": [(n, _shown(request, str(v), unfolded_without_tokens)) for n, v in headers_of(found, settings)],
        "is_closed": False,
    }
    return render(request, ONE, **{**view, **shown})


@router.post("/mail/{message_id}/disclosure")
async def disclose(
    request: Request, message_id: UUID, caller: ProjectReader, db: Db, at: Moment, typed: Typed
) -> Response:
    """Its text, without anything that opens a page, for who reads the project without planning it."""
    with form_again(ONE, partial(_view, message_id=message_id, caller=caller), typed):
        given: ReasonToRead = checked_fields(typed, ReasonToRead)
        text = MessageText.of(await service.disclose(db, message_id, given.reason, caller, at=at))
    view = await _view(db, message_id=message_id, caller=caller)
    shown = {"plain": text.plain, "calendar": text.calendar, "is_closed": False}
    return render(request, ONE, **{**view, **shown})


@router.get("/mail/{message_id}/html")
async def message_html(request: Request, message_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    """The HTML part for a sandboxed frame."""
    found: Message = await service.get_message(db, message_id, caller)
    return framed(_shown(request, found.html, _hiding(found)), popups=True)


async def _view(db: AsyncSession, *, message_id: UUID, caller: Caller) -> Mapping[str, object]:
    """A message whose text is closed."""
    found = await service.get_message(db, message_id, caller)
    return {
        "message": found,
        "states": STATE_NAMES,
        "came_in": await list_about(db, found),
        "kinds": KINDS,
        "may_plan": caller.may(Right.plan, found.project_id),
        "is_closed": True,
        "plain": "",
        "calendar": "",
        "headers": [],
    }


def _hiding(found: Message) -> Callable[[str], str]:
    return without_codes if found.kind in CODE_KINDS else without_tokens


def _shown(request: Request, text: str, hide: Callable[[str], str] = without_tokens) -> str:
    """A token opens its person's page: once mail really leaves, nobody else needs to see it. Until then the mail page
    is the mailbox, for those who may plan in the message's project."""
    return hide(text) if request.app.state.settings.relays else text
