"""How people are paid: told by themselves or entered by finance, shown whole to nobody without a reason."""

from typing import Any

import pytest
from sqlmodel import select

from finance.payees.models import PayeeDetails
from finance.payees.rules import PayMethod, SepaProblem, masked_account, sepa_problem
from finance.payees.service import payees_of
from tests.people import App, copied, problem_fields

IBAN, HIDDEN = "TR330006100519786457841326", "TR•• •••• 1326"
GERMAN = "DE89370400440532013000"
MINE = "/api/v1/invitation/payment"
BANK = {"method": "bank", "holder": "Ayşe Bir", "iban": IBAN}


@copied
async def visit(app: App, people: list[str]) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    event, tokens = await app.accepted_event(people, kind="study-visit", country="AT", venue="Vienna")
    return event, tokens, await app.registrations(event)


async def test_what_somebody_tells_is_masked_for_them_and_for_those_who_pay(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    told = await guest.put(MINE, json=BANK | {"home_country": "TR", "home_city": "Van", "grade": "cadre grades 1-4"})
    assert (told.status_code, told.json()["iban"], told.json()["missing"]) == (200, HIDDEN, [])
    assert IBAN not in (await guest.get(MINE)).text
    path = f"/api/v1/events/{event['id']}/payees"
    for role, iban in (("finance", HIDDEN), ("approver", HIDDEN), ("auditor", HIDDEN), ("organiser", "")):
        (row,) = (await app.api(role).get(path)).json()["items"]
        assert (row["name"], row["iban"], row["missing"], row["sepa_problem"]) == (
            "Ayşe Bir",
            iban,
            [],
            "not-in-sepa" if iban else None,
        )
        for page in (f"/events/{event['id']}/payees", f"/events/{event['id']}/payees/{of['Ayşe Bir']}"):
            text = (await (await app.at_desk(role)).get(page)).text
            assert (IBAN in text, HIDDEN in text) == (False, bool(iban)), (role, page)
    assert (await app.api("assistant").get(path)).status_code == 403


async def test_a_whole_number_is_shown_to_who_pays_for_a_reason_that_the_history_keeps(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir"])
    await (await app.owner(tokens["Ayşe Bir"])).put(MINE, json=BANK)
    here = f"/events/{event['id']}/payees/{of['Ayşe Bir']}"
    desk = await app.at_desk("finance")
    await desk.get(here)
    refused = await desk.send(f"{here}/reveal", {"reason": " "})
    assert (refused.status_code, 'id="reason-wrong"' in refused.text, IBAN in refused.text) == (422, True, False)
    assert IBAN in (await desk.send(f"{here}/reveal", {"reason": "Paying by hand"})).text
    assert "Paying by hand" in (await desk.get(here)).text
    for role in ("auditor", "organiser"):
        answer = await app.api(role).post(f"/api/v1{here}/disclosure", json={"reason": "Curious"})
        assert (answer.status_code, IBAN in answer.text) == (403, False)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"iban": "DE00123"}, "iban"),
        ({"iban": IBAN[:-1] + "7"}, "iban"),
        ({"iban": "not an IBAN at all"}, "iban"),
        ({"bic": "12"}, "bic"),
        ({"account_currency": "XQX"}, "account_currency"),
        ({"grade": "general of all"}, "grade"),
        ({"home_country": "XY"}, "home_country"),
        ({"domestic_account": "123 456"}, "domestic_account"),
        ({"domestic_account": "123 456", "bank_country": "DE"}, "domestic_account"),
        ({"iban": IBAN, "domestic_account": "123 456", "bank_country": "US"}, "domestic_account"),
        ({"holder": "x" * 121}, "holder"),
        ({"method": "gold"}, "method"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, str], field: str) -> None:
    event, tokens, of = await visit(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/payees/{of['Ayşe Bir']}"
    for answer in (await guest.put(MINE, json=given), await sqlite_app.api("finance").put(path, json=given)):
        assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_a_wrong_iban_comes_back_beside_its_field_and_a_right_one_brings_its_bank(sqlite_app: App) -> None:
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    visitor = await sqlite_app.owners_browser(token)
    assert f"/i/{token}/payment" in (await visitor.get(f"/i/{token}")).text
    await visitor.get(f"/i/{token}/payment/account")
    again = await visitor.send(f"/i/{token}/payment/account", {"holder": "Ayşe Bir", "iban": "DE00123"})
    assert (again.status_code, "DE00123" in again.text, 'id="iban-wrong"' in again.text) == (422, True, True)
    await visitor.send(f"/i/{token}/payment/account", {"holder": "Ayşe Bir", "iban": "de89 3704 0044 0532 0130 00"})
    text = visitor.page
    assert ("COBADEFFXXX" in text, "Commerzbank" in text, "DE•• •••• 3000" in text) == (True, True, True)
    # The form shows no number: left empty, it stays.
    await visitor.send(f"/i/{token}/payment/account", {"holder": "Ayşe Yeni", "iban": ""})
    assert ("DE•• •••• 3000" in visitor.page, "Ayşe Yeni" in visitor.page) == (True, True)
    # The form brings the former bank along with another number.
    other = {"holder": "Ayşe Yeni", "iban": "NL91ABNA0417164300", "bic": "COBADEFFXXX", "bank_name": "Commerzbank"}
    await visitor.send(f"/i/{token}/payment/account", other)
    assert ("ABNANL2A" in visitor.page, "Commerzbank" in visitor.page) == (True, False)


async def test_who_is_paid_in_cash_or_not_at_all_leaves_no_account_behind(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put(MINE, json=BANK)
    told = (await guest.put(MINE, json={"method": "waived"})).json()
    assert (told["iban"], told["holder"], told["missing"]) == ("", "", [])
    async with app.database.reading() as db:
        kept = (await db.exec(select(PayeeDetails))).one()
        assert list(await payees_of(db, kept.event_id)) == [kept.registration_id]
    assert (kept.iban, kept.bic, str(kept.registration_id)) == ("", "", of["Ayşe Bir"])
    assert event["id"]


async def test_finance_sees_of_whom_something_is_missing(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir", "Mehmet İki", "Zeki Üç"])
    await (await app.owner(tokens["Ayşe Bir"])).put(MINE, json=BANK)
    await (await app.owner(tokens["Mehmet İki"])).put(MINE, json={"method": "bank", "holder": "Mehmet İki"})
    path = f"/api/v1/events/{event['id']}/payees"
    found = (await app.api("finance").get(path, params={"missing": "true"})).json()
    lacks = {one["name"]: one["missing"] for one in found["items"]}
    assert (lacks, found["total"]) == ({"Mehmet İki": ["account"], "Zeki Üç": ["everything"]}, 2)
    entered = await app.api("finance").put(f"{path}/{of['Zeki Üç']}", json={"method": "cash"})
    assert entered.status_code == 200, entered.text
    second = (await app.api("finance").get(path, params={"limit": 1, "page": 2})).json()
    assert (second["total"], [one["name"] for one in second["items"]]) == (3, ["Mehmet İki"])
    page = (await (await app.at_desk("finance")).get(f"/events/{event['id']}/payees?mark=missing")).text
    assert ("Mehmet İki" in page, "Zeki Üç" in page, "Something is missing (1)" in page) == (True, False, True)


async def test_of_two_who_correct_the_same_payee_the_second_is_told(sqlite_app: App) -> None:
    event, tokens, of = await visit(sqlite_app, ["Ayşe Bir"])
    await (await sqlite_app.owner(tokens["Ayşe Bir"])).put(MINE, json=BANK)
    path = f"/api/v1/events/{event['id']}/payees/{of['Ayşe Bir']}"
    finance = sqlite_app.api("finance")
    first = await finance.put(path, json={"method": "cash"}, headers={"If-Match": '"r1"'})
    second = await finance.put(path, json={"method": "waived"}, headers={"If-Match": '"r1"'})
    assert (first.status_code, first.json()["revision"], second.status_code) == (200, 2, 412)


async def test_who_only_holds_the_link_or_has_no_place_tells_nothing(sqlite_app: App) -> None:
    event = await sqlite_app.event(kind="study-visit")
    tokens = await sqlite_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    assert (await sqlite_app.guest(tokens["Ayşe Bir"]).put(MINE, json=BANK)).status_code == 403
    refused = await (await sqlite_app.owner(tokens["Mehmet İki"])).put(MINE, json=BANK)
    assert refused.status_code in (403, 404, 409)
    stranger = str(event["id"])
    assert (
        await sqlite_app.api("finance").put(f"/api/v1/events/{event['id']}/payees/{stranger}", json=BANK)
    ).status_code == 404


async def test_who_opened_the_link_without_a_code_redirects_no_payment(sqlite_app: App) -> None:
    """The browser that told something first sees what was told; another account takes the mailbox."""
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    author = sqlite_app.stranger()
    await author.get(f"/i/{token}")
    told = {"passport_name": "A", "mobile": "+90 532 111 22 33", "emergency_contact": "B", "agrees_data_use": "yes"}
    await author.send(f"/i/{token}/details", told)
    assert (await author.get(f"/i/{token}/payment")).status_code == 200
    assert (await author.get(f"/i/{token}/payment/account")).headers["location"].startswith(f"/i/{token}/code")
    await author.send(f"/i/{token}/payment/account", {"holder": "A", "iban": IBAN})
    assert HIDDEN not in (await author.get(f"/i/{token}/payment")).text


async def test_only_events_that_pay_lead_to_my_payment(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    visitor = await sqlite_app.owners_browser(tokens["Ayşe Bir"])
    assert "/payment" not in (await visitor.get(f"/i/{tokens['Ayşe Bir']}")).text
    await sqlite_app.rates("TR;;50;EUR;2024-01-01;List of 2024")
    assert "/payment" in (await visitor.get(f"/i/{tokens['Ayşe Bir']}")).text


async def test_nothing_of_an_account_can_be_read_in_the_database(app: App) -> None:
    _, tokens, _ = await visit(app, ["Ayşe Bir"])
    await (await app.owner(tokens["Ayşe Bir"])).put(MINE, json=BANK | {"home_city": "Van"})
    async with app.database.reading() as db:
        rows = str((await (await db.connection()).exec_driver_sql("SELECT * FROM payee_details")).all())
    assert ("Ayşe" in rows, IBAN in rows, "6457841326" in rows, "Van'" in rows) == (False, False, False, False)


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ({"iban": GERMAN}, None),
        ({"iban": "CH9300762011623852957"}, None),
        ({"iban": IBAN}, SepaProblem.not_in_sepa),
        ({"domestic_account": "12"}, SepaProblem.no_iban),
        ({}, SepaProblem.no_account),
        ({"iban": GERMAN, "method": PayMethod.cash}, SepaProblem.no_account),
    ],
    ids=["germany", "switzerland", "turkiye", "without an IBAN", "nothing", "cash"],
)
def test_whom_a_sepa_transfer_reaches(account: dict[str, Any], problem: SepaProblem | None) -> None:
    assert sepa_problem(PayeeDetails(**account)) == problem


def test_of_a_number_only_country_and_end_are_shown() -> None:
    shown = [masked_account(number) for number in (IBAN, "12345678901", "1234567", "")]
    assert shown == [HIDDEN, "•••• 8901", "••••", ""]
