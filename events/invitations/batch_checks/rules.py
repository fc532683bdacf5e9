"""What to look at before people are invited. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz.distance import OSA

from core.errors import N_
from events.programme.events.rules import ClockFinding

# Whose customers mistype them most; whoever writes to them reaches a stranger.
MAILBOX_PROVIDERS = ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "yandex.com")
# A domain is compared with one that at least so many people have, and at least so many times as many.
FAMILIAR, TIMES = 3, 3
# Labels below this length that differ by a letter are two names rather than one mistyped: au.edu.tr, iu.edu.tr.
_LONG = 5
MOST_DOMAINS = 5


@dataclass(frozen=True)
class PreflightFinding:
    """Something about an event that its invitations will say, or not say: a sentence with its facts."""

    code: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Readiness:
    """What an event has as its invitations are written. `free` are places that nobody has; None: no limit."""

    to_ask: int
    without_address: int
    readers_tr: int
    readers_en: int
    free: int | None
    sessions: int
    place: str
    answer_by: date | None
    is_translated: bool
    clock: Sequence[ClockFinding] = ()
    domains: Sequence["DomainCount"] = ()


@dataclass(frozen=True)
class DomainCount:
    """How many people of a list have an address at a domain, and how many of them are to be asked."""

    domain: str
    people: int
    to_ask: int


@dataclass(frozen=True)
class MistypedDomain:
    """A domain that differs by one letter from `like`, which many more people have."""

    domain: str
    like: str
    people: int


def findings(it: Readiness, today: date) -> Iterator[PreflightFinding]:
    """What an organiser would want to have seen; none of it keeps anybody from inviting. Where nobody can be written
    to, only that is said."""
    if it.without_address:
        facts = {"people": it.without_address, "of": it.to_ask}
        text = N_("Without an e-mail address, and so without an invitation: %(people)s.")
        yield PreflightFinding("address", text, facts)
    if it.without_address == it.to_ask:
        return
    yield from _of_domains(it.domains)
    if it.free is not None and it.to_ask > it.free:
        facts = {"people": it.to_ask, "free": max(it.free, 0)}
        yield PreflightFinding("capacity", N_("To be invited: %(people)s. Free places: %(free)s."), facts)
    if not it.sessions:
        yield PreflightFinding("programme", N_("The programme is empty: the invitation names no session."))
    for one in it.clock:
        yield PreflightFinding(one.code, one.message, one.facts)
    if not it.place:
        yield PreflightFinding("place", N_("There is neither a venue nor an online address."))
    if it.answer_by is None:
        yield PreflightFinding("deadline", N_("There is no RSVP deadline."))
    elif it.answer_by < today:
        yield PreflightFinding("deadline", N_("The RSVP deadline has passed."))
    if it.readers_tr and it.readers_en and not it.is_translated:
        facts = {"turkish": it.readers_tr, "english": it.readers_en}
        text = N_("Readers of Turkish: %(turkish)s, of English: %(english)s. The title stands in one language only.")
        yield PreflightFinding("language", text, facts)


def _of_domains(counts: Sequence[DomainCount]) -> Iterator[PreflightFinding]:
    for one in mistyped_domains(counts)[:MOST_DOMAINS]:
        facts = {"domain": one.domain, "people": one.people, "like": one.like}
        text = N_("Perhaps mistyped: @%(domain)s (people: %(people)s). Others have @%(like)s.")
        yield PreflightFinding("domain", text, facts)


def mistyped_domains(counts: Sequence[DomainCount]) -> list[MistypedDomain]:
    """Domains of people to be asked that are a letter away from one that many people of the list have, or from a large
    provider's: a letter left out, added, taken for another, or two that changed places."""
    known = {one.domain: one.people for one in counts}
    familiar = [one.domain for one in counts if one.people >= FAMILIAR]
    found = []
    for one in counts:
        if not one.to_ask or one.domain in MAILBOX_PROVIDERS:
            continue
        for like in (*familiar, *MAILBOX_PROVIDERS):
            is_rare = like in MAILBOX_PROVIDERS or one.people * TIMES <= known[like]
            if is_rare and _is_a_letter_away(one.domain, like):
                found.append(MistypedDomain(one.domain, like, one.to_ask))
                break
    return found


def _is_a_letter_away(domain: str, like: str) -> bool:
    if OSA.distance(domain, like, score_cutoff=1) != 1:
        return False
    labels, others = domain.split("."), like.split(".")
    if len(labels) != len(others):
        return True
    differing = next(pair for pair in zip(labels, others, strict=True) if pair[0] != pair[1])
    return min(map(len, differing)) >= _LONG or (labels[0] == others[0] and len(labels[0]) >= _LONG)
