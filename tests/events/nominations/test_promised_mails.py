"""Pages that anybody may open promise a mail and tell nothing: the mail comes, and fits how the person stands."""

import re
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import update

from directory.people.models import Person
from events.invitations.invitations.rules import InvitationStatus
from events.nominations.public_registration.rules import STATUS_WORDS
from notifications.outbox.models import Message
from tests.directory.test_accounts import mailed_link
from tests.events.invitations.test_registrations import decline
from tests.events.messaging.test_digests import at_five
from tests.events.nominations.test_public_registration import apply, link_in, lose_link, public_event, roster
from tests.people import LINK, App, address_of
from tests.servers import MailServer

APPLICATION, STATUS = "events/application", "events/application-known"
ORGANISERS = "The organiser now knows that you would like to come"


async def ids(app: App, event: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Person and invitation by name."""
    people = await app.api().get(f"/api/v1/events/{event['id']}/people?limit=100")
    return {p["name"]: (p["person_id"], p["invitation_id"]) for p in people.json()["items"]}


async def withdraw(app: App, event: dict[str, Any], name: str) -> None:
    path = f"/api/v1/invitations/{(await ids(app, event))[name][1]}/withdrawal"
    assert (await app.api().post(path, json={"reason": "Another unit comes."})).status_code == 200


async def last(app: App, address: str) -> Message:
    """The mail that somebody had last."""
    found = [m for m in await app.mails() if m.to_address == address]
    assert found[-1].state == "sent"
    return found[-1]


async def people_in_every_status(app: App) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """A public event with people who stand in all ways that their own page leads to, and the kind of mail that each is
    to get with words of it."""
    event = await public_event(app, capacity=3)
    people = (
        "Invited",
        "Tentative",
        "Accepted",
        "Declined",
        "Cancelled",
        "Substituted",
        "Withdrawn",
        "Placed",
        "Waiting",
    )
    tokens = await app.invite(event, [f"Ayşe {name}" for name in people])
    await app.guest(tokens["Ayşe Tentative"]).post("/api/v1/invitation/tentative")
    for name in ("Accepted", "Cancelled"):
        await app.accept(tokens[f"Ayşe {name}"])
    await decline(app, tokens["Ayşe Cancelled"])
    await decline(app, tokens["Ayşe Declined"])
    await withdraw(app, event, "Ayşe Withdrawn")
    deniz = {"name": "Deniz Vekil", "address": "deniz.vekil@example.org"}
    for name in ("Substituted", "Placed", "Waiting"):
        await app.accept(tokens[f"Ayşe {name}"])
    await app.guest(tokens["Ayşe Substituted"]).post("/api/v1/invitation/substitution", json=deniz)
    # Named, and a question that waits for its release.
    await app.name_people(event, ["Ayşe Draft"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.name_people(event, ["Ayşe Nominated"])
    await app.work()
    return event, {
        "Nominated": (APPLICATION, "open the link and say yes"),
        "Draft": (APPLICATION, "open the link and say yes"),
        "Invited": (STATUS, "You are invited already"),
        "Tentative": (STATUS, "You answered that you may come"),
        "Accepted": (STATUS, "You have a place already"),
        "Declined": (STATUS, "You told us that you do not come"),
        "Cancelled": (STATUS, "You gave your place back"),
        "Waiting": (STATUS, "You are on the waiting list"),
        "Substituted": (STATUS, ORGANISERS),
        "Withdrawn": (STATUS, ORGANISERS),
        "Nobody": (APPLICATION, "open the link and say yes"),
    }


async def test_whoever_asks_on_the_public_page_gets_the_promised_mail_however_they_stand(app: App) -> None:
    event, expected = await people_in_every_status(app)
    answers, links = set(), {}
    async with app.database.unit_of_work() as db:
        await db.exec(update(Person).values(language="en"))
    for name, (kind, words) in expected.items():
        address = address_of(f"Ayşe {name}")
        answer = await apply(app, event, name=f"Ayşe {name}", address=address, language="en")
        answers.add((answer.status_code, answer.text))
        mail = await last(app, address)
        assert (mail.kind, words in mail.plain) == (kind, True), (name, mail.plain)
        links[name] = LINK.search(mail.plain)
    assert len(answers) == 1
    assert [name for name, link in links.items() if link is None] == ["Withdrawn"]
    for name in ("Nominated", "Draft", "Declined"):
        link = links[name]
        assert link
        assert (await app.accept(link.group(1)))["status"] == "waiting"
    # The question that waited was asked, and is not asked twice.
    released = await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    assert released.status_code == 409
    assert set(STATUS_WORDS) == set(InvitationStatus) - {InvitationStatus.nominated}


async def test_the_organiser_learns_of_those_whom_only_they_can_let_in(app: App) -> None:
    event = await public_event(app, "approval")
    await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await withdraw(app, event, "Ayşe Bir")
    await apply(app, event, name="Ayşe Bir", address="ayse.bir@example.org")
    await apply(app, event, name="Mehmet İki", address="mehmet.iki@example.org")
    path = f"/api/v1/events/{event['id']}/people?mark=reapplied"
    assert [p["name"] for p in (await app.api().get(path)).json()["items"]] == ["Ayşe Bir"]
    (digest,) = [m for m in await at_five(app) if m.to_address.startswith("organiser")]
    assert re.search(r"Asked again on the public page\W+1\b", digest.plain)
    invitation = (await ids(app, event))["Ayşe Bir"][1]
    page = await (await app.at_desk()).get(f"/events/{event['id']}/people/{invitation}")
    assert "To let them in, add them to the list again." in page.text
    assert "Asked for a place on the public page again" in page.text
    # Named anew they are like anybody who is named: the question has been answered.
    await app.name_people(event, ["Ayşe Bir"])
    assert (await roster(app, event))["Ayşe Bir"] == "nominated"
    await withdraw(app, event, "Ayşe Bir")
    assert (await app.api().get(path)).json()["items"] == []


async def test_who_was_only_named_waits_for_the_decision_like_anybody_who_asks(sqlite_app: App) -> None:
    event = await public_event(sqlite_app, "approval")
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    await apply(sqlite_app, event, name="Ayşe Bir", address="ayse.bir@example.org")
    assert (await sqlite_app.accept(await link_in(sqlite_app, APPLICATION)))["status"] == "pending"


async def test_mail_goes_to_the_mailbox_at_which_somebody_asked(sqlite_app: App) -> None:
    """People have several. What is typed elsewhere is nobody's business."""
    event = await public_event(sqlite_app)
    await sqlite_app.invite(event, ["Ayşe Bir"])
    await sqlite_app.name_people(event, ["Mehmet İki"])
    people = await ids(sqlite_app, event)
    for name, first, other in (
        ("Ayşe Bir", "ayse.bir@example.org", "a@bar.example"),
        ("Mehmet İki", None, "m@bar.example"),
    ):
        given = {"name": name, "address": first, "other_addresses": [other]}
        assert (await sqlite_app.api().put(f"/api/v1/people/{people[name][0]}", json=given)).status_code == 200
    await lose_link(sqlite_app, "a@bar.example")
    await apply(sqlite_app, event, name="Ayşe Bir", address="a@bar.example")
    await apply(sqlite_app, event, name="Mehmet İki", address="m@bar.example")
    mails = [(m.kind, m.to_address) for m in await sqlite_app.mails() if m.to_address.endswith("bar.example")]
    assert mails == [("events/link", "a@bar.example"), (STATUS, "a@bar.example"), (APPLICATION, "m@bar.example")]
    (mail,) = await sqlite_app.mails(APPLICATION)
    (entry,) = Calendar.from_ical(str(mail.calendar)).walk("VEVENT")
    assert str(entry["ATTENDEE"]).lower() == "mailto:m@bar.example"


async def test_lost_links_bring_a_mail_to_whoever_is_known(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Draft"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.name_people(event, ["Ayşe Nominated", "Odak Kişi"])
    institutions = (await app.api().get("/api/v1/institutions")).json()["items"]
    people = await ids(app, event)
    focal = {"people": [people["Odak Kişi"][0]]}
    await app.api().put(f"/api/v1/institutions/{institutions[0]['id']}/focal-points", json=focal)
    call = {"institution_id": institutions[0]["id"], "capacity": 1, "answer_by": "2026-04-01"}
    await app.api().post(f"/api/v1/events/{event['id']}/calls", json=call)
    await app.work()
    for name in ("Ayşe Draft", "Ayşe Nominated", "Odak Kişi"):
        await lose_link(app, address_of(name))
        # What waits for its release is nothing that anybody was told.
        assert (await last(app, address_of(name))).kind == "events/no-link"
    await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    await lose_link(app, address_of("Odak Kişi"))
    mail = await last(app, address_of("Odak Kişi"))
    link = re.search(r"/n/[\w-]{20,}", mail.plain)
    assert (mail.kind, link is not None) == ("events/call-link", True)
    assert link
    assert (await app.stranger().get(link[0])).status_code == 200
    await lose_link(app, "nobody@example.org")
    assert not [m for m in await app.mails() if m.to_address == "nobody@example.org"]


async def test_who_asks_for_a_mail_is_tried_again_at_an_address_that_was_unknown(
    mailing_app: App, mail_server: MailServer
) -> None:
    app, refusal = mailing_app, "550 5.1.1 no such user"
    event = await public_event(app)
    addresses = ["ayse.bir@example.org", "mehmet.iki@example.org", "gulsen.uc@example.org", "organiser@example.org"]
    mail_server.answers = dict.fromkeys(addresses, refusal)
    await app.invite(event, ["Ayşe Bir", "Mehmet İki", "Gülşen Üç"])
    await mailed_link(app)
    await app.work()
    mail_server.answers = {}
    tokens = {m.to_name: LINK.search(m.plain) for m in await app.mails("events/invitation")}
    token = tokens["Gülşen Üç"]
    await apply(app, event, name="Ayşe Bir", address="ayse.bir@example.org")
    await lose_link(app, "mehmet.iki@example.org")
    assert token
    assert (await app.guest(token[1]).post("/api/v1/invitation/code")).status_code == 202
    await mailed_link(app)
    await app.work()
    assert sorted(to[0] for to, _ in mail_server.taken) == sorted(addresses)


@pytest.mark.parametrize("is_released", [False, True])
async def test_an_invitation_that_has_not_gone_goes_to_the_address_as_it_was_corrected(
    mailing_app: App, mail_server: MailServer, is_released: bool
) -> None:
    app, name = mailing_app, "Ayşe Bir"
    event = await app.event()
    await app.name_people(event, [name])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    if is_released:
        await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    new = "ayse.bir.with.a.name.that.is.too.long.for.a.line.of.a.calendar@yeni.example.org"
    person = (await ids(app, event))[name][0]
    assert (await app.api().put(f"/api/v1/people/{person}", json={"name": name, "address": new})).status_code == 200
    if not is_released:
        await app.work()
        assert mail_server.taken == []
        await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    assert {to[0] for to, _ in mail_server.taken} == {new}
    (mail,) = await app.mails("events/invitation")
    (entry,) = Calendar.from_ical(str(mail.calendar)).walk("VEVENT")
    assert str(entry["ATTENDEE"]).lower() == f"mailto:{new}"
    link = LINK.search(mail.plain)
    assert link
    assert (await app.stranger().get(link.group(0))).status_code == 200


async def test_a_focal_point_whose_address_is_corrected_gets_a_link_there(sqlite_app: App) -> None:
    app = sqlite_app
    event, project = await app.event(), str(app.project_id)
    given = {"project_id": project, "name": "Odak Kişi", "address": "odak@example.org", "institution": "Court"}
    person = (await app.api().post("/api/v1/people", json=given)).json()["id"]
    institution = (await app.api().get("/api/v1/institutions")).json()["items"][0]["id"]
    await app.api().put(f"/api/v1/institutions/{institution}/focal-points", json={"people": [person]})
    call = {"institution_id": institution, "capacity": 1, "answer_by": "2026-04-01"}
    await app.api().post(f"/api/v1/events/{event['id']}/calls", json=call)
    await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    given = {"name": "Odak Kişi", "address": "odak@yeni.example.org"}
    await app.api().put(f"/api/v1/people/{person}", json=given)
    await app.work()
    mail = await last(app, "odak@yeni.example.org")
    link = re.search(r"/n/[\w-]{20,}", mail.plain)
    assert link
    assert (await app.stranger().get(link[0])).status_code == 200


async def test_the_desk_reads_who_was_added_to_a_full_event_and_waits(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    here = f"/events/{(await sqlite_app.event(capacity=1))['id']}/people"
    told = []
    for name, address in (("Ayşe Bir", "ayse@example.org"), ("Can İki", "can@example.org"), ("Ece Üç", "")):
        await desk.get(here)
        await desk.send(here, {"name": name, "address": address, "how": "add"})
        told.append(re.sub(r"<[^>]+>", "", desk.page))
    assert "Ayşe Bir is on the list and told by mail." in told[0]
    assert "No place is free: Can İki is on the waiting list and told by mail." in told[1]
    assert "No place is free: Ece Üç is on the waiting list and gets no mail." in told[2]


async def test_the_desk_is_promised_no_mail_that_nobody_gets(sqlite_app: App) -> None:
    """Of a letter to nobody, and of what is decided about people without an address."""
    app, desk = sqlite_app, await sqlite_app.at_desk()
    event = await app.event()
    here = f"/events/{event['id']}/people"
    told = []
    for address in ("ayse.bir@example.org", ""):
        form = {"name": f"Ayşe {address[:4]}Bir", "address": address, "institution": "Court", "how": "add"}
        await desk.get(here)
        await desk.send(here, form)
        told.append("told by mail" in desk.page)
        invitation = (await ids(app, event))[form["name"]][1]
        await desk.get(f"{here}/{invitation}")
        await desk.send(f"{here}/{invitation}/answer", {"how": "telephone", "answer": "declined"})
        told.append("They are told by mail." in desk.page)
    institution = (await app.api().get("/api/v1/institutions")).json()["items"][0]["id"]
    call = {"institution_id": institution, "capacity": 1, "answer_by": "2026-04-01"}
    await app.api().post(f"/api/v1/events/{event['id']}/calls", json=call)
    one = (await app.api().get(f"/api/v1/events/{event['id']}/calls")).json()["items"][0]["id"]
    await desk.get(f"/calls/{one}")
    await desk.send(f"/calls/{one}/return", {"text": "Who comes?"})
    told.append("Your message is on its way." in desk.page)
    assert told == [True, True, False, False, False]
    assert "Nobody there can be written to" in desk.page
