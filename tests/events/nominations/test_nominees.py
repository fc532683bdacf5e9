"""All institutions of an event in one matrix: letters' true states, names accepted across them, letters to print."""

import re
from typing import Any

import pytest

from tests.events.nominations.test_requests import CALL, called, code, institution, name
from tests.office import pdf_pages
from tests.people import App, copied

PRINTED = re.compile(r"/n/([\w-]{20,})")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def matrix(app: App, event: dict[str, Any]) -> dict[str, str]:
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/calls")).json()["items"]
    return {row["institution"]: row["letter"] for row in rows}


@copied
async def two_institutions(app: App) -> tuple[dict[str, Any], str]:
    """An event with a call to one institution that has a focal point and one that has none; the former's token."""
    event, _, token = await called(app)
    await institution(app, "Van Provincial Directorate", focal="")
    await app.api().post(f"/api/v1/events/{event['id']}/calls", json={**CALL, "kind": "directorate"})
    return event, token


async def test_the_row_shows_the_letters_true_state(app: App) -> None:
    event, token = await two_institutions(app)
    before = await matrix(app, event)
    await app.work()
    sent = await matrix(app, event)
    await app.stranger().get(f"/n/{token}")
    opened = await matrix(app, event)
    izmir, van = "İzmir Provincial Directorate", "Van Provincial Directorate"
    assert (before[izmir], sent[izmir], opened[izmir], before[van]) == ("going", "sent", "opened", "none")


async def test_a_focal_point_who_comes_later_gets_the_letter_in_one_step(app: App) -> None:
    event, _ = await two_institutions(app)
    (van,) = [
        one["id"]
        for one in (await app.api().get("/api/v1/institutions")).json()["items"]
        if one["name"].startswith("Van")
    ]
    await app.name_people(await app.event(title="Other"), ["Deniz Geç"])
    person = (await app.api().get("/api/v1/people", params={"q": "Deniz"})).json()["items"][0]["id"]
    await app.api().put(f"/api/v1/institutions/{van}/focal-points", json={"people": [person]})
    assert (await matrix(app, event))["Van Provincial Directorate"] == "unwritten"
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/calls")
    await desk.send(f"/events/{event['id']}/calls/letters")
    assert "One letter waits for you to send it." in desk.page
    assert (await matrix(app, event))["Van Provincial Directorate"] == "draft"
    assert code(await app.api().post(f"/api/v1/events/{event['id']}/calls/letters"))[0] == 409


async def test_all_names_within_the_quotas_are_accepted_in_one_step(app: App) -> None:
    event, token = await two_institutions(app)
    await name(app, token, "Ayşe Bir", "Can İki", "Ece Üç")
    home = await (await app.at_desk()).get("/")
    assert "3 nominees wait for a decision." in home.text
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/nominees")
    assert "Accept all 2 nominees within the quotas" in desk.page
    await desk.send(f"/events/{event['id']}/nominees/accept", {"all": "yes"})
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert sorted(one["name"] for one in people) == ["Ayşe Bir", "Can İki"]
    again = await app.api().post(f"/api/v1/events/{event['id']}/nominees/acceptance", json={})
    assert code(again) == (409, "no-names")


async def test_nobody_is_accepted_where_none_is_ticked(sqlite_app: App) -> None:
    event, token = await two_institutions(sqlite_app)
    await name(sqlite_app, token, "Ayşe Bir")
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/nominees")
    answer = await desk.send(f"/events/{event['id']}/nominees/accept", {})
    assert (answer.status_code, "Nobody is left to accept here." in answer.text) == (409, True)


async def test_accepting_costs_the_same_number_of_queries_for_one_name_and_twenty(sqlite_app: App) -> None:
    event, _, token = await called(sqlite_app, capacity=21)
    counts = []
    for size in (1, 20):
        await name(sqlite_app, token, *(f"Ayşe {chr(97 + n)}{size}" for n in range(size)))
        with sqlite_app.counting() as queries:
            answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/nominees/acceptance", json={})
        assert answer.json() == {"count": size}
        counts.append(len(queries))
    assert counts[0] == counts[1]


async def test_the_printed_letter_of_who_cannot_be_written_to_has_a_link_of_its_own(app: App) -> None:
    event, _ = await two_institutions(app)
    desk = await app.at_desk()
    letters = await desk.send(f"/events/{event['id']}/calls/print", {"ending": "pdf"})
    text = "".join("\n".join(pdf_pages(letters.content)).split())
    found = PRINTED.search(text)
    assert found
    token = found.group(1)[:32]
    answer = await app.guest(token).put("/api/v1/nomination/names", json={"names": [{"name": "Ayşe Bir"}]})
    assert answer.status_code == 200, answer.text
    again = await app.guest(token).put("/api/v1/nomination/names", json={"names": [{"name": "Can İki"}]})
    assert code(again) == (403, "code-needed")
    assert code(await app.guest(token).post("/api/v1/nomination/code")) == (409, "no-mailbox")


async def test_letters_carry_number_date_and_signature(sqlite_app: App) -> None:
    event, call, _ = await called(sqlite_app)
    given = {"reference": "E-123/45", "dated": "2026-03-02", "signer": "Ali Vali", "signer_title": "Genel Müdür"}
    assert (await sqlite_app.api().put(f"/api/v1/events/{event['id']}/letter", json=given)).status_code == 200
    letter = await sqlite_app.api().get(f"/api/v1/calls/{call}/letter.pdf")
    text = "\n".join(pdf_pages(letter.content))
    assert [part for part in ("Sayı: E-123/45", "2 Mart 2026", "Ali Vali", "Genel Müdür") if part not in text] == []


async def test_the_signed_letter_goes_in_place_of_ours(app: App) -> None:
    event, _, _ = await called(app)
    path = f"/api/v1/events/{event['id']}"
    file = {"file": ("yazi.pdf", PDF, "application/pdf")}
    assert (await app.api().put(f"{path}/letter/signed", files=file)).json()["file_name"] == "yazi.pdf"
    wrong = {"file": ("yazi.pdf", b"MZ", "application/pdf")}
    assert (await app.api().put(f"{path}/letter/signed", files=wrong)).status_code == 415
    await app.api().post(f"{path}/calls/reminders")
    reminder = (await app.mails("events/call-reminder", about=event["id"]))[-1]
    found = PRINTED.search(reminder.plain)
    assert found
    assert reminder.attachments == [f"nomination-letter:{event['id']}"]
    assert (await app.stranger().get(f"/n/{found.group(1)}/letter.pdf")).content == PDF


@pytest.mark.parametrize("role", ["finance", "other-organiser"])
async def test_who_may_not_plan_here_decides_about_nobody(sqlite_app: App, role: str) -> None:
    event, token = await two_institutions(sqlite_app)
    await name(sqlite_app, token, "Ayşe Bir")
    await sqlite_app.found("P-OTHER", prefix="other-")
    answer = await sqlite_app.api(role).post(f"/api/v1/events/{event['id']}/nominees/acceptance", json={})
    assert answer.status_code == (403 if role == "finance" else 404)
