"""Numbers of certificates, what is certified, and what a stranger may verify. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from core.columns import folded
from core.errors import N_, Refusal
from core.zones import local
from events.attendance.records.rules import HalfDay, half_of

# Under what a project keeps its own words for a certificate, and how long they may be in each language.
OWN_WORDS = "letter-certificate"
MOST_WORDS = 160


class CertificateState(StrEnum):
    """Whether a certificate holds."""

    valid = "valid"
    replaced = "replaced"
    withdrawn = "withdrawn"


CERTIFICATE_STATES = {
    CertificateState.valid: N_("Valid"),
    CertificateState.replaced: N_("Replaced by a corrected certificate"),
    CertificateState.withdrawn: N_("Withdrawn"),
}


class NobodyToCertify(Refusal):
    """Everybody who attended enough has a certificate that says what is known."""

    status = 409
    code = "nobody-to-certify"
    title = N_("Nobody is to get a certificate: record the attendance first, or everybody has theirs already.")


class SealUnusable(Refusal):
    """What certificates are sealed with cannot be used: none is issued without it."""

    status = 409
    code = "seal-unusable"
    title = N_("Certificates cannot be sealed: %(why)s. Please tell whoever runs this installation.")


class NotValid(Refusal):
    """What was replaced or withdrawn stays so."""

    status = 409
    code = "certificate-not-valid"
    title = N_("This certificate is not valid any more.")


def number_of(acronym: str, year: int, serial: int, issue: int) -> str:
    """`P-ACT/2026/0147`; a corrected one is `P-ACT/2026/0147-2`. Serials have no gaps within a project and year."""
    correction = f"-{issue}" if issue > 1 else ""
    return f"{acronym}/{year}/{serial:04d}{correction}"


def hours_attended(sessions: Iterable[tuple[datetime, datetime]], present: Collection[HalfDay], zone: str) -> Decimal:
    """Hours of the sessions in half-days that were attended, to the half-hour, rounded down. A session counts with the
    half-day in which it begins; those at the same time count once."""
    halves: dict[HalfDay, list[tuple[datetime, datetime]]] = {}
    for starts_at, ends_at in sessions:
        starts = local(starts_at, zone)
        halves.setdefault((starts.date(), half_of(starts)), []).append((starts_at, ends_at))
    total = sum((_covered(halves.get(one, [])) for one in present), timedelta())
    half_hours = Decimal(total.total_seconds()) / 1800
    return half_hours.quantize(Decimal(1), ROUND_DOWN) / 2


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long the spans last together."""
    total, until = timedelta(), None
    for starts, ends in sorted(spans):
        begins = starts if until is None else max(starts, until)
        total += max(ends - begins, timedelta())
        until = ends if until is None else max(until, ends)
    return total


def initials(name: str) -> str:
    """What a stranger sees of a name: first name and initial of the surname, "Ayşe B."."""
    first, *rest = name.split()
    return " ".join([first, f"{rest[-1][0]}."]) if rest else first


def is_surname(typed: str, name: str) -> bool:
    """Whether somebody who holds the paper typed the last word of the name, however it is spelled on their keyboard."""
    words = name.split()
    return bool(typed.strip() and words) and folded(typed).split()[-1:] == folded(words[-1]).split()[-1:]


def days_of(present: Iterable[HalfDay]) -> list[date]:
    return sorted({day for day, _ in present})
