"""Superiors of those who attended are asked some months later, each mailbox once, and truly without a name."""

import re
from typing import Any

from sqlmodel import select

from events.attendance.evaluations.models import EvaluationResponse
from events.attendance.superiors.models import Superior
from tests.events.attendance.test_evaluations import form, opened, results
from tests.people import App, names

PEOPLE = names(5)
LINK = re.compile(r"/superior/([a-z2-7]{52})")
AGREED = {"is_agreed": True}


async def attended(app: App) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    event, tokens = await app.accepted_event(PEOPLE)
    await app.sign(event, event["first_day"])
    return event, tokens, await app.registrations(event)


def chief(number: int, **more: Any) -> dict[str, Any]:
    return {"name": f"Chief {number}", "address": f"chief{number}@example.gov", "language": "en", **AGREED, **more}


async def asked(app: App, id: str) -> dict[str, str]:
    """Write to all superiors and send it. Returns the token of each by address."""
    written = await app.api().post(f"/api/v1/evaluations/{id}/requests")
    assert written.status_code == 202, written.text
    await app.work()
    mails = [one for one in await app.mails(f"events/evaluation/{id}") if one.state.value == "draft"]
    assert (await app.api().post(f"/api/v1/evaluations/{id}/requests/release")).json() == {"released": len(mails)}
    await app.work()
    found = {mail.to_address: LINK.search(mail.plain) for mail in mails}
    return {address: link.group(1) for address, link in found.items() if link}


async def answer(app: App, token: str, **said: Any) -> int:
    path = f"/api/v1/superior/{token}"
    return (await app.stranger().client.post(path, json={"answers": said})).status_code


async def test_one_mailbox_is_asked_once_about_all_its_people_and_answers_once_without_a_trace(app: App) -> None:
    event, _, people = await attended(app)
    path = f"/api/v1/events/{event['id']}/superiors"
    for name, number, spelled in ((PEOPLE[0], 1, "chief1"), (PEOPLE[1], 1, "Chief1"), (PEOPLE[2], 2, "chief2")):
        given = chief(number, address=f"{spelled}@example.gov")
        assert (await app.api().put(f"{path}/{people[name]}", json=given)).status_code == 204
    id = await opened(app, event, kind="superiors")
    tokens = await asked(app, id)
    assert set(tokens) == {"chief1@example.gov", "chief2@example.gov"}
    shown = (await app.stranger().client.get(f"/api/v1/superior/{tokens['chief1@example.gov']}")).json()
    assert (shown["people"], shown["is_anonymous"], shown["is_answered"]) == (PEOPLE[:2], True, False)
    assert [await answer(app, tokens["chief1@example.gov"], q1=5, q4="More cases") for _ in range(2)] == [204, 409]
    async with app.database.reading() as db:
        (kept,) = (await db.exec(select(EvaluationResponse))).all()
    assert (kept.superior_id, kept.registration_id, kept.pair_hash) == (None, None, "")
    assert set(Superior.model_fields) == {"id", "event_id", "name", "address", "language", "has_answered"}
    counted = await results(app, id)
    assert (counted["to_ask"], counted["answered"]) == (2, 1)
    # Asked again, it goes to who has not answered alone.
    app.clock.forward(days=14)
    assert set(await asked(app, id)) == {"chief2@example.gov"}


async def test_a_superior_is_asked_only_where_the_participant_agrees_and_is_somebody_else(app: App) -> None:
    event, tokens, people = await attended(app)
    path = f"/api/v1/events/{event['id']}/superiors/{people[PEOPLE[0]]}"
    assert (await app.api().put(path, json=chief(1, is_agreed=False))).json()["type"].endswith("not-agreed")
    own = (await app.api().get("/api/v1/people")).json()["items"]
    address = next(one["address"] for one in own if one["name"] == PEOPLE[0])
    assert (await app.api().put(path, json=chief(1, address=address))).json()["type"].endswith("own-superior")
    guest = app.guest(tokens[PEOPLE[0]])
    assert (await guest.put("/api/v1/invitation/superior", json=chief(1))).status_code == 204
    found = (await app.api().get(path.rpartition("/")[0])).json()["items"]
    told = {row["participant"]: row["source"] for row in found}
    assert told == {**dict.fromkeys(PEOPLE), PEOPLE[0]: "participant"}
    assert (await guest.delete("/api/v1/invitation/superior")).status_code == 204
    async with app.database.reading() as db:
        assert (await db.exec(select(Superior))).all() == []


async def test_a_request_that_has_not_left_is_taken_back_with_the_agreement(app: App) -> None:
    event, tokens, people = await attended(app)
    for name in PEOPLE[:2]:
        await app.api().put(f"/api/v1/events/{event['id']}/superiors/{people[name]}", json=chief(1))
    id = await opened(app, event, kind="superiors")
    await app.api().post(f"/api/v1/evaluations/{id}/requests")
    await app.work()
    assert (await app.guest(tokens[PEOPLE[0]]).delete("/api/v1/invitation/superior")).status_code == 204
    app.clock.forward(minutes=1)
    await app.api().post(f"/api/v1/evaluations/{id}/requests")
    await app.work()
    mails = await app.mails(f"events/evaluation/{id}")
    assert [(one.state.value, PEOPLE[0] in one.plain) for one in mails] == [("cancelled", True), ("draft", False)]


async def test_who_did_not_attend_has_no_superior_to_name(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:2])
    await sqlite_app.sign(event, event["first_day"], PEOPLE[:1])
    statuses = [
        (await sqlite_app.guest(tokens[name]).put("/api/v1/invitation/superior", json=chief(1))).status_code
        for name in PEOPLE[:2]
    ]
    assert statuses == [204, 404]


async def test_the_link_in_a_mail_opens_the_form_and_ends_the_mails(sqlite_app: App) -> None:
    event, _, people = await attended(sqlite_app)
    for number, name in enumerate(PEOPLE[:3]):
        path = f"/api/v1/events/{event['id']}/superiors/{people[name]}"
        await sqlite_app.api().put(path, json=chief(number))
    id = await opened(sqlite_app, event, kind="superiors")
    tokens = await asked(sqlite_app, id)
    visitor = sqlite_app.stranger()
    page = f"/superior/{tokens['chief0@example.gov']}"
    first = await visitor.get(page)
    assert PEOPLE[0] in first.text
    assert PEOPLE[1] not in first.text
    assert (await visitor.send(page, {"q1": "9", "q4": "Kept in the form"})).status_code == 422
    assert (await visitor.send(page, {"q1": "4", "q2": "yes", "q3": "", "q4": ""})).status_code == 303
    assert "Thank you" in (await visitor.get(page)).text
    other = f"/superior/{tokens['chief1@example.gov']}"
    await visitor.get(other)
    assert "deleted here" in (await visitor.send(f"{other}/decline")).text
    assert (await visitor.client.get(other)).status_code == 404
    wrong = tokens["chief2@example.gov"][:-3] + "aaa"
    assert (await visitor.client.get(f"/superior/{wrong}")).status_code == 404
    async with sqlite_app.database.reading() as db:
        assert {one.address for one in (await db.exec(select(Superior))).all()} == {
            "chief0@example.gov",
            "",
            "chief2@example.gov",
        }


async def test_figures_of_superiors_stand_beside_what_participants_said_themselves(sqlite_app: App) -> None:
    event, tokens, people = await attended(sqlite_app)
    followed = await opened(sqlite_app, event, kind="follow-up")
    for name in PEOPLE:
        given = {"answers": {"q1": 5, "q2": "yes", "q3": "I ask earlier"}}
        path = f"/api/v1/invitation/evaluations/{followed}"
        assert (await sqlite_app.guest(tokens[name]).post(path, json=given)).status_code == 204
    await sqlite_app.api().post(f"/api/v1/evaluations/{followed}/closing")
    for number, name in enumerate(PEOPLE[:3]):
        path = f"/api/v1/events/{event['id']}/superiors/{people[name]}"
        await sqlite_app.api().put(path, json=chief(number))
    id = await opened(sqlite_app, event, kind="superiors")
    sent = await asked(sqlite_app, id)
    for count, token in enumerate(sent.values(), start=1):
        assert await answer(sqlite_app, token, q1=3, q2="no") == 204
        hidden = await results(sqlite_app, id)
        assert (hidden["figures"], hidden["beside"], hidden["answered"]) == ([], [], count)
    await sqlite_app.api().post(f"/api/v1/evaluations/{id}/closing")
    found = await results(sqlite_app, id)
    said = [
        (f["key"], f["average"], o and o["average"]) for f, o in zip(found["figures"], found["beside"], strict=True)
    ]
    assert said == [("q1", "3.00", "5.00"), ("q2", None, None)]
    assert found["beside"][1]["counts"] == {"yes": 5, "no": 0}
    desk = await sqlite_app.at_desk()
    page = (await desk.get(f"/evaluations/{id}")).text
    assert "Participants themselves: mean 5" in page
    assert "Participants themselves: Yes 5 · No 0" in page


async def test_participants_are_not_asked_the_form_for_superiors_and_say_who_it_is(sqlite_app: App) -> None:
    event, tokens, _ = await attended(sqlite_app)
    id = await opened(sqlite_app, event, kind="superiors")
    mine = await opened(sqlite_app, event, kind="follow-up")
    guest = sqlite_app.guest(tokens[PEOPLE[0]])
    forms = (await guest.get("/api/v1/invitation/evaluations")).json()
    assert [one["kind"] for one in forms] == ["follow-up"]
    assert (await guest.post(f"/api/v1/invitation/evaluations/{id}", json={"answers": {}})).status_code == 409
    sqlite_app.clock.forward(days=120)
    visitor, page = sqlite_app.stranger(), f"/i/{tokens[PEOPLE[0]]}/superior"
    assert page in (await visitor.get(f"/i/{tokens[PEOPLE[0]]}/evaluations/{mine}")).text
    given = {"name": "Chief One", "address": "chief@example.gov", "language": "tr"}
    refused = await visitor.send(page, given)
    assert (refused.status_code, "chief@example.gov" in refused.text) == (422, True)
    assert (await visitor.send(page, {**given, "is_agreed": "yes"})).status_code == 303
    shown = (await visitor.get(page)).text
    assert "Amirinizi belirttiniz." in shown
    assert "chief@example.gov" not in shown


async def test_focal_points_are_taken_over_for_who_has_no_superior(sqlite_app: App) -> None:
    event, _, people = await attended(sqlite_app)
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/superiors"
    await desk.send(f"{page}/{people[PEOPLE[0]]}", {"name": "Chief", "address": "c@example.gov", "language": "tr"})
    await sqlite_app.name_people(await sqlite_app.event(title="Before"), ["Nur Odak"])
    (nur,) = (await sqlite_app.api().get("/api/v1/people", params={"q": "Nur Odak"})).json()["items"]
    for row in (await sqlite_app.api().get("/api/v1/institutions")).json()["items"]:
        await sqlite_app.api().put(f"/api/v1/institutions/{row['id']}/focal-points", json={"people": [nur["id"]]})
    assert "Take over the focal points" in (await desk.get(page)).text
    assert (await desk.send(f"{page}/focal-points", {})).status_code == 422
    assert (await desk.send(f"{page}/focal-points", {"is_agreed": "yes"})).status_code == 303
    told = (await sqlite_app.api().get(f"/api/v1{page}")).json()["items"]
    (second,) = (await sqlite_app.api().get(f"/api/v1{page}", params={"limit": 1, "page": 2})).json()["items"]
    assert second == told[1]
    assert {row["source"] for row in told} == {"focal-point"}
    again = await sqlite_app.api().post(f"/api/v1{page}/focal-points", json=AGREED)
    assert again.json()["type"].endswith("no-focal-point")


async def test_a_named_answer_is_kept_with_the_superior(sqlite_app: App) -> None:
    event, _, people = await attended(sqlite_app)
    path = f"/api/v1/events/{event['id']}/superiors/{people[PEOPLE[0]]}"
    await sqlite_app.api().put(path, json=chief(1))
    made = await form(sqlite_app, event, kind="superiors", is_anonymous=False)
    await sqlite_app.api().post(f"/api/v1/evaluations/{made['id']}/opening")
    (token,) = (await asked(sqlite_app, made["id"])).values()
    assert await answer(sqlite_app, token, q1=4) == 204
    async with sqlite_app.database.reading() as db:
        (kept,) = (await db.exec(select(EvaluationResponse))).all()
        (superior,) = (await db.exec(select(Superior))).all()
    assert kept.superior_id == superior.id
