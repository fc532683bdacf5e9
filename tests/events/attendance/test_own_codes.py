"""Own codes: whoever follows online types what the screen shows, within its half-day."""

from datetime import UTC, datetime

from tests.desks import on_the_day
from tests.people import App, problem_fields

ONLINE = {"online_url": "https://meet.example.org/x"}


async def shown(app: App, event: dict[str, object]) -> str:
    answer = await app.api("desk").get(f"/api/v1/events/{event['id']}/own-code")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def test_the_code_of_the_half_day_makes_who_types_it_present_and_another_does_not(app: App) -> None:
    event, tokens = await on_the_day(app, ["Ayşe Bir", "Mehmet İki"], **ONLINE)
    guest, path = app.guest(tokens["Ayşe Bir"]), "/api/v1/invitation/attendance"
    morning = await shown(app, event)
    typed = await guest.post(path, json={"code": f" {morning[:3].lower()} {morning[3:]}"})
    assert (typed.status_code, typed.json()) == (200, {"day": "2026-04-14", "half": "am"})
    app.clock.forward(hours=4)
    late = await guest.post(path, json={"code": morning})
    assert (late.status_code, list(problem_fields(late))) == (422, ["code"])
    assert await shown(app, event) not in (morning, "")
    page = app.stranger()
    own = f"/i/{tokens['Mehmet İki']}/attendance"
    assert f'action="{own}"' in (await page.get(f"/i/{tokens['Mehmet İki']}")).text
    again = await page.send(f"/i/{tokens['Mehmet İki']}/attendance", {"code": "XXXXXX"})
    assert (again.status_code, 'aria-invalid="true"' in again.text) == (422, True)
    await page.send(f"/i/{tokens['Mehmet İki']}/attendance", {"code": await shown(app, event)})
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert {one["name"]: [half["half"] for half in one["present"]] for one in rows} == {
        "Ayşe Bir": ["am"],
        "Mehmet İki": ["pm"],
    }
    ids = await app.registrations(event)
    (record,) = (await app.api().get(f"/api/v1/events/{event['id']}/attendance/{ids['Ayşe Bir']}")).json()
    assert (record["source"], record["happened_at"]) == ("own-code", "2026-04-14T06:00:00Z")


async def test_five_tries_a_minute_and_none_outside_the_event_or_without_a_place(sqlite_app: App) -> None:
    event, tokens = await on_the_day(sqlite_app, ["Ayşe Bir", "Mehmet İki"], **ONLINE)
    guest, path = sqlite_app.guest(tokens["Ayşe Bir"]), "/api/v1/invitation/attendance"
    code = await shown(sqlite_app, event)
    tries = [(await guest.post(path, json={"code": f"WRONG{n}"})).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]
    left = sqlite_app.guest(tokens["Mehmet İki"])
    await left.post("/api/v1/invitation/decline", json={"reason": "ill"})
    assert (await left.post(path, json={"code": code})).status_code == 409
    sqlite_app.clock.now = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
    assert (await sqlite_app.api("desk").get(f"/api/v1/events/{event['id']}/own-code")).status_code == 409
    assert "/attendance" not in (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).text


async def test_the_screen_shows_the_code_to_staff_at_the_desk_alone(sqlite_app: App) -> None:
    event, tokens = await on_the_day(sqlite_app, ["Ayşe Bir"], **ONLINE)
    code = await shown(sqlite_app, event)
    screen = await (await sqlite_app.at_desk("desk")).get(f"/events/{event['id']}/own-code")
    assert (code in screen.text, "12:30" in screen.text) == (True, True)
    assert (await sqlite_app.api("auditor").get(f"/api/v1/events/{event['id']}/own-code")).status_code == 403
    assert code not in (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).text
