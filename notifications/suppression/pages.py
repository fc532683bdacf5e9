"""The one click that ends bulk mail, and the organiser's list of addresses that get nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, render, see_other
from core.paging import Asked
from core.settings import Installed, Settings
from core.web import client_of
from directory.accounts.access import Organiser, Whoever
from directory.projects.models import Project
from notifications.suppression import service
from notifications.suppression.rules import WHYS

router = APIRouter(include_in_schema=False)
PAGE = "notifications/unsubscribe.html"


@router.get("/unsubscribe/{token}")
async def ask(request: Request, token: str, whoever: Whoever, db: ReadDb, settings: Installed) -> Response:
    """Looking changes nothing: mail scanners follow every link."""
    return render(request, PAGE, **await _view(db, token, settings))


@router.post("/unsubscribe/{token}")
async def one_click(
    request: Request, token: str, whoever: Whoever, db: Db, at: Moment, settings: Installed
) -> Response:
    """What a mail client posts by itself (RFC 8058, 3.2): no cookie, no form token, the signed address is enough."""
    await request.app.state.limits.must_allow("60/15 minutes", "unsubscribe", client_of(request))
    person_id, project_id = service.read_unsubscribe(settings, token)
    await service.set_bulk(db, person_id, project_id, is_wanted=False, at=at)
    return render(request, PAGE, **await _view(db, token, settings))


@router.post("/unsubscribe/{token}/again")
async def again(
    request: Request, token: str, whoever: Whoever, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    person_id, project_id = service.read_unsubscribe(settings, token)
    await service.set_bulk(db, person_id, project_id, is_wanted=True, at=at)
    return see_other(request, f"/unsubscribe/{token}", N_("You get these mails again."))


@router.get("/mail/suppressed")
async def suppressed(request: Request, caller: Organiser, db: ReadDb, asked: Asked) -> Response:
    return render(
        request, "notifications/suppressed.html", rows=await service.list_suppressed(db, caller, asked), whys=WHYS
    )  # fmt: skip


@router.post("/mail/suppressed/{suppression_id}/release")
async def release(
    request: Request, suppression_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.release(db, suppression_id, caller, at=at)
    return see_other(request, "/mail/suppressed", N_("Mail goes to this address again."))


async def _view(db: AsyncSession, token: str, settings: Settings) -> Mapping[str, Any]:
    person_id, project_id = service.read_unsubscribe(settings, token)
    return {
        "token": token, "project": await db.get_one(Project, project_id),
        "is_wanted": await service.wants_bulk(db, person_id, project_id),
    }  # fmt: skip
