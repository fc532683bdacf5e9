"""What the roster can show, find, and do to many people at once. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import N_, Refusal
from events.invitations.rules import UNANSWERED, Answer

MOST_CHOSEN = 10_000


class Mark(StrEnum):
    """Something worth finding beside the answer."""

    unanswered = "unanswered"
    not_opened = "not-opened"
    no_address = "no-address"
    bounced = "bounced"
    missing = "missing"
    checked_in = "checked-in"
    not_checked_in = "not-checked-in"


MARKS = {
    Mark.unanswered: N_("Not answered"),
    Mark.not_opened: N_("Link not opened"),
    Mark.no_address: N_("No address"),
    Mark.bounced: N_("Mail came back"),
    Mark.missing: N_("Data missing"),
    Mark.checked_in: N_("Signed in"),
    Mark.not_checked_in: N_("Place, not signed in"),
}


FUNNEL = (N_("Asked"), N_("Reached"), N_("Opened"), N_("Answered"), N_("Coming"))


class Column(StrEnum):
    """What a line of the roster shows beside the name."""

    position = "position"
    institution = "institution"
    province = "province"
    address = "address"
    category = "category"
    answer = "answer"
    answered_at = "answered-at"
    origin = "origin"
    mail = "mail"
    opened = "opened"
    details = "details"
    guests = "guests"
    signed = "signed"
    reason = "reason"


COLUMNS = {
    Column.position: N_("Position"),
    Column.institution: N_("Institution"),
    Column.province: N_("Province"),
    Column.address: N_("E-mail"),
    Column.category: N_("Category"),
    Column.answer: N_("Answer"),
    Column.answered_at: N_("Answered on"),
    Column.origin: N_("Came by"),
    Column.mail: N_("Invitation mail"),
    Column.opened: N_("Link opened"),
    Column.details: N_("Data"),
    Column.guests: N_("Guests"),
    Column.signed: N_("Half-days signed"),
    Column.reason: N_("Reason"),
}
USUAL = (Column.institution, Column.address, Column.answer, Column.details)


class Bulk(StrEnum):
    """What can be done to many people in one go."""

    invite = "invite"
    add = "add"
    remind = "remind"
    ask_missing = "ask-missing"
    admit = "admit"
    refuse = "refuse"
    withdraw = "withdraw"


@dataclass(frozen=True)
class BulkRule:
    """Whom it touches, and whether they are told: at once, or by a draft that waits for release."""

    label: str
    touches: tuple[Answer, ...]
    telling: str
    needs_reason: bool = False


_AT_ONCE = N_("Each of them gets a mail at once.")
_AS_DRAFT = N_("Each of them gets a mail, as a draft that waits for your release.")
_NAMED_BEFORE = (Answer.nominated,)
BULK: dict[Bulk, BulkRule] = {
    Bulk.invite: BulkRule(N_("Invite: they are asked"), _NAMED_BEFORE, _AS_DRAFT),
    Bulk.add: BulkRule(N_("Add: they have a place without being asked"), _NAMED_BEFORE, _AT_ONCE),
    Bulk.remind: BulkRule(N_("Remind those who have not answered"), UNANSWERED, _AT_ONCE),
    Bulk.ask_missing: BulkRule(N_("Ask for missing data"), (Answer.accepted, Answer.waiting), _AT_ONCE),
    Bulk.admit: BulkRule(N_("Let in"), (Answer.pending, Answer.refused), _AT_ONCE),
    Bulk.refuse: BulkRule(N_("Refuse"), (Answer.pending,), _AT_ONCE),
    Bulk.withdraw: BulkRule(
        N_("Take back"),
        tuple(a for a in Answer if a not in (Answer.withdrawn, Answer.substituted)),
        N_("Those who were asked are told at once."),
        needs_reason=True,
    ),
}


class NobodyTouched(Refusal):
    status = 409
    code = "nobody-touched"
    title = N_("This changes nothing for anybody you chose.")
