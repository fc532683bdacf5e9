"""The caller's own account as JSON, to be watched. Nothing here opens a way in; that needs a person at a page."""

from datetime import timedelta

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import NotFound
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts import service
from directory.accounts.access import SignedIn
from directory.accounts.schemas import AccountOut

router = APIRouter(prefix="/api/v1/account", tags=["account"], route_class=StrictRoute)


@router.get("", response_model=AccountOut)
async def account(caller: SignedIn, db: ReadDb, at: Moment, settings: Installed) -> AccountOut:
    """Your account: where it is signed in, which tokens it has, and when each was used last."""
    found = await service.get_account(db, caller)
    idle_after = timedelta(minutes=settings.session_idle_minutes)
    sessions = await service.list_sessions(db, caller, idle_after=idle_after, at=at)
    tokens, codes_left = await service.list_tokens(db, caller), await service.count_recovery_codes(db, caller)
    return AccountOut.of(found, sessions, tokens, codes_left=codes_left)


@router.delete("/token", status_code=204)
async def revoke_own_token(caller: SignedIn, db: Db, at: Moment) -> Response:
    """End the token that you call with. It ends no other and no session: a stolen one could shut its owner out."""
    if caller.token_id is None:
        raise NotFound()
    await service.revoke_token(db, caller.token_id, caller, at=at)
    return Response(status_code=204)
