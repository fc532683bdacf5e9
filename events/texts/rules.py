"""Texts that organisers write: a closed list of placeholders, filled in by plain substitution. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

from core.errors import N_, Refusal

PLACEHOLDERS = {
    "name": N_("the person’s name"),
    "position": N_("the person’s position"),
    "event": N_("the event’s title"),
    "days": N_("the event’s days"),
    "place": N_("where it is"),
    "deadline": N_("until when answers are taken"),
    "answer": N_("what the person answered"),
}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


class OwnText(StrEnum):
    """Mails whose first words a project may write itself."""

    invitation = "invitation"
    reminder = "reminder"
    missing = "missing"
    accepted = "accepted"
    waiting = "waiting"
    update = "update"
    cancellation = "cancellation"
    before = "before"
    after = "after"


OWN_TEXTS = {
    OwnText.invitation: N_("Invitation"),
    OwnText.reminder: N_("Reminder to answer"),
    OwnText.missing: N_("Something is missing"),
    OwnText.accepted: N_("Place confirmed"),
    OwnText.waiting: N_("Waiting list"),
    OwnText.update: N_("Something changed"),
    OwnText.cancellation: N_("Cancelled or withdrawn"),
    OwnText.before: N_("Practical information before it begins"),
    OwnText.after: N_("Thanks afterwards"),
}


class NobodyToShow(Refusal):
    status = 409
    code = "nobody-to-show"
    title = N_("Nobody with an address is on a list of this project yet, so there is nobody to show it for.")


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that stand for nothing."""
    return sorted({name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})


def used_placeholders(*texts: str) -> set[str]:
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, once: what a value holds is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group(0)), text)


def blocks(text: str) -> list[str]:
    """Paragraphs, divided by empty lines; lines that begin with a dash are points of a list."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        if any(re.match(r"\s*[-*] ", line) for line in lines):
            found += [re.sub(r"^\s*[-*] ", "• ", line) for line in lines if line.strip()]
        else:
            found.append(" ".join(line.strip() for line in lines))
    return [block for block in found if block]
