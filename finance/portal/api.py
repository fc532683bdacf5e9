"""The own payment for programs that act for a participant."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from core.clock import Moment
from core.codes import Spoken
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute, download
from events.invitations.invitations.access import ConfirmedParticipant, Owner
from finance.absences.schemas import AbsenceIn, AbsenceOut
from finance.advances.schemas import OwnAdvanceOut
from finance.payees.schemas import PayeeIn, PayeeOut
from finance.portal import service
from finance.portal.schemas import OwnStatementOut, SignedIn
from finance.portal.views import own_statements
from finance.receipts.schemas import ReceiptIn, ReceiptOut

router = APIRouter(prefix="/api/v1/invitation/payment", tags=["per diem"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("", response_model=PayeeOut)
async def payment(owner: Owner, db: ReadDb) -> PayeeOut:
    """How you are paid; numbers are masked for you too."""
    mine = await service.my_payment(db, owner.invitation_id)
    return PayeeOut.of(mine.registration.id, mine.details, is_shown=True)


@router.put("", response_model=PayeeOut)
async def tell(given: PayeeIn, owner: ConfirmedParticipant, db: Db, at: Moment) -> PayeeOut:
    """How you want to be paid, after a code from your mailbox. Kept encrypted; a number that is left out stays."""
    details = await service.tell(db, owner.invitation_id, given, at=at)
    return PayeeOut.of(details.registration_id, details, is_shown=True)


@router.get("/advances", response_model=list[OwnAdvanceOut])
async def advances(owner: Owner, db: ReadDb) -> list[OwnAdvanceOut]:
    """What was paid to you in advance."""
    mine = await service.my_payment(db, owner.invitation_id)
    return [OwnAdvanceOut.of(one) for one in mine.advances]


@router.get("/absence", response_model=AbsenceOut | None)
async def absence(owner: Owner, db: ReadDb) -> AbsenceOut | None:
    """When you left and were back; null while it is not entered."""
    _, mine = await service.my_absence(db, owner.invitation_id)
    return AbsenceOut.of(mine.entered) if mine.entered else None


@router.put("/absence", response_model=AbsenceOut)
async def tell_absence(given: AbsenceIn, owner: Owner, db: Db, at: Moment) -> AbsenceOut:
    """When you left home and when you were back, until your per diem is approved."""
    return AbsenceOut.of(await service.tell_absence(db, owner.invitation_id, given, at=at))


@router.get("/statements", response_model=list[OwnStatementOut])
async def statements(
    owner: Owner, db: ReadDb, at: Moment, language: Annotated[Spoken, Query(description="Of the sentences.")] = "en"
) -> list[OwnStatementOut]:
    """What you get and why, with what is missing; the draft first. Empty where the project does not show it."""
    event, registration_id = await service.my_place(db, owner.invitation_id)
    found = await own_statements(db, event, registration_id, at=at) or []
    return [OwnStatementOut.told(one.statement, one.state.value, one.payments, language) for one in found]


@router.get("/receipts", response_model=list[ReceiptOut])
async def receipts(owner: Owner, db: ReadDb) -> list[ReceiptOut]:
    """What you claimed, and what finance says of it."""
    mine = await service.my_payment(db, owner.invitation_id)
    return [ReceiptOut.of(one) for one in mine.receipts]


@router.post("/receipts", status_code=201, response_model=ReceiptOut)
async def claim(given: ReceiptIn, owner: Owner, db: Db, at: Moment, settings: Installed) -> ReceiptOut:
    """Claim what you paid yourself; its file follows."""
    return ReceiptOut.of(await service.claim(db, owner.invitation_id, given, None, settings, at=at))


@router.put("/receipts/{receipt_id}/file", response_model=ReceiptOut)
async def attach(
    receipt_id: UUID, file: Annotated[UploadFile, File()], owner: Owner, db: Db, settings: Installed
) -> ReceiptOut:
    """The photograph or scan (PDF, JPEG, PNG, HEIC; ten megabytes), until it is accepted. A refused one waits for a
    decision again."""
    content = (file.filename or "", await file.read())
    return ReceiptOut.of(await service.attach(db, owner.invitation_id, receipt_id, content, settings))


@router.get("/receipts/{receipt_id}/file", response_class=Response, responses=FILE)
async def receipt_file(receipt_id: UUID, owner: Owner, db: ReadDb, settings: Installed) -> Response:
    """Your file as you uploaded it."""
    name, content = await service.my_file(db, owner.invitation_id, receipt_id, settings)
    return download(content, "application/octet-stream", name)


@router.delete("/receipts/{receipt_id}", status_code=204)
async def withdraw(receipt_id: UUID, owner: Owner, db: Db, at: Moment) -> Response:
    """Claim it no more, while nobody has decided on it."""
    await service.withdraw(db, owner.invitation_id, receipt_id, at=at)
    return Response(status_code=204)


@router.get("/sheets/{per_diem_sheet_id}/receipt.pdf", response_class=Response, responses=FILE)
async def own_receipt(
    per_diem_sheet_id: UUID,
    owner: Owner,
    db: ReadDb,
    at: Moment,
    language: Annotated[Spoken, Query(description="Of the receipt.")] = "en",
) -> Response:
    """The receipt of what you got by a sheet, to sign on paper."""
    content = await service.receipt_pdf(db, owner.invitation_id, per_diem_sheet_id, language, at=at)
    return download(content, "application/pdf", "receipt.pdf")


@router.post("/sheets/{per_diem_sheet_id}/signature", status_code=204, response_class=Response)
async def sign(
    per_diem_sheet_id: UUID,
    owner: ConfirmedParticipant,
    db: Db,
    at: Moment,
    settings: Installed,
    given: Annotated[SignedIn, Form()],
) -> Response:
    """Sign for what you got, where the project allows it: by a drawing (PNG, up to 200 kB) or by your name."""
    picture = await given.file.read() if given.file else None
    await service.sign(db, owner.invitation_id, per_diem_sheet_id, picture, given.name, settings, at=at)
    return Response(status_code=204)
