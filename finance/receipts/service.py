"""Claiming receipts, deciding on them, and a project's ceilings."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.errors import N_, NotFound, Unacceptable
from core.money import Money
from core.paging import Page, Paging, ordered, paged
from core.sealed_files import keep_sealed, read_sealed
from core.settings import Settings
from core.web import must_match
from core.zones import is_to_come
from directory.accounts.access import Caller
from directory.accounts.rules import PLANS_OR_PAYS
from directory.people.models import Person
from directory.projects.service import get_project, must_hold_any, must_reach
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.service import lock_event_for
from finance.receipts.models import Receipt, ReceiptCeiling
from finance.receipts.rules import (
    EARLIEST,
    MOST_BYTES,
    MOST_OF_PERSON,
    DecidedAlready,
    ReceiptKind,
    ReceiptState,
    is_locked,
    media_type_of,
)
from finance.receipts.schemas import CeilingIn, ReceiptIn, ReceiptOfPersonIn, ReceiptsDecisionIn
from visits.stays.service import list_stays

MOST_CEILINGS = 60


async def receipts_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, list[Receipt]]:
    """Everybody's of an event, or one person's, by registration, as they were claimed: one query. Refused ones are
    among them."""
    wanted = select(Receipt).where(Receipt.event_id == event_id).order_by(col(Receipt.id))
    if only is not None:
        wanted = wanted.where(Receipt.registration_id == only)
    found: dict[UUID, list[Receipt]] = {}
    for one in await db.exec(wanted):
        found.setdefault(one.registration_id, []).append(one)
    return found


async def own_receipts(db: AsyncSession, registration_id: UUID) -> list[Receipt]:
    """One person's, as they were claimed."""
    wanted = select(Receipt).where(Receipt.registration_id == registration_id).order_by(col(Receipt.id))
    return list((await db.exec(wanted)).all())


async def page_of_receipts(
    db: AsyncSession, event_id: UUID, paging: Paging, *, state: ReceiptState | None = None
) -> Page[tuple[Receipt, Person]]:
    """By person, then as they were claimed."""
    columns = {
        "name": col(Person.sort_key),
        "kind": col(Receipt.kind),
        "day": col(Receipt.day),
        "amount": col(Receipt.amount_minor),
        "state": col(Receipt.state),
    }
    wanted = (
        select(Receipt, Person)
        .join(Registration, col(Registration.id) == Receipt.registration_id)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Receipt.event_id == event_id)
        .order_by(*ordered(paging, columns, col(Person.sort_key), col(Receipt.id)))
    )
    return await paged(db, wanted.where(Receipt.state == state) if state else wanted, paging)


async def for_provided_beds(db: AsyncSession, event_id: UUID, receipts: Iterable[Receipt]) -> set[UUID]:
    """Of these the hotel bills for nights whose bed the organiser provides: paid, they would be paid twice. One
    query; none where there is no hotel bill."""
    bills = [one for one in receipts if one.kind is ReceiptKind.hotel]
    if not bills:
        return set()
    beds = [one for one in await list_stays(db, event_id) if one.is_bed_provided and not one.is_personal]
    return {
        bill.id
        for bill in bills
        for bed in beds
        if bed.registration_id == bill.registration_id
        and (bill.day is None or bed.check_in <= bill.day <= bed.check_out)
    }


async def count_by_state(db: AsyncSession, event_id: UUID) -> Mapping[ReceiptState, int]:
    """How many receipts stand how; a state that none has is left out."""
    found = await db.exec(
        select(Receipt.state, sa.func.count()).where(Receipt.event_id == event_id).group_by(col(Receipt.state))
    )
    return {ReceiptState(state): count for state, count in found}


async def claim_own(
    db: AsyncSession, event: Event, registration: Registration, given: ReceiptIn, *, at: datetime
) -> Receipt:
    """A receipt that the person claims; the event is locked. Raises Unacceptable beside the field."""
    return await _add(db, event, registration, given, Actor.person(registration.person_id), None, at=at)


async def claim_for(
    db: AsyncSession, event_id: UUID, given: ReceiptOfPersonIn, caller: Caller, *, at: datetime
) -> Receipt:
    """The same by who plans or pays, for somebody. Raises NotAllowed, Unacceptable beside the field."""
    event = await lock_event_for(db, event_id, caller)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    registration = await db.get(Registration, given.registration_id)
    if registration is None or registration.event_id != event.id:
        raise Unacceptable("registration_id", N_("Choose somebody who has a place at this event."))
    return await _add(db, event, registration, given, caller.signature["by"], caller.account_id, at=at)


async def get_receipt(
    db: AsyncSession, receipt_id: UUID, caller: Caller, *, lock: bool = False
) -> tuple[Receipt, Event]:
    """Raises NotFound, also for staff of another project."""
    return await get_with_event(db, Receipt, receipt_id, caller, lock=lock)


async def own_receipt(db: AsyncSession, registration_id: UUID, receipt_id: UUID) -> Receipt:
    """Raises NotFound for anybody else's."""
    receipt = await db.get(Receipt, receipt_id)
    if receipt is None or receipt.registration_id != registration_id:
        raise NotFound()
    return receipt


async def correct(
    db: AsyncSession,
    receipt_id: UUID,
    given: ReceiptIn,
    caller: Caller,
    *,
    expected: int | None = None,
    at: datetime,
) -> Receipt:
    """What a receipt says, by who plans or pays. Raises NotFound, NotAllowed, LostUpdate, DecidedAlready."""
    receipt, event = await get_receipt(db, receipt_id, caller, lock=True)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    must_match(receipt.revision, expected)
    _claim_again(receipt)
    _must_be_of_journey(given, event, at=at)
    _tell(receipt, given)
    receipt.revision += 1
    _note(db, "receipt.corrected", event, receipt, caller.signature["by"], at=at)
    await db.flush()
    return receipt


async def keep_file(db: AsyncSession, receipt: Receipt, file: tuple[str, bytes], settings: Settings) -> None:
    """The photograph or scan of a receipt, sealed, in place of the one before; the event is locked.

    Raises DecidedAlready, and Unacceptable where it is no such file, is too large, or lies with another receipt.
    """
    _claim_again(receipt)
    name, content = file
    if len(content) > MOST_BYTES:
        raise Unacceptable("file", N_("It is larger than ten megabytes."))
    if not media_type_of(content):
        raise Unacceptable("file", N_("Please choose a photograph (JPEG, PNG, HEIC) or a PDF."))
    digest = hashlib.sha256(content).hexdigest()
    same = select(Receipt.id).where(Receipt.event_id == receipt.event_id, Receipt.digest == digest)
    if (await db.exec(same.where(Receipt.id != receipt.id))).first() is not None:
        raise Unacceptable("file", N_("This file was claimed already: nothing is paid twice."))
    receipt.file_name, receipt.digest = re.sub(r"[^\w.\- ()]+", "-", name)[-120:], digest
    receipt.file_hash = await keep_sealed(settings, content)
    receipt.revision += 1
    await db.flush()


async def attach(
    db: AsyncSession, receipt_id: UUID, file: tuple[str, bytes], caller: Caller, settings: Settings, *, at: datetime
) -> Receipt:
    """The same by who plans or pays. Raises NotFound, NotAllowed as well."""
    receipt, event = await get_receipt(db, receipt_id, caller, lock=True)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    await keep_file(db, receipt, file, settings)
    _note(db, "receipt.corrected", event, receipt, caller.signature["by"], at=at)
    return receipt


async def receipt_file(db: AsyncSession, receipt_id: UUID, settings: Settings) -> tuple[str, bytes]:
    """Name and content of a receipt's file, for who was let in. Raises NotFound where it has none."""
    receipt = await db.get(Receipt, receipt_id)
    if receipt is None or not receipt.file_hash:
        raise NotFound()
    return receipt.file_name, await read_sealed(settings, receipt.file_hash)


async def decide(db: AsyncSession, event_id: UUID, given: ReceiptsDecisionIn, caller: Caller, *, at: datetime) -> int:
    """Accept or refuse receipts of an event, also such as were decided otherwise before; returns how many changed.

    Raises Unacceptable where one of them is not of this event or was withdrawn meanwhile: then none is decided.
    """
    event = await lock_event_for(db, event_id, caller)
    wanted = set(given.receipts)
    found = await db.exec(select(Receipt).where(Receipt.event_id == event.id, col(Receipt.id).in_(wanted)))
    receipts = found.all()
    if len(receipts) != len(wanted):
        raise Unacceptable("receipts", N_("A receipt was withdrawn meanwhile. Please look again."))
    state = ReceiptState.accepted if given.is_accepted else ReceiptState.refused
    changed = [one for one in receipts if one.state is not state or one.reason != given.reason]
    for receipt in changed:
        receipt.state, receipt.reason = state, "" if given.is_accepted else given.reason
        receipt.decided_at, receipt.decided_by = at, caller.account_id
        receipt.revision += 1
        _note(db, f"receipt.{state.value}", event, receipt, caller.signature["by"], at=at)
    await db.flush()
    return len(changed)


async def withdraw(db: AsyncSession, receipt: Receipt, event: Event, by: Actor, *, at: datetime) -> None:
    """Claim it no more; the file goes with it. The event is locked. Raises DecidedAlready."""
    _must_be_open(receipt)
    _note(db, "receipt.withdrawn", event, receipt, by, at=at)
    await db.delete(receipt)
    await db.flush()


async def withdraw_for(db: AsyncSession, receipt_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """The same by who plans or pays; returns the event. Raises NotFound, NotAllowed, DecidedAlready."""
    receipt, event = await get_receipt(db, receipt_id, caller, lock=True)
    must_hold_any(event.project_id, caller, *PLANS_OR_PAYS)
    await withdraw(db, receipt, event, caller.signature["by"], at=at)
    return event.id


async def ceilings_of(db: AsyncSession, project_id: UUID) -> list[ReceiptCeiling]:
    """A project's ceilings, those of all kinds first: one query."""
    found = await db.exec(
        select(ReceiptCeiling).where(ReceiptCeiling.project_id == project_id).order_by(col(ReceiptCeiling.key))
    )
    return list(found.all())


async def set_ceiling(
    db: AsyncSession, project_id: UUID, given: CeilingIn, caller: Caller, *, at: datetime
) -> ReceiptCeiling:
    """A ceiling in place of the one of the same kind, span and currency. Raises NotFound, Unacceptable."""
    project = await get_project(db, project_id, caller)
    key = f"{given.kind.value if given.kind else ''}:{'day' if given.is_daily else 'trip'}:{given.currency}"
    known = {one.key: one for one in await ceilings_of(db, project.id)}
    if key not in known and len(known) >= MOST_CEILINGS:
        raise Unacceptable("kind", N_("More than %(count)s lines are not kept."), count=MOST_CEILINGS)
    ceiling = known.get(key) or ReceiptCeiling(
        project_id=project.id,
        key=key,
        kind=given.kind,
        is_daily=given.is_daily,
        amount_minor=0,
        currency=given.currency,
    )
    ceiling.amount_minor = Money(given.amount, given.currency).minor
    db.add(ceiling)
    audit.record(db, "receipt-ceiling.set", project.id, at=at, project_id=project.id, **caller.signature, key=key)
    await db.flush()
    return ceiling


async def remove_ceiling(db: AsyncSession, receipt_ceiling_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the project. Raises NotFound, also for staff of another one."""
    ceiling = await db.get(ReceiptCeiling, receipt_ceiling_id)
    if ceiling is None:
        raise NotFound()
    project_id = ceiling.project_id
    must_reach(project_id, "receipt_ceiling", ceiling.id, caller)
    await db.delete(ceiling)
    audit.record(db, "receipt-ceiling.removed", project_id, at=at, project_id=project_id, **caller.signature)
    await db.flush()
    return project_id


async def _add(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    given: ReceiptIn,
    by: Actor,
    entered_by: UUID | None,
    *,
    at: datetime,
) -> Receipt:
    _must_be_of_journey(given, event, at=at)
    if len(await own_receipts(db, registration.id)) >= MOST_OF_PERSON:
        raise Unacceptable("kind", N_("More than %(count)s receipts are not kept."), count=MOST_OF_PERSON)
    receipt = Receipt(
        event_id=event.id,
        registration_id=registration.id,
        kind=given.kind,
        entered_by=entered_by,
        created_at=at,
    )
    _tell(receipt, given)
    db.add(receipt)
    _note(db, "receipt.claimed", event, receipt, by, at=at)
    await db.flush()
    return receipt


def _tell(receipt: Receipt, given: ReceiptIn) -> None:
    receipt.kind, receipt.day, receipt.note = given.kind, given.day, given.note
    receipt.amount_minor, receipt.currency = given.minor, given.currency or ""


def _must_be_of_journey(given: ReceiptIn, event: Event, *, at: datetime) -> None:
    if given.day and is_to_come(given.day, at=at):
        raise Unacceptable("day", N_("This day is still to come."))
    if given.day and event.first_day - given.day > EARLIEST:
        raise Unacceptable("day", N_("This day is almost a year before the event: please look at the year."))


def _claim_again(receipt: Receipt) -> None:
    """What is corrected waits for a decision again. Raises DecidedAlready for what was accepted and lacks nothing."""
    if is_locked(receipt):
        raise DecidedAlready()
    receipt.state, receipt.reason = ReceiptState.claimed, ""
    receipt.decided_at = receipt.decided_by = None


def _must_be_open(receipt: Receipt) -> None:
    if receipt.state is not ReceiptState.claimed:
        raise DecidedAlready()


def _note(db: AsyncSession, act: str, event: Event, receipt: Receipt, by: Actor, *, at: datetime) -> None:
    audit.record(
        db,
        act,
        event.id,
        at=at,
        project_id=event.project_id,
        by=by,
        receipt=receipt.id,
        registration=receipt.registration_id,
    )
