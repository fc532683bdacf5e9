"""Itineraries: what a person does when, what the group does, who arrives when, and who is where."""

from datetime import UTC, datetime
from typing import Any

from tests.finance.test_payees import BANK, IBAN, MINE
from tests.people import App, copied
from tests.visits.test_journeys import PASSPORT
from tests.visits.test_legs import VIENNA, entered, travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights
from tests.visits.test_vehicles import ordered, seated

SESSIONS = [
    {"title": "Opening at the ministry", "starts": "2026-05-11T13:00", "ends": "2026-05-11T15:00"},
    {"title": "Closing", "starts": "2026-05-12T10:00", "ends": "2026-05-12T12:00"},
]
HOME = {"number": "TK 1886", "origin": "VIE", "destination": "IST", "day": "2026-05-12"}


@copied
async def visiting(app: App, names: list[str]) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """Two days in Vienna with legs, a minibus, a night and two sessions."""
    days = {"first_day": "2026-05-11", "last_day": "2026-05-12", "zone": "Europe/Vienna"}
    event, tokens = await app.accepted_event(names, **VIENNA, **days, sessions=SESSIONS)
    of = await app.registrations(event)
    await entered(app, event, [*of.values()])
    await entered(app, event, [*of.values()], **HOME, departs="18:25", arrives=None)
    await seated(app, await ordered(app, event), [*of.values()])
    stay = {"check_in": "2026-05-11", "check_out": "2026-05-12", "country": "AT", "city": "Vienna"}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/stays", json=stay)
    assert answer.status_code < 300, answer.text
    return event, tokens, of


async def test_one_timeline_holds_legs_transfers_nights_and_sessions_in_order(app: App) -> None:
    event, _, of = await visiting(app, ["Ayşe Bir"])
    found = (await app.api().get(f"/api/v1/events/{event['id']}/itinerary/{of['Ayşe Bir']}")).json()
    told = [(one["kind"], one["day"], one["starts"], one["ends"], one["minutes"]) for one in found["items"]]
    assert told == [
        ("leg", "2026-05-11", "08:05", "09:40", 155),
        ("transfer", "2026-05-11", "10:40", "11:15", 35),
        ("session", "2026-05-11", "13:00", "15:00", None),
        ("night", "2026-05-11", None, None, None),
        ("check-out", "2026-05-12", None, None, None),
        ("session", "2026-05-12", "10:00", "12:00", None),
        ("leg", "2026-05-12", "18:25", None, None),
    ]
    first = found["items"][0]
    assert (first["zone"], first["ends_zone"], found["zone"]) == (
        "Europe/Istanbul",
        "Europe/Vienna",
        "Europe/Vienna",
    )


async def test_pages_name_the_zone_where_it_differs_and_say_what_is_not_known(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await visiting(app, ["Ayşe Bir"])
    page = " ".join((await (await app.at_desk()).get(f"/events/{event['id']}/itinerary/{of['Ayşe Bir']}")).text.split())
    assert "08:05 (Istanbul) – 09:40" in page
    assert "09:40 (Vienna)" not in page
    assert "18:25 – arrival not known" in page
    assert ("2 h 35 min" in page, "Exit 3, beside the pharmacy" in page, "00:00" in page) == (True, True, False)


async def test_the_groups_days_name_once_what_several_share(app: App) -> None:
    event, _, of = await visiting(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [of["Ali İki"]], number="OS 1", origin="VIE", destination="GRZ", day="2026-05-12")
    found = (await app.api().get(f"/api/v1/events/{event['id']}/itinerary")).json()
    shared = {one["item"]["title"]: (len(one["registrations"]), one["is_everybodys"]) for one in found}
    assert shared["Closing"] == (2, True)
    assert next(value for title, value in shared.items() if "OS 1" in title) == (1, False)
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/itinerary")).text
    assert ("Everybody" in page, "Ali İki" in page) == (True, True)


async def test_seats_are_the_persons_own_and_drivers_for_those_who_plan(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await visiting(app, ["Ayşe Bir"])
    (leg, *_) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    given = {"state": "ticketed", "reference": "RXJ34P", "ticket_number": "2351234567890", "seat": "12A window"}
    await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=given)
    own = f"/api/v1/events/{event['id']}/itinerary/{of['Ayşe Bir']}"
    for role, path, shown in (
        ("organiser", own, {"12A window", "Huber"}),
        ("auditor", own, {"12A window"}),
        ("organiser", f"/api/v1/events/{event['id']}/itinerary", {"Huber"}),
        ("auditor", f"/api/v1/events/{event['id']}/whereabouts", set()),
    ):
        text = (await app.api(role).get(path)).text
        assert {one for one in ("12A window", "Huber", "RXJ34P", "2351234567890") if one in text} == shown


async def test_the_board_has_arrivals_and_departures_with_who_meets_them(app: App) -> None:
    event, _, of = await visiting(app, ["Ayşe Bir", "Ali İki"])
    back = await ordered(app, event, direction="departures", name="Bus 2", day="2026-05-12")
    await seated(app, back, [of["Ali İki"]])
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/arrivals", params={"day": "2026-05-11"})).json()
    told = [(one["is_arrival"], one["place"], one["time"], len(one["people"]), len(one["vehicles"])) for one in rows]
    assert told == [(False, "IST", "08:05", 2, 0), (True, "VIE", "09:40", 2, 1)]
    *_, last = (await app.api().get(f"/api/v1/events/{event['id']}/arrivals")).json()
    assert (last["is_arrival"], last["time"], last["vehicles"]) == (False, "18:25", [back["id"]])
    desk = await app.at_desk()
    page = (await desk.get(f"/events/{event['id']}/arrivals")).text
    assert ("Ali İki" in page, "Minibus 1" in page) == (True, True)
    assert (await desk.get(f"/events/{event['id']}/arrivals?day=tomorrow")).status_code == 200


async def test_who_is_where_follows_the_plan_of_the_moment(app: App) -> None:
    event, _, _ = await visiting(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/whereabouts"

    async def at(day: int, hour: int, minute: int) -> tuple[str, str, str]:
        app.clock.now = datetime(2026, 5, day, hour, minute, tzinfo=UTC)
        (one,) = (await app.api().get(path)).json()
        return one["presence"], (one["item"] or {}).get("kind", ""), (one["next"] or {}).get("kind", "")

    # Vienna is two hours, Istanbul three ahead of UTC.
    assert await at(11, 5, 0) == ("not left", "", "leg")
    assert await at(11, 5, 5) == ("under way", "leg", "transfer")
    assert await at(11, 7, 40) == ("there", "leg", "transfer")
    assert await at(11, 8, 45) == ("in transfer", "transfer", "session")
    assert await at(11, 12, 0) == ("in session", "session", "session")
    assert await at(12, 9, 30) == ("in session", "session", "leg")
    (leg,) = [
        one for one in (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json() if one["number"] == "1886"
    ]
    moved = HOME | {"departs": "18:25", "arrives": "22:00"}
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=moved)
    assert await at(12, 18, 0) == ("under way", "leg", "")
    assert await at(12, 19, 0) == ("back", "leg", "")
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/where")).text
    assert ("Back home" in page, "Nobody is followed" in page) == (True, True)


async def test_a_way_of_two_legs_ends_there_and_not_at_home(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir"], **VIENNA, first_day="2026-05-11", last_day="2026-05-12")
    of = [*(await app.registrations(event)).values()]
    await entered(app, event, of, number="TK 7", origin="ESB", destination="IST", departs="05:00", arrives="06:10")
    await entered(app, event, of)
    app.clock.now = datetime(2026, 5, 11, 12, tzinfo=UTC)
    (one,) = (await app.api().get(f"/api/v1/events/{event['id']}/whereabouts")).json()
    assert (one["presence"], "TK 1887" in one["item"]["title"]) == ("there", True)


async def test_strangers_see_no_itinerary(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await visiting(app, ["Ayşe Bir"])
    await app.found("P-B", prefix="b-")
    here = f"/api/v1/events/{event['id']}"
    for path in (f"{here}/itinerary", f"{here}/itinerary/{of['Ayşe Bir']}", f"{here}/arrivals", f"{here}/whereabouts"):
        assert (await app.api("b-organiser").get(path)).status_code == 404


async def test_a_traveller_sees_the_own_itinerary_after_a_code_and_others_see_nothing(app: App) -> None:
    _, tokens, _ = await visiting(app, ["Ayşe Bir", "Ali İki"])
    token = tokens["Ayşe Bir"]
    stranger = app.stranger()
    for path in ("itinerary", "kept"):
        answer = await stranger.client.get(f"/i/{token}/travel/{path}")
        assert (answer.status_code, "Opening" in answer.text) == (303, False)
    empty = (await stranger.get(f"/i/{token}/travel/now")).text
    assert ("Ayşe" in empty, "Opening" in empty, token in empty) == (False, False, False)
    own = await app.owners_browser(token)
    page = (await own.get(f"/i/{token}/travel/itinerary")).text
    assert ("Opening at the ministry" in page, "Franz Huber" in page, "Ali İki" in page) == (True, True, False)
    guest = await app.owner(token)
    found = (await guest.get("/api/v1/invitation/journey/itinerary")).json()
    assert [one["kind"] for one in found["items"]][:3] == ["leg", "transfer", "session"]


async def test_what_a_telephone_keeps_has_no_passport_reference_or_account(app: App) -> None:
    event, tokens, of = await visiting(app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    guest = await app.owner(token)
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    assert (await guest.put(MINE, json=BANK)).status_code == 200
    (leg, *_) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    given = {"state": "ticketed", "reference": "RXJ34P", "ticket_number": "2351234567890", "seat": "12A window"}
    await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=given)
    own = await app.owners_browser(token)
    answer = await own.get(f"/i/{token}/travel/kept")
    assert (answer.json()["ends_at"], answer.headers["cache-control"]) == ("2026-05-15T22:00:00Z", "no-store")
    for secret in ("U12345678", "YILMAZ", IBAN, "RXJ34P", "2351234567890"):
        assert secret not in answer.text
    assert "12A window" in answer.text
    worker = await app.stranger().client.get("/now/worker.js")
    assert worker.headers["service-worker-allowed"] == "/i/"


async def test_a_night_says_in_which_hotel_and_where_it_is(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11, 12)], hotel_id=hotel["id"])
    told = (await (await app.owners_browser(tokens["Ayşe Bir"])).get(f"/i/{tokens['Ayşe Bir']}/travel/itinerary")).text
    for said in ("Hotel Regina, Vienna", "Rooseveltplatz 15", "+43 1 404"):
        assert said in told, said
    group = (await (await app.at_desk()).get(f"/events/{event['id']}/itinerary")).text
    assert "Hotel Regina, Vienna" in group


async def test_a_leg_without_carrier_and_number_stands_last_whichever_way(sqlite_app: App) -> None:
    event, _, of = await travelling(sqlite_app, ["Ayşe Bir", "Çetin İki"])
    await entered(sqlite_app, event, [of["Ayşe Bir"]], number="TK 5")
    by_car = {"mode": "car", "carrier": "", "number": "", "departs": "06:00", "arrives": "07:30"}
    await entered(sqlite_app, event, [of["Çetin İki"]], **by_car)
    for sort in ("leg", "-leg"):
        rows = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/arrivals?sort={sort}")).json()
        assert [row["people"] for row in rows] == [["Ayşe Bir"]] * 2 + [["Çetin İki"]] * 2
