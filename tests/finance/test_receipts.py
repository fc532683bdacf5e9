"""Receipts: claimed from the telephone, decided on by finance, paid up to ceilings."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from finance.receipts.models import Receipt, ReceiptCeiling
from finance.receipts.rules import ReceiptKind, ReceiptState, cost_ceilings, payable, to_paid
from finance.receipts.service import receipt_file, receipts_of
from finance.rules.actuals import CostCeiling, receipts_up_to_ceilings
from finance.rules.facts import Mission, PaidReceipt
from tests.finance.test_payees import visit
from tests.people import App, problem_fields

MINE = "/api/v1/invitation/payment/receipts"
TAXI = {"kind": "taxi", "day": "2026-03-01", "amount": "24.50", "currency": "EUR", "note": "Airport to hotel"}
PHOTO = b"\xff\xd8\xff\xe0" + b"a receipt of xgizlix taxi" * 40
HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40


def photo(content: bytes = PHOTO, name: str = "taxi.jpg") -> dict[str, Any]:
    return {"file": (name, content, "image/jpeg")}


async def claimed(guest: httpx2.AsyncClient, content: bytes = PHOTO, **more: Any) -> dict[str, Any]:
    answer = await guest.post(MINE, json=TAXI | more)
    assert answer.status_code == 201, answer.text
    kept = await guest.put(f"{MINE}/{answer.json()['id']}/file", files=photo(content))
    assert kept.status_code == 200, kept.text
    return dict(kept.json())


async def test_a_receipt_is_claimed_accepted_and_ready_for_the_sheet(app: App, tmp_path: Path) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    one = await claimed(guest)
    assert (one["state"], one["amount"], one["file_name"], one["is_own"]) == ("claimed", "24.50", "taxi.jpg", True)
    assert (await guest.get(f"{MINE}/{one['id']}/file")).content == PHOTO
    assert not any(b"xgizlix" in path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())
    here, given = f"/api/v1/events/{event['id']}/receipts", {"receipts": [one["id"]], "is_accepted": True}
    assert (await app.api("organiser").post(f"{here}/decision", json=given)).status_code == 403
    assert (await app.api("approver").post(f"{here}/decision", json=given)).status_code == 403
    decided = await app.api("finance").post(f"{here}/decision", json=given)
    assert (decided.status_code, decided.json()) == (200, {"count": 1})
    (row,) = (await app.api("auditor").get(here, params={"state": "accepted"})).json()["items"]
    assert (row["name"], row["note"]) == ("Ayşe Bir", "Airport to hotel")
    async with app.database.reading() as db:
        (kept,) = (await receipts_of(db, UUID(event["id"])))[UUID(of["Ayşe Bir"])]
        assert (await receipt_file(db, kept.id, app.fastapi.state.settings))[1] == PHOTO
    assert to_paid(kept) == PaidReceipt("taxi", date(2026, 3, 1), Decimal("24.50"), "EUR")
    assert (await guest.delete(f"{MINE}/{one['id']}")).status_code == 409
    assert (await guest.put(f"{MINE}/{one['id']}/file", files=photo(HEIC))).status_code == 409


async def test_a_hotel_bill_for_a_night_whose_bed_is_provided_is_pointed_at(sqlite_app: App) -> None:
    """Accepted, it would be paid on top of a room that the project has paid already."""
    app = sqlite_app
    event, _, of = await visit(app, ["Ayşe Bir", "Can İki"])
    stay = {"check_in": "2026-04-14", "check_out": "2026-04-16", "country": "AT", "is_bed_provided": True}
    path = f"/api/v1/events/{event['id']}"
    booked = await app.api().post(f"{path}/stays", json=stay | {"registrations": [of["Ayşe Bir"]]})
    assert booked.is_success, booked.text
    bill = {"amount": "200", "currency": "EUR"}
    app.clock.now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    for name, kind, day in (
        ("Ayşe Bir", "hotel", "2026-04-16"),
        ("Ayşe Bir", "hotel", "2026-04-18"),
        ("Ayşe Bir", "taxi", "2026-04-15"),
        ("Can İki", "hotel", "2026-04-15"),
    ):
        told = bill | {"registration_id": of[name], "kind": kind, "day": day}
        assert (await app.api("finance").post(f"{path}/receipts", json=told)).status_code == 201
    rows = (await app.api("finance").get(f"{path}/receipts")).json()["items"]
    assert [(one["name"], one["day"]) for one in rows if one["is_bed_provided"]] == [("Ayşe Bir", "2026-04-16")]
    desk = await app.at_desk("finance")
    assert (await desk.get(f"/events/{event['id']}/receipts")).text.count("The organiser provides this bed") == 1
    (id,) = [one["id"] for one in rows if one["is_bed_provided"]]
    assert "The organiser provides this bed" in (await desk.get(f"/receipts/{id}")).text


async def test_a_refusal_says_why_to_the_person_too(app: App) -> None:
    event, tokens, _ = await visit(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    one, other = await claimed(guest), await claimed(guest, HEIC, kind="visa")
    desk = await app.at_desk("finance")
    here = f"/events/{event['id']}/receipts"
    assert "Airport to hotel" in (await desk.get(here)).text
    again = await desk.send(f"{here}/decision", {"receipts[]": [one["id"]], "decision": "refuse", "reason": ""})
    assert (again.status_code, 'id="reason-wrong"' in again.text) == (422, True)
    both = {"receipts[]": [one["id"], other["id"]], "decision": "refuse", "reason": "Not on an official day"}
    await desk.send(f"{here}/decision", both)
    assert "Refused: 2." in desk.page
    browser = await app.owners_browser(tokens["Ayşe Bir"])
    page = (await browser.get(f"/i/{tokens['Ayşe Bir']}/payment")).text
    assert (page.count("Not on an official day"), page.count("/withdraw")) == (2, 0)
    accepted = {"receipts": [one["id"]], "is_accepted": True}
    await app.api("finance").post(f"/api/v1{here}/decision", json=accepted)
    mine = {found["id"]: (found["state"], found["reason"]) for found in (await guest.get(MINE)).json()}
    assert mine[one["id"]] == ("accepted", "")


async def test_what_was_refused_is_corrected_and_waits_for_a_decision_again(app: App) -> None:
    event, tokens, _ = await visit(app, ["Ayşe Bir"])
    guest, finance, token = await app.owner(tokens["Ayşe Bir"]), app.api("finance"), tokens["Ayşe Bir"]
    one, here = await claimed(guest), f"/api/v1/events/{event['id']}/receipts"
    no = {"receipts": [one["id"]], "is_accepted": False, "reason": "The amount is another one"}
    assert (await finance.post(f"{here}/decision", json=no)).is_success
    assert f'/receipts/{one["id"]}"' in (await (await app.owners_browser(token)).get(f"/i/{token}/payment")).text
    desk = await app.at_desk("finance")
    await desk.get(f"/receipts/{one['id']}")
    await desk.send(f"/receipts/{one['id']}", TAXI | {"amount": "20.00"}, files=photo())
    (row,) = (await finance.get(here)).json()["items"]
    assert (row["state"], row["reason"], row["amount"]) == ("claimed", "", "20.00")
    await finance.post(f"{here}/decision", json=no)
    again = await guest.put(f"{MINE}/{one['id']}/file", files=photo(HEIC))
    assert (again.status_code, again.json()["state"], again.json()["reason"]) == (200, "claimed", "")


async def test_what_was_accepted_is_locked_once_nothing_of_it_is_missing(sqlite_app: App) -> None:
    event, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    guest, finance = await sqlite_app.owner(tokens["Ayşe Bir"]), sqlite_app.api("finance")
    one = (await guest.post(MINE, json={"kind": "visa"})).json()
    yes = {"receipts": [one["id"]], "is_accepted": True}
    here = f"/api/v1/events/{event['id']}/receipts"
    assert (await finance.post(f"{here}/decision", json=yes)).is_success
    assert (await guest.put(f"{MINE}/{one['id']}/file", files=photo())).json()["state"] == "claimed"
    assert (await finance.post(f"{here}/decision", json=yes)).is_success
    assert (await finance.put(f"/api/v1/receipts/{one['id']}", json=TAXI)).json()["state"] == "claimed"
    assert (await finance.post(f"{here}/decision", json=yes)).is_success
    assert (await finance.put(f"/api/v1/receipts/{one['id']}", json=TAXI)).status_code == 409


async def test_all_or_none_of_those_chosen_are_decided(sqlite_app: App) -> None:
    event, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    one, other = await claimed(guest), await claimed(guest, HEIC)
    assert (await guest.delete(f"{MINE}/{other['id']}")).status_code == 204
    given = {"receipts": [one["id"], other["id"]], "is_accepted": True}
    answer = await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/receipts/decision", json=given)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["receipts"])
    assert [found["state"] for found in (await guest.get(MINE)).json()] == ["claimed"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "12.345"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "1000000000"}, "amount"),
        ({"currency": None}, "currency"),
        ({"currency": "QQQ"}, "currency"),
        ({"day": "2026-03-09"}, "day"),
        ({"day": "2025-03-01"}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"kind": "bribe"}, "kind"),
        ({"note": "x" * 301}, "note"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, Any], field: str) -> None:
    event, tokens, of = await visit(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    answer = await guest.post(MINE, json=TAXI | given)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])
    staff = TAXI | given | {"registration_id": of["Ayşe Bir"]}
    answer = await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/receipts", json=staff)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ an executable", b"<svg onload=alert(1)>", b"\x00\x00\x00\x18ftypmp42"],
    ids=["empty", "program", "drawing", "film"],
)
async def test_what_is_no_photograph_or_pdf_is_said_beside_the_field(sqlite_app: App, content: bytes) -> None:
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    one = (await guest.post(MINE, json=TAXI)).json()
    answer = await guest.put(f"{MINE}/{one['id']}/file", files=photo(content))
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["file"])
    large = await guest.put(f"{MINE}/{one['id']}/file", files=photo(b"%PDF-" + b"x" * 10_485_760))
    assert large.status_code == 413


async def test_one_file_is_claimed_once_whoever_claims_it(sqlite_app: App) -> None:
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    await claimed(await sqlite_app.owner(tokens["Ayşe Bir"]))
    other = await sqlite_app.owner(tokens["Mehmet İki"])
    one = (await other.post(MINE, json=TAXI)).json()
    answer = await other.put(f"{MINE}/{one['id']}/file", files=photo())
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["file"])


async def test_from_the_telephone_with_a_photograph_in_one_step(app: App) -> None:
    _, tokens, _ = await visit(app, ["Ayşe Bir"])
    mine = f"/i/{tokens['Ayşe Bir']}/payment"
    phone = await app.owners_browser(tokens["Ayşe Bir"])
    await phone.get(f"{mine}/receipts")
    wrong = await phone.send(f"{mine}/receipts", TAXI | {"amount": "ten"}, files=photo())
    assert (wrong.status_code, 'id="amount-wrong"' in wrong.text, "Airport to hotel" in wrong.text) == (422, True, True)
    await phone.send(f"{mine}/receipts", TAXI | {"amount": "24,50"}, files=photo())
    assert ("taxi.jpg" in phone.page, "24,50" in phone.page) == (True, True)
    # Without a photograph too: it can follow.
    await phone.send(f"{mine}/receipts", {"kind": "visa"})
    assert "Henüz dosya yok" in phone.page
    guest = await app.owner(tokens["Ayşe Bir"])
    _, visa = (await guest.get(MINE)).json()
    await phone.get(f"{mine}/receipts/{visa['id']}")
    await phone.send(f"{mine}/receipts/{visa['id']}", files=photo(HEIC, "visa.heic"))
    assert ("visa.heic" in phone.page, "Tutar eksik" in phone.page) == (True, True)
    await phone.send(f"{mine}/receipts/{visa['id']}/withdraw")
    assert "visa.heic" not in phone.page


async def test_nobody_reaches_the_receipt_of_somebody_else(sqlite_app: App) -> None:
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    one = await claimed(await sqlite_app.owner(tokens["Ayşe Bir"]))
    other = await sqlite_app.owner(tokens["Mehmet İki"])
    here = f"{MINE}/{one['id']}"
    assert (await other.get(f"{here}/file")).status_code == 404
    assert (await other.put(f"{here}/file", files=photo(HEIC))).status_code == 404
    assert (await other.delete(here)).status_code == 404
    assert (await sqlite_app.guest(tokens["Ayşe Bir"]).get(MINE)).status_code == 403


async def test_those_who_plan_or_pay_enter_for_somebody_and_auditors_do_not(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir"])
    path, given = f"/api/v1/events/{event['id']}/receipts", TAXI | {"registration_id": of["Ayşe Bir"]}
    for role, status in (("organiser", 201), ("finance", 201), ("auditor", 403), ("approver", 403), ("assistant", 403)):
        answer = await app.api(role).post(path, json=given)
        assert answer.status_code == status, (role, answer.text)
    stranger = await app.api("finance").post(path, json=TAXI | {"registration_id": str(uuid4())})
    assert (stranger.status_code, list(problem_fields(stranger))) == (422, ["registration_id"])
    desk = await app.at_desk("finance")
    await desk.get(f"/events/{event['id']}/receipts")
    await desk.send(f"/events/{event['id']}/receipts", given | {"note": "By the desk"}, files=photo())
    assert "By the desk" in desk.page
    one = (await app.api("finance").get(path)).json()["items"][-1]
    corrected = TAXI | {"amount": "20.00"}
    first = await app.api("finance").put(
        f"/api/v1/receipts/{one['id']}", json=corrected, headers={"If-Match": f'"r{one["revision"]}"'}
    )
    assert (first.status_code, first.json()["amount"]) == (200, "20.00")
    late = await app.api("finance").put(
        f"/api/v1/receipts/{one['id']}", json=corrected, headers={"If-Match": f'"r{one["revision"]}"'}
    )
    assert late.status_code == 412
    assert (await app.api("organiser").delete(f"/api/v1/receipts/{one['id']}")).status_code == 204


async def test_a_project_keeps_one_ceiling_of_a_kind_and_span(app: App) -> None:
    path = f"/api/v1/projects/{app.project_id}/receipt-ceilings"
    given = {"kind": "taxi", "is_daily": True, "amount": "30", "currency": "EUR"}
    for more in ({}, {"amount": "40"}, {"kind": None}, {"is_daily": False}, {"currency": "TRY"}):
        answer = await app.api("finance").post(path, json=given | more)
        assert answer.status_code == 201, answer.text
    found = (await app.api("auditor").get(path)).json()
    shown = {(one["kind"], one["is_daily"], one["amount"], one["currency"]) for one in found}
    assert shown == {
        ("taxi", True, "40.00", "EUR"),
        (None, True, "30.00", "EUR"),
        ("taxi", False, "30.00", "EUR"),
        ("taxi", True, "30.00", "TRY"),
    }
    assert (await app.api("organiser").post(path, json=given)).status_code == 403
    assert (await app.api("finance").post(path, json={"amount": "1.005"})).status_code == 422
    desk = await app.at_desk("finance")
    await desk.get(f"/projects/{app.project_id}/receipt-ceilings")
    wrong = await desk.send(f"/projects/{app.project_id}/receipt-ceilings", {"amount": "1.234", "currency": "EUR"})
    assert (wrong.status_code, 'id="amount-wrong"' in wrong.text) == (422, True)
    await desk.send(f"/receipt-ceilings/{found[0]['id']}/remove")
    assert len((await app.api("auditor").get(path)).json()) == 3


def receipt(**more: Any) -> Receipt:
    return Receipt(
        event_id=uuid4(),
        registration_id=uuid4(),
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        **{"kind": ReceiptKind.taxi, "file_hash": "x", "state": ReceiptState.accepted, **more},
    )


def test_what_is_not_decided_or_has_no_file_stays_open_and_what_is_refused_is_left_out() -> None:
    day, amount = date(2026, 3, 1), {"amount_minor": 1000, "currency": "EUR"}
    found = [
        receipt(day=day, **amount),
        receipt(day=day, **amount, file_hash=""),
        receipt(day=day, **amount, state=ReceiptState.claimed),
        receipt(day=day, **amount, state=ReceiptState.refused),
        receipt(**amount),
        receipt(day=day),
    ]
    computed = receipts_up_to_ceilings(Mission(receipts=payable(found)), None)  # type: ignore[arg-type]
    assert [line.amount for line in computed.lines] == [Decimal("10.00")]
    assert sorted(one.what for one in computed.open) == ["acceptance", "amount", "date", "file"]


def test_ceilings_hold_in_the_currency_of_payment_alone() -> None:
    of = {"project_id": uuid4(), "amount_minor": 3000}
    ceilings = [
        ReceiptCeiling(**of, key="a", kind=ReceiptKind.taxi, is_daily=True, currency="EUR"),
        ReceiptCeiling(**of, key="b", currency="EUR"),
        ReceiptCeiling(**of, key="c", currency="TRY"),
    ]
    assert cost_ceilings(ceilings, "EUR") == [
        CostCeiling("taxi", Decimal("30.00"), is_daily=True),
        CostCeiling("", Decimal("30.00"), is_daily=False),
    ]
