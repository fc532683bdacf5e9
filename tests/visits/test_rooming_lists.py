"""Rooming lists: frozen version by version, with what changed marked, for one recipient."""

import asyncio
import io
import re
from datetime import date, time
from typing import Any

import pypdfium2
from openpyxl import load_workbook
from sqlmodel import select

from tests.people import App, problem_fields
from tests.servers import MailServer
from tests.visits.test_legs import entered as leg_entered
from tests.visits.test_nights import HOTEL, nights_of, set_nights
from tests.visits.test_rooms import a_room, rooms, sleeping, stay_ids
from visits.rooming_lists.jobs import sweep
from visits.rooming_lists.models import RoomingLine, RoomingList
from visits.rooming_lists.rules import GuestLine, LineState, at_desk, latin, leaving_at, marked


async def made(app: App, event: dict[str, Any], hotel: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/rooming-lists")
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def lines(app: App, event: dict[str, Any], one: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/rooming-lists/{one['id']}")
    return {line["columns"].get("original", ""): line for line in answer.json()["lines"]}


async def the_file(app: App, event: dict[str, Any], one: dict[str, Any], **given: Any) -> bytes:
    path = f"/api/v1/events/{event['id']}/rooming-lists/{one['id']}/file"
    answer = await app.api().post(path, json={"recipient": "Hotel Regina, front office"} | given)
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_a_line_is_new_changed_same_or_cancelled_against_the_version_before() -> None:
    first = marked([], [GuestLine("s1", "r1", {"room": 1}), GuestLine("s2", "r2", {"room": 2})], 1)
    assert [(one.state, one.since) for one in first] == [(LineState.new, 1), (LineState.new, 1)]
    second = marked(first, [GuestLine("s1", "r1", {"room": 1}), GuestLine("s3", "r3", {"room": 2})], 2)
    assert [(one.line.key, one.state, one.since) for one in second] == [
        ("s1", LineState.same, 1),
        ("s3", LineState.new, 2),
        ("s2", LineState.cancelled, 2),
    ]
    # What was cancelled is said once; a stay that was entered anew is compared with what its guest had.
    third = marked(second, [GuestLine("s9", "r1", {"room": 4}), GuestLine("s3", "r3", {"room": 2})], 3)
    assert [(one.line.key, one.state, one.changed) for one in third] == [
        ("s9", LineState.changed, ("room",)),
        ("s3", LineState.same, ()),
    ]


def test_the_desk_is_told_when_somebody_comes_late_and_in_which_night() -> None:
    day = date(2026, 5, 11)
    assert at_desk([(day, time(9, 40), "TK 1887")], day) == ("09:40 TK 1887", False)
    assert at_desk([(day, time(22), "TK 1889")], day) == ("22:00 TK 1889", True)
    assert at_desk([(date(2026, 5, 12), time(2, 40), "TK 1885")], day) == ("02:40 (+1) TK 1885", True)
    assert at_desk([(date(2026, 5, 12), time(9, 40), "TK 1887")], day) == ("", False)
    assert at_desk([(day, None, "RJ 66")], day) == ("RJ 66", False)
    assert leaving_at([(day, time(7), "TK 1"), (date(2026, 5, 15), time(18, 25), "TK 1886")], date(2026, 5, 15)) == (
        "18:25 TK 1886"
    )
    assert (latin("Gülşen Işık"), latin("Åsa"), latin("王")) == ("GULSEN ISIK", "ASA", "王")


async def test_guests_without_a_room_are_named_beside_the_button(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of, hotel = await sleeping(app)
    stays, desk = await stay_ids(app, event), await app.at_desk()
    here = f"/events/{event['id']}/rooming-lists"
    page = re.sub(r"\s+", " ", (await desk.get(here)).text)
    assert "4 guests have no room, and stand on the list without one: Ali İki, Ayşe Bir, Can Dört, Fatma Üç." in page
    # Who gave the place back is on no list.
    await (await app.owner(tokens["Ali İki"])).post("/api/v1/invitation/decline", json={})
    for name in ("Ayşe Bir", "Can Dört"):
        room = await a_room(app, event, hotel, "SGL")
        path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
        await app.api().post(path, json={"stays": [stays[of[name]]]})
    page = re.sub(r"\s+", " ", (await desk.get(here)).text)
    assert "1 guest has no room, and stands on the list without one: Fatma Üç." in page


async def test_a_version_stays_as_it_was_made_and_the_next_marks_what_changed(app: App) -> None:
    event, _, of, hotel = await sleeping(app)
    await leg_entered(app, event, [of["Ayşe Bir"]])
    room = await a_room(app, event, hotel)
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    await app.api().post(path, json={"stays": [stays[of["Ayşe Bir"]], stays[of["Fatma Üç"]]]})
    first = await made(app, event, hotel)
    before = await lines(app, event, first)
    assert {line["state"] for line in before.values()} == {"new"}
    ayse = before["Ayşe Bir"]["columns"]
    assert (ayse["family"], ayse["given"], ayse["expected"], ayse["nights"]) == ("BIR", "AYSE", "09:40 TK 1887", 4)
    assert ayse["shares_with"] == [of["Fatma Üç"]]
    kept = await the_file(app, event, first)
    await made(app, event, hotel, status=409)
    app.clock.forward(hours=1)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 10)], hotel_id=hotel["id"])
    gone = {"people": [nights_of(of["Ali İki"], 11, 12, 13, 14)]}
    await app.api().post(f"/api/v1/events/{event['id']}/stays/nights/removal", json=gone)
    second = await made(app, event, hotel)
    after = await lines(app, event, second)
    assert {name: line["state"] for name, line in after.items()} == {
        "Ayşe Bir": "changed",
        "Fatma Üç": "same",
        "Can Dört": "same",
        "Ali İki": "cancelled",
    }
    assert set(after["Ayşe Bir"]["changed"]) == {"check_in", "expected", "nights"}
    assert (after["Fatma Üç"]["since"], second["version"]) == (1, 2)
    assert await the_file(app, event, first) == kept
    assert await lines(app, event, first) == before


async def test_two_officers_make_one_version_of_the_same(app: App) -> None:
    event, _, _, hotel = await sleeping(app)
    path = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/rooming-lists"
    answers = await asyncio.gather(*(app.api().post(path) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_files_carry_their_recipient_and_never_run_what_people_typed(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of, hotel = await sleeping(app)
    room = await a_room(app, event, hotel)
    changed = {"room_type": "TWN", "remarks": "=HYPERLINK(1)", "is_accessible": True}
    await app.api().put(f"/api/v1/events/{event['id']}/rooms/{room['id']}", json=changed)
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    await app.api().post(path, json={"stays": [stays[of["Ayşe Bir"]], stays[of["Fatma Üç"]]]})
    one = await made(app, event, hotel)
    shown = text_of(await the_file(app, event, one))
    for expected in ("Hotel Regina, front office", "BIR, AYSE", "Ayşe Bir", "UC FATMA", "1 TWN"):
        assert expected in shown
    book = load_workbook(io.BytesIO(await the_file(app, event, one, ending="xlsx", language="tr")))
    cells = {str(cell.value): cell for row in book.worksheets[0].rows for cell in row if cell.value is not None}
    assert cells["=HYPERLINK(1)"].data_type == "s"
    assert any("front office" in text for text in cells)
    assert [cell.value for cell in book.worksheets[1][2]][1:] == ["TWN", 1, 0]
    entries = (await (await app.at_desk()).get(f"/events/{event['id']}/rooming-lists")).text
    assert "Hotel Regina, front office" in entries
    wrong = await app.api().post(f"/api/v1/events/{event['id']}/rooming-lists/{one['id']}/file", json={"recipient": ""})
    assert (wrong.status_code, list(problem_fields(wrong))) == (422, ["recipient"])
    assert (await app.api("finance").get(f"/api/v1/events/{event['id']}/rooming-lists")).status_code == 403


async def test_lists_on_their_pages(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _, hotel = await sleeping(app)
    desk = await app.at_desk()
    here = f"/events/{event['id']}"
    assert "Make version 1" in (await desk.get(f"{here}/rooming-lists")).text
    assert (await desk.send(f"{here}/hotels/{hotel['id']}/rooming-lists")).status_code == 303
    (one,) = (await app.api().get(f"/api/v1{here}/rooming-lists")).json()
    page = (await desk.get(f"{here}/rooming-lists/{one['id']}")).text
    assert ("BIR, AYSE" in page, page.count("bg-green-lt")) == (True, 4)
    refused = await desk.send(f"{here}/rooming-lists/{one['id']}/file", {"recipient": "x", "ending": "pdf"})
    assert (refused.status_code, 'id="recipient-wrong"' in refused.text) == (422, True)
    await desk.get(f"{here}/rooming-lists/{one['id']}")
    sent = await desk.send(f"{here}/rooming-lists/{one['id']}/file", {"recipient": "Regina", "ending": "pdf"})
    assert (sent.status_code, sent.content[:5]) == (200, b"%PDF-")
    await desk.get(f"{here}/rooming-lists")
    again = await desk.send(f"{here}/hotels/{hotel['id']}/rooming-lists")
    assert (again.status_code, "Nothing has changed since version 1." in again.text) == (409, True)


async def test_the_mail_to_the_hotel_waits_and_brings_both_files(mailing_app: App, mail_server: MailServer) -> None:
    app = mailing_app
    event, _, _, hotel = await sleeping(app)
    one = await made(app, event, hotel)
    path = f"/api/v1/events/{event['id']}/rooming-lists/{one['id']}/mail"
    refused = await app.api().post(path)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "hotel-without-address")
    known = HOTEL | {"email": "groups@regina.example"}
    assert (await app.api().put(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}", json=known)).status_code == 200
    desk = await app.at_desk()
    here = f"/events/{event['id']}/rooming-lists/{one['id']}"
    await desk.get(here)
    assert (await desk.send(f"{here}/mail")).status_code == 303
    assert (await app.api().post(path)).status_code == 204
    (message,) = await app.mails("visits/rooming-list")
    assert (message.state, message.to_address) == ("draft", "groups@regina.example")
    assert "BIR, AYSE" not in message.plain
    await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    (sent,) = [mail for to, mail in mail_server.taken if to == ["groups@regina.example"]]
    files = [part.get_filename() for part in sent.walk() if part.get_filename()]
    assert files == ["rooming-list-v1.pdf", "rooming-list-v1.xlsx"]


async def test_names_of_lists_are_unreadable_in_the_database_and_go_sixty_days_after(app: App) -> None:
    event, _, of, hotel = await sleeping(app)
    room = await a_room(app, event, hotel)
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    await app.api().post(path, json={"stays": [stays[of["Ayşe Bir"]]]})
    await made(app, event, hotel)
    async with app.database.reading() as db:
        rows = (await (await db.connection()).exec_driver_sql("SELECT * FROM rooming_line")).all()
    assert ('"AYSE"' in str(rows), len(rows)) == (False, 4)

    async def kept() -> tuple[int, int, int]:
        await sweep(app.fastapi.state.context)
        async with app.database.reading() as db:
            counts = [len((await db.exec(select(table))).all()) for table in (RoomingLine, RoomingList)]
        return counts[0], counts[1], len((await rooms(app, event))["rooms"][0]["guests"])

    app.clock.forward(days=90)
    assert await kept() == (4, 1, 1)
    app.clock.forward(days=45)
    assert await kept() == (0, 0, 0)
    assert HOTEL["name"] in (await app.api().get(f"/api/v1/events/{event['id']}/hotels")).text
