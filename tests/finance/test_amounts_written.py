"""Sums as finance types them: TL is the lira, and no number is taken for another one."""

from typing import Any

import pytest

from tests.finance.test_advances import GIVEN
from tests.finance.test_payees import visit
from tests.people import App, problem_fields


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("advances", GIVEN | {"registrations": ["PERSON"]}),
        ("adjustments", {"registration_id": "PERSON", "amount": "25", "reason": "Shared a taxi"}),
        ("receipts", {"registration_id": "PERSON", "amount": "25", "kind": "taxi"}),
    ],
    ids=["advances", "adjustments", "receipts"],
)
async def test_lira_are_written_as_people_write_them(sqlite_app: App, path: str, given: dict[str, Any]) -> None:
    event, _, of = await visit(sqlite_app, ["Ayşe Bir"])
    person = of["Ayşe Bir"]
    filled = {name: person if value == "PERSON" else value for name, value in given.items()}
    filled |= {"registrations": [person]} if "registrations" in given else {}
    for written in ("TL", "tl", "₺", "TRY"):
        here = f"/api/v1/events/{event['id']}/{path}"
        answer = await sqlite_app.api("finance").post(here, json=filled | {"currency": written})
        assert answer.status_code == 201, answer.text
        kept = answer.json()
        assert (kept[0] if isinstance(kept, list) else kept)["currency"] == "TRY"


async def test_a_project_pays_in_lira_by_either_name(sqlite_app: App) -> None:
    path = f"/api/v1/projects/{sqlite_app.project_id}/pay-rules"
    answer = await sqlite_app.api("finance").put(path, json={"pay_currency": "TL", "receipt_currency": "tl"})
    assert (answer.json()["pay_currency"], answer.json()["receipt_currency"]) == ("TRY", "TRY")


@pytest.mark.parametrize("written", ["1.234", "240,005"])
async def test_a_ceiling_of_a_night_has_no_fractions_of_a_cent(sqlite_app: App, written: str) -> None:
    path = f"/api/v1/projects/{sqlite_app.project_id}/pay-rules"
    answer = await sqlite_app.api("finance").put(path, json={"abroad_switches": {"ceiling": written}})
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["abroad_switches.ceiling"])
    for right, kept in (("1.234,50", "1234.50"), ("240", "240")):
        answer = await sqlite_app.api("finance").put(path, json={"abroad_switches": {"ceiling": right}})
        assert answer.json()["abroad_switches"]["ceiling"] == kept
