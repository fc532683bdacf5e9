"""Many institutions edited as one table, and cells pasted from a spreadsheet."""

import html
import re
from typing import Any

import pytest

from directory.institution_grid.rules import Cells, TooManyLines, pasted
from tests.directory.test_institutions_in_bulk import batch, institution, known
from tests.people import App, Visitor

KINDS = {"mahkeme": "court", "court": "court"}
FIELD = re.compile(r'<input\b[^>]*name="(\w+)\[\]"[^>]*>|<select\b[^>]*name="(\w+)\[\]"[^>]*>(.*?)</select>', re.S)
CELLS = ("name", "name_en", "kind", "province", "parent", "focal_name", "focal_address")
Row = dict[str, str]


def rows_on(page: str) -> list[Row]:
    """What stands in the table, row by row, blank ones too."""
    columns: dict[str, list[str]] = {}
    for field in FIELD.finditer(page):
        name, select, options = field.groups()
        chosen = re.search(r'value="([^"]*)" selected' if select else r'value="([^"]*)"', options or field[0])
        columns.setdefault(name or select, []).append(html.unescape(chosen.group(1)) if chosen else "")
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def blank(**cells: str) -> Row:
    return {**dict.fromkeys(("id", "revision", "focal_id", *CELLS), ""), **cells}


async def save(app: App, desk: Visitor, rows: list[Row]) -> Any:
    form: dict[str, Any] = {f"{name}[]": [row[name] for row in rows] for name in rows[0]}
    return await desk.send("/institutions/grid", {"project_id": str(app.project_id), **form})


async def opened(app: App) -> tuple[Visitor, list[Row]]:
    desk = await app.at_desk()
    await desk.get(f"/institutions/grid?project={app.project_id}")
    return desk, rows_on(desk.page)


async def focal_points(app: App, name: str) -> str:
    made = (await known(app))[name]
    return (await (await app.at_desk()).get(f"/institutions/{made['id']}")).text.partition("Focal points")[2]


async def test_a_table_adds_changes_and_leaves_alone_in_one_step(app: App) -> None:
    await institution(app, "Ankara Adliyesi", kind="court")
    await institution(app, "İçişleri Bakanlığı", kind="ministry")
    desk, rows = await opened(app)
    ankara = next(row for row in rows if row["name"] == "Ankara Adliyesi")
    ankara |= {"name_en": "Ankara Courthouse", "province": "ankara", "focal_name": "Nur Odak"}
    ankara |= {"focal_address": "nur@example.org"}
    # The parent may be a row further down.
    new = [blank(name="Van Müdürlüğü", parent="Yeni Başkanlık"), blank(name="Yeni Başkanlık")]
    await save(app, desk, [*(row for row in rows if row["id"]), *new])
    assert "2 added, 1 changed, 1 left as they were." in desk.page
    there = await known(app)
    assert (there["Ankara Adliyesi"]["name_en"], there["Ankara Adliyesi"]["province"]) == ("Ankara Courthouse", "TR-06")
    assert there["Van Müdürlüğü"]["parent_id"] == there["Yeni Başkanlık"]["id"]
    assert (there["Van Müdürlüğü"]["kind"], there["Yeni Başkanlık"]["kind"]) == ("directorate", "presidency")
    assert "nur@example.org" in await focal_points(app, "Ankara Adliyesi")
    await save(app, desk, rows_on(desk.page))
    assert "0 added, 0 changed, 4 left as they were." in desk.page


async def test_where_one_row_is_wrong_nothing_is_saved_and_nothing_typed_is_lost(sqlite_app: App) -> None:
    await institution(sqlite_app, "Ankara Adliyesi")
    await institution(sqlite_app, "Van Adliyesi")
    await sqlite_app.name_people(await sqlite_app.event(), ["Ayşe Yılmaz"])
    desk, rows = await opened(sqlite_app)
    ankara, van = (row for row in rows if "Adliyesi" in row["name"])
    ankara |= {"name_en": "Renamed", "parent": "Van Adliyesi"}
    van |= {"parent": "Ankara Adliyesi"}
    wrong = [
        blank(name="ankara adliyesi"),
        blank(name="Yeni", province="Bavyera", parent="Nirgends"),
        blank(name="Yeni"),
        blank(name="Başka", focal_name="Nur Odak"),
        blank(name="Daha", focal_address="someone@example.org"),
        blank(name="Dördüncü", focal_name="Can Başka", focal_address="AYSE.YILMAZ@example.org"),
        blank(name_en="Nameless"),
    ]
    answer = await save(sqlite_app, desk, [ankara, van, *wrong[:-1]])
    marked = set(re.findall(r'id="(\w+-\d+)-wrong"', answer.text))
    assert marked == {
        *(
            "parent-0",
            "parent-1",
            "name-2",
            "province-3",
            "parent-3",
            "name-4",
            "focal_address-5",
            "focal_name-6",
            "focal_name-7",
        )
    }
    assert (answer.status_code, 'value="Renamed"' in answer.text, 'value="Bavyera"' in answer.text) == (422, True, True)
    assert sorted(one["name_en"] for one in (await known(sqlite_app)).values()) == ["", "", ""]
    nameless = await save(sqlite_app, desk, [ankara, wrong[-1]])
    assert (nameless.status_code, 'id="name-1-wrong"' in nameless.text) == (422, True)


async def test_a_row_that_somebody_changed_meanwhile_is_marked(app: App) -> None:
    made = await institution(app, "Ankara Adliyesi")
    desk, rows = await opened(app)
    await app.api().put(f"/api/v1/institutions/{made['id']}", json={"name": "Ankara Adliyesi", "address": "Sıhhiye"})
    answer = await save(app, desk, [rows[0] | {"name_en": "Courthouse"}])
    assert (answer.status_code, "Somebody saved this since" in answer.text) == (422, True)


async def test_who_keeps_the_name_has_a_new_address_and_who_keeps_the_address_a_new_name(app: App) -> None:
    await institution(app, "Ankara Adliyesi")
    desk, _ = await opened(app)
    steps = [
        ("Nur Odak", "nur@example.org", 1),
        ("Nur Odak", "nur.odak@example.org", 1),
        ("Nur Odak-Kaya", "nur.odak@example.org", 1),
        ("Can Yeni", "can@example.org", 2),
        ("", "", 2),
    ]
    for name, address, people in steps:
        await save(app, desk, [rows_on(desk.page)[0] | {"focal_name": name, "focal_address": address}])
        assert "1 changed" in desk.page
        shown = rows_on(desk.page)[0]
        assert (shown["focal_name"], shown["focal_address"]) == (name, address)
        assert (await app.api().get("/api/v1/people")).json()["total"] == people


async def test_pasted_lines_fill_the_rows_that_they_mean_and_new_ones(app: App) -> None:
    await batch(app)
    desk = await app.at_desk()
    await desk.get("/institutions/grid")
    lines = [
        "AFYON GİM\tNur Odak\tnur@example.org",
        "Van\tCan Odak\tcan@example.org",
        "Türk Kızılay\tEce Odak\tece@example.org",
    ]
    form = {"project_id": str(app.project_id), "pasted": "\n".join(lines)}
    answer = await desk.send("/institutions/grid/paste", form)
    desk.page = answer.text
    rows = [row for row in rows_on(answer.text) if row["name"]]
    assert [(row["name"], row["focal_name"], bool(row["id"])) for row in rows] == [
        ("Afyonkarahisar İl Göç İdaresi Müdürlüğü", "Nur Odak", True),
        ("Van İl Göç İdaresi Müdürlüğü", "Can Odak", True),
        ("Türk Kızılay", "Ece Odak", False),
    ]
    assert ("written: AFYON GİM" in answer.text, len(await known(app))) == (True, 81)
    await save(app, desk, rows)
    assert "1 added, 2 changed, 0 left as they were." in desk.page
    assert "can@example.org" in await focal_points(app, "Van İl Göç İdaresi Müdürlüğü")


async def test_a_table_costs_as_many_queries_for_eighty_rows_as_for_two(sqlite_app: App) -> None:
    app, costs = sqlite_app, []
    for provinces in (["Van", "Bursa"], []):
        await batch(app, provinces=provinces)
        desk = await app.at_desk()
        with app.counting() as reading:
            await desk.get("/institutions/grid")
        rows = [row for row in rows_on(desk.page) if row["id"] and not row["focal_id"]]
        for number, row in enumerate(rows):
            row |= {"focal_name": f"Kişi {number}", "focal_address": f"{len(rows)}-{number}@example.org"}
            row |= {"name_en": f"Office {len(rows)}-{number}"}
        with app.counting() as saving:
            await save(app, desk, rows)
        costs.append((len(reading), len(saving)))
    assert costs[0] == costs[1]
    assert costs[1][0] <= 14


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Van Adliyesi;Nur Odak;nur@x.org", [Cells("Van Adliyesi", focal_name="Nur Odak", focal_address="nur@x.org")]),
        ("van\tNur Odak\tnur@x.org", [Cells(province="Van", focal_name="Nur Odak", focal_address="nur@x.org")]),
        ("Van Adliyesi\tMahkeme\tVan", [Cells("Van Adliyesi", kind="court", province="Van")]),
        ("A\tB\tCourt\tVan\tC\tD\td@x.org", [Cells("A", "B", "court", "Van", "C", "D", "d@x.org")]),
        (
            "E-posta\tKurum Adı\tİrtibat noktası\n\nd@x.org\tA\tD\n",
            [Cells("A", focal_name="D", focal_address="d@x.org")],
        ),
        ("  \n", []),
    ],
)
def test_pasted_lines_are_read_with_and_without_headings(text: str, rows: list[Cells]) -> None:
    assert pasted(text, KINDS).rows == rows


NUR = {"focal_name": "Nur Odak", "focal_address": "nur@x.org"}


@pytest.mark.parametrize(
    ("text", "row", "left_out"),
    [
        ("Van Adliyesi\tNur Odak\tnur (at) x.org", Cells("Van Adliyesi", **NUR), []),
        ("Van Adliyesi\tNur Odak\tmailto:nur@x.org,", Cells("Van Adliyesi", **NUR), []),
        ("A;B;Müdür;0432 000;Nur Odak;nur@x.org", Cells("A", "B", **NUR), ["Müdür", "0432 000"]),
        ("Kurum\tTelefon\tE-posta\nA\t0432\ta@x.org", Cells("A", focal_address="a@x.org"), ["Telefon"]),
        ("A\tB\tCourt\tVan\tC\tNur Odak\tnur@x.org\t0432", Cells("A", "B", "court", "Van", "C", **NUR), ["0432"]),
        ("Van Adliyesi\nToplam: 81", Cells("Van Adliyesi"), ["Toplam: 81"]),
    ],
)
def test_no_pasted_cell_is_lost_without_a_word(text: str, row: Cells, left_out: list[str]) -> None:
    assert pasted(text, KINDS) == ([row], left_out)


async def test_the_table_says_what_it_has_no_column_for(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/institutions/grid")
    lines = "Kurum\tTelefon\tE-posta\nA\t0432\ta@x.org\nToplam: 1"
    form = {"project_id": str(sqlite_app.project_id), "pasted": lines}
    page = " ".join((await desk.send("/institutions/grid/paste", form)).text.split())
    assert "Not taken over, as the table has no place for it: Telefon · Toplam: 1" in page


def test_no_more_lines_are_taken_than_the_table_has_rows() -> None:
    with pytest.raises(TooManyLines):
        pasted("\n".join(f"Kurum {n}" for n in range(101)), KINDS)
