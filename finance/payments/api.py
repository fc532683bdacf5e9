"""Payments for programs."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import DatabaseHandle, Db, ReadDb
from core.documents.sheets import Ending
from core.paging import Count, PageOut, page_out
from core.web import StrictRoute, download
from directory.accounts.access import Finance, MoneyReader
from finance.payments import service, views
from finance.payments.documents import accounting_csv, bank_list_file, sepa_file
from finance.payments.rules import PaymentMethod
from finance.payments.schemas import (
    NewPaymentBatchOut,
    PaymentBatchHeadOut,
    PaymentBatchIn,
    PaymentBatchOut,
    PaymentBatchPaging,
    PaymentFailureIn,
    PaymentPaging,
    PaymentResultIn,
)

router = APIRouter(prefix="/api/v1", tags=["payments"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("/projects/{project_id}/payment-batches", response_model=PageOut[PaymentBatchHeadOut])
async def batches(project_id: UUID, caller: MoneyReader, db: ReadDb, page: PaymentBatchPaging) -> dict[str, Any]:
    """A project's batches, the newest first, with how many payments of each are planned or made."""
    found = (await views.project_payments(db, project_id, caller, page)).batches
    return page_out(found, [PaymentBatchHeadOut.counted(*row[:3]) for row in found.rows])


@router.post("/projects/{project_id}/payment-batches", status_code=201, response_model=NewPaymentBatchOut)
async def make(project_id: UUID, given: PaymentBatchIn, caller: Finance, db: Db, at: Moment) -> NewPaymentBatchOut:
    """Put everybody of approved sheets who can be paid this way into a batch; says who is left out and why."""
    made = await service.make_batch(db, project_id, given, caller, at=at)
    left_out = [(one.registration_id, one.name, one.why) for one in made.left_out]
    return NewPaymentBatchOut.made(made.batch, made.payments, left_out)


@router.get("/payment-batches/{payment_batch_id}", response_model=PaymentBatchOut)
async def batch(payment_batch_id: UUID, caller: MoneyReader, db: ReadDb, page: PaymentPaging) -> PaymentBatchOut:
    """A batch with a page of its payments; `alike` are those whose account gets the same amount that day once more."""
    found = await views.batch_view(db, payment_batch_id, caller, page)
    return PaymentBatchOut.whole(found.batch, found.payments, found.page.rows, found.alike)


@router.post("/payment-batches/{payment_batch_id}/paid", response_model=Count)
async def paid(payment_batch_id: UUID, given: PaymentResultIn, caller: Finance, db: Db, at: Moment) -> Count:
    """The bank carried payments out, or cash was handed over: those named, or all that are planned."""
    return Count(count=await service.mark_paid(db, payment_batch_id, given, caller, at=at))


@router.post("/payment-batches/{payment_batch_id}/failed", response_model=Count)
async def failed(payment_batch_id: UUID, given: PaymentFailureIn, caller: Finance, db: Db, at: Moment) -> Count:
    """Payments that did not arrive: their people become payable again."""
    return Count(count=await service.mark_failed(db, payment_batch_id, given, caller, at=at))


@router.post("/payment-batches/{payment_batch_id}/cancellation", response_model=Count)
async def cancel(payment_batch_id: UUID, caller: Finance, db: Db, at: Moment) -> Count:
    """Take back what is only planned of a batch."""
    return Count(count=await service.cancel_batch(db, payment_batch_id, caller, at=at))


@router.get("/payment-batches/{payment_batch_id}/sepa.xml", response_class=Response, responses=FILE)
async def sepa(payment_batch_id: UUID, caller: Finance, at: Moment, database: DatabaseHandle) -> Response:
    """pain.001.001.09 of a batch of SEPA payments; the same bytes each time as long as none of them failed."""
    async with database.unit_of_work() as db:
        file, _ = await views.exported(db, payment_batch_id, PaymentMethod.sepa, caller, at=at)
    content = await asyncio.to_thread(sepa_file, file)
    return download(content, "application/xml", f"{file.id}.xml")


@router.get("/payment-batches/{payment_batch_id}/list.{ending}", response_class=Response, responses=FILE)
async def bank_list(
    payment_batch_id: UUID, ending: Ending, caller: Finance, at: Moment, database: DatabaseHandle
) -> Response:
    """The list for the bank, in the columns that the project chose."""
    async with database.unit_of_work() as db:
        file, account = await views.exported(db, payment_batch_id, PaymentMethod.bank_list, caller, at=at)
    columns = views.columns_of(account)
    content, media_type = await asyncio.to_thread(bank_list_file, file, columns, caller.language, ending)
    return download(content, media_type, f"{file.id}.{ending}")


@router.get("/payment-batches/{payment_batch_id}/accounting.csv", response_class=Response, responses=FILE)
async def accounting(payment_batch_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    """What was paid, for the books: project, event, budget line, accounts, amount, date. Names nobody."""
    found = await service.get_batch(db, payment_batch_id, caller)
    content = accounting_csv(await views.booked_rows(db, found))
    return download(content, "text/csv; charset=utf-8", f"accounting-{found.number}.csv")
