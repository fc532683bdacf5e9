"""Texts that organisers write: a closed list of placeholders, filled in by plain substitution. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal

PLACEHOLDERS = {
    "name": N_("the person’s name"),
    "position": N_("the person’s position"),
    "event": N_("the event’s title"),
    "days": N_("the event’s days"),
    "place": N_("where it is"),
    "deadline": N_("the RSVP deadline"),
    "answer": N_("what the person answered"),
}


class OwnText(StrEnum):
    """Mails whose first words a project may write itself."""

    invitation = "invitation"
    reminder = "reminder"
    missing = "missing"
    accepted = "accepted"
    waiting = "waiting"
    update = "update"
    postponement = "postponement"
    cancellation = "cancellation"
    before = "before"
    after = "after"


OWN_TEXTS = {
    OwnText.invitation: N_("Invitation"),
    OwnText.reminder: N_("Reminder to answer"),
    OwnText.missing: N_("Something is missing"),
    OwnText.accepted: N_("Place confirmed"),
    OwnText.waiting: N_("Waiting list"),
    OwnText.update: N_("Something changed"),
    OwnText.postponement: N_("Another day"),
    OwnText.cancellation: N_("Cancelled or withdrawn"),
    OwnText.before: N_("Practical information before it begins"),
    OwnText.after: N_("Thanks afterwards"),
}


class NobodyToShow(Refusal):
    status = 409
    code = "nobody-to-show"
    title = N_("Nobody with an address is on a list of this project yet, so there is nobody to show it for.")
