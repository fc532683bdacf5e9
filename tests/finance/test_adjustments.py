"""What finance adds or takes off by hand, and provided beds by what they really cost."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from finance.adjustments.service import adjustments_of
from tests.finance.test_sheets import refusal, sheet, step, submitted, visit
from tests.people import App, copied, problem_fields
from tests.visits.test_legs import travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights

GIVEN = {"amount": "-25.50", "currency": "EUR", "reason": "Shared a taxi that the project paid"}


def path_of(event: dict[str, Any]) -> str:
    return f"/api/v1/events/{event['id']}/adjustments"


@copied
async def one_person(app: App) -> tuple[dict[str, Any], str]:
    """An event that gives one person 182.40 EUR."""
    event = await visit(app, ["Ayşe Bir"])
    return event, (await app.registrations(event))["Ayşe Bir"]


async def entered(app: App, event: dict[str, Any], of: str, **more: Any) -> dict[str, Any]:
    answer = await app.api("finance").post(path_of(event), json=GIVEN | {"registration_id": of} | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def paid(app: App, event: dict[str, Any]) -> tuple[str, str, str]:
    (one,) = (await sheet(app, event))[0]["people"]
    return one["adjusted"], one["to_pay"], one["to_return"]


async def test_drafts_and_sheets_carry_what_finance_adds_or_takes_off(app: App) -> None:
    event, of = await one_person(app)
    assert await paid(app, event) == ("0.00", "182.40", "0.00")
    await entered(app, event, of)
    await entered(app, event, of, amount="10", reason="Printing that was asked for")
    assert await paid(app, event) == ("-15.50", "166.90", "0.00")
    (frozen,) = await sheet(app, event, "submission")
    assert frozen["total"] == "166.90"


async def test_what_somebody_earned_is_never_below_nothing(app: App) -> None:
    event, of = await one_person(app)
    await entered(app, event, of, amount="-500")
    assert await paid(app, event) == ("-500.00", "0.00", "0.00")


async def test_an_adjustment_after_the_approval_is_a_correction(app: App) -> None:
    event, of = await one_person(app)
    sheet_id = await submitted(app, event)
    assert (await step(app, sheet_id, "approval", "approver")).status_code == 200
    await entered(app, event, of)
    drafts = [one for one in await sheet(app, event) if one["state"] is None]
    (person,) = drafts[0]["people"]
    assert (person["earlier"], person["adjusted"], person["to_return"]) == ("182.40", "-25.50", "25.50")


async def test_a_cancelled_one_stays_in_the_list_and_does_not_count(app: App) -> None:
    event, of = await one_person(app)
    one = await entered(app, event, of)
    here, given = f"/api/v1/adjustments/{one['id']}/cancellation", {"reason": "It was somebody else"}
    assert (await app.api("finance").post(here, json={"reason": " "})).status_code == 422
    assert (await app.api("organiser").post(here, json=given)).status_code == 403
    assert (await app.api("finance").post(here, json=given)).status_code == 200
    assert refusal(await app.api("finance").post(here, json=given)) == (409, "adjustment-cancelled")
    (row,) = (await app.api("auditor").get(path_of(event))).json()["items"]
    assert (row["name"], row["amount"], row["cancelled_why"]) == ("Ayşe Bir", "-25.50", "It was somebody else")
    assert await paid(app, event) == ("0.00", "182.40", "0.00")


async def test_sent_twice_it_counts_once(app: App) -> None:
    event, of = await one_person(app)
    key = str(uuid4())
    first, again = [await entered(app, event, of, key=key) for _ in range(2)]
    assert first["id"] == again["id"]
    async with app.database.reading() as db:
        (mine,) = (await adjustments_of(db, UUID(event["id"]))).values()
    assert [str(one.amount.amount) for one in mine] == ["-25.50"]


async def test_only_finance_enters_one_and_approves_no_sheet_with_it(sqlite_app: App) -> None:
    app = sqlite_app
    event, of = await one_person(app)
    for role in ("organiser", "approver", "auditor", "assistant"):
        answer = await app.api(role).post(path_of(event), json=GIVEN | {"registration_id": of})
        assert answer.status_code == 403, role
    await entered(app, event, of)
    async with app.database.unit_of_work() as db:
        await grant(db, await db.get_one(Account, app.accounts["finance"]), app.project_id, Role.approver)
    assert refusal(await step(app, await submitted(app, event), "approval", "finance")) == (403, "entered-it")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"currency": "QQQ"}, "currency"),
        ({"currency": "USD"}, "currency"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"registration_id": str(UUID(int=7))}, "registration_id"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, Any], field: str) -> None:
    event, of = await one_person(sqlite_app)
    finance = sqlite_app.api("finance")
    rules = f"/api/v1/projects/{sqlite_app.project_id}/pay-rules"
    assert (await finance.put(rules, json={"pay_currency": "EUR"})).status_code == 200
    answer = await finance.post(path_of(event), json=GIVEN | {"registration_id": of} | given)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_by_pages(app: App) -> None:
    event, of = await one_person(app)
    here, desk = f"/events/{event['id']}/adjustments", await app.at_desk("finance")
    await desk.get(here)
    wrong = await desk.send(here, GIVEN | {"registration_id": of, "reason": ""})
    assert (wrong.status_code, 'id="reason-wrong"' in wrong.text, "-25.50" in wrong.text) == (422, True, True)
    await desk.send(here, GIVEN | {"registration_id": of, "key": str(uuid4())})
    assert ("Shared a taxi" in desk.page, "Adjustment entered" in desk.page) == (True, True)
    one = (await app.api("finance").get(path_of(event))).json()["items"][0]
    await desk.get(f"/adjustments/{one['id']}")
    wrong = await desk.send(f"/adjustments/{one['id']}/cancellation", {"reason": ""})
    assert (wrong.status_code, 'id="reason-wrong"' in wrong.text) == (422, True)
    await desk.send(f"/adjustments/{one['id']}/cancellation", {"reason": "Entered by mistake"})
    assert "Entered by mistake" in desk.page
    for role, status in (("organiser", 200), ("assistant", 403)):
        page = await (await app.at_desk(role)).get(here)
        assert (page.status_code, 'name="registration_id"' in page.text) == (status, False)


async def test_a_provided_bed_takes_off_what_its_room_costs_that_night(sqlite_app: App) -> None:
    """Two share a room of 141.01 EUR; the second night has no rate, so that its line is open."""
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    here = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}"
    block = {"room_type": "TWN", "check_in": "2026-05-11", "check_out": "2026-05-12", "rooms": 2}
    await app.api().post(f"{here}/blocks", json=block | {"rate": "141.01", "rate_currency": "EUR"})
    await set_nights(app, event, [nights_of(id, 11, 12) for id in of.values()], hotel_id=hotel["id"])
    room = (await app.api().post(f"{here}/rooms", json={"room_type": "TWN"})).json()
    stays = [stay["id"] for stay in (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()]
    await app.api().post(f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests", json={"stays": stays})
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    rules = f"/api/v1/projects/{app.project_id}/pay-rules"
    await app.api("finance").put(rules, json={"abroad_switches": {"bed_mode": "actual_cost"}})
    people = (await sheet(app, event))[0]["people"]
    beds = sorted(line["deductions"]["bed"] for one in people for line in one["lines"])
    assert beds == ["70.50", "70.51"]
    assert [[line["day"] for line in one["open"]] for one in people] == [["2026-05-12"]] * 2
