"""Two records of one institution become one, with everything that points to them, and two again."""

import asyncio
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from core.ids import new_id
from directory.institution_merges.rules import Candidate, are_alike
from directory.institutions.rules import Known
from directory.institutions.service import OWN, REFERENCES
from directory.people.geography import provinces
from directory.people.models import InstitutionKind
from events.programme.events.models import Session
from tests.directory.test_institutions_in_bulk import institution, known
from tests.people import App

WHOLE, SHORT = "Afyonkarahisar İl Göç İdaresi Müdürlüğü", "AFYON GİM"
PROJECT = new_id()


def candidate(name: str, kind: str = "other", province: str = "") -> Candidate:
    return Candidate(Known(new_id(), (name,), province), PROJECT, InstitutionKind(kind))


async def merge(app: App, kept: str, merged: str) -> Any:
    return await app.api().post("/api/v1/institution-merges", json={"kept_id": kept, "merged_id": merged})


async def undo(app: App, done: Any) -> Any:
    return await app.api().post(f"/api/v1/institution-merges/{done.json()['id']}/undoing")


async def person(app: App, name: str, institution: str) -> str:
    given = {"name": name, "institution": institution, "project_id": str(app.project_id)}
    answer = await app.api().post("/api/v1/people", json=given | {"address": f"{name.split()[0].lower()}@example.org"})
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def whereabouts(app: App) -> dict[str, list[Any]]:
    """Every column of every table that points to an institution, row by row."""
    found: dict[str, list[Any]] = {}
    async with app.database.reading() as db:
        for table, column in pointing():
            key = sa.inspect(table).primary_key[0]
            rows = await db.exec(sa.select(key, getattr(table, column)).order_by(key))  # type: ignore[call-overload]
            found[f"{table.__tablename__}.{column}"] = [tuple(row) for row in rows if row[1]]
    found.pop("institution_merge.kept_id")
    return found


def pointing() -> list[tuple[Any, str]]:
    """Every foreign key to an institution, as the tables say."""
    classes = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    return [
        (classes[table.name], column.name)
        for table in SQLModel.metadata.sorted_tables
        if table.name in classes
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "institution"
    ]


def test_every_column_that_points_to_institutions_is_known_to_merging_and_removing() -> None:
    known = {(str(one.table.__tablename__), one.column) for one in (*OWN, *REFERENCES)}
    # What lists call an institution is remembered with its id as text.
    remembered = {("import_memory", "value")}
    assert {(str(table.__tablename__), column) for table, column in pointing()} | remembered == known


async def everywhere(app: App, name: str, *, event: dict[str, Any], focal: str) -> dict[str, Any]:
    """An institution that something of each kind points to."""
    made = await institution(app, name)
    await institution(app, f"{name} Birimi", parent_id=made["id"])
    await person(app, f"{name.split()[0]} Kişi", name)
    api, path = app.api(), f"/api/v1/events/{event['id']}"
    given = {"people": [focal]}
    assert (await api.put(f"/api/v1/institutions/{made['id']}/focal-points", json=given)).status_code == 204
    call = {"institution_id": made["id"], "capacity": 2, "answer_by": "2026-03-20"}
    assert (await api.post(f"{path}/calls", json=call)).status_code == 201
    quotas = (await api.get(f"{path}/quotas")).json()
    given_quotas = [{k: q[k] for k in ("institution_id", "capacity")} for q in quotas]
    quota = {"institution_id": made["id"], "capacity": 2}
    assert (await api.put(f"{path}/quotas", json=[*given_quotas, quota])).status_code in (200, 204)
    return made


async def host(app: App, event: dict[str, Any], institution_id: str) -> None:
    async with app.database.unit_of_work() as db:
        session = (await db.exec(select(Session).where(Session.event_id == UUID(event["id"])))).one()
        session.host_id = UUID(institution_id)


async def test_a_merge_keeps_every_reference_and_undoing_it_restores_each(app: App) -> None:
    session = {"title": "Opening", "starts": "2026-04-14T09:00", "ends": "2026-04-14T10:00"}
    event = await app.event(sessions=[session])
    focal = await person(app, "Nur Odak", "")
    kept = await everywhere(app, WHOLE, event=event, focal=focal)
    merged = await everywhere(app, SHORT, event=event, focal=focal)
    await host(app, event, merged["id"])
    before = await whereabouts(app)
    done = await merge(app, kept["id"], merged["id"])
    assert done.status_code == 201, done.text
    after = await whereabouts(app)
    assert merged["id"] not in str(after)
    counts = {name: len(rows) for name, rows in after.items()}
    # Both were asked, had a quota and the same focal point: of each there is one now; all else is there as before.
    once = {"nomination_call.institution_id", "quota.institution_id", "focal_point.institution_id"}
    assert counts == {name: len(rows) - (name in once) for name, rows in before.items()}
    page = (await (await app.at_desk()).get(f"/institutions/{merged['id']}", follow_redirects=True)).text
    for shown in (WHOLE, f"{SHORT} Birimi", SHORT, "Undo the merge"):
        assert shown in page
    assert (await undo(app, done)).status_code == 200
    assert await whereabouts(app) == before
    assert (await undo(app, done)).status_code == 409


async def test_names_given_under_either_request_stand_under_the_one_that_is_open(app: App) -> None:
    event = await app.event()
    focal = await person(app, "Nur Odak", "")
    kept = await everywhere(app, WHOLE, event=event, focal=focal)
    merged = await everywhere(app, SHORT, event=event, focal=focal)
    calls = {
        c["institution_id"]: c["id"]
        for c in (await app.api().get(f"/api/v1/events/{event['id']}/calls")).json()["items"]
    }
    assert (await app.api().delete(f"/api/v1/calls/{calls[kept['id']]}")).status_code in (200, 204)
    links = await _links(app)
    done = await merge(app, kept["id"], merged["id"])
    (left,) = (await app.api().get(f"/api/v1/events/{event['id']}/calls")).json()["items"]
    assert (left["id"], left["institution_id"]) == (calls[merged["id"]], kept["id"])
    assert {call for _, call in await _links(app)} == {UUID(left["id"])}
    await undo(app, done)
    assert await _links(app) == links


async def _links(app: App) -> list[Any]:
    async with app.database.reading() as db:
        rows = await (await db.connection()).execute(sa.text("SELECT id, call_id FROM call_link ORDER BY id"))
        return [tuple(UUID(str(value)) for value in row) for row in rows]


async def test_the_merged_name_goes_on_finding_the_kept_institution(app: App) -> None:
    kept = await institution(app, WHOLE)
    merged = await institution(app, SHORT, name_en="Afyon PDMM", address="Ordu Bulvarı", kind="directorate")
    done = await merge(app, kept["id"], merged["id"])
    await person(app, "Ayşe Yılmaz", "afyon gim")
    await person(app, "Can Yılmaz", "AFYON PDMM")
    assert list(await known(app)) == [WHOLE]
    filled = (await known(app))[WHOLE]
    assert (filled["name_en"], filled["address"], filled["kind"]) == ("Afyon PDMM", "Ordu Bulvarı", "directorate")
    again = {"name": SHORT, "project_id": str(app.project_id)}
    assert (await app.api().post("/api/v1/institutions", json=again)).status_code == 422
    await undo(app, done)
    there = await known(app)
    assert (there[WHOLE]["name_en"], there[WHOLE]["address"], there[WHOLE]["kind"]) == ("", "", "other")
    assert there[SHORT] == {**merged, "revision": there[SHORT]["revision"]}


async def test_one_above_or_below_the_other_leaves_no_circle(app: App) -> None:
    top = await institution(app, "Bakanlık")
    middle = await institution(app, "Müdürlük", parent_id=top["id"])
    leaf = await institution(app, "Birim", parent_id=middle["id"])
    for kept, merged in ((leaf, top), (top, leaf)):
        before = await whereabouts(app)
        done = await merge(app, kept["id"], merged["id"])
        assert done.status_code == 201
        parents = {one["id"]: one["parent_id"] for one in (await known(app)).values()}
        assert parents == {kept["id"]: None, middle["id"]: kept["id"]}
        assert (await undo(app, done)).status_code == 200
        assert await whereabouts(app) == before


async def test_what_was_merged_twice_is_taken_apart_in_the_other_order(app: App) -> None:
    a, b, c = [await institution(app, name) for name in ("Birinci", "İkinci", "Üçüncü")]
    first = await merge(app, b["id"], c["id"])
    second = await merge(app, a["id"], b["id"])
    await person(app, "Ayşe Yılmaz", "Üçüncü")
    assert list(await known(app)) == ["Birinci"]
    assert (await undo(app, first)).status_code == 409
    assert [(await undo(app, done)).status_code for done in (second, first)] == [200, 200]
    assert set(await known(app)) == {"Birinci", "İkinci", "Üçüncü"}


async def test_a_name_that_another_one_has_by_now_is_not_taken_from_it(app: App) -> None:
    kept, merged = await institution(app, WHOLE), await institution(app, SHORT)
    done = await merge(app, kept["id"], merged["id"])
    assert (await app.api().put(f"/api/v1/institutions/{kept['id']}", json={"name": SHORT})).status_code == 200
    refused = await undo(app, done)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "name-taken")


async def test_one_is_not_merged_with_itself_nor_two_at_a_time_nor_across_projects(app: App) -> None:
    a, b = await institution(app, "Birinci"), await institution(app, "İkinci")
    assert (await merge(app, a["id"], a["id"])).status_code == 422
    statuses = sorted(
        r.status_code for r in await asyncio.gather(merge(app, a["id"], b["id"]), merge(app, b["id"], a["id"]))
    )
    assert statuses == [201, 404]
    await app.found("P-OTHER", prefix="other-")
    stranger = app.api("other-organiser")
    pair = {"kept_id": a["id"], "merged_id": b["id"]}
    assert (await stranger.post("/api/v1/institution-merges", json=pair)).status_code == 404
    assert (await stranger.get("/api/v1/institution-merges/look-alikes")).json() == []


async def test_pairs_are_shown_until_they_are_merged_or_kept_apart(app: App) -> None:
    kept, merged = await institution(app, WHOLE, kind="directorate"), await institution(app, SHORT)
    await institution(app, "Afyon Belediyesi")
    (pair,) = (await app.api().get("/api/v1/institution-merges/look-alikes")).json()
    assert set(pair.values()) == {kept["id"], merged["id"]}
    desk = await app.at_desk()
    assert "Keep this one" in (await desk.get("/institutions-look-alike")).text
    form = {"kept_id": kept["id"], "merged_id": merged["id"]}
    await desk.send("/institutions-look-alike/merge", form)
    assert "The two are one now." in desk.page
    merges = desk.page.partition(f"/institutions/{kept['id']}/merges/")[2].partition("/")[0]
    await desk.send(f"/institutions/{kept['id']}/merges/{merges}/undo")
    await desk.get("/institutions-look-alike")
    await desk.send("/institutions-look-alike/apart", form)
    assert "No possible duplicates" in desk.page


def test_alike_are_names_of_one_kind_and_province() -> None:
    a, b = candidate(WHOLE, "directorate", "TR-03"), candidate(SHORT)
    c = candidate("Afyonkarahisar İl Göç İdaresi Müd.", "police", "TR-03")
    d = candidate("Kadın Danışma Merkezi", province="TR-06")
    e = candidate("Kadın Danışma Merkezi Derneği", province="TR-35")
    assert {frozenset(pair) for pair in are_alike([a, b, c, d, e])} == {
        frozenset({a.known.id, b.known.id}),
        frozenset({b.known.id, c.known.id}),
    }


def institutions() -> list[Candidate]:
    """Some seven hundred, as an agency knows them."""
    tasks = ("İl Göç İdaresi", "İl Emniyet", "Gençlik ve Spor İl", "Aile ve Sosyal Hizmetler İl", "İl Sağlık", "Tarım")
    many = [
        candidate(f"{name} {task} Müdürlüğü", "directorate", code)
        for code, name in provinces().items()
        for task in tasks
    ]
    return many + [candidate(f"{n}. Bölge {task} Derneği") for n in range(40) for task in tasks]


def test_what_is_there_twice_is_found_among_hundreds_of_institutions() -> None:
    twin = candidate("Van GİM")
    pairs = are_alike([*institutions(), twin])
    assert len([pair for pair in pairs if twin.known.id in pair]) == 1
