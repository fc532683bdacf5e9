"""Entering and reading how people are paid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from schwifty import IBAN
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.audit import Actor
from core.errors import NotFound
from core.paging import Page, Paging, ordered
from core.web import must_match
from directory.accounts.access import Caller
from directory.people.models import Institution, Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import takes_part
from events.programme.events.models import Event
from events.programme.events.rules import EventKind
from events.programme.events.service import get_event, lock_event_for
from finance.payees.models import PayeeDetails
from finance.payees.rules import PayMethod, missing_of
from finance.payees.schemas import PayeeIn, PayeeOut
from finance.rates.models import RateTable

_ACCOUNT = ("iban", "bic", "bank_name", "bank_country", "domestic_account")


@dataclass(frozen=True)
class Payee:
    """Somebody with a place, and what is known of how they are paid."""

    registration: Registration
    person: Person
    institution: Institution | None
    details: PayeeDetails | None


@dataclass(frozen=True)
class PayeePage:
    """One page of payees, and how many of all could be paid."""

    page: Page[Payee]
    people: int
    complete: int


def may_see_accounts(caller: Caller, project_id: UUID) -> bool:
    """Whether account numbers are shown, masked: to those who pay and to auditors, never to those who only plan."""
    return caller.may("approve", project_id) or not caller.may("plan", project_id)


async def is_paid(db: AsyncSession, event: Event) -> bool:
    """Whether people are asked how they want to be paid: on study visits, and where the project has rates."""
    if event.kind is EventKind.study_visit:
        return True
    return (await db.exec(_any_rates(), params={"project_id": event.project_id})).first() is not None


@cache
def _any_rates() -> SelectOfScalar[UUID]:
    return select(RateTable.id).where(col(RateTable.project_id) == sa.bindparam("project_id")).limit(1)


async def payees_of(db: AsyncSession, event_id: UUID, *, only: UUID | None = None) -> dict[UUID, PayeeDetails]:
    """What is known of everybody of an event, or of one, by registration: one query."""
    wanted = select(PayeeDetails).where(PayeeDetails.event_id == event_id)
    if only is not None:
        wanted = wanted.where(PayeeDetails.registration_id == only)
    return {one.registration_id: one for one in await db.exec(wanted)}


async def without_account(db: AsyncSession, event_id: UUID, registrations: Collection[UUID]) -> int:
    """How many of these people of an event cannot be paid as things are: their account is not known whole, and they
    asked neither for cash nor for nothing. One query, however many they are."""
    complete = select(PayeeDetails.registration_id).where(
        PayeeDetails.event_id == event_id, col(PayeeDetails.is_complete)
    )
    return len(set(registrations) - set((await db.exec(complete)).all()))


async def payee_details(db: AsyncSession, registration_id: UUID) -> PayeeDetails | None:
    found = await db.exec(select(PayeeDetails).where(PayeeDetails.registration_id == registration_id))
    return found.first()


async def page_of_payees(db: AsyncSession, event_id: UUID, paging: Paging, *, only_missing: bool = False) -> PayeePage:
    """People with a place by name, all or those of whom something is missing: two queries."""
    is_complete = sa.func.coalesce(col(PayeeDetails.is_complete), sa.false())
    known = select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((is_complete, 1), else_=0)), 0))
    counted = await db.exec(
        known.select_from(Registration)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == Registration.id, isouter=True)
        .where(Registration.event_id == event_id, takes_part())
    )
    people, complete = counted.one()
    joined = (
        select(Registration, Person, Institution, PayeeDetails)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == Registration.id, isouter=True)
        .where(Registration.event_id == event_id, takes_part())
    )
    wanted = joined.where(sa.not_(is_complete)) if only_missing else joined
    columns = {
        "name": col(Person.sort_key),
        "institution": col(Institution.sort_key),
        "how": col(PayeeDetails.method),
        "missing": is_complete,
    }
    wanted = wanted.order_by(*ordered(paging, columns, col(Person.sort_key), col(Registration.id)))
    rows = await db.exec(wanted.offset((paging.page - 1) * paging.limit).limit(paging.limit))
    total = people - complete if only_missing else people
    found = [Payee(*row) for row in rows]
    return PayeePage(Page(found, total, paging.page, paging.limit), people, complete)


async def payee_in(db: AsyncSession, event_id: UUID, registration_id: UUID) -> Payee:
    """One person of an event. Raises NotFound."""
    found = await db.exec(
        select(Registration, Person, Institution, PayeeDetails)
        .join(Person, col(Person.id) == Registration.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .join(PayeeDetails, col(PayeeDetails.registration_id) == Registration.id, isouter=True)
        .where(Registration.event_id == event_id, Registration.id == registration_id)
    )
    row = found.first()
    if row is None:
        raise NotFound()
    return Payee(*row)


async def enter(
    db: AsyncSession,
    event_id: UUID,
    registration_id: UUID,
    given: PayeeIn,
    caller: Caller,
    *,
    expected: int | None = None,
    at: datetime,
) -> PayeeDetails:
    """Enter or correct how somebody is paid, as finance. Raises NotFound, LostUpdate."""
    event = await lock_event_for(db, event_id, caller)
    payee = await payee_in(db, event_id, registration_id)
    must_match(payee.details.revision if payee.details else 0, expected)
    return await _save(db, event, payee.registration, given, caller.signature["by"], caller.account_id, at=at)


async def enter_own(
    db: AsyncSession, event: Event, registration: Registration, given: PayeeIn, *, at: datetime
) -> PayeeDetails:
    """The same by the person; the event is locked."""
    return await _save(db, event, registration, given, Actor.person(registration.person_id), None, at=at)


async def reveal(
    db: AsyncSession, event_id: UUID, registration_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> PayeeOut:
    """Numbers whole, for who says what they are needed for; the history keeps it. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    payee = await payee_in(db, event_id, registration_id)
    if payee.details is None:
        raise NotFound()
    audit.record(
        db,
        "payee.revealed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=reason,
        registration=registration_id,
    )
    await db.flush()
    return PayeeOut.of(registration_id, payee.details, is_shown=True, is_whole=True)


async def _save(
    db: AsyncSession,
    event: Event,
    registration: Registration,
    given: PayeeIn,
    by: Actor,
    entered_by: UUID | None,
    *,
    at: datetime,
) -> PayeeDetails:
    details = await payee_details(db, registration.id)
    is_new = details is None
    details = details or PayeeDetails(event_id=event.id, registration_id=registration.id, changed_at=at)
    before = details.model_dump()
    details.method = given.method
    _set_account(details, given)
    details.grade, details.home_city = given.grade, given.home_city
    details.home_country = given.home_country or ""
    details.is_complete = not missing_of(details)
    after = details.model_dump()
    changed = [name for name in after if after[name] != before[name]]
    if not changed and not is_new:
        return details
    details.revision = details.revision + (not is_new)
    details.entered_by, details.changed_at = entered_by, at
    db.add(details)
    audit.record(
        db,
        "payee.entered",
        event.id,
        at=at,
        project_id=event.project_id,
        by=by,
        registration=registration.id,
        changed=changed,
    )
    await db.flush()
    return details


def _set_account(details: PayeeDetails, given: PayeeIn) -> None:
    """Numbers that were not typed stay; whoever is not paid to an account leaves none behind."""
    if given.method is not PayMethod.bank:
        _empty(details, (*_ACCOUNT, "holder", "account_currency"))
        return
    details.holder, details.account_currency = given.holder, given.account_currency or ""
    if given.iban:
        iban, is_other = IBAN(given.iban), given.iban != details.iban
        # A form brings along the former account's bank: another number does not lie there.
        bic = "" if is_other and given.bic == details.bic else given.bic
        bank_name = "" if is_other and given.bank_name == details.bank_name else given.bank_name
        _empty(details, _ACCOUNT)
        details.iban, details.bic = given.iban, bic or str(iban.bic or "")
        details.bank_name = bank_name or iban.bank_name or ""
    elif given.domestic_account:
        _empty(details, _ACCOUNT)
        details.domestic_account, details.bank_country = given.domestic_account, given.bank_country or ""
        details.bic, details.bank_name = given.bic, given.bank_name
    else:
        details.bic, details.bank_name = given.bic or details.bic, given.bank_name or details.bank_name
        if details.domestic_account:
            details.bank_country = given.bank_country or details.bank_country


def _empty(details: PayeeDetails, names: Collection[str]) -> None:
    for name in names:
        setattr(details, name, "")
