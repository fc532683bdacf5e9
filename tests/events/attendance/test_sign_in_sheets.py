"""The sheet to sign, and entering what was signed."""

import re
from datetime import UTC, date, datetime

import pytest

from events.attendance.sign_in_sheets.documents import SignatureLine, SignInSheet, sign_in_sheet
from tests.office import pdf_pages
from tests.people import App, names

MADE = datetime(2026, 4, 1, 9, tzinfo=UTC)


def sheet(lines: list[SignatureLine], **more: object) -> SignInSheet:
    values = {
        "title": "Yıllık koordinasyon toplantısı",
        "venue": "Ankara",
        "first_day": date(2026, 4, 14),
        "last_day": date(2026, 4, 15),
        "blank": 5,
        "project": "Coordination and Training",
        "contract": "ACT/1",
        "statement": "Bu proje Avrupa Birliği tarafından finanse edilmektedir.",
        "emblem": "eu",
        "language": "tr",
        "made_at": MADE,
        **more,
    }
    return SignInSheet(lines=lines, **values)  # type: ignore[arg-type]


def test_each_day_has_its_page_with_turkish_letters_and_what_the_donor_asks_for() -> None:
    pages = pdf_pages(sign_in_sheet(sheet([SignatureLine("Hâkim Şule Çağlar Işık", "İzmir Adliyesi")])))
    assert len(pages) == 2
    for page, day in zip(pages, ("14 Nisan", "15 Nisan"), strict=True):
        for wanted in (
            "Hâkim Şule Çağlar Işık",
            "İzmir Adliyesi",
            "Avrupa Birliği",
            "ACT/1",
            "Sabah imzası",
            "Öğleden sonra imzası",
            day,
        ):
            assert wanted in page


def test_a_long_list_goes_on_over_numbered_pages() -> None:
    lines = [SignatureLine(n, "Court") for n in names(100)]
    pages = pdf_pages(sign_in_sheet(sheet(lines, last_day=date(2026, 4, 14))))
    assert len(pages) == 5
    assert "Sayfa 1 / 5" in pages[0]
    assert "105" in pages[-1]


def test_a_right_to_left_name_is_on_the_sheet() -> None:
    assert sign_in_sheet(sheet([SignatureLine("محمد یوسفی", "وزارت عدلیه")])).startswith(b"%PDF")


def test_the_same_sheet_printed_twice_is_the_same_file() -> None:
    lines = [SignatureLine(n, "Court") for n in names(3)]
    assert sign_in_sheet(sheet(lines)) == sign_in_sheet(sheet(lines))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 300, r"x{30,}…"),
        ("=1+1", r"=1\+1"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("\\input{x}", r"\\input\{x\}"),
        ("%s {{7*7}}", r"%s \{\{7\*7\}\}"),
        # The font has no such sign: the line is there, to be written on.
        ("🎉", r"(?m)^ 1$"),
    ],
)
def test_whatever_a_name_holds_it_is_printed_as_it_is_or_cut(name: str, shown: str) -> None:
    pages = pdf_pages(sign_in_sheet(sheet([SignatureLine(name, name)])))
    assert [re.search(shown, page) is not None for page in pages] == [True, True]


async def test_the_sheet_lists_those_with_a_place_and_printing_is_noted(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    answer = await sqlite_app.api("desk").get(f"/api/v1/events/{event['id']}/sign-in-sheet.pdf")
    page = pdf_pages(answer.content)[0]
    assert ("Ayşe Bir" in page, "Mehmet İki" in page) == (True, False)
    history = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")
    assert "Sign-in sheet printed" in history.text


async def test_what_is_entered_replaces_that_day_for_those_named(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    people = await app.registrations(event)
    path = f"/api/v1/events/{event['id']}/attendance"
    both = [{"registration_id": id, "halves": ["am", "pm"]} for id in people.values()]
    first = await app.api("desk").put(path, json={"day": "2026-04-14", "entries": both})
    again = await app.api("desk").put(path, json={"day": "2026-04-14", "entries": both})
    left = await app.api("desk").put(
        path, json={"day": "2026-04-14", "entries": [{**both[0], "halves": ["am"]}], "reason": "x"}
    )
    assert [a.json()["changed"] for a in (first, again, left)] == [4, 0, 1]


async def test_the_page_enters_boxes_and_shows_them_again(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await sqlite_app.registrations(event))["Ayşe Bir"]
    desk = await sqlite_app.at_desk("desk")
    await desk.get(f"/events/{event['id']}/attendance")
    await desk.send(
        f"/events/{event['id']}/attendance", {"day": "2026-04-15", "shown[]": [id], "signed[]": [f"{id}:am"]}
    )
    boxes = {m[1]: "checked" in m[2] for m in re.finditer(rf'value="{id}:(am|pm)"([^>]*)>', desk.page)}
    assert boxes == {"am": True, "pm": False}


@pytest.mark.parametrize(
    "entry",
    [
        {"day": "2026-04-16"},
        {"day": "never"},
        {"entries": [{"registration_id": "018f5b5e-0000-7000-8000-000000000001", "halves": ["am"]}]},
    ],
)
async def test_another_day_or_a_stranger_is_refused(sqlite_app: App, entry: dict[str, object]) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    body = {"day": "2026-04-14", "entries": [], **entry}
    assert (await sqlite_app.api("desk").put(f"/api/v1/events/{event['id']}/attendance", json=body)).status_code == 422


async def test_the_desk_learns_names_and_institutions_and_nothing_else(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    answer = await sqlite_app.api("desk").get(f"/api/v1/events/{event['id']}/participants")
    assert [set(row) for row in answer.json()] == [{"registration_id", "name", "institution"}]
    assert (await sqlite_app.api("desk").get(f"/api/v1/events/{event['id']}/people")).status_code == 403
