"""Unit costs of travel: proposed by distance, entered by finance, from the project's own bands."""

from typing import Any
from uuid import UUID

import pytest

from core.money import Money
from finance.unit_costs.rules import UnitBand, band_for, shipped_bands
from finance.unit_costs.service import unit_costs_of
from tests.people import App, copied, problem_fields
from tests.visits.test_legs import entered, travelling

# Istanbul to Vienna is 1256 km by the coordinates of both airports.
BANDS = (
    "from km;to km;amount;currency;source\n10;99;56;EUR;C(2099)1\n100;1500;309.50;EUR;C(2099)1\n1501;;417;EUR;C(2099)1"
)


def file(content: str = BANDS) -> dict[str, Any]:
    return {"file": ("bands.csv", content.encode(), "text/csv")}


@copied
async def flown(app: App) -> tuple[dict[str, Any], dict[str, str], str]:
    """Two people, one of whom has a flight."""
    event, _, of = await travelling(app, ["Ayşe Bir", "Mehmet İki"])
    await entered(app, event, [of["Ayşe Bir"]])
    return event, of, f"/api/v1/events/{event['id']}/unit-costs"


async def test_the_unit_of_a_journey_is_proposed_by_its_distance_and_entered_once(app: App) -> None:
    event, of, path = await flown(app)
    flying, staying = (await app.api("auditor").get(path)).json()["items"]
    assert (flying["name"], staying["name"], staying["proposed"]) == ("Ayşe Bir", "Mehmet İki", None)
    assert 1200 < flying["measured_km"] < 1300
    assert (flying["proposed"]["amount"], flying["proposed"]["source"], flying["entered"]) == (
        "230.00",
        "C(2021)35",
        None,
    )
    given = {"registrations": [of["Ayşe Bir"]]}
    assert (await app.api("organiser").post(path, json=given)).status_code == 403
    for _ in range(2):
        assert (await app.api("finance").post(path, json=given)).json() == {"count": 1}
    async with app.database.reading() as db:
        found = await unit_costs_of(db, UUID(event["id"]))
    assert {id: one.amount.amount for id, one in found.items()} == {UUID(of["Ayşe Bir"]): 230}
    both = await app.api("finance").post(path, json={"registrations": [*of.values()]})
    assert (both.status_code, list(problem_fields(both))) == (422, ["registrations"])
    assert (await app.api("finance").delete(f"{path}/{of['Ayşe Bir']}")).status_code == 204
    assert (await app.api("finance").delete(f"{path}/{of['Ayşe Bir']}")).status_code == 404


async def test_bands_of_a_newer_decision_hold_for_the_project_and_change_nothing_that_was_entered(app: App) -> None:
    event, of, path = await flown(app)
    await app.api("finance").post(path, json={"registrations": [of["Ayşe Bir"]]})
    bands = f"/api/v1/projects/{app.project_id}/unit-cost-bands"
    assert len((await app.api("auditor").get(bands)).json()) == 12
    assert (await app.api("organiser").post(bands, files=file())).status_code == 403
    assert (await app.api("finance").post(bands, files=file())).status_code == 201
    row = (await app.api("auditor").get(path)).json()["items"][0]
    assert (row["proposed"]["amount"], row["entered"]["amount"]) == ("309.50", "230.00")
    by_hand = await app.api("finance").put(f"{path}/{of['Mehmet İki']}", json={"distance_km": 2000})
    assert (by_hand.json()["amount"], by_hand.json()["distance_km"]) == ("417.00", 2000)
    assert event["id"]


@pytest.mark.parametrize(
    "content",
    [
        "from km;to km;amount;currency\n1;2;3;EUR",
        "from km;to km;amount;currency;source",
        "from km;to km;amount;currency;source\n1;2;ten;EUR;C(2099)1",
        "from km;to km;amount;currency;source\n5;2;10;EUR;C(2099)1",
        "from km;to km;amount;currency;source\n1;20;10;EUR;C(2099)1\n20;30;11;EUR;C(2099)1",
        "from km;to km;amount;currency;source\n1;;10;EUR;C(2099)1\n200;300;11;EUR;C(2099)1",
        "from km;to km;amount;currency;source\n1;20;10.005;EUR;C(2099)1",
    ],
    ids=["no source", "no band", "no amount", "backwards", "overlapping", "open below", "too fine"],
)
async def test_half_a_table_is_none(sqlite_app: App, content: str) -> None:
    bands = f"/api/v1/projects/{sqlite_app.project_id}/unit-cost-bands"
    answer = await sqlite_app.api("finance").post(bands, files=file(content))
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["file"])
    assert len((await sqlite_app.api("auditor").get(bands)).json()) == 12


async def test_a_table_may_have_the_headings_that_the_turkish_page_names(sqlite_app: App) -> None:
    bands = f"/api/v1/projects/{sqlite_app.project_id}/unit-cost-bands"
    content = "İlk km;Son km;Tutar;Para birimi;Kaynak\n1;20;10;EUR;C(2099)1\n21;;11,50;EUR;C(2099)1"
    answer = await sqlite_app.api("finance").post(bands, files=file(content))
    assert answer.status_code == 201, answer.text
    assert [one["amount"] for one in (await sqlite_app.api("auditor").get(bands)).json()] == ["10.00", "11.50"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "distance_km"),
        ({"distance_km": 399}, "distance_km"),
        ({"distance_km": 0}, "distance_km"),
        ({"distance_km": 30000}, "distance_km"),
        ({"amount": "230"}, "source"),
        ({"amount": "0", "source": "C(2021)35"}, "amount"),
        ({"amount": "1.001", "source": "C(2021)35"}, "amount"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, Any], field: str) -> None:
    _, of, path = await flown(sqlite_app)
    answer = await sqlite_app.api("finance").put(f"{path}/{of['Ayşe Bir']}", json=given)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


async def test_by_pages(app: App) -> None:
    event, of, _ = await flown(app)
    here, desk = f"/events/{event['id']}/unit-costs", await app.at_desk("finance")
    assert "230.00" in (await desk.get(here)).text
    none = await desk.send(here, {})
    assert (none.status_code, 'id="registrations-wrong"' in none.text) == (422, True)
    await desk.send(here, {"registrations[]": [of["Ayşe Bir"]]})
    assert ("Entered: 1." in desk.page, "C(2021)35" in desk.page) == (True, True)
    wrong = await desk.send(f"{here}/one", {"registration_id": of["Mehmet İki"], "distance_km": "12"})
    assert (wrong.status_code, 'id="distance_km-wrong"' in wrong.text) == (422, True)
    by_hand = {"registration_id": of["Mehmet İki"], "amount": "99", "source": "Letter of 2 March"}
    await desk.send(f"{here}/one", by_hand)
    assert ("Letter of 2 March" in desk.page, "99.00" in desk.page) == (True, True)
    await desk.send(f"{here}/{of['Mehmet İki']}/remove")
    assert "Letter of 2 March" not in desk.page
    there = f"/projects/{app.project_id}/unit-cost-bands"
    assert "C(2021)35" in (await desk.get(there)).text
    await desk.send(there, files=file())
    assert ("C(2099)1" in desk.page, "C(2021)35" in desk.page) == (True, False)


def test_both_ends_belong_to_a_band_and_the_last_has_none() -> None:
    bands = [UnitBand(1, 9, Money.zero("EUR"), "a"), UnitBand(10, None, Money.zero("EUR"), "b")]
    found = [band_for(km, bands) for km in (1, 9, 10, 25_000)]
    assert [one.source if one else "" for one in found] == ["a", "a", "b", "b"]
    assert [band_for(km, shipped_bands()) is None for km in (399, 400)] == [True, False]
