"""Institutions as rows of a table: a page of them, or those that pasted lines mean."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import folded, matches
from core.paging import Page, Paging, paged
from directory.accounts.access import Caller
from directory.institution_grid.rules import Cells
from directory.institution_grid.service import GridLine, with_focal_points
from directory.institutions.rules import Known, best_match
from directory.people.geography import subdivision_codes
from directory.people.models import Institution
from directory.people.service import FOUND_BY
from directory.projects.service import get_project


async def list_lines(
    db: AsyncSession, project_id: UUID, wanted: str, page_request: Paging, caller: Caller
) -> Page[GridLine]:
    """Institutions of one project by name: four queries however many there are."""
    await get_project(db, project_id, caller)
    above = sa.orm.aliased(Institution)
    rows = (
        select(Institution, above)
        .join(above, col(above.id) == Institution.parent_id, isouter=True)
        .where(Institution.project_id == project_id, matches(FOUND_BY, wanted))
        .order_by(Institution.sort_key, col(Institution.id))
    )
    page = await paged(db, rows, page_request)
    return Page(await with_focal_points(db, page.rows), page.total, page.page, page.limit)


async def names_of(db: AsyncSession, project_id: UUID, language: str) -> list[str]:
    """What may stand in the column of parents."""
    found = await db.exec(
        select(Institution.name, Institution.name_en)
        .where(Institution.project_id == project_id)
        .order_by(Institution.sort_key)
        .limit(1000)
    )
    return [(name_en if language == "en" else "") or name for name, name_en in found]


async def match_lines(
    db: AsyncSession, project_id: UUID, wanted: Sequence[Cells], caller: Caller
) -> list[tuple[Cells, GridLine | None]]:
    """Each pasted row with the institution that it means: by its name, or one that is like it, or the only one of that
    province where no name is given."""
    await get_project(db, project_id, caller)
    above = sa.orm.aliased(Institution)
    rows = (
        await db.exec(
            select(Institution, above)
            .join(above, col(above.id) == Institution.parent_id, isouter=True)
            .where(Institution.project_id == project_id)
        )
    ).all()
    known = [Known(i.id, tuple(filter(None, (i.name, i.name_en))), i.province) for i, _ in rows]
    # In a thread: comparing hundreds of names would let every other request wait.
    found = await asyncio.to_thread(lambda: [_meant(cells, known) for cells in wanted])
    lines = await with_focal_points(db, [row for row in rows if row[0].id in set(found)])
    by_id = {line.institution.id: line for line in lines}
    return [(cells, by_id[id] if id else None) for cells, id in zip(wanted, found, strict=True)]


def _meant(cells: Cells, known: Sequence[Known]) -> UUID | None:
    code = subdivision_codes("TR").get(folded(cells.province), "")
    if not cells.name:
        there = [one.id for one in known if code and one.province == code]
        return there[0] if len(there) == 1 else None
    match = best_match(cells.name, known, province=code)
    return match[0].id if match else None
