"""Texts with placeholders like {name}, filled in by plain substitution. Pure."""

import re
from collections.abc import Iterable, Mapping

from core.errors import N_
from core.text import wrong

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def used_placeholders(*texts: str) -> set[str]:
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}


def must_be_known(text: str, known: Iterable[str]) -> str:
    """The text. Refuses names in braces that stand for nothing, and says which there are."""
    unknown = sorted(used_placeholders(text).difference(known))
    if unknown:
        raise wrong(
            N_("Nothing stands for %(names)s. These can be used: %(allowed)s."),
            names=_in_braces(unknown),
            allowed=_in_braces(known),
        )
    return text


def _in_braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


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
