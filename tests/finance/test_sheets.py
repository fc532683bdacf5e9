"""From attendance and nights to a sheet that a second person approves."""

import asyncio
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core.money import Money
from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from directory.people.models import Institution, Person
from directory.projects.models import Project
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from finance.approvals.rules import corrected_at
from finance.rules.lines import OpenLine, PayLine
from finance.rules.sentences import explanation
from finance.statements.rules import PersonStatement
from tests.office import Office, pdf_pages
from tests.people import App, copied, names

STAY = {
    "check_in": "2026-04-14",
    "check_out": "2026-04-16",
    "country": "AT",
    "city": "Vienna",
    "is_bed_provided": True,
    "has_breakfast": True,
}
LUNCH = {"title": "Lunch", "kind": "lunch", "starts": "2026-04-15T12:00", "ends": "2026-04-15T13:00"}


@copied
async def visit(app: App, people: list[str] | None = None) -> dict[str, Any]:
    """A visit to Vienna that is over: two nights, bed and breakfast provided, lunch on the second day."""
    return (await visit_with_links(app, people))[0]


@copied
async def visit_with_links(app: App, people: list[str] | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """The same with the participants' tokens by name."""
    event, tokens = await app.accepted_event(
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
    return event, tokens


async def sheet(app: App, event: dict[str, Any], act: str = "", role: str = "organiser", **body: object) -> Any:
    """What is to be paid of an event; or the answer to submitting it, or to a step of its only sheet that waits."""
    client, path = app.api(role), f"/api/v1/events/{event['id']}/per-diem"
    if not act:
        answer = await client.get(path)
    elif act == "submission":
        answer = await client.post(f"{path}/{act}", json=body or None)
    else:
        waiting = [one for one in (await client.get(path)).json() if one["state"] not in (None, "approved")]
        answer = await client.post(f"/api/v1/per-diem-sheets/{waiting[0]['id']}/{act}", json=body or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def submitted(app: App, event: dict[str, Any]) -> str:
    """The id of the sheet that the organiser submits."""
    (one,) = await sheet(app, event, "submission")
    return str(one["id"])


async def step(app: App, sheet_id: str, act: str, role: str, **body: object) -> Any:
    """The answer to a step of a sheet."""
    return await app.api(role).post(f"/api/v1/per-diem-sheets/{sheet_id}/{act}", json=body or None)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def test_the_sheet_shows_every_night_with_its_reason(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (shown,) = await sheet(sqlite_app, event)
    person = shown["people"][0]
    assert (shown["currency"], shown["state"], shown["total"]) == ("EUR", None, "364.80")
    assert (person["gross"], person["bed"], person["meals"], person["to_pay"]) == (
        "480.00",
        "240.00",
        "57.60",
        "182.40",
    )
    assert [line["amount"] for line in person["lines"]] == ["105.60", "76.80"]
    assert "240.00 − bed 50 % 120.00 − breakfast 6 % 14.40 = EUR 105.60" in person["lines"][0]["why"]


async def test_somebody_who_left_early_is_paid_the_nights_they_were_there_for(app: App) -> None:
    event = await visit(app)
    await app.sign(event, date(2026, 4, 16), [])
    people = await app.registrations(event)
    for day in ("2026-04-15", "2026-04-16"):
        entries = [{"registration_id": people["Mehmet İki"], "halves": []}]
        body = {"day": day, "entries": entries, "reason": "Left in the night"}
        assert (await app.api().put(f"/api/v1/events/{event['id']}/attendance", json=body)).is_success
    (shown,) = await sheet(app, event)
    assert {p["name"]: p["units"] for p in shown["people"]} == {"Ayşe Bir": 2, "Mehmet İki": 1}


async def test_a_second_person_approves_what_the_organiser_submitted(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (waiting,) = await sheet(sqlite_app, event, "submission")
    checked = await step(sqlite_app, waiting["id"], "check", "finance")
    approved = await step(sqlite_app, waiting["id"], "approval", "approver")
    assert (waiting["state"], checked.json()["state"], approved.json()["state"]) == (
        "submitted",
        "submitted",
        "approved",
    )
    assert checked.json()["checked_at"]
    assert approved.json()["total"] == waiting["total"] == "364.80"


async def test_whoever_submitted_cannot_approve(app: App) -> None:
    async with app.database.unit_of_work() as db:
        await grant(db, await db.get_one(Account, app.accounts["organiser"]), app.project_id, Role.approver)
    event = await visit(app)
    assert refusal(await step(app, await submitted(app, event), "approval", "organiser")) == (403, "same-person")


async def test_whoever_entered_attendance_cannot_approve(sqlite_app: App) -> None:
    """The organiser enters it, an assistant submits it: the organiser is still no second pair of eyes."""
    async with sqlite_app.database.unit_of_work() as db:
        account = await db.get_one(Account, sqlite_app.accounts["organiser"])
        await grant(db, account, sqlite_app.project_id, Role.approver)
    event = await visit(sqlite_app)
    answer = await sqlite_app.api("assistant").post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert answer.status_code == 403, "assistants do not read money"
    async with sqlite_app.database.unit_of_work() as db:
        account = await db.get_one(Account, sqlite_app.accounts["assistant"])
        await grant(db, account, sqlite_app.project_id, Role.approver)
    made = (await sqlite_app.api("assistant").post(f"/api/v1/events/{event['id']}/per-diem/submission")).json()
    assert refusal(await step(sqlite_app, made[0]["id"], "approval", "organiser")) == (403, "entered-it")


async def test_of_two_officers_approving_one_wins_and_the_other_is_told(app: App) -> None:
    event = await visit(app)
    id = await submitted(app, event)
    answers = await asyncio.gather(step(app, id, "approval", "finance"), step(app, id, "approval", "approver"))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_submitting_twice_is_submitting_once(app: App) -> None:
    event = await visit(app)
    first, second = await sheet(app, event, "submission"), await sheet(app, event, "submission")
    assert first == second


async def test_a_returned_sheet_says_why_by_mail_and_is_submitted_anew_as_the_next_version(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    await step(sqlite_app, id, "return", "finance", reason="The hotel was not paid by us.")
    (mail,) = await sqlite_app.mails("finance/returned")
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")
    assert "The hotel was not paid by us." in mail.plain
    assert "The hotel was not paid by us." in page.text
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "is_bed_provided": False})
    (again,) = await sheet(sqlite_app, event, "submission")
    assert (again["version"], again["state"], again["total"]) == (2, "submitted", "844.80")


async def test_a_sheet_is_recalled_until_it_is_approved(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    recalled = await step(sqlite_app, id, "recall", "organiser")
    (draft,) = await sheet(sqlite_app, event)
    assert (recalled.json()["state"], draft["state"], draft["total"]) == ("recalled", None, "364.80")
    id = await submitted(sqlite_app, event)
    await step(sqlite_app, id, "approval", "finance")
    assert refusal(await step(sqlite_app, id, "recall", "organiser")) == (409, "sheet-state")


async def test_what_changes_after_submission_is_shown_and_not_applied(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "has_breakfast": False})
    (shown,) = await sheet(sqlite_app, event)
    page = await (await sqlite_app.at_desk()).get(f"/per-diem-sheets/{id}")
    assert (shown["total"], {(one["submitted"], one["now"]) for one in shown["changed"]}) == (
        "364.80",
        {("182.40", "211.20")},
    )
    assert "no longer holds for 2 people" in page.text


async def test_a_correction_of_an_approved_sheet_pays_what_differs(app: App) -> None:
    event = await visit(app)
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "has_breakfast": False})
    draft, before = await sheet(app, event)
    assert (draft["state"], draft["total"], before["state"], before["total"]) == (None, "57.60", "approved", "364.80")
    assert {(one["earlier"], one["to_pay"]) for one in draft["people"]} == {("182.40", "28.80")}
    (second,) = await sheet(app, event, "submission")
    assert (second["version"], second["total"]) == (2, "57.60")
    await step(app, second["id"], "approval", "finance")
    assert [one["state"] for one in await sheet(app, event)] == ["approved", "approved"]


async def test_an_approved_sheet_stays_as_it_is_whatever_happens_to_the_event(app: App) -> None:
    event = await visit(app)
    (before,) = await sheet(app, event, "submission")
    await step(app, before["id"], "approval", "finance")
    await app.rates("AT;;999;EUR;2026-01-01;Another list")
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**STAY, "is_bed_provided": False})
    after = (await app.api().get(f"/api/v1/per-diem-sheets/{before['id']}")).json()
    assert (after["state"], after["total"], after["people"]) == ("approved", before["total"], before["people"])


async def test_a_newer_list_takes_no_earlier_rate_away(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    await sqlite_app.rates("AT;;300;EUR;2027-01-01;List of 2027")
    (shown,) = await sheet(sqlite_app, event)
    assert shown["total"] == "364.80"


async def test_a_night_is_paid_by_one_event_only(app: App) -> None:
    """Two events, two sheets, one person and night: the second approval is refused, and says of no other event."""
    first = await visit(app, ["Ayşe Bir"])
    second, _ = await app.accepted_event(
        ["Ayşe Bir"], title="Another visit", country="AT", zone="Europe/Vienna", last_day="2026-04-16"
    )
    await app.api().post(f"/api/v1/events/{second['id']}/stays", json=STAY)
    await app.sign(second, date(2026, 4, 14))
    ids = [await submitted(app, event) for event in (first, second)]
    answers = await asyncio.gather(*(step(app, id, "approval", "finance") for id in ids))
    assert sorted(one.status_code for one in answers) == [200, 409]
    told = next(one for one in answers if one.status_code == 409)
    assert refusal(told)[1] == "night-paid"
    assert first["title"] not in told.text


async def test_a_sheet_can_be_of_one_institution(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    (draft,) = await sheet(sqlite_app, event)
    assert draft["people_count"] == 2
    async with sqlite_app.database.unit_of_work() as db:
        one = Institution(project_id=sqlite_app.project_id, name="Ministry of the Interior", search="ministry")
        db.add(one)
        await db.flush()
        person = (await db.exec(select(Person).where(Person.name == "Ayşe Bir"))).one()
        person.institution_id = one.id
    (part,) = await sheet(sqlite_app, event, "submission", institution_id=str(one.id))
    left = [each for each in await sheet(sqlite_app, event) if each["state"] is None]
    assert [each["name"] for each in part["people"]] == ["Ayşe Bir"]
    assert [each["name"] for each in left[0]["people"]] == ["Mehmet İki"]


async def test_days_that_are_closed_are_not_submitted(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    path, closing = f"/api/v1/projects/{sqlite_app.project_id}/pay-rules", {"closed_until": "2026-04-30"}
    too_early = await sqlite_app.api("finance").put(path, json=closing)
    sqlite_app.clock.now = datetime(2026, 5, 2, 9, tzinfo=UTC)
    assert (await sqlite_app.api("finance").put(path, json=closing)).is_success
    assert (too_early.status_code, too_early.json()["errors"][0]["field"]) == (422, "closed_until")
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert refusal(answer) == (409, "period-closed")


async def test_an_auditor_reads_sheets_and_remarks_on_none(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    seen = await sqlite_app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}")
    said = await step(sqlite_app, id, "comments", "auditor", text="Where is the invoice?")
    ours = await step(sqlite_app, id, "comments", "finance", text="Where is the invoice?")
    assert (seen.status_code, said.status_code, ours.status_code) == (200, 403, 201)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE per_diem_line SET amount_minor = 1",
        "DELETE FROM per_diem_line",
        "UPDATE sheet_person SET balance_minor = 1",
        "UPDATE sheet_person SET name = 'Somebody else'",
        "DELETE FROM sheet_person",
        "UPDATE per_diem_sheet SET total_minor = 1",
        "UPDATE per_diem_sheet SET decided_by = submitted_by",
        "DELETE FROM per_diem_sheet",
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
    ],
)
async def test_what_the_auditor_reads_cannot_be_rewritten_even_in_the_database(app: App, statement: str) -> None:
    event = await visit(app)
    await step(app, await submitted(app, event), "approval", "finance")
    with pytest.raises(DBAPIError, match="kept as it is"):
        async with app.database.unit_of_work() as db:
            await (await db.connection()).execute(sa.text(statement))


async def test_a_missing_rate_leaves_its_line_open_and_the_others_stand(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    people = await sqlite_app.registrations(event)
    change = {**STAY, "country": "CH", "city": "Bern", "registrations": [people["Mehmet İki"]]}
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=change)
    (shown,) = await sheet(sqlite_app, event)
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")
    assert (shown["total"], [one["to_pay"] for one in shown["people"]]) == (None, ["182.40", None])
    assert [one["missing"] for one in shown["people"][1]["open"]] == ["rate CH/Bern", "rate CH/Bern"]
    assert "The rate of Bern, Switzerland is missing on" in page.text
    assert (
        f'href="/projects/{sqlite_app.project_id}/rates"'
        in page.text.split("The rate of Bern, Switzerland is missing on")[1]
    )
    assert refusal(answer) == (409, "sheet-open")


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
    assert {p["units"] for p in shown["people"]} == {1}


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


async def test_an_accepted_receipt_is_paid_with_the_per_diem_and_an_undecided_one_is_open(sqlite_app: App) -> None:
    event = await visit(sqlite_app, ["Ayşe Bir"])
    people = await sqlite_app.registrations(event)
    today = sqlite_app.clock().date().isoformat()
    claim = {"registration_id": people["Ayşe Bir"], "kind": "taxi", "day": today, "amount": "31.50"}
    api = sqlite_app.api("finance")
    receipts = f"/api/v1/events/{event['id']}/receipts"
    answer = await api.post(receipts, json={**claim, "currency": "EUR"})
    assert answer.is_success, answer.text
    made = answer.json()
    file = {"file": ("taxi.pdf", b"%PDF-1.4 a receipt", "application/pdf")}
    assert (await api.put(f"/api/v1/receipts/{made['id']}/file", files=file)).is_success
    (before,) = await sheet(sqlite_app, event)
    decided = await api.post(f"{receipts}/decision", json={"receipts": [made["id"]], "is_accepted": True})
    (after,) = await sheet(sqlite_app, event)
    assert decided.is_success, decided.text
    assert (before["total"], [one["missing"] for one in before["people"][0]["open"]]) == (None, ["acceptance"])
    assert (after["total"], [one["kind"] for one in after["people"][0]["lines"]]) == (
        "213.90",
        ["night", "night", "receipt"],
    )


async def test_the_files_of_a_sheet_say_what_the_page_says_and_who_answers_for_it(
    sqlite_app: App, office: Office
) -> None:
    event = await visit(sqlite_app, ["Ayşe Bir", "+Ayşe İki"])
    id = await submitted(sqlite_app, event)
    await step(sqlite_app, id, "approval", "finance")
    api = sqlite_app.api("finance")
    files = {
        ending: (await api.get(f"/api/v1/per-diem-sheets/{id}/files/{ending}")).content
        for ending in ("xlsx", "pdf", "receipts", "csv")
    }
    book = office.computed(files["xlsx"])
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    printed = " ".join(pdf_pages(files["pdf"]))
    assert {364.8, 182.4} <= {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert any("Nermin Güçlü" in one for one in cells)
    assert "364.80" in printed
    assert files["csv"].decode().count("night") == 4
    assert files["receipts"].startswith(b"%PDF")


async def test_another_project_is_given_no_file(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    other = await sqlite_app.api("assistant").get(f"/api/v1/per-diem-sheets/{id}/files/xlsx")
    assert other.status_code == 403


async def test_a_total_is_converted_once_by_the_projects_source(sqlite_app: App) -> None:
    event = await visit(sqlite_app, ["Ayşe Bir"])
    api, project = sqlite_app.api("finance"), sqlite_app.project_id
    assert (await api.put(f"/api/v1/projects/{project}/pay-rules", json={"pay_currency": "USD"})).is_success
    (without,) = await sheet(sqlite_app, event)
    rule = {"source": "ecb", "day": "submission"}
    assert (await api.put(f"/api/v1/projects/{project}/exchange-rule", json=rule)).is_success
    (shown,) = await sheet(sqlite_app, event)
    (total,) = shown["people"][0]["converted"]
    assert (without["currency"], without["total"], without["people"][0]["without_exchange"]) == ("USD", None, ["EUR"])
    assert (total["currency"], total["total"], total["source"]) == ("EUR", "182.40", "ECB")
    paid = Decimal(total["total"]) * Decimal(total["factor"]) / Decimal(total["divisor"])
    assert Decimal(shown["total"]) == paid.quantize(Decimal("0.01"), ROUND_HALF_UP)


async def test_an_advance_comes_off_and_more_than_was_earned_is_to_be_returned(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    people = await sqlite_app.registrations(event)
    for name, amount in (("Ayşe Bir", "100"), ("Mehmet İki", "300")):
        advance = {
            "registrations": [people[name]],
            "amount": amount,
            "currency": "EUR",
            "paid_on": sqlite_app.clock().date().isoformat(),
        }
        answer = await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)
        assert answer.is_success, answer.text
    (shown,) = await sheet(sqlite_app, event)
    assert [(one["to_pay"], one["to_return"]) for one in shown["people"]] == [("82.40", "0.00"), ("0.00", "117.60")]
    assert (shown["total"], shown["to_return"]) == ("82.40", "117.60")


async def test_who_is_at_two_events_on_the_same_days_is_pointed_at(sqlite_app: App) -> None:
    other, _ = await sqlite_app.accepted_event(["Ayşe Bir"], title="Another meeting", first_day="2026-04-15")
    event = await visit(sqlite_app)
    (found,) = (await sqlite_app.api("finance").get(f"/api/v1/events/{event['id']}/per-diem/overlaps")).json()
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")
    assert (found["name"], found["title"], found["first_day"]) == ("Ayşe Bir", "Another meeting", "2026-04-15")
    assert f"/events/{other['id']}" in page.text


async def test_of_another_projects_event_only_the_days_are_told(sqlite_app: App) -> None:
    other, _ = await sqlite_app.accepted_event(["Ayşe Bir"], title="Shelter visit", first_day="2026-04-15")
    event = await visit(sqlite_app)
    async with sqlite_app.database.unit_of_work() as db:
        known = (await db.exec(select(Person).where(Person.name == "Ayşe Bir"))).one()
        project = Project(acronym="OTHER", title="Other", donor="D", contract_number="1")
        db.add(project)
        await db.flush()
        twin = Person(**known.model_dump(exclude={"id", "project_id"}), project_id=project.id)
        db.add(twin)
        await db.flush()
        moved = await db.get_one(Event, UUID(other["id"]))
        moved.project_id = project.id
        place = (await db.exec(select(Registration).where(Registration.event_id == moved.id))).one()
        place.person_id = twin.id
    answer = await sqlite_app.api("finance").get(f"/api/v1/events/{event['id']}/per-diem/overlaps")
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/per-diem")
    assert [(one["name"], one["title"], one["event_id"]) for one in answer.json()] == [("Ayşe Bir", "", None)]
    assert "Shelter visit" not in answer.text + page.text
    assert other["id"] not in answer.text + page.text


async def test_a_sheet_that_nobody_checked_names_nobody_who_did(sqlite_app: App) -> None:
    id = await submitted(sqlite_app, await visit(sqlite_app))
    desk = await sqlite_app.at_desk("approver")
    page = (await desk.get(f"/per-diem-sheets/{id}")).text
    await step(sqlite_app, id, "approval", "approver")
    shown = (await sqlite_app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}")).json()
    assert "Nobody has checked this sheet. Approve it all the same?" in page
    assert shown["checked_at"] is None


async def test_who_may_not_approve_is_offered_no_button_but_the_reason(sqlite_app: App) -> None:
    event = await visit(sqlite_app)
    id = await submitted(sqlite_app, event)
    people = await sqlite_app.registrations(event)
    body = {"registration_id": people["Ayşe Bir"], "amount": "5", "currency": "EUR", "reason": "Taxi shared"}
    made = await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/adjustments", json=body)
    assert made.is_success, made.text
    page = (await (await sqlite_app.at_desk("finance")).get(f"/per-diem-sheets/{id}")).text
    assert f"/per-diem-sheets/{id}/approve" not in page
    assert "You entered nights, absences, adjustments or attendance: a second person approves." in page


async def test_a_line_leads_to_where_what_is_wrong_is_put_right(sqlite_app: App) -> None:
    """Before the sheet is submitted and when it came back; what was approved is not to be changed."""
    app = sqlite_app
    event = await visit(app)
    people, desk = await app.registrations(event), await app.at_desk()
    paths = [f"/events/{event['id']}/{part}/{one}" for part in ("travel", "absences") for one in people.values()]
    paths += [f"/events/{event['id']}/receipts", f"/events/{event['id']}/attendance"]
    draft = (await desk.get(f"/events/{event['id']}/per-diem")).text
    id = await submitted(app, event)
    await step(app, id, "return", "finance", reason="The hotel was not paid by us.")
    returned = (await desk.get(f"/per-diem-sheets/{id}")).text
    again = await submitted(app, event)
    await step(app, again, "approval", "finance")
    approved = (await desk.get(f"/per-diem-sheets/{again}")).text
    for path in paths:
        assert (await desk.get(path)).status_code == 200, path
        assert [f'href="{path}"' in page.split("Nights or days", 1)[-1] for page in (draft, returned)] == [
            True,
            True,
        ], path
    assert f'href="{paths[0]}"' not in approved


@pytest.mark.parametrize(
    ("line", "page"),
    [
        (OpenLine(date(2026, 4, 14), "place"), "/travel/"),
        (OpenLine(date(2026, 4, 14), "cost", "AT"), "/travel/"),
        (OpenLine(date(2026, 4, 14), "file"), "/receipts"),
        (OpenLine(None, "date"), "/receipts"),
        (OpenLine(None, "absence"), "/absences/"),
        (OpenLine(date(2026, 4, 14), "rate", "US/New York"), "/rates"),
        (OpenLine(date(2026, 4, 14), "rate", "CHF 2026-04"), "/exchange"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.missing,
)
def test_what_an_open_line_lacks_is_entered_on_a_page(line: OpenLine, page: str) -> None:
    assert page in corrected_at(line, uuid4(), uuid4(), uuid4())[0]


def test_a_line_without_a_place_is_said_without_a_gap(sqlite_app: App) -> None:
    line = PayLine("day", date(2026, 11, 10), "", "EUR", None, "0", Decimal(0), Decimal(0), reason="personal")
    of = PersonStatement(uuid4(), uuid4(), "Ayşe Bir", "", "EUR", "eu_external", lines=[line])
    parts = sqlite_app.fastapi.state.pages.environments["en"].get_template("finance/sheet_parts.html")
    said = parts.make_module({"explanation": explanation, "open_explanation": None, "money": Money}).why(of)
    assert "<strong>10 Nov 2026</strong>: EUR 0.00." in " ".join(said.split())
