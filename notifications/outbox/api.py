"""Messages and their fate as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, PageRequest, page_out
from core.web import StrictRoute
from directory.accounts.access import ProjectReader
from notifications.outbox import service
from notifications.outbox.rules import State
from notifications.outbox.schemas import MessageOut, MessageText, ReasonToRead

router = APIRouter(prefix="/api/v1/messages", tags=["messages"], route_class=StrictRoute)


@router.get("", response_model=PageOut[MessageOut])
async def list_messages(
    caller: ProjectReader,
    db: ReadDb,
    page_request: PageRequest,
    about_id: UUID | None = None,
    state: State | None = None,
) -> dict[str, Any]:
    """Messages of your projects, the latest first."""
    page = await service.list_messages(db, caller, page_request, about_id=about_id, state=state)
    return page_out(page, page.rows)


@router.post("/{message_id}/disclosure", response_model=MessageText)
async def disclose(message_id: UUID, given: ReasonToRead, caller: ProjectReader, db: Db, at: Moment) -> MessageText:
    """What a message says. The reason, and who asked, is kept in the history."""
    return MessageText.of(await service.disclose(db, message_id, given.reason, caller, at=at))
