"""Working out per diems, submitting a sheet, and having a second person approve it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, NotFound
from core.i18n import words
from core.money import Money
from core.zones import local
from directory.accounts.access import Caller
from directory.projects.models import Project
from events.attendance.records.service import signatures
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event, Session
from events.programme.events.rules import MEALS
from events.programme.events.service import get_event, list_sessions, lock_event_for
from finance.rates.models import RateTable
from finance.rates.service import rates_in_force
from finance.rules.eu_external import Night, NightAmount, RateMissing, eu_external
from finance.sheets import rules
from finance.sheets.documents import Claim, SheetDocument, total_of
from finance.sheets.models import PerDiemLine, PerDiemSheet
from finance.sheets.rules import SheetState
from visits.stays.models import Stay
from visits.stays.service import list_stays

_COMPONENTS = ("bed", "breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class Work:
    """The sheets of an event by currency: as submitted where they are, worked out anew where not.

    `missing` says in a refusal what is still in the way of working them out.
    """

    claims: dict[str, list[Claim]]
    sheets: dict[str, PerDiemSheet]
    missing: RateMissing | rules.NoNights | None


async def work_out(db: AsyncSession, event: Event) -> Work:
    """What is to be paid. The same number of queries for five people and five thousand."""
    found = await db.exec(
        select(PerDiemSheet).where(PerDiemSheet.event_id == event.id, PerDiemSheet.state != SheetState.returned)
    )
    sheets = {sheet.currency: sheet for sheet in found}
    if sheets:
        return Work(await _stored(db, sheets), sheets, None)
    try:
        claims, _ = await _computed(db, event)
    except (RateMissing, rules.NoNights) as missing:
        return Work({}, {}, missing)
    return Work(claims, {}, None)


async def _computed(db: AsyncSession, event: Event) -> tuple[dict[str, list[Claim]], RateTable]:
    project = await db.get_one(Project, event.project_id)
    stays: dict[UUID, list[Stay]] = {}
    for stay in await list_stays(db, event.id):
        stays.setdefault(stay.registration_id, []).append(stay)
    if not stays:
        raise rules.NoNights()
    table, rates = await rates_in_force(db, project.id)
    if table is None:
        first = next(iter(stays.values()))[0]
        raise RateMissing(country=first.country, day=first.check_in)
    meals = _meals_by_day(await list_sessions(db, event.id), event.zone)
    signed = await signatures(db, event.id)
    decides = project.requires_attendance and bool(signed)
    claims: dict[str, list[Claim]] = {}
    for registration, person, institution in await list_confirmed(db, event.id):
        days = frozenset(day for day, _ in signed.get(registration.id, frozenset()))
        lines = eu_external(
            # Of two beds for one night one counts: that of the earlier check-in.
            list(
                {
                    night.day: night for stay in reversed(stays.get(registration.id, [])) for night in _nights(stay)
                }.values()
            ),
            rates,
            shares=project.shares,
            meals=lambda day: meals.get(day, frozenset()),
            attended=days if decides else None,
        )
        for line in lines:
            claim = Claim(registration.id, person.name, institution.name if institution else "", line)
            claims.setdefault(line.rate.currency, []).append(claim)
    return claims, table


def _meals_by_day(sessions: Sequence[Session], zone: str) -> dict[date, frozenset[str]]:
    found: dict[date, frozenset[str]] = {}
    for session in sessions:
        if session.kind in MEALS:
            day = local(session.starts_at, zone).date()
            found[day] = found.get(day, frozenset()) | {session.kind.value}
    return found


def _nights(stay: Stay) -> list[Night]:
    count = (stay.check_out - stay.check_in).days
    return [
        Night(
            stay.check_in + timedelta(days=n),
            stay.country,
            stay.city,
            stay.is_bed_provided,
            stay.has_breakfast,
        )
        for n in range(count)
    ]


async def _stored(db: AsyncSession, sheets: dict[str, PerDiemSheet]) -> dict[str, list[Claim]]:
    by_id = {sheet.id: currency for currency, sheet in sheets.items()}
    found = await db.exec(select(PerDiemLine).where(col(PerDiemLine.sheet_id).in_(by_id)).order_by(col(PerDiemLine.id)))
    claims: dict[str, list[Claim]] = {currency: [] for currency in sheets}
    for row in found:
        currency = by_id[row.sheet_id]
        claims[currency].append(Claim(row.registration_id, row.name, row.institution, _line(row, currency)))
    return claims


def _line(row: PerDiemLine, currency: str) -> NightAmount:
    return NightAmount(
        night=Night(row.night, row.country, row.city, row.bed_minor > 0, row.breakfast_minor > 0),
        rate=Money.of_minor(row.rate_minor, currency),
        counts=row.counts,
        deductions={
            component: Money.of_minor(getattr(row, f"{component}_minor"), currency) for component in _COMPONENTS
        },
        amount=Money.of_minor(row.amount_minor, currency),
        why=row.why,
        facts=row.facts,
    )


async def submit(db: AsyncSession, event_id: UUID, caller: Caller, *, at: datetime) -> list[PerDiemSheet]:
    """Freeze what was worked out and hand it to finance. Submitting twice is submitting once.

    Raises NoNights, RateMissing, AttendanceMissing.
    """
    event = await lock_event_for(db, event_id, caller)
    work = await work_out(db, event)
    if work.sheets:
        return list(work.sheets.values())
    project = await db.get_one(Project, event.project_id)
    if project.requires_attendance and not await signatures(db, event.id):
        raise rules.AttendanceMissing()
    claims, table = await _computed(db, event)
    earlier = (await db.exec(select(PerDiemSheet.id).where(PerDiemSheet.event_id == event.id))).all()
    sheets = []
    for currency, mine in sorted(claims.items()):
        sheet = PerDiemSheet(
            event_id=event.id,
            table_id=table.id,
            currency=currency,
            version=len(earlier) + 1,
            total_minor=total_of(mine, currency).minor,
            submitted_at=at,
            submitted_by=caller.account_id,
        )
        db.add(sheet)
        await db.flush()
        db.add_all(_row(sheet.id, claim) for claim in mine)
        sheets.append(sheet)
        audit.record(
            db,
            "per-diem.submitted",
            event.id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            currency=currency,
            total=str(total_of(mine, currency).amount),
        )
    await db.flush()
    return sheets


def _row(sheet_id: UUID, claim: Claim) -> PerDiemLine:
    line, night = claim.line, claim.line.night
    return PerDiemLine(
        sheet_id=sheet_id,
        registration_id=claim.registration_id,
        name=claim.name,
        institution=claim.institution,
        night=night.day,
        country=night.country,
        city=night.city,
        rate_minor=line.rate.minor,
        counts=line.counts,
        amount_minor=line.amount.minor,
        why=line.why,
        facts=dict(line.facts),
        **dict[str, Any]((f"{component}_minor", line.deductions[component].minor) for component in _COMPONENTS),
    )


async def decide(
    db: AsyncSession, event_id: UUID, caller: Caller, *, approve: bool, reason: str = "", at: datetime
) -> None:
    """A second person approves the sheets of an event, or returns them with a reason.

    Raises WrongState, SamePerson. Of two officers at the same button one wins.
    """
    event = await get_event(db, event_id, caller)
    found = await db.exec(
        select(PerDiemSheet).where(PerDiemSheet.event_id == event_id, PerDiemSheet.state == SheetState.submitted)
    )
    sheets = found.all()
    if not sheets:
        raise rules.WrongState()
    for sheet in sheets:
        if approve:
            rules.must_be_another(sheet.submitted_by, caller.account_id)
        state = SheetState.approved if approve else SheetState.returned
        won = await db.exec(
            update(PerDiemSheet)
            .where(col(PerDiemSheet.id) == sheet.id, col(PerDiemSheet.state) == SheetState.submitted)
            .values(state=state, decided_at=at, decided_by=caller.account_id, reason=reason)
        )
        if won.rowcount != 1:
            raise rules.WrongState()
        audit.record(
            db,
            f"per-diem.{state.value}",
            event.id,
            at=at,
            project_id=event.project_id,
            **caller.signature,
            reason=reason,
            currency=sheet.currency,
        )


async def uses_of_table(db: AsyncSession, table_id: UUID) -> int:
    """How many lines of sheets were worked out with a rate table."""
    lines = select(func.count(col(PerDiemLine.id))).join(PerDiemSheet, col(PerDiemLine.sheet_id) == PerDiemSheet.id)
    return (await db.exec(lines.where(PerDiemSheet.table_id == table_id))).one()


async def document_for(
    db: AsyncSession, event_id: UUID, currency: str, caller: Caller, language: str, *, at: datetime
) -> tuple[Event, SheetDocument]:
    """What the spreadsheet of one currency shows; downloading it is noted. Raises NotFound."""
    event = await get_event(db, event_id, caller)
    work = await work_out(db, event)
    if currency not in work.claims:
        raise work.missing or NotFound()
    project = await db.get_one(Project, event.project_id)
    sheet = work.sheets.get(currency)
    state = rules.SHEET_STATES[sheet.state] if sheet else N_("Draft")
    audit.record(db, "per-diem.downloaded", event.id, at=at, project_id=event.project_id, **caller.signature)
    return event, SheetDocument(
        title=event.title_in(language),
        days=(event.first_day, event.last_day),
        project=project.title,
        contract=project.contract_number,
        statement=project.funding_statement(language),
        rule="eu_external",
        state=words(language).translate(state),
        currency=currency,
        claims=work.claims[currency],
        language=language,
    )
