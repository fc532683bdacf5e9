"""What a part in a session is to its calendar, and what differs from what was told. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from core.errors import N_
from core.i18n import Words
from core.zones import local
from events.programme.agenda.rules import SESSION_ROLES, SessionRole


@dataclass(frozen=True)
class Content:
    """A session as the one who has a part in it needs to know it. `titles` are by language."""

    starts: str
    ends: str
    zone: str
    place: str
    titles: Mapping[str, str]
    parts: list[str] = field(default_factory=list)

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    def when(self, say: Words) -> str:
        starts, ends = datetime.fromisoformat(self.starts), datetime.fromisoformat(self.ends)
        day = say.weekday(local(starts, self.zone).date())
        return f"{day}, {say.time(starts, self.zone)}–{say.time(ends, self.zone)} ({self.zone})"

    def part(self, say: Words) -> str:
        return ", ".join(say.translate(SESSION_ROLES[SessionRole(part)]) for part in self.parts)

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def in_words(before: Content, now: Content, say: Words) -> list[str]:
    """What changed for the reader, old and new beside each other."""
    facts = [
        (N_("When: %(before)s is now %(after)s"), before.when(say), now.when(say)),
        (N_("Where: %(before)s is now %(after)s"), before.place, now.place),
        (N_("Title: %(before)s is now %(after)s"), before.title(say.language), now.title(say.language)),
        (N_("Your part: %(before)s is now %(after)s"), before.part(say), now.part(say)),
    ]
    return [say.translate(text, before=old or "–", after=new or "–") for text, old, new in facts if old != new]
