"""Former addresses and open requests when two records of one person become one, and are taken apart again."""

from sqlmodel import select

from directory.people.models import PersonAddress
from tests.events.privacy.test_address_changes import CONFIRM, FORMER, NAME, NEW, ask, changed, links, person, say
from tests.people import App


async def known(app: App, name: str, address: str) -> str:
    given = {"name": name, "project_id": str(app.project_id), "address": address}
    made = await app.api().post("/api/v1/people", json=given)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def merged(app: App, kept: object, other: object) -> str:
    done = await app.api().post("/api/v1/merges", json={"kept_id": str(kept), "merged_id": str(other)})
    assert done.status_code == 201, done.text
    return f"/api/v1/merges/{done.json()['id']}/undoing"


async def test_a_merge_brings_the_former_addresses_of_both_and_ends_what_is_open(app: App) -> None:
    _, tokens = await app.accepted_event([NAME])
    _, more = await app.accepted_event(["Ayşe Beş"], title="Another")
    assert await changed(app, tokens[NAME], NEW) == "changed"
    assert await changed(app, more["Ayşe Beş"], "b@ministry.example.org") == "changed"
    kept, other = (await person(app)).id, (await person(app, "Ayşe Beş")).id
    await app.work()
    fresh = (await app.mails("events/link"))[-1]
    app.clock.forward(hours=2)
    await ask(app, fresh.plain.partition("/i/")[2].split()[0], "c@ministry.example.org")
    mailed = await links(app)
    undoing = await merged(app, kept, other)
    shown = [one["former"] for one in (await app.api().get(f"/api/v1/people/{kept}/former-addresses")).json()]
    assert sorted(shown) == ["ayse.bes@example.org", FORMER]
    # What was asked for the record that is taken in is asked of nobody now.
    for mailbox in ("c@ministry.example.org", "b@ministry.example.org"):
        assert (await say(app, CONFIRM, mailed[mailbox])).status_code == 410
    assert (await app.api().post(undoing)).status_code == 200
    shown = [one["former"] for one in (await app.api().get(f"/api/v1/people/{kept}/former-addresses")).json()]
    assert shown == [FORMER]


async def test_an_address_that_became_somebodys_does_not_go_back_with_an_undone_merge(app: App) -> None:
    _, tokens = await app.accepted_event([NAME])
    token = tokens[NAME]
    id = (await person(app)).id
    undoing = await merged(app, id, await known(app, "Ayşe Beş", "b@example.org"))
    # One of one's own other addresses becomes the first one.
    assert await changed(app, token, "b@example.org") == "changed"
    async with app.database.reading() as db:
        assert (await db.exec(select(PersonAddress.address))).all() == []
    refused = await app.api().post(undoing)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "mailbox-has-owner")
    assert ("b@example.org" in refused.json()["title"], NAME in refused.json()["title"]) == (True, True)
    moved = {"name": NAME, "address": FORMER}
    assert (await app.api().put(f"/api/v1/people/{id}", json=moved)).status_code == 200
    third = await known(app, "Somebody Third", "b@example.org")
    assert "Somebody Third" in (await app.api().post(undoing)).json()["title"]
    assert (await app.api().put(f"/api/v1/people/{third}", json={"name": "Somebody Third"})).status_code == 200
    assert (await app.api().post(undoing)).status_code == 200
