"""What travellers tell of themselves, what the checks say, and who may see it."""

from typing import Any

import pytest
from sqlmodel import select

from tests.people import App, names, problem_fields
from tests.visits.test_legs import entered, travelling
from visits.travel_details.jobs import sweep
from visits.travel_details.models import TravelDetails

PASSPORT = {
    "family_name": "YILMAZ",
    "given_names": "AYŞE",
    "number": "U12345678",
    "issuer": "TR",
    "nationality": "TR",
    "birth_date": "1985-03-12",
    "sex": "F",
    "issued": "2021-04-15",
    "expires": "2026-09-01",
}
ZONE = "P<TURYILMAZ<<AYSE<<<<<<<<<<<<<<<<<<<<<<<<<<<\nU123456784TUR8503127F3104150<<<<<<<<<<<<<<<2"


async def findings(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (journey,) = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    return {one["code"]: one for one in journey["findings"]}


async def test_what_a_traveller_tells_is_whole_for_them_and_masked_for_the_staff(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    assert (await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)).status_code == 204
    mine = (await guest.get("/api/v1/invitation/journey/details")).json()
    assert mine["passport"]["number"] == "U12345678"
    desk = await app.at_desk()
    here = f"/events/{event['id']}/travel/{of['Ayşe Bir']}"
    page = (await desk.get(here)).text
    assert ("U12345678" in page, "••••678" in page) == (False, True)
    refused = await desk.send(f"{here}/reveal", {"reason": " "})
    assert (refused.status_code, "U12345678" in refused.text) == (422, False)
    shown = await desk.send(f"{here}/reveal", {"reason": "Booking the flights"})
    assert "U12345678" in shown.text
    assert "Booking the flights" in (await desk.get(f"/events/{event['id']}/travel")).text


async def test_passports_and_what_is_found_in_them_are_for_those_who_plan(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    for role, is_shown in (("organiser", True), ("finance", False), ("auditor", False)):
        (journey,) = (await app.api(role).get(f"/api/v1/events/{event['id']}/journeys")).json()
        assert ("passport_expires" in {one["code"] for one in journey["findings"]}) is is_shown
        page = (await (await app.at_desk(role)).get(f"/events/{event['id']}/travel/{of['Ayşe Bir']}")).text
        assert ("YILMAZ" in page, "no_leg_there" in str(journey)) == (is_shown, True)


async def test_who_only_holds_the_link_sees_and_tells_nothing(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    guest = sqlite_app.guest(tokens["Ayşe Bir"])
    assert (await guest.get("/api/v1/invitation/journey/details")).status_code == 403
    assert (await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)).status_code == 403


async def test_nothing_told_can_be_read_in_the_database(app: App) -> None:
    _, tokens, _ = await travelling(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    async with app.database.reading() as db:
        rows = (await (await db.connection()).exec_driver_sql("SELECT * FROM travel_details")).all()
    assert ("U12345678" in str(rows), "YILMAZ" in str(rows), len(rows)) == (False, False, 1)


async def test_the_two_lines_of_a_passport_fill_its_form_and_a_wrong_digit_is_named(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    visitor = await sqlite_app.owners_browser(token)
    await visitor.get(f"/i/{token}/travel/passport")
    read = (await visitor.send(f"/i/{token}/travel/zone", {"zone": ZONE})).text
    for value in ("YILMAZ", "AYSE", "U12345678", "1985-03-12", "2031-04-15"):
        assert f'value="{value}"' in read
    await visitor.get(f"/i/{token}/travel/passport")
    wrong = await visitor.send(f"/i/{token}/travel/zone", {"zone": ZONE.replace("U12345678", "U12345687")})
    assert (wrong.status_code, "U12345687" in wrong.text, 'id="zone-wrong"' in wrong.text) == (422, True, True)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"expires": "2020-01-01"}, ["expires"]),
        ({"expires": "2021-04-15"}, ["expires"]),
        # It is 2 March, and the visit begins on 11 May 2026.
        ({"birth_date": "2030-05-05"}, ["birth_date"]),
        ({"birth_date": "2019-05-05", "issued": ""}, ["birth_date"]),
        ({"birth_date": "2010-05-12"}, ["birth_date"]),
        ({"issued": "2026-03-03"}, ["issued"]),
        ({"issued": "2026-05-16"}, ["issued"]),
        ({"issued": "1985-03-11"}, ["issued"]),
        ({"birth_date": "2026-03-03", "issued": "2026-03-04"}, ["birth_date", "issued"]),
    ],
)
async def test_a_passport_that_cannot_be_is_said_beside_the_field(
    sqlite_app: App, changed: dict[str, str], fields: list[str]
) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    guest = await sqlite_app.owner(token)
    answer = await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT | changed)
    assert (answer.status_code, sorted(problem_fields(answer))) == (422, fields)
    phone = await sqlite_app.owners_browser(token)
    await phone.get(f"/i/{token}/travel/passport")
    page = await phone.send(f"/i/{token}/travel/passport", PASSPORT | changed)
    assert page.status_code == 422
    assert [f'id="{field}-wrong"' in page.text for field in fields] == [True] * len(fields)
    details = await guest.get("/api/v1/invitation/journey/details")
    assert details.json() is None


@pytest.mark.parametrize("changed", [{"birth_date": "2010-05-11"}, {"issued": "2026-03-02"}, {"issued": ""}])
async def test_the_youngest_and_the_newest_passport_is_taken(sqlite_app: App, changed: dict[str, str]) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    answer = await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT | changed)
    assert answer.status_code == 204, answer.text


async def test_the_checks_say_what_is_missing_and_a_reason_settles_it_until_it_changes(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    assert {"no_leg_there", "no_passport", "no_insurance"} <= (await findings(app, event)).keys()
    await entered(app, event, [*of.values()])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    found = await findings(app, event)
    assert "no_leg_there" not in found
    assert found["no_leg_home"]["severity"] == "warning"
    assert "night_without_bed" in found
    expires = found["passport_expires"]
    assert (expires["severity"], expires["numbers"]["until"]) == ("error", "2026-11-15")
    assert "2026" in expires["sentence"]
    path = f"/api/v1/events/{event['id']}/journeys/{of['Ayşe Bir']}/seen"
    given = {"about": expires["about"], "reason": "The host confirmed by letter."}
    assert (await app.api().post(path, json=given)).status_code == 204
    assert (await findings(app, event))["passport_expires"]["seen"] == given["reason"]
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT | {"expires": "2026-08-01"})
    assert (await findings(app, event))["passport_expires"]["seen"] is None
    # Whoever looked at an older state, or made a finding up, is told so.
    refused = [await app.api().post(path, json=given | {"about": about}) for about in (expires["about"], "²٣", "x:y")]
    assert [one.status_code for one in refused] == [422, 422, 422]
    assert {*problem_fields(refused[0])} == {"reason"}


async def test_a_traveller_enters_and_leaves_legs_of_their_own(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ali İki"]])
    token = tokens["Ayşe Bir"]
    visitor = await app.owners_browser(token)
    await visitor.get(f"/i/{token}/travel/leg")
    way = {"mode": "flight", "number": "TK1887", "origin": "IST", "destination": "VIE", "day": "2026-05-11"}
    await visitor.send(f"/i/{token}/travel/leg", way | {"departs": "08:05", "has_ticket": "yes"})
    assert "TK 1887" in (await visitor.get(f"/i/{token}/travel")).text
    (joined,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert (joined["id"], len(joined["passengers"])) == (leg["id"], 2)
    await visitor.send(f"/i/{token}/travel/legs/{leg['id']}/leave")
    (left,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    states = {one["registration_id"]: one["state"] for one in left["passengers"]}
    assert states == {of["Ayşe Bir"]: "cancelled", of["Ali İki"]: "booked"}


async def test_what_was_told_goes_sixty_days_after_the_visit(app: App) -> None:
    _, tokens, _ = await travelling(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)

    async def kept() -> int:
        await sweep(app.fastapi.state.context)
        async with app.database.reading() as db:
            return len((await db.exec(select(TravelDetails))).all())

    app.clock.forward(days=90)
    assert await kept() == 1
    app.clock.forward(days=45)
    assert await kept() == 0


async def test_nights_of_one_person_are_entered_and_taken_away_on_their_page(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/travel/{of['Ayşe Bir']}"
    await desk.get(here)
    nights = {"check_in": "2026-05-11", "check_out": "2026-05-11", "country": "AT", "city": "Vienna"}
    assert (await desk.send(f"{here}/stays", nights)).status_code == 422
    await desk.get(here)
    await desk.send(f"{here}/stays", nights | {"check_out": "2026-05-14", "is_bed_provided": "yes"})
    stays = f"/api/v1/events/{event['id']}/stays"
    (stay,) = (await app.api("finance").get(stays)).json()
    assert (stay["registration_id"], stay["check_out"], stay["is_bed_provided"]) == (of["Ayşe Bir"], "2026-05-14", True)
    assert "Vienna" in (await desk.get(here)).text
    await desk.send(f"/events/{event['id']}/stays/{stay['id']}/remove")
    assert (await app.api().get(stays)).json() == []
    assert (await app.api().delete(f"{stays}/{stay['id']}")).status_code == 404


async def test_what_the_organiser_says_of_a_visa_keeps_its_number(sqlite_app: App) -> None:
    event, tokens, of = await travelling(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/visa", json={"state": "applied", "number": "A1234567"})
    desk = await sqlite_app.at_desk()
    here = f"/events/{event['id']}/travel/{of['Ayşe Bir']}"
    await desk.get(here)
    await desk.send(f"{here}/visa", {"state": "granted", "valid_from": "2026-05-01", "valid_until": "2026-06-01"})
    visa = (await guest.get("/api/v1/invitation/journey/details")).json()["visa"]
    assert (visa["state"], visa["number"]) == ("granted", "A1234567")
    await desk.get(here)
    assert (await desk.send(f"{here}/visa", {"state": "granted", "valid_until": "2026-04-01"})).status_code == 422


async def test_a_large_visit_is_shown_page_by_page_and_only_these_are_checked(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, names(30))
    await entered(app, event, [*of.values()])
    desk, costs = await app.at_desk(), []
    shown = []
    for page in (1, 2):
        with app.counting() as statements:
            text = (await desk.client.get(f"/events/{event['id']}/travel?page={page}")).text
        costs.append(len(statements))
        shown.append({name for name, id in of.items() if f'/travel/{id}"' in text})
    assert ([len(one) for one in shown], shown[0] & shown[1], max(costs) <= 14) == ([25, 5], set(), True)
