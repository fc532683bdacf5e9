"""A personal link may be forwarded: it lets one answer, and shows nothing of what was told without the owner's
mailbox."""

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.people import LINK, App, Visitor, code_in

NAME = "Ayşe Yılmaz"
TOLD = {
    "passport_name": "AYSE YILMAZ-PASAPORT",
    "mobile": "+90 532 123 45 67",
    "diet": "No shellfish",
    "accessibility": "Quiet room",
    "emergency_contact": "Sister 0532",
    "agrees_data_use": True,
}
SECRETS = ("PASAPORT", "123 45 67", "shellfish", "Quiet room", "Sister 0532")


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
async def told(app: App) -> tuple[App, str]:
    """Somebody who has accepted and told us about themselves, and their link."""
    _, tokens = await app.accepted_event([NAME])
    answer = await app.guest(tokens[NAME]).put("/api/v1/invitation/details", json=TOLD)
    assert answer.status_code == 200, answer.text
    return app, tokens[NAME]


async def test_the_page_behind_a_link_shows_nothing_of_what_was_told(told: tuple[App, str]) -> None:
    app, token = told
    page = await app.stranger().get(f"/i/{token}")
    assert (page.status_code, secrets_in(page.text)) == (200, [])
    assert f"/i/{token}/code" in page.text


@pytest.mark.parametrize("path", ["data", "data.json", "calendar"])
async def test_what_shows_a_person_whole_leads_to_the_code(told: tuple[App, str], path: str) -> None:
    app, token = told
    answer = await app.stranger().client.get(f"/i/{token}/{path}")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"/i/{token}/code")


@pytest.mark.parametrize("path", ["data", "calendar.json", "calendar.jscalendar"])
async def test_programs_with_the_link_alone_are_told_that_it_takes_a_code(told: tuple[App, str], path: str) -> None:
    app, token = told
    answer = await app.guest(token).get(f"/api/v1/invitation/{path}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "code-needed")


async def test_what_was_told_is_not_changed_by_who_holds_the_link_alone(told: tuple[App, str]) -> None:
    app, token = told
    answer = await app.guest(token).put("/api/v1/invitation/details", json=TOLD | {"diet": "anything"})
    assert answer.status_code == 403
    visitor = app.stranger()
    await visitor.get(f"/i/{token}")
    sent = await visitor.send(f"/i/{token}/details", {**TOLD, "agrees_data_use": "yes", "diet": "anything"})
    assert sent.headers["location"].startswith(f"/i/{token}/code")
    assert (await visitor.client.post(f"/i/{token}/draft", data={"diet": "x"})).status_code in (303, 403)
    data = (await (await app.owner(token)).get("/api/v1/invitation/data")).json()
    assert data["registration"]["diet"] == "No shellfish"


async def test_the_code_from_the_mailbox_shows_what_was_told(told: tuple[App, str]) -> None:
    app, token = told
    browser = await app.owners_browser(token)
    page = await browser.get(f"/i/{token}")
    assert secrets_in(page.text) == list(SECRETS)
    assert secrets_in((await browser.get(f"/i/{token}/data")).text) == list(SECRETS)
    assert secrets_in((await (await app.owner(token)).get("/api/v1/invitation/data")).text) == list(SECRETS)


async def test_the_code_goes_to_the_owners_mailbox_alone_and_is_audited(told: tuple[App, str]) -> None:
    app, token = told
    answer = await app.guest(token).post("/api/v1/invitation/code")
    assert answer.json() == {"address": "a•••@example.org"}
    (mail,) = await app.mails("events/link-code")
    assert mail.to_address == "ayse.yilmaz@example.org"
    await app.guest(token).post("/api/v1/invitation/confirmation", json={"code": code_in(mail)})
    people = (await app.api().get("/api/v1/people")).json()["items"]
    page = (await (await app.at_desk()).get(f"/people/{people[0]['id']}")).text
    assert "Owner of a link confirmed by a code" in page


async def test_a_code_is_read_by_nobody_who_reads_a_projects_mail(mailing_app: App) -> None:
    _, tokens = await mailing_app.accepted_event([NAME])
    await mailing_app.guest(tokens[NAME]).post("/api/v1/invitation/code")
    (mail,) = await mailing_app.mails("events/link-code")
    desk = await mailing_app.at_desk()
    pages = [(await desk.get(path)).text for path in (f"/mail/{mail.id}", "/mail", f"/mail/{mail.id}/html")]
    pages.append((await mailing_app.api().get("/api/v1/messages")).text)
    assert [page for page in pages if code_in(mail) in page] == []


async def test_a_code_serves_once_and_for_a_quarter_of_an_hour(told: tuple[App, str]) -> None:
    app, token = told
    guest = app.guest(token)
    await guest.post("/api/v1/invitation/code")
    code = {"code": code_in((await app.mails("events/link-code"))[-1])}
    assert (await guest.post("/api/v1/invitation/confirmation", json=code)).status_code == 200
    assert (await guest.post("/api/v1/invitation/confirmation", json=code)).status_code == 422
    await guest.post("/api/v1/invitation/code")
    code = {"code": code_in((await app.mails("events/link-code"))[-1])}
    app.clock.forward(minutes=15)
    late = await guest.post("/api/v1/invitation/confirmation", json=code)
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "code")


async def test_codes_are_not_guessed_and_mailboxes_are_not_flooded(told: tuple[App, str]) -> None:
    app, token = told
    guest = app.guest(token)
    sent = [(await guest.post("/api/v1/invitation/code")).status_code for _ in range(5)]
    assert sent == [202, 202, 202, 429, 429]
    tried = [(await guest.post("/api/v1/invitation/confirmation", json={"code": "x"})).status_code for _ in range(10)]
    assert tried == [422] * 8 + [429] * 2


async def test_what_a_code_opened_closes_after_twelve_hours_and_with_the_link(
    told: tuple[App, str],
) -> None:
    app, token = told
    first = await app.owner(token)
    app.clock.forward(hours=12)
    assert (await first.get("/api/v1/invitation/data")).status_code == 404
    second = await app.owner(token)
    people = (await app.api().get("/api/v1/people")).json()["items"]
    given = {"name": NAME, "address": "new@example.org"}
    assert (await app.api().put(f"/api/v1/people/{people[0]['id']}", json=given)).status_code == 200
    assert (await second.get("/api/v1/invitation/data")).status_code == 410


async def test_a_code_opens_its_own_link_and_no_other(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event([NAME, "Mehmet Kaya"])
    mine, other = tokens[NAME], tokens["Mehmet Kaya"]
    browser = await sqlite_app.owners_browser(mine)
    answer = await browser.client.get(f"/i/{other}/data")
    assert answer.status_code == 303
    stolen = dict(browser.client.cookies)
    visitor = sqlite_app.stranger()
    for name, value in stolen.items():
        visitor.client.cookies.set(name, value)
    assert (await visitor.client.get(f"/i/{other}/data")).status_code == 303


async def first_details(app: App) -> tuple[Visitor, str]:
    """A browser that has just told, without any code, what nobody told before."""
    _, tokens = await app.accepted_event([NAME])
    visitor = app.stranger()
    await visitor.get(f"/i/{tokens[NAME]}")
    sent = await visitor.send(f"/i/{tokens[NAME]}/details", {**TOLD, "agrees_data_use": "yes"})
    assert sent.is_redirect
    return visitor, tokens[NAME]


async def test_the_browser_that_told_goes_on_seeing_it_and_no_other_browser_does(sqlite_app: App) -> None:
    author, token = await first_details(sqlite_app)
    assert secrets_in((await author.get(f"/i/{token}")).text) == list(SECRETS)
    assert secrets_in((await sqlite_app.stranger().get(f"/i/{token}")).text) == []
    assert (await author.client.get(f"/i/{token}/data")).status_code == 303


async def test_who_kept_a_draft_with_a_forwarded_link_does_not_see_what_the_owner_tells(app: App) -> None:
    _, tokens = await app.accepted_event([NAME])
    token = tokens[NAME]
    eve = app.stranger()
    await eve.get(f"/i/{token}")
    assert (await eve.send(f"/i/{token}/draft", {"diet": "eve"})).status_code == 204
    owner = await app.owners_browser(token)
    await owner.get(f"/i/{token}")
    assert (await owner.send(f"/i/{token}/details", {**TOLD, "agrees_data_use": "yes"})).is_redirect
    assert secrets_in((await eve.get(f"/i/{token}")).text) == []


async def test_who_told_first_by_one_link_does_not_see_what_the_owner_tells_by_another(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event([NAME])
    eve = sqlite_app.stranger()
    await eve.get(f"/i/{tokens[NAME]}")
    assert (await eve.send(f"/i/{tokens[NAME]}/draft", {"diet": "eve"})).status_code == 204
    await sqlite_app.work()
    second = LINK.search((await sqlite_app.mails("events/accepted"))[0].plain)
    assert second is not None
    assert second.group(1) != tokens[NAME]
    owner = await sqlite_app.owners_browser(second.group(1))
    await owner.get(f"/i/{second.group(1)}")
    assert (await owner.send(f"/i/{second.group(1)}/details", {**TOLD, "agrees_data_use": "yes"})).is_redirect
    assert secrets_in((await eve.get(f"/i/{tokens[NAME]}")).text) == []


async def test_a_draft_is_shown_to_the_browser_that_typed_it_alone(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event([NAME])
    token = tokens[NAME]
    typist = sqlite_app.stranger()
    await typist.get(f"/i/{token}")
    assert (await typist.send(f"/i/{token}/draft", {"diet": "No shellfish"})).status_code == 204
    assert secrets_in((await typist.get(f"/i/{token}")).text) == ["shellfish"]
    assert secrets_in((await sqlite_app.stranger().get(f"/i/{token}")).text) == []


async def test_what_staff_noted_of_a_person_is_not_filled_in_for_who_holds_the_link(app: App) -> None:
    _, tokens = await app.accepted_event([NAME])
    person = (await app.api().get("/api/v1/people")).json()["items"][0]["id"]
    noted = {
        "name": NAME,
        "address": "ayse.yilmaz@example.org",
        "passport_name": "AYSE YILMAZ-PASAPORT",
        "phones": ["+90 532 123 45 67"],
        "diet": "No shellfish",
    }
    assert (await app.api().put(f"/api/v1/people/{person}", json=noted)).status_code == 200
    assert secrets_in((await app.stranger().get(f"/i/{tokens[NAME]}")).text) == []
    eve = app.stranger()
    await eve.get(f"/i/{tokens[NAME]}")
    assert (await eve.send(f"/i/{tokens[NAME]}/draft", {"mobile": "1"})).status_code == 204
    assert secrets_in((await eve.get(f"/i/{tokens[NAME]}")).text) == []


async def answering(app: App) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Somebody who answered a question and sent a file by a program with the link; questions by their label."""
    event, tokens = await app.accepted_event([NAME])
    ids = {"Medicine": str(uuid4()), "Ticket": str(uuid4())}
    asked = [
        {"id": ids["Medicine"], "kind": "text", "label_en": "Medicine"},
        {"id": ids["Ticket"], "kind": "file", "label_en": "Ticket"},
    ]
    path = f"/api/v1/events/{event['id']}/questions"
    assert (await app.api().put(path, json={"questions": asked})).is_success
    owner = app.guest(tokens[NAME])
    told = {"answers": {ids["Medicine"]: "No shellfish"}}
    assert (await owner.put("/api/v1/invitation/answers", json=told)).is_success
    page = {"file": ("ticket.pdf", b"%PDF-1.7 mine", "application/pdf")}
    assert (await owner.put(f"/api/v1/invitation/answers/{ids['Ticket']}/file", files=page)).is_success
    return tokens[NAME], ids, event


async def test_an_answer_is_not_changed_by_who_holds_the_link_alone(sqlite_app: App) -> None:
    token, ids, _ = await answering(sqlite_app)
    eve = sqlite_app.guest(token)
    wrong = await eve.put("/api/v1/invitation/answers", json={"answers": {ids["Medicine"]: "anything"}})
    fake = {"file": ("ticket.pdf", b"%PDF-1.7 eve", "application/pdf")}
    other = await eve.put(f"/api/v1/invitation/answers/{ids['Ticket']}/file", files=fake)
    assert (wrong.status_code, other.status_code) == (403, 403)
    owner = await sqlite_app.owner(token)
    right = await owner.put("/api/v1/invitation/answers", json={"answers": {ids["Medicine"]: "No nuts"}})
    assert right.json()["answers"][ids["Medicine"]] == "No nuts"


async def test_who_would_keep_a_draft_to_see_what_was_answered_is_asked_for_the_code(sqlite_app: App) -> None:
    token, _, _ = await answering(sqlite_app)
    eve = sqlite_app.stranger()
    assert secrets_in((await eve.get(f"/i/{token}")).text) == []
    drafted = await eve.send(f"/i/{token}/draft", {"diet": "eve"})
    told = await eve.send(f"/i/{token}/details", {**TOLD, "agrees_data_use": "yes", "diet": "eve"})
    assert drafted.status_code != 204
    assert told.headers["location"].startswith(f"/i/{token}/code")
    assert secrets_in((await eve.get(f"/i/{token}")).text) == []


async def test_what_is_still_missing_tells_nothing_of_what_was_answered(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event([NAME])
    parent, child = str(uuid4()), str(uuid4())
    asked = [
        {"id": parent, "kind": "yes-no", "label_en": "Medicine"},
        {
            "id": child,
            "kind": "text",
            "label_en": "Which medicine",
            "label_tr": "Which medicine",
            "is_required": True,
            "depends_on_id": parent,
            "depends_value": "yes",
        },
    ]
    assert (await sqlite_app.api().put(f"/api/v1/events/{event['id']}/questions", json={"questions": asked})).is_success
    guest = sqlite_app.guest(tokens[NAME])
    assert (await guest.put("/api/v1/invitation/answers", json={"answers": {parent: "yes"}})).is_success
    assert (await guest.put("/api/v1/invitation/details", json=TOLD)).is_success
    assert "Which medicine" not in (await sqlite_app.stranger().get(f"/i/{tokens[NAME]}")).text
    assert (await guest.put("/api/v1/invitation/answers", json={"answers": {}})).json()["missing"] == []


async def test_without_a_mailbox_the_page_says_whom_to_ask(app: App) -> None:
    event = await app.event()
    lines = b"Name;Institution;Province\nAli Demir;Court;Ankara"
    made = await app.upload(event, lines)
    await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{row['invitation_id']}")
    shown = await desk.send(f"/events/{event['id']}/people/{row['invitation_id']}/link")
    token = shown.text.partition("/i/")[2][:32]
    page = await app.stranger().get(f"/i/{token}/code")
    assert "düzenleyiciye yazın" in page.text
    answer = await app.guest(token).post("/api/v1/invitation/code")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "no-mailbox")


async def test_the_code_leads_back_to_our_pages_only(told: tuple[App, str]) -> None:
    app, token = told
    for wanted in (
        "https://evil.example",
        "//evil.example",
        "/mail",
        f"/i/{token}/../../mail\\",
        "/i/other/data",
    ):
        page = await app.stranger().client.get(f"/i/{token}/code", params={"next": wanted})
        assert f'name="next" value="/i/{token}"' in page.text or 'name="next"' not in page.text


async def test_names_that_an_institution_gave_take_a_code_too(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Focal Point"])
    api = sqlite_app.api()
    institution = (await api.get("/api/v1/institutions")).json()["items"][0]["id"]
    person = (await api.get("/api/v1/people")).json()["items"][0]["id"]
    assert (await api.put(f"/api/v1/institutions/{institution}/focal-points", json={"people": [person]})).is_success
    call: dict[str, Any] = {"institution_id": institution, "capacity": 2, "answer_by": "2026-04-01"}
    assert (await api.post(f"/api/v1/events/{event['id']}/calls", json=call)).status_code == 201
    assert (await api.post(f"/api/v1/events/{event['id']}/messages/release")).is_success
    await sqlite_app.work()
    token = (await sqlite_app.mails("events/call"))[0].plain.partition("/n/")[2][:32]
    focal = sqlite_app.guest(token)
    first = await focal.put(
        "/api/v1/nomination/names", json={"names": [{"name": "Gizli Kişi", "address": "g@example.org"}]}
    )
    assert first.status_code == 200
    assert "Gizli" not in (await focal.get("/api/v1/nomination")).text
    assert "Gizli" not in (await sqlite_app.stranger().get(f"/n/{token}")).text
    assert (await focal.put("/api/v1/nomination/names", json={"names": []})).status_code == 403
    assert "Gizli" in (await (await sqlite_app.owners_browser(token, "n")).get(f"/n/{token}")).text
    assert (
        "Gizli"
        in (await sqlite_app.guest(await sqlite_app.confirmed(token, "nomination")).get("/api/v1/nomination")).text
    )


async def test_another_address_of_a_focal_point_ends_the_links_to_the_old_one(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Focal Point"])
    api = sqlite_app.api()
    institution = (await api.get("/api/v1/institutions")).json()["items"][0]["id"]
    person = (await api.get("/api/v1/people")).json()["items"][0]["id"]
    await api.put(f"/api/v1/institutions/{institution}/focal-points", json={"people": [person]})
    call = {"institution_id": institution, "capacity": 1, "answer_by": "2026-04-01"}
    await api.post(f"/api/v1/events/{event['id']}/calls", json=call)
    await api.post(f"/api/v1/events/{event['id']}/messages/release")
    await sqlite_app.work()
    token = (await sqlite_app.mails("events/call"))[0].plain.partition("/n/")[2][:32]
    session = await sqlite_app.confirmed(token, "nomination")
    given = {"name": "Focal Point", "address": "new@example.org"}
    assert (await api.put(f"/api/v1/people/{person}", json=given)).status_code == 200
    assert (await sqlite_app.guest(session).get("/api/v1/nomination")).status_code == 410
    assert (await sqlite_app.stranger().get(f"/n/{token}")).status_code == 410


@pytest.mark.parametrize(
    "typed", ["{0} {1}", "{0}-{1}", " {0}{1}\u00a0", "{2}"], ids=["group", "hyphen", "edges", "arabic"]
)
async def test_a_code_is_taken_however_it_is_typed(sqlite_app: App, typed: str) -> None:
    _, tokens = await sqlite_app.accepted_event([NAME])
    guest = sqlite_app.guest(tokens[NAME])
    await guest.post("/api/v1/invitation/code")
    code = code_in((await sqlite_app.mails("events/link-code"))[-1])
    written = typed.format(code[:3], code[3:], "".join(chr(0x660 + int(digit)) for digit in code))
    answer = await guest.post("/api/v1/invitation/confirmation", json={"code": written})
    assert answer.status_code == 200, answer.text


async def test_another_language_leads_on_to_the_same_place_after_the_code(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event([NAME])
    here, reader = f"/i/{tokens[NAME]}", sqlite_app.stranger()
    await reader.get(f"{here}/code?next={here}/calendar")
    asked = reader.page
    await reader.send(f"{here}/code/mail", {"next": f"{here}/calendar"})
    for page in (asked, reader.page):
        assert re.search(rf'name="next" value="{here}/code\?next=[^"]*calendar"', page)
