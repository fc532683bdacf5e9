"""A travel agency's list of tickets: read line by line, proposed beside other bookings, entered by people alone."""

import io
import zipfile
from datetime import date, time
from email.message import EmailMessage
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.people import App
from tests.visits.test_booking_files import confirmation
from tests.visits.test_legs import travelling
from visits.bookings.matching import owner_of
from visits.bookings.merging import merged
from visits.bookings.reader import read_booking
from visits.bookings.rules import MessageReading, ReadingContext
from visits.passports.names import forms

VISIT = ReadingContext(date(2026, 3, 1), date(2026, 5, 11), date(2026, 5, 13))
HEADS = (
    "Yolcu Adı Soyadı;Uçuş No;Nereden;Nereye;Tarih;Kalkış Saati;Varış Saati;PNR;Bilet No;Koltuk;Sınıf;Ücret;Para Birimi"
)
AYSE = "Ayşe Bir;TK1887;IST;VIE;11.05.2026;8.05;9.40;RXJ34P;235-2401234567;12A;Y;245,50;EUR"
ALI = "Ali İki;TK1887;IST;VIE;11.05.2026;8.05;9.40;RXJ34P;235-2401234568;12B;Y;245,50;EUR"


def csv(*lines: str, heads: str = HEADS) -> bytes:
    return "\n".join((heads, *lines, "")).encode("utf-8-sig")


def xlsx(rows: list[list[Any]], *merged: str) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(kept)
    return kept.getvalue()


async def read(content: bytes, context: ReadingContext = VISIT) -> MessageReading:
    return await read_booking(content, context)


def unread(found: MessageReading) -> list[tuple[int, str]]:
    return [(line.line, line.why.value) for line in found.unread]


async def test_a_list_in_turkish_is_read_line_by_line() -> None:
    found = await read(csv(AYSE, ALI))
    first, second = found.legs
    assert (first.carrier, first.number, first.origin.iata, first.destination.iata) == ("TK", "1887", "IST", "VIE")
    assert (first.departs.to_json(), first.arrives.to_json()) == (
        {"local": "2026-05-11T08:05", "zone": "Europe/Istanbul"},
        {"local": "2026-05-11T09:40", "zone": "Europe/Vienna"},
    )
    assert (first.references, first.ticket, first.seat, first.seat_class) == (("RXJ34P",), "2352401234567", "12A", "Y")
    assert (first.fare, first.fare_currency, second.name) == ("245.50", "EUR", "Ali İki")
    assert (found.unread, found.columns_left, found.problem) == ([], [], None)


async def test_a_workbook_in_english_with_a_title_merged_names_a_total_and_real_dates_is_read() -> None:
    rows = [
        ["Tickets of the delegation"],
        [],
        ["No", "Surname", "First name", "Airline", "Flight", "From", "To", "Date", "Departure", "Arrival", "Remark"],
        [1, "BİR", "AYŞE", "THY", 1887, "İstanbul (IST)", "Vienna", date(2026, 5, 11), time(8, 5), time(9, 40), "x"],
        [None, None, None, "THY", "TK 1888", "VIE", "IST", date(2026, 5, 13), time(22, 50), time(2, 15), None],
        ["Total", 2],
    ]
    found = await read(xlsx(rows, "A1:K1", "B4:B5", "C4:C5"))
    there, back = found.legs
    assert [leg.name for leg in (there, back)] == ["AYŞE BİR", "AYŞE BİR"]
    assert (there.carrier, there.number, there.origin.iata, there.destination.iata) == ("TK", "1887", "IST", "VIE")
    assert (back.arrives.day, back.arrives.clock) == (date(2026, 5, 14), time(2, 15))
    assert (found.columns_left, found.unread) == (["Remark"], [])


@pytest.mark.parametrize(
    ("cells", "day", "departs", "arrives"),
    [
        ("IST;VIE;11.05.26;0805;0940", "2026-05-11", "08:05", "2026-05-11T09:40"),
        ("IST;VIE;11/05/2026;8:05;9:40", "2026-05-11", "08:05", "2026-05-11T09:40"),
        ("IST;VIE;2026-05-11;08:05;00:40+1", "2026-05-11", "08:05", "2026-05-12T00:40"),
        ("IST;VIE;11 Mayıs 2026;08.05;09.40", "2026-05-11", "08:05", "2026-05-11T09:40"),
        ("IST;VIE;11MAY;0805;", "2026-05-11", "08:05", None),
        ("IST;VIE;11.05.2026 08:05;;", "2026-05-11", "08:05", None),
        ("IST;VIE;11.05.2026;;", "2026-05-11", None, None),
    ],
)
async def test_days_and_times_as_agencies_write_them(
    cells: str, day: str, departs: str | None, arrives: str | None
) -> None:
    (leg,) = (await read(csv(f"Ayşe Bir;{cells};TK1887", heads="Ad Soyad;Nereden;Nereye;Tarih;Saat;Varış;Uçuş"))).legs
    assert leg.departs
    assert leg.departs.day.isoformat() == day
    assert (f"{leg.departs.clock:%H:%M}" if leg.departs.clock else None) == departs
    assert (f"{leg.arrives.day}T{leg.arrives.clock:%H:%M}" if leg.arrives and leg.arrives.clock else None) == arrives


async def test_what_cannot_be_read_is_said_with_its_line_and_nothing_is_guessed() -> None:
    found = await read(
        csv(
            AYSE,
            AYSE.replace("11.05.2026", "31.02.2026"),
            AYSE.replace("8.05", "8.5O"),
            AYSE.replace("VIE", "Nowhere at all"),
            AYSE.replace("Ayşe Bir", ""),
            AYSE.replace("12A", "=1+1"),
            AYSE.replace("245,50;EUR", "245,5055;EUR"),
            AYSE.replace("245,50;EUR", "100,50;JPY"),
            AYSE.replace("245,50;EUR", "12;Euros of mine"),
            AYSE.replace("245,50;EUR", "99999999999999999999;EUR"),
        )
    )
    lines = [(3, "day"), (4, "time"), (5, "places"), (6, "name"), (7, "formula")]
    assert unread(found) == [*lines, *((number, "fare") for number in (8, 9, 10, 11))]
    assert [leg.fare for leg in found.legs] == ["245.50", "", "", "", ""]


@pytest.mark.parametrize(
    ("fare", "expected"),
    [
        ("3.200,50 TL;", ("3200.50", "TRY")),
        ("3.200;TL", ("3200", "TRY")),
        ("1,234.56;USD", ("1234.56", "USD")),
        ("€ 99;", ("99", "EUR")),
        ("12000;JPY", ("12000", "JPY")),
        ("12.500;KWD", ("", "")),
        ("-5;EUR", ("", "")),
        (";", ("", "")),
    ],
)
async def test_fares_are_read_only_where_amount_and_currency_are_certain(fare: str, expected: tuple[str, str]) -> None:
    (leg,) = (await read(csv(AYSE.replace("245,50;EUR", fare)))).legs
    assert (leg.fare, leg.fare_currency) == expected


async def test_routes_trains_states_and_departures_that_are_places() -> None:
    routes = await read(csv("Ayşe Bir;IST-VIE;TK1887;11.05.2026", heads="Yolcu;Güzergah;Uçuş;Tarih"))
    assert [(leg.origin.iata, leg.destination.iata) for leg in routes.legs] == [("IST", "VIE")]
    several = await read(csv("Ayşe Bir;IST-VIE-IST;TK1887;11.05.2026", heads="Yolcu;Güzergah;Uçuş;Tarih"))
    assert (several.legs, unread(several)) == ([], [(2, "places")])
    train = "Ayşe Bir;RJ 65;Wien;Budapest;12.05.2026;iptal"
    (leg,) = (await read(csv(train, heads="Passenger;Train no;Departure;Arrival;Date;Status"))).legs
    assert (leg.mode, leg.carrier, leg.number, leg.state) == ("train", "RJ", "65", "cancelled")
    assert (leg.origin.zone, leg.destination.name) == ("Europe/Vienna", "Budapest")


async def test_a_list_hangs_on_a_mail_too_and_other_tables_are_no_lists() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = "a@x.org", "b@x.org", "Mon, 2 Mar 2026 10:00 +0300"
    mail.set_content("Ekte.")
    mail.add_attachment(csv(AYSE), maintype="text", subtype="csv", filename="biletler.csv")
    found = await read(mail.as_bytes())
    assert (len(found.legs), found.sent) == (1, "2026-03-02T07:00:00+00:00")
    other = await read(csv("Ayşe Bir;a@x.org;Uzman", heads="Ad Soyad;E-posta;Unvan"))
    assert (other.legs, other.problem) == ([], "nothing_found")


async def test_lists_that_are_too_long_or_harmful_stay_outside() -> None:
    many = [f"Ayşe {n};TK1887;IST;VIE;11.05.2026;8.05;9.40;;;;;;" for n in range(450)]
    found = await read(csv(*many))
    assert (len(found.legs), unread(found)) == (400, [(402, "too_many")])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>" + b" " * 80_000_000)
    assert (await read(bomb.getvalue())).problem == "too_large"
    assert (await read(b"PK\x03\x04xl/workbook.xml")).problem == "unreadable"
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    assert (await read(entity.getvalue())).problem == "unreadable"


async def test_every_cell_of_a_sheet_merged_into_one_names_nobody() -> None:
    rows = [HEADS.split(";"), ["GİDİŞ", *[""] * 12], *[[""] * 13 for _ in range(3)]]
    found = await read(xlsx(rows, "A2:M500"))
    assert (found.legs, {why for _, why in unread(found)}) == ([], {"places"})


async def uploaded(app: App, event: dict[str, Any], content: bytes, name: str = "list.csv") -> dict[str, Any]:
    path = f"/api/v1/events/{event['id']}/bookings"
    answer = await app.api().post(path, files=[("file", (name, content, "text/csv"))])
    assert answer.status_code == 202, answer.text
    await app.work()
    return dict((await app.api().get(path)).json())


async def taken(app: App, event: dict[str, Any], found: dict[str, Any]) -> list[dict[str, Any]]:
    keys = [one["key"] for one in found["proposals"] if one["is_open"]]
    if keys:
        answer = await app.api().post(f"/api/v1/events/{event['id']}/bookings/application", json={"keys": keys})
        assert answer.status_code == 200, answer.text
    return list((await app.api().get(f"/api/v1/events/{event['id']}/legs")).json())


async def test_a_list_is_proposed_for_those_it_names_and_twice_ends_in_one_state(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    found = await uploaded(
        app, event, csv(AYSE.replace("Ayşe Bir", "BIR AYSE"), ALI, AYSE.replace("Ayşe Bir", "Kim O"))
    )
    kinds = {(one["name"], one["kind"], one["is_open"]) for one in found["proposals"]}
    assert kinds == {("Ayşe Bir", "new", True), ("Ali İki", "new", True), ("Kim O", "new", False)}
    assert (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json() == []
    (leg,) = await taken(app, event, found)
    held = {one["registration_id"]: one for one in leg["passengers"]}
    ayse = held[of["Ayşe Bir"]]
    assert (ayse["state"], ayse["ticket_number"], ayse["fare"], ayse["fare_currency"]) == (
        "ticketed",
        "2352401234567",
        "245.50",
        "EUR",
    )
    again = await uploaded(app, event, csv(ALI, AYSE))
    assert {one["kind"] for one in again["proposals"] if one["registration_id"]} == {"same"}
    assert (await taken(app, event, again))[0]["passengers"] == leg["passengers"]


async def test_a_list_adds_tickets_to_legs_that_are_entered_and_keeps_what_it_does_not_say(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    found = await uploaded(app, event, confirmation(), "mail.html")
    (leg,) = await taken(app, event, found)
    wanted = {"state": "booked", "seat": "3C", "fare": "10.00", "fare_currency": "EUR", "paid_by": "host"}
    await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=wanted)
    found = await uploaded(app, event, csv(AYSE.replace("245,50;EUR", ";").replace("12A", "")))
    assert [one["kind"] for one in found["proposals"]] == ["changed"]
    (leg,) = await taken(app, event, found)
    (one,) = leg["passengers"]
    assert (one["ticket_number"], one["state"], one["paid_by"], one["fare"]) == (
        "2352401234567",
        "ticketed",
        "host",
        "10.00",
    )


async def test_of_two_lists_the_one_uploaded_later_counts(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    await taken(app, event, await uploaded(app, event, csv(AYSE)))
    for departs in ("7.55", "9.15", "6.45"):
        app.clock.forward(minutes=5)
        found = await uploaded(app, event, csv(AYSE.replace("8.05", departs)))
        (leg,) = await taken(app, event, found)
        assert leg["departs"] == f"0{departs.replace('.', ':')}"


async def test_the_page_says_which_lines_and_columns_were_not_read(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/bookings"
    await desk.get(here)
    content = csv(AYSE + ";x", AYSE.replace("11.05.2026", "soon") + ";y", heads=HEADS + ";<b>Dönüş</b>")
    assert (await desk.send(here, files=[("file[]", ("l.csv", content, "text/csv"))])).status_code == 303
    await app.work()
    page = (await desk.get(here)).text
    assert "Line 3: The day cannot be read." in page
    assert "Columns that were not read: &lt;b&gt;Dönüş&lt;/b&gt;" in page
    assert "2352401234567 · 12A · EUR 245.50" in page


NAMES = st.text("abcçdefgğhıijklmnoöprsştuüvyzäåøñßqwx", min_size=2, max_size=9).map(str.capitalize)


@given(st.lists(NAMES, min_size=2, max_size=3), st.sampled_from(["", "MR", "MSTR", "PROF"]), st.data())
@settings(max_examples=200, deadline=None)
def test_nobody_is_overlooked_however_their_ticket_spells_them(
    parts: list[str], title: str, data: st.DataObject
) -> None:
    *given_names, family = [data.draw(st.sampled_from(forms(part))) for part in parts]
    kept = given_names[:1] if data.draw(st.booleans()) else given_names
    found = owner_of(f"{family}/{''.join(kept)}{title}", [" ".join(parts)])
    assert found is not None


async def test_a_list_of_four_hundred_lines_is_compared_with_two_hundred_people_within_seconds() -> None:
    families = ["Yılmaz", "Öztürk", "Demir", "Çelik", "Şahin", "Kaya", "Aydın", "Arslan", "Doğan", "Kılıç"]
    people = [
        f"{''.join(chr(97 + (n * 7 + k * n) % 25) for k in range(1, 7))} {family}"
        for family in families
        for n in range(20)
    ]
    found = await read(csv(*(f"{people[n % 200]};TK{1887 + n // 200};IST;VIE;11.05.2026" for n in range(400))))
    began = process_time()
    ledger = merged([found], VISIT.received)
    owners = {owner.participant for one in ledger.legs if (owner := owner_of(one.leg.name, people))}
    assert (len(ledger.legs), owners) == (400, set(people))
    assert process_time() - began < 15
