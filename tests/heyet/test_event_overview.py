"""The first tab of an event: how far it is, and what waits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from events.programme.events.models import Event
from events.programme.events.rules import EventState
from heyet.event_overview import EventCounts, StepState, proposed_state, steps_of_event
from tests.people import App

NOTHING: dict[str, int] = dict.fromkeys(set(EventCounts.__dataclass_fields__) - {"languages"}, 0)
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


@pytest.mark.parametrize(
    ("state", "today", "counts", "proposed"),
    [
        (EventState.draft, BEFORE, {}, None),
        (EventState.draft, BEFORE, {"invited": 3}, EventState.published),
        (EventState.published, BEFORE, {"invited": 3, "present": 3}, None),
        (EventState.published, date(2026, 4, 15), {"present": 3}, None),
        (EventState.confirmed, AFTER, {}, None),
        (EventState.confirmed, AFTER, {"present": 3}, EventState.held),
        (EventState.held, AFTER, {"present": 3}, None),
        (EventState.held, AFTER, {"outcomes": 1, "sheets": 2, "given_sheets": 1}, None),
        (EventState.held, AFTER, {"outcomes": 1, "sheets": 2, "given_sheets": 2}, EventState.reported),
        (EventState.cancelled, AFTER, {"present": 3}, None),
    ],
)
def test_a_state_is_proposed_from_what_happened(
    state: EventState, today: date, counts: dict[str, int], proposed: EventState | None
) -> None:
    event = Event(kind="training", first_day=date(2026, 4, 14), last_day=date(2026, 4, 15), state=state, taken=3)
    found = proposed_state(event, EventCounts(**NOTHING | counts), today)
    assert (found[0] if found else None) == proposed


async def text_of(app: App, event: dict[str, Any], role: str = "organiser") -> str:
    answer = await (await app.at_desk(role)).get(f"/events/{event['id']}/overview")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def test_the_overview_counts_answers_and_says_what_waits(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki"], answer_by="2026-03-20")
    await app.accept(tokens["Ayşe Bir"])
    app.clock.now = datetime(2026, 3, 22, 9, tzinfo=UTC)
    page = await text_of(app, event)
    assert "1 attend, 1 have not answered" in page
    assert "2 invited, 0 on the list and not invited" in page
    assert "One person has not answered by the RSVP deadline." in page
    # Whose people have not answered is for those who read the project.
    assert "Court 1" in page
    assert "Court 1" not in await text_of(app, event, "finance")


async def test_who_does_not_know_yet_has_answered(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    (await sqlite_app.guest(tokens["Mehmet İki"]).post("/api/v1/invitation/tentative", json={})).raise_for_status()
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/overview")).text
    assert "1 attend, 1 have not answered, 1 do not know yet" in " ".join(page.split())


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


async def test_an_event_that_was_attended_is_completed_with_one_click(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    path = f"/events/{event['id']}"
    sqlite_app.clock.now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    desk = await sqlite_app.at_desk()
    assert "and attendance is recorded." not in (await desk.get(f"{path}/overview")).text
    await sqlite_app.sign(event, "2026-04-14")
    page = (await desk.get(f"{path}/overview")).text
    assert "It is over, and attendance is recorded." in page
    assert "Attendance by half-day – " in page
    # Who only looks is not asked to decide.
    assert "It is over, and att" not in await text_of(sqlite_app, event, "finance")
    answer = await desk.send(f"{path}/state", {"state": "held"})
    assert answer.headers["location"] == f"{path}/overview"
    assert "It is over, and att" not in (await desk.get(f"{path}/overview")).text


async def test_answers_are_drawn_with_their_numbers_as_a_table(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki"], answer_by="2026-03-20")
    await app.accept(tokens["Ayşe Bir"])
    page = await text_of(app, event)
    assert "Answers over time – Invited: 2, Attending: 1, Declined: 0" in page
    assert "Answers by institution, those who are missing first – Court 1: 1, Court 0: 1" in page
    assert '<td class="number" data-label="Attending">1</td>' in page
    # Small groups tell who somebody is: they are for who may read who is invited.
    assert "Answers by" not in await text_of(app, event, "finance")


@pytest.mark.parametrize(("kind", "is_tab"), [("study-visit", True), ("coordination-meeting", False)])
async def test_travel_is_a_tab_of_visits_and_behind_more_of_others(sqlite_app: App, kind: str, is_tab: bool) -> None:
    event = await sqlite_app.event(kind=kind)
    page = await text_of(sqlite_app, event)
    tabs = page.split('<nav class="tabs')[1].split("</nav>")[0]
    shown, _, more = tabs.partition("<details")
    assert ("/travel" in shown) is is_tab
    assert ("/travel" in more) is not is_tab


async def test_rare_and_dangerous_steps_stand_in_one_menu_on_each_tab(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    path = f"/events/{event['id']}"
    desk, reader = await sqlite_app.at_desk(), await sqlite_app.at_desk("finance")
    for tab in ("", "/overview", "/people", "/materials"):
        before, _, after = (await desk.get(path + tab)).text.partition("Actions")
        menu = after.split("</details>")[0]
        for step in ("/edit", "/copy", "/postpone", "/cancel"):
            assert step in menu, (tab, step)
        # What comes next stands beside it.
        assert 'value="published"' in before
    page = (await reader.get(f"{path}/overview")).text
    assert not [step for step in ("/edit", "/copy", "/postpone", "/cancel", 'value="published"') if path + step in page]


async def test_cancelling_asks_for_a_reason_and_says_first_whom_it_concerns(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir"])
    desk, path = await sqlite_app.at_desk(), f"/events/{event['id']}"
    assert "Whom and what it concerns" in (await desk.get(f"{path}/cancel")).text
    again = await desk.send(f"{path}/cancel", {"reason": ""})
    assert again.status_code == 422
    assert "Whom and what it concerns" in again.text
    assert (await desk.send(f"{path}/cancel", {"reason": "The hall is taken"})).status_code == 303
