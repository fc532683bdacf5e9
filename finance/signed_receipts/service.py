"""Receipts signed on the screen, where the project allows it."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound, Unacceptable
from core.money import Money
from core.paging import Page, Paging, ordered, paged
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from finance.pay_rules.service import pay_rules_of
from finance.rules.lines import ZERO
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.sheets.rules import GIVEN
from finance.sheets.service import get_sheet, statements_on
from finance.signed_receipts.models import SignedReceipt
from finance.signed_receipts.rules import NotToSign, SignedAlready, checked_drawing, statement_digest
from finance.statements.rules import PersonStatement


@dataclass(frozen=True)
class OwnSheet:
    """One person's part of a sheet that counts; `signed` is their signature, `may_sign` whether they may give one."""

    sheet: PerDiemSheet
    statement: PersonStatement
    signed: SignedReceipt | None
    may_sign: bool


async def own_sheet(db: AsyncSession, event: Event, registration_id: UUID, sheet_id: UUID) -> OwnSheet:
    """Raises NotFound for a sheet that is not approved or that the person is not on."""
    sheet = await db.get(PerDiemSheet, sheet_id)
    if sheet is None or sheet.event_id != event.id or sheet.state not in GIVEN:
        raise NotFound()
    found = await statements_on(db, sheet, only=[registration_id])
    if not found:
        raise NotFound()
    wanted = select(SignedReceipt).where(
        SignedReceipt.sheet_id == sheet.id, SignedReceipt.registration_id == registration_id
    )
    rules = await pay_rules_of(db, sheet.project_id)
    signed = (await db.exec(wanted)).first()
    may_sign = rules.signs_on_screen and signed is None and (found[0].to_pay or ZERO) > 0
    return OwnSheet(sheet, found[0], signed, may_sign)


async def sign(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    sheet_id: UUID,
    picture: bytes | None,
    name: str,
    settings: Settings,
    *,
    at: datetime,
) -> SignedReceipt:
    """Keep what the person drew, or the name that they typed; the event is locked.

    Raises NotFound, NotToSign, SignedAlready, Unacceptable beside the field.
    """
    own = await own_sheet(db, event, registration.id, sheet_id)
    if own.signed:
        raise SignedAlready()
    if not own.may_sign:
        raise NotToSign()
    if not picture and not name:
        raise Unacceptable("name", N_("Please draw your signature, or write your name."))
    row = SignedReceipt(
        event_id=event.id,
        sheet_id=own.sheet.id,
        registration_id=registration.id,
        typed_name=name,
        statement_digest=statement_digest(own.statement),
        amount_minor=Money(own.statement.to_pay or ZERO, own.sheet.currency).minor,
        currency=own.sheet.currency,
        signed_at=at,
    )
    if picture:
        content = await asyncio.to_thread(checked_drawing, picture)
        row.file_hash = await keep_sealed(settings, content)
        row.picture_digest = hashlib.sha256(content).hexdigest()
    db.add(row)
    audit.record(
        db,
        "receipt.signed",
        event.id,
        at=at,
        project_id=event.project_id,
        by=audit.Actor.person(registration.person_id),
        sheet=own.sheet.id,
    )
    await db.flush()
    return row


async def signed_on(db: AsyncSession, sheet: PerDiemSheet, paging: Paging) -> Page[tuple[SignedReceipt, str, bool]]:
    """Signatures on a sheet with the name of each person, and whether the sheet still says what was signed."""
    columns = {
        "name": col(Person.sort_key),
        "amount": col(SignedReceipt.amount_minor),
        "signed": col(SignedReceipt.signed_at),
    }
    found = await paged(
        db,
        select(SignedReceipt, Person.name)
        .join(Registration, col(Registration.id) == SignedReceipt.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(SignedReceipt.sheet_id == sheet.id)
        .order_by(*ordered(paging, columns, col(SignedReceipt.signed_at), col(SignedReceipt.id))),
        paging,
    )
    people = [one.registration_id for one, _ in found.rows]
    digests = {one.registration_id: statement_digest(one) for one in await statements_on(db, sheet, only=people)}
    rows = [(one, name, digests.get(one.registration_id) == one.statement_digest) for one, name in found.rows]
    return Page(rows, found.total, found.page, found.limit)


async def signed_count(db: AsyncSession, sheet: PerDiemSheet) -> tuple[int, int]:
    """How many people have signed for what they get by a sheet, and how many get something."""
    signed = select(sa.func.count()).where(SignedReceipt.sheet_id == sheet.id).scalar_subquery()
    gets = select(sa.func.count()).where(StatementRow.sheet_id == sheet.id, col(StatementRow.balance_minor) > 0)
    both: Any = sa.select(signed, gets.scalar_subquery())
    counted, people = (await db.exec(both)).one()
    return counted, people


async def picture_of(db: AsyncSession, sheet_id: UUID, signed_id: UUID, caller: Caller, settings: Settings) -> bytes:
    """What somebody drew, as PNG. Raises NotFound, also where the file is not what was signed any more."""
    sheet = await get_sheet(db, sheet_id, caller)
    one = await db.get(SignedReceipt, signed_id)
    if one is None or one.sheet_id != sheet.id or not one.file_hash:
        raise NotFound()
    content = await read_sealed(settings, one.file_hash)
    if hashlib.sha256(content).hexdigest() != one.picture_digest:
        raise NotFound()
    return content
