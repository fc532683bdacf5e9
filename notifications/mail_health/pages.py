"""How the mail is doing, and a test of the relay with its answer explained."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, ReadDb
from core.errors import N_
from core.i18n import words
from core.ids import new_id
from core.pages import Typed, render
from core.settings import Installed, settings_of
from core.web import language_of
from directory.accounts.access import Administrator, Caller
from directory.accounts.models import Account
from notifications.delivery.relays import Relay
from notifications.delivery.service import LocalMailbox
from notifications.jobs.context import Channel
from notifications.mail_health.rules import advice_for
from notifications.mail_health.service import health
from notifications.outbox.mails import MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

router = APIRouter(include_in_schema=False)
PAGE = "notifications/health.html"


@router.get("/mail/health")
async def show(request: Request, caller: Administrator, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _view(request, db, caller, at=at))


@router.post("/mail/health/test")
async def test(
    request: Request, caller: Administrator, at: Moment, typed: Typed, settings: Installed, database: DatabaseHandle
) -> Response:
    """One mail straight to the relay, beside the outbox, to the caller's own address."""
    async with database.reading() as db:
        account = await db.get_one(Account, caller.account_id)
    # Not the worker's connection: a relay that rests for others is asked all the same.
    named = [one for one in settings.relays if one.name == typed.get("relay")] or settings.relays[:1]
    channel: Channel = Relay(named[0], settings, request.app.state.clock) if named else LocalMailbox()
    said = await channel.send(_letter(request, caller, account.address, at=at))
    await channel.close()
    async with database.reading() as db:
        view = await _view(request, db, caller, at=at)
    result = {
        "code": said.code,
        "answer": said.words,
        "advice": advice_for(said.code, said.words),
        "to": account.address,
    }
    return render(request, PAGE, **{**view, "result": result})


def _letter(request: Request, caller: Caller, address: str, *, at: datetime) -> Message:
    say = words(language_of(request))
    content = MailContent(
        say.translate("Test of the mail relay"),
        [Paragraph(say.translate("If you read this, mail leaves this installation."))],
        say.language,
    )
    return new_message(
        content, kind="test", dedupe_key=f"test:{new_id()}", to_name=caller.name, to_address=address, at=at
    )


async def _view(request: Request, db: AsyncSession, caller: Caller, *, at: datetime) -> Mapping[str, object]:
    settings = settings_of(request)
    return {
        "health": await health(db, caller.projects, at=at),
        "relays": settings.relays,
        "mail_from": settings.mail_from,
        "result": None,
        "per_minute": settings.smtp_per_minute,
        "advice_for": advice_for,
        "stuck": N_("Mail has been waiting for more than a quarter of an hour and nothing goes."),
    }
