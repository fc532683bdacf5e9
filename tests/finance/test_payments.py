"""From approved sheets to what a bank gets, and back where it did not arrive: nothing is paid twice."""

import asyncio
import csv
import io
import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from schwifty import IBAN
from sepaxml.validation import try_valid_xml
from sqlalchemy.exc import DBAPIError

from finance.payments.documents import TransferFile, TransferRow, sepa_file
from tests.finance.test_sheets import STAY, refusal, sheet, step, submitted, visit
from tests.people import App, copied

NAMES = ["Ayşe Bir", "Mehmet İki", "Zeynep Üç"]
GERMAN, AUSTRIAN, TURKISH = "DE89370400440532013000", "AT611904300234573201", "TR330006100519786457841326"
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


@copied
async def approved(app: App, people: list[str] | None = None) -> tuple[dict[str, Any], str]:
    event = await visit(app, people or NAMES)
    id = await submitted(app, event)
    assert (await step(app, id, "approval", "finance")).status_code == 200
    return event, id


async def accounts(app: App, event: dict[str, Any], **ibans: str) -> None:
    """By first name: an IBAN, or "cash"."""
    people = await app.registrations(event)
    for first, iban in ibans.items():
        name = next(one for one in people if one.startswith(first))
        body = {"method": "cash"} if iban == "cash" else {"method": "bank", "holder": name, "iban": iban}
        answer = await app.api("finance").put(f"/api/v1/events/{event['id']}/payees/{people[name]}", json=body)
        assert answer.is_success, answer.text


async def paying(app: App) -> None:
    body = {"holder": "Göç Ajansı", "iban": "DE02120300000000202051", "explanation": "PROJECT", "bank_account": "102"}
    path = f"/api/v1/projects/{app.project_id}/paying-account"
    assert (await app.api("finance").put(path, json=body | {"per_diem_account": "740"})).is_success


async def batch(app: App, sheets: list[str], method: str = "bank-list", role: str = "finance") -> Any:
    """On the day on which the bank carries it out."""
    app.clock.now = max(app.clock.now, datetime(2026, 5, 4, 9, tzinfo=UTC))
    body = {"sheet_ids": sheets, "method": method, "executes_on": "2026-05-04"}
    return await app.api(role).post(f"/api/v1/projects/{app.project_id}/payment-batches", json=body)


async def act(app: App, id: str, what: str, **body: object) -> Any:
    return await app.api("finance").post(f"/api/v1/payment-batches/{id}/{what}", json=body or None)


async def content(app: App, id: str, file: str) -> bytes:
    answer = await app.api("finance").get(f"/api/v1/payment-batches/{id}/{file}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def state_of(app: App, sheet_id: str) -> str:
    return str((await app.api("finance").get(f"/api/v1/per-diem-sheets/{sheet_id}")).json()["state"])


async def test_each_is_paid_their_own_way_and_whoever_is_left_out_is_told_why(app: App) -> None:
    event, id = await approved(app)
    await accounts(app, event, Ayşe=AUSTRIAN, Mehmet=TURKISH, Zeynep="cash")
    assert refusal(await batch(app, [id], "sepa")) == (409, "no-paying-account")
    await paying(app)
    sepa = (await batch(app, [id], "sepa")).json()
    domestic = (await batch(app, [id], "bank-list")).json()
    cash = (await batch(app, [id], "cash")).json()
    assert [(one["name"], one["why"]) for one in sepa["left_out"]] == [
        ("Mehmet İki", "not-in-sepa"),
        ("Zeynep Üç", "other-method"),
    ]
    assert [(one["payments"], one["total"]) for one in (sepa, domestic, cash)] == [(1, "182.40")] * 3
    assert refusal(await batch(app, [id], "cash")) == (409, "nothing-payable")
    for one in (sepa, domestic, cash):
        assert await state_of(app, id) == "approved"
        assert (await act(app, one["id"], "paid", paid_on="2026-05-04", reference="X-1")).json() == {"count": 1}
    assert await state_of(app, id) == "paid"
    assert (await step(app, id, "closing", "finance")).json()["state"] == "closed"


async def test_the_sepa_file_is_valid_and_the_same_each_time(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app)
    await accounts(sqlite_app, event, Ayşe=AUSTRIAN, Mehmet=GERMAN, Zeynep=TURKISH)
    await paying(sqlite_app)
    made = (await batch(sqlite_app, [id], "sepa")).json()
    first = await content(sqlite_app, made["id"], "sepa.xml")
    sqlite_app.clock.forward(days=1)
    second = await content(sqlite_app, made["id"], "sepa.xml")
    assert first == second
    try_valid_xml(first, "pain.001.001.09")
    root = ElementTree.fromstring(first)
    assert [one.text for one in root.iter(f"{PAIN}CtrlSum")] == ["364.80", "364.80"]
    assert sum(Decimal(str(one.text)) for one in root.iter(f"{PAIN}InstdAmt")) == Decimal(made["total"])
    assert {one.text for one in root.iter(f"{PAIN}IBAN")} == {AUSTRIAN, GERMAN, "DE02120300000000202051"}
    assert all(IBAN(str(one.text)) for one in root.iter(f"{PAIN}IBAN"))
    assert [one.text for one in root.iter(f"{PAIN}MsgId")] == [f"HEYET-1-{UUID(made['id']).hex[:16]}"]
    # The bank of the payer follows from the IBAN; nobody typed it.
    assert [one.text for one in root.iterfind(f".//{PAIN}DbtrAgt//{PAIN}BICFI")] == ["BYLADEM1001"]


def test_a_payer_whose_bank_nobody_knows_has_one_that_is_not_provided() -> None:
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    row = TransferRow(1, "Ayşe Bir", Decimal("12.50"), "EUR", "a" * 32, "P 1/1", AUSTRIAN)
    file = TransferFile("HEYET-1-0", at, at.date(), "Agency", "DE02120300000000202051", "", "EUR", [row])
    content = sepa_file(file)
    try_valid_xml(content, "pain.001.001.09")
    root = ElementTree.fromstring(content)
    assert [one.text for one in root.iterfind(f".//{PAIN}DbtrAgt//{PAIN}Id")] == ["NOTPROVIDED"]


async def test_the_bank_list_has_the_columns_that_the_project_chose(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app)
    await accounts(sqlite_app, event, Ayşe=TURKISH, Mehmet=TURKISH, Zeynep="cash")
    path = f"/api/v1/projects/{sqlite_app.project_id}/paying-account"
    body = {"columns": ["iban", "name", "amount", "explanation"], "explanation": "GÖÇ"}
    assert (await sqlite_app.api("finance").put(path, json=body)).is_success
    made = (await batch(sqlite_app, [id])).json()
    rows = list(
        csv.reader(io.StringIO((await content(sqlite_app, made["id"], "list.csv")).decode("utf-8-sig")), delimiter=";")
    )
    cells = load_workbook(io.BytesIO(await content(sqlite_app, made["id"], "list.xlsx"))).worksheets[0]
    assert rows[1:] == [
        [TURKISH, "Ayşe Bir", "182.40", f"GÖÇ {event['code']} 1/1"],
        [TURKISH, "Mehmet İki", "182.40", f"GÖÇ {event['code']} 1/2"],
    ]
    assert [cell.value for cell in cells[2]][:3] == [TURKISH, "Ayşe Bir", 182.4]


@pytest.mark.parametrize(("language", "amount"), [("tr", "182,40"), ("en", "182.40")])
async def test_the_bank_list_of_the_page_opens_as_sums_in_the_readers_excel(
    sqlite_app: App, language: str, amount: str
) -> None:
    event, id = await approved(sqlite_app, NAMES[:1])
    await accounts(sqlite_app, event, Ayşe=TURKISH)
    made = (await batch(sqlite_app, [id])).json()
    desk = await sqlite_app.at_desk("finance")
    await desk.get("/")
    await desk.send("/language", {"language": language})
    text = (await desk.get(f"/payment-batches/{made['id']}/list.csv")).content.decode("utf-8-sig")
    assert amount in next(csv.reader(io.StringIO(text.splitlines()[1]), delimiter=";"))


async def test_two_payments_to_one_account_of_one_amount_and_day_are_pointed_at(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app)
    await accounts(sqlite_app, event, Ayşe=TURKISH, Mehmet=TURKISH, Zeynep=AUSTRIAN)
    made = (await batch(sqlite_app, [id])).json()
    shown = (await sqlite_app.api("finance").get(f"/api/v1/payment-batches/{made['id']}")).json()
    assert sorted(one["name"] for one in shown["items"] if one["id"] in shown["alike"]) == ["Ayşe Bir", "Mehmet İki"]
    assert all("TR33" not in one["account"] for one in shown["items"])


async def test_a_payment_that_failed_makes_the_person_payable_again(app: App) -> None:
    event, id = await approved(app, NAMES[:2])
    await accounts(app, event, Ayşe=TURKISH, Mehmet=AUSTRIAN)
    first = (await batch(app, [id])).json()
    await act(app, first["id"], "paid", paid_on="2026-05-04")
    assert await state_of(app, id) == "paid"
    shown = (await app.api("finance").get(f"/api/v1/payment-batches/{first['id']}")).json()
    lost = [one["id"] for one in shown["items"] if one["name"] == "Ayşe Bir"]
    assert (await act(app, first["id"], "failed", payment_ids=lost, reason="Account closed")).json() == {"count": 1}
    again = (await batch(app, [id])).json()
    assert (await state_of(app, id), again["payments"], again["total"]) == ("approved", 1, "182.40")
    assert refusal(await act(app, first["id"], "failed", payment_ids=lost, reason="Again")) == (409, "payment-state")


async def test_two_officers_with_the_same_sheet_pay_it_once(app: App) -> None:
    event, id = await approved(app)
    await accounts(app, event, Ayşe=TURKISH, Mehmet=TURKISH, Zeynep=TURKISH)
    answers = await asyncio.gather(*(batch(app, [id]) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_the_database_itself_lets_nothing_be_paid_twice(app: App) -> None:
    await approved(app)
    with pytest.raises(DBAPIError, match="paid_once"):
        async with app.database.unit_of_work() as db:
            await (await db.connection()).execute(sa.text("UPDATE sheet_person SET reserved_minor = balance_minor + 1"))


async def test_what_the_books_get_names_nobody(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app, NAMES[:1])
    await accounts(sqlite_app, event, Ayşe=TURKISH)
    await paying(sqlite_app)
    made = (await batch(sqlite_app, [id])).json()
    await act(sqlite_app, made["id"], "paid", paid_on="2026-05-04")
    text = (await content(sqlite_app, made["id"], "accounting.csv")).decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert (row["amount"], row["account"], row["contra_account"], row["date"]) == ("182.40", "740", "102", "2026-05-04")
    assert "Ayşe" not in text


async def test_what_is_to_be_returned_comes_back_in_parts_and_never_more(app: App) -> None:
    event = await visit(app, NAMES[:1])
    (person,) = (await app.registrations(event)).values()
    advance = {"registrations": [person], "amount": "200", "currency": "EUR", "paid_on": app.clock().date().isoformat()}
    assert (await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    back = {"registration_id": person, "amount": "10", "returned_on": app.clock().date().isoformat()}
    assert (await step(app, id, "returns", "finance", **back)).status_code == 201
    assert refusal(await step(app, id, "returns", "finance", **back)) == (422, "invalid-input")
    assert (await step(app, id, "returns", "finance", **back | {"amount": "7.60"})).status_code == 201
    assert await state_of(app, id) == "paid"


async def test_only_finance_pays_and_only_in_its_own_project(sqlite_app: App) -> None:
    _, id = await approved(sqlite_app)
    assert [
        (await batch(sqlite_app, [id], role=role)).status_code for role in ("organiser", "auditor", "approver")
    ] == [
        403,
        403,
        403,
    ]
    other = await sqlite_app.api("finance").post(
        f"/api/v1/projects/{UUID(int=1)}/payment-batches",
        json={"sheet_ids": [id], "method": "cash", "executes_on": "2026-05-04"},
    )
    assert other.status_code == 404


async def money(app: App) -> list[tuple[str, int, int, int]]:
    """By person of each sheet: what is theirs, what is held, what live payments come to."""
    async with app.database.reading() as db:
        found = await (await db.connection()).execute(
            sa.text(
                "SELECT p.id, p.balance_minor, p.reserved_minor, coalesce((SELECT sum(amount_minor) FROM payment "
                "WHERE sheet_person_id = p.id AND state IN ('planned', 'paid')), 0) FROM sheet_person p"
            )
        )
        return [(str(row[0]), *map(int, row[1:])) for row in found]  # type: ignore[misc]


@dataclass
class Officers:
    """Two officers who take random steps with the sheets of one event."""

    app: App
    event: dict[str, Any]
    chance: random.Random

    async def take_a_step(self) -> None:
        sheets = [one["id"] for one in await sheet(self.app, self.event) if one["state"] in ("approved", "paid")]
        path = f"/api/v1/projects/{self.app.project_id}/payment-batches"
        batches = [one["id"] for one in (await self.app.api("finance").get(path)).json()["items"]]
        what = self.chance.choice(["make", "make", "pay", "pay", "fail", "cancel", "correct"])
        if what == "make":
            await batch(self.app, [self.chance.choice(sheets)], self.chance.choice(["sepa", "bank-list", "cash"]))
        elif what == "correct":
            await self.correct()
        elif batches:
            await self.finish(what, self.chance.choice(batches))

    async def correct(self) -> None:
        stay = {**STAY, **{name: self.chance.random() < 0.5 for name in ("is_bed_provided", "has_breakfast")}}
        await self.app.api().post(f"/api/v1/events/{self.event['id']}/stays", json=stay)
        made = await self.app.api().post(f"/api/v1/events/{self.event['id']}/per-diem/submission")
        if made.is_success:
            await step(self.app, made.json()[0]["id"], "approval", "finance")

    async def finish(self, what: str, chosen: str) -> None:
        if what == "pay":
            await act(self.app, chosen, "paid", paid_on="2026-05-04")
        elif what == "cancel":
            await act(self.app, chosen, "cancellation")
        else:
            shown = (await self.app.api("finance").get(f"/api/v1/payment-batches/{chosen}")).json()["items"]
            live = [one["id"] for one in shown if one["state"] in ("planned", "paid")]
            if live:
                await act(self.app, chosen, "failed", payment_ids=[self.chance.choice(live)], reason="Came back")


@pytest.mark.parametrize("seed", range(int(os.environ.get("HEYET_HISTORIES", "4"))))
async def test_whatever_two_officers_do_in_whatever_order_no_line_is_paid_twice(app: App, seed: int) -> None:
    """Random steps at the same time: put together, pay, fail, cancel, submit corrections, approve."""
    event, _ = await approved(app)
    await accounts(app, event, Ayşe=TURKISH, Mehmet=AUSTRIAN, Zeynep="cash")
    await paying(app)
    officers = Officers(app, event, random.Random(seed))
    for _ in range(10):
        await asyncio.gather(officers.take_a_step(), officers.take_a_step())
        for _, balance, held, live in await money(app):
            # What is held beyond payments was set off against a later correction.
            assert live <= held <= max(balance, 0)


async def test_a_sheet_by_which_nobody_gets_anything_is_paid_as_soon_as_it_is_approved(sqlite_app: App) -> None:
    event = await visit(sqlite_app, NAMES[:1])
    (person,) = (await sqlite_app.registrations(event)).values()
    today = sqlite_app.clock().date().isoformat()
    advance = {"registrations": [person], "amount": "182.40", "currency": "EUR", "paid_on": today}
    await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=advance)
    id = await submitted(sqlite_app, event)
    assert (await step(sqlite_app, id, "approval", "finance")).json()["state"] == "paid"


async def test_who_asks_for_no_payment_after_approval_keeps_no_sheet_open(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app, NAMES[:2])
    await accounts(sqlite_app, event, Ayşe=TURKISH)
    people = await sqlite_app.registrations(event)
    path = f"/api/v1/events/{event['id']}/payees/{people['Mehmet İki']}"
    assert (await sqlite_app.api("finance").put(path, json={"method": "waived"})).is_success
    made = (await batch(sqlite_app, [id])).json()
    assert [(one["name"], one["why"]) for one in made["left_out"]] == [("Mehmet İki", "waived")]
    await act(sqlite_app, made["id"], "paid", paid_on="2026-05-04")
    assert await state_of(sqlite_app, id) == "paid"


async def test_what_a_correction_takes_back_comes_off_what_was_not_paid_yet(app: App) -> None:
    event, first = await approved(app, NAMES[:1])
    await accounts(app, event, Ayşe=TURKISH)
    shorter = {**STAY, "check_out": "2026-04-15"}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/stays", json=shorter)).is_success
    second = await submitted(app, event)
    assert (await step(app, second, "approval", "finance")).json()["to_return"] == "76.80"
    made = (await batch(app, [first])).json()
    assert (made["payments"], made["total"]) == (1, "105.60")
    assert (await state_of(app, first), await state_of(app, second)) == ("approved", "paid")
    await act(app, made["id"], "paid", paid_on="2026-05-04")
    assert await state_of(app, first) == "paid"


async def test_what_was_paid_already_is_still_to_be_returned(sqlite_app: App) -> None:
    event, first = await approved(sqlite_app, NAMES[:1])
    await accounts(sqlite_app, event, Ayşe=TURKISH)
    made = (await batch(sqlite_app, [first])).json()
    await act(sqlite_app, made["id"], "paid", paid_on="2026-05-04")
    shorter = {**STAY, "check_out": "2026-04-15"}
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/stays", json=shorter)
    second = await submitted(sqlite_app, event)
    await step(sqlite_app, second, "approval", "finance")
    assert (await state_of(sqlite_app, first), await state_of(sqlite_app, second)) == ("paid", "approved")


async def test_a_file_stays_the_same_when_the_project_pays_from_another_account(app: App) -> None:
    event, id = await approved(app, NAMES[:1])
    await accounts(app, event, Ayşe=AUSTRIAN)
    await paying(app)
    made = (await batch(app, [id], "sepa")).json()
    before = await content(app, made["id"], "sepa.xml")
    other = {"holder": "Someone else", "iban": AUSTRIAN, "explanation": "OTHER"}
    path = f"/api/v1/projects/{app.project_id}/paying-account"
    assert (await app.api("finance").put(path, json=other)).is_success
    assert await content(app, made["id"], "sepa.xml") == before
    assert b"DE02120300000000202051" in before


async def test_a_batch_names_who_is_still_to_be_paid_another_way(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app)
    await accounts(sqlite_app, event, Ayşe=AUSTRIAN, Mehmet=TURKISH, Zeynep="cash")
    await paying(sqlite_app)
    sepa = (await batch(sqlite_app, [id], "sepa")).json()
    desk = await sqlite_app.at_desk("finance")
    page = " ".join((await desk.get(f"/payment-batches/{sepa['id']}")).text.split())
    assert "Mehmet İki: the account is in no SEPA country" in page
    assert "Zeynep Üç: wants to be paid another way" in page
    domestic = (await batch(sqlite_app, [id], "bank-list")).json()
    # Whoever is in a batch already is not left out of the next.
    assert [one["name"] for one in domestic["left_out"]] == ["Zeynep Üç"]
    waiting = " ".join((await desk.get(f"/projects/{sqlite_app.project_id}/payments")).text.split())
    assert "still to pay: EUR 182.40" in waiting
    cash = (await batch(sqlite_app, [id], "cash")).json()
    page = (await desk.get(f"/payment-batches/{cash['id']}")).text
    assert f"/per-diem-sheets/{id}/files/receipts" in page
    assert "another way" not in page


async def test_a_day_of_payment_that_has_not_come_is_refused_and_a_mistyped_one_is_corrected(app: App) -> None:
    _, id = await approved(app, NAMES[:1])
    made = (await batch(app, [id], "cash")).json()
    tomorrow = await act(app, made["id"], "paid", paid_on="2026-05-05")
    await act(app, made["id"], "paid", paid_on="2026-04-04", reference="V-1")
    (one,) = (await app.api("finance").get(f"/api/v1/payment-batches/{made['id']}")).json()["items"]
    again = await act(app, made["id"], "paid", paid_on="2026-05-04", reference="V-2", payment_ids=[one["id"]])
    (after,) = (await app.api("finance").get(f"/api/v1/payment-batches/{made['id']}")).json()["items"]
    assert (tomorrow.status_code, tomorrow.json()["errors"][0]["field"]) == (422, "paid_on")
    assert (again.json(), after["paid_on"], after["reference"], await state_of(app, id)) == (
        {"count": 1},
        "2026-05-04",
        "V-2",
        "paid",
    )


async def test_no_payment_is_dated_before_the_sheet_it_pays_was_approved(app: App) -> None:
    """In the project's zone: late on 29 April in UTC it is the 30th there."""
    sheets = []
    for name, hour in ((NAMES[0], 8), (NAMES[1], 22)):
        app.clock.now = datetime(2026, 3, 2, 8, tzinfo=UTC)
        sheets.append(await submitted(app, await visit(app, [name])))
        app.clock.now = datetime(2026, 4, 29, hour, tzinfo=UTC)
        assert (await step(app, sheets[-1], "approval", "finance")).is_success
    first, second = sheets
    app.clock.now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    body = {"sheet_ids": [first, second], "method": "cash", "executes_on": "2026-04-29"}
    path = f"/api/v1/projects/{app.project_id}/payment-batches"
    early = await app.api("finance").post(path, json=body)
    alone = await app.api("finance").post(path, json=body | {"sheet_ids": [first]})
    made = await app.api("finance").post(path, json=body | {"sheet_ids": [second], "executes_on": "2026-04-30"})
    paid = await act(app, made.json()["id"], "paid", paid_on="2026-04-29")
    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in (early, paid)] == [
        (422, "executes_on"),
        (422, "paid_on"),
    ]
    assert "30 April 2026" in early.text
    assert alone.status_code == 201
    assert (await act(app, made.json()["id"], "paid", paid_on="2026-04-30")).json() == {"count": 1}


async def test_the_page_says_beside_the_day_that_it_is_before_the_approval(sqlite_app: App) -> None:
    _, id = await approved(sqlite_app, NAMES[:1])
    here = f"/projects/{sqlite_app.project_id}/payments"
    desk = await sqlite_app.at_desk("finance")
    await desk.get(here)
    form = {"sheet_ids[]": [id], "method": "cash", "executes_on": "2026-01-01"}
    page = (await desk.send(here, form)).text
    assert "Approved on 16 April 2026: the payment cannot be earlier." in page.split('id="executes_on"')[1][:900]
    assert (await desk.send(here, form | {"executes_on": "2026-04-16"})).status_code == 303


async def test_a_bank_file_is_for_today_or_later(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app, NAMES[:1])
    await accounts(sqlite_app, event, Ayşe=AUSTRIAN)
    await paying(sqlite_app)
    sqlite_app.clock.now = datetime(2026, 5, 5, 9, tzinfo=UTC)
    answer = await batch(sqlite_app, [id], "sepa")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "executes_on")


async def test_the_page_says_beforehand_that_a_sepa_file_needs_the_account_that_pays(sqlite_app: App) -> None:
    await approved(sqlite_app)
    here = f"/projects/{sqlite_app.project_id}"
    desk = await sqlite_app.at_desk("finance")
    before = (await desk.get(f"{here}/payments")).text
    await paying(sqlite_app)
    after = (await desk.get(f"{here}/payments")).text
    assert "The account that pays is not entered yet" in before
    assert f'href="{here}/paying-account"' in before
    assert "not entered yet" not in after
