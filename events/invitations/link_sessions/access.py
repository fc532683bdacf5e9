"""What a browser keeps to go on seeing what was told under a link."""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.cookies import set_cookie
from events.invitations.link_sessions.rules import SESSION_LIFE, link_cookie
from events.invitations.link_sessions.service import end_other_authors, remember_author


def keep_session(request: Request, answer: Response, link_id: UUID, token: str) -> None:
    """Let the browser show with its next requests that it is the one of this session."""
    set_cookie(request, answer, link_cookie(link_id), token, seconds=int(SESSION_LIFE.total_seconds()))


async def keep_author(
    request: Request,
    answer: Response,
    db: AsyncSession,
    link_id: UUID,
    about_id: UUID,
    session_id: UUID | None,
    *,
    at: datetime,
) -> None:
    """Somebody told something: their browser goes on seeing it, and no other that had told before."""
    await end_other_authors(db, about_id, session_id)
    if session_id is None:
        keep_session(request, answer, link_id, await remember_author(db, link_id, about_id, at=at))
