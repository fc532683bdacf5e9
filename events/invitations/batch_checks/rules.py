"""What to look at before people are invited. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.errors import N_
from events.programme.events.rules import ClockFinding


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


def findings(it: Readiness, today: date) -> Iterator[PreflightFinding]:
    """What an organiser would want to have seen; none of it keeps anybody from inviting. Where nobody can be written
    to, only that is said."""
    if it.without_address:
        facts = {"people": it.without_address, "of": it.to_ask}
        text = N_("Without an e-mail address, and so without an invitation: %(people)s.")
        yield PreflightFinding("address", text, facts)
    if it.without_address == it.to_ask:
        return
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
