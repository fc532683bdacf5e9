"""What people agree to, what they see of their data, and how it ends."""

from typing import Any

import sqlalchemy as sa

from tests.events.invitations.test_registrations import DETAILS
from tests.people import App


async def told(app: App, name: str = "Ayşe Bir", **details: Any) -> tuple[dict[str, Any], str]:
    """An event to which somebody said yes and told us everything."""
    event, tokens = await app.accepted_event([name])
    answer = await app.guest(tokens[name]).put("/api/v1/invitation/details", json={**DETAILS, **details})
    assert answer.status_code == 200, answer.text
    return event, tokens[name]


async def data(app: App, token: str) -> dict[str, Any]:
    answer = await (await app.owner(token)).get("/api/v1/invitation/data")
    found: dict[str, Any] = answer.json()
    return found


async def consents(app: App, token: str) -> dict[str, tuple[int, bool]]:
    return {c["purpose"]: (c["version"], c["is_given"]) for c in (await data(app, token))["consents"]}


async def say(app: App, token: str, purpose: str, is_given: bool) -> None:
    answer = await (await app.owner(token)).post(
        "/api/v1/invitation/consents", json={"purpose": purpose, "is_given": is_given}
    )
    assert answer.status_code == 204


async def request_of(app: App, token: str) -> str:
    assert (await (await app.owner(token)).post("/api/v1/invitation/erasure")).status_code == 202
    requests = (await app.api().get("/api/v1/erasures")).json()
    assert len(requests) == 1
    id: str = requests[0]["id"]
    return id


async def settle(app: App, id: str, *, erased: bool = True, reason: str = "") -> int:
    answer = await app.api().post(f"/api/v1/erasures/{id}/settlement", json={"is_erased": erased, "reason": reason})
    return answer.status_code


async def test_each_purpose_is_agreed_to_apart_with_its_version(sqlite_app: App) -> None:
    _, token = await told(sqlite_app, agrees_photographs=True)
    assert await consents(sqlite_app, token) == {"data-use": (0, True), "photographs": (0, True)}


async def test_other_words_are_a_new_version_for_whoever_agrees_from_then_on(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    given = {"purpose": "data-use", "text_en": "We keep it for seven years.", "text_tr": "Yedi yıl saklarız."}
    path = f"/api/v1/projects/{sqlite_app.project_id}/consent-texts"
    first = await sqlite_app.api().post(path, json=given)
    same = await sqlite_app.api().post(path, json=given)
    assert (first.json()["version"], same.json()["version"]) == (1, 1)
    assert await consents(sqlite_app, token) == {"data-use": (0, True)}
    assert "Yedi yıl saklarız." in (await (await sqlite_app.owners_browser(token)).get(f"/i/{token}")).text
    await (await sqlite_app.owner(token)).put("/api/v1/invitation/details", json=DETAILS)
    assert await consents(sqlite_app, token) == {"data-use": (1, True)}


async def test_every_word_to_a_purpose_is_kept_with_its_moment(app: App) -> None:
    _, token = await told(app, agrees_photographs=True)
    app.clock.forward(hours=1)
    await say(app, token, "photographs", False)
    async with app.database.reading() as db:
        rows = (
            await (await db.connection()).execute(
                sa.text("SELECT is_given FROM consent WHERE purpose = 'photographs' ORDER BY said_at")
            )
        ).all()
    assert [bool(row[0]) for row in rows] == [True, False]
    assert (await consents(app, token))["photographs"] == (0, False)


async def test_ending_the_use_of_data_gives_the_place_back(sqlite_app: App) -> None:
    event, token = await told(sqlite_app)
    await say(sqlite_app, token, "data-use", False)
    stands = (await sqlite_app.guest(token).get("/api/v1/invitation")).json()
    taken = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"]
    assert (stands["status"], stands["registration"], taken) == ("cancelled", None, 0)


async def test_a_person_sees_and_takes_along_all_that_is_kept_about_them(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    seen = await data(sqlite_app, token)
    assert seen["registration"]["mobile"] == "+90 532 000 00 00"
    assert [m["state"] for m in seen["mails"]] == ["sent", "queued", "queued"]
    visitor = await sqlite_app.owners_browser(token)
    page = await visitor.get(f"/i/{token}/data")
    file = await visitor.get(f"/i/{token}/data.json")
    assert "+90 532 000 00 00" in page.text
    assert (file.json()["person"]["name"], "attachment" in file.headers["content-disposition"]) == (
        "Ayşe Bir",
        True,
    )


async def test_a_name_is_corrected_until_names_freeze(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"], names_freeze_on="2026-03-05")
    guest = await app.owner(tokens["Ayşe Bir"])
    given = {"name": "Ayşe Bir-Kaya", "title": "Judge", "language": "en"}
    assert (await guest.put("/api/v1/invitation/person", json=given)).status_code == 204
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people", params={"q": "kaya"})).json()
    assert [p["name"] for p in people["items"]] == ["Ayşe Bir-Kaya"]
    app.clock.now = app.clock.now.replace(day=6)
    guest = await app.owner(tokens["Ayşe Bir"])
    late = await guest.put("/api/v1/invitation/person", json={**given, "name": "Other"})
    position = await guest.put("/api/v1/invitation/person", json={**given, "title": "Chief judge"})
    assert (late.status_code, position.status_code) == (409, 204)


async def test_somebody_who_is_still_coming_is_not_erased(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    id = await request_of(sqlite_app, token)
    answer = await sqlite_app.api().post(f"/api/v1/erasures/{id}/settlement", json={"is_erased": True})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "still-coming")
    assert (await data(sqlite_app, token))["person"]["name"] == "Ayşe Bir"


async def test_who_is_not_erased_is_told_why_by_mail(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    assert await settle(sqlite_app, await request_of(sqlite_app, token), erased=False, reason="It was paid for.") == 204
    await sqlite_app.work()
    (mail,) = await sqlite_app.mails("events/erasure-answer")
    assert (mail.state, mail.to_address, "It was paid for." in mail.plain) == ("sent", "ayse.bir@example.org", True)


async def test_nobody_is_kept_without_being_told_why(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    id = await request_of(sqlite_app, token)
    assert await settle(sqlite_app, id, erased=False, reason=" ") == 422
    desk = await sqlite_app.at_desk()
    page = await desk.send(f"/erasures/{id}", {"is_erased": "no", "reason": ""})
    assert (page.status_code, page.text.count("Please write why it is kept: the person is told.")) == (422, 2)
    # What was written stays where the answer is another no.
    page = await desk.send(f"/erasures/{id}", {"is_erased": "yes", "reason": "All but the lists."})
    assert (page.status_code, 'value="All but the lists."' in page.text) == (409, True)
    await sqlite_app.work()
    assert await sqlite_app.mails("events/erasure-answer") == []
    assert [one["id"] for one in (await sqlite_app.api().get("/api/v1/erasures")).json()] == [id]


async def test_erasing_leaves_no_trace_of_a_person_but_what_an_audit_needs(app: App) -> None:
    event, token = await told(app)
    await app.sign(event, "2026-04-14")
    app.clock.now = app.clock.now.replace(month=4, day=20)
    id = await request_of(app, token)
    assert await settle(app, id) == 204
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert [(p["name"], p["address"], p["status"]) for p in people] == [("–", None, "accepted")]
    assert (await app.stranger().get(f"/i/{token}")).status_code == 410
    left = [text for m in await app.mails(about=event["id"]) for text in (m.to_name, m.to_address, m.plain, m.subject)]
    assert not any("Ayşe" in text or "@" in text for text in left)
    async with app.database.reading() as db:
        connection = await db.connection()
        signed = (await connection.execute(sa.text("SELECT count(*) FROM attendance"))).scalar_one()
    assert signed == 2


async def test_the_list_of_people_and_its_file_leave_out_who_was_erased(app: App) -> None:
    event, token = await told(app)
    await app.name_people(event, ["Mehmet İki"])
    await app.sign(event, "2026-04-14")
    app.clock.now = app.clock.now.replace(month=4, day=20)
    await settle(app, await request_of(app, token))
    listed = (await app.api().get("/api/v1/people")).json()["items"]
    rows = (await app.api().get("/api/v1/people.csv")).text.splitlines()
    assert ([one["name"] for one in listed], len(rows)) == (["Mehmet İki"], 2)


async def test_a_request_is_settled_once(app: App) -> None:
    _, token = await told(app)
    id = await request_of(app, token)
    answers = [await settle(app, id, erased=False, reason="The audit needs it.") for _ in range(2)]
    assert answers == [204, 409]
    assert (await app.api().get("/api/v1/erasures")).json() == []


async def test_asking_twice_to_be_erased_is_asking_once(app: App) -> None:
    _, token = await told(app)
    await request_of(app, token)
    await request_of(app, token)


async def test_another_projects_requests_are_not_seen(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    id = await request_of(sqlite_app, token)
    await sqlite_app.found("P-OTHER", prefix="other-")
    theirs = sqlite_app.api("other-organiser")
    seen = (await theirs.get("/api/v1/erasures")).json()
    settled = await theirs.post(f"/api/v1/erasures/{id}/settlement", json={"is_erased": True})
    assert (seen, settled.status_code) == ([], 404)


async def test_the_page_of_ones_data_does_it_all(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    visitor, path = await sqlite_app.owners_browser(token), f"/i/{token}/data"
    await visitor.get(path)
    wrong = await visitor.send(f"{path}/correct", {"name": " ", "title": "Judge", "language": "tr"})
    assert (wrong.status_code, 'value="Judge"' in wrong.text) == (422, True)
    await visitor.send(f"{path}/correct", {"name": "Ayşe İki", "language": "tr"})
    await visitor.send(f"{path}/consent", {"purpose": "contacts", "is_given": "yes"})
    await visitor.send(f"{path}/erase")
    assert (await data(sqlite_app, token))["person"]["name"] == "Ayşe İki"
    assert (await consents(sqlite_app, token))["contacts"] == (0, True)
    desk = await sqlite_app.at_desk()
    page = await desk.get("/erasures")
    assert "Ayşe İki" in page.text


async def test_the_page_says_that_erasure_is_asked_for_until_it_is_answered(sqlite_app: App) -> None:
    _, token = await told(sqlite_app)
    visitor, path = await sqlite_app.owners_browser(token), f"/i/{token}/data"
    assert "Silinmesini iste" in (await visitor.get(path)).text
    id = await request_of(sqlite_app, token)
    asked = " ".join((await visitor.get(path)).text.split())
    assert "Bunu 2 Mart 2026 tarihinde istediniz. En geç 1 Nisan 2026 tarihinde yanıt alırsınız." in asked
    assert "Silinmesini iste" not in asked
    await settle(sqlite_app, id, erased=False, reason="It was paid for.")
    assert "Silinmesini iste" in (await visitor.get(path)).text


async def test_only_whose_place_is_given_back_is_warned_of_it(sqlite_app: App) -> None:
    event, token = await told(sqlite_app)
    visitor, path = await sqlite_app.owners_browser(token), f"/i/{token}/data"
    assert "yeriniz geri verilir" in (await visitor.get(path)).text
    await sqlite_app.sign(event, "2026-04-14")
    page = (await (await sqlite_app.owners_browser(token)).get(path)).text
    assert "yeriniz geri verilir" not in page
    assert "İmzaladıklarınız ve ödenen tutarlar denetim için saklanır. Rızanız geri alınsın mı?" in page


async def test_who_was_never_invited_is_erased_where_they_ask_by_letter(app: App) -> None:
    await app.name_people(await app.event(), ["Ayşe Bir"])
    (person,) = (await app.api().get("/api/v1/people")).json()["items"]
    desk = await app.at_desk()
    page = (await desk.get(f"/people/{person['id']}")).text
    assert f'action="/people/{person["id"]}/erasure"' in page
    for _ in range(2):
        await desk.send(f"/people/{person['id']}/erasure")
    assert "Ayşe Bir" in desk.page
    ((id, name),) = [(one["id"], one["name"]) for one in (await app.api().get("/api/v1/erasures")).json()]
    assert (name, await settle(app, id)) == ("Ayşe Bir", 204)
    assert (await app.api().get("/api/v1/people")).json()["items"] == []
    assert (await app.api().post(f"/api/v1/people/{person['id']}/erasure")).status_code == 404
    assert (await app.api("auditor").post(f"/api/v1/people/{person['id']}/erasure")).status_code == 403
