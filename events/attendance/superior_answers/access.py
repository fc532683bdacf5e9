"""Who may fill in the form for superiors: whoever holds the link that was mailed to one."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from core.cookies import read_cookie
from core.guesses import slowing_guesses
from core.settings import settings_of
from events.attendance.superiors.service import by_token


@dataclass(frozen=True)
class SuperiorCaller:
    """A superior whose link it is."""

    superior_id: UUID
    token: str


async def _superior(request: Request, token: str) -> SuperiorCaller:
    """Whoever guesses is slowed down. Raises NotFound."""
    async with slowing_guesses(request), request.app.state.database.autocommit_read() as db:
        superior = await by_token(db, token, settings_of(request))
    request.state.language = read_cookie(request, "heyet_language") or superior.language
    return SuperiorCaller(superior.id, token)


_superior.declares = "superior"  # type: ignore[attr-defined]
SuperiorLink = Annotated[SuperiorCaller, Depends(_superior)]
