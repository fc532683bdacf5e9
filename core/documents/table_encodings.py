"""What the bytes of a text file mean: UTF-8 and UTF-16 are known by form, older encodings guessed by alphabets."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from core.documents.table_lines import FileReading
from core.errors import N_, NotThatKind, Unacceptable

# Letters beside plain ones, common ones first, then those that are seldom seen: wrongly read texts are full of them.
_TURKISH = ("çğıİöşüâîû", "")
_GREEK = ("αοιετσνηυρπκμλςάόίέήύώγδχ", "βζθξφψϊϋΐΰ")
_CYRILLIC = ("оеаинтсрвлкмдпу", "яыьгзбчйхжшюцщэфъ" + "".join(map(chr, range(0x450, 0x460))) + "ґ")
_ARABIC = ("".join(map(chr, range(0x621, 0x653))) + "پچژگک،؛؟", "")
_WESTERN = ("äöüßéèàêëïôçñåøæãõíóúá", "")
# Without those that stand where Turkish has letters: ý, đ, ţ.
_CENTRAL = ("ąćęłńóśźżáéíčďěňřšťůžôľĺŕőűăâîş", "")
# Name as people see it, Python's, and the letters beside plain ones that lists in it are written with. What is
# likelier here comes first: where two read a file alike, it counts.
_ALPHABETS = {
    "Windows-1254": ("cp1254", _TURKISH),
    "IBM857": ("cp857", _TURKISH),
    "MacTurkish": ("mac_turkish", _TURKISH),
    "Windows-1252": ("cp1252", _WESTERN),
    "Windows-1253": ("cp1253", _GREEK),
    "ISO-8859-7": ("iso8859_7", _GREEK),
    "Windows-1251": ("cp1251", _CYRILLIC),
    "KOI8-R": ("koi8_r", _CYRILLIC),
    "IBM866": ("cp866", _CYRILLIC),
    "Windows-1256": ("cp1256", _ARABIC),
    "ISO-8859-6": ("iso8859_6", _ARABIC),
    "Windows-1250": ("cp1250", _CENTRAL),
    "ISO-8859-2": ("iso8859_2", _CENTRAL),
}
_CODECS = {"UTF-8": "utf-8-sig", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be", "UTF-16": "utf-16"}
_CODECS |= {name: codec for name, (codec, _) in _ALPHABETS.items()}
# Bytes that are looked at for a guess, of the lines in which there is something to guess.
_SAMPLE = 64 * 1024
# What a guess is worth from which nobody has to be asked, and how much the next best may be worth beside it.
_SURE, _APART = 0.85, 0.5
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = "’‘“”–—…«»№€º°·\u00a0"
# Where DOS ends a text.
_END = b"\x1a"
_BROKEN = N_("Line %(line)s holds a character that could not be read. Please check the letters there.")


def decoded(data: bytes, chosen: str, reading: FileReading) -> tuple[str, str, list[str]]:
    """The text of a file, what it was read as, and what else could be chosen because it reads differently.

    Raises NotThatKind for what is no text, Unacceptable for an encoding that is none of ours.
    """
    data = data.rstrip(_END)
    if chosen and chosen not in _CODECS:
        raise Unacceptable("file", N_("Please choose one of the encodings that are offered."))
    name = chosen or _known(data) or _guessed(data, reading)
    text = data.decode(_CODECS[name], errors="replace")
    if "\x00" in text:
        raise NotThatKind("file", N_("This file is no text, though it is called so. Please send the list as XLSX."))
    if (broken := text.find("\ufffd")) >= 0:
        reading.warn(_BROKEN, line=text.count("\n", 0, broken) + 1)
    if name == "UTF-8" and not chosen:
        text = _encoded_once(text, reading)
    return text, name, [] if data.isascii() else _others(data, name, text)


def _others(data: bytes, name: str, text: str) -> list[str]:
    def reads(other: str) -> str:
        try:
            return data.decode(_CODECS[other])
        except UnicodeDecodeError:
            return text

    return [other for other in _CODECS if other != name and reads(other) not in (text, "\ufeff" + text)]


def _known(data: bytes) -> str:
    """UTF-8 and UTF-16, by a mark or by form; empty for all else."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    # Every second byte of plain letters, delimiters and line ends is zero there.
    head = data[:4096]
    high, low = head[1::2].count(0), head[::2].count(0)
    if len(data) % 2 == 0 and max(high, low) > max(len(head) // 12, 20 * min(high, low)):
        return "UTF-16LE" if high > low else "UTF-16BE"
    try:
        data.decode()
    except UnicodeDecodeError:
        read = data.decode(errors="replace")
        # Some bytes are wrong, but more letters are right than would be so by chance.
        broken = read.count("\ufffd")
        letters = sum(count for letter, count in Counter(read).items() if letter > "\x7f") - broken
        return "UTF-8" if letters >= 2 * broken else ""
    return "UTF-8"


def _guessed(data: bytes, reading: FileReading) -> str:
    """The encoding in which the file looks most like words of the language that is written in it."""
    sample = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    worth: dict[str, float] = {}
    texts: dict[str, str] = {}
    for name, (codec, letters) in _ALPHABETS.items():
        try:
            data.decode(codec)
            texts[name] = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        worth[name] = _worth(texts[name], letters)
    best = max(worth, key=worth.__getitem__, default="Windows-1254")
    rivals = [worth[name] for name, text in texts.items() if text != texts[best]]
    if worth.get(best, 0.0) < _SURE or max(rivals, default=-1.0) > worth[best] - _APART:
        reading.warn(
            N_("This file was read as %(encoding)s, which is a guess. Please look whether its letters are right."),
            encoding=best,
        )
    return best


def _worth(text: str, letters: tuple[str, str]) -> float:
    """1 where all letters are common ones of the alphabet and make up words; less for others, marks, odd words."""
    common, rare = (part + part.upper() for part in letters)
    ours = dict.fromkeys(rare, 0.5) | dict.fromkeys(common, 1.0)
    counts = Counter(letter for letter in text if letter > "\x7f")
    worth = sum(count * _worth_of(letter, ours) for letter, count in counts.items())
    words = Counter(word for word in _WORD.findall(text) if not word.isascii())
    worth -= sum(count * _oddity(word) for word, count in words.items())
    return worth / max(counts.total(), 1)


def _worth_of(letter: str, ours: Mapping[str, float]) -> float:
    if letter in ours:
        return ours[letter]
    if letter in _MARKS:
        return 0.2
    if letter.isalpha():
        return -0.5
    return -4.0 if unicodedata.category(letter) == "Cc" else -2.0


def _oddity(word: str) -> float:
    """Letters of two scripts, capitals in the middle, or a Greek s for the end of words there, make no word."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in word}
    rest = word[1:]
    return 3.0 * (len(scripts) > 1) + 1.5 * (not word.isupper() and rest != rest.lower()) + ("ς" in word[:-1])


def _encoded_once(text: str, reading: FileReading) -> str:
    """Letters that some program took for others and encoded again (“Ã¼” for “ü”), if all of the text is like that."""
    for codec in ("cp1252", "cp1254"):
        try:
            once = text.encode(codec).decode()
        except UnicodeError:
            continue
        if once != text:
            reading.warn(N_("The letters of this file had been encoded twice and were mended. Please look at them."))
            return once
    return text
