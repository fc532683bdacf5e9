"""The participant's pages of money: one to look at, one to say how they are paid.

The latter takes a code from the mailbox: nobody who was handed the link redirects a payment.
"""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes
from core.pages import Typed, form_again, render, see_other
from core.web import checked_fields
from events.invitations.invitations.access import ConfirmedParticipant, Guest, Owner
from finance.payees.rules import GRADES, MISSING_OF_PAYEE, PAY_METHODS
from finance.payees.schemas import PayeeIn, PayeeOut
from finance.portal import service

router = APIRouter(include_in_schema=False)
PAGE, FORM = "finance/my_payment.html", "finance/my_account.html"


@router.get("/i/{token}/payment")
async def my_payment(request: Request, token: str, owner: Owner, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, owner=owner))


@router.get("/i/{token}/payment/account")
async def my_account(request: Request, token: str, owner: ConfirmedParticipant, db: ReadDb) -> Response:
    return render(request, FORM, **await _view(db, owner=owner))


@router.post("/i/{token}/payment/account")
async def tell(request: Request, token: str, owner: ConfirmedParticipant, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(FORM, partial(_view, owner=owner), typed):
        given: PayeeIn = checked_fields(typed, PayeeIn)
        await service.tell(db, owner.invitation_id, given, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, it is noted."))


async def _view(db: AsyncSession, *, owner: Guest) -> Mapping[str, object]:
    mine = await service.my_payment(db, owner.invitation_id)
    return {
        "token": owner.token,
        "event": mine.event,
        "name": mine.person.name,
        "told": PayeeOut.of(mine.registration.id, mine.details, is_shown=True),
        "methods": PAY_METHODS,
        "grades": GRADES,
        "lacking": MISSING_OF_PAYEE,
        "countries": country_codes(),
    }
