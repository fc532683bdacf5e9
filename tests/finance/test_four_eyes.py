"""Who said where people were approves no sheet of that event, by whichever way they said it."""

from datetime import date
from typing import Any
from uuid import uuid4

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from tests.desks import on_the_day, scan
from tests.finance.test_sheets import STAY, refusal, step, submitted, visit
from tests.people import App


async def may_approve(app: App, *roles: str) -> None:
    async with app.database.unit_of_work() as db:
        for role in roles:
            await grant(db, await db.get_one(Account, app.accounts[role]), app.project_id, Role.approver)


async def approval(app: App, event: dict[str, Any]) -> Any:
    """What the organiser is told who approves what an assistant submits."""
    made = await app.api("assistant").post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert made.status_code == 200, made.text
    return await step(app, made.json()[0]["id"], "approval", "organiser")


async def test_whoever_scanned_at_the_desk_cannot_approve(app: App) -> None:
    await may_approve(app, "organiser", "assistant")
    event, _ = await on_the_day(app, ["Ayşe Bir"], country="AT", zone="Europe/Vienna", last_day="2026-04-16")
    path = f"/api/v1/events/{event['id']}"
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    assert (await app.api("assistant").post(f"{path}/stays", json=STAY)).status_code == 201
    (person,) = (await app.api().get(f"{path}/check-in/list")).json()["people"]
    body = {"scans": [scan(app.clock(), digest=person["digest"])]}
    assert (await app.api().post(f"{path}/check-in/scans", json=body)).json()["scans"][0]["state"] == "taken"
    assert refusal(await approval(app, event)) == (403, "entered-it")


async def test_whoever_moved_the_hotel_elsewhere_cannot_approve(app: App) -> None:
    await may_approve(app, "organiser", "assistant")
    event, _ = await app.accepted_event(
        ["Ayşe Bir"], country="AT", zone="Europe/Vienna", kind="study-visit", last_day="2026-04-16"
    )
    path, api = f"/api/v1/events/{event['id']}", app.api("assistant")
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024", "AT;Graz;340;EUR;2024-01-01;List of 2024")
    assert (await api.post(f"{path}/stays", json=STAY)).status_code == 201
    people = list((await app.registrations(event)).values())
    entries = [{"registration_id": one, "halves": ["am", "pm"]} for one in people]
    app.comes("2026-04-15")
    for day in (14, 15):
        body = {"day": date(2026, 4, day).isoformat(), "entries": entries}
        assert (await api.put(f"{path}/attendance", json=body)).is_success
    hotel = {"name": "Hotel", "city": "Vienna", "country": "AT"}
    made = await api.post(f"{path}/hotels", json=hotel)
    assert made.status_code == 201, made.text
    moved = await app.api().put(f"{path}/hotels/{made.json()['id']}", json={**hotel, "city": "Graz"})
    assert moved.is_success, moved.text
    assert refusal(await approval(app, event)) == (403, "entered-it")


async def test_a_remark_is_of_somebody_who_is_on_the_sheet(app: App) -> None:
    other, _ = await app.accepted_event(["Mehmet İki"], title="Another visit")
    event = await visit(app, ["Ayşe Bir"])
    (stranger,) = (await app.registrations(other)).values()
    id = await submitted(app, event)
    answers = [
        await step(app, id, "comments", "finance", text="Where is the invoice?", registration_id=one)
        for one in (stranger, str(uuid4()))
    ]
    assert [refusal(one) for one in answers] == [(422, "invalid-input")] * 2
