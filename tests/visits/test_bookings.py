"""What vendors really send is read into proposals, each trap by its own sample."""

import html
import io
import json
from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from heyet.cli import app
from tests.visits.vendors import (
    VISIT,
    boarding_pass,
    calendar,
    flight,
    forwarded,
    mail,
    page,
    proposal,
    read,
    script,
    zipped,
)
from visits.bookings.bcbp import parse_bar_code
from visits.bookings.reader import read_bookings
from visits.bookings.rules import ReadingContext

CODE = "M1DEMIR/ELIF MRS      EHYT6K2 ISTVIETK 1887 285Y012A0042 100"
GOOD = flight()


def only_leg(found: dict[str, Any]) -> dict[str, Any]:
    assert len(found["legs"]) == 1, found
    leg: dict[str, Any] = found["legs"][0]
    return leg


ONE_FLIGHT = {
    "carrier": "TK",
    "number": "1887",
    "from": {"iata": "IST"},
    "to": {"iata": "VIE"},
    "departs": {"local": "2026-10-12T08:05", "zone": "Europe/Istanbul"},
    "arrives": {"local": "2026-10-12T09:40", "zone": "Europe/Vienna"},
    "minutes": 155,
    "reference": "HYT6K2",
    "passengers": ["Elif Demir"],
}
TEXT = json.dumps(GOOD)
MICRODATA = """<div itemscope itemtype="http://schema.org/FlightReservation" itemref="more">
<META itemprop="reservationNumber" content="HYT6K2"><div itemprop="underName" itemscope
itemtype="http://schema.org/Person"><span itemprop="name">Elif&nbsp;Demir</span></div>
<div itemprop="reservationFor" itemscope itemtype="http://schema.org/Flight">
<meta itemprop="flightNumber" content="TK1887">
<div itemprop="airline provider" itemscope itemtype="http://schema.org/Airline">
<meta itemprop="iataCode" content="TK"></div>
<div itemprop="departureAirport" itemscope itemtype="http://schema.org/Airport">
<meta itemprop="iataCode" content="IST"></div>
<time itemprop="departureTime" datetime="2026-10-12T08:05:00+03:00">8.05</time>
<div itemprop="arrivalAirport" itemscope itemtype="http://schema.org/Airport">
<meta itemprop="iataCode" content="VIE"></div>
<meta itemprop="arrivalTime" content="2026-10-12T09:40:00+02:00"></div></div>
<div id="more"><meta itemprop="airplaneSeat" content="12A"></div>"""


@pytest.mark.parametrize(
    ("content", "warnings"),
    [
        (page(GOOD), []),
        (page(GOOD, GOOD), []),
        (page({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, GOOD]}), []),
        (page({**GOOD, "@type": ["Thing", "http://schema.org/FlightReservation"]}), []),
        (page(script(TEXT, "APPLICATION/LD+JSON; charset=utf-8")), []),
        (page(script(f"<!-- {TEXT} -->")), []),
        (page(script(f"//<![CDATA[\n{TEXT}\n//]]>")), []),
        (page(script(TEXT[:-1] + ",}")), ["markup_repaired"]),
        (page(script(f"[{TEXT}\n{json.dumps({'@type': 'Organization'})},]")), ["markup_repaired"]),
        (page(script(html.escape(TEXT))), ["markup_repaired"]),
        (page(script(TEXT[:120]), GOOD), ["markup_damaged"]),
        (page(f'<script type="application/ld+json">{TEXT[:120]}', GOOD), ["markup_damaged"]),
        (page(script('{"@type": "WebPage", "name": '), GOOD), []),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + page(GOOD), []),
        (TEXT.encode(), []),
        (page(MICRODATA), []),
        (page(MICRODATA, GOOD), []),
        (page({**GOOD, "reservationFor": [GOOD["reservationFor"]]}), []),
        (page(flight(number="TK 1887")), []),
        (page(flight(number="01887")), []),
        (mail(GOOD).as_bytes(), []),
        (b"\xef\xbb\xbf" + mail(GOOD).as_bytes(), []),
        (forwarded(mail(GOOD)).as_bytes(), []),
        (forwarded(mail(GOOD), times=3).as_bytes(), []),
    ],
)
def test_a_flight_is_found_however_it_is_written(content: bytes, warnings: list[str]) -> None:
    found = proposal(content)
    leg = only_leg(found)
    assert {name: leg.get(name) for name in ONE_FLIGHT} == ONE_FLIGHT
    assert (found["result"], found["warnings"]) == ("proposal", warnings)


def test_what_is_too_deep_or_broken_otherwise_is_refused_and_not_guessed() -> None:
    found = proposal(page(script(TEXT.replace('"reservationNumber"', "reservationNumber"))))
    assert (found["result"], found["legs"], found["warnings"]) == ("refused_with_reason", [], ["markup_damaged"])
    assert proposal(page(script("[" * 60 + TEXT + "]" * 60)))["result"] == "refused_with_reason"
    assert proposal(forwarded(mail(GOOD), times=4))["result"] == "nothing"
    assert proposal(b"<p>Good morning</p>")["result"] == proposal(b"")["result"] == "nothing"
    assert len(read(page([flight(number=str(n)) for n in range(1, 260)])).legs) == 200
    assert proposal(b"x" * (3 * 1024 * 1024))["reason"] == "too_large"


@pytest.mark.parametrize(
    ("times", "expected", "warnings"),
    [
        (("2026-10-12T08:05", "2026-10-12 09:40"), ("2026-10-12T08:05", "2026-10-12T09:40"), ["zone_from_place"]),
        (("2026-10-12T05:05:00Z", "2026-10-12T07:40:00+0:00"), ("2026-10-12T08:05", "2026-10-12T09:40"),
         ["zone_differs_from_place"]),
        # The sender's offset at the other end: the instant holds.
        (("2026-10-12T08:05+03:00", "2026-10-12T10:40+03:00"), ("2026-10-12T08:05", "2026-10-12T09:40"),
         ["zone_differs_from_place"]),
        (("2026-10-12T08:05:00.000+0300", "2026-10-12T09:40:00+02"), ("2026-10-12T08:05", "2026-10-12T09:40"), []),
        (("12.10.2026 08:05", "12.10.2026 09:40"), ("2026-10-12T08:05", "2026-10-12T09:40"), ["zone_from_place"]),
        (("10/13/2026 08:05", "10/13/2026 09:40"), ("2026-10-13T08:05", "2026-10-13T09:40"), ["zone_from_place"]),
        # The visit is in October: the month comes second.
        (("12-10-2026 08:05", "12-10-2026 09:40"), ("2026-10-12T08:05", "2026-10-12T09:40"), ["zone_from_place"]),
    ],
)  # fmt: skip
def test_times_are_those_of_the_place(times: tuple[str, str], expected: tuple[str, str], warnings: list[str]) -> None:
    found = proposal(page(flight("IST-VIE", *times)), context=VISIT)
    leg = only_leg(found)
    assert (leg["departs"]["local"], leg["arrives"]["local"]) == expected
    assert found["warnings"] == warnings


def test_a_date_that_could_be_two_days_is_asked_for() -> None:
    unclear = flight("IST-VIE", "12-10-2026 08:05", "12-10-2026 09:40")
    leg = only_leg(proposal(page(unclear)))
    assert leg["departs"] is None
    assert leg["ask"] == {"day": ["2026-10-12", "2026-12-10"]}
    decided = proposal(page({**unclear, "ticketToken": f"aztecCode:{CODE}"}))
    assert only_leg(decided)["departs"]["local"] == "2026-10-12T08:05"
    assert "date_order_from_bar_code" in decided["warnings"]


def test_an_arrival_before_the_departure_is_offered_a_day_later_and_none_across_the_date_line() -> None:
    wrong = proposal(page(flight("IST-DAC", "2026-10-12T23:30+03:00", "2026-10-12T09:00+06:00")))
    assert wrong["warnings"] == ["arrives_before_departure"]
    assert only_leg(wrong)["suggestion"]["arrives"]["local"] == "2026-10-13T09:00"
    right = proposal(page(flight("AKL-LAX", "2026-10-12T19:30+13:00", "2026-10-12T12:30-07:00")))
    assert (right["warnings"], only_leg(right)["minutes"]) == ([], 780)


def test_midnight_is_a_time_of_a_flight_and_none_of_a_hotel() -> None:
    day_only = only_leg(proposal(page(flight("IST-VIE", "2026-10-12", ""))))
    assert (day_only["departs"], day_only["arrives"]) == ({"day": "2026-10-12", "zone": "Europe/Istanbul"}, None)
    hotel = {"@type": "Hotel", "name": "Donau", "address": {"addressLocality": "Wien", "addressCountry": "Austria"}}
    room = {"@type": "LodgingReservation", "reservationId": "H1", "reservationFor": hotel,
            "underName": {"givenName": "Elif", "familyName": "Demir"}}  # fmt: skip
    stays = [
        proposal(page({**room, "checkinDate": "2026-10-12", "checkoutDate": "2026-10-16T00:00:00"})),
        proposal(page({**room, "checkinTime": "2026-10-12T15:00:00+03:00", "checkoutTime": "2026-10-16T11:00:00Z"})),
        proposal(page({**room, "checkinDate": "2026-10-12", "checkinTime": "15:00", "checkoutDate": "2026-10-16"})),
    ]
    for found in stays:
        stay = found["stays"][0]
        named = {name: stay[name] for name in ("name", "city", "country", "check_in", "check_out", "nights", "guests")}
        assert named == {"name": "Donau", "city": "Wien", "country": "AT", "check_in": "2026-10-12",
                         "check_out": "2026-10-16", "nights": 4, "guests": ["Elif Demir"]}  # fmt: skip
    times = [(one["stays"][0].get("from_time"), one["stays"][0].get("until_time")) for one in stays]
    at = {"zone": "Europe/Vienna"}
    assert times[0] == (None, None)
    assert times[1] == ({"local": "2026-10-12T15:00", **at}, {"local": "2026-10-16T11:00", **at})
    assert stays[1]["warnings"] == ["zone_differs_from_place"]
    assert times[2] == ({"local": "2026-10-12T15:00", **at}, None)
    lost = proposal(
        page({**room, "reservationFor": {"@type": "Hotel", "name": "Nirgendwo X"}, "checkinDate": "2026-10-12"})
    )
    assert lost["warnings"] == ["city_missing"]


def test_trains_buses_ferries_and_taxis_are_legs_too() -> None:
    def ride(kind: str, trip: dict[str, Any], **more: Any) -> dict[str, Any]:
        return only_leg(
            proposal(page({"@type": f"{kind}Reservation", "reservationNumber": "R1", "reservationFor": trip, **more}))
        )

    times = {"departureTime": "2026-10-12T08:05", "arrivalTime": "2026-10-12T11:05"}
    stations = {"departureStation": {"name": "Budapest-Keleti"}, "arrivalStation": {"name": "Wien Hbf"}}
    seat = {"ticketedSeat": {"seatNumber": "61", "seatSection": "24"}}
    train = ride("Train", {"trainNumber": "RJX 60", "arrivalPlatform": "7", **stations, **times}, reservedTicket=seat)
    assert (train["mode"], train["carrier"], train["number"], train["seat"], train["coach"]) == (
        "train",
        "RJX",
        "60",
        "61",
        "24",
    )
    assert train["to"] == {"name": "Wien Hbf", "platform": "7"}
    assert (train["departs"]["zone"], train["arrives"]["zone"]) == ("Europe/Budapest", "Europe/Vienna")
    stops = {"departureBusStop": {"name": "Sofia Central"}, "arrivalBusStation": {"name": "İstanbul Otogarı"}}
    bus = ride("Bus", {"busNumber": "7", "busCompany": {"name": "Metro"}, **stops, **times})
    assert (bus["mode"], bus["carrier"], bus["departs"]["zone"], bus["to"]["name"]) == (
        "bus", "Metro", "Europe/Sofia", "İstanbul Otogarı")  # fmt: skip
    piers = {"departureBoatTerminal": {"name": "Bodrum"}, "arrivalBoatTerminal": {"name": "Kos"}}
    assert ride("Boat", {**piers, **times})["mode"] == "ferry"
    taxi = ride("Taxi", {}, pickupLocation={"name": "Wien Hbf"}, pickupTime="2026-10-12T08:05")
    assert (taxi["mode"], taxi["departs"]["zone"]) == ("car", "Europe/Vienna")
    others = proposal(page({"@type": "EventReservation", "reservationFor": {"name": "Opera"}}))
    assert (others["legs"], others["others"][0]["kind"]) == ([], "Event")


def test_turkish_that_was_read_as_latin_1_is_read_again_and_icelandic_is_not() -> None:
    turkish = flight(person="Şükrü Çağla Işık")
    for wrong in ("iso-8859-1", "windows-1252"):
        raw = mail(turkish, charset="iso-8859-9").as_bytes().replace(b"iso-8859-9", wrong.encode())
        found = proposal(raw)
        assert only_leg(found)["passengers"] == ["Şükrü Çağla Işık"]
        assert found["warnings"] == ["encoding_repaired"]
    right = proposal(
        mail(turkish, charset="windows-1254"), mail(flight(person="Þór Sigurðsson Jónsdóttir", reference="O1"))
    )
    assert right["warnings"] == []
    assert set(only_leg(right)["passengers"]) == {"Şükrü Çağla Işık", "Þór Sigurðsson Jónsdóttir"}


def test_the_bar_code_beside_a_reservation_completes_it() -> None:
    bare = flight(person="ELIF", reference="XXX007", carrier="A3", ticketToken=f"qrCode:{CODE}")
    found = proposal(page(bare))
    leg = only_leg(found)
    assert found["warnings"] == ["carrier_differs", "name_completed_from_bar_code", "reference_differs"]
    assert (leg["passengers"], leg["seat"], leg["sequence"]) == (["ELIF DEMIR"], "12A", "42")
    other = flight("VIE-IST", "2026-10-16T19:25+02:00", "2026-10-16T23:00+03:00", ticketToken=f"qrCode:{CODE}")
    assert only_leg(proposal(page(other))).get("seat") is None


def test_several_people_are_on_one_leg_each_with_their_own() -> None:
    people = [
        {"@type": "Person", "name": "Elif Demir"},
        {"@type": "Person", "name": "KAYA/DENIZ MR"},
        {"@type": "Organization", "name": "AB"},
    ]
    found = proposal(page(flight(person=people), flight(person="Nuray Ak", reference="OTHER1", airplaneSeat="3C")))
    leg = only_leg(found)
    assert leg["passengers"] == ["Elif Demir", "KAYA DENIZ", "Nuray Ak"]
    assert [one["reference"] for one in leg["persons"]] == ["HYT6K2", "HYT6K2", "OTHER1"]
    mine = proposal(page(flight(person="ELIF DEMIR")), people=("Elif Demir", "Dr. Deniz Kaya"))
    assert (mine["warnings"], only_leg(mine)["participants"]) == ([], ["Elif Demir"])
    assert proposal(page(flight(person="Eva Green")), people=("Elif Demir",))["warnings"] == ["not_in_visit"]
    assert proposal(page(flight(person="DEMR/ELIF")), people=("Elif Demir",))["warnings"] == ["name_near"]


def test_code_shares_are_one_leg_and_trains_may_differ_by_minutes() -> None:
    shared = flight(number="9302", carrier="OS")
    assert len(proposal(page(GOOD), page(shared))["legs"]) == 1
    assert len(proposal(page(GOOD), page({**shared, "reservationNumber": "OTHER1"}))["legs"]) == 2

    def train(arrives: str, person: str) -> dict[str, Any]:
        ends = {"departureStation": {"name": "Wien Hbf"}, "arrivalStation": {"name": "Linz Hbf"}}
        times = {"departureTime": "2026-10-13T08:00", "arrivalTime": f"2026-10-13T{arrives}"}
        return {"@type": "TrainReservation", "underName": {"name": person}, "reservationFor": {**ends, **times}}

    assert len(proposal(page(train("09:14", "Elif Demir"), train("09:16", "Nuray Ak")))["legs"]) == 1
    assert len(proposal(page(train("09:14", "Elif Demir"), train("09:20", "Nuray Ak")))["legs"]) == 2


CANCELLED = {"@type": "FlightReservation", "reservationNumber": "HYT6K2", "reservationStatus": "ReservationCancelled"}
STORY = [
    mail(GOOD, sent="Mon, 21 Sep 2026 10:00:00 +0300"),
    mail(flight(person="Nuray Ak"), sent="Mon, 21 Sep 2026 10:01:00 +0300"),
    mail({**flight("IST-VIE", "2026-10-12T08:35:00+03:00", "2026-10-12T10:10:00+02:00"), "underName": None},
         sent="Tue, 22 Sep 2026 10:00:00 +0300"),
    mail({**CANCELLED, "underName": {"name": "Nuray Ak"}}, sent="Wed, 23 Sep 2026 10:00:00 +0300"),
]  # fmt: skip


@given(st.permutations([*STORY, STORY[0]]))
@settings(max_examples=20, deadline=None)
def test_the_order_of_mails_does_not_matter(messages: list[Any]) -> None:
    found = proposal(*messages)
    leg = only_leg(found)
    assert (found["result"], leg["passengers"], leg["departs"]["local"]) == (
        "cancellation",
        ["Elif Demir"],
        "2026-10-12T08:35",
    )
    assert found["cancels"] == [{"reference": "HYT6K2", "passengers": ["Nuray Ak"]}]


def test_a_cancellation_takes_nothing_that_is_newer_and_creates_nothing() -> None:
    early = mail(CANCELLED, sent="Sun, 20 Sep 2026 10:00:00 +0300")
    assert len(proposal(STORY[0], early)["legs"]) == 1
    late = {**CANCELLED, "modifiedTime": "2026-09-30T10:00:00Z"}
    assert proposal(STORY[0], page(late))["legs"] == []
    alone = proposal(page(late))
    assert (alone["result"], alone["unknown"], alone["legs"]) == ("cancellation", 1, [])
    for word in ("http://schema.org/Cancelled", "https://schema.org/ReservationCancelled", "cancelled"):
        assert proposal(page({**GOOD, "reservationStatus": word}))["result"] == "cancellation"
    assert only_leg(proposal(page({**GOOD, "reservationStatus": "ReservationHold"})))["state"] == "held"


def test_calendar_entries_show_the_clock_of_the_place() -> None:
    times = ("DTSTART;TZID=Europe/Berlin:20261012T091500", "DTEND;TZID=Europe/Berlin:20261012T101500")
    train = only_leg(proposal(calendar(*times, "SUMMARY:London St Pancras -> Paris Nord", "DESCRIPTION:Train ES 9004")))
    assert train["departs"] == {"local": "2026-10-12T08:15", "zone": "Europe/London"}
    floating = calendar(
        "DTSTART:20261012T080500", "DTEND:20261012T094000", "SUMMARY:Flight TK 1887 IST-VIE", "DESCRIPTION:PNR: HYT6K2"
    )
    found = proposal(floating)
    leg = only_leg(found)
    assert {name: leg[name] for name in ONE_FLIGHT if name != "passengers"} == {
        name: value for name, value in ONE_FLIGHT.items() if name != "passengers"
    }
    assert found["warnings"] == ["zone_from_place"]
    assert proposal(floating.replace(b"SUMMARY", b"STATUS:CANCELLED\r\nSUMMARY"))["result"] == "cancellation"
    assert proposal(floating.replace(b"METHOD:PUBLISH", b"METHOD:CANCEL"))["result"] == "cancellation"
    assert proposal(floating.replace(b"SUMMARY", b"RRULE:FREQ=DAILY\r\nSUMMARY"))["result"] == "nothing"
    hidden = calendar(*times, "SUMMARY:Wien Hbf -> Roma Termini", "DESCRIPTION:Umsteigen in Venezia")
    assert "connection_hidden" in proposal(hidden)["warnings"]
    text = (
        r"ab 09:15 Wien Hbf (RJ 130)\nan 12:00 Klagenfurt Hbf\nab 12:30 Klagenfurt Hbf (EC 31)\nan 16:15 Udine - Pl. 3"
    )
    two = proposal(
        calendar(times[0], times[1].replace("T10", "T16"), "SUMMARY:Wien Hbf -> Udine", f"DESCRIPTION:{text}")
    )
    assert [(leg["carrier"], leg["number"], leg["departs"]["local"]) for leg in two["legs"]] == [
        ("RJ", "130", "2026-10-12T09:15"),
        ("EC", "31", "2026-10-12T12:30"),
    ]
    danish = (
        r"fra 09:15 Wien Hbf - Spor 5 (RJ  130)\ntil 12:00 Graz Hbf\n\nfra Graz Hbf  (Gangsti)\ntil Graz\n\n"
        r"fra 12:30 Graz (Bus  647)\ntil 16:15 Udine\n-\nVarighed: 7:00 \, Omstigninger 1"
    )
    on_foot = calendar(times[0], times[1].replace("T10", "T16"), "SUMMARY:Wien Hbf -> Udine", f"DESCRIPTION:{danish}")
    assert [(leg["mode"], leg["number"], leg["from"]) for leg in proposal(on_foot)["legs"]] == [
        ("train", "130", {"name": "Wien Hbf", "platform": "5"}),
        ("bus", "647", {"name": "Graz"}),
    ]
    above = (
        r"Wien Hbf ➞ Udine\nRJ 130 (107)\n● ab 09:15 Wien Hbf ▷ Gleis 14\n○ an 16:15 Udine ▷ Gleis 5\n\nDauer: 7h 0min"
    )
    floats = calendar(
        "DTSTART:20261012T091500", "DTEND:20261012T161500", "SUMMARY:Wien Hbf ➞ Udine", f"DESCRIPTION:{above}"
    )
    one = only_leg(proposal(floats))
    assert (one["carrier"], one["number"], one["to"]) == ("RJ", "130", {"name": "Udine", "platform": "5"})
    for summary in ("Your flight from IST to VIE", "Uçuş: İstanbul - Viyana", "TK1887 Istanbul (IST) - Vienna (VIE)"):
        flown = calendar(
            "DTSTART:20261012T050500Z", "DTEND:20261012T074000Z", f"SUMMARY:{summary}", "DESCRIPTION:Flight TK 1887"
        )
        leg = only_leg(proposal(flown))
        assert [leg[name] for name in ("carrier", "number", "from", "to", "minutes")] == [
            "TK",
            "1887",
            {"iata": "IST"},
            {"iata": "VIE"},
            155,
        ]
    kde = calendar(times[0], f"X-KDE-KITINERARY-RESERVATION:{TEXT.replace(',', chr(92) + ',')}", "SUMMARY:x")
    assert only_leg(proposal(kde))["number"] == "1887"
    stay = calendar(
        "DTSTART;VALUE=DATE:20261012",
        "DTEND;VALUE=DATE:20261016",
        "SUMMARY:Hotel Donau",
        "LOCATION:Hauptstr. 1, Wien, Austria",
    )
    assert proposal(stay)["stays"][0]["nights"] == 4
    assert proposal(calendar("DTSTART:20261012T080500", "SUMMARY:Dentist"))["result"] == "nothing"


def test_wallet_passes_know_the_boarding_and_never_call_it_departure() -> None:
    given_fields = {
        "header": {"gate": ("GATE", "A12")},
        "auxiliary": {"boarding": ("BOARDING", "07:25")},
        "secondary": {"passenger": ("PASSENGER", "Demir, Elif")},
        "relevant": "2026-10-12T04:25Z",
    }
    for encoding in ("utf-8", "utf-16"):
        found = proposal(boarding_pass(CODE, encoding=encoding, **given_fields))
        leg = only_leg(found)
        assert leg["boards"] == {"local": "2026-10-12T07:25", "zone": "Europe/Istanbul"}
        assert (leg["departs"], leg["arrives"], leg["gate"]) == (
            {"day": "2026-10-12", "zone": "Europe/Istanbul"},
            None,
            "A12",
        )
        assert (leg["passengers"], found["warnings"]) == (
            ["Elif Demir"],
            ["arrival_time_unknown", "departure_time_unknown"],
        )
    both = zipped(
        {"1.pkpass": boarding_pass(CODE), "2.pkpass": boarding_pass(CODE.replace("DEMIR/ELIF", "KAYA/DENIZ"))}
    )
    assert only_leg(proposal(both))["passengers"] == ["DEMIR ELIF", "KAYA DENIZ"]
    rail = boarding_pass(
        kind="Train",
        primary={"from": ("FROM", "Wien Hbf"), "to": ("TO", "Linz Hbf")},
        auxiliary={
            "train": ("TRAIN", "RJX 60"),
            "departure": ("DEP", "08:30"),
            "arrival": ("ARR", "09:45"),
            "date": ("DATE", "12.10.2026"),
        },
    )
    leg = only_leg(proposal(rail))
    assert (leg["mode"], leg["carrier"], leg["number"], leg["minutes"]) == ("train", "RJX", "60", 75)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"pass.json": b"{}" + b" " * 2_000_000}), "too_large"),
        (zipped({f"{n}.png": b"" for n in range(21)}), "too_large"),
        (zipped({"../pass.json": b"{}"}), "unreadable"),
        (zipped({"pass.json": b"{}"})[:40], "unreadable"),
        (b"%PDF-1.7 nothing", "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
    ],
    # An archive holds the hour it was made: two processes would call the same test by two names.
    ids=["a bomb", "many entries", "a path", "cut", "no PDF", "no picture"],
)
def test_damaged_and_hostile_files_are_refused(content: bytes, reason: str) -> None:
    found = proposal(content)
    assert (found["result"], found["reason"], found["legs"]) == ("refused_with_reason", reason, [])


def drawn(text: str) -> Any:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Aztec).to_image(scale=4)


def pdf(pages: int, *texts: str) -> bytes:
    """Empty pages, and codes on the first ones."""
    document = pdfium.PdfDocument.new()
    for number in range(pages):
        sheet = document.new_page(595, 842)
        if number < len(texts):
            bitmap = pdfium.PdfBitmap.from_pil(Image.fromarray(drawn(texts[number])).convert("RGB"))
            image = pdfium.PdfImage.new(document)
            image.set_bitmap(bitmap)
            image.set_matrix(pdfium.PdfMatrix().scale(200, 200).translate(100, 400))
            sheet.insert_obj(image)
            sheet.gen_content()
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_bar_codes_of_a_pdf_are_read_page_by_page_and_of_many_pages_the_first() -> None:
    second = CODE.replace("DEMIR/ELIF", "KAYA/DENIZ")
    found = proposal(pdf(3, CODE, second))
    assert only_leg(found)["passengers"] == ["DEMIR ELIF", "KAYA DENIZ"]
    assert "page_without_code" in found["warnings"]
    assert only_leg(proposal(pdf(500, CODE)))["seat"] == "12A"


@pytest.mark.parametrize(
    ("day", "received", "expected"),
    [
        ("366", "2028-12-20", "2028-12-31"),
        ("366", "2027-12-31", "2028-12-31"),
        ("001", "2026-12-30", "2027-01-01"),
        ("365", "2027-01-02", "2026-12-31"),
    ],
)
def test_the_year_of_a_bar_code_is_the_nearest(day: str, received: str, expected: str) -> None:
    code = CODE.replace(" 285Y", f" {day}Y").encode()
    assert only_leg(proposal(code, context=ReadingContext(date.fromisoformat(received))))["departs"]["day"] == expected
    assert proposal(CODE.replace(" 285Y", " 100Y").encode(), context=VISIT)["warnings"][-1] == "far_from_visit"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_spoiled_file_breaks_the_reading(data: st.DataObject) -> None:
    entry = calendar(
        "DTSTART:20261012T091500", "SUMMARY:Wien Hbf -> Linz Hbf", r"DESCRIPTION:ab 09:15 Wien\nan 10:00 Linz"
    )
    good = [CODE.encode(), mail(GOOD).as_bytes(), boarding_pass(CODE), page(MICRODATA), page([GOOD, CANCELLED]), entry]
    whole = data.draw(st.sampled_from(good))
    spoiled = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not spoiled:
            break
    found = proposal(bytes(spoiled), context=VISIT, people=("Elif Demir",))
    assert json.loads(json.dumps(found))["result"]


@given(st.text(max_size=120))
@settings(max_examples=100, deadline=None)
def test_no_text_is_taken_for_a_bar_code_by_chance(text: str) -> None:
    parse_bar_code("M1" + text)
    parse_bar_code(CODE[: len(text)] + text)


async def test_a_file_is_read_in_a_process_of_its_own() -> None:
    found = await read_bookings(
        [("a.eml", mail(GOOD).as_bytes()), ("b.png", b"\x89PNG"), ("c.html", page(GOOD))], VISIT, ["Elif Demir"]
    )
    assert {name: leg for name, leg in only_leg(found).items() if name in ONE_FLIGHT} == ONE_FLIGHT
    assert found["after"].keys() == {"a.eml", "b.png", "c.html"}


def test_the_command_prints_a_proposal(tmp_path: Any) -> None:
    files = {name: tmp_path / name for name in ("booking.html", "people.txt", "empty.html")}
    files["booking.html"].write_bytes(page(GOOD))
    files["people.txt"].write_text("Elif Demir\n")
    files["empty.html"].write_text("<p>")
    run = CliRunner().invoke(
        app,
        [
            "read-booking",
            "--received",
            "2026-09-21",
            "--participants",
            str(files["people.txt"]),
            str(files["booking.html"]),
        ],
    )
    assert (run.exit_code, only_leg(json.loads(run.stdout))["minutes"]) == (0, 155)
    empty = CliRunner().invoke(app, ["read-booking", "--received", "2026-09-21", str(files["empty.html"])])
    assert (empty.exit_code, json.loads(empty.stdout)["reason"]) == (0, "nothing_found")
    assert CliRunner().invoke(app, ["read-booking", "--received", "soon", str(files["empty.html"])]).exit_code == 1
