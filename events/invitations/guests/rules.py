"""How many somebody may bring. Pure."""

from collections.abc import Sequence

from core.errors import N_, Refusal, Unacceptable
from events.invitations.phases.rules import Act


class NoPlacesForGuests(Refusal):
    status = 409
    code = "no-places-for-guests"
    title = N_(
        "There are no places for so many guests now: %(more)s more would be needed. Nothing has changed; you keep "
        "yours, with %(guests)s guests."
    )


def must_be_allowed(guests: int, allowed: int) -> None:
    """Raises Unacceptable beside the field."""
    if guests > allowed:
        raise Unacceptable("guests", N_("At most %(most)s guests."), most=allowed)


def must_be_names_of(names: Sequence[str], guests: int, is_asked: bool) -> None:
    """Not more names than guests, where the event asks for them. Raises Unacceptable beside the field."""
    if not is_asked:
        raise Unacceptable("guest_names", N_("This event does not ask for the names of guests."))
    if len(names) > guests:
        raise Unacceptable("guest_names", N_("These are more names than guests."))


def act_of_guests(now: int, wanted: int) -> Act:
    return Act.add_guests if wanted > now else Act.drop_guests
