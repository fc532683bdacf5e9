"""Repairs of cells as ministries write them, each of which can be seen as a difference and switched off. Pure.

A repair is made only where it is certain; what is not stays as it was written, for a person to correct.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from core.columns import folded
from core.errors import N_


class Repair(StrEnum):
    """A kind of repair, as the preview names and switches it."""

    capitals = "capitals"
    order = "order"
    honorifics = "honorifics"
    ranks = "ranks"
    addresses = "addresses"
    filled = "filled"
    totals = "totals"


REPAIRS = {
    Repair.capitals: N_("Names in capital letters"),
    Repair.order: N_("“SURNAME, Given name” put in order"),
    Repair.honorifics: N_("“Sn.” left out, titles moved to the position"),
    Repair.ranks: N_("(Asil) and (Yedek) read as principal and reserve"),
    Repair.addresses: N_("E-mail addresses: “mailto:”, “(at)”, commas, two in a cell"),
    Repair.filled: N_("Merged cells repeated on each line"),
    Repair.totals: N_("Totals and repeated headings left out"),
}

_LETTERS_OF_TURKISH = set("ğşıİĞŞ")
# Words that Turkish and English write small inside a name or a position.
_SMALL = {"ve", "ile", "of", "the", "and", "for", "de", "da", "van", "der", "den", "von", "bin", "al", "el"}
_KNOWN_SHORT = {
    "göç",
    "il",
    "ilçe",
    "şube",
    "baş",
    "vali",
    "daire",
    "büro",
    "ofis",
    "uzman",
    "müdür",
    "hâkim",
    "savcı",
    "işleri",
}
_CONSONANTS_ONLY = re.compile(r"[^aeıioöuüâîûAEIİOÖUÜÂÎÛ]+")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)

# Only where capitals say which is the surname: behind a comma a position may stand too.
_SURNAME_FIRST = re.compile(r"\s*([^\W\d_]{2,}(?:[\s-][^\W\d_]{2,})?)\s*,\s*([^\W\d_]+(?:[\s-][^\W\d_]+){0,2})\s*")
_POLITE = re.compile(r"^\s*(?:sn|sayın|sayin|mr|mrs|ms|miss|bay|bayan)\b\.?\s*", re.IGNORECASE)
_FEMALE, _MALE = {"mrs", "ms", "miss", "bayan"}, {"mr", "bay"}
_TITLE = (
    r"(?:prof|doç|doc|dr|yrd|öğr|ogr|arş|ars|gör|gor|uzm|av|avukat|müh|muh|op|alb|yb|bnb|yzb|ütğm|utgm|assoc|asst|eng"
    r"|vali yardımcısı|vali yrd|hâkim|hakim|savcı|savci|judge|prosecutor|ambassador|büyükelçi)"
)
_TITLES = re.compile(rf"^\s*((?:{_TITLE}(?:\.\s*|\s+))+)(?=\S)", re.IGNORECASE)
# In brackets or behind a comma or dash: Asil is a surname too.
_RANK = re.compile(
    r"\s*(?:[\(\[]|\s[–-]|[,;])\s*(asil|asıl|asi̇l|yedek|principal|reserve|substitute)\b"
    r"(?:\s*(?:üye|aday|katılımcı))?\s*[\)\]]?\s*$",
    re.IGNORECASE,
)
_RANK_ALONE = (
    {"a": "principal", "y": "reserve", "asil": "principal", "yedek": "reserve"}
    | {word: word for word in ("principal", "reserve")}
    | {"substitute": "reserve"}
)

_AT = re.compile(r"\s*(?:\(\s*(?:at|et|kuyruklu a|@)\s*\)|\[\s*(?:at|@)\s*\]|\{\s*at\s*\})\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\(\s*(?:dot|nokta|\.)\s*\)|\[\s*(?:dot|nokta)\s*\])\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"“”;,:|/]+@[^\s<>()\[\]\"“”;,:|/]+")

_TOTAL = re.compile(
    r"^(?:genel |ara |grand |sub-?)?(?:toplam|total|sum|yekun)\b"
    r"|^(?:kişi|katılımcı) sayısı|^number of (?:people|participants)",
    re.IGNORECASE,
)
# What spreadsheets write where there is nothing.
_NOTHING = {"", "-", "–", "—", ".", "0", "x", "yok", "none", "nan", "null", "n/a", "na", "#n/a", "#ref!", "#value!"}
_NOTHING |= {"#name?", "#div/0!", "#yok", "#başv!", "#değer!", "#ad?", "#sayı/0!", "tbd", "bilinmiyor", "unknown"}


@dataclass
class Repaired:
    """The cells of a line after repair, what was written where that differs, and which repairs did it."""

    values: dict[str, str]
    was: dict[str, str] = field(default_factory=dict)
    repairs: set[Repair] = field(default_factory=set)

    def put(self, name: str, value: str, repair: Repair) -> None:
        before = self.values.get(name, "")
        if value != before:
            self.was.setdefault(name, before)
            self.values[name] = value
            self.repairs.add(repair)


def repaired(values: dict[str, str], *, turkish: bool, off: Collection[Repair] = ()) -> Repaired:
    """One line, field by field: `name`, `title` (the position), `sex`, `rank`, `address`, `other_address`.

    `turkish` says which alphabet capitals are made small by (`is_turkish`).
    """
    line = Repaired({name: "" if is_nothing(text) else text for name, text in values.items()})
    if Repair.ranks not in off:
        _rank(line)
    if Repair.capitals not in off:
        line.put("title", from_capitals_of_words(line.values.get("title", ""), turkish=turkish), Repair.capitals)
    if Repair.order not in off:
        _order(line)
    if Repair.honorifics not in off:
        _honorifics(line)
    if Repair.capitals not in off:
        for name in ("name", "given", "family"):
            line.put(name, from_capitals(line.values.get(name, ""), turkish=turkish), Repair.capitals)
    if Repair.addresses not in off:
        _addresses(line)
    return line


def is_turkish(texts: Collection[str]) -> bool:
    """Whether a list is written in the Turkish alphabet, so that a capital I is a dotless one."""
    return any(not _LETTERS_OF_TURKISH.isdisjoint(text) for text in texts)


def is_nothing(text: str) -> bool:
    """Whether a cell holds only what spreadsheets write for nothing."""
    return text.strip().casefold() in _NOTHING


def is_total(texts: Collection[str]) -> bool:
    """Whether a line counts people instead of naming one: “Toplam: 30 kişi”."""
    filled = [text for text in texts if text.strip()]
    return bool(filled) and len(filled) <= 3 and any(_TOTAL.search(text.strip()) for text in filled)


def from_capitals(name: str, *, turkish: bool) -> str:
    """A person's name with words in capitals made ordinary: “AYŞE YILMAZ-ÖZ” → “Ayşe Yılmaz-Öz”. Initials stay."""

    # The names of others keep their I: no Turkish word has a Q, W or X, or begins with an O’.
    turkish = turkish and not re.search("[QWX]|\\bO['’]", name)

    def small(match: re.Match[str]) -> str:
        word = match.group()
        return _capitalised(word, turkish) if len(word) > 1 and word == _upper(word, turkish) else word

    return _WORD.sub(small, name)


def from_capitals_of_words(text: str, *, turkish: bool) -> str:
    """A position in capitals made ordinary; abbreviations in it stay: “GÖÇ UZMANI (KOM)” → “Göç Uzmanı (KOM)”."""
    words = _WORD.findall(text)
    if len(text) < 5 or not words or text != _upper(text, turkish):
        return text

    def small(match: re.Match[str]) -> str:
        word = match.group()
        plain = _lower(word, turkish)
        if plain in _SMALL and match.start() > 0:
            return plain
        is_short = len(word) <= 3 and plain not in _KNOWN_SHORT
        return word if is_short or _CONSONANTS_ONLY.fullmatch(word) else _capitalised(word, turkish)

    return _WORD.sub(small, text)


def _upper(word: str, turkish: bool) -> str:
    return (word.replace("i", "İ").replace("ı", "I") if turkish else word).upper()


def _lower(word: str, turkish: bool) -> str:
    return (word.replace("I", "ı") if turkish else word).replace("İ", "i").lower()


def _capitalised(word: str, turkish: bool) -> str:
    return word[0] + _lower(word[1:], turkish)


def _rank(line: Repaired) -> None:
    for name in ("name", "family", "title"):
        text = line.values.get(name, "")
        found = _RANK.search(text)
        if found and found.start() > 0:
            line.put(name, text[: found.start()].strip(), Repair.ranks)
            line.put("rank", _RANK_ALONE.get(_rank_word(found.group(1)), "principal"), Repair.ranks)
    said = line.values.get("rank", "")
    if said:
        line.put("rank", _RANK_ALONE.get(_rank_word(said.strip(" ().")), said), Repair.ranks)


def _rank_word(text: str) -> str:
    return folded(text.replace("i̇", "i"))


def _order(line: Repaired) -> None:
    found = _SURNAME_FIRST.fullmatch(line.values.get("name", ""))
    if found and found[1].isupper() and found[2].istitle():
        line.put("name", f"{found[2]} {found[1]}", Repair.order)


def _honorifics(line: Repaired) -> None:
    name = "name" if line.values.get("name") else "given"
    text = line.values.get(name, "")
    while found := _POLITE.match(text):
        word = found.group().strip(" .").casefold()
        text = text[found.end() :]
        if not line.values.get("sex") and word in _FEMALE | _MALE:
            line.put("sex", "female" if word in _FEMALE else "male", Repair.honorifics)
    found = _TITLES.match(text)
    if found:
        academic, text = found.group(1).strip(), text[found.end() :]
        position = line.values.get("title", "")
        if folded(academic) not in folded(position):
            line.put("title", f"{academic} {position}".strip(), Repair.honorifics)
    if text.strip():
        line.put(name, text.strip(), Repair.honorifics)


def _addresses(line: Repaired) -> None:
    texts = [line.values.get("address", ""), line.values.get("other_address", "")]
    found = [address for text in texts for address in addresses_in(text)]
    if found and all("@" in address for address in found):
        # Nobody's mailbox is told apart by case, and capitals come from the table around it.
        found = [address.lower() if address.isupper() else address for address in found]
        line.put("address", found[0], Repair.addresses)
        line.put("other_address", " ".join(found[1:]), Repair.addresses)


def addresses_in(text: str) -> list[str]:
    """The addresses of a cell: “mailto:a@x.org; b(at)x.org,” → a@x.org, b@x.org. What is none comes back as it is."""
    text = _DOT.sub(".", _AT.sub("@", text.strip()))
    if text.count("@") == 1:
        text = re.sub(r"\s*@\s*", "@", text)
    found = [address.strip(".'?") for address in _ADDRESS.findall(text)]
    # Where a sign is left over something was not understood: nothing is repaired.
    return found if found and len(found) == text.count("@") else [text] if text else []


def with_address_repaired(cell: str) -> str:
    """A cell of a pasted line that is an address written otherwise, “a (at) b.org” or “mailto:a@b.org,”; whatever else
    as it stands, a name beside an address too."""
    found = addresses_in(cell)
    is_address = all("@" in one for one in found) and (len(cell.split()) == 1 or "@" not in cell)
    return ", ".join(found) if found and is_address else cell


_SEX = {
    "female": ("f", "k", "kadın", "kadin", "female", "woman", "bayan", "kız", "w"),
    "male": ("m", "e", "erkek", "male", "man", "bay"),
}
SEX_OF = {folded(word): sex for sex, words in _SEX.items() for word in words}
_LANGUAGE = {"tr": ("tr", "türkçe", "turkish", "turkce"), "en": ("en", "ingilizce", "english", "eng")}
LANGUAGE_OF = {folded(word): code for code, words in _LANGUAGE.items() for word in words}
