"""What is missing in which language. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import N_, NN_


class TextKind(StrEnum):
    """What has a second language."""

    project = "project"
    component = "component"
    event = "event"
    session = "session"
    material = "material"
    institution = "institution"
    position = "position"


TEXT_KINDS = {
    TextKind.project: N_("Title and donor of the project"),
    TextKind.component: N_("Components"),
    TextKind.event: N_("Events"),
    TextKind.session: N_("Sessions"),
    TextKind.material: N_("Materials"),
    TextKind.institution: N_("Institutions"),
    TextKind.position: N_("Positions"),
}


# As a task of those who plan.
SENTENCE = NN_("One text is in one language only.", "%(num)s texts are in one language only.")
STEP = N_("Add the other language")


@dataclass(frozen=True)
class HalfSaid:
    """A text that is in one language only, what it is, and the page on which it is said in another."""

    what: TextKind
    text: str
    missing: tuple[str, ...]
    href: str


def missing_languages(base: str, own: Mapping[str, str], wanted: Sequence[str]) -> tuple[str, ...]:
    """The languages in which a text is not said. `base` has no language of its own: where one of the others is left
    and differs from it, it is the one that is missing."""
    absent = tuple(one for one in wanted if not own.get(one))
    said = {text for text in own.values() if text}
    if not base or (len(absent) == 1 and said and base not in said):
        return ()
    return absent
