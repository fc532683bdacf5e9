"""The administrator's page of webhooks, and the log of one."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, form_fields, render, see_other
from core.paging import Paging
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Administrator, Caller
from directory.projects.service import get_project
from notifications.outbox.rules import STATE_NAMES
from notifications.webhooks import service
from notifications.webhooks.rules import TOPICS
from notifications.webhooks.schemas import CallPaging, WebhookIn

router = APIRouter(include_in_schema=False)
FIRST_PAGE = Paging(1, 50)
PAGE, LOG = "notifications/webhooks.html", "notifications/webhook.html"


@router.get("/projects/{project_id}/webhooks")
async def show(request: Request, project_id: UUID, caller: Administrator, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/webhooks")
async def add(
    request: Request, project_id: UUID, caller: Administrator, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given = checked(WebhookIn, form_fields(typed, lists=["topics"]))
        _, secret = await service.add(db, project_id, given, caller, settings, at=at)
    view = await _view(db, project_id=project_id, caller=caller)
    return render(request, PAGE, **{**view, "secret": secret})


@router.get("/webhooks/{webhook_id}")
async def log(
    request: Request, webhook_id: UUID, caller: Administrator, db: ReadDb, page_request: CallPaging
) -> Response:
    return render(request, LOG, **await _log(db, webhook_id=webhook_id, caller=caller, page_request=page_request))


@router.post("/webhooks/{webhook_id}/test")
async def try_out(
    request: Request, webhook_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.try_out(db, webhook_id, caller, at=at)
    return see_other(request, f"/webhooks/{webhook_id}", N_("A test call is on its way."))


@router.post("/webhooks/{webhook_id}/pause")
async def pause(
    request: Request, webhook_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.pause(db, webhook_id, typed.get("go_on") != "yes", caller, at=at)
    return see_other(request, f"/webhooks/{webhook_id}", N_("Saved."))


@router.post("/webhooks/{webhook_id}/replay")
async def replay_failed(
    request: Request, webhook_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(LOG, partial(_log, webhook_id=webhook_id, caller=caller), typed):
        await service.replay_failed(db, webhook_id, caller, at=at)
    return see_other(request, f"/webhooks/{webhook_id}", N_("What did not arrive goes once more."))


@router.post("/webhooks/{webhook_id}/calls/{call_id}/replay")
async def replay(
    request: Request, webhook_id: UUID, call_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(LOG, partial(_log, webhook_id=webhook_id, caller=caller), typed):
        await service.replay(db, webhook_id, call_id, caller, at=at)
    return see_other(request, f"/webhooks/{webhook_id}", N_("It goes once more."))


@router.post("/webhooks/{webhook_id}/remove")
async def remove(
    request: Request, webhook_id: UUID, caller: Administrator, db: Db, at: Moment, typed: Typed
) -> Response:
    removed = await service.remove(db, webhook_id, caller, at=at)
    return see_other(request, f"/projects/{removed.project_id}/webhooks", N_("Removed."))


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    return {
        "project": await get_project(db, project_id, caller),
        "secret": "",
        "topics": TOPICS,
        "webhooks": await service.list_webhooks(db, project_id),
    }


async def _log(
    db: AsyncSession, *, webhook_id: UUID, caller: Caller, page_request: Paging = FIRST_PAGE
) -> Mapping[str, object]:
    webhook = await service.get_webhook(db, webhook_id, caller)
    return {
        "webhook": webhook,
        "project": await get_project(db, webhook.project_id, caller),
        "topics": TOPICS,
        "calls": await service.list_calls(db, webhook, page_request),
        "states": STATE_NAMES,
    }
