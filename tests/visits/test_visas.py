"""Who needs a visa by the project's table, and names on tickets that are not those of the passport."""

from typing import Any

import pytest

from tests.people import App, problem_fields
from tests.visits.test_journeys import PASSPORT, findings
from tests.visits.test_legs import entered, travelling

RULE = {"country": "AT", "is_needed": True, "source": "Embassy", "stated_on": "2026-02-01"}


async def stated(app: App, role: str = "organiser", **changed: Any) -> Any:
    return await app.api(role).post(f"/api/v1/projects/{app.project_id}/visa-rules", json=RULE | changed)


async def with_passport(app: App, **changed: Any) -> dict[str, Any]:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT | {"expires": "2031-04-15"} | changed)
    return event


async def test_a_visa_is_missing_where_the_table_says_that_the_passport_needs_one(app: App) -> None:
    event = await with_passport(app)
    assert "no_visa" not in await findings(app, event)
    await stated(app)
    await stated(app, kind="special", is_needed=False, free_days=90)
    assert "no_visa" in await findings(app, event)


async def test_a_green_passport_needs_none_for_short_stays(sqlite_app: App) -> None:
    app = sqlite_app
    event = await with_passport(app, kind="special")
    await stated(app, kind="special", is_needed=False, free_days=90)
    assert "no_visa" not in await findings(app, event)
    await stated(app, kind="special", is_needed=False, free_days=3)
    assert "no_visa" in await findings(app, event)


@pytest.mark.parametrize("visa", [{"state": "granted"}, {"number": "A 1234567"}])
async def test_a_visa_with_a_number_is_checked_like_one_that_is_said_to_be_granted(
    sqlite_app: App, visa: dict[str, str]
) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    await stated(app)
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT | {"expires": "2031-04-15"})
    for until, codes in (("2026-05-13", {"visa_short"}), ("2026-05-15", set())):
        days = {"valid_from": "2026-05-11", "valid_until": until}
        assert (await guest.put("/api/v1/invitation/journey/visa", json=visa | days)).status_code == 204
        assert {"visa_short", "no_visa"} & set(await findings(app, event)) == codes
    desk = await app.at_desk()
    assert "Granted</dd>" in (await desk.get(f"/events/{event['id']}/travel/{of['Ayşe Bir']}")).text
    # A number that was given to an application is none of a visa.
    await guest.put("/api/v1/invitation/journey/visa", json={"state": "applied", "number": "APP 77"})
    assert "no_visa" in await findings(app, event)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"company": "Anadolu"}, None),
        ({"company": "Anadolu", "insured_until": "2026-05-15"}, None),
        ({"company": "Anadolu", "insured_until": "2026-05-14"}, "insurance_short"),
        ({"insured_until": "2026-05-14"}, "no_insurance"),
    ],
)
async def test_an_insurance_that_ends_before_the_journey_is_found(
    sqlite_app: App, told: dict[str, str], code: str | None
) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/insurance", json=told)
    found = await findings(app, event)
    assert {"no_insurance", "insurance_short"} & set(found) == ({code} if code else set())
    if code == "insurance_short":
        said = "The travel insurance ends on 14 May 2026; the journey lasts until 15 May 2026."
        assert found[code]["sentence"] == said
        # The traveller is told it too, auditors are not.
        mine = (await guest.get("/api/v1/invitation/journey")).json()["findings"]
        audited = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/journeys")).json()
        assert [code in {one["code"] for one in seen} for seen in (mine, audited[0]["findings"])] == [True, False]


async def test_a_line_stated_again_takes_the_place_of_the_former(sqlite_app: App) -> None:
    await stated(sqlite_app)
    assert (await stated(sqlite_app, is_needed=False)).status_code == 200
    (line,) = (await sqlite_app.api("auditor").get(f"/api/v1/projects/{sqlite_app.project_id}/visa-rules")).json()
    assert (line["is_needed"], line["source"]) == (False, "Embassy")


async def test_the_table_is_kept_on_its_page(sqlite_app: App) -> None:
    app = sqlite_app
    desk, here = await app.at_desk(), f"/projects/{app.project_id}/visa-rules"
    await desk.get(here)
    wrong = await desk.send(here, {"country": "AT", "is_needed": "yes", "source": "", "stated_on": "2026-02-01"})
    assert (wrong.status_code, 'id="source-wrong"' in wrong.text) == (422, True)
    await desk.get(here)
    assert (await desk.send(here, RULE | {"is_needed": "yes", "nationality": "TR"})).status_code == 303
    assert "Embassy" in (await desk.get(here)).text
    (line,) = (await app.api().get(f"/api/v1{here}")).json()
    await desk.send(f"/visa-rules/{line['id']}/remove")
    assert (await app.api().get(f"/api/v1{here}")).json() == []


async def test_lines_are_stated_by_those_who_plan_and_for_a_country_that_there_is(sqlite_app: App) -> None:
    assert (await stated(sqlite_app, "auditor")).status_code == 403
    answer = await stated(sqlite_app, country="XX")
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["country"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("YILMAZ/AYSE MRS", None),
        ("AYSE/YILMAZ", "name_swapped"),
        ("YILMAS/AYSE", "name_near"),
        ("KAYA/MEHMET", "name_different"),
    ],
)
async def test_the_name_on_a_ticket_is_compared_with_the_passport(sqlite_app: App, name: str, code: str | None) -> None:
    app = sqlite_app
    event = await with_passport(app)
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    person = leg["passengers"][0]["registration_id"]
    given = {"state": "ticketed", "ticket_name": name}
    answer = await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{person}", json=given)
    assert answer.status_code == 200, answer.text
    found = {one for one in await findings(app, event) if one.startswith("name_")}
    assert found == ({code} if code else set())
    shown = (await app.api("finance").get(f"/api/v1/events/{event['id']}/legs")).json()
    assert shown[0]["passengers"][0]["ticket_name"] == ""
