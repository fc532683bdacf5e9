"""The form of an event: what is asked, what is derived, and where it says what is wrong."""

import re
from typing import Any

import pytest
from icalendar import Calendar

from tests.people import App, problem_fields

DAY = {"first_day": "2026-04-14", "last_day": "2026-04-14"}


def sent(app: App, **more: Any) -> dict[str, Any]:
    """What the page's form sends for a new event."""
    return {**app.plan(title="By form"), "country": "TR", "zone": "", **more}


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ({}, "Europe/Istanbul"),
        ({"country": "AT"}, "Europe/Vienna"),
        ({"country": "DE"}, "Europe/Berlin"),
        ({"country": "CY"}, "Asia/Nicosia"),
        ({"country": "MY", "zone": None}, "Asia/Kuala_Lumpur"),
        ({"country": "ES", "zone": "Atlantic/Canary"}, "Atlantic/Canary"),
        ({"country": "AT", "zone": "Europe/Istanbul"}, "Europe/Istanbul"),
    ],
)
async def test_the_zone_is_that_of_the_country_unless_one_is_said(
    sqlite_app: App, given: dict[str, Any], zone: str
) -> None:
    assert (await sqlite_app.event(**given))["zone"] == zone


@pytest.mark.parametrize("country", ["US", "ES", "PT", "XK"])
async def test_a_country_with_several_zones_asks_for_one(sqlite_app: App, country: str) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(country=country))
    assert problem_fields(answer) == {"zone": "This country has several time zones. Please choose one."}
    desk = await sqlite_app.at_desk()
    page = (await desk.send("/events/new", sent(sqlite_app, country=country))).text
    assert 'id="zone-wrong">This country has several time zones.' in page


async def test_a_zone_of_another_country_is_taken_with_a_warning(sqlite_app: App) -> None:
    event = await sqlite_app.event(country="AT", zone="Europe/Istanbul")
    assert event["warnings"] == ["The time zone is not one of the country’s: all times are those of the zone."]


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"answer_by": "2026-04-15"}, "answer_by", "This day is after the start of the event."),
        ({"opens_on": "2026-04-15"}, "opens_on", "This day is after the start of the event."),
        ({"names_freeze_on": "2026-04-15"}, "names_freeze_on", "This day is after the start of the event."),
        ({"end_time": "17.00"}, "end_time", "Please say when it starts too."),
        ({**DAY, "start_time": "9.30", "end_time": "09:30"}, "end_time", "The event ends before it starts."),
        ({"start_time": "25:00"}, "start_time", "Please write a time like 09:30."),
        ({"start_time": "noon"}, "start_time", "Please write a time like 09:30."),
        ({"start_time": "09:30+03:00"}, "start_time", "Please write a time like 09:30."),
        ({"start_time": "9" * 5_000}, "start_time", "Please write a time like 09:30."),
        (
            {"country": "AT", "first_day": "2026-03-29", "last_day": "2026-03-30", "start_time": "2.30"},
            "start_time",
            "The clocks jump over 02:30 on that day.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_is_refused_beside_its_field_by_page_and_api(
    sqlite_app: App, given: dict[str, Any], field: str, message: str
) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(**given))
    assert (answer.status_code, problem_fields(answer)) == (422, {field: message})
    desk = await sqlite_app.at_desk()
    new = await desk.send("/events/new", sent(sqlite_app, **given))
    assert (new.status_code, f'id="{field}-wrong">{message}' in new.text) == (422, True)
    event = await sqlite_app.event()
    changed = await desk.send(f"/events/{event['id']}/edit", without_project(sent(sqlite_app, **given)))
    assert (changed.status_code, f'id="{field}-wrong">{message}' in changed.text) == (422, True)
    assert (await sqlite_app.api().get("/api/v1/events")).json()["total"] == 1


def without_project(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "project_id"}


async def test_a_deadline_on_the_day_of_the_start_is_taken(sqlite_app: App) -> None:
    assert (await sqlite_app.event(answer_by="2026-04-14"))["answer_by"] == "2026-04-14"


async def test_nominations_are_due_before_the_start(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    institution = await sqlite_app.api().post(
        "/api/v1/institutions",
        json={"project_id": str(sqlite_app.project_id), "name": "Ankara Barosu", "kind": "directorate"},
    )
    body = {"institution_id": institution.json()["id"], "capacity": 1, "answer_by": "2026-04-15"}
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/calls", json=body)
    assert problem_fields(answer) == {"answer_by": "This day is after the start of the event."}


@pytest.mark.parametrize("said", ["9.30", "9:30", "0930", "930", "09.30", "09:30", " 9h30 "])
async def test_a_time_is_read_as_people_write_it(sqlite_app: App, said: str) -> None:
    desk = await sqlite_app.at_desk()
    await desk.send("/events/new", sent(sqlite_app, start_time=said))
    (event,) = (await sqlite_app.api().get("/api/v1/events")).json()["items"]
    assert event["start_time"] == "09:30:00"
    await desk.send(
        f"/events/{event['id']}/sessions", {"title": "One", "day": DAY["first_day"], "starts": said, "ends": "10.15"}
    )
    (session,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()["sessions"]
    assert session["starts_at"] == "2026-04-14T06:30:00Z"


async def test_few_fields_are_shown_and_the_rest_unfolds_where_something_in_it_is_wrong(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    form = (await desk.get("/events/new")).text
    shown, folded = form.split("<details", 3)[-2:]
    for name in ("title", "kind", "first_day", "start_time", "country", "capacity", "answer_by"):
        assert f'id="{name}"' in shown
    for name in ("description", "opens_on", "admission", "offer_hours", "title_tr"):
        assert f'id="{name}"' in folded
    again = (await desk.send("/events/new", sent(sqlite_app, last_day="2026-04-01"))).text
    assert not re.search(r'<details class="mb-3"\s+open', again)
    again = (await desk.send("/events/new", sent(sqlite_app, offer_hours="-1"))).text
    assert re.search(r'<details class="mb-3"\s+open', again)


async def test_components_are_those_of_the_project(sqlite_app: App) -> None:
    other = await sqlite_app.found("P-OTHER", prefix="other-")
    made = await sqlite_app.api("administrator").post(
        f"/api/v1/projects/{sqlite_app.project_id}/components", json={"code": "C1", "title": "Courts"}
    )
    form = sent(sqlite_app, project_id=str(other), component_id=made.json()["id"])
    refused = await sqlite_app.api("other-organiser").post("/api/v1/events", json=without_form(form))
    assert list(problem_fields(refused)) == ["component_id"]
    desk = await sqlite_app.at_desk()
    page = (await desk.get("/events/new")).text
    assert f'<optgroup label="P-TEST" data-group="{sqlite_app.project_id}">' in page


def without_form(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value != ""}


@pytest.mark.parametrize(
    ("days", "when", "starts"),
    [
        (DAY, "14 Nisan 2026, 09:30–17:00", "20260414T093000"),
        ({}, "14 Nisan 2026, 09:30 – 15 Nisan 2026, 17:00", "20260414"),
    ],
)
async def test_an_invitation_without_a_programme_says_the_hours(
    app: App, days: dict[str, Any], when: str, starts: str
) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir"], start_time="9.30", end_time="17.00", **days)
    (mail,) = await app.mails("events/invitation", about=event["id"])
    assert when in mail.plain
    (entry,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert entry["dtstart"].to_ical().decode() == starts
    page = await app.stranger().get(f"/i/{tokens['Ayşe Bir']}", headers={"Accept-Language": "tr"})
    assert when in page.text


async def test_other_hours_are_told_like_other_days_unless_there_is_a_programme(sqlite_app: App) -> None:
    event = await sqlite_app.event(start_time="09:30", end_time="17:00", **DAY)
    await sqlite_app.invite(event, ["Ayşe Bir"])
    plan = without_project(sqlite_app.plan(start_time="10:00", end_time="17:00", **DAY))
    await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await sqlite_app.work()
    (mail,) = await sqlite_app.mails("events/update", about=event["id"])
    assert "Tarih: 14 Nisan 2026, 09:30–17:00 yerine 14 Nisan 2026, 10:00–17:00" in mail.plain
    opening = {"title": "Opening", "starts": "2026-04-14T10:00", "ends": "2026-04-14T11:00"}
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/sessions", json=opening)
    await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json={**plan, "start_time": "11:00"})
    await sqlite_app.work()
    assert len(await sqlite_app.mails("events/update", about=event["id"])) == 1


async def test_the_summary_names_faults_in_the_order_of_the_page(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    wrong = {"title": "", "last_day": "", "capacity": "0", "attendance_threshold": "0", "answer_by": "x", "kind": "x"}
    page = (await desk.send("/events/new", sent(sqlite_app, **wrong))).text
    named = re.findall(r'<a href="#(\w+)">', page.partition("<main")[2].split('role="alert"')[1].split("</div>")[0])
    assert set(named) == set(wrong)
    assert named == re.findall(r'id="(\w+)-wrong"', page)
