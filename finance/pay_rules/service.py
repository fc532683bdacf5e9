"""Reading and changing how a project pays."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Unacceptable
from core.web import must_match
from core.zones import day_in
from directory.accounts.access import Caller
from directory.projects.service import get_project
from finance.pay_rules.models import PayRules
from finance.pay_rules.schemas import PayRulesIn


async def pay_rules_of(db: AsyncSession, project_id: UUID) -> PayRules:
    """What is kept, or what a project begins with; that is not in the database yet."""
    return await db.get(PayRules, project_id) or PayRules(project_id=project_id)


async def change_pay_rules(
    db: AsyncSession, project_id: UUID, given: PayRulesIn, caller: Caller, expected: int | None, *, at: datetime
) -> PayRules:
    """From now on drafts are worked out by these; sheets that were submitted keep theirs.

    The history says what changed. Raises NotFound, and LostUpdate where somebody changed them meanwhile.
    """
    project = await get_project(db, project_id, caller)
    if given.closed_until and given.closed_until > day_in(project.zone, at=at):
        raise Unacceptable("closed_until", N_("Nothing to come can be closed. Please choose a day up to today."))
    kept = await db.get(PayRules, project_id, with_for_update=True) or PayRules(project_id=project.id)
    must_match(kept.revision, expected)
    before = kept.model_dump()
    for name, value in given.model_dump(exclude={"home_switches", "abroad_switches"}).items():
        setattr(kept, name, value)
    kept.switches = {
        "home": given.home_switches.kept(given.home),
        "abroad": given.abroad_switches.kept(given.abroad),
    }
    kept.revision += 1
    db.add(kept)
    changed = {name for name, value in kept.model_dump().items() if value != before[name] and name != "revision"}
    audit.record(
        db,
        "pay-rules.changed",
        project.id,
        at=at,
        project_id=project.id,
        **caller.signature,
        changed=sorted(changed),
        home=kept.home,
        abroad=kept.abroad,
    )
    await db.flush()
    return kept
