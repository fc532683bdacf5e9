"""Keeping webhooks, and turning the project's history into calls that are enqueued.

The history is written with the act itself, so nothing that happened is missed: it is read from a little before where it
was left, because what was begun earlier may be committed later, and each entry is enqueued once.
"""

import base64
import json
import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.db import mark_pending
from core.errors import N_, NotFound, Unacceptable
from core.ids import new_id
from core.paging import Page, Paging, ordered, paged
from core.settings import Settings
from directory.accounts.access import Caller
from directory.projects.service import get_project
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue, send_again
from notifications.webhooks.models import Webhook
from notifications.webhooks.rules import (
    MOST_PER_PROJECT,
    WEBHOOK,
    NothingToReplay,
    TooManyWebhooks,
    is_web_address,
)
from notifications.webhooks.schemas import WebhookIn


async def add(
    db: AsyncSession, project_id: UUID, given: WebhookIn, caller: Caller, settings: Settings, *, at: datetime
) -> tuple[Webhook, str]:
    """A new webhook and the secret that its calls are signed with. Raises Unacceptable, TooManyWebhooks."""
    await get_project(db, project_id, caller)
    if not is_web_address(given.url, private=settings.webhooks_inside):
        raise Unacceptable("url", N_("Please write a web address that begins with https://."))
    if len(await list_webhooks(db, project_id)) >= MOST_PER_PROJECT:
        raise TooManyWebhooks()
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook(
        project_id=project_id,
        label=given.label,
        url=given.url,
        signing_secret=secret,
        made_at=at,
        read_until=at,
        topics=[topic.value for topic in given.topics],
    )
    db.add(webhook)
    _note(db, "webhook.added", webhook, caller, at=at)
    await db.flush()
    return webhook, secret


async def list_webhooks(db: AsyncSession, project_id: UUID) -> list[Webhook]:
    found = await db.exec(
        select(Webhook)
        .where(Webhook.project_id == project_id, col(Webhook.removed_at).is_(None))
        .order_by(col(Webhook.id))
    )
    return list(found.all())


async def get_webhook(db: AsyncSession, webhook_id: UUID, caller: Caller) -> Webhook:
    """Raises NotFound, for one that was removed too."""
    webhook = await db.get(Webhook, webhook_id)
    if webhook is None or webhook.removed_at:
        raise NotFound()
    await get_project(db, webhook.project_id, caller)
    return webhook


async def remove(db: AsyncSession, webhook_id: UUID, caller: Caller, *, at: datetime) -> Webhook:
    """Tell nothing there any more; what has not gone is taken back, what has gone stays in the outbox."""
    webhook = await get_webhook(db, webhook_id, caller)
    webhook.removed_at = at
    await db.exec(
        update(Message)
        .where(col(Message.about_id) == webhook.id, col(Message.state) == State.queued)
        .values(state=State.cancelled)
    )
    _note(db, "webhook.removed", webhook, caller, at=at)
    await db.flush()
    return webhook


async def pause(db: AsyncSession, webhook_id: UUID, is_paused: bool, caller: Caller, *, at: datetime) -> Webhook:
    """Stop for a while, or go on where it was left: what happened meanwhile is told then."""
    webhook = await get_webhook(db, webhook_id, caller)
    if (webhook.paused_at is not None) != is_paused:
        webhook.paused_at = at if is_paused else None
        _note(db, "webhook.paused" if is_paused else "webhook.resumed", webhook, caller, at=at)
        await db.flush()
    return webhook


async def try_out(db: AsyncSession, webhook_id: UUID, caller: Caller, *, at: datetime) -> Message:
    """Enqueue a call that says nothing, to see whether it arrives."""
    webhook = await get_webhook(db, webhook_id, caller)
    message = call_message(webhook, "webhook.test", new_id(), at, {}, at=at)
    await enqueue(db, [message])
    return message


async def list_calls(db: AsyncSession, webhook: Webhook, page_request: Paging) -> Page[Message]:
    """What was told and what became of it, the latest first."""
    rows = select(Message).where(Message.about_id == webhook.id, Message.channel == WEBHOOK)
    columns = {"what": col(Message.kind), "when": col(Message.id), "state": col(Message.state)}
    return await paged(db, rows.order_by(*ordered(page_request, columns, col(Message.id).desc())), page_request)


async def replay(db: AsyncSession, webhook_id: UUID, call_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Send one call again, with the same id. Raises NothingToReplay while it is on its way."""
    webhook = await get_webhook(db, webhook_id, caller)
    again = await db.exec(
        update(Message)
        .where(
            col(Message.id) == call_id,
            col(Message.about_id) == webhook.id,
            col(Message.state).in_([State.sent, State.failed, State.expired]),
        )
        .values(state=State.queued, written_at=at, due_at=at, attempts=0, answer="")
    )
    if not again.rowcount:
        raise NothingToReplay()
    mark_pending(db)


async def replay_failed(db: AsyncSession, webhook_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Send everything again that did not arrive. Raises NothingToReplay."""
    webhook = await get_webhook(db, webhook_id, caller)
    count = await send_again(db, webhook.id, WEBHOOK, at=at)
    if not count:
        raise NothingToReplay()
    return count


def call_message(
    webhook: Webhook, act: str, entry_id: UUID, happened: datetime, facts: dict[str, str], *, at: datetime
) -> Message:
    """A call as Standard Webhooks 1.0 has it: type, timestamp, data."""
    body = {"type": act, "timestamp": happened.isoformat(), "data": facts}
    return Message(
        kind=WEBHOOK,
        channel=WEBHOOK,
        dedupe_key=f"{WEBHOOK}:{webhook.id.hex}:{entry_id.hex}",
        project_id=webhook.project_id,
        about_id=webhook.id,
        written_at=at,
        due_at=at,
        language="en",
        to_name=webhook.label,
        to_address=webhook.url,
        subject=act,
        plain=json.dumps(body, separators=(",", ":")),
        html="",
    )


def _note(db: AsyncSession, act: str, webhook: Webhook, caller: Caller, *, at: datetime) -> None:
    audit.record(
        db,
        act,
        webhook.project_id,
        at=at,
        project_id=webhook.project_id,
        **caller.signature,
        webhook=webhook.id,
    )
