"""What may be handed out, and to whom. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class Audience(StrEnum):
    """Who may have a material."""

    everybody = "everybody"
    registered = "registered"
    staff = "staff"


AUDIENCES = {
    Audience.everybody: N_("Everybody who is invited"),
    Audience.registered: N_("Those who have a place"),
    Audience.staff: N_("Staff only"),
}


class FileIsHarmful(Refusal):
    status = 422
    code = "file-harmful"
    title = N_("The scanner of this installation has refused this file.")


def may_have(audience: Audience, *, has_place: bool) -> bool:
    """Whether a participant may download it; staff may always."""
    return audience is Audience.everybody or (audience is Audience.registered and has_place)
