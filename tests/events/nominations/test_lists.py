"""Reading the lists that institutions send."""

import io
import re

import pytest
from openpyxl import Workbook

from heyet.demo_data import nomination_list
from tests.people import App, names

HEAD = "Ad Soyad;Unvan;Kurum;İl;E-posta\n"


async def verdicts(app: App, event: dict[str, object], *rows: str) -> list[tuple[str, ...]]:
    made = await app.upload(event, (HEAD + "\n".join(rows)).encode())
    return [(row["verdict"], *row["notes"]) for row in made["rows"]]


async def test_a_ministrys_list_is_previewed_row_by_row_and_nobody_is_named_yet(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, nomination_list())
    counts = [row["verdict"] for row in made["rows"]]
    assert (len(counts), counts.count("new"), counts.count("duplicate"), counts.count("wrong")) == (
        30,
        28,
        1,
        1,
    )
    assert made["rows"][2]["values"]["name"] == "Çiğdem Yılmaz"
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["total"] == 0


async def test_the_good_rows_are_named_and_applying_again_changes_nothing(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, nomination_list())
    for _ in range(2):
        applied = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
        assert (applied.status_code, applied.json()["added"]) == (200, 28)
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()
    assert (people["total"], people["items"][0]["status"]) == (28, "nominated")


async def test_only_the_chosen_rows_are_named(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, (HEAD + "A Bir;;;;\nB İki;;;;\nC Üç;;;;").encode())
    applied = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={"rows": [3]})
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert (applied.json()["added"], [p["name"] for p in people]) == (1, ["B İki"])


async def test_an_import_is_taken_back_until_somebody_is_invited(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, (HEAD + "A Bir;;;;a@example.org").encode())
    await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    undone = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    assert undone.status_code == 200, undone.text
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert people == []
    again = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    assert again.status_code == 409


async def test_invited_people_cannot_be_taken_back_by_undoing(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, (HEAD + "A Bir;;;;a@example.org").encode())
    await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    undone = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    assert (undone.status_code, undone.json()["type"].rpartition("/")[2]) == (409, "cannot-undo")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("Ayşe Yılmaz;Hâkim;Ankara Adliyesi;Ankara;ayse@example.org", "new"),
        ("O’Neill İ.;;;;", "new"),
        ("Ayşe;;;;ayse@@example.org", "wrong"),
        ("Ayşe;;;;a@example.org, b@example.org", "new"),
        (";;;Ankara;x@example.org", "wrong"),
        ("Ayşe;;;Atlantis;", "new"),
        ('=HYPERLINK("http://x");;;;', "wrong"),
        ("A\u202eB;;;;", "wrong"),
        ("x" * 200 + ";;;;", "wrong"),
        ("Ayşe;;;TR-63;", "new"),
        ("Ayşe;;;şanlıurfa;", "new"),
    ],
)
async def test_each_row_is_judged_on_its_own(sqlite_app: App, row: str, verdict: str) -> None:
    event = await sqlite_app.event()
    assert (await verdicts(sqlite_app, event, row))[0][0] == verdict


async def test_the_same_name_twice_without_an_address_is_a_repetition(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    rows = await verdicts(sqlite_app, event, "Ayşe Öz;;Court A;;", "AYŞE ÖZ;;court a;;", "Ayşe Öz;;Court B;;")
    assert rows == [("new",), ("duplicate", "see line 2"), ("new",)]


async def test_a_workbook_with_a_title_above_its_headings_is_read(sqlite_app: App) -> None:
    book = Workbook()
    for row in (
        [],
        ["Görevlendirme listesi"],
        ["Adı", "Soyadı", "Kurumu", "İli"],
        ["Gülşen", "Çınar", "Valilik", "Muğla"],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.active.merge_cells("A2:D2")  # type: ignore[union-attr]
    into = io.BytesIO()
    book.save(into)
    made = await sqlite_app.upload(await sqlite_app.event(), into.getvalue(), "liste.xlsx")
    assert [tuple(r["values"][n] for n in ("name", "institution", "province")) for r in made["rows"]] == [
        ("Gülşen Çınar", "Valilik", "TR-48")
    ]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.csv", b"", 422),
        ("a.exe", b"MZ", 415),
        ("a.xlsx", b"not a zip", 415),
        ("a.csv", b"Name\n" + b"A\n" * 50_000, 422),
        ("a.csv", b"Name\n" + b"A" * 11_000_000, 413),
    ],
)
async def test_a_file_that_is_no_list_is_refused_with_the_reason(
    sqlite_app: App, name: str, content: bytes, status: int
) -> None:
    event = await sqlite_app.event()
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/imports", files={"file": (name, content)})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_page_says_what_is_wrong_beside_the_file(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    answer = await desk.send(f"/events/{event['id']}/imports", files={"file": ("a.csv", b" ")})
    assert (answer.status_code, "This file is empty." in answer.text) == (422, True)


STRANGE = (
    "Katılanın künyesi;Nereden;Posta\nAyşe Öz;Adalet Bakanlığı;ayse@example.org\nCan Ak;Valilik;can@example.org"
).encode()


async def test_a_list_with_unknown_headings_is_read_once_somebody_says_what_they_are(app: App) -> None:
    event = await app.event()
    made = await app.upload(event, STRANGE)
    path = f"/api/v1/imports/{made['id']}"
    early = await app.api().post(f"{path}/application", json={})
    columns = {"name": 0, "institution": 1, "address": 2}
    answer = await app.api().post(f"{path}/reading", json={"heading": 1, "columns": columns})
    assert (made["state"], made["rows"], early.status_code) == ("unmapped", [], 409)
    assert [(r["values"]["name"], r["values"]["institution"], r["verdict"]) for r in answer.json()["rows"]] == [
        ("Ayşe Öz", "Adalet Bakanlığı", "new"),
        ("Can Ak", "Valilik", "new"),
    ]


async def test_the_project_remembers_what_its_lists_call_a_column(sqlite_app: App) -> None:
    made = await sqlite_app.upload(await sqlite_app.event(), STRANGE)
    columns = {"heading": 1, "columns": {"name": 0, "institution": 1, "address": 2}}
    await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/reading", json=columns)
    next_list = await sqlite_app.upload(await sqlite_app.event(title="Another"), STRANGE)
    assert (next_list["state"], [r["values"]["name"] for r in next_list["rows"]]) == (
        "previewed",
        ["Ayşe Öz", "Can Ak"],
    )


@pytest.mark.parametrize("columns", [{}, {"address": 2}, {"given": 0}, {"name": 9}, {"name": -1}, {"colour": 1}])
async def test_a_mapping_without_names_or_with_columns_that_are_not_there_is_refused(
    sqlite_app: App, columns: dict[str, int]
) -> None:
    made = await sqlite_app.upload(await sqlite_app.event(), STRANGE)
    answer = await sqlite_app.api().post(
        f"/api/v1/imports/{made['id']}/reading", json={"heading": 1, "columns": columns}
    )
    assert answer.status_code == 422
    assert (await sqlite_app.api().get(f"/api/v1/imports/{made['id']}")).json()["state"] == "unmapped"


async def test_the_page_asks_what_the_columns_are(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/imports", files={"file": ("a.csv", STRANGE)})
    path = desk.page.partition('action="/imports/')[2].partition('"')[0]
    wrong = await desk.send(f"/imports/{path}", {"columns": "yes", "column-2": "address"})
    assert (wrong.status_code, 'value="address" selected' in wrong.text) == (422, True)
    await desk.send(f"/imports/{path}", {"heading": "1"})
    await desk.send(f"/imports/{path}", {"columns": "yes", "column-0": "name", "column-2": "address"})
    assert "New: 2" in desk.page


async def test_a_list_says_as_what_somebody_takes_part_in_either_language(app: App) -> None:
    event = await app.event()
    made = await app.upload(
        event, "Ad Soyad;Tür\nAyşe Öz;Konuşmacı\nCan Ak;Interpreter\nEce Su;Büyücü\nEfe Su;".encode()
    )
    assert [r["verdict"] for r in made["rows"]] == ["new", "new", "wrong", "new"]
    await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert {p["name"]: p["category"] for p in people} == {
        "Ayşe Öz": "speaker",
        "Can Ak": "interpreter",
        "Efe Su": "participant",
    }


async def test_the_page_previews_names_and_takes_back(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/imports", files={"file": ("liste.csv", nomination_list())})
    path = desk.page.partition('action="/imports/')[2].partition("/")[0]
    numbers = re.findall(r'name="rows\[\]"\s+value="([^"]+)"', desk.page)
    assert len(numbers) == 28
    await desk.send(f"/imports/{path}/apply", {"shown[]": numbers, "rows[]": numbers[:5]})
    assert "5 added, 0 changed, 25 left out." in desk.page
    await desk.send(f"/imports/{path}/undo")
    assert "5 are taken back." in desk.page


async def test_importing_costs_the_same_number_of_queries_for_three_people_and_thirty(sqlite_app: App) -> None:
    counts = []
    for size in (3, 30):
        event = await sqlite_app.event(title=f"Meeting {size}")
        rows = [f"{n} {size};;;;m{size}.{i}@example.org" for i, n in enumerate(names(size))]
        with sqlite_app.counting() as preview:
            made = await sqlite_app.upload(event, (HEAD + "\n".join(rows)).encode())
        with sqlite_app.counting() as apply:
            await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
        counts.append((len(preview), len(apply)))
    assert counts[0] == counts[1]
