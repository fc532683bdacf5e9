"""What the columns of a travel agency's list of tickets are called, in Turkish and English. Pure."""

from collections.abc import Container

from core.errors import N_
from directory.imports.rules import ListField

# Whole headings as `directory.imports.rules.heading` makes them: lower case, letters of a plain keyboard, no marks.
TICKET_FIELDS = {
    "name": ListField(
        N_("Name"),
        (
            "yolcu", "yolcu adi", "yolcu adi soyadi", "yolcu ad soyad", "yolcu ismi", "ad soyad", "adi soyadi",
            "adi ve soyadi", "isim soyisim", "isim", "passenger", "passenger name", "passengers", "traveller",
            "traveler", "name", "full name", "name surname", "katilimci", "katilimci adi soyadi",
        ),
    ),
    "given": ListField(N_("Given name"), ("ad", "adi", "first name", "given name", "given names", "forename")),
    "family": ListField(N_("Family name"), ("soyad", "soyadi", "soyisim", "last name", "surname", "family name")),
    "mode": ListField(N_("Kind"), ("tur", "turu", "ulasim", "ulasim turu", "arac", "mode", "transport", "kind")),
    "carrier": ListField(
        N_("Carrier"),
        (
            "havayolu", "hava yolu", "havayolu sirketi", "tasiyici", "firma", "airline", "carrier", "operator",
            "company", "marketing carrier",
        ),
    ),
    "number": ListField(
        N_("Number"),
        (
            "ucus", "ucus no", "ucus numarasi", "ucus kodu", "sefer", "sefer no", "sefer numarasi", "tren", "tren no",
            "flight", "flight no", "flight number", "flt", "flt no", "train", "train no", "train number", "number",
        ),
    ),
    "route": ListField(
        N_("Route"), ("guzergah", "parkur", "hat", "rota", "route", "routing", "sector", "segment", "itinerary")
    ),
    "origin": ListField(
        N_("From"),
        (
            "nereden", "from", "kalkis yeri", "kalkis noktasi", "kalkis havalimani", "kalkis havaalani",
            "kalkis sehri", "kalkis istasyonu", "origin", "departure airport", "departure city", "departure station",
            "from airport", "departs from",
        ),
    ),
    "destination": ListField(
        N_("To"),
        (
            "nereye", "to", "varis yeri", "varis noktasi", "varis havalimani", "varis havaalani", "varis sehri",
            "varis istasyonu", "destination", "arrival airport", "arrival city", "arrival station", "to airport",
            "arrives at",
        ),
    ),
    "day": ListField(
        N_("Day"),
        (
            "tarih", "tarihi", "ucus tarihi", "kalkis tarihi", "sefer tarihi", "seyahat tarihi", "yolculuk tarihi",
            "date", "day", "flight date", "departure date", "travel date", "date of travel", "dep date",
        ),
    ),
    "departs": ListField(
        N_("Departure"),
        (
            "kalkis", "kalkis saati", "saat", "saati", "ucus saati", "hareket saati", "departure", "departure time",
            "departs", "dep", "dep time", "etd", "std", "time",
        ),
    ),
    "arrival_day": ListField(N_("Day of arrival"), ("varis tarihi", "arrival date", "arrival day", "arr date")),
    "arrives": ListField(
        N_("Arrival"),
        (
            "varis", "varis saati", "inis", "inis saati", "arrival", "arrival time", "arrives", "arr", "arr time",
            "eta", "sta",
        ),
    ),
    "reference": ListField(
        N_("Booking reference"),
        (
            "pnr", "pnr no", "pnr kodu", "rezervasyon", "rezervasyon no", "rezervasyon kodu", "rezervasyon numarasi",
            "reference", "booking", "booking reference", "booking no", "booking code", "confirmation",
            "record locator", "locator", "reservation",
        ),
    ),
    "ticket": ListField(
        N_("Ticket number"),
        (
            "bilet", "bilet no", "bilet numarasi", "e bilet", "e bilet no", "e bilet numarasi", "ticket", "ticket no",
            "ticket number", "e ticket", "e ticket no", "e ticket number", "etkt", "tkt", "tkt no",
        ),
    ),
    "seat": ListField(N_("Seat"), ("koltuk", "koltuk no", "seat", "seat no", "seat number")),
    "seat_class": ListField(
        N_("Class"), ("sinif", "sinifi", "kabin", "kabin sinifi", "class", "cabin", "booking class", "rbd")
    ),
    "fare": ListField(
        N_("Fare"),
        (
            "ucret", "ucreti", "bilet ucreti", "bilet fiyati", "bilet bedeli", "tutar", "tutari", "fiyat", "toplam",
            "toplam tutar", "fare", "ticket price", "price", "amount", "total", "total fare", "total price",
        ),
    ),
    "currency": ListField(
        N_("Currency"), ("para birimi", "para br", "doviz", "doviz cinsi", "kur", "currency", "curr", "ccy")
    ),
    "state": ListField(N_("State"), ("durum", "durumu", "bilet durumu", "status", "state", "ticket status")),
}  # fmt: skip


def is_ticket_list(fields: Container[str]) -> bool:
    """Whether columns say who goes, when, and from where to where."""
    is_named = "name" in fields or ("given" in fields and "family" in fields)
    has_ends = "route" in fields or ("origin" in fields and "destination" in fields)
    # "Departure" and "arrival" may stand over places as well as over times: what is below them tells.
    return is_named and "day" in fields and (has_ends or ("departs" in fields and "arrives" in fields))
