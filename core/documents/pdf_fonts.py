"""How a PDF carries its fonts: each cut down to the glyphs used, by HarfBuzz, in a third of a millisecond."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import uharfbuzz as hb
from fontTools.cffLib import CFFFontSet
from fpdf.enums import FontDescriptorFlags
from fpdf.fonts import PDFFontDescriptor
from fpdf.output import CIDSystemInfo, OutputProducer, PDFFont, PDFFontStream
from fpdf.syntax import Name, PDFArray, PDFContentStream

from core.documents.fonts import Face, ShapedGlyph, Typeface, escaped

# Tables that no PDF viewer asks a font for whose glyphs are chosen by number.
_UNUSED = (b"GSUB", b"GPOS", b"GDEF", b"MATH", b"kern", b"post", b"name", b"OS/2", b"cmap", b"gasp", b"FFTM")
_UNUSED_OF_CJK = (b"BASE", b"VORG", b"vhea", b"vmtx")
_REGULAR, _BOLD = 400, 600
_NO_WIDTH = "\u200b"
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_LINES_OF_A_BLOCK = 100


class EmbeddedFonts:
    """Which glyphs of which fonts one document has used, and the text they stand for."""

    def __init__(self) -> None:
        self.numbers: dict[Face, int] = {}
        self._letters: dict[Face, set[str]] = {}
        self._texts: dict[Face, dict[int, str]] = {}

    def number_of(self, face: Face) -> int:
        """As which the pages call the font, from 1."""
        return self.numbers.setdefault(face, len(self.numbers) + 1)

    def note(self, used: Typeface, text: str) -> None:
        """A text of plain letters was drawn."""
        self._letters.setdefault(used.faces[0], set()).update(text)

    def note_glyph(self, face: Face, glyph: ShapedGlyph) -> str:
        """A shaped glyph was drawn. Returns how it stands in the page."""
        texts = self._texts.setdefault(face, {})
        if not texts.get(glyph.number):
            texts[glyph.number] = glyph.text
        return escaped(glyph.number)

    def say_all(self) -> None:
        """Let a glyph that stands for no letter of its own, as a mark drawn apart from its letter, stand for a space
        without width: an archive asks a text of each."""
        for texts in self._texts.values():
            texts.update((number, _NO_WIDTH) for number, text in list(texts.items()) if not text)

    def texts_of(self, face: Face) -> dict[int, str]:
        """What each glyph used stands for, in the order of glyphs."""
        texts = dict(self._texts.get(face, {}))
        for letter in sorted(self._letters.get(face, ())):
            texts[face.glyph(letter)] = letter
        return dict(sorted(texts.items()))


class FontOutput(OutputProducer):
    """fpdf's writer with our fonts in place of its own. Codes in pages are the numbers of glyphs."""

    def _add_fonts(self, *_: Any) -> Any:
        embedded: EmbeddedFonts = self.fpdf.embedded  # type: ignore[attr-defined]
        if self.fpdf.is_archival:  # type: ignore[attr-defined]
            embedded.say_all()
        return {number: self._font(face, embedded.texts_of(face)) for face, number in embedded.numbers.items()}

    def _font(self, face: Face, texts: Mapping[int, str]) -> PDFFont:
        name = f"HEYETA+{face.name}"
        font = PDFFont(subtype="Type0", base_font=name, encoding="Identity-H")
        self._add_pdf_obj(font, "fonts")
        widths = " ".join(f"{glyph} [{face.width(glyph)}]" for glyph in texts)
        kind = "CIDFontType0" if face.has_cubic_outlines else "CIDFontType2"
        descendant = PDFFont(subtype=kind, base_font=name, d_w=face.width(0), w=f"[{widths}]")
        self._add_pdf_obj(descendant, "fonts")
        font.descendant_fonts = PDFArray([descendant])
        font.to_unicode = PDFContentStream(_to_unicode(texts).encode(), compress=True)
        self._add_pdf_obj(font.to_unicode, "fonts")
        descendant.c_i_d_system_info = CIDSystemInfo()
        self._add_pdf_obj(descendant.c_i_d_system_info, "fonts")
        if not face.has_cubic_outlines:
            descendant.c_i_d_to_g_i_d_map = Name("Identity")  # type: ignore[assignment]
        descendant.font_descriptor = self._with_file(_descriptor(face, name), face, texts)
        self._add_pdf_obj(descendant.font_descriptor, "fonts")
        return font

    def _with_file(self, descriptor: PDFFontDescriptor, face: Face, texts: Mapping[int, str]) -> PDFFontDescriptor:
        file = PDFFontStream(contents=_cut_down(face, texts))
        if face.has_cubic_outlines:
            file.subtype = Name("CIDFontType0C")  # type: ignore[attr-defined]
            descriptor.font_file3 = file  # type: ignore[attr-defined]
        else:
            descriptor.font_file2 = file  # type: ignore[attr-defined]
        self._add_pdf_obj(file, "fonts")
        return descriptor


def _cut_down(face: Face, glyphs: Mapping[int, str]) -> bytes:
    """A font of TrueType with its glyphs under their numbers, or the bare table of PostScript's shapes."""
    if not face.has_cubic_outlines:
        return bytes(hb.subset(face.prepared, _wanted(glyphs, hb.SubsetFlags.RETAIN_GIDS)).blob.data)
    # Fonts of Han letters keep the numbers in a list of their own, so that the empty places can go.
    cut = _shapes(hb.subset(face.prepared, _wanted(glyphs, hb.SubsetFlags.DEFAULT)))
    if _has_numbers_of_its_own(cut):
        return cut
    return _shapes(hb.subset(face.prepared, _wanted(glyphs, hb.SubsetFlags.RETAIN_GIDS)))


def _wanted(glyphs: Mapping[int, str], numbers: hb.SubsetFlags) -> hb.SubsetInput:
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = (
        numbers | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in (*_UNUSED, *_UNUSED_OF_CJK))
    return wanted


def _shapes(cut: hb.Face) -> bytes:
    return bytes(cut.reference_table("CFF ").data)


def _has_numbers_of_its_own(cut: bytes) -> bool:
    """Whether it is keyed by CID, as its top dictionary tells by ROS."""
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(cut), None)  # type: ignore[no-untyped-call]
    return hasattr(fonts[0], "ROS")


def _to_unicode(texts: Mapping[int, str]) -> str:
    """So that text can be searched and copied."""
    lines = [f"<{glyph:04X}> <{text.encode('utf-16-be').hex().upper()}>\n" for glyph, text in texts.items() if text]
    blocks = [lines[start : start + _LINES_OF_A_BLOCK] for start in range(0, len(lines), _LINES_OF_A_BLOCK)]
    said = (f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return _CMAP.format(blocks="".join(said))


def _descriptor(face: Face, name: str) -> PDFFontDescriptor:
    head, across, metrics = face.table("head"), face.table("hhea"), face.table("OS/2")
    weight: int = metrics.usWeightClass if metrics else _REGULAR
    corners = (head.xMin, head.yMin, head.xMax, head.yMax)
    flags = FontDescriptorFlags.SYMBOLIC
    if weight >= _BOLD:
        flags |= FontDescriptorFlags.FORCE_BOLD
    found = PDFFontDescriptor(
        ascent=round(across.ascent * face.scale),
        descent=round(across.descent * face.scale),
        cap_height=round(getattr(metrics, "sCapHeight", across.ascent) * face.scale),
        flags=flags,
        font_b_box=f"[{' '.join(str(round(edge * face.scale)) for edge in corners)}]",
        italic_angle=0,
        stem_v=round(50 + (weight / 65) ** 2),
        missing_width=face.width(0),
    )
    found.font_name = Name(name)
    return found
