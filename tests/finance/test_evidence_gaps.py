"""What approved sheets pay without its evidence."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from directory.accounts.access import Caller
from directory.accounts.rules import Role
from directory.projects.models import Project
from finance.payments.rules import PaymentMethod
from finance.payments.schemas import PaymentBatchIn, PaymentResultIn
from finance.payments.service import make_batch, mark_paid
from finance.receipts.models import Receipt
from finance.receipts.rules import ReceiptKind, ReceiptState
from finance.sheets.models import PerDiemLine
from tests.finance.test_sheets import step, submitted, visit
from tests.people import App, copied

GAPS = "/api/v1/finance/without-evidence"
TICKET = {"file": ("ticket.pdf", b"%PDF-1.4\nTK 1887", "application/pdf")}


@copied
async def approved(app: App) -> tuple[dict[str, Any], str]:
    """An event with its approved sheet."""
    event = await visit(app)
    id = await submitted(app, event)
    assert (await step(app, id, "approval", "approver")).is_success
    return event, id


async def gaps(app: App, role: str = "auditor", **wanted: str) -> set[tuple[str, str]]:
    answer = await app.api(role).get(GAPS, params=wanted)
    assert answer.status_code == 200, answer.text
    return {(one["name"], one["gap"]) for one in answer.json()["items"]}


def finance(app: App) -> Caller:
    project = frozenset({app.project_id})
    roles = {app.project_id: frozenset({Role.finance})}
    return Caller(app.accounts["finance"], "Nermin Güçlü", "en", roles, projects=project)


async def test_somebody_whose_signatures_were_taken_back_is_paid_without(app: App) -> None:
    event, _ = await approved(app)
    assert await gaps(app) == set()
    people = await app.registrations(event)
    for day in ("2026-04-14", "2026-04-15", "2026-04-16"):
        body = {
            "day": day,
            "entries": [{"registration_id": people["Mehmet İki"], "halves": []}],
            "reason": "Was somebody else",
        }
        assert (await app.api().put(f"/api/v1/events/{event['id']}/attendance", json=body)).is_success
    assert await gaps(app) == {("Mehmet İki", "attendance")}
    page = (await (await app.at_desk("auditor")).get("/finance/without-evidence")).text
    assert f"/events/{event['id']}/attendance" in page
    async with app.database.unit_of_work() as db:
        (await db.get_one(Project, app.project_id)).requires_attendance = False
    assert await gaps(app) == set(), "the project does not ask for it"


async def test_who_travelled_needs_a_ticket_until_it_is_deleted(app: App) -> None:
    event, _ = await approved(app)
    people = await app.registrations(event)
    leg = {"number": "TK 1887", "origin": "IST", "destination": "VIE", "day": "2026-04-14", "arrives": "09:00"}
    body = {"leg": leg, "registrations": list(people.values())}
    made = await app.api().post(f"/api/v1/events/{event['id']}/legs", json=body)
    assert await gaps(app) == {("Ayşe Bir", "ticket"), ("Mehmet İki", "ticket")}
    there = f"/api/v1/legs/{made.json()['id']}/files"
    kept = await app.api().post(there, data={"registration_id": people["Ayşe Bir"]}, files=TICKET)
    assert kept.is_success, kept.text
    assert await gaps(app) == {("Mehmet İki", "ticket")}
    app.clock.forward(days=120)
    assert await gaps(app) == set()


async def test_hotels_and_receipts_without_a_bill_are_told(app: App) -> None:
    event, sheet_id = await approved(app)
    people = await app.registrations(event)
    one, other = (UUID(people[name]) for name in ("Ayşe Bir", "Mehmet İki"))
    async with app.database.unit_of_work() as db:
        for person, kind in ((one, "bed"), (other, "receipt")):
            line = {"kind": kind, "day": date(2026, 4, 14), "currency": "EUR", "amount_minor": 9000, "number": 99}
            db.add(PerDiemLine(sheet_id=UUID(sheet_id), registration_id=person, content={}, **line))
        of = {"event_id": UUID(event["id"]), "state": ReceiptState.accepted, "created_at": app.clock()}
        db.add(Receipt(registration_id=other, kind=ReceiptKind.taxi, decided_at=app.clock(), **of))
    assert await gaps(app) == {("Ayşe Bir", "hotel"), ("Mehmet İki", "receipt")}
    assert await gaps(app, gap="hotel") == {("Ayşe Bir", "hotel")}
    async with app.database.unit_of_work() as db:
        for receipt in await db.exec(select(Receipt)):
            receipt.file_hash = "f" * 64
        db.add(Receipt(registration_id=one, kind=ReceiptKind.hotel, file_hash="a" * 64, decided_at=app.clock(), **of))
    assert await gaps(app) == set()


async def test_a_payment_without_a_reference_is_told(app: App) -> None:
    _, sheet_id = await approved(app)
    app.clock.now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    caller = finance(app)
    async with app.database.unit_of_work() as db:
        given = PaymentBatchIn(sheet_ids=[sheet_id], method=PaymentMethod.cash, executes_on=date(2026, 4, 20))
        made = await make_batch(db, app.project_id, given, caller, at=app.clock())
    first, second = made.payments
    async with app.database.unit_of_work() as db:
        for payment, reference in ((first, ""), (second, "R-17")):
            paid = PaymentResultIn(payment_ids=[payment.id], paid_on=date(2026, 4, 20), reference=reference)
            await mark_paid(db, made.batch.id, paid, caller, at=app.clock())
    assert await gaps(app) == {(first.name, "reference")}


async def test_the_list_is_narrowed_and_stays_in_its_projects(sqlite_app: App) -> None:
    await sqlite_app.found("P-OTHER", prefix="other-")
    event, _ = await approved(sqlite_app)
    leg = {"number": "TK 1887", "origin": "IST", "destination": "VIE", "day": "2026-04-14", "arrives": "09:00"}
    body = {"leg": leg, "registrations": list((await sqlite_app.registrations(event)).values())}
    assert (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/legs", json=body)).is_success
    assert len(await gaps(sqlite_app, month="2026-04", event=event["id"])) == 2
    assert await gaps(sqlite_app, month="2026-05") == set()
    assert await gaps(sqlite_app, gap="hotel") == set()
    assert await gaps(sqlite_app, "other-auditor") == set()
    assert (await sqlite_app.api("assistant").get(GAPS)).status_code == 403
