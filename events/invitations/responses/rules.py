"""What stands in the way of an answer. Pure."""

from core.errors import N_, Refusal


class CannotBeNamed(Refusal):
    """Says nothing about whether the address is known or on the list: a list can put people at risk."""

    status = 409
    code = "cannot-be-named"
    title = N_("This person cannot be nominated here. Please write to the organiser.")
