"""What becomes of money that was given once the reason for it is gone."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openpyxl import load_workbook
from sqlmodel import select

from directory.projects.models import Project
from events.invitations.registrations.models import Registration
from tests.finance.test_sheets import STAY, sheet, step, submitted
from tests.people import App, copied

NAMES = ["Ayşe Bir", "Mehmet İki"]


@copied
async def visit_without_attendance(app: App) -> dict[str, Any]:
    """A visit that pays from nights alone."""
    event, _ = await app.accepted_event(
        NAMES, kind="study-visit", country="AT", zone="Europe/Vienna", last_day="2026-04-16"
    )
    async with app.database.unit_of_work() as db:
        (await db.get_one(Project, app.project_id)).requires_attendance = False
    assert (await app.rates("AT;;240;EUR;2024-01-01;List of 2024")).status_code == 201
    assert (await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)).status_code == 201
    return event


async def withdrawn(app: App, event: dict[str, Any], name: str) -> str:
    """Whose place is taken back: the registration that they had."""
    registration = (await app.registrations(event))[name]
    async with app.database.reading() as db:
        found = await db.exec(select(Registration.invitation_id).where(Registration.id == UUID(registration)))
        invitation = found.one()
    answer = await app.api().post(f"/api/v1/invitations/{invitation}/withdrawal", json={"reason": "Fell ill"})
    assert answer.status_code == 200, answer.text
    return registration


async def paid_in_cash(app: App, sheet_id: str) -> None:
    """Everybody on a sheet is paid."""
    app.clock.now = max(app.clock.now, datetime(2026, 5, 4, 9, tzinfo=UTC))
    api, body = app.api("finance"), {"sheet_ids": [sheet_id], "method": "cash", "executes_on": "2026-05-04"}
    made = await api.post(f"/api/v1/projects/{app.project_id}/payment-batches", json=body)
    path = f"/api/v1/payment-batches/{made.json()['id']}/paid"
    assert (await api.post(path, json={"paid_on": "2026-05-04"})).is_success


async def test_who_is_withdrawn_after_approval_returns_what_was_given(app: App) -> None:
    event = await visit_without_attendance(app)
    first = await submitted(app, event)
    await step(app, first, "approval", "finance")
    await paid_in_cash(app, first)
    registration = await withdrawn(app, event, "Mehmet İki")
    draft = next(one for one in await sheet(app, event) if one["state"] is None)
    assert [(one["name"], one["earlier"], one["to_pay"], one["to_return"]) for one in draft["people"]] == [
        ("Mehmet İki", "211.20", "0.00", "211.20")
    ]
    (second,) = await sheet(app, event, "submission")
    assert (await step(app, second["id"], "approval", "finance")).status_code == 200
    assert all(one["state"] for one in await sheet(app, event)), "nothing is left to correct"
    back = {"registration_id": registration, "amount": "211.20", "returned_on": "2026-05-04"}
    refused = await step(app, second["id"], "returns", "finance", **back | {"amount": "1211.20"})
    assert refused.json()["errors"][0]["message"] == "This person owes EUR 211.20, not more."
    assert (await step(app, second["id"], "returns", "finance", **back)).status_code == 201


async def test_who_is_withdrawn_before_any_sheet_returns_what_was_advanced(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit_without_attendance(app)
    person = (await app.registrations(event))["Mehmet İki"]
    advance = {"registrations": [person], "amount": "200", "currency": "EUR", "paid_on": app.clock().date().isoformat()}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)).is_success
    await withdrawn(app, event, "Mehmet İki")
    (draft,) = await sheet(app, event)
    assert [(one["name"], one["to_pay"], one["to_return"]) for one in draft["people"]] == [
        ("Ayşe Bir", "211.20", "0.00"),
        ("Mehmet İki", "0.00", "200.00"),
    ]


async def test_who_asks_for_no_payment_returns_what_was_advanced(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit_without_attendance(app)
    person = (await app.registrations(event))["Mehmet İki"]
    advance = {"registrations": [person], "amount": "75", "currency": "EUR", "paid_on": app.clock().date().isoformat()}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)).is_success
    path = f"/api/v1/events/{event['id']}/payees/{person}"
    assert (await app.api("finance").put(path, json={"method": "waived"})).is_success
    (draft,) = await sheet(app, event)
    assert [(one["name"], one["to_pay"], one["to_return"]) for one in draft["people"]] == [
        ("Ayşe Bir", "211.20", "0.00"),
        ("Mehmet İki", "0.00", "75.00"),
    ]
    (first,) = await sheet(app, event, "submission")
    assert (await step(app, first["id"], "approval", "finance")).status_code == 200
    assert all(one["state"] for one in await sheet(app, event)), "it is asked back once"


async def version_before(app: App, sheet_id: str) -> tuple[list[Any], list[str]]:
    """What the workbook says that each person earned by the version before, and every text of its first tab."""
    answer = await app.api("finance").get(f"/api/v1/per-diem-sheets/{sheet_id}/files/xlsx", params={"language": "en"})
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows()]
    heads = next(row for row in rows if any("ersion before" in str(text) for text in row))
    column = next(n for n, text in enumerate(heads) if "ersion before" in str(text))
    below = [row[column] for row in rows[rows.index(heads) + 1 :] if row[1] in NAMES]
    return below, [str(text) for row in rows for text in row if isinstance(text, str)]


async def test_a_correction_of_one_says_of_nobody_that_they_are_gone(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit_without_attendance(app)
    await step(app, await submitted(app, event), "approval", "finance")
    one = (await app.registrations(event))["Ayşe Bir"]
    change = {**STAY, "has_breakfast": False, "registrations": [one]}
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=change)
    (second,) = await sheet(app, event, "submission")
    before, texts = await version_before(app, second["id"])
    assert before == [211.2]
    assert not [text for text in texts if "211.20" in text or "211,20" in text], "nobody is said to be gone"


async def test_a_returned_correction_does_not_hide_what_was_earned_by_the_approved_sheet(sqlite_app: App) -> None:
    app = sqlite_app
    event = await visit_without_attendance(app)
    await step(app, await submitted(app, event), "approval", "finance")
    for is_provided in (False, True):
        change = {**STAY, "is_bed_provided": is_provided, "has_breakfast": False}
        await app.api().post(f"/api/v1/events/{event['id']}/stays", json=change)
        (made,) = await sheet(app, event, "submission")
        if not is_provided:
            await step(app, made["id"], "return", "finance", reason="The bed was provided")
    before, _ = await version_before(app, made["id"])
    assert before == [211.2, 211.2]


async def test_who_came_back_by_another_answer_is_not_paid_again(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.accepted_event(
        NAMES, kind="study-visit", country="AT", zone="Europe/Vienna", last_day="2026-04-16"
    )
    async with app.database.unit_of_work() as db:
        (await db.get_one(Project, app.project_id)).requires_attendance = False
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    await step(app, await submitted(app, event), "approval", "finance")
    before = (await app.registrations(event))["Mehmet İki"]
    token = tokens["Mehmet İki"]
    owner = await app.owner(token)
    left = await owner.post("/api/v1/invitation/decline", json={"reason": "Ill"})
    assert left.is_success, left.text
    await app.accept(token)
    after = (await app.registrations(event))["Mehmet İki"]
    assert before != after
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    drafts = [one for one in await sheet(app, event) if one["state"] is None]
    assert [(p["earlier"], p["to_pay"], p["to_return"]) for one in drafts for p in one["people"]] == [
        ("211.20", "0.00", "0.00")
    ]


async def test_a_sheet_with_nothing_to_pay_can_be_closed(app: App) -> None:
    """All was paid out before: there is nothing that a payment could bring to its end."""
    event = await visit_without_attendance(app)
    people = list((await app.registrations(event)).values())
    advance = {"registrations": people, "amount": "211.20", "currency": "EUR"}
    advance["paid_on"] = app.clock().date().isoformat()
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)).is_success
    id = await submitted(app, event)
    approved = await step(app, id, "approval", "finance")
    assert (approved.status_code, approved.json()["state"]) == (200, "paid")
    assert (await step(app, id, "closing", "finance")).json()["state"] == "closed"
