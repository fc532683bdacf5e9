"""Sending somebody else: by the rule of the event, with approval where it asks for it, and taken back."""

import re
from typing import Any

import pytest

from tests.events.invitations.test_responses import code, roster, say, taken
from tests.people import LINK, App

DENIZ = {"name": "Deniz Vekil", "address": "deniz@example.org"}


async def take_back(app: App, token: str) -> Any:
    return await app.guest(token).delete("/api/v1/invitation/substitution")


async def statuses(app: App, event: dict[str, Any]) -> dict[str, str]:
    return {name: one["status"] for name, one in (await roster(app, event)).items()}


async def link_of(app: App, kind: str) -> str:
    found = LINK.search((await app.mails(kind))[-1].plain)
    assert found is not None
    return found.group(1)


async def test_a_personal_invitation_takes_no_substitute_but_the_organiser_s(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"], substitution="off")
    assert await code(await say(sqlite_app, tokens["Ayşe Bir"], "substitution", **DENIZ)) == (409, "no-substitutes")
    assert "/substitute" not in (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).text
    id = (await roster(sqlite_app, event))["Ayşe Bir"]["invitation_id"]
    done = await sqlite_app.api().post(f"/api/v1/invitations/{id}/substitution", json=DENIZ)
    assert done.json()["status"] == "accepted"


async def test_a_new_event_lets_the_organiser_approve_and_nobody_is_written_to_before(app: App) -> None:
    given = app.plan()
    del given["substitution"]
    event = (await app.api().post("/api/v1/events", json=given)).json()
    tokens = await app.invite(event, ["Ayşe Bir"])
    await app.accept(tokens["Ayşe Bir"])
    before = len(await app.mails())
    answer = await say(app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    assert (event["substitution"], answer.json()) == (
        "approval",
        {"status": "accepted", "registration": "confirmed", "proposal": "proposed"},
    )
    assert (await statuses(app, event), len(await app.mails())) == ({"Ayşe Bir": "accepted"}, before)
    assert (await app.api().get("/api/v1/people?q=deniz")).json()["items"] == []
    desk = await app.at_desk()
    assert "One substitute waits for approval." in (await desk.get("/")).text
    assert "Deniz Vekil" in (await desk.get(f"/events/{event['id']}/nominees")).text


async def proposed(app: App, **more: Any) -> tuple[dict[str, Any], str, str]:
    event, tokens = await app.accepted_event(["Ayşe Bir"], substitution="approval", capacity=1, **more)
    await say(app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    return event, tokens["Ayşe Bir"], (await roster(app, event))["Ayşe Bir"]["invitation_id"]


async def test_an_approved_substitute_takes_over_and_both_are_told(app: App) -> None:
    event, _, id = await proposed(app)
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{id}")
    assert "deniz@example.org" in desk.page
    await desk.send(f"/events/{event['id']}/people/{id}/substitute/decide", {"is_approved": "yes"})
    assert await statuses(app, event) == {"Ayşe Bir": "substituted", "Deniz Vekil": "accepted"}
    assert await taken(app, event) == 1
    assert [m.to_address for m in await app.mails("events/substitute:accepted")] == ["deniz@example.org"]
    again = await app.api().post(f"/api/v1/invitations/{id}/substitution/decision", json={"is_approved": True})
    assert await code(again) == (409, "nothing-proposed")


async def test_a_rejected_substitute_leaves_the_invitation_as_it_was_with_the_reason_by_mail(app: App) -> None:
    event, token, id = await proposed(app)
    answer = await app.api().post(
        f"/api/v1/invitations/{id}/substitution/decision", json={"is_approved": False, "reason": "Judges only."}
    )
    assert (answer.json()["proposal"], await statuses(app, event)) == ("rejected", {"Ayşe Bir": "accepted"})
    (mail,) = await app.mails("events/substitution-not-approved")
    assert (mail.to_name, "Judges only." in mail.plain) == ("Ayşe Bir", True)
    # They may propose another one, and withdraw that.
    assert (await say(app, token, "substitution", **DENIZ)).json()["proposal"] == "proposed"
    assert (await take_back(app, token)).json()["status"] == "accepted"
    assert await code(await take_back(app, token)) == (409, "nothing-to-take-back")


async def test_who_was_replaced_comes_after_all_until_the_substitute_has_answered(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    await say(app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    theirs = await link_of(app, "events/substitute:accepted")
    page = await app.stranger().get(f"/i/{tokens['Ayşe Bir']}")
    assert "/substitute/take-back" in page.text
    answer = await take_back(app, tokens["Ayşe Bir"])
    assert answer.json() == {"status": "accepted", "registration": "confirmed"}
    assert await statuses(app, event) == {
        "Ayşe Bir": "accepted",
        "Deniz Vekil": "withdrawn",
        "Mehmet İki": "waiting",
    }
    assert (await taken(app, event), (await app.guest(theirs).get("/api/v1/invitation")).status_code) == (1, 410)
    # The entry goes back: into the one calendar with a higher sequence than it left it with, out of the other one.
    gone, goodbye = sorted(await app.mails("events/cancellation"), key=lambda m: m.id)
    (back,) = await app.mails("events/substitution-returned")
    assert [m.to_name for m in (gone, back, goodbye)] == ["Ayşe Bir", "Ayşe Bir", "Deniz Vekil"]
    sequences = [int(re.findall(r"SEQUENCE:(\d+)", str(m.calendar))[-1]) for m in (gone, back)]
    assert sequences[1] > sequences[0]
    # Once more, and this time the substitute answers.
    await say(app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    theirs = await link_of(app, "events/substitute:accepted")
    await app.guest(theirs).post("/api/v1/invitation/decline", json={})
    assert await code(await take_back(app, tokens["Ayşe Bir"])) == (409, "substitute-has-answered")


@pytest.mark.parametrize(("answer", "becomes"), [("decline", "invited"), ("", "accepted")])
async def test_the_organiser_undoes_a_substitution_whatever_the_substitute_said(
    sqlite_app: App, answer: str, becomes: str
) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    await say(sqlite_app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    if answer:
        theirs = await link_of(sqlite_app, "events/substitute:accepted")
        await sqlite_app.guest(theirs).post(f"/api/v1/invitation/{answer}", json={})
    id = (await roster(sqlite_app, event))["Ayşe Bir"]["invitation_id"]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{id}")
    await desk.send(f"/events/{event['id']}/people/{id}/substitute/take-back")
    assert (await statuses(sqlite_app, event))["Ayşe Bir"] == becomes


async def test_of_two_handed_on_the_last_comes_back_first(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    await say(sqlite_app, tokens["Ayşe Bir"], "substitution", **DENIZ)
    second = await link_of(sqlite_app, "events/substitute:accepted")
    await say(sqlite_app, second, "substitution", name="Can Üç", address="can@example.org")
    assert await code(await take_back(sqlite_app, tokens["Ayşe Bir"])) == (409, "nothing-to-take-back")
    assert (await take_back(sqlite_app, second)).status_code == 200
    assert await statuses(sqlite_app, event) == {
        "Ayşe Bir": "substituted",
        "Deniz Vekil": "accepted",
        "Can Üç": "withdrawn",
    }
