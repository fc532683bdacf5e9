"""Bookings that are uploaded: read into proposals, taken over by a click, in whatever order they came."""

import json
import re
from typing import Any

from sqlalchemy import text

from tests.people import App
from tests.visits.test_legs import travelling


def confirmation(
    name: str = "Ayşe Bir",
    *,
    departs: str = "2026-05-11T08:05:00+03:00",
    arrives: str = "2026-05-11T09:40:00+02:00",
    modified: str = "2026-03-01T10:00:00Z",
    status: str = "ReservationConfirmed",
    reference: str = "RXJ34P",
) -> bytes:
    """What a carrier's mail holds for programs."""
    flight = {
        "@type": "Flight",
        "flightNumber": "1887",
        "airline": {"@type": "Airline", "iataCode": "TK"},
        "departureAirport": {"@type": "Airport", "iataCode": "IST"},
        "arrivalAirport": {"@type": "Airport", "iataCode": "VIE"},
        "departureTime": departs,
        "arrivalTime": arrives,
    }
    said = {
        "@context": "https://schema.org",
        "@type": "FlightReservation",
        "reservationNumber": reference,
        "reservationStatus": f"https://schema.org/{status}",
        "underName": {"@type": "Person", "name": name},
        "airplaneSeat": "12A",
        "modifiedTime": modified,
        "reservationFor": flight,
    }
    page = f'<html><body><script type="application/ld+json">{json.dumps(said)}</script></body></html>'
    return page.encode()


async def uploaded(app: App, path: str, *files: bytes, client: Any = None) -> dict[str, Any]:
    """Upload, let it be read, and look at what is proposed."""
    client = client or app.api()
    named = [("file", (f"booking-{n}.html", content, "text/html")) for n, content in enumerate(files)]
    answer = await client.post(path, files=named)
    assert answer.status_code == 202, answer.text
    await app.work()
    return dict((await client.get(path)).json())


async def test_a_confirmation_becomes_a_leg_only_when_somebody_takes_it_over(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    path = f"/api/v1/events/{event['id']}/bookings"
    found = await uploaded(app, path, confirmation())
    (one,) = found["proposals"]
    assert (one["kind"], one["name"], one["registration_id"]) == ("new", "Ayşe Bir", of["Ayşe Bir"])
    assert (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json() == []
    assert (await app.api().post(f"{path}/application", json={"keys": [one["key"]]})).json() == {"legs": 1, "nights": 0}
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    (passenger,) = leg["passengers"]
    assert (leg["number"], leg["departs"], leg["minutes"]) == ("1887", "08:05", 155)
    assert (passenger["reference"], passenger["seat"], passenger["state"]) == ("RXJ34P", "12A", "booked")
    assert passenger["ticket_name"] == "Ayşe Bir"
    (again,) = (await app.api().get(path)).json()["proposals"]
    assert (again["kind"], again["is_open"]) == ("same", False)
    gone = await app.api().post(f"{path}/application", json={"keys": [one["key"]]})
    assert gone.status_code == 409


async def test_a_change_and_a_cancellation_end_in_one_state_in_either_order(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/bookings"

    async def take() -> list[str]:
        found = (await app.api().get(path)).json()["proposals"]
        keys = [one["key"] for one in found if one["is_open"]]
        if keys:
            assert (await app.api().post(f"{path}/application", json={"keys": keys})).status_code == 200
        return [one["kind"] for one in found]

    moved = confirmation(
        departs="2026-05-11T09:05:00+03:00", arrives="2026-05-11T10:40:00+02:00", modified="2026-03-05T10:00:00Z"
    )
    await uploaded(app, path, moved)
    assert await take() == ["new"]
    # The older mail comes later, and changes nothing.
    await uploaded(app, path, confirmation())
    assert await take() == ["same"]
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert leg["departs"] == "09:05"
    later = confirmation(
        departs="2026-05-11T12:05:00+03:00", arrives="2026-05-11T13:40:00+02:00", modified="2026-03-06T10:00:00Z"
    )
    await uploaded(app, path, later)
    assert await take() == ["changed"]
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert (leg["departs"], leg["arrives"]) == ("12:05", "13:40")
    await uploaded(app, path, confirmation(modified="2026-03-09T10:00:00Z", status="ReservationCancelled"))
    assert await take() == ["cancelled"]
    (leg,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert [one["state"] for one in leg["passengers"]] == ["cancelled"]


async def test_a_traveller_uploads_their_own_and_never_sees_anothers(app: App) -> None:
    event, tokens, _ = await travelling(app, ["Ayşe Bir", "Ali İki"])
    guest = await app.owner(tokens["Ayşe Bir"])
    path = "/api/v1/invitation/journey/bookings"
    found = await uploaded(app, path, confirmation(), confirmation("Ali İki"), client=guest)
    (one,) = found["proposals"]
    assert (one["name"], len(found["files"])) == ("Ayşe Bir", 2)
    assert (await guest.post(f"{path}/application", json={"keys": [one["key"]]})).json() == {"legs": 1, "nights": 0}
    everybody = (await app.api().get(f"/api/v1/events/{event['id']}/bookings")).json()["proposals"]
    assert {(one["name"], one["kind"]) for one in everybody} == {("Ayşe Bir", "same"), ("Ali İki", "new")}


async def test_one_traveller_does_not_fill_the_disk(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    guest = await sqlite_app.owner(tokens["Ayşe Bir"])
    states = []
    for batch in range(2):
        files = [("file", (f"{n}.html", f"<p>{batch} {n}</p>".encode(), "text/html")) for n in range(21)]
        states.append((await guest.post("/api/v1/invitation/journey/bookings", files=files)).status_code)
    assert states == [202, 422]


async def test_a_travellers_booking_does_not_move_the_flight_of_others(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await travelling(app, ["Ayşe Bir", "Ali İki"])
    path = f"/api/v1/events/{event['id']}/bookings"
    found = await uploaded(app, path, confirmation(), confirmation("Ali İki"))
    keys = [one["key"] for one in found["proposals"]]
    assert (await app.api().post(f"{path}/application", json={"keys": keys})).json() == {"legs": 2, "nights": 0}
    guest = await app.owner(tokens["Ayşe Bir"])
    mine = "/api/v1/invitation/journey/bookings"
    moved = confirmation(departs="2026-05-11T09:05:00+03:00", modified="2026-03-05T10:00:00Z")
    (one,) = (await uploaded(app, mine, moved, client=guest))["proposals"]
    assert one["kind"] == "changed"
    answer = await guest.post(f"{mine}/application", json={"keys": [one["key"]]})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "shared-leg")


async def test_what_is_no_booking_says_why_and_a_stranger_is_attached_to_nobody(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/bookings"
    found = await uploaded(app, path, b"<html><body>Dear customer</body></html>", confirmation("Somebody Else"))
    assert {file["problem"] for file in found["files"]} == {"nothing_found", None}
    (one,) = found["proposals"]
    assert (one["registration_id"], one["is_open"], one["name"]) == (None, False, "Somebody Else")
    again = await app.api().post(path, files=[("file", ("x.html", confirmation("Somebody Else"), "text/html"))])
    assert again.status_code == 409


async def test_no_reference_or_name_of_a_booking_can_be_read_in_database_or_files(app: App, tmp_path: Any) -> None:
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    await uploaded(app, f"/api/v1/events/{event['id']}/bookings", confirmation())
    async with app.database.reading() as db:
        rows = (await (await db.connection()).execute(text("SELECT * FROM booking_file"))).all()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and len(path.name) == 64)
    assert ("RXJ34P" in str(rows), b"RXJ34P" in kept, len(rows)) == (False, False, 1)


async def test_bookings_are_uploaded_and_taken_over_on_the_pages_of_both(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await travelling(app, ["Ayşe Bir", "Ali İki"])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/bookings"
    await desk.get(here)
    others = confirmation("Somebody Else", reference="")
    named = {"one.html": confirmation(), "no.html": b"<p>x</p>", "without a reference.html": others}
    files = [("file[]", (name, content, "text/html")) for name, content in named.items()]
    assert (await desk.send(here, files=files)).status_code == 303
    await app.work()
    page = (await desk.get(here)).text
    assert ("No booking was found in it." in page, "RXJ34P" in page) == (True, True)
    (key,) = re.findall(r'name="keys\[\]"[^>]*value="(\w+)"', page)
    assert (await desk.send(f"{here}/take-over", {"keys[]": "x"})).status_code == 409
    await desk.get(here)
    assert (await desk.send(f"{here}/take-over", {"keys[]": key})).status_code == 303
    token = tokens["Ali İki"]
    phone = await app.owners_browser(token)
    mine = f"/i/{token}/travel/bookings"
    await phone.get(mine)
    assert (
        await phone.send(mine, files=[("file[]", ("b.html", confirmation("Ali İki"), "text/html"))])
    ).status_code == 303
    await app.work()
    (key,) = re.findall(r'name="keys\[\]"[^>]*value="(\w+)"', (await phone.get(mine)).text)
    assert (await phone.send(f"{mine}/take-over", {"keys[]": key})).status_code == 303
    assert "TK 1887" in (await phone.get(f"/i/{token}/travel")).text
