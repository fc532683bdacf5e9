"""What a booklet says besides the programme. Pure."""

from datetime import timedelta
from enum import StrEnum

from core.errors import N_, Refusal

# How long after its visit a booklet that was made is kept.
KEPT_AFTER = timedelta(days=60)


class BookletPart(StrEnum):
    """Texts that the organiser writes, in the order in which they are printed."""

    emergency = "emergency"
    contacts = "contacts"
    addresses = "addresses"
    rules = "rules"


BOOKLET_PARTS = {
    BookletPart.emergency: N_("Emergency numbers"),
    BookletPart.contacts: N_("Contacts"),
    BookletPart.addresses: N_("Addresses of the visit"),
    BookletPart.rules: N_("Please note"),
}


class NobodyTravels(Refusal):
    """Booklets are made for those who have a place."""

    status, code, title = 409, "nobody-travels", N_("Nobody has a place yet: there is no booklet to make.")


class NoBookletYet(Refusal):
    """They are handed out as they were made."""

    status, code, title = 409, "no-booklet-yet", N_("No booklet has been made yet.")
