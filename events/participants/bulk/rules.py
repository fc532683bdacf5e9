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
    """Whom it touches, and whether they are told: at once, or by a draft that waits for release."""

    label: str
    touches: tuple[InvitationStatus, ...]
    notice: str
    needs_reason: bool = False

    @property
    def sends(self) -> bool:
        """Whether mails leave with the step itself: then it takes somebody who may send messages."""
        return self.notice == _AT_ONCE


_AT_ONCE = N_("Each of them gets a mail at once.")


_AS_DRAFT = N_("Each of them gets a mail, as a draft that waits for you to send it.")


_NAMED_BEFORE = (InvitationStatus.nominated,)


BULK: dict[Bulk, BulkRule] = {
    Bulk.invite: BulkRule(N_("Invite"), _NAMED_BEFORE, _AS_DRAFT),
    Bulk.add: BulkRule(N_("Add as confirmed: they have a place without being invited"), _NAMED_BEFORE, _AT_ONCE),
    Bulk.remind: BulkRule(N_("Remind those who have not answered"), UNANSWERED, _AT_ONCE),
    Bulk.ask_missing: BulkRule(
        N_("Ask for missing data"), (InvitationStatus.accepted, InvitationStatus.waiting), _AT_ONCE
    ),
    Bulk.admit: BulkRule(N_("Approve"), (InvitationStatus.pending, InvitationStatus.rejected), _AT_ONCE),
    Bulk.reject: BulkRule(N_("Reject"), (InvitationStatus.pending,), _AT_ONCE),
    Bulk.withdraw: BulkRule(
        N_("Withdraw invitation"),
        tuple(a for a in InvitationStatus if a not in (InvitationStatus.withdrawn, InvitationStatus.substituted)),
        N_("Those who were invited are told at once."),
        needs_reason=True,
    ),
}


class NobodyTouched(Refusal):
    status = 409
    code = "nobody-touched"
    title = N_("This changes nothing for anybody you chose.")
