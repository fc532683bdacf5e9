"""Typefaces of documents: measured, shaped where letters join, fonts asked in turn for each letter."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path

import uharfbuzz as hb
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from fpdf.unicode_script import UnicodeScript, get_unicode_script

from core.documents.font_files import FONTS, Face, MachineFonts, face_of

__all__ = ["FONTS", "Face"]
FILES = {
    ("DejaVu", ""): "DejaVuSansCondensed.ttf",
    ("DejaVu", "B"): "DejaVuSansCondensed-Bold.ttf",
    # One of the few typefaces in which the European Union's funding statement may be set.
    ("Ubuntu", ""): "Ubuntu-Regular.ttf",
}
# Asked in this order for letters that a typeface lacks; then the fonts of the machine.
FALLBACKS = ("DejaVuSansCondensed.ttf",)
machine_fonts = MachineFonts()
# A letter of each script that people of the world's states write their names in and the fonts of Heyet lack.
SCRIPTS = {
    "Chinese": "王",
    "Japanese": "や",
    "Korean": "김",
    "Devanagari (Hindi, Nepali)": "अ",
    "Bengali": "ব",
    "Ethiopic (Amharic, Tigrinya)": "አ",
    "Gurmukhi": "ਅ",
    "Gujarati": "અ",
    "Tamil": "த",
    "Telugu": "త",
    "Kannada": "ಕ",
    "Malayalam": "മ",
    "Sinhala": "ග",
    "Thai": "ส",
    "Burmese": "မ",
    "Khmer": "ស",
    "Tibetan (Dzongkha)": "བ",
    "Thaana (Maldivian)": "ދ",
}
# Drawn for a letter that no font has, so that the reader sees that something is missing.
REPLACEMENT = "\ufffd"
# Scripts whose letters join or stack, and marks that stand on letters: only these need the slower shaped drawing.
_SHAPED = re.compile(
    "[\u0300-\u036f\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\u200b-\u200f\u202a-\u202e\u2066-\u2069"
    "\ufb1d-\ufdff\ufe00-\ufe0f\ufe20-\ufe2f\ufe70-\ufeff]"
)
# A line is shaped when it is measured and again when it is drawn.
_KEPT = 1000
_COMMON = (UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN)


class _NotPlain(Exception):
    """A text that needs shaping, or another font than the typeface's own."""


@dataclass(frozen=True)
class ShapedGlyph:
    """A glyph in its place. Offsets and advance in thousandths of the type size; `text` is what it stands for."""

    number: int
    advance: float
    dx: float
    dy: float
    text: str


@dataclass(frozen=True)
class Run:
    """Glyphs of one font, from left to right."""

    face: Face
    glyphs: list[ShapedGlyph]


@dataclass(frozen=True)
class ShapedLine:
    """A line that needed shaping, from left to right. `width` in thousandths of the type size."""

    runs: list[Run]
    width: float


class _Plain(dict[str, int]):
    """Widths of the letters that are drawn as they come."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, char: str) -> int:
        width = self[char] = self.face.width(_plain_glyph(self.face, char))
        return width


class _Codes(dict[str, str]):
    """The same letters as they stand in a string of a PDF: two bytes each, as Latin-1."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, char: str) -> str:
        code = self[char] = escaped(_plain_glyph(self.face, char))
        return code


def _plain_glyph(face: Face, char: str) -> int:
    """Of a letter that is drawn as it comes; else raises _NotPlain."""
    glyph = 0 if _SHAPED.match(char) else face.glyph(char)
    if not glyph:
        raise _NotPlain
    return glyph


def escaped(glyph: int) -> str:
    """The number of a glyph as two bytes of a PDF's string."""
    code = glyph.to_bytes(2, "big").decode("latin-1")
    return re.sub(r"[()\\]", r"\\\g<0>", code).replace("\r", "\\r")


class Typeface:
    """A font, and those that are asked for the letters it lacks."""

    def __init__(self, faces: list[Face], *, is_bold: bool = False) -> None:
        self.faces, self.is_bold = faces, is_bold
        self._widths, self._codes = _Plain(faces[0]), _Codes(faces[0])

    def width(self, text: str) -> float:
        """In thousandths of the type size."""
        try:
            return sum(map(self._widths.__getitem__, text))
        except _NotPlain:
            return self.shaped(text).width

    def codes(self, text: str) -> str | None:
        """A text of plain letters as a PDF's string of glyphs of the first font; None if it has to be shaped."""
        try:
            return "".join(map(self._codes.__getitem__, text))
        except _NotPlain:
            return None

    @lru_cache(maxsize=_KEPT)  # noqa: B019  typefaces live as long as the process
    def shaped(self, text: str) -> ShapedLine:
        """The line with its letters joined and in the order in which the eye meets them (Unicode's rule L2)."""
        runs = [run for piece, is_rtl in _visual_order(text) for run in self._runs(piece, is_rtl)]
        return ShapedLine(runs, sum(glyph.advance for run in runs for glyph in run.glyphs))

    def face_for(self, char: str, beside: str = "") -> Face | None:
        """The first font that has the letter; `beside` is the text in which it stands."""
        own = next((face for face in self.faces if face.glyph(char)), None)
        return own or machine_fonts.face_for(char, is_bold=self.is_bold, beside=beside)

    def _runs(self, text: str, is_rtl: bool) -> list[Run]:
        """Pieces of one font and script each; within text from right to left, the last comes first."""
        chars: list[tuple[str, Face, UnicodeScript]] = []
        for char in text:
            script = get_unicode_script(char)
            before = chars[-1] if chars else None
            if before and (is_ignorable(char) or (unicodedata.combining(char) and before[1].glyph(char))):
                chars.append((char, before[1], before[2]))
                continue
            face = self.face_for(char, text)
            if face is None and not is_ignorable(char):
                char, face, script = REPLACEMENT, self.face_for(REPLACEMENT), UnicodeScript.COMMON
            face = face or self.faces[0]
            if script in _COMMON and before and before[1] is face:
                script = before[2]
            chars.append((char, face, script))
        runs = [
            Run(face, _shape(face, "".join(char for char, *_ in group), is_rtl))
            for (face, _), group in groupby(chars, key=lambda one: (one[1], one[2]))
        ]
        return runs[::-1] if is_rtl else runs


@cache
def typeface(family: str, style: str = "") -> Typeface:
    """A typeface by its name; "B" is the bold one."""
    files = [FILES[family, style], *(file for file in FALLBACKS if file != FILES[family, style])]
    return Typeface([face_of(file) for file in files], is_bold=style == "B")


def use_machine_fonts(folders: Sequence[Path]) -> None:
    """Where documents made from now on in this process look for letters that the fonts of Heyet lack."""
    if list(folders) != machine_fonts.folders:
        machine_fonts.use(folders)
        Typeface.shaped.cache_clear()


# Hebrew begins here; nothing before it is written from right to left.
_FIRST_RIGHT_TO_LEFT = "\u0590"


def is_right_to_left(text: str) -> bool:
    """Whether its first letter belongs to a script that is written so."""
    if max(text, default="") < _FIRST_RIGHT_TO_LEFT:
        return False
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def is_ignorable(char: str) -> bool:
    """Whether it is a control, a joiner or a selector: nothing is drawn for it."""
    return (
        unicodedata.category(char) in ("Cc", "Cf")
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def missing_scripts() -> list[str]:
    """Scripts of names that no font here can print."""
    return [script for script, letter in SCRIPTS.items() if unprintable([letter])]


def unprintable(texts: Iterable[str]) -> dict[str, str]:
    """Those of the texts with letters that no font of documents has, and these letters. Documents show U+FFFD there."""
    known = typeface("DejaVu")
    found = {}
    for text in texts:
        missing = dict.fromkeys(c for c in text if not is_ignorable(c) and known.face_for(c) is None)
        if missing:
            found[text] = "".join(missing)
    return found


def _visual_order(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of one direction as they follow each other from left to right; each in the order it is read."""
    kinds = set(map(unicodedata.bidirectional, text))
    for strong, is_rtl in (({"L"}, False), ({"R", "AL"}, True)):
        if kinds <= strong | {"NSM", "WS"}:
            yield text, is_rtl
            return
    base = TextDirection.RTL if is_right_to_left(text) else TextDirection.LTR
    characters = BidiParagraph(text, base).get_characters()
    pieces = [
        (level, "".join(c.character for c in group))
        for level, group in groupby(characters, key=lambda c: c.embedding_level)
    ]
    for turned in range(max((level for level, _ in pieces), default=0), 0, -1):
        start = 0
        while start < len(pieces):
            end = start
            while end < len(pieces) and pieces[end][0] >= turned:
                end += 1
            pieces[start:end] = pieces[start:end][::-1]
            start = end + 1
    yield from ((piece, level % 2 == 1) for level, piece in pieces)


def _shape(face: Face, text: str, is_rtl: bool) -> list[ShapedGlyph]:
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    hb.shape(face.font, buffer)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    starts = [*sorted({info.cluster for info in infos}), len(text)]
    ends = dict(pairwise(starts))
    glyphs, told = [], set()
    for info, place in zip(infos, positions, strict=True):
        stands_for = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
        told.add(info.cluster)
        scaled = (place.x_advance * face.scale, place.x_offset * face.scale, place.y_offset * face.scale)
        glyphs.append(ShapedGlyph(info.codepoint, *scaled, stands_for))
    return glyphs
