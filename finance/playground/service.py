"""Computing a case, and the files that are made of it. Nothing is read from the database, nothing is kept."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.errors import N_, Unacceptable
from core.i18n import words
from core.web import checked
from core.zones import utc_day
from finance.playground.cases import computed, mission_from
from finance.playground.schemas import LONGEST, PerDiemCase
from finance.rules.lines import ZERO, Computation
from finance.rules.registry import RULE_SETS
from finance.sheet_files.rules import SheetDocument
from finance.statements.rules import ConvertedTotal, PersonStatement

_NOBODY = UUID(int=0)


def computation_of(case: PerDiemCase) -> Computation:
    """What the case's rule set makes of it. Raises Unacceptable for a journey that is too long, or whose facts together
    say nothing that can be computed."""
    said = case.as_case()
    try:
        away = mission_from(said).away
        if away is not None and away.length > timedelta(days=LONGEST):
            raise Unacceptable("absence.to", N_("A journey of more than %(days)s days cannot be tried."), days=LONGEST)
        return computed(said)
    except (LookupError, ValueError, TypeError, ArithmeticError):
        raise Unacceptable("body", N_("The rules cannot compute this. Please look at days, times and zones.")) from None


def checked_case(said: Any) -> PerDiemCase:
    """A case that somebody sent or pasted: itself, or the first of a file of examples. Raises Invalid."""
    if isinstance(said, dict) and isinstance(said.get("examples"), list):
        said = said["examples"][0] if said["examples"] else {}
    elif isinstance(said, list) and said:
        said = said[0]
    return checked(PerDiemCase, said)


def document_of(case: PerDiemCase, found: Computation, language: str, *, at: datetime) -> SheetDocument:
    """The lines as a sheet of one person who has no name."""
    say, rule = words(language), RULE_SETS[case.rule_set]
    total = sum((line.amount for line in found.lines), Decimal(0))
    days = [line.day for line in found.lines] or [utc_day(at)]
    statement = PersonStatement(
        registration_id=_NOBODY,
        person_id=_NOBODY,
        name=case.id or say.translate("Trial"),
        institution="",
        currency=found.currency,
        rule_set=case.rule_set,
        rule_version=rule.version,
        grade=case.grade,
        lines=found.lines,
        open=found.open,
        totals=[] if found.open else [ConvertedTotal(found.currency, total, total)],
        advances=ZERO,
    )
    return SheetDocument(
        title=case.title or say.translate("Try the rules"),
        code=case.id,
        days=(min(days), max(days)),
        place=case.place,
        project="",
        contract="",
        budget_line="",
        statement="",
        rule_titles=[say.translate(rule.title)],
        state=say.translate("Trial"),
        version=1,
        number="",
        currency=found.currency,
        language=language,
        made_at=at,
        zone="UTC",
        statements=[statement],
    )
