"""Signing in by a link that comes by mail."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db
from core.ids import new_id
from core.pages import Typed, form_again, render
from core.text import Address, address_key
from core.web import checked, client_of
from directory.accounts import pages as accounts
from directory.accounts import service
from directory.accounts.access import Whoever
from notifications.outbox.service import owe
from notifications.sign_in.mails import link_message

router = APIRouter(include_in_schema=False)
ASK = "directory/sign_in_link.html"


@router.get("/sign-in/link")
async def ask_form(request: Request, whoever: Whoever) -> Response:
    return render(request, ASK, sent=False)


@router.post("/sign-in/link")
async def ask(request: Request, whoever: Whoever, db: Db, at: Moment, typed: Typed) -> Response:
    """The answer is the same whether the address is known or not."""
    with form_again(ASK, _unsent, typed):
        address: str = checked(dict[str, Address], {"address": typed.get("address", "")})["address"]
        await request.app.state.limits.must_allow("3/15 minutes", "link", address_key(address))
        await request.app.state.limits.must_allow("20/15 minutes", "link-from", client_of(request))
        account = await service.find_account(db, address)
        if account:
            token = await service.new_link(db, account, at=at)
            link = f"{request.app.state.settings.base_url}/sign-in/link/{token}"
            await owe(db, [link_message(account, link, f"sign-in-link:{new_id()}", at)])
    return render(request, ASK, sent=True)


@router.get("/sign-in/link/{token}")
async def confirm(request: Request, token: str, whoever: Whoever) -> Response:
    """A button, because mail scanners open every link and would use it up."""
    return render(request, "directory/sign_in_confirm.html", token=token)


@router.post("/sign-in/link/{token}")
async def use(request: Request, token: str, whoever: Whoever, at: Moment, typed: Typed) -> Response:
    await request.app.state.limits.must_allow("30/15 minutes", "link-use", client_of(request))
    async with request.app.state.database.unit_of_work() as db:
        account = await service.use_link(db, token, at)
    return await accounts.start(request, account, at, "/", is_complete=account.totp_secret is None)


async def _unsent(db: AsyncSession) -> Mapping[str, Any]:
    return {"sent": False}
