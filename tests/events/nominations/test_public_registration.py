"""Strangers at the endpoint of an event: registering in public, lost links, and what nobody may learn."""

from typing import Any

import pytest

from tests.people import LINK, App, problem_fields

WHO = {"name": "Deniz Yeni", "address": "deniz@example.org", "institution": "Ankara Bar"}


async def public_event(app: App, admission: str = "open", **more: Any) -> dict[str, Any]:
    event = await app.event(confidentiality="public", admission=admission, **more)
    answer = await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    assert answer.status_code == 200, answer.text
    return event


async def apply(app: App, event: dict[str, Any], **who: str) -> Any:
    path = f"/api/v1/public/events/{event['code']}/registrations"
    answer = await app.stranger().client.post(path, json={**WHO, **who})
    await app.work()
    return answer


async def link_in(app: App, kind: str) -> str:
    found = LINK.search((await app.mails(kind))[-1].plain)
    assert found is not None
    return found.group(1)


async def roster(app: App, event: dict[str, Any]) -> dict[str, str]:
    people = await app.api().get(f"/api/v1/events/{event['id']}/people")
    return {p["name"]: p["status"] for p in people.json()["items"]}


async def lose_link(app: App, address: str) -> Any:
    answer = await app.stranger().client.post("/api/v1/public/lost-links", json={"address": address})
    await app.work()
    return answer


async def test_a_stranger_registers_and_has_a_place_once_the_address_is_shown_to_be_theirs(
    app: App,
) -> None:
    event = await public_event(app)
    answer = await apply(app, event)
    before = await roster(app, event)
    answered = await app.accept(await link_in(app, "events/application"))
    assert (answer.status_code, before, answered["registration"]) == (
        202,
        {"Deniz Yeni": "invited"},
        "confirmed",
    )


async def test_where_the_organiser_decides_a_yes_waits_for_it(sqlite_app: App) -> None:
    event = await public_event(sqlite_app, "approval", capacity=1)
    await apply(sqlite_app, event)
    answered = await sqlite_app.accept(await link_in(sqlite_app, "events/application"))
    assert (answered["status"], await sqlite_app.mails("events/accepted")) == ("pending", [])
    people = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")
    id = people.json()["items"][0]["invitation_id"]
    decided = await sqlite_app.api().post(f"/api/v1/invitations/{id}/decision", json={"is_admitted": True})
    assert decided.json() == {"status": "accepted", "registration": "confirmed"}


async def test_who_is_refused_is_told_and_may_be_let_in_later(app: App) -> None:
    event = await public_event(app, "approval")
    await apply(app, event)
    await app.accept(await link_in(app, "events/application"))
    people = await app.api().get(f"/api/v1/events/{event['id']}/people")
    path = f"/api/v1/invitations/{people.json()['items'][0]['invitation_id']}/decision"
    no = await app.api().post(path, json={"is_admitted": False, "reason": "It is for judges only."})
    assert no.json()["status"] == "rejected"
    assert "It is for judges only." in (await app.mails("events/refused"))[0].plain
    yes = await app.api().post(path, json={"is_admitted": True})
    again = await app.api().post(path, json={"is_admitted": False})
    assert (yes.json()["status"], again.status_code) == ("accepted", 409)


async def test_a_closed_event_turns_strangers_away_politely(sqlite_app: App) -> None:
    event = await public_event(sqlite_app, "by-list")
    page = await sqlite_app.stranger().get(f"/e/{event['code']}")
    answer = await apply(sqlite_app, event)
    assert ("/register" in page.text, answer.status_code) == (False, 409)
    assert answer.json()["type"].endswith("only-by-list")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"opens_on": "2026-03-05"}, "answer-too-early"), ({"answer_by": "2026-03-01"}, "answer-too-late")],
)
async def test_an_open_event_takes_people_in_its_time_only(sqlite_app: App, change: dict[str, str], code: str) -> None:
    event = await public_event(sqlite_app, **change)
    answer = await apply(sqlite_app, event)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, code)


async def test_registering_twice_is_registering_once(app: App) -> None:
    event = await public_event(app)
    await apply(app, event)
    await apply(app, event, name="D. Yeni", address="DENIZ@example.org")
    assert await roster(app, event) == {"Deniz Yeni": "invited"}


async def test_nobody_learns_whether_an_address_is_on_the_list(sqlite_app: App) -> None:
    event = await public_event(sqlite_app)
    await sqlite_app.invite(event, ["Ayşe Bir"])
    known = await apply(sqlite_app, event, name="Somebody Else", address="ayse.bir@example.org")
    unknown = await apply(sqlite_app, event)
    lost = [await lose_link(sqlite_app, address) for address in ("ayse.bir@example.org", "nobody@example.org")]
    assert known.json() == unknown.json()
    assert lost[0].json() == lost[1].json()
    assert "Ayşe Bir" in await roster(sqlite_app, event)


async def test_only_addresses_of_the_domains_named_may_register(sqlite_app: App) -> None:
    plan = sqlite_app.plan(allowed_domains="adalet.gov.tr, nodomain")
    assert list(problem_fields(await sqlite_app.api().post("/api/v1/events", json=plan))) == ["allowed_domains"]
    event = await public_event(sqlite_app, allowed_domains="@Adalet.gov.tr\nçankaya.bel.tr\nfaß.de")
    assert event["allowed_domains"] == "adalet.gov.tr\nçankaya.bel.tr\nfaß.de"
    taken = {}
    permitted = ("adalet.gov.tr", "ANKARA.adalet.gov.tr", "xn--ankaya-vua.bel.tr", "ÇANKAYA.bel.tr", "xn--fa-hia.de")
    # Folding takes ß for ss; whoever has the other domain is somebody else.
    for domain in (*permitted, "notadalet.gov.tr", "adalet.gov.tr.example.org", "bel.tr", "fass.de"):
        given = {"name": "Ayşe Bir", "address": f"a@{domain}"}
        path = f"/api/v1/public/events/{event['code']}/registrations"
        taken[domain] = (await sqlite_app.stranger().client.post(path, json=given)).status_code
    assert list(taken.values()) == [202] * len(permitted) + [422] * 4


async def test_a_lost_link_is_mailed_again_to_its_owner_alone(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    await lose_link(sqlite_app, "Ayse.Bir@example.org")
    await lose_link(sqlite_app, "nobody@example.org")
    sent = await sqlite_app.mails("events/link")
    fresh = await link_in(sqlite_app, "events/link")
    assert [m.to_address for m in sent] == ["ayse.bir@example.org"]
    pages = [(await sqlite_app.stranger().get(f"/i/{token}")).status_code for token in (fresh, tokens["Ayşe Bir"])]
    assert pages == [200, 200]


async def test_a_lost_link_arrives_as_long_as_it_opens(sqlite_app: App) -> None:
    """People look for materials and certificates when the event is over."""
    await sqlite_app.invite(await sqlite_app.event(), ["Ayşe Bir"])
    sqlite_app.clock.forward(days=60 + 44)
    await lose_link(sqlite_app, "ayse.bir@example.org")
    assert [m.state for m in await sqlite_app.mails("events/link")] == ["sent"]
    assert (await sqlite_app.stranger().get(f"/i/{await link_in(sqlite_app, 'events/link')}")).status_code == 200


async def test_lost_links_are_asked_for_three_times_an_hour_at_most(sqlite_app: App) -> None:
    answers = [(await lose_link(sqlite_app, "ayse@example.org")).status_code for _ in range(4)]
    assert answers == [202, 202, 202, 429]


async def test_what_a_stranger_types_is_encrypted_while_it_waits(sqlite_app: App) -> None:
    event = await public_event(sqlite_app)
    path = f"/api/v1/public/events/{event['code']}/registrations"
    await sqlite_app.stranger().client.post(path, json=WHO)
    async with sqlite_app.database.reading() as db:
        connection = await db.connection()
        rows = (await connection.exec_driver_sql("SELECT payload FROM job")).all()
    assert "deniz@example.org" not in str(rows)


async def test_the_public_form_comes_back_with_what_was_typed(sqlite_app: App) -> None:
    event = await public_event(sqlite_app)
    visitor = sqlite_app.stranger()
    await visitor.get(f"/e/{event['code']}")
    answer = await visitor.send(f"/e/{event['code']}/register", {"name": "Deniz Yeni", "address": "deniz"})
    assert (answer.status_code, 'value="Deniz Yeni"' in answer.text) == (422, True)
    await visitor.send(f"/e/{event['code']}/register", {"name": "Deniz Yeni", "address": "deniz@example.org"})
    await sqlite_app.work()
    assert await roster(sqlite_app, event) == {"Deniz Yeni": "invited"}


async def test_another_address_ends_the_old_links_and_brings_a_new_one(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir"])
    people = await app.api().get(f"/api/v1/events/{event['id']}/people")
    person = people.json()["items"][0]["person_id"]
    given = {"name": "Ayşe Bir", "address": "ayse@yeni.example.org"}
    assert (await app.api().put(f"/api/v1/people/{person}", json=given)).status_code == 200
    await app.work()
    assert (await app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).status_code == 410
    sent = (await app.mails("events/link"))[-1]
    assert sent.to_address == "ayse@yeni.example.org"
    assert (await app.stranger().get(f"/i/{await link_in(app, 'events/link')}")).status_code == 200


async def test_a_correction_that_keeps_the_address_keeps_the_links(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    people = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")
    person = people.json()["items"][0]["person_id"]
    given = {"name": "Ayşe Bir Kaya", "address": "ayse.bir@example.org"}
    await sqlite_app.api().put(f"/api/v1/people/{person}", json=given)
    assert (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).status_code == 200
