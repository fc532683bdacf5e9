"""Lists as ministries send them: read, repaired where that is certain, shown as differences, corrected and undone."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from tests.people import App

HEAD = "Ad Soyad;Unvan;Kurum;İl;E-posta;Telefon;Cinsiyet;Asil/Yedek\n"


def values(made: dict[str, Any], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row["values"].get(name, "") for name in names) for row in made["rows"]]


async def upload(app: App, text: str, event: dict[str, Any] | None = None) -> dict[str, Any]:
    return await app.upload(event or await app.event(), text.encode())


async def again(app: App, made: dict[str, Any], **said: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/imports/{made['id']}/reading", json=said)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def applied(app: App, made: dict[str, Any], **chosen: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/imports/{made['id']}/application", json=chosen)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def people(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    return {one["name"]: one for one in found}


async def test_capitals_titles_ranks_and_addresses_are_repaired_and_shown_as_differences(sqlite_app: App) -> None:
    made = await upload(
        sqlite_app,
        f"{HEAD}Sn. Dr. AYŞE YILMAZ (Yedek);GÖÇ UZMANI;;06;"
        "mailto:ayse(at)example.org, a.yilmaz@example.org;0532 000 00 00;K;",
    )
    row = made["rows"][0]
    assert row["values"] | {"institution": ""} == {
        "name": "Ayşe Yılmaz",
        "title": "Dr. Göç Uzmanı",
        "institution": "",
        "province": "TR-06",
        "address": "ayse@example.org",
        "other_address": "a.yilmaz@example.org",
        "phone": "+90 532 000 00 00",
        "sex": "female",
        "rank": "reserve",
    }
    assert (row["verdict"], row["was"]["name"]) == ("new", "Sn. Dr. AYŞE YILMAZ (Yedek)")


async def test_a_repair_that_is_not_wanted_is_switched_off(sqlite_app: App) -> None:
    made = await upload(sqlite_app, HEAD + "AYŞE YILMAZ;;;;;;;")
    off = await again(sqlite_app, made, off=["capitals"])
    assert (values(made, "name"), values(off, "name")) == ([("Ayşe Yılmaz",)], [("AYŞE YILMAZ",)])


async def test_totals_repeated_headings_and_blank_lines_are_left_out_and_lines_keep_their_numbers(
    sqlite_app: App,
) -> None:
    made = await upload(
        sqlite_app, HEAD + "Ayşe Bir;;;;;;;\n\nAd Soyad;Unvan;;;;;;\nCan İki;;;;;;;\nToplam: 2 kişi;;;;;;;"
    )
    assert [(row["number"], row["verdict"]) for row in made["rows"]] == [
        (2, "new"),
        (4, "skipped"),
        (5, "new"),
        (6, "skipped"),
    ]


async def test_what_cannot_be_understood_is_left_empty_and_said_and_the_person_is_imported(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await upload(sqlite_app, HEAD + "Ayşe Bir;;;Wien;a@example.org;12;?;", event)
    assert [note for row in made["rows"] for note in row["notes"]] == [
        "“Wien” is no province of Türkiye.",
        "“?” is not understood.",
        "“12” is no telephone number.",
    ]
    assert (await applied(sqlite_app, made))["added"] == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Afyon", "TR-03"), ("K.Maraş", "TR-46"), ("İçel", "TR-33"), ("Antakya", "TR-31"), ("6", "TR-06")],
)
async def test_provinces_are_known_by_former_and_short_names_and_by_plate(
    sqlite_app: App, written: str, meant: str
) -> None:
    made = await upload(sqlite_app, HEAD + f"Ayşe Bir;;;{written};;;;")
    assert values(made, "province") == [(meant,)]


async def test_columns_that_are_not_imported_are_named_and_so_is_a_list_without_addresses(sqlite_app: App) -> None:
    made = await upload(sqlite_app, "S.No;Ad Soyad;Kan grubu\n1;Ayşe Bir;A")
    assert made["notes"] == [
        "Columns that are not imported: Kan grubu.",
        "No column holds e-mail addresses: nobody of this list can be written to.",
    ]


@pytest.mark.parametrize(
    "heading", ["Mail adresi", "E Posta", "Kurum E-posta", "E\u2011mail", "e-posta adresiniz", "EMAIL ADDRESS"]
)
async def test_the_column_of_addresses_has_many_names(sqlite_app: App, heading: str) -> None:
    made = await upload(sqlite_app, f"Adı ve Soyadı;{heading}\nAyşe Bir;a@example.org")
    assert values(made, "name", "address") == [("Ayşe Bir", "a@example.org")]


async def test_what_was_mapped_the_wrong_way_round_does_not_spoil_known_headings_and_can_be_forgotten(app: App) -> None:
    strange = "Ad Soyad;Künye\nAyşe Bir;Hâkim"
    made = await upload(app, strange)
    await again(app, made, columns={"name": 1, "title": 0})
    assert values(await upload(app, strange), "name") == [("Ayşe Bir",)]
    desk = await app.at_desk()
    await desk.get(f"/projects/{app.project_id}/import-memory")
    assert "kunye" in desk.page
    forget = desk.page.partition(f"/projects/{app.project_id}/import-memory/")[2].partition('"')[0]
    await desk.send(f"/projects/{app.project_id}/import-memory/{forget}", {"value": ""})
    assert "Nothing is remembered yet" in desk.page


async def test_a_line_is_corrected_or_left_out_where_it_stands(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await upload(sqlite_app, HEAD + "Ayşe Bir;;;;ayse@@x;;;\nCan İki;;;;can@example.org;;;", event)
    path = f"/api/v1/imports/{made['id']}/rows"
    await sqlite_app.api().post(f"{path}/2", json={"values": {"address": "ayse@example.org"}})
    answer = await sqlite_app.api().post(f"{path}/3", json={"leave_out": True})
    assert [row["verdict"] for row in answer.json()["rows"]] == ["new", "skipped"]
    assert ((await applied(sqlite_app, made))["added"], list(await people(sqlite_app, event))) == (1, ["Ayşe Bir"])


async def test_two_colleagues_at_one_office_mailbox_are_both_imported_if_somebody_says_so(app: App) -> None:
    event = await app.event()
    made = await upload(app, HEAD + "Ayşe Bir;;;;office@example.org;;;\nCan İki;;;;office@example.org;;;", event)
    assert [row["verdict"] for row in made["rows"]] == ["new", "shared"]
    both = await applied(app, made, rows=[2, 3])
    assert (both["added"], sorted(await people(app, event))) == (2, ["Ayşe Bir", "Can İki"])


async def test_who_is_known_keeps_what_is_known_unless_the_list_is_to_be_taken_over(app: App) -> None:
    await applied(app, await upload(app, HEAD + "Ayşe Bir;Hâkim;Adliye;;a@example.org;;;"))
    event = await app.event(title="Next")
    made = await upload(app, HEAD + "Ayşe Bir;Savcı;Adliye;Ankara;a@example.org;;K;", event)
    assert (made["rows"][0]["verdict"], made["rows"][0]["known"]) == ("differs", {"title": "Hâkim"})
    taken = await applied(app, await again(app, made, take_over=True))
    (person,) = [p for p in (await app.api().get("/api/v1/people")).json()["items"] if p["name"] == "Ayşe Bir"]
    assert (taken["changed"], person["title"], person["province"], person["sex"]) == (1, "Savcı", "TR-06", "female")
    await app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    person = (await app.api().get(f"/api/v1/people/{person['id']}")).json()
    assert (person["title"], person["province"], person["sex"]) == ("Hâkim", "", "unsaid")


async def test_people_without_an_address_are_known_again_by_name_and_institution(app: App) -> None:
    for title in ("First", "Second"):
        made = await upload(app, HEAD + "Ayşe Bir;;Adliye;;;;;", await app.event(title=title))
        await applied(app, made)
    assert (await app.api().get("/api/v1/people")).json()["total"] == 1


async def test_an_institution_written_otherwise_is_proposed_confirmed_and_remembered(app: App) -> None:
    name = "Afyonkarahisar İl Göç İdaresi Müdürlüğü"
    await applied(app, await upload(app, HEAD + f"Ayşe Bir;;{name};;a@example.org;;;"))
    made = await upload(app, HEAD + "Can İki;;AFYONKARAHİSAR GİM;;c@example.org;;;", await app.event(title="Next"))
    assert values(made, "institution") == [(name,)]
    other = await again(app, made, institutions={"afyonkarahisar gim": "new"})
    assert values(other, "institution") == [("AFYONKARAHİSAR GİM",)]


async def test_undoing_takes_people_and_institutions_along_that_nothing_else_points_to(app: App) -> None:
    event = await app.event()
    made = await upload(app, HEAD + "Ayşe Bir;;New Court;;a@example.org;;;", event)
    await applied(app, made)
    await app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    institutions = (await app.api().get("/api/v1/institutions")).json()["items"]
    assert await people(app, event) == {}
    assert (await app.api().get("/api/v1/people")).json()["total"] == 0
    assert "New Court" not in [one["name"] for one in institutions]


async def test_reserves_are_nominated_and_asked_only_by_name(app: App) -> None:
    event = await app.event()
    rows = "Ayşe Bir;;;;a@example.org;;;Asil\nCan İki;;;;c@example.org;;;Yedek"
    await applied(app, await upload(app, HEAD + rows, event))
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    found = await people(app, event)
    assert (found["Ayşe Bir"]["status"], found["Can İki"]["status"]) == ("invited", "nominated")


async def test_lines_that_were_left_out_are_downloaded_with_the_reason(sqlite_app: App) -> None:
    made = await upload(sqlite_app, HEAD + "Ayşe Bir;;;;ayse@@x;;;\nCan İki;;;;c@example.org;;;")
    await applied(sqlite_app, made)
    desk = await sqlite_app.at_desk()
    table = (await desk.get(f"/imports/{made['id']}/left-out.csv")).text
    assert "This is not an e-mail address" in table
    assert "Can İki" not in table


async def test_who_may_not_plan_sees_no_list_and_another_project_none_at_all(sqlite_app: App) -> None:
    made = await upload(sqlite_app, HEAD + "Ayşe Bir;;;;;;;")
    await sqlite_app.found("P-OTHER", prefix="other-")
    path = f"/api/v1/imports/{made['id']}"
    answers = [(await sqlite_app.api(role).get(path)).status_code for role in ("finance", "other-organiser")]
    assert answers == [403, 404]


async def test_a_list_that_is_imported_is_read_no_other_way(sqlite_app: App) -> None:
    made = await upload(sqlite_app, HEAD + "Ayşe Bir;;;;;;;")
    await applied(sqlite_app, made)
    answer = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/reading", json={"off": []})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "import-over")


async def test_the_encoding_is_chosen_where_the_guess_was_wrong(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, "Name;E-mail\nΑθηνά Παππά;a@example.org".encode("iso8859_7"))
    other = await again(sqlite_app, made, encoding="Windows-1254")
    back = await again(sqlite_app, other, encoding=made["encoding"])
    assert values(made, "name") == values(back, "name") == [("Αθηνά Παππά",)] != values(other, "name")
    path = f"/api/v1/imports/{made['id']}/reading"
    assert (await sqlite_app.api().post(path, json={"encoding": "base64"})).status_code == 422


async def test_another_sheet_of_a_workbook_is_chosen(sqlite_app: App) -> None:
    book = Workbook()
    book.active.title = "Kapak"  # type: ignore[union-attr]
    book.active.append(["Sayın ilgili, liste ektedir."])  # type: ignore[union-attr]
    for name, rows in {"Liste": ["Ayşe Bir", "Can İki"], "Yedek": ["Ece Üç"]}.items():
        sheet = book.create_sheet(name)
        sheet.append(["Ad Soyad", "E-posta"])
        for row in rows:
            sheet.append([row, ""])
    into = io.BytesIO()
    book.save(into)
    made = await sqlite_app.upload(await sqlite_app.event(), into.getvalue(), "liste.xlsx")
    other = await again(sqlite_app, made, sheet=2)
    assert (made["sheets"], values(made, "name")) == (["Kapak", "Liste", "Yedek"], [("Ayşe Bir",), ("Can İki",)])
    assert values(other, "name") == [("Ece Üç",)]


async def test_headings_of_two_lines_and_merged_cells_are_understood(sqlite_app: App) -> None:
    book = Workbook()
    rows = [["Kişi", None, "Kurumu", "İletişim"], ["Adı", "Soyadı", None, "E-posta"]]
    rows += [["Ayşe", "Bir", "Ankara Adliyesi", "a@example.org"], ["Can", "İki", None, "c@example.org"]]
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    for merged in ("A1:B1", "C1:C2", "C3:C4"):
        book.active.merge_cells(merged)  # type: ignore[union-attr]
    into = io.BytesIO()
    book.save(into)
    made = await sqlite_app.upload(await sqlite_app.event(), into.getvalue(), "liste.xlsx")
    assert values(made, "name", "institution", "address") == [
        ("Ayşe Bir", "Ankara Adliyesi", "a@example.org"),
        ("Can İki", "Ankara Adliyesi", "c@example.org"),
    ]


@pytest.mark.parametrize(
    ("known", "written", "verdict"),
    [
        ("ayse.yilmaz@gmail.com", "AyseYilmaz+iom@googlemail.com", "already"),
        ("ayse@outlook.com", "ayse+toplanti@outlook.com", "already"),
        ("a.yilmaz@outlook.com", "ayilmaz@outlook.com", "new"),
        ("ayse@example.org", "ayse+toplanti@example.org", "new"),
    ],
)
async def test_tags_and_points_count_for_nothing_where_the_provider_ignores_them(
    sqlite_app: App, known: str, written: str, verdict: str
) -> None:
    event = await sqlite_app.event()
    await applied(sqlite_app, await upload(sqlite_app, f"{HEAD}Ayşe Yılmaz;;;;{known};;;", event))
    again = await upload(sqlite_app, f"{HEAD}Ayşe Yılmaz;;;;{written};;;", event)
    assert [row["verdict"] for row in again["rows"]] == [verdict]
