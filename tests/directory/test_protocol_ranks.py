"""Who stands where by protocol is said of a person once, and lists that are handed out keep to it."""

from typing import Any
from uuid import UUID

import pytest

from directory.people.models import Person
from tests.office import pdf_pages
from tests.people import App, problem_fields
from tests.security.test_erasure import erased

NAMES = ("Ayşe Bir", "Can Hâkim", "Zeynep Vali")


async def ranked(app: App, event: dict[str, Any], name: str, rank: Any) -> Any:
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    id = next(one["person_id"] for one in people if one["name"] == name)
    one = (await app.api().get(f"/api/v1/people/{id}")).json()
    kept = {key: one[key] for key in ("name", "title", "address", "language", "province")}
    return await app.api().put(f"/api/v1/people/{id}", json={**kept, "protocol_rank": rank})


async def test_lists_to_hand_out_and_sign_in_sheets_stand_by_protocol(app: App) -> None:
    event, _ = await app.accepted_event(list(NAMES))
    assert (await ranked(app, event, "Zeynep Vali", 1)).json()["protocol_rank"] == 1
    assert (await ranked(app, event, "Can Hâkim", 20)).is_success
    right = ["Zeynep Vali", "Can Hâkim", "Ayşe Bir"]
    desk = await app.at_desk()
    handed_out = "".join(pdf_pages((await desk.get(f"/events/{event['id']}/participants.pdf")).content))
    assert sorted(NAMES, key=handed_out.index) == right
    path = f"/api/v1/events/{event['id']}/sign-in-sheets"
    for order, names in (("protocol", right), ("name", sorted(NAMES))):
        made = await app.api("desk").post(path, json={"order": order})
        assert made.is_success, made.text
        sheet = " ".join(pdf_pages((await app.api("auditor").get(f"{path}/{made.json()['id']}.pdf")).content))
        assert sorted(NAMES, key=sheet.index) == names


async def test_a_rank_goes_with_the_name_for_it_points_to_somebody(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.invited_event(["Zeynep Vali"])
    person = (await ranked(app, event, "Zeynep Vali", 1)).json()["id"]
    app.clock.now = app.clock.now.replace(month=5)
    await erased(app, tokens["Zeynep Vali"])
    async with app.database.reading() as db:
        left = await db.get(Person, UUID(person))
        assert left
        assert (left.name, left.protocol_rank) == ("–", None)


@pytest.mark.parametrize("rank", [0, -1, 1000, "first"])
async def test_a_rank_that_can_be_none_is_refused_beside_its_field(sqlite_app: App, rank: Any) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    assert list(problem_fields(await ranked(sqlite_app, event, "Ayşe Bir", rank))) == ["protocol_rank"]
    desk = await sqlite_app.at_desk()
    form = {"project_id": str(sqlite_app.project_id), "name": "Can İki", "protocol_rank": str(rank)}
    await desk.get("/people/new")
    again = await desk.send("/people/new", form)
    assert (again.status_code, 'id="protocol_rank-wrong"' in again.text) == (422, True)


async def test_a_person_is_added_and_shown_with_their_rank_and_may_lose_it(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/people/new")
    form = {"project_id": str(sqlite_app.project_id), "name": "Zeynep Vali", "protocol_rank": "3"}
    here = (await desk.send("/people/new", form)).headers["location"].split("?")[0]
    assert "<dt>Protocol rank</dt>" in (await desk.get(here)).text
    await desk.get(f"{here}/edit")
    assert 'value="3"' in desk.page
    revision = desk.page.split('name="revision" value="')[1].split('"')[0]
    await desk.send(f"{here}/edit", {"name": "Zeynep Vali", "protocol_rank": "", "revision": revision})
    assert "<dt>Protocol rank</dt>" not in (await desk.get(here)).text


async def test_a_list_brings_ranks_fills_what_is_not_known_and_takes_them_back(app: App) -> None:
    event, other = await app.event(), await app.event(title="Another")
    lists = "Ad Soyad;E-posta;Protokol Sırası\nZeynep Vali;vali@example.org;{}\nCan Hâkim;hakim@example.org;"

    async def imported(event: dict[str, Any], rank: str) -> dict[str, Any]:
        made = await app.upload(event, lists.format(rank).encode())
        assert (await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})).is_success
        return made

    async def ranks() -> dict[str, int | None]:
        people = (await app.api().get("/api/v1/people")).json()["items"]
        found = [(await app.api().get(f"/api/v1/people/{one['id']}")).json() for one in people]
        return {one["name"]: one["protocol_rank"] for one in found}

    await imported(event, "")
    assert await ranks() == {"Zeynep Vali": None, "Can Hâkim": None}
    second = await imported(other, "3")
    assert await ranks() == {"Zeynep Vali": 3, "Can Hâkim": None}
    third = await app.upload(await app.event(title="Third"), lists.format("4").encode())
    differs, known = third["rows"]
    assert (differs["verdict"], differs["known"], known["verdict"]) == ("differs", {"protocol_rank": "3"}, "known")
    assert (await app.api().post(f"/api/v1/imports/{second['id']}/undoing")).is_success
    assert await ranks() == {"Zeynep Vali": None, "Can Hâkim": None}


@pytest.mark.parametrize("rank", ["birinci", "1000", "2,5"])
async def test_a_rank_in_a_list_that_can_be_none_is_said_beside_its_cell(sqlite_app: App, rank: str) -> None:
    made = await sqlite_app.upload(await sqlite_app.event(), f"Name;Protocol rank\nZeynep Vali;{rank}".encode())
    (row,) = made["rows"]
    assert row["verdict"] == "wrong"
    assert "A protocol rank is a whole number from 1 to 999." in row["notes"][0]
