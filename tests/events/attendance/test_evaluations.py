"""Evaluations and tests: who is asked, what is kept, what is shown of it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from events.attendance.evaluations.models import EvaluationReceipt, EvaluationResponse
from events.attendance.evaluations.rules import FormItem, ItemKind, Option, figures_of, gain_of, read_answers
from tests.people import App, names, problem_fields

DAY = date(2026, 4, 14)
PEOPLE = names(5)


async def form(app: App, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = await app.api().post(f"/api/v1/events/{event['id']}/evaluations", json=more)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def opened(app: App, event: dict[str, Any], **more: Any) -> str:
    id: str = (await form(app, event, **more))["id"]
    assert (await app.api().post(f"/api/v1/evaluations/{id}/opening")).status_code == 200
    return id


async def answers(app: App, token: str, id: str, /, pair_code: str = "", **said: Any) -> int:
    given = {"answers": said, "pair_code": pair_code}
    return (await app.guest(token).post(f"/api/v1/invitation/evaluations/{id}", json=given)).status_code


async def results(app: App, id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await app.api().get(f"/api/v1/evaluations/{id}/results")).json()
    return found


async def test_an_anonymous_answer_is_kept_without_person_or_moment_and_taken_once(app: App) -> None:
    event, tokens = await app.accepted_event(PEOPLE)
    id = await opened(app, event)
    token = tokens[PEOPLE[0]]
    assert await answers(app, token, id, q1=5, q8="The exercise") == 204
    assert await answers(app, token, id, q1=1) == 409
    async with app.database.reading() as db:
        (kept,) = (await db.exec(select(EvaluationResponse))).all()
        (receipt,) = (await db.exec(select(EvaluationReceipt))).all()
    assert (kept.registration_id, kept.superior_id) == (None, None)
    assert set(EvaluationResponse.model_fields) == {
        "id",
        "evaluation_id",
        "registration_id",
        "superior_id",
        "pair_hash",
        "answers",
    }
    assert set(EvaluationReceipt.model_fields) == {"id", "evaluation_id", "registration_id"}
    # Ids made by the clock would tell which answer belongs to whom.
    assert {UUID(str(row.id)).version for row in (kept, receipt)} == {4}


async def test_figures_of_an_anonymous_form_are_shown_once_closed_and_never_of_two_people(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE)
    id = await opened(sqlite_app, event)
    for name in PEOPLE[:2]:
        await answers(sqlite_app, tokens[name], id, q1=4)
    assert (await results(sqlite_app, id))["figures"] == []
    await sqlite_app.api().post(f"/api/v1/evaluations/{id}/closing")
    assert "Fewer than three" in (await results(sqlite_app, id))["why_hidden"]


async def test_what_people_wrote_is_shown_from_five_answers_on(sqlite_app: App) -> None:
    first, tokens = await sqlite_app.accepted_event(PEOPLE)
    second, others = await sqlite_app.accepted_event(PEOPLE, title="Second")
    shown = []
    for event, links, count in ((first, tokens, 4), (second, others, 5)):
        id = await opened(sqlite_app, event)
        for name in PEOPLE[:count]:
            assert await answers(sqlite_app, links[name], id, q1=4, q8=f"said by {count}") == 204
        await sqlite_app.api().post(f"/api/v1/evaluations/{id}/closing")
        shown.append({one["key"]: one for one in (await results(sqlite_app, id))["figures"]})
    assert "q8" not in shown[0]
    assert shown[0]["q1"]["average"] == "4.00"
    assert shown[1]["q8"]["texts"] == ["said by 5"] * 5


async def test_those_who_attended_are_asked_once_and_reminded_only_without_answer(app: App) -> None:
    event, tokens = await app.accepted_event(PEOPLE)
    id = await opened(app, event, is_anonymous=False)
    asking = f"/api/v1/evaluations/{id}/requests"
    assert (await app.api().post(asking)).json()["type"].endswith("nobody-to-ask")
    await app.sign(event, DAY, PEOPLE[:3])
    assert (await app.api().post(asking)).status_code == 202
    await app.work()
    kind = f"events/evaluation/{id}"
    assert [m.state for m in await app.mails(kind)] == ["draft"] * 3
    assert (await app.api().post(asking)).status_code == 409
    assert (await app.api().post(f"{asking}/release")).json() == {"released": 3}
    await answers(app, tokens[PEOPLE[0]], id, q1=5)
    await app.work()
    app.clock.forward(days=2)
    assert (await app.api().post(asking)).status_code == 202
    await app.work()
    assert sorted(m.to_name for m in await app.mails(kind) if m.state == "draft") == sorted(PEOPLE[1:3])
    assert (await results(app, id))["response_percent"] == 33
    await app.api().post(f"/api/v1/evaluations/{id}/closing")
    assert {m.state for m in await app.mails(kind)} == {"sent", "cancelled"}


async def test_a_follow_up_opens_by_its_link_when_the_link_opens_nothing_else(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:1])
    await sqlite_app.sign(event, DAY)
    sqlite_app.clock.forward(days=200)
    id = await opened(sqlite_app, event, kind="follow-up", is_anonymous=False)
    await sqlite_app.api().post(f"/api/v1/evaluations/{id}/requests")
    await sqlite_app.work()
    (mail,) = await sqlite_app.mails(f"events/evaluation/{id}")
    assert mail.expires_at is not None
    assert mail.expires_at > sqlite_app.clock()
    token = tokens[PEOPLE[0]]
    guest = sqlite_app.stranger()
    assert (await guest.get(f"/i/{token}")).status_code == 410
    assert "Öğrendiklerimi işimde" in (await guest.get(f"/i/{token}/evaluations/{id}")).text
    assert await answers(sqlite_app, token, id, q1=5) == 204


async def test_a_form_on_the_phone_keeps_what_was_chosen_and_says_what_is_missing(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:1])
    made = await form(sqlite_app, event)
    items = [{**made["items"][0], "is_required": True}, *made["items"][1:]]
    items.append(
        {
            "key": "m",
            "kind": "matrix",
            "label_en": "Sessions",
            "options": [{"key": "a", "en": "A"}, {"key": "b", "en": "B"}],
        }
    )
    put = await sqlite_app.api().put(f"/api/v1/evaluations/{made['id']}/items", json={"items": items})
    assert put.status_code == 200, put.text
    await sqlite_app.api().post(f"/api/v1/evaluations/{made['id']}/opening")
    page = f"/i/{tokens[PEOPLE[0]]}/evaluations/{made['id']}"
    guest = sqlite_app.stranger()
    assert "Katılımcı değerlendirmesi" in (await guest.get(f"/i/{tokens[PEOPLE[0]]}")).text
    wrong = await guest.send(page, {"q2": "3", "q8": "Much", "m.b": "2"})
    assert wrong.status_code == 422
    assert "Lütfen bu soruyu yanıtlayın." in wrong.text
    assert "Much</textarea>" in wrong.text
    assert wrong.text.count("checked") == 2
    assert (await guest.send(page, {"q1": "5", "m.b": "2"})).status_code == 303
    assert "Bu formu yanıtladınız" in (await guest.get(page)).text
    late = await sqlite_app.api().put(f"/api/v1/evaluations/{made['id']}/items", json={"items": items})
    assert late.json()["type"].endswith("evaluation-not-draft")


async def test_what_was_learned_is_told_of_those_who_took_both_tests(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE)
    question = {
        "kind": "test",
        "label_en": "Which?",
        "options": [{"key": "a", "en": "A", "is_right": True}, {"key": "b", "en": "B"}],
    }
    items = {"items": [{"key": f"t{n}", **question} for n in range(2)]}
    before = (await form(sqlite_app, event, kind="pre-test"))["id"]
    assert (await sqlite_app.api().post(f"/api/v1/evaluations/{before}/opening")).status_code == 409
    await sqlite_app.api().put(f"/api/v1/evaluations/{before}/items", json=items)
    after = (await form(sqlite_app, event, kind="post-test"))["id"]
    for id in (before, after):
        await sqlite_app.api().post(f"/api/v1/evaluations/{id}/opening")
    asked = (await sqlite_app.guest(tokens[PEOPLE[0]]).get("/api/v1/invitation/evaluations")).text
    assert "is_right" not in asked
    for n, name in enumerate(PEOPLE[:4]):
        assert await answers(sqlite_app, tokens[name], before, pair_code=f"Word {n}", t0="b", t1="a") == 204
    for n, name in enumerate(PEOPLE[:3]):
        assert await answers(sqlite_app, tokens[name], after, pair_code=f"word {n}", t0="a", t1="a") == 204
    for id in (before, after):
        await sqlite_app.api().post(f"/api/v1/evaluations/{id}/closing")
    assert (await results(sqlite_app, after))["gain"] == {
        "paired": 3,
        "unpaired": 1,
        "most": 2,
        "before": "1.00",
        "after": "2.00",
        "normalised": "1.00",
    }


async def test_who_gave_a_place_back_and_took_it_again_answers_once(app: App) -> None:
    event, tokens = await app.accepted_event(PEOPLE[:1])
    await app.sign(event, DAY)
    guest, id = app.guest(tokens[PEOPLE[0]]), await opened(app, event, is_anonymous=False)
    # By link nobody leaves who has signed; the organiser notes what they were told.
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    said = f"/api/v1/invitations/{row['invitation_id']}/answer"
    assert (await app.api().post(said, json={"answer": "declined", "how": "telephone"})).status_code == 200
    assert (await guest.post("/api/v1/invitation/acceptance")).status_code == 200
    assert await answers(app, tokens[PEOPLE[0]], id, q1=5) == 204
    assert await answers(app, tokens[PEOPLE[0]], id, q1=1) == 409


async def test_questions_are_changed_on_a_page_until_the_form_is_open(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(PEOPLE[:1])
    desk = await sqlite_app.at_desk()
    made = await desk.send(f"/events/{event['id']}/evaluations", {"kind": "pre-test", "is_anonymous": "yes"})
    page = made.headers["location"]
    assert "No question yet" in (await desk.get(page)).text
    asked = {"kind": "test", "label_en": "Who decides?", "level": "2", "options": "*A judge | Hâkim\nNobody"}
    wrong = await desk.send(f"{page}/items", {**asked, "options": "A judge\nNobody"})
    assert "put an asterisk before it" in wrong.text
    for label in ("Who decides?", "Who appeals?"):
        assert (await desk.send(f"{page}/items", {**asked, "label_en": label})).status_code == 303
    await desk.send(f"{page}/items/move", {"key": "q2", "up": "yes"})
    await desk.send(f"{page}/items", {**asked, "key": "q1", "label_en": "Who judges?"})
    await desk.send(f"{page}/items/remove", {"key": "q2"})
    shown = (await desk.get(f"{page}?edit=q1")).text
    assert "*A judge | Hâkim" in shown
    assert ("Who judges?" in shown, "Who appeals?" in shown, "✓ A judge" in shown) == (True, False, True)
    await desk.send(f"{page}/opening")
    assert (await desk.send(f"{page}/items", asked)).status_code == 409


async def test_staff_of_another_project_and_strangers_see_nothing(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(PEOPLE[:1])
    other, tokens = await sqlite_app.accepted_event(PEOPLE[1:2], title="Another")
    id = await opened(sqlite_app, event)
    assert await answers(sqlite_app, tokens[PEOPLE[1]], id, q1=5) == 404
    draft = (await form(sqlite_app, other))["id"]
    assert await answers(sqlite_app, tokens[PEOPLE[1]], draft, q1=5) == 404
    assert (await sqlite_app.guest("nobody").get("/api/v1/invitation/evaluations")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("scale", 6),
        ("scale", True),
        ("scale", "4.5"),
        ("scale", []),
        ("yes-no", "maybe"),
        ("choice", "c"),
        ("several", ["a", "c"]),
        ("number", "many"),
        ("number", "1e99"),
        ("text", "x" * 3001),
        ("text", 5),
        ("matrix", {"c": 1}),
        ("matrix", "a"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_question(kind: str, raw: Any) -> None:
    item = FormItem("q", ItemKind(kind), "?", options=[Option("a", "A"), Option("b", "B")])
    answers, wrong = read_answers([item], {"q": raw})
    assert (list(answers), list(wrong)) == ([], ["q"] if raw else [])


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, "na"])))
def test_counts_of_a_scale_add_up_to_those_who_answered(given: list[Any]) -> None:
    (one,) = figures_of([FormItem("q", ItemKind.scale, "?")], [{"q": mark} for mark in given] + [{}])
    assert sum(count for _, count in one.counts) == one.count == len(given)
    marks = [mark for mark in given if mark != "na"]
    assert (one.average is None) == (not marks)
    if marks:
        assert abs(one.average - Decimal(sum(marks)) / len(marks)) <= Decimal("0.005")  # type: ignore[operator]


def test_gain_is_the_mean_of_those_who_could_still_learn() -> None:
    gain = gain_of({"a": 2, "b": 10, "c": 5}, {"a": 6, "b": 10, "d": 1}, 10)
    assert (gain.paired, gain.unpaired, gain.before, gain.after, gain.normalised) == (
        2,
        2,
        Decimal("6.00"),
        Decimal("8.00"),
        Decimal("0.50"),
    )


async def test_answers_of_a_form_in_words_that_name_the_question(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:1])
    id = await opened(sqlite_app, event)
    told = {"answers": {"q1": 9, "q99": 1}}
    refused = await sqlite_app.guest(tokens[PEOPLE[0]]).post(f"/api/v1/invitation/evaluations/{id}", json=told)
    assert refused.status_code == 422
    assert set(problem_fields(refused)) == {"q1", "q99"}
