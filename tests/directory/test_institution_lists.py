"""Institutions and their focal points from a list: read, matched, added, completed, and taken back."""

from typing import Any

from tests.directory.test_imports import again, applied, values
from tests.directory.test_institutions_in_bulk import institution, known
from tests.people import App

HEAD = "Kurum Adı;İl;Üst Kurum;İrtibat Noktası;Unvan;E-posta;Telefon\n"
ANKARA = "Ankara İl Göç İdaresi Müdürlüğü"


async def uploaded(app: App, text: str) -> dict[str, Any]:
    answer = await app.api().post(
        f"/api/v1/projects/{app.project_id}/institution-lists", files={"file": ("kurumlar.csv", text.encode())}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def focal_points(app: App, name: str) -> str:
    one = (await known(app))[name]
    page = (await (await app.at_desk()).get(f"/institutions/{one['id']}")).text
    return page.partition("Focal points")[2].partition("History")[0]


async def test_a_list_adds_institutions_with_parent_and_focal_points(app: App) -> None:
    made = await uploaded(
        app,
        f"{HEAD}{ANKARA};06;Göç İdaresi Başkanlığı;Sn. AYŞE YILMAZ;ŞUBE MÜDÜRÜ;ayse@example.org;0532 000 00 00\n"
        f"{ANKARA};;;Can Demir;;can@example.org;\n"
        "Afyon İl Göç İdaresi Müdürlüğü;Afyon;Göç İdaresi Başkanlığı;;;;\n",
    )
    assert [row["verdict"] for row in made["rows"]] == ["new", "new", "new"]
    done = await applied(app, made)
    there = await known(app)
    assert (done["added"], done["left_out"]) == (3, 0)
    assert {name: (one["kind"], one["province"]) for name, one in there.items()} == {
        ANKARA: ("directorate", "TR-06"),
        "Afyon İl Göç İdaresi Müdürlüğü": ("directorate", "TR-03"),
        "Göç İdaresi Başkanlığı": ("presidency", ""),
    }
    assert {one["parent_id"] for one in there.values()} == {None, there["Göç İdaresi Başkanlığı"]["id"]}
    shown = await focal_points(app, ANKARA)
    assert "Ayşe Yılmaz" in shown
    assert "Can Demir" in shown
    people = (await app.api().get("/api/v1/people?q=ayse")).json()["items"]
    page = (await (await app.at_desk()).get(f"/people/{people[0]['id']}")).text
    assert "Şube Müdürü" in page
    assert "+90 532 000 00 00" in page


async def test_an_institution_written_otherwise_is_proposed_and_completed_not_added_twice(app: App) -> None:
    await institution(app, ANKARA, kind="directorate")
    made = await uploaded(app, f"{HEAD}Ankara İl Göç İd. Md.;Ankara;;Ayşe Yılmaz;;ayse@example.org;\n")
    assert values(made, "institution") == [(ANKARA,)]
    assert made["rows"][0]["verdict"] == "known"
    done = await applied(app, made)
    assert (done["added"], done["changed"], (await known(app))[ANKARA]["province"]) == (0, 1, "TR-06")
    assert "Ayşe Yılmaz" in await focal_points(app, ANKARA)
    same = await uploaded(app, f"{HEAD}{ANKARA};Ankara;;Ayşe Yılmaz;;ayse@example.org;\n")
    assert same["rows"][0]["verdict"] == "already"


async def test_what_a_list_says_otherwise_is_shown_and_taken_over_only_where_that_is_wanted(sqlite_app: App) -> None:
    await institution(sqlite_app, ANKARA, province="TR-06")
    text = f"{HEAD}{ANKARA};Konya;;;;;\n"
    made = await uploaded(sqlite_app, text)
    assert (made["rows"][0]["verdict"], made["rows"][0]["known"]) == ("differs", {"province": "TR-06"})
    await applied(sqlite_app, made)
    assert (await known(sqlite_app))[ANKARA]["province"] == "TR-06"
    await applied(sqlite_app, await again(sqlite_app, await uploaded(sqlite_app, text), take_over=True))
    assert (await known(sqlite_app))[ANKARA]["province"] == "TR-42"


async def test_undoing_takes_institutions_people_and_changes_back_and_keeps_what_is_used(app: App) -> None:
    await institution(app, ANKARA)
    made = await uploaded(
        app,
        f"{HEAD}{ANKARA};06;Göç İdaresi Başkanlığı;Ayşe Yılmaz;;ayse@example.org;\n"
        "Van Adliyesi;Van;;Can Demir;;can@example.org;\nİzmir Adliyesi;İzmir;;;;;\n",
    )
    await applied(app, made)
    # Somebody of one of them is named meanwhile.
    named = await app.upload(await app.event(), b"Ad Soyad;Kurum\nNur Ek;Van Adliyesi\n")
    await applied(app, named)
    undone = await app.api().post(f"/api/v1/imports/{made['id']}/undoing")
    assert undone.json()["state"] == "undone", undone.text
    there = await known(app)
    assert set(there) == {ANKARA, "Van Adliyesi"}
    assert there[ANKARA]["province"] == ""
    people = (await app.api().get("/api/v1/people")).json()["items"]
    assert not {"Ayşe Yılmaz", "Can Demir"} & {one["name"] for one in people}


async def test_each_fault_of_a_line_is_a_sentence_and_the_line_can_be_corrected(sqlite_app: App) -> None:
    await applied(sqlite_app, await uploaded(sqlite_app, f"{HEAD}{ANKARA};06;;Ayşe Yılmaz;;ayse@example.org;\n"))
    made = await uploaded(
        sqlite_app,
        f"{HEAD};06;;Nur Bir;;nur@example.org;\n"
        "Van Adliyesi;Viyana;;Nur Bir;;;\n"
        "Muş Adliyesi;;;Can Demir;;ayse@example.org;\n"
        "Kars Adliyesi;;;;;kars@example.org;\n"
        "Kars Adliyesi;;;Nur Kars;;kars@example.org;\n",
    )
    notes = {row["number"]: (row["verdict"], row["notes"]) for row in made["rows"]}
    assert notes == {
        2: ("wrong", ["There is no institution in this line."]),
        3: (
            "new",
            [
                "“Viyana” is no province of Türkiye.",
                "The focal point has no address: without one nobody can be written to.",
            ],
        ),
        4: ("wrong", ["The project knows this address as Ayşe Yılmaz. Write that name, or another address."]),
        5: ("wrong", ["Please say whose address this is."]),
        6: ("new", []),
    }
    fixed = await sqlite_app.api().post(
        f"/api/v1/imports/{made['id']}/rows/4", json={"values": {"address": "can@example.org"}}
    )
    assert [row["verdict"] for row in fixed.json()["rows"] if row["number"] == 4] == ["new"]


async def test_a_list_is_uploaded_on_the_page_of_institutions_and_found_again_later(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/institutions")
    await desk.send(
        "/institutions/imports",
        {"project_id": str(sqlite_app.project_id)},
        files={"file": ("kurumlar.csv", f"{HEAD}{ANKARA};06;;;;;\n".encode())},
    )
    assert ANKARA in desk.page
    await desk.get(f"/projects/{sqlite_app.project_id}/imports")
    assert "kurumlar.csv" in desk.page
    assert "List of institutions" in desk.page
    assert "Previewed" in desk.page
