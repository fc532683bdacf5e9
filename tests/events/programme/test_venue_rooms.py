"""Rooms of the venue: kept by page and API, offered to sessions, and held against who may come."""

from typing import Any
from uuid import uuid4

import pytest

from tests.people import App


async def clashes(app: App, event: dict[str, Any]) -> list[str]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/clashes")
    return [one["text"] for one in answer.json()]


async def session(app: App, event: dict[str, Any], title: str = "Opening", **more: Any) -> dict[str, Any]:
    given = {"title": title, "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Hall A", **more}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/sessions", json=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def room(app: App, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"name": "Hall A", "capacity": 20, "equipment": "projector", **more}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/venue-rooms", json=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_room_is_added_once_changed_and_removed(app: App) -> None:
    event = await app.event()
    there, key = f"/api/v1/events/{event['id']}/venue-rooms", {"Idempotency-Key": str(uuid4())}
    given = {"name": "Hall A", "capacity": 20}
    first = await app.api().post(there, json=given, headers=key)
    again = await app.api().post(there, json=given, headers=key)
    assert first.json() == again.json()
    twin = await app.api().post(there, json={"name": "hall  a"})
    assert (twin.status_code, twin.json()["errors"][0]["field"]) == (422, "name")
    one = f"/api/v1/venue-rooms/{first.json()['id']}"
    changed = await app.api().put(one, json={"name": "Hall A", "capacity": 25, "equipment": "two booths"})
    assert (changed.json()["capacity"], changed.json()["equipment"]) == (25, "two booths")
    assert [r["name"] for r in (await app.api().get(there)).json()] == ["Hall A"]
    assert (await app.api().delete(one)).status_code == 204
    assert (await app.api().get(there)).json() == []


@pytest.mark.parametrize(("places", "warned"), [(20, 0), (21, 1), (None, 0)])
async def test_more_places_than_a_room_seats_are_warned_of(sqlite_app: App, places: int | None, warned: int) -> None:
    event = await sqlite_app.event()
    await room(sqlite_app, event)
    await session(sqlite_app, event, room="HALL A", capacity=places)
    found = await clashes(sqlite_app, event)
    assert len(found) == warned
    assert all("HALL A" in text and "20" in text and "21" in text for text in found)


async def test_a_session_for_everybody_is_held_against_who_has_a_place(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Yılmaz", "Ali Kaya", "Can Ak"])
    await room(app, event, capacity=2)
    await session(app, event)
    await session(app, event, "Second", starts="2026-04-14T11:00", ends="2026-04-14T12:00")
    found = await clashes(app, event)
    assert len(found) == 1, "said once, not for each session"
    assert "Opening" in found[0]


async def test_a_room_that_is_used_twice_at_once_is_named(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    await room(app, event)
    await session(app, event)
    await session(app, event, "Second", room="hall a")
    assert ["taken twice" in text for text in await clashes(app, event)] == [True]


async def test_a_room_without_seats_warns_of_nothing(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await room(sqlite_app, event, capacity=None)
    await session(sqlite_app, event, capacity=500)
    assert await clashes(sqlite_app, event) == []


async def test_the_page_keeps_rooms_and_a_session_offers_them(app: App) -> None:
    event = await app.event()
    made = await session(app, event, room="", capacity=30)
    desk = await app.at_desk()
    there = f"/events/{event['id']}/venue-rooms"
    await desk.get(there)
    await desk.send(there, {"name": "Hall B", "capacity": "25", "equipment": "projector"})
    assert "Hall B" in desk.page
    again = await desk.send(there, {"name": "hall b", "capacity": "5"})
    assert again.status_code == 422
    await desk.get(f"/events/{event['id']}/sessions/{made['id']}")
    assert '<option value="Hall B">' in desk.page
    form = {"title": "Opening", "day": "2026-04-14", "starts": "09:30", "ends": "10:30", "room": "Hall B"}
    await desk.send(f"/events/{event['id']}/sessions/{made['id']}", {**form, "capacity": "30"})
    await desk.get(there)
    assert "Opening" in desk.page
    assert "Hall B seats 25" in desk.page


async def test_a_copy_at_the_same_venue_has_its_rooms(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    await room(app, event)
    for venue, count in ((None, 1), ("Izmir", 0)):
        given = {"first_day": "2026-05-12", "title": f"Copy {count}", **({"venue": venue} if venue else {})}
        answer = await app.api().post(f"/api/v1/events/{event['id']}/copies", json={"copies": [given]})
        copy = answer.json()[0] if answer.status_code == 201 else pytest.fail(answer.text)
        rooms = (await app.api().get(f"/api/v1/events/{copy['id']}/venue-rooms")).json()
        assert len(rooms) == count


async def test_staff_of_another_project_see_no_room(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    made = await room(app, event)
    await app.found("P-B", prefix="b-")
    api = app.api("b-organiser")
    assert (await api.get(f"/api/v1/events/{event['id']}/venue-rooms")).status_code == 404
    assert (await api.delete(f"/api/v1/venue-rooms/{made['id']}")).status_code == 404


async def test_two_who_change_one_room_lose_nothing(app: App) -> None:
    event = await app.event()
    path = f"/api/v1/events/{event['id']}/venue-rooms"
    made = await app.api().post(path, json={"name": "Hall A", "capacity": 80})
    room, seen = made.json(), made.headers["etag"]
    assert seen == f'"r{room["revision"]}"'
    one = f"/api/v1/venue-rooms/{room['id']}"
    first = await app.api().put(one, json={"name": "Hall A", "capacity": 60}, headers={"If-Match": seen})
    assert first.status_code == 200
    late = await app.api().put(one, json={"name": "Hall A", "equipment": "Booths"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert (await app.api().delete(one, headers={"If-Match": seen})).status_code == 412
    (kept,) = (await app.api().get(path)).json()
    assert (kept["capacity"], kept["equipment"], first.headers["etag"]) == (60, "", f'"r{kept["revision"]}"')
    # On pages both versions are shown.
    desk, page = await app.at_desk(), f"/events/{event['id']}/venue-rooms"
    shown = (await desk.get(f"{page}?edit={room['id']}")).text
    assert f'name="revision" value="{kept["revision"]}"' in shown
    given = {"name": "Hall A", "capacity": "90", "equipment": "", "revision": str(room["revision"])}
    refused = await desk.send(f"{page}/{room['id']}", given)
    assert (refused.status_code, 'value="90"' in refused.text, "60" in refused.text) == (412, True, True)
    given["revision"] = str(kept["revision"])
    assert (await desk.send(f"{page}/{room['id']}", given)).status_code == 303
    assert (await app.api().delete(one, headers={"If-Match": "*"})).status_code == 204


async def test_rooms_say_their_sessions_in_the_readers_language(sqlite_app: App) -> None:
    titles = {"title": "Opening", "title_en": "Opening", "title_tr": "Açılış", "room": "Hall A"}
    event = await sqlite_app.event(sessions=[{**titles, "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/venue-rooms", json={"name": "Hall A"})
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/venue-rooms"
    for language, title in (("tr", "Açılış"), ("en", "Opening")):
        await desk.send("/language", {"language": language, "next": page})
        table = (await desk.get(page)).text.split("<tbody>")[1].split("</tbody>")[0]
        assert (title in table, ({"Açılış", "Opening"} - {title}).pop() in table) == (True, False)
