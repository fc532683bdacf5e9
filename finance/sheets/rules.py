"""The per-diem rule for the European Union's external actions, and the states of a sheet. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class NoNights(Refusal):
    status = 409
    code = "no-nights"
    title = N_("Nobody has a night entered. A mission without a night earns no per diem under this rule.")


class AttendanceMissing(Refusal):
    status = 409
    code = "attendance-missing"
    title = N_("This project pays from attendance, and none is recorded yet.")


class WrongState(Refusal):
    status = 409
    code = "sheet-state"
    title = N_("The sheet is not in a state for this any more. Please look at it again.")


class SamePerson(Refusal):
    status = 403
    code = "same-person"
    title = N_("Whoever submitted the sheet cannot approve it. Please ask a second person.")


class SheetState(StrEnum):
    """A sheet on its way to payment. Returned ones stay; the next submission is a new version."""

    submitted = "submitted"
    approved = "approved"
    returned = "returned"


SHEET_STATES = {
    SheetState.submitted: N_("Submitted"),
    SheetState.approved: N_("Approved"),
    SheetState.returned: N_("Returned"),
}


def must_be_another(submitted_by: object, approving: object) -> None:
    """Four eyes: the hand that submits never approves."""
    if submitted_by == approving:
        raise SamePerson()
