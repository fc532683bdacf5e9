"""Webhooks as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count, PageOut, page_out
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Administrator
from directory.projects.service import get_project
from notifications.webhooks import service
from notifications.webhooks.models import Webhook
from notifications.webhooks.schemas import CallPaging, WebhookCallOut, WebhookIn, WebhookMade, WebhookOut

router = APIRouter(prefix="/api/v1", tags=["webhooks"], route_class=StrictRoute)


@router.get("/projects/{project_id}/webhooks", response_model=list[WebhookOut])
async def of_project(project_id: UUID, caller: Administrator, db: ReadDb) -> list[Webhook]:
    """Programs that are told what happens in the project."""
    await get_project(db, project_id, caller)
    return await service.list_webhooks(db, project_id)


@router.post("/projects/{project_id}/webhooks", status_code=201, response_model=WebhookMade)
async def add(
    project_id: UUID, given: WebhookIn, caller: Administrator, db: Db, at: Moment, settings: Installed
) -> WebhookMade:
    """Tell a program what happens. Calls are signed as Standard Webhooks 1.0 has it; the secret is told this once."""
    webhook, secret = await service.add(db, project_id, given, caller, settings, at=at)
    return WebhookMade.of(webhook, secret)


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove(webhook_id: UUID, caller: Administrator, db: Db, at: Moment) -> Response:
    """Tell nothing there any more."""
    await service.remove(db, webhook_id, caller, at=at)
    return Response(status_code=204)


@router.post("/webhooks/{webhook_id}/pause", response_model=WebhookOut)
async def pause(webhook_id: UUID, caller: Administrator, db: Db, at: Moment) -> Webhook:
    """Stop for a while. What happens meanwhile is told when it goes on."""
    return await service.pause(db, webhook_id, True, caller, at=at)


@router.post("/webhooks/{webhook_id}/resume", response_model=WebhookOut)
async def resume(webhook_id: UUID, caller: Administrator, db: Db, at: Moment) -> Webhook:
    """Go on where it was left."""
    return await service.pause(db, webhook_id, False, caller, at=at)


@router.post("/webhooks/{webhook_id}/test", status_code=202, response_model=WebhookCallOut)
async def try_out(webhook_id: UUID, caller: Administrator, db: Db, at: Moment) -> WebhookCallOut:
    """Enqueue a call of type `webhook.test`, to see whether it arrives."""
    return WebhookCallOut.of(await service.try_out(db, webhook_id, caller, at=at))


@router.get("/webhooks/{webhook_id}/calls", response_model=PageOut[WebhookCallOut])
async def calls(webhook_id: UUID, caller: Administrator, db: ReadDb, page_request: CallPaging) -> dict[str, Any]:
    """What was told and what became of it, the latest first."""
    webhook = await service.get_webhook(db, webhook_id, caller)
    page = await service.list_calls(db, webhook, page_request)
    return page_out(page, [WebhookCallOut.of(call) for call in page.rows])


@router.post("/webhooks/{webhook_id}/calls/{call_id}/replay", status_code=202)
async def replay(webhook_id: UUID, call_id: UUID, caller: Administrator, db: Db, at: Moment) -> Count:
    """Send one call again, with the same id."""
    await service.replay(db, webhook_id, call_id, caller, at=at)
    return Count(count=1)


@router.post("/webhooks/{webhook_id}/replay", status_code=202)
async def replay_failed(webhook_id: UUID, caller: Administrator, db: Db, at: Moment) -> Count:
    """Send everything again that did not arrive."""
    return Count(count=await service.replay_failed(db, webhook_id, caller, at=at))
