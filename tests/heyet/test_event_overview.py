"""The first tab of an event: how far it is, and what waits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from events.programme.events.models import Event
from events.programme.events.rules import EventState
from heyet.event_overview import EventCounts, StepState, steps_of_event
from tests.people import App

NOTHING: dict[str, int] = dict.fromkeys(EventCounts.__dataclass_fields__, 0)
BEFORE, AFTER = date(2026, 3, 2), date(2026, 4, 20)


def states(today: date, event_state: EventState = EventState.published, **counts: int) -> dict[str, StepState]:
    event = Event(
        kind="coordination-meeting",
        first_day=date(2026, 4, 14),
        last_day=date(2026, 4, 15),
        state=event_state,
        taken=20,
    )
    return {step.title: step.state for step in steps_of_event(event, EventCounts(**NOTHING | counts), today)}


@pytest.mark.parametrize(
    ("today", "counts", "done", "now"),
    [
        (BEFORE, {}, set(), {"Programme"}),
        (BEFORE, {"sessions": 3, "versions": 1}, {"Programme"}, {"Invitations"}),
        (BEFORE, {"versions": 1, "requests": 2, "open_requests": 1}, {"Programme"}, {"Nominations", "Invitations"}),
        (BEFORE, {"versions": 1, "invited": 5, "unanswered": 2}, {"Programme", "Invitations"}, {"Answers"}),
        (
            AFTER,
            {"versions": 1, "invited": 5, "accepted": 5},
            {"Programme", "Invitations", "Answers", "The event"},
            {"Attendance"},
        ),
        (
            AFTER,
            {"versions": 1, "invited": 5, "present": 5, "sheets": 2, "given_sheets": 1},
            {"Programme", "Invitations", "Answers", "The event", "Attendance"},
            {"Per diem", "Report"},
        ),
    ],
)
def test_the_steps_follow_what_there_is(today: date, counts: dict[str, int], done: set[str], now: set[str]) -> None:
    found = states(today, **counts)
    assert {title for title, state in found.items() if state is StepState.done} == done
    assert {title for title, state in found.items() if state is StepState.now} == now


def test_steps_that_an_event_does_not_need_are_left_out() -> None:
    assert {"Nominations", "Per diem"} & set(states(BEFORE)) == set()


async def text_of(app: App, event: dict[str, Any], role: str = "organiser") -> str:
    answer = await (await app.at_desk(role)).get(f"/events/{event['id']}/overview")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def test_the_overview_counts_answers_and_says_what_waits(app: App) -> None:
    event = await app.event(answer_by="2026-03-20")
    tokens = await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await app.accept(tokens["Ayşe Bir"])
    app.clock.now = datetime(2026, 3, 22, 9, tzinfo=UTC)
    page = await text_of(app, event)
    assert "1 attend, 1 have not answered" in page
    assert "2 invited, 0 on the list and not invited" in page
    assert "One person has not answered by the RSVP deadline." in page
    # Whose people have not answered is for those who read the project.
    assert "Court 1" in page
    assert "Court 1" not in await text_of(app, event, "finance")


async def test_another_events_tasks_are_not_there(sqlite_app: App) -> None:
    other = await sqlite_app.event(title="Another meeting", answer_by="2026-03-05")
    await sqlite_app.invite(other, ["Ayşe Bir"])
    event = await sqlite_app.event()
    sqlite_app.clock.now = datetime(2026, 3, 6, 9, tzinfo=UTC)
    page = await text_of(sqlite_app, event)
    assert "Nothing waits for you now." in page
    assert "Another meeting" not in page


async def test_an_events_tasks_are_there_however_many_others_wait_before(
    sqlite_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.tasks.service.MOST_SHOWN", 1)
    first = await sqlite_app.event(title="Another meeting", answer_by="2026-03-05")
    await sqlite_app.invite(first, ["Ayşe Bir"])
    event = await sqlite_app.event(answer_by="2026-03-06")
    await sqlite_app.invite(event, ["Mehmet İki"])
    sqlite_app.clock.now = datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert "One person has not answered by the RSVP deadline." in await text_of(sqlite_app, event)
