"""What is the way there and what the way home: by when legs leave the place of the event, wherever they end."""

from datetime import date
from typing import Any

import pytest

from tests.people import App
from tests.visits.test_journeys import findings
from tests.visits.test_legs import entered, travelling
from tests.visits.test_travel_rules import flight
from tests.visits.test_vehicles import ordered
from visits.checks.ways import ways_of
from visits.places.rules import Place
from visits.places.towns import town_named

WAY_THERE: dict[str, Any] = {"number": "OS 824", "origin": "ESB", "departs": "10:00", "arrives": "11:40"}
HOME_BY_ISTANBUL = {
    "number": "TK 1888",
    "origin": "VIE",
    "destination": "IST",
    "day": "2026-05-15",
    "departs": "15:30",
    "arrives": "18:40",
}
SESSION = {"title": "Welcome and opening", "starts": "2026-05-11T14:00", "ends": "2026-05-11T16:00"}
WEEK = {"check_in": "2026-05-11", "check_out": "2026-05-15", "country": "AT", "city": "Vienna"}


async def judge(app: App) -> tuple[dict[str, Any], str]:
    """A judge from Ankara on a visit to Vienna, with an opening to be there for: the visit, and their registration."""
    event, _, of = await travelling(app, ["Ayşe Bir"])
    added = await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=SESSION)
    assert added.status_code == 201, added.text
    return event, of["Ayşe Bir"]


async def row(app: App, event: dict[str, Any]) -> str:
    """The line of the only traveller on the page of all journeys."""
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/travel")).text
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


async def test_who_flies_home_to_another_town_is_not_late_homeless_or_fetched(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    await entered(app, event, [one], **WAY_THERE)
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=WEEK)
    vehicle = await ordered(app, event)
    seat = {"registrations": [one]}
    assert (await app.api().post(f"/api/v1/vehicles/{vehicle['id']}/passengers", json=seat)).status_code < 300
    wrong = {
        "late_for_session",
        "no_leg_home",
        "no_leg_there",
        "night_without_bed",
        "nobody_meets",
        "leaves_before_end",
    }
    assert wrong & (await findings(app, event)).keys() == set()
    assert "TK 1888" in await row(app, event)


async def test_the_flight_home_alone_is_no_way_there(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    there = await entered(app, event, [one], **WAY_THERE)
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    await app.api().post(f"/api/v1/legs/{there['id']}/cancellation")
    found = await findings(app, event)
    assert found["no_leg_there"]["sentence"] == "There is no leg to Vienna yet."
    assert {"late_for_session", "no_leg_home"} & found.keys() == set()
    shown = await row(app, event)
    assert shown.index("nothing yet") < shown.index("TK 1888")


async def test_a_way_home_by_train_and_plane_is_no_distance_of_the_way_there(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    train = {"mode": "train", "number": "CAT", "destination": "VIE", "departs": "12:00", "arrives": "12:16"}
    await entered(app, event, [one], origin="Wien Mitte", day="2026-05-15", **train)
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    costs = (await app.api().get(f"/api/v1/events/{event['id']}/costs")).json()
    assert costs["unit_costs"] == []
    assert "no_leg_there" in await findings(app, event)


async def test_a_day_in_another_town_of_the_country_is_no_way_home(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    await entered(app, event, [one], **WAY_THERE)
    train = {"mode": "train", "number": "RJ 551", "departs": "08:00", "arrives": "10:35", "day": "2026-05-13"}
    await entered(app, event, [one], **train | {"origin": "Wien", "destination": "Graz"})
    assert "no_leg_home" in await findings(app, event)
    await entered(app, event, [one], **train | {"number": "RJ 558", "origin": "Graz", "destination": "Wien",
                                                "departs": "17:00", "arrives": "19:35"})  # fmt: skip
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    found = await findings(app, event)
    assert {"late_for_session", "leaves_before_end", "no_leg_home", "no_leg_there"} & found.keys() == set()


async def test_who_goes_on_to_a_third_country_in_the_middle_has_no_way_home_yet(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    await entered(app, event, [one], **WAY_THERE)
    assert "no_leg_home" in await findings(app, event)
    onward = {"number": "LH 1233", "origin": "VIE", "destination": "FRA", "departs": "09:00", "arrives": "10:30"}
    await entered(app, event, [one], day="2026-05-13", **onward)
    assert "no_leg_home" in await findings(app, event)


async def test_a_way_home_that_leaves_before_the_programme_ends_is_said(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    late = {"title": "Conclusions", "starts": "2026-05-15T13:00", "ends": "2026-05-15T15:00"}
    await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=late)
    await entered(app, event, [one], **WAY_THERE)
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    assert "TK 1888" in (await findings(app, event))["leaves_before_end"]["sentence"]


async def test_journeys_sort_by_the_way_that_they_show(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [of["Ayşe Bir"]], **HOME_BY_ISTANBUL)
    await entered(app, event, [of["Ali İki"]], **WAY_THERE)
    desk = await app.at_desk()

    async def first(sort: str) -> str:
        page = (await desk.get(f"/events/{event['id']}/travel?sort={sort}")).text.partition("<tbody>")[2]
        return min(of, key=page.index)

    # Who has no such way stands last.
    assert [await first("there"), await first("home")] == ["Ali İki", "Ayşe Bir"]


async def test_who_landed_elsewhere_on_the_way_home_is_back(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    await entered(app, event, [one], **WAY_THERE)
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    guest_list = f"/api/v1/events/{event['id']}/whereabouts"
    seen = []
    for moment in ("2026-05-12T05:00:00+00:00", "2026-05-15T16:00:00+00:00"):
        app.clock.now = app.clock.now.fromisoformat(moment)
        (where,) = (await app.api().get(guest_list)).json()
        seen.append(where["presence"])
    assert seen == ["there", "back"]


def test_a_way_by_a_town_before_and_after_is_judged_by_the_legs_next_to_the_programme() -> None:
    """Rules alone: to Graz by Vienna in one go, and home the same way."""
    there = [flight("ESB-VIE", "2026-10-12T06:00", "2026-10-12T07:40"), flight("VIE-GRZ", "2026-10-12T10:00")]
    back = [flight("GRZ-VIE", "2026-10-16T16:00"), flight("VIE-ESB", "2026-10-16T19:25", "2026-10-16T23:30")]
    days = date(2026, 10, 12), date(2026, 10, 16)
    ways = ways_of([*there, *back], town_named("Ankara"), *days, town_named("Graz"))
    assert (ways.there, ways.home) == (tuple(there), tuple(back))


@pytest.mark.parametrize(
    ("routes", "there", "home"),
    [
        # Without a known town in the country of all: by where most days are spent.
        (["ADB-ESB 12", "ESB-IST 16"], 1, 1),
        (["ADB-ESB 12"], 1, 0),
        (["ADB-ESB 12", "ESB-IST 14", "IST-ADB 16"], 1, 1),
        # Where the event's country was left as it was.
        (["ESB-VIE 12", "VIE-ESB 16"], 1, 1),
        # Of legs far from the days: the longest stop away from home.
        (["ADB-ESB 1", "ESB-ADB 3"], 1, 1),
    ],
)
def test_within_one_country_the_ways_are_told_by_the_days(routes: list[str], there: int, home: int) -> None:
    legs = []
    for said in routes:
        route, _, day = said.partition(" ")
        legs.append(flight(route, f"2026-10-{int(day):02}T17:00", f"2026-10-{int(day):02}T18:00"))
    ways = ways_of(legs, None, date(2026, 10, 12), date(2026, 10, 16), Place(country="TR"))
    assert (len(ways.there), len(ways.home)) == (there, home)


def test_days_off_in_another_town_afterwards_do_not_hide_that_somebody_leaves_early() -> None:
    legs = [
        flight("ESB-VIE", "2026-10-12T06:00", "2026-10-12T07:40"),
        flight("VIE-SZG", "2026-10-16T11:00", "2026-10-16T12:00"),
        flight("SZG-IST", "2026-10-19T11:00", "2026-10-19T14:00"),
    ]
    ways = ways_of(legs, town_named("Ankara"), date(2026, 10, 12), date(2026, 10, 16), town_named("Vienna"))
    assert [leg.key for leg in ways.home] == ["VIE-SZG", "SZG-IST"]


@pytest.mark.parametrize("home", ["", "Ankara"])
async def test_a_night_on_the_way_there_needs_a_bed_where_the_way_home_ends(sqlite_app: App, home: str) -> None:
    """She begins in Ankara, sleeps in Istanbul before the flight, and has only the flight back to Istanbul yet."""
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    one = of["Ayşe Bir"]
    if home:
        guest = await app.owner(tokens["Ayşe Bir"])
        assert (await guest.put("/api/v1/invitation/journey/wishes", json={"home": home})).is_success
    evening = {"number": "TK 2175", "origin": "ESB", "destination": "IST", "day": "2026-05-10"}
    await entered(app, event, [one], **evening, departs="20:00", arrives="21:15")
    await entered(app, event, [one])
    await entered(app, event, [one], **HOME_BY_ISTANBUL)
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=WEEK)
    found = await findings(app, event)
    assert found["night_without_bed"]["numbers"]["night"] == "2026-05-10"
    assert {"no_leg_home", "nobody_meets"} & found.keys() == set()


async def test_a_trip_after_the_event_that_ends_where_it_was_changes_nothing_of_the_way_there(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    await entered(app, event, [one], **WAY_THERE)
    train = {"mode": "train", "departs": "18:00", "arrives": "20:35"}
    await entered(app, event, [one], **train, number="RJ 559", origin="Wien", destination="Graz", day="2026-05-15")
    await entered(app, event, [one], **train, number="RJ 560", origin="Graz", destination="Wien", day="2026-05-18")
    found = await findings(app, event)
    assert {"late_for_session", "leaves_before_end", "no_leg_there", "no_leg_home"} & found.keys() == set()
    assert found["night_without_bed"]["numbers"]["night"] == "2026-05-11"
    shown = await row(app, event)
    assert ("OS 824" in shown.partition("RJ 560")[0], "RJ 560" in shown) == (True, True)


async def test_what_a_moved_leg_misses_is_seen_of_who_stays_long_elsewhere_afterwards(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    leg = await entered(app, event, [one], **WAY_THERE)
    onward = {"origin": "VIE", "destination": "FRA", "departs": "18:00", "arrives": "19:30", "day": "2026-05-15"}
    await entered(app, event, [one], number="OS 129", **onward)
    back = {"origin": "FRA", "destination": "ESB", "departs": "10:00", "arrives": "14:30", "day": "2026-05-29"}
    await entered(app, event, [one], number="LH 1360", **back)
    assert "late_for_session" not in await findings(app, event)
    later = {**WAY_THERE, "destination": "VIE", "day": "2026-05-11", "departs": "13:00", "arrives": "14:40"}
    told = await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=later)
    (concerned,) = told.json()["concerned"]
    assert concerned["missed_sessions"] == ["Welcome and opening"]


async def test_who_ends_where_the_event_was_is_met_there_and_eats_there_before(sqlite_app: App) -> None:
    app = sqlite_app
    event, one = await judge(app)
    lunch = {"title": "Lunch", "kind": "lunch", "starts": "2026-05-12T12:00", "ends": "2026-05-12T13:00"}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=lunch)).is_success
    await entered(app, event, [one], **WAY_THERE)
    train = {"mode": "train", "departs": "18:00", "arrives": "20:35"}
    await entered(app, event, [one], **train, number="RJ 559", origin="Wien", destination="Graz", day="2026-05-15")
    await entered(app, event, [one], **train, number="RJ 560", origin="Graz", destination="Wien", day="2026-05-18")
    await ordered(app, event)
    assert (await findings(app, event))["nobody_meets"]["numbers"]["leg"] == "OS 824"
    (meal,) = (await app.api().get(f"/api/v1/events/{event['id']}/meals")).json()
    assert meal["total"] == 1
