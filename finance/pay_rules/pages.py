"""How a project pays, on one page."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes
from core.pages import Form, Typed, form_again, render, see_other, seen_revision
from core.web import checked
from directory.accounts.access import Caller, Finance, MoneyReader
from directory.projects.service import get_project
from finance.pay_rules import service
from finance.pay_rules.rules import JOURNEYS, SWITCHES, switches_of
from finance.pay_rules.schemas import PayRulesIn, SwitchesIn
from finance.rules.registry import RULE_SETS

router = APIRouter(include_in_schema=False)
PAGE = "finance/pay_rules.html"


@router.get("/projects/{project_id}/pay-rules")
async def pay_rules(request: Request, project_id: UUID, caller: MoneyReader, db: ReadDb) -> Response:
    return render(request, PAGE, **await _view(db, project_id=project_id, caller=caller))


@router.post("/projects/{project_id}/pay-rules")
async def change(request: Request, project_id: UUID, caller: Finance, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, project_id=project_id, caller=caller), typed):
        given = checked(PayRulesIn, _nested(typed))
        await service.change_pay_rules(db, project_id, given, caller, seen_revision(typed), at=at)
    return see_other(request, f"/projects/{project_id}/pay-rules", N_("Saved. Drafts are worked out by this now."))


def _nested(typed: Form) -> dict[str, Any]:
    """Fields of the form as the schema has them: "home_switches.bed_share" is one of journeys at home."""
    found: dict[str, Any] = {name: typed[name] for name in PayRulesIn.model_fields if name in typed}
    # A box that is not ticked is not sent.
    found["shows_statements"] = typed.get("shows_statements") == "yes"
    found["signs_on_screen"] = typed.get("signs_on_screen") == "yes"
    for journey in JOURNEYS:
        own = {name: typed.get(f"{journey}_switches.{name}") for name in SWITCHES}
        found[f"{journey}_switches"] = {name: value for name, value in own.items() if value not in (None, "")}
    return found


async def _view(db: AsyncSession, *, project_id: UUID, caller: Caller) -> Mapping[str, object]:
    project = await get_project(db, project_id, caller)
    rules = await service.pay_rules_of(db, project_id)
    return {
        "project": project,
        "rules": rules,
        "journeys": JOURNEYS,
        "rule_sets": {key: one.title for key, one in RULE_SETS.items()},
        "switches": {journey: switches_of(getattr(rules, journey)) for journey in JOURNEYS},
        "own": {journey: SwitchesIn.of(rules.switches.get(journey, {})).model_dump() for journey in JOURNEYS},
        "shares": {name: f"{(share * 100).normalize():f}" for name, share in project.shares.items()},
        "countries": sorted(country_codes()),
        "history": await audit.history(db, project_id, within=caller.projects),
    }
