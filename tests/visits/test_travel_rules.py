"""The rules of travel: places, connections, nights, names, passports, rooms, transfers, distances, changes."""

import json
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from core.i18n import words
from heyet.cli import app
from visits.changes.rules import PlannedTransfer, VisitState, effects, moved
from visits.checks.connections import connection
from visits.checks.durations import check_duration
from visits.checks.nights import nights_away
from visits.checks.rules import FindingCode, FindingSeverity, finding
from visits.checks.sentences import sentence
from visits.checks.traveller import findings_of
from visits.costs.rules import measure, near_edge, unit_cost
from visits.hotels.rules import SharingWish
from visits.passports.mrz import check_digit, lines_in, read_second, read_zone
from visits.passports.names import NameMatch, PersonName, compare
from visits.passports.rules import PassportKind, VisaNeed, VisaState, check_passport, visa_findings
from visits.places.airports import airport, far_town, is_one_city
from visits.places.lookup import airport_named, any_place, town_in
from visits.places.rules import distance_km
from visits.places.towns import town_named
from visits.rooms.rules import RoomWish, propose_rooms
from visits.transfers.rules import Arrival, boarding_minutes, pick_up_before, vehicles_for
from visits.travel_types import AttendedSession, BedNights, LocalTime, TravelLeg, Traveller, TravelMode

TODAY = date(2026, 10, 1)


def at(text: str, zone: str = "Europe/Vienna") -> LocalTime:
    wall = datetime.fromisoformat(text)
    return LocalTime(wall.date(), zone, wall.time())


def flight(route: str, departs: str = "", arrives: str = "", **more: object) -> TravelLeg:
    """ "IST-VIE", with local times."""
    origin, destination = (any_place(code) for code in route.split("-"))
    leg = TravelLeg(origin, destination, key=route)
    if departs:
        leg = replace(leg, departs=at(departs, origin.zone))
    if arrives:
        leg = replace(leg, arrives=at(arrives, destination.zone))
    return replace(leg, **more)


def codes(person: Traveller) -> list[str]:
    return sorted(found.code for found in findings_of(person))


@pytest.mark.parametrize(
    ("code", "north", "east"),
    [
        ("BRU", 50.9014, 4.4844),
        ("CRL", 50.4620, 4.4596),
        ("LGG", 50.6386, 5.4439),
        ("LUX", 49.6268, 6.2121),
        ("OST", 51.1998, 2.8747),
        ("ANR", 51.1907, 4.4632),
    ],
)
def test_airports_that_the_list_has_wrong_stand_where_they_are(code: str, north: float, east: float) -> None:
    place = airport(code)
    assert place
    assert place.position
    assert distance_km(place.position, (north, east)) < 1


def test_places_are_found_by_any_of_their_names() -> None:
    assert {place and place.name for place in map(town_named, ("Wien", "Vienna", "Viyana", "VIENNE"))} == {"Vienna"}
    assert [(place.country, place.zone) for name in ("Köln", "Koln") if (place := town_named(name))] == [
        ("DE", "Europe/Berlin")
    ] * 2
    stations = {"Praha hl.n.": "CZ", "Wien Hbf": "AT", "Glasgow Central Rail Station, UK": "GB", "Ankara Garı": "TR"}
    assert {name: place.country for name in stations if (place := town_in(name))} == stations
    named = {"MUNICH DE MUNICH INTERNATIONAL TERMINAL 2": "MUC", "TOULOUSE FR BLAGNAC": "TLS", "Wien": "VIE"}
    assert {name: place.iata for name in named if (place := airport_named(name))} == named
    old = {"KIV": "Europe/Chisinau", "TSE": "Asia/Almaty", "PNH": "Asia/Phnom_Penh", "TXL": "Europe/Berlin"}
    zones = {**old, "ECN": "Asia/Famagusta", "PRN": "Europe/Belgrade", "LON": "Europe/London", "ANK": "Europe/Istanbul"}
    assert {code: any_place(code).zone for code in zones} == zones
    assert is_one_city("IST", "SAW")
    assert is_one_city("LHR", "LON")
    assert not is_one_city("IST", "ESB")
    assert far_town("BVA")
    assert not far_town("VIE")
    assert any_place("Nirgendwo X").zone == ""


@pytest.mark.parametrize(
    ("one", "other", "same", "needed"),
    [
        (flight("ESB-IST"), flight("IST-ADB"), True, 45),
        (flight("IST-MUC"), flight("MUC-TLS"), True, 90),
        (flight("IST-MUC"), flight("MUC-BER"), True, 90),
        (flight("TLS-MUC"), flight("MUC-IST"), True, 75),
        (flight("IST-MUC"), flight("MUC-TLS"), False, 150),
        (flight("ESB-SAW"), flight("IST-VIE"), False, 240),
        (flight("IST-VIE"), flight("VIE-BUD", mode=TravelMode.train), True, 90),
        (flight("ESB-IST"), flight("IST-ESB", mode=TravelMode.bus), True, 60),
        (flight("BUD-VIE", mode=TravelMode.train), flight("VIE-IST"), False, 120),
        (flight("ADB-IST", mode=TravelMode.car), flight("IST-ESB"), True, 90),
        (flight("BUD-VIE", mode=TravelMode.train), flight("VIE-MUC", mode=TravelMode.train), False, 10),
        (flight("BUD-VIE", mode=TravelMode.train), flight("VIE-MUC", mode=TravelMode.bus), False, 15),
        (flight("BUD-VIE", mode=TravelMode.train), flight("VIE-MUC", mode=TravelMode.ferry), False, 30),
    ],
)
def test_a_connection_needs_what_its_kind_needs(one: TravelLeg, other: TravelLeg, same: bool, needed: int) -> None:
    assert connection(one, other, same_booking=same).needed == needed


def test_a_whole_journey_without_a_fault_has_no_findings_and_each_fault_has_one() -> None:
    home = town_named("Ankara")
    there = flight("ESB-VIE", "2026-10-12T08:00", "2026-10-12T09:40")
    back = flight("VIE-ESB", "2026-10-16T19:25", "2026-10-16T23:30")
    stay = BedNights(date(2026, 10, 12), date(2026, 10, 16))
    session = AttendedSession(at("2026-10-12T13:00"), at("2026-10-16T15:00"))
    good = Traveller((there, back), (stay,), (session,), home, date(2026, 10, 12), date(2026, 10, 16))
    assert codes(good) == []
    assert codes(replace(good, legs=(there,))) == ["no_leg_home"]
    assert codes(replace(good, stays=())) == ["night_without_bed"] * 4
    assert codes(replace(good, last_day=date(2026, 10, 13))) == ["outside_days"]
    elsewhere = flight("BUD-ESB", "2026-10-16T19:25", "2026-10-16T23:30")
    assert codes(replace(good, legs=(there, elsewhere))) == ["wrong_place"]
    late = replace(session, starts=at("2026-10-12T10:30"))
    assert codes(replace(good, sessions=(late,))) == ["late_for_session"]
    early = replace(session, ends=at("2026-10-16T17:30"))
    assert codes(replace(good, sessions=(early,))) == ["leaves_before_end"]
    assert codes(replace(good, legs=())) == ["no_leg_home", "no_leg_there"]


def test_who_lands_at_night_needs_the_night_before_and_who_is_home_none() -> None:
    legs = [
        flight("IST-VIE", "2026-10-12T23:50", "2026-10-13T02:40"),
        flight("VIE-ESB", "2026-10-14T20:00", "2026-10-15T00:30"),
    ]
    assert nights_away(legs, home=town_named("Ankara")) == [date(2026, 10, 12), date(2026, 10, 13)]
    # The night in which clocks go back is one night, and one on which they go forward too.
    for first, last in (("2026-10-24", "2026-10-26"), ("2026-03-28", "2026-03-30")):
        changed = [
            flight("IST-VIE", f"{first}T08:00", f"{first}T09:40"),
            flight("VIE-IST", f"{last}T12:00", f"{last}T16:00"),
        ]
        assert len(nights_away(changed, home=town_named("Istanbul"))) == 2


def test_a_vehicle_leaves_in_time_across_a_change_of_the_clocks() -> None:
    leg = flight("VIE-IST", "2026-10-25T05:00", "2026-10-25T09:00")
    found = pick_up_before(leg, drive=35, people=12)
    # 200 minutes before 05:00: by the clock alone that would be 01:40.
    assert found
    assert (found.clock, found.fold) == (time(2, 40), 0)
    odd = pick_up_before(flight("VIE-IST", "2026-10-16T19:22"), drive=35, people=8)
    assert odd
    # 16:07 rounded down, and 10:42 rounded up.
    assert odd.clock == time(16, 5)
    assert vehicles_for([Arrival("a", at("2026-10-12T10:12"))])[0].pick_up.clock == time(10, 45)
    assert [boarding_minutes(people) for people in (1, 8, 9, 20, 21, 50, 80)] == [10, 10, 15, 15, 20, 20, 20]
    arrivals = [Arrival(str(n), at(f"2026-10-12T10:{n:02}"), people=3) for n in (0, 5, 10)]
    assert [len(run.arrivals) for run in vehicles_for(arrivals, seats=6)] == [2, 1]


@pytest.mark.parametrize(
    ("family", "given_names", "ticket", "match"),
    [
        ("MÜLLER", "JÖRG", "MUELLER/JORG MR", "same"),
        ("MÜLLER", "JÖRG", "MULLER/JOERGDR", "same"),
        ("ÖZ", "SÜEDA", "OEZ/SUEEDA", "same"),
        ("YILMAZ", "AMR", "YILMAZ/AMR", "same"),
        ("YILMAZ", "AMR", "YILMAZ/AMRMR", "same"),
        ("O'NEIL", "ANNE-MARIE", "ONEIL/ANNEMARIE MRS", "same"),
        ("KARAHASANOĞULLARI", "AYŞE", "KARAHASANOGULLARI/AY", "same"),
        ("KARAOSMANOĞLU", "ELİFE", "KARAOSMANOGLU/ELIFEM", "same"),
        ("YILMAZ", "MEHMET ALİ", "YILMAZ/ALI", "same_with_note"),
        ("YILMAZ", "MEHMET ALİ", "YILMAZ/MEHMET A", "near"),
        ("YILMAZ", "MEHMET", "YILMAZ/M MR", "near"),
        ("YILMAZ", "MEHMET", "YILMAS/MEHMET", "near"),
        ("YILMAZ", "MEHMET", "YILMAS/MEHMED", "different"),
        ("YILMAZ", "MEHMET", "MEHMET/YILMAZ MR", "swapped"),
        ("Yılmaz", "Deniz", "DENIZ\u00a0YILMAZ", "same"),
        ("Dragon", "Konqui", "Dr Konqui Dragon", "same"),
        ("Yılmaz", "Deniz", "Eva Green", "different"),
        ("ÖZTÜRK", "ALİ", "OZETURK/ALI", "near"),
    ],
)
def test_names_are_compared_letter_by_letter(family: str, given_names: str, ticket: str, match: str) -> None:
    assert compare(PersonName(family, given_names), ticket) is NameMatch(match)


def test_a_passport_is_read_from_its_two_lines() -> None:
    first = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    second = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    lines = lines_in(f"{first.lower()}\n {second} ")
    zone = read_zone(*(lines or ("", "")), today=TODAY)
    assert zone.is_good
    assert zone.name == PersonName("ERIKSSON", "ANNA MARIA")
    assert zone.issuer == "UTO"
    assert (zone.born, zone.expires, zone.sex, len(zone.digits)) == (date(1974, 8, 12), date(2012, 4, 15), "F", 5)
    assert not read_second(second[:-1] + "1", today=TODAY).is_good
    assert lines_in("P<TUR\nshort") is None
    assert check_digit("520727") == 3


@given(st.text("ABCZ0189<", min_size=44, max_size=44), st.integers(0, 43))
@settings(max_examples=100, deadline=None)
def test_no_second_line_breaks_the_reading(line: str, place: int) -> None:
    read_second(line, today=TODAY)
    read_second(line[:place], today=TODAY)


def test_the_two_rules_of_passports_are_two() -> None:
    days = {"enters": date(2026, 8, 28), "returns": date(2026, 8, 31)}
    old = check_passport(**days, issued=date(2016, 8, 27), expires=date(2027, 8, 1))
    assert old.lasts
    assert not old.schengen_ok
    assert not old.is_young_enough
    assert check_passport(**days, issued=date(2016, 8, 28), expires=date(2027, 2, 28)).lasts
    need = VisaNeed("TR", PassportKind.ordinary, "AT", is_needed=True)
    around = {"first_day": date(2026, 10, 12), "last_day": date(2026, 10, 16)}
    far = visa_findings(need, VisaState.applied, **around, today=date(2026, 9, 1))
    near = visa_findings(need, VisaState.applied, **around, today=TODAY)
    assert [found[0].severity for found in (far, near)] == [FindingSeverity.warning, FindingSeverity.error]
    assert not visa_findings(need, VisaState.granted, **around, valid_to=date(2026, 10, 16), today=TODAY)


def test_rooms_are_shared_by_who_may_and_wants_to() -> None:
    shares = SharingWish.shares
    guests = [
        RoomWish("Ali", "M", shares), RoomWish("Can", "M", shares, not_with=frozenset({"Ali"})),
        RoomWish("Efe", "M", shares, wants=frozenset({"Can"})), RoomWish("Elif", "F", shares),
        RoomWish("Oya", "F"), RoomWish("Deniz", "", shares),
    ]  # fmt: skip
    found = propose_rooms(guests)
    assert found.rooms == (("Ali",), ("Can", "Efe"), ("Elif",), ("Oya",))
    assert found.ask == ("Deniz",)


def test_distances_near_an_edge_say_so() -> None:
    found = measure(any_place("ESB"), any_place("BRU"))
    assert found
    assert (found.km, found.amount, found.edge_km, found.other_amount) == (2502, 433, 2501, 343)
    assert [unit_cost(km) for km in (399, 400, 600, 601, 20000)] == [None, 196, 196, 209, 1101]
    assert near_edge(1578) is None
    assert near_edge(395) == 400


@given(
    st.sampled_from(["IST", "VIE", "AKL", "LAX", "DEL", "HNL", "DAC"]),
    st.sampled_from(["LAX", "IST", "AKL", "NRT", "BRU", "HNL"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
)
@settings(max_examples=100, deadline=None)
def test_a_flight_of_usual_length_is_never_implausible(origin: str, destination: str, leaves: datetime) -> None:
    start, end = any_place(origin), any_place(destination)
    km = distance_km(start.position or (0, 0), end.position or (0, 0))
    departs = LocalTime(leaves.date(), start.zone, leaves.time().replace(second=0, microsecond=0))
    lands = departs.plus(round(40 + km / 13.5)).instant
    assert lands
    wall = lands.astimezone(ZoneInfo(end.zone))
    arrives = LocalTime(wall.date(), end.zone, wall.time(), wall.fold)
    assert check_duration(TravelLeg(start, end, departs, arrives)).finding is None


def test_a_change_concerns_whose_result_differs_and_one_taken_back_nobody() -> None:
    leg = flight("IST-VIE", "2026-10-12T08:05", "2026-10-12T09:40")
    other = flight("ESB-VIE", "2026-10-12T08:30", "2026-10-12T10:12")
    people = {leg.key: frozenset({"Elif"}), other.key: frozenset({"Deniz"}), "none": frozenset({"Oya"})}
    van = PlannedTransfer("T1", frozenset({"Elif", "Deniz"}), frozenset({leg.key, other.key}))
    before = VisitState({leg.key: leg, other.key: other}, people, [van])
    later = moved(before, leg.key, replace(leg, arrives=at("2026-10-12T10:30")))
    found = effects(before, later)
    assert set(found.concerned) == {"Elif", "Deniz"}
    assert [name for _, name in found.told] == ["T1"]
    assert effects(before, moved(before, leg.key, replace(leg, arrives=at("2026-10-12T09:50")))).concerned.keys() == {
        "Elif"
    }
    assert effects(before, moved(later, leg.key, leg)).is_empty


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    named = (
        "second first minutes at from available needed leg least most km hotels session ready leaves days ticket years "
        "rooms held people seats vehicle airport town after name other"
    )
    days = dict.fromkeys(("night", "day", "until", "expires", "first_day", "last_day"), "2026-10-12")
    numbers = dict.fromkeys(named.split(), 7) | days
    for code in FindingCode:
        said = [sentence(finding(code, numbers=numbers), words(language)) for language in ("en", "tr")]
        assert said[0] != said[1], code
        assert "%" not in said[0]


def test_the_command_puts_cases_to_the_rules(tmp_path: object) -> None:
    case = {"id": "1", "rule": "name", "given": {"passport": {"family": "A", "given": "B"}, "ticket": "A/B"}}
    for expected, code in (({"result": "same"}, 0), ({"result": "near"}, 1)):
        file = tmp_path / "cases.json"  # type: ignore[operator]
        file.write_text(json.dumps([{**case, "expect": expected}]))
        run = CliRunner().invoke(app, ["cases", "travel", str(file)])
        line = json.loads(run.stdout)
        assert (run.exit_code, line["id"], line["ok"], line["got"]["result"]) == (code, "1", not code, "same")
