"""Places go to those who wait at once: to several only after whoever gives them was told to how many."""

import asyncio
import re
from typing import Any

from tests.events.invitations.test_tumult import confirmed
from tests.events.invitations.test_two_officers import agrees
from tests.people import App, copied, names


@copied
async def crowded(app: App, waiting: int = 4) -> dict[str, Any]:
    """Two have places, the others wait."""
    event, _ = await app.accepted_event(names(2 + waiting), capacity=2)
    await app.work()
    return event


def plan(app: App, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {key: value for key, value in app.plan(**more).items() if key != "project_id"}


async def form_of(app: App, event: dict[str, Any], capacity: int, **more: str) -> dict[str, Any]:
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/edit")).text
    seen = re.search(r'name="revision" value="(\d+)"', page)
    assert seen
    kept = plan(app, event, capacity=capacity)
    kept |= {"title_tr": "", "title_en": "", "revision": seen[1], **more}
    return {name: value for name, value in kept.items() if isinstance(value, str | int) and value != ""}


async def test_a_wider_event_says_first_how_many_get_a_place_and_a_mail(app: App) -> None:
    event = await crowded(app)
    path = f"/events/{event['id']}/edit"
    told = len(await app.mails("events/accepted"))
    desk = await app.at_desk()
    asked = await desk.send(path, await form_of(app, event, 5))
    assert asked.status_code == 409
    assert "3 people who wait get a place by this" in asked.text
    assert "Save, 3 mails go at once" in asked.text
    assert 'name="agreed" value="3"' in asked.text
    await app.work()
    assert (await confirmed(app), (await app.api().get(f"/api/v1/events/{event['id']}")).json()["capacity"]) == (2, 2)
    # Another number than was said is asked about again.
    assert (await desk.send(path, await form_of(app, event, 6, agreed="3"))).status_code == 409
    assert (await desk.send(path, await form_of(app, event, 5, agreed="3"))).status_code == 303
    await app.work()
    assert (await confirmed(app), await agrees(app)) == (5, True)
    assert len(await app.mails("events/accepted")) == told + 3


async def test_one_who_waits_gets_the_place_without_a_question_and_other_changes_ask_nothing(app: App) -> None:
    event = await crowded(app)
    desk = await app.at_desk()
    assert (await desk.send(f"/events/{event['id']}/edit", await form_of(app, event, 3))).status_code == 303
    await app.work()
    assert await confirmed(app) == 3
    assert (await desk.send(f"/events/{event['id']}/edit", await form_of(app, event, 3, venue="B"))).status_code == 303


async def test_a_program_asks_how_many_a_capacity_would_concern(app: App) -> None:
    event = await crowded(app)
    path = f"/api/v1/events/{event['id']}/waiting-list/promotion"
    auditor = app.api("auditor")
    assert (await auditor.get(path)).json() == {"count": 0}
    assert (await auditor.get(path, params={"capacity": 5})).json() == {"count": 3}
    assert (await auditor.get(path, params={"capacity": 50})).json() == {"count": 4}
    assert (await auditor.get(path, params={"capacity": -1})).status_code == 422


async def test_a_wider_quota_asks_too(app: App) -> None:
    event = await crowded(app)
    quotas = f"/api/v1/events/{event['id']}/quotas"
    narrow = [{"category": "participant", "capacity": 2}]
    assert (await app.api().put(quotas, json=narrow)).is_success
    assert (await app.api().put(f"/api/v1/events/{event['id']}", json=plan(app, event, capacity=6))).is_success
    await app.work()
    assert await confirmed(app) == 2
    desk = await app.at_desk()
    given = {"category": "participant", "institution": "", "capacity": "5"}
    asked = await desk.send(f"/events/{event['id']}/quotas", given)
    assert (asked.status_code, "Save, 3 mails go at once" in asked.text) == (409, True)
    removed = await desk.send(f"/events/{event['id']}/quotas/remove", {"category": "participant", "institution_id": ""})
    assert (removed.status_code, "Remove, 4 mails go at once" in removed.text) == (409, True)
    assert (await desk.send(f"/events/{event['id']}/quotas", given | {"agreed": "3"})).status_code == 303
    await app.work()
    assert (await confirmed(app), await agrees(app)) == (5, True)


async def test_free_places_are_given_by_a_button_that_says_to_how_many(app: App) -> None:
    event, _ = await app.accepted_event(names(6), capacity=2, answer_by="2026-03-10")
    app.clock.now = app.clock.now.replace(day=12)
    wider = plan(app, event, capacity=4, answer_by="2026-03-10")
    await app.api().put(f"/api/v1/events/{event['id']}", params={"tell": False}, json=wider)
    await app.work()
    desk, path = await app.at_desk(), f"/events/{event['id']}/waiting"
    assert "Give 2 free places to who wait" in (await desk.get(path)).text
    fewer = await desk.send(f"{path}/promotion", {"agreed": "1"})
    assert (fewer.status_code, await confirmed(app)) == (409, 2)
    assert (await desk.send(f"{path}/promotion", {"agreed": "2"})).status_code == 303
    assert await confirmed(app) == 4


async def test_two_widen_it_at_once_and_no_place_is_given_twice(app: App) -> None:
    event = await crowded(app, waiting=6)
    path = f"/events/{event['id']}/edit"
    desks = [await app.at_desk(), await app.at_desk()]
    forms = [await form_of(app, event, 5, agreed="3"), await form_of(app, event, 6, agreed="4")]
    pairs = zip(desks, forms, strict=True)
    first, second, _ = await asyncio.gather(*(desk.send(path, form) for desk, form in pairs), app.work())
    # The later one is told that somebody was faster.
    assert sorted([first.status_code, second.status_code]) == [303, 412]
    await asyncio.gather(app.work(), app.work())
    places = 5 if first.status_code == 303 else 6
    assert (await confirmed(app), await agrees(app)) == (places, True)
    told = [mail.person_id for mail in await app.mails("events/accepted")]
    assert (len(told), len(set(told))) == (places, places)
