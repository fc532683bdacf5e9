"""Why somebody may not approve a sheet. Pure."""

from enum import StrEnum

from core.errors import N_


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
