"""What one project knows, another neither reads, changes nor notices. Two projects, A and B, and one mailbox in
both."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from core import audit
from directory.accounts import service as accounts
from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.people.models import Institution, Person, PersonAddress
from events.nominations.requests.schemas import NomineeIn
from events.nominations.requests.service import set_names
from notifications.inbound.service import read, receive
from notifications.jobs.service import sweep
from notifications.suppression.models import Suppression
from notifications.suppression.rules import Why
from notifications.suppression.service import suppress
from tests.people import LINK, App

NAME, ADDRESS = "Zeynep Arıkan", "zeynep.arikan@example.org"
TOLD = {
    "name": NAME,
    "address": ADDRESS,
    "title": "Sığınma evi müdürü",
    "passport_name": "ZEYNEP ARIKAN-DEMİR",
    "institution": "Kadın Sığınma Evi",
    "phones": ["+90 312 555 11 22"],
    "diet": "no nuts",
    "accessibility": "wheelchair",
    "notes": "protected witness",
}
SECRETS = ("Sığınma", "ARIKAN-DEMİR", "555 11 22", "no nuts", "wheelchair", "protected witness")


class Two:
    """Project A, to which Zeynep has told something, and project B, which knows her address."""

    def __init__(self, app: App, event: dict[str, Any], person: dict[str, Any], token: str, b: UUID) -> None:
        self.app, self.event, self.person, self.token, self.b = app, event, person, token, b

    async def b_event(self, **more: Any) -> dict[str, Any]:
        plan = self.app.plan(project_id=str(self.b), title="Meeting of B", **more)
        answer = await self.app.api("b-organiser").post("/api/v1/events", json=plan)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def b_imports(self) -> dict[str, Any]:
        """B names somebody with Zeynep's address."""
        event, api = await self.b_event(), self.app.api("b-organiser")
        files = {"file": ("list.csv", f"Name;E-mail\nZ. A.;{ADDRESS}".encode(), "text/csv")}
        made = await api.post(f"/api/v1/events/{event['id']}/imports", files=files)
        applied = await api.post(f"/api/v1/imports/{made.json()['id']}/application", json={})
        assert applied.status_code == 200, applied.text
        return event

    async def b_people(self) -> list[dict[str, Any]]:
        answer = await self.app.api("b-organiser").get("/api/v1/people")
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@pytest.fixture
async def two(app: App) -> Two:
    b = await app.found("P-B", prefix="b-")
    event, tokens = await app.invited_event([NAME], title="Hidden meeting on shelters")
    people = (await app.api().get("/api/v1/people")).json()["items"]
    person = next(one for one in people if one["name"] == NAME)
    answer = await app.api().put(f"/api/v1/people/{person['id']}", json=TOLD)
    assert answer.status_code == 200, answer.text
    return Two(app, event, person, tokens[NAME], b)


async def test_who_imports_a_known_address_gets_a_record_of_their_own(two: Two) -> None:
    await two.b_imports()
    (theirs,) = await two.b_people()
    assert theirs["id"] != two.person["id"]
    assert (theirs["name"], theirs["title"], theirs["institution"]) == ("Z. A.", "", "")


async def test_changing_an_address_in_one_project_leaves_the_other_projects_links_and_mails_alone(
    two: Two,
) -> None:
    await two.b_imports()
    (theirs,) = await two.b_people()
    given = {"name": "Z. A.", "address": "attacker@example.org"}
    answer = await two.app.api("b-organiser").put(f"/api/v1/people/{theirs['id']}", json=given)
    assert answer.status_code == 200
    await two.app.work()
    assert not [m for m in await two.app.mails() if m.to_address == "attacker@example.org"]
    assert (await two.app.guest(two.token).get("/api/v1/invitation")).status_code == 200


async def test_another_projects_record_is_not_there_for_who_guesses_its_id(two: Two) -> None:
    await two.b_imports()
    api = two.app.api("b-organiser")
    here = f"/api/v1/people/{two.person['id']}"
    assert (await api.get(here)).status_code == 404
    assert (await api.put(here, json=TOLD | {"address": "attacker@example.org"})).status_code == 404
    theirs = (await two.b_people())[0]["id"]
    for pair in ((theirs, two.person["id"]), (two.person["id"], theirs)):
        merged = await api.post("/api/v1/merges", json={"kept_id": pair[0], "merged_id": pair[1]})
        assert merged.status_code == 404


async def all_that_b_sees(two: Two) -> str:
    """Every page and list that B's organiser has about people."""
    desk = await two.app.at_desk("b-organiser")
    pages = [
        "/people",
        "/institutions",
        "/search?q=zeynep",
        f"/search?q={ADDRESS}",
        "/people-look-alike",
        "/people/export.csv",
    ]
    pages += [f"/people/{one['id']}" for one in await two.b_people()]
    pages += [f"/people/{one['id']}/edit" for one in await two.b_people()]
    events = (await two.app.api("b-organiser").get("/api/v1/events")).json()["items"]
    pages += [f"/events/{event['id']}/people" for event in events]
    texts = [(await desk.get(page)).text for page in pages]
    texts += [message.plain + message.subject for message in await two.app.mails() if message.project_id == two.b]
    return "\n".join(texts)


async def test_importing_shows_nothing_of_what_another_project_knows(two: Two) -> None:
    await two.b_imports()
    seen = await all_that_b_sees(two)
    assert [secret for secret in (*SECRETS, NAME) if secret in seen] == []


async def test_naming_by_hand_shows_nothing_of_what_another_project_knows(two: Two) -> None:
    event, desk = await two.b_event(), await two.app.at_desk("b-organiser")
    await desk.get(f"/events/{event['id']}/people")
    for how in ("name", "add"):
        answer = await desk.send(f"/events/{event['id']}/people", {"name": "Z. A.", "address": ADDRESS, "how": how})
        assert answer.is_redirect
    await two.app.work()
    seen = await all_that_b_sees(two)
    assert [secret for secret in (*SECRETS, NAME) if secret in seen] == []


async def test_a_substitute_with_a_known_address_shows_nothing_of_what_another_project_knows(
    two: Two,
) -> None:
    event = await two.b_event()
    desk = await two.app.at_desk("b-organiser")
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/people", {"name": "Ali Veli", "address": "ali@example.org", "how": "add"})
    await two.app.work()
    (mail,) = [m for m in await two.app.mails() if m.to_address == "ali@example.org"]
    link = LINK.search(mail.plain)
    assert link
    given = {"name": "Z. A.", "address": ADDRESS}
    answer = await two.app.guest(link.group(1)).post("/api/v1/invitation/substitution", json=given)
    assert answer.status_code == 200, answer.text
    await two.app.work()
    seen = await all_that_b_sees(two)
    assert [secret for secret in (*SECRETS, NAME) if secret in seen] == []


async def test_the_public_page_shows_nothing_of_what_another_project_knows(two: Two) -> None:
    event = await two.b_event(admission="open", confidentiality="public")
    published = {"state": "published"}
    assert (await two.app.api("b-organiser").post(f"/api/v1/events/{event['id']}/state", json=published)).is_success
    given = {"name": "Z. A.", "address": ADDRESS}
    answer = await two.app.stranger().client.post(f"/api/v1/public/events/{event['code']}/registrations", json=given)
    assert answer.status_code == 202, answer.text
    await two.app.work()
    seen = await all_that_b_sees(two)
    assert await two.b_people()
    assert [secret for secret in (*SECRETS, NAME) if secret in seen] == []


async def test_an_institutions_nominee_with_a_known_address_shows_nothing_of_what_another_project_knows(
    two: Two,
) -> None:
    api, event = two.app.api("b-organiser"), await two.b_event()
    made = await api.post("/api/v1/institutions", json={"name": "Court of B", "project_id": str(two.b)})
    call = {"institution_id": made.json()["id"], "capacity": 1, "answer_by": "2026-04-01"}
    assert (await api.post(f"/api/v1/events/{event['id']}/calls", json=call)).status_code == 201
    (one,) = (await api.get(f"/api/v1/events/{event['id']}/calls")).json()["items"]
    async with two.app.database.unit_of_work() as db:
        given = [NomineeIn(name="Z. A.", address=ADDRESS)]
        await set_names(db, UUID(one["id"]), given, audit.PROGRAM, at=two.app.clock())
    assert (await api.post(f"/api/v1/calls/{one['id']}/acceptance", json={})).status_code == 200
    seen = await all_that_b_sees(two)
    assert await two.b_people()
    assert [secret for secret in (*SECRETS, NAME) if secret in seen] == []


async def test_institutions_and_their_focal_points_are_their_projects_own(two: Two) -> None:
    api = two.app.api()
    (shelter,) = (await api.get("/api/v1/institutions", params={"q": "Sığınma"})).json()["items"]
    focal = await api.put(f"/api/v1/institutions/{shelter['id']}/focal-points", json={"people": [two.person["id"]]})
    assert focal.status_code == 204
    for role in ("b-organiser", "b-auditor"):
        assert (await two.app.api(role).get("/api/v1/institutions")).json()["items"] == []
        assert (await (await two.app.at_desk(role)).get(f"/institutions/{shelter['id']}")).status_code == 404
    b = two.app.api("b-organiser")
    assert (await b.put(f"/api/v1/institutions/{shelter['id']}", json={"name": "Renamed"})).status_code == 404
    nobody = await b.put(f"/api/v1/institutions/{shelter['id']}/focal-points", json={"people": []})
    assert nobody.status_code == 404
    assert (await b.delete(f"/api/v1/institutions/{shelter['id']}")).status_code == 404
    for given in ({"institution_id": shelter["id"]}, {"kind": "other"}):
        event = await two.b_event()
        call = {"capacity": 1, "answer_by": "2026-04-01", **given}
        answer = await b.post(f"/api/v1/events/{event['id']}/calls", json=call)
        assert answer.status_code == 409, answer.text
    async with two.app.database.reading() as db:
        row = await db.get_one(Institution, UUID(shelter["id"]))
    assert row.name == "Kadın Sığınma Evi"


async def test_two_projects_may_each_have_an_institution_of_one_name(two: Two) -> None:
    b = two.app.api("b-organiser")
    given = {"name": "Kadın Sığınma Evi", "project_id": str(two.b)}
    assert (await b.post("/api/v1/institutions", json=given)).status_code == 201
    there = await b.post("/api/v1/institutions", json=given | {"project_id": str(two.app.project_id)})
    assert there.status_code == 404


async def test_ids_of_another_projects_rows_can_be_used_nowhere(two: Two) -> None:
    async with two.app.database.reading() as db:
        shelter = (await db.exec(select(Institution).where(Institution.name == "Kadın Sığınma Evi"))).one()
    b, event = two.app.api("b-organiser"), await two.b_event()
    session = {
        "title": "One",
        "starts": "2026-04-14T09:00",
        "ends": "2026-04-14T10:00",
        "host_id": str(shelter.id),
    }
    assert (await b.post(f"/api/v1/events/{event['id']}/sessions", json=session)).status_code == 422
    made = await b.post(f"/api/v1/events/{event['id']}/sessions", json=session | {"host_id": None})
    role = {"people": [{"person_id": two.person["id"], "role": "speaker"}]}
    named = await b.put(f"/api/v1/sessions/{made.json()['id']}/people", json=role)
    assert named.status_code == 422
    quota = {"quotas": [{"institution_id": str(shelter.id), "capacity": 1}]}
    assert (await b.put(f"/api/v1/events/{event['id']}/quotas", json=quota)).status_code == 422
    under = {"name": "Below", "project_id": str(two.b), "parent_id": str(shelter.id)}
    assert (await b.post("/api/v1/institutions", json=under)).status_code == 422


async def test_a_role_in_another_project_opens_nothing_here(two: Two) -> None:
    """An organiser of B who is auditor of A sees in A what an auditor sees."""
    async with two.app.database.unit_of_work() as db:
        account = await db.get_one(Account, two.app.accounts["b-organiser"])
        await accounts.grant(db, account, two.app.project_id, Role.auditor)
    desk = await two.app.at_desk("b-organiser")
    page = (await desk.get(f"/people/{two.person['id']}")).text
    assert NAME in page
    hidden = ("ARIKAN-DEMİR", "555 11 22", "no nuts", "wheelchair", "protected witness")
    assert [secret for secret in hidden if secret in page] == []
    assert (await desk.get(f"/people/{two.person['id']}/edit")).status_code == 404


async def test_records_of_two_projects_are_never_merged(two: Two) -> None:
    await two.b_imports()
    (theirs,) = await two.b_people()
    async with two.app.database.unit_of_work() as db:
        account = await db.get_one(Account, two.app.accounts["b-organiser"])
        await accounts.grant(db, account, two.app.project_id, Role.organiser)
    given = {"kept_id": theirs["id"], "merged_id": two.person["id"]}
    answer = await two.app.api("b-organiser").post("/api/v1/merges", json=given)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "two-projects")
    assert (await two.app.api("b-organiser").get("/api/v1/merges/look-alikes")).json() == []


async def test_what_came_back_to_one_project_neither_stops_nor_shows_in_another(two: Two) -> None:
    async with two.app.database.unit_of_work() as db:
        await suppress(db, two.app.project_id, ADDRESS, Why.no_such_address, "gone", at=two.app.clock())
    event = await two.b_imports()
    desk = await two.app.at_desk("b-organiser")
    assert ADDRESS not in (await desk.get("/mail/suppressed")).text
    api = two.app.api("b-organiser")
    assert (await api.post(f"/api/v1/events/{event['id']}/invitations")).status_code == 202
    await two.app.work()
    assert (await api.post(f"/api/v1/events/{event['id']}/messages/release")).status_code == 200
    await two.app.work()
    (mail,) = await two.app.mails("events/invitation", about=event["id"])
    assert mail.state == "sent"
    async with two.app.database.reading() as db:
        assert len((await db.exec(select(Suppression))).all()) == 1


async def test_the_name_of_an_account_in_one_project_does_not_show_to_who_gives_it_a_role_in_another(
    two: Two,
) -> None:
    desk = await two.app.at_desk("b-administrator")
    before = (await desk.get(f"/projects/{two.b}/members")).text.count("Elif Karaca")
    given = {"name": "E. K.", "address": "organiser@example.org", "role": "auditor"}
    assert (await desk.send(f"/projects/{two.b}/members", given)).is_redirect
    assert "E. K." in desk.page
    # B's own organiser has the same name; nobody else may.
    assert desk.page.count("Elif Karaca") == before


async def test_the_mails_and_the_history_of_a_project_call_nobody_by_the_name_they_have_in_another(
    two: Two,
) -> None:
    async with two.app.database.unit_of_work() as db:
        account = await db.get_one(Account, two.app.accounts["organiser"])
        account.name = "Undercover Name"
        await accounts.grant(db, account, two.b, Role.organiser, "E. K.")
    event = await two.b_imports()
    await two.app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    two.app.clock.forward(hours=24)
    desk = await two.app.at_desk("b-organiser")
    await sweep(two.app.fastapi.state.context)
    await two.app.work()
    for page in (f"/events/{event['id']}", "/mail", f"/projects/{two.b}", f"/projects/{two.b}/members"):
        assert "Undercover" not in (await desk.get(page)).text
    assert "E. K." in (await desk.get(f"/events/{event['id']}")).text


async def test_a_mail_to_one_project_is_read_by_no_other_that_knows_the_sender(two: Two) -> None:
    app = two.app
    settings = app.fastapi.state.settings
    async with app.database.unit_of_work() as db:
        person = await db.get_one(Person, UUID(two.person["id"]))
        person.address = person.address_key = "old@example.org"
        db.add(PersonAddress(project_id=app.project_id, person_id=person.id, address=ADDRESS, address_key=ADDRESS))
    await two.b_imports()
    (invitation,) = [m for m in await app.mails("events/invitation") if m.project_id == app.project_id]
    raw = (
        f"From: {ADDRESS}\r\nTo: office@example.org\r\nSubject: Danger\r\nIn-Reply-To: "
        f"<{invitation.id}@example.org>\r\n"
        "\r\nHe knows the venue.\r\n"
    ).encode()
    async with app.database.unit_of_work() as db:
        await receive(db, await read(raw), raw, "office@example.org", settings, at=app.clock())
    assert "Danger" not in (await (await app.at_desk("b-organiser")).get("/inbox")).text
    assert "Danger" in (await (await app.at_desk()).get("/inbox")).text


async def test_a_lost_link_is_mailed_for_every_project_and_only_to_that_mailbox(two: Two) -> None:
    await two.b_imports()
    before = len(await two.app.mails())
    answer = await two.app.stranger().client.post("/api/v1/public/lost-links", json={"address": ADDRESS})
    assert answer.status_code == 202
    await two.app.work()
    mails = (await two.app.mails())[before:]
    assert {m.to_address for m in mails} == {ADDRESS}


async def test_a_person_is_known_once_in_a_project(two: Two) -> None:
    again = await two.app.event(title="Another meeting")
    await two.app.name_people(again, [NAME])
    async with two.app.database.reading() as db:
        found = await db.exec(select(Person.id).where(col(Person.address_key) == ADDRESS))
    assert len(found.all()) == 1


async def test_reaching_for_another_projects_calendar_or_request_to_be_erased_is_noted(two: Two) -> None:
    path = f"/api/v1/events/{two.event['id']}/feeds"
    feed = (await two.app.api().post(path, json={"kind": "event"})).json()["id"]
    await (await two.app.owner(two.token)).post("/api/v1/invitation/erasure")
    request = (await two.app.api().get("/api/v1/erasures")).json()[0]["id"]
    api = two.app.api("b-organiser")
    tried = [
        await api.delete(f"/api/v1/feeds/{feed}"),
        await api.post(f"/api/v1/feeds/{feed}/renewal"),
        await api.post(f"/api/v1/erasures/{request}/settlement", json={"is_erased": True}),
    ]
    assert [answer.status_code for answer in tried] == [404, 404, 404]
    async with two.app.database.reading() as db:
        noted = await db.exec(select(audit.AuditEntry.object_id).where(audit.AuditEntry.act == "scope.refused"))
    assert sorted(map(str, noted.all())) == sorted([feed, feed, request])
