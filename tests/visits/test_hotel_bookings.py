"""Hotel bookings that were read become nights only when somebody takes them over."""

import json
import re
from typing import Any

from tests.finance.test_sheets import sheet
from tests.people import App
from tests.visits.test_booking_files import uploaded
from tests.visits.test_legs import travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights, stays
from tests.visits.test_rooms import BLOCK


def reservation(
    name: str = "Ayşe Bir",
    *,
    hotel: str = "Hotel Regina",
    check_in: str = "2026-05-11",
    check_out: str = "2026-05-15",
    status: str = "ReservationConfirmed",
    modified: str = "2026-03-01T10:00:00Z",
) -> bytes:
    address = {
        "@type": "PostalAddress",
        "streetAddress": "Rooseveltplatz 15",
        "addressLocality": "Wien",
        "addressCountry": "AT",
    }
    said = {
        "@context": "https://schema.org",
        "@type": "LodgingReservation",
        "reservationNumber": "H-77321",
        "reservationStatus": f"https://schema.org/{status}",
        "underName": {"@type": "Person", "name": name},
        "reservationFor": {"@type": "Hotel", "name": hotel, "address": address},
        "checkinTime": f"{check_in}T14:00:00+02:00",
        "checkoutTime": f"{check_out}T11:00:00+02:00",
        "modifiedTime": modified,
    }
    return f'<html><body><script type="application/ld+json">{json.dumps(said)}</script></body></html>'.encode()


async def take(app: App, event: dict[str, Any]) -> list[str]:
    """Take over all that is open; what was proposed."""
    path = f"/api/v1/events/{event['id']}/bookings"
    found = (await app.api().get(path)).json()["nights"]
    keys = [one["key"] for one in found if one["is_open"]]
    if keys:
        answer = await app.api().post(f"{path}/application", json={"keys": keys})
        assert answer.json() == {"legs": 0, "nights": len(keys)}
    return [one["kind"] for one in found]


async def test_a_hotel_booking_becomes_nights_and_a_hotel_when_it_is_taken_over(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    path = f"/api/v1/events/{event['id']}/bookings"
    found = await uploaded(app, path, reservation())
    (one,) = found["nights"]
    assert (one["kind"], one["registration_id"], one["check_in"]) == ("new", of["Ayşe Bir"], "2026-05-11")
    assert await stays(app, event) == []
    assert await take(app, event) == ["new"]
    (hotel,) = (await app.api().get(f"/api/v1/events/{event['id']}/hotels")).json()
    assert (hotel["name"], hotel["city"], "Rooseveltplatz 15" in hotel["address"]) == ("Hotel Regina", "Wien", True)
    booked = [(of["Ayşe Bir"], "2026-05-11", "2026-05-15", hotel["id"])]
    assert await stays(app, event) == booked
    # The same once more, and the mail again in another shape, end in the same state.
    assert await take(app, event) == ["same"]
    await uploaded(app, path, reservation(modified="2026-03-02T10:00:00Z"))
    assert await take(app, event) == ["same"]
    assert await stays(app, event) == booked
    gone = await app.api().post(f"{path}/application", json={"keys": [one["key"]]})
    assert gone.status_code == 409


async def test_a_change_moves_the_nights_and_a_cancellation_waits_for_a_hand(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/bookings"
    await uploaded(app, path, reservation())
    await take(app, event)
    (before,) = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    later = reservation(check_out="2026-05-14", modified="2026-03-05T10:00:00Z")
    await uploaded(app, path, later)
    assert await take(app, event) == ["changed"]
    (after,) = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    assert (after["id"], after["check_out"]) == (before["id"], "2026-05-14")
    await uploaded(app, path, reservation(status="ReservationCancelled", modified="2026-03-09T10:00:00Z"))
    assert [id for id, *_ in await stays(app, event)] == [of["Ayşe Bir"]]
    assert await take(app, event) == ["cancelled"]
    assert await stays(app, event) == []
    assert await take(app, event) == ["same"]


async def test_nights_without_a_hotel_become_the_hotels_and_another_hotel_is_a_second_bed(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    path = f"/api/v1/events/{event['id']}/bookings"
    graben = await a_hotel(app, event, name="Hotel Graben")
    await app.api().post(f"/api/v1/events/{event['id']}/hotels/{graben['id']}/blocks", json=BLOCK)
    ayse, ali = of["Ayşe Bir"], of["Ali İki"]
    await set_nights(app, event, [nights_of(ayse, 11, 12, 13, 14)], country="AT", city="Wien", is_bed_provided=False)
    await set_nights(app, event, [nights_of(ali, 11, 12, 13, 14)], hotel_id=graben["id"])
    await uploaded(app, path, reservation(), reservation("Ali İki", check_out="2026-05-13"))
    assert sorted(await take(app, event)) == ["changed", "new"]
    found = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    of_ayse = [stay for stay in found if stay["registration_id"] == ayse]
    assert [(stay["check_out"], stay["is_bed_provided"]) for stay in of_ayse] == [("2026-05-15", False)]
    assert len([stay for stay in found if stay["registration_id"] == ali]) == 2
    journeys = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    codes = {
        one["name"]: [f["numbers"]["hotels"] for f in one["findings"] if f["code"] == "two_beds"] for one in journeys
    }
    assert {name: {", ".join(sorted(h.split(", "))) for h in hotels} for name, hotels in codes.items()} == {
        "Ayşe Bir": set(),
        "Ali İki": {"Hotel Graben, Hotel Regina"},
    }
    assert (await (await app.at_desk()).get(f"/events/{event['id']}/stays")).text.count("Two beds") == 2
    # A sheet pays one bed a night: four nights each.
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    (shown,) = await sheet(app, event)
    assert {one["name"]: one["gross"] for one in shown["people"]} == dict.fromkeys(("Ayşe Bir", "Ali İki"), "960.00")


async def test_what_cannot_be_entered_is_left_to_people(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await travelling(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/bookings"
    far = reservation(check_in="2026-07-11", check_out="2026-07-15")
    found = await uploaded(app, path, far, reservation("Somebody Else"))
    assert {(one["kind"], one["is_open"]) for one in found["nights"]} == {("unclear", False), ("new", False)}
    # Nights are what per diems are paid by: a traveller's own page leaves them to the organiser.
    guest = await app.owner(tokens["Ayşe Bir"])
    mine = await uploaded(app, "/api/v1/invitation/journey/bookings", reservation(), client=guest)
    assert mine["nights"] == []


async def test_hotel_bookings_on_the_page(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    here = f"/events/{event['id']}/bookings"
    await uploaded(app, f"/api/v1{here}", reservation())
    desk = await app.at_desk()
    page = (await desk.get(here)).text
    (key,) = re.findall(r'name="keys\[\]"[^>]*value="(\w+)"', page)
    assert "Hotel Regina, Wien" in page
    assert (await desk.send(f"{here}/take-over", {"keys[]": key})).status_code == 303
    assert [id for id, *_ in await stays(app, event)] == [of["Ayşe Bir"]]
    await uploaded(app, f"/api/v1{here}", reservation(status="ReservationCancelled", modified="2026-03-09T10:00:00Z"))
    page = (await desk.get(here)).text
    # Ticked by a hand, never beforehand.
    assert re.search(r'name="keys\[\]"[^>]*value="\w+"\s*>', page)
