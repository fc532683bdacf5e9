"""The states of a per-diem sheet, and what each lets happen. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.errors import N_, Refusal
from core.ids import is_code


class NothingToPay(Refusal):
    status = 409
    code = "nothing-to-pay"
    title = N_("There is nothing to pay: nobody has a night or day that counts, a receipt or an advance.")


class SheetOpen(Refusal):
    status = 409
    code = "sheet-open"
    title = N_(
        "People for whom something is missing: %(people)s. The sheet can be submitted when every line has its amount."
    )


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


class EnteredIt(Refusal):
    status = 403
    code = "entered-it"
    title = N_(
        "Whoever entered nights, absences, adjustments or attendance cannot approve. Please ask a second person."
    )


class AlreadyApproved(Refusal):
    status = 409
    code = "already-approved"
    title = N_("What you are paid is approved already. If this is wrong, please write to those who invited you.")


class NightPaid(Refusal):
    status = 409
    code = "night-paid"
    title = N_("Another event pays the night of %(night)s already, people: %(people)s. Please send the sheet back.")


class PeriodClosed(Refusal):
    status = 409
    code = "period-closed"
    title = N_("Days up to %(day)s are closed. Finance can open them again under “How the project pays”.")


class SheetState(StrEnum):
    """A sheet on its way to payment. Returned and recalled ones stay; the next submission is a new version."""

    submitted = "submitted"
    returned = "returned"
    recalled = "recalled"
    approved = "approved"
    paid = "paid"
    closed = "closed"


SHEET_STATES = {
    SheetState.submitted: N_("Submitted"),
    SheetState.returned: N_("Sent back"),
    SheetState.recalled: N_("Recalled"),
    SheetState.approved: N_("Approved"),
    SheetState.paid: N_("Paid"),
    SheetState.closed: N_("Closed"),
}
# Where a sheet may go from each state.
STEPS: Mapping[SheetState, frozenset[SheetState]] = {
    SheetState.submitted: frozenset({SheetState.returned, SheetState.recalled, SheetState.approved}),
    SheetState.approved: frozenset({SheetState.paid}),
    # A payment that failed makes it payable again.
    SheetState.paid: frozenset({SheetState.closed, SheetState.approved}),
    SheetState.returned: frozenset(),
    SheetState.recalled: frozenset(),
    SheetState.closed: frozenset(),
}
# Sheets that count: what they give is given.
GIVEN = (SheetState.approved, SheetState.paid, SheetState.closed)
DEAD = (SheetState.returned, SheetState.recalled)


@dataclass(frozen=True)
class Difference:
    """What a person would get now, beside what the sheet says."""

    registration_id: UUID
    name: str
    submitted: Decimal
    now: Decimal | None


def must_step(state: SheetState, to: SheetState) -> None:
    """Raises WrongState."""
    if to not in STEPS[state]:
        raise WrongState()


def must_be_another(submitted_by: object, approving: object) -> None:
    """Four eyes: the hand that submits never approves."""
    if submitted_by == approving:
        raise SamePerson()


def sheet_number(code: str, currency: str, number: int) -> str:
    """By what documents, files and people name a sheet, like `7WTZKP-EUR-3`; a draft (`number` 0) has none yet."""
    return f"{code}-{currency}" + (f"-{number}" if number else "")


def sheet_named(text: str) -> tuple[str, str | None, int | None]:
    """What of `sheet_number` somebody wrote: the code of the event, and currency and number as far as they are there;
    no code where it is no such name."""
    code, currency, number, *more = [*text.strip().upper().split("-"), "", ""]
    if any(more) or not is_code(code) or (number and not re.fullmatch(r"[0-9]{1,6}", number)):
        return "", None, None
    return code, currency or None, int(number) if number else None
