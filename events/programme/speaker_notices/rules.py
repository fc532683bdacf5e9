"""What a part in a session is to its calendar, and what differs from what was told. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from core.errors import N_
from core.i18n import Words
from core.zones import day_in
from events.programme.agenda.rules import SESSION_ROLES, SessionRole, before_and_now

# What was stored before fields had their present names keeps the former ones.
_STORED_AS = {"venue": "place", "roles": "parts"}
_NAMED = {stored: name for name, stored in _STORED_AS.items()}


@dataclass(frozen=True)
class NoticeContent:
    """A session as the one who has a part in it needs to know it. `titles` are by language."""

    starts: str
    ends: str
    zone: str
    venue: str
    titles: Mapping[str, str]
    roles: list[str] = field(default_factory=list)

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    def when(self, say: Words) -> str:
        starts, ends = datetime.fromisoformat(self.starts), datetime.fromisoformat(self.ends)
        day = say.weekday(day_in(self.zone, at=starts))
        return f"{day}, {say.time(starts, self.zone)}–{say.time(ends, self.zone)} ({self.zone})"

    def role(self, say: Words) -> str:
        return ", ".join(say.translate(SESSION_ROLES[SessionRole(role)]) for role in self.roles)

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {_STORED_AS.get(name, name): value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "NoticeContent":
        return cls(**{_NAMED.get(name, name): value for name, value in stored.items()})


def in_words(before: NoticeContent, now: NoticeContent, say: Words) -> list[str]:
    """What changed for the reader, old and new beside each other."""
    facts = [
        (N_("When: %(before)s is now %(after)s"), before.when(say), now.when(say)),
        (N_("Where: %(before)s is now %(after)s"), before.venue, now.venue),
        (N_("Title: %(before)s is now %(after)s"), before.title(say.language), now.title(say.language)),
        (N_("Your part: %(before)s is now %(after)s"), before.role(say), now.role(say)),
    ]
    return before_and_now(facts, say)
