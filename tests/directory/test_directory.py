"""People known once, institutions as a tree, and two records that are one person."""

import asyncio
import random
import time
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from directory.duplicates.rules import KnownPerson, are_alike
from directory.people.models import Institution, Person
from directory.people.service import name_key
from tests.people import App, problem_fields


async def ids(app: App, event: dict[str, Any], *names: str) -> list[str]:
    await app.name_people(event, list(names))
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})).json()["items"]
    by_name = {p["name"]: p["person_id"] for p in people}
    return [by_name[name] for name in names]


def record(**change: object) -> dict[str, object]:
    return {
        "name": "Ayşe Yılmaz",
        "institution": "Ankara Adliyesi",
        "province": "Ankara",
        "address": "ayse@example.org",
        **change,
    }


async def change(app: App, person: str, headers: dict[str, str] | None = None, **more: object) -> Any:
    return await app.api().put(f"/api/v1/people/{person}", json=record(**more), headers=headers)


async def institution(app: App, **more: object) -> dict[str, Any]:
    answer = await app.api().post(
        "/api/v1/institutions",
        json={"name": "Göç İdaresi Başkanlığı", "project_id": str(app.project_id), **more},
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def merge(app: App, kept: str, merged: str) -> Any:
    return await app.api().post("/api/v1/merges", json={"kept_id": kept, "merged_id": merged})


@pytest.mark.parametrize("name", ["Ayşe Yılmaz", "YILMAZ, Ayşe", "yilmaz ayse", "Ayşe  YILMAZ"])
def test_every_way_to_write_a_name_has_one_key(name: str) -> None:
    assert name_key(name) == "ayse yilmaz"


PROJECT = new_id()


def known(name: str, office: Any = None) -> KnownPerson:
    return KnownPerson(new_id(), PROJECT, name_key(name), office)


def test_the_same_words_look_alike_everywhere_and_nearly_the_same_in_one_institution() -> None:
    court, other = new_id(), new_id()
    a, b = known("Ayşe Yılmaz"), known("Yılmaz Ayşe", court)
    c, d, e = known("Mehmet Öztürk", court), known("Mehmed Öztürk", court), known("Mehmed Öztürk Kaya", other)
    assert {frozenset(p) for p in are_alike([a, b, c, d, e])} == {
        frozenset({a.id, b.id}),
        frozenset({c.id, d.id}),
    }


@given(names=st.lists(st.text("abcdef ", min_size=1, max_size=8), max_size=12))
def test_no_pair_is_said_twice_and_nobody_looks_like_themself(names: list[str]) -> None:
    office = new_id()
    pairs = are_alike([known(name, office) for name in names])
    assert all(a < b for a, b in pairs)
    assert len(pairs) == len(set(pairs))


def colleagues(count: int, office: Any, letters: int = 14) -> list[KnownPerson]:
    draw = random.Random(7)
    return [known("".join(draw.choices("abdeiklmnrstuyz ", k=letters)), office) for _ in range(count)]


def test_whoever_is_there_twice_is_found_among_two_thousand_colleagues() -> None:
    people = colleagues(2000, new_id())
    twin = KnownPerson(new_id(), PROJECT, people[0].key + "a", people[0].institution_id)
    pairs = are_alike([*people, twin])
    assert {people[0].id, twin.id} in [set(pair) for pair in pairs]


async def test_others_are_served_while_look_alikes_are_looked_for(sqlite_app: App) -> None:
    office = Institution(project_id=sqlite_app.project_id, name="Court", search="court")
    people = colleagues(800, office.id, letters=150)
    # The first request of an application takes its time for other reasons.
    await sqlite_app.api().get("/api/v1/merges/look-alikes")
    async with sqlite_app.database.unit_of_work() as db:
        db.add(office)
        await db.flush()
        shared = {"project_id": sqlite_app.project_id, "institution_id": office.id}
        db.add_all(Person(id=p.id, name="Ayşe", name_key=p.key, search=p.key, **shared) for p in people)
    # Time of this thread's own, so that a machine with other work to do makes no difference.
    began = time.thread_time()
    are_alike(people)
    alone = time.thread_time() - began
    asked = asyncio.create_task(sqlite_app.api().get("/api/v1/merges/look-alikes"))
    gaps, seen = [0.0], time.thread_time()
    while not asked.done():
        await asyncio.sleep(0)
        gaps.append(time.thread_time() - seen)
        seen += gaps[-1]
    assert (await asked).status_code == 200
    assert max(gaps) < alone / 2


async def test_a_person_is_known_with_all_that_a_journey_needs_and_it_is_encrypted(app: App) -> None:
    (person,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    more = {
        "passport_name": "AYSE YILMAZ",
        "phones": ["0532 123 45 67"],
        "diet": "Fındık",
        "notes": "Needs a quiet room",
        "languages": ["tr", "en"],
        "other_addresses": ["a.yilmaz@example.org"],
        "sex": "female",
    }
    answer = await change(app, person, **more)
    assert (answer.status_code, answer.json()["province"], answer.json()["sex"]) == (200, "TR-06", "female")
    page = await (await app.at_desk()).get(f"/people/{person}")
    for shown in ("AYSE YILMAZ", "+90 532 123 45 67", "Fındık", "Needs a quiet room", "a.yilmaz@example.org"):
        assert shown in page.text
    async with app.database.reading() as db:
        row = (
            await (await db.connection()).execute(
                sa.text("SELECT passport_name, phones, diet, notes FROM person WHERE passport_name <> ''")
            )
        ).one()
    assert all(value.startswith("gAAAA") for value in row)


async def test_notes_are_read_by_planners_only(app: App) -> None:
    (person,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    await change(app, person, notes="A threatened witness")
    page = await (await app.at_desk("auditor")).get(f"/people/{person}")
    assert (page.status_code, "threatened" in page.text) == (200, False)


async def test_every_mailbox_of_a_person_finds_them(app: App) -> None:
    event = await app.event()
    (person,) = await ids(app, event, "Ayşe Yılmaz")
    await change(app, person, other_addresses=["second@example.org"])
    made = await app.upload(await app.event(title="Other"), b"Name;E-mail\nA. Y.;SECOND@example.org")
    assert (made["rows"][0]["verdict"], made["rows"][0]["known"]) == ("differs", {"name": "Ayşe Yılmaz"})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"phones": ["none"]}, "phones"),
        ({"province": "Atlantis"}, "province"),
        ({"country": "XX"}, "country"),
        ({"sex": "x"}, "sex"),
        ({"language": "xx"}, "language"),
        ({"other_addresses": ["x"]}, "other_addresses.0"),
        ({"languages": ["zzzz"]}, "languages.0"),
        ({"name": "A\u202eB"}, "name"),
    ],
)
async def test_what_is_said_of_a_person_has_to_fit(sqlite_app: App, more: dict[str, object], field: str) -> None:
    (person,) = await ids(sqlite_app, await sqlite_app.event(), "Ayşe Yılmaz")
    answer = await change(sqlite_app, person, **more)
    assert (answer.status_code, field in problem_fields(answer)) == (422, True)


async def test_provinces_of_other_countries_are_known_too(sqlite_app: App) -> None:
    (person,) = await ids(sqlite_app, await sqlite_app.event(), "Ayşe Yılmaz")
    assert (await change(sqlite_app, person, country="DE", province="bayern")).json()["province"] == "DE-BY"


async def test_a_mailbox_of_somebody_else_is_refused_beside_its_field(app: App) -> None:
    first, second = await ids(app, await app.event(), "Ayşe Yılmaz", "Mehmet Öz")
    await change(app, first)
    answer = await change(app, second, name="Mehmet Öz")
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["address"])


async def test_of_two_who_correct_a_person_the_second_is_told(app: App) -> None:
    (person,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    seen = {"If-Match": (await app.api().get(f"/api/v1/people/{person}")).headers["etag"]}
    assert (await change(app, person, seen, title="Judge")).status_code == 200
    assert (await change(app, person, seen, title="Prosecutor")).status_code == 412


async def test_the_page_corrects_a_person_and_comes_back_with_what_was_typed(app: App) -> None:
    (person,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    desk = await app.at_desk()
    await desk.get(f"/people/{person}/edit")
    form = {
        "name": "Ayşe Kaya",
        "country": "TR",
        "province": "İzmir",
        "sex": "female",
        "language": "tr",
        "revision": "0",
        "phones": "nonsense",
        "other_addresses": "",
    }
    refused = await desk.send(f"/people/{person}/edit", form)
    assert (refused.status_code, 'value="Ayşe Kaya"' in refused.text, "nonsense" in refused.text) == (
        422,
        True,
        True,
    )
    await desk.send(f"/people/{person}/edit", {**form, "phones": "0312 000 00 00\n0532 000 00 00"})
    assert ("Ayşe Kaya" in desk.page, "+90 532 000 00 00" in desk.page) == (True, True)


async def test_the_persons_page_tells_of_all_their_events(sqlite_app: App) -> None:
    event = await sqlite_app.event(title="First meeting")
    (person,) = await ids(sqlite_app, event, "Ayşe Yılmaz")
    await sqlite_app.found("P-OTHER", prefix="other-")
    page = await (await sqlite_app.at_desk()).get(f"/people/{person}")
    assert ("First meeting" in page.text, "Nominated" in page.text) == (True, True)


async def test_an_institution_stands_under_another_and_never_under_itself(sqlite_app: App) -> None:
    top = await institution(sqlite_app)
    middle = await institution(
        sqlite_app, name="Ankara İl Müdürlüğü", parent_id=top["id"], province="Ankara", kind="directorate"
    )
    leaf = await institution(sqlite_app, name="Uyum Birimi", parent_id=middle["id"])
    for under in (leaf["id"], top["id"]):
        answer = await sqlite_app.api().put(
            f"/api/v1/institutions/{top['id']}", json={"name": top["name"], "parent_id": under}
        )
        assert (answer.status_code, list(problem_fields(answer))) == (422, ["parent_id"])
    page = (await (await sqlite_app.at_desk()).get(f"/institutions/{leaf['id']}")).text
    assert page.index("Göç İdaresi") < page.index("Ankara İl") < page.index("<h1>Uyum")


async def test_an_institution_is_there_once_however_it_is_spelled(app: App) -> None:
    await institution(app)
    answer = await app.api().post(
        "/api/v1/institutions", json={"name": "goc idaresi  BASKANLIGI", "project_id": str(app.project_id)}
    )
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["name"])


async def test_an_institution_is_not_removed_from_under_its_people(app: App) -> None:
    free = await institution(app)
    await ids(app, await app.event(), "Ayşe Yılmaz")
    used = (await app.api().get("/api/v1/institutions?q=court")).json()["items"][0]
    answers = [(await app.api().delete(f"/api/v1/institutions/{i['id']}")).status_code for i in (used, free)]
    assert answers == [409, 204]


async def test_the_page_adds_institutions_and_sets_their_focal_points(app: App) -> None:
    await ids(app, await app.event(), "Ayşe Yılmaz")
    desk = await app.at_desk()
    await desk.get("/institutions")
    refused = await desk.send(
        "/institutions",
        {
            "project_id": str(app.project_id),
            "name": "Yeni kurum",
            "kind": "court",
            "country": "TR",
            "parent": "nowhere",
        },
    )
    assert (refused.status_code, 'value="Yeni kurum"' in refused.text) == (422, True)
    await desk.send(
        "/institutions",
        {
            "project_id": str(app.project_id),
            "name": "Yeni kurum",
            "kind": "court",
            "country": "TR",
            "province": "Muğla",
            "parent": "Court 0",
        },
    )
    path = desk.page.partition('action="/institutions/')[2].partition('"')[0]
    await desk.send(f"/institutions/{path}/focal-points", {"who": "ayse"})
    assert "Ayşe Yılmaz" in desk.page.partition("Focal points")[2]
    answer = await desk.send(f"/institutions/{path}/focal-points", {"who": "nobody at all"})
    assert answer.status_code == 422


async def test_a_merge_keeps_every_reference_and_can_be_undone(app: App) -> None:
    first, second = await app.event(title="First"), await app.event(title="Second")
    (kept,) = await ids(app, first, "Ayşe Yılmaz")
    tokens = await app.invite(second, ["Yılmaz Ayşe"])
    await app.accept(tokens["Yılmaz Ayşe"])
    people = (await app.api().get(f"/api/v1/events/{second['id']}/people")).json()["items"]
    merged = people[0]["person_id"]
    done = await merge(app, kept, merged)
    page = (await (await app.at_desk()).get(f"/people/{kept}")).text
    assert done.status_code == 201
    for shown in ("First", "Second", "ayse.yilmaz@example.org", "yilmaz.ayse@example.org", "Undo the merge"):
        assert shown in page
    assert (await app.api().get("/api/v1/people")).json()["total"] == 1
    assert (await app.stranger().get(f"/i/{tokens['Yılmaz Ayşe']}")).status_code == 200
    assert (await app.registrations(second)) != {}
    undone = await app.api().post(f"/api/v1/merges/{done.json()['id']}/undoing")
    again = (await (await app.at_desk()).get(f"/people/{kept}")).text
    assert (undone.status_code, "Second" in again, "yilmaz.ayse@" in again) == (200, False, False)
    assert (await app.api().get(f"/api/v1/people/{merged}")).json()["address"] == "yilmaz.ayse@example.org"
    assert (await app.api().get("/api/v1/people")).json()["total"] == 2
    assert (await app.api().post(f"/api/v1/merges/{done.json()['id']}/undoing")).status_code == 409


async def test_what_one_record_lacks_comes_from_the_other_and_goes_back_when_the_merge_is_undone(app: App) -> None:
    (kept,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    (merged,) = await ids(app, await app.event(title="Second"), "Yılmaz Ayşe")
    known = {
        "title": "Vali",
        "title_en": "Governor",
        "province": "TR-35",
        "sex": "female",
        "protocol_rank": 1,
        "languages": ["tr", "en"],
    }
    empty = {name: [] if isinstance(value, list) else "" for name, value in known.items()}
    first = await change(app, kept, **empty | {"sex": "unsaid", "protocol_rank": None})
    second = await change(app, merged, **known | {"address": "yilmaz.ayse@example.org"})
    assert (first.status_code, second.status_code) == (200, 200)
    before = (await app.api().get(f"/api/v1/people/{kept}")).json()
    done = await merge(app, kept, merged)
    after = (await app.api().get(f"/api/v1/people/{kept}")).json()
    assert {name: after[name] for name in known} == known
    assert (await app.api().post(f"/api/v1/merges/{done.json()['id']}/undoing")).is_success
    again = (await app.api().get(f"/api/v1/people/{kept}")).json()
    assert {name: again[name] for name in known} == {name: before[name] for name in known}


async def test_two_named_for_one_event_are_not_merged_and_nothing_moves(app: App) -> None:
    kept, merged = await ids(app, await app.event(), "Ayşe Yılmaz", "Yılmaz Ayşe")
    answer = await merge(app, kept, merged)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "both-named")
    assert (await app.api().get("/api/v1/people")).json()["total"] == 2


async def test_two_named_for_one_event_are_merged_once_one_of_the_two_invitations_was_withdrawn(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Yılmaz", "Yılmaz Ayşe"])
    await app.accept(tokens["Yılmaz Ayşe"])
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    first, second = sorted(people, key=lambda one: str(one["name"]))
    await app.api().post(f"/api/v1/invitations/{first['invitation_id']}/withdrawal", json={"reason": "Twice."})
    first, second = first["person_id"], second["person_id"]
    wrong = await merge(app, first, second)
    assert (wrong.status_code, wrong.json()["type"].rpartition("/")[2]) == (409, "keep-the-other")
    assert (await merge(app, second, first)).status_code == 201
    assert (await app.guest(tokens["Yılmaz Ayşe"]).get("/api/v1/invitation")).json()["status"] == "accepted"


async def test_a_person_is_not_merged_with_themself_nor_twice(app: App) -> None:
    event, other = await app.event(), await app.event(title="Other")
    (a,) = await ids(app, event, "Ayşe Yılmaz")
    (b,) = await ids(app, other, "Yılmaz Ayşe")
    assert (await merge(app, a, a)).status_code == 422
    statuses = sorted(r.status_code for r in await asyncio.gather(merge(app, a, b), merge(app, b, a)))
    assert statuses == [201, 409]


async def test_people_of_another_project_are_neither_seen_nor_merged(sqlite_app: App) -> None:
    (a,) = await ids(sqlite_app, await sqlite_app.event(), "Ayşe Yılmaz")
    await sqlite_app.found("P-OTHER", prefix="other-")
    stranger = sqlite_app.api("other-organiser")
    assert (await stranger.get(f"/api/v1/people/{a}")).status_code == 404
    assert (await stranger.put(f"/api/v1/people/{a}", json=record())).status_code == 404
    assert (await stranger.post("/api/v1/merges", json={"kept_id": a, "merged_id": str(new_id())})).status_code == 404
    assert (await stranger.get("/api/v1/merges/look-alikes")).json() == []


async def test_look_alikes_are_shown_until_they_are_merged_or_kept_apart(app: App) -> None:
    event, other = await app.event(), await app.event(title="Other")
    (a,) = await ids(app, event, "Ayşe Yılmaz")
    (b,) = await ids(app, other, "Yılmaz Ayşe")
    desk = await app.at_desk()
    assert "Keep this one" in (await desk.get("/people-look-alike")).text
    await desk.send("/people-look-alike/apart", {"kept_id": a, "merged_id": b})
    assert "No possible duplicates" in desk.page


async def test_the_search_finds_institutions_with_plain_letters(app: App) -> None:
    await institution(app, name="Şanlıurfa İl Müdürlüğü")
    page = await (await app.at_desk()).get("/search?q=sanliurfa")
    assert "Şanlıurfa İl Müdürlüğü" in page.text


async def test_the_same_key_twice_adds_one_institution(app: App) -> None:
    key = {"Idempotency-Key": "018f5b5e-0000-7000-8000-00000000000a"}
    answers = [
        await app.api().post(
            "/api/v1/institutions",
            json={"name": "Yeni kurum", "project_id": str(app.project_id)},
            headers=key,
        )
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_lists_are_exported_as_they_are_seen_and_it_is_noted(app: App) -> None:
    (person,) = await ids(app, await app.event(), "Ayşe Yılmaz")
    await change(app, person, diet="Fındık", notes="A secret")
    desk = await app.at_desk()
    people = (await desk.client.get("/people/export.csv?q=ayse")).content.decode("utf-8-sig")
    institutions = (await desk.client.get("/institutions/export.xlsx")).content
    assert ("Ayşe Yılmaz" in people, "Fındık" in people, "secret" in people, institutions[:2]) == (
        True,
        False,
        False,
        b"PK",
    )
    assert (await (await app.at_desk("auditor")).client.get("/people/export.csv")).status_code == 403
    # Whoever answers for the project's data reads who took the list, whichever way it went.
    assert (await app.api().get("/api/v1/people.csv?q=ayse")).status_code == 200
    history = (await (await app.at_desk("administrator")).get(f"/projects/{app.project_id}/members")).text
    assert history.count("List of people exported") == 2


async def test_undoing_a_merge_leaves_what_was_corrected_since(app: App) -> None:
    event = await app.event()
    kept, merged = (
        await ids(app, event, "Ayşe Yılmaz"),
        await ids(app, await app.event(title="B"), "Ayşe Yılmaz-Kaya"),
    )
    await change(app, merged[0], name="Ayşe Yılmaz-Kaya", address="kaya@example.org", title="Judge")
    done = (await merge(app, kept[0], merged[0])).json()
    assert (await change(app, kept[0], address="safe@example.org", title="Prosecutor")).status_code == 200
    assert (await app.api().post(f"/api/v1/merges/{done['id']}/undoing")).status_code == 200
    person = (await app.api().get(f"/api/v1/people/{kept[0]}")).json()
    assert (person["address"], person["title"]) == ("safe@example.org", "Prosecutor")
