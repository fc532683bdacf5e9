"""Who says whom to ask, and what is refused of it. Pure."""

from datetime import timedelta
from enum import StrEnum

from core.errors import N_, Refusal

# What people do otherwise shows after three to six months.
USUAL_WAIT = timedelta(days=91)
# What the follow-up asks participants of themselves, asked of their superiors.
ABOUT_STAFF = (
    N_("They use in their work what they learned."),
    N_("Have they passed on what they learned to colleagues?"),
    N_("What do they do otherwise since then?"),
    N_("What has come of it for your institution?"),
)
# Of whom a mail tells; of more it says how many.
MOST_NAMES = 10


class SuperiorSource(StrEnum):
    """Who said that this is the superior to ask."""

    participant = "participant"
    organiser = "organiser"
    focal_point = "focal-point"


SUPERIOR_SOURCES = {
    SuperiorSource.participant: N_("the participant"),
    SuperiorSource.organiser: N_("the organiser"),
    SuperiorSource.focal_point: N_("focal point of the institution"),
}


class OwnSuperior(Refusal):
    """An evaluation by oneself under another name would be no evidence."""

    status = 422
    code = "own-superior"
    title = N_("This is the participant’s own e-mail address. Please give that of the superior.")


class NotAgreed(Refusal):
    """A superior is asked only where the participant agreed."""

    status = 422
    code = "not-agreed"
    title = N_("Please confirm that the participants know and agree that their superior is asked.")


class NoFocalPoint(Refusal):
    """Everybody has a superior, or no institution has a focal point with an address."""

    status = 409
    code = "no-focal-point"
    title = N_("There is nobody without a superior whose institution has a focal point with an e-mail address.")
