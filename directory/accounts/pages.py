"""Signing in and out, and one's own account."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import pyotp
import segno
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import LANGUAGES
from core.pages import Typed, form_again, ours, render, see_other, set_cookie
from core.text import Name, WholeNumber, address_key
from core.web import checked, client_of
from directory.accounts import rules, service
from directory.accounts.access import COOKIE, Anyone, Caller, SignedIn, Whoever
from directory.accounts.models import Account
from directory.accounts.rules import Right

router = APIRouter(include_in_schema=False)
SIGN_IN = "directory/sign_in.html"
CODE = "directory/sign_in_code.html"
ACCOUNT = "directory/account.html"


@router.get("/sign-in")
async def sign_in_form(
    request: Request, caller: Anyone, next: Annotated[str, Query(max_length=500)] = "/"
) -> Response:
    if caller:
        return see_other(request, ours(next))
    return render(request, SIGN_IN, next=ours(next))


@router.post("/sign-in")
async def sign_in(request: Request, whoever: Whoever, at: Moment, typed: Typed) -> Response:
    address, password = str(typed.get("address", ""))[:254], str(typed.get("password", ""))[:200]
    target = ours(str(typed.get("next", "/")))
    database = request.app.state.database
    with form_again(SIGN_IN, partial(_nothing, next=target), typed):
        await request.app.state.limits.must_allow("10/15 minutes", "password", address_key(address))
        await request.app.state.limits.must_allow("50/15 minutes", "password-from", client_of(request))
        # Its own short look: Argon2 takes 0.1 s, and no unit of work may wait for it.
        async with database.reading() as db:
            account = await service.find_account(db, address)
        if not await service.credentials_fit(account, password) or account is None:
            raise rules.WrongCredentials("password")
    return await start(request, account, at, target, is_complete=account.totp_secret is None)


async def start(
    request: Request, account: Account, at: Moment, target: str, *, is_complete: bool
) -> Response:
    """Give the browser its cookie, and ask for the code where the account has a second factor."""
    hours = request.app.state.settings.session_hours
    async with request.app.state.database.unit_of_work() as db:
        token = await service.start_session(db, account, hours=hours, is_complete=is_complete, at=at)
    answer = see_other(request, target if is_complete else f"/sign-in/code?next={target}")
    set_cookie(request, answer, COOKIE, token, seconds=hours * 3600 if is_complete else 600)
    return answer


@router.get("/sign-in/code")
async def code_form(
    request: Request, whoever: Whoever, next: Annotated[str, Query(max_length=500)] = "/"
) -> Response:
    return render(request, CODE, next=ours(next))


@router.post("/sign-in/code")
async def code(request: Request, whoever: Whoever, at: Moment, db: Db, typed: Typed) -> Response:
    target = ours(str(typed.get("next", "/")))
    account = await service.find_half_signed_in(db, request.cookies.get(COOKIE), at)
    if account is None:
        return see_other(request, "/sign-in")
    with form_again(CODE, partial(_nothing, next=target), typed):
        await request.app.state.limits.must_allow("5/5 minutes", "code", str(account.id))
        await service.use_code(db, account, str(typed.get("code", "")).strip(), at)
    hours = request.app.state.settings.session_hours
    await service.end_session(db, request.cookies[COOKIE])
    token = await service.start_session(db, account, hours=hours, is_complete=True, at=at)
    answer = see_other(request, target)
    set_cookie(request, answer, COOKIE, token, seconds=hours * 3600)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, whoever: Whoever, db: Db, typed: Typed) -> Response:
    await service.end_session(db, request.cookies.get(COOKIE, ""))
    answer = see_other(request, "/sign-in", N_("You are signed out."))
    answer.delete_cookie(COOKIE)
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


@router.get("/account")
async def account_page(request: Request, caller: SignedIn, db: ReadDb) -> Response:
    return render(request, ACCOUNT, **await _view(db, caller=caller))


@router.post("/account/password")
async def password(request: Request, caller: SignedIn, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ACCOUNT, partial(_view, caller=caller), typed):
        account = await service.get_account(db, caller)
        await service.set_password(db, account, str(typed.get("password", "")), at)
    answer = see_other(request, "/sign-in", N_("Your password is set. Please sign in with it."))
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/account/second-factor")
async def second_factor(request: Request, caller: SignedIn, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ACCOUNT, partial(_view, caller=caller, totp=str(typed.get("secret", ""))), typed):
        account = await service.get_account(db, caller)
        await service.set_totp(
            db, account, str(typed.get("secret", "")), str(typed.get("code", "")).strip(), at
        )
    return see_other(request, "/account", N_("The second factor is set up."))


class TokenForm(BaseModel):
    """What a key for programs is asked for with."""

    name: Name
    days: Annotated[WholeNumber, Field(ge=1, le=rules.TOKEN_LIFE_DAYS)] = 90
    rights: Annotated[list[Right], Field(alias="rights[]", min_length=1)]


@router.post("/account/tokens")
async def create_token(request: Request, caller: SignedIn, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ACCOUNT, partial(_view, caller=caller), typed):
        wanted = checked(TokenForm, typed)
        account = await service.get_account(db, caller)
        token = await service.create_token(
            db, account, name=wanted.name, rights=wanted.rights, days=wanted.days, at=at
        )
        await db.flush()
    return render(request, ACCOUNT, **await _view(db, caller=caller), token=token)


@router.post("/account/tokens/{token_id}/revoke")
async def revoke_token(
    request: Request, token_id: UUID, caller: SignedIn, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.revoke_token(db, token_id, caller, at)
    return see_other(request, "/account", N_("The token no longer works."))


async def _view(db: AsyncSession, *, caller: Caller, totp: str = "") -> Mapping[str, Any]:
    account = await service.get_account(db, caller)
    shown = totp or pyotp.random_base32()
    address = pyotp.TOTP(shown).provisioning_uri(name=account.address, issuer_name="Heyet")
    return {
        "account": account, "tokens": await service.list_tokens(db, caller), "rights": rules.RIGHTS,
        "totp": shown, "totp_qr": segno.make(address).svg_data_uri(scale=4, border=2), "token": None,
    }  # fmt: skip


async def _nothing(db: AsyncSession, **context: Any) -> Mapping[str, Any]:
    return context
