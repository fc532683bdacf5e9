"""An event has one beginning and one end: those of its programme, and its organiser sees where the form says others."""

from typing import Any

from tests.people import App
from tests.routes import our_routes

ENDS_EARLIER = [
    {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"},
    {"title": "Last words", "starts": "2026-04-15T11:00", "ends": "2026-04-15T13:00"},
]
DAYS = {"first_day": "2026-04-14", "last_day": "2026-04-15"}
TOLD = "14 April 2026, 09:30 – 15 April 2026, 13:00"
ENDS = "The programme ends at 13:00, the event’s form says 17:30. People are told the time of the programme."


async def of_other_hours(app: App, **more: Any) -> dict[str, Any]:
    given = {**DAYS, "start_time": "09:30", "end_time": "17:30", "sessions": ENDS_EARLIER, "answer_by": "2026-04-01"}
    event = await app.event(**{**given, **more})
    await app.name_people(event, ["Ayşe Bir"])
    return event


async def test_before_inviting_both_times_are_named_with_where_each_is_changed(app: App) -> None:
    event = await of_other_hours(app)
    found = (await app.api().get(f"/api/v1/events/{event['id']}/invitations/preflight")).json()
    assert found == [{"code": "ends", "text": ENDS}]
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    assert ENDS in desk.page
    assert f'href="/events/{event["id"]}/edit"' in desk.page.partition(ENDS)[2].partition("</li>")[0]
    assert f'href="/events/{event["id"]}#agenda"' in desk.page.partition(ENDS)[2].partition("</li>")[0]


async def test_a_beginning_that_differs_is_named_too_and_times_that_agree_are_not(sqlite_app: App) -> None:
    event = await of_other_hours(sqlite_app, start_time="09:00", end_time="13:00")
    found = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/invitations/preflight")).json()
    assert [one["code"] for one in found] == ["begins"]
    assert "begins at 09:30, the event’s form says 09:00" in found[0]["text"]


async def test_a_programme_that_does_not_reach_the_last_day_says_nothing_of_its_end(sqlite_app: App) -> None:
    event = await of_other_hours(sqlite_app, sessions=ENDS_EARLIER[:1])
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/invitations/preflight")).json() == []


async def test_overview_programme_and_form_say_that_the_times_differ(sqlite_app: App) -> None:
    event = await of_other_hours(sqlite_app)
    desk = await sqlite_app.at_desk()
    for part in ("", "/overview", "/edit"):
        await desk.get(f"/events/{event['id']}{part}")
        assert ENDS in desk.page, part
    await desk.get(f"/events/{event['id']}/people")
    assert desk.page.count(ENDS) == 1


async def test_the_head_of_every_part_says_the_times_that_people_are_told(app: App) -> None:
    event = await of_other_hours(app)
    desk, without = await app.at_desk(), []
    paths = [
        route.path
        for route in our_routes()
        if "GET" in route.methods and route.path.startswith("/events/") and route.parameters == ["event_id"]
    ]
    for path in paths:
        answer = await desk.get(path.format(event_id=event["id"]))
        if answer.status_code == 200 and "event-head" in answer.text and TOLD not in answer.text:
            without.append(path)
    assert not without
    token = (await app.invite(event, ["Bora İki"]))["Bora İki"]
    assert "14 Nisan 2026, 09:30 – 15 Nisan 2026, 13:00" in (await app.stranger().get(f"/i/{token}")).text
