"""Finding a person in texts that others wrote, and taking them out. Pure."""

import re
from collections.abc import Iterable
from html import escape
from itertools import chain
from typing import Any

# What stands where somebody stood.
GONE = "–"
# Letters that one name is written with, by people and by programs that know no Turkish.
_ALIKE = ("ıiİIîÎ", "sşSŞ", "gğGĞ", "cçCÇ", "oöOÖ", "uüUÜûÛ", "aâAÂ")
# A long line of a calendar goes on in the next one, after a space (RFC 5545, 3.1).
_FOLD = r"(?:\r?\n[ \t])?"
_SHORTEST = 3


class Mention:
    """A person by the words that name them: names in any order of their words and any case, and addresses."""

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        words = {order for name in names for order in _orders(name)} | {a.strip() for a in addresses}
        # The longest first: of “Ayşe Yılmaz Kaya” nothing is left over.
        known = sorted((w for w in words if len(w) >= _SHORTEST), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(_spelt, known))})(?!\w)") if known else None

    def is_in(self, text: str) -> bool:
        return self._pattern is not None and self._pattern.search(text) is not None

    def taken_out(self, content: Any) -> Any:
        """The same text, list or document without the person."""
        if isinstance(content, str):
            return self._pattern.sub(GONE, content) if self._pattern else content
        if isinstance(content, list):
            return [self.taken_out(one) for one in content]
        if isinstance(content, dict):
            return {name: self.taken_out(one) for name, one in content.items()}
        return content


def _orders(name: str) -> Iterable[str]:
    """As it is said, and the way lists say it: the last words first."""
    words = name.replace(",", " ").split()
    yield " ".join(words)
    for n in range(1, len(words)):
        yield " ".join(chain(words[n:], words[:n]))
        yield " ".join(chain(words[n:-1], [f"{words[-1]},"], words[:n]))


def _spelt(words: str) -> str:
    # One way only to read each blank: with two, a long run of them would be tried in every combination.
    gap = r"(?:\s|&nbsp;)+"
    return gap.join(_FOLD.join(map(_letter, word)) for word in words.split())


def _letter(letter: str) -> str:
    alike = next((group for group in _ALIKE if letter in group), "")
    forms = {letter, letter.lower(), letter.upper(), escape(letter), *alike}
    if letter == "@":
        forms.add("%40")
    if letter == "'":
        forms |= {"&#39;", "’"}
    return f"(?:{'|'.join(re.escape(form) for form in sorted(forms, key=len, reverse=True))})"
