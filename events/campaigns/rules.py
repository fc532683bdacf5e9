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


class CampaignState(StrEnum):
    """How far a campaign is."""

    draft = "draft"
    written = "written"
    released = "released"


class CampaignWritten(Refusal):
    status = 409
    code = "campaign-written"
    title = N_("This has been written to people already. Please make another one.")


class NobodyToWriteTo(Refusal):
    status = 409
    code = "nobody-to-write-to"
    title = N_("Nobody with an address passes this filter.")


class ValueMissing(Refusal):
    """A placeholder has nothing to stand for: that stops the writing, not the sending."""

    status = 409
    code = "value-missing"
    title = N_("{%(placeholder)s} is empty for this event. Please fill it in, or take it out of the text.")


class NothingToSendAgain(Refusal):
    status = 409
    code = "nothing-to-send-again"
    title = N_("Nothing of this has failed.")


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
