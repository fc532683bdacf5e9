"""Keeping a project's table of visas."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.errors import N_, NotFound, Unacceptable
from core.i18n import Words
from directory.accounts.access import Caller
from directory.projects.service import get_project, must_reach
from visits.passports.rules import PassportKind, VisaNeed
from visits.visa_rules.models import VisaRule
from visits.visa_rules.schemas import VisaRuleIn

MOST = 500


async def list_rules(db: AsyncSession, project_id: UUID) -> list[VisaRule]:
    """By country, then by whose passport."""
    found = await db.exec(
        select(VisaRule)
        .where(VisaRule.project_id == project_id)
        .order_by(col(VisaRule.country), col(VisaRule.nationality), col(VisaRule.kind))
    )
    return list(found.all())


def visa_rule_sorts(say: Words) -> Mapping[str, Callable[[VisaRule], Any]]:
    """What the table may be ordered by; countries by their names in that language."""
    return {
        "country": lambda one: sort_key(say.country(one.country)),
        "nationality": lambda one: sort_key(say.country(one.nationality)),
        "passport": lambda one: list(PassportKind).index(one.kind),
        "visa": lambda one: (not one.is_needed, one.free_days or 0),
        "stated": lambda one: one.stated_on,
    }


async def needs_in(db: AsyncSession, project_id: UUID, country: str) -> list[VisaNeed]:
    """What is stated for one country; one query."""
    found = await db.exec(select(VisaRule).where(VisaRule.project_id == project_id, VisaRule.country == country))
    return [rule.need for rule in found]


async def state_rule(
    db: AsyncSession, project_id: UUID, given: VisaRuleIn, caller: Caller, *, at: datetime
) -> VisaRule:
    """One line; for the same passport and country it takes the place of what was stated before."""
    project = await get_project(db, project_id, caller)
    rules = await list_rules(db, project_id)
    key = given.nationality, given.kind, given.country
    rule = next((one for one in rules if (one.nationality, one.kind, one.country) == key), None)
    if rule is None and len(rules) >= MOST:
        raise Unacceptable("country", N_("More than %(count)s lines are not kept."), count=MOST)
    rule = rule or VisaRule(project_id=project.id, **given.model_dump())
    rule.sqlmodel_update(given.model_dump())
    db.add(rule)
    audit.record(db, "visa-rule.stated", project.id, at=at, project_id=project.id, **caller.signature)
    await db.flush()
    return rule


async def remove_rule(db: AsyncSession, visa_rule_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Returns the project. Raises NotFound, also for staff of another one."""
    rule = await db.get(VisaRule, visa_rule_id)
    if rule is None:
        raise NotFound()
    must_reach(rule.project_id, "visa_rule", rule.id, caller)
    await db.delete(rule)
    audit.record(db, "visa-rule.removed", rule.project_id, at=at, project_id=rule.project_id, **caller.signature)
    await db.flush()
    return rule.project_id
