"""What the history of visits says, in words."""

from core.errors import N_

ACTS = {
    "stays.booked": N_("Nights entered"),
}
