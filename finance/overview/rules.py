"""What a sheet, receipt or account waits for, and why somebody may not approve. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from core.errors import N_, NN_


class Waiting(StrEnum):
    """What has to be done next. A sheet that is not checked waits for approval too: checking is no must."""

    to_check = "to-check"
    to_approve = "to-approve"
    to_pay = "to-pay"
    to_be_returned = "to-be-returned"
    returned = "returned"
    receipts = "receipts"
    accounts = "accounts"


WAITING = {
    Waiting.to_check: N_("To check"),
    Waiting.to_approve: N_("To approve"),
    Waiting.to_pay: N_("To pay"),
    Waiting.to_be_returned: N_("Money to recover"),
    Waiting.returned: N_("Sent back"),
    Waiting.receipts: N_("Receipts"),
    Waiting.accounts: N_("Accounts missing"),
}
# As tasks of whoever can do them: what they say, and what their button says.
SENTENCES = {
    Waiting.to_check: NN_("One sheet waits to be checked.", "%(num)s sheets wait to be checked."),
    Waiting.to_approve: NN_("One sheet waits for approval.", "%(num)s sheets wait for approval."),
    Waiting.to_pay: NN_("One sheet waits to be paid.", "%(num)s sheets wait to be paid."),
    Waiting.to_be_returned: NN_("One person has money to return.", "%(num)s people have money to return."),
    Waiting.returned: NN_("One sheet came back from finance.", "%(num)s sheets came back from finance."),
    Waiting.receipts: NN_("One receipt waits for a decision.", "%(num)s receipts wait for a decision."),
    Waiting.accounts: NN_(
        "One person cannot be paid: the account is missing.", "%(num)s people cannot be paid: accounts are missing."
    ),
}
STEPS = {
    Waiting.to_check: N_("Check"),
    Waiting.to_approve: N_("Look and approve"),
    Waiting.to_pay: N_("Pay"),
    Waiting.to_be_returned: N_("See who"),
    Waiting.returned: N_("Read why"),
    Waiting.receipts: N_("Decide"),
    Waiting.accounts: N_("See who"),
}
# What auditors are told of.
LATELY = timedelta(days=14)
APPROVED_LATELY = NN_(
    "One sheet was approved in the last two weeks.", "%(num)s sheets were approved in the last two weeks."
)
# Those that are sheets; the others are people, and counts by event.
OF_SHEETS = (Waiting.to_check, Waiting.to_approve, Waiting.to_pay, Waiting.returned)
# What there is to do where there is nothing to do: a title and a hint.
NOTHING = {
    Waiting.to_check: (
        N_("No sheet waits to be checked"),
        N_("Organisers submit sheets under Per diem of each event; they appear here at once."),
    ),
    Waiting.to_approve: (
        N_("No sheet waits for approval"),
        N_("Organisers submit sheets under Per diem of each event; they appear here at once."),
    ),
    Waiting.to_pay: (
        N_("Nothing is left to pay"),
        N_("Approved sheets stand here until everybody on them is paid."),
    ),
    Waiting.to_be_returned: (
        N_("Nobody owes anything"),
        N_("Those who had more in advance than they are due stand here until they gave it back."),
    ),
    Waiting.returned: (
        N_("No sheet came back"),
        N_("Sheets that finance sent back stand here until they are submitted anew."),
    ),
    Waiting.receipts: (
        N_("No receipt waits for a decision"),
        N_("Participants claim receipts on their own page; those that nobody decided on stand here, by event."),
    ),
    Waiting.accounts: (
        N_("No account is missing"),
        N_("People on approved sheets who cannot be paid yet stand here, by event."),
    ),
    None: (
        N_("No sheet found"),
        N_("Sheets are submitted under Per diem of each event. Take away a filter to see more."),
    ),
}


def month_span(month: date) -> tuple[date, date]:
    """The first day of a month, and that of the next."""
    first = month.replace(day=1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)
