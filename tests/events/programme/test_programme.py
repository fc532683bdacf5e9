"""Planning events and their agenda."""

from html import unescape
from typing import Any

import pytest

from tests.people import App, problem_fields

LATE_SESSION = {
    "title": "Opening",
    "starts": "2026-04-14T09:30",
    "ends": "2026-04-14T10:30",
    "room": "Main hall",
}


async def test_an_event_is_planned_with_its_agenda(sqlite_app: App) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(sessions=[LATE_SESSION]))
    assert answer.status_code == 201
    assert [s["title"] for s in answer.json()["sessions"]] == ["Opening"]
    assert answer.json()["sessions"][0]["starts_at"] == "2026-04-14T06:30:00Z"


async def test_the_same_key_twice_plans_one_event(app: App) -> None:
    key = {"Idempotency-Key": "018f5b5e-0000-7000-8000-000000000001"}
    first = await app.api().post("/api/v1/events", json=app.plan(), headers=key)
    again = await app.api().post("/api/v1/events", json=app.plan(), headers=key)
    assert first.json() == again.json()
    assert (await app.api().get("/api/v1/events")).json()["total"] == 1


async def test_the_same_event_sent_twice_without_a_key_is_one_event(app: App) -> None:
    first = await app.event()
    again = await app.event()
    assert first["id"] == again["id"]


@pytest.mark.parametrize("other", [{"venue": "Van"}, {"sessions": [LATE_SESSION]}], ids=["venue", "sessions"])
async def test_another_event_of_this_title_on_these_days_is_said_to_be_there(
    sqlite_app: App, other: dict[str, Any]
) -> None:
    await sqlite_app.event()
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(**other))
    assert (answer.status_code, [*problem_fields(answer)]) == (409, ["title"])
    (kept,) = (await sqlite_app.api().get("/api/v1/events")).json()["items"]
    assert kept["venue"] == "Ankara"


async def test_the_last_day_cannot_be_before_the_first(sqlite_app: App) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(last_day="2026-04-13"))
    assert answer.status_code == 422
    assert problem_fields(answer) == {"last_day": "The end date is before the start date."}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Europe/Ankara"}, "zone"),
        ({"country": "XX"}, "country"),
        ({"kind": "party"}, "kind"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 2.5}, "capacity"),
        ({"capacity": True}, "capacity"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "Meet\u202egnit"}, "title"),
        ({"title": "Meet\u2067ing"}, "title"),
        ({"title": "Meeting\r\nBcc: all@example.org"}, "title"),
        ({"title": 7}, "title"),
        ({"first_day": 1_776_000_000}, "first_day"),
        ({"first_day": "14.04.2026"}, "first_day"),
        ({"first_day": "0026-04-14"}, "first_day"),
        ({"last_day": "2026-07-30"}, "last_day"),
        ({"colour": "red"}, "colour"),
        ({"sessions": [{**LATE_SESSION, "ends": "2026-04-14T09:00"}]}, "ends"),
        (
            {"sessions": [{**LATE_SESSION, "starts": "2026-04-16T09:00", "ends": "2026-04-16T10:00"}]},
            "starts",
        ),
    ],
)
async def test_what_does_not_fit_is_named_and_nothing_is_written(
    sqlite_app: App, change: dict[str, object], field: str
) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(**change))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in problem_fields(answer)
    assert (await sqlite_app.api().get("/api/v1/events")).json()["total"] == 0


@pytest.mark.parametrize(
    "title",
    [
        "İş Işığı: ğüşöç",
        "O’Neill & Müller",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "100 %s",
        "Meeting 🎉",
    ],
)
async def test_any_text_a_person_types_comes_back_as_typed(sqlite_app: App, title: str) -> None:
    event = await sqlite_app.event(title=title)
    assert event["title"] == title
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    heading = page.text.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
    assert unescape(heading).strip().startswith(title)


async def test_a_session_in_the_hour_that_the_clocks_skip_is_refused_with_both_offsets(app: App) -> None:
    session = {"title": "Night", "starts": "2026-03-29T02:30", "ends": "2026-03-29T04:00"}
    days = {"first_day": "2026-03-28", "last_day": "2026-03-30", "zone": "Europe/Vienna"}
    answer = await app.api().post("/api/v1/events", json=app.plan(**days, sessions=[session]))
    assert answer.status_code == 422
    assert "UTC+01:00 to UTC+02:00" in problem_fields(answer)["starts"]


async def test_an_hour_that_happens_twice_is_asked_about_and_then_kept_as_chosen(app: App) -> None:
    days = {"first_day": "2026-10-24", "last_day": "2026-10-26", "zone": "Europe/Vienna"}
    session = {"title": "Night", "starts": "2026-10-25T02:30", "ends": "2026-10-25T05:00"}
    refused = await app.api().post("/api/v1/events", json=app.plan(**days, sessions=[session]))
    assert refused.status_code == 422
    assert "UTC+02:00 or UTC+01:00" in problem_fields(refused)["starts"]
    event = await app.event(**days, sessions=[{**session, "starts": "2026-10-25T02:30+01:00"}])
    assert event["sessions"][0]["starts_at"] == "2026-10-25T01:30:00Z"


async def test_shorter_dates_name_the_sessions_that_would_fall_out_and_change_nothing(sqlite_app: App) -> None:
    session = {"title": "Closing", "starts": "2026-04-15T15:00", "ends": "2026-04-15T16:00"}
    event = await sqlite_app.event(sessions=[session])
    plan = sqlite_app.plan(last_day="2026-04-14")
    del plan["project_id"]
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert answer.status_code == 422
    assert "Closing" in answer.json()["title"]
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()["last_day"] == "2026-04-15"


async def test_fewer_places_than_people_is_saved_and_removes_nobody(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Yılmaz", "Mehmet Öz"])
    plan = sqlite_app.plan(capacity=1)
    del plan["project_id"]
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert (answer.status_code, answer.json()["capacity"], answer.json()["taken"]) == (200, 1, 2)
    desk = await sqlite_app.at_desk()
    assert "More people than capacity" in (await desk.get(f"/events/{event['id']}")).text


async def test_events_are_found_with_turkish_letters_written_plainly(app: App) -> None:
    await app.event(title="Şanlıurfa il toplantısı", venue="Iğdır")
    found = await app.api().get("/api/v1/events", params={"q": "sanliurfa igdir"})
    assert found.json()["total"] == 1


async def test_a_percent_sign_is_searched_for_as_a_letter(app: App) -> None:
    await app.event()
    assert (await app.api().get("/api/v1/events", params={"q": "%"})).json()["total"] == 0


@pytest.mark.parametrize("query", ["page=-1", "page=0", "limit=1000000000", "limit=0", "page=x"])
async def test_pages_out_of_bounds_are_refused(sqlite_app: App, query: str) -> None:
    assert (await sqlite_app.api().get(f"/api/v1/events?{query}")).status_code == 422


async def test_cancelling_twice_is_cancelling_once(app: App) -> None:
    event = await app.event()
    for _ in range(2):
        answer = await app.api().post(
            f"/api/v1/events/{event['id']}/cancellation", json={"reason": "The minister is ill."}
        )
        assert (answer.status_code, answer.json()["state"], answer.json()["sequence"]) == (
            200,
            "cancelled",
            1,
        )


async def test_nothing_is_planned_in_a_cancelled_event(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money."})
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/sessions", json=LATE_SESSION)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "event-cancelled")


async def test_a_removed_session_leaves_the_agenda_and_cannot_be_changed(app: App) -> None:
    event = await app.event(sessions=[LATE_SESSION])
    session = event["sessions"][0]["id"]
    assert (await app.api().delete(f"/api/v1/sessions/{session}")).status_code == 204
    assert (await app.api().get(f"/api/v1/events/{event['id']}")).json()["sessions"] == []
    assert (await app.api().put(f"/api/v1/sessions/{session}", json=LATE_SESSION)).status_code == 404


async def test_a_new_event_starts_in_the_country_of_its_project(sqlite_app: App) -> None:
    details = {
        "title": "Coordination",
        "donor": "European Union",
        "contract_number": "ACT/1",
        "zone": "Europe/Vienna",
    }
    await sqlite_app.api("administrator").put(f"/api/v1/projects/{sqlite_app.project_id}", json=details)
    page = await (await sqlite_app.at_desk()).get("/events/new")
    assert '<option value="AT" selected>' in page.text
