"""Forms that hardly anybody answers: empty ones, and those that were closed too early."""

from typing import Any

import pytest

from tests.events.attendance.test_evaluations import answers, opened, results
from tests.people import App, names

PEOPLE = names(3)


async def closed(app: App, id: str) -> int:
    return (await app.api().post(f"/api/v1/evaluations/{id}/closing")).status_code


async def opened_again(app: App, id: str) -> int:
    return (await app.api().post(f"/api/v1/evaluations/{id}/opening")).status_code


@pytest.mark.parametrize("said", [{}, {"q1": "", "q8": ""}])
async def test_a_form_without_any_answer_is_not_taken(sqlite_app: App, said: dict[str, Any]) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:1])
    id, token = await opened(sqlite_app, event), tokens[PEOPLE[0]]
    path = f"/api/v1/invitation/evaluations/{id}"
    refused = await sqlite_app.guest(token).post(path, json={"answers": said})
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == ["body"]
    # Nothing was kept: they may answer still.
    assert await answers(sqlite_app, token, id, q1=5) == 204


async def test_the_page_says_beside_the_form_that_nothing_was_answered(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE[:1])
    id, guest = await opened(sqlite_app, event), sqlite_app.stranger()
    path = f"/i/{tokens[PEOPLE[0]]}/evaluations/{id}"
    await guest.get(path)
    refused = await guest.send(path)
    assert refused.status_code == 422
    assert "Lütfen en az bir soruyu yanıtlayın." in refused.text.partition("<form")[2]


async def test_a_form_that_was_closed_before_any_figures_could_be_seen_is_opened_again(app: App) -> None:
    event, tokens = await app.accepted_event(PEOPLE)
    id = await opened(app, event)
    for name in PEOPLE[:2]:
        assert await answers(app, tokens[name], id, q1=4) == 204
    assert (await closed(app, id), await opened_again(app, id)) == (200, 200)
    assert await answers(app, tokens[PEOPLE[2]], id, q1=1) == 204
    assert (await closed(app, id), (await results(app, id))["figures"][0]["count"]) == (200, 3)
    # Now they were seen, and one more answer would be told by the difference.
    assert await opened_again(app, id) == 409


async def test_closing_says_how_many_have_answered_and_what_too_few_mean(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(PEOPLE)
    id, staff = await opened(sqlite_app, event), await sqlite_app.at_desk()
    await answers(sqlite_app, tokens[PEOPLE[0]], id, q1=4)
    page = " ".join((await staff.get(f"/evaluations/{id}")).text.split())
    asked = page.partition(f'action="/evaluations/{id}/closing"')[2].partition("</form>")[0]
    assert "1 answer has come in" in asked
    assert "Results of fewer than three answers are never shown" in asked
    assert await closed(sqlite_app, id) == 200
    assert "Open it again" in (await staff.get(f"/evaluations/{id}")).text


async def test_a_form_with_names_says_nothing_of_too_few(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(PEOPLE)
    id, staff = await opened(sqlite_app, event, is_anonymous=False), await sqlite_app.at_desk()
    page = " ".join((await staff.get(f"/evaluations/{id}")).text.split())
    asked = page.partition(f'action="/evaluations/{id}/closing"')[2].partition("</form>")[0]
    assert ("0 answers have come in" in asked, "fewer than three" in asked) == (True, False)
