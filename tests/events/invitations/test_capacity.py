"""Quotas of categories and institutions, beside the event's own places."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.invitations.capacity.rules import Limit, Seeker, has_room, has_room_before, take, with_all_above
from events.invitations.invitations.rules import Category
from tests.people import App, names, problem_fields

OFFICES = [UUID(int=n) for n in range(1, 4)]
SEEKERS = st.builds(Seeker, st.sampled_from(Category), st.frozensets(st.sampled_from(OFFICES)))
LIMITS = st.lists(
    st.builds(
        Limit,
        st.integers(0, 4),
        st.integers(0, 5),
        st.none() | st.sampled_from(Category),
        st.none() | st.sampled_from(OFFICES),
    ),
    max_size=5,
)


@given(limits=LIMITS, who=SEEKERS)
def test_a_person_needs_a_place_in_each_limit_that_counts_for_them(limits: list[Limit], who: Seeker) -> None:
    assert has_room(limits, who) == (not [n for n in limits if n.counts(who) and n.taken >= n.capacity])


@given(limits=LIMITS, crowd=st.lists(SEEKERS, max_size=15))
def test_no_limit_is_ever_oversold(limits: list[Limit], crowd: list[Seeker]) -> None:
    before = [limit.taken for limit in limits]
    for who in crowd:
        if has_room(limits, who):
            take(limits, who)
    assert all(limit.taken <= max(limit.capacity, at_first) for limit, at_first in zip(limits, before, strict=True))


@given(limits=LIMITS, who=SEEKERS, waiting=st.lists(SEEKERS, max_size=5))
def test_a_newcomer_never_takes_what_somebody_who_waits_could_take(
    limits: list[Limit], who: Seeker, waiting: list[Seeker]
) -> None:
    if has_room_before(limits, who, waiting):
        assert has_room(limits, who)
        assert not [one for one in waiting if has_room(limits, one)]


def test_an_institution_counts_for_all_that_stand_under_it() -> None:
    top, middle, leaf = OFFICES
    assert with_all_above(leaf, {leaf: middle, middle: top, top: None}) == {leaf, middle, top}
    assert with_all_above(leaf, {leaf: middle, middle: leaf}) == {leaf, middle}
    assert with_all_above(None, {}) == frozenset()


async def set_quotas(app: App, event: dict[str, Any], *quotas: dict[str, Any]) -> Any:
    return await app.api().put(f"/api/v1/events/{event['id']}/quotas", json=list(quotas))


async def roster(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return {p["name"]: p for p in answer.json()["items"]}


async def as_category(app: App, event: dict[str, Any], name: str, category: str) -> None:
    id = (await roster(app, event))[name]["invitation_id"]
    assert (await app.api().put(f"/api/v1/invitations/{id}/category", json={"category": category})).status_code == 204


async def statuses(app: App, event: dict[str, Any]) -> dict[str, str]:
    return {name: person["status"] for name, person in (await roster(app, event)).items()}


async def test_a_full_category_waits_while_another_still_has_places(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=10)
    await as_category(app, event, "Oğuz Üç", "speaker")
    await set_quotas(app, event, {"category": "participant", "capacity": 1})
    for token in tokens.values():
        await app.accept(token)
    assert await statuses(app, event) == {
        "Ayşe Bir": "accepted",
        "Mehmet İki": "waiting",
        "Oğuz Üç": "accepted",
    }
    (quota,) = (await app.api().get(f"/api/v1/events/{event['id']}/quotas")).json()
    assert (quota["capacity"], quota["taken"]) == (1, 1)


async def test_an_institutions_quota_counts_all_that_stand_under_it(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki"], capacity=10)
    ministry = (
        await app.api().post("/api/v1/institutions", json={"name": "Ministry", "project_id": str(app.project_id)})
    ).json()
    for court in (await app.api().get("/api/v1/institutions?q=court")).json()["items"]:
        body = {"name": court["name"], "parent_id": ministry["id"]}
        assert (await app.api().put(f"/api/v1/institutions/{court['id']}", json=body)).status_code == 200
    await set_quotas(app, event, {"institution_id": ministry["id"], "capacity": 1})
    for token in tokens.values():
        await app.accept(token)
    assert sorted((await statuses(app, event)).values()) == ["accepted", "waiting"]


async def test_a_place_given_back_goes_to_the_first_who_waits_and_whom_it_fits(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Konuk", "Mehmet Konuk", "Oğuz Söz", "Zeynep Söz"], capacity=2)
    for name in ("Oğuz Söz", "Zeynep Söz"):
        await as_category(app, event, name, "speaker")
    await set_quotas(app, event, {"category": "participant", "capacity": 1}, {"category": "speaker", "capacity": 1})
    for name in ("Ayşe Konuk", "Oğuz Söz", "Mehmet Konuk", "Zeynep Söz"):
        await app.accept(tokens[name])
    await app.guest(tokens["Oğuz Söz"]).post("/api/v1/invitation/decline", json={})
    assert await statuses(app, event) == {
        "Ayşe Konuk": "accepted",
        "Mehmet Konuk": "waiting",
        "Oğuz Söz": "cancelled",
        "Zeynep Söz": "accepted",
    }


async def test_a_wider_quota_promotes_people_and_a_narrower_one_removes_nobody(app: App) -> None:
    event, tokens = await app.invited_event(names(4), capacity=10)
    await set_quotas(app, event, {"category": "participant", "capacity": 1})
    for token in tokens.values():
        await app.accept(token)
    await set_quotas(app, event, {"category": "participant", "capacity": 3})
    await app.work()
    assert sorted((await statuses(app, event)).values()) == ["accepted"] * 3 + ["waiting"]
    answer = await set_quotas(app, event, {"category": "participant", "capacity": 1})
    await app.work()
    assert (answer.json()[0]["taken"], sorted((await statuses(app, event)).values())) == (
        3,
        ["accepted"] * 3 + ["waiting"],
    )


async def test_two_categories_under_one_total_are_never_oversold_however_many_reach_at_once(
    app: App,
) -> None:
    event, tokens = await app.invited_event(names(16), capacity=5)
    for name in names(16)[::2]:
        await as_category(app, event, name, "speaker")
    await set_quotas(app, event, {"category": "participant", "capacity": 4}, {"category": "speaker", "capacity": 2})
    await asyncio.gather(*(app.accept(token) for token in tokens.values()))
    quotas = (await app.api().get(f"/api/v1/events/{event['id']}/quotas")).json()
    taken = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"]
    assert taken == sum(quota["taken"] for quota in quotas) == 5
    assert all(quota["taken"] <= quota["capacity"] for quota in quotas)


@pytest.mark.parametrize(
    ("quota", "field"),
    [
        ({"capacity": 1}, "0"),
        ({"category": "speaker", "capacity": -1}, "0.capacity"),
        ({"category": "king", "capacity": 1}, "0.category"),
        ({"institution_id": str(uuid4()), "capacity": 1}, "institution_id"),
        ({"category": "speaker", "capacity": 1.5}, "0.capacity"),
    ],
)
async def test_a_quota_that_cannot_be_is_refused(sqlite_app: App, quota: dict[str, Any], field: str) -> None:
    answer = await set_quotas(sqlite_app, await sqlite_app.event(), quota)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_the_page_sets_and_removes_quotas_and_categories(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/quotas"
    await desk.get(path)
    refused = await desk.send(path, {"category": "", "institution": "", "capacity": "3"})
    assert (refused.status_code, "Please choose a category, an institution, or both." in refused.text) == (
        422,
        True,
    )
    await desk.send(path, {"category": "speaker", "institution": "Court 0", "capacity": "3"})
    assert ("0 / 3" in desk.page, "Court 0" in desk.page) == (True, True)
    fields = dict(re.findall(r'type="hidden" name="(category|institution_id)" value="([^"]+)"', desk.page))
    await desk.send(f"{path}/remove", fields)
    assert "No quota yet" in desk.page
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    await desk.send(f"/events/{event['id']}/people/{people[0]['invitation_id']}/category", {"category": "interpreter"})
    assert 'value="interpreter" selected' in desk.page


async def test_a_quota_is_of_an_institution_that_is_there(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/quotas"
    await desk.get(path)
    refused = await desk.send(path, {"category": "", "institution": "Cuort 0", "capacity": "3"})
    assert (refused.status_code, 'id="institution-wrong"' in refused.text, 'value="Cuort 0"' in refused.text) == (
        422,
        True,
        True,
    )
    known = (await sqlite_app.api().get("/api/v1/institutions")).json()["items"]
    assert [one["name"] for one in known] == ["Court 0"]


async def test_two_who_remove_quotas_from_one_list_remove_those_they_meant(app: App) -> None:
    event = await app.event()
    await set_quotas(
        app,
        event,
        *({"category": name, "capacity": 3} for name in ("participant", "speaker", "interpreter")),
    )
    first, second = await app.at_desk(), await app.at_desk()
    for desk in (first, second):
        await desk.get(f"/events/{event['id']}/quotas")
    await first.send(f"/events/{event['id']}/quotas/remove", {"category": "participant"})
    for _ in range(2):
        await second.send(f"/events/{event['id']}/quotas/remove", {"category": "speaker"})
    left = (await app.api().get(f"/api/v1/events/{event['id']}/quotas")).json()
    assert [quota["category"] for quota in left] == ["interpreter"]
