"""Who may register on the public page. Pure."""

from collections.abc import Collection
from datetime import datetime

from core.errors import N_, Refusal, Unacceptable
from core.text import domain_key
from events.invitations.invitations.rules import ANSWER_WORDS, InvitationStatus
from events.invitations.phases.rules import Act, Dated, must_be_time_for
from events.programme.events.rules import Admission

_FORWARDED = N_(
    "The organiser now knows that you would like to come and writes to you if that is possible. Nothing else needs to "
    "be done."
)
# What somebody reads who asks on the public page and is on the list already, by how they stand there.
STATUS_WORDS: dict[InvitationStatus, tuple[str, ...]] = {
    InvitationStatus.invited: (N_("You are invited already. Please answer on your page."),),
    InvitationStatus.tentative: (
        N_("You answered that you may come, and no place is kept for you yet. Please say yes or no on your page."),
    ),
    InvitationStatus.pending: (N_("Your request is with the organiser already, who looks at it and writes to you."),),
    InvitationStatus.accepted: (N_("You have a place already. Nothing else needs to be done."),),
    InvitationStatus.waiting: (ANSWER_WORDS[InvitationStatus.waiting][1],),
    InvitationStatus.offered: (N_("A place is kept for you. Please say yes on your page; until when, you see there."),),
    InvitationStatus.expired: (ANSWER_WORDS[InvitationStatus.expired][1],),
    InvitationStatus.declined: (
        N_("You told us that you do not come. If you have changed your mind, your page lets you accept."),
    ),
    InvitationStatus.cancelled: (
        N_("You gave your place back. If you have changed your mind, your page lets you ask for one."),
    ),
    InvitationStatus.rejected: (N_("The organiser could not give you a place."), _FORWARDED),
    InvitationStatus.substituted: (N_("Somebody else takes part in your place."), _FORWARDED),
    InvitationStatus.withdrawn: (
        N_("You had been invited, and the organiser has withdrawn the invitation."),
        _FORWARDED,
    ),
}


class OnlyByList(Refusal):
    status = 409
    code = "only-by-list"
    title = N_("Only people on the list can take part. If you were invited, please use the link in your mail.")


def must_be_of_domain(address: str, allowed: Collection[str]) -> None:
    """An address of one of these domains, or of one under it; of any where none is named. Raises Unacceptable."""
    domain = domain_key(address)
    if allowed and not any(domain == one or domain.endswith(f".{one}") for one in allowed):
        raise Unacceptable(
            "address",
            N_("Please use your address at work. Taken are addresses of: %(domains)s."),
            domains=", ".join(allowed),
        )


def must_admit(admission: Admission, event: Dated, *, at: datetime) -> None:
    """An open event, not too early and not too late."""
    if admission is Admission.by_list:
        raise OnlyByList()
    must_be_time_for(Act.accept, event, at=at)
