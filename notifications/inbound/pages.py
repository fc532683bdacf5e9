"""The inbox: what came in and was not understood."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, render, see_other
from core.paging import PageRequest
from directory.accounts.access import Organiser
from notifications.inbound import service
from notifications.inbound.rules import KINDS

router = APIRouter(include_in_schema=False)


@router.get("/inbox")
async def inbox(request: Request, caller: Organiser, db: ReadDb, page_request: PageRequest) -> Response:
    found = await service.list_inbox(db, caller, page_request)
    return render(request, "notifications/inbox.html", rows=found, kinds=KINDS)


@router.get("/inbox/{mail_id}")
async def one(request: Request, mail_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    mail, person, about = await service.get_inbound(db, mail_id, caller)
    text = await service.text_of(mail)
    return render(request, "notifications/inbound.html", mail=mail, person=person, about=about, kinds=KINDS, text=text)


@router.post("/inbox/{mail_id}/close")
async def close(request: Request, mail_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    await service.close(db, mail_id, caller, at=at)
    return see_other(request, "/inbox", N_("Dealt with."))
