"""Whom people bring along, and what becomes of their places when that changes."""

from typing import Any

import pypdfium2

from tests.people import App, problem_fields


async def bring(app: App, token: str, **said: Any) -> Any:
    return await app.guest(token).post("/api/v1/invitation/acceptance", json=said)


async def test_a_second_yes_with_another_number_takes_or_gives_back_places_at_once_or_says_why_not(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Can İki", "Deniz Üç"], capacity=4, guests_allowed=2)
    first, second, third = tokens.values()
    path = f"/api/v1/events/{event['id']}"

    async def stands() -> tuple[Any, ...]:
        rows = (await app.api().get(f"{path}/people")).json()["items"]
        return (await app.api().get(path)).json()["taken"], {one["name"]: one["status"] for one in rows}

    await bring(app, first)
    more = await bring(app, first, guests=2)
    assert (more.status_code, (await stands())[0]) == (200, 3)
    assert "2" in (await app.mails("events/accepted"))[-1].plain.split("misafir sayısı:")[1][:4]
    # Saying yes again without a number changes nothing, nor does the same number.
    for said in ({}, {"guests": 2}):
        await bring(app, first, **said)
    assert ((await stands())[0], len(await app.mails("events/accepted"))) == (3, 2)
    await bring(app, second)
    full = await bring(app, second, guests=1)
    assert (full.status_code, full.json()["type"].rpartition("/")[2]) == (409, "no-places-for-guests")
    assert problem_fields(await bring(app, second, guests=3)).keys() == {"guests"}
    await bring(app, third, guests=1)
    assert await stands() == (4, {"Ayşe Bir": "accepted", "Can İki": "accepted", "Deniz Üç": "waiting"})
    # Who waits with one guest needs two seats: one is not enough, and who has a place does not overtake them.
    await bring(app, first, guests=1)
    assert (await stands())[1]["Deniz Üç"] == "waiting"
    await bring(app, third, guests=0)
    assert await stands() == (4, {"Ayşe Bir": "accepted", "Can İki": "accepted", "Deniz Üç": "accepted"})


async def test_who_has_a_place_does_not_overtake_with_guests_who_waits(sqlite_app: App) -> None:
    event = await sqlite_app.event(capacity=2, guests_allowed=2)
    tokens = await sqlite_app.invite(event, ["Ayşe Bir", "Can İki", "Deniz Üç"])
    first, second, third = tokens.values()
    for token, guests in ((first, 0), (second, 0), (third, 0)):
        await bring(sqlite_app, token, guests=guests)
    # A place becomes free after the deadline, so that nobody moves up by themselves.
    plan = {key: value for key, value in sqlite_app.plan().items() if key != "project_id"}
    body = {**plan, "capacity": 3, "guests_allowed": 2, "answer_by": "2026-03-10"}
    sqlite_app.clock.now = sqlite_app.clock.now.replace(day=12)
    assert (await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=body)).status_code == 200
    row = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people", params={"q": "Ayşe"})).json()["items"][0]
    said = {"answer": "accepted", "how": "telephone", "guests": 1}
    answer = await sqlite_app.api().post(f"/api/v1/invitations/{row['invitation_id']}/answer", json=said)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "no-places-for-guests")


async def test_guests_are_named_where_the_event_asks_for_it_and_stand_on_badges_and_sheets(app: App) -> None:
    event = await app.event(guests_allowed=2, asks_guest_names=True)
    (token,) = (await app.invite(event, ["Ayşe Bir"])).values()
    refused = await bring(app, token, guests=1, guest_names=["Zoë Konuk", "Çok Fazla"])
    assert problem_fields(refused).keys() == {"guest_names"}
    visitor = app.stranger()
    await visitor.get(f"/i/{token}")
    assert 'name="guest_names"' in visitor.page
    await visitor.send(f"/i/{token}/accept", {"guests": "2", "guest_names": "Zoë Konuk\r\n\r\nEfe Misafir"})
    # Whoever else holds the link neither reads nor replaces what was told.
    other = app.stranger()
    page = (await other.get(f"/i/{token}")).text
    assert ("Zoë" in page, 'name="guest_names"' in page) == (False, False)
    assert (await bring(app, token, guests=2, guest_names=["Somebody Else"])).status_code == 403
    badges = await app.api().post(f"/api/v1/events/{event['id']}/badges/badges.pdf")
    for file in (await app.sheet(event, language="en"), badges.content):
        text = " ".join(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded().split())
        assert ("Zoë Konuk" in text, "Efe Misafir" in text, "Guest of Ayşe Bir" in text) == (True, True, True)
    owner = await app.owner(token)
    await owner.post("/api/v1/invitation/acceptance", json={"guests": 1})
    told = (await owner.get("/api/v1/invitation/data")).json()["registration"]
    assert (told["guests"], told["guest_names"]) == (1, "Zoë Konuk")
