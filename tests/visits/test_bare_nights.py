"""Nights without a bed as they are told: those on end as one, and to those who can do something about them."""

from datetime import date
from typing import Any

from core.i18n import words
from tests.people import App
from tests.visits.test_legs import entered, travelling
from visits.checks.nights import joined_nights, night_findings
from visits.checks.sentences import sentence
from visits.travel_types import BedNights

HOME = {"origin": "VIE", "destination": "IST", "number": "TK 1888", "day": "2026-05-15", "departs": "19:25"}


async def bare(app: App, event: dict[str, Any]) -> list[dict[str, Any]]:
    (journey,) = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    return [one for one in journey["findings"] if one["code"] in ("night_without_bed", "two_beds")]


async def there_and_back(app: App) -> tuple[dict[str, Any], dict[str, str], str]:
    """The visit, the links, and the one registration."""
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    for way in ({}, HOME | {"arrives": "22:50"}):
        await entered(app, event, [*of.values()], **way)
    return event, tokens, of["Ayşe Bir"]


async def test_nights_on_end_are_one_finding_and_others_stay_in_sight(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    (one,) = await bare(app, event)
    assert one["sentence"] == "No bed for the nights 11–15 May 2026."
    assert (one["numbers"]["night"], one["numbers"]["until"]) == ("2026-05-11", "2026-05-15")
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/travel")).text
    assert ("No bed for the nights 11–15" in page, "Nothing leads home yet" in page) == (True, True)


async def test_a_bed_in_between_makes_two_of_them(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, one = await there_and_back(app)
    stay = {"check_in": "2026-05-12", "check_out": "2026-05-14", "country": "AT", "registrations": [one]}
    stays = f"/api/v1/events/{event['id']}/stays"
    await app.api().post(stays, json=stay | {"city": "Vienna"})
    sentences = [found["sentence"] for found in await bare(app, event)]
    assert sentences == [
        "No bed for the night from 11 May 2026 to 12 May 2026.",
        "No bed for the night from 14 May 2026 to 15 May 2026.",
    ]


def test_two_beds_on_end_are_one_finding_as_long_as_they_are_the_same() -> None:
    stays = [
        BedNights(date(2026, 5, 11), date(2026, 5, 14), "Hotel Post", "1"),
        BedNights(date(2026, 5, 11), date(2026, 5, 13), "Hotel Wien", "2"),
        BedNights(date(2026, 5, 13), date(2026, 5, 14), "Hotel Graz", "3"),
    ]
    found = joined_nights(night_findings([], stays), lambda _: False)
    assert [sentence(one, words("en")) for one in found] == [
        "Two beds for the nights 11–13 May 2026: Hotel Post, Hotel Wien.",
        "Two beds for the night from 13 May 2026 to 14 May 2026: Hotel Post, Hotel Graz.",
    ]


async def test_what_was_said_of_the_nights_holds_until_they_are_others(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, one = await there_and_back(app)
    (nights,) = await bare(app, event)
    given = {"about": nights["about"], "reason": "She sleeps at her sister's."}
    path = f"/api/v1/events/{event['id']}/journeys/{one}/seen"
    assert (await app.api().post(path, json=given)).status_code == 204
    assert [found["seen"] for found in await bare(app, event)] == [given["reason"]]
    stay = {"check_in": "2026-05-11", "check_out": "2026-05-12", "country": "AT", "city": "Vienna"}
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=stay | {"registrations": [one]})
    assert [found["seen"] for found in await bare(app, event)] == [None]


async def test_travellers_are_not_asked_for_what_only_organisers_can_mend(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await there_and_back(app)
    vehicle = {"name": "Bus 1", "seats": 8, "direction": "arrivals", "day": "2026-05-11", "origin": "VIE"}
    await app.api().post(f"/api/v1/events/{event['id']}/vehicles", json=vehicle | {"destination": "Hotel"})
    guest = await app.owner(tokens["Ayşe Bir"])
    found = {one["code"] for one in (await guest.get("/api/v1/invitation/journey")).json()["findings"]}
    page = (await (await app.owners_browser(tokens["Ayşe Bir"])).get(f"/i/{tokens['Ayşe Bir']}/travel")).text
    assert ({"night_without_bed", "nobody_meets"} & found, "No bed" in page) == (set(), False)
    assert "no_passport" in found
    assert len(await bare(app, event)) == 1
