"""Kinds of official letters, their words until a project writes its own, and what can stand in braces. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import N_, Refusal
from core.placeholders import used_placeholders
from events.attendance.certificates.rules import MOST_WORDS

PLACEHOLDERS = {
    "event": N_("the event’s title"),
    "days": N_("the event’s days"),
    "place": N_("where it is"),
    "people": N_("how many people of the institution took part"),
    "project": N_("the project’s title"),
    "donor": N_("the donor"),
}
MOST_SUBJECT, MOST_TEXT = 200, 3000
OF_CERTIFICATES = frozenset(("project", "donor", "place"))


@dataclass(frozen=True)
class KnownStay:
    """Where somebody sleeps during an event, from the first day to the last."""

    first_day: date
    last_day: date
    address: str


class LetterKind(StrEnum):
    """What a letter is for."""

    participation = "participation"
    thanks = "thanks"
    visa = "visa"
    certificate = "certificate"


LETTERS = {
    LetterKind.participation: N_("Confirmation of participation"),
    LetterKind.thanks: N_("Thanks"),
    LetterKind.visa: N_("Visa support"),
    LetterKind.certificate: N_("Certificate of attendance"),
}
TO_INSTITUTIONS = (LetterKind.participation, LetterKind.thanks)
SUBJECTS = {
    LetterKind.participation: N_("Participation of your staff in: {event}"),
    LetterKind.thanks: N_("Our thanks for: {event}"),
    LetterKind.visa: N_("Support of a visa application: {event}"),
    LetterKind.certificate: "",
}
TEXTS = {
    LetterKind.participation: N_(
        "We confirm that the people of your institution who are named below took part in “{event}” ({days}, {place}), "
        "held by the project “{project}” (donor: {donor})."
    ),
    LetterKind.thanks: N_(
        "“{event}” ({days}, {place}) was held by the project “{project}” (donor: {donor}). {people} people of "
        "your institution took part.\n\nWe thank you for making this possible, and for what your staff brought to the "
        "discussions. We hope to work with you again."
    ),
    LetterKind.visa: N_(
        "We confirm that the person named below is invited to take part in “{event}” ({days}, {place}), held by the "
        "project “{project}” (donor: {donor}). We kindly ask you to help with the visa that is needed for it."
    ),
    LetterKind.certificate: N_("took part in"),
}


class NobodyTookPart(Refusal):
    """There is no institution to write to."""

    status = 409
    code = "nobody-took-part"
    title = N_("Nobody of an institution has been recorded as present yet: there is no institution to write to.")


class NobodyForVisa(Refusal):
    """Nobody with a place is asked for, or nobody of that country."""

    status = 409
    code = "nobody-for-visa"
    title = N_("Nobody with a place is of an institution there: there is no letter to make.")


class TooLongForCertificate(Refusal):
    """Between a name and an event there is room for two lines."""

    status = 422
    code = "too-long-for-a-certificate"
    title = N_("On a certificate there is room for %(most)s letters, and for {project}, {donor} and {place} alone.")


def must_fit_certificate(*texts: str) -> None:
    """Raises TooLongForCertificate."""
    if any(len(text) > MOST_WORDS or used_placeholders(text) - OF_CERTIFICATES for text in texts):
        raise TooLongForCertificate(most=MOST_WORDS)


def key_of(kind: LetterKind) -> str:
    """As what a project keeps its own words for that letter."""
    return f"letter-{kind.value}"


def own_words(texts: Mapping[str, Mapping[str, str]], kind: LetterKind, language: str) -> tuple[str, str]:
    """Subject and text that the project wrote in that language; empty where it wrote none."""
    own = texts.get(key_of(kind), {})
    return own.get(f"subject_{language}", ""), own.get(f"text_{language}", "")
