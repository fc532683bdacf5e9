"""Days that make no sense: refused where they cannot be meant, warned about where they may be."""

import re
from typing import Any

import pytest

from tests.people import App, problem_fields


async def test_an_event_without_a_limit_by_page_and_api(sqlite_app: App) -> None:
    event = await sqlite_app.event(capacity=None)
    assert event["capacity"] is None
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    assert (await sqlite_app.accept(tokens["Ayşe Bir"]))["registration"] == "confirmed"
    desk = await sqlite_app.at_desk()
    assert "1 have a place, without a limit" in " ".join((await desk.get(f"/events/{event['id']}")).text.split())
    for page in ("/", "/events", f"/events/{event['id']}", f"/events/{event['id']}/edit"):
        assert not re.search(r"\b1000000\b", (await desk.get(page)).text)
    # Empty stays without a limit; a number is one from then on.
    plan = {key: value for key, value in sqlite_app.plan().items() if key not in ("project_id", "capacity")}
    await desk.send("/events/new", {**sqlite_app.plan(title="By page"), "capacity": ""})
    assert "without a limit" in desk.page
    none = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json={**plan, "capacity": 0})
    assert problem_fields(none) == {"capacity": "This must be at least 1."}
    again = await desk.send("/events/new", {**sqlite_app.plan(title="No place"), "capacity": "0"})
    assert (again.status_code, 'id="capacity-wrong">This must be at least 1.' in again.text) == (422, True)
    limited = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json={**plan, "capacity": 1})
    assert limited.json()["capacity"] == 1
    missing = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert list(problem_fields(missing)) == ["capacity"]


@pytest.mark.parametrize("field", ["opens_on", "answer_by", "names_freeze_on"])
async def test_a_day_after_the_end_of_the_event_is_refused_beside_its_field(sqlite_app: App, field: str) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(**{field: "2026-04-16"}))
    assert (answer.status_code, list(problem_fields(answer))) == (422, [field])


@pytest.mark.parametrize(
    ("days", "warning"),
    [
        ({"first_day": "2026-02-01", "last_day": "2026-02-02"}, "The event lies in the past."),
        ({"answer_by": "2026-03-01"}, "The RSVP deadline is in the past: nobody can accept."),
        (
            {"names_freeze_on": "2026-02-28"},
            "The deadline for substitutes is in the past: nobody can send one.",
        ),
    ],
)
async def test_a_doubtful_day_is_taken_with_a_warning_by_page_and_api(
    sqlite_app: App, days: dict[str, Any], warning: str
) -> None:
    event = await sqlite_app.event(**days)
    assert event["warnings"] == [warning]
    desk = await sqlite_app.at_desk()
    form = {key: value for key, value in sqlite_app.plan(title="By page", **days).items() if key != "sessions"}
    await desk.send("/events/new", form)
    assert warning in desk.page
    assert (await sqlite_app.event(title="No slip"))["warnings"] == []
