"""What can be done to many people at once. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import N_, Refusal
from events.invitations.invitations.rules import UNANSWERED, InvitationStatus

MOST_CHOSEN = 10_000


class Bulk(StrEnum):
    """What can be done to many people in one go."""

    invite = "invite"
    add = "add"
    remind = "remind"
    ask_missing = "ask-missing"
    admit = "admit"
    reject = "reject"
    withdraw = "withdraw"


@dataclass(frozen=True)
class BulkRule:
    """Whom it touches, and what they are told."""

    label: str
    touches: tuple[InvitationStatus, ...]
    notice: str
    needs_reason: bool = False


_AS_DRAFT = N_("Each of them gets a mail, which waits until you send it.")


_NAMED_BEFORE = (InvitationStatus.nominated,)


BULK: dict[Bulk, BulkRule] = {
    Bulk.invite: BulkRule(N_("Invite"), _NAMED_BEFORE, _AS_DRAFT),
    Bulk.add: BulkRule(N_("Add as confirmed: they have a place without being invited"), _NAMED_BEFORE, _AS_DRAFT),
    Bulk.remind: BulkRule(N_("Remind those who have not answered"), UNANSWERED, _AS_DRAFT),
    Bulk.ask_missing: BulkRule(
        N_("Ask for missing data"), (InvitationStatus.accepted, InvitationStatus.waiting), _AS_DRAFT
    ),
    Bulk.admit: BulkRule(N_("Approve"), (InvitationStatus.pending, InvitationStatus.rejected), _AS_DRAFT),
    Bulk.reject: BulkRule(N_("Reject"), (InvitationStatus.pending,), _AS_DRAFT),
    Bulk.withdraw: BulkRule(
        N_("Withdraw invitation"),
        tuple(a for a in InvitationStatus if a not in (InvitationStatus.withdrawn, InvitationStatus.substituted)),
        N_("Each of those who were invited gets a mail, which waits until you send it."),
        needs_reason=True,
    ),
}


class NobodyTouched(Refusal):
    status = 409
    code = "nobody-touched"
    title = N_("This changes nothing for anybody you chose.")
