"""Signing in and out."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.cookies import drop_cookie, read_cookie, set_cookie
from core.db import DatabaseHandle, Db, ReadDb
from core.errors import N_
from core.i18n import LANGUAGES
from core.pages import Typed, form_again, ours, render, see_other, with_query
from core.settings import settings_of
from directory.accounts import rules, service
from directory.accounts.access import COOKIE, Anyone, Whoever
from directory.accounts.attempts import CODE as CODE_GUESSES
from directory.accounts.attempts import PASSWORD, must_be_few, note_failure, remember
from directory.accounts.models import Account

router = APIRouter(include_in_schema=False)
SIGN_IN = "directory/sign_in.html"
CODE = "directory/sign_in_code.html"


@router.get("/sign-in")
async def sign_in_form(
    request: Request, caller: Anyone, db: ReadDb, next: Annotated[str, Query(max_length=500)] = "/"
) -> Response:
    if caller:
        return see_other(request, ours(next))
    return render(request, SIGN_IN, next=ours(next), is_empty=await service.is_empty(db))


@router.post("/sign-in")
async def sign_in(request: Request, whoever: Whoever, at: Moment, typed: Typed, database: DatabaseHandle) -> Response:
    address, password = str(typed.get("address", ""))[:254], str(typed.get("password", ""))[:200]
    target = ours(str(typed.get("next", "/")))
    with form_again(SIGN_IN, partial(_nothing, next=target), typed):
        await must_be_few(request, PASSWORD, address)
        # Its own short look: Argon2 takes 0.1 s, and no unit of work may wait for it.
        async with database.reading() as db:
            account = await service.find_account(db, address)
        if not await service.credentials_fit(account, password) or account is None:
            await note_failure(request, PASSWORD, address)
            raise rules.WrongCredentials("password")
    return await start(request, account, target, is_complete=account.totp_secret is None, at=at)


async def start(request: Request, account: Account, target: str, *, is_complete: bool, at: datetime) -> Response:
    """Give the browser its cookie, and ask for the code where the account has a second factor."""
    async with request.app.state.database.unit_of_work() as db:
        return await _start(db, request, account, target, is_complete=is_complete, at=at)


async def _start(
    db: AsyncSession, request: Request, account: Account, target: str, *, is_complete: bool, at: datetime
) -> Response:
    hours = settings_of(request).session_hours
    await service.end_session(db, read_cookie(request, COOKIE) or "")
    browser = rules.browser_of(request.headers.get("user-agent", ""))
    token = await service.start_session(db, account, hours=hours, is_complete=is_complete, browser=browser, at=at)
    answer = see_other(request, target if is_complete else with_query("/sign-in/code", next=target))
    set_cookie(request, answer, COOKIE, token, seconds=hours * 3600 if is_complete else 600)
    if is_complete:
        remember(request, answer, account.address)
    return answer


@router.get("/sign-in/code")
async def code_form(request: Request, whoever: Whoever, next: Annotated[str, Query(max_length=500)] = "/") -> Response:
    return render(request, CODE, next=ours(next))


@router.post("/sign-in/code")
async def code(request: Request, whoever: Whoever, at: Moment, db: Db, typed: Typed) -> Response:
    target = ours(str(typed.get("next", "/")))
    account = await service.find_half_signed_in(db, read_cookie(request, COOKIE), at=at)
    if account is None:
        return see_other(request, "/sign-in")
    with form_again(CODE, partial(_nothing, next=target), typed):
        await must_be_few(request, CODE_GUESSES, account.address)
        await service.use_code(db, account, str(typed.get("code", "")), at=at)
    return await _start(db, request, account, target, is_complete=True, at=at)


@router.post("/sign-out")
async def sign_out(request: Request, whoever: Whoever, db: Db, typed: Typed) -> Response:
    await service.end_session(db, read_cookie(request, COOKIE) or "")
    answer = see_other(request, "/sign-in", N_("You are signed out."))
    drop_cookie(request, answer, COOKIE)
    return answer


@router.post("/language")
async def language(request: Request, caller: Anyone, db: Db, typed: Typed) -> Response:
    chosen = str(typed.get("language", ""))
    if caller:
        await service.choose_language(db, caller, chosen)
    answer = see_other(request, ours(str(typed.get("next", "/"))))
    if chosen in LANGUAGES:
        set_cookie(request, answer, "heyet_language", chosen, seconds=365 * 86400)
    return answer


async def _nothing(db: AsyncSession, **context: object) -> Mapping[str, object]:
    return context
