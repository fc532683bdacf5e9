"""What each institution of a batch is called, and what cannot be taken back. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from core.errors import N_, Refusal
from directory.people.geography import provinces

# What a pattern has where the province comes.
SLOT = "{province}"


class NoNewInstitution(Refusal):
    status = 409
    code = "no-new-institution"
    title = N_("All of these institutions are there already.")


class TakenBack(Refusal):
    status = 409
    code = "taken-back"
    title = N_("This has been taken back already.")


@dataclass(frozen=True)
class Planned:
    """An institution that a batch means: the code of its province and its names."""

    province: str
    name: str
    name_en: str


def planned(pattern: str, pattern_en: str, codes: Collection[str]) -> list[Planned]:
    """One for each of these provinces, or for all where none is named, in the order of their codes."""
    english = provinces("en")
    return [
        Planned(code, pattern.replace(SLOT, name), pattern_en.replace(SLOT, english[code]))
        for code, name in provinces().items()
        if not codes or code in codes
    ]
