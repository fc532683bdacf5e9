"""The participant's pages of money: one to look at, one to say how they are paid, one for a receipt.

How they are paid takes a code from the mailbox: nobody who was handed the link redirects a payment.
"""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.i18n import country_codes
from core.money import Money
from core.pages import Typed, TypedWithFiles, chosen_file, form_again, render, see_other
from core.settings import Installed
from core.web import checked, checked_fields, download, language_of
from core.zones import day_in, town_zones
from directory.projects.models import Project
from events.invitations.invitations.access import ConfirmedParticipant, Guest, Owner
from events.programme.events.models import Event
from finance.absences.pages import absence_fields
from finance.absences.schemas import AbsenceIn
from finance.advances.rules import ADVANCE_METHODS
from finance.pay_rules.service import pay_rules_of
from finance.payees.rules import GRADES, MISSING_OF_PAYEE, PAY_METHODS
from finance.payees.schemas import PayeeIn, PayeeOut
from finance.portal import service
from finance.portal.schemas import SignatureIn
from finance.portal.views import OWN_STATES, OWN_STEPS, own_statements
from finance.receipts.pages import has_file
from finance.receipts.pages import names as receipt_names
from finance.receipts.schemas import ReceiptIn
from finance.rules.sentences import explanation, open_explanation
from finance.sheet_files.rules import place_or_cost
from finance.signed_receipts.service import own_sheet

router = APIRouter(include_in_schema=False)
PAGE, FORM, RECEIPT = "finance/my_payment.html", "finance/my_account.html", "finance/my_receipt.html"
ABSENCE = "finance/my_absence.html"
SIGNATURE = "finance/my_signature.html"


@router.get("/i/{token}/payment")
async def my_payment(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment) -> Response:
    return render(request, PAGE, **await _payment_view(db, owner=owner, at=at))


@router.get("/i/{token}/payment/account")
async def my_account(request: Request, token: str, owner: ConfirmedParticipant, db: ReadDb) -> Response:
    return render(request, FORM, **await _view(db, owner=owner))


@router.post("/i/{token}/payment/account")
async def tell(request: Request, token: str, owner: ConfirmedParticipant, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(FORM, partial(_view, owner=owner), typed):
        given: PayeeIn = checked_fields(typed, PayeeIn)
        await service.tell(db, owner.invitation_id, given, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, it is noted."))


@router.get("/i/{token}/payment/absence")
async def my_absence(request: Request, token: str, owner: Owner, db: ReadDb, at: Moment) -> Response:
    return render(request, ABSENCE, **await _absence_view(db, owner=owner, at=at))


@router.post("/i/{token}/payment/absence")
async def tell_absence(request: Request, token: str, owner: Owner, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(ABSENCE, partial(_absence_view, owner=owner, at=at), typed):
        given: AbsenceIn = checked_fields(typed, AbsenceIn)
        await service.tell_absence(db, owner.invitation_id, given, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, it is noted."))


@router.get("/i/{token}/payment/receipts")
async def new_receipt(request: Request, token: str, owner: Owner, db: ReadDb) -> Response:
    return render(request, RECEIPT, **await _view(db, owner=owner))


@router.post("/i/{token}/payment/receipts")
async def claim(
    request: Request, token: str, owner: Owner, db: Db, at: Moment, settings: Installed, typed: TypedWithFiles
) -> Response:
    with form_again(RECEIPT, partial(_view, owner=owner), typed):
        given: ReceiptIn = checked_fields(typed, ReceiptIn)
        file = await chosen_file(typed) if has_file(typed) else None
        await service.claim(db, owner.invitation_id, given, file, settings, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, it is noted."))


@router.get("/i/{token}/payment/receipts/{receipt_id}")
async def receipt(request: Request, token: str, receipt_id: UUID, owner: Owner, db: ReadDb) -> Response:
    return render(request, RECEIPT, **await _view(db, owner=owner, receipt_id=receipt_id))


@router.post("/i/{token}/payment/receipts/{receipt_id}")
async def attach(
    request: Request,
    token: str,
    receipt_id: UUID,
    owner: Owner,
    db: Db,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(RECEIPT, partial(_view, owner=owner, receipt_id=receipt_id), typed):
        await service.attach(db, owner.invitation_id, receipt_id, await chosen_file(typed), settings)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, it is noted."))


@router.get("/i/{token}/payment/receipts/{receipt_id}/file")
async def receipt_file(token: str, receipt_id: UUID, owner: Owner, db: ReadDb, settings: Installed) -> Response:
    name, content = await service.my_file(db, owner.invitation_id, receipt_id, settings)
    return download(content, "application/octet-stream", name)


@router.post("/i/{token}/payment/receipts/{receipt_id}/withdraw")
async def withdraw(
    request: Request, token: str, receipt_id: UUID, owner: Owner, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_payment_view, owner=owner, at=at), typed):
        await service.withdraw(db, owner.invitation_id, receipt_id, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Removed."))


@router.get("/i/{token}/payment/sheets/{per_diem_sheet_id}")
async def to_sign(
    request: Request, token: str, per_diem_sheet_id: UUID, owner: ConfirmedParticipant, db: ReadDb
) -> Response:
    return render(request, SIGNATURE, **await _signature_view(db, owner=owner, sheet_id=per_diem_sheet_id))


@router.post("/i/{token}/payment/sheets/{per_diem_sheet_id}")
async def sign(
    request: Request,
    token: str,
    per_diem_sheet_id: UUID,
    owner: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: TypedWithFiles,
) -> Response:
    with form_again(SIGNATURE, partial(_signature_view, owner=owner, sheet_id=per_diem_sheet_id), typed):
        given = checked(SignatureIn, {"name": typed.get("name", ""), "confirms": typed.get("confirms", "")})
        picture = (await chosen_file(typed))[1] if has_file(typed) else None
        await service.sign(db, owner.invitation_id, per_diem_sheet_id, picture, given.name, settings, at=at)
    return see_other(request, f"/i/{token}/payment", N_("Thank you, your signature is kept."))


@router.get("/i/{token}/payment/sheets/{per_diem_sheet_id}/receipt.pdf")
async def own_receipt(
    request: Request, token: str, per_diem_sheet_id: UUID, owner: Owner, db: ReadDb, at: Moment
) -> Response:
    content = await service.receipt_pdf(db, owner.invitation_id, per_diem_sheet_id, language_of(request), at=at)
    return download(content, "application/pdf", "receipt.pdf")


async def _signature_view(db: AsyncSession, *, owner: Guest, sheet_id: UUID) -> Mapping[str, object]:
    event, registration_id = await service.my_place(db, owner.invitation_id)
    return {
        "token": owner.token,
        "event": event,
        "own": await own_sheet(db, event, registration_id, sheet_id),
        "explanation": explanation,
        "open_explanation": open_explanation,
        "place_or_cost": place_or_cost,
        "money": Money,
    }


async def _payment_view(db: AsyncSession, *, owner: Guest, at: Moment) -> Mapping[str, object]:
    event, registration_id = await service.my_place(db, owner.invitation_id)
    return {
        **await _view(db, owner=owner),
        "is_ahead": _is_ahead(event, at=at),
        "statements": await own_statements(db, event, registration_id, at=at),
        "signs_on_screen": (await pay_rules_of(db, event.project_id)).signs_on_screen,
        "own_states": OWN_STATES,
        "own_steps": OWN_STEPS,
        "explanation": explanation,
        "open_explanation": open_explanation,
        "place_or_cost": place_or_cost,
        "money": Money,
    }


def _is_ahead(event: Event, *, at: Moment) -> bool:
    """Whether people are asked of a journey that is still to come."""
    return day_in(event.zone, at=at) < event.first_day


async def _absence_view(db: AsyncSession, *, owner: Guest, at: Moment) -> Mapping[str, object]:
    event, one = await service.my_absence(db, owner.invitation_id)
    zone = (await db.get_one(Project, event.project_id)).zone
    return {
        "token": owner.token,
        "event": event,
        "is_ahead": _is_ahead(event, at=at),
        "known": absence_fields(event, zone, one.away),
        "zones": town_zones(),
    }


async def _view(db: AsyncSession, *, owner: Guest, receipt_id: UUID | None = None) -> Mapping[str, object]:
    mine = await service.my_payment(db, owner.invitation_id)
    receipt = next((one for one in mine.receipts if one.id == receipt_id), None)
    if receipt_id and receipt is None:
        raise NotFound()
    return receipt_names() | {
        "token": owner.token,
        "event": mine.event,
        "name": mine.person.name,
        "told": PayeeOut.of(mine.registration.id, mine.details, is_shown=True),
        "methods": PAY_METHODS,
        "grades": GRADES,
        "lacking": MISSING_OF_PAYEE,
        "countries": country_codes(),
        "receipts": mine.receipts,
        "receipt": receipt,
        "advances": mine.advances,
        "ways": ADVANCE_METHODS,
        "absence": mine.absence,
    }
