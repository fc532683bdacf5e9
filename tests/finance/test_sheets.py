"""From attendance and nights to a sheet that a second person approves."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlalchemy.exc import DBAPIError

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from tests.office import Office
from tests.people import App, names

STAY = {
    "check_in": "2026-04-14",
    "check_out": "2026-04-16",
    "country": "AT",
    "city": "Vienna",
    "is_bed_provided": True,
    "has_breakfast": True,
}
LUNCH = {"title": "Lunch", "kind": "lunch", "starts": "2026-04-15T12:00", "ends": "2026-04-15T13:00"}


async def visit(app: App, people: list[str] | None = None) -> dict[str, Any]:
    """A visit to Vienna that is over: two nights, bed and breakfast provided, lunch on the second day."""
    event, _ = await app.accepted_event(
        people or ["Ayşe Bir", "Mehmet İki"],
        kind="study-visit",
        country="AT",
        zone="Europe/Vienna",
        last_day="2026-04-16",
        sessions=[LUNCH],
    )
    assert (await app.rates("AT;;240;EUR;2024-01-01;List of 2024")).status_code == 201
    assert (await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)).status_code == 201
    for day in (14, 15, 16):
        await app.sign(event, date(2026, 4, day))
    return event


async def sheet(app: App, event: dict[str, Any], act: str = "", role: str = "organiser", **body: object) -> Any:
    client, path = app.api(role), f"/api/v1/events/{event['id']}/per-diem"
    answer = await (client.post(f"{path}/{act}", json=body or None) if act else client.get(path))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_sheet_shows_every_night_with_its_reason(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (shown,) = await sheet(sqlite_app, event)
    person = shown["people"][0]
    assert (shown["currency"], shown["state"], shown["total"]) == ("EUR", None, "364.80")
    assert (person["gross"], person["bed"], person["meals"], person["net"]) == (
        "480.00",
        "240.00",
        "57.60",
        "182.40",
    )
    assert [line["amount"] for line in person["lines"]] == ["105.60", "76.80"]
    assert "List of 2024" in person["lines"][0]["why"]


async def test_somebody_who_left_early_is_paid_the_nights_they_were_there_for(app: App) -> None:
    event = await visit(app)
    await app.sign(event, date(2026, 4, 16), [])
    people = await app.registrations(event)
    for day in ("2026-04-15", "2026-04-16"):
        entries = [{"registration_id": people["Mehmet İki"], "halves": []}]
        body = {"day": day, "entries": entries, "reason": "Left in the night"}
        assert (await app.api().put(f"/api/v1/events/{event['id']}/attendance", json=body)).is_success
    (shown,) = await sheet(app, event)
    assert {p["name"]: p["nights"] for p in shown["people"]} == {"Ayşe Bir": 2, "Mehmet İki": 1}


async def spreadsheet(app: App, event: dict[str, Any]) -> bytes:
    answer = await app.api("finance").get(f"/api/v1/events/{event['id']}/per-diem/EUR.xlsx")
    assert answer.status_code == 200, answer.text
    return answer.content


def total_in(book: Workbook) -> Decimal:
    """The last cell of "To pay"."""
    summary = book.worksheets[0]
    return Decimal(str(summary.cell(summary.max_row, 8).value)).quantize(Decimal("0.01"))


async def test_a_spreadsheet_program_computes_the_pages_total(sqlite_app: App, office: Office) -> None:
    event = await visit(sqlite_app, ["Ayşe Bir", "+Ayşe İki"])
    (shown,) = await sheet(sqlite_app, event)
    file = await spreadsheet(sqlite_app, event)
    brought, computed = load_workbook(io.BytesIO(file), data_only=True), office.computed(file)
    assert total_in(brought) == total_in(computed) == Decimal(shown["total"])
    rows = list(computed.worksheets[0].iter_rows(min_row=8, max_row=9, values_only=True))
    assert {row[1] for row in rows} == {"Ayşe Bir", "+Ayşe İki"}
    for row, person in zip(rows, shown["people"], strict=True):
        assert row[1] == person["name"]
        wanted = [Decimal(person[name]) for name in ("gross", "bed", "meals", "net")]
        assert [Decimal(str(value)).quantize(Decimal("0.01")) for value in row[4:8]] == wanted


async def test_the_formulas_are_live(sqlite_app: App, office: Office) -> None:
    """Another rate for one night, and a night that no longer counts, change the total as they should."""
    event = await visit(sqlite_app)
    book = load_workbook(io.BytesIO(await spreadsheet(sqlite_app, event)))
    nights = book.worksheets[1]
    first, last = 2, nights.max_row
    nights.cell(first, 6).value = 300
    nights.cell(last, 7).value = 0
    changed = io.BytesIO()
    book.save(changed)
    # 364.80 with four nights at 240: 60 more for the first, 240 less for the last.
    assert total_in(office.computed(changed.getvalue())) == Decimal("184.80")


async def test_a_second_person_approves_what_the_organiser_submitted(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (submitted,) = await sheet(sqlite_app, event, "submission")
    (approved,) = await sheet(sqlite_app, event, "approval", role="finance")
    assert (submitted["state"], approved["state"], approved["total"]) == (
        "submitted",
        "approved",
        submitted["total"],
    )


async def test_whoever_submitted_cannot_approve(app: App) -> None:
    async with app.database.unit_of_work() as db:
        await grant(db, await db.get_one(Account, app.accounts["organiser"]), app.project_id, Role.approver)
    event = await visit(app)
    await sheet(app, event, "submission")
    answer = await app.api().post(f"/api/v1/events/{event['id']}/per-diem/approval")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "same-person")


async def test_of_two_officers_approving_one_wins_and_the_other_is_told(app: App) -> None:
    event = await visit(app)
    await sheet(app, event, "submission")
    first = await app.api("finance").post(f"/api/v1/events/{event['id']}/per-diem/approval")
    second = await app.api("approver").post(f"/api/v1/events/{event['id']}/per-diem/approval")
    assert (first.status_code, second.status_code) == (200, 409)


async def test_submitting_twice_is_submitting_once(app: App) -> None:
    event = await visit(app)
    first, second = await sheet(app, event, "submission"), await sheet(app, event, "submission")
    assert first == second


async def test_a_returned_sheet_is_submitted_anew_as_the_next_version(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    await sheet(sqlite_app, event, "submission")
    await sheet(sqlite_app, event, "return", role="finance", reason="The hotel was not paid by us.")
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "is_bed_provided": False})
    (again,) = await sheet(sqlite_app, event, "submission")
    assert (again["version"], again["state"]) == (2, "submitted")


async def test_an_approved_sheet_stays_as_it_is_whatever_happens_to_the_event(app: App) -> None:
    event = await visit(app)
    (before,) = await sheet(app, event, "submission")
    await sheet(app, event, "approval", role="finance")
    await app.rates("AT;;999;EUR;2024-01-01;Another list")
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "is_bed_provided": False})
    (after,) = await sheet(app, event)
    assert (after["state"], after["total"], after["people"]) == (
        "approved",
        before["total"],
        before["people"],
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE per_diem_line SET amount_minor = 1",
        "DELETE FROM per_diem_line",
        "UPDATE per_diem_sheet SET total_minor = 1",
        "DELETE FROM per_diem_sheet",
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
    ],
)
async def test_what_the_auditor_reads_cannot_be_rewritten_even_in_the_database(app: App, statement: str) -> None:
    event = await visit(app)
    await sheet(app, event, "submission")
    await sheet(app, event, "approval", role="finance")
    with pytest.raises(DBAPIError, match="kept as it is"):
        async with app.database.unit_of_work() as db:
            await (await db.connection()).execute(sa.text(statement))


async def test_a_missing_rate_is_said_on_page_and_api(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    await sqlite_app.rates("DE;;230;EUR;2024-01-01;List of 2024")
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    await sqlite_app.sign(event, date(2026, 4, 14))
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert "There is no rate for AT on 14 April 2026" in page.text
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "rate-missing")


async def test_without_attendance_nothing_is_submitted(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    await sqlite_app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "attendance-missing")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"check_out": "2026-04-14"}, "check_out"),
        ({"check_out": "2026-05-30"}, "check_out"),
        ({"country": "XX"}, "country"),
        ({"check_in": "2025-01-01", "check_out": "2025-01-02"}, "check_in"),
        ({"city": "A\u202eB"}, "city"),
    ],
)
async def test_nights_that_cannot_be_are_refused(sqlite_app: App, change: dict[str, object], field: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, **change})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])


async def test_nights_entered_again_replace_those_they_overlap(app: App) -> None:
    event = await visit(app)
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "check_out": "2026-04-15"})
    (shown,) = await sheet(app, event)
    assert {p["nights"] for p in shown["people"]} == {1}


async def test_the_whole_sheet_costs_the_same_number_of_queries_for_two_people_and_thirty(
    sqlite_app: App,
) -> None:
    counts = []
    for size in (2, 30):
        event, _ = await sqlite_app.accepted_event(
            [f"{n} {size}" for n in names(size)], title=f"Visit {size}", country="AT"
        )
        await sqlite_app.rates("AT;;240;EUR;2024-01-01;List of 2024")
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
        with sqlite_app.counting() as seen:
            await sheet(sqlite_app, event)
        counts.append(len(seen))
    assert counts[0] == counts[1]
