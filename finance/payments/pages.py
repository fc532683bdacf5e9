"""Payments of a project, and a batch."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.sheets import Ending
from core.errors import NN_
from core.i18n import words
from core.money import Money
from core.pages import Typed, form_again, render, see_other, ticked
from core.paging import Paging
from core.web import checked, download, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Finance, MoneyReader
from finance.payees.rules import masked_account
from finance.payments import service, views
from finance.payments.documents import accounting_csv, bank_list_file, sepa_file
from finance.payments.rules import NOT_PAYABLE, PAYMENT_METHODS, PAYMENT_STATES, PaymentMethod
from finance.payments.schemas import (
    PaymentBatchIn,
    PaymentBatchPaging,
    PaymentFailureIn,
    PaymentPaging,
    PaymentResultIn,
)
from finance.sheets.rules import sheet_number

router = APIRouter(include_in_schema=False)
LIST = "finance/payments.html"
BATCH = "finance/payment_batch.html"
FIRST = Paging(1, 50)
IN_BATCH = NN_("One person is in this batch.", "%(num)s people are in this batch.")
IN_BATCH_ALONE = NN_(
    "One person is in this batch. Still to be paid another way: %(others)s.",
    "%(num)s people are in this batch. Still to be paid another way: %(others)s.",
)
PAID_NOW = NN_("One payment is marked as made.", "%(num)s payments are marked as made.")
PAYABLE_AGAIN = NN_("One person can be paid again.", "%(num)s people can be paid again.")
# So many of those left out are named in one sentence; all of them stand under the sheets they are on.
NAMED = 5


@router.get("/projects/{project_id}/payments")
async def payments(
    request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb, page: PaymentBatchPaging, at: Moment
) -> Response:
    return render(request, LIST, **await _list(db, project_id=project_id, caller=caller, at=at, paging=page))


@router.post("/projects/{project_id}/payments")
async def make(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(LIST, partial(_list, project_id=project_id, caller=caller, at=at), typed):
        given = checked(
            PaymentBatchIn,
            {
                "sheet_ids": ticked(typed, "sheet_ids"),
                "method": typed.get("method", ""),
                "executes_on": typed.get("executes_on", ""),
            },
        )
        made = await service.make_batch(db, project_id, given, caller, at=at)
    say = words(language_of(request))
    others = [f"{one.name or say.translate('erased')} ({say.translate(NOT_PAYABLE[one.why])})" for one in made.left_out]
    return see_other(
        request,
        f"/payment-batches/{made.batch.id}",
        IN_BATCH_ALONE if others else IN_BATCH,
        count=len(made.payments),
        others="; ".join([*others[:NAMED], *["…"] * (len(others) > NAMED)]),
    )


@router.get("/payment-batches/{payment_batch_id}")
async def batch(
    request: Request, payment_batch_id: UUID, caller: MoneyReader, db: ReadDb, page: PaymentPaging
) -> Response:
    return render(request, BATCH, **await _batch(db, id=payment_batch_id, caller=caller, paging=page))


@router.post("/payment-batches/{payment_batch_id}/paid")
async def paid(request: Request, payment_batch_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(BATCH, partial(_batch, id=payment_batch_id, caller=caller), typed):
        fields = {name: typed.get(name, "") for name in ("paid_on", "reference")}
        given = checked(PaymentResultIn, fields | {"payment_ids": ticked(typed, "payment_ids") or None})
        count = await service.mark_paid(db, payment_batch_id, given, caller, at=at)
    return _back(request, payment_batch_id, PAID_NOW, count)


@router.post("/payment-batches/{payment_batch_id}/failed")
async def failed(
    request: Request, payment_batch_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(BATCH, partial(_batch, id=payment_batch_id, caller=caller), typed):
        given = checked(
            PaymentFailureIn, {"reason": typed.get("reason", ""), "payment_ids": ticked(typed, "payment_ids")}
        )
        count = await service.mark_failed(db, payment_batch_id, given, caller, at=at)
    return _back(request, payment_batch_id, PAYABLE_AGAIN, count)


@router.post("/payment-batches/{payment_batch_id}/cancel")
async def cancel(
    request: Request, payment_batch_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(BATCH, partial(_batch, id=payment_batch_id, caller=caller), typed):
        count = await service.cancel_batch(db, payment_batch_id, caller, at=at)
    return _back(request, payment_batch_id, PAYABLE_AGAIN, count)


@router.get("/payment-batches/{payment_batch_id}/sepa.xml")
async def sepa(payment_batch_id: UUID, caller: Finance, at: Moment, database: DatabaseHandle) -> Response:
    async with database.unit_of_work() as db:
        file, _ = await views.exported(db, payment_batch_id, PaymentMethod.sepa, caller, at=at)
    return download(await asyncio.to_thread(sepa_file, file), "application/xml", f"{file.id}.xml")


@router.get("/payment-batches/{payment_batch_id}/list.{ending}")
async def bank_list(
    request: Request, payment_batch_id: UUID, ending: Ending, caller: Finance, at: Moment, database: DatabaseHandle
) -> Response:
    async with database.unit_of_work() as db:
        file, account = await views.exported(db, payment_batch_id, PaymentMethod.bank_list, caller, at=at)
    columns = views.columns_of(account)
    content, media_type = await asyncio.to_thread(
        bank_list_file, file, columns, language_of(request), ending, is_for_people=True
    )
    return download(content, media_type, f"{file.id}.{ending}")


@router.get("/payment-batches/{payment_batch_id}/accounting.csv")
async def accounting(payment_batch_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    found = await service.get_batch(db, payment_batch_id, caller)
    content = accounting_csv(await views.booked_rows(db, found))
    return download(content, "text/csv; charset=utf-8", f"accounting-{found.number}.csv")


def _back(request: Request, batch_id: UUID, notice: tuple[str, str], count: int) -> Response:
    return see_other(request, f"/payment-batches/{batch_id}", notice, count=count)


async def _list(
    db: AsyncSession, *, project_id: UUID, caller: Caller, at: datetime, paging: Paging = FIRST
) -> Mapping[str, object]:
    found = await views.project_payments(db, project_id, caller, paging)
    return {
        "why_not": NOT_PAYABLE,
        "sheet_number": sheet_number,
        "project": found.project,
        "found": found,
        "methods": PAYMENT_METHODS,
        "money": Money,
        "today": day_in(found.project.zone, at=at),
    }


async def _batch(db: AsyncSession, *, id: UUID, caller: Caller, paging: Paging = FIRST) -> Mapping[str, object]:
    found = await views.batch_view(db, id, caller, paging)
    return {
        "view": found,
        "batch": found.batch,
        "project": found.project,
        "methods": PAYMENT_METHODS,
        "states": PAYMENT_STATES,
        "why_not": NOT_PAYABLE,
        "masked": masked_account,
        "history": await audit.history(db, id, within=caller.projects),
    }
