"""What comes back after a write, or with a form shown again, takes the right to read it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.finance.test_sheets import visit
from tests.people import App

SAID = "allergic to penicillin"


def question(asked_of: str, label: str) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": "text", "asked_of": asked_of, "label_en": label, "label_tr": label}


@pytest.fixture
async def answered(app: App) -> tuple[App, dict[str, Any], str, list[dict[str, Any]]]:
    """An event whose participant has answered something that the check-in desk has no business with."""
    event, tokens = await app.accepted_event(["Ayşe Yılmaz"])
    asked = [question("participant", "Health"), question("desk", "Badge"), question("organiser", "Remark")]
    path = f"/api/v1/events/{event['id']}/questions"
    put = await app.api().put(path, json={"questions": asked})
    assert put.status_code == 200, put.text
    answer = await app.guest(tokens["Ayşe Yılmaz"]).put(
        "/api/v1/invitation/answers", json={"answers": {asked[0]["id"]: SAID}}
    )
    assert answer.status_code == 200, answer.text
    roster = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    noted = await app.api().put(
        f"/api/v1/invitations/{roster[0]['invitation_id']}/answers",
        json={"answers": {asked[2]["id"]: "difficult"}},
    )
    assert noted.status_code == 200, noted.text
    return app, event, roster[0]["invitation_id"], asked


async def test_the_desk_that_notes_nothing_is_told_nothing(answered: Any) -> None:
    app, _, invitation, _ = answered
    answer = await app.api("desk").put(f"/api/v1/invitations/{invitation}/answers", json={"answers": {}})
    assert answer.status_code == 200
    assert answer.json()["answers"] == {}
    assert SAID not in answer.text


async def test_the_desk_gets_back_what_the_desk_is_asked(answered: Any) -> None:
    app, _, invitation, asked = answered
    given = {"answers": {asked[1]["id"]: "Dr"}}
    answer = await app.api("desk").put(f"/api/v1/invitations/{invitation}/answers", json=given)
    assert answer.json() == {"answers": {asked[1]["id"]: "Dr"}, "missing": []}


async def test_a_participant_who_answers_is_not_shown_what_staff_noted(answered: Any) -> None:
    app, _, _, asked = answered
    event, tokens = await app.accepted_event(["Mehmet Kaya"], title="Second")
    put = await app.api().put(
        f"/api/v1/events/{event['id']}/questions", json={"questions": [one | {"id": str(uuid4())} for one in asked]}
    )
    mine, _, remark = put.json()
    invitation = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"][0]["invitation_id"]
    await app.api().put(f"/api/v1/invitations/{invitation}/answers", json={"answers": {remark["id"]: "difficult"}})
    answer = await (await app.owner(tokens["Mehmet Kaya"])).put(
        "/api/v1/invitation/answers", json={"answers": {mine["id"]: "x"}}
    )
    assert "difficult" not in answer.text
    assert remark["id"] not in answer.text


async def test_a_form_shown_again_to_the_desk_shows_nothing_that_the_desk_may_not_read(answered: Any) -> None:
    app, event, invitation, asked = answered
    desk = await app.at_desk("desk")
    for typed in ({}, {f"q-{asked[1]['id']}": "x" * 5000}, {f"q-{uuid4()}": "1"}):
        answer = await desk.send(f"/events/{event['id']}/people/{invitation}/answers", typed)
        assert answer.status_code == 403
        assert SAID not in answer.text
        assert "Ayşe" not in answer.text


async def test_who_may_not_read_per_diems_reads_none_by_booking_nights_or_submitting(app: App) -> None:
    event = await visit(app)
    desk, api = await app.at_desk("assistant"), app.api("assistant")
    answers = [
        await desk.send(f"/events/{event['id']}/stays", {"check_in": "never"}),
        await desk.send(f"/events/{event['id']}/per-diem/submit"),
        await api.post(f"/api/v1/events/{event['id']}/per-diem/submission"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("Soyadı" in answer.text for answer in answers)
