"""Nobody counts as invited who was not written to: who has no address is still to be invited until a link is made."""

from typing import Any

from tests.people import App

LINES = [
    "Name;Institution;Province;E-mail",
    "Ayşe Bir;Court 1;Ankara;ayse@example.org",
    "Can İki;Court 2;Ankara;can@example.org",
    "Deniz Üç;Court 3;Ankara;",
]


async def listed(app: App, lines: list[str] = LINES) -> dict[str, Any]:
    event = await app.event()
    made = await app.upload(event, "\n".join(lines).encode())
    applied = await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    assert applied.json()["added"] == len(lines) - 1
    return event


async def write(app: App, event: dict[str, Any]) -> None:
    answer = await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    assert answer.status_code == 202, answer.text
    await app.work()


async def people(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    return {one["name"]: one for one in found}


async def overview(app: App, event: dict[str, Any]) -> str:
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/overview")
    return " ".join(desk.page.split())


async def test_who_has_no_address_is_not_invited_by_mails_to_others(app: App) -> None:
    event = await listed(app)
    await write(app, event)
    assert (await people(app, event))["Deniz Üç"]["status"] == "nominated"
    # The mails of the others are drafts: nobody is invited yet, and no answer is awaited.
    page = await overview(app, event)
    assert "0 invited, 3 on the list and not invited" in page
    assert "0 attend, 0 have not answered" in page
    await app.send_waiting(event)
    page = await overview(app, event)
    assert "2 invited; 1 without an e-mail address: enter it, or hand over a personal link" in page
    assert f'href="/events/{event["id"]}/people?status=nominated&amp;mark=no-address"' in page
    assert "0 attend, 2 have not answered" in page
    assert len(await app.mails("events/invitation")) == 2


async def test_the_list_says_so_and_leads_to_them(app: App) -> None:
    event = await listed(app)
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    assert "Write the invitations" in desk.page
    await write(app, event)
    await app.send_waiting(event)
    await desk.get(f"/events/{event['id']}/people")
    assert "Write the invitations" not in desk.page
    assert desk.page.count("No e-mail address</span>") == 1
    only = f"/events/{event['id']}/people?status=nominated&mark=no-address"
    assert only.replace("&", "&amp;") in desk.page
    await desk.get(only)
    assert ("Deniz Üç" in desk.page, "Can İki" in desk.page) == (True, False)
    person = (await people(app, event))["Deniz Üç"]["invitation_id"]
    await desk.get(f"/events/{event['id']}/people/{person}")
    assert "No mail reaches Deniz Üç" in desk.page


async def test_a_link_by_hand_invites_them(sqlite_app: App) -> None:
    event = await listed(sqlite_app)
    await write(sqlite_app, event)
    await sqlite_app.send_waiting(event)
    person = (await people(sqlite_app, event))["Deniz Üç"]["invitation_id"]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{person}")
    await desk.send(f"/events/{event['id']}/people/{person}/link", {})
    assert (await people(sqlite_app, event))["Deniz Üç"]["status"] == "invited"
    page = await overview(sqlite_app, event)
    assert "3 invited, 0 on the list and not invited" in page
    assert "0 attend, 3 have not answered" in page


async def test_who_gets_an_address_is_written_to_with_the_next_invitations(sqlite_app: App) -> None:
    event = await listed(sqlite_app)
    await write(sqlite_app, event)
    await sqlite_app.send_waiting(event)
    one = (await people(sqlite_app, event))["Deniz Üç"]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/people/{one['person_id']}/edit")
    await desk.send(f"/people/{one['person_id']}/edit", {"name": "Deniz Üç", "address": "deniz@example.org"})
    await write(sqlite_app, event)
    await sqlite_app.send_waiting(event)
    assert (await people(sqlite_app, event))["Deniz Üç"]["status"] == "invited"
    assert {mail.to_address for mail in await sqlite_app.mails("events/invitation")} >= {"deniz@example.org"}


async def test_a_list_that_has_no_address_at_all_is_refused_with_what_to_do(sqlite_app: App) -> None:
    event = await listed(sqlite_app, [LINES[0], LINES[3]])
    refused = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "nobody-reachable")
    chosen = {"action": "invite", "invitations": [(await people(sqlite_app, event))["Deniz Üç"]["invitation_id"]]}
    refused = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/people/bulk", json=chosen)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "nobody-touched")


async def test_who_looks_at_the_mails_sees_who_gets_none(sqlite_app: App) -> None:
    event = await listed(sqlite_app)
    await write(sqlite_app, event)
    batch = (await sqlite_app.api().get(f"/api/v1/message-batches?about={event['id']}")).json()["items"][0]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/mail/batches/{batch['id']}")
    assert "Deniz Üç</a>: No e-mail address" in desk.page
