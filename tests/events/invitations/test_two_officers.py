"""Two officers decide at once: whoever comes first, what is decided agrees with itself, and nobody is told two things.

Each pair is sent many times over; on both databases the event's lock makes one of them come after the other.
"""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from sqlmodel import select

from events.nominations.requests.models import Nominee
from events.nominations.requests.rules import NomineeState
from tests.events.invitations.test_substitutions import proposed
from tests.events.invitations.test_tumult import AGREED, COUNTED, ask, confirmed
from tests.events.nominations.test_public_registration import apply, link_in, public_event
from tests.events.nominations.test_requests import called, name
from tests.people import App, names


async def rows(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return {one["name"]: one for one in listed.json()["items"]}


async def agrees(app: App) -> bool:
    """Counters, places and answers say the same, and no statement was refused by the database."""
    return (await ask(app, COUNTED), await ask(app, AGREED)) == (0, 0)


def codes(answers: list[Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


async def told(app: App, kind: str) -> list[str]:
    await app.work()
    return sorted(m.to_name for m in await app.mails(kind))


async def test_one_accepts_a_nominee_whom_the_other_rejects(app: App) -> None:
    event, call, token = await called(app, capacity=8)
    people = names(8)
    assert (await name(app, token, *people)).status_code == 200
    async with app.database.reading() as db:
        ids = {one.name: str(one.id) for one in (await db.exec(select(Nominee))).all()}
    decisions = [
        app.api().post(f"/api/v1/calls/{call}/{what}", json={"nominees": [id]})
        for id in ids.values()
        for what in ("acceptance", "rejection")
    ]
    answers = await asyncio.gather(*decisions)
    assert set(codes(list(answers))) <= {200, 409}
    async with app.database.reading() as db:
        found = (await db.exec(select(Nominee))).all()
    assert len(found) == 8
    # On the list is who was accepted, once, and nobody else.
    accepted = sorted(one.name for one in found if one.state is NomineeState.accepted)
    assert all((one.state is NomineeState.accepted) == (one.invitation_id is not None) for one in found)
    assert sorted(await rows(app, event)) == accepted


async def test_one_lets_somebody_in_whom_the_other_does_not(app: App) -> None:
    event = await public_event(app, "approval")
    for n in range(5):
        await apply(app, event, name=f"Deniz {n}", address=f"deniz{n}@example.org")
        await app.accept(await link_in(app, "events/application"))
    ids = [one["invitation_id"] for one in (await rows(app, event)).values()]
    answers = await asyncio.gather(
        *(
            app.api().post(f"/api/v1/invitations/{id}/decision", json={"is_admitted": yes, "reason": "x"})
            for id in ids
            for yes in (True, False)
        )
    )
    assert set(codes(list(answers))) <= {200, 409}
    assert await agrees(app)
    statuses = {one["name"]: one["status"] for one in (await rows(app, event)).values()}
    assert set(statuses.values()) <= {"accepted", "rejected"}
    # A place that was given is never taken back by a no that came at the same moment; a no may become a yes.
    yes = {name for name, status in statuses.items() if status == "accepted"}
    assert yes <= set(await told(app, "events/accepted"))


async def test_one_promotes_whom_the_other_withdraws(app: App) -> None:
    event, _ = await app.accepted_event(names(6), capacity=2, answer_by="2026-03-10", fills_late=False)
    app.clock.now = app.clock.now.replace(day=12)
    people = await rows(app, event)
    waiting = [one["invitation_id"] for one in people.values() if one["status"] == "waiting"]
    await app.api().put(f"/api/v1/events/{event['id']}", params={"tell": False}, json=changed(app, 4))
    withdrawn = [app.api().post(f"/api/v1/invitations/{id}/withdrawal", json={"reason": "x"}) for id in waiting[:2]]
    given = [app.api().post(f"/api/v1/events/{event['id']}/waiting-list/promotion") for _ in range(2)]
    answers = await asyncio.gather(*withdrawn, *given)
    assert codes(list(answers[:2])) == [200, 200]
    assert set(codes(list(answers[2:]))) <= {200, 409}
    statuses = [one["status"] for one in (await rows(app, event)).values()]
    assert (statuses.count("withdrawn"), await agrees(app)) == (2, True)
    assert await confirmed(app) == statuses.count("accepted") <= 4


def changed(app: App, capacity: int) -> dict[str, Any]:
    plan = app.plan(capacity=capacity, answer_by="2026-03-10")
    return {key: value for key, value in plan.items() if key != "project_id"}


async def test_two_give_one_place(app: App) -> None:
    event, _ = await app.accepted_event(names(5), capacity=2, answer_by="2026-03-10")
    app.clock.now = app.clock.now.replace(day=12)
    await app.api().put(f"/api/v1/events/{event['id']}", params={"tell": False}, json=changed(app, 3))
    path = f"/api/v1/events/{event['id']}/waiting-list/promotion"
    answers = await asyncio.gather(*(app.api().post(path) for _ in range(4)))
    assert codes(list(answers)) == [200, 409, 409, 409]
    assert (await confirmed(app), await agrees(app)) == (3, True)
    assert len(await told(app, "events/accepted")) == 3


@pytest.mark.parametrize("lowered", [1, 3])
async def test_one_lowers_the_capacity_while_people_accept(app: App, lowered: int) -> None:
    event, tokens = await app.invited_event(names(8), capacity=8)
    plan = {key: value for key, value in app.plan(capacity=lowered).items() if key != "project_id"}
    path = f"/api/v1/events/{event['id']}"
    accepting = [app.guest(token).post("/api/v1/invitation/acceptance") for token in tokens.values()]
    answers = await asyncio.gather(*accepting[:4], app.api().put(path, json=plan), *accepting[4:])
    assert set(codes(list(answers))) == {200}
    now = (await app.api().get(path)).json()
    # Who had a place keeps it; nobody gets one above the new number.
    assert (now["capacity"], now["taken"], await agrees(app)) == (lowered, await confirmed(app), True)
    late = [one["status"] for one in (await rows(app, event)).values()]
    assert late.count("accepted") + late.count("waiting") == 8
    if now["taken"] > lowered:
        assert late.count("accepted") == now["taken"]


async def test_of_two_who_change_the_event_one_is_told_that_it_was_changed(app: App) -> None:
    event = await app.event(capacity=8)
    path = f"/api/v1/events/{event['id']}"
    tag = (await app.api().get(path)).headers["etag"]
    plans = [
        {key: value for key, value in app.plan(capacity=capacity).items() if key != "project_id"} for capacity in (4, 5)
    ]
    answers = await asyncio.gather(*(app.api().put(path, json=plan, headers={"If-Match": tag}) for plan in plans))
    assert codes(list(answers)) == [200, 412]


async def test_one_approves_a_substitute_whom_the_other_does_not(app: App) -> None:
    event, _, id = await proposed(app)
    path = f"/api/v1/invitations/{id}/substitution/decision"
    decisions = [{"is_approved": True}, {"is_approved": False, "reason": "Judges only"}]
    answers = await asyncio.gather(*(app.api().post(path, json=one) for one in decisions))
    assert codes(list(answers)) == [200, 409]
    statuses = {name: one["status"] for name, one in (await rows(app, event)).items()}
    approved = answers[0].status_code == 200
    expected = {"Ayşe Bir": "substituted", "Deniz Vekil": "accepted"} if approved else {"Ayşe Bir": "accepted"}
    assert (statuses, await agrees(app), await confirmed(app)) == (expected, True, 1)


async def test_one_withdraws_whom_the_other_puts_ahead(app: App) -> None:
    event, _ = await app.accepted_event(names(4), capacity=1)
    waiting = [one for one in (await rows(app, event)).values() if one["status"] == "waiting"]
    id = waiting[-1]["invitation_id"]
    answers = await asyncio.gather(
        app.api().put(f"/api/v1/invitations/{id}/priority", json={"is_first": True, "reason": "x"}),
        app.api().post(f"/api/v1/invitations/{id}/withdrawal", json={"reason": "x"}),
    )
    assert answers[1].status_code == 200
    await app.work()
    found = {UUID(one["invitation_id"]): one["status"] for one in (await rows(app, event)).values()}
    assert (found[UUID(id)], await agrees(app), await confirmed(app)) == ("withdrawn", True, 1)
