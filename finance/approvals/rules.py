"""Why somebody may not approve a sheet, and where what it lacks is entered. Pure."""

import re
from enum import StrEnum
from uuid import UUID

from core.errors import N_
from finance.rules.lines import OpenLine


class ApprovalBar(StrEnum):
    """Why the one who looks may not approve a sheet."""

    no_right = "no-right"
    submitted_it = "submitted-it"
    entered_it = "entered-it"


APPROVAL_BARS = {
    ApprovalBar.no_right: N_("You do not approve in this project."),
    ApprovalBar.submitted_it: N_("You submitted it: a second person approves."),
    ApprovalBar.entered_it: N_("You entered nights, absences, adjustments or attendance: a second person approves."),
}

# Where what an open line lacks is entered, by what is missing; what is not named here is told with the journey.
_RECEIPT = frozenset({"date", "amount", "currency", "kind", "file", "acceptance"})
_RATE = frozenset({"rate", "hotel ceiling", "lodging", "lodging percentage", "partial rate"})
_MONTH_OF_A_CURRENCY = re.compile(r"[A-Z]{3} \d{4}-\d{2}")


def corrected_at(line: OpenLine, project_id: UUID, event_id: UUID, registration_id: UUID) -> tuple[str, str]:
    """The address of the page on which what an open line lacks is entered, and what it is called."""
    if line.what in _RECEIPT:
        return f"/events/{event_id}/receipts", N_("Receipts")
    if line.what == "absence":
        return f"/events/{event_id}/absences/{registration_id}", N_("Absences")
    if line.what == "rate" and _MONTH_OF_A_CURRENCY.fullmatch(line.of):
        return f"/projects/{project_id}/exchange", N_("Exchange rates")
    if line.what in _RATE:
        return f"/projects/{project_id}/rates", N_("Rates")
    return f"/events/{event_id}/travel/{registration_id}", N_("Journey and stays")
