"""Who may send a substitute, and until when it can be taken back. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal
from events.invitations.invitations.rules import InvitationStatus


class ProposalState(StrEnum):
    """What became of a substitute who was proposed."""

    proposed = "proposed"
    approved = "approved"
    rejected = "rejected"
    withdrawn = "withdrawn"


PROPOSAL_STATES = {
    ProposalState.proposed: N_("Waits for approval"),
    ProposalState.approved: N_("Approved"),
    ProposalState.rejected: N_("Rejected"),
    ProposalState.withdrawn: N_("Withdrawn"),
}
# A substitute who stands like this has what was handed over, and gives it back.
HANDED_OVER = (
    InvitationStatus.nominated,
    InvitationStatus.invited,
    InvitationStatus.tentative,
    InvitationStatus.accepted,
    InvitationStatus.waiting,
    InvitationStatus.offered,
)


class CannotBeNamed(Refusal):
    """Says nothing about whether the address is known or on the list: a list can put people at risk."""

    status = 409
    code = "cannot-be-named"
    title = N_("This person cannot be nominated here. Please write to the organiser.")


class OnTheListAlready(Refusal):
    """`CannotBeNamed` for staff of the project, who see the list."""

    status = 409
    code = "on-the-list-already"
    title = N_("%(address)s belongs to %(name)s, who is on the list of this event already.")


class OwnAddress(Refusal):
    status = 409
    code = "own-address"
    title = N_("This is the address of the person who is replaced. Please give the substitute’s own.")


class NoSubstitutes(Refusal):
    status = 409
    code = "no-substitutes"
    title = N_("The invitation is personal: no substitute can be sent. Please write to the organiser.")


class NothingProposed(Refusal):
    status = 409
    code = "nothing-proposed"
    title = N_("No substitute waits for approval.")


class NothingToTakeBack(Refusal):
    status = 409
    code = "nothing-to-take-back"
    title = N_("There is no substitute to take back.")


class SubstituteHasAnswered(Refusal):
    status = 409
    code = "substitute-has-answered"
    title = N_("The substitute has answered already. Please write to the organiser.")
