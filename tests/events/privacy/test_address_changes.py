"""Somebody changes their own e-mail address: asked with a code, confirmed from both mailboxes."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from sqlmodel import col, select

from core.audit import AuditEntry
from directory.people.models import Person
from events.invitations.announcements.service import announce_batch
from events.privacy.address_changes.models import AddressChange
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.suppression.models import Suppression
from notifications.suppression.rules import Why
from tests.people import App, names

NAME, FORMER, NEW = "Ayşe Bir", "ayse.bir@example.org", "ayse@ministry.example.org"
LINK = re.compile(r"/address/([\w-]{20,})")
CONFIRM, REFUSE = "/api/v1/public/address-changes/confirmation", "/api/v1/public/address-changes/refusal"


async def ask(app: App, token: str, address: str = NEW) -> Response:
    return await (await app.owner(token)).post("/api/v1/invitation/address", json={"address": address})


async def links(app: App) -> dict[str, str]:
    """The tokens of the last request, by the mailbox they went to."""
    await app.work()
    found = {}
    for message in await app.mails():
        if message.kind in ("events/address-former", "events/address-new") and (link := LINK.search(message.plain)):
            found[message.to_address] = link.group(1)
    return found


async def say(app: App, path: str, token: str) -> Response:
    return await app.stranger().client.post(path, json={"token": token})


async def person(app: App, name: str = NAME) -> Person:
    async with app.database.reading() as db:
        return (await db.exec(select(Person).where(Person.name == name))).one()


async def rows(app: App) -> list[AddressChange]:
    async with app.database.reading() as db:
        return list((await db.exec(select(AddressChange))).all())


async def acts(app: App) -> list[str]:
    async with app.database.reading() as db:
        about = col(AuditEntry.act).startswith("address.")
        found = await db.exec(select(AuditEntry.act).where(about).order_by(col(AuditEntry.id)))
        return list(found.all())


@pytest.fixture
async def coming(app: App) -> tuple[App, dict[str, Any], str]:
    event, tokens = await app.accepted_event([NAME, "Can İki"])
    return app, event, tokens[NAME]


async def test_the_new_address_takes_force_once_both_mailboxes_have_confirmed(
    coming: tuple[App, dict[str, Any], str],
) -> None:
    app, event, token = coming
    asked = await ask(app, token)
    assert (asked.status_code, asked.json()["is_waiting"]) == (202, True)
    mailed = await links(app)
    assert set(mailed) == {FORMER, NEW}
    (to_new,) = await app.mails("events/address-new")
    assert (NAME in to_new.plain, event["title"] in to_new.plain) == (False, False)
    (to_former,) = await app.mails("events/address-former")
    assert NEW in to_former.plain
    for mailbox in (NEW, NEW):
        assert (await say(app, CONFIRM, mailed[mailbox])).json() == {"state": "asked"}
    assert (await person(app)).address == FORMER
    assert (await say(app, CONFIRM, mailed[FORMER])).json() == {"state": "changed"}
    assert (await person(app)).address == NEW
    await app.work()
    # The old link is dead, a fresh one goes to the new mailbox, and the old one hears of it.
    assert (await app.guest(token).get("/api/v1/invitation")).status_code == 410
    mails = {(m.kind, m.to_address) for m in await app.mails() if m.state is State.sent}
    assert {("events/address-changed", FORMER), ("events/link", NEW)} <= mails
    assert (await say(app, CONFIRM, mailed[NEW])).status_code == 410
    assert await acts(app) == ["address.asked", "address.confirmed", "address.confirmed", "address.changed"]
    id = (await person(app)).id
    (before,) = (await app.api("auditor").get(f"/api/v1/people/{id}/former-addresses")).json()
    assert (before["former"], before["state"]) == (FORMER, "changed")
    desk = await app.at_desk()
    assert (FORMER in (await desk.get(f"/people/{id}")).text, "changed by its owner" in desk.page) == (True, True)
    found = (await app.api().get("/api/v1/people", params={"q": "ministry"})).json()["items"]
    assert [one["name"] for one in found] == [NAME]


async def test_a_forwarded_link_asks_for_nothing(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    answer = await app.guest(token).post("/api/v1/invitation/address", json={"address": NEW})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "code-needed")
    stranger = app.stranger()
    await stranger.get(f"/i/{token}")
    assert "/code" in (await stranger.send(f"/i/{token}/address", {"address": NEW})).headers["location"]
    assert await rows(app) == []


async def test_either_mailbox_refuses_in_one_step(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    for mailbox in (FORMER, NEW):
        assert (await ask(app, token)).status_code == 202
        mailed = await links(app)
        assert (await say(app, REFUSE, mailed[mailbox])).status_code == 204
        for other in mailed.values():
            assert (await say(app, CONFIRM, other)).status_code in (404, 410)
        assert (await rows(app), (await person(app)).address) == ([], FORMER)
        if mailbox == FORMER:
            # Whoever asked with this session is out, until they read a code again.
            again = await (await app.owner(token)).get("/api/v1/invitation/address")
            assert again.status_code in (401, 403, 404)
            app._owners.clear()
            app.clock.forward(hours=1)


async def test_nobody_learns_whose_an_address_is(coming: tuple[App, dict[str, Any], str]) -> None:
    """Known, unknown, blocked: the answer is one, and the mails are."""
    app, _, token = coming
    async with app.database.unit_of_work() as db:
        (await db.exec(select(Person).where(Person.name == "Can İki"))).one().language = "tr"
    answers = []
    for address in ("can.iki@example.org", "nobody@example.org"):
        answer = (await ask(app, token, address)).json()
        answers.append({**answer, "address": "", "ends_at": ""})
    assert answers[0] == answers[1]
    assert len(await app.mails("events/address-new")) == 2


async def test_an_address_of_another_record_is_left_to_the_organiser(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    await ask(app, token, "CAN.iki@example.org")
    for one in (await links(app)).values():
        answer = await say(app, CONFIRM, one)
    assert answer.json() == {"state": "taken"}
    assert (await person(app)).address == FORMER
    id = (await person(app)).id
    assert "merge the two" in (await (await app.at_desk()).get(f"/people/{id}")).text
    app.clock.forward(days=31)
    await app.work()
    assert await rows(app) == []


async def test_the_same_mailbox_written_otherwise_needs_no_links(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    assert (await ask(app, token, FORMER)).status_code == 422
    other = await ask(app, token, "Ayse.Bir@Example.org")
    assert (other.status_code, other.json()["is_waiting"]) == (202, False)
    assert ((await person(app)).address or "").lower() == FORMER
    assert (await rows(app), await links(app)) == ([], {})
    assert await acts(app) == ["address.respelled"]
    assert (await app.guest(token).get("/api/v1/invitation")).status_code == 200


async def test_what_folds_alike_and_is_another_mailbox_is_confirmed_from_both(sqlite_app: App) -> None:
    """ß is no ss in a domain: somebody else may have the other one."""
    app = sqlite_app
    _, tokens = await app.accepted_event([NAME])
    assert await changed(app, tokens[NAME], "ayse@faß.example.org") == "changed"
    await app.work()
    fresh = (await app.mails("events/link"))[-1].plain.partition("/i/")[2].split()[0]
    same = await ask(app, fresh, "AYSE@xn--FA-hia.example.org")
    assert (same.status_code, same.json()["is_waiting"]) == (202, False)
    assert await changed(app, fresh, "ayse@fass.example.org") == "changed"
    await app.work()
    assert (await app.guest(fresh).get("/api/v1/invitation")).status_code == 410


async def test_the_new_mailbox_is_tried_again_though_it_was_unknown_once(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens = await app.accepted_event([NAME])
    async with app.database.unit_of_work() as db:
        why, since = Why.no_such_address, app.clock()
        db.add(Suppression(project_id=app.project_id, address_key=NEW, why=why, since=since))
    await ask(app, tokens[NAME])
    assert set(await links(app)) == {NEW, FORMER}
    assert {m.state for m in await app.mails("events/address-new")} == {State.sent}


async def test_a_link_of_a_request_that_was_taken_back_or_is_too_old_is_not_mailed_any_more(sqlite_app: App) -> None:
    app, kinds = sqlite_app, ("events/address-former", "events/address-new")
    _, tokens = await app.accepted_event([NAME])
    await ask(app, tokens[NAME])
    waiting = [m for kind in kinds for m in await app.mails(kind)]
    assert {m.expires_at for m in waiting} == {app.clock.now + timedelta(hours=48)}
    assert (await (await app.owner(tokens[NAME])).delete("/api/v1/invitation/address")).status_code == 204
    await app.work()
    assert State.sent not in {m.state for kind in kinds for m in await app.mails(kind)}


async def test_of_two_requests_the_later_one_counts(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    await ask(app, token, "first@example.org")
    early = await links(app)
    owner = await app.owner(token)
    both = [owner.post("/api/v1/invitation/address", json={"address": f"{n}@example.org"}) for n in ("second", "third")]
    assert {answer.status_code for answer in await asyncio.gather(*both)} == {202}
    assert [(await say(app, CONFIRM, one)).status_code for one in early.values()] == [404, 404]
    (row,) = await rows(app)
    mailed = await links(app)
    for mailbox in (row.address, FORMER):
        assert (await say(app, CONFIRM, mailed[mailbox])).status_code == 200
    assert (await person(app)).address == row.address


async def test_both_mailboxes_at_once_are_one_change(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    await ask(app, token)
    answers = await asyncio.gather(*(say(app, CONFIRM, one) for one in (await links(app)).values()))
    assert sorted(answer.json()["state"] for answer in answers) == ["asked", "changed"]
    await app.work()
    assert len(await app.mails("events/address-changed")) == 1


async def test_a_link_ends_and_nothing_is_kept(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    await ask(app, token)
    mailed = await links(app)
    app.clock.forward(hours=48)
    assert (await say(app, CONFIRM, mailed[FORMER])).status_code == 410
    await app.work()
    assert await rows(app) == []
    assert (await say(app, CONFIRM, mailed[FORMER])).status_code == 404


async def test_what_staff_wrote_meanwhile_stands(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    await ask(app, token)
    mailed = await links(app)
    found = await person(app)
    changed = {"name": NAME, "address": "staff@example.org"}
    assert (await app.api().put(f"/api/v1/people/{found.id}", json=changed)).status_code == 200
    for one in mailed.values():
        assert (await say(app, CONFIRM, one)).status_code == 410
    assert (await person(app)).address == "staff@example.org"


async def test_mails_that_wait_go_to_the_new_mailbox(coming: tuple[App, dict[str, Any], str]) -> None:
    app, event, token = coming
    await ask(app, token)
    mailed = await links(app)
    moved = {"first_day": "2026-04-21", "reason": "The minister travels"}
    assert (await app.api().post(f"/api/v1/events/{event['id']}/postponement", json=moved)).is_success
    async with app.database.unit_of_work() as db:
        await announce_batch(db, UUID(event["id"]), app.fastapi.state.settings, at=app.clock())
    for one in mailed.values():
        await say(app, CONFIRM, one)
    await app.send_waiting(event)
    (update,) = [m for m in await app.mails("events/update") if m.to_name == NAME and m.state is not State.cancelled]
    assert (update.to_address, update.state) == (NEW, State.sent)


async def test_who_is_erased_meanwhile_is_written_to_nowhere(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    app.clock.forward(days=43)
    await ask(app, token)
    mailed = await links(app)
    await (await app.owner(token)).post("/api/v1/invitation/erasure")
    app.clock.forward(days=4)
    (request,) = (await app.api().get("/api/v1/erasures")).json()
    settled = await app.api().post(f"/api/v1/erasures/{request['id']}/settlement", json={"is_erased": True})
    assert settled.status_code == 204, settled.text
    assert [(await say(app, CONFIRM, one)).status_code for one in mailed.values()] == [404, 404]
    await app.work()
    async with app.database.reading() as db:
        left = [m for m in (await db.exec(select(Message))).all() if NEW in f"{m.to_address}{m.plain}{m.html}"]
    assert (await rows(app), left) == ([], [])


async def test_a_record_of_another_project_is_another_one(coming: tuple[App, dict[str, Any], str]) -> None:
    app, _, token = coming
    other = await app.found("P-OTHER", prefix="other-")
    known = {"name": "Ayşe Elsewhere", "project_id": str(other), "address": FORMER}
    assert (await app.api("other-organiser").post("/api/v1/people", json=known)).status_code == 201
    await ask(app, token)
    for one in (await links(app)).values():
        await say(app, CONFIRM, one)
    assert ((await person(app)).address, (await person(app, "Ayşe Elsewhere")).address) == (NEW, FORMER)
    id = (await person(app)).id
    assert (await app.api("other-auditor").get(f"/api/v1/people/{id}/former-addresses")).status_code == 404
    assert (await app.api("finance").get(f"/api/v1/people/{id}/former-addresses")).status_code == 403


async def changed(app: App, token: str, address: str) -> str:
    """Ask, and confirm from both mailboxes: the state that brings."""
    assert (await ask(app, token, address)).status_code == 202
    answers = [await say(app, CONFIRM, one) for one in (await links(app)).values()]
    state: str = answers[-1].json()["state"]
    return state


async def test_by_page(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens = await app.accepted_event([NAME])
    mine = await app.owners_browser(tokens[NAME])
    await mine.send("/language", {"language": "en", "next": "/sign-in"})
    assert f"/i/{tokens[NAME]}/address" in (await mine.get(f"/i/{tokens[NAME]}/data")).text
    page = (await mine.get(f"/i/{tokens[NAME]}/address")).text
    assert FORMER in page
    wrong = await mine.send(f"/i/{tokens[NAME]}/address", {"address": "no address"})
    assert (wrong.status_code, 'value="no address"' in wrong.text) == (422, True)
    await mine.get(f"/i/{tokens[NAME]}/address")
    await mine.send(f"/i/{tokens[NAME]}/address", {"address": NEW})
    assert "not confirmed yet" in mine.page
    await mine.send(f"/i/{tokens[NAME]}/address/end")
    assert (NEW in mine.page, await rows(app)) == (False, [])
    await mine.send(f"/i/{tokens[NAME]}/address", {"address": NEW})
    mailed = await links(app)
    reader = app.stranger()
    await reader.send("/language", {"language": "en", "next": "/sign-in"})
    shown = (await reader.get(f"/address/{mailed[NEW]}")).text
    # The new mailbox may be a stranger's: the former address is masked there.
    assert (FORMER in shown, "a•••@example.org" in shown) == (False, True)
    # Opening a link decides nothing.
    assert [row.new_confirmed_at for row in await rows(app)] == [None]
    assert (
        "this mailbox has confirmed it" in (await reader.send(f"/address/{mailed[NEW]}", {"decision": "confirm"})).text
    )
    await reader.get(f"/address/{mailed[FORMER]}")
    assert "from now on" in (await reader.send(f"/address/{mailed[FORMER]}", {"decision": "confirm"})).text
    assert (await person(app)).address == NEW
    assert (await reader.get(f"/address/{'x' * 32}")).status_code == 404


async def test_nobodys_mailbox_is_flooded(sqlite_app: App) -> None:
    app, many = sqlite_app, names(6)
    _, tokens = await app.accepted_event([NAME, *many])
    answers = [(await ask(app, tokens[NAME], f"n{n}@example.org")).status_code for n in range(4)]
    assert answers == [202, 202, 202, 429]
    # Whoever asks, one mailbox gets five a day, however it is written.
    asked = [(await ask(app, tokens[one], f"Nobody+{n}@gmail.com")).status_code for n, one in enumerate(many)]
    assert asked == [202] * 5 + [429]


async def test_who_tries_links_is_slowed_down(sqlite_app: App) -> None:
    guesses = [(await say(sqlite_app, CONFIRM, f"{n:032}")).status_code for n in range(61)]
    assert guesses == [404] * 60 + [429]
