"""Adding one institution for each province, and taking the whole step back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.columns import folded
from core.errors import NotFound
from core.ids import new_id
from directory.accounts.access import Caller
from directory.institution_batches import rules
from directory.institution_batches.models import InstitutionBatch
from directory.institution_batches.rules import Planned
from directory.institution_batches.schemas import BatchIn
from directory.institutions.service import drop_institutions
from directory.people.models import Institution, kind_of
from directory.people.service import index_institution, institutions_known
from directory.projects.service import get_project, must_reach


@dataclass(frozen=True)
class Plan:
    """What a batch would add, and what is there already in the stead of others. `parent` is None where it is new."""

    new: Sequence[Planned]
    there: Sequence[tuple[Planned, Institution]]
    parent: Institution | None


async def plan_batch(db: AsyncSession, project_id: UUID, given: BatchIn, caller: Caller) -> Plan:
    """An institution is there already by its name in either language, or of that kind for that province under that
    parent. As many queries for 81 as for one."""
    await get_project(db, project_id, caller)
    wanted = rules.planned(given.name, given.name_en, given.provinces)
    names = [given.parent, *(text for one in wanted for text in (one.name, one.name_en))]
    known = await institutions_known(db, project_id, names)
    parent = known.get(folded(given.parent))
    beside = await _of_that_kind(db, project_id, given, parent) if parent else {}
    new: list[Planned] = []
    there: list[tuple[Planned, Institution]] = []
    for one in wanted:
        found = known.get(folded(one.name)) or known.get(folded(one.name_en)) or beside.get(one.province)
        if found:
            there.append((one, found))
        else:
            new.append(one)
    return Plan(new, there, parent)


async def _of_that_kind(
    db: AsyncSession, project_id: UUID, given: BatchIn, parent: Institution
) -> dict[str, Institution]:
    found = await db.exec(
        select(Institution).where(
            Institution.project_id == project_id,
            Institution.kind == given.kind,
            Institution.parent_id == parent.id,
            Institution.country == given.country,
        )
    )
    return {institution.province: institution for institution in found}


async def add_batch(
    db: AsyncSession, project_id: UUID, given: BatchIn, caller: Caller, *, at: datetime, key: UUID | None = None
) -> InstitutionBatch:
    """Add what is missing, the parent too; the same key gives the batch there is. Raises NoNewInstitution, NotFound."""
    there = await db.get(InstitutionBatch, key) if key else None
    if there:
        return await get_batch(db, there.id, caller)
    plan = await plan_batch(db, project_id, given, caller)
    if not plan.new:
        raise rules.NoNewInstitution()
    parent, added = plan.parent, []
    if given.parent and parent is None:
        parent = Institution(project_id=project_id, name=given.parent, search="", kind=kind_of(given.parent))
        added.append(parent)
    added += [
        Institution(
            project_id=project_id,
            name=one.name,
            name_en=one.name_en,
            search="",
            kind=given.kind,
            country=given.country,
            province=one.province,
            parent_id=parent.id if parent else None,
        )
        for one in plan.new
    ]
    for institution in added:
        index_institution(institution)
    db.add_all(added)
    batch = InstitutionBatch(
        id=key or new_id(),
        project_id=project_id,
        made_at=at,
        added=[str(institution.id) for institution in added],
        skipped=len(plan.there),
    )
    db.add(batch)
    audit.record(
        db,
        "institutions.added",
        project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        batch=batch.id,
        count=len(added),
        skipped=batch.skipped,
    )
    await db.flush()
    return batch


async def get_batch(db: AsyncSession, batch_id: UUID, caller: Caller) -> InstitutionBatch:
    """Raises NotFound, for a batch of another project too."""
    batch = await db.get(InstitutionBatch, batch_id)
    if batch is None:
        raise NotFound()
    must_reach(batch.project_id, "institution_batch", batch_id, caller)
    return batch


async def undo_batch(db: AsyncSession, batch_id: UUID, caller: Caller, *, at: datetime) -> InstitutionBatch:
    """Remove what the batch added and is still there. Raises TakenBack, InUse while anything points to one of them."""
    await get_batch(db, batch_id, caller)
    locked = select(InstitutionBatch).where(InstitutionBatch.id == batch_id).with_for_update()
    batch = (await db.exec(locked.execution_options(populate_existing=True))).one()
    if batch.undone_at:
        raise rules.TakenBack()
    batch.undone_at = at
    await drop_institutions(db, [UUID(id) for id in batch.added])
    audit.record(
        db,
        "institutions.taken-back",
        batch.project_id,
        at=at,
        project_id=batch.project_id,
        **caller.signature,
        batch=batch.id,
        count=len(batch.added),
    )
    await db.flush()
    return batch
