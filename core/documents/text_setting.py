"""Setting text in a space of given size without losing a letter: broken, then smaller, then higher."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.documents.fonts import Typeface, typeface

_MM_OF_A_POINT = 25.4 / 72
_LEADING = 1.18
_STEP = 0.5


@dataclass(frozen=True)
class TextStyle:
    """A typeface and its size in points."""

    points: float
    weight: str = ""
    family: str = "DejaVu"

    @cached_property
    def face(self) -> Typeface:
        return typeface(self.family, self.weight)

    @cached_property
    def leading(self) -> float:
        """From one baseline to the next, in millimetres."""
        return self.points * _MM_OF_A_POINT * _LEADING

    @cached_property
    def unit(self) -> float:
        """A thousandth of the size, in millimetres."""
        return self.points * _MM_OF_A_POINT / 1000

    def width(self, text: str) -> float:
        """In millimetres."""
        return self.face.width(text) * self.unit

    def smaller(self, points: float) -> "TextStyle":
        return TextStyle(points, self.weight, self.family)


@dataclass(frozen=True)
class SetText:
    """Lines in the style in which they fit."""

    style: TextStyle
    lines: Sequence[str]

    @property
    def height(self) -> float:
        return self.style.leading * len(self.lines)


def broken(text: str, style: TextStyle, width: float) -> list[str]:
    """The text in as many lines as it takes. A word wider than the line goes on in the next one."""
    return _Words(text, style.face).lines(style, width) if text else []


def set_in(text: str, style: TextStyle, width: float, height: float, *, least: float = 7) -> SetText:
    """The text in the largest size, from the style's down to `least` points, in which its lines fit that height and
    no word is broken.

    Where even the smallest does not fit, the text is higher than what was asked for: whoever sets it makes room.
    """
    if style.width(text) <= width:
        return SetText(style, [text] if text else [])
    words = _Words(text, style.face)
    while True:
        lines = words.lines(style, width)
        fits = len(lines) * style.leading <= height and words.widest * style.unit <= width
        if style.points <= least or fits:
            return SetText(style, lines)
        style = style.smaller(max(least, style.points - _STEP))


def set_in_a_line(text: str, style: TextStyle, width: float) -> SetText:
    """The text in one line, as small as that takes."""
    needed = style.width(text)
    return SetText(style.smaller(style.points * min(1, width / needed)) if needed > width else style, [text])


class _Words:
    """A text's words, each measured once for all sizes that are tried. Widths in thousandths of the type size."""

    def __init__(self, text: str, face: Typeface) -> None:
        self.face = face
        self.words = text.split()
        self.widths = [face.width(word) for word in self.words]
        self.widest = max(self.widths, default=0)
        self.space = face.width(" ")

    def lines(self, style: TextStyle, width: float) -> list[str]:
        room = width / style.unit
        lines: list[str] = []
        line: list[str] = []
        used = 0.0
        for word, wide in zip(self.words, self.widths, strict=True):
            if line and used + self.space + wide <= room:
                line.append(word)
                used += self.space + wide
                continue
            if line:
                lines.append(" ".join(line))
            if wide > room:
                *full, word = self._pieces(word, room)
                lines += full
                wide = self.face.width(word)
            line, used = [word], wide
        return [*lines, " ".join(line)] if line else lines

    def _pieces(self, word: str, room: float) -> list[str]:
        """A word cut where the line ends; a mark stays with its letter, and a line holds one letter at least."""
        pieces, piece = [], ""
        for char in word:
            if piece and not unicodedata.combining(char) and self.face.width(piece + char) > room:
                pieces.append(piece)
                piece = ""
            piece += char
        return [*pieces, piece]
