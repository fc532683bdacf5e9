"""The sheet to sign, and entering what was signed."""

import hashlib
import io
import re
import subprocess
from datetime import date, timedelta
from uuid import UUID

import pypdfium2 as pdfium
import pytest
from PIL import Image

from core.documents.fonts import use_machine_fonts
from events.attendance.sign_in_sheets.documents import SheetDay, SheetField, SheetPerson, SignatureColumn
from events.attendance.sign_in_sheets.head import EMBLEM
from events.attendance.sign_in_sheets.models import SheetVersion
from tests.office import pdf_pages
from tests.people import App, names
from tests.sheets import DAY, halves, printed

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
LONG = "Strengthening the institutional capacity of the national referral mechanism in all provinces, phase two "


def words_of(pdf: bytes) -> list[tuple[float, float, str]]:
    """Each word with its left and right edge in millimetres."""
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [(float(x) * 25.4 / 72, float(end) * 25.4 / 72, word) for x, _, end, _, word in WORD.findall(found)]


def flowing(pdf: bytes) -> str:
    """All text of the first page, whatever lines it is broken into."""
    done = subprocess.run(["pdftotext", "-l", "1", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def letters_in(pdf: bytes, font: str) -> str:
    """What the first page sets in a typeface."""
    page = pdfium.PdfDocument(pdf)[0].get_textpage()
    shown = []
    for index in range(page.count_chars()):
        name = bytes(200)
        length = pdfium.raw.FPDFText_GetFontInfo(page, index, name, len(name), None)
        if font in name[:length].decode():
            shown.append(chr(pdfium.raw.FPDFText_GetUnicode(page, index)))
    return "".join(shown)


def pictures_on(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each picture of the first page, in millimetres."""
    objects = pdfium.PdfDocument(pdf)[0].get_objects()
    boxes = [one.get_bounds() for one in objects if isinstance(one, pdfium.PdfImage)]
    return [((right - left) * 25.4 / 72, (top - bottom) * 25.4 / 72) for left, bottom, right, top in boxes]


def picture(width: int, height: int, mode: str = "RGB", kind: str = "PNG") -> tuple[bytes, float]:
    into = io.BytesIO()
    Image.new(mode, (width, height), 90 if mode == "L" else (200, 30, 30, 0)[: len(mode)]).save(into, kind)
    return into.getvalue(), width / height


def test_each_day_has_its_page_with_turkish_letters_and_what_the_donor_asks_for() -> None:
    days = [SheetDay(day, halves(day)) for day in (DAY, DAY + timedelta(days=1))]
    pages = pdf_pages(printed(["Hâkim Şule Çağlar Işık"], days=days).pdf)
    assert len(pages) == 2
    for page, day in zip(pages, ("14 Nisan", "15 Nisan"), strict=True):
        for wanted in (
            "Hâkim Şule Çağlar Işık",
            "İzmir Adliyesi",
            "Avrupa Birliği",
            "ACT/1",
            "AB12CD",
            "Sabah 09:00–12:30",
            "Öğleden sonra 14:00–17:30",
            "W2",
            "Onaylayan",
            "Çizelge 0123456789ABC · sürüm 1 · basım 1 Nis 2026 12:00",
            "Sayfa 1 / 1",
            day,
        ):
            assert wanted in page


def test_a_long_list_goes_on_over_numbered_pages() -> None:
    made = printed(names(400))
    pages = pdf_pages(made.pdf)
    assert "Sayfa 1 / 19" in pages[0]
    assert "Sayfa 19 / 19" in pages[-1]
    signed = [(cell.row, cell.column) for page in made.layout.pages for cell in page.cells if cell.row.startswith("p")]
    assert len(signed) == len(set(signed)) == 800


def test_nothing_that_is_long_is_cut_and_the_contract_keeps_its_line() -> None:
    contract = "EuropeAid/173-442/DH/SER/TR-2025/0147-" + "9" * 40
    made = printed(["A"], project=LONG * 2, title=LONG * 3, venue=LONG, contract=contract, landscape=True)
    text = flowing(made.pdf)
    assert [text.count(one) for one in (contract, " ".join((LONG * 3).split()))] == [1, 1]
    assert "…" not in text
    assert [line for line in pdf_pages(made.pdf)[0].splitlines() if line.strip() == f"Sözleşme no: {contract}"]


@pytest.mark.parametrize("name", ["محمد یوسفی " * 18, "x" * 200, "Anna Maria " * 18, "שלום עולם " * 20])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_name_is_whole_and_stays_in_its_cell(name: str, language: str) -> None:
    made = printed([], language=language, people=[SheetPerson("p1", name)])
    words = words_of(made.pdf)
    cell = min(made.layout.pages[0].cells, key=lambda cell: cell.box.y).box
    low, high = (12.0, cell.x) if language == "en" else (cell.right, made.layout.width - 12)
    shown = [(x, end) for x, end, word in words if set(word) & set(name) - set(" ") and word[:3] in (name + name[::-1])]
    assert shown
    assert all(low < x and end < high for x, end in shown)
    assert "".join(word for *_, word in words).count("x") >= name.count("x")


def test_the_same_sheet_printed_twice_is_the_same_file() -> None:
    assert printed(names(3)).pdf == printed(names(3)).pdf


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=1+1", r"=1\+1"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("\\input{x}", r"\\input\{x\}"),
        ("%s {{7*7}}", r"%s \{\{7\*7\}\}"),
        # No font has these: the reader sees that something is missing.
        ("🎉", "\ufffd"),
        ("王小明 Wang", "\ufffd\ufffd\ufffd Wang"),
    ],
)
def test_whatever_a_name_holds_it_is_printed_or_visibly_missing(name: str, shown: str) -> None:
    use_machine_fonts([])
    assert re.search(shown, pdf_pages(printed([name]).pdf)[0])


def test_the_statement_is_in_a_typeface_that_the_union_allows() -> None:
    statement = "Bu proje Avrupa Birliği tarafından finanse edilmektedir – ışık."
    assert letters_in(printed(["A"], statement=statement).pdf, "Ubuntu").strip() == statement


def test_no_logo_is_larger_than_the_emblem_whatever_file_it_is() -> None:
    logos = [
        picture(900, 300),
        picture(300, 900, "RGBA"),
        picture(400, 400, "CMYK", "JPEG"),
        picture(6000, 4000, "L"),
        (b"broken", 1.0),
    ]
    made = printed(["A"], logos=logos)
    shown = pictures_on(made.pdf)
    assert len(shown) == 4
    assert all(width <= EMBLEM * 1.5 + 0.1 and height <= EMBLEM + 0.1 for width, height in shown)
    assert len(made.pdf) < 60_000
    assert "finanse edilmektedir" in flowing(made.pdf)


def test_sessions_that_do_not_fit_side_by_side_come_in_groups_with_everybody() -> None:
    columns = [SignatureColumn(f"{DAY}/s{n}", f"Session {n}: {LONG}", "09:00–10:00") for n in range(7)]
    made = printed(
        ["Ali", "Can"],
        days=[SheetDay(DAY, columns, [("t1", "Prof. Kılıç")])],
        landscape=True,
        fields=list(SheetField),
        page_format="Letter",
    )
    cells = [cell for page in made.layout.pages for cell in page.cells]
    assert sorted((c.row, c.column) for c in cells if c.row in ("p1", "p2", "t1")) == sorted(
        (row, column.key) for row in ("p1", "p2", "t1") for column in columns
    )
    signed = [c.box for c in cells if c.kind in ("signature", "trainer")]
    assert min(box.width for box in signed) >= 36
    assert min(box.height for box in signed) >= 9.6


def test_a_sheet_for_nobody_has_rows_to_write_in() -> None:
    made = printed([], walk_ins=0)
    rows = {cell.row for page in made.layout.pages for cell in page.cells if cell.kind == "walk-in"}
    assert rows == {f"W{number}" for number in range(1, 16)}
    assert {cell.column for page in made.layout.pages for cell in page.cells if cell.kind == "walk-in"} == {
        f"{date(2026, 4, 14)}/{what}" for what in ("name", "institution", "contact", "consent")
    }


async def test_the_sheet_lists_those_with_a_place_and_printing_is_noted(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    page = pdf_pages(await sqlite_app.sheet(event))[0]
    assert ("Ayşe Bir" in page, "Mehmet İki" in page) == (True, False)
    history = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")
    assert "Sign-in sheet printed" in history.text


async def test_a_sheet_stays_as_it_was_made_and_the_next_is_another_version(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    path = f"/api/v1/events/{event['id']}/sign-in-sheets"
    first = (await app.api("desk").post(path, json={"language": "en"})).json()
    before = (await app.api("desk").get(f"{path}/{first['id']}.pdf")).content
    cancelled = await app.guest(tokens["Mehmet İki"]).post("/api/v1/invitation/decline", json={"reason": "ill"})
    assert cancelled.status_code == 200
    second = (await app.api("desk").post(path, json={"language": "tr", "landscape": True})).json()
    assert (await app.api("auditor").get(f"{path}/{first['id']}.pdf")).content == before
    assert hashlib.sha256(before).hexdigest() == first["file_digest"]
    assert (second["sheet"], second["version"], second["people"]) == (first["sheet"], 2, 1)
    assert [one["version"] for one in (await app.api("finance").get(path)).json()] == [2, 1]


async def test_a_sheet_that_cannot_be_printed_as_it_was_says_so(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/sign-in-sheets"
    made = (await sqlite_app.api("desk").post(path, json={})).json()
    async with sqlite_app.database.unit_of_work() as db:
        row = await db.get_one(SheetVersion, UUID(made["id"]))
        row.content = {**row.content, "title": "Another title"}
    answer = await sqlite_app.api("desk").get(f"{path}/{made['id']}.pdf")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "sheet-outdated")


async def test_the_page_makes_a_sheet_and_warns_of_names_that_no_font_has(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Zhao 🎉"])
    desk = await sqlite_app.at_desk("desk")
    page = f"/events/{event['id']}/sign-in-sheets"
    assert "(🎉)" in (await desk.get(page)).text
    wrong = await desk.send(page, {"walk_ins": "many", "language": "tr"})
    assert (wrong.status_code, 'value="many"' in wrong.text, 'aria-invalid="true"' in wrong.text) == (422, True, True)
    form = {"language": "tr", "walk_ins": "3", "columns": "sessions", "fields[]": ["position", "sex"]}
    made = await desk.send(page, form)
    assert made.status_code == 303
    listed = (await desk.get(page)).text
    link = re.search(rf'href="({page}/[^"]+\.pdf)"', listed)
    assert link is not None
    assert (await desk.client.get(link[1])).content.startswith(b"%PDF")


async def test_local_and_international_people_are_on_sheets_of_their_own(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    assert "Ayşe Bir" in pdf_pages(await sqlite_app.sheet(event, people="local"))[0]
    assert "Ayşe Bir" not in pdf_pages(await sqlite_app.sheet(event, people="international"))[0]


async def test_what_is_entered_replaces_that_day_for_those_named(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    people = await app.registrations(event)
    path = f"/api/v1/events/{event['id']}/attendance"
    both = [{"registration_id": id, "halves": ["am", "pm"]} for id in people.values()]
    app.comes("2026-04-14")
    first = await app.api("desk").put(path, json={"day": "2026-04-14", "entries": both})
    again = await app.api("desk").put(path, json={"day": "2026-04-14", "entries": both})
    left = await app.api("desk").put(
        path, json={"day": "2026-04-14", "entries": [{**both[0], "halves": ["am"]}], "reason": "x"}
    )
    assert [a.json()["changed"] for a in (first, again, left)] == [4, 0, 1]


async def test_the_page_enters_boxes_and_shows_them_again(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await sqlite_app.registrations(event))["Ayşe Bir"]
    sqlite_app.comes("2026-04-15")
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
