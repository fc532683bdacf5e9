"""Batches and drafts as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader, Releaser
from notifications.outbox.schemas import MessageOut
from notifications.releases import service
from notifications.releases.schemas import AddedWords, BatchPaging, BatchSummary, DraftIn, MailCount, SendIn

router = APIRouter(prefix="/api/v1", tags=["messages"], route_class=StrictRoute)
BATCH, MESSAGE = "/message-batches/{message_batch_id}", "/messages/{message_id}"


@router.get("/message-batches", response_model=PageOut[BatchSummary])
async def list_batches(
    caller: ProjectReader, db: ReadDb, page_request: BatchPaging, about_id: UUID | None = None
) -> dict[str, Any]:
    """Mails that were written together, the latest first, with how many are in which state."""
    page = await service.list_batches(db, caller, page_request, about_id=about_id)
    return page_out(page, page.rows)


@router.get(BATCH)
async def get_batch(message_batch_id: UUID, caller: ProjectReader, db: ReadDb) -> BatchSummary:
    """One batch."""
    return await service.summary_of(db, await service.get_batch(db, message_batch_id, caller), caller)


@router.put(f"{BATCH}/added-words")
async def add_words(message_batch_id: UUID, given: AddedWords, caller: Organiser, db: Db, at: Moment) -> BatchSummary:
    """Paragraphs after the greeting of each mail that waits. 409 once nothing waits."""
    batch = await service.add_words(db, message_batch_id, given, caller, at=at)
    return await service.summary_of(db, batch, caller)


@router.post(f"{BATCH}/send")
async def send(
    message_batch_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, given: SendIn | None = None
) -> MailCount:
    """Send what waits; they leave a little later and can be taken back until then. 409 where `count` is not how many
    wait, where the event does not take place, or where it moved since they were written."""
    count = given.count if given else None
    return MailCount(mails=await service.send(db, message_batch_id, caller, settings, at=at, count=count))


@router.post(f"{BATCH}/recall")
async def recall(message_batch_id: UUID, caller: Releaser, db: Db, at: Moment) -> MailCount:
    """Take back what has not left. 409 where all has."""
    return MailCount(mails=await service.recall(db, message_batch_id, caller, at=at))


@router.post(f"{BATCH}/discard")
async def discard(message_batch_id: UUID, caller: Organiser, db: Db, at: Moment) -> MailCount:
    """Give up what waits: nobody gets it, and who was to be told counts as not told."""
    return MailCount(mails=await service.discard(db, message_batch_id, caller, at=at))


@router.put(f"{MESSAGE}/draft", response_model=MessageOut)
async def change_draft(message_id: UUID, given: DraftIn, caller: Organiser, db: Db, at: Moment) -> Any:
    """The subject of one mail that waits, and what is added after its greeting."""
    return await service.change_draft(db, message_id, given, caller, at=at)


@router.post(f"{MESSAGE}/send", status_code=204)
async def send_draft(message_id: UUID, caller: Releaser, db: Db, at: Moment) -> None:
    """Send one mail that waits, at once."""
    await service.send_draft(db, message_id, caller, at=at)


@router.post(f"{MESSAGE}/discard", status_code=204)
async def discard_draft(message_id: UUID, caller: Organiser, db: Db, at: Moment) -> None:
    """Give up one mail that waits."""
    await service.discard_draft(db, message_id, caller, at=at)
