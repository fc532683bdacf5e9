"""One's own account: ways into it, browsers that are signed in, tokens for programs."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

import pyotp
import segno
from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.cookies import drop_cookie
from core.db import DatabaseHandle, Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, ours, render, see_other, with_query
from core.security import hash_password, is_password
from core.settings import Installed, Settings
from core.web import checked
from directory.accounts import rules, service
from directory.accounts.access import COOKIE, Caller, Confirmed, SignedIn
from directory.accounts.attempts import CODE, PASSWORD, must_be_few, note_failure
from directory.accounts.passwords import must_be_hard_to_guess
from directory.accounts.rules import ConfirmFirst
from directory.own_account.schemas import TokenForm

router = APIRouter(include_in_schema=False)
ACCOUNT, CONFIRM, CODES = (
    "directory/account.html",
    "directory/account_confirm.html",
    "directory/recovery_codes.html",
)


@router.get("/account")
async def account_page(request: Request, caller: SignedIn, db: ReadDb, at: Moment, settings: Installed) -> Response:
    return render(request, ACCOUNT, **await _view(db, settings=settings, caller=caller, at=at))


@router.get("/account/confirm")
async def confirm_form(
    request: Request, caller: SignedIn, db: ReadDb, next: Annotated[str, Query(max_length=500)] = "/account"
) -> Response:
    return render(request, CONFIRM, **await _confirming(db, caller=caller, next=ours(next)))


@router.post("/account/confirm")
async def confirm(request: Request, caller: SignedIn, at: Moment, typed: Typed, database: DatabaseHandle) -> Response:
    """By the second factor where there is one, else by the password. A mailed link does by signing in anew."""
    target = ours(str(typed.get("next", "/account")))
    with form_again(CONFIRM, partial(_confirming, caller=caller, next=target), typed):
        async with database.reading() as db:
            account = await service.get_account(db, caller)
        guesses = CODE if account.totp_secret else PASSWORD
        await must_be_few(request, guesses, account.address)
        if not account.totp_secret and not await is_password(str(typed.get("password", ""))[:200], account.password):
            await note_failure(request, guesses, account.address)
            raise rules.WrongPassword("password")
        async with database.unit_of_work() as db:
            if account.totp_secret:
                await service.use_code(db, account, str(typed.get("code", "")), at=at)
            await service.confirm_session(db, caller, at=at)
    return see_other(request, target)


async def ask_to_confirm(request: Request, error: ConfirmFirst) -> Response:
    """Where a form came too late: show who you are, then come back to your account."""
    return see_other(request, with_query("/account/confirm", next="/account"))


@router.post("/account/password")
async def password(
    request: Request, caller: Confirmed, at: Moment, typed: Typed, database: DatabaseHandle, settings: Installed
) -> Response:
    wanted = str(typed.get("password", ""))
    with form_again(ACCOUNT, partial(_view, settings=settings, caller=caller, at=at), typed):
        async with database.reading() as db:
            account = await service.get_account(db, caller)
        await must_be_hard_to_guess(wanted, account.name, account.address)
        hashed = await hash_password(wanted)
    async with database.unit_of_work() as db:
        account = await service.get_account(db, caller)
        await service.set_password(db, account, hashed, keep_tokens=typed.get("keep_tokens") == "yes", at=at)
    answer = see_other(request, "/sign-in", N_("Your password is set. Please sign in with it."))
    drop_cookie(request, answer, COOKIE)
    return answer


@router.post("/account/second-factor")
async def second_factor(
    request: Request, caller: Confirmed, db: Db, at: Moment, typed: Typed, settings: Installed
) -> Response:
    """The answer shows the recovery codes, this once."""
    secret, code = str(typed.get("secret", "")), str(typed.get("code", ""))
    with form_again(ACCOUNT, partial(_view, settings=settings, caller=caller, at=at, totp=secret), typed):
        account = await service.get_account(db, caller)
        codes = await service.set_totp(db, account, secret, code, session_id=caller.session_id, at=at)
    return render(request, CODES, codes=codes, account=account)


@router.post("/account/second-factor/remove")
async def remove_second_factor(request: Request, caller: Confirmed, db: Db, at: Moment, typed: Typed) -> Response:
    await service.remove_totp(db, await service.get_account(db, caller), at=at)
    return see_other(request, "/account", N_("Two-step verification is off."))


@router.post("/account/recovery-codes")
async def recovery_codes(request: Request, caller: Confirmed, db: Db, at: Moment, typed: Typed) -> Response:
    account = await service.get_account(db, caller)
    if account.totp_secret is None:
        return see_other(request, "/account")
    return render(request, CODES, codes=await service.make_recovery_codes(db, account, at=at), account=account)


@router.post("/account/sessions/{session_id}/end")
async def end_session(
    request: Request, session_id: UUID, caller: SignedIn, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.end_one_session(db, session_id, caller, at=at)
    return see_other(request, "/account", N_("That browser is signed out."))


@router.post("/account/sign-out-everywhere")
async def sign_out_everywhere(request: Request, caller: SignedIn, db: Db, at: Moment, typed: Typed) -> Response:
    """Asks for no proof: whoever has a reason to do this must not be held up."""
    await service.sign_out_everywhere(db, caller, at=at)
    answer = see_other(request, "/sign-in", N_("You are signed out everywhere."))
    drop_cookie(request, answer, COOKIE)
    return answer


@router.post("/account/tokens")
async def create_token(
    request: Request, caller: Confirmed, db: Db, at: Moment, typed: Typed, settings: Installed
) -> Response:
    with form_again(ACCOUNT, partial(_view, settings=settings, caller=caller, at=at), typed):
        wanted = checked(TokenForm, typed)
        account = await service.get_account(db, caller)
        token = await service.create_token(db, account, name=wanted.name, rights=wanted.rights, days=wanted.days, at=at)
        await db.flush()
    view = await _view(db, settings=settings, caller=caller, at=at)
    return render(request, ACCOUNT, **{**view, "token": token})


@router.post("/account/tokens/{token_id}/revoke")
async def revoke_token(
    request: Request, token_id: UUID, caller: SignedIn, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.revoke_token(db, token_id, caller, at=at)
    return see_other(request, "/account", N_("The token no longer works."))


async def _view(
    db: AsyncSession, *, settings: Settings, caller: Caller, at: Moment, totp: str = ""
) -> Mapping[str, object]:
    account = await service.get_account(db, caller)
    # What comes back from the form is shown again only if it can be a secret at all.
    shown = totp if service.BASE32.fullmatch(totp) else pyotp.random_base32()
    address = pyotp.TOTP(shown).provisioning_uri(name=account.address, issuer_name="Heyet")
    idle_after = timedelta(minutes=settings.session_idle_minutes)
    return {
        "account": account,
        "tokens": await service.list_tokens(db, caller),
        "rights": rules.RIGHTS,
        "token": None,
        "totp": shown,
        "totp_qr": segno.make(address).svg_data_uri(scale=4, border=2),
        "is_confirmed": rules.is_confirmed(caller.confirmed_at, at=at),
        "session_id": caller.session_id,
        "sessions": await service.list_sessions(db, caller, idle_after=idle_after, at=at),
        "codes_left": await service.count_recovery_codes(db, caller),
    }


async def _confirming(db: AsyncSession, *, caller: Caller, next: str) -> Mapping[str, object]:
    return {"account": await service.get_account(db, caller), "next": next, "sent": False}
