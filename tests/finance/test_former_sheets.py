"""Sheets of the release before are brought forward: amounts, states, reasons and names stay readable."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from core.columns import vault
from finance.sheets.models import PerDiemSheet
from migrations import run
from tests.finance.test_sheets import refusal, step, submitted, visit
from tests.heyet.test_migrations import Former
from tests.people import App

# Version, currency, state, reason and the amounts of each person's two nights, in minor units. The release before
# counted versions over all currencies of an event.
SHEETS: list[tuple[int, str, str, str, list[int]]] = [
    (1, "EUR", "returned", "Öğle yemeği eksik", [10560, 7680]),
    (2, "JPY", "returned", "", [30000, 20000]),
    (3, "EUR", "approved", "", [10560, 7690]),
    (4, "TRY", "submitted", "", [100000, 100001]),
]


def former_sheets(connection: sa.Connection, event: dict[str, Any], people: dict[str, str], by: UUID) -> None:
    """Plain rows of four sheets, each with two nights of everybody."""
    former = Former(connection)
    table = former.add("rate_table", name="Of 2024", project_id=UUID(event["project_id"]), summary={})
    said = datetime(2026, 4, 20, 9, tzinfo=None if former.is_sqlite else UTC)
    for version, currency, state, reason, amounts in SHEETS:
        one = former.add(
            "per_diem_sheet",
            event_id=UUID(event["id"]),
            table_id=table,
            currency=currency,
            version=version,
            rule_set="eu_external",
            state=state,
            total_minor=sum(amounts) * len(people),
            submitted_at=said,
            submitted_by=by,
            reason=reason,
            **({} if state == "submitted" else {"decided_at": said, "decided_by": by}),
        )
        for name, registration in people.items():
            for night, amount in zip((14, 15), amounts, strict=True):
                former.add(
                    "per_diem_line",
                    sheet_id=one,
                    registration_id=UUID(registration),
                    name=vault.encrypt(name),
                    institution="Ministry",
                    night=date(2026, 4, night),
                    country="AT",
                    city="Vienna",
                    counts=True,
                    rate_minor=amount + 1440,
                    breakfast_minor=1440,
                    amount_minor=amount,
                    facts={},
                )


async def brought_forward(app: App, url: str, event: dict[str, Any]) -> None:
    """The same database as the release before left it, and then as this one opens it."""
    people, by = await app.registrations(event), app.accounts["organiser"]
    await app.database.engine.dispose()
    await asyncio.to_thread(run.downgrade, url, "0077_pages_of_passports")
    async with app.database.engine.begin() as connection:
        await connection.run_sync(former_sheets, event, people, by)
    await app.database.engine.dispose()
    await asyncio.to_thread(run.upgrade, url)


async def test_sheets_of_the_release_before_keep_totals_states_reasons_and_names(app: App, database_url: str) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], country="AT", last_day="2026-04-16")
    await brought_forward(app, database_url, event)
    async with app.database.reading() as db:
        ids = [str(one) for one in await db.exec(select(PerDiemSheet.id))]
    found = [(await app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}")).json() for id in ids]
    assert sorted((one["version"], one["currency"], one["state"], one["total"], one["reason"]) for one in found) == [
        (1, "EUR", "returned", "364.80", "Öğle yemeği eksik"),
        (2, "JPY", "returned", "100000", ""),
        (3, "EUR", "approved", "365.00", ""),
        (4, "TRY", "submitted", "4000.02", ""),
    ]
    for read in found:
        amounts = SHEETS[read["version"] - 1][-1]
        assert [person["name"] for person in read["people"]] == ["Ayşe Bir", "Mehmet İki"]
        assert sum(Decimal(person["to_pay"]) for person in read["people"]) == Decimal(read["total"])
        assert [len(person["lines"]) for person in read["people"]] == [2, 2]
        lines = [Decimal(line["amount"]) for line in read["people"][0]["lines"]]
        assert lines == [Decimal(amount).scaleb(0 if read["currency"] == "JPY" else -2) for amount in amounts]
        for file in ("xlsx", "pdf", "receipts", "csv"):
            answer = await app.api("finance").get(f"/api/v1/per-diem-sheets/{read['id']}/files/{file}")
            assert answer.status_code == 200, (file, answer.text)


async def test_a_night_of_a_sheet_approved_before_is_paid_by_no_other_event(app: App, database_url: str) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"], title="A former visit", country="AT", last_day="2026-04-16")
    await brought_forward(app, database_url, event)
    second = await visit(app, ["Ayşe Bir"])
    answer = await step(app, await submitted(app, second), "approval", "finance")
    assert refusal(answer) == (409, "night-paid")
