"""What travellers are asked, and how long it is kept. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.errors import N_
from visits.passports.rules import PassportKind, VisaState, months_later

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
# Nobody younger is sent on a study visit: a later year of birth is a slip, as a rule today's year.
YOUNGEST = 16
# A photograph or a scan of one page, in bytes.
MOST_PAGE = 10 * 1024 * 1024
# How files begin that hold a page: PDF, PNG, JPEG, HEIC ("ftyp" at the fifth byte).
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff")


def is_page(content: bytes) -> bool:
    """Whether a file is of a kind that holds a page, by its first bytes."""
    return content.startswith(_BEGINNINGS) or content[4:8] == b"ftyp"


def passport_wrongs(
    born: date, issued: date | None, *, first_day: date, today: date
) -> Mapping[str, tuple[str, Mapping[str, object]]]:
    """Days that no passport of a traveller bears, by the field, with what is said beside it."""
    found: dict[str, tuple[str, Mapping[str, object]]] = {}
    if born > today:
        found["birth_date"] = (N_("This day has not come yet."), {})
    elif months_later(born, 12 * YOUNGEST) > first_day:
        found["birth_date"] = (
            N_("By this day, the traveller is not yet %(age)s years old at the visit. Please check the year."),
            {"age": YOUNGEST},
        )
    if issued and issued > today:
        found["issued"] = (N_("This day has not come yet."), {})
    elif issued and issued < born and not found:
        found["issued"] = (N_("A passport is issued after its holder is born."), {})
    return found


SEXES = {"F": N_("Female"), "M": N_("Male"), "X": N_("Not stated")}


def visa_state(told: Mapping[str, object]) -> VisaState:
    """How far a visa is by what was told: one that has a number has been granted, also where the state was left out."""
    state = VisaState(str(told.get("state") or VisaState.unknown))
    return VisaState.granted if state is VisaState.unknown and told.get("number") else state


def masked(number: str) -> str:
    """All but the last three letters hidden, whatever the length."""
    return f"••••{number[-3:]}" if len(number) > 5 else "••••" if number else ""
