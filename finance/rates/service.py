"""Importing a table of rates, and finding the one in force."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.money import Money
from directory.accounts.access import Caller
from directory.projects.service import get_project
from finance.rates.models import RateRow, RateTable
from finance.rates.rules import Rate, difference


async def rates_in_force(db: AsyncSession, project_id: UUID) -> tuple[RateTable | None, list[Rate]]:
    """The project's latest table."""
    found = await db.exec(
        select(RateTable).where(RateTable.project_id == project_id).order_by(col(RateTable.id).desc()).limit(1)
    )
    table = found.first()
    if table is None:
        return None, []
    rows = await db.exec(
        select(RateRow).where(RateRow.table_id == table.id).order_by(col(RateRow.country), col(RateRow.city))
    )
    return table, [
        Rate(row.country, row.city, Money.of_minor(row.amount_minor, row.currency), row.valid_from, row.source)
        for row in rows
    ]


async def import_rates(
    db: AsyncSession, project_id: UUID, name: str, rates: Sequence[Rate], caller: Caller, *, at: datetime
) -> RateTable:
    """A new table in force from now on; sheets that used the one before keep it."""
    await get_project(db, project_id, caller)
    _, before = await rates_in_force(db, project_id)
    table = RateTable(project_id=project_id, name=name[:200], imported_at=at, summary=difference(before, rates))
    db.add(table)
    await db.flush()
    db.add_all(
        RateRow(
            table_id=table.id,
            country=rate.country,
            city=rate.city,
            amount_minor=rate.amount.minor,
            currency=rate.amount.currency,
            valid_from=rate.valid_from,
            source=rate.source,
        )
        for rate in rates
    )
    audit.record(db, "rates.imported", project_id, at=at, project_id=project_id, **caller.signature, rates=len(rates))
    await db.flush()
    return table
