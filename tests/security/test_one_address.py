"""A ministry behind one address: its people are not stopped for each other, and guessing and flooding are."""

import asyncio

import pytest

from tests.desks import link
from tests.events.attendance.test_certificates import code_in as certificate_code_in
from tests.events.attendance.test_certificates import text_of
from tests.events.nominations.test_public_registration import WHO, public_event
from tests.people import App, names
from tests.security.callers import visitor_from

PROXY = "203.0.113.80"
MANY = 100
NONE = "x" * 20
GOT = ["/i", "/n", "/c", "/certificates", "/address"]
POSTED = ["/unsubscribe", "/report-mails/stop", "/sign-in/link"]


async def test_a_hundred_people_open_their_links_and_have_their_codes_mailed(sqlite_app: App) -> None:
    tokens = await sqlite_app.invite(await sqlite_app.event(capacity=200), names(MANY))
    async with visitor_from(sqlite_app, PROXY) as visitor:
        # A colleague's scanner tries what is none, all the time.
        for n in range(70):
            await visitor.get(f"/i/{NONE}{n:04}")
        opened = [(await visitor.get(f"/i/{token}")).status_code for token in tokens.values()]
        asked = [
            (await visitor.client.post("/api/v1/invitation/code", headers={"Authorization": f"Bearer {t}"})).status_code
            for t in tokens.values()
        ]
    assert (opened, asked) == ([200] * MANY, [202] * MANY)


async def test_a_hundred_people_register_and_ask_for_lost_links(sqlite_app: App) -> None:
    event = await public_event(sqlite_app, capacity=200)
    registered, asked = [], []
    async with visitor_from(sqlite_app, PROXY) as visitor:
        for n in range(MANY):
            who = {**WHO, "name": names(MANY)[n], "address": f"p{n}@ministry.example.org"}
            path = f"/api/v1/public/events/{event['code']}/registrations"
            registered.append((await visitor.client.post(path, json=who)).status_code)
            lost = await visitor.client.post("/api/v1/public/lost-links", json={"address": who["address"]})
            asked.append(lost.status_code)
    await sqlite_app.work()
    assert (registered, asked) == ([202] * MANY, [202] * MANY)
    assert len({m.to_address for m in await sqlite_app.mails("events/application")}) == MANY


async def test_a_hundred_of_staff_ask_for_a_link_to_sign_in(sqlite_app: App) -> None:
    async with visitor_from(sqlite_app, PROXY) as visitor:
        statuses = []
        for n in range(MANY):
            await visitor.get("/sign-in/link")
            form = {"address": f"p{n}@ministry.example.org"}
            statuses.append((await visitor.send("/sign-in/link", form)).status_code)
    assert statuses == [200] * MANY


async def test_a_hundred_look_at_one_certificate_and_one_desk_link(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Gül Öztürk"])
    (one,) = await sqlite_app.certify(event)
    code = certificate_code_in(await text_of(sqlite_app, event, one))
    async with visitor_from(sqlite_app, PROXY) as visitor:
        assert {(await visitor.get(f"/certificates/{code}")).status_code for _ in range(MANY)} == {200}
        made = await link(sqlite_app, event)
        assert {(await visitor.get(f"/c/{made['token']}")).status_code for _ in range(MANY)} == {200}


@pytest.mark.parametrize("place", GOT + POSTED)
async def test_who_guesses_links_is_slowed_down_everywhere(sqlite_app: App, place: str) -> None:
    async with visitor_from(sqlite_app, PROXY) as guesser:
        statuses = []
        for n in range(61):
            path = f"{place}/{NONE}{n:012}"
            if place in POSTED:
                await guesser.get("/sign-in/link")
                statuses.append((await guesser.send(path)).status_code)
            else:
                statuses.append((await guesser.get(path)).status_code)
    assert statuses == [404] * 60 + [429]


async def test_surnames_for_one_certificate_are_not_tried_through(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Gül Öztürk"])
    (one,) = await sqlite_app.certify(event)
    code = certificate_code_in(await text_of(sqlite_app, event, one))
    statuses = []
    for n in range(61):
        async with visitor_from(sqlite_app, f"198.51.100.{n}") as guesser:
            statuses.append((await guesser.get(f"/certificates/{code}?surname=Name{n}")).status_code)
    assert statuses == [200] * 60 + [429]


async def test_all_mail_that_strangers_cause_is_bounded_whoever_they_say_they_are(sqlite_app: App) -> None:
    event = await public_event(sqlite_app)
    limits = sqlite_app.fastapi.state.limits
    # As many networks do, each within its own bound.
    await asyncio.gather(*(limits.allows("5000/hour", "strangers-mail", "all") for _ in range(4999)))
    path, statuses = f"/api/v1/public/events/{event['code']}/registrations", []
    for n in range(3):
        async with visitor_from(sqlite_app, f"198.51.100.{n}") as flooder:
            answer = await flooder.client.post(path, json={**WHO, "address": f"p{n}@example.org"})
            statuses.append(answer.status_code)
    assert statuses == [202, 429, 429]


async def test_one_mailbox_is_not_flooded_from_behind_one_address(sqlite_app: App) -> None:
    event = await public_event(sqlite_app)
    path = f"/api/v1/public/events/{event['code']}/registrations"
    async with visitor_from(sqlite_app, PROXY) as flooder:
        statuses = [(await flooder.client.post(path, json=WHO)).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]
