"""What the columns of a nomination list are, and which of its lines name the same person. Pure."""

from collections.abc import Container, Sequence
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter
from rapidfuzz import fuzz

from core.columns import folded
from core.errors import N_
from core.i18n import LANGUAGES, words
from core.text import Name, address_key
from directory.imports.rules import CONTACT_FIELDS, IMPORTABLE, ImportRow, ListField, Verdict
from directory.people.schemas import InstitutionName, ProtocolRank
from events.invitations.invitations.rules import CATEGORIES

# From this share of letters two names at one mailbox are one person; below it two share the mailbox.
SAME_NAME = 70
_RANK: TypeAdapter[int | None] = TypeAdapter(ProtocolRank)


def _rank(text: str) -> str:
    return str(_RANK.validate_python(text) or "")


FIELDS = {
    "name": ListField(
        N_("Name"),
        (
            "name",
            "full name",
            "name surname",
            "name and surname",
            "name last name",
            "participant",
            "participants",
            "ad soyad",
            "adi soyadi",
            "ad soyadi",
            "adi ve soyadi",
            "ad ve soyad",
            "isim",
            "isim soyisim",
            "katilimci",
        ),
        r"\b(ad|adi|isim|ismi|name)\b.*\b(soyad|soyadi|soyisim|surname)\b",
        TypeAdapter(Name),
        N_("Please check the name."),
    ),
    "given": ListField(N_("Given name"), ("first name", "given name", "given names", "ad", "adi", "forename")),
    "family": ListField(N_("Family name"), ("last name", "surname", "family name", "soyad", "soyadi", "soyisim")),
    "title": CONTACT_FIELDS["title"],
    "institution": ListField(
        N_("Institution"),
        ("institution", "organisation", "organization", "kurum", "kurumu", "birim", "birimi", "kurulus", "affiliation"),
        r"\b(kurum|kurumu|kurulusu|institution|organi[sz]ation|gorev yeri|calistigi yer|adliye|mahkeme)\b",
        TypeAdapter(InstitutionName),
        N_("Please check the institution."),
    ),
    "province": ListField(
        N_("Province"),
        ("province", "city", "il", "ili", "sehir", "sehri"),
        r"\b(il adi|gorev yaptigi il|bulundugu il|province|city)\b",
    ),
    "address": CONTACT_FIELDS["address"],
    "other_address": CONTACT_FIELDS["other_address"],
    "phone": CONTACT_FIELDS["phone"],
    "sex": ListField(N_("Sex"), ("sex", "gender", "cinsiyet", "cinsiyeti", "k e", "f m"), r"\b(cinsiyet|gender)\b"),
    "language": ListField(N_("Language"), ("language", "dil", "dili", "yazisma dili", "correspondence language")),
    "category": ListField(N_("Category"), ("category", "kategori", "katilimci turu", "tur", "turu", "rol", "role")),
    "protocol_rank": ListField(
        N_("Protocol rank"),
        ("protocol", "protocol rank", "protocol order", "protokol", "protokol sirasi", "protokol sira no"),
        r"\b(protokol sirasi|protocol (rank|order))\b",
        TypeAdapter(Annotated[str, AfterValidator(_rank)]),
        N_("A protocol rank is a whole number from 1 to 999."),
    ),
    "rank": ListField(N_("Principal or reserve"), ("asil yedek", "asil", "principal reserve", "principal or reserve")),
}
CATEGORY_OF = {
    folded(name): category
    for category, message in CATEGORIES.items()
    for name in (category, *(words(language).translate(message) for language in LANGUAGES))
}


RANKS = {"principal": N_("Principal"), "reserve": N_("Reserve")}


def has_names(fields: Container[str]) -> bool:
    """Whether these columns say whom a list names."""
    return "name" in fields or ("given" in fields and "family" in fields)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names at one mailbox may be one person's: the same words in any order, or nearly the same, or the
    initials of them (“A. Yılmaz”)."""
    words, others = (folded(name).replace(".", " ").split() for name in (one, other))
    if _begin(words, others) or _begin(others, words):
        return True
    return fuzz.token_set_ratio(folded(one), folded(other)) >= SAME_NAME


def _begin(short: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each of these begins one of the words."""
    return bool(short) and all(any(word.startswith(part) for word in words) for part in short)


def mark_repeated(rows: Sequence[ImportRow]) -> None:
    """The first of equal lines counts: same mailbox and name, or same name and institution where there is no mailbox.
    Another name at the same mailbox is another person, whom somebody has to confirm."""
    seen: dict[tuple[str, ...], ImportRow] = {}
    for row in rows:
        if row.verdict not in IMPORTABLE:
            continue
        name, address = row.values.get("name", ""), row.values.get("address", "")
        key = ("@", address_key(address)) if address else (folded(name), folded(row.values.get("institution", "")))
        first = seen.setdefault(key, row)
        if first is row:
            continue
        if address and not is_same_name(name, first.values.get("name", "")):
            text = N_("Line %(line)s has this address too, under another name. Both get their own mail there.")
            row.mark(Verdict.shared, text, "address", line=first.number)
        else:
            row.mark(Verdict.duplicate, N_("see line %(line)s"), line=first.number)
