"""Signing in by a link that comes by mail."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, Db
from core.guesses import slowing_guesses
from core.ids import new_id
from core.pages import Typed, form_again, ours, render, with_query
from core.settings import settings_of
from core.text import Address
from core.web import checked
from directory.accounts import pages as accounts
from directory.accounts import service
from directory.accounts.access import SignedIn, Whoever
from directory.accounts.attempts import LINK, may_be_mailed, must_be_few
from directory.accounts.models import Account
from notifications.outbox.service import enqueue
from notifications.sign_in.mails import link_message
from notifications.suppression.service import lift

router = APIRouter(include_in_schema=False)
ASK, CONFIRM = "directory/sign_in_link.html", "directory/account_confirm.html"


@router.get("/sign-in/link")
async def ask_form(request: Request, whoever: Whoever) -> Response:
    return render(request, ASK, sent=False)


@router.post("/sign-in/link")
async def ask(request: Request, whoever: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    """The answer is the same whether the address is known or not."""
    with form_again(ASK, _unsent, typed):
        address: str = checked(dict[str, Address], {"address": typed.get("address", "")})["address"]
        await must_be_few(request, LINK, address)
        account = await service.find_account(db, address)
        if await may_be_mailed(request, "link", address) and account:
            await _enqueue_link(request, db, account, at=at)
    return render(request, ASK, sent=True)


@router.post("/account/confirm/link")
async def ask_to_confirm(request: Request, caller: SignedIn, db: Db, at: Moment, typed: Typed) -> Response:
    """For who has no password: a mailed link shows too whose account it is."""
    account = await service.get_account(db, caller)
    await must_be_few(request, LINK, account.address)
    await _enqueue_link(request, db, account, next="/account", at=at)
    return render(request, CONFIRM, account=account, next="/account", sent=True)


async def _enqueue_link(request: Request, db: AsyncSession, account: Account, *, next: str = "", at: Moment) -> None:
    token = await service.new_link(db, account, at=at)
    link = with_query(f"{settings_of(request).base_url}/sign-in/link/{token}", next=next)
    await lift(db, [(None, account.address_key)])
    await enqueue(db, [link_message(account, link, f"sign-in-link:{new_id()}", at=at)])


@router.get("/sign-in/link/{token}")
async def confirm(
    request: Request, token: str, whoever: Whoever, next: Annotated[str, Query(max_length=500)] = "/"
) -> Response:
    """A button, because mail scanners open every link and would use it up."""
    return render(request, "directory/sign_in_confirm.html", token=token, next=ours(next))


@router.post("/sign-in/link/{token}")
async def use(
    request: Request, token: str, whoever: Whoever, at: Moment, typed: Typed, database: DatabaseHandle
) -> Response:
    async with slowing_guesses(request), database.unit_of_work() as db:
        account = await service.use_link(db, token, at=at)
    target = ours(str(typed.get("next", "/")))
    return await accounts.start(request, account, target, is_complete=account.totp_secret is None, at=at)


async def _unsent(db: AsyncSession) -> Mapping[str, object]:
    return {"sent": False}
