"""Files of fonts: those that come with Heyet, and those of the machine for letters that these lack."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.ttLib import TTFont, newTable

FONTS = Path(__file__).resolve().parents[2] / "templates" / "static" / "vendor"
_ENDINGS = {".ttf", ".otf", ".ttc"}
# Most likely to hold a script, and alike in look, first. Any other font of the machine comes after these.
_FAMILIES = ("NotoSans", "NotoSerif")
# Han letters are drawn as the language draws them that the rest of the text is written in.
_LANGUAGES = (("jp", "[\u3040-\u30ff]"), ("kr", "[\u1100-\u11ff\uac00-\ud7af]"), ("tc", "[\u3105-\u312f]"))
_USUAL_LANGUAGE = "sc"
_CJK = re.compile("CJK(jp|kr|sc|tc)-")
# Bit of OS/2.fsType by which a font forbids to be embedded.
_NOT_TO_EMBED = 0x0002
# Letters of which it is remembered who has them.
_KEPT = 10_000


class Face:
    """One font of a file. Widths are in thousandths of the type size, rounded as a PDF has them."""

    def __init__(self, file: Path, index: int = 0) -> None:
        self.file, self.index = file, index
        self.blob = hb.Blob.from_file_path(str(file))
        self.face = hb.Face(self.blob, index)
        self.font = hb.Font(self.face)
        self.scale = 1000 / self.face.upem
        self._widths: dict[int, int] = {}

    def glyph(self, char: str) -> int:
        """Its number, 0 where the font lacks it."""
        return self.font.get_nominal_glyph(ord(char)) or 0

    def width(self, glyph: int) -> int:
        found = self._widths.get(glyph)
        if found is None:
            found = self._widths[glyph] = round(self.font.get_glyph_h_advance(glyph) * self.scale)
        return found

    @cached_property
    def has_cubic_outlines(self) -> bool:
        """Whether its shapes are PostScript's (table CFF) and not TrueType's."""
        return "CFF " in self.face.table_tags

    @cached_property
    def prepared(self) -> hb.Face:
        """The font in the order that cutting down wants it: three times as fast, for those of a few thousand glyphs."""
        return self.face if self.has_cubic_outlines else hb.subset_preprocess(self.face)

    @cached_property
    def name(self) -> str:
        """The one that PostScript and PDF know it by."""
        return self.face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or ""

    def table(self, tag: str) -> Any:
        """What a font says of itself as a whole (`OS/2`, `head`, `hhea`), read anew; None where it has no such table.
        No file stays open for it."""
        data = self.face.reference_table(tag).data
        if not data:
            return None
        found = newTable(tag)
        found.decompile(data, TTFont())
        return found


@cache
def face_of(file: str) -> Face:
    """A font that comes with Heyet."""
    return Face(FONTS / file)


@dataclass(frozen=True)
class _MachineFace:
    """A font of the machine, and which language its Han letters are drawn for, if it has any."""

    face: Face
    is_bold: bool
    language: str


class MachineFonts:
    """Fonts in folders of the machine, opened when the first letter is asked for (295 files in 30 ms)."""

    def __init__(self) -> None:
        self.use(())

    def use(self, folders: Sequence[Path]) -> None:
        """Look in these from now on, and in all that they hold."""
        self.folders = list(folders)
        self._answers: dict[tuple[str, bool, str], Face | None] = {}
        self.__dict__.pop("_faces", None)

    def face_for(self, char: str, *, is_bold: bool = False, beside: str = "") -> Face | None:
        """The font to take for a letter: bold where that is wanted and there is one, and of the language that the
        letters beside it tell."""
        asked = (char, is_bold, _language_of(beside))
        if asked in self._answers:
            return self._answers[asked]
        if len(self._answers) >= _KEPT:
            self._answers.clear()
        found = self._answers[asked] = self._sought(*asked)
        return found

    def _sought(self, char: str, is_bold: bool, language: str) -> Face | None:
        able = [one for one in self._faces if one.face.glyph(char) and _may_be_embedded(one.face)]
        able.sort(key=lambda one: (one.language not in ("", language), one.is_bold is not is_bold))
        return able[0].face if able else None

    @cached_property
    def _faces(self) -> list[_MachineFace]:
        files = {
            Path(folder, name)
            for top in self.folders
            for folder, _, names in os.walk(top)
            for name in names
            if Path(name).suffix.lower() in _ENDINGS and "Italic" not in name and "Oblique" not in name
        }
        return [face for file in sorted(files, key=_rank) for face in _opened(file)]


def _rank(file: Path) -> tuple[int, str, str]:
    families = [at for at, family in enumerate(_FAMILIES) if file.name.startswith(family)]
    return (families[0] if families else len(_FAMILIES)), file.name, str(file)


def _opened(file: Path) -> Iterator[_MachineFace]:
    """The fonts of a file whose letters are outlines; none of one that is no font."""
    try:
        count = max(hb.Face(hb.Blob.from_file_path(str(file)), 0).count, 1)
        faces = [Face(file, index) for index in range(count)]
    except (OSError, ValueError, hb.HarfBuzzError, ZeroDivisionError):
        return
    is_bold = "Bold" in file.stem
    for face in faces:
        if {"glyf", "CFF "} & set(face.face.table_tags):
            of_cjk = _CJK.search(face.name)
            yield _MachineFace(face, is_bold, of_cjk[1] if of_cjk else "")


def _may_be_embedded(face: Face) -> bool:
    metrics = face.table("OS/2")
    return metrics is None or not metrics.fsType & _NOT_TO_EMBED


def _language_of(text: str) -> str:
    return next((language for language, letters in _LANGUAGES if re.search(letters, text)), _USUAL_LANGUAGE)
