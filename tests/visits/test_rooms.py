"""Rooms: what a hotel keeps, who shares with whom, and that rooms follow the nights."""

import asyncio
import re
from typing import Any

import pytest

from tests.people import App, problem_fields
from tests.visits.test_legs import travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights
from visits.rooms.rules import named_in

NAMES = ["Ayşe Bir", "Ali İki", "Fatma Üç", "Can Dört"]
BLOCK = {
    "room_type": "TWN",
    "check_in": "2026-05-11",
    "check_out": "2026-05-15",
    "rooms": 1,
    "rate": "118.50",
    "rate_currency": "eur",
    "cut_off": "2026-04-27",
}


async def sleeping(app: App, *days: int) -> tuple[dict[str, Any], dict[str, str], dict[str, str], dict[str, Any]]:
    """A visit of four, a hotel, and their nights in it."""
    event, tokens, of = await travelling(app, NAMES)
    hotel = await a_hotel(app, event)
    await set_nights(
        app, event, [nights_of(id, *(days or (11, 12, 13, 14))) for id in of.values()], hotel_id=hotel["id"]
    )
    return event, tokens, of, hotel


async def wishes(app: App, token: str, sharing: str = "shares", **more: Any) -> None:
    guest = await app.owner(token)
    answer = await guest.put("/api/v1/invitation/journey/room", json={"sharing": sharing, **more})
    assert answer.status_code == 204, answer.text


async def rooms(app: App, event: dict[str, Any]) -> dict[str, Any]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/rooms")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def a_room(app: App, event: dict[str, Any], hotel: dict[str, Any], kind: str = "TWN") -> dict[str, Any]:
    path = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/rooms"
    return dict((await app.api().post(path, json={"room_type": kind})).json())


async def stay_ids(app: App, event: dict[str, Any]) -> dict[str, str]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    return {stay["registration_id"]: stay["id"] for stay in found}


async def test_rooms_are_proposed_by_wishes_and_made_only_when_somebody_confirms(app: App) -> None:
    event, tokens, of, _ = await sleeping(app)
    await wishes(app, tokens["Ayşe Bir"], sex="F", with_whom="Fatma Üç")
    await wishes(app, tokens["Fatma Üç"], sex="F")
    await wishes(app, tokens["Can Dört"], sex="")
    shown = await rooms(app, event)
    assert shown["rooms"] == []
    assert sorted(sorted(one["names"]) for one in shown["proposals"]) == [["Ali İki"], ["Ayşe Bir", "Fatma Üç"]]
    stays = await stay_ids(app, event)
    assert shown["ask"] == [stays[of["Can Dört"]]]
    path = f"/api/v1/events/{event['id']}/rooms/confirmation"
    keys = [one["key"] for one in shown["proposals"]]
    assert (await app.api().post(path, json={"keys": keys})).json() == {"rooms": 2}
    made = (await rooms(app, event))["rooms"]
    assert [(one["room_type"], sorted(g["name"] for g in one["guests"])) for one in made] == [
        ("SGL", ["Ali İki"]),
        ("TWN", ["Ayşe Bir", "Fatma Üç"]),
    ]
    # What was proposed is there; the same click again finds it gone.
    assert (await app.api().post(path, json={"keys": keys})).status_code == 409


async def test_who_said_not_with_is_not_paired_and_an_unknown_name_is_asked_about(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of, _ = await sleeping(app)
    await wishes(app, tokens["Ayşe Bir"], sex="F")
    await wishes(app, tokens["Fatma Üç"], sex="F", not_with="ayse bir")
    await wishes(app, tokens["Ali İki"], sex="M", not_with="Somebody Else")
    await wishes(app, tokens["Can Dört"], sex="M")
    shown = await rooms(app, event)
    assert {tuple(one["names"]) for one in shown["proposals"]} == {("Ayşe Bir",), ("Fatma Üç",), ("Can Dört",)}
    assert shown["ask"] == [(await stay_ids(app, event))[of["Ali İki"]]]
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/rooms")).text
    assert ("not with ayse bir" in page, "not with Somebody Else" in page) == (True, True)
    # The names are for those who plan: nobody else of the visit, and no auditor, reads them.
    for token in (tokens["Ayşe Bir"], tokens["Can Dört"]):
        browser = await app.owners_browser(token)
        assert "Somebody Else" not in (await browser.get(f"/i/{token}/travel")).text
    assert (await app.api("auditor").get(f"/api/v1/events/{event['id']}/rooms")).status_code == 403


async def test_two_officers_put_two_people_into_the_last_bed(app: App) -> None:
    event, _, of, hotel = await sleeping(app)
    room = await a_room(app, event, hotel, "SGL")
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    answers = await asyncio.gather(
        *(app.api().post(path, json={"stays": [stays[of[name]]]}) for name in ("Ayşe Bir", "Ali İki"))
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    (shown,) = (await rooms(app, event))["rooms"]
    assert len(shown["guests"]) == 1


async def test_the_room_follows_the_nights_and_is_given_up_where_it_has_no_bed(app: App) -> None:
    event, _, of, hotel = await sleeping(app, 11, 12)
    room = await a_room(app, event, hotel, "SGL")
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    assert (await app.api().post(path, json={"stays": [stays[of["Ayşe Bir"]]]})).status_code == 204
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 13)], hotel_id=hotel["id"])
    (shown,) = (await rooms(app, event))["rooms"]
    assert [(g["check_in"], g["check_out"]) for g in shown["guests"]] == [("2026-05-11", "2026-05-14")]
    # The bed is free from the 14th for somebody else; whoever then stays longer has to give way.
    gone = {"people": [nights_of(of["Ali İki"], 11, 12)]}
    await app.api().post(f"/api/v1/events/{event['id']}/stays/nights/removal", json=gone)
    await set_nights(app, event, [nights_of(of["Ali İki"], 14)], hotel_id=hotel["id"])
    stays = await stay_ids(app, event)
    assert (await app.api().post(path, json={"stays": [stays[of["Ali İki"]]]})).status_code == 204
    app.clock.forward(minutes=1)
    done = await set_nights(app, event, [nights_of(of["Ayşe Bir"], 14)], hotel_id=hotel["id"])
    assert done == {"people": 1, "without_room": 1}
    (shown,) = (await rooms(app, event))["rooms"]
    assert [g["name"] for g in shown["guests"]] == ["Ali İki"]


async def test_nights_entered_for_everybody_keep_hotel_and_room_of_that_town(app: App) -> None:
    event, _, of, hotel = await sleeping(app)
    room = await a_room(app, event, hotel)
    stays = await stay_ids(app, event)
    path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
    await app.api().post(path, json={"stays": [stays[of["Ayşe Bir"]]]})
    nights = {"check_in": "2026-05-11", "check_out": "2026-05-16", "country": "AT", "is_bed_provided": True}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/stays", json=nights)).status_code == 201
    found = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    assert {(stay["hotel_id"], stay["city"], stay["check_out"]) for stay in found} == {
        (hotel["id"], "Vienna", "2026-05-16")
    }
    (shown,) = (await rooms(app, event))["rooms"]
    assert [guest["check_out"] for guest in shown["guests"]] == ["2026-05-16"]
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=nights | {"city": "Graz"})
    found = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    assert {(stay["hotel_id"], stay["room_id"], stay["city"]) for stay in found} == {(None, None, "Graz")}


async def test_findings_say_what_is_wrong_with_rooms(app: App) -> None:
    event, tokens, of, hotel = await sleeping(app)
    api = app.api()
    answer = await api.post(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/blocks", json=BLOCK)
    assert (answer.status_code, answer.json()["rate"], answer.json()["rate_currency"]) == (201, "118.50", "EUR")
    stays = await stay_ids(app, event)
    await wishes(app, tokens["Ayşe Bir"], sex="F")
    await wishes(app, tokens["Ali İki"], sex="M")
    for names in (("Ayşe Bir", "Ali İki"), ("Fatma Üç",)):
        room = await a_room(app, event, hotel)
        path = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
        assert (await api.post(path, json={"stays": [stays[of[name]] for name in names]})).status_code == 204
    journeys = (await api.get(f"/api/v1/events/{event['id']}/journeys")).json()
    codes = {"over_block", "room_half_empty", "mixed_room", "two_beds"}
    found = {one["name"]: {f["code"]: f["numbers"] for f in one["findings"] if f["code"] in codes} for one in journeys}
    assert found == {
        "Ayşe Bir": {"mixed_room": {"night": "2026-05-11"}},
        "Ali İki": {"mixed_room": {"night": "2026-05-11"}},
        "Fatma Üç": {
            "over_block": {"night": "2026-05-11", "rooms": 2, "held": 1},
            "room_half_empty": {"night": "2026-05-11"},
        },
        "Can Dört": {},
    }
    # Of one person the same is found: their room-mate is read too.
    desk = await app.at_desk()
    assert "People of different sex" in (await desk.get(f"/events/{event['id']}/travel/{of['Ali İki']}")).text
    # Travellers are not told of what others said, auditors not who is a woman or a man.
    guest = await app.owner(tokens["Ali İki"])
    assert not codes & {f["code"] for f in (await guest.get("/api/v1/invitation/journey")).json()["findings"]}
    audited = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/journeys")).json()
    assert "mixed_room" not in {f["code"] for one in audited for f in one["findings"]}


async def test_rooms_that_somebody_makes_against_what_guests_said_are_found(app: App) -> None:
    event, tokens, of, hotel = await sleeping(app)
    await wishes(app, tokens["Ayşe Bir"], sex="F", not_with="Fatma Uc")
    await wishes(app, tokens["Fatma Üç"], sex="F")
    await wishes(app, tokens["Ali İki"], "single")
    room = await a_room(app, event, hotel, "TRP")
    stays, desk = await stay_ids(app, event), await app.at_desk()
    here = f"/events/{event['id']}/rooms"
    await desk.get(f"{here}/{room['id']}")
    assert "I can share a room · with women · not with Fatma Uc" in desk.page
    await desk.send(f"{here}/{room['id']}/guests", {"stays[]": [stays[of["Ayşe Bir"]], stays[of["Fatma Üç"]]]})
    hers = f"/events/{event['id']}/travel/{of['Ayşe Bir']}"
    refused = "Ayşe Bir asked not to share a room with Fatma Üç."
    for page in (desk.page, (await desk.get(here)).text, (await desk.get(hers)).text):
        assert refused in page
    # What concerns all guests of a room is said of it once.
    await desk.get(f"{here}/{room['id']}")
    await desk.send(f"{here}/{room['id']}/guests", {"stays[]": [stays[of["Ali İki"]]]})
    assert ("Ali İki shares a room, and wishes for one of their own." in desk.page, refused in desk.page) == (
        True,
        True,
    )
    await desk.send(f"/events/{event['id']}/stays/{stays[of['Ali İki']]}/leave-room")
    await desk.get(f"{here}/{room['id']}")
    await desk.send(f"{here}/{room['id']}/guests", {"stays[]": [stays[of["Can Dört"]]]})
    assert "Can Dört shares a room, and has not said that they would." in desk.page
    await wishes(app, tokens["Can Dört"])
    assert "Can Dört shares a room, and prefers not to say" in (await desk.get(f"{here}/{room['id']}")).text
    # What others said is for those who plan: neither for those in the room nor for auditors.
    codes = {"room_not_with", "room_wish"}
    assert codes <= await findings_of_all(app, event)
    for name in ("Ayşe Bir", "Fatma Üç"):
        told = await (await app.owner(tokens[name])).get("/api/v1/invitation/journey")
        assert not codes & {found["code"] for found in told.json()["findings"]}
    audited = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/journeys")).json()
    assert not codes & {found["code"] for one in audited for found in one["findings"]}


async def test_rooms_made_as_proposed_and_guests_who_do_not_meet_are_as_they_wished(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _, _ = await sleeping(app)
    for name, other in (("Ayşe Bir", "Fatma Üç"), ("Ali İki", "Can Dört")):
        sex = "F" if other == "Fatma Üç" else "M"
        await wishes(app, tokens[name], sex=sex, with_whom=other)
        await wishes(app, tokens[other], sex=sex, not_with="" if sex == "F" else "Fatma Üç")
    keys = [one["key"] for one in (await rooms(app, event))["proposals"]]
    await app.api().post(f"/api/v1/events/{event['id']}/rooms/confirmation", json={"keys": keys})
    assert not {"room_not_with", "room_wish", "mixed_room"} & await findings_of_all(app, event)


async def test_what_is_proposed_stands_beside_the_block_and_ticked_is_only_what_it_has(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _, hotel = await sleeping(app)
    blocks = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/blocks"
    for kind, count in (("SGL", 2), ("TWN", 1)):
        await app.api().post(blocks, json=BLOCK | {"room_type": kind, "rooms": count})
    shown = (await rooms(app, event))["proposals"]
    assert [(one["room_type"], one["is_over_block"]) for one in shown] == [
        ("SGL", False), ("SGL", False), ("TWN", False), ("SGL", True),
    ]  # fmt: skip
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/rooms")).text
    assert "Hotel Regina, SGL: 3 with those proposed, the block has 2" in page
    assert "Hotel Regina, TWN: 1 with those proposed, the block has 1" in page
    assert (page.count("Too many"), page.count("Beyond the block")) == (1, 1)
    keys = re.findall(r'name="keys\[\]"\s+value="(\w+)"\s+checked', page)
    assert keys == [one["key"] for one in shown if not one["is_over_block"]]
    await app.api().post(f"/api/v1/events/{event['id']}/rooms/confirmation", json={"keys": keys})
    assert "over_block" not in await findings_of_all(app, event)


async def test_rooms_that_stand_empty_are_filled_before_new_ones_are_made(app: App) -> None:
    event, tokens, of, hotel = await sleeping(app, 11, 12)
    await wishes(app, tokens["Ayşe Bir"], sex="F")
    await wishes(app, tokens["Fatma Üç"], sex="F")
    twin, single = await a_room(app, event, hotel), await a_room(app, event, hotel, "SGL")
    # Can Dört comes when Ali İki has left: the room is empty again.
    await app.api().post(
        f"/api/v1/events/{event['id']}/stays/nights/removal", json={"people": [nights_of(of["Can Dört"], 11, 12)]}
    )
    await set_nights(app, event, [nights_of(of["Can Dört"], 13, 14)], hotel_id=hotel["id"])
    shown = (await rooms(app, event))["proposals"]
    wanted = {("Can Dört",): single["id"], ("Ali İki",): single["id"], ("Ayşe Bir", "Fatma Üç"): twin["id"]}
    assert {tuple(one["names"]): one["room_id"] for one in shown} == wanted
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/rooms")).text
    assert ("TWN · room 1" in page, "SGL · room 2" in page) == (True, True)
    keys = [one["key"] for one in shown]
    path = f"/api/v1/events/{event['id']}/rooms/confirmation"
    assert (await app.api().post(path, json={"keys": keys})).status_code == 200
    made = (await rooms(app, event))["rooms"]
    assert {one["id"]: sorted(guest["name"] for guest in one["guests"]) for one in made} == {
        twin["id"]: ["Ayşe Bir", "Fatma Üç"],
        single["id"]: ["Ali İki", "Can Dört"],
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rate_currency": "XYZ"}, "rate_currency"),
        ({"check_out": "2026-05-11"}, "check_out"),
        ({"released": 2}, "released"),
        ({"rooms": 0}, "rooms"),
        ({"rate": "1e3"}, "rate"),
    ],
)
async def test_blocks_that_cannot_be_are_refused(sqlite_app: App, changed: dict[str, Any], field: str) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    hotel = await a_hotel(sqlite_app, event)
    path = f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/blocks"
    answer = await sqlite_app.api().post(path, json=BLOCK | changed)
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


def test_names_in_a_wish_are_those_of_the_visit_or_have_to_be_asked_about() -> None:
    people = {"1": "Ayşe Yılmaz", "2": "Fatma Öztürk", "3": "Ali Kaya", "4": "Ali Kaya"}
    assert named_in("Ayse Yilmaz ve Fatma OZTURK.", people) == (frozenset({"1", "2"}), True)
    assert named_in("", people) == (frozenset(), True)
    assert named_in("ayşe yılmaz, my boss", people) == (frozenset({"1"}), False)
    assert named_in("Ali Kaya", people)[1] is False


async def test_hotels_blocks_and_rooms_on_their_pages(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _, hotel = await sleeping(app)
    desk = await app.at_desk()
    here = f"/events/{event['id']}"
    await desk.get(f"{here}/hotels/new")
    again = await desk.send(f"{here}/hotels/new", {"name": "hotel regina", "country": "AT"})
    assert (again.status_code, 'id="name-wrong"' in again.text, "hotel regina" in again.text) == (409, True, True)
    await desk.get(f"{here}/hotels/new")
    wrong = await desk.send(f"{here}/hotels/new", {"name": "Hotel Post", "country": "AT", "phone": "abc"})
    assert (wrong.status_code, 'id="phone-wrong"' in wrong.text) == (422, True)
    await desk.get(f"{here}/hotels/{hotel['id']}")
    wrong = await desk.send(f"{here}/hotels/{hotel['id']}/blocks", BLOCK | {"rooms": "many"})
    assert (wrong.status_code, 'id="rooms-wrong"' in wrong.text, 'value="many"' in wrong.text) == (422, True, True)
    await desk.get(f"{here}/hotels/{hotel['id']}")
    assert (await desk.send(f"{here}/hotels/{hotel['id']}/blocks", BLOCK)).status_code == 303
    (block,) = (await app.api().get(f"/api/v1{here}/blocks")).json()
    page = (await desk.get(f"{here}/blocks/{block['id']}")).text
    assert 'value="118.50"' in page
    await desk.send(f"{here}/blocks/{block['id']}", BLOCK | {"rooms": "3", "released": "1"})
    assert "EUR" in (await desk.get(f"{here}/hotels/{hotel['id']}")).text
    await desk.send(f"{here}/hotels/{hotel['id']}", {"name": "Hotel Regina", "country": "AT", "check_in_from": "14.00"})
    page = (await desk.get(f"{here}/rooms")).text
    assert ("Check-in from 14:00" in page, "2 TWN: names until" in page) == (True, True)
    keys = re.findall(r'name="keys\[\]"[^>]*value="(\w+)"', page)
    assert (await desk.send(f"{here}/rooms/confirm", {"keys[]": "x"})).status_code == 409
    await desk.get(f"{here}/rooms")
    assert (await desk.send(f"{here}/rooms/confirm", {"keys[]": keys[:1]})).status_code == 303
    (room,) = (await rooms(app, event))["rooms"]
    # Only twins are kept: whoever sleeps alone has one for themselves.
    assert (room["room_type"], room["board"], room["pays_extras"]) == ("TWN", "BB", True)
    at_room = f"{here}/rooms/{room['id']}"
    await desk.get(at_room)
    stays = await stay_ids(app, event)
    alone = room["guests"][0]["registration_id"]
    others = [id for registration, id in stays.items() if registration != alone]
    full = await desk.send(f"{at_room}/guests", {"stays[]": others[:2]})
    assert (full.status_code, "no bed left" in full.text) == (409, True)
    await desk.get(at_room)
    assert (await desk.send(f"{at_room}/guests", {"stays[]": others[:1]})).status_code == 303
    await desk.send(at_room, {"room_type": "TWN", "board": "HB", "room_number": "214"})
    (room,) = (await rooms(app, event))["rooms"]
    assert (room["room_number"], room["pays_extras"], len(room["guests"])) == ("214", False, 2)
    await desk.send(f"{here}/stays/{others[0]}/leave-room")
    assert (await desk.send(f"{here}/hotels/{hotel['id']}/remove")).status_code == 409
    await desk.get(f"{here}/rooms")
    await desk.send(f"{at_room}/remove")
    assert (await rooms(app, event))["rooms"] == []
    assert "mixed_room" not in await findings_of_all(app, event)


async def findings_of_all(app: App, event: dict[str, Any]) -> set[str]:
    journeys = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    return {found["code"] for one in journeys for found in one["findings"]}


async def test_a_traveller_tells_of_the_room_and_sees_the_hotel_on_their_page(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens, _, _ = await sleeping(app)
    token = tokens["Ayşe Bir"]
    phone = await app.owners_browser(token)
    page = (await phone.get(f"/i/{token}/travel")).text
    assert ("Hotel Regina" in page, "+43 1 404" in page) == (True, True)
    await phone.get(f"/i/{token}/travel/room")
    told = {"sharing": "shares", "sex": "F", "with_whom": "Fatma Üç", "not_with": "Can Dört"}
    assert (await phone.send(f"/i/{token}/travel/room", told)).status_code == 303
    page = (await phone.get(f"/i/{token}/travel/room")).text
    assert ('value="Fatma Üç"' in page, 'value="Can Dört"' in page) == (True, True)


async def test_what_is_proposed_does_not_hang_on_how_the_rooms_are_sorted(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _, hotel = await sleeping(app)
    for name in ("Ayşe Bir", "Fatma Üç"):
        await wishes(app, tokens[name], sex="F")
    first, _ = await a_room(app, event, hotel), await a_room(app, event, hotel)
    desk = await app.at_desk()
    here = f"/events/{event['id']}/rooms"
    shown = (await desk.get(f"{here}?sort=-number")).text
    keys = re.findall(r'name="keys\[\]"\s+value="(\w+)"', shown)
    assert (await desk.send(f"{here}/confirm", {"keys[]": keys})).status_code == 303
    guests = {one["id"]: [guest["name"] for guest in one["guests"]] for one in (await rooms(app, event))["rooms"]}
    assert sorted(guests[first["id"]]) == ["Ayşe Bir", "Fatma Üç"]


async def test_the_room_beyond_the_block_is_the_same_however_rooms_are_sorted(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of, hotel = await sleeping(app)
    block = BLOCK | {"room_type": "SGL", "rooms": 1}
    await app.api().post(f"/api/v1/events/{event['id']}/hotels/{hotel['id']}/blocks", json=block)
    made, stays = [await a_room(app, event, hotel, "SGL") for _ in range(2)], await stay_ids(app, event)
    for room, name in zip(made, ("Ayşe Bir", "Ali İki"), strict=True):
        guests = f"/api/v1/events/{event['id']}/rooms/{room['id']}/guests"
        assert (await app.api().post(guests, json={"stays": [stays[of[name]]]})).is_success
    desk = await app.at_desk()
    for sort in ("number", "-number"):
        page = (await desk.get(f"/events/{event['id']}/rooms?sort={sort}")).text
        beyond = {
            id
            for row in page.split("<tr")
            for id in re.findall(rf"/events/{event['id']}/rooms/([\w-]+)", row)
            if "the block has 1" in row and "rooms are taken" in row
        }
        assert beyond == {made[1]["id"]}, sort
