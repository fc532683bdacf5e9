"""The inbox as JSON."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import PageOut, page_out
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader
from notifications.inbound import service
from notifications.inbound.schemas import InboundOut, InboundText, InboxPaging
from notifications.outbox.schemas import ReasonToRead

router = APIRouter(prefix="/api/v1/inbox", tags=["messages"], route_class=StrictRoute)


@router.get("", response_model=PageOut[InboundOut])
async def list_inbox(caller: ProjectReader, db: ReadDb, page_request: InboxPaging) -> dict[str, Any]:
    """Mail that came in to your projects and waits for somebody to look, the latest first."""
    page = await service.list_inbox(db, caller, page_request)
    return page_out(page, [mail for mail, _, _ in page.rows])


@router.post("/{mail_id}/disclosure", response_model=InboundText)
async def disclose(mail_id: UUID, given: ReasonToRead, caller: ProjectReader, db: Db, at: Moment) -> InboundText:
    """What a mail says. The reason, and who asked, is kept in the history."""
    return InboundText.of(*await service.disclose(db, mail_id, given.reason, caller, at=at))


@router.post("/{mail_id}/closing", status_code=204)
async def close(mail_id: UUID, caller: Organiser, db: Db, at: Moment) -> Response:
    """Say that a mail is dealt with: it leaves the inbox, and its text with it."""
    await service.close(db, mail_id, caller, at=at)
    return Response(status_code=204)
