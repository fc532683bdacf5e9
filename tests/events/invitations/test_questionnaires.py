"""What an organiser asks, what people answer, and what is still missing."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from events.invitations.invitations.rules import Category
from events.invitations.questionnaires.rules import Asking, QuestionKind, missing, shown, wrong_answer
from tests.events.invitations.test_registrations import DETAILS
from tests.people import App

ROOM, ARRIVAL, TOPICS = str(uuid4()), str(uuid4()), str(uuid4())
STAYS = {
    "id": ROOM,
    "kind": "yes-no",
    "label_en": "Do you need a room?",
    "label_tr": "Oda gerekiyor mu?",
    "is_required": True,
}
WHEN = {
    "id": ARRIVAL,
    "kind": "text",
    "label_en": "When do you arrive?",
    "is_required": True,
    "depends_on_id": ROOM,
    "depends_value": "yes",
}
ABOUT = {
    "id": TOPICS,
    "kind": "several",
    "label_en": "Which topics?",
    "options": [{"key": "law", "en": "Law", "tr": "Hukuk"}, {"key": "care", "en": "Care", "tr": "Bakım"}],
}


async def asking(app: App, *questions: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """An event that asks these questions, and the token of one who said yes."""
    event, tokens = await app.accepted_event(["Ayşe Bir"])
    await ask(app, event, *questions)
    return event, tokens["Ayşe Bir"]


async def ask(app: App, event: dict[str, Any], *questions: dict[str, Any]) -> Any:
    answer = await app.api().put(f"/api/v1/events/{event['id']}/questions", json={"questions": list(questions)})
    assert answer.status_code == 200, answer.text
    await app.work()
    return answer.json()


async def say(app: App, token: str, answers: dict[str, Any]) -> Any:
    return await app.guest(token).put("/api/v1/invitation/answers", json={"answers": answers})


async def change(app: App, token: str, answers: dict[str, Any]) -> Any:
    """The same by who has typed the code: changing takes it."""
    return await (await app.owner(token)).put("/api/v1/invitation/answers", json={"answers": answers})


async def test_a_required_question_is_missing_until_it_is_answered(sqlite_app: App) -> None:
    _, token = await asking(sqlite_app, STAYS, ABOUT)
    first = await say(sqlite_app, token, {TOPICS: ["law"]})
    then = await say(sqlite_app, token, {ROOM: "no"})
    assert (first.json()["missing"], then.json()) == (
        [ROOM],
        {"answers": {ROOM: "no"}, "missing": []},
    )


async def test_a_question_comes_up_with_the_answer_it_waits_for_and_its_own_answer_goes_with_it(
    sqlite_app: App,
) -> None:
    _, token = await asking(sqlite_app, STAYS, WHEN)
    yes = await say(sqlite_app, token, {ROOM: "yes"})
    told = await say(sqlite_app, token, {ARRIVAL: "On Monday"})
    no = await change(sqlite_app, token, {ROOM: "no"})
    again = await change(sqlite_app, token, {ROOM: "yes"})
    assert [a.json()["missing"] for a in (yes, told, no, again)] == [[ARRIVAL], [], [], [ARRIVAL]]


async def test_a_hidden_question_never_blocks_and_what_it_was_answered_is_not_kept(app: App) -> None:
    _, token = await asking(app, STAYS, {**WHEN, "kind": "number"})
    answer = await say(app, token, {ROOM: "no", ARRIVAL: "not a number"})
    assert (answer.status_code, answer.json()["answers"]) == (200, {ROOM: "no"})


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ({"kind": "number"}, "a lot"),
        ({"kind": "number"}, "NaN"),
        ({"kind": "number"}, "1e9"),
        ({"kind": "date"}, "31.02.2026"),
        ({"kind": "yes-no"}, "perhaps"),
        ({"kind": "country"}, "XX"),
        ({"kind": "text"}, "x" * 301),
        ({"kind": "text"}, "a\u202eb"),
        ({"kind": "choice", "options": ABOUT["options"]}, "war"),
        ({"kind": "several", "options": ABOUT["options"]}, ["law", "war"]),
        ({"kind": "text"}, {"deep": 1}),
    ],
)
async def test_an_answer_that_does_not_fit_is_named_and_nothing_is_kept(
    sqlite_app: App, question: dict[str, Any], value: Any
) -> None:
    id = str(uuid4())
    _, token = await asking(sqlite_app, STAYS, {"id": id, "label_en": "Q", **question})
    answer = await say(sqlite_app, token, {ROOM: "no", id: value})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [f"q-{id}"])
    assert (await say(sqlite_app, token, {})).json()["answers"] == {}


async def test_what_only_the_organiser_is_asked_no_participant_sees_or_answers(sqlite_app: App) -> None:
    secret = {"id": str(uuid4()), "kind": "text", "label_en": "How reliable?", "asked_of": "organiser"}
    event, token = await asking(sqlite_app, secret, STAYS)
    mine = (await sqlite_app.guest(token).get("/api/v1/invitation/questions")).json()
    tried = await say(sqlite_app, token, {secret["id"]: "Very"})
    page = await sqlite_app.stranger().get(f"/i/{token}")
    assert ([q["id"] for q in mine], tried.status_code, "How reliable" in page.text) == ([ROOM], 422, False)
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    path = f"/api/v1/invitations/{people[0]['invitation_id']}/answers"
    noted = await sqlite_app.api().put(path, json={"answers": {secret["id"]: "Very"}})
    assert noted.json()["answers"] == {secret["id"]: "Very"}


async def test_the_desk_answers_what_is_asked_at_check_in_and_nothing_else(sqlite_app: App) -> None:
    desk = {"id": str(uuid4()), "kind": "text", "label_en": "Receiver", "asked_of": "desk"}
    event, _ = await asking(sqlite_app, desk, STAYS)
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    path = f"/api/v1/invitations/{people[0]['invitation_id']}/answers"
    answers = [
        (await sqlite_app.api("desk").put(path, json={"answers": {id: value}})).status_code
        for id, value in ((desk["id"], "17"), (ROOM, "no"))
    ]
    assert answers == [200, 422]


async def test_a_question_for_interpreters_is_not_asked_of_participants(sqlite_app: App) -> None:
    only = {
        "id": str(uuid4()),
        "kind": "text",
        "label_en": "Booth",
        "category": "interpreter",
        "is_required": True,
    }
    _, token = await asking(sqlite_app, only)
    answer = await say(sqlite_app, token, {only["id"]: "2"})
    assert answer.json() == {"answers": {}, "missing": []}


async def test_answers_are_encrypted_at_rest(app: App) -> None:
    _, token = await asking(app, {"id": ARRIVAL, "kind": "text", "label_en": "Where do you sleep?"})
    await say(app, token, {ARRIVAL: "With friends in Çankaya"})
    async with app.database.reading() as db:
        connection = await db.connection()
        value = (await connection.execute(sa.text("SELECT value FROM question_answer"))).scalar_one()
    assert value.startswith("gAAAA")


async def test_a_file_is_kept_encrypted_and_handed_back(app: App, tmp_path: Path) -> None:
    id = str(uuid4())
    event, token = await asking(app, {"id": id, "kind": "file", "label_en": "Ticket", "is_required": True})
    path = f"/api/v1/invitation/answers/{id}/file"
    page = {"file": ("ticket.pdf", b"%PDF-1.7 my seat", "application/pdf")}
    assert (await app.guest(token).put(path, files=page)).status_code == 204
    assert (await say(app, token, {})).json()["missing"] == []
    kept = [f.read_bytes() for f in (tmp_path / "files").rglob("*") if f.is_file()]
    assert b"my seat" not in b"".join(kept)
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    theirs = f"/api/v1/invitations/{people[0]['invitation_id']}/answers/{id}/file"
    assert (await app.api().get(theirs)).content == b"%PDF-1.7 my seat"
    fake = {"file": ("ticket.pdf", b"MZ not a PDF", "application/pdf")}
    assert (await (await app.owner(token)).put(path, files=fake)).status_code == 415


async def test_a_question_added_later_is_missing_for_those_who_told_us_before(sqlite_app: App) -> None:
    event, token = await asking(sqlite_app)
    await sqlite_app.guest(token).put("/api/v1/invitation/details", json=DETAILS)
    await ask(sqlite_app, event, STAYS)
    people = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people", params={"mark": "missing"})
    page = await sqlite_app.stranger().get(f"/i/{token}")
    assert (people.json()["total"], "Oda gerekiyor mu?" in page.text) == (1, True)
    await say(sqlite_app, token, {ROOM: "no"})
    people = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people", params={"mark": "missing"})
    assert people.json()["total"] == 0


async def test_a_removed_question_keeps_its_answers_and_has_them_when_it_comes_back(app: App) -> None:
    event, token = await asking(app, STAYS)
    await say(app, token, {ROOM: "no"})
    await ask(app, event)
    await ask(app, event, STAYS)
    answer = await (await app.owner(token)).put("/api/v1/invitation/answers", json={"answers": {}})
    assert answer.json() == {"answers": {ROOM: "no"}, "missing": []}


@pytest.mark.parametrize(
    "questions",
    [
        [WHEN],
        [WHEN, STAYS],
        [STAYS, {**WHEN, "depends_value": "maybe"}],
        [{**STAYS, "label_en": "", "label_tr": ""}],
        [STAYS, STAYS],
        [{**ABOUT, "options": ABOUT["options"][:1]}],
        [{**STAYS, "options": ABOUT["options"]}],
        [{**STAYS, "asked_of": "desk"}],
    ],
)
async def test_questions_that_make_no_sense_are_refused(sqlite_app: App, questions: list[dict[str, Any]]) -> None:
    event = await sqlite_app.event()
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}/questions", json={"questions": questions})
    assert answer.status_code == 422
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/questions")).json() == []


async def test_a_copy_of_an_event_asks_the_same_and_schedules_the_same_and_knows_no_answers(
    sqlite_app: App,
) -> None:
    event, token = await asking(sqlite_app, STAYS, WHEN)
    await say(sqlite_app, token, {ROOM: "no"})
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/timeline/usual")
    made = await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/copies", json={"copies": [{"first_day": "2026-06-02"}]}
    )
    assert made.status_code == 201, made.text
    copy = made.json()[0]["id"]
    asked = (await sqlite_app.api().get(f"/api/v1/events/{copy}/questions")).json()
    timeline = (await sqlite_app.api().get(f"/api/v1/events/{copy}/timeline")).json()
    assert [q["label_en"] for q in asked] == ["Do you need a room?", "When do you arrive?"]
    assert asked[1]["depends_on_id"] == asked[0]["id"] != ROOM
    assert (len(timeline), {e["is_done"] for e in timeline}) == (5, {False})


async def test_another_events_question_is_not_there(sqlite_app: App) -> None:
    first, _ = await asking(sqlite_app, STAYS)
    other = await sqlite_app.event(title="Another")
    answer = await sqlite_app.api().put(f"/api/v1/events/{other['id']}/questions", json={"questions": [STAYS]})
    assert answer.status_code == 404
    assert len((await sqlite_app.api().get(f"/api/v1/events/{first['id']}/questions")).json()) == 1


async def test_what_was_typed_survives_a_closed_browser(sqlite_app: App) -> None:
    _, token = await asking(sqlite_app, STAYS, ABOUT)
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{token}")
    typed = {"passport_name": "Ayşe B.", "diet": "No nuts", f"q-{ROOM}": "yes"}
    assert (await visitor.send(f"/i/{token}/draft", typed)).status_code == 204
    later = (await visitor.get(f"/i/{token}")).text
    assert 'value="No nuts"' in later
    sent = {**typed, "mobile": "+90 532 000 00 00", "agrees_data_use": "yes", f"q-{TOPICS}[]": ["", "law"]}
    await visitor.get(f"/i/{token}")
    await visitor.send(f"/i/{token}/details", sent)
    page = (await (await sqlite_app.owners_browser(token)).get(f"/i/{token}")).text
    assert ('value="No nuts"' in page, 'value="Ayşe B."' in page) == (True, True)


async def test_an_organiser_writes_moves_and_removes_questions_on_the_page(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/questions"
    await desk.get(path)
    await desk.send(path, {"kind": "choice", "label_en": "Which group?", "options": "Law | Hukuk\nCare | Bakım"})
    await desk.send(path, {"kind": "text", "label_en": "Second", "is_required": "yes"})
    first, second = (await sqlite_app.api().get(f"/api/v1{path}")).json()
    assert [o["key"] for o in first["options"]] == ["o1", "o2"]
    await desk.send(
        path, {"id": first["id"], "kind": "choice", "label_en": "Which group?", "options": "Care | Bakım\nWork | İş"}
    )
    await desk.send(f"{path}/{second['id']}/move", {"up": "yes"})
    asked = (await sqlite_app.api().get(f"/api/v1{path}")).json()
    assert [(q["label_en"], [o["key"] for o in q["options"]]) for q in asked] == [
        ("Second", []),
        ("Which group?", ["o2", "o3"]),
    ]
    answer = await desk.send(path, {"kind": "choice", "label_en": "Third", "options": "Alone"})
    assert (answer.status_code, 'value="Third"' in answer.text) == (422, True)
    await desk.send(f"{path}/{second['id']}/remove")
    assert len((await sqlite_app.api().get(f"/api/v1{path}")).json()) == 1


ids = [UUID(int=n) for n in range(1, 7)]
chains = st.lists(st.tuples(st.integers(-1, 5), st.sampled_from(["yes", "no"]), st.booleans()), min_size=1, max_size=6)
said = st.dictionaries(st.sampled_from(ids), st.sampled_from(["yes", "no", "", None]))


@given(chain=chains, answers=said)
def test_a_question_shows_only_below_one_that_shows_and_nothing_hidden_is_missing(
    chain: list[tuple[int, str, bool]], answers: dict[UUID, Any]
) -> None:
    questions = [
        Asking(
            ids[n],
            QuestionKind.yes_no,
            is_required=required,
            depends_on=ids[above] if 0 <= above < n else None,
            depends_value=value,
        )
        for n, (above, value, required) in enumerate(chain)
    ]
    visible = {q.id: q for q in shown(questions, answers, Category.participant)}
    for question in visible.values():
        assert question.depends_on is None or (
            question.depends_on in visible and answers.get(question.depends_on) == question.depends_value
        )
    assert {q.id for q in missing(questions, answers, Category.participant)} <= set(visible)


@given(raw=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text())))
@pytest.mark.parametrize("kind", list(QuestionKind))
def test_whatever_is_sent_as_an_answer_is_kept_as_text_or_refused_with_words(kind: QuestionKind, raw: Any) -> None:
    value, message = wrong_answer(Asking(UUID(int=1), kind, options=frozenset({"a"})), raw)
    assert value is None or not message
    assert value is None or isinstance(value, str | list)
