"""Kinds of outcome, and how far an action point is. Pure."""

from enum import StrEnum

from core.errors import N_


class OutcomeKind(StrEnum):
    """What is kept of an event."""

    action_point = "action-point"
    recommendation = "recommendation"
    key_message = "key-message"


OUTCOME_KINDS = {
    OutcomeKind.action_point: N_("Action point"),
    OutcomeKind.recommendation: N_("Recommendation"),
    OutcomeKind.key_message: N_("Key message"),
}


class OutcomeState(StrEnum):
    """How far an action point is."""

    open = "open"
    under_way = "under-way"
    done = "done"
    dropped = "dropped"


OUTCOME_STATES = {
    OutcomeState.open: N_("To do"),
    OutcomeState.under_way: N_("Under way"),
    OutcomeState.done: N_("Done"),
    OutcomeState.dropped: N_("Dropped"),
}
MOST = 200
