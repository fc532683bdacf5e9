"""One institution for each province in one step, their names in two languages, and people who are added by hand."""

from typing import Any

import pytest
import sqlalchemy as sa

from directory.people.models import InstitutionKind, kind_of
from tests.office import pdf_pages
from tests.people import App, problem_fields

TURKISH, ENGLISH = "Afyonkarahisar İl Göç İdaresi Müdürlüğü", "Afyonkarahisar Provincial Directorate of Migration"


async def batch(app: App, path: str = "", status: int = 201, **given: Any) -> dict[str, Any]:
    answer = await app.api().post(f"/api/v1/projects/{app.project_id}/institution-batches{path}", json=given)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def institution(app: App, name: str, **more: object) -> dict[str, Any]:
    given = {"name": name, "project_id": str(app.project_id), **more}
    answer = await app.api().post("/api/v1/institutions", json=given)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def known(app: App, q: str = "") -> dict[str, dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for page in (1, 2):
        answer = await app.api().get("/api/v1/institutions", params={"q": q, "limit": 100, "page": page})
        items += answer.json()["items"]
    return {one["name"]: one for one in items}


async def test_81_directorates_are_added_under_a_new_parent_and_taken_back(app: App) -> None:
    done = await batch(app, parent="İçişleri Bakanlığı")
    there = await known(app)
    ministry, one = there["İçişleri Bakanlığı"], there["Afyonkarahisar İl Göç İdaresi Müdürlüğü"]
    assert (len(done["added"]), done["skipped"], len(there)) == (82, 0, 82)
    assert one["name_en"] == "Afyonkarahisar Provincial Directorate of Migration Management"
    assert there["İstanbul İl Göç İdaresi Müdürlüğü"]["name_en"].startswith("Istanbul ")
    assert (one["kind"], one["province"], one["parent_id"]) == ("directorate", "TR-03", ministry["id"])
    assert ministry["kind"] == "ministry"
    again = await app.api().post(f"/api/v1/projects/{app.project_id}/institution-batches", json={})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "no-new-institution")
    undone = await app.api().post(f"/api/v1/institution-batches/{done['id']}/undoing")
    assert (undone.status_code, await known(app)) == (200, {})
    assert (await app.api().post(f"/api/v1/institution-batches/{done['id']}/undoing")).status_code == 409


async def test_those_that_are_there_by_name_or_by_kind_province_and_parent_are_skipped(app: App) -> None:
    parent = await institution(app, "İçişleri Bakanlığı")
    await institution(app, "ADANA IL GOC IDARESI MUDURLUGU")
    await institution(app, "Bursa PDMM", kind="directorate", province="Bursa", parent_id=parent["id"])
    wanted = {"parent": "içişleri bakanlığı", "provinces": ["Adana", "TR-16", "Van"]}
    plan = await batch(app, "/preview", 200, **wanted)
    assert ([one["province"] for one in plan["new"]], [one["province"] for one in plan["there"]]) == (
        ["TR-65"],
        ["TR-01", "TR-16"],
    )
    done = await batch(app, **wanted)
    assert (len(done["added"]), done["skipped"]) == (1, 2)


async def test_a_batch_under_which_somebody_stands_is_not_taken_back(sqlite_app: App) -> None:
    done = await batch(sqlite_app, provinces=["Van"])
    person = {
        "name": "Ayşe Yılmaz",
        "institution": "Van İl Göç İdaresi Müdürlüğü",
        "project_id": str(sqlite_app.project_id),
    }
    assert (await sqlite_app.api().post("/api/v1/people", json=person)).status_code == 201
    answer = await sqlite_app.api().post(f"/api/v1/institution-batches/{done['id']}/undoing")
    assert (answer.status_code, len(await known(sqlite_app))) == (409, 1)


async def test_a_batch_costs_as_many_queries_for_81_as_for_one_and_is_one_line_of_the_history(sqlite_app: App) -> None:
    # That a token is used is noted once a minute.
    await known(sqlite_app)
    costs = []
    for provinces in (["Van"], []):
        with sqlite_app.counting() as seen:
            await batch(sqlite_app, provinces=provinces)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    async with sqlite_app.database.reading() as db:
        facts = (
            await (await db.connection()).execute(
                sa.text("SELECT facts FROM audit_entry WHERE act LIKE 'institution%' ORDER BY id")
            )
        ).scalars()
        counted = [fact for fact in facts if '"count": 80' in fact]
    assert len(counted) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": "İl Müdürlüğü"}, "name"), ({"provinces": ["Bavyera"]}, "provinces.0"), ({"country": "DE"}, "country")],
)
async def test_a_pattern_without_a_place_for_the_province_is_refused(
    sqlite_app: App, given: dict[str, object], field: str
) -> None:
    path = f"/api/v1/projects/{sqlite_app.project_id}/institution-batches"
    answer = await sqlite_app.api().post(path, json=given)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_an_institution_is_shown_and_found_in_both_languages(app: App) -> None:
    made = await institution(app, TURKISH, name_en=ENGLISH)
    desk = await app.at_desk()
    for language, name in (("tr", TURKISH), ("en", ENGLISH)):
        await desk.send("/language", {"language": language, "next": "/institutions"})
        for path in ("/institutions?q=migration", f"/institutions/{made['id']}", "/search?q=afyonkarahisar+goc"):
            assert name in (await desk.get(path)).text, (language, path)
    # The English name is as good as the other one in a list, and stays what one body has.
    event = await app.event()
    made_import = await app.upload(event, f"Name;Institution\nAyşe Yılmaz;{ENGLISH}".encode())
    await app.api().post(f"/api/v1/imports/{made_import['id']}/application", json={})
    assert list(await known(app)) == [TURKISH]
    other = {"name": "Başka", "name_en": ENGLISH.upper(), "project_id": str(app.project_id)}
    refused = await app.api().post("/api/v1/institutions", json=other)
    assert (refused.status_code, list(problem_fields(refused))) == (422, ["name_en"])


async def test_a_sheet_is_printed_with_the_names_of_its_language(sqlite_app: App) -> None:
    app = sqlite_app
    await institution(app, TURKISH, name_en=ENGLISH)
    event, _ = await app.accepted_event(["Ayşe Yılmaz"])
    person = (await app.api().get("/api/v1/people")).json()["items"][0]
    given = {"name": person["name"], "address": person["address"], "institution": TURKISH}
    assert (await app.api().put(f"/api/v1/people/{person['id']}", json=given)).status_code == 200
    for language, name in (("tr", TURKISH), ("en", ENGLISH)):
        sheet = await app.sheet(event, language=language)
        assert name.split()[1] in " ".join(pdf_pages(sheet)), language


async def test_people_are_found_by_the_name_that_their_institution_has_now(app: App) -> None:
    made = await institution(app, "Court 0")
    await app.name_people(await app.event(), ["Ayşe Yılmaz"])
    renamed = {"name": "Ankara Adliyesi", "name_en": "Ankara Courthouse"}
    assert (await app.api().put(f"/api/v1/institutions/{made['id']}", json=renamed)).status_code == 200
    for q, count in (("adliyesi", 1), ("courthouse", 1), ("court 0", 0)):
        assert (await app.api().get("/api/v1/people", params={"q": q})).json()["total"] == count, q


async def test_a_person_is_added_where_people_are_listed_with_language_phone_and_sex(app: App) -> None:
    desk = await app.at_desk()
    await desk.get("/people/new")
    form = {
        "project_id": str(app.project_id),
        "name": "Nur Odak",
        "title": "Uzman",
        "institution": "Van İl Göç İdaresi Müdürlüğü",
        "country": "TR",
        "province": "Van",
        "sex": "female",
        "language": "en",
        "address": "nur@example.org",
        "phones": "0532 123 45 67",
    }
    await desk.send("/people/new", form)
    assert "+90 532 123 45 67" in desk.page
    person = (await app.api().get("/api/v1/people?q=nur")).json()["items"][0]
    assert (person["sex"], person["language"], person["province"]) == ("female", "en", "TR-65")
    await desk.get("/people/new")
    again = await desk.send("/people/new", {**form, "name": "Başka Biri"})
    assert (again.status_code, 'value="Başka Biri"' in again.text, "address-wrong" in again.text) == (422, True, True)


async def test_a_focal_point_is_created_from_name_and_address_in_place(sqlite_app: App) -> None:
    made = await institution(sqlite_app, TURKISH)
    path = f"/institutions/{made['id']}"
    desk = await sqlite_app.at_desk()
    await desk.get(path)
    refused = await desk.send(f"{path}/focal-points", {"focal_name": "Nur Odak", "focal_address": "nur"})
    assert (refused.status_code, "focal_address-wrong" in refused.text) == (422, True)
    await desk.send(f"{path}/focal-points", {"focal_name": "Nur Odak", "focal_address": "nur@example.org"})
    assert "nur@example.org" in desk.page.partition("Focal points")[2]
    # A known mailbox is the person who has it; who is called otherwise is not taken for them.
    other = await institution(sqlite_app, "Başka kurum")
    form = {"focal_name": "Can Başka", "focal_address": "NUR@example.org"}
    path = f"/institutions/{other['id']}"
    refused = await desk.send(f"{path}/focal-points", form)
    assert (refused.status_code, "Nur Odak" in refused.text.partition("focal_name-wrong")[2]) == (422, True)
    await desk.send(f"{path}/focal-points", {**form, "focal_name": "ODAK, Nur"})
    assert "Nur Odak" in desk.page.partition("Focal points")[2]
    assert (await sqlite_app.api().get("/api/v1/people")).json()["total"] == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ankara İl Emniyet Müdürlüğü", InstitutionKind.police),
        ("Ankara Cumhuriyet Başsavcılığı", InstitutionKind.prosecution),
        ("Ankara 2. Ağır Ceza Mahkemesi", InstitutionKind.court),
        ("Van İl Göç İdaresi Müdürlüğü", InstitutionKind.directorate),
        ("Ministry of Interior", InstitutionKind.ministry),
        ("Kızılay", InstitutionKind.other),
    ],
)
def test_what_a_name_says_of_the_kind(name: str, kind: InstitutionKind) -> None:
    assert kind_of(name) is kind
