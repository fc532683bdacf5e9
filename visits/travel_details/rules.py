"""What travellers are asked, and how long it is kept. Pure."""

from datetime import timedelta

from core.errors import N_
from visits.passports.rules import PassportKind, VisaState

# Passport, visa and insurance are of no use to anybody once the visit is over and accounted for.
KEPT_AFTER = timedelta(days=60)

PASSPORT_KINDS = {
    PassportKind.ordinary: N_("Ordinary"),
    PassportKind.special: N_("Special (green)"),
    PassportKind.service: N_("Service (grey)"),
    PassportKind.diplomatic: N_("Diplomatic"),
}
VISA_STATES = {
    VisaState.unknown: N_("Not known yet"),
    VisaState.not_needed: N_("Not needed"),
    VisaState.needed: N_("Needed, not applied for"),
    VisaState.applied: N_("Applied for"),
    VisaState.granted: N_("Granted"),
    VisaState.refused: N_("Refused"),
}
# A photograph or a scan of one page, in bytes.
MOST_PAGE = 10 * 1024 * 1024
# How files begin that hold a page: PDF, PNG, JPEG, HEIC ("ftyp" at the fifth byte).
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff")


def is_page(content: bytes) -> bool:
    """Whether a file is of a kind that holds a page, by its first bytes."""
    return content.startswith(_BEGINNINGS) or content[4:8] == b"ftyp"


SEXES = {"F": N_("Female"), "M": N_("Male"), "X": N_("Not stated")}


def masked(number: str) -> str:
    """All but the last three letters hidden, whatever the length."""
    return f"••••{number[-3:]}" if len(number) > 5 else "••••" if number else ""
