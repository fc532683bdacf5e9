"""Lists of finance stand by the column that is asked for: whoever has nothing there last, who is alike by name."""

from typing import Any

import pytest

from tests.finance.test_payees import visit
from tests.finance.test_sheets import visit as sheet_visit
from tests.people import App

TAXI = {"kind": "taxi", "day": "2026-03-01", "currency": "EUR"}


async def names(app: App, path: str, sort: str, **more: Any) -> list[str]:
    answer = await app.api("auditor").get(path, params={"sort": sort, **more})
    assert answer.status_code == 200, answer.text
    return [one["name"].split()[0] for one in answer.json()["items"]]


async def test_times_away_are_compared_over_all_pages_and_who_said_none_stands_last(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir", "Mehmet İki", "Zehra Üç", "Işıl Dört"])
    path = f"/api/v1/events/{event['id']}/absences"
    for name, clock in (("Ayşe Bir", "09:00"), ("Mehmet İki", "07:00"), ("Zehra Üç", "08:00")):
        told = {
            "leaves_day": "2026-04-14",
            "leaves_clock": clock,
            "returns_day": "2026-04-15",
            "returns_clock": "20:00",
            "zone": "Europe/Istanbul",
        }
        assert (await app.api("organiser").put(f"{path}/{of[name]}", json=told)).status_code == 200
    assert await names(app, path, "left") == ["Mehmet", "Zehra", "Ayşe", "Işıl"]
    assert await names(app, path, "-left") == ["Ayşe", "Zehra", "Mehmet", "Işıl"]
    assert await names(app, path, "left", limit=2, page=2) == ["Ayşe", "Işıl"]
    # All came back at once.
    assert await names(app, path, "-back") == ["Ayşe", "Mehmet", "Zehra", "Işıl"]
    assert await names(app, path, "-name") == ["Zehra", "Mehmet", "Işıl", "Ayşe"]


async def test_receipts_stand_by_amount_and_state(app: App) -> None:
    event, _, of = await visit(app, ["Ayşe Bir", "Mehmet İki", "Zehra Üç"])
    path = f"/api/v1/events/{event['id']}/receipts"
    for name, amount in (("Ayşe Bir", "20"), ("Mehmet İki", "5"), ("Zehra Üç", "100")):
        made = await app.api("organiser").post(path, json={**TAXI, "registration_id": of[name], "amount": amount})
        assert made.status_code == 201, made.text
    rows = (await app.api("auditor").get(path, params={"sort": "-amount"})).json()["items"]
    assert [row["amount"] for row in rows] == ["100.00", "20.00", "5.00"]
    rows = (await app.api("auditor").get(path, params={"sort": "amount", "limit": 1, "page": 2})).json()
    assert [row["amount"] for row in rows["items"]] == ["20.00"]


@pytest.mark.parametrize("sort", ["iban", "--name", "name,amount", "-"])
async def test_what_no_heading_says_is_refused(app: App, sort: str) -> None:
    event, _, _ = await visit(app, ["Ayşe Bir"])
    for path in ("absences", "receipts", "payees", "advances", "adjustments", "unit-costs"):
        answer = await app.api("auditor").get(f"/api/v1/events/{event['id']}/{path}", params={"sort": sort})
        assert answer.status_code == 422, path


async def test_choices_stand_as_a_turkish_reader_looks_for_them(sqlite_app: App) -> None:
    app = sqlite_app
    desk = await app.at_desk("finance")
    await desk.get("/")
    await desk.send("/language", {"language": "tr"})
    page = (await desk.get(f"/projects/{app.project_id}/rates")).text
    countries = [page.index(f">{name}</option>") for name in ("Bulgaristan", "Çekya", "Danimarka", "İtalya", "Japonya")]
    assert countries == sorted(countries)
    event = await sheet_visit(app, ["Ayşe Bir", "Mehmet İki"])
    found = (await app.api().get("/api/v1/institutions")).json()["items"]
    for one, name in zip(found, ("Van Valiliği", "İzmir Valiliği"), strict=True):
        changed = await app.api().put(f"/api/v1/institutions/{one['id']}", json={"name": name})
        assert changed.is_success, changed.text
    page = (await (await app.at_desk("organiser")).get(f"/events/{event['id']}/per-diem")).text
    assert 0 < page.index(">İzmir Valiliği</option>") < page.index(">Van Valiliği</option>")
