"""What the columns of a list of institutions are. Pure."""

from collections.abc import Container

from pydantic import TypeAdapter

from core.errors import N_
from core.text import Name
from directory.imports.rules import CONTACT_FIELDS, ListField
from directory.people.schemas import InstitutionName

# A line a focal point: an institution may stand in as many lines.
MOST_LINES_EACH = 20
FIELDS = {
    "institution": ListField(
        N_("Institution name"),
        (
            "institution",
            "institution name",
            "name of institution",
            "organisation",
            "organization",
            "kurum",
            "kurumu",
            "kurum adi",
            "kurumun adi",
            "birim",
            "birimi",
            "birim adi",
            "mudurluk",
            "il mudurlugu",
            "kurulus",
        ),
        r"\b(kurum|kurumu|kurulusu|kurum adi|institution|organi[sz]ation|mudurlugu|adliyesi)\b",
        TypeAdapter(InstitutionName),
        N_("Please check the institution."),
    ),
    "name_en": ListField(
        N_("Name in English"),
        ("name in english", "english name", "ingilizce adi", "ingilizce ad", "kurumun ingilizce adi"),
        r"\b(in english|english name|ingilizce adi)\b",
        TypeAdapter(InstitutionName),
        N_("Please check the institution."),
    ),
    "kind": ListField(N_("Kind"), ("kind", "type", "tur", "turu", "kurum turu", "tip", "tipi")),
    "province": ListField(
        N_("Province"), ("province", "city", "il", "ili", "sehir", "sehri"), r"\b(il adi|bulundugu il|province|city)\b"
    ),
    "parent": ListField(
        N_("Parent institution"),
        ("parent", "parent institution", "ust kurum", "ust kurumu", "bagli oldugu kurum", "bagli kurum"),
        r"\b(parent|ust kurum|bagli oldugu)\b",
        TypeAdapter(InstitutionName),
        N_("Please check the institution."),
    ),
    "name": ListField(
        N_("Focal point"),
        (
            "focal point",
            "focal point name",
            "name",
            "contact",
            "contact person",
            "irtibat noktasi",
            "irtibat kisisi",
            "irtibat personeli",
            "irtibat gorevlisi",
            "odak noktasi",
            "ad soyad",
            "adi soyadi",
            "adi ve soyadi",
            "yetkili",
        ),
        r"\b(focal points?|contact person|irtibat|odak noktasi|adi soyadi|yetkili)\b",
        TypeAdapter(Name),
        N_("Please check the name."),
    ),
    "given": ListField(N_("Given name"), ("first name", "given name", "ad", "adi")),
    "family": ListField(N_("Family name"), ("last name", "surname", "family name", "soyad", "soyadi")),
    "title": CONTACT_FIELDS["title"],
    "address": CONTACT_FIELDS["address"],
    "other_address": CONTACT_FIELDS["other_address"],
    "phone": CONTACT_FIELDS["phone"],
}


def has_institutions(fields: Container[str]) -> bool:
    """Whether these columns say which institutions a list is of."""
    return "institution" in fields
