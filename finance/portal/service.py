"""What participants tell and see of their payment. Whoever calls has read a code in the mailbox of the link's owner."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor
from core.settings import Settings
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.service import lock_context, read_context
from events.programme.events.models import Event
from finance.absences import service as absences
from finance.absences.models import Absence
from finance.absences.schemas import AbsenceIn
from finance.advances.models import Advance
from finance.advances.service import own_advances
from finance.downloads.service import own_document
from finance.payees import service as payees
from finance.payees.models import PayeeDetails
from finance.payees.schemas import PayeeIn
from finance.receipts import service as receipts
from finance.receipts.models import Receipt
from finance.receipts.schemas import ReceiptIn
from finance.sheet_files.receipts import cash_receipts_pdf
from finance.sheets.rules import AlreadyApproved
from finance.sheets.service import is_on_approved
from finance.signed_receipts import service as signed_receipts
from finance.signed_receipts.models import SignedReceipt


@dataclass(frozen=True)
class OwnPayment:
    """All that one participant sees of their payment for one event."""

    event: Event
    person: Person
    registration: Registration
    details: PayeeDetails | None
    receipts: Sequence[Receipt]
    advances: Sequence[Advance]
    absence: Absence | None


async def my_payment(db: AsyncSession, invitation_id: UUID) -> OwnPayment:
    """Raises NotRegistered for who has no place."""
    context = await read_context(db, invitation_id)
    registration = _place_of(context)
    details = await payees.payee_details(db, registration.id)
    spent, paid = await receipts.own_receipts(db, registration.id), await own_advances(db, registration.id)
    absence = (await absences.absences_of(db, context.event.id, only=registration.id)).get(registration.id)
    return OwnPayment(context.event, context.person, registration, details, spent, paid, absence)


async def tell(db: AsyncSession, invitation_id: UUID, given: PayeeIn, *, at: datetime) -> PayeeDetails:
    """How the person wants to be paid. Raises NotRegistered."""
    context = await lock_context(db, invitation_id)
    return await payees.enter_own(db, context.event, _place_of(context), given, at=at)


async def my_place(db: AsyncSession, invitation_id: UUID) -> tuple[Event, UUID]:
    """The event, and the person's registration there. Raises NotRegistered."""
    context = await read_context(db, invitation_id)
    return context.event, _place_of(context).id


async def my_absence(db: AsyncSession, invitation_id: UUID) -> tuple[Event, absences.AbsentPerson]:
    """What is entered, and what the person's legs say. Raises NotRegistered."""
    context = await read_context(db, invitation_id)
    return context.event, await absences.person_in(db, context.event.id, _place_of(context).id)


async def tell_absence(db: AsyncSession, invitation_id: UUID, given: AbsenceIn, *, at: datetime) -> Absence:
    """When the person left and was back. Raises NotRegistered, AlreadyApproved, Unacceptable beside the field."""
    context = await lock_context(db, invitation_id)
    registration = _place_of(context)
    if await is_on_approved(db, registration.id):
        raise AlreadyApproved()
    return await absences.enter_own(db, context.event, registration, given, at=at)


async def claim(
    db: AsyncSession,
    invitation_id: UUID,
    given: ReceiptIn,
    file: tuple[str, bytes] | None,
    settings: Settings,
    *,
    at: datetime,
) -> Receipt:
    """A receipt of the person's own, with its file where it is there. Raises NotRegistered, Unacceptable."""
    context = await lock_context(db, invitation_id)
    receipt = await receipts.claim_own(db, context.event, _place_of(context), given, at=at)
    if file:
        await receipts.keep_file(db, receipt, file, settings)
    return receipt


async def attach(
    db: AsyncSession, invitation_id: UUID, receipt_id: UUID, file: tuple[str, bytes], settings: Settings
) -> Receipt:
    """The file of an own receipt. Raises NotRegistered, NotFound, DecidedAlready, Unacceptable."""
    context = await lock_context(db, invitation_id)
    receipt = await receipts.own_receipt(db, _place_of(context).id, receipt_id)
    await receipts.keep_file(db, receipt, file, settings)
    return receipt


async def withdraw(db: AsyncSession, invitation_id: UUID, receipt_id: UUID, *, at: datetime) -> None:
    """Claim an own receipt no more. Raises NotRegistered, NotFound, DecidedAlready."""
    context = await lock_context(db, invitation_id)
    receipt = await receipts.own_receipt(db, _place_of(context).id, receipt_id)
    await receipts.withdraw(db, receipt, context.event, Actor.person(context.person.id), at=at)


async def my_file(db: AsyncSession, invitation_id: UUID, receipt_id: UUID, settings: Settings) -> tuple[str, bytes]:
    """Name and content of the file of an own receipt. Raises NotRegistered, NotFound."""
    _, registration_id = await my_place(db, invitation_id)
    await receipts.own_receipt(db, registration_id, receipt_id)
    return await receipts.receipt_file(db, receipt_id, settings)


def _place_of(context: ResponseContext) -> Registration:
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    return registration


async def sign(
    db: AsyncSession,
    invitation_id: UUID,
    sheet_id: UUID,
    picture: bytes | None,
    name: str,
    settings: Settings,
    *,
    at: datetime,
) -> SignedReceipt:
    """Sign for what one got by a sheet. Raises NotRegistered, NotFound, NotToSign, SignedAlready, Unacceptable."""
    context = await lock_context(db, invitation_id)
    return await signed_receipts.sign(db, context.event, _place_of(context), sheet_id, picture, name, settings, at=at)


async def receipt_pdf(db: AsyncSession, invitation_id: UUID, sheet_id: UUID, language: str, *, at: datetime) -> bytes:
    """The receipt of what one gets by a sheet, to sign on paper, however one is paid. Raises NotFound."""
    event, registration_id = await my_place(db, invitation_id)
    own = await signed_receipts.own_sheet(db, event, registration_id, sheet_id)
    project = await db.get_one(Project, own.sheet.project_id)
    one = replace(own.statement, is_cash=True)
    document = own_document(event, project, own.sheet, one, language, at=at)
    return await asyncio.to_thread(cash_receipts_pdf, document)
