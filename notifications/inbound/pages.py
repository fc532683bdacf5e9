"""The inbox: what came in and was not understood."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields
from directory.accounts.access import Caller, Organiser, ProjectReader
from directory.accounts.rules import Right
from notifications.inbound import service
from notifications.inbound.rules import KINDS
from notifications.inbound.schemas import InboxPaging
from notifications.outbox.schemas import ReasonToRead

router = APIRouter(include_in_schema=False)


ONE = "notifications/inbound.html"


@router.get("/inbox")
async def inbox(request: Request, caller: ProjectReader, db: ReadDb, page_request: InboxPaging) -> Response:
    found = await service.list_inbox(db, caller, page_request)
    return render(request, "notifications/inbox.html", rows=found, kinds=KINDS, project_of=service.project_of)


@router.get("/inbox/{mail_id}")
async def one(request: Request, mail_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    """Who plans reads it; whoever only reads the project says why first."""
    return render(request, ONE, **await _view(db, mail_id=mail_id, caller=caller))


@router.post("/inbox/{mail_id}/disclosure")
async def disclose(
    request: Request, mail_id: UUID, caller: ProjectReader, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(ONE, partial(_view, mail_id=mail_id, caller=caller), typed):
        given: ReasonToRead = checked_fields(typed, ReasonToRead)
        _, text = await service.disclose(db, mail_id, given.reason, caller, at=at)
    view = await _view(db, mail_id=mail_id, caller=caller)
    return render(request, ONE, **{**view, "text": text, "is_closed": False})


async def _view(db: AsyncSession, *, mail_id: UUID, caller: Caller) -> Mapping[str, object]:
    mail, person, about = row = await service.get_inbound(db, mail_id, caller)
    may_plan = caller.may(Right.plan, service.project_of(row))
    return {
        "mail": mail,
        "person": person,
        "about": about,
        "kinds": KINDS,
        "may_plan": may_plan,
        "is_closed": not may_plan,
        "text": await service.text_of(mail) if may_plan else "",
    }


@router.post("/inbox/{mail_id}/close")
async def close(request: Request, mail_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    await service.close(db, mail_id, caller, at=at)
    return see_other(request, "/inbox", N_("Dealt with."))
